//! Runs against contents: which of them prove that what is there was tested.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use assize_config::Gates;
use assize_model::FileClass;
use proptest::prelude::*;

use super::super::runs::{Run, TestCount};
use super::super::suites::Suite;
use super::*;

/// A file by what it was and what it is.
fn touched(path: &str, before: Option<&str>, object: Option<&str>) -> Touched {
    Touched {
        path: path.to_owned(),
        class: FileClass::Production,
        object: object.map(str::to_owned),
        before: before.map(str::to_owned),
    }
}

/// A run on a commit `c` in which `a.py` is `old`, with these files laid over it.
fn run(sequence: u64, passed: i64, files: &[(&str, Option<&str>)]) -> Run {
    let file =
        |(path, object): &(&str, Option<&str>)| ((*path).to_owned(), object.map(str::to_owned));
    Run {
        sequence,
        command: "check".to_owned(),
        folder: Some(String::new()),
        base: Some("c".to_owned()),
        files: Some(files.iter().map(file).collect()),
        moved: Some(BTreeSet::new()),
        tests: Some(TestCount { passed, failed: 0, skipped: 0 }),
        ..Run::default()
    }
}

fn at(commit: &str) -> Option<Objects> {
    (commit == "c").then(|| BTreeMap::from([("a.py".to_owned(), "old".to_owned())]))
}

/// The entry that proves, or why none does.
fn proven(changed: &[Touched], runs: &[Run]) -> Result<u64, String> {
    let glob = "[gates]\ntests = [{ paths = [\"**\"], command = \"check\" }]\n";
    let file = assize_config::ConfigFile { folder: "", path: "assize.toml", text: glob };
    let table = assize_config::ControlTable::new([]);
    let settings = assize_config::Settings::load(&[file], &table, crate::project::today()).unwrap();
    let gates: &Gates = &settings.gates;
    let (snapshot, overlay) = (assize_index::Snapshot::empty(), assize_index::Overlay::new());
    let view = assize_index::View::new(&snapshot, &overlay);
    let around = super::super::infer::Around { view, text: &|_| None };
    let suites = super::super::suites::demanded(changed, gates, &around);
    let [suite] = &suites[..] else { panic!("{suites:?}") };
    let contents = Contents { tree: Some("git:now"), at: &at, known: RefCell::default() };
    let suite: &Suite<'_> = suite;
    proof(suite, &contents, runs).map(|run| run.sequence).map_err(|reason| reason.message)
}

#[test]
fn a_run_counts_as_long_as_its_files_stay() {
    let changed = [touched("a.py", Some("old"), Some("new"))];
    let fresh = run(2, 5, &[("a.py", Some("new"))]);
    assert_eq!(proven(&changed, std::slice::from_ref(&fresh)), Ok(2));
    // Something else changed since, or had changed before.
    let beside = run(2, 5, &[("a.py", Some("new")), ("b.md", Some("x"))]);
    assert_eq!(proven(&changed, &[beside]), Ok(2));
    let why = |runs: &[Run]| proven(&changed, runs).unwrap_err();
    assert!(why(&[]).contains("no run of the tests is recorded for `a.py`"));
    assert!(why(&[run(2, 5, &[])]).contains("`a.py` changed after the tests ran (entry 2)"));
    assert!(why(&[run(2, 5, &[("a.py", None)])]).contains("changed after"));
    // It changed while they ran.
    let moved = Run { moved: Some(BTreeSet::from(["a.py".to_owned()])), ..fresh.clone() };
    assert!(why(&[moved]).contains("changed after"));
    // Nobody knows what it ran on, but for the whole tree.
    let bare = Run { files: None, moved: None, ..fresh.clone() };
    assert!(why(std::slice::from_ref(&bare)).contains("changed after"));
    let whole = Run { trees: [Some("git:now".to_owned()), Some("git:now".to_owned())], ..bare };
    assert_eq!(proven(&changed, &[whole]), Ok(2));
    let gone = Run { base: Some("lost".to_owned()), files: Some(BTreeMap::new()), ..fresh };
    assert!(why(&[gone]).contains("changed after"));
}

