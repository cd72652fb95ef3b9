//! The kept list brought up to date is git's list, after whatever happens in a work tree.

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use assize_index::{FileRecord, FileStamp, IndexedFile};
use assize_model::{FileClass, RepoPath};
use assize_syntax::{Dialect, FileFlags, Parsed};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::{known, listed};
use crate::refresh::now_ns;
use crate::{Cache, Entry, EntryKind, FileSet, IndexRequest, Root, refresh};

/// The clock of the disk ticks more often than this.
const TICK: Duration = Duration::from_millis(12);
const SECOND_NS: i64 = 1_000_000_000;

/// How a list came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Nothing was new.
    Held,
    Updated,
    /// By git.
    Listed,
}

/// When a list is made, as far as its clock is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// Long after every change.
    Later,
    /// Too soon after the changes since the last one of the rules.
    AtOnce,
}

/// A process that another test starts would hold the lock of a cache for a moment.
static TURN: Mutex<()> = Mutex::new(());

struct Tree {
    _turn: MutexGuard<'static, ()>,
    _scratch: tempfile::TempDir,
    root: Root,
    cache: Cache,
    /// When git's own files or the rules changed last.
    ruled_ns: Cell<i64>,
}

impl Tree {
    fn new() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().canonicalize().unwrap().join("tree");
        fs::create_dir(&folder).unwrap();
        git(&folder, &["init", "--quiet"]);
        let root = Root::find(&folder).unwrap();
        let cache = Cache::of(&scratch.path().join("cache"), &folder);
        Self { _turn: turn, _scratch: scratch, root, cache, ruled_ns: Cell::new(now_ns()) }
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.root.folder.join(inside)
    }

    fn write(&self, inside: &str, text: &str) {
        let path = self.path(inside);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        if inside.ends_with(".gitignore") {
            self.ruled_ns.set(now_ns());
        }
    }

    fn git(&self, arguments: &[&str]) {
        git(&self.root.folder, arguments);
        self.ruled_ns.set(now_ns());
    }

    /// Lists as a pass does, compares with git's list, and keeps what a pass keeps.
    fn list(&self, when: When) -> Way {
        let begun_ns = match when {
            When::Later => now_ns() + 10 * SECOND_NS,
            When::AtOnce => self.ruled_ns.get() + 2 * SECOND_NS,
        };
        let git = self.root.git.as_ref().unwrap();
        let index = self.cache.open(&[0; 32]).and_then(Result::ok);
        let kept = index
            .as_ref()
            .and_then(|index| known(git, &self.root.folder, &self.cache, index, begun_ns));
        let whole = FileSet::list(&self.root);
        let way = match &kept {
            None => Way::Listed,
            Some(set) => {
                assert_eq!(shown(&set.entries), shown(&whole.entries));
                assert_eq!(set.problems, whole.problems);
                let held = set.watch.as_ref().is_some_and(|watch| watch.held);
                if held { Way::Held } else { Way::Updated }
            }
        };
        refresh(&IndexRequest {
            files: &kept.unwrap_or_else(|| listed(git, &self.root, begun_ns)),
            tag: [0; 32],
            cache: Some(&self.cache),
            known: index,
            intake,
            class_of: &|_| Some(FileClass::Production),
            progress: &|_, _| {},
        });
        std::thread::sleep(TICK);
        way
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    // What cannot be done in this state changes nothing.
    drop(Command::new("git").arg("-C").arg(folder).args(arguments).output().unwrap());
}

fn intake(
    path: &RepoPath,
    class: FileClass,
    _: &[u8],
    stamp: FileStamp,
    flags: u32,
) -> IndexedFile {
    let record = FileRecord {
        path: path.clone(),
        class,
        dialect: Dialect::Other,
        parsed: Parsed::NotParsed,
        flags: FileFlags(flags),
        stamp,
        hash: [0; 16],
        problem: None,
    };
    IndexedFile { record, facts: Vec::new(), findings: Vec::new() }
}

