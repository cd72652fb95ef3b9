//! A session of an agent, as its client tells the hook of it.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::scene::Scene;

/// What an answer comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Silent,
    Told(String),
    Asked(String),
    Denied(String),
}

impl Answer {
    pub(crate) fn denied(self) -> String {
        let Self::Denied(reason) = self else { panic!("{self:?}") };
        assert!(reason.chars().count() <= 600, "{reason}");
        reason
    }

    pub(crate) fn asked(self) -> String {
        let Self::Asked(reason) = self else { panic!("{self:?}") };
        reason
    }

    pub(crate) fn told(self) -> String {
        let Self::Told(reason) = self else { panic!("{self:?}") };
        reason
    }
}

/// One session in a scene whose guard enforces.
pub(crate) struct Agent<'s> {
    pub(crate) scene: &'s Scene,
    pub(crate) client: &'static str,
    pub(crate) session: &'static str,
    pub(crate) mode: &'static str,
    /// The subagent that speaks.
    pub(crate) agent: Option<&'static str>,
}

impl<'s> Agent<'s> {
    pub(crate) fn new(scene: &'s Scene) -> Self {
        scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
        Self { scene, client: "claude-code", session: "s-1", mode: "default", agent: None }
    }

    pub(crate) fn event(&self, moment: &str, tool: &str, input: &Value) -> Answer {
        let mut event = json!({
            "session_id": self.session,
            "cwd": self.scene.tree(),
            "hook_event_name": moment,
            "permission_mode": self.mode,
            "tool_name": tool,
            "tool_input": input,
            "tool_use_id": "call-1",
        });
        if let Some(agent) = self.agent {
            event["agent_id"] = json!(agent);
        }
        let mut command = self.scene.assize(&["hook", self.client]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(event.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        if out.is_empty() {
            return Answer::Silent;
        }
        let value: Value = serde_json::from_str(&out).unwrap();
        let said = &value["hookSpecificOutput"];
        let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
        let reason = text("permissionDecisionReason");
        match said["permissionDecision"].as_str() {
            Some("deny") => Answer::Denied(reason),
            Some("ask") => Answer::Asked(reason),
            _ => Answer::Told(text("additionalContext")),
        }
    }

    pub(crate) fn call(&self, tool: &str, input: &Value) -> Answer {
        self.event("PreToolUse", tool, input)
    }

    pub(crate) fn shell(&self, command: &str) -> Answer {
        self.call("Bash", &json!({ "command": command }))
    }

    pub(crate) fn write(&self, path: &str, content: &str) -> Answer {
        self.call("Write", &json!({ "file_path": self.scene.path(path), "content": content }))
    }

    pub(crate) fn read(&self, path: &str) {
        let read = self.call("Read", &json!({ "file_path": self.scene.path(path) }));
        assert_eq!(read, Answer::Silent);
    }

    /// A patch, as Codex sends it.
    pub(crate) fn patch(&self, text: &str) -> Answer {
        let patch = format!("*** Begin Patch\n{text}*** End Patch\n");
        self.call("apply_patch", &json!({ "command": patch }))
    }
}

/// The payloads of the record, the last one last.
pub(crate) fn payloads(scene: &Scene) -> Vec<Value> {
    let exported = scene.run(&["ledger", "export"]).expect(0);
    let line = |line: &str| serde_json::from_str::<Value>(line).unwrap()["payload"].clone();
    exported.text().lines().map(line).collect()
}
