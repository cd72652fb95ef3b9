//! Ways around the judgement, and notices that must not be lost on the way.

use serde_json::json;

use crate::hook::{Answer, ask_by};
use crate::observe::{BROKEN, Session, entries};
use crate::scene::{SHOP, Scene};

/// An answer to a call before it runs, asked from a folder.
fn before(
    scene: &Scene,
    client: &str,
    folder: &std::path::Path,
    call: serde_json::Value,
) -> Answer {
    let mut event = json!({
        "session_id": "s",
        "cwd": folder,
        "hook_event_name": "PreToolUse",
        "tool_use_id": "1",
    });
    for (key, value) in call.as_object().unwrap() {
        event[key] = value.clone();
    }
    let mut command = scene.assize(&["hook", client]);
    command.env("CLAUDE_PROJECT_DIR", scene.tree());
    ask_by(&mut command, event.to_string().as_bytes())
}

fn write(path: &std::path::Path, content: &str) -> serde_json::Value {
    json!({ "tool_name": "Write", "tool_input": { "file_path": path, "content": content } })
}

fn shell(command: &str) -> serde_json::Value {
    json!({ "tool_name": "Bash", "tool_input": { "command": command } })
}

#[test]
fn a_check_in_the_same_command_hides_no_breach() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    assert_eq!(agent.shell("PreToolUse", "1", "make code").0, 0);
    scene.write("shop/settings.py", BROKEN);
    scene.run(&["check", "."]);
    let (status, out) = agent.shell("PostToolUse", "1", "make code");
    assert_eq!(status, 2, "{out}");
    assert!(out.contains("syntax-parse"), "{out}");
    assert_eq!(entries(&scene, "change")[0]["payload"]["files"][0]["whose"], "session");
    assert_eq!(agent.event("Stop", &[]).0, 0, "it is told once");
}

#[test]
fn a_breach_that_could_not_be_recorded_is_found_again() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    assert_eq!(agent.shell("PreToolUse", "1", "make code").0, 0);
    scene.write("shop/settings.py", BROKEN);
    let lock = scene.segments().pop().unwrap().with_file_name("lock");
    let held = std::fs::File::open(lock).unwrap();
    held.lock().unwrap();
    let (status, out) = agent.shell("PostToolUse", "1", "make code");
    assert!(status == 0 && out.contains("ledger"), "{status} {out}");
    held.unlock().unwrap();
    let (status, out) = agent.event("Stop", &[]);
    assert!(status == 2 && out.contains("syntax-parse"), "{status} {out}");
    assert_eq!(entries(&scene, "violation").len(), 1);
    assert_eq!(entries(&scene, "violation")[0]["payload"]["whose"], "session");
}

#[test]
fn an_end_that_no_hook_told_leaves_the_call_its_own() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    assert_eq!(agent.shell("PreToolUse", "1", "make code").0, 0);
    scene.write("shop/settings.py", BROKEN);
    let (status, out) = agent.event("Stop", &[]);
    assert!(status == 2 && out.contains("syntax-parse"), "{status} {out}");
}

#[test]
fn a_session_that_only_looks_on_excuses_no_other() {
    for moment in ["SessionStart", "Stop", "UserPromptSubmit"] {
        let scene = Scene::committed(SHOP);
        let (one, two) =
            (Session { scene: &scene, name: "one" }, Session { scene: &scene, name: "two" });
        one.begin();
        assert_eq!(one.shell("PreToolUse", "1", "make code").0, 0);
        scene.write("shop/settings.py", BROKEN);
        assert_eq!(two.event(moment, &[]), (0, String::new()), "{moment}");
        let (status, out) = one.shell("PostToolUse", "1", "make code");
        assert!(status == 2 && out.contains("syntax-parse"), "{moment}: {status} {out}");
        assert_eq!(entries(&scene, "violation")[0]["session"], "one");
    }
}

