//! `report --session ID --html`: the entries of one session, put into the words of a page.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use assize_ledger::{Entry, Map, Payload, Value, Verdict};
use assize_report::{Mark, SessionPage, Step, session_html};
use assize_session::{Note, Session};

use super::history::stamp;
use crate::failure::Failure;
use crate::records::{Records, number, text};

pub(super) fn run(
    session: &str,
    root: &Path,
    file: Option<&Path>,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let none = || {
        Failure::said(format!("the record knows no session `{session}`"))
            .hint("`assize report --format json` lists them")
    };
    let mut records = Records::existing(root)?.ok_or_else(none)?;
    let entries = records.entries()?;
    let own = own(&entries, session);
    if own.is_empty() {
        return Err(none());
    }
    let (verdict, _) = records.verify(root, None)?;
    let page = page(&own, session, root, &verdict);
    match file {
        Some(file) => {
            let mut bytes = Vec::new();
            session_html(&mut bytes, &page)?;
            std::fs::write(file, bytes)?;
        }
        None => session_html(out, &page)?,
    }
    Ok(0)
}

/// The entries of a session, and what people allowed of what it asked for.
fn own<'e>(entries: &'e [Entry], session: &str) -> Vec<&'e Entry> {
    let of_session = |entry: &&Entry| entry.origin.session == session;
    let asked: BTreeSet<&str> =
        entries.iter().filter(of_session).filter_map(|entry| text(entry, "request")).collect();
    let allowed = |entry: &Entry| {
        entry.kind.as_str() == "approval"
            && text(entry, "request").is_some_and(|request| asked.contains(request))
    };
    entries.iter().filter(|entry| of_session(entry) || allowed(entry)).collect()
}

