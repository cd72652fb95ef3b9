//! `assize preflight`: the rules that are known before a change, and what belongs to paths.
//!
//! The hook sees that this ran and what came back; nothing here knows of a session.

use std::io::Write;
use std::path::{Component, Path, PathBuf};

use assize_documents::{Digest, TOKENS_ASKED, tokens};
use serde_json::{Value, json};

use crate::cli::{Plain, Preflight};
use crate::failure::Failure;
use crate::permit::{Documents, Fault, Text, digest, printed_whole, rules_hash};
use crate::records;

/// Folders above a path that may have a document of their own.
const DEPTH_MAX: usize = 16;
/// Documents that rule the folder in which they lie.
const INNER: [&str; 2] = ["AGENTS.md", "CLAUDE.md"];

pub(super) fn run(options: &Preflight, out: &mut dyn Write) -> Result<u8, Failure> {
    let root = records::root(Path::new("."))?.folder;
    let settings = crate::settings::of_root(&root)?;
    let documents = Documents::of(&root, &settings.permit, None);
    let paths = options.paths.iter().map(|path| below(&root, path));
    let paths: Vec<String> = paths.collect::<Result<_, _>>()?;
    let rules = rules_hash(&root, &documents)?;
    let own = Text::of(&root, &documents);
    let mut texts = own.clone();
    texts.extend(inner(&root, &paths, &documents));
    let asked: Vec<&str> = paths.iter().map(String::as_str).collect();
    let digest = digest(&texts, &settings, &asked, TOKENS_ASKED, &rules);
    let whole: Vec<&Text> = if options.full {
        let listed = printed_whole(&documents, &own);
        own.iter().filter(|text| listed.iter().any(|one| one.path == text.path)).collect()
    } else {
        Vec::new()
    };
    match options.format {
        Plain::Text => as_text(&digest, &documents, &whole, options.full, out)?,
        Plain::Json => writeln!(out, "{}", as_json(&rules, &digest, &documents, &whole))?,
    }
    // Without the documents that are required nobody has a permit.
    Ok(u8::from(!documents.faults.is_empty()))
}

/// A path of the command line, below the root. It need not be there yet.
fn below(root: &Path, path: &Path) -> Result<String, Failure> {
    let outside = || Failure::said(format!("`{}` does not lie in this repository", path.display()));
    let here = std::env::current_dir()?;
    let mut whole = PathBuf::new();
    for part in here.canonicalize()?.join(path).components() {
        match part {
            Component::ParentDir => {
                whole.pop();
            }
            Component::CurDir => {}
            part => whole.push(part),
        }
    }
    let root = root.canonicalize()?;
    let inside = whole.strip_prefix(&root).map_err(|_| outside())?;
    inside.to_str().map(str::to_owned).ok_or_else(outside)
}

/// Documents of the folders above the paths, which a whole repository is not held to.
fn inner(root: &Path, paths: &[String], documents: &Documents) -> Vec<Text> {
    let mut folders: Vec<&Path> = Vec::new();
    for path in paths {
        let above = Path::new(path).ancestors().skip(1).take(DEPTH_MAX);
        folders.extend(above.filter(|folder| !folder.as_os_str().is_empty()));
    }
    folders.sort_unstable();
    folders.dedup();
    let names = folders.iter().flat_map(|folder| INNER.map(|name| folder.join(name)));
    let names = names.filter_map(|path| Some(path.to_str()?.to_owned()));
    names
        .filter(|path| documents.get(path).is_none())
        .filter_map(|it| Text::inner(root, &it))
        .collect()
}

fn as_text(
    digest: &Digest,
    documents: &Documents,
    whole: &[&Text],
    wants_whole: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    out.write_all(printable(&digest.text).as_bytes())?;
    for text in whole {
        writeln!(out, "\n{}:", text.path)?;
        writeln!(out, "{}", printable(text.text.trim_end()))?;
    }
    if wants_whole && whole.is_empty() && !documents.all.is_empty() {
        writeln!(out, "\nThe documents are too long for one command: read them in parts.")?;
    }
    for fault in &documents.faults {
        let Fault { name, why } = fault;
        writeln!(out, "error[rulebook-load]: `{name}` is required and cannot be read: {why}")?;
    }
    Ok(())
}

/// A document may hold anything, and a terminal obeys some of it.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect()
}

fn as_json(rules: &str, digest: &Digest, documents: &Documents, whole: &[&Text]) -> Value {
    let document = |one: &crate::permit::Document| {
        json!({
            "path": one.path,
            "hash": one.hash,
            "lines": one.lines,
            "reading": if one.is_full { "full" } else { "digest" },
        })
    };
    let fault = |one: &Fault| json!({ "name": one.name, "why": one.why });
    let text = |one: &&Text| json!({ "path": one.path, "text": one.text });
    json!({
        "schema": 1,
        "rules": rules,
        "documents": documents.all.iter().map(document).collect::<Vec<_>>(),
        "faults": documents.faults.iter().map(fault).collect::<Vec<_>>(),
        "digest": digest.text,
        "tokens_at_most": tokens(&digest.text),
        "rules_left_out": digest.rules_left_out,
        "lines_left_out": digest.lines_left_out,
        "whole": whole.iter().map(text).collect::<Vec<_>>(),
    })
}
