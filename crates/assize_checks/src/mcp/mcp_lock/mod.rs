//! MCP servers of the repository, held against the lock that a person wrote.

use assize_index::{FactRef, FileRef, View};
use assize_mcp::{Definition, Difference, Pin, differences, is_project_file};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Parsed, Role};

use crate::{Context, Control, Group, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("mcp-lock"),
    summary: "MCP servers that are not as the lock of the repository has them",
    version: 1,
    severity: Severity::Block,
    languages: &[Language::Json, Language::Toml],
    // The folders of clients hold rules and samples as well; its files are named one by one.
    classes: &[
        FileClass::Production,
        FileClass::Test,
        FileClass::Example,
        FileClass::Doc,
        FileClass::Generated,
        FileClass::RuleSelf,
    ],
    scope: Scope::Groups { kind: FactKind::McpLock, run: check },
    options: &[],
    applies: has_lock,
    doc: include_str!("doc.md"),
};

const WHY: &str = "who changes an agent's tools changes the agent";
const HELP: &str = "take the change back, or let a person look at it and run `assize mcp lock`";

/// The reference without a name stands in every lock that can be read.
fn has_lock(view: &View<'_>) -> bool {
    view.has(FactKind::McpLock, Role::Reference, "")
}

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    // Without a lock in sight there is nothing to compare with; of the lock itself, nothing either.
    if group.key.is_empty() || !has_lock(&context.view) {
        return;
    }
    let of_role = |role| group.members.iter().filter(move |member| member.role == role);
    for locked in of_role(Role::Reference) {
        let there = of_role(Role::Definition).find(|it| it.file.path() == locked.item);
        compare(locked, there, context, sink);
    }
    for server in of_role(Role::Definition) {
        let path = server.file.path();
        if of_role(Role::Reference).all(|locked| locked.item != path) {
            sink.report(report(&Difference::Added, server, path));
        }
    }
}

fn compare(
    locked: &FactRef<'_>,
    there: Option<&FactRef<'_>>,
    context: &Context<'_>,
    sink: &mut Sink,
) {
    let Some(pin) = Pin::from_json(locked.value) else { return sink.unresolved() };
    let Some(server) = there else {
        return missing(locked, context.view.file(locked.item), sink);
    };
    let Some(now) = Definition::from_json(server.value) else { return sink.unresolved() };
    let mut found = differences(&pin.definition, &now);
    for (path, hash) in &pin.scripts {
        match context.view.file(path).filter(|file| file.problem().is_none()) {
            Some(file) if hex(file) == *hash => {}
            Some(_) => found.push(Difference::Script(path.clone())),
            // Git may ignore it: the guard looks at the disk.
            None => sink.unresolved(),
        }
    }
    for difference in found {
        sink.report(report(&difference, server, locked.item));
    }
}

/// A server that its file does not name. A file that cannot be read names nobody, and says so
/// itself.
fn missing(locked: &FactRef<'_>, file: Option<FileRef<'_>>, sink: &mut Sink) {
    if file.is_some_and(|file| file.parsed() != Parsed::Valid) || !is_project_file(locked.item) {
        sink.unresolved();
    } else {
        sink.report(report(&Difference::Missing, locked, locked.item));
    }
}

fn report(difference: &Difference, at: &FactRef<'_>, file: &str) -> Report {
    let script = match difference {
        Difference::Script(path) => path.as_str(),
        _ => "",
    };
    Report {
        code: difference.code(),
        severity: None,
        path: Some(at.file.path().to_owned()),
        place: at.place,
        message: format!("{}: {}", difference.words(at.key), WHY),
        help: HELP.to_owned(),
        item: file.to_owned(),
        subject: format!("{} {script}", at.key).trim_end().to_owned(),
    }
}

fn hex(file: FileRef<'_>) -> String {
    file.hash().iter().map(|byte| format!("{byte:02x}")).collect()
}
