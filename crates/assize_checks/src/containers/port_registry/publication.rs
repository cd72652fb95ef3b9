//! Publications: what compose files and manifests really put on the host.

use std::collections::{BTreeMap, BTreeSet};

use assize_index::{FactRef, FileRef};
use assize_model::FileClass;
use assize_syntax::{FactKind, Flags, Role};

use crate::{Report, Sink};

use super::names;

/// Publications of one file and one profile that meet on the port. Files are alternatives or add
/// to each other: across them nothing is known to run together.
pub(super) fn meeting(publications: &[&FactRef<'_>], sink: &mut Sink) {
    // What could run together: its first publication, and the first of another service.
    let mut firsts: BTreeMap<_, (&FactRef<'_>, Option<&FactRef<'_>>)> = BTreeMap::new();
    for fact in publications {
        let key = (fact.file.path(), fact.item, fact.number);
        let (first, other) = firsts.entry(key).or_insert((fact, None));
        let met = if first.value == fact.value {
            *other
        } else {
            other.get_or_insert(fact);
            Some(*first)
        };
        let Some(first) = met else { continue };
        sink.report(Report {
            code: "duplicate-port",
            severity: None,
            path: Some(fact.file.path().to_owned()),
            place: fact.place,
            message: format!(
                "`{}` and `{}` (line {}) both publish port `{}`: only one of them can start",
                fact.value, first.value, first.place.line, fact.key
            ),
            help: "give one of them another port of the host".to_owned(),
            item: fact.value.to_owned(),
            subject: fact.key.to_owned(),
        });
    }
}

/// Publications of a port that no registry lists: one finding for each service and file.
pub(super) fn undeclared(publications: &[&FactRef<'_>], rows: &[&FactRef<'_>], sink: &mut Sink) {
    if !rows.is_empty() {
        return;
    }
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for fact in publications {
        if is_for_tests(fact.file)
            || is_for_inner_host(fact.file)
            || !seen.insert((fact.file.path(), fact.value))
        {
            continue;
        }
        sink.report(Report {
            code: "undeclared",
            severity: None,
            path: Some(fact.file.path().to_owned()),
            place: fact.place,
            message: format!(
                "`{}` publishes port `{}`, which the port registry does not list",
                fact.value, fact.key
            ),
            help: "enter the port in the registry, or publish one that is entered".to_owned(),
            item: fact.value.to_owned(),
            subject: fact.key.to_owned(),
        });
    }
}

/// Publications of a port that the registry gives to another service of the same file.
pub(super) fn of_another(publications: &[&FactRef<'_>], rows: &[&FactRef<'_>], sink: &mut Sink) {
    for fact in publications.iter().filter(|fact| fact.flags.has(Flags::IN_COMPOSE)) {
        let services: Vec<FactRef<'_>> =
            fact.file.facts_of(FactKind::Service, Role::Definition).collect();
        let is_own = |row: &FactRef<'_>| {
            names::share(row.value, fact.value)
                || services
                    .iter()
                    .any(|own| own.key == fact.value && names::share(row.value, own.value))
        };
        if is_for_tests(fact.file) || rows.iter().any(|row| is_own(row)) {
            continue;
        }
        if is_for_inner_host(fact.file) {
            continue;
        }
        let owner = rows.iter().find_map(|row| {
            let other =
                services.iter().find(|s| s.key != fact.value && names::share(row.value, s.key))?;
            Some((row, other))
        });
        let named = owner.map(|(row, other)| (row, other.key)).or_else(|| {
            // Where services are called by their names, other names are other services.
            let plain = names::is_plain(fact.value) && rows.iter().all(|row| stranger(row, fact));
            rows.first().filter(|_| plain).map(|row| (row, row.value))
        });
        let Some((row, other)) = named else { continue };
        sink.report(Report {
            code: "service-mismatch",
            severity: None,
            path: Some(fact.file.path().to_owned()),
            place: fact.place,
            message: format!(
                "`{}` publishes port `{}`, which `{}` gives to `{}`",
                fact.value,
                fact.key,
                row.file.path(),
                other
            ),
            help: format!(
                "publish the port that belongs to `{}`, or correct the registry",
                fact.value
            ),
            item: fact.value.to_owned(),
            subject: fact.key.to_owned(),
        });
    }
}

/// Whether a row names a service by its plain name, and not this one.
fn stranger(row: &FactRef<'_>, fact: &FactRef<'_>) -> bool {
    names::is_plain(row.value) && names::differ(row.value, fact.value)
}

/// Whether a file is for a daemon that runs in a container itself: its ports are those of the
/// container, not of the host.
fn is_for_inner_host(file: FileRef<'_>) -> bool {
    let lower = file.path().to_ascii_lowercase();
    lower.contains("docker-in-docker")
        || lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "dind")
}

/// Whether a file only starts what tests need.
fn is_for_tests(file: FileRef<'_>) -> bool {
    let name = file.name().to_ascii_lowercase();
    file.class() == FileClass::Test
        || file.class() == FileClass::Example
        || name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| matches!(word, "test" | "tests" | "testing" | "ci" | "e2e" | "integration"))
}
