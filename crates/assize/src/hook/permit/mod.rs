//! Before the first change a session knows the rules: `preflight-permit`, `preflight-stale` and
//! `rulebook-load`.
//!
//! Only changes of files in the tree wait for it. Looking, taking back and asking for the rules
//! never do, so that there is always a way out.

mod given;
mod pieces;
mod plain;

use assize_config::GuardMode;
use assize_guard::{Effect, Effects, Place, Reach, Reason};
use assize_harness::{Event, Moment};
use assize_ledger::Map;
use assize_model::Severity;
use assize_session::{Lack, Session};

use super::call::inside;
use super::failing;
use super::record::Record;
use super::scene::Scene;
use crate::permit::{Documents, Fault, Text, Without, passage_lines, printed_whole, standing};

pub(super) use given::{after, at_begin};

const PERMIT: &str = "preflight-permit";
const STALE: &str = "preflight-stale";
const LOAD: &str = "rulebook-load";

/// What is shown of sections that changed: a thousand tokens.
const CHANGED_BYTES_MAX: usize = 3_000;
/// Paths that a command in a message names.
const NAMED_MAX: usize = 3;
/// Documents that a message names.
const DOCUMENTS_NAMED_MAX: usize = 5;

/// What there is to say of a call.
#[derive(Default)]
pub(super) struct Look {
    pub(super) judged: Vec<(Severity, Reason)>,
    /// What changed, for the model to read.
    pub(super) context: Option<String>,
    /// What the record keeps of it, where the call runs.
    pub(super) note: Map,
}

/// Whether the session may make this call, and what it reads of documents by it.
pub(super) fn look(
    event: &Event,
    effects: &Effects,
    scene: &Scene,
    session: &Session,
    record: &Record<'_>,
) -> Look {
    let mut look = Look::default();
    // The question whether a call may run is about the same call once more.
    if event.moment != Moment::PreTool {
        return look;
    }
    let documents = || Documents::of(&scene.root, &scene.settings.permit, Some(record.folder()));
    pieces::read(event, effects, scene, &documents, &mut look.note);
    let changed = changed(effects, scene);
    if changed.is_empty() || failing::runs(&event.action) {
        return look;
    }
    let documents = documents();
    if let Some(without) = standing(session, &documents) {
        held(without, &documents, (&changed, session), scene, &mut look);
    }
    look
}

/// The paths below the root that a call is known to change.
fn changed(effects: &Effects, scene: &Scene) -> Vec<String> {
    let mut paths = Vec::new();
    for effect in effects.iter() {
        let places = match effect {
            Effect::Delete { reach: Reach::Made, .. } => continue,
            Effect::Write { at, .. } | Effect::Delete { at, .. } | Effect::Mode { at, .. } => {
                [Some(at), None]
            }
            Effect::MassRewrite { at, .. } => [Some(at), None],
            Effect::Move { from, to } => [Some(from), Some(to)],
            _ => continue,
        };
        for place in places.into_iter().flatten() {
            let (Place::Known(path) | Place::Below(path)) = place else { continue };
            let own = inside(path, scene);
            paths.extend(own.filter(|path| path != ".git" && !path.starts_with(".git/")));
        }
    }
    paths
}

/// What is said where there is no permit. While the guard only observes, it is said once.
fn held(
    without: Without,
    documents: &Documents,
    (changed, session): (&[String], &Session),
    scene: &Scene,
    look: &mut Look,
) {
    let observes = scene.settings.guard_mode == GuardMode::Observe;
    let permit = session.permit();
    let reason = match without {
        Without::Faults(faults) => {
            let mends = |path: &String| faults.iter().any(|fault| fault.name.ends_with(path));
            if changed.iter().all(mends) {
                return;
            }
            unloaded(&faults)
        }
        Without::Lack(Lack::Never) => never(documents, changed),
        Without::Lack(Lack::Unread(paths)) => {
            let texts = Text::of(&scene.root, documents);
            unread(&paths, !printed_whole(documents, &texts).is_empty())
        }
        Without::Lack(Lack::Stale(paths)) => {
            let state = documents.state();
            if !permit.is_graced(&state) {
                look.context = sections(&paths, documents, session, scene);
                look.note.insert("graced".to_owned(), state.into());
                look.judged.push((Severity::Warn, stale(&paths, "this call runs, the next waits")));
                return;
            }
            if observes {
                return;
            }
            stale(&paths, "changes wait until it is known")
        }
    };
    if observes && permit.is_told() {
        return;
    }
    look.judged.push((Severity::Error, reason));
}