#[test]
fn calls_that_end_at_once_tell_each_breach_exactly_once() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    let numbers = ["1", "2", "3", "4"];
    for number in numbers {
        let make = format!("make code{number}");
        assert_eq!(agent.shell("PreToolUse", number, &make).0, 0);
        scene.write(format!("shop/settings{number}.py"), "VALUE = 1\n");
    }
    assert_eq!(agent.shell("PostToolUse", "1", "make").0, 0);
    assert_eq!(agent.shell("PreToolUse", "1", "make").0, 0);
    let answers: Vec<(i32, String)> = std::thread::scope(|scope| {
        let end = |number: &'static str| {
            scene.write(format!("shop/settings{number}.py"), BROKEN);
            agent.shell("PostToolUse", number, "make")
        };
        let running: Vec<_> =
            numbers.into_iter().map(|number| scope.spawn(move || end(number))).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut paths: Vec<String> = entries(&scene, "violation")
        .iter()
        .map(|entry| entry["payload"]["path"].as_str().unwrap().to_owned())
        .collect();
    paths.sort();
    assert_eq!(paths, numbers.map(|number| format!("shop/settings{number}.py")), "{answers:?}");
    let told = |number: &str| {
        let name = format!("settings{number}.py");
        answers.iter().filter(|(_, out)| out.contains(&name)).count()
    };
    assert!(numbers.iter().all(|number| told(number) <= 1), "{answers:?}");
}

#[test]
fn what_there_is_no_room_to_tell_is_counted() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    assert_eq!(agent.shell("PreToolUse", "1", "make code").0, 0);
    for number in 0..9 {
        scene.write(format!("shop/settings{number}.py"), BROKEN);
    }
    let (status, out) = agent.shell("PostToolUse", "1", "make code");
    assert_eq!(status, 2);
    let named = (0..9).filter(|number| out.contains(&format!("settings{number}.py"))).count();
    assert!(named > 0 && out.contains(&format!("(and {} more)", 9 - named)), "{named}: {out}");
}

#[test]
fn a_link_leads_past_no_judgement() {
    let scene = Scene::committed(SHOP);
    scene.link(".claude", "docs");
    scene.write(".claude/settings.json", "{}");
    scene.link("assize.toml", "rules.toml");
    scene.write("assize.toml", "root = true\n");
    scene.link("shop", "src");
    let tree = scene.tree();
    for path in ["docs/settings.json", "docs/settings.local.json", "rules.toml"] {
        let reason = before(&scene, "claude-code", &tree, write(&tree.join(path), "{}")).reason();
        assert!(reason.contains("self-protection"), "{path}: {reason}");
        let command = format!("echo '{{}}' > {path}");
        let reason = before(&scene, "claude-code", &tree, shell(&command)).reason();
        assert!(reason.contains("self-protection"), "{path}: {reason}");
    }
    // The link itself may go.
    assert!(before(&scene, "claude-code", &tree, shell("rm src")).is_silent());
    let broken = write(&tree.join("src/settings.py"), BROKEN);
    let reason = before(&scene, "claude-code", &tree, broken).reason();
    assert!(reason.contains("syntax-parse"), "{reason}");
}

#[test]
fn a_tree_that_is_reached_by_a_link_is_the_same_tree() {
    let scene = Scene::committed(SHOP);
    let door = scene.folder().join("door");
    std::os::unix::fs::symlink(scene.tree(), &door).unwrap();
    for (folder, base) in [(&door, &scene.tree()), (&scene.tree(), &door), (&door, &door)] {
        let broken = write(&base.join("shop/settings.py"), BROKEN);
        let reason = before(&scene, "claude-code", folder, broken).reason();
        assert!(reason.contains("syntax-parse"), "{reason}");
        let rules = write(&base.join("assize.toml"), "");
        let reason = before(&scene, "claude-code", folder, rules).reason();
        assert!(reason.contains("self-protection"), "{reason}");
        let good = write(&base.join("shop/settings.py"), "VALUE = 1\n");
        assert!(before(&scene, "claude-code", folder, good).is_silent());
    }
}

