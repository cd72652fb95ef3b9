//! Every captured payload of the clients other than Claude Code and Codex becomes the expected
//! event; of those that could not be run, what their documentation shows.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, helpers too")]

mod actions;

use actions::{argument, captures, edit, mcp, nothing, owned, shell, subagent, write};
use assize_guard::Action;
use assize_harness::Client::{
    self, Cline, CopilotCli, Cursor, GeminiCli, OpenCode, QwenCode, VsCode,
};
use assize_harness::{Event, Moment, parse};
use serde_json::{Value, json};

const ECHO: &str = "echo hi > bash.txt; cat bash.txt";
const PATCH: &str = "*** Begin Patch\n*** Add File: patched.txt\n+hello\n*** End Patch\n";

fn read(path: &str) -> Action {
    Action::Read { path: owned(path) }
}

fn glob() -> Action {
    Action::Search { pattern: owned("**/*.txt"), path: None }
}

fn unknown(tool: &str, arguments: &[(&str, &str)]) -> Action {
    let arguments = arguments.iter().map(|(key, text)| argument(key, text)).collect();
    Action::Unknown { tool: owned(tool), arguments }
}

fn prompt() -> Action {
    Action::Prompt { text: owned("please do the job") }
}

/// What the captures of a tool hold, by the client's name for the tool.
fn tool(name: &str) -> Option<Action> {
    Some(match name {
        "read_file-relative" => read("a.txt"),
        "read_file" | "view" | "Read" => read("/repo/a.txt"),
        "write_file" | "create" | "Write" => write("/repo/new.txt", "hello\n"),
        "write_file-in-subagent" | "create-in-subagent" | "Write-in-subagent" => {
            write("/repo/sub.txt", "from sub\n")
        }
        "replace" | "edit" | "Edit" => edit("/repo/a.txt"),
        "Edit-patch" | "apply_patch" => Action::Patch { text: owned(PATCH) },
        "run_shell_command" | "bash" | "Bash" => shell(ECHO),
        "glob" | "Glob" => glob(),
        "notebook_edit" => Action::Notebook {
            path: owned("/repo/nb.ipynb"),
            cell: Some(owned("c1")),
            source: Some(owned("print(2)")),
        },
        "mcp_fs_write_file" | "mcp__fs__write_file" | "fs_write_file" => mcp(),
        "invoke_agent" => subagent("generalist", "AGENT:worker do it"),
        "agent" | "task" | "Agent" => subagent("general-purpose", "AGENT:worker do it"),
        "write_todos" => {
            unknown("write_todos", &[("todos.description", "x"), ("todos.status", "pending")])
        }
        "update_todo" => unknown("update_todo", &[("todos", "- [ ] x")]),
        "no_such_tool" => unknown("no_such_tool", &[("x", "1")]),
        _ => return None,
    })
}

/// What happened, by our names of the moments.
fn moment(name: &str) -> Option<(Moment, Action)> {
    Some(match name {
        "SessionStart" => (Moment::SessionStart, Action::SessionStart),
        "SessionEnd" => (Moment::SessionEnd, Action::SessionEnd),
        "UserPromptSubmit" => (Moment::Prompt, prompt()),
        "Stop" => (Moment::Stop, Action::Stop),
        "SubagentStart" => (Moment::SubagentStart, subagent("general-purpose", "")),
        "SubagentStop" => (Moment::SubagentStop, Action::SubagentStop),
        "PreCompact" => (Moment::PreCompact, nothing("PreCompact")),
        "PreToolUse" => (Moment::PreTool, Action::Stop),
        "PostToolUse" => (Moment::PostTool, Action::Stop),
        "PostToolUseFailure" => (Moment::PostToolFailure, Action::Stop),
        "PermissionRequest" => (Moment::PermissionRequest, Action::Stop),
        _ => return None,
    })
}

