//! What a call reads of rule documents: a document may be read in parts.

use assize_guard::{Action, Effect, Effects, Place};
use assize_harness::Event;
use assize_ledger::{Map, Value};
use assize_repo::read_up_to;

use super::plain::{Part, Range, parts};
use crate::hook::call::{content_hash, inside};
use crate::hook::scene::Scene;
use crate::permit::Documents;

/// Tools that read show so many lines where nobody asks for others.
const LINES_SHOWN: i64 = 2_000;
/// Clients cut what a command prints; beyond this nobody knows what came through.
const PRINTED_BYTES_MAX: usize = 28_000;
const DOCUMENT_BYTES_MAX: u64 = 1 << 20;
const PIECES_MAX: usize = 32;

/// Notes the parts of documents that a call shows to the model.
pub(super) fn read(
    event: &Event,
    effects: &Effects,
    scene: &Scene,
    documents: &dyn Fn() -> Documents,
    note: &mut Map,
) {
    let reads = effects.iter().filter_map(|effect| match effect {
        Effect::Read(Place::Known(path)) => inside(path, scene),
        _ => None,
    });
    // Most calls read no document, and need not ask which there are.
    if !reads.into_iter().any(|path| may_be_one(&path, scene)) {
        return;
    }
    let shown = shown(event, scene);
    let documents = documents();
    let mut pieces = Vec::new();
    let mut printed = 0;
    for Part { path, part } in shown.into_iter().take(PIECES_MAX) {
        let Some(path) = inside(&path, scene) else { continue };
        let Some(document) = documents.get(&path) else { continue };
        let Ok(bytes) = read_up_to(&scene.root.join(&path), DOCUMENT_BYTES_MAX) else { continue };
        if content_hash(&bytes) != document.hash {
            continue;
        }
        let (from, to) = ends(part, document.lines);
        printed += size(&bytes, from, to);
        pieces.push(Value::Map(Map::from([
            ("path".to_owned(), path.into()),
            ("hash".to_owned(), document.hash.as_str().into()),
            ("from".to_owned(), from.into()),
            ("to".to_owned(), to.into()),
            ("lines".to_owned(), document.lines.into()),
        ])));
    }
    let came_through =
        !matches!(event.action, Action::Shell { .. }) || printed <= PRINTED_BYTES_MAX;
    if !pieces.is_empty() && came_through {
        note.insert("pieces".to_owned(), Value::List(pieces));
    }
}

/// Whether a path may be one of the documents, without asking which there are.
fn may_be_one(path: &str, scene: &Scene) -> bool {
    let permit = &scene.settings.permit;
    let configured = [&permit.documents, &permit.required, &permit.full];
    let name = path.rsplit('/').next().unwrap_or(path);
    configured.iter().any(|list| !list.is_empty())
        || matches!(name, "AGENTS.md" | "CLAUDE.md" | "GEMINI.md" | "copilot-instructions.md")
        || path.starts_with(".cursor/")
}

/// The parts of files that the model sees.
fn shown(event: &Event, scene: &Scene) -> Vec<Part> {
    match &event.action {
        Action::Read { path } => {
            let (first, count) = match event.lines {
                None => (1, LINES_SHOWN),
                Some(lines) => (i64::from(lines.first), lines.count.map_or(LINES_SHOWN, i64::from)),
            };
            let last = first.saturating_add(count).saturating_sub(1);
            let Place::Known(path) = assize_guard::normalise(path, &scene.surroundings) else {
                return Vec::new();
            };
            vec![Part { path, part: Range::From(first, Some(last)) }]
        }
        Action::Shell { command, background: false } => parts(command, &scene.surroundings),
        _ => Vec::new(),
    }
}

/// Both ends of a range in a document of so many lines.
fn ends(range: Range, lines: i64) -> (i64, i64) {
    match range {
        Range::From(first, last) => (first, last.unwrap_or(lines).min(lines)),
        Range::Last(count) => (lines.saturating_sub(count).saturating_add(1).max(1), lines),
    }
}

fn size(bytes: &[u8], from: i64, to: i64) -> usize {
    let from = usize::try_from(from).unwrap_or(0).saturating_sub(1);
    let count = usize::try_from(to).unwrap_or(0).saturating_sub(from);
    bytes.split(|byte| *byte == b'\n').skip(from).take(count).map(|line| line.len() + 1).sum()
}
