//! Every captured payload becomes the expected event.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, helpers too")]

mod actions;

use actions::{argument, captures, edit, mcp, nothing, owned, shell, subagent, write};
use assize_guard::{Action, Argument, Change};
use assize_harness::{Client, Event, Moment, PAYLOAD_BYTES_MAX, Refusal, parse};

fn claude(name: &str) -> Action {
    let event = name.split('-').next().unwrap();
    match name {
        "PreToolUse-Bash" | "PostToolUse-Bash" => shell("echo hi > bash.txt; cat bash.txt"),
        "PreToolUse-Bash-in-subagent" | "PostToolUse-Bash-in-subagent" => {
            shell("echo sub > subbash.txt")
        }
        "PostToolUseFailure-Bash" => shell("exit 3"),
        "PreToolUse-Write" | "PostToolUse-Write" => write("/repo/new.txt", "hello\n"),
        "PreToolUse-Write-in-subagent" | "PostToolUse-Write-in-subagent" => {
            write("/repo/sub.txt", "from sub\n")
        }
        "PermissionRequest-Write" => write("/opt/clients", "ORIGINAL\n"),
        "PreToolUse-Edit" | "PostToolUse-Edit" => edit("/repo/a.txt"),
        "PreToolUse-NotebookEdit" | "PostToolUse-NotebookEdit" => Action::Notebook {
            path: owned("/repo/nb.ipynb"),
            cell: Some(owned("c1")),
            source: Some(owned("print(2)")),
        },
        "PreToolUse-Read" | "PostToolUse-Read" => Action::Read { path: owned("/repo/a.txt") },
        "PreToolUse-WebFetch" | "PostToolUseFailure-WebFetch" => {
            Action::Web { address: owned("http://127.0.0.1:8099/x") }
        }
        "PreToolUse-Agent" | "PostToolUse-Agent" => {
            subagent("general-purpose", "AGENT:worker do it")
        }
        "PreToolUse-mcp__fs__write_file" | "PostToolUse-mcp__fs__write_file" => mcp(),
        "PreToolUse-TaskCreate" | "PostToolUse-TaskCreate" => Action::Unknown {
            tool: owned("TaskCreate"),
            arguments: vec![argument("subject", "t"), argument("description", "d")],
        },
        "ConfigChange-local_settings" => {
            Action::ConfigChange { path: Some(owned("/repo/.claude/settings.local.json")) }
        }
        "ConfigChange-project_settings" => {
            Action::ConfigChange { path: Some(owned("/repo/.claude/settings.json")) }
        }
        "SubagentStart-in-subagent" => subagent("general-purpose", ""),
        "TaskCreated" | "MessageDisplay" | "PostToolBatch" | "PostToolBatch-in-subagent" => {
            nothing(event)
        }
        other => both(other),
    }
}

fn codex(name: &str) -> Action {
    match name {
        "PreToolUse-Bash" | "PostToolUse-Bash" => shell("echo hi > bash.txt; cat bash.txt"),
        "PreToolUse-Bash-in-subagent" => shell("echo s > victim.txt"),
        "PreToolUse-apply_patch" | "PostToolUse-apply_patch" => Action::Patch {
            text: owned("*** Begin Patch\n*** Add File: a.txt\n+hello\n*** End Patch\n"),
        },
        "PreToolUse-mcp__fs__write_file" | "PostToolUse-mcp__fs__write_file" => mcp(),
        "PreToolUse-spawn_agent" | "PostToolUse-spawn_agent" => subagent("", "AGENT:worker do it"),
        "PreToolUse-view_image" => Action::Read { path: owned("/repo/a.png") },
        "SubagentStart-in-subagent" => subagent("default", ""),
        "UserPromptSubmit-in-subagent" => Action::Prompt { text: owned("AGENT:worker do it") },
        other => both(other),
    }
}

fn both(name: &str) -> Action {
    match name {
        "UserPromptSubmit" => Action::Prompt { text: owned("please do the job") },
        "SessionStart-startup" => Action::SessionStart,
        "SessionEnd-other" => Action::SessionEnd,
        "Stop" => Action::Stop,
        "SubagentStop-in-subagent" => Action::SubagentStop,
        other => panic!("a capture that the table does not know: {other}"),
    }
}

