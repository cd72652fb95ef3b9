//! What the ledger is told of calls and their answers.
//!
//! Commands and contents are recorded by their hash: what they hold is nobody's business later.

use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use assize_guard::{Action, Reason, Verdict};
use assize_harness::{Client, Event};
use assize_ledger::{Actor, Draft, Kind, Ledger, Map, Origin, Value};

use super::failing::Cause;
use super::scene::Scene;

/// How long another process may hold the ledger.
const LOCK_WAIT: Duration = Duration::from_millis(700);
/// The file with the repository's id, in git's own folder.
const ID: &str = "assize-id";

/// A decision before a call.
pub(super) fn decision(
    client: Client,
    event: &Event,
    scene: &Scene,
    verdict: &Verdict,
    spared: &[Reason],
) -> Result<(), Cause> {
    let mut payload = called(event);
    payload.insert("verdict".to_owned(), verdict.word().into());
    payload.insert("controls".to_owned(), controls(verdict.reasons()));
    payload.insert("spared".to_owned(), controls(spared));
    append(client, event, scene, "verdict", payload)
}

/// Something that is no call.
pub(super) fn moment(
    client: Client,
    event: &Event,
    scene: &Scene,
    kind: &str,
) -> Result<(), Cause> {
    append(client, event, scene, kind, Map::new())
}

/// Breaches that were found after a call.
pub(super) fn violations(
    client: Client,
    event: &Event,
    scene: &Scene,
    reasons: &[Reason],
) -> Result<(), Cause> {
    let mut payload = called(event);
    payload.insert("controls".to_owned(), controls(reasons));
    append(client, event, scene, "violation", payload)
}

fn called(event: &Event) -> Map {
    let (tool, place) = match &event.action {
        Action::Shell { command, .. } => ("shell", hash(command)),
        Action::Write { path, .. } => ("write", path.clone()),
        Action::Edit { path, .. } => ("edit", path.clone()),
        Action::Notebook { path, .. } => ("notebook", path.clone()),
        Action::Patch { text } => ("patch", hash(text)),
        Action::Read { path } => ("read", path.clone()),
        Action::Search { .. } => ("search", String::new()),
        Action::Web { address } => ("web", hash(address)),
        Action::Mcp { server, tool, .. } => ("mcp", format!("{server}/{tool}")),
        Action::Unknown { tool, .. } => ("unknown", tool.clone()),
        _ => ("event", event.moment.name().to_owned()),
    };
    let mut payload = Map::new();
    payload.insert("tool".to_owned(), tool.into());
    payload.insert("what".to_owned(), place.into());
    if let Some(call) = &event.call {
        payload.insert("call".to_owned(), call.as_str().into());
    }
    payload
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

fn controls(reasons: &[Reason]) -> Value {
    Value::List(reasons.iter().map(|reason| reason.control.into()).collect())
}

fn append(
    client: Client,
    event: &Event,
    scene: &Scene,
    kind: &str,
    payload: Map,
) -> Result<(), Cause> {
    let failed = |why: String| Cause::Ledger(why);
    let folder = folder(&scene.root).map_err(|error| failed(error.to_string()))?;
    let kind = Kind::new(kind).ok_or_else(|| failed(format!("`{kind}` is no kind")))?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let actor = Actor {
        harness: client.name().to_owned(),
        agent: event.agent.clone(),
        user: std::env::var("USER").unwrap_or_default(),
    };
    let time_ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    let origin = Origin { time_ms, session: event.session.clone(), actor };
    let mut ledger = Ledger::open(&folder, LOCK_WAIT).map_err(|error| failed(error.to_string()))?;
    let draft = Draft { origin, kind, payload };
    ledger.append(&draft).map(drop).map_err(|error| failed(error.to_string()))
}

/// Where everything lies that must outlive a work tree.
pub(crate) fn state() -> std::io::Result<PathBuf> {
    let named =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = named("XDG_STATE_HOME")
        .or_else(|| named("HOME").map(|home| home.join(".local/state")))
        .ok_or_else(|| std::io::Error::other("neither HOME nor XDG_STATE_HOME is set"))?;
    Ok(state.join("assize"))
}

/// The folder of a repository's ledger, outside of the work tree.
pub(crate) fn folder(root: &Path) -> std::io::Result<PathBuf> {
    Ok(state()?.join(id(root)?))
}

/// The same, where there is one: who only looks leaves no trace.
pub(crate) fn known_folder(root: &Path) -> std::io::Result<Option<PathBuf>> {
    let named = common(root).is_none_or(|common| common.join(ID).exists());
    let folder = if named { folder(root)? } else { return Ok(None) };
    Ok(folder.is_dir().then_some(folder))
}

/// The repository's id: random, kept in git's common folder, so that all work trees share it; the
/// hash of the path where there is no git.
fn id(root: &Path) -> std::io::Result<String> {
    let Some(common) = common(root) else {
        let whole = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
        return Ok(whole.chars().take(32).collect());
    };
    let path = common.join(ID);
    match std::fs::read_to_string(&path) {
        Ok(text) if is_id(text.trim()) => return Ok(text.trim().to_owned()),
        Ok(_) => return Err(std::io::Error::other("the repository's id is damaged")),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let fresh: String = blake3::hash(&bytes).to_hex().chars().take(32).collect();
    let mut file = tempfile::Builder::new().tempfile_in(&common)?;
    writeln!(file, "{fresh}")?;
    match file.persist_noclobber(&path) {
        Ok(_) => Ok(fresh),
        // Another process was first.
        Err(_) => Ok(std::fs::read_to_string(&path)?.trim().to_owned()),
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Git's common folder, read from its files: asking git costs more than the rest of a decision.
fn common(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = std::fs::read_to_string(&git).ok()?;
    let own = root.join(text.trim().strip_prefix("gitdir:")?.trim());
    let shared = std::fs::read_to_string(own.join("commondir")).ok()?;
    own.join(shared.trim()).canonicalize().ok()
}
