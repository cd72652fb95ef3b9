//! What every fix owes: the finding is gone, nothing else came, what parsed still parses, and a
//! second run has nothing left to do.

use std::collections::BTreeSet;

use assize_checks::{
    CONTROLS, Draft, FileResult, Input, check_file, fixed, index_text, offers_fixes,
};
use assize_index::{FileStamp, Overlay};
use assize_model::{FileClass, RepoPath};
use assize_syntax::Parsed;
use assize_testkit::Tree;

use crate::shelf;

const CLASS: FileClass = FileClass::Production;

fn judge(draft: &Draft<'_>, text: &str) -> (Parsed, FileResult) {
    let (path, bytes) = (draft.path, text.as_bytes());
    let input = Input { path, class: CLASS, bytes, before: None };
    let found = check_file(&input, draft.snapshot, draft.overlay, draft.settings);
    let file = index_text(path, CLASS, bytes, FileStamp::default(), 0);
    (file.record.parsed, found)
}

/// Mends every file of every fixture, and gives the names of the controls that were of use.
fn mend(tree: &Tree, used: &mut BTreeSet<&'static str>) {
    let (snapshot, overlay, settings) = (tree.snapshot(), Overlay::new(), tree.settings());
    for (path, bytes) in &tree.files {
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let path = &RepoPath::new(path).unwrap();
        let (snapshot, overlay, settings) = (&snapshot, &overlay, &settings);
        let draft = Draft { path, class: CLASS, text, snapshot, overlay, settings };
        let (parsed, before) = judge(&draft, text);
        let Some(done) = fixed(&draft, &|_| true) else { continue };
        let (parses, after) = judge(&draft, &done.text);
        assert!(parses == parsed || parses == Parsed::Valid, "{path}");
        assert_eq!(before.findings.len() - after.findings.len(), done.mended, "{path}");
        let old: Vec<_> = before.findings.iter().map(|one| one.fingerprint).collect();
        assert!(after.findings.iter().all(|one| old.contains(&one.fingerprint)), "{path}");
        let left: Vec<_> = after.findings.iter().map(|one| one.fingerprint).collect();
        used.extend(
            before
                .findings
                .iter()
                .filter(|one| !left.contains(&one.fingerprint))
                .map(|one| one.control.0),
        );
        assert_eq!(fixed(&Draft { text: &done.text, ..draft }, &|_| true), None, "{path}");
        // Where nothing is wanted, nothing is touched.
        assert_eq!(fixed(&draft, &|_| false), None, "{path}");
    }
}

#[test]
fn a_fix_mends_and_harms_nothing() {
    let mut used = BTreeSet::new();
    for fixture in shelf::all() {
        mend(&fixture.tree, &mut used);
    }
    let offering: BTreeSet<&str> =
        CONTROLS.iter().map(|one| one.name.0).filter(|name| offers_fixes(name)).collect();
    assert!(offering.contains("agent-parse") && offering.is_subset(&used), "{used:?}");
}

/// Several faults in one file, and one behind a byte-order mark.
#[test]
fn faults_are_mended_together_as_far_as_that_is_exact() {
    let cases = [
        (
            "---\nname: keeper\ndescription: Keeps: all jobs in their queue\nmodel: a: b\n---\n",
            "---\nname: keeper\ndescription: \"Keeps: all jobs in their queue\"\n\
             model: \"a: b\"\n---\n",
        ),
        (
            "\u{feff}---\nname: keeper\ndescription: Keeps: all jobs in their queue\n---\nx\n",
            "\u{feff}---\nname: keeper\ndescription: \"Keeps: all jobs in their queue\"\n---\nx\n",
        ),
    ];
    for (text, expected) in cases {
        let path = ".claude/agents/keeper.md";
        let mut tree = Tree::default();
        tree.files.insert(path.to_owned(), text.as_bytes().to_vec());
        let (snapshot, overlay, settings) = (tree.snapshot(), Overlay::new(), tree.settings());
        let path = &RepoPath::new(path).unwrap();
        let (snapshot, overlay, settings) = (&snapshot, &overlay, &settings);
        let draft = Draft { path, class: CLASS, text, snapshot, overlay, settings };
        assert_eq!(fixed(&draft, &|_| true).map(|done| done.text).as_deref(), Some(expected));
    }
}
