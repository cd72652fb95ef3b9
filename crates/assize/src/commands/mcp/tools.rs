//! The tools of servers: written down when a person asks for them, and compared with that.

use std::collections::BTreeMap;

use assize_mcp::{Drift, Lock, Locked, Tools, tool_differences};
use serde_json::{Value, json};

use super::Plan;
use crate::mcp::Ground;
use crate::mcp::ask::Told;
use crate::output::status;

/// Of a longer description a person reads the beginning; its hash is of the whole.
const TOLD_CHARS_MAX: usize = 400;

/// A server that did not tell its tools.
pub(super) struct Unasked {
    file: String,
    name: String,
    why: String,
    /// Whether the lock has tools of it.
    pub(super) had_tools: bool,
}

impl Unasked {
    pub(super) fn words(&self) -> String {
        format!("the MCP server `{}` (`{}`): {}", self.name, self.file, self.why)
    }

    pub(super) fn json(&self) -> Value {
        json!({ "file": self.file, "server": self.name, "why": self.why })
    }
}

/// Puts the tools into a lock as it would be: what was locked stays for a server that is as it
/// was, and what servers tell now is taken where a person asks for it.
pub(super) fn plan(plan: &mut Plan, asks: bool, ground: &Ground) {
    let before = plan.before.as_ref().map_or(&[][..], Lock::servers);
    let mut servers = plan.after.servers().to_vec();
    for server in &mut servers {
        let was = before.iter().find(|old| is_same(old, server));
        server.tools = was.map(|old| old.tools.clone()).unwrap_or_default();
        if !asks || server.definition.disabled {
            continue;
        }
        match ground.ask(&server.file, &server.name) {
            Ok(told) => {
                plan.told.extend(fresh(&server.name, &server.tools, &told));
                server.tools = told.into_iter().map(|(name, tool, _)| (name, tool)).collect();
            }
            Err(why) => status(&format!("the tools of `{}` are not locked: {why}", server.name)),
        }
    }
    plan.after = Lock::new(servers);
}

/// What a person reads of the tools that are new, or of which something else is said.
fn fresh(server: &str, known: &Tools, told: &[Told]) -> Vec<String> {
    let is_fresh = |one: &&Told| known.get(&one.0) != Some(&one.1);
    let line = |(name, _, words): &Told| {
        let words: String = words.chars().take(TOLD_CHARS_MAX).collect();
        format!("{server}/{name}: {words}")
    };
    told.iter().filter(is_fresh).map(line).collect()
}

/// Whether a server is as it was, so that what was said of its tools still counts.
fn is_same(old: &Locked, now: &Locked) -> bool {
    old.file == now.file
        && old.name == now.name
        && old.definition == now.definition
        && old.scripts == now.scripts
}

fn told(server: &Locked, ground: &Ground) -> Result<Tools, String> {
    let told = ground.ask(&server.file, &server.name)?;
    Ok(told.into_iter().map(|(name, tool, _)| (name, tool)).collect())
}

/// What differs in the tools of servers that are in both locks.
pub(super) fn changes(before: &[Locked], after: &[Locked]) -> Vec<Drift> {
    let was: BTreeMap<(&str, &str), &Locked> =
        before.iter().map(|old| ((old.file.as_str(), old.name.as_str()), old)).collect();
    let pairs = after
        .iter()
        .filter_map(|now| Some((*was.get(&(now.file.as_str(), now.name.as_str()))?, now)));
    pairs.flat_map(|(old, now)| drifts(old, &now.tools)).collect()
}

/// Asks each locked server that is as locked, adds what differs, and gives those that said nothing.
/// One that drifted is not started: it is another program.
pub(super) fn compare(servers: &[Locked], found: &mut Vec<Drift>, ground: &Ground) -> Vec<Unasked> {
    let mut unasked = Vec::new();
    let mut more = Vec::new();
    for server in servers.iter().filter(|server| !server.definition.disabled) {
        let drifted = found.iter().any(|one| one.file == server.file && one.name == server.name);
        let asked = match (drifted, server.tools.is_empty()) {
            (true, _) => Err("it is not as locked".to_owned()),
            (false, true) => Err("its tools are not in the lock".to_owned()),
            (false, false) => told(server, ground),
        };
        match asked {
            Ok(tools) => more.extend(drifts(server, &tools)),
            Err(why) => unasked.push(Unasked {
                file: server.file.clone(),
                name: server.name.clone(),
                why,
                had_tools: !server.tools.is_empty(),
            }),
        }
    }
    found.extend(more);
    unasked
}

fn drifts(server: &Locked, now: &Tools) -> Vec<Drift> {
    let drift =
        |difference| Drift { file: server.file.clone(), name: server.name.clone(), difference };
    tool_differences(&server.tools, now).into_iter().map(drift).collect()
}
