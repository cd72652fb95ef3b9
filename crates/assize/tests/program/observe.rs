//! What is seen after calls: whose change it was, and what is told to whom.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::scene::{SHOP, Scene};

pub(crate) const BROKEN: &str = "def f(:\n";

/// One client's session.
pub(crate) struct Session<'s> {
    pub(crate) scene: &'s Scene,
    pub(crate) name: &'s str,
}

impl Session<'_> {
    pub(crate) fn event(&self, moment: &str, more: &[(&str, Value)]) -> (i32, String) {
        let mut event = json!({
            "session_id": self.name,
            "cwd": self.scene.tree(),
            "hook_event_name": moment,
        });
        for (key, value) in more {
            event[*key] = value.clone();
        }
        let mut command = self.scene.assize(&["hook", "claude-code"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(event.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    pub(crate) fn call(&self, moment: &str, id: &str, tool: &str, input: Value) -> (i32, String) {
        let more = [("tool_name", json!(tool)), ("tool_input", input), ("tool_use_id", json!(id))];
        self.event(moment, &more)
    }

    pub(crate) fn shell(&self, moment: &str, id: &str, command: &str) -> (i32, String) {
        self.call(moment, id, "Bash", json!({ "command": command }))
    }

    pub(crate) fn begin(&self) {
        assert_eq!(self.event("SessionStart", &[("source", json!("startup"))]).0, 0);
    }
}

/// The payloads of all entries of a kind.
pub(crate) fn entries(scene: &Scene, kind: &str) -> Vec<Value> {
    let exported = scene.run(&["ledger", "export"]).expect(0);
    let lines = exported.text().lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["kind"] == kind).collect()
}

/// A clock tick of the file system, so that a change before a call is older than the call.
pub(crate) fn tick() {
    std::thread::sleep(std::time::Duration::from_millis(60));
}

#[test]
fn what_a_person_did_before_a_call_is_not_held_against_it() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    scene.write("shop/settings.py", BROKEN);
    tick();
    assert_eq!(agent.shell("PreToolUse", "1", "make code").0, 0);
    assert_eq!(agent.shell("PostToolUse", "1", "make code"), (0, String::new()));
    assert_eq!(entries(&scene, "violation"), Vec::<Value>::new());
    let drift = entries(&scene, "drift");
    assert_eq!(drift[0]["payload"]["whose"], "unattributed", "{drift:?}");
    let changes = entries(&scene, "change");
    assert_eq!(changes[0]["payload"]["files"][0]["path"], "shop/settings.py");
    assert_eq!(changes[0]["payload"]["files"][0]["whose"], "unattributed");
}

#[test]
fn what_the_very_first_call_breaks_is_held_against_it() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    assert_eq!(agent.shell("PreToolUse", "1", "make code").0, 0);
    scene.write("shop/settings.py", BROKEN);
    let (status, out) = agent.shell("PostToolUse", "1", "make code");
    assert!(status == 2 && out.contains("syntax-parse"), "{out}");
}

#[test]
fn what_changes_beside_an_edit_is_not_the_edit() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    let path = scene.tree().join("notes.md");
    let note = json!({ "file_path": path, "content": "x\n" });
    assert_eq!(agent.call("PreToolUse", "1", "Write", note.clone()).0, 0);
    scene.write("notes.md", "x\n");
    scene.write("shop/settings.py", BROKEN);
    assert_eq!(agent.call("PostToolUse", "1", "Write", note).0, 0);
    let files = &entries(&scene, "change")[0]["payload"]["files"];
    let whose = |path: &str| {
        let found = files.as_array().unwrap().iter().find(|file| file["path"] == path);
        found.unwrap()["whose"].clone()
    };
    assert_eq!(
        (whose("notes.md"), whose("shop/settings.py")),
        (json!("session"), json!("unattributed"))
    );
}

#[test]
fn a_breach_that_another_session_sees_is_told_to_the_one_that_made_it() {
    let scene = Scene::committed(SHOP);
    let (one, two) =
        (Session { scene: &scene, name: "one" }, Session { scene: &scene, name: "two" });
    one.begin();
    two.begin();
    let breaking = "./settings.sh > shop/settings.py";
    assert_eq!(one.shell("PreToolUse", "1", breaking).0, 0);
    assert_eq!(two.shell("PreToolUse", "2", "make code").0, 0);
    scene.write("shop/settings.py", BROKEN);
    // The other session is heard of first: it is not blamed.
    assert_eq!(two.shell("PostToolUse", "2", "make code").0, 0);
    let violation = &entries(&scene, "violation")[0];
    assert_eq!(violation["session"], "one");
    let (status, out) = one.shell("PostToolUse", "1", breaking);
    assert_eq!(status, 2);
    assert!(out.contains("syntax-parse"), "{out}");
    // Once.
    assert_eq!(one.shell("PreToolUse", "3", "true").0, 0);
    assert_eq!(one.shell("PostToolUse", "3", "true").0, 0);
}