fn page(own: &[&Entry], session: &str, root: &Path, verdict: &Verdict) -> SessionPage {
    let time =
        |entry: Option<&&Entry>| entry.map_or_else(String::new, |it| stamp(it.origin.time_ms));
    let agents: BTreeSet<String> =
        own.iter().filter_map(|entry| entry.origin.actor.agent.clone()).collect();
    let of_agent = own.iter().find(|entry| entry.origin.session == session);
    let mut state = Session::default();
    for entry in own.iter().filter(|entry| entry.origin.session == session) {
        if let Payload::Present(payload) = &entry.payload {
            let (sequence, time_ms) = (entry.sequence, entry.origin.time_ms);
            state.apply(Note { sequence, time_ms, kind: entry.kind.as_str(), payload });
        }
    }
    let open = |one: &assize_session::Open| {
        format!("{}:{}: {} ({}, {})", one.path, one.line, one.message, one.control, one.severity)
    };
    SessionPage {
        root: root.display().to_string(),
        session: session.to_owned(),
        client: of_agent.map_or_else(String::new, |entry| entry.origin.actor.harness.clone()),
        agents: agents.into_iter().collect(),
        first: time(own.first()),
        last: time(own.last()),
        totals: totals(own),
        open: state.open().iter().map(open).collect(),
        steps: own.iter().map(|entry| step(entry)).collect(),
        not_held: not_held(own, verdict),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn totals(own: &[&Entry]) -> Vec<(String, usize)> {
    let kind = |kind: &str| own.iter().filter(|entry| entry.kind.as_str() == kind).count();
    let answered = |word: &str| own.iter().filter(|it| text(it, "verdict") == Some(word)).count();
    let files = |whose: &str| {
        let of = |file: &&Map| member(file, "whose") == Some(whose);
        own.iter().map(|entry| files(entry).into_iter().filter(of).count()).sum::<usize>()
    };
    let all = [
        ("answers to calls", kind("verdict")),
        ("denied", answered("deny")),
        ("told", answered("warn")),
        ("left to a person", answered("ask")),
        ("changes of files by the session", files("session").saturating_add(files("probable"))),
        ("changes that nobody answers for", files("unattributed")),
        ("violations", kind("violation")),
        ("runs", kind("run")),
        ("gates", kind("gate")),
        ("permits", kind("permit")),
        ("approvals", kind("approval")),
    ];
    all.into_iter().map(|(noun, count)| (noun.to_owned(), count)).collect()
}

/// The files that a change names.
fn files(entry: &Entry) -> Vec<&Map> {
    let Payload::Present(payload) = &entry.payload else { return Vec::new() };
    let Some(Value::List(files)) = payload.get("files").filter(|_| entry.kind.as_str() == "change")
    else {
        return Vec::new();
    };
    let mut maps = Vec::new();
    for file in files {
        if let Value::Map(map) = file {
            maps.push(map);
        }
    }
    maps
}

fn member<'m>(map: &'m Map, key: &str) -> Option<&'m str> {
    match map.get(key)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn step(entry: &Entry) -> Step {
    let (mark, word, what, object) = deed(entry);
    let person = || match entry.kind.as_str() {
        "approval" => text(entry, "person").unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    Step {
        number: entry.sequence,
        time: stamp(entry.origin.time_ms),
        who: entry.origin.actor.agent.clone().unwrap_or_else(person),
        mark,
        word,
        what,
        object,
        lines: lines(entry),
    }
}

/// What an entry came to, what was done, and on what.
fn deed(entry: &Entry) -> (Mark, String, String, String) {
    let kind = entry.kind.as_str();
    let none = String::new;
    let said = |key: &str| text(entry, key).unwrap_or_default().to_owned();
    let place = || match (said("path"), number(entry, "line")) {
        (path, Some(line)) => format!("{path}:{line}"),
        (path, None) => path,
    };
    match kind {
        _ if entry.payload == Payload::Absent => {
            (Mark::Plain, "forgotten".to_owned(), kind.to_owned(), none())
        }
        "verdict" => {
            let word = said("verdict");
            let mark = match word.as_str() {
                "deny" => Mark::Stopped,
                "warn" | "ask" => Mark::Told,
                _ => Mark::Plain,
            };
            (mark, word, said("tool"), said("what"))
        }
        "change" => {
            (Mark::Plain, "changed".to_owned(), counted(files(entry).len(), "file"), none())
        }
        "violation" => (Mark::Stopped, "broke".to_owned(), said("control"), place()),
        "drift" => {
            (Mark::Told, "broken, and nobody known did it".to_owned(), said("control"), place())
        }
        "repair" => (Mark::Good, "repaired".to_owned(), none(), none()),
        "run" => {
            let exit = number(entry, "exit").unwrap_or(-1);
            let mark = if exit == 0 { Mark::Good } else { Mark::Told };
            (mark, format!("exit {exit}"), "ran".to_owned(), said("command"))
        }
        "gate" => {
            let word = said("verdict");
            let mark = if word == "open" { Mark::Good } else { Mark::Stopped };
            (mark, word, format!("gate {}", said("moment")), none())
        }
        "escalated" => (Mark::Told, "a person was called".to_owned(), said("control"), said("why")),
        "approval" => (Mark::Good, "approved".to_owned(), said("request"), said("reason")),
        kind => (Mark::Plain, kind.replace('-', " "), none(), said("reason")),
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// What else an entry says, a line each.
fn lines(entry: &Entry) -> Vec<String> {
    let Payload::Present(payload) = &entry.payload else { return Vec::new() };
    let list = |key: &str| -> Vec<String> {
        let Some(Value::List(all)) = payload.get(key) else { return Vec::new() };
        let text =
            |one: &Value| if let Value::Text(text) = one { Some(text.clone()) } else { None };
        all.iter().filter_map(text).collect()
    };
    let mut lines: Vec<String> = match entry.kind.as_str() {
        "verdict" => {
            let (controls, messages) = (list("controls"), list("messages"));
            controls.iter().zip(&messages).map(|(name, said)| format!("{name}: {said}")).collect()
        }
        "change" => files(entry).into_iter().map(changed).collect(),
        "violation" | "drift" => {
            let message = member(payload, "message").unwrap_or_default().to_owned();
            let clause = member(payload, "clause").map(|clause| format!("clause {clause}"));
            std::iter::once(message).chain(clause).collect()
        }
        _ => Vec::new(),
    };
    for (key, word) in [("spared", "`enforce` would deny"), ("lifted", "lifted by a person")] {
        lines.extend(list(key).into_iter().map(|control| format!("{word}: {control}")));
    }
    for (key, word) in [("violations", "its control runs clean"), ("waived", "a person let it be")]
    {
        lines.extend(list(key).into_iter().map(|id| format!("{id}: {word}")));
    }
    lines
}

fn changed(file: &Map) -> String {
    let (path, whose) = (member(file, "path"), member(file, "whose"));
    let how = match (file.contains_key("before"), file.contains_key("after")) {
        (false, _) => "new",
        (true, true) => "changed",
        (true, false) => "gone",
    };
    format!("{} {how}, {}", path.unwrap_or_default(), whose.unwrap_or_default())
}

/// What a reader must not take the page for.
fn not_held(own: &[&Entry], verdict: &Verdict) -> Vec<String> {
    let mut all = vec![
        "Contents of files and texts of prompts: the record has their hashes.".to_owned(),
        "What the agent said. What it did stands here; what it claims does not.".to_owned(),
        "Calls that passed no hook. What they changed was found afterwards, and whose each change \
         is stands beside it."
            .to_owned(),
    ];
    let unknown = own.iter().flat_map(|entry| files(entry));
    let unknown = unknown.filter(|file| member(file, "whose") == Some("unattributed")).count();
    if unknown > 0 {
        let files = counted(unknown, "change");
        all.push(format!(
            "Who made {files} of files: a person beside the agent, or something unseen."
        ));
    }
    let forgotten = own.iter().filter(|entry| entry.payload == Payload::Absent).count();
    if forgotten > 0 {
        all.push(format!(
            "What {} held: it was forgotten.",
            counted(forgotten, "entry").replace("entrys", "entries")
        ));
    }
    if !own.iter().any(|entry| entry.kind.as_str() == "session-end") {
        all.push("The end of the session: it goes on, or its client never told.".to_owned());
    }
    all.push(match verdict {
        Verdict::Good { .. } => "Nothing is missing by the record's own chain.".to_owned(),
        Verdict::Unknown { doubt, .. } => {
            format!("Whether entries were cut off at the end: {doubt}.")
        }
        Verdict::Bad { sequence, fault } => {
            format!(
                "A record that can be trusted: entry {sequence} is not what was written ({fault})."
            )
        }
    });
    all
}
