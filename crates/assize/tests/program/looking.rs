//! `report`, `status` and `doctor`: what a person is told, and that what is told is so.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::hook::{Answer, ask_by, event};
use crate::scene::{Ended, SHOP, Scene, end, mode};

fn json_of(ended: Ended) -> Value {
    serde_json::from_slice(&ended.out).unwrap()
}

fn ask(scene: &Scene, moment: &str, tool: &str, input: Value) -> Answer {
    ask_by(&mut scene.assize(&["hook", "claude-code"]), &event(scene, moment, tool, input))
}

fn write(scene: &Scene, path: &str, content: &str) -> Answer {
    let input = json!({ "file_path": scene.path(path), "content": content });
    ask(scene, "PreToolUse", "Write", input)
}

/// A session that was denied twice, spared twice, and broke a file by a command.
fn worked() -> Scene {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n");
    ask(&scene, "SessionStart", "", json!({}));
    for _ in 0..2 {
        assert!(write(&scene, "shop/settings.py", "def f(:\n").status == 2);
        assert!(write(&scene, "shop/more.py", "from shop.never import x\n").status == 0);
    }
    assert!(write(&scene, "notes.md", "x\n").is_silent());
    ask(&scene, "PreToolUse", "Bash", json!({ "command": "make" }));
    scene.write("shop/settings.py", "def f(:\n");
    assert!(ask(&scene, "PostToolUse", "Bash", json!({ "command": "make" })).status == 2);
    scene
}

#[test]
fn a_report_says_what_was_denied_and_what_would_have_been() {
    let scene = worked();
    let report = json_of(scene.run(&["report", "--format=json"]).expect(0));
    let count = |list: &str, control: &str| {
        let groups = report[list].as_array().unwrap();
        groups.iter().find(|one| one["control"] == control).map(|one| one["count"].clone())
    };
    assert_eq!(count("denied", "syntax-parse"), Some(json!(2)), "{report}");
    assert_eq!(count("violations", "syntax-parse"), Some(json!(1)), "{report}");
    assert_eq!(report["calls"], 6);
    assert_eq!(report["sessions"], json!(["s-1"]));
    assert_eq!(report["agents"], json!(["claude-code"]));
    let text = scene.run(&["report"]).expect(0);
    for words in ["denied:", "syntax-parse", "shop/settings.py", "next: ", "s-1"] {
        assert!(text.text().contains(words), "{words}: {}", text.text());
    }
    let other = json_of(scene.run(&["report", "--session=s-2", "--format=json"]).expect(0));
    assert_eq!(other["calls"], 0);
    let later = scene.run(&["report", "--since=yesterday"]).expect(2);
    assert!(later.err.contains("7d"), "{}", later.err);
}

#[test]
fn what_enforce_would_have_denied_is_what_it_denies() {
    let scene = worked();
    scene.git(&["checkout", "--", "."]);
    let report = json_of(scene.run(&["report", "--format=json"]).expect(0));
    let spared = report["spared"].as_array().unwrap();
    // Whether an error or a warning is a matter of what was measured of the control.
    let named = spared.iter().any(|group| group["control"] == "phantom-local-import");
    scene.person(&["enforce", "--yes"]).expect(0);
    let answer = write(&scene, "shop/more.py", "from shop.never import x\n");
    assert_eq!(named, answer.status == 2, "{spared:?} {answer:?}");
    assert_eq!(report["next"].to_string().contains("assize enforce"), named, "{report}");
    let later = json_of(scene.run(&["report", "--format=json"]).expect(0));
    assert!(!later["next"].to_string().contains("assize enforce"), "{later}");
}

#[test]
fn an_empty_record_says_so_and_looking_leaves_no_trace() {
    let scene = Scene::committed(SHOP);
    let report = scene.run(&["report"]).expect(0);
    assert!(report.text().contains("empty") && report.text().contains("assize init"));
    let status = json_of(scene.run(&["status", "--format=json"]).expect(0));
    assert_eq!((&status["record"], &status["index"]), (&Value::Null, &Value::Null));
    assert!(!scene.state().exists() && !scene.path(".git/assize-id").exists());
}

/// The states of the hooks, by client, for one scope.
/// How the hooks of the two clients stand that are always meant.
fn states(scene: &Scene, scope: &str) -> Vec<(String, String)> {
    let machine = scene.folder().join("machine");
    let root = format!("--managed-root={}", machine.display());
    let status = json_of(scene.run(&["status", "--format=json", &root]).expect(0));
    let hooks = status["hooks"].as_array().unwrap();
    let word = |hook: &Value, key: &str| hook[key].as_str().unwrap().to_owned();
    let both = |hook: &&Value| hook["client"] == "claude-code" || hook["client"] == "codex";
    let of = hooks.iter().filter(|hook| hook["scope"] == scope).filter(both);
    of.map(|hook| (word(hook, "client"), word(hook, "state"))).collect()
}

