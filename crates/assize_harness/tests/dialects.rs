//! What is written into the files of each client, and what comes of a file that is ours alone.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use assize_harness::SettingsFile::{
    ClaudeSettings, ClineScript, CopilotHooks, CursorHooks, GeminiSettings, GeminiSystem,
    OpenCodePlugin, QwenSettings, QwenSystem,
};
use assize_harness::{
    CLINE_EVENTS, SettingsError, SettingsFile, handlers, install, program_of, standing, uninstall,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// As `init` writes it.
fn command(file: SettingsFile, program: &str) -> String {
    format!("'{program}' hook {}", file.client().name())
}

fn new(file: SettingsFile) -> String {
    install(file, None, &command(file, "/usr/bin/assize"), None).unwrap().text
}

fn parsed(file: SettingsFile) -> Value {
    serde_json::from_str(&new(file)).unwrap()
}

/// Denies where the program does not answer.
fn shell(client: &str) -> String {
    format!(
        r#"sh -c ''\''/usr/bin/assize'\'' hook {client} || {{ s=$?; test $s = 2 || echo "Assize gave no answer: status $s" >&2; exit 2; }}'"#
    )
}

#[test]
fn gemini_counts_in_milliseconds_and_gets_a_shell() {
    let hooks = parsed(GeminiSettings);
    let plain = "'/usr/bin/assize' hook gemini-cli";
    let one = |command: &str, timeout: u64| json!([{ "hooks": [{ "type": "command", "command": command, "timeout": timeout }] }]);
    let expected = json!({ "hooks": {
        "BeforeTool": one(&shell("gemini-cli"), 10_000),
        "AfterTool": one(plain, 10_000),
        "BeforeAgent": one(plain, 10_000),
        "AfterAgent": one(plain, 60_000),
        "SessionStart": one(plain, 10_000),
        "SessionEnd": one(plain, 10_000),
        "PreCompress": one(plain, 10_000),
    }});
    assert_eq!(hooks, expected);
}

#[test]
fn qwen_counts_in_seconds_and_gets_a_shell() {
    let hooks = parsed(QwenSettings)["hooks"].take();
    assert_eq!(hooks.as_object().unwrap().len(), 11);
    let handler = &hooks["PreToolUse"][0]["hooks"][0];
    assert_eq!(handler["command"], shell("qwen-code"));
    assert_eq!(
        (&handler["timeout"], &hooks["PreToolUse"][0]["matcher"]),
        (&json!(10), &json!(null))
    );
    assert_eq!(hooks["Stop"][0]["hooks"][0]["timeout"], 60);
    assert_eq!(hooks["Stop"][0]["hooks"][0]["command"], "'/usr/bin/assize' hook qwen-code");
}

#[test]
fn copilot_and_cursor_close_by_themselves() {
    let text = new(CopilotHooks);
    assert!(text.starts_with(
        r#"{"version": 1, "hooks": {"preToolUse": [{"type": "command", "bash": "'/usr/bin/assize' hook copilot-cli", "timeoutSec": 10}],"#
    ), "{text}");
    assert_eq!(parsed(CopilotHooks)["hooks"]["agentStop"][0]["timeoutSec"], 60);
    let text = new(CursorHooks);
    assert!(text.starts_with(
        r#"{"version": 1, "hooks": {"preToolUse": [{"command": "'/usr/bin/assize' hook cursor", "timeout": 10, "failClosed": true}],"#
    ), "{text}");
    assert_eq!(text.matches("failClosed").count(), 1);
    for file in [CopilotHooks, CursorHooks] {
        let all = handlers(file, &new(file)).unwrap();
        for handler in all {
            assert_eq!(
                (handler.gate, handler.closed),
                (handler.event == "preToolUse", handler.gate)
            );
        }
    }
}

/// The version of the format goes in where the user has none, and out only with our entries.
#[test]
fn the_version_of_a_format_stands_once() {
    for (user, versions) in [
        ("{}", 1),
        ("{\"version\": 1}", 1),
        ("{\n  \"version\": 1,\n  \"hooks\": {}\n}\n", 1),
        ("{\"version\": 1, \"hooks\": {\"stop\": []}}\n", 1),
        ("{\"version\": 1, \"hooks\": {\"preToolUse\": [{\"command\": \"lint\"}]}}\n", 1),
        // Hooks of the user without it are the user's to mend.
        ("{\"hooks\": {\"preToolUse\": []}}", 0),
    ] {
        for file in [CopilotHooks, CursorHooks] {
            let installed = install(file, Some(user), &command(file, "/usr/bin/assize"), None);
            let installed = installed.unwrap().text;
            assert_eq!(installed.matches("\"version\"").count(), versions, "{installed}");
            assert_eq!(uninstall(file, &installed).unwrap().as_deref(), Some(user));
        }
    }
    // What the user adds to a file of ours stays, and so does the rest of it.
    let more = new(CursorHooks).replacen('{', "{\"mine\": 1, ", 1);
    assert_eq!(uninstall(CursorHooks, &more).unwrap().unwrap(), "{\"mine\": 1}\n");
}

/// Measured: a project's word silences the machine's hooks where the machine says nothing.
#[test]
fn the_machines_settings_say_that_hooks_are_on() {
    for (file, on, off) in [
        (GeminiSystem, "\"hooksConfig\": {\"enabled\": true}", "{\"hooksConfig\": {}}"),
        (QwenSystem, "\"disableAllHooks\": false", "{\"disableAllHooks\": true}"),
    ] {
        let line = command(file, "/usr/bin/assize");
        let yields = |text: &str| standing(file, text, &line, None).unwrap().yields;
        assert!(new(file).starts_with(&format!("{{{on}, \"hooks\": {{")), "{}", new(file));
        assert!(!yields(&new(file)) && yields("{}"));
        // Beside hooks of an administrator's it goes in alone, and out again.
        for own in ["{\"hooks\": {}}", "{ \"hooks\": {\"Stop\": []}, \"a\": 1 }\n"] {
            let installed = install(file, Some(own), &line, None).unwrap().text;
            assert!(!yields(&installed), "{installed}");
            assert_eq!(uninstall(file, &installed).unwrap().as_deref(), Some(own));
        }
        let own = format!("{{{on}, \"hooks\": {{}}}}");
        let installed = install(file, Some(&own), &line, None).unwrap().text;
        assert_eq!(uninstall(file, &installed).unwrap().as_deref(), Some(own.as_str()));
        // An administrator's own word stays, and that it does not hold is told.
        let installed = install(file, Some(off), &line, None).unwrap().text;
        assert!(!installed.contains(on) && yields(&installed));
        assert!(!standing(file, &installed, &line, None).unwrap().is_right());
        assert_eq!(uninstall(file, &installed).unwrap().as_deref(), Some(off));
    }
    assert!(!new(GeminiSettings).contains("hooksConfig"));
}

#[test]
fn what_switches_hooks_off_is_seen() {
    let off = |file: SettingsFile, text: &str| standing(file, text, "", None).unwrap().disabled;
    assert!(off(QwenSettings, r#"{"disableAllHooks": true}"#));
    assert!(off(CopilotHooks, r#"{"disableAllHooks": true}"#));
    assert!(off(GeminiSettings, r#"{"hooksConfig": {"enabled": false}}"#));
    let disabled = json!({ "hooksConfig": { "disabled": ["lint", shell("gemini-cli")] } });
    assert!(off(GeminiSettings, &disabled.to_string()));
    // Single hooks are switched off by a project even where they are the machine's.
    assert!(off(GeminiSystem, &disabled.to_string()));
    assert!(!off(GeminiSystem, r#"{"hooksConfig": {"enabled": false}}"#));
    for (file, text) in [
        (GeminiSettings, r#"{"hooksConfig": {"enabled": true, "disabled": ["lint"]}}"#),
        (QwenSettings, "{}"),
        (CursorHooks, r#"{"disableAllHooks": true}"#),
    ] {
        assert!(!off(file, text), "{text}");
    }
}

fn whole() -> impl Iterator<Item = SettingsFile> {
    CLINE_EVENTS.into_iter().map(ClineScript).chain([OpenCodePlugin])
}

#[test]
fn a_file_that_is_ours_alone_comes_and_goes() {
    for file in whole() {
        for program in ["/usr/bin/assize", "/opt/my tools/assize", r"/opt/a\b/assize"] {
            let line = command(file, program);
            let once = install(file, None, &line, None).unwrap();
            assert_eq!(once.changes.len(), 1);
            let twice = install(file, Some(&once.text), &line, None).unwrap();
            assert_eq!((&twice.text, twice.changes.len()), (&once.text, 0));
            assert!(standing(file, &once.text, &line, None).unwrap().is_right());
            let all = handlers(file, &once.text).unwrap();
            assert!(!all.is_empty());
            for handler in all {
                assert_eq!(program_of(&handler.command).as_deref(), Some(program), "{handler:?}");
            }
            assert_eq!(uninstall(file, &once.text).unwrap(), None);
            // One of another program, or of an older version, is renewed.
            let moved =
                install(file, Some(&once.text), &command(file, "/new/assize"), None).unwrap();
            assert!(moved.changes.len() == 1 && moved.text.contains("/new/assize"));
            assert!(!standing(file, &moved.text, &line, None).unwrap().is_right());
        }
    }
}

#[test]
fn a_file_of_the_user_is_neither_overwritten_nor_deleted() {
    for file in whole() {
        let line = command(file, "/usr/bin/assize");
        for theirs in ["", "#!/bin/sh\nexec lint\n", "export const Mine = 1\n"] {
            let refused = install(file, Some(theirs), &line, None);
            assert!(matches!(refused, Err(SettingsError::Theirs)), "{theirs}");
            assert_eq!(uninstall(file, theirs).unwrap().as_deref(), Some(theirs));
            assert_eq!(standing(file, theirs, &line, None).unwrap().missing.len(), 1);
            assert!(handlers(file, theirs).unwrap().is_empty());
        }
    }
}

proptest! {
    /// Whatever is changed in a file of ours, it is not taken for ours any more.
    #[test]
    fn an_edited_file_is_told(index in 0_usize..8, at in any::<prop::sample::Index>(), more in "[ -~\n]{1,3}") {
        let file = whole().nth(index).unwrap();
        let ours = new(file);
        let mut edited = ours.clone();
        edited.insert_str(at.index(ours.len() + 1), &more);
        prop_assert!(install(file, Some(&edited), &command(file, "/usr/bin/assize"), None).is_err());
        let left = uninstall(file, &edited);
        let kept = left.as_ref().map_or(true, |left| left.as_deref() == Some(&edited));
        prop_assert!(kept, "{:?}", left);
    }
}

/// What Cline gets when the program is `script`: stdout, and the status that it passes over.
fn cline(script: Option<&str>) -> (String, i32) {
    let folder = tempfile::Builder::new().prefix("it is a ").tempdir().unwrap();
    let program = folder.path().join("assize");
    if let Some(script) = script {
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let file = ClineScript("PreToolUse");
    let line = command(file, program.to_str().unwrap());
    let hook = folder.path().join("PreToolUse");
    std::fs::write(&hook, install(file, None, &line, None).unwrap().text).unwrap();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut child = Command::new(&hook)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // A program that reads nothing leaves a closed pipe.
    drop(child.stdin.take().unwrap().write_all(b"{\"a\": 1}"));
    let ended = child.wait_with_output().unwrap();
    (String::from_utf8(ended.stdout).unwrap(), ended.status.code().unwrap())
}

#[test]
fn cline_cancels_whatever_happens_to_the_program() {
    assert_eq!(cline(Some("exit 0")), (String::new(), 0));
    assert_eq!(cline(Some("cat; exit 0")), ("{\"a\": 1}".to_owned(), 0));
    assert_eq!(
        cline(Some("printf '{\"cancel\":true}'; exit 2")),
        ("{\"cancel\":true}".to_owned(), 2)
    );
    for failing in
        [Some("exit 1"), Some("exit 2"), Some("echo x; exit 101"), Some("kill -9 $$"), None]
    {
        let (said, status) = cline(failing);
        let said: Value = serde_json::from_str(&said).unwrap();
        assert_eq!((&said["cancel"], status), (&json!(true), 2), "{failing:?}");
        assert!(
            said["errorMessage"].as_str().unwrap().starts_with("Assize gave no answer: status")
        );
    }
}

/// A shell around a command is the same for all clients that have no switch.
#[test]
fn handlers_say_whether_the_client_closes() {
    for (file, event, closed) in [
        (ClaudeSettings, "PreToolUse", true),
        (GeminiSettings, "BeforeTool", false),
        (QwenSettings, "PreToolUse", false),
        (CopilotHooks, "preToolUse", true),
        (CursorHooks, "preToolUse", true),
        (ClineScript("PreToolUse"), "PreToolUse", false),
        (OpenCodePlugin, "PreToolUse", true),
    ] {
        let all = handlers(file, &new(file)).unwrap();
        let gates: Vec<_> = all.iter().filter(|handler| handler.gate).collect();
        assert_eq!(gates.len(), 1);
        assert_eq!((gates[0].event.as_str(), gates[0].closed), (event, closed));
    }
}