/// Our name of an event that a client calls otherwise.
fn ours(name: &str) -> &str {
    match name {
        "BeforeTool" | "preToolUse" => "PreToolUse",
        "AfterTool" | "postToolUse" => "PostToolUse",
        "BeforeAgent" | "userPromptSubmitted" => "UserPromptSubmit",
        "AfterAgent" | "agentStop" => "Stop",
        "PreCompress" => "PreCompact",
        "postToolUseFailure" => "PostToolUseFailure",
        "permissionRequest" => "PermissionRequest",
        "sessionStart" => "SessionStart",
        "sessionEnd" => "SessionEnd",
        "subagentStart" => "SubagentStart",
        "subagentStop" => "SubagentStop",
        other => other,
    }
}

/// Payloads whose content is not that of their tool elsewhere.
fn special(folder: &str, name: &str) -> Option<Action> {
    Some(match (folder, name) {
        ("gemini", "BeforeTool-read_file" | "AfterTool-read_file") => read("a.txt"),
        ("qwen", "PostToolUseFailure-run_shell_command") => shell("exit 3"),
        ("qwen", "Notification") => nothing("Notification"),
        (_, "userPromptSubmitted-in-subagent" | "UserPromptSubmit-in-subagent") => {
            Action::Prompt { text: owned("AGENT:worker do it") }
        }
        _ => return None,
    })
}

fn check(sender: Client, folder: &str, name: &str, event: &Event) {
    let place = format!("{folder}/{name}");
    let (first, rest) = name.split_once('-').unwrap_or((name, ""));
    let (expected, bare) =
        moment(ours(first)).unwrap_or((Moment::Other(owned(first)), Action::Stop));
    assert_eq!((event.client, &event.moment), (sender, &expected), "{place}");
    let action = special(folder, name)
        .or_else(|| expected.is_call().then(|| tool(rest)).flatten())
        .unwrap_or(bare);
    // What Copilot asks a person about is a difference of the file, after the call itself.
    if !name.starts_with("permissionRequest-") {
        assert_eq!(event.action, action, "{place}");
    }
    assert_eq!(event.agent.is_some(), name.ends_with("-in-subagent"), "{place}");
    let numbered = event.moment.is_call() && event.moment != Moment::PermissionRequest;
    assert_eq!(event.call.is_some(), numbered, "{place}");
    assert_eq!(event.folder, "/repo", "{place}");
}

#[test]
fn captured_payloads() {
    for (asked, sender, folder) in [
        (GeminiCli, GeminiCli, "gemini"),
        (QwenCode, QwenCode, "qwen"),
        (CopilotCli, CopilotCli, "copilot"),
        (Client::ClaudeCode, CopilotCli, "copilot-asked-as-claude"),
    ] {
        let mut sessions = std::collections::BTreeSet::new();
        for (name, payload) in captures(folder) {
            let event = parse(asked, &payload).unwrap_or_else(|why| panic!("{name}: {why}"));
            check(sender, folder, &name, &event);
            sessions.insert(event.session);
        }
        assert_eq!(sessions.len(), 1, "{folder}: a subagent shares the session: {sessions:?}");
    }
}

#[test]
fn captured_payloads_of_cline() {
    let all = captures("cline");
    let event = |name: &str| parse(Cline, &all[name]).unwrap();
    let table = [
        ("TaskStart", Moment::SessionStart, Action::SessionStart, None),
        ("PreToolUse", Moment::PreTool, read("/repo/a.txt"), Some("call_main_t0_0")),
        ("PostToolUse", Moment::PostTool, read("/repo/a.txt"), Some("call_main_t0_0")),
        (
            "PreToolUse-editor",
            Moment::PreTool,
            write("/opt/clients", "ORIGINAL\n"),
            Some("call_main_t0_0"),
        ),
        (
            "PostToolUse-editor",
            Moment::PostTool,
            write("/opt/clients", "ORIGINAL\n"),
            Some("call_main_t0_0"),
        ),
        ("TaskComplete", Moment::Stop, Action::Stop, None),
    ];
    assert_eq!(all.len(), table.len());
    for (name, moment, action, call) in table {
        let event = event(name);
        assert_eq!((event.moment, event.action), (moment, action), "{name}");
        assert_eq!(event.call.as_deref(), call, "{name}");
        assert_eq!((event.agent, event.version), (None, None), "{name}");
    }
    assert_eq!(event("TaskStart").session, "1795348322853_gz127");
    let mut sub: Value = serde_json::from_slice(&all["PreToolUse"]).unwrap();
    sub["parent_agent_id"] = json!("agent_0");
    let event = parse(Cline, sub.to_string().as_bytes()).unwrap();
    assert_eq!(event.agent.as_deref(), Some("agent_1795348324121_8ha9v6"));
}

