//! The tree at any entry, from the record and git; and what is said where git never saw a content.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::observe::{Session, entries};
use crate::scene::{SHOP, Scene};

type Files = BTreeMap<String, Vec<u8>>;

/// All files below a folder, without git's own.
fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.extend((path.file_name().unwrap() != ".git").then_some(path));
                continue;
            }
            let inside = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            found.insert(inside, std::fs::read(&path).unwrap());
        }
    }
    found
}

/// The number of the last entry.
fn last(scene: &Scene) -> usize {
    scene.run(&["ledger", "export"]).expect(0).text().lines().count()
}

/// Work of a call that a hook sees the beginning and the end of.
fn call(agent: &Session<'_>, id: usize, work: impl FnOnce()) {
    let id = id.to_string();
    assert_eq!(agent.shell("PreToolUse", &id, "make code").0, 0);
    work();
    assert_eq!(agent.shell("PostToolUse", &id, "make code").0, 0);
}

/// The tree at an entry: its files, the exit status, what was printed.
fn replayed(scene: &Scene, at: usize) -> (Files, i32, String) {
    let folder = tempfile::tempdir_in(scene.folder()).unwrap();
    let (at, into) = (at.to_string(), folder.path().to_str().unwrap().to_owned());
    let ended = scene.run(&["ledger", "replay", "--at", &at, "--out", &into]);
    (files(folder.path()), ended.status.unwrap(), ended.text().to_owned())
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Write(u8),
    Delete(u8),
    Stage,
    Commit,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u8..4).prop_map(Step::Write),
        1 => (0_u8..4).prop_map(Step::Delete),
        1 => Just(Step::Stage),
        1 => Just(Step::Commit),
    ]
}

/// What git may have of every path: whatever was ever staged.
fn seen(scene: &Scene, known: &mut BTreeSet<Vec<u8>>) {
    known.extend(files(&scene.tree()).into_values());
}

fn tell_a_story(steps: &[Step]) {
    let scene = Scene::committed(SHOP);
    let mut known = BTreeSet::new();
    seen(&scene, &mut known);
    // What lies there when the session begins belongs to the tree as well.
    scene.write("docs/before.md", "before\n");
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    let mut told = vec![(last(&scene), files(&scene.tree()))];
    for (number, step) in steps.iter().enumerate() {
        let path = |file: u8| format!("docs/f{file}.md");
        match *step {
            Step::Write(file) => {
                let text = format!("text {number}\n");
                call(&agent, number, || scene.write(path(file), &text));
            }
            Step::Delete(file) => call(&agent, number, || {
                drop(std::fs::remove_file(scene.path(path(file))));
            }),
            Step::Stage => {
                scene.git(&["add", "--all"]);
                seen(&scene, &mut known);
            }
            Step::Commit => {
                scene.commit("more");
                seen(&scene, &mut known);
            }
        }
        told.push((last(&scene), files(&scene.tree())));
    }
    let now = files(&scene.tree());
    for (at, tree) in told {
        let is_there =
            |path: &String, bytes: &Vec<u8>| known.contains(bytes) || now.get(path) == Some(bytes);
        let (there, lost): (Files, Files) =
            tree.into_iter().partition(|(path, bytes)| is_there(path, bytes));
        let (written, status, text) = replayed(&scene, at);
        assert_eq!(written, there, "entry {at}: {text}");
        assert_eq!(status, i32::from(!lost.is_empty()), "{text}");
        for path in lost.keys() {
            let named = |line: &str| line.contains(path) && line.ends_with("not found");
            assert!(text.lines().any(named), "{path} at {at}: {text}");
        }
    }
}

