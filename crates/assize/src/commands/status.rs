//! `status`: where a repository stands. It reads a few files, runs nothing and writes nothing.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use assize_config::{ConfigFile, Settings};
use assize_repo::{CONFIG_BYTES_MAX, CONFIG_NAME, Root, read_up_to};
use assize_report::inline;
use assize_session::Open;
use serde_json::{Value, json};

use super::history::{self, DOCTOR, Deed, Span, now_ms};
use crate::cli::{Look, Plain, Scope};
use crate::clients::{Hooks, Place, in_use, stands};
use crate::failure::Failure;
use crate::permit::{Documents, rules_hash};
use crate::project;
use crate::team::RuleTexts;

const DAY_MS: i64 = 86_400_000;
/// More entries than these are not read: a status is asked often.
const NEWEST: u64 = 10_000;
/// So many violations are shown one by one.
const OPEN_MAX: usize = 20;

/// Everything that is shown.
struct Status {
    root: String,
    settings: Result<Settings, String>,
    hooks: Vec<(Place, Hooks)>,
    /// Files in the index, and how long ago it was kept.
    index: Option<(usize, Duration)>,
    record: Record,
    /// The rule documents, and the hash of all rules together.
    rules: Option<(Documents, String)>,
}

/// What the ledger says of the last day.
enum Record {
    None,
    Broken(String),
    Read { entries: u64, sessions: usize, open: usize, violations: Vec<(String, Open)> },
}

pub(super) fn run(options: &Look, out: &mut dyn Write) -> Result<u8, Failure> {
    let root = Root::find(&options.path).map_err(|error| Failure::tool(&error))?.folder;
    let status = look(&root, options);
    match options.format {
        Plain::Text => as_text(&status, &root, out)?,
        Plain::Json => writeln!(out, "{}", as_json(&status))?,
    }
    Ok(0)
}

fn look(root: &Path, options: &Look) -> Status {
    let scopes = [Scope::Project, Scope::User, Scope::Managed];
    let all = scopes.into_iter().flat_map(|scope| stands(scope, root, &options.machine.folder));
    let hooks = all.collect();
    let index = project::kept(root)
        .and_then(|index| Some((index.view().file_count(), project::kept_since(root)?)));
    let settings = settings(root).map_err(|failure| failure.to_string());
    let rules = settings.as_ref().ok().and_then(|settings| {
        let documents = Documents::of(root, &settings.permit, None);
        let hash = rules_hash(root, &documents).ok()?;
        Some((documents, hash))
    });
    Status { root: root.display().to_string(), settings, hooks, index, record: record(root), rules }
}

/// Those of the root alone: the whole repository's are decided there.
pub(super) fn settings(root: &Path) -> Result<Settings, Failure> {
    let path = root.join(CONFIG_NAME);
    let rules = RuleTexts::of(root).rules()?.into();
    if path.symlink_metadata().is_err() {
        return crate::settings::merged(&[], rules);
    }
    let bytes = read_up_to(&path, CONFIG_BYTES_MAX)
        .map_err(|error| Failure::said(format!("cannot read `{CONFIG_NAME}`: {error}")))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    crate::settings::merged(&[ConfigFile { folder: "", path: CONFIG_NAME, text: &text }], rules)
}

fn record(root: &Path) -> Record {
    let span = Span { since_ms: now_ms().saturating_sub(DAY_MS), newest: NEWEST };
    match history::read(root, span) {
        Err(failure) => Record::Broken(failure.to_string()),
        Ok(None) => Record::None,
        Ok(Some(history)) => {
            let sessions = sessions(&history.deeds);
            Record::Read {
                entries: history.head,
                sessions: sessions.len(),
                open: sessions.values().filter(|ended| !**ended).count(),
                violations: history.open,
            }
        }
    }
}

/// The sessions of agents, and whether each has ended. One that goes on is open again.
fn sessions(deeds: &[Deed]) -> BTreeMap<(&str, &str), bool> {
    let of_agents = deeds.iter().filter(|deed| !deed.client.is_empty() && deed.session != DOCTOR);
    let ended = |deed: &Deed| deed.kind == "session-end";
    of_agents.map(|deed| ((deed.client.as_str(), deed.session.as_str()), ended(deed))).collect()
}

fn as_text(status: &Status, root: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    line(out, "root", &status.root)?;
    match &status.settings {
        Ok(settings) => {
            line(out, "mode", settings.guard_mode.word())?;
            line(out, "profile", settings.profile.word())?;
        }
        Err(why) => line(out, "mode", &format!("none: the configuration is wrong: {why}"))?,
    }
    if let Some((documents, hash)) = &status.rules {
        let missing = documents.faults.len();
        let fault = if missing > 0 { format!(", {missing} missing") } else { String::new() };
        let state = hash.get(..8).unwrap_or(hash);
        let words = format!("{} documents{fault}, state {state}", documents.all.len());
        line(out, "rules", &words)?;
    }
    for (place, hooks) in status.hooks.iter().filter(|(place, hooks)| is_told(place, hooks, root)) {
        let (state, why) = hook_words(hooks);
        let client = place.client().name();
        let colon = if why.is_empty() { "" } else { ": " };
        let path = place.shown().display();
        let words = format!("{client}, {}: {state}{colon}{why} ({path})", scope_word(place.scope));
        line(out, "hooks", &words)?;
    }
    let index = match &status.index {
        None => "none yet: `assize check .` builds it".to_owned(),
        Some((files, age)) => format!("{files} files, kept {} ago", span_words(*age)),
    };
    line(out, "index", &index)?;
    record_text(&status.record, out)
}