/// The event of a payload.
fn event(asked: Client, payload: &Value) -> Event {
    parse(asked, payload.to_string().as_bytes()).unwrap_or_else(|why| panic!("{payload}: {why}"))
}

/// The action of a call before it runs, in the client's own shape.
fn call(client: Client, tool: &str, input: &Value) -> Action {
    let payload = match client {
        Cline => json!({ "hookName": "tool_call", "taskId": "s", "workspaceRoots": ["/r"],
            "tool_call": { "id": "c", "name": tool, "input": input } }),
        CopilotCli => json!({ "sessionId": "s", "timestamp": 1, "cwd": "/r",
            "toolName": tool, "toolArgs": input }),
        GeminiCli => json!({ "session_id": "s", "cwd": "/r", "hook_event_name": "BeforeTool",
            "tool_name": tool, "tool_input": input }),
        Cursor => json!({ "conversation_id": "s", "cwd": "/r", "hook_event_name": "preToolUse",
            "cursor_version": "1", "tool_name": tool, "tool_input": input }),
        _ => json!({ "session_id": "s", "cwd": "/r", "hook_event_name": "PreToolUse",
            "tool_name": tool, "tool_input": input, "mcp_servers": ["my db", "my"] }),
    };
    let event = event(client, &payload);
    assert!(event.moment == Moment::PreTool && event.client == client, "{payload}");
    event.action
}

fn named(server: &str, tool: &str) -> Action {
    Action::Mcp { server: owned(server), tool: owned(tool), arguments: Vec::new() }
}

