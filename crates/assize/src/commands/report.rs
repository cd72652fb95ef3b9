//! `report`: what was denied, and what the mode `enforce` would have denied.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use assize_config::GuardMode;
use assize_repo::Root;
use assize_report::inline;
use serde_json::{Value, json};

use super::history::{self, DOCTOR, Deed, History, Span, moment_of, now_ms, stamp};
use super::session_page;
use super::status::settings;
use crate::cli::{Plain, Report};
use crate::failure::Failure;

/// How many calls stand as examples for a control, the newest first.
const EXAMPLES_MAX: usize = 3;
/// As much of a hash as tells it from others.
const HASH_CHARS: usize = 12;

/// What the calls of some time come to.
#[derive(Debug, Default)]
struct Summary {
    calls: usize,
    sessions: BTreeSet<String>,
    agents: BTreeSet<String>,
    denied: Vec<Group>,
    spared: Vec<Group>,
    violations: Vec<Group>,
    /// Breaches of which it is not known who made them.
    drift: Vec<Group>,
    /// Whether breaches are denied already.
    enforcing: bool,
}

/// The calls that one control speaks of, the newest first.
#[derive(Debug)]
struct Group {
    control: String,
    deeds: Vec<Deed>,
}

pub(super) fn run(options: &Report, out: &mut dyn Write) -> Result<u8, Failure> {
    let since_ms = moment_of(&options.since, now_ms()).ok_or_else(|| {
        Failure::said(format!("`{}` is no time to report since", options.since))
            .hint("such as 30m, 24h, 7d, 2w, 2026-11-25 or all")
    })?;
    let root = Root::find(&options.look.path).map_err(|error| Failure::tool(&error))?.folder;
    if let Some(session) = options.session.as_ref().filter(|_| options.html) {
        return session_page::run(session, &root, options.out.as_deref(), out);
    }
    let span = Span { since_ms, newest: u64::MAX };
    let history = history::read(&root, span)?;
    let head = history.as_ref().map_or(0, |history| history.head);
    let mut summary = history.map(|history| summarised(history, options)).unwrap_or_default();
    let mode = settings(&root).map(|settings| settings.guard_mode);
    summary.enforcing = mode.is_ok_and(|mode| mode == GuardMode::Enforce);
    match options.look.format {
        Plain::Json => writeln!(out, "{}", as_json(&summary, head, options))?,
        Plain::Text if head == 0 => {
            writeln!(out, "the ledger is empty: no client has asked yet")?;
            writeln!(out, "next: `assize init`, then `assize doctor`")?;
        }
        Plain::Text => as_text(&summary, options, out)?,
    }
    Ok(0)
}

fn summarised(history: History, options: &Report) -> Summary {
    let wanted = |deed: &Deed| match &options.session {
        Some(session) => deed.session == *session,
        // What `doctor` tries is nobody's work.
        None => deed.session != DOCTOR,
    };
    let mut deeds: Vec<Deed> = history.deeds.into_iter().filter(wanted).collect();
    deeds.reverse();
    let calls: Vec<&Deed> = deeds.iter().filter(|deed| deed.kind == "verdict").collect();
    let of_agents = || deeds.iter().filter(|deed| !deed.client.is_empty());
    let by = |kind: &str, controls: fn(&Deed) -> &[String]| {
        groups(deeds.iter().filter(|deed| deed.kind == kind), controls)
    };
    let denied = calls.iter().copied().filter(|deed| deed.verdict == "deny");
    Summary {
        calls: calls.len(),
        sessions: of_agents().map(|deed| deed.session.clone()).collect(),
        agents: of_agents().map(who).collect(),
        denied: groups(denied, |deed| &deed.controls),
        spared: by("verdict", |deed| &deed.spared),
        violations: by("violation", |deed| &deed.controls),
        drift: by("drift", |deed| &deed.controls),
        enforcing: false,
    }
}

/// Client and subagent.
fn who(deed: &Deed) -> String {
    match &deed.agent {
        Some(agent) => format!("{}/{agent}", deed.client),
        None => deed.client.clone(),
    }
}