#[test]
fn a_run_proves_only_if_tests_ran_and_passed() {
    let changed = [touched("a.py", Some("old"), Some("new"))];
    let fresh = run(2, 5, &[("a.py", Some("new"))]);
    let why = |run: &Run| proven(&changed, std::slice::from_ref(run)).unwrap_err();
    let counts = |passed, failed, skipped| Some(TestCount { passed, failed, skipped });
    let with = |exit, tests| Run { exit, tests, ..fresh.clone() };
    assert_eq!(why(&with(1, counts(4, 1, 0))), "1 test failed");
    assert_eq!(why(&with(0, counts(4, 1, 0))), "1 test failed");
    assert_eq!(why(&with(0, counts(0, 0, 3))), "no test ran: 3 were skipped");
    assert_eq!(why(&with(0, counts(0, 0, 0))), "the last run had no test");
    assert!(why(&with(0, None)).starts_with("the last run does not tell"));
    assert!(why(&with(3, None)).ends_with("ended with status 3"));
    // A later failure on the same contents counts, an earlier one does not.
    let green = Run { sequence: 9, ..fresh.clone() };
    assert_eq!(proven(&changed, &[with(1, None), green.clone()]), Ok(9));
    assert!(proven(&changed, &[green, with(1, None)]).is_err());
    // Another command is none of these.
    let other = Run { command: "check --fast".to_owned(), ..fresh };
    assert!(why(&other).contains("no run of the tests"));
}

#[test]
fn fewer_tests_than_before_the_change_prove_nothing() {
    let changed =
        [touched("a.py", Some("old"), Some("new")), touched("test_a.py", Some("t"), None)];
    let base = run(1, 9, &[("test_a.py", Some("t"))]);
    let now = run(2, 8, &[("a.py", Some("new")), ("test_a.py", None)]);
    let why = proven(&changed, &[base.clone(), now.clone()]).unwrap_err();
    assert!(why.contains("8 tests passed, and 9 did before"), "{why}");
    // Part of them was run once more afterwards.
    let all = Run {
        sequence: 3,
        tests: Some(TestCount { passed: 9, ..TestCount::default() }),
        ..now.clone()
    };
    let part = Run { sequence: 4, ..now.clone() };
    assert_eq!(proven(&changed, &[base.clone(), all, part]), Ok(3));
    let person = Run { by_person: true, ..now.clone() };
    assert_eq!(proven(&changed, &[base, person]), Ok(2));
    // Without a run before the change nobody knows.
    assert_eq!(proven(&changed, &[now]), Ok(2));
}

proptest! {
    /// Whatever runs there are: what proves is green, and ran on what is there.
    #[test]
    fn what_proves_ran_on_what_is_there(
        found in proptest::collection::vec((0_i64..3, 0_i64..2, "(old|new|other)", any::<bool>()), 0..8),
    ) {
        let changed = [touched("a.py", Some("old"), Some("new"))];
        let runs: Vec<Run> = found
            .iter()
            .zip(1..)
            .map(|((passed, exit, object, by_person), sequence)| Run {
                exit: *exit,
                by_person: *by_person,
                ..run(sequence, *passed, &[("a.py", Some(object))])
            })
            .collect();
        if let Ok(sequence) = proven(&changed, &runs) {
            let run = runs.iter().find(|run| run.sequence == sequence).unwrap();
            prop_assert!(run.exit == 0 && run.tests.unwrap().passed > 0);
            prop_assert_eq!(run.files.as_ref().unwrap()["a.py"].as_deref(), Some("new"));
            let newer = runs.iter().rev().find(|run| run.files.as_ref().unwrap()["a.py"].as_deref() == Some("new"));
            prop_assert!(newer.unwrap().is_green(true));
        }
    }
}