#[test]
fn another_working_folder_is_no_way_out() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "[guard]\nmode = \"enforce\"\n");
    let outside = scene.folder().join("home");
    let inner = scene.path("vendor/inner");
    std::fs::create_dir_all(&inner).unwrap();
    scene.git_in(&inner, &["init", "--quiet"]);
    for folder in [&outside, &inner] {
        let rules = write(&scene.path("assize.toml"), "");
        let reason = before(&scene, "claude-code", folder, rules).reason();
        assert!(reason.contains("self-protection"), "{}: {reason}", folder.display());
    }
    let broken = write(&scene.path("shop/settings.py"), BROKEN);
    let reason = before(&scene, "claude-code", &outside, broken).reason();
    assert!(reason.contains("syntax-parse"), "{reason}");
}

#[test]
fn no_agent_tells_of_calls_itself_or_takes_the_record_away() {
    let scene = Scene::committed(SHOP);
    let tree = scene.tree();
    assert!(before(&scene, "claude-code", &tree, shell("true")).is_silent());
    for command in [
        "echo '{}' | assize hook claude-code",
        "rm .git/assize-id",
        "echo 00000000000000000000000000000000 > .git/assize-id",
    ] {
        let reason = before(&scene, "claude-code", &tree, shell(command)).reason();
        assert!(reason.contains("self-protection"), "{command}: {reason}");
    }
}

#[test]
fn a_command_in_words_is_a_command() {
    let scene = Scene::committed(SHOP);
    let tree = scene.tree();
    for command in [json!(["rm", "-rf", ".git"]), json!(["bash", "-lc", "rm -rf .git"])] {
        let call = json!({ "tool_name": "Bash", "tool_input": { "command": command } });
        let reason = before(&scene, "codex", &tree, call).reason();
        assert!(reason.contains("shell-destructive"), "{reason}");
    }
    let plain = json!({ "tool_name": "Bash", "tool_input": { "command": ["ls", "-la"] } });
    assert!(before(&scene, "codex", &tree, plain).is_silent());
}

#[test]
fn what_is_looked_for_is_recorded_without_credentials() {
    let scene = Scene::committed(SHOP);
    let secret = format!("{}_{}", "ghp", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8");
    let tree = scene.tree();
    before(&scene, "claude-code", &tree, shell(&format!("grep -rn {secret} .")));
    let search = json!({ "tool_name": "Grep", "tool_input": { "pattern": secret } });
    before(&scene, "claude-code", &tree, search);
    let exported = scene.run(&["ledger", "export"]).expect(0);
    let text = exported.text().to_lowercase();
    assert!(text.contains("grep") && !text.contains(&secret.to_lowercase()), "{text}");
}

#[test]
fn a_ledger_that_is_held_opens_no_credentials() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    let tree = scene.tree();
    assert!(before(&scene, "claude-code", &tree, shell("true")).is_silent());
    let lock = scene.segments().pop().unwrap().with_file_name("lock");
    let held = std::fs::File::open(lock).unwrap();
    held.lock().unwrap();
    let key = scene.folder().join("home/.ssh/id_ed25519");
    let read = json!({ "tool_name": "Read", "tool_input": { "file_path": key } });
    let reason = before(&scene, "claude-code", &tree, read).reason();
    assert!(reason.contains("credential-read"), "{reason}");
    let reason = before(&scene, "claude-code", &tree, shell("cat .env")).reason();
    assert!(reason.contains("credential-read"), "{reason}");
    assert!(before(&scene, "claude-code", &tree, shell("cat shop/api.py")).is_silent());
}

#[test]
fn a_prompt_without_a_text_is_a_prompt() {
    let scene = Scene::committed(SHOP);
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    assert_eq!(agent.event("UserPromptSubmit", &[]), (0, String::new()));
}

#[test]
fn a_file_written_by_hand_is_not_generated_because_it_says_so() {
    let marks = [
        (".gitattributes", "shop/** linguist-generated\n"),
        ("assize.toml", "[guard]\nmode = \"enforce\"\n"),
    ];
    let scene = Scene::committed(&[SHOP, &marks].concat());
    let tree = scene.tree();
    let broken = format!("# Code generated by a tool. DO NOT EDIT.\n{BROKEN}");
    for path in ["shop/new.py", "shop/settings.py"] {
        let answer = before(&scene, "claude-code", &tree, write(&tree.join(path), &broken));
        assert!(answer.reason().contains("syntax-parse"), "{path}: {}", answer.reason());
    }
}
