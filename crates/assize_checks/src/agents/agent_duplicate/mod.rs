//! agent-duplicate: two agents of one name where a client loads one.

use assize_index::FactRef;
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Flags, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("agent-duplicate"),
    summary: "agents of one folder that have the same name, of which a client loads one",
    version: 1,
    severity: Severity::Error,
    languages: &[Language::Markdown],
    classes: &[FileClass::RuleSelf, FileClass::Production, FileClass::Doc],
    scope: Scope::Groups { kind: FactKind::Agent, run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(group: &Group<'_>, _context: &Context<'_>, sink: &mut Sink) {
    let named: Vec<&FactRef<'_>> = group
        .members
        .iter()
        .filter(|agent| agent.role == Role::Definition && !agent.flags.has(Flags::UNRESOLVED))
        .collect();
    for (position, agent) in named.iter().enumerate() {
        let scope = scope(agent.file.path());
        let first =
            named.iter().take(position).find(|other| self::scope(other.file.path()) == scope);
        if let Some(first) = first {
            sink.report(report(group.key, agent, first.file.path()));
        }
    }
}

/// The folder from which a client loads agents together: the innermost one called `agents`.
fn scope(path: &str) -> &str {
    let end = path.rmatch_indices("/agents/").next().map(|(at, mark)| at + mark.len());
    let root = if path.starts_with("agents/") { "agents/".len() } else { 0 };
    path.get(..end.unwrap_or(root)).unwrap_or("")
}

fn report(name: &str, agent: &FactRef<'_>, first: &str) -> Report {
    let path = agent.file.path();
    // Which folders of other names a client reads, only its configuration says.
    let standard = assize_agents::is_standard_path(path);
    Report {
        code: "name",
        severity: (!standard).then_some(Severity::Warn),
        path: Some(path.to_owned()),
        place: agent.place,
        message: format!(
            "the agent `{name}` is also defined in `{first}`: a client loads one of the two, and \
             nothing says which"
        ),
        help: format!("give one of them another name, or merge it into `{first}` and delete it"),
        item: String::new(),
        subject: name.to_owned(),
    }
}
