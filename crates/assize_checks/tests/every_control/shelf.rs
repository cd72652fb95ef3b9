//! The fixtures of all controls, as trees.

use std::path::{Path, PathBuf};

use assize_checks::CONTROLS;
use assize_testkit::{Tree, fixtures};

/// One fixture.
#[derive(Debug)]
pub(crate) struct Fixture {
    /// `phantom-env bad/python/read.txtar`.
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) bad: bool,
    pub(crate) tree: Tree,
}

/// The folder of a control.
pub(crate) fn folder(control: &str) -> PathBuf {
    let module = control.replace('-', "_");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let found = std::fs::read_dir(&source)
        .unwrap()
        .flatten()
        .map(|family| family.path().join(&module))
        .find(|folder| folder.join("doc.md").is_file());
    found.unwrap_or_else(|| panic!("{control} has no folder below {}", source.display()))
}

/// Every fixture of every control, or of the one that `CONTROL` names.
pub(crate) fn all() -> Vec<Fixture> {
    let wanted = std::env::var("CONTROL").ok();
    let mut found = Vec::new();
    for control in CONTROLS {
        let control = control.name.0;
        if wanted.as_ref().is_some_and(|wanted| wanted != control) {
            continue;
        }
        for (file, language, bad, tree) in fixtures(&folder(control)) {
            found.push(Fixture { name: format!("{control} {file}"), language, bad, tree });
        }
    }
    assert!(!found.is_empty(), "no fixtures were found");
    found
}
