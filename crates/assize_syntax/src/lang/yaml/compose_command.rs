//! The script by which a service of a compose file starts, where it lies in a mounted folder.
//!
//! What the image holds is unknown, but a mount hides it: under its target the tree is ours.

use assize_model::normalise;

use super::tree::{Fields, NodeId, Tree};
use crate::{Extraction, FactKind, Flags, Role};

/// Programs that take a script as their first word.
const INTERPRETERS: [&str; 8] =
    ["bash", "node", "python", "python3", "ruby", "sh", "ts-node", "tsx"];

/// Endings of scripts.
const ENDINGS: [&str; 8] = ["cjs", "js", "mjs", "py", "rb", "sh", "ts", "bash"];

/// Where in the container a folder lies, and which folder of ours it is, if it is one.
struct Mount {
    target: String,
    source: Option<String>,
}

pub(crate) fn extract(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    service: &str,
    fields: &Fields<'_>,
) {
    let list = fields.get("volumes").map(|id| tree.items(id)).unwrap_or_default();
    let folder = sheet.path.folder();
    let mounts: Vec<Mount> =
        list.into_iter().filter_map(|entry| mount(tree, entry, folder)).collect();
    if !mounts.iter().any(|mount| mount.source.is_some()) {
        return;
    }
    let working = fields.get("working_dir").and_then(|id| tree.text(id));
    for name in ["command", "entrypoint"] {
        let Some(id) = fields.get(name) else { continue };
        let Some((source, key)) = words(tree, id)
            .and_then(|words| script(&words).map(str::to_owned))
            .and_then(|path| inside(&path, working))
            .and_then(|path| ours(&path, &mounts))
        else {
            continue;
        };
        sheet
            .fact(FactKind::Command, Role::Reference, format!("file:{key}"), tree.span(id))
            .value(source)
            .item(service)
            .flags(Flags::IN_COMPOSE)
            .done();
    }
}

fn mount(tree: &Tree<'_>, entry: NodeId, folder: &str) -> Option<Mount> {
    let (source, target) = match tree.text(entry) {
        Some(text) => {
            let (source, rest) = text.split_once(':')?;
            (source, rest.split(':').next()?)
        }
        None => {
            let fields = tree.fields(entry);
            let text = |name| fields.get(name).and_then(|id| tree.text(id));
            (text("source").unwrap_or(""), text("target")?)
        }
    };
    let relative = source == "." || source.starts_with("./") || source.starts_with("../");
    let known = relative && !source.contains('$') && !target.contains('$');
    let source = known.then(|| normalise(folder, source).ok()).flatten();
    Some(Mount { target: target.trim_end_matches('/').to_owned(), source })
}

/// The words of a command, if no shell has to be asked what they are.
fn words<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<Vec<&'t str>> {
    let words: Vec<&str> = match tree.text(id) {
        Some(text) => text.split_whitespace().collect(),
        None => tree.items(id).into_iter().map(|item| tree.text(item)).collect::<Option<_>>()?,
    };
    let plain = |word: &&str| !word.contains(['$', '|', '&', ';', '<', '>', '`', '"', '\'', '*']);
    words.iter().all(plain).then_some(words)
}

fn script<'w>(words: &[&'w str]) -> Option<&'w str> {
    let (first, rest) = words.split_first()?;
    let called = if INTERPRETERS.contains(first) { *rest.first()? } else { first };
    let ending = called.rsplit_once('.').map(|(_, ending)| ending)?;
    let path = called == *first && !called.contains('/');
    (ENDINGS.contains(&ending) && !called.starts_with('-') && !path).then_some(called)
}

/// The path in the container.
fn inside(path: &str, working: Option<&str>) -> Option<String> {
    let (folder, path) = match path.strip_prefix('/') {
        Some(path) => ("", path),
        None => (working?.strip_prefix('/')?, path),
    };
    normalise(folder, path).ok().map(|path| format!("/{path}"))
}

/// The mounted folder that holds a path, and the path in it.
fn ours(path: &str, mounts: &[Mount]) -> Option<(String, String)> {
    let below = |mount: &&Mount| {
        path.strip_prefix(mount.target.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    let mount = mounts.iter().filter(below).max_by_key(|mount| mount.target.len())?;
    let source = mount.source.clone()?;
    let rest = path.get(mount.target.len() + 1..)?;
    let key = normalise(&source, rest).ok()?;
    Some((source, key))
}
