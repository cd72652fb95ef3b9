//! `brief`: what bears on a file or a task, before anything is written.

use assize_model::normalise;
use assize_serve::Answer;
use serde_json::{Value, json};

use super::Asked;
use super::arguments::Arguments;
use super::ground::Ground;
use crate::brief::{Brief, Line, TOKENS_MAX, of_path, of_task};

pub(super) fn input() -> Value {
    json!({
        "subject": {
            "type": "string",
            "description": "A path relative to the root, there or not yet, or a task in words.",
        },
    })
}

pub(super) fn brief(ground: &Ground, arguments: &Arguments<'_>) -> Asked {
    let subject = arguments.text("subject")?;
    let project = ground.project()?;
    let view = project.view();
    let brief = match path(subject).filter(|path| is_path(path) || view.exists(path)) {
        Some(path) => of_path(&path, view, &project.settings, ground.root()),
        None => of_task(subject, view),
    };
    let text = match &brief {
        Some(brief) => brief.text(TOKENS_MAX),
        None => "nothing in particular bears on it".to_owned(),
    };
    Ok(Answer::good(text, data(subject, brief.as_ref())))
}

/// A subject of one word as a path below the root, if it can be one.
fn path(subject: &str) -> Option<String> {
    let one = !subject.contains(char::is_whitespace);
    normalise("", subject).ok().filter(|_| one)
}

/// Whether a word that is not there can only be a path.
fn is_path(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    word.contains('/') || name.contains('.')
}

fn data(subject: &str, brief: Option<&Brief>) -> Value {
    let lines = brief.map_or(&[][..], |brief| &brief.lines);
    let line = |line: &Line| json!({ "what": line.what.word(), "text": line.text });
    json!({ "subject": subject, "lines": lines.iter().map(line).collect::<Vec<_>>() })
}
