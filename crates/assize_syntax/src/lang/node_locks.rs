//! Lock files of yarn, pnpm and bun: which packages an install brings beside the declared ones.
//!
//! Only names are taken, line by line: these files are large, and their formats differ by version
//! in everything but the names.

use std::collections::BTreeSet;

use assize_model::Span;

use crate::{Extraction, FactKind, Flags, Role};

/// Whether a file of this name is such a lock file.
pub(crate) fn is_lock(name: &str) -> bool {
    matches!(name, "yarn.lock" | "pnpm-lock.yaml" | "bun.lock")
}

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    let mut seen = BTreeSet::new();
    let mut offset = 0;
    // How far the block of peers is indented.
    let mut block = None;
    let mut peers = BTreeSet::new();
    for line in text.split_inclusive('\n') {
        let depth = line.len() - line.trim_start().len();
        if block.is_some_and(|block| depth > block) {
            let name = line.trim().split(": ").next().unwrap_or("").trim_matches(['"', '\'']);
            if peers.insert(name) {
                peer(sheet, name, Span::new(offset, offset + line.trim_end().len()));
            }
        } else {
            block = (line.trim() == "peerDependencies:").then_some(depth);
        }
        for name in names(line) {
            if seen.insert(name) {
                let span = Span::new(offset, offset + line.trim_end().len());
                sheet
                    .fact(FactKind::Package, Role::Definition, format!("npm:{name}"), span)
                    .item("lock")
                    .flags(Flags::LOCKED)
                    .done();
            }
        }
        offset += line.len();
    }
}

/// Writes down that an installed package leaves another to whoever installs it.
pub(super) fn peer(sheet: &mut Extraction<'_>, name: &str, span: Span) {
    sheet
        .fact(FactKind::Package, Role::Definition, format!("peer:{name}"), span)
        .item("lock")
        .flags(Flags::LOCKED)
        .done();
}

/// The packages whose entry a line opens: `"@a/b@npm:^1", "@a/b@^2":`, `  /@a/b@1.0.0:`,
/// `  '@a/b@1.0.0':`, `    "a": ["a@1.0.0", ..`.
fn names(line: &str) -> impl Iterator<Item = &str> {
    let line = line.trim_end();
    let entry = line.ends_with(':') || line.contains(": [\"");
    line.split([',', '[', ':', '('])
        .take(if entry { 8 } else { 0 })
        .map(|part| part.trim().trim_matches(['"', '\'', '/', ' ']))
        .filter_map(|part| {
            let at = part.char_indices().skip(1).find(|(_, c)| *c == '@').map(|(at, _)| at)?;
            part.get(..at)
        })
        .filter(|name| {
            !name.is_empty()
                && name.chars().all(|c| c.is_ascii_alphanumeric() || "@/._-".contains(c))
        })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn entries_of_all_three_are_read() {
        let cases = [
            ("\"@a/b@npm:^3.2.2\":", vec!["@a/b"]),
            ("lodash@^4.0.0, lodash@^4.17.4:", vec!["lodash", "lodash"]),
            ("  /@a/b@1.0.0:", vec!["@a/b"]),
            ("  '@a/b@1.0.0(react@18.0.0)':", vec!["@a/b", "react"]),
            ("    \"ms\": [\"ms@2.1.3\", \"\", {}, \"sha\"],", vec!["ms"]),
            ("  resolution: \"x@npm:1\"", vec![]),
        ];
        for (line, expected) in cases {
            assert_eq!(names(line).collect::<Vec<_>>(), expected, "{line}");
        }
    }
}