#[test]
fn status_says_where_a_repository_stands() {
    let scene = worked();
    let pair = |claude: &str, codex: &str| {
        vec![("claude-code".to_owned(), claude.to_owned()), ("codex".to_owned(), codex.to_owned())]
    };
    assert_eq!(states(&scene, "project"), pair("absent", "absent"));
    scene.run(&["init", "--yes"]).expect(0);
    assert_eq!(states(&scene, "project"), pair("live", "live"));
    assert_eq!(states(&scene, "user"), pair("absent", "absent"));
    scene.write(".claude/settings.local.json", "{\"disableAllHooks\": true}");
    assert_eq!(states(&scene, "project"), pair("dead", "live"));
    scene.remove(".claude/settings.local.json");
    let own = std::fs::read_to_string(scene.path(".claude/settings.json")).unwrap();
    scene.write(".claude/settings.json", own.replace("\"PreToolUse\"", "\"PreToolUsed\""));
    assert_eq!(states(&scene, "project"), pair("dead", "live"));
    let status = json_of(scene.run(&["status", "--format=json"]).expect(0));
    assert_eq!(status["mode"], "observe");
    assert_eq!(status["profile"], "recommended");
    assert_eq!(status["index"]["files"], 5, "{status}");
    assert_eq!(status["record"]["sessions"], 1);
    assert_eq!(status["record"]["open"], 1);
    assert_eq!(status["record"]["violations"], 1);
    // What is repaired is open no longer.
    scene.git(&["checkout", "--", "."]);
    ask(&scene, "PostToolUse", "Bash", json!({ "command": "true" }));
    let mended = json_of(scene.run(&["status", "--format=json"]).expect(0));
    assert_eq!(mended["record"]["violations"], 0, "{mended}");
    let text = scene.run(&["status"]).expect(0);
    for words in ["mode", "observe", "dead", "live", "7 files", "1 in the last day"] {
        assert!(text.text().contains(words), "{words}: {}", text.text());
    }
    scene.write("assize.toml", "[guard\n");
    let wrong = scene.run(&["status"]).expect(0);
    assert!(wrong.text().contains("configuration is wrong"), "{}", wrong.text());
    let segment = scene.segments().pop().unwrap();
    std::fs::write(segment, "not a ledger at all, but as long as one\n".repeat(9)).unwrap();
    let broken = scene.run(&["status"]).expect(0);
    assert!(broken.text().contains("broken"), "{}", broken.text());
}

#[test]
fn status_does_not_walk_a_large_tree() {
    let scene = Scene::committed(SHOP);
    let time = || {
        let run = || {
            let started = Instant::now();
            scene.run(&["status"]).expect(0);
            started.elapsed()
        };
        (0..5).map(|_| run()).min().unwrap()
    };
    let small = time();
    for folder in 0..100 {
        for file in 0..200 {
            scene.write(format!("many/{folder}/{file}.txt"), "");
        }
    }
    let large = time();
    assert!(large < small * 3 + Duration::from_millis(20), "{small:?} {large:?}");
}

/// `doctor` with what the machine has, and its report.
fn doctor(scene: &Scene, path: &str, status: i32) -> Value {
    let machine = scene.folder().join("machine");
    let root = format!("--managed-root={}", machine.display());
    let mut command = scene.assize(&["doctor", "--format=json", &root]);
    json_of(end(command.env("PATH", path)).expect(status))
}

/// The trials that failed, as `event name`.
fn faults(report: &Value) -> Vec<String> {
    let hooks = report["hooks"].as_array().unwrap();
    let trials = hooks.iter().flat_map(|hook| hook["trials"].as_array().unwrap());
    let bad = trials.filter(|trial| trial["ok"] == false);
    bad.map(|trial| format!("{} {}", trial["event"].as_str().unwrap(), trial["name"])).collect()
}

#[test]
fn doctor_finds_every_hook_alive() {
    for version in ["2.1.330", "2.1.197"] {
        let scene = Scene::committed(SHOP);
        let path = scene.in_path("claude", &format!("echo '{version} (Claude Code)'"));
        let mut init = scene.assize(&["init", "--yes"]);
        end(init.env("PATH", &path)).expect(0);
        let before = scene.git(&["status", "--porcelain", "-uall"]);
        let report = doctor(&scene, &path, 0);
        assert_eq!(faults(&report), Vec::<String>::new(), "{report:#}");
        let hooks = report["hooks"].as_array().unwrap();
        assert_eq!(hooks.len(), 2);
        for hook in hooks {
            let trials = hook["trials"].as_array().unwrap();
            // Each event is tried, and before a call there is more than one trial.
            assert!(trials.len() >= 16, "{hook:#}");
        }
        assert_eq!(report["clients"][0]["version"], version);
        let limits = report["not_enforced"].to_string();
        assert_eq!(limits.contains("no `onFailure`"), version == "2.1.197", "{limits}");
        assert!(limits.contains("what a person types"));
        // It changed nothing, and what it recorded is known as its own.
        assert_eq!(scene.git(&["status", "--porcelain", "-uall"]), before);
        let exported = scene.run(&["ledger", "export"]).expect(0);
        let sessions: Vec<Value> = exported
            .text()
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["session"].clone())
            .collect();
        assert!(!sessions.is_empty() && sessions.iter().all(|session| session == "doctor"));
        let shown = json_of(scene.run(&["report", "--format=json"]).expect(0));
        assert_eq!(shown["calls"], 0);
        assert!(shown["next"].to_string().contains("let an agent work"), "{shown}");
    }
}

