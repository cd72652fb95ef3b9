//! A person is told that an agent was stopped: by a program of theirs, after the answer.
//!
//! Nobody waits for it, and it gets none of our streams: what it prints would be read as the
//! answer.

use std::io::{Seek as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use assize_config::{Date, Escalation as Configured, Settings};
use assize_guard::{Reason, Verdict};
use assize_harness::{Event, Moment};
use assize_ledger::{Draft, Ledger, Map};
use assize_model::Severity;
use assize_session::{Note, Open, Session};
use serde_json::json;

use super::failing::Cause;
use super::keep::Keep;
use super::lift;
use super::record::{Record, reason_key};
use super::request::Request;
use super::scene::Scene;
use crate::state;

/// A session that is stopped so often for one reason does not find the way out by itself.
const DENIALS: i64 = 3;
/// Nor does one that makes so many calls beside what it broke.
const CALLS: i64 = 20;
/// Controls whose denial says that the agent wanted to be let off.
const ASKED: [&str; 2] = ["human-approval", "allowance-invalid"];
/// The control.
const NAME: &str = "violation-escalate";
/// The answer is out; the client still waits for our end.
const LOCK_WAIT: Duration = Duration::from_millis(200);

/// What will be run.
pub(super) struct Escalation {
    /// Nothing where nobody is named.
    words: Vec<String>,
    /// A person let it run: a repository that somebody cloned must not start programs.
    is_trusted: bool,
    /// One JSON object.
    text: String,
    root: PathBuf,
    ledger: PathBuf,
    /// The session, as the record names it.
    key: String,
    draft: Draft,
}

/// An answer with all that is told of it.
pub(super) struct Stopped<'a> {
    pub(super) verdict: &'a Verdict,
    pub(super) severity: Severity,
    /// As it was before the answer.
    pub(super) session: &'a Session,
    pub(super) request: Option<&'a Request>,
    /// The number of its entry.
    pub(super) sequence: u64,
}

/// Why a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// The same reason stopped the session again and again.
    Repeated,
    /// It is harmful, not only wrong.
    Block,
    /// The agent asked to be let off.
    Waiver,
    /// It goes on with calls, and what it broke stays broken.
    Unrepaired,
}

impl Why {
    const fn word(self) -> &'static str {
        match self {
            Self::Repeated => "repeated",
            Self::Block => "block",
            Self::Waiver => "waiver",
            Self::Unrepaired => "unrepaired",
        }
    }
}

/// What a person is told of.
struct Matter {
    why: Why,
    reason: Reason,
    count: i64,
    /// The violation that it is about.
    violation: Option<String>,
}

/// What has to be told of a call, if anything.
pub(super) fn of(
    stopped: &Stopped<'_>,
    event: &Event,
    scene: &Scene,
    record: &mut Record<'_>,
) -> Result<Option<Escalation>, Cause> {
    // The permission for the same call is asked at another moment.
    if event.moment != Moment::PreTool {
        return Ok(None);
    }
    let Some(matter) = denied(stopped).or_else(|| unrepaired(stopped.session)) else {
        return Ok(None);
    };
    let words = command(&scene.root, &scene.settings).unwrap_or_default();
    // That it was harmful stands in the answer's own entry: nobody is told more by another.
    if words.is_empty() && matter.why == Why::Block {
        return Ok(None);
    }
    let text = told(&matter, stopped, event, record);
    let mut payload = Map::from([
        ("control".to_owned(), matter.reason.control.into()),
        ("count".to_owned(), matter.count.into()),
        ("why".to_owned(), matter.why.word().into()),
        ("asked".to_owned(), if words.is_empty() { "nobody" } else { "command" }.into()),
        ("entry".to_owned(), i64::try_from(stopped.sequence).unwrap_or(i64::MAX).into()),
    ]);
    if let Some(violation) = &matter.violation {
        payload.insert("violation".to_owned(), violation.as_str().into());
    }
    if let Some(request) = stopped.request {
        payload.insert("request".to_owned(), request.id.as_str().into());
    }
    let draft = record.draft(&record.key(), "escalated", payload)?;
    let (root, ledger) = (scene.root.clone(), record.folder().to_owned());
    let is_trusted = !words.is_empty() && record.grants()?.is_trusted(&command_hash(&words));
    let key = record.key();
    Ok(Some(Escalation { words, is_trusted, text, root, ledger, key, draft }))
}