#[test]
fn the_tree_at_every_entry_of_a_story_is_as_it_was() {
    let config = Config { cases: 5, failure_persistence: None, ..Config::default() };
    let stories = proptest::collection::vec(step(), 4..10);
    TestRunner::new(config)
        .run(&stories, |steps| {
            tell_a_story(&steps);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_content_that_git_never_saw_is_named() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    call(&agent, 1, || scene.write("docs/a.md", "first\n"));
    let first = last(&scene);
    call(&agent, 2, || scene.write("docs/a.md", "second\n"));
    let (written, status, text) = replayed(&scene, first);
    assert_eq!(status, 1);
    assert!(!written.contains_key("docs/a.md") && written.contains_key("shop/api.py"), "{text}");
    assert!(text.contains("docs/a.md") && text.contains("not found"), "{text}");
    // Staged once, it is found although nothing leads to it any more.
    scene.write("docs/a.md", "first\n");
    scene.git(&["add", "."]);
    scene.git(&["rm", "--cached", "-q", "docs/a.md"]);
    scene.write("docs/a.md", "second\n");
    let (written, status, text) = replayed(&scene, first);
    assert_eq!((status, written["docs/a.md"].as_slice()), (0, b"first\n".as_slice()), "{text}");
    assert!(text.contains("git's store"), "{text}");
}

#[test]
fn a_folder_with_files_and_an_entry_before_every_session_are_refused() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    assert_eq!(agent.shell("PreToolUse", "1", "ls").0, 0);
    agent.begin();
    let early = scene.run(&["ledger", "replay", "--at", "1"]).expect(2);
    assert!(early.err.contains("what this work tree began with"), "{}", early.err);
    let full = scene.run(&["ledger", "replay", "--out", "shop"]).expect(2);
    assert!(full.err.contains("is not empty"), "{}", full.err);
    assert!(scene.run(&["ledger", "replay"]).expect(0).text().contains("0 not as in the commit"));
}

#[test]
fn a_link_is_written_as_one_and_nothing_through_it() {
    let scene = Scene::committed(SHOP);
    let outside = scene.folder().join("outside");
    std::fs::create_dir(&outside).unwrap();
    scene.link(&outside, "docs");
    scene.commit("a link");
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    let linked = last(&scene);
    call(&agent, 1, || {
        scene.remove("docs");
        scene.write("docs/a.md", "text\n");
    });
    let into = scene.folder().join("into");
    let into = into.to_str().unwrap();
    let at = linked.to_string();
    scene.run(&["ledger", "replay", "--at", &at, "--out", into]).expect(0);
    assert_eq!(std::fs::read_link(Path::new(into).join("docs")).unwrap(), outside);
    let later = scene.folder().join("later");
    scene.run(&["ledger", "replay", "--out", later.to_str().unwrap()]).expect(0);
    assert_eq!(std::fs::read(later.join("docs/a.md")).unwrap(), b"text\n");
    assert!(files(&outside).is_empty());
}

#[test]
fn changes_have_a_reason_and_name_what_they_touch() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    call(&agent, 1, || scene.write("shop/rate.py", "def rate():\n    return 1\n"));
    let words = "please write the total, and tell nobody";
    assert_eq!(agent.event("UserPromptSubmit", &[("prompt", json!(words))]).0, 0);
    let todos = json!({ "todos": [
        { "content": "look", "status": "completed", "activeForm": "looking" },
        { "content": "write it", "status": "in_progress", "activeForm": "writing it" },
    ] });
    assert_eq!(agent.call("PreToolUse", "t", "TodoWrite", todos.clone()).0, 0);
    assert_eq!(agent.call("PostToolUse", "t", "TodoWrite", todos).0, 0);
    call(&agent, 2, || scene.write("shop/total.py", "from shop.rate import rate\nTOTAL = 2\n"));
    let changes = entries(&scene, "change");
    let (bare, told) = (&changes[0]["payload"], &changes[1]["payload"]);
    assert!(bare.get("prompt").is_none() && bare.get("plan").is_none(), "{bare}");
    let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex().to_string()[..32].to_owned();
    assert_eq!((&told["prompt"], &told["plan"]), (&json!(hash(words)), &json!(hash("write it"))));
    let keys = bare["entities"]["keys"].as_array().unwrap();
    assert!(keys.contains(&json!("symbol rate")), "{bare}");
    assert_eq!(told["entities"]["count"]["symbol"], 2, "{told}");
    assert_eq!(told["head"], scene.git(&["rev-parse", "HEAD"]));
    let exported = scene.run(&["ledger", "export"]).expect(0);
    assert!(!exported.text().contains("tell nobody") && !exported.text().contains("write it"));
    let log = scene.run(&["ledger", "log", "--kind", "change"]).expect(0);
    let lines: Vec<&str> = log.text().lines().collect();
    assert!(lines[0].contains("shop/rate.py") && lines[0].ends_with("; no reason"), "{}", lines[0]);
    assert!(lines[1].contains("2 symbol; by plan "), "{}", lines[1]);
    // What rests on a change is shown with it.
    let number = changes[0]["seq"].to_string();
    let shown = scene.run(&["ledger", "show", &number]).expect(0);
    let shown: Value = serde_json::from_str(shown.text()).unwrap();
    let on = "shop/rate.py";
    let expected = json!([
        { "path": "shop/total.py", "line": 1, "depth": 1, "how": "imports", "on": on }
    ]);
    assert_eq!((&shown["impact"], &shown["impact_goes_on"]), (&expected, &json!(false)));
}

#[test]
fn runs_and_gates_are_statements_for_others() {
    let scene = Scene::committed(SHOP);
    Session { scene: &scene, name: "s" }.begin();
    scene.run(&["exec", "--name", "tests", "--", "true"]).expect(0);
    scene.write("docs/a.md", "text\n");
    scene.git(&["add", "."]);
    let gate = scene.run(&["gate", "commit"]);
    assert!(gate.status.is_some_and(|status| status < 2), "{}", gate.err);
    let exported = scene.run(&["ledger", "export", "--format", "in-toto"]).expect(0);
    let all: Vec<Value> =
        exported.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(all.len(), 2, "{}", exported.text());
    let tree = |revision: &str| scene.git(&["rev-parse", &format!("{revision}^{{tree}}")]);
    let (run, gate) = (&all[0], &all[1]);
    assert_eq!(run["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(run["predicateType"], "urn:assize:run:1");
    assert_eq!(run["subject"], json!([{ "digest": { "gitTree": tree("HEAD") }, "name": "tree" }]));
    assert_eq!(run["predicate"]["run"]["exit"], 0);
    assert_eq!(run["predicate"]["entry"]["sequence"], 3);
    assert_eq!(gate["predicateType"], "urn:assize:gate:1");
    assert_eq!(gate["subject"][0]["digest"]["gitTree"], scene.git(&["write-tree"]));
}
