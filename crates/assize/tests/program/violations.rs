//! A session that broke something is held to repair it, and to nothing else.

use serde_json::{Value, json};

use crate::observe::{BROKEN, Session, entries};
use crate::scene::{SHOP, Scene};
use crate::terminal::{agent, person};

/// The shop with a guard that denies breaches.
fn enforced() -> Scene {
    let scene = Scene::of(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    scene.write("shop/mail.py", "from shop.settings import MAIL\n");
    scene.write("docs/notes.md", "notes\n");
    scene.commit("first");
    scene
}

/// A command of which nobody knows what it does, and which did this.
#[track_caller]
fn did(agent: &Session<'_>, id: &str, work: impl FnOnce(&Scene)) -> (i32, String) {
    assert_eq!(agent.shell("PreToolUse", id, "make code").0, 0);
    work(agent.scene);
    agent.shell("PostToolUse", id, "make code")
}

/// A session whose settings no longer parse.
fn broken<'s>(scene: &'s Scene, name: &'s str) -> Session<'s> {
    let agent = Session { scene, name };
    agent.begin();
    let (status, out) = did(&agent, "1", |scene| scene.write("shop/settings.py", BROKEN));
    assert!(status == 2 && out.contains("syntax-parse"), "{out}");
    agent
}

fn writes(agent: &Session<'_>, path: &str, content: &str) -> (i32, String) {
    let path = agent.scene.path(path);
    agent.call("PreToolUse", "w", "Write", json!({ "file_path": path, "content": content }))
}

fn edits(agent: &Session<'_>, path: &str, old: &str, new: &str) -> (i32, String) {
    let path = agent.scene.path(path);
    let input = json!({ "file_path": path, "old_string": old, "new_string": new });
    agent.call("PreToolUse", "e", "Edit", input)
}

#[track_caller]
fn held(answer: &(i32, String)) {
    assert!(answer.0 == 2 && answer.1.contains("violation-stop"), "{answer:?}");
}

#[track_caller]
fn passes(answer: &(i32, String)) {
    assert!(answer.0 == 0 && !answer.1.contains("violation-stop"), "{answer:?}");
}

#[test]
fn what_is_not_repair_waits_and_repair_passes() {
    let scene = enforced();
    let agent = broken(&scene, "s");
    let answer = writes(&agent, "docs/notes.md", "more notes\n");
    held(&answer);
    assert!(answer.1.contains("repair `shop/settings.py:1` first (syntax-parse)"), "{}", answer.1);
    for command in ["git commit -am x", "git push", "echo x > docs/notes.md", "rm docs/notes.md"] {
        held(&agent.shell("PreToolUse", "2", command));
    }
    for command in [
        "git restore shop/settings.py",
        "git checkout -- shop/settings.py",
        "git stash",
        "git revert HEAD",
        "pytest -q",
        "cargo build",
        "ruff format .",
        "sed -i 's/f(/f()/' shop/settings.py",
        "assize check .",
        "ls",
        "make code",
    ] {
        passes(&agent.shell("PreToolUse", "2", command));
    }
    passes(&writes(&agent, "shop/settings.py", "MAIL = 1\n"));
    passes(&edits(&agent, "shop/settings.py", "def f(:", "def f(): pass"));
    // A file that rests on it may be mended as well.
    passes(&edits(&agent, "shop/mail.py", "MAIL", "MAIL as mail"));
    let tools = [
        ("Read", json!({ "file_path": scene.path("docs/notes.md") })),
        ("Grep", json!({ "pattern": "x" })),
        ("WebFetch", json!({ "url": "https://docs.example", "prompt": "x" })),
        ("AskUserQuestion", json!({ "questions": [{ "question": "what now?" }] })),
        ("Task", json!({ "subagent_type": "fixer", "prompt": "mend it", "description": "mend" })),
    ];
    for (tool, input) in tools {
        passes(&agent.call("PreToolUse", "3", tool, input));
    }
    assert_eq!(did(&agent, "4", |scene| drop(scene.git(&["restore", "shop/settings.py"]))).0, 0);
    passes(&writes(&agent, "docs/notes.md", "more notes\n"));
    passes(&agent.shell("PreToolUse", "5", "git commit -am x"));
}

#[test]
fn observing_tells_and_holds_nobody() {
    let scene = enforced();
    scene.write("assize.toml", "root = true\n");
    scene.commit("observe");
    let agent = broken(&scene, "s");
    let (status, out) = writes(&agent, "docs/notes.md", "more notes\n");
    assert!(status == 0 && out.contains("violation-stop"), "{out}");
    let told = entries(&scene, "verdict").pop().unwrap();
    assert_eq!(told["payload"]["spared"], json!(["violation-stop"]));
}

#[test]
fn what_the_call_itself_repairs_passes() {
    let scene = enforced();
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    let code = "from shop.rates import RATE\n";
    assert_eq!(did(&agent, "1", |scene| scene.write("shop/tax.py", code)).0, 2);
    held(&writes(&agent, "shop/other.py", "RATE = 1\n"));
    passes(&writes(&agent, "shop/rates.py", "RATE = 1\n"));
    assert_eq!(did(&agent, "2", |scene| scene.write("shop/rates.py", "RATE = 1\n")).0, 0);
    passes(&writes(&agent, "docs/notes.md", "more\n"));
}

#[test]
fn two_in_one_file_are_two() {
    let scene = enforced();
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    let both = "from shop.one import a\nfrom shop.two import b\n";
    assert_eq!(did(&agent, "1", |scene| scene.write("shop/tax.py", both)).0, 2);
    assert_eq!(entries(&scene, "violation").len(), 2);
    let answer = writes(&agent, "docs/notes.md", "x\n");
    held(&answer);
    assert!(answer.1.contains("and 1 more"), "{}", answer.1);
    assert_eq!(did(&agent, "2", |scene| scene.write("shop/one.py", "a = 1\n")).0, 0);
    held(&writes(&agent, "docs/notes.md", "x\n"));
    assert_eq!(did(&agent, "3", |scene| scene.write("shop/two.py", "b = 1\n")).0, 0);
    passes(&writes(&agent, "docs/notes.md", "x\n"));
    let closed = entries(&scene, "repair");
    let closed: Vec<&Value> = closed.iter().map(|one| &one["payload"]["violations"]).collect();
    assert!(closed.len() == 2 && closed.iter().all(|one| one.as_array().unwrap().len() == 1));
}

#[test]
fn a_violation_ends_with_its_file_and_with_its_branch() {
    let scene = enforced();
    let agent = broken(&scene, "s");
    // A person deletes it, and no hook sees that.
    scene.remove("shop/settings.py");
    scene.remove("shop/mail.py");
    passes(&writes(&agent, "docs/notes.md", "x\n"));
    assert_eq!(entries(&scene, "repair").len(), 1);
    scene.git(&["restore", "."]);
    let agent = broken(&scene, "s");
    held(&writes(&agent, "docs/notes.md", "x\n"));
    scene.git(&["checkout", "-q", "-f", "-b", "other"]);
    passes(&writes(&agent, "docs/notes.md", "x\n"));
}

#[test]
fn it_stays_the_sessions_when_it_is_resumed_and_is_nobody_elses() {
    let scene = enforced();
    let agent = broken(&scene, "s");
    let other = Session { scene: &scene, name: "t" };
    other.begin();
    passes(&writes(&other, "docs/notes.md", "x\n"));
    passes(&other.shell("PreToolUse", "2", "git commit -am x"));
    assert_eq!(agent.event("SessionStart", &[("source", json!("resume"))]).0, 0);
    held(&writes(&agent, "docs/notes.md", "x\n"));
}

#[test]
fn what_nobody_answers_for_holds_nobody() {
    let scene = enforced();
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    scene.write("shop/settings.py", BROKEN);
    crate::observe::tick();
    assert_eq!(did(&agent, "1", |_| {}).0, 0);
    assert_eq!(entries(&scene, "drift").len(), 1);
    passes(&writes(&agent, "docs/notes.md", "x\n"));
}

#[test]
fn what_a_subagent_broke_holds_the_session() {
    let scene = enforced();
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    let call = |moment: &str| {
        let more = [
            ("tool_name", json!("Bash")),
            ("tool_input", json!({ "command": "make code" })),
            ("tool_use_id", json!("1")),
            ("agent_id", json!("sub-1")),
        ];
        agent.event(moment, &more)
    };
    assert_eq!(call("PreToolUse").0, 0);
    scene.write("shop/settings.py", BROKEN);
    assert_eq!(call("PostToolUse").0, 2);
    assert_eq!(entries(&scene, "violation")[0]["agent"], "sub-1");
    held(&writes(&agent, "docs/notes.md", "x\n"));
}

#[test]
fn many_at_once_have_one_cause_and_one_way_back() {
    let scene = enforced();
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    let (status, _) = did(&agent, "1", |scene| {
        for number in 0..60 {
            scene.write(format!("shop/new{number}.py"), BROKEN);
        }
    });
    assert_eq!(status, 2);
    assert_eq!(entries(&scene, "violation").len(), 50);
    let answer = writes(&agent, "docs/notes.md", "x\n");
    held(&answer);
    assert!(answer.1.contains("and 49 more"), "{}", answer.1);
    let taken = did(&agent, "2", |scene| drop(scene.git(&["clean", "-fdq", "shop"])));
    assert_eq!(taken.0, 0);
    passes(&writes(&agent, "docs/notes.md", "x\n"));
}

#[test]
fn a_person_waives_it_and_an_agent_does_not() {
    let scene = enforced();
    let agent_session = Session { scene: &scene, name: "s" };
    agent_session.begin();
    let code = "from shop.rates import RATE\n";
    assert_eq!(did(&agent_session, "1", |scene| scene.write("shop/tax.py", code)).0, 2);
    let waive =
        ["waive", "phantom-local-import", "shop/tax.py", "--until", &day(), "--reason", "x"];
    agent(&scene, &waive).expect(2);
    assert_eq!(did(&agent_session, "2", |_| {}).0, 0);
    held(&writes(&agent_session, "docs/notes.md", "fixed\n"));
    person(&scene, &waive).expect(0);
    passes(&writes(&agent_session, "docs/notes.md", "x\n"));
    let waived = entries(&scene, "repair").pop().unwrap();
    assert_eq!(waived["payload"]["waived"].as_array().unwrap().len(), 1);
    assert!(waived["payload"].get("violations").is_none());
}

/// A day on which a waiver still holds.
fn day() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let seconds = i64::try_from(since.as_secs()).unwrap();
    assize_config::Date::from_unix_seconds(seconds + 20 * 86_400).to_string()
}

