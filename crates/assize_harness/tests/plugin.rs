//! The plugin of OpenCode, run by node as the client runs it: whatever happens to the program, a
//! call that is not answered throws. Where there is no node there is nothing to run it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use assize_harness::{SettingsFile, install};

/// Asks before one call and prints what the client would do.
const DRIVER: &str = r#"
const { Assize } = await import(process.argv[2])
const client = { session: { get: async () => ({ data: {} }) } }
const plugin = await Assize({ client, directory: process.cwd() })
const output = { args: { filePath: "a.txt", content: "x" } }
const input = { tool: "write", sessionID: "s", callID: "c" }
try {
  await plugin["tool.execute.before"](input, output)
  console.log("RAN")
} catch (error) {
  console.log(`THREW ${error.message}`)
}
"#;

/// The program is `script`, or gone.
fn ask(script: Option<&str>) -> Option<String> {
    let folder = tempfile::Builder::new().prefix("it's a \"").tempdir().unwrap();
    let program = folder.path().join("assize");
    if let Some(script) = script {
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    // A quote in a path has to be written so that a shell takes it.
    let quoted = program.display().to_string().replace('\'', r"'\''");
    let command = format!("'{quoted}' hook opencode");
    let plugin = install(SettingsFile::OpenCodePlugin, None, &command, None).unwrap().text;
    std::fs::write(folder.path().join("plugin.mjs"), plugin).unwrap();
    std::fs::write(folder.path().join("driver.mjs"), DRIVER).unwrap();
    let said = node(folder.path())?;
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    Some(String::from_utf8(said.stdout).unwrap().trim().to_owned())
}

fn node(folder: &Path) -> Option<Output> {
    let mut node = Command::new("node");
    node.args(["driver.mjs", "./plugin.mjs"]).current_dir(folder).stdin(Stdio::null()).output().ok()
}

#[test]
fn an_answer_counts_and_everything_else_throws() {
    for (script, expected) in [
        (Some("cat > /dev/null"), "RAN"),
        (Some("exit 0"), "RAN"),
        (Some("echo '{\"tell\":\"look\"}'"), "RAN"),
        (Some("grep -q '\"tool_name\":\"write\"' || exit 9"), "RAN"),
        (Some("echo '{\"deny\":\"no\"}'; exit 2"), "THREW no"),
        (Some("echo no >&2; exit 2"), "THREW no"),
        (Some("exit 2"), "THREW Assize gave no answer: status 2"),
        (Some("exit 1"), "THREW Assize gave no answer: status 1"),
        (Some("kill -9 $$"), "THREW Assize gave no answer: ended by SIGKILL"),
        (Some("echo welcome"), "THREW Assize gave no answer: an answer that is no JSON"),
        (None, "THREW Assize gave no answer: status 127"),
    ] {
        let Some(said) = ask(script) else { return };
        assert_eq!(said, expected, "{script:?}");
    }
}
