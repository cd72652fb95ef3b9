//! Dependencies: each of the workspace is used and says what it is for; each of a crate is named in
//! its code.

use std::path::Path;

use anyhow::{Context as _, Result};
use toml::{Table, Value};

use super::Text;

const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

pub(super) fn look(texts: &[Text], faults: &mut Vec<String>) -> Result<()> {
    let manifests: Vec<(&Text, Table)> = texts
        .iter()
        .filter(|text| text.path.ends_with("Cargo.toml") && !text.path.starts_with("examples/"))
        .map(|text| {
            let table = text.text.parse().with_context(|| format!("{} is wrong", text.path))?;
            Ok((text, table))
        })
        .collect::<Result<_>>()?;
    let root = manifests.iter().find(|(text, _)| text.path == "Cargo.toml");
    let (root, table) = root.context("no Cargo.toml")?;
    let workspace = table.get("workspace").and_then(|one| one.get("dependencies"));
    for name in workspace.and_then(Value::as_table).into_iter().flat_map(Table::keys) {
        let used = manifests.iter().any(|(_, table)| {
            SECTIONS.iter().any(|section| names(table, section).any(|other| other == name))
        });
        if !used {
            faults.push(format!("Cargo.toml: no crate uses `{name}`"));
        }
        if !name.starts_with("assize") && !has_comment(&root.text, name) {
            faults.push(format!("Cargo.toml: `{name}` does not say what it is for"));
        }
    }
    for (text, table) in &manifests {
        let folder = Path::new(&text.path).parent().unwrap_or(Path::new(""));
        for name in SECTIONS.iter().flat_map(|section| names(table, section)) {
            let module = name.replace('-', "_");
            let named = texts.iter().any(|one| {
                one.path.ends_with(".rs")
                    && Path::new(&one.path).starts_with(folder)
                    && contains_word(&one.text, &module)
            });
            if !named {
                faults.push(format!("{}: its code does not name `{name}`", text.path));
            }
        }
    }
    Ok(())
}

fn names<'a>(table: &'a Table, section: &str) -> impl Iterator<Item = &'a String> + use<'a> {
    table.get(section).and_then(Value::as_table).into_iter().flat_map(Table::keys)
}

fn has_comment(text: &str, name: &str) -> bool {
    let is_line = |line: &&str| {
        line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    text.lines().filter(is_line).any(|line| line.contains('#'))
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let letter = |one: char| one.is_alphanumeric() || one == '_';
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(letter) && !after.is_some_and(letter)
    })
}
