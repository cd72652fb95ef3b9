//! Two agents and a person in one tree, and what a colleague pushed: each change is its maker's.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::observe::{BROKEN, Session, entries, tick};
use crate::scene::{SHOP, Scene};

/// The shop with a guard that denies breaches, and a remote with a colleague at it.
fn shared() -> (Scene, std::path::PathBuf) {
    let scene = Scene::of(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    scene.commit("first");
    let remote = scene.folder().join("remote.git");
    scene.git(&["init", "--quiet", "--bare", remote.to_str().unwrap()]);
    scene.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    scene.git(&["push", "--quiet", "-u", "origin", "main"]);
    let colleague = scene.folder().join("colleague");
    scene.git(&["clone", "-q", remote.to_str().unwrap(), colleague.to_str().unwrap()]);
    (scene, colleague)
}

fn write(agent: &Session<'_>, moment: &str, id: &str, path: &str) -> (i32, String) {
    let input = json!({ "file_path": agent.scene.path(path), "content": "text\n" });
    agent.call(moment, id, "Write", input)
}

/// Who answers for each path: the session of the entry and the word beside the file, the last of
/// what was told.
fn told(scene: &Scene) -> BTreeMap<String, (String, String)> {
    let mut all = BTreeMap::new();
    for entry in entries(scene, "change") {
        for file in entry["payload"]["files"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            all.insert(text(&file["path"]), (text(&entry["session"]), text(&file["whose"])));
        }
    }
    all
}

#[track_caller]
fn is(told: &BTreeMap<String, (String, String)>, path: &str, session: Option<&str>) {
    let (by, whose) = told.get(path).unwrap_or_else(|| panic!("nobody was told of {path}"));
    match session {
        Some(session) => assert_eq!((by.as_str(), whose.as_str()), (session, "session"), "{path}"),
        None => assert_eq!(whose, "unattributed", "{path}"),
    }
}

#[test]
fn each_change_is_its_makers_and_a_pull_in_between_is_harmless() {
    let (scene, colleague) = shared();
    let (ann, ben) =
        (Session { scene: &scene, name: "ann" }, Session { scene: &scene, name: "ben" });
    ann.begin();
    ben.begin();
    // Both write at once, and a person beside them.
    assert_eq!(write(&ann, "PreToolUse", "a1", "docs/ann.md").0, 0);
    assert_eq!(write(&ben, "PreToolUse", "b1", "docs/ben.md").0, 0);
    scene.write("docs/ben.md", "text\n");
    scene.write("docs/person.md", "text\n");
    scene.write("docs/ann.md", "text\n");
    assert_eq!(write(&ben, "PostToolUse", "b1", "docs/ben.md").0, 0);
    assert_eq!(write(&ann, "PostToolUse", "a1", "docs/ann.md").0, 0);
    // A command says what it writes, another does not, and they overlap.
    let says = "./report.sh > docs/report.md";
    assert_eq!(ann.shell("PreToolUse", "a2", says).0, 0);
    assert_eq!(ben.shell("PreToolUse", "b2", "make code").0, 0);
    scene.write("docs/report.md", "text\n");
    scene.write("docs/made.md", "text\n");
    assert_eq!(ben.shell("PostToolUse", "b2", "make code").0, 0);
    assert_eq!(ann.shell("PostToolUse", "a2", says).0, 0);
    // A colleague broke the settings. Who pulls them has broken nothing.
    std::fs::write(colleague.join("shop/settings.py"), BROKEN).unwrap();
    std::fs::write(colleague.join("docs.md"), "theirs\n").unwrap();
    scene.git_in(&colleague, &["add", "."]);
    scene.git_in(&colleague, &["commit", "-qm", "theirs"]);
    scene.git_in(&colleague, &["push", "-q"]);
    assert_eq!(ann.shell("PreToolUse", "a3", "git pull").0, 0);
    scene.git(&["pull", "-q"]);
    assert_eq!(ann.shell("PostToolUse", "a3", "git pull"), (0, String::new()));
    assert_eq!(entries(&scene, "violation"), Vec::<Value>::new());
    assert_eq!(entries(&scene, "drift").len(), 1);
    for (agent, id) in [(&ann, "a4"), (&ben, "b4")] {
        assert_eq!(write(agent, "PreToolUse", id, "docs/next.md").0, 0);
        assert_eq!(write(agent, "PostToolUse", id, "docs/next.md").0, 0);
    }
    // One agent alone breaks something: it is held, and the other is not.
    tick();
    assert_eq!(ben.shell("PreToolUse", "b5", "make code").0, 0);
    scene.write("shop/tax.py", "from shop.rates import RATE\n");
    assert_eq!(ben.shell("PostToolUse", "b5", "make code").0, 2);
    let held = write(&ben, "PreToolUse", "b6", "docs/next.md");
    assert!(held.0 == 2 && held.1.contains("violation-stop"), "{held:?}");
    assert_eq!(write(&ann, "PreToolUse", "a6", "docs/ann.md").0, 0);
    assert_eq!(write(&ann, "PostToolUse", "a6", "docs/ann.md").0, 0);
    // A person mends it, and the agent goes on.
    scene.write("shop/rates.py", "RATE = 1\n");
    assert_eq!(write(&ben, "PreToolUse", "b7", "docs/next.md").0, 0);
    assert_eq!(write(&ben, "PostToolUse", "b7", "docs/next.md").0, 0);

    let told = told(&scene);
    is(&told, "docs/ann.md", Some("ann"));
    is(&told, "docs/ben.md", Some("ben"));
    is(&told, "docs/report.md", Some("ann"));
    is(&told, "shop/tax.py", Some("ben"));
    for path in ["docs/person.md", "docs/made.md", "shop/rates.py"] {
        is(&told, path, None);
    }
    let violations = entries(&scene, "violation");
    let by: Vec<&str> = violations.iter().map(|one| one["session"].as_str().unwrap()).collect();
    assert_eq!(by, ["ben"]);
    assert!(scene.run(&["ledger", "verify"]).expect(0).text().contains("none wrong"));
    pages(&scene);
}

/// What each did stands on its own page, in order.
fn pages(scene: &Scene) {
    let page = |session: &str| {
        let file = scene.folder().join(format!("{session}.html"));
        let out = ["--out", file.to_str().unwrap()];
        let arguments = [&["report", "--session", session, "--html"], &out[..]].concat();
        assert_eq!(scene.run(&arguments).expect(0).text(), "");
        std::fs::read_to_string(file).unwrap()
    };
    let ben = page("ben");
    let mut rest = ben.as_str();
    for step in [
        "<strong class=\"info\">session start</strong>",
        "docs/ben.md new, session",
        "<strong class=\"error\">broke</strong> phantom-local-import",
        "<strong class=\"error\">deny</strong> write",
        "violation-stop: repair `shop/tax.py:1` first",
        "<strong class=\"info\">repaired</strong>",
        "its control runs clean",
        "What is not in the record",
        "Whether entries were cut off at the end",
    ] {
        let found = rest.find(step);
        rest = &rest[found.unwrap_or_else(|| panic!("`{step}` is not in order: {ben}"))..];
    }
    assert!(ben.contains("No violation is open."));
    let ann = page("ann");
    assert!(ann.contains("docs/report.md new, session") && !ann.contains(">broke<"));
    assert!(ann.contains("broken, and nobody known did it"), "{ann}");
    let none = scene.run(&["report", "--session", "eve", "--html"]).expect(2);
    assert!(none.err.contains("knows no session `eve`"), "{}", none.err);
    scene.run(&["report", "--html"]).expect(2);
}
