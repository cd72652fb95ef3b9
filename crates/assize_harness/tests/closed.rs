//! The command that Codex gets before a call denies whenever the hook itself fails.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use assize_harness::{SettingsFile, install, is_ours};

/// What the client sees when the program `assize` is `script`: stdout, stderr, status.
fn run(script: Option<&str>) -> (String, String, i32) {
    let folder = tempfile::Builder::new().prefix("it's a ").tempdir().unwrap();
    let program = folder.path().join("assize");
    if let Some(script) = script {
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let command = format!("\"{}\" hook codex", program.display());
    let installed = install(SettingsFile::CodexHooks, None, &command, None).unwrap();
    let settings: serde_json::Value = serde_json::from_str(&installed.text).unwrap();
    let shown = settings["hooks"]["PreToolUse"][0]["hooks"][0]["command"].as_str().unwrap();
    assert!(is_ours(shown), "{shown}");
    let output = Command::new("sh").args(["-c", shown]).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

#[test]
fn answers_pass_unchanged() {
    assert_eq!(run(Some("exit 0")), (String::new(), String::new(), 0));
    let context = run(Some("printf '{}'; exit 0"));
    assert_eq!(context, ("{}".to_owned(), String::new(), 0));
    let denial = run(Some("printf '{}'; printf no >&2; exit 2"));
    assert_eq!(denial, ("{}".to_owned(), "no".to_owned(), 2));
}

#[test]
fn failures_deny_with_a_reason() {
    for script in ["exit 1", "exit 101", "kill -9 $$", "kill -6 $$"] {
        let (_, stderr, status) = run(Some(script));
        assert_eq!(status, 2, "{script}");
        assert!(stderr.contains("Assize gave no answer: status "), "{script}: {stderr}");
    }
    let (_, stderr, status) = run(None);
    assert!(status == 2 && stderr.contains("status 127"), "{stderr}");
}
