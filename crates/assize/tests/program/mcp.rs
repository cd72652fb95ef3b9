//! MCP servers: locked by a person, compared at every call, out of reach of agents.

use serde_json::{Value, json};

use crate::hook::{Answer, ask, ask_with, write};
use crate::scene::Scene;
use crate::terminal::{agent, careless, person};

const SCRIPT: &str = "#!/bin/sh\nexec npx --yes @acme/docs@1.2.0 docs\n";
const SETTINGS: &str = r#"{
  "mcpServers": {
    "docs": { "command": "./tools/docs.sh", "env": { "DOCS_TOKEN": "tok-5ecret-5ecret" } },
    "web": { "url": "https://me:pass-5ecret@web.example/mcp?key=5ecret" }
  }
}
"#;
const FILES: &[(&str, &str)] =
    &[("tools/docs.sh", SCRIPT), (".mcp.json", SETTINGS), ("README.md", "# Shop\n")];

/// A repository whose servers a person locked.
fn locked() -> Scene {
    let scene = Scene::committed(FILES);
    person(&scene, &["mcp", "lock"]).expect(0);
    scene.commit("lock");
    scene
}

fn tool(scene: &Scene, server: &str) -> Answer {
    ask(scene, "PreToolUse", &format!("mcp__{server}__search"), json!({ "query": "x" }))
}

fn shell(scene: &Scene, command: &str) -> Answer {
    ask(scene, "PreToolUse", "Bash", json!({ "command": command }))
}

fn enforce(scene: &Scene) {
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
}

/// The codes of `assize mcp status`.
fn status(scene: &Scene) -> Vec<String> {
    let ended = scene.run(&["mcp", "status", "--format", "json"]);
    let json: Value = serde_json::from_str(ended.text()).unwrap();
    let drift = json["drift"].as_array().unwrap();
    assert_eq!(ended.status, Some(i32::from(!drift.is_empty())));
    let line = |one: &Value| {
        format!("{} {}", one["server"].as_str().unwrap(), one["code"].as_str().unwrap())
    };
    drift.iter().map(line).collect()
}

fn lock(scene: &Scene) -> String {
    std::fs::read_to_string(scene.path(".assize/mcp.lock")).unwrap()
}

#[test]
fn a_person_locks_and_no_secret_is_written_or_shown() {
    let scene = Scene::committed(FILES);
    assert!(scene.run(&["mcp", "status"]).expect(0).text().contains("there is no lock"));
    let ended = person(&scene, &["mcp", "lock"]).expect(0);
    assert!(ended.text().contains("+ .mcp.json docs"), "{}", ended.text());
    let lock = lock(&scene);
    assert!(lock.contains("DOCS_TOKEN") && lock.contains("\"tools/docs.sh\" = \""), "{lock}");
    let exported = scene.run(&["ledger", "export"]).expect(0);
    assert!(exported.text().contains("\"kind\":\"mcp-lock\""));
    let shown = scene.run(&["index", "show", "mcp-lock"]).expect(0);
    for text in [&lock, ended.text(), &ended.err, exported.text(), shown.text()] {
        assert!(!text.contains("5ecret"), "{text}");
    }
    let again = person(&scene, &["mcp", "lock"]).expect(0);
    assert!(again.err.contains("nothing to change"), "{}", again.err);
    assert_eq!(status(&scene), Vec::<String>::new());
    scene.check(&[]).json["findings"].as_array().unwrap().iter().for_each(|finding| {
        assert_ne!(finding["control"], "mcp-lock", "{finding}");
    });
}

#[test]
fn who_is_no_person_locks_nothing() {
    let scene = Scene::committed(FILES);
    assert!(agent(&scene, &["mcp", "lock"]).expect(2).err.contains("`claude`"));
    scene.run(&["mcp", "lock"]).expect(2);
    careless(&scene, &["mcp", "lock"]).expect(2);
    assert!(!scene.path(".assize/mcp.lock").exists());
}

#[test]
fn calls_of_a_server_hang_on_the_script_that_it_runs() {
    let scene = locked();
    assert!(tool(&scene, "docs").is_silent());
    scene.write("tools/docs.sh", SCRIPT.replace("1.2.0", "1.3.0"));
    let reason = tool(&scene, "docs").reason();
    assert!(reason.contains("mcp-lock") && reason.contains("tools/docs.sh"), "{reason}");
    assert!(reason.contains("R20"), "{reason}");
    assert!(tool(&scene, "web").is_silent());
    assert_eq!(status(&scene), ["docs script"]);
    let report = scene.check(&[]);
    let found: Vec<&Value> = report.json["findings"].as_array().unwrap().iter().collect();
    assert!(found.iter().any(|one| one["control"] == "mcp-lock" && one["code"] == "script"));
    // Taken back, or agreed to: either ends it.
    scene.write("tools/docs.sh", SCRIPT);
    assert!(tool(&scene, "docs").is_silent());
    scene.write("tools/docs.sh", SCRIPT.replace("1.2.0", "1.3.0"));
    let shown = person(&scene, &["mcp", "lock"]).expect(0);
    assert!(shown.text().contains("tools/docs.sh"), "{}", shown.text());
    assert!(tool(&scene, "docs").is_silent());
}

#[test]
fn a_server_that_nobody_locked_is_denied_in_enforce() {
    let scene = locked();
    let more =
        SETTINGS.replace("\"docs\":", "\"shell\": { \"command\": \"sh-mcp\" },\n    \"docs\":");
    scene.write(".mcp.json", more);
    assert_eq!(status(&scene), ["shell added"]);
    assert_eq!(tool(&scene, "shell").status, 0);
    enforce(&scene);
    let reason = tool(&scene, "shell").reason();
    assert!(reason.contains("no lock names the MCP server `shell`"), "{reason}");
    assert!(tool(&scene, "docs").is_silent());
    // The client's own, which no file names.
    assert!(tool(&scene, "ide").is_silent());
}

