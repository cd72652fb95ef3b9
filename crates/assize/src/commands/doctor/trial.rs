//! One run of a hook's command line, and whether its answer is one that the client honours.

use std::io::{Read, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use assize_harness::{Client, Handler, program_of};
use serde_json::{Value, json};

use super::canary::{Canary, Expected};

/// Clients wait ten seconds for most hooks.
const DEADLINE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(1);
/// By this status clients understand a denial.
const BLOCKED: i32 = 2;

/// What came of one canary.
pub(super) struct Trial {
    pub(super) event: String,
    pub(super) name: &'static str,
    pub(super) ms: u128,
    /// Why the hook is dead; nothing where it works.
    pub(super) fault: Option<String>,
}

struct Said {
    status: ExitStatus,
    out: String,
    err: String,
}

/// Runs a handler on a canary.
pub(super) fn run(handler: &Handler, canary: &Canary, root: &Path) -> Trial {
    tried(handler, &handler.command, canary, root)
}

/// The same command line with a program in it that is gone, and with one that is killed.
pub(super) fn dying(client: Client, handler: &Handler, root: &Path) -> Vec<Trial> {
    let canary = |name| Canary { name, client, input: b"{}".to_vec(), expected: Expected::Refused };
    let names = ["a program that is gone", "a program that is killed"].map(canary);
    let ready = program_of(&handler.command).zip(doomed().ok());
    names
        .iter()
        .enumerate()
        .map(|(index, canary)| match &ready {
            Some((program, folder)) => {
                let gone = folder.path().join(["gone", "killed"].get(index).unwrap_or(&"gone"));
                let other = handler.command.replace(program, &gone.display().to_string());
                tried(handler, &other, canary, root)
            }
            None => Trial {
                event: handler.event.clone(),
                name: canary.name,
                ms: 0,
                fault: Some("the program in its command line cannot be told".to_owned()),
            },
        })
        .collect()
}

/// A folder with a program that ends by a signal.
fn doomed() -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let killed = folder.path().join("killed");
    std::fs::write(&killed, "#!/bin/sh\nkill -9 $$\n")?;
    std::fs::set_permissions(&killed, std::fs::Permissions::from_mode(0o700))?;
    Ok(folder)
}

fn tried(handler: &Handler, command: &str, canary: &Canary, root: &Path) -> Trial {
    let started = Instant::now();
    let fault = match ask(command, &canary.input, root) {
        Ok(said) => fault(&said, canary, &handler.event),
        Err(error) => Some(error.to_string()),
    };
    let ms = started.elapsed().as_millis();
    Trial { event: handler.event.clone(), name: canary.name, ms, fault }
}

/// As clients run hooks: by a shell, in the working folder, with the event on standard input.
fn ask(command: &str, input: &[u8], root: &Path) -> std::io::Result<Said> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (out, err) = (drain(child.stdout.take()), drain(child.stderr.take()));
    if let Some(mut stdin) = child.stdin.take() {
        // A hook that refuses early may not read to the end.
        drop(stdin.write_all(input));
    }
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > DEADLINE {
            child.kill()?;
            child.wait()?;
            return Err(std::io::Error::other("no answer within ten seconds"));
        }
        std::thread::sleep(PAUSE);
    };
    Ok(Said { status, out: out.join().unwrap_or_default(), err: err.join().unwrap_or_default() })
}

fn drain(stream: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            drop(stream.read_to_end(&mut bytes));
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Why an answer is not the one that it must be.
fn fault(said: &Said, canary: &Canary, event: &str) -> Option<String> {
    let status = match (said.status.code(), said.status.signal()) {
        (Some(code), _) => code,
        (None, signal) => return Some(format!("ended by signal {}", signal.unwrap_or_default())),
    };
    let client = canary.client;
    let blocked = status == BLOCKED && !said.err.trim().is_empty();
    let right = match canary.expected {
        Expected::Silent => status == 0 && said.out.is_empty(),
        Expected::Refused => {
            blocked && (client != Client::Cline || fits_text(&cancels(), &said.out))
        }
        Expected::Denied => blocked && fits_text(&denial(client), &said.out),
        Expected::Understood => {
            (status == 0 && said.out.is_empty())
                || (matches!(status, 0 | BLOCKED) && understood(&said.out, event, client))
        }
    };
    let told = || {
        let first = |text: &str| text.lines().next().unwrap_or("nothing").to_owned();
        format!("status {status}, said {}, {}", first(&said.out), first(&said.err))
    };
    (!right).then(told)
}

/// Any text that is not empty.
const TEXT: &str = "*";

/// The client's exact denial, with [`TEXT`] for the reason: several pass over one with a key more.
fn denial(client: Client) -> Value {
    match client {
        Client::ClaudeCode | Client::Codex | Client::QwenCode | Client::VsCode => {
            json!({ "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": "deny",
                "permissionDecisionReason": TEXT,
            } })
        }
        Client::GeminiCli => json!({ "decision": "deny", "reason": TEXT }),
        Client::CopilotCli => {
            json!({ "permissionDecision": "deny", "permissionDecisionReason": TEXT })
        }
        // A call of a tool of its own gets no arguments and fails.
        Client::Cline => json!({ "overrideInput": {}, "contextModification": TEXT }),
        Client::OpenCode => json!({ "deny": TEXT }),
        Client::Cursor => {
            json!({ "permission": "deny", "user_message": TEXT, "agent_message": TEXT })
        }
    }
}

/// What a client knows at the top of an answer to an event that is not before a call.
fn keys(client: Client) -> &'static [&'static str] {
    match client {
        Client::ClaudeCode
        | Client::Codex
        | Client::QwenCode
        | Client::VsCode
        | Client::GeminiCli => {
            &["hookSpecificOutput", "decision", "reason", "systemMessage", "continue", "stopReason"]
        }
        Client::CopilotCli => &["additionalContext", "decision", "reason", "behavior", "message"],
        Client::Cline => &["contextModification"],
        Client::OpenCode => &["deny", "block", "tell"],
        Client::Cursor => &["additional_context", "followup_message", "continue", "user_message"],
    }
}

/// The end of a whole task of Cline, which passes over every status.
fn cancels() -> Value {
    json!({ "cancel": true, "errorMessage": TEXT })
}

/// Whether an answer has this form and not a byte more.
fn fits_text(form: &Value, out: &str) -> bool {
    serde_json::from_str(out).is_ok_and(|answer| fits(form, &answer))
}

fn fits(form: &Value, answer: &Value) -> bool {
    match (form, answer) {
        (Value::Object(form), Value::Object(answer)) => {
            let member = |(key, form): (&String, &Value)| {
                answer.get(key).is_some_and(|answer| fits(form, answer))
            };
            form.len() == answer.len() && form.iter().all(member)
        }
        (Value::String(form), Value::String(text)) if form == TEXT => !text.trim().is_empty(),
        (form, answer) => form == answer,
    }
}

/// An object of known keys, which names its event where it speaks of one.
fn understood(out: &str, event: &str, client: Client) -> bool {
    let Ok(Value::Object(answer)) = serde_json::from_str(out) else { return false };
    let inner = answer.get("hookSpecificOutput");
    let named = inner.is_none_or(|inner| inner.get("hookEventName") == Some(&Value::from(event)));
    named && answer.keys().all(|key| keys(client).contains(&key.as_str()))
}
