//! `go.mod` and `go.sum`: the module that a folder holds, and those that it needs.

use std::collections::BTreeSet;

use assize_model::Span;

use super::Package;
use crate::{Extraction, FactKind, Flags, Role};

pub(super) fn manifest(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    let folder = sheet.path.folder().to_owned();
    let mut block = "";
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let (said, remark) = line.split_once("//").unwrap_or((line, ""));
        let span = Span::new(offset, offset + said.trim_end().len());
        offset += line.len();
        let mut words = said.split_whitespace().map(|word| word.trim_matches(['"', '`']));
        let Some(first) = words.next() else { continue };
        if first == ")" {
            block = "";
            continue;
        }
        let (verb, first) =
            if block.is_empty() { (first, words.next()) } else { (block, Some(first)) };
        let Some(first) = first else { continue };
        if first == "(" {
            block = verb;
        } else if verb == "module" {
            let key = format!("go:{first}");
            let fact = sheet.fact(FactKind::Project, Role::Definition, key, span);
            fact.value(folder.as_str()).done();
        } else if verb == "require" {
            let indirect = remark.trim().starts_with("indirect");
            let section = if indirect { "indirect" } else { "require" };
            let constraint = words.next().unwrap_or("");
            let key = format!("go:{first}");
            Package { key, constraint, section, flags: Flags::NONE, span }.declare(sheet);
        }
    }
}

/// Each module once: most lines repeat one for the hash of its own manifest.
pub(super) fn lock(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    let mut seen = BTreeSet::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(offset, offset + line.trim_end().len());
        offset += line.len();
        let mut words = line.split_whitespace();
        let (Some(module), Some(version)) = (words.next(), words.next()) else { continue };
        if !version.ends_with("/go.mod") && seen.insert(module) {
            let key = format!("go:{module}");
            let (constraint, section, flags) = (version, "lock", Flags::LOCKED);
            Package { key, constraint, section, flags, span }.declare(sheet);
        }
    }
}
