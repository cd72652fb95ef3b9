//! `notices`: the licences of what the program of a target is linked from, as they ask for it.
//!
//! The texts come from the sources that cargo builds, so that no list can be out of date. Equal
//! texts are printed once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{process, workspace};

/// How files with terms begin, in lower case.
const NAMES: [&str; 5] = ["license", "licence", "copying", "notice", "unlicense"];

/// Terms that come as part of a file are short; a source of this size is something else.
const BYTES_MAX: u64 = 256 << 10;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let [target] = arguments else { bail!("usage: notices TARGET") };
    let mut cargo = Command::new("cargo");
    cargo.current_dir(workspace::root()).args(["metadata", "--format-version", "1", "--locked"]);
    cargo.args(["--filter-platform", target]);
    let metadata: Value = serde_json::from_slice(&process::output(&mut cargo)?)?;
    let linked = linked(&metadata)?;
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut heads = vec!["the library of Rust: MIT OR Apache-2.0".to_owned()];
    if target.ends_with("-musl") {
        heads.push("musl, Copyright © 2005-2020 Rich Felker, et al.: MIT".to_owned());
    }
    for package in list(&metadata, "/packages") {
        // What has no source is ours.
        if !linked.contains(text(package, "id")) || package.get("source").is_none_or(Value::is_null)
        {
            continue;
        }
        let name = format!("{} {}", text(package, "name"), text(package, "version"));
        heads.push(format!("{name}: {}", text(package, "license")));
        let folder = Path::new(text(package, "manifest_path")).parent().context("no folder")?;
        for terms in terms(folder)? {
            by_text.entry(terms).or_default().push(name.clone());
        }
    }
    print(&mut heads, by_text);
    Ok(())
}

/// The ids of the packages that are linked into the program, and not only used to build it.
fn linked(metadata: &Value) -> Result<BTreeSet<&str>> {
    let nodes: BTreeMap<&str, &Value> =
        list(metadata, "/resolve/nodes").iter().map(|node| (text(node, "id"), node)).collect();
    let packages = list(metadata, "/packages");
    let program = packages.iter().find(|package| text(package, "name") == "assize");
    let mut open = vec![text(program.context("there is no package `assize`")?, "id")];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        for dependency in nodes.get(id).map_or(&[][..], |node| list(node, "/deps")) {
            let kinds = list(dependency, "/dep_kinds");
            if kinds.iter().any(|kind| kind.get("kind").is_some_and(Value::is_null)) {
                open.push(text(dependency, "pkg"));
            }
        }
    }
    Ok(seen)
}

/// The texts of a package's licences.
fn terms(folder: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        let metadata = entry.metadata()?;
        let is_terms = NAMES.iter().any(|start| name.starts_with(start));
        if is_terms && metadata.is_file() && metadata.len() <= BYTES_MAX {
            let text = String::from_utf8_lossy(&fs::read(entry.path())?).replace("\r\n", "\n");
            texts.push(text.trim().to_owned());
        }
    }
    Ok(texts)
}

fn print(heads: &mut [String], by_text: BTreeMap<String, Vec<String>>) {
    heads.sort();
    println!("The program contains these, under these terms.\n");
    for head in heads {
        println!("{head}");
    }
    let mut texts: Vec<(Vec<String>, String)> =
        by_text.into_iter().map(|(text, names)| (names, text)).collect();
    texts.sort();
    for (names, text) in texts {
        println!("\n{}\n{}\n\n{text}", "-".repeat(72), names.join(", "));
    }
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{linked, terms};
    use crate::workspace;

    #[test]
    fn what_only_builds_the_program_is_not_in_it() {
        let dependency = |name: &str, kind: Option<&str>| json!({ "pkg": format!("id-{name}"), "dep_kinds": [{ "kind": kind }] });
        let package = |name: &str| json!({ "name": name, "id": format!("id-{name}") });
        let packages = ["assize", "a", "b", "build", "test"].map(package);
        let metadata = json!({
            "packages": packages,
            "resolve": { "nodes": [
                { "id": "id-assize", "deps": [
                    dependency("a", None), dependency("build", Some("build")),
                    dependency("test", Some("dev")),
                ] },
                { "id": "id-a", "deps": [dependency("b", None), dependency("a", None)] },
                { "id": "id-b", "deps": [] },
            ] },
        });
        let ids: Vec<&str> = linked(&metadata).unwrap_or_default().into_iter().collect();
        assert_eq!(ids, ["id-a", "id-assize", "id-b"]);
        assert!(linked(&json!({ "packages": [] })).is_err());
    }

    #[test]
    fn the_terms_of_a_folder_are_found() {
        let ours = terms(&workspace::root()).unwrap_or_default();
        assert_eq!(ours.len(), 2);
        assert!(ours.iter().any(|text| text.contains("Apache License")));
    }
}
