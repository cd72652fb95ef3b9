//! Scripts that deploy beside the one by which the system is deployed.

use std::collections::BTreeMap;

use assize_index::{FactRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink, purpose};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("deploy-entry"),
    summary: "scripts that deploy beside the one entry, and that nothing calls",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Shell],
    classes: &[FileClass::Production],
    scope: Scope::Groups { kind: FactKind::Setting, run: check },
    options: &[],
    applies: deploys,
    doc: include_str!("doc.md"),
};

/// Where the entry is looked for.
const ENTRIES: [&str; 2] = ["deploy.sh", "scripts/deploy.sh"];

fn deploys(view: &View<'_>) -> bool {
    view.find_key(FactKind::Setting, Role::Definition, "script", |fact| fact.item == "deploy")
}

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    if group.key != "script" {
        return;
    }
    // From where a script calls another is not always known: its name is enough.
    let called = |path: &str| {
        group.members.iter().any(|fact| {
            fact.role == Role::Reference
                && name(fact.value) == name(path)
                && fact.file.path() != path
        })
    };
    // The first deployment of each script that says by its name that it is one.
    let mut scripts: BTreeMap<&str, &FactRef<'_>> = BTreeMap::new();
    for fact in group.members.iter().filter(|fact| fact.item == "deploy" && judged(fact)) {
        scripts.entry(fact.file.path()).or_insert(fact);
    }
    scripts.retain(|path, _| !called(path));
    let entry = ENTRIES.into_iter().find(|path| context.view.is_file(path));
    match entry {
        Some(entry) => {
            for fact in scripts.into_values().filter(|fact| fact.file.path() != entry) {
                sink.report(rival(fact, entry));
            }
        }
        None if scripts.len() > 1 => {
            let list: Vec<String> = scripts.keys().map(|path| format!("`{path}`")).collect();
            if let Some(first) = scripts.into_values().next() {
                sink.report(several(first, &list.join(", ")));
            }
        }
        None => {}
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn judged(fact: &FactRef<'_>) -> bool {
    let name = fact.file.name().to_ascii_lowercase();
    fact.role == Role::Definition
        && fact.file.class() == FileClass::Production
        && name.contains("deploy")
        && !name.contains("undeploy")
        && !purpose::is_aside(fact.file.path())
}

fn rival(fact: &FactRef<'_>, entry: &str) -> Report {
    let path = fact.file.path();
    Report {
        code: "rival",
        severity: None,
        path: Some(path.to_owned()),
        place: fact.place,
        message: format!(
            "`{path}` deploys by `{}` on its own: neither `{entry}` nor anything else calls it",
            fact.value
        ),
        help: format!("call it from `{entry}`, or take it out"),
        item: String::new(),
        subject: path.to_owned(),
    }
}

fn several(fact: &FactRef<'_>, list: &str) -> Report {
    Report {
        code: "no-entry",
        severity: None,
        path: Some(fact.file.path().to_owned()),
        place: fact.place,
        message: format!("several scripts deploy, and none is the entry to the others: {list}"),
        help:
            "make one `deploy.sh` that takes the environment as its argument and calls the others"
                .to_owned(),
        item: String::new(),
        subject: "deploy.sh".to_owned(),
    }
}