/// Of a client that nobody uses here, nothing is missing.
fn is_told(place: &Place, hooks: &Hooks, root: &Path) -> bool {
    *hooks != Hooks::Absent || in_use(place.client(), place.scope, root)
}

fn record_text(record: &Record, out: &mut dyn Write) -> Result<(), Failure> {
    match record {
        Record::None => line(out, "record", "none yet"),
        Record::Broken(why) => line(out, "record", &format!("broken: {why}")),
        Record::Read { entries, sessions, open, violations } => {
            line(out, "record", &format!("{entries} entries, the last one whole"))?;
            line(out, "sessions", &format!("{sessions} in the last day, {open} not ended"))?;
            line(out, "violations", &format!("{} open", violations.len()))?;
            for (session, one) in violations.iter().take(OPEN_MAX) {
                line(out, "", &violation_words(session, one))?;
            }
            match violations.len().saturating_sub(OPEN_MAX) {
                0 => Ok(()),
                more => line(out, "", &format!("… and {more} more")),
            }
        }
    }
}

/// Where it is, how old, whose, and which person was called.
fn violation_words(session: &str, one: &Open) -> String {
    let Open { path, line, control, severity, time_ms, calls, asked, .. } = one;
    let age = span_words(since(*time_ms));
    let asked = match asked {
        None => "asked: nobody yet".to_owned(),
        Some((at, who)) if who == "command" => {
            format!("asked: the command of `[escalate]`, {} ago", span_words(since(*at)))
        }
        Some(_) => "asked: nobody, since `[escalate]` names no command".to_owned(),
    };
    format!(
        "{severity} {path}:{line} ({control}), {age} old, {calls} calls since, session {session}; {asked}"
    )
}

fn since(time_ms: i64) -> Duration {
    let passed = now_ms().saturating_sub(time_ms);
    Duration::from_millis(u64::try_from(passed).unwrap_or(0))
}

fn line(out: &mut dyn Write, name: &str, words: &str) -> Result<(), Failure> {
    Ok(writeln!(out, "{name:<11} {}", inline(words))?)
}

fn hook_words(hooks: &Hooks) -> (&'static str, &str) {
    match hooks {
        Hooks::Absent => ("absent", ""),
        Hooks::Live => ("live", ""),
        Hooks::Dead(why) => ("dead", why),
    }
}

pub(super) const fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::Project => "project",
        Scope::User => "user",
        Scope::Managed => "managed",
    }
}

fn span_words(span: Duration) -> String {
    match span.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

fn as_json(status: &Status) -> Value {
    let hook = |(place, hooks): &(Place, Hooks)| {
        let (state, why) = hook_words(hooks);
        json!({
            "client": place.client().name(),
            "scope": scope_word(place.scope),
            "path": place.shown().display().to_string(),
            "state": state,
            "why": why,
        })
    };
    let (settings, fault) = match &status.settings {
        Ok(settings) => (Some(settings), None),
        Err(why) => (None, Some(why)),
    };
    json!({
        "schema": 1,
        "root": status.root,
        "mode": settings.map(|settings| settings.guard_mode.word()),
        "profile": settings.map(|settings| settings.profile.word()),
        "configuration_fault": fault,
        "hooks": status.hooks.iter().map(hook).collect::<Vec<_>>(),
        "index": status.index.map(|(files, age)| {
            json!({ "files": files, "age_s": age.as_secs() })
        }),
        "record": record_json(&status.record),
        "rules": status.rules.as_ref().map(|(documents, hash)| json!({
            "hash": hash,
            "documents": documents.all.iter().map(|one| &one.path).collect::<Vec<_>>(),
            "missing": documents.faults.iter().map(|one| &one.name).collect::<Vec<_>>(),
        })),
    })
}

fn record_json(record: &Record) -> Value {
    match record {
        Record::None => Value::Null,
        Record::Broken(why) => json!({ "fault": why }),
        Record::Read { entries, sessions, open, violations } => json!({
            "entries": entries,
            "sessions": sessions,
            "open": open,
            "violations": violations.len(),
            "open_violations": violations.iter().map(violation_json).collect::<Vec<_>>(),
        }),
    }
}

fn violation_json((session, one): &(String, Open)) -> Value {
    json!({
        "session": session,
        "control": one.control,
        "severity": one.severity,
        "path": one.path,
        "line": one.line,
        "age_s": since(one.time_ms).as_secs(),
        "calls": one.calls,
        "entry": one.sequence,
        "asked": one.asked.as_ref().map(|(_, who)| who),
    })
}
