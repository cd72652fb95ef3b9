//! The hook as clients call it: an event on standard input, an answer on three channels.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::scene::{PROGRAM, SHOP, Scene};

/// What a client gets.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    pub(crate) fn is_silent(&self) -> bool {
        self.status == 0 && self.out.is_empty()
    }

    #[track_caller]
    pub(crate) fn reason(&self) -> String {
        let value: Value = serde_json::from_str(&self.out).unwrap_or_default();
        let inner = &value["hookSpecificOutput"];
        assert_eq!(inner["permissionDecision"], "deny", "{}", self.out);
        assert_eq!(self.status, 2);
        assert!(!self.err.is_empty());
        inner["permissionDecisionReason"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn ask_with(scene: &Scene, client: &str, input: &[u8]) -> Answer {
    ask_by(&mut scene.assize(&["hook", client]), input)
}

/// An answer of a hook that is run by this command.
pub(crate) fn ask_by(command: &mut Command, input: &[u8]) -> Answer {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A hook that refuses early may not read to the end.
    drop(child.stdin.take().unwrap().write_all(input));
    let output = child.wait_with_output().unwrap();
    Answer {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn ask(scene: &Scene, moment: &str, tool: &str, input: Value) -> Answer {
    ask_with(scene, "claude-code", &event(scene, moment, tool, input))
}

/// What a client sends of a call.
pub(crate) fn event(scene: &Scene, moment: &str, tool: &str, input: Value) -> Vec<u8> {
    let event = json!({
        "session_id": "s-1",
        "cwd": scene.tree(),
        "hook_event_name": moment,
        "tool_name": tool,
        "tool_input": input,
        "tool_use_id": "call-1",
    });
    event.to_string().into_bytes()
}

pub(crate) fn write(scene: &Scene, path: &str, content: &str) -> Answer {
    let path = scene.tree().join(path);
    ask(scene, "PreToolUse", "Write", json!({ "file_path": path, "content": content }))
}

#[test]
fn a_write_that_breaks_a_file_is_denied_and_the_next_is_not() {
    let scene = Scene::committed(SHOP);
    let reason = write(&scene, "shop/settings.py", "def f(:\n").reason();
    assert!(reason.contains("syntax-parse") && reason.contains("R01"), "{reason}");
    assert!(write(&scene, "shop/settings.py", "import os\n").is_silent());
    assert!(write(&scene, "notes.md", "hello\n").is_silent());
}

/// Codex runs such a command itself, without its shell, and tells nobody afterwards.
#[test]
fn a_patch_in_a_here_document_is_judged_by_what_it_leaves() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    let patch = |line: &str| {
        let body = format!("*** Begin Patch\n*** Add File: shop/fresh.py\n+{line}\n*** End Patch");
        let input = json!({ "command": format!("apply_patch <<'EOF'\n{body}\nEOF\n") });
        ask_with(&scene, "codex", &event(&scene, "PreToolUse", "Bash", input))
    };
    assert!(patch("def f(:").reason().contains("syntax-parse"));
    assert!(patch("from shop.never import x").reason().contains("phantom-local-import"));
    assert!(patch("import os").is_silent());
}

#[test]
fn a_file_that_a_server_writes_is_judged_by_what_it_holds() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    let fresh = scene.path("shop/fresh.py");
    let there = scene.path("shop/settings.py");
    let old = std::fs::read_to_string(&there).unwrap();
    let call = |tool: &str, input: Value| ask(&scene, "PreToolUse", tool, input);
    let file =
        |content: &str| call("mcp__fs__write_file", json!({ "path": fresh, "content": content }));
    let edit = |new: &str| {
        let edits = json!([{ "oldText": old.lines().next().unwrap(), "newText": new }]);
        call("mcp__fs__edit_file", json!({ "path": there, "edits": edits, "dryRun": false }))
    };
    assert!(file("def f(:\n").reason().contains("syntax-parse"));
    assert!(file("import os\n").is_silent());
    assert!(edit("def f(:").reason().contains("syntax-parse"));
    assert!(edit("import os").is_silent());
}

#[test]
fn what_was_broken_before_is_not_held_against_a_write() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    let kept = "from shop.gone import total\n\n\ndef more():\n    return total\n";
    assert!(write(&scene, "shop/api.py", kept).is_silent());
    let reason = write(&scene, "shop/more.py", "from shop.never import x\n").reason();
    assert!(reason.contains("phantom-local-import"), "{reason}");
}

#[test]
fn a_module_written_a_moment_ago_is_known() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    assert!(write(&scene, "notes.md", "the index is built\n").is_silent());
    scene.write("shop/fresh.py", "x = 1\n");
    assert!(write(&scene, "shop/user.py", "from shop.fresh import x\n").is_silent());
}

#[test]
fn settings_of_assize_and_of_clients_are_out_of_reach() {
    let scene = Scene::committed(SHOP);
    for path in ["assize.toml", ".claude/settings.json", ".claude/settings.local.json"] {
        assert!(write(&scene, path, "{}").reason().contains("self-protection"), "{path}");
    }
}

