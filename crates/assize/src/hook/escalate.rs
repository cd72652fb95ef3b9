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
use assize_session::Session;
use serde_json::json;

use super::failing::Cause;
use super::lift;
use super::record::{Record, reason_key};
use super::request::Request;
use super::scene::Scene;
use crate::state;

/// A session that is stopped so often for one reason does not find the way out by itself.
const DENIALS: i64 = 3;
/// The answer is out; the client still waits for our end.
const LOCK_WAIT: Duration = Duration::from_millis(200);

/// What will be run.
pub(super) struct Escalation {
    words: Vec<String>,
    /// A person let it run: a repository that somebody cloned must not start programs.
    is_trusted: bool,
    /// One JSON object.
    text: String,
    root: PathBuf,
    ledger: PathBuf,
    draft: Draft,
}

/// A denial with all that is told of it.
pub(super) struct Stopped<'a> {
    pub(super) verdict: &'a Verdict,
    pub(super) severity: Severity,
    /// As it was before the denial.
    pub(super) session: &'a Session,
    pub(super) request: Option<&'a Request>,
    /// The number of its entry.
    pub(super) sequence: u64,
}

/// What has to be told of a denial, if anything and anybody.
pub(super) fn of(
    stopped: &Stopped<'_>,
    event: &Event,
    scene: &Scene,
    record: &mut Record<'_>,
) -> Result<Option<Escalation>, Cause> {
    let Verdict::Deny(reasons) = stopped.verdict else { return Ok(None) };
    // The permission for the same call is asked at another moment.
    if event.moment != Moment::PreTool {
        return Ok(None);
    }
    let Some(words) = command(&scene.root, &scene.settings) else { return Ok(None) };
    let count = |reason: &Reason| stopped.session.denials(&reason_key(reason)).saturating_add(1);
    let often = reasons.iter().find(|reason| count(reason) == DENIALS);
    let block = reasons.first().filter(|_| stopped.severity == Severity::Block);
    let Some(reason) = often.or(block) else { return Ok(None) };
    let text = told(reason, count(reason), stopped, event, record);
    let mut payload = Map::from([
        ("control".to_owned(), reason.control.into()),
        ("count".to_owned(), count(reason).into()),
        ("entry".to_owned(), i64::try_from(stopped.sequence).unwrap_or(i64::MAX).into()),
    ]);
    if let Some(request) = stopped.request {
        payload.insert("request".to_owned(), request.id.as_str().into());
    }
    let draft = record.draft(&record.key(), "escalated", payload)?;
    let (root, ledger) = (scene.root.clone(), record.folder().to_owned());
    let is_trusted = record.grants()?.is_trusted(&command_hash(&words));
    Ok(Some(Escalation { words, is_trusted, text, root, ledger, draft }))
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

fn told(
    reason: &Reason,
    count: i64,
    stopped: &Stopped<'_>,
    event: &Event,
    record: &Record<'_>,
) -> String {
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
        let started = if self.is_trusted {
            start(&self.words, &self.text, &self.root)
        } else {
            Err(std::io::Error::other("no person let it run: `assize approve --escalation` does"))
        };
        if let Err(error) = started {
            self.draft.payload.insert("failed".to_owned(), error.to_string().into());
        }
        let ledger = Ledger::open(&self.ledger, LOCK_WAIT);
        // Without an entry the denial has its own.
        drop(ledger.and_then(|mut ledger| ledger.append(&self.draft)));
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
