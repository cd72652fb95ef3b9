//! What a person would allow: one call as it is, on the files as they are now.

use std::path::Path;

use assize_guard::{Action, Argument, Change, Effect, Effects, Place};
use assize_ledger::{Map, Value, encode};
use assize_repo::read_up_to;

use super::call::content_hash;
use super::judge::Future;
use super::scene::Scene;

/// Letters that nobody mistakes for another, so that an id can be read aloud.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const ID_LETTERS: usize = 10;
/// A call on more files than this is nothing that a person oversees, and cannot be lifted.
const FILES_MAX: usize = 512;
/// Of larger files the length and the time of change stand for the content.
const FILE_BYTES_MAX: u64 = 8 << 20;

/// A denial that a person can lift.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// What a person types.
    pub(super) id: String,
    /// The whole hash: an id is too short to keep two calls apart that somebody wants to confuse.
    pub(super) call_hash: String,
}

impl Request {
    /// The request for a call.
    pub(super) fn of(
        action: &Action,
        effects: &Effects,
        futures: &[Future],
        scene: &Scene,
    ) -> Option<Self> {
        let whole = Map::from([
            ("root".to_owned(), scene.surroundings.root.as_str().into()),
            ("folder".to_owned(), scene.surroundings.folder.as_str().into()),
            ("action".to_owned(), canonical(action)?),
            ("files".to_owned(), Value::Map(files(effects, futures, scene)?)),
        ]);
        let hash = blake3::hash(&encode(&whole).ok()?);
        Some(Self { id: id(hash.as_bytes()), call_hash: hash.to_hex().to_string() })
    }

    /// The line that ends the denial.
    pub(super) fn offer(&self) -> String {
        format!("A person can allow this once: assize approve {}", self.id)
    }
}

/// Five bits a letter.
fn id(hash: &[u8]) -> String {
    let mut bits = hash.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let letter = |_| {
        let number = bits.by_ref().take(5).fold(0, |sum, bit| sum << 1 | usize::from(bit));
        char::from(LETTERS.get(number).copied().unwrap_or(b'0'))
    };
    (0..ID_LETTERS).map(letter).collect()
}

/// Whether a person may lift a denial: not one of the record on which lifting rests, and not one
/// of the agent's own answer to a request.
pub(super) fn is_liftable(effects: &Effects, scene: &Scene) -> bool {
    if assize_guard::controls::answers_for_a_person(effects) {
        return false;
    }
    let Ok(ledger) = crate::state::folder(&scene.root) else { return false };
    let ledger = ledger.to_string_lossy().into_owned();
    let state = ledger.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
    let touches = |place: &Place| match place {
        Place::Known(path) | Place::Below(path) => {
            let path = path.trim_end_matches('/');
            let inside = |one: &str, other: &str| {
                one == other || one.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'))
            };
            inside(path, &state) || inside(&state, path)
        }
        Place::Unknown => false,
    };
    !effects.iter().any(|effect| match effect {
        Effect::Write { at, .. } | Effect::Delete { at, .. } | Effect::Mode { at, .. } => {
            touches(at)
        }
        Effect::Move { from, to } => touches(from) || touches(to),
        _ => false,
    })
}

/// The content of each file that the call would change, reads, or runs, as it is now.
fn files(effects: &Effects, futures: &[Future], scene: &Scene) -> Option<Map> {
    let mut paths: Vec<String> =
        futures.iter().map(|one| format!("{}/{}", scene.surroundings.root, one.path)).collect();
    for effect in effects.iter() {
        match effect {
            Effect::Read(Place::Known(path)) | Effect::Write { at: Place::Known(path), .. } => {
                paths.push(path.clone());
            }
            Effect::Run(program) => {
                let words = program.words.iter().flatten();
                let folder = Path::new(&scene.surroundings.folder);
                let named = words.filter(|word| !word.starts_with('-'));
                paths.extend(named.map(|word| folder.join(word).to_string_lossy().into_owned()));
            }
            _ => {}
        }
    }
    paths.sort_unstable();
    paths.dedup();
    let now = |path: String| Some((path.clone(), content(Path::new(&path))?.into()));
    let files: Map = paths.into_iter().filter_map(now).take(FILES_MAX + 1).collect();
    (files.len() <= FILES_MAX).then_some(files)
}