#[test]
fn a_failure_of_ours_stops_writes_and_lets_reads_and_recovery_run() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enfrce\"\n");
    let reason = write(&scene, "notes.md", "x\n").reason();
    assert!(reason.contains("configuration"), "{reason}");
    let read = json!({ "file_path": scene.tree().join("shop/api.py") });
    assert!(ask(&scene, "PreToolUse", "Read", read).is_silent());
    for (command, runs) in [
        ("git restore assize.toml", true),
        ("git status", true),
        ("git stash drop", false),
        ("git status; rm -rf shop", false),
    ] {
        let answer = ask(&scene, "PreToolUse", "Bash", json!({ "command": command }));
        assert_eq!(answer.is_silent(), runs, "{command}: {}", answer.out);
    }
    scene.remove("assize.toml");
    assert!(write(&scene, "notes.md", "x\n").is_silent());
}

#[test]
fn what_cannot_be_read_is_denied() {
    let scene = Scene::committed(SHOP);
    for input in [&b""[..], b"{", b"[]", b"\xff\xfe", b"{\"session_id\": 1}"] {
        for client in ["claude-code", "codex"] {
            let answer = ask_with(&scene, client, input);
            assert_eq!(answer.status, 2, "{input:?}");
            assert!(!answer.err.is_empty());
        }
    }
    assert_eq!(scene.run(&["hook", "no-client"]).status, Some(2));
}

#[test]
fn a_breach_by_whatever_means_is_told_afterwards() {
    let scene = Scene::committed(SHOP);
    let start =
        json!({ "session_id": "s-1", "cwd": scene.tree(), "hook_event_name": "SessionStart" });
    assert!(ask_with(&scene, "claude-code", start.to_string().as_bytes()).is_silent());
    let code = json!({ "command": "make code" });
    assert!(ask(&scene, "PreToolUse", "Bash", code.clone()).is_silent());
    scene.write("shop/settings.py", "def f(:\n");
    let after = ask(&scene, "PostToolUse", "Bash", code);
    assert_eq!(after.status, 2);
    assert!(after.out.contains("\"decision\":\"block\"") && after.out.contains("syntax-parse"));
    // Told once.
    assert!(ask(&scene, "PostToolUse", "Bash", json!({ "command": "true" })).is_silent());
}

#[test]
fn the_ledger_holds_every_decision_and_shows_what_was_changed() {
    let scene = Scene::committed(SHOP);
    assert!(write(&scene, "notes.md", "hello\n").is_silent());
    write(&scene, "shop/settings.py", "def f(:\n").reason();
    let exported = scene.run(&["ledger", "export"]).expect(0);
    let lines: Vec<Value> =
        exported.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let verdicts: Vec<&Value> = lines.iter().map(|line| &line["payload"]["verdict"]).collect();
    assert_eq!(verdicts, ["allow", "deny"]);
    assert!(scene.run(&["ledger", "verify"]).expect(0).text().starts_with("unknown: 2 entries"));
    let segment = scene.segments().pop().unwrap();
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    assert!(scene.run(&["ledger", "verify"]).expect(1).text().starts_with("bad: entry 1"));
}

#[test]
fn a_ledger_that_somebody_holds_denies_what_could_change_something() {
    let scene = Scene::committed(SHOP);
    assert!(write(&scene, "notes.md", "hello\n").is_silent());
    let lock = scene.segments().pop().unwrap().with_file_name("lock");
    let held = std::fs::File::open(lock).unwrap();
    held.lock().unwrap();
    let reason = write(&scene, "notes.md", "more\n").reason();
    assert!(reason.contains("ledger"), "{reason}");
    let read = json!({ "file_path": scene.tree().join("notes.md") });
    assert!(ask(&scene, "PreToolUse", "Read", read).is_silent());
    held.unlock().unwrap();
    assert!(write(&scene, "notes.md", "more\n").is_silent());
}

#[test]
fn init_twice_changes_nothing_and_uninstall_leaves_every_byte() {
    let scene = Scene::committed(SHOP);
    let own = "{\n  // mine\n  \"hooks\": {}\n}\n";
    scene.write(".claude/settings.json", own);
    let settings = scene.tree().join(".claude/settings.json");
    scene.run(&["init", "--yes"]).expect(0);
    let once = std::fs::read_to_string(&settings).unwrap();
    assert!(once.contains("hook claude-code") && once.contains("// mine"));
    assert!(scene.tree().join(".codex/hooks.json").exists());
    scene.run(&["init", "--yes"]).expect(0);
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), once);
    scene.person(&["uninstall", "--yes"]).expect(0);
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), own);
    assert!(!scene.tree().join(".codex").exists() && !scene.tree().join("assize.toml").exists());
    // Nobody can be asked here.
    assert_eq!(scene.run(&["init"]).status, Some(2));
}

#[test]
fn a_program_within_the_reach_of_an_agent_is_refused() {
    let scene = Scene::committed(SHOP);
    let copy = scene.tree().join("assize");
    std::fs::copy(PROGRAM, &copy).unwrap();
    let refused =
        Command::new(&copy).args(["init", "--yes"]).current_dir(scene.tree()).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("lies where an agent writes"), "{said}");
}