/// What a pass makes of entries: a tracked file that is not there is none, and a kind is what lies
/// on disk.
fn shown(entries: &[Entry]) -> Vec<Entry> {
    let shown = entries.iter().filter_map(|entry| {
        let kind = match entry.disk.symlink_metadata() {
            Err(_) if matches!(entry.kind, EntryKind::File | EntryKind::Link) => return None,
            Ok(metadata) if metadata.is_dir() => EntryKind::GitLink,
            Ok(metadata) if metadata.is_symlink() => EntryKind::Link,
            _ => entry.kind,
        };
        Some(Entry { kind, ..entry.clone() })
    });
    shown.collect()
}

/// What happens in a work tree.
#[derive(Debug, Clone)]
enum Step {
    Write(String),
    Link(String),
    Pipe(String),
    Folder(String),
    Remove(String),
    Rename(String, String),
    Rules(String, &'static str),
    Add(String),
    Force(String),
    Forget(String),
    /// It need not be there from now on.
    Skip(String),
    Repository(String),
}

impl Step {
    /// Does it, if it can be done as things stand.
    fn take(&self, tree: &Tree) {
        match self {
            // Who writes into a pipe waits for a reader.
            Self::Write(to) if is_pipe(&tree.path(to)) => {}
            Self::Write(to) => drop(made(tree, to).map(|path| fs::write(path, "x\n"))),
            Self::Link(to) => {
                drop(made(tree, to).map(|path| std::os::unix::fs::symlink("b.py", path)));
            }
            Self::Pipe(to) => {
                drop(made(tree, to).map(|path| Command::new("mkfifo").arg(path).output()));
            }
            Self::Folder(to) => drop(fs::create_dir_all(tree.path(to))),
            Self::Remove(at) => {
                drop(fs::remove_file(tree.path(at)));
                drop(fs::remove_dir_all(tree.path(at)));
            }
            Self::Rename(from, to) => {
                drop(made(tree, to).map(|path| fs::rename(tree.path(from), path)));
            }
            Self::Rules(at, text) => {
                if tree.path(at).is_dir() {
                    tree.write(&format!("{at}/.gitignore"), text);
                }
            }
            Self::Add(at) => tree.git(&["--literal-pathspecs", "add", "--", at]),
            Self::Force(at) => tree.git(&["--literal-pathspecs", "add", "--force", "--", at]),
            Self::Forget(at) => {
                tree.git(&["--literal-pathspecs", "rm", "-r", "--cached", "--", at]);
            }
            Self::Skip(at) => {
                let arguments = ["update-index", "--skip-worktree", "--", at];
                tree.git(&arguments);
            }
            Self::Repository(at) => git(&tree.root.folder, &["init", "--quiet", "--", at]),
        }
    }
}

/// A path whose folder is there.
fn made(tree: &Tree, to: &str) -> Option<PathBuf> {
    let path = tree.path(to);
    fs::create_dir_all(path.parent()?).ok()?;
    Some(path)
}

fn is_pipe(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo())
}

fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        20 => Just("a"),
        20 => Just("b.py"),
        20 => Just("out"),
        10 => Just("keep"),
        10 => Just("two words"),
        5 => Just("ünder"),
        5 => Just("line\nbreak"),
        5 => Just("*.py"),
        5 => Just(":(top)x"),
        1 => Just("per%cent"),
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(name(), 1..4).prop_map(|names| names.join("/"))
}