fn check(client: Client, folder: &str, expected: fn(&str) -> Action) {
    for (name, payload) in captures(folder) {
        let event = parse(client, &payload).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!(event.action, expected(&name), "{folder}/{name}");
        assert_eq!(event.moment.name(), name.split('-').next().unwrap(), "{folder}/{name}");
        assert_eq!(event.agent.is_some(), name.ends_with("-in-subagent"), "{folder}/{name}");
        let numbered = event.moment.is_call() && event.moment != Moment::PermissionRequest;
        assert_eq!(event.call.is_some(), numbered, "{folder}/{name}");
        assert!(!event.session.is_empty() && event.folder.starts_with('/'), "{folder}/{name}");
    }
}

#[test]
fn captured_payloads_of_claude_code() {
    check(Client::ClaudeCode, "claude", claude);
}

#[test]
fn captured_payloads_of_codex() {
    check(Client::Codex, "codex", codex);
}

#[test]
fn ids_folder_and_mode_are_read() {
    let payload = &captures("claude")["PreToolUse-Write-in-subagent"];
    let event = parse(Client::ClaudeCode, payload).unwrap();
    let action = claude("PreToolUse-Write-in-subagent");
    let expected = Event {
        client: Client::ClaudeCode,
        moment: Moment::PreTool,
        name: owned("PreToolUse"),
        session: owned("447b48ec-6393-4bf5-86ff-83644a8280b7"),
        agent: Some(owned("a009e8a68e374238b")),
        call: Some(owned("toolu_worker_t0_0")),
        folder: owned("/repo"),
        mode: Some(owned("bypassPermissions")),
        again: None,
        source: None,
        lines: None,
        result: None,
        action,
        version: None,
    };
    assert_eq!(event, expected);
}

/// The action of a call with `input`, which is JSON.
fn call(client: Client, tool: &str, input: &str) -> Action {
    let payload = format!(
        r#"{{"session_id":"s","cwd":"/r","hook_event_name":"PreToolUse","new_field":[1],
        "tool_name":"{tool}","tool_input":{input}}}"#
    );
    parse(client, payload.as_bytes()).unwrap().action
}