/// None where there is no file, which is a state as well: the path is then missing.
fn content(path: &Path) -> Option<String> {
    let about = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
    if about.len() > FILE_BYTES_MAX {
        return Some(format!("{} {:?}", about.len(), about.modified().ok()));
    }
    read_up_to(path, FILE_BYTES_MAX).ok().map(|bytes| content_hash(&bytes))
}

/// The call as a value: every member of it, and nothing of how the client wrote it down.
fn canonical(action: &Action) -> Option<Value> {
    let text = |text: &str| Value::from(text);
    let maybe = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
    let members = match action {
        Action::Shell { command, background } => {
            vec![text("shell"), text(command), (*background).into()]
        }
        Action::Write { path, content } => vec![text("write"), text(path), text(content)],
        Action::Edit { path, changes } => {
            let changes = changes.iter().map(change).collect();
            vec![text("edit"), text(path), Value::List(changes)]
        }
        Action::Notebook { path, cell, source } => {
            vec![text("notebook"), text(path), maybe(cell), maybe(source)]
        }
        Action::Patch { text: patch } => vec![text("patch"), text(patch)],
        Action::Read { path } => vec![text("read"), text(path)],
        Action::Search { pattern, path } => vec![text("search"), text(pattern), maybe(path)],
        Action::Web { address } => vec![text("web"), text(address)],
        Action::Mcp { server, tool, arguments } => {
            vec![text("mcp"), text(server), text(tool), list(arguments)]
        }
        Action::Unknown { tool, arguments } => vec![text("unknown"), text(tool), list(arguments)],
        // What is no call of a tool cannot be asked for.
        _ => return None,
    };
    Some(Value::List(members))
}

fn change(change: &Change) -> Value {
    Value::List(vec![change.old.as_str().into(), change.new.as_str().into(), change.all.into()])
}

fn list(arguments: &[Argument]) -> Value {
    let pair =
        |one: &Argument| Value::List(vec![one.key.as_str().into(), one.text.as_str().into()]);
    Value::List(arguments.iter().map(pair).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_id_is_short_and_hangs_on_the_first_bits() {
        assert_eq!(id(&[0xff; 32]), "zzzzzzzzzz");
        assert_eq!(id(&[0b0000_1000, 0b0100_0000, 0, 0, 0, 0, 0]), "1100000000");
        assert_eq!(LETTERS.iter().collect::<BTreeSet<_>>().len(), 32);
    }

    #[test]
    fn every_part_of_a_call_counts() {
        let shell =
            |command: &str, background| Action::Shell { command: command.to_owned(), background };
        let edit = |path: &str, new: &str, all| Action::Edit {
            path: path.to_owned(),
            changes: vec![Change { old: "a".to_owned(), new: new.to_owned(), all }],
        };
        let mcp = |text: &str| Action::Mcp {
            server: "s".to_owned(),
            tool: "t".to_owned(),
            arguments: vec![Argument { key: "k".to_owned(), text: text.to_owned() }],
        };
        let calls = [
            shell("rm a", false),
            shell("rm a", true),
            shell("rm b", false),
            edit("a", "b", false),
            edit("a", "b", true),
            edit("a", "c", false),
            edit("b", "b", false),
            mcp("x"),
            mcp("y"),
            Action::Write { path: "a".to_owned(), content: "b".to_owned() },
            Action::Read { path: "a".to_owned() },
            Action::Notebook { path: "a".to_owned(), cell: None, source: None },
            Action::Notebook { path: "a".to_owned(), cell: None, source: Some(String::new()) },
        ];
        let bytes = |action: &Action| {
            encode(&Map::from([("a".to_owned(), canonical(action).unwrap())])).unwrap()
        };
        let all: BTreeSet<Vec<u8>> = calls.iter().map(bytes).collect();
        assert_eq!(all.len(), calls.len());
        assert!(canonical(&Action::Stop).is_none());
    }
}