/// Why there is no permit, in the words of a denial.
pub(crate) fn unpermitted(without: &Without, documents: &Documents) -> Reason {
    match without {
        Without::Faults(faults) => unloaded(faults),
        Without::Lack(Lack::Never) => never(documents, &[]),
        // Whether one command prints them is seen by who has their texts.
        Without::Lack(Lack::Unread(paths)) => unread(paths, false),
        Without::Lack(Lack::Stale(paths)) => stale(paths, "changes wait until it is known"),
    }
}

fn never(documents: &Documents, changed: &[String]) -> Reason {
    let names: Vec<&str> = documents.all.iter().map(|one| one.path.as_str()).collect();
    Reason {
        control: PERMIT,
        message: format!(
            "this session does not know the rules of this repository yet: {}",
            named(&names)
        ),
        help: format!(
            "run `{}` as a command of its own, read what it prints, and try again",
            command(changed)
        ),
    }
}

/// Documents that are short enough are printed by one command.
fn unread(paths: &[String], is_short: bool) -> Reason {
    let names: Vec<&str> = paths.iter().map(String::as_str).collect();
    Reason {
        control: PERMIT,
        message: format!(
            "these documents are read from end to end before a change: {}",
            named(&names)
        ),
        help: if is_short {
            "run `assize preflight --full` as a command of its own, read what it prints, and try again"
        } else {
            "read each of them whole, in parts where it is long, and try again"
        }
        .to_owned(),
    }
}

fn stale(paths: &[String], what: &str) -> Reason {
    let names: Vec<&str> = paths.iter().map(String::as_str).collect();
    Reason {
        control: STALE,
        message: format!(
            "rules changed since this session was given them: {}; {what}",
            named(&names)
        ),
        help: "run `assize preflight` as a command of its own and read what it prints".to_owned(),
    }
}

/// What is missing, and who mends it.
fn unloaded(faults: &[Fault]) -> Reason {
    Reason {
        control: LOAD,
        message: told(faults),
        help: "restore it, `git restore` still runs; or a person changes `[permit] required` in \
               `assize.toml`"
            .to_owned(),
    }
}

/// Faults in one sentence.
pub(super) fn told(faults: &[Fault]) -> String {
    let one = |fault: &Fault| format!("`{}` ({})", fault.name, fault.why);
    let all: Vec<String> = faults.iter().take(DOCUMENTS_NAMED_MAX).map(one).collect();
    format!("documents that are required cannot be read: {}", all.join(", "))
}

fn named(names: &[&str]) -> String {
    let more = names.len().saturating_sub(DOCUMENTS_NAMED_MAX);
    let named: Vec<String> =
        names.iter().take(DOCUMENTS_NAMED_MAX).map(|name| format!("`{name}`")).collect();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", named.join(", "))
}

/// The command that gives the rules for what a call would change.
fn command(changed: &[String]) -> String {
    let plain = |path: &&String| {
        let letter = |it: u8| it.is_ascii_alphanumeric() || b"/._-".contains(&it);
        path.bytes().all(letter) && !path.starts_with('-')
    };
    let paths = changed.iter().filter(plain).take(NAMED_MAX).map(String::as_str);
    std::iter::once("assize preflight").chain(paths).collect::<Vec<_>>().join(" ")
}

/// The sections of documents that are not as the session was given them.
fn sections(
    paths: &[String],
    documents: &Documents,
    session: &Session,
    scene: &Scene,
) -> Option<String> {
    let mut lines = Vec::new();
    let mut left = CHANGED_BYTES_MAX;
    for path in paths {
        let Some(text) = Text::inner(&scene.root, path) else { continue };
        let known = session.permit().sections(path).unwrap_or("");
        // A text under two names is said once.
        let hash = documents.get(path).map(|one| one.hash.as_str());
        let twin = documents.all.iter().find(|one| Some(one.hash.as_str()) == hash);
        if twin.is_some_and(|one| one.path != *path && paths.contains(&one.path)) {
            continue;
        }
        let found = passage_lines(&text, known, left);
        left = left.saturating_sub(found.iter().map(|line| line.len() + 1).sum());
        lines.extend(found);
    }
    (!lines.is_empty())
        .then(|| format!("Rules that changed, as they are now:\n{}", lines.join("\n")))
}
