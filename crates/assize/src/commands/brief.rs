//! `assize brief`: what bears on a file or a task, before anything is written.

use std::io::Write;
use std::path::Path;

use assize_model::normalise;
use serde_json::{Value, json};

use crate::brief::{Brief, TOKENS_MAX, of_path, of_task, tokens};
use crate::cli::{Brief as Options, Plain};
use crate::failure::Failure;
use crate::project::{Keep, Project};

pub(super) fn run(options: &Options, out: &mut dyn Write) -> Result<u8, Failure> {
    let project = Project::open(&options.root, Keep::Yes)?;
    project.say_problems();
    let brief = match path(options, &project) {
        Some(path) => of_path(&path, project.view(), &project.settings, &project.root.folder),
        None => of_task(&options.subject.join(" "), project.view()),
    };
    match options.format {
        Plain::Text => match &brief {
            Some(brief) => writeln!(out, "{}", brief.text(TOKENS_MAX))?,
            None => writeln!(out, "nothing in particular bears on it")?,
        },
        Plain::Json => writeln!(out, "{}", json(options, brief.as_ref()))?,
    }
    Ok(0)
}

/// The path that is meant, below the root: one word that is there, or that can only be a path.
fn path(options: &Options, project: &Project) -> Option<String> {
    let [word] = options.subject.as_slice() else { return None };
    let name = word.rsplit('/').next().unwrap_or(word);
    let is_path = word.contains('/') || name.contains('.') || project.view().exists(word);
    if !is_path {
        return None;
    }
    let here = std::env::current_dir().ok()?;
    let full = here.join(word);
    // It need not be there yet, so its folders tell where it would be.
    let above = full.ancestors().skip(1).find_map(|folder| {
        let rest = full.strip_prefix(folder).ok()?;
        Some(folder.canonicalize().ok()?.join(rest))
    });
    let inside = above.as_deref().and_then(|path| path.strip_prefix(&project.root.folder).ok());
    let told = inside.map_or(word.as_str(), |inside: &Path| inside.to_str().unwrap_or(word));
    normalise("", told).ok()
}

fn json(options: &Options, brief: Option<&Brief>) -> Value {
    let text = brief.map(|brief| brief.text(TOKENS_MAX)).unwrap_or_default();
    let lines = brief.map_or(&[][..], |brief| &brief.lines);
    let line = |line: &crate::brief::Line| json!({ "what": line.what.word(), "text": line.text });
    json!({
        "schema": "assize.brief/1",
        "subject": options.subject.join(" "),
        "lines": lines.iter().map(line).collect::<Vec<_>>(),
        "text": text,
        "tokens": tokens(&text),
    })
}
