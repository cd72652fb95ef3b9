//! The hook as every client calls it: the event in the client's own shape, the answer in the form
//! that it honours.

use serde_json::{Value, json};

use crate::hook::{Answer, ask_with};
use crate::observe::entries;
use crate::scene::{SHOP, Scene};
use crate::terminal::person;

const ENFORCE: &str = "root = true\n[guard]\nmode = \"enforce\"\n";

/// A client's names and keys for the calls of the tests.
struct Words {
    client: &'static str,
    read: [&'static str; 2],
    write: [&'static str; 3],
    shell: [&'static str; 2],
    /// A tool of the server `fs`.
    server: &'static str,
    /// Where the reason of a denial stands.
    reason: &'static str,
}

const WORDS: [Words; 7] = [
    Words {
        client: "gemini-cli",
        read: ["read_file", "file_path"],
        write: ["write_file", "file_path", "content"],
        shell: ["run_shell_command", "command"],
        server: "mcp_fs_write_file",
        reason: "/reason",
    },
    Words {
        client: "qwen-code",
        read: ["read_file", "file_path"],
        write: ["write_file", "file_path", "content"],
        shell: ["run_shell_command", "command"],
        server: "mcp__fs__write_file",
        reason: "/hookSpecificOutput/permissionDecisionReason",
    },
    Words {
        client: "copilot-cli",
        read: ["view", "path"],
        write: ["create", "path", "file_text"],
        shell: ["bash", "command"],
        server: "fs-write_file",
        reason: "/permissionDecisionReason",
    },
    Words {
        client: "cline",
        read: ["read_file", "path"],
        write: ["editor", "path", "new_text"],
        shell: ["run_commands", "commands"],
        server: "mcp__fs__write_file",
        reason: "/contextModification",
    },
    Words {
        client: "opencode",
        read: ["read", "filePath"],
        write: ["write", "filePath", "content"],
        shell: ["bash", "command"],
        server: "fs_write_file",
        reason: "/deny",
    },
    Words {
        client: "cursor",
        read: ["Read", "file_path"],
        write: ["Write", "file_path", "content"],
        shell: ["Shell", "command"],
        server: "MCP:write_file",
        reason: "/agent_message",
    },
    Words {
        client: "vs-code",
        read: ["read_file", "filePath"],
        write: ["create_file", "filePath", "content"],
        shell: ["run_in_terminal", "command"],
        server: "mcp_fs_write_file",
        reason: "/hookSpecificOutput/permissionDecisionReason",
    },
];

/// What a client sends before a call, or after it.
fn payload(scene: &Scene, client: &str, before: bool, tool: &str, input: &Value) -> Vec<u8> {
    let cwd = scene.tree();
    let named = |names: [&str; 2]| names[usize::from(!before)].to_owned();
    let mut all = match client {
        "cline" => {
            let key = named(["tool_call", "tool_result"]);
            json!({ "hookName": key, "taskId": "s-1", "workspaceRoots": [cwd],
                key: { "id": "c-1", "name": tool, "input": input } })
        }
        "copilot-cli" => json!({ "sessionId": "s-1", "timestamp": 1, "cwd": cwd,
            "toolName": tool, "toolArgs": input }),
        "gemini-cli" => json!({ "session_id": "s-1", "cwd": cwd, "tool_name": tool,
            "tool_input": input, "hook_event_name": named(["BeforeTool", "AfterTool"]) }),
        "cursor" => json!({ "conversation_id": "s-1", "workspace_roots": [cwd],
            "cursor_version": "2", "tool_name": tool, "tool_input": input, "tool_use_id": "c-1",
            "hook_event_name": named(["preToolUse", "postToolUse"]) }),
        _ => json!({ "session_id": "s-1", "cwd": cwd, "tool_name": tool, "tool_input": input,
            "tool_use_id": "c-1", "mcp_servers": ["fs"],
            "hook_event_name": named(["PreToolUse", "PostToolUse"]) }),
    };
    if client == "copilot-cli" && !before {
        all["toolResult"] = json!({ "resultType": "success" });
    }
    all.to_string().into_bytes()
}

fn before(scene: &Scene, words: &Words, tool: &str, input: &Value) -> Answer {
    ask_with(scene, words.client, &payload(scene, words.client, true, tool, input))
}

#[track_caller]
fn reason(words: &Words, answer: &Answer) -> String {
    assert_eq!(answer.status, 2, "{}: {answer:?}", words.client);
    let json: Value = serde_json::from_str(&answer.out).unwrap();
    let said = json.pointer(words.reason).and_then(Value::as_str).unwrap_or_default();
    assert_eq!(said, answer.err, "{}: {answer:?}", words.client);
    said.to_owned()
}

#[test]
fn the_same_calls_are_denied_on_every_client_and_the_same_run() {
    for words in &WORDS {
        let scene = Scene::committed(SHOP);
        scene.write("assize.toml", ENFORCE);
        scene.write(".env", "TOKEN=abc\n");
        let client = words.client;
        let path = |path: &str| json!(scene.path(path));
        let [tool, key] = words.read;
        assert!(before(&scene, words, tool, &json!({ key: path("README.md") })).is_silent());
        let denied = before(&scene, words, tool, &json!({ key: path(".env") }));
        assert!(reason(words, &denied).contains("credential-read"), "{client}");
        let [tool, at, holds] = words.write;
        let write = |file: &str, text: &str| {
            before(&scene, words, tool, &json!({ at: path(file), holds: text }))
        };
        assert!(write("notes.md", "hello\n").is_silent(), "{client}");
        let said = reason(words, &write("shop/fresh.py", "def f(:\n"));
        assert!(said.contains("syntax-parse"), "{client}: {said}");
        let said = reason(words, &write("assize.toml", "x\n"));
        assert!(said.contains("self-protection"), "{client}: {said}");
        let [tool, key] = words.shell;
        assert!(before(&scene, words, tool, &json!({ key: "echo hi" })).is_silent(), "{client}");
        let said = reason(words, &before(&scene, words, tool, &json!({ key: "rm -rf .git" })));
        assert!(said.contains("Assize"), "{client}: {said}");
        let call = json!({ "path": path("shop/m.py"), "content": "def f(:\n" });
        let denied = before(&scene, words, words.server, &call);
        assert!(reason_at(words, &denied).contains("syntax-parse"), "{client}: {denied:?}");
    }
}

/// The reason, where a client is told of it in another way for some calls.
#[track_caller]
fn reason_at(words: &Words, answer: &Answer) -> String {
    if words.client != "cline" {
        return reason(words, answer);
    }
    let json: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!((answer.status, &json["cancel"]), (2, &json!(true)), "{answer:?}");
    json["errorMessage"].as_str().unwrap().to_owned()
}

/// A file that a program broke is told after the call, and is the session's.
#[test]
fn what_a_call_broke_is_told_on_every_client() {
    for words in &WORDS {
        let scene = Scene::committed(SHOP);
        let [tool, key] = words.shell;
        let input = json!({ key: "make code" });
        let client = words.client;
        assert!(before(&scene, words, tool, &json!({ key: "true" })).is_silent(), "{client}");
        assert!(before(&scene, words, tool, &input).is_silent(), "{client}");
        scene.write("shop/made.py", "def f(:\n");
        let told = ask_with(&scene, client, &payload(&scene, client, false, tool, &input));
        assert!(told.out.contains("shop/made.py"), "{client}: {told:?}");
        let found = entries(&scene, "violation");
        assert_eq!(found.len(), 1, "{client}");
        assert_eq!(found[0]["payload"]["whose"], "session", "{client}: {}", found[0]);
    }
}

#[test]
fn an_event_that_cannot_be_read_is_denied_on_every_client() {
    let scene = Scene::committed(SHOP);
    for words in &WORDS {
        let answer = ask_with(&scene, words.client, b"{\"cwd\":");
        assert!(answer.status == 2 && !answer.err.is_empty(), "{}: {answer:?}", words.client);
        assert_eq!(answer.out.contains(r#""cancel":true"#), words.client == "cline");
    }
}

/// Copilot as it speaks where Claude Code's file asks us.
fn as_claude(scene: &Scene, tool: &str, input: &Value) -> Vec<u8> {
    let event = json!({ "hook_event_name": "PreToolUse", "session_id": "s-1",
        "timestamp": "2026-11-26T06:46:56.255Z", "cwd": scene.tree(),
        "tool_name": tool, "tool_input": input });
    event.to_string().into_bytes()
}

#[test]
fn copilot_is_answered_once_whichever_files_ask_us() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", ENFORCE);
    let broken = json!({ "path": scene.path("shop/fresh.py"), "file_text": "def f(:\n" });
    let ask = || ask_with(&scene, "claude-code", &as_claude(&scene, "Write", &broken));
    let copilot = WORDS.iter().find(|words| words.client == "copilot-cli").unwrap();
    let verdicts = || entries(&scene, "verdict").len();
    // Only the file of Claude Code is there: it is Copilot that is answered.
    assert!(reason(copilot, &ask()).contains("syntax-parse"));
    assert_eq!(verdicts(), 1);
    assert_eq!(entries(&scene, "verdict")[0]["harness"], "copilot-cli");
    let question = json!({ "hookName": "permissionRequest", "sessionId": "s-1", "timestamp": 1,
        "cwd": scene.tree(), "toolName": "edit", "toolInput": { "file_path": "a", "diff": "b" } });
    assert!(ask_with(&scene, "claude-code", question.to_string().as_bytes()).is_silent());
    assert_eq!(verdicts(), 1);
    scene.run(&["init", "--yes", "--harness", "copilot-cli"]).expect(0);
    // Its own entry asks for the same call.
    let own = json!({ "sessionId": "s-1", "timestamp": 1_795_675_616_255_u64,
        "cwd": scene.tree(), "toolName": "create", "toolArgs": broken });
    assert_eq!(ask_with(&scene, "copilot-cli", own.to_string().as_bytes()).status, 2);
    assert!(ask().is_silent());
    assert_eq!(verdicts(), 2);
    // An entry that is not run asks nothing.
    scene.write(".github/hooks/assize.json", "{\"version\": 1, \"hooks\": {}}");
    assert!(reason(copilot, &ask()).contains("syntax-parse"));
    assert_eq!(verdicts(), 3);
    // Claude Code itself is asked as ever.
    scene.run(&["init", "--yes", "--harness", "copilot-cli"]).expect(0);
    assert!(crate::hook::write(&scene, "shop/fresh.py", "def f(:\n").reason().contains("parse"));
}

/// Copilot joins a server and its tool by a sign that both names may hold.
#[test]
fn a_locked_server_is_known_by_its_whole_name() {
    let servers = json!({ "mcpServers": { "my-docs": { "url": "https://docs.example/mcp" } } });
    let files = [(".mcp.json", servers.to_string()), ("assize.toml", ENFORCE.to_owned())];
    let files: Vec<(&str, &str)> = files.iter().map(|(at, text)| (*at, text.as_str())).collect();
    let scene = Scene::committed(&files);
    person(&scene, &["mcp", "lock"]).expect(0);
    let words = WORDS.iter().find(|words| words.client == "copilot-cli").unwrap();
    let call = |tool: &str| before(&scene, words, tool, &json!({ "query": "x" }));
    assert!(call("my-docs-read-page").is_silent());
    let said = reason(words, &call("my-other-read-page"));
    assert!(said.contains("no lock names the MCP server"), "{said}");
}