#[test]
fn tools_beyond_the_captures() {
    let moved = |command: &str| shell(&format!("cd 'it'\\''s'\n{command}"));
    let behind = |command: &str| Action::Shell { command: owned(command), background: true };
    let list = |path: Option<&str>| Action::Search { pattern: owned("*"), path: path.map(owned) };
    let table = [
        // A command that runs elsewhere.
        (GeminiCli, "run_shell_command", json!({"command": "ls", "dir_path": "it's"}), moved("ls")),
        (QwenCode, "run_shell_command", json!({"command": "ls", "directory": "it's"}), moved("ls")),
        (OpenCode, "bash", json!({"command": "ls", "workdir": "it's"}), moved("ls")),
        (Cursor, "Shell", json!({"command": "ls", "working_directory": "it's"}), moved("ls")),
        (OpenCode, "bash", json!({"command": "ls", "workdir": ""}), shell("ls")),
        // Nobody waits.
        (
            GeminiCli,
            "run_shell_command",
            json!({"command": "a", "is_background": true}),
            behind("a"),
        ),
        (CopilotCli, "bash", json!({"command": "a", "mode": "async"}), behind("a")),
        (CopilotCli, "bash", json!({"command": "a", "detach": true}), behind("a")),
        (CopilotCli, "bash", json!({"command": "a", "mode": "sync"}), shell("a")),
        (VsCode, "run_in_terminal", json!({"command": "a", "isBackground": true}), behind("a")),
        // Cline: several commands, each in a shell of its own; several files.
        (Cline, "run_commands", json!({"commands": ["ls"]}), shell("ls")),
        (Cline, "run_commands", json!({"commands": "ls"}), shell("ls")),
        (Cline, "run_commands", json!("ls"), shell("ls")),
        (
            Cline,
            "run_commands",
            json!({"commands": ["cd /tmp", {"command": "rm", "args": ["a b"]}]}),
            shell("(\ncd /tmp\n)\n(\nrm 'a b'\n)"),
        ),
        (
            Cline,
            "read_files",
            json!({"files": [{"path": "/r/.env"}, {"path": "a b"}]}),
            shell("cat '/r/.env' 'a b'"),
        ),
        (
            Cline,
            "editor",
            json!({"path": "/a", "old_text": "beta", "new_text": "gamma"}),
            edit("/a"),
        ),
        (
            Cline,
            "editor",
            json!({"path": "/a", "new_text": "n", "insert_line": 3}),
            unknown("editor", &[("path", "/a"), ("new_text", "n"), ("insert_line", "3")]),
        ),
        (GeminiCli, "list_directory", json!({"dir_path": "src"}), list(Some("src"))),
        (OpenCode, "list", json!({}), list(None)),
        (OpenCode, "write", json!({"filePath": "/a", "content": "c"}), write("/a", "c")),
        (
            OpenCode,
            "edit",
            json!({"filePath": "/a", "oldString": "beta", "newString": "gamma"}),
            edit("/a"),
        ),
        (OpenCode, "read", json!({"filePath": "/a"}), read("/a")),
        (
            OpenCode,
            "apply_patch",
            json!({"patchText": PATCH}),
            Action::Patch { text: owned(PATCH) },
        ),
        // Another client's key is not read: it could hide the one that is heeded.
        (
            GeminiCli,
            "write_file",
            json!({"path": "/a", "content": "c"}),
            unknown("write_file", &[("path", "/a"), ("content", "c")]),
        ),
        // Cursor's keys are not all known: two at once say nothing.
        (Cursor, "Write", json!({"file_path": "/a", "content": "c"}), write("/a", "c")),
        (Cursor, "Write", json!({"path": "/a", "contents": "c"}), write("/a", "c")),
        (
            Cursor,
            "Write",
            json!({"file_path": "/a", "path": "/b", "content": "c"}),
            unknown("Write", &[("file_path", "/a"), ("path", "/b"), ("content", "c")]),
        ),
        (Cursor, "Delete", json!({"path": "/a b"}), shell("rm -- '/a b'")),
        (VsCode, "create_file", json!({"filePath": "/a", "content": "c"}), write("/a", "c")),
        (
            VsCode,
            "multi_replace_string_in_file",
            json!({"replacements": [
                {"filePath": "/a", "oldString": "beta", "newString": "gamma"},
            ]}),
            edit("/a"),
        ),
        (
            VsCode,
            "multi_replace_string_in_file",
            json!({"replacements": [
                {"filePath": "/a", "oldString": "1", "newString": "2"},
                {"filePath": "/b", "oldString": "1", "newString": "2"},
            ]}),
            unknown(
                "multi_replace_string_in_file",
                &[
                    ("replacements.filePath", "/a"),
                    ("replacements.oldString", "1"),
                    ("replacements.newString", "2"),
                    ("replacements.filePath", "/b"),
                    ("replacements.oldString", "1"),
                    ("replacements.newString", "2"),
                ],
            ),
        ),
        // Servers, as each client names them.
        (QwenCode, "mcp__db__drop", json!({}), named("db", "drop")),
        (GeminiCli, "mcp_db_drop_table", json!({}), named("db", "drop_table")),
        (CopilotCli, "db-drop_table", json!({}), named("db", "drop_table")),
        (CopilotCli, "github-mcp-server-get_me", json!({}), named("github-mcp-server", "get_me")),
        (OpenCode, "my_db_drop_table", json!({}), named("my db", "drop_table")),
        (OpenCode, "my_eu_drop", json!({}), named("my", "eu_drop")),
        (OpenCode, "other_drop", json!({}), nothing("other_drop")),
        (Cursor, "MCP:drop", json!({}), named("unnamed", "drop")),
        (VsCode, "mcp_db_drop", json!({}), named("db", "drop")),
    ];
    for (client, tool, input, expected) in table {
        assert_eq!(call(client, tool, &input), expected, "{client:?} {tool} {input}");
    }
}

#[test]
fn a_server_that_is_named_counts_whatever_the_tool_looks_like() {
    let payload = json!({ "session_id": "s", "cwd": "/r", "hook_event_name": "BeforeTool",
        "tool_name": "mcp_my_db_drop", "tool_input": {},
        "mcp_context": { "server_name": "my db", "tool_name": "drop" } });
    assert_eq!(event(GeminiCli, &payload).action, named("my db", "drop"));
    let shadow = json!({ "session_id": "s", "cwd": "/r", "hook_event_name": "BeforeTool",
        "tool_name": "read_file", "tool_input": {},
        "mcp_context": { "server_name": "evil", "tool_name": "read_file" } });
    assert_eq!(event(GeminiCli, &shadow).action, named("evil", "read_file"));
}

