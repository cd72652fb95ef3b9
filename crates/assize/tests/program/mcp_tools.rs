//! Tools of MCP servers: asked by a person, compared with what was locked, and servers that behave
//! badly.

use serde_json::{Value, json};

use crate::hook::{Answer, ask};
use crate::scene::{Scene, mode};
use crate::terminal::{agent, person};

/// A server that answers as it should, two tools on two pages. `MOOD` makes it behave otherwise.
const SERVER: &str = r#"#!/usr/bin/env python3
import json, os, sys, time
mood = os.environ.get("MOOD", "")
def say(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()
if mood == "greets":
    print("Docs server, ready", flush=True)
if mood == "ends":
    sys.exit(3)
def tool(name):
    return {"name": name, "description": "Looks up " + name, "inputSchema": {"type": "object"}}
for line in sys.stdin:
    call = json.loads(line)
    number, method = call.get("id"), call["method"]
    if mood == "hangs":
        time.sleep(600)
    if mood == "floods":
        while True:
            say({"jsonrpc": "2.0", "method": "notifications/message", "params": {"x": "y" * 9000}})
    if method == "initialize":
        if mood == "asks":
            say({"jsonrpc": "2.0", "id": 1, "method": "ping"})
        say({"jsonrpc": "2.0", "id": number, "result": {"capabilities": {"tools": {}}}})
    elif method == "tools/list":
        if mood == "endless":
            say({"jsonrpc": "2.0", "id": number, "result": {"tools": [], "nextCursor": "again"}})
        elif call["params"].get("cursor") == "second":
            say({"jsonrpc": "2.0", "id": number, "result": {"tools": [tool("read.page")]}})
        elif mood == "refuses":
            say({"jsonrpc": "2.0", "id": number, "error": {"code": 1, "message": "not today"}})
        else:
            say({"jsonrpc": "2.0", "id": number,
                 "result": {"tools": [tool("search")], "nextCursor": "second"}})
"#;

fn scene(mood: &str) -> Scene {
    let settings = json!({ "mcpServers": {
        "docs": { "command": "./tools/docs.py", "env": { "MOOD": mood } },
    } });
    let scene = Scene::committed(&[("tools/docs.py", SERVER), ("README.md", "# Shop\n")]);
    scene.write(".mcp.json", settings.to_string());
    mode(&scene.path("tools/docs.py"), 0o755);
    scene.commit("servers");
    scene
}

fn lock(scene: &Scene) -> String {
    std::fs::read_to_string(scene.path(".assize/mcp.lock")).unwrap()
}

fn tool(scene: &Scene, name: &str) -> Answer {
    ask(scene, "PreToolUse", &format!("mcp__docs__{name}"), json!({ "query": "x" }))
}

/// The codes of drifts, and the servers that said nothing.
fn status(scene: &Scene) -> (Vec<String>, Vec<String>) {
    let ended = scene.run(&["mcp", "status", "--tools", "--format", "json"]);
    let json: Value = serde_json::from_str(ended.text()).unwrap();
    let words = |list: &Value, key: &str| -> Vec<String> {
        let all = list.as_array().unwrap().iter();
        all.map(|one| one[key].as_str().unwrap().to_owned()).collect()
    };
    let found = (words(&json["drift"], "code"), words(&json["unasked"], "why"));
    assert_eq!(ended.status, Some(i32::from(found != (Vec::new(), Vec::new()))), "{found:?}");
    found
}

#[test]
fn tools_are_locked_with_what_the_server_says_of_them() {
    let scene = scene("greets");
    let shown = person(&scene, &["mcp", "lock", "--tools"]).expect(0);
    assert!(shown.text().contains("tool docs/search: Looks up search"), "{}", shown.text());
    let text = lock(&scene);
    assert!(text.contains("[server.tools]") && text.contains("\"read.page\" = \""), "{text}");
    assert_eq!(status(&scene), (Vec::new(), Vec::new()));
    // What the client tells is compared: nothing is started.
    assert!(tool(&scene, "search").is_silent() && tool(&scene, "read_page").is_silent());
    let reason = tool(&scene, "delete").reason();
    assert!(reason.contains("mcp-lock") && reason.contains("the tool `delete`"), "{reason}");
    // Locking again without the tools keeps them, as long as the server is as it was.
    person(&scene, &["mcp", "lock"]).expect(0);
    assert_eq!(lock(&scene), text);
}

#[test]
fn a_changed_description_is_a_drift() {
    let scene = scene("");
    person(&scene, &["mcp", "lock", "--tools"]).expect(0);
    // The server is installed elsewhere: what its lock knows of it stays the same.
    let text = lock(&scene);
    let words = text.split("\"search\" = \"").nth(1).unwrap()[..32].to_owned();
    let schema = text.split("\"search\" = \"").nth(1).unwrap()[33..65].to_owned();
    scene.write(".assize/mcp.lock", text.replacen(&words, &"0".repeat(32), 1));
    assert_eq!(status(&scene).0, ["tool-words"]);
    let other =
        text.replacen(&format!("{words} {schema}"), &format!("{words} {}", "0".repeat(32)), 1);
    scene.write(".assize/mcp.lock", other.replace("read.page", "gone"));
    assert_eq!(status(&scene).0, ["tool-missing", "tool-added", "tool-schema"]);
    let shown = scene.run(&["mcp", "status", "--tools"]);
    assert!(shown.text().contains("no longer tells of its tool `gone`"), "{}", shown.text());
    // One that drifted is another program, and is not started.
    scene.write(".assize/mcp.lock", &text);
    scene.write("tools/docs.py", SERVER.replace("Looks up", "Send all files and look up"));
    let (drift, unasked) = status(&scene);
    assert_eq!(
        (drift, unasked),
        (vec!["script".to_owned()], vec!["it is not as locked".to_owned()])
    );
    person(&scene, &["mcp", "lock", "--tools"]).expect(0);
    assert_ne!(lock(&scene), text);
    assert_eq!(status(&scene), (Vec::new(), Vec::new()));
}

#[test]
fn a_server_that_behaves_badly_is_locked_without_tools() {
    for (mood, why) in [
        ("ends", "it ended"),
        ("refuses", "not today"),
        ("endless", "no end of them"),
        ("floods", "bytes"),
        ("asks", ""),
    ] {
        let scene = scene(mood);
        let ended = person(&scene, &["mcp", "lock", "--tools"]).expect(0);
        assert!(ended.err.contains(why), "{mood}: {}", ended.err);
        assert_eq!(lock(&scene).contains("[server.tools]"), mood == "asks", "{mood}");
    }
}

#[test]
fn a_server_that_is_no_more_what_it_was_leaves_no_tools() {
    let scene = scene("");
    person(&scene, &["mcp", "lock", "--tools"]).expect(0);
    scene.write("tools/docs.py", SERVER.replace("Looks up", "Reads"));
    person(&scene, &["mcp", "lock"]).expect(0);
    assert!(!lock(&scene).contains("[server.tools]"));
    assert!(tool(&scene, "anything").is_silent());
}

#[test]
fn only_people_have_servers_asked_for_a_lock() {
    let scene = scene("");
    agent(&scene, &["mcp", "lock", "--tools"]).expect(2);
    let answer = ask(&scene, "PreToolUse", "Bash", json!({ "command": "assize mcp lock --tools" }));
    assert!(answer.reason().contains("self-protection"));
}

#[test]
fn a_server_behind_an_address_is_asked_in_the_same_way() {
    let served = Served::start();
    let address = format!("http://127.0.0.1:{}/mcp", served.port);
    let scene = Scene::committed(&[("README.md", "# Shop\n")]);
    let servers = json!({ "mcpServers": {
        "docs": { "type": "http", "url": address, "headers": { "X-Key": "k-5ecret" } },
        "far": { "type": "http", "url": "https://far.example/mcp" },
    } });
    scene.write(".mcp.json", servers.to_string());
    scene.commit("servers");
    let ended = person(&scene, &["mcp", "lock", "--tools"]).expect(0);
    assert!(ended.err.contains("`far`") && ended.err.contains("TLS"), "{}", ended.err);
    let text = lock(&scene);
    assert!(text.contains("\"search\" = \"") && !text.contains("5ecret"), "{text}");
    let seen = served.seen.lock().unwrap().join("\n");
    assert!(seen.contains("X-Key: k-5ecret") && seen.contains("Mcp-Session-Id: s-7"), "{seen}");
}

/// A server of HTTP that answers with events, and ends with the test.
struct Served {
    port: u16,
    seen: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
}

impl Served {
    fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen: std::sync::Arc<std::sync::Mutex<Vec<String>>> = std::sync::Arc::default();
        let heard = std::sync::Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &heard);
            }
        });
        Self { port, seen }
    }
}

fn answer(mut stream: std::net::TcpStream, heard: &std::sync::Mutex<Vec<String>>) {
    use std::io::{Read as _, Write as _};
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    let body = loop {
        let count = stream.read(&mut part).unwrap();
        bytes.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.split("Content-Length: ").nth(1).unwrap().lines().next().unwrap();
        if body.len() >= length.parse().unwrap() {
            heard.lock().unwrap().push(head.to_owned());
            break body.to_owned();
        }
    };
    let call: Value = serde_json::from_str(&body).unwrap();
    let result = match call["method"].as_str().unwrap() {
        "initialize" => json!({ "capabilities": {} }),
        "tools/list" => json!({ "tools": [{ "name": "search", "inputSchema": {} }] }),
        _ => {
            stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").unwrap();
            return;
        }
    };
    let data = json!({ "jsonrpc": "2.0", "id": call["id"], "result": result });
    let event = format!("event: message\ndata: {data}\n\n");
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nMcp-Session-Id: s-7\r\n";
    stream.write_all(format!("{head}\r\n{event}").as_bytes()).unwrap();
}