#[test]
fn arguments_in_other_shapes() {
    use Client::{ClaudeCode, Codex};
    let unknown =
        |tool: &str, arguments: Vec<Argument>| Action::Unknown { tool: owned(tool), arguments };
    let heredoc = "apply_patch <<'EOF'\n*** Begin Patch\n*** End Patch\nEOF";
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let table = [
        // A patch by here-document stays a command.
        (Codex, "Bash", format!(r#"{{"command":{}}}"#, json(heredoc)), shell(heredoc)),
        // The input as a text: the one argument, or JSON that is packed once more.
        (Codex, "Bash", json("ls"), shell("ls")),
        (Codex, "apply_patch", json("*** Begin"), Action::Patch { text: owned("*** Begin") }),
        (ClaudeCode, "Read", json(r#"{"file_path":"/a"}"#), Action::Read { path: owned("/a") }),
        (
            ClaudeCode,
            "Bash",
            owned(r#"{"command":"x","run_in_background":true}"#),
            Action::Shell { command: owned("x"), background: true },
        ),
        (
            ClaudeCode,
            "MultiEdit",
            owned(
                r#"{"file_path":"/a","edits":[{"old_string":"1","new_string":"2"},
                {"old_string":"3","new_string":"4","replace_all":true}]}"#,
            ),
            Action::Edit {
                path: owned("/a"),
                changes: vec![
                    Change { old: owned("1"), new: owned("2"), all: false },
                    Change { old: owned("3"), new: owned("4"), all: true },
                ],
            },
        ),
        (
            ClaudeCode,
            "NotebookEdit",
            owned(r#"{"notebook_path":"/n","cell_id":"c","new_source":"","edit_mode":"delete"}"#),
            Action::Notebook { path: owned("/n"), cell: Some(owned("c")), source: None },
        ),
        (
            ClaudeCode,
            "Grep",
            owned(r#"{"pattern":"p","glob":"*.rs"}"#),
            Action::Search { pattern: owned("p"), path: None },
        ),
        // A known tool without the arguments that we know.
        (
            ClaudeCode,
            "Write",
            owned(r#"{"path":"/a","content":["x",{"y":"z"}],"n":2,"b":true,"o":null}"#),
            unknown(
                "Write",
                vec![
                    argument("path", "/a"),
                    argument("content", "x"),
                    argument("content.y", "z"),
                    argument("n", "2"),
                    argument("b", "true"),
                ],
            ),
        ),
        // A command in words is the command that they are.
        (Codex, "Bash", owned(r#"{"command":["ls","it's"]}"#), shell(r"'ls' 'it'\''s'")),
        (Codex, "Bash", owned(r#"{"command":["ls",1]}"#), {
            unknown("Bash", vec![argument("command", "ls"), argument("command", "1")])
        }),
        (Codex, "Bash", owned("null"), nothing("Bash")),
        (
            ClaudeCode,
            "NoSuchTool",
            json("rm -rf /"),
            unknown("NoSuchTool", vec![argument("", "rm -rf /")]),
        ),
        (
            ClaudeCode,
            "NoSuchTool",
            json(r#"{"a":"b"}"#),
            unknown("NoSuchTool", vec![argument("a", "b")]),
        ),
        // Names that are no names of an MCP tool.
        (ClaudeCode, "mcp__fs", owned("{}"), nothing("mcp__fs")),
        (ClaudeCode, "mcp____x", owned("{}"), nothing("mcp____x")),
    ];
    for (client, tool, input, expected) in table {
        assert_eq!(call(client, tool, &input), expected, "{tool} {input}");
    }
}

#[test]
fn an_unknown_event_about_a_call_holds_the_call() {
    let payload = br#"{"session_id":"s","cwd":"/r","hook_event_name":"PermissionDenied",
        "tool_name":"Bash","tool_input":{"command":"ls"}}"#;
    let event = parse(Client::ClaudeCode, payload).unwrap();
    assert_eq!(event.moment, Moment::Other(owned("PermissionDenied")));
    assert_eq!(event.action, shell("ls"));
}

#[test]
fn the_told_server_says_where_its_name_ends() {
    let payload = r#"{"session_id":"s","cwd":"/r","hook_event_name":"PreToolUse","tool_input":{},
        "tool_name":"mcp__my_db__eu__drop","mcp_server":{"name":"my db__eu"}}"#;
    let event = parse(Client::ClaudeCode, payload.as_bytes()).unwrap();
    let expected =
        Action::Mcp { server: owned("my db__eu"), tool: owned("drop"), arguments: Vec::new() };
    assert_eq!(event.action, expected);
    let Action::Mcp { server, tool, .. } = call(Client::Codex, "mcp__my_db__eu__drop", "{}") else {
        panic!("no MCP call");
    };
    assert_eq!((server.as_str(), tool.as_str()), ("my_db", "eu__drop"));
}

#[test]
fn unreadable_payloads_are_refused() {
    let refusal = |payload: &[u8]| parse(Client::ClaudeCode, payload).unwrap_err();
    assert!(matches!(refusal(b""), Refusal::NotJson(_)));
    assert!(matches!(refusal(b"{\"a\":"), Refusal::NotJson(_)));
    assert!(matches!(refusal(b"{} {}"), Refusal::NotJson(_)));
    assert!(matches!(refusal("[".repeat(100_000).as_bytes()), Refusal::NotJson(_)));
    assert!(matches!(refusal(b"{\"a\":\"\xff\"}"), Refusal::NotUtf8(_)));
    assert!(matches!(refusal(b"[]"), Refusal::NotAnObject));
    assert!(matches!(refusal(b"{}"), Refusal::Missing("hook_event_name")));
    let no_tool = br#"{"session_id":"s","cwd":"/r","hook_event_name":"PreToolUse"}"#;
    assert!(matches!(refusal(no_tool), Refusal::Missing("tool_name")));
}

#[test]
fn a_payload_may_be_as_large_as_the_limit() {
    let payload = |size: usize| {
        let head = r#"{"session_id":"s","cwd":"/r","hook_event_name":"Stop","x":""#;
        let mut text = head.to_owned() + &"x".repeat(size - head.len() - 2);
        text.push_str("\"}");
        text.into_bytes()
    };
    assert!(parse(Client::Codex, &payload(PAYLOAD_BYTES_MAX)).is_ok());
    let refusal = parse(Client::Codex, &payload(PAYLOAD_BYTES_MAX + 1)).unwrap_err();
    assert!(matches!(refusal, Refusal::TooLarge));
}

#[test]
fn no_prefix_of_a_payload_panics() {
    let folders = [
        (Client::ClaudeCode, "claude"),
        (Client::Codex, "codex"),
        (Client::GeminiCli, "gemini"),
        (Client::QwenCode, "qwen"),
        (Client::CopilotCli, "copilot"),
        (Client::Cline, "cline"),
    ];
    for (client, folder) in folders {
        for payload in captures(folder).values() {
            let end = payload.iter().rposition(|byte| *byte == b'}').unwrap();
            for length in 0..=end {
                assert!(parse(client, &payload[..length]).is_err());
            }
        }
    }
}