#[test]
fn events_of_cursor_by_its_documentation() {
    let base = |name: &str, more: Value| {
        let mut all = json!({ "conversation_id": "conv", "generation_id": "g",
            "cursor_version": "2.4", "workspace_roots": ["/repo"], "hook_event_name": name });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let table = [
        (
            "beforeShellExecution",
            json!({"command": "ls", "cwd": "/repo"}),
            Moment::PreTool,
            shell("ls"),
        ),
        (
            "beforeMCPExecution",
            json!({"tool_name": "write_file", "mcp_server_name": "fs", "command": "node x",
                "tool_input": r#"{"path":"/repo/mcp.txt","content":"via mcp\n"}"#}),
            Moment::PreTool,
            mcp(),
        ),
        ("beforeReadFile", json!({"file_path": "/a"}), Moment::PreTool, read("/a")),
        (
            "afterFileEdit",
            json!({"file_path": "/a", "edits": [{"old_string": "beta", "new_string": "gamma"}]}),
            Moment::PostTool,
            edit("/a"),
        ),
        ("beforeSubmitPrompt", json!({"prompt": "please do the job"}), Moment::Prompt, prompt()),
        ("stop", json!({"status": "completed"}), Moment::Stop, Action::Stop),
        ("sessionStart", json!({}), Moment::SessionStart, Action::SessionStart),
        (
            "preToolUse",
            json!({"tool_name": "Shell", "tool_use_id": "abc", "tool_input": {"command": "ls"}}),
            Moment::PreTool,
            shell("ls"),
        ),
        (
            "afterAgentThought",
            json!({}),
            Moment::Other(owned("afterAgentThought")),
            nothing("afterAgentThought"),
        ),
    ];
    for (name, more, moment, action) in table {
        // Cursor also obeys the file of Claude Code.
        for asked in [Cursor, Client::ClaudeCode] {
            let event = event(asked, &base(name, more.clone()));
            assert_eq!((event.client, &event.name), (Cursor, &owned(name)));
            assert_eq!((&event.moment, &event.action), (&moment, &action), "{name}");
            assert_eq!((event.session.as_str(), event.folder.as_str()), ("conv", "/repo"));
        }
    }
    let lacks = base("beforeShellExecution", json!({}));
    assert!(parse(Cursor, lacks.to_string().as_bytes()).is_err());
}

#[test]
fn events_of_vs_code_by_its_documentation() {
    let payload = json!({ "timestamp": "2026-02-09T10:30:00.000Z", "cwd": "/repo",
        "sessionId": "s", "hookEventName": "PreToolUse", "transcript_path": "/t.json",
        "tool_name": "create_file", "tool_use_id": "tool-1",
        "tool_input": { "filePath": "/repo/a", "content": "c" } });
    // It also obeys the files of Copilot and of Claude Code.
    for asked in [VsCode, CopilotCli, Client::ClaudeCode] {
        let event = event(asked, &payload);
        assert_eq!((event.client, event.action), (VsCode, write("/repo/a", "c")), "{asked:?}");
        assert_eq!(event.call.as_deref(), Some("tool-1"));
    }
}

#[test]
fn a_call_without_a_number_is_the_same_before_and_after_and_no_other() {
    let payload = |event: &str, tool: &str, path: &str| {
        let payload = json!({ "session_id": "s", "cwd": "/r", "hook_event_name": event,
            "tool_name": tool, "tool_input": { "file_path": path } });
        self::event(GeminiCli, &payload).call.unwrap()
    };
    let before = payload("BeforeTool", "read_file", "/a");
    assert_eq!(before, payload("AfterTool", "read_file", "/a"));
    assert_ne!(before, payload("BeforeTool", "read_file", "/b"));
    assert_ne!(before, payload("BeforeTool", "write_file", "/a"));
}
