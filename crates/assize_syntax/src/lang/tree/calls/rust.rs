//! Rust: the clients of `reqwest` and `ureq`, and what is printed.

use assize_grammars::Node;

use super::super::walk::Walk;
use super::{CHAIN_MAX, Said, counts, mentions, print, write};

/// What makes a client, or sends a request, without a limit of its own.
const ASKED: [&str; 15] = [
    "reqwest::Client::builder",
    "reqwest::Client::default",
    "reqwest::Client::new",
    "reqwest::ClientBuilder::new",
    "reqwest::get",
    "ureq::Agent::config_builder",
    "ureq::Agent::new_with_defaults",
    "ureq::AgentBuilder::new",
    "ureq::agent",
    "ureq::delete",
    "ureq::get",
    "ureq::head",
    "ureq::patch",
    "ureq::post",
    "ureq::put",
];

pub(in super::super) fn import(walk: &mut Walk<'_, '_>, whole: &str) {
    let name = whole.rsplit("::").next().unwrap_or(whole);
    if is_ours(whole) || walk.libraries.full(name).is_some() {
        walk.libraries.learn(name, whole);
    }
}

fn is_ours(path: &str) -> bool {
    matches!(path.split("::").next(), Some("reqwest" | "ureq"))
}

pub(in super::super) fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let written = walk.field(node, "function");
    let (first, rest) = written.split_once("::").unwrap_or((written, ""));
    let full = match walk.libraries.full(first) {
        Some(full) if rest.is_empty() => full.to_owned(),
        Some(full) => format!("{full}::{rest}"),
        None if is_ours(written) => written.to_owned(),
        None => return,
    };
    if ASKED.binary_search(&full.as_str()).is_err() || !counts(walk, node) {
        return;
    }
    let mut said = chain(walk, node);
    said.open |= is_limited_elsewhere(walk, &full);
    write(walk, node, &format!("rs:{}", full.replace("::", ".")), said);
}

/// Whether a limit may be set apart from the call: on each request, or around the wait for it.
fn is_limited_elsewhere(walk: &Walk<'_, '_>, full: &str) -> bool {
    let waits = [".timeout(", ".read_timeout(", "::timeout(", " timeout(", "(timeout(", "timeout_"];
    mentions(walk, &waits) || full.starts_with("reqwest::C") && !mentions(walk, &[".send()"])
}

/// `println!(..)`, but for what stands there only where a feature is off, as the log is.
pub(in super::super) fn macro_call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let name = walk.field(node, "macro");
    if !matches!(name, "print" | "println") || !counts(walk, node) {
        return;
    }
    let around = node.parent().filter(|around| around.kind() == "expression_statement");
    let before = around.unwrap_or(node).prev_named_sibling();
    let chosen = before
        .is_some_and(|one| one.kind() == "attribute_item" && walk.text_of(one).contains("cfg("));
    if !chosen {
        print(walk, node, &format!("rs:{name}!"));
    }
}

/// The methods that are called on what a call returns; open where a builder is not built in the
/// same expression.
fn chain(walk: &Walk<'_, '_>, node: Node<'_>) -> Said {
    let mut names: Vec<&str> = Vec::new();
    let mut inner = node;
    for _ in 0..CHAIN_MAX {
        let Some(outer) = inner.parent() else { break };
        match outer.kind() {
            "field_expression" => names.push(walk.field(outer, "field")),
            "call_expression" | "try_expression" | "await_expression" => {}
            _ => break,
        }
        inner = outer;
    }
    let builds = walk.field(node, "function").to_ascii_lowercase().contains("builder");
    let open = builds && !names.contains(&"build");
    Said { names: names.join(" "), open }
}