fn rules() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just(""),
        Just("out\n"),
        Just("out/\n*.py\n"),
        Just("*\n!keep\n"),
        Just("a/*\n!a/a\n")
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => path().prop_map(Step::Write),
        5 => path().prop_map(Step::Link),
        2 => path().prop_map(Step::Pipe),
        10 => path().prop_map(Step::Folder),
        20 => path().prop_map(Step::Remove),
        10 => (path(), path()).prop_map(|(from, to)| Step::Rename(from, to)),
        5 => (path(), rules()).prop_map(|(at, text)| Step::Rules(at, text)),
        2 => rules().prop_map(|text| Step::Rules(".".to_owned(), text)),
        5 => path().prop_map(Step::Add),
        3 => path().prop_map(Step::Force),
        3 => path().prop_map(Step::Forget),
        3 => path().prop_map(Step::Skip),
        1 => path().prop_map(Step::Repository),
    ]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![Just(When::Later), Just(When::AtOnce)]
}

#[test]
fn after_any_steps_the_list_is_that_of_git() {
    let updated = Cell::new(0);
    let few = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) };
    let start = prop::collection::vec(step(), 0..12);
    let rest = prop::collection::vec((prop::collection::vec(step(), 0..3), when()), 8);
    let ran = TestRunner::new(few).run(&(start, rest), |(start, rest)| {
        let tree = Tree::new();
        start.iter().for_each(|step| step.take(&tree));
        tree.list(When::Later);
        for (steps, when) in rest {
            steps.iter().for_each(|step| step.take(&tree));
            updated.set(updated.get() + usize::from(tree.list(when) == Way::Updated));
        }
        Ok(())
    });
    ran.unwrap();
    assert!(updated.get() > 4, "the kept list was hardly ever brought up to date");
}

/// One thing that happens, when the list is made after it, and how that must come about.
type Case<'a> = (&'a str, &'a dyn Fn(&Tree), When, Way);