/// A denial that a person should know of.
fn denied(stopped: &Stopped<'_>) -> Option<Matter> {
    let Verdict::Deny(reasons) = stopped.verdict else { return None };
    let count = |reason: &Reason| stopped.session.denials(&reason_key(reason)).saturating_add(1);
    let often = reasons.iter().find(|reason| count(reason) == DENIALS);
    let block = reasons.first().filter(|_| stopped.severity == Severity::Block);
    let waiver = reasons.iter().find(|reason| ASKED.contains(&reason.control));
    let (reason, why) = match (often, waiver, block) {
        (Some(reason), ..) => (reason, Why::Repeated),
        (None, Some(reason), _) => (reason, Why::Waiver),
        (None, None, Some(reason)) => (reason, Why::Block),
        (None, None, None) => return None,
    };
    let held = reason.control == super::hold::NAME;
    let first = stopped.session.open().first().filter(|_| held);
    let violation = first.map(|open| open.id.clone());
    Some(Matter { why, reason: reason.clone(), count: count(reason), violation })
}

/// A violation that nobody repairs, once.
fn unrepaired(session: &Session) -> Option<Matter> {
    let old = |open: &&Open| open.calls >= CALLS && open.asked.is_none();
    let open = session.open().iter().find(old)?;
    let Open { path, line, control, calls, .. } = open;
    let message = format!("`{path}:{line}` ({control}) is not repaired after {calls} calls");
    let help = "a person looks at it: the session does not find the way out".to_owned();
    let reason = Reason { control: NAME, message, help };
    let violation = Some(open.id.clone());
    Some(Matter { why: Why::Unrepaired, reason, count: *calls, violation })
}

/// The command of the topmost configuration: a folder below cannot name another one.
pub(crate) fn command(root: &Path, settings: &Settings) -> Option<Vec<String>> {
    let configured = match lift::above(root).last() {
        None => settings.escalation.clone(),
        Some(top) => crate::settings::of_root(top).ok()?.escalation,
    };
    Some(match configured? {
        Configured::Program(words) => words,
        Configured::Shell(text) => vec!["sh".to_owned(), "-c".to_owned(), text],
    })
}

/// By what a command is trusted: each word, and where it ends.
pub(crate) fn command_hash(words: &[String]) -> String {
    let mut hasher = blake3::Hasher::new();
    for word in words {
        hasher.update(&word.len().to_le_bytes()).update(word.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

fn told(matter: &Matter, stopped: &Stopped<'_>, event: &Event, record: &Record<'_>) -> String {
    let Matter { why, reason, count, violation } = matter;
    let (rule, clause) = super::clause_of(reason.control).unzip();
    let (tool, what) = super::record::what(event);
    let repository = record.folder().file_name().map(|name| name.to_string_lossy().into_owned());
    let text = json!({
        "version": 1,
        "repository": repository,
        "session": event.session,
        "agent": event.agent,
        "client": record.client().name(),
        "control": reason.control,
        "severity": stopped.severity.word(),
        "rule": rule,
        "clause": clause,
        "tool": tool,
        "what": what,
        "message": state::redacted(&reason.message),
        "count": count,
        "why": why.word(),
        "violation": violation,
        "request": stopped.request.map(|request| request.id.as_str()),
        "time": time(record.now_ms),
        "entry": stopped.sequence,
    });
    text.to_string()
}

fn time(time_ms: i64) -> String {
    let seconds = time_ms.div_euclid(1_000);
    let (day, rest) = (Date::from_unix_seconds(seconds), seconds.rem_euclid(86_400));
    format!("{day}T{:02}:{:02}:{:02}Z", rest / 3_600, rest / 60 % 60, rest % 60)
}

impl Escalation {
    /// Starts the program and records that. Whatever fails here changes no answer.
    pub(super) fn run(mut self) {
        if !self.words.is_empty() {
            let started = if self.is_trusted {
                start(&self.words, &self.text, &self.root)
            } else {
                let why = "no person let it run: `assize approve --escalation` does";
                Err(std::io::Error::other(why))
            };
            if let Err(error) = started {
                self.draft.payload.insert("failed".to_owned(), error.to_string().into());
            }
        }
        let appended = Ledger::open(&self.ledger, LOCK_WAIT).and_then(|mut ledger| {
            // Without an entry the denial has its own.
            ledger.append(&self.draft)
        });
        if let Ok(receipt) = appended {
            let (sequence, payload) = (receipt.head.sequence, &self.draft.payload);
            let time_ms = self.draft.origin.time_ms;
            let note = Note { sequence, time_ms, kind: "escalated", payload };
            let keep = Keep::new(&self.ledger, &self.root);
            drop(keep.change_session(&self.key, |session| session.apply(note)));
        }
    }
}

fn start(words: &[String], text: &str, root: &Path) -> std::io::Result<()> {
    let Some((program, arguments)) = words.split_first() else { return Ok(()) };
    // A file, not a pipe: a program that never reads holds nobody up.
    let mut input = tempfile::tempfile()?;
    input.write_all(text.as_bytes())?;
    input.rewind()?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root).process_group(0);
    command.stdin(Stdio::from(input)).stdout(Stdio::null()).stderr(Stdio::null());
    // Nobody waits for it: it outlives us.
    command.spawn().map(drop)
}