#[test]
fn doctor_tries_the_settings_of_the_user_and_the_machine_as_well() {
    let scene = Scene::committed(SHOP);
    let machine = scene.folder().join("machine");
    let root = format!("--managed-root={}", machine.display());
    scene.run(&["init", "--yes", "--scope=user"]).expect(0);
    scene.run(&["init", "--yes", "--scope=managed", &root]).expect(0);
    let path = std::env::var("PATH").unwrap();
    let report = doctor(&scene, &path, 0);
    let scopes: Vec<&Value> =
        report["hooks"].as_array().unwrap().iter().map(|hook| &hook["scope"]).collect();
    assert_eq!(scopes, ["user", "user", "managed", "managed"]);
}

#[test]
fn doctor_names_a_hook_that_is_dead() {
    let scene = Scene::committed(SHOP);
    let path = scene.in_path("claude", "echo '2.1.330 (Claude Code)'");
    let none = doctor(&scene, &path, 1);
    assert_eq!(none["hooks"], json!([]));
    scene.in_path("gemini", "exit 1");
    let found = doctor(&scene, &path, 1);
    assert!(found["unhooked"].as_array().unwrap().contains(&json!("gemini-cli")), "{found:#}");
    let mut init = scene.assize(&["init", "--yes", "--harness=claude-code"]);
    end(init.env("PATH", &path)).expect(0);
    let own = std::fs::read_to_string(scene.path(".claude/settings.json")).unwrap();
    let try_with = |text: String| {
        scene.write(".claude/settings.json", text);
        faults(&doctor(&scene, &path, 1)).join("\n")
    };
    // A banner before the answer: clients pass over all of it.
    let stub = scene.folder().join("stubs");
    std::fs::create_dir(&stub).unwrap();
    let program = stub.join("assize");
    let real = crate::scene::PROGRAM;
    let with = |script: &str| {
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        mode(&program, 0o755);
        own.replace(real, program.to_str().unwrap())
    };
    let banner = try_with(with(&format!("echo welcome; exec {real} \"$@\"")));
    assert!(
        banner.contains("a write that must be denied") && banner.contains("a read"),
        "{banner}"
    );
    let open = try_with(with("cat > /dev/null; exit 0"));
    assert!(open.contains("a write that must be denied") && open.contains("half a JSON"), "{open}");
    let one = try_with(with(&format!("{real} \"$@\" || exit 1")));
    assert!(one.contains("a write that must be denied"), "{one}");
    let all = try_with(with("kill -9 $$"));
    assert!(all.contains("SessionStart") && all.contains("a read"), "{all}");
    // Without the entry for calls nothing is asked at all.
    let missing = try_with(own.replace("\"PreToolUse\"", "\"PreToolUsed\""));
    assert!(missing.contains("the entries"), "{missing}");
    // The switch is gone, and nothing else catches a failure.
    let unswitched = try_with(own.replace("\"onFailure\": \"block\"", "\"onFailure\": \"allow\""));
    assert!(unswitched.contains("the entries"), "{unswitched}");
    assert!(unswitched.contains("a program that is gone"), "{unswitched}");
    // An older client passes over the switch.
    scene.write(".claude/settings.json", &own);
    let old = scene.in_path("claude", "echo '2.1.100 (Claude Code)'");
    let passed = faults(&doctor(&scene, &old, 1)).join("\n");
    assert!(passed.contains("the client's own switch"), "{passed}");
    let text = end(scene.assize(&["doctor"]).env("PATH", &old)).expect(1);
    assert!(text.text().contains("DEAD") && text.text().contains("not enforced:"));
}

#[test]
fn doctor_runs_nothing_that_a_repository_brings_along() {
    let scene = Scene::committed(SHOP);
    let path = scene.in_path("claude", "echo '2.1.330 (Claude Code)'");
    let mut init = scene.assize(&["init", "--yes", "--harness=claude-code"]);
    end(init.env("PATH", &path)).expect(0);
    let own = std::fs::read_to_string(scene.path(".claude/settings.json")).unwrap();
    let real = crate::scene::PROGRAM;
    scene.write("assize", "#!/bin/sh\ntouch ran\n");
    mode(&scene.path("assize"), 0o755);
    let inside = scene.path("assize").display().to_string();
    for (form, why) in [
        (own.replace(&format!("'{real}'"), &format!("touch ran; '{real}'")), "not what"),
        (own.replace(real, &inside), "work tree"),
    ] {
        assert_ne!(form, own);
        scene.write(".claude/settings.json", form);
        let report = doctor(&scene, &path, 1);
        assert!(report.to_string().contains(why), "{report:#}");
        assert!(!scene.path("ran").exists());
    }
}
