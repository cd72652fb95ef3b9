//! agent-ref: an agent that hands work to one that nobody defines.

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("agent-ref"),
    summary: "agents that hand work to an agent that the repository does not define",
    version: 1,
    // A user may keep agents of their own outside of the repository: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[Language::Markdown],
    classes: &FileClass::ALL,
    scope: Scope::Groups { kind: FactKind::Agent, run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// Where the text of an agent counts. Wherever it lies, a definition can be meant.
const JUDGED: [FileClass; 3] = [FileClass::RuleSelf, FileClass::Production, FileClass::Doc];

fn check(group: &Group<'_>, _context: &Context<'_>, sink: &mut Sink) {
    if group.members.iter().any(|member| member.role == Role::Definition) {
        return;
    }
    let mut last = "";
    for mention in group.members {
        let path = mention.file.path();
        // One finding for each agent that sends work there, however often it says so.
        if path == last || !JUDGED.contains(&mention.file.class()) {
            continue;
        }
        last = path;
        sink.report(Report {
            code: "unresolved",
            severity: None,
            path: Some(path.to_owned()),
            place: mention.place,
            message: format!(
                "work is handed to the agent `{}`, but no file of the repository defines it: the \
                 hand-off reaches nobody",
                group.key
            ),
            help: "name an agent that exists by its `name`, or add the one that is meant"
                .to_owned(),
            item: String::new(),
            subject: group.key.to_owned(),
        });
    }
}
