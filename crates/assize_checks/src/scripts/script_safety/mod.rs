//! Shell scripts that go on after failures, delete by a variable, or run what they download.

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Fact, FactKind, Flags, Language};

use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("script-safety"),
    summary: "scripts that go on after failures, delete by a variable, or run what they download",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Shell],
    classes: &[FileClass::Production],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// How many commands whose failure nobody sees a script may hold: a handful is a note for oneself.
const UNCHECKED_MAX: u32 = 5;

fn check(source: &Source<'_>, sink: &mut Sink) {
    if source.facts.dialect.language() != Language::Shell || is_of_a_generator(source) {
        return;
    }
    for fact in source.facts.facts.iter().filter(|fact| fact.kind == FactKind::Setting) {
        if fact.flags.has(Flags::IN_SCRIPT)
            && let Some(report) = judged(fact)
        {
            sink.report(report);
        }
    }
}

/// Whether a generator of clients wrote the script beside the client. The next run writes it again.
fn is_of_a_generator(source: &Source<'_>) -> bool {
    source.path.name() == "git_push.sh" && source.text.contains("\"GIT_REPO_ID\"")
}

fn judged(fact: &Fact) -> Option<Report> {
    let value = fact.value.as_str();
    let (code, message, help) = match fact.item.as_str() {
        // Who sets another mode has thought about this one.
        "unchecked" if fact.number > UNCHECKED_MAX && value.is_empty() => (
            "goes-on",
            format!(
                "the script goes on when a command fails: nothing looks at {} of its commands",
                fact.number
            ),
            "begin with `set -euo pipefail`, or look at the outcome of each command",
        ),
        "delete" => (
            "unguarded-delete",
            format!("`{value}` deletes a folder of the system where the variable is empty"),
            "write `${NAME:?}`, so that the shell stops where it is empty",
        ),
        "download-run" => (
            "download-run",
            format!("what `{value}` answers is run unseen"),
            "fetch a version, compare its hash, and run that",
        ),
        "temporary" => (
            "left-behind",
            "the temporary file stays behind: nothing removes it".to_owned(),
            "remove it in a `trap ... EXIT` right after it is made",
        ),
        _ => return None,
    };
    let severity = (code == "left-behind").then_some(Severity::Info);
    Some(Report {
        code,
        severity,
        path: None,
        place: fact.place,
        message,
        help: help.to_owned(),
        item: String::new(),
        subject: if code == "goes-on" { String::new() } else { value.to_owned() },
    })
}
