//! Scripts that stand elsewhere than those of their kind, and tests that cannot fail.

mod layout;

use assize_index::{FactRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink};

use layout::{Layout, duty};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("script-placement"),
    summary: "scripts outside of the folder for what they do, and test scripts that always succeed",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Shell],
    classes: &[FileClass::Production, FileClass::Test],
    scope: Scope::Groups { kind: FactKind::Duty, run: check },
    options: &[],
    applies: has_scripts,
    doc: include_str!("doc.md"),
};

fn has_scripts(view: &View<'_>) -> bool {
    view.any_key_starts_with(FactKind::Duty, Role::Definition, "")
}

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    let Some(duty) = duty(group.key) else { return };
    let scripts: Vec<&FactRef<'_>> =
        group.members.iter().filter(|fact| fact.item.is_empty() && judged(fact)).collect();
    let layout = Layout::of(duty, &scripts, context.settings);
    for script in scripts {
        if let Some(home) = layout.home_of(duty, script.file.path()) {
            sink.report(elsewhere(script, duty.does, &home));
        }
    }
    for test in group.members.iter().filter(|fact| fact.item == "lost") {
        sink.report(lost(test));
    }
}

fn judged(fact: &FactRef<'_>) -> bool {
    fact.file.class() == FileClass::Production
}

fn elsewhere(script: &FactRef<'_>, does: &str, home: &str) -> Report {
    let path = script.file.path();
    Report {
        code: "elsewhere",
        severity: None,
        path: Some(path.to_owned()),
        place: script.place,
        message: format!(
            "`{path}` {does} (`{}`), but scripts that do so stand in `{home}`: who needs it looks \
             there, and writes it again",
            script.value
        ),
        help: format!("move it to `{home}` and change its callers"),
        item: String::new(),
        subject: path.to_owned(),
    }
}

fn lost(test: &FactRef<'_>) -> Report {
    let path = test.file.path();
    Report {
        code: "outcome-lost",
        severity: None,
        path: Some(path.to_owned()),
        place: test.place,
        message: format!(
            "the script succeeds also where `{}` fails: whoever calls it takes broken tests for \
             passed ones",
            test.value
        ),
        help: "let the script end with the exit status of its tests".to_owned(),
        item: String::new(),
        subject: test.value.to_owned(),
    }
}
