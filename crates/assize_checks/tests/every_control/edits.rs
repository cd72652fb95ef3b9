//! Any sequence of edits laid over a snapshot gives what a fresh snapshot of the result gives, and
//! the findings that a change brings about elsewhere are those of two whole passes.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use assize_checks::{
    Hints, Pass, TEAM_LANGUAGES, bare, check_all, check_delta, difference, give_hints, recheck,
    speaks_of_changes,
};
use assize_config::{RuleFile, TeamRule};
use assize_index::{IndexedFile, Overlay, Snapshot, View};
use assize_model::Finding;
use assize_testkit::Tree;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::shelf;

/// A team's own rules of each kind, which find much in the fixtures: they take part in every edit.
static TEAM: LazyLock<Arc<[TeamRule]>> = LazyLock::new(|| {
    let text = r#"
[rules.no-calls]
message = "`$F` is called"
pattern = "$F($$$)"
languages = ["python", "typescript", "go"]
match = "f(1)"
[rules.no-env]
message = "it is read elsewhere"
regex = "(?i)env|import"
paths = "*"
match = "env"
[rules.no-documents]
message = "it is written elsewhere"
must-not-exist = true
paths = ["*.md", "src"]
match = "a.md"
[rules.kebab]
message = "it is written so"
must-be-named = ["kebab-case", "*_*"]
paths = "**"
match = "aB.py"
[rules.there]
message = "it is needed"
must-exist = ["*.py", "docs/**/*.md", "./app/main.py", "app"]
"#;
    let file = RuleFile { folder: "", path: ".assize/rules/a.toml", text };
    TeamRule::read(&[file], &TEAM_LANGUAGES).unwrap().into()
});