#[test]
fn without_a_lock_nothing_is_asked_of_servers() {
    let scene = Scene::committed(FILES);
    enforce(&scene);
    scene.write("tools/docs.sh", "#!/bin/sh\nexec other\n");
    assert!(tool(&scene, "docs").is_silent());
    assert!(tool(&scene, "never-heard-of").is_silent());
}

#[test]
fn a_damaged_lock_locks_everything() {
    let scene = locked();
    scene.write(".assize/mcp.lock", "version = 7\n");
    assert!(tool(&scene, "web").reason().contains("cannot be read"));
    assert!(scene.run(&["mcp", "status"]).expect(2).err.contains("assize mcp lock"));
}

#[test]
fn servers_of_a_person_stand_in_a_lock_of_their_own() {
    let scene = Scene::committed(FILES);
    let home = scene.folder().join("home/.claude.json");
    let with = |command: &str| {
        json!({ "mcpServers": { "mine": { "command": command } }, "projects": {} }).to_string()
    };
    std::fs::write(&home, with("mine-mcp")).unwrap();
    person(&scene, &["mcp", "lock"]).expect(0);
    assert!(!lock(&scene).contains("mine"));
    enforce(&scene);
    assert!(tool(&scene, "mine").is_silent());
    std::fs::write(&home, with("other-mcp")).unwrap();
    assert!(tool(&scene, "mine").reason().contains("command"));
    assert_eq!(status(&scene), ["mine command"]);
}

#[test]
fn an_agent_changes_no_server() {
    let scene = locked();
    let denied = |answer: Answer, what: &str| {
        let reason = answer.reason();
        assert!(reason.contains("mcp") || reason.contains("self-protection"), "{what}: {reason}");
    };
    for path in [".assize/mcp.lock", ".mcp.json", "tools/docs.sh", ".cursor/mcp.json"] {
        denied(write(&scene, path, r#"{"mcpServers": {"x": {"command": "y"}}}"#), path);
    }
    for command in [
        "sed -i s/1.2.0/9.9.9/ tools/docs.sh",
        "rm .assize/mcp.lock",
        "mv .mcp.json /tmp/x",
        "git checkout HEAD~1 -- .mcp.json",
        "claude mcp add x -- y",
        "pkill -f tools/docs.sh",
        "rm -rf tools",
    ] {
        denied(shell(&scene, command), command);
    }
    for command in [
        "cat .mcp.json",
        "git restore .mcp.json",
        "git checkout -- tools/docs.sh",
        "docker stop web-1",
        "echo x > tools/other.txt",
    ] {
        let answer = shell(&scene, command);
        assert_eq!(answer.status, 0, "{command}: {}", answer.out);
    }
    // A tool of which nobody knows what it writes.
    let unseen = json!({ "path": scene.path(".cursor/mcp.json") });
    denied(ask(&scene, "PreToolUse", "mcp__web__write_file", unseen), "another tool");
    // The same servers, written in another way.
    let again = serde_json::from_str::<Value>(SETTINGS).unwrap().to_string();
    assert!(write(&scene, ".mcp.json", &again).is_silent());
    // Settings that hold other things as well.
    assert!(write(&scene, ".vscode/settings.json", "{ \"editor.tabSize\": 2 }").is_silent());
    let with = r#"{ "mcp": { "servers": { "x": { "command": "y" } } } }"#;
    denied(write(&scene, ".vscode/settings.json", with), "servers among settings");
}

#[test]
fn a_person_lets_one_change_through() {
    let scene = Scene::committed(FILES);
    let content = SETTINGS.replace("docs.sh", "documents.sh");
    let reason = write(&scene, ".mcp.json", &content).reason();
    assert!(reason.contains("mcp-permit"), "{reason}");
    let id = reason.lines().last().unwrap().rsplit(' ').next().unwrap().to_owned();
    person(&scene, &["approve", &id, "--reason", "moved"]).expect(0);
    assert!(write(&scene, ".mcp.json", &content).is_silent());
    write(&scene, ".mcp.json", "{}").reason();
}

#[test]
fn a_session_is_told_of_a_drift_when_it_begins() {
    let scene = locked();
    scene.write("tools/docs.sh", "#!/bin/sh\nexec other\n");
    let event = json!({
        "session_id": "s-1", "cwd": scene.tree(), "hook_event_name": "SessionStart",
        "source": "startup",
    });
    let answer = ask_with(&scene, "claude-code", event.to_string().as_bytes());
    assert_eq!(answer.status, 0, "{}", answer.out);
    assert!(
        answer.out.contains("mcp-lock") && answer.out.contains("tools/docs.sh"),
        "{}",
        answer.out
    );
}

#[test]
fn pages_and_coverage_know_the_controls() {
    let scene = Scene::committed(FILES);
    for (control, words) in [("mcp-lock", "# mcp-lock"), ("mcp-permit", "# mcp-permit")] {
        assert!(scene.run(&["explain", control]).expect(0).text().starts_with(words));
    }
    let coverage = scene.run(&["rules", "show", "R20"]).expect(0);
    let line = |clause: &str| {
        let found = coverage.text().lines().find(|line| line.contains(clause));
        found.unwrap_or_default().to_owned()
    };
    assert!(line("R20.2").contains("full"), "{}", coverage.text());
}
