//! Every control over its fixtures: `bad` ones give exactly the expected findings, `good` ones
//! none.
//!
//! `CONTROL=phantom-env cargo test -p assize_checks --test fixtures` runs one control's.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::path::{Path, PathBuf};

use assize_testkit::{compare, fixtures};

/// The folders of the controls with their names.
fn folders() -> Vec<(String, PathBuf)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for family in std::fs::read_dir(source).unwrap().flatten() {
        let Ok(controls) = std::fs::read_dir(family.path()) else { continue };
        for control in controls.flatten().filter(|entry| entry.path().join("doc.md").exists()) {
            let name = control.file_name().to_string_lossy().replace('_', "-");
            found.push((name, control.path()));
        }
    }
    found.sort();
    found
}

#[test]
fn fixtures_give_what_they_say() {
    let wanted = std::env::var("CONTROL").ok();
    let mut failures = String::new();
    let mut count = 0;
    for (control, folder) in folders() {
        if wanted.as_ref().is_some_and(|wanted| *wanted != control) {
            continue;
        }
        for (name, _, bad, tree) in fixtures(&folder) {
            count += 1;
            assert_eq!(bad, !tree.expected.is_empty(), "{control} {name}: side and expectation");
            if let Err(difference) = compare(&control, &tree) {
                failures.push_str(&format!("{control} {name}\n{difference}"));
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert!(count > 0, "no fixtures were found");
}