#[test]
fn what_a_checkout_brings_back_is_no_breach_and_what_git_add_covers_is() {
    let scene = Scene::committed(SHOP);
    scene.write("shop/settings.py", BROKEN);
    scene.git(&["add", "."]);
    scene.git(&["commit", "-qm", "broken"]);
    scene.write("shop/settings.py", "VALUE = 1\n");
    scene.git(&["add", "."]);
    scene.git(&["commit", "-qm", "mended"]);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    assert_eq!(agent.shell("PreToolUse", "1", "git checkout HEAD~1 -- shop/settings.py").0, 0);
    scene.git(&["checkout", "-q", "HEAD~1", "--", "shop/settings.py"]);
    assert_eq!(agent.shell("PostToolUse", "1", "git checkout").0, 0);
    scene.git(&["checkout", "-q", "HEAD", "--", "shop/settings.py"]);
    assert_eq!(agent.event("Stop", &[]).0, 0);
    assert_eq!(agent.shell("PreToolUse", "2", "make code").0, 0);
    scene.write("shop/settings.py", "def g(:\n");
    scene.git(&["add", "."]);
    scene.git(&["commit", "-qm", "hidden"]);
    let (status, out) = agent.shell("PostToolUse", "2", "make code");
    assert_eq!(status, 2);
    assert!(out.contains("syntax-parse"), "{out}");
}

#[test]
fn a_violation_closes_when_its_control_runs_clean() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    assert_eq!(agent.shell("PreToolUse", "1", "make code").0, 0);
    scene.write("shop/settings.py", BROKEN);
    assert_eq!(agent.shell("PostToolUse", "1", "make code").0, 2);
    // A stop is not blocked for what was told already.
    assert_eq!(agent.event("Stop", &[]).0, 0);
    assert_eq!(agent.shell("PreToolUse", "2", "make code").0, 0);
    scene.write("shop/settings.py", "VALUE = 1\n");
    assert_eq!(agent.shell("PostToolUse", "2", "make code").0, 0);
    let opened = &entries(&scene, "violation")[0]["payload"]["id"];
    assert_eq!(&entries(&scene, "repair")[0]["payload"]["violations"][0], opened);
}

#[test]
fn a_command_in_the_background_answers_for_what_changes_alone() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    let watch = json!({ "command": "make watch", "run_in_background": true });
    assert_eq!(agent.call("PreToolUse", "1", "Bash", watch.clone()).0, 0);
    assert_eq!(agent.call("PostToolUse", "1", "Bash", watch).0, 0);
    tick();
    scene.write("shop/settings.py", BROKEN);
    let (status, out) = agent.event("Stop", &[]);
    assert_eq!(status, 2, "{out}");
    assert_eq!(entries(&scene, "violation")[0]["payload"]["whose"], "probable");
}

#[test]
fn a_prompt_is_never_stopped_for_what_an_agent_did() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    assert_eq!(agent.shell("PreToolUse", "1", "make code").0, 0);
    scene.write("shop/settings.py", BROKEN);
    // The client never said that the call ended.
    let (status, out) = agent.event("UserPromptSubmit", &[("prompt", json!("go on"))]);
    assert_eq!(status, 0, "{out}");
}

#[test]
fn no_credential_of_a_command_stands_in_the_ledger() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    let secret = format!("{}_{}", "ghp", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8");
    let command = format!("curl -H 'Authorization: token {secret}' https://api.example");
    let (_, out) = agent.shell("PreToolUse", "1", &command);
    assert!(!out.contains(&secret), "{out}");
    let exported = scene.run(&["ledger", "export"]).expect(0);
    let text = exported.text();
    assert!(text.contains("api.example") && !text.contains(&secret), "{text}");
}

#[test]
fn what_is_told_after_a_call_says_what_was_meant() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    for (id, name) in [("1", "first"), ("2", "second")] {
        assert_eq!(agent.shell("PreToolUse", id, "make code").0, 0);
        scene.write(format!("shop/{name}.py"), "from shop.setings import VALUE\n");
        let (status, out) = agent.shell("PostToolUse", id, "make code");
        assert!(
            status == 2 && out.contains("did you mean the module at `shop/settings.py`"),
            "{out}"
        );
    }
    let violations = entries(&scene, "violation");
    assert_eq!(violations.len(), 2, "{violations:?}");
    for violation in violations {
        let help = violation["payload"]["help"].as_str().unwrap();
        assert!(help.contains("shop/settings.py"), "{help}");
    }
    // What a hook leaves behind is no answer for a person.
    let findings = |more: &[&str]| {
        let out = scene.run(&[&["check", "--format", "json"], more].concat()).expect(1);
        serde_json::from_str::<Value>(out.text()).unwrap()["findings"].clone()
    };
    assert_eq!(findings(&[]), findings(&["--no-cache"]));
}
