//! Files that are ours from the first byte to the last: a program that a client runs, or loads.
//!
//! A line at the top says so, with a sum of all that follows, so that a file of an older version is
//! known as well. One whose sum is wrong was edited; one without the line is somebody else's.
//! Neither is overwritten or deleted.

use super::dialect::is_gate;
use super::{Handler, Installed, SettingsError, SettingsFile, Standing};
use crate::client::Client;

/// Events for which Cline runs a program of that name.
pub const CLINE_EVENTS: [&str; 7] = [
    "PreToolUse",
    "PostToolUse",
    "UserPromptSubmit",
    "TaskStart",
    "TaskResume",
    "TaskComplete",
    "SessionShutdown",
];

/// The moments at which the plugin asks, by the names that it gives them.
const PLUGIN_EVENTS: [&str; 7] = [
    "PreToolUse",
    "PostToolUse",
    "UserPromptSubmit",
    "SessionStart",
    "SessionEnd",
    "Stop",
    "SubagentStop",
];

const SHELL: &str = "#!/bin/sh\n";
/// The line at the top, up to the sum.
const SCRIPT_HEAD: &str = "# Cline asks Assize; `assize uninstall` takes this file out again. ";
const PLUGIN_HEAD: &str = "// OpenCode asks Assize; `assize uninstall` takes this file out again. ";

/// The line of the plugin that names the command line, up to it.
const PLUGIN_LINE: &str = "const COMMAND = \"";
/// Where the command line stands in a template.
const PLACE: &str = "@ASSIZE@";

/// Cline passes over the status: only a JSON that cancels keeps a call from running.
const SCRIPT_GATE: &str = r#"said=$(@ASSIZE@)
status=$?
if test $status = 0 || { test $status = 2 && test -n "$said"; }; then
    printf '%s' "$said"
    exit $status
fi
reason="Assize gave no answer: status $status"
printf '{"cancel":true,"errorMessage":"%s"}' "$reason"
echo "$reason" >&2
exit 2
"#;
const SCRIPT_OTHER: &str = "exec @ASSIZE@\n";

/// Throws where the program does not answer, by which OpenCode drops the call.
const PLUGIN: &str = include_str!("opencode.js");

/// The whole file around a command line.
fn text(file: SettingsFile, command: &str) -> String {
    let (first, head) = tops(file);
    let body = match file {
        SettingsFile::ClineScript(event) if is_gate(event) => SCRIPT_GATE.replace(PLACE, command),
        SettingsFile::ClineScript(_) => SCRIPT_OTHER.replace(PLACE, command),
        _ => PLUGIN.replace(PLACE, &command.replace('\\', r"\\").replace('"', "\\\"")),
    };
    format!("{first}{head}{:016x}\n{body}", sum(&body))
}

/// The line before the one that says whose the file is, and that one.
fn tops(file: SettingsFile) -> (&'static str, &'static str) {
    match file {
        SettingsFile::ClineScript(_) => (SHELL, SCRIPT_HEAD),
        _ => ("", PLUGIN_HEAD),
    }
}

/// FNV-1a: it tells an edited file from ours, and guards against nothing.
fn sum(body: &str) -> u64 {
    body.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Whose a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Ours,
    Edited,
    Other,
}

fn owner(file: SettingsFile, found: &str) -> Owner {
    let (first, head) = tops(file);
    let Some(marked) = found.strip_prefix(first).and_then(|rest| rest.strip_prefix(head)) else {
        return Owner::Other;
    };
    let whole =
        marked.split_once('\n').is_some_and(|(hex, body)| hex == format!("{:016x}", sum(body)));
    if whole { Owner::Ours } else { Owner::Edited }
}

pub(crate) fn install(
    file: SettingsFile,
    found: Option<&str>,
    command: &str,
) -> Result<Installed, SettingsError> {
    let wanted = text(file, command);
    let event = event(file);
    let changes = match found.map(|found| (found, owner(file, found))) {
        None => vec![format!("{event}: the client asks Assize")],
        Some((found, _)) if found == wanted => Vec::new(),
        Some((_, Owner::Ours)) => vec![format!("{event}: the entry of Assize is renewed")],
        Some((_, Owner::Edited)) => return Err(SettingsError::Tangled),
        Some((_, Owner::Other)) => return Err(SettingsError::Theirs),
    };
    Ok(Installed { text: wanted, changes })
}

pub(crate) fn uninstall(file: SettingsFile, found: &str) -> Result<Option<String>, SettingsError> {
    match owner(file, found) {
        Owner::Ours => Ok(None),
        Owner::Edited => Err(SettingsError::Tangled),
        Owner::Other => Ok(Some(found.to_owned())),
    }
}

pub(crate) fn standing(file: SettingsFile, found: &str, command: &str) -> Standing {
    let mut standing = Standing::default();
    if owner(file, found) == Owner::Other {
        standing.missing.push(event(file));
    } else if text(file, command) != found {
        standing.wrong.push(event(file).to_owned());
    }
    standing
}

/// What the client runs. Of a script that is the script itself, as a shell takes it.
pub(crate) fn handlers(file: SettingsFile, found: &str) -> Result<Vec<Handler>, SettingsError> {
    match owner(file, found) {
        Owner::Ours => {}
        Owner::Edited => return Err(SettingsError::Tangled),
        Owner::Other => return Ok(Vec::new()),
    }
    let handler = |event: &str, command: String| Handler {
        event: event.to_owned(),
        command,
        closed: file.client() == Client::OpenCode && is_gate(event),
        gate: is_gate(event),
    };
    if let SettingsFile::ClineScript(event) = file {
        return Ok(vec![handler(event, found.to_owned())]);
    }
    let command = plugin_command(found).unwrap_or_default();
    Ok(PLUGIN_EVENTS.iter().map(|event| handler(event, command.clone())).collect())
}

/// The command line in the plugin's text, out of its quotes.
fn plugin_command(found: &str) -> Option<String> {
    let written =
        found.lines().find_map(|line| line.strip_prefix(PLUGIN_LINE)?.strip_suffix('"'))?;
    Some(written.replace("\\\"", "\"").replace(r"\\", "\\"))
}

/// The event under whose name a file is shown.
fn event(file: SettingsFile) -> &'static str {
    match file {
        SettingsFile::ClineScript(event) => event,
        _ => "PreToolUse",
    }
}
