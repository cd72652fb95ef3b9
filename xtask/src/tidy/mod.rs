//! `tidy`: the house style, as far as a machine can see it.
//!
//! Exceptions stand in tables with their reason. A rule that needs many of them is wrong.

mod controls;
mod dependencies;
mod rust;
mod words;

use std::fs;

use anyhow::{Result, bail};

use crate::workspace;

/// A committed text.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Texts whose bytes are data: spaces and words in them are meant.
const DATA: [(&str, &str); 9] = [
    ("/fixtures/", "trees of test data"),
    ("/tests/data/", "test data of others"),
    (".snap", "rendered output"),
    (".patch", "a patch keeps the spaces of its context"),
    ("Cargo.lock", "written by cargo"),
    ("xtask/shapes/", "texts to plant"),
    ("/data/", "tables"),
    ("LICENSE", "the words of the licences"),
    ("examples/", "trees of data for the product: they show what it is for"),
];

/// Names that say nothing of what a thing is.
const EMPTY_NAMES: [&str; 8] =
    ["util", "utils", "common", "helper", "helpers", "core", "misc", "shared"];

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("tidy takes no arguments");
    }
    let texts = texts()?;
    let mut faults = Vec::new();
    for text in &texts {
        empty_names(text, &mut faults);
        if is_data(&text.path) {
            continue;
        }
        spaces(text, &mut faults);
        words::look(text, &mut faults);
        if text.path.ends_with(".rs") {
            rust::look(text, &mut faults);
        }
    }
    controls::look(&texts, &mut faults)?;
    dependencies::look(&texts, &mut faults)?;
    documents(&texts, &mut faults);
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("tidy: {} faults", faults.len());
    }
    Ok(())
}

/// All committed files that are texts.
fn texts() -> Result<Vec<Text>> {
    let root = workspace::root();
    let mut texts = Vec::new();
    for path in workspace::files()? {
        let file = root.join(&path);
        if fs::symlink_metadata(&file)?.is_symlink() {
            continue;
        }
        if let Ok(text) = String::from_utf8(fs::read(&file)?) {
            texts.push(Text { path, text });
        }
    }
    Ok(texts)
}

fn is_data(path: &str) -> bool {
    DATA.iter().any(|(mark, _)| path.contains(mark))
}

fn spaces(text: &Text, faults: &mut Vec<String>) {
    let path = &text.path;
    for (number, line) in text.text.split('\n').enumerate() {
        if line.trim_end() != line {
            faults.push(format!("{path}:{}: space at the end of the line", number + 1));
        }
    }
    if !text.text.is_empty() && (!text.text.ends_with('\n') || text.text.ends_with("\n\n")) {
        faults.push(format!("{path}: it must end in one line feed"));
    }
}

fn empty_names(text: &Text, faults: &mut Vec<String>) {
    let ours = text.path.starts_with("crates/") || text.path.starts_with("xtask/");
    if !ours || text.path.contains("/fixtures/") || !text.path.ends_with(".rs") {
        return;
    }
    for part in text.path.split('/') {
        let stem = part.split('.').next().unwrap_or(part);
        let last = stem.rsplit('_').next().unwrap_or(stem);
        if EMPTY_NAMES.contains(&stem) || stem.starts_with("assize_") && EMPTY_NAMES.contains(&last)
        {
            faults.push(format!("{}: `{stem}` says nothing of what is in it", text.path));
        }
    }
}

/// Documents that must be there.
fn documents(texts: &[Text], faults: &mut Vec<String>) {
    let text = |path: &str| texts.iter().find(|text| text.path == path);
    match text("CHANGELOG.md") {
        None => faults.push("CHANGELOG.md is missing".to_owned()),
        Some(log)
            if !log.text.lines().any(|line| {
                line.strip_prefix("## ")
                    .is_some_and(|title| title.trim_matches(['[', ']']) == "Unreleased")
            }) =>
        {
            faults.push("CHANGELOG.md has no section `## Unreleased`".to_owned());
        }
        Some(_) => {}
    }
    for path in ["docs/acceptance.md", "LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY.md"] {
        if text(path).is_none() {
            faults.push(format!("{path} is missing"));
        }
    }
}
