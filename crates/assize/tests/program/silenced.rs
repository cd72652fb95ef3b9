//! What switches hooks off, or lets a call through, is told by `status` and `doctor`.

use crate::clients::{everything, json_of};
use crate::install::text;
use crate::scene::{SHOP, Scene, end};

/// Whether the hooks of a client stand in a scope and do not hold.
fn is_dead(scene: &Scene, path: &str, client: &str, scope: &str) -> bool {
    let status = json_of(scene, path, &["status"], 0);
    let hooks = status["hooks"].as_array().unwrap();
    let mut of = hooks.iter().filter(|hook| hook["client"] == client && hook["scope"] == scope);
    match of.next().unwrap()["state"].as_str().unwrap() {
        "dead" => true,
        "live" => false,
        other => panic!("{client}, {scope}: {other}"),
    }
}

/// Each client's own way to be told to run no hooks, and each way to let a call through.
#[test]
fn a_hook_that_cannot_hold_is_dead() {
    let scene = Scene::committed(SHOP);
    let path = everything(&scene);
    end(scene.assize(&["init", "--yes"]).env("PATH", &path)).expect(0);
    let dead = |client: &str| is_dead(&scene, &path, client, "project");
    for (client, file, off) in [
        ("gemini-cli", ".gemini/settings.json", "{\"hooksConfig\": {\"enabled\": false}, "),
        ("qwen-code", ".qwen/settings.json", "{\"disableAllHooks\": true, "),
        ("copilot-cli", ".github/hooks/assize.json", "{\"disableAllHooks\": true, "),
    ] {
        let own = text(&scene.path(file));
        assert!(!dead(client));
        scene.write(file, own.replacen('{', off, 1));
        assert!(dead(client), "{client}");
        scene.write(file, &own);
    }
    for file in [".github/copilot/settings.json", ".claude/settings.local.json"] {
        scene.write(file, "{\"disableAllHooks\": true}");
        assert!(dead("copilot-cli"), "{file}");
        scene.remove(file);
    }
    for (client, file, from, to) in [
        ("cursor", ".cursor/hooks.json", "\"failClosed\": true", "\"failClosed\": false"),
        ("gemini-cli", ".gemini/settings.json", "exit 2", "exit 0"),
        ("copilot-cli", ".github/hooks/assize.json", "\"preToolUse\"", "\"preToolUsed\""),
        ("opencode", ".opencode/plugin/assize.js", "COMMAND", "COMMANDO"),
    ] {
        let own = text(&scene.path(file));
        assert!(own.contains(from), "{own}");
        scene.write(file, own.replacen(from, to, 1));
        assert!(dead(client), "{client}");
        let report = json_of(&scene, &path, &["doctor", "--harness", client], 1);
        assert_eq!(report["hooks"][0]["live"], false, "{report:#}");
        scene.write(file, &own);
        assert!(!dead(client));
    }
}

/// Measured with each client: which word of a repository silences the hooks of the machine.
#[test]
fn hooks_of_the_machine_survive_what_the_client_lets_them_survive() {
    let scene = Scene::committed(SHOP);
    let path = everything(&scene);
    let machine = scene.folder().join("machine");
    let root = format!("--managed-root={}", machine.display());
    let mut init = scene.assize(&["init", "--yes", "--scope=managed", &root]);
    end(init.env("PATH", &path)).expect(0);
    let off = "{\"disableAllHooks\": true}";
    for (client, file, word) in [
        ("claude-code", ".claude/settings.json", off),
        ("gemini-cli", ".gemini/settings.json", "{\"hooksConfig\": {\"enabled\": false}}"),
        ("qwen-code", ".qwen/settings.json", off),
        ("copilot-cli", ".github/copilot/settings.json", off),
    ] {
        scene.write(file, word);
        assert!(!is_dead(&scene, &path, client, "managed"), "{client}");
        scene.remove(file);
    }
    let settings = machine.join("etc/gemini-cli/settings.json");
    let value: serde_json::Value = serde_json::from_str(&text(&settings)).unwrap();
    let line = &value["hooks"]["BeforeTool"][0]["hooks"][0]["command"];
    let word = serde_json::json!({ "hooksConfig": { "disabled": [line] } });
    scene.write(".gemini/settings.json", word.to_string());
    assert!(is_dead(&scene, &path, "gemini-cli", "managed"));
    scene.remove(".gemini/settings.json");
    // Without its own word the machine's file yields to a project.
    for (client, word) in [
        ("gemini-cli", "\"hooksConfig\": {\"enabled\": true}, "),
        ("qwen-code", "\"disableAllHooks\": false, "),
    ] {
        let settings = machine.join(format!("etc/{client}/settings.json"));
        let own = text(&settings);
        assert!(own.contains(word), "{own}");
        std::fs::write(&settings, own.replace(word, "")).unwrap();
        assert!(is_dead(&scene, &path, client, "managed"), "{client}");
    }
}