#[test]
fn the_record_says_what_it_is_about() {
    let scene = enforced();
    broken(&scene, "s");
    let entry = entries(&scene, "violation").remove(0);
    let payload = &entry["payload"];
    assert_eq!((&payload["severity"], &payload["line"]), (&json!("error"), &json!(1)));
    assert!(payload["clause"].as_str().unwrap().starts_with('R'), "{payload}");
    let excerpt = blake3::hash(BROKEN.trim_end().as_bytes()).to_hex().to_string();
    assert_eq!(payload["excerpt"], excerpt[..32]);
    assert_eq!(payload["causes"], json!(["shop/settings.py"]));
    let impact = json!([{ "path": "shop/mail.py", "line": 1, "how": "imports" }]);
    assert_eq!(payload["impact"], impact);
}

#[test]
fn who_does_not_repair_it_is_told_of() {
    let scene = enforced();
    let agent = broken(&scene, "s");
    for _ in 0..4 {
        held(&writes(&agent, "docs/notes.md", "x\n"));
    }
    let asked = entries(&scene, "escalated");
    let repeated: Vec<&Value> =
        asked.iter().map(|one| &one["payload"]).filter(|one| one["why"] == "repeated").collect();
    assert_eq!(repeated.len(), 1, "{asked:?}");
    let violation = &entries(&scene, "violation")[0]["payload"]["id"];
    assert_eq!((&repeated[0]["violation"], &repeated[0]["asked"]), (violation, &json!("nobody")));
    let shown = scene.run(&["status"]).expect(0);
    let text = shown.text();
    assert!(text.contains("shop/settings.py:1 (syntax-parse)"), "{text}");
    assert!(text.contains("asked: nobody, since"), "{text}");
}

#[test]
fn calls_beside_a_violation_are_counted_until_a_person_is_asked() {
    let scene = enforced();
    let agent = broken(&scene, "s");
    for number in 0..25 {
        let id = format!("c{number}");
        passes(&agent.shell("PreToolUse", &id, "make code"));
        assert_eq!(agent.shell("PostToolUse", &id, "make code").0, 0);
    }
    let asked = entries(&scene, "escalated");
    assert_eq!(asked.len(), 1, "{asked:?}");
    let payload = &asked[0]["payload"];
    assert_eq!((&payload["why"], &payload["count"]), (&json!("unrepaired"), &json!(20)));
    assert_eq!(payload["control"], "violation-escalate");
}