/// One edit; positions are taken modulo what is there.
#[derive(Debug, Clone)]
enum Edit {
    /// A file of the pool is written under its own path.
    Write(Index),
    /// The content of one file of the pool is written over another file of the tree.
    Overwrite(Index, Index),
    Delete(Index),
    /// A file of the tree moves to a path of the pool.
    Rename(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let any = any::<Index>;
    prop_oneof![
        3 => any().prop_map(Edit::Write),
        1 => (any(), any()).prop_map(|(from, to)| Edit::Overwrite(from, to)),
        3 => any().prop_map(Edit::Delete),
        2 => (any(), any()).prop_map(|(from, to)| Edit::Rename(from, to)),
    ]
}

/// Which fixtures make the tree, and what is done to it.
fn story() -> impl Strategy<Value = (Vec<Index>, Vec<Edit>)> {
    (prop::collection::vec(any::<Index>(), 2..6), prop::collection::vec(edit(), 1..7))
}

/// The same for changes of content alone.
fn rewritings() -> impl Strategy<Value = (Vec<Index>, Vec<Edit>)> {
    let any = any::<Index>;
    let edit = (any(), any()).prop_map(|(from, to)| Edit::Overwrite(from, to));
    (prop::collection::vec(any(), 2..6), prop::collection::vec(edit, 1..4))
}

/// Files of all fixtures: what edits take from.
type Pool = Vec<(String, Vec<u8>)>;

fn apply(edit: &Edit, tree: &mut Tree, pool: &Pool) {
    let paths: Vec<String> = tree.files.keys().cloned().collect();
    match edit {
        Edit::Write(from) => {
            let (path, bytes) = from.get(pool);
            tree.files.insert(path.clone(), bytes.clone());
        }
        _ if paths.is_empty() => {}
        Edit::Overwrite(from, to) => {
            tree.files.insert(to.get(&paths).clone(), from.get(pool).1.clone());
        }
        Edit::Delete(path) => {
            tree.files.remove(path.get(&paths));
        }
        Edit::Rename(from, to) => {
            if let Some(bytes) = tree.files.remove(from.get(&paths)) {
                tree.files.insert(to.get(pool).0.clone(), bytes);
            }
        }
    }
    drop_files_in_the_way(tree);
}

/// No path is a file and a folder at once.
fn drop_files_in_the_way(tree: &mut Tree) {
    let paths: Vec<String> = tree.files.keys().cloned().collect();
    tree.files.retain(|path, _| {
        let folder = format!("{path}/");
        // A configuration in a place for which it was not written is an error of its own.
        let configuration = path.ends_with("assize.toml");
        !configuration && !paths.iter().any(|other| other.starts_with(&folder))
    });
}

/// Brings the overlay from one state of the tree to the next, as a refresh does: what is equal is
/// not laid again.
fn lay(overlay: &mut Overlay, old: &[IndexedFile], new: &[IndexedFile]) {
    let by_path = |files: &[IndexedFile]| -> BTreeMap<String, IndexedFile> {
        files.iter().map(|file| (file.record.path.as_str().to_owned(), file.clone())).collect()
    };
    let (old, new) = (by_path(old), by_path(new));
    for path in old.keys().filter(|path| !new.contains_key(*path)) {
        overlay.delete(path);
    }
    for (path, file) in new {
        if old.get(&path) != Some(&file) {
            overlay.put(file);
        }
    }
}

fn shown(findings: &[Finding]) -> String {
    findings.iter().map(|f| format!("{f:?}\n")).collect()
}

/// The findings that a change brings about in files that it did not touch, the slow way.
fn elsewhere(base: &Snapshot, overlay: &Overlay, tree: &Tree) -> Vec<Finding> {
    let none = Overlay::new();
    let before = check_all(View::new(base, &none), &tree.settings(), Hints::Given).findings;
    let after = check_all(View::new(base, overlay), &tree.settings(), Hints::Given).findings;
    let mut fresh = difference(&before, after);
    fresh.retain(|finding| {
        speaks_of_changes(finding.control)
            && !overlay.changes().any(|(path, _)| path == finding.path.as_str())
    });
    fresh
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn edits_over_a_snapshot_give_what_a_rebuild_gives((chosen, edits) in story()) {
        let fixtures = shelf::all();
        let pool: Pool = fixtures
            .iter()
            .flat_map(|one| one.tree.files.clone())
            .collect();
        let mut tree = Tree { team: Arc::clone(&TEAM), ..Tree::default() };
        for index in &chosen {
            tree.files.extend(index.get(&fixtures).tree.files.clone());
        }
        drop_files_in_the_way(&mut tree);
        let base = tree.snapshot();
        let mut overlay = Overlay::new();
        let mut present = tree.indexed();
        for edit in &edits {
            apply(edit, &mut tree, &pool);
            let next = tree.indexed();
            lay(&mut overlay, &present, &next);
            present = next;
        }
        let laid = check_all(View::new(&base, &overlay), &tree.settings(), Hints::Given);
        let cold = tree.check();
        prop_assert_eq!(shown(&laid.findings), shown(&cold.findings));
        prop_assert_eq!(laid.problems, cold.problems);
        prop_assert_eq!(laid.controls, cold.controls);
        let delta = check_delta(&base, &overlay, &tree.settings());
        let expected = elsewhere(&base, &overlay, &tree);
        prop_assert_eq!(shown(&delta.findings), shown(&expected));
    }

    #[test]
    fn a_pass_over_changed_contents_is_a_whole_pass((chosen, edits) in rewritings()) {
        hold_against_whole_passes(&chosen, &edits);
    }

    #[test]
    fn a_pass_after_files_came_and_went_is_a_whole_pass((chosen, edits) in story()) {
        hold_against_whole_passes(&chosen, &edits);
    }
}

/// What is judged again after edits gives, with hints and without, what a whole pass gives.
fn hold_against_whole_passes(chosen: &[Index], edits: &[Edit]) {
    let fixtures = shelf::all();
    let pool: Pool = fixtures.iter().flat_map(|one| one.tree.files.clone()).collect();
    let mut tree = Tree { team: Arc::clone(&TEAM), ..Tree::default() };
    for index in chosen {
        tree.files.extend(index.get(&fixtures).tree.files.clone());
    }
    drop_files_in_the_way(&mut tree);
    let base = tree.snapshot();
    let present = tree.indexed();
    for edit in edits {
        apply(edit, &mut tree, &pool);
    }
    let (none, mut overlay) = (Overlay::new(), Overlay::new());
    lay(&mut overlay, &present, &tree.indexed());
    let changed: Vec<String> = overlay.changes().map(|(path, _)| path.to_owned()).collect();
    let (old, new) = (View::new(&base, &none), View::new(&base, &overlay));
    let settings = tree.settings();
    let full = check_all(new, &settings, Hints::Given);
    let plain = bare(full.clone());
    for (hints, whole) in [(Hints::Given, &full), (Hints::Omitted, &plain)] {
        let known = check_all(old, &settings, hints);
        if let Some(again) = recheck(old, new, &known, &changed, &settings, hints) {
            assert_same(&again, whole);
        }
    }
    assert_same(&check_all(new, &settings, Hints::Omitted), &plain);
    let mut explained = plain.findings;
    give_hints(&mut explained, new, &settings);
    let mut told = full.findings;
    told.retain(|finding| speaks_of_changes(finding.control));
    assert_eq!(shown(&explained), shown(&told));
}

fn assert_same(one: &Pass, other: &Pass) {
    assert_eq!(shown(&one.findings), shown(&other.findings));
    assert_eq!(one.problems, other.problems);
    assert_eq!(one.controls, other.controls);
}

/// A package that begins to answer for any name, two levels above what is imported from it.
#[test]
fn importers_are_judged_again_when_a_package_opens_or_a_name_goes() {
    let files = [
        ("app/__init__.py", "", "def __getattr__(name): return name\n"),
        ("app/names.py", "A = 1\nB = 1\n", "A = 1\n"),
        ("main.py", "from app.names import A, B, C\n", "from app.names import A, B, C\n"),
    ];
    for last in [1, 2] {
        let mut tree = Tree::default();
        for (path, before, _) in files {
            tree.files.insert(path.to_owned(), before.into());
        }
        let (base, present) = (tree.snapshot(), tree.indexed());
        let (path, _, after) = files[last - 1];
        tree.files.insert(path.to_owned(), after.into());
        let (none, mut overlay) = (Overlay::new(), Overlay::new());
        lay(&mut overlay, &present, &tree.indexed());
        let (old, new) = (View::new(&base, &none), View::new(&base, &overlay));
        let known = check_all(old, &tree.settings(), Hints::Given);
        let changed = [path.to_owned()];
        let again = recheck(old, new, &known, &changed, &tree.settings(), Hints::Given).unwrap();
        let whole = check_all(new, &tree.settings(), Hints::Given);
        assert_ne!(shown(&known.findings), shown(&whole.findings), "{path}");
        assert_eq!(shown(&again.findings), shown(&whole.findings), "{path}");
        assert_eq!(again.controls, whole.controls, "{path}");
    }
}

/// `from . import name` has no name in its key: it is found by the folder in which it stands.
#[test]
fn who_imports_from_its_own_folder_is_judged_again_when_a_module_goes() {
    for folder in ["app", "app/deep", "app/deep/er-more"] {
        let mut tree = Tree::default();
        let parts: Vec<&str> = folder.split('/').collect();
        for depth in 1..=parts.len() {
            let mark = format!("{}/__init__.py", parts[..depth].join("/"));
            tree.files.insert(mark, Vec::new());
        }
        let (user, module) = (format!("{folder}/user.py"), format!("{folder}/gone.py"));
        tree.files.insert(user.clone(), "from . import gone\n".into());
        tree.files.insert(module.clone(), "A = 1\n".into());
        tree.files.insert("app/other.py".to_owned(), "from . import user\n".into());
        let base = tree.snapshot();
        let mut overlay = Overlay::new();
        overlay.delete(&module);
        let found = check_delta(&base, &overlay, &tree.settings()).findings;
        assert_eq!(found.len(), 1, "{folder}: {}", shown(&found));
        assert_eq!(found[0].path.as_str(), user);
    }
}
