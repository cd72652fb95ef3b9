//! What rests on MCP servers: agents that use their tools, and the programs that start them.

mod wrapper;

use assize_index::{FactRef, FileRef, View};
use assize_mcp::Pin;
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("mcp-preserve"),
    summary: "agents whose MCP server or tool is gone, and servers whose program is",
    version: 1,
    severity: Severity::Error,
    languages: &[Language::Json, Language::Markdown, Language::Toml],
    classes: &FileClass::ALL,
    scope: Scope::References {
        reads: &[FactKind::McpServer, FactKind::Path],
        refers: &[FactKind::McpServer, FactKind::Path],
        run: check,
    },
    options: &[],
    applies: has_servers,
    doc: include_str!("doc.md"),
};

/// The item of a server that the lock names.
const LOCKED: &str = "locked";
/// Shorter names are alike by chance.
const NAME_CHARS_MIN: usize = 5;

/// Where no client's file and no lock of the repository names a server, all of them stand
/// elsewhere.
fn has_servers(view: &View<'_>) -> bool {
    view.any_key_starts_with(FactKind::McpLock, Role::Definition, "")
        || view.any_key_starts_with(FactKind::McpLock, Role::Reference, "")
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    for asked in file.facts_of(FactKind::McpServer, Role::Reference) {
        asks(&asked, context.view, sink);
    }
    wrapper::check(file, context, sink);
}

/// An agent that may use a tool.
fn asks(asked: &FactRef<'_>, view: View<'_>, sink: &mut Sink) {
    let known = view.lookup(FactKind::McpServer, Role::Definition, asked.key);
    let pins: Vec<Pin> = known
        .iter()
        .filter(|one| one.item == LOCKED)
        .filter_map(|one| Pin::from_json(one.value))
        .collect();
    let there = known.iter().any(|one| one.item != LOCKED && is_read(one.file, view));
    let server = asked.key;
    let (code, message, help) = if !there && !pins.is_empty() {
        (
            "server-gone",
            format!("the agent uses the MCP server `{server}`, which is locked and in no file"),
            "put the server back as it was locked",
        )
    } else if let Some(near) = known.is_empty().then(|| near(server, view)).flatten() {
        (
            "server-misspelt",
            format!(
                "the agent uses the MCP server `{server}`, and the one that there is is `{near}`"
            ),
            "name the server as its file does",
        )
    } else if known.is_empty() {
        // It may stand in a file of the person who runs the client.
        return sink.unresolved();
    } else if lacks(asked.value, &pins) {
        (
            "tool-gone",
            format!("the MCP server `{server}` has no tool `{}` by its lock", asked.value),
            "name a tool that it has: `.assize/mcp.lock` lists them",
        )
    } else {
        return;
    };
    sink.report(report(asked, code, message, help));
}

/// Whether clients read the file: any other may hold servers as an example.
fn is_read(file: FileRef<'_>, view: View<'_>) -> bool {
    assize_mcp::is_project_file(file.path()) && view.is_file(file.path())
}

/// Whether the lock says which tools there are, and this is none of them.
fn lacks(tool: &str, pins: &[Pin]) -> bool {
    let told = |pin: &Pin| !pin.tools.is_empty();
    let has = |pin: &Pin| pin.tools.keys().any(|name| assize_mcp::plain_name(name) == tool);
    !tool.is_empty() && !pins.is_empty() && pins.iter().all(told) && !pins.iter().any(has)
}

/// The server of the repository whose name differs in one letter.
fn near<'v>(name: &str, view: View<'v>) -> Option<&'v str> {
    let all = view.facts(FactKind::McpLock, Role::Definition);
    let mut names: Vec<&str> = all.iter().map(|fact| fact.key).collect();
    names.dedup();
    let mut near = names.into_iter().filter(|other| is_slip(name, other));
    near.next().filter(|_| near.next().is_none())
}

/// Whether two names differ in one letter that was left out, doubled or exchanged. Digits tell
/// siblings apart.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let digits = |name: &[char]| name.iter().filter(|c| c.is_ascii_digit()).count();
    if one.len().min(other.len()) < NAME_CHARS_MIN || digits(&one) != digits(&other) {
        return false;
    }
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let rest = |name: &[char], from: usize| name.get(from..).unwrap_or(&[]).to_vec();
    let (left, right) = (rest(&one, same), rest(&other, same));
    match one.len().cmp(&other.len()) {
        std::cmp::Ordering::Less => left == rest(&other, same + 1) && one.len() + 1 == other.len(),
        std::cmp::Ordering::Greater => {
            rest(&one, same + 1) == right && other.len() + 1 == one.len()
        }
        std::cmp::Ordering::Equal => {
            let swapped =
                left.len() > 1 && left.first() == right.get(1) && left.get(1) == right.first();
            swapped && rest(&left, 2) == rest(&right, 2)
        }
    }
}

fn report(fact: &FactRef<'_>, code: &'static str, message: String, help: &str) -> Report {
    Report {
        code,
        severity: None,
        path: None,
        place: fact.place,
        message,
        help: help.to_owned(),
        item: fact.key.to_owned(),
        subject: fact.value.to_owned(),
    }
}
