//! What was seen of documents, kept beside the ledger between two calls.

use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use assize_ledger::{Map, Value, decode, encode};
use assize_repo::read_up_to;

use super::documents::{Document, Documents, Fault};
use crate::hook::tree_id;

const VERSION: i64 = 1;
const BYTES_MAX: u64 = 4 << 20;
/// A file that changed so shortly before it was read may change again with the same stamps.
const RACY_NS: i128 = 50_000_000;

fn path_of(folder: &Path, root: &Path) -> PathBuf {
    folder.join("work").join(format!("{}.documents", tree_id(root)))
}

/// The documents of the last look, where nothing that they hang on changed since.
pub(super) fn still(folder: &Path, root: &Path, key: &str) -> Option<Documents> {
    let map = decode(&read_up_to(&path_of(folder, root), BYTES_MAX).ok()?).ok()?;
    if map.get("version") != Some(&Value::Integer(VERSION)) || text(&map, "key")? != key {
        return None;
    }
    let Some(Value::Map(watched)) = map.get("watched") else { return None };
    let same = |(path, known): (&String, &Value)| {
        let Value::Text(known) = known else { return false };
        *known == stamp(&root.join(path))
    };
    if !watched.iter().all(same) {
        return None;
    }
    let all = maps(&map, "all").map(|one| {
        Some(Document {
            path: text(one, "path")?.to_owned(),
            hash: text(one, "hash")?.to_owned(),
            is_full: one.get("full") == Some(&Value::Bool(true)),
            lines: match one.get("lines") {
                Some(Value::Integer(lines)) => *lines,
                _ => return None,
            },
            sections: text(one, "sections")?.to_owned(),
        })
    });
    let faults = maps(&map, "faults").map(|one| {
        Some(Fault { name: text(one, "name")?.to_owned(), why: text(one, "why")?.to_owned() })
    });
    Some(Documents { all: all.collect::<Option<_>>()?, faults: faults.collect::<Option<_>>()? })
}

/// Keeps what was seen. Where that fails, the next look reads again.
pub(super) fn keep(
    folder: &Path,
    root: &Path,
    key: &str,
    documents: &Documents,
    watched: &[String],
) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let racy = i128::try_from(now.as_nanos()).unwrap_or(0).saturating_sub(RACY_NS);
    if watched.iter().any(|path| changed_ns(&root.join(path)).is_some_and(|at| at > racy)) {
        return;
    }
    let stamps = watched.iter().map(|path| (path.clone(), stamp(&root.join(path)).into()));
    let all = documents.all.iter().map(|one| {
        Value::Map(Map::from([
            ("path".to_owned(), one.path.as_str().into()),
            ("hash".to_owned(), one.hash.as_str().into()),
            ("full".to_owned(), one.is_full.into()),
            ("lines".to_owned(), one.lines.into()),
            ("sections".to_owned(), one.sections.as_str().into()),
        ]))
    });
    let faults = documents.faults.iter().map(|one| {
        let name = ("name".to_owned(), one.name.as_str().into());
        Value::Map(Map::from([name, ("why".to_owned(), one.why.as_str().into())]))
    });
    let map = Map::from([
        ("version".to_owned(), VERSION.into()),
        ("key".to_owned(), key.into()),
        ("watched".to_owned(), Value::Map(stamps.collect())),
        ("all".to_owned(), Value::List(all.collect())),
        ("faults".to_owned(), Value::List(faults.collect())),
    ]);
    let Ok(bytes) = encode(&map) else { return };
    drop(replace(&path_of(folder, root), &bytes));
}

/// Whoever reads meanwhile sees the one or the other.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Everything that changes when a file or a folder does; empty where nothing is there.
fn stamp(path: &Path) -> String {
    let Ok(seen) = path.metadata() else { return String::new() };
    let modified = nanoseconds(seen.mtime(), seen.mtime_nsec());
    let changed = nanoseconds(seen.ctime(), seen.ctime_nsec());
    format!("{}:{modified}:{changed}:{}:{}", seen.size(), seen.ino(), seen.dev())
}

fn changed_ns(path: &Path) -> Option<i128> {
    let seen = path.metadata().ok()?;
    Some(nanoseconds(seen.ctime(), seen.ctime_nsec()))
}

fn nanoseconds(seconds: i64, rest: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(rest)
}

fn text<'m>(map: &'m Map, key: &str) -> Option<&'m str> {
    match map.get(key)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn maps<'m>(map: &'m Map, key: &str) -> impl Iterator<Item = &'m Map> {
    let list = match map.get(key) {
        Some(Value::List(list)) => list.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(|member| match member {
        Value::Map(map) => Some(map),
        _ => None,
    })
}
