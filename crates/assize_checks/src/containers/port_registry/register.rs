//! The registries: which files they are, and whether they agree.

use std::collections::BTreeMap;

use assize_index::{FactRef, FileRef};
use assize_model::Severity;
use assize_syntax::{FactKind, FileFlags, Role};

use crate::{Context, Report, Sink};

use super::names;

/// The files that count as port registries.
pub(super) struct Registers<'a> {
    /// By path, with the part of the repository for which each speaks.
    files: BTreeMap<&'a str, Reach>,
}

/// For what a registry speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    /// The folder of a project; the empty text is the whole repository.
    Folder(String),
    /// One environment among several: it is not held against others.
    Environment,
}

impl<'a> Registers<'a> {
    pub(super) fn new(context: &Context<'a>) -> Self {
        let named = &context.settings.port_registries;
        let mut files = BTreeMap::new();
        for path in context.world.port_tables(&context.view) {
            let Some(file) = context.view.file(path) else { continue };
            let configured = named.iter().any(|name| name == path);
            let called = named.is_empty() && file.flags().has(FileFlags::PORT_REGISTRY);
            if super::CONTROL.classes.contains(&file.class()) && (configured || called) {
                files.insert(file.path(), reach(file, configured, context));
            }
        }
        Self { files }
    }

    pub(super) fn any(&self) -> bool {
        !self.files.is_empty()
    }

    pub(super) fn counts(&self, file: FileRef<'_>) -> bool {
        self.files.contains_key(file.path())
    }

    /// The other registries that speak for the same part of the repository, in order of path.
    fn rivals(&self, path: &str) -> Vec<&'a str> {
        let Some(own @ Reach::Folder(_)) = self.files.get(path) else { return Vec::new() };
        self.files
            .iter()
            .filter(|(other, reach)| **other != path && *reach == own)
            .map(|(other, _)| *other)
            .collect()
    }
}

fn reach(file: FileRef<'_>, configured: bool, context: &Context<'_>) -> Reach {
    if configured {
        return Reach::Folder(String::new());
    }
    let stem = file.name().split('.').next().unwrap_or("").to_ascii_lowercase();
    // A snapshot of what was running once claims no more than that.
    let environments = [
        "prod",
        "production",
        "staging",
        "dev",
        "development",
        "local",
        "actual",
        "observed",
        "running",
        "snapshot",
    ];
    let of_one =
        stem.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| environments.contains(&word));
    if of_one {
        return Reach::Environment;
    }
    let mut folder = String::new();
    for project in context.view.facts(FactKind::Project, Role::Definition) {
        let holds = file.folder() == project.value
            || file.folder().strip_prefix(project.value).is_some_and(|rest| rest.starts_with('/'));
        if holds && project.value.len() > folder.len() {
            folder = project.value.to_owned();
        }
    }
    Reach::Folder(folder)
}

/// Rows of one registry that give the same port again, to another service. One that is named again
/// for the same service is a summary or a note on its state.
pub(super) fn repeated(rows: &[&FactRef<'_>], sink: &mut Sink) {
    for (at, row) in rows.iter().enumerate() {
        let Some(first) = rows.iter().take(at).find(|other| other.file.path() == row.file.path())
        else {
            continue;
        };
        if !names::differ(first.value, row.value) {
            continue;
        }
        sink.report(Report {
            code: "duplicate-row",
            severity: Some(Severity::Warn),
            path: Some(row.file.path().to_owned()),
            place: row.place,
            message: format!(
                "port `{}` is given to `{}` as well: line {} gives it to `{}`",
                row.key, row.value, first.place.line, first.value
            ),
            help: "keep one row for each port".to_owned(),
            item: row.item.to_owned(),
            subject: row.key.to_owned(),
        });
    }
}

/// Registries of the same reach that do not say the same of the port. One finding for each port,
/// at the registry that is last in order of path.
pub(super) fn disagreeing(rows: &[&FactRef<'_>], registers: &Registers<'_>, sink: &mut Sink) {
    let Some(row) = rows.last() else { return };
    // The first row of the last registry: later ones repeat it.
    let row = rows.iter().find(|other| other.file.path() == row.file.path()).unwrap_or(row);
    let rivals = registers.rivals(row.file.path());
    let silent = rivals.iter().find(|rival| rows.iter().all(|one| one.file.path() != **rival));
    let other = rows
        .iter()
        .find(|one| rivals.contains(&one.file.path()) && names::differ(one.value, row.value));
    let message = match (other, silent) {
        (Some(other), _) => format!(
            "port `{}` belongs to `{}` here and to `{}` in `{}`: the registries contradict each other",
            row.key,
            row.value,
            other.value,
            other.file.path()
        ),
        (None, Some(silent)) => format!(
            "port `{}` is listed here for `{}`, but not in `{silent}`: the registries contradict each other",
            row.key, row.value
        ),
        (None, None) => return,
    };
    sink.report(Report {
        code: "registries-disagree",
        severity: None,
        path: Some(row.file.path().to_owned()),
        place: row.place,
        message,
        help: "keep one registry and make the other refer to it, or name the right one in \
               `[ports] registry`"
            .to_owned(),
        item: String::new(),
        subject: row.key.to_owned(),
    });
}
