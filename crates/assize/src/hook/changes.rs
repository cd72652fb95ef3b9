//! What changed, whose it is, and what the record is told of it: contents by their hashes, why,
//! and which things of the index it touches.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use assize_index::{FileRef, View};
use assize_ledger::{Map, Value};
use assize_session::{Changed, Whose, whose};
use assize_syntax::{FactKind, Role};

use super::failing::Cause;
use super::observe::{Found, Running};
use super::record::Record;
use crate::state;

/// How many files one entry names.
const FILES_MAX: usize = 500;
/// How many things of the index one entry names, and how much of each.
const KEYS_MAX: usize = 40;
const KEY_CHARS_MAX: usize = 80;

/// A file that is not as the index knew it.
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) whose: Whose,
}

/// What changed since somebody looked last, and whose each change is.
pub(super) fn seen(found: &Found<'_>, record: &Record<'_>, running: &Running) -> Vec<Seen> {
    let Some(last) = found.seen else { return Vec::new() };
    let (key, call) = (record.key(), found.ended.map(|(call, _)| call));
    let background = !running.background.is_empty();
    let mut seen = Vec::new();
    for path in &last.changed {
        let before = hash(last.layers.view(), path);
        let after = hash(found.project.view(), path);
        if before == after {
            continue;
        }
        let changed_ms = changed_ms(&found.project.root.folder.join(path));
        let changed = Changed { path, changed_ms };
        let whose = whose(&changed, &key, call, &running.others, background);
        seen.push(Seen { path: path.clone(), before, after, whose });
    }
    seen
}

/// The content hash of a file, as the record has it.
pub(super) fn hash(view: View<'_>, path: &str) -> Option<String> {
    let file = view.file(path)?;
    Some(file.hash().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// When the file changed last; of one that is gone, when its folder did.
fn changed_ms(path: &Path) -> Option<i64> {
    let there = path.symlink_metadata().or_else(|_| path.parent().unwrap_or(path).metadata());
    let metadata = there.ok()?;
    Some(metadata.ctime().saturating_mul(1_000).saturating_add(metadata.ctime_nsec() / 1_000_000))
}

/// Records the changes, each with the session that answers for it.
pub(super) fn record(
    seen: &[Seen],
    found: &Found<'_>,
    record: &mut Record<'_>,
) -> Result<(), Cause> {
    let mut by_session: BTreeMap<String, Vec<&Seen>> = BTreeMap::new();
    for one in seen {
        let session = match &one.whose {
            Whose::Other(session) => session.clone(),
            Whose::Own | Whose::Probable | Whose::Unattributed => record.key(),
        };
        by_session.entry(session).or_default().push(one);
    }
    for (session, files) in by_session {
        let context = record.session_of(&session)?.context().clone();
        for files in files.chunks(FILES_MAX) {
            let mut payload = Map::from([
                ("files".to_owned(), Value::List(files.iter().map(|one| file(one)).collect())),
                ("tree".to_owned(), super::tree_id(&found.project.root.folder).into()),
                ("head".to_owned(), state::head(&found.project.root.folder).into()),
                ("entities".to_owned(), entities(files, found)),
            ]);
            for (key, hash) in [("prompt", &context.prompt), ("plan", &context.plan)] {
                if let Some(hash) = hash {
                    payload.insert(key.to_owned(), hash.as_str().into());
                }
            }
            record.append_for(&session, "change", payload)?;
        }
    }
    Ok(())
}

fn file(one: &Seen) -> Value {
    let mut file = Map::from([
        ("path".to_owned(), one.path.as_str().into()),
        ("whose".to_owned(), one.whose.word().into()),
    ]);
    for (name, hash) in [("before", &one.before), ("after", &one.after)] {
        if let Some(hash) = hash {
            file.insert(name.to_owned(), hash.as_str().into());
        }
    }
    Value::Map(file)
}

/// What the files define that is not as it was: how much of each kind, and the first names.
fn entities(files: &[&Seen], found: &Found<'_>) -> Value {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    let mut keys: BTreeSet<String> = BTreeSet::new();
    let Some(last) = found.seen else { return Value::Map(Map::new()) };
    for one in files {
        let before = defined(last.layers.view().file(&one.path));
        let after = defined(found.project.view().file(&one.path));
        let differs: BTreeSet<(&str, &str)> =
            before.symmetric_difference(&after).map(|(kind, key, _)| (*kind, *key)).collect();
        for (kind, key) in differs {
            let count = counts.entry(kind).or_insert(0);
            *count = count.saturating_add(1);
            if keys.len() < KEYS_MAX {
                let key: String = key.chars().take(KEY_CHARS_MAX).collect();
                keys.insert(format!("{kind} {key}"));
            }
        }
    }
    let counts = counts.into_iter().map(|(kind, count)| (kind.to_owned(), count.into()));
    Value::Map(Map::from([
        ("count".to_owned(), Value::Map(counts.collect())),
        ("keys".to_owned(), Value::List(keys.into_iter().map(Value::from).collect())),
    ]))
}

/// The definitions of a file that people speak of: kind, name, and what makes it this one.
fn defined(file: Option<FileRef<'_>>) -> BTreeSet<(&'static str, &str, &str)> {
    let facts = file.into_iter().flat_map(|file| file.facts());
    let defined = facts.filter(|fact| fact.role == Role::Definition);
    let named = defined.filter_map(|fact| {
        let kind = match fact.kind {
            FactKind::Body => return Some(("function", fact.item, fact.value)),
            FactKind::Symbol => "symbol",
            FactKind::Package => "package",
            FactKind::Env => "env",
            FactKind::Target => "target",
            FactKind::Service => "service",
            FactKind::Port => "port",
            FactKind::Agent => "agent",
            FactKind::McpServer => "mcp-server",
            FactKind::Route => "route",
            FactKind::Table => "table",
            FactKind::Test => "test",
            _ => return None,
        };
        Some((kind, fact.key, fact.value))
    });
    named.filter(|(_, key, _)| !key.is_empty()).collect()
}
