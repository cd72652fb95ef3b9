//! Fixtures of JavaScript, TypeScript and JSON cut off at every byte: whatever an editor or an
//! agent leaves half-written is read without a panic.

use std::path::Path;

use assize_model::{FileClass, LineIndex, RepoPath};
use assize_syntax::{Dialect, Language, extract};
use assize_testkit::fixtures;

/// Longer files are cut at this many places only.
const CUTS_MAX: usize = 400;

#[test]
fn no_prefix_of_a_fixture_panics() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = 0;
    let families = std::fs::read_dir(source).unwrap().flatten();
    let controls = families.filter_map(|family| std::fs::read_dir(family.path()).ok()).flatten();
    for control in controls.flatten().map(|control| control.path()) {
        for (_, _, _, tree) in fixtures(&control) {
            for (name, bytes) in &tree.files {
                let Ok(text) = std::str::from_utf8(bytes) else { continue };
                let path = RepoPath::new(name).unwrap();
                let language = Dialect::of(&path, text).language();
                if !matches!(language, Language::JavaScript | Language::TypeScript | Language::Json)
                {
                    continue;
                }
                files += 1;
                let step = text.len().div_ceil(CUTS_MAX).max(1);
                for end in (0..text.len()).step_by(step) {
                    if let Some(prefix) = text.get(..end) {
                        extract(&path, FileClass::Production, prefix, &LineIndex::new(prefix));
                    }
                }
            }
        }
    }
    assert!(files > 0, "no fixtures were found");
}