/// By control, the most frequent first; a call counts once for each control.
fn groups<'a>(
    deeds: impl Iterator<Item = &'a Deed>,
    controls: fn(&Deed) -> &[String],
) -> Vec<Group> {
    let mut found: BTreeMap<&str, Vec<Deed>> = BTreeMap::new();
    for deed in deeds {
        let named: BTreeSet<&str> = controls(deed).iter().map(String::as_str).collect();
        for control in named {
            found.entry(control).or_default().push(deed.clone());
        }
    }
    let group = |(control, deeds): (&str, Vec<Deed>)| Group { control: control.to_owned(), deeds };
    let mut all: Vec<Group> = found.into_iter().map(group).collect();
    all.sort_by_key(|group| std::cmp::Reverse(group.deeds.len()));
    all
}

fn as_text(summary: &Summary, options: &Report, out: &mut dyn Write) -> Result<(), Failure> {
    let since = match options.since.as_str() {
        "all" => "since the beginning".to_owned(),
        since => format!("since {}", inline(since)),
    };
    let agents: Vec<&str> = summary.agents.iter().map(String::as_str).collect();
    let of = if agents.is_empty() { String::new() } else { format!(" of {}", agents.join(", ")) };
    let sessions = counted(summary.sessions.len(), "session");
    writeln!(out, "{since}: {} in {sessions}{}", counted(summary.calls, "call"), inline(&of))?;
    section(out, "denied", &summary.denied)?;
    section(out, "recorded only: `enforce` would have denied", &summary.spared)?;
    section(out, "found after the call", &summary.violations)?;
    section(out, "found, and nobody known did it", &summary.drift)?;
    for next in next_steps(summary) {
        writeln!(out, "next: {next}")?;
    }
    Ok(())
}

fn section(out: &mut dyn Write, title: &str, groups: &[Group]) -> std::io::Result<()> {
    let none = if groups.is_empty() { " nothing" } else { "" };
    writeln!(out, "\n{title}:{none}")?;
    for group in groups {
        writeln!(out, "  {:<28} {}", inline(&group.control), group.deeds.len())?;
        for deed in group.deeds.iter().take(EXAMPLES_MAX) {
            let (time, who) = (stamp(deed.time_ms), who(deed));
            let line = format!("{time}  {who}  {}  {} {}", deed.session, deed.tool, what(deed));
            writeln!(out, "    {}", inline(&line))?;
        }
    }
    Ok(())
}

/// Commands are recorded by their hash.
fn what(deed: &Deed) -> String {
    let is_hash = deed.what.len() == 64 && deed.what.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { deed.what.chars().take(HASH_CHARS).collect() } else { deed.what.clone() }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// What a person does next.
fn next_steps(summary: &Summary) -> Vec<&'static str> {
    let mut steps = Vec::new();
    if !summary.spared.is_empty() && !summary.enforcing {
        steps.push("`assize enforce` denies what was recorded only");
    }
    if !summary.denied.is_empty() {
        steps.push("`assize explain CONTROL` says why a control denies, and what to do instead");
    }
    if !(summary.violations.is_empty() && summary.drift.is_empty()) {
        steps.push("`assize check .` shows what is still broken");
    }
    match (steps.is_empty(), summary.calls, summary.enforcing) {
        (true, 0, _) => {
            steps.push("let an agent work, then ask again; `assize doctor` tries hooks")
        }
        (true, _, false) => steps.push("nothing stands in the way of `assize enforce`"),
        (true, _, true) | (false, _, _) => {}
    }
    steps
}

fn as_json(summary: &Summary, head: u64, options: &Report) -> Value {
    json!({
        "schema": 1,
        "since": options.since,
        "entries": head,
        "calls": summary.calls,
        "sessions": summary.sessions,
        "agents": summary.agents,
        "denied": list(&summary.denied),
        "spared": list(&summary.spared),
        "violations": list(&summary.violations),
        "drift": list(&summary.drift),
        "next": next_steps(summary),
    })
}

fn list(groups: &[Group]) -> Value {
    let example = |deed: &Deed| {
        json!({
            "time": stamp(deed.time_ms),
            "session": deed.session,
            "agent": who(deed),
            "tool": deed.tool,
            "what": deed.what,
        })
    };
    let group = |group: &Group| {
        let examples: Vec<Value> = group.deeds.iter().take(EXAMPLES_MAX).map(example).collect();
        json!({ "control": group.control, "count": group.deeds.len(), "examples": examples })
    };
    groups.iter().map(group).collect()
}