fn check(tree: &Tree, cases: &[Case<'_>]) {
    tree.list(When::Later);
    assert_eq!(tree.list(When::Later), Way::Held, "nothing happened");
    for (what, step, when, way) in cases {
        step(tree);
        assert_eq!(tree.list(*when), *way, "{what}");
    }
}

fn remove(tree: &Tree, inside: &str) {
    fs::remove_file(tree.path(inside)).unwrap();
}

#[test]
fn names_that_come_and_go_are_no_business_of_git() {
    use When::{AtOnce, Later};
    let tree = Tree::new();
    for file in [".gitignore", "src/a.py", "src/b.py", "src/made.log", "lib/c.py", "top.py"] {
        tree.write(file, "*.log\n");
    }
    tree.git(&["add", "."]);
    let cases: [Case<'_>; 12] = [
        ("a new file", &|tree| tree.write("src/new.py", ""), Later, Way::Updated),
        ("nothing", &|_| (), Later, Way::Held),
        ("a tracked file goes", &|tree| remove(tree, "src/a.py"), Later, Way::Updated),
        ("and comes back", &|tree| tree.write("src/a.py", ""), Later, Way::Updated),
        (
            "another name",
            &|tree| fs::rename(tree.path("top.py"), tree.path("src/top.py")).unwrap(),
            Later,
            Way::Updated,
        ),
        ("an ignored file", &|tree| tree.write("lib/made.log", ""), Later, Way::Updated),
        ("a new package", &|tree| tree.write("new/deep/d.py", ""), Later, Way::Updated),
        ("a file in it", &|tree| tree.write("new/deep/e.py", ""), Later, Way::Updated),
        (
            "a folder goes",
            &|tree| fs::remove_dir_all(tree.path("lib")).unwrap(),
            Later,
            Way::Updated,
        ),
        ("a file just now", &|tree| tree.write("src/now.py", ""), AtOnce, Way::Updated),
        ("the same names", &|_| (), AtOnce, Way::Held),
        ("the same names, settled", &|_| (), Later, Way::Updated),
    ];
    check(&tree, &cases);
    assert_eq!(tree.list(Later), Way::Held);
}

#[test]
fn whatever_else_may_change_the_list_is_left_to_git() {
    use When::Later;
    let tree = Tree::new();
    for file in [".gitignore", "src/a.py", "src/b.py", "sub/.gitignore", "sub/c.py"] {
        tree.write(file, "*.log\n!keep.log\n");
    }
    tree.git(&["add", "."]);
    let start = |tree: &Tree, inside: &str| git(&tree.path(inside), &["init", "--quiet"]);
    let cases: [Case<'_>; 9] = [
        ("a rule", &|tree| tree.write("sub/.gitignore", "x\n"), Later, Way::Listed),
        ("new rules", &|tree| tree.write("src/.gitignore", "x\n"), Later, Way::Listed),
        ("an exclusion", &|tree| tree.write(".git/info/exclude", "y\n"), Later, Way::Listed),
        ("git's index", &|tree| tree.git(&["rm", "--cached", "src/b.py"]), Later, Way::Listed),
        ("a setting", &|tree| tree.git(&["config", "core.x", "1"]), Later, Way::Listed),
        (
            "a repository within",
            &|tree| {
                tree.write("within/d.py", "");
                start(tree, "within");
            },
            Later,
            Way::Listed,
        ),
        (
            "it is none any more",
            &|tree| fs::remove_dir_all(tree.path("within/.git")).unwrap(),
            Later,
            Way::Listed,
        ),
        (
            "a file becomes a folder",
            &|tree| {
                remove(tree, "src/a.py");
                tree.write("src/a.py/e.py", "");
            },
            Later,
            Way::Listed,
        ),
        ("a name that is read otherwise", &|tree| tree.write("per%cent", ""), Later, Way::Listed),
    ];
    check(&tree, &cases);
}

#[test]
fn a_folder_that_lets_in_one_name_alone_is_watched_before_it_is_there() {
    let tree = Tree::new();
    tree.write("data/.gitignore", "*\n!keep\n");
    tree.write("data/other", "");
    let late: [Case<'_>; 1] =
        [("the name", &|tree| tree.write("data/keep", ""), When::Later, Way::Updated)];
    check(&tree, &late);
}

#[test]
fn a_file_that_need_not_be_there_is_listed_either_way() {
    let tree = Tree::new();
    for file in ["src/a.py", "far/b.py", "top.py"] {
        tree.write(file, "");
    }
    tree.git(&["add", "."]);
    tree.git(&["update-index", "--skip-worktree", "src/a.py", "far/b.py"]);
    let cases: [Case<'_>; 4] = [
        ("it goes", &|tree| remove(tree, "src/a.py"), When::Later, Way::Updated),
        ("it comes back", &|tree| tree.write("src/a.py", ""), When::Later, Way::Updated),
        (
            "with its folder",
            &|tree| fs::remove_dir_all(tree.path("far")).unwrap(),
            When::Later,
            Way::Updated,
        ),
        ("a folder comes back", &|tree| tree.write("far/b.py", ""), When::Later, Way::Listed),
    ];
    check(&tree, &cases);
}

#[test]
fn where_settings_make_names_alone_say_too_little_git_is_asked() {
    for setting in ["core.ignoreCase", "core.precomposeUnicode", "core.sparseCheckout"] {
        let tree = Tree::new();
        tree.write("a.py", "");
        tree.git(&["config", setting, "true"]);
        let new: [Case<'_>; 1] =
            [(setting, &|tree| tree.write("A.py", ""), When::Later, Way::Listed)];
        check(&tree, &new);
    }
}

#[test]
fn many_new_names_are_left_to_git() {
    let tree = Tree::new();
    tree.write("a.py", "");
    let many = |count: usize, folder: &'static str| {
        move |tree: &Tree| (0..count).for_each(|at| tree.write(&format!("{folder}/{at}"), ""))
    };
    let cases: [Case<'_>; 2] = [
        ("few", &many(super::again::NAMES_MAX - 1, "few"), When::Later, Way::Updated),
        ("many", &many(super::again::NAMES_MAX, "many"), When::Later, Way::Listed),
    ];
    check(&tree, &cases);
}
