//! Whether a call changes a file that the session has not read as it is: `read-before-edit`.

use std::path::Path;

use assize_guard::controls::Standing;
use assize_guard::{Action, Effect, Effects, Place, Reach, Reason};
use assize_harness::{Client, Event, Moment};
use assize_ledger::{Map, Value};
use assize_model::Severity;
use assize_repo::read_up_to;
use assize_session::Session;

use super::call::{content_hash, inside};
use super::judge::Future;
use super::scene::Scene;

const NAME: &str = "read-before-edit";
/// A call that changes more files works by pattern, and other controls speak of that.
const FILES_MAX: usize = 10;
/// Git is asked for each file that would go.
const DELETED_MAX: usize = 3;
const FILE_BYTES_MAX: u64 = 4 << 20;

/// Tells once of each file that is changed unread; the note keeps of which.
pub(super) fn look(
    (client, event): (Client, &Event),
    (effects, futures): (&Effects, &[Future]),
    scene: &Scene,
    session: &Session,
    note: &mut Map,
) -> Option<(Severity, Reason)> {
    if event.moment != Moment::PreTool || futures.len() > FILES_MAX {
        return None;
    }
    let mut paths = match &event.action {
        // This client's own tools refuse what was not read as it is.
        _ if client == Client::ClaudeCode && !matches!(event.action, Action::Shell { .. }) => {
            Vec::new()
        }
        Action::Edit { .. }
        | Action::Write { .. }
        | Action::Notebook { .. }
        | Action::Patch { .. } => {
            futures.iter().map(|future| future.path.as_str().to_owned()).collect()
        }
        _ => deleted(effects, scene, session),
    };
    paths.retain(|path| is_unread(path, scene, session));
    let first = paths.first()?;
    let more = match paths.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let known = session.read(first).is_some();
    let why =
        if known { "changed since this session read it" } else { "was not read by this session" };
    let message = format!("`{first}`{more} {why}");
    let list = paths.iter().map(|path| path.as_str().into()).collect();
    note.insert("unread".to_owned(), Value::List(list));
    let help = "read it first: what it is for, and who uses it".to_owned();
    Some((Severity::Warn, Reason { control: NAME, message, help }))
}

/// Single files of git that would go.
fn deleted(effects: &Effects, scene: &Scene, session: &Session) -> Vec<String> {
    let gone = effects.iter().filter_map(|effect| match effect {
        Effect::Delete { at: Place::Known(path), reach: Reach::One } => Some(path),
        _ => None,
    });
    let held = |path: &&String| {
        let unread = inside(path, scene).is_some_and(|path| is_unread(&path, scene, session));
        unread && matches!(scene.standing(path, session), Standing::Clean | Standing::Changed)
    };
    let paths: Vec<&String> = gone.take(FILES_MAX).collect();
    if paths.len() > DELETED_MAX {
        return Vec::new();
    }
    paths.into_iter().filter(held).filter_map(|path| inside(path, scene)).collect()
}

fn is_unread(path: &str, scene: &Scene, session: &Session) -> bool {
    if session.made(path) || session.permit().is_told_of(path) {
        return false;
    }
    let Ok(bytes) = read_up_to(&Path::new(&scene.root).join(path), FILE_BYTES_MAX) else {
        return false;
    };
    !bytes.is_empty() && session.read(path) != Some(content_hash(&bytes).as_str())
}
