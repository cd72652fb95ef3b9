//! Dockerfiles beside the folder in which the repository keeps them.

use std::collections::BTreeMap;

use assize_index::{FactRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink, purpose};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("docker-path"),
    summary: "Dockerfiles outside of the folder in which the repository keeps them",
    version: 1,
    // Where Dockerfiles belong is a habit, and read from the tree: it may be another one.
    severity: Severity::Info,
    languages: &[Language::Dockerfile],
    classes: &[FileClass::Production],
    scope: Scope::Groups { kind: FactKind::Setting, run: check },
    options: &[],
    applies: has_a_place,
    doc: include_str!("doc.md"),
};

/// Names of folders that hold nothing but what belongs to containers.
const PLACES: [&str; 6] = ["container", "containers", "docker", "dockerfiles", ".docker", "images"];

/// How many Dockerfiles make a folder the place for them.
const KEPT_MIN: usize = 3;

/// How often more of them must be kept there than elsewhere.
const TIMES: usize = 2;

/// What one image is called in the index.
const IMAGE: &str = "image:";

fn has_a_place(view: &View<'_>) -> bool {
    place(view).is_some()
}

/// The folder of the root in which most Dockerfiles of the repository are kept.
fn place<'a>(view: &View<'a>) -> Option<&'a str> {
    let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
    let mut elsewhere: usize = 0;
    view.find_key(FactKind::Setting, Role::Definition, IMAGE, |fact| {
        if fact.item == "base" && judged(fact) {
            match fact.file.path().split_once('/') {
                Some((top, _)) if PLACES.contains(&top) => *kept.entry(top).or_default() += 1,
                _ if is_in_a_place(fact.file.path()) => {}
                _ => elsewhere += 1,
            }
        }
        false
    });
    let (top, count) = kept.into_iter().max_by_key(|(_, count)| *count)?;
    (count >= KEPT_MIN && count > elsewhere.saturating_mul(TIMES)).then_some(top)
}

/// Whether a folder on the way to the file is one for containers, if only of a part.
fn is_in_a_place(path: &str) -> bool {
    path.split('/').rev().skip(1).any(|folder| PLACES.contains(&folder))
}

fn judged(fact: &FactRef<'_>) -> bool {
    let path = fact.file.path();
    fact.file.class() == FileClass::Production && !purpose::is_aside(path) && !path.starts_with('.')
}

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    if !group.key.starts_with(IMAGE) {
        return;
    }
    let own = |fact: &&FactRef<'_>| fact.role == Role::Definition && fact.item == "base";
    let Some(base) = group.members.iter().find(own) else { return };
    if !judged(base) || is_in_a_place(base.file.path()) {
        return;
    }
    let Some(place) = place(&context.view) else { return };
    let path = base.file.path();
    let service = base.file.folder().rsplit('/').next().filter(|name| !name.is_empty());
    sink.report(Report {
        code: "elsewhere",
        severity: None,
        path: Some(path.to_owned()),
        place: base.place,
        message: format!(
            "`{path}` stands outside of `{place}/`, where the other Dockerfiles are kept"
        ),
        help: format!("move it to `{place}/{}/`", service.unwrap_or("NAME")),
        item: String::new(),
        subject: path.to_owned(),
    });
}
