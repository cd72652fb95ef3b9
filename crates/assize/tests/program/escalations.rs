//! Who is told that an agent was stopped, and when.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::approvals::entries;
use crate::hook::{Answer, ask, ask_with, write};
use crate::scene::{SHOP, Scene};
use crate::terminal::{agent, person};

const DROPS: &str = "git reset --hard";

/// A configuration whose command notes down what it is told.
fn noting(scene: &Scene, mode: &str) -> PathBuf {
    let notes = scene.folder().join("notes");
    let script = format!("cat >> {0}; echo >> {0}; echo printed", notes.display());
    configure(scene, "", mode, &json!(["sh", "-c", script]));
    trust(scene);
    notes
}

#[track_caller]
fn trust(scene: &Scene) {
    person(scene, &["approve", "--escalation", "--reason", "a drill"]).expect(0);
}

fn configure(scene: &Scene, folder: &str, mode: &str, command: &Value) {
    let text =
        format!("root = true\n[guard]\nmode = \"{mode}\"\n[escalate]\ncommand = {command}\n");
    scene.write(format!("{folder}assize.toml"), text);
}

fn shell(scene: &Scene, command: &str) -> Answer {
    ask(scene, "PreToolUse", "Bash", json!({ "command": command }))
}

/// Everything that was noted down, once it is so many notes.
#[track_caller]
fn told(notes: &PathBuf, count: usize) -> Vec<Value> {
    let started = Instant::now();
    loop {
        let text = std::fs::read_to_string(notes).unwrap_or_default();
        let lines: Vec<Value> =
            text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        if lines.len() >= count && text.ends_with('\n') {
            return lines;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{count} notes are not in: {text}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_is_harmful_is_told_at_once() {
    let scene = Scene::committed(SHOP);
    let notes = noting(&scene, "observe");
    let answer = shell(&scene, DROPS);
    // Nothing but the answer stands on the client's side.
    let reason = answer.reason();
    let told = told(&notes, 1);
    assert_eq!(told.len(), 1);
    let one = &told[0];
    assert_eq!(one["control"], "shell-destructive");
    assert_eq!((&one["severity"], &one["client"]), (&json!("block"), &json!("claude-code")));
    assert_eq!((&one["session"], &one["count"]), (&json!("s-1"), &json!(1)));
    assert_eq!((&one["tool"], &one["what"]), (&json!("shell"), &json!(DROPS)));
    let request = one["request"].as_str().unwrap();
    assert!(reason.ends_with(request), "{reason}");
    assert!(one["clause"].as_str().unwrap().starts_with(one["rule"].as_str().unwrap()));
    assert!(one["message"].as_str().unwrap().contains("work"));
    assert!(one["time"].as_str().unwrap().ends_with('Z'));
    let entry = usize::try_from(one["entry"].as_u64().unwrap()).unwrap();
    let exported = scene.run(&["ledger", "export"]).expect(0);
    let line: Value =
        serde_json::from_str(exported.text().lines().nth(entry - 1).unwrap()).unwrap();
    assert_eq!(line["payload"]["request"], request);
    let escalated = entries(&scene, "escalated");
    assert_eq!(escalated.len(), 1);
    assert!(escalated[0].get("failed").is_none() && escalated[0]["entry"] == one["entry"]);
}

#[test]
fn what_is_only_a_breach_is_told_at_the_third_time() {
    let scene = Scene::committed(SHOP);
    let notes = noting(&scene, "enforce");
    for _ in 0..4 {
        write(&scene, "shop/more.py", "from shop.never import x\n").reason();
    }
    let told = told(&notes, 1);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["control"], "phantom-local-import");
    assert_eq!((&told[0]["severity"], &told[0]["count"]), (&json!("error"), &json!(3)));
    let escalated = entries(&scene, "escalated");
    assert_eq!(escalated.len(), 1);
    assert_eq!(escalated[0]["count"], 3);
}

#[test]
fn nobody_waits_for_the_program_and_its_failure_changes_nothing() {
    let scene = Scene::committed(SHOP);
    configure(&scene, "", "observe", &json!(["sleep", "8"]));
    trust(&scene);
    let started = Instant::now();
    shell(&scene, DROPS).reason();
    assert!(started.elapsed() < Duration::from_secs(7));
    configure(&scene, "", "observe", &json!(["/nowhere/notify"]));
    trust(&scene);
    shell(&scene, DROPS).reason();
    let failed = entries(&scene, "escalated").pop().unwrap();
    assert!(failed["failed"].as_str().is_some_and(|why| !why.is_empty()), "{failed}");
}

#[test]
fn a_folder_below_names_no_program() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n");
    let mark = scene.folder().join("mark");
    let touch = json!(["touch", mark]);
    configure(&scene, "shop/", "observe", &touch);
    let event = json!({
        "session_id": "s-1", "cwd": scene.path("shop"), "hook_event_name": "PreToolUse",
        "tool_name": "Bash", "tool_input": { "command": DROPS }, "tool_use_id": "call-1",
    });
    ask_with(&scene, "claude-code", event.to_string().as_bytes()).reason();
    assert!(entries(&scene, "escalated").is_empty());
    assert!(!mark.exists());
}

#[test]
fn what_a_repository_names_runs_only_when_a_person_let_it() {
    let scene = Scene::committed(SHOP);
    let mark = scene.folder().join("mark");
    configure(&scene, "", "observe", &json!(["touch", mark]));
    shell(&scene, DROPS).reason();
    let refused = || entries(&scene, "escalated").pop().unwrap()["failed"].clone();
    assert!(refused().as_str().unwrap().contains("approve --escalation"));
    agent(&scene, &["approve", "--escalation", "--reason", "x"]).expect(2);
    shell(&scene, DROPS).reason();
    assert!(refused().is_string());
    trust(&scene);
    // Another word is another command.
    configure(&scene, "", "observe", &json!(["touch", mark, "other"]));
    shell(&scene, DROPS).reason();
    assert!(refused().is_string() && !mark.exists());
    configure(&scene, "", "observe", &json!(["touch", mark]));
    shell(&scene, DROPS).reason();
    assert!(refused().is_null());
}
