//! The MCP server over standard input: plain JSON in, plain JSON out, on the real program.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::hook;
use crate::observe::{BROKEN, Session, tick};
use crate::scene::{SHOP, Scene};

/// An answer that takes longer never comes.
const WAIT: Duration = Duration::from_secs(50);

/// One client and the server that it started.
pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Value>,
    /// Answers that came before they were waited for.
    early: Vec<Value>,
    last: u64,
}

impl Client {
    /// Starts a server, without a word to it.
    fn started(scene: &Scene) -> Self {
        let mut command = scene.assize(&["mcp", "serve"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let output = child.stdout.take().unwrap();
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Whatever is no JSON on this stream breaks a client.
                if send.send(serde_json::from_str(&line).unwrap()).is_err() {
                    break;
                }
            }
        });
        Self { input: child.stdin.take(), child, lines, early: Vec::new(), last: 0 }
    }

    /// The same, after the handshake of the older era.
    pub(crate) fn new(scene: &Scene) -> Self {
        let mut client = Self::started(scene);
        let hello = json!({
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        });
        let answer = client.ask("initialize", hello);
        assert_eq!(answer["result"]["serverInfo"]["name"], "assize", "{answer}");
        assert_eq!(answer["result"]["protocolVersion"], "2025-11-25");
        client.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string());
        client
    }

    fn say(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line.as_bytes()).unwrap();
        input.write_all(b"\n").unwrap();
    }

    fn send(&mut self, method: &str, params: Value) -> u64 {
        self.last += 1;
        let id = self.last;
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.say(&request.to_string());
        id
    }

    /// The answer to a request, in whatever order answers come.
    fn wait(&mut self, id: u64) -> Value {
        let started = Instant::now();
        loop {
            if let Some(at) = self.early.iter().position(|one| one["id"] == id) {
                return self.early.remove(at);
            }
            let left = WAIT.saturating_sub(started.elapsed());
            self.early.push(self.lines.recv_timeout(left).unwrap());
        }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params);
        self.wait(id)
    }

    /// The result of a tool.
    pub(crate) fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        assert!(answer["error"].is_null(), "{answer}");
        answer["result"].clone()
    }

    /// Closes the pipe, and gives the status with which the server ends.
    fn close(mut self) -> Option<i32> {
        drop(self.input.take());
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(started.elapsed() < WAIT, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn words(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}

#[test]
fn every_tool_says_that_it_only_looks_and_what_it_takes() {
    let scene = Scene::committed(SHOP);
    let mut client = Client::new(&scene);
    let listed = client.ask("tools/list", json!({}))["result"]["tools"].clone();
    let names: Vec<&str> =
        listed.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    for name in
        ["index_show", "search_before_create", "check_file", "brief", "explain_control", "rules"]
    {
        assert!(names.contains(&name), "{names:?}");
    }
    for tool in listed.as_array().unwrap() {
        let marks = &tool["annotations"];
        assert_eq!(
            (&marks["readOnlyHint"], &marks["destructiveHint"]),
            (&true.into(), &false.into())
        );
        assert_eq!(tool["inputSchema"]["type"], "object");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false);
        assert!(tool["description"].as_str().unwrap().len() > 40, "{tool}");
    }
    assert_eq!(client.close(), Some(0));
}

#[test]
fn answers_follow_the_tree_without_a_new_start() {
    let scene = Scene::committed(SHOP);
    let mut client = Client::new(&scene);
    let found = client.call("search_before_create", json!({ "name": "DiscountService" }));
    assert_eq!(found["structuredContent"]["all"], 0, "{found}");
    scene.write("shop/discounts.py", "class DiscountService:\n    rate = 1\n");
    let found = client.call("search_before_create", json!({ "name": "discount_service" }));
    let first = &found["structuredContent"]["found"][0];
    assert_eq!((&first["path"], &first["line"]), (&"shop/discounts.py".into(), &1.into()));
    assert!(words(&found).contains("DiscountService"), "{found}");
    scene.write("shop/app.py", "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n\
                                @app.get(\"/orders/{order_id}\")\ndef order(order_id: int):\n    return order_id\n");
    for route in ["GET /orders/:id", "/orders/{id}"] {
        let found = client.call("search_before_create", json!({ "name": route }));
        assert_eq!(found["structuredContent"]["found"][0]["same"], true, "{found}");
        assert_eq!(found["structuredContent"]["found"][0]["path"], "shop/app.py");
    }
    let read = client.call("index_show", json!({ "kind": "env", "key": "MAIL_KEY" }));
    assert_eq!(read["structuredContent"]["facts"][0]["path"], "shop/settings.py");
    scene.write(".env", "MAIL_KEY=correct-horse-battery\n");
    let set = client.call("index_show", json!({ "kind": "env", "key": "MAIL_KEY" }));
    assert_eq!(set["structuredContent"]["all"], 2);
    assert!(!set.to_string().contains("horse"), "{set}");
}

#[test]
fn a_file_is_judged_as_the_hook_would_and_nothing_is_written() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    let mut client = Client::new(&scene);
    for (path, content, verdict) in [
        ("shop/settings.py", BROKEN, "deny"),
        ("shop/fresh.py", "from shop.nowhere import x\n", "deny"),
        ("shop/fresh.py", "x = 1\n", "allow"),
        ("assize.toml", "root = true\n", "deny"),
        (".git/hooks/pre-commit", "#!/bin/sh\n", "deny"),
    ] {
        let said = client.call("check_file", json!({ "path": path, "content": content }));
        let data = &said["structuredContent"];
        let hook = hook::write(&scene, path, content);
        assert_eq!(data["verdict"] == "deny", hook.status == 2, "{path}: {said} {hook:?}");
        assert_eq!(data["verdict"], verdict, "{path}: {said}");
        if verdict == "deny" {
            let both = format!("{}{}", data["findings"], data["reasons"]);
            let control = hook.reason();
            let named = control
                .split(['[', ']', ' ', ':'])
                .any(|word| word.contains('-') && both.contains(&format!("\"{word}\"")));
            assert!(named, "{control}\n{both}");
        }
    }
    assert!(!scene.path("shop/fresh.py").exists());
    assert_eq!(scene.git(&["status", "--porcelain"]), "?? assize.toml");
}

#[test]
fn a_brief_says_what_the_command_says() {
    let scene = Scene::committed(SHOP);
    scene.write("shop/mail.py", "from shop.settings import MAIL\n");
    let mut client = Client::new(&scene);
    for subject in ["shop/settings.py", "add a table for orders"] {
        let said = client.call("brief", json!({ "subject": subject }));
        let command = scene.run(&["brief", subject]).expect(0);
        assert_eq!(words(&said), command.text().trim_end(), "{subject}: {said}");
    }
    let said = client.call("brief", json!({ "subject": "shop/settings.py" }));
    assert!(words(&said).contains("shop/mail.py"), "{said}");
}

#[test]
fn what_is_wrong_is_an_error_that_the_model_can_read() {
    let scene = Scene::committed(SHOP);
    let mut client = Client::new(&scene);
    for (tool, arguments, way_out) in [
        ("index_show", json!({ "kind": "nonsense" }), "the kinds are"),
        ("index_show", json!({}), "`kind` is missing"),
        ("index_show", json!({ "kind": 7 }), "must be a text"),
        ("index_show", json!({ "kind": "env", "limit": 10_000 }), "from 0 to 200"),
        ("index_show", json!({ "kind": "env", "keys": "x" }), "there are `kind`"),
        ("check_file", json!({ "path": "a.py" }), "`content` is missing"),
        ("explain_control", json!({ "control": "no-such" }), "name theirs"),
        ("rules", json!({ "rule": "R99" }), "all are listed"),
        ("search_before_create", json!({ "name": "  " }), "is empty"),
    ] {
        let result = client.call(tool, arguments.clone());
        assert_eq!(result["isError"], true, "{tool} {arguments}: {result}");
        assert!(words(&result).contains(way_out), "{tool} {arguments}: {result}");
    }
    // A configuration that is wrong is said by each question, until it is mended.
    scene.write("assize.toml", "root = maybe\n");
    let result = client.call("index_show", json!({ "kind": "env" }));
    assert_eq!(result["isError"], true);
    assert!(words(&result).contains("assize.toml"), "{result}");
    scene.remove("assize.toml");
    assert_ne!(client.call("index_show", json!({ "kind": "env" }))["isError"], true);
}

#[test]
fn answers_are_bounded_and_say_what_was_cut() {
    let scene = Scene::bare();
    let many: String =
        (0..3_000).map(|n| format!("def total_number_{n}():\n    return {n}\n")).collect();
    scene.write("many.py", many);
    let mut client = Client::new(&scene);
    let first = client.call("index_show", json!({ "kind": "symbol" }));
    let data = &first["structuredContent"];
    assert_eq!((&data["cut"], data["facts"].as_array().unwrap().len()), (&true.into(), 40));
    assert!(words(&first).contains("and 2960 more: go on with `from`: 40"), "{}", words(&first));
    let last = client.call("index_show", json!({ "kind": "symbol", "from": 2_990, "limit": 200 }));
    let data = &last["structuredContent"];
    assert_eq!((&data["cut"], data["facts"].as_array().unwrap().len()), (&false.into(), 10));
    let alike = client.call("search_before_create", json!({ "name": "total_number_0" }));
    assert_eq!(alike["structuredContent"]["found"].as_array().unwrap().len(), 20);
    assert_eq!(alike["structuredContent"]["found"][0]["name"], "total_number_0");
    for result in [first, alike] {
        assert!(result.to_string().len() < 30_000);
    }
}

#[test]
fn what_no_client_should_send_ends_nothing() {
    let scene = Scene::committed(SHOP);
    let mut client = Client::new(&scene);
    let lives = |client: &mut Client| {
        assert!(words(&client.call("rules", json!({}))).contains("R01"));
    };
    for line in ["{\"jsonrpc\":\"2.0\",\"id\":", "nonsense", "", "[]", "null", "{}", "[[[[[[[["] {
        client.say(line);
        lives(&mut client);
    }
    client.say(&"[".repeat(200_000));
    lives(&mut client);
    client.say(&format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"{}\"}}", "x".repeat(6 << 20)));
    lives(&mut client);
    assert_eq!(client.ask("no/such/method", json!({}))["error"]["code"], -32601);
    let unknown = client.ask("tools/call", json!({ "name": "write_file", "arguments": {} }));
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    // A deep content is text to the protocol, and no parser goes down into it.
    let deep = format!("x = {}\n", "(".repeat(100_000));
    let said = client.call("check_file", json!({ "path": "shop/deep.py", "content": deep }));
    assert_eq!(said["isError"], false, "{said}");
    let huge = "x".repeat(3 << 20);
    let said = client.call("check_file", json!({ "path": "shop/huge.py", "content": huge }));
    assert_eq!(said["isError"], true);
    // A call that is cancelled gives no answer or an error, and holds nobody up.
    let id =
        client.send("tools/call", json!({ "name": "index_show", "arguments": { "kind": "env" } }));
    let cancel = json!({
        "jsonrpc": "2.0",
        "method": "notifications/cancelled",
        "params": { "requestId": id, "reason": "test" },
    });
    client.say(&cancel.to_string());
    lives(&mut client);
    assert_eq!(client.close(), Some(0));
}

#[test]
fn many_calls_at_once_are_all_answered() {
    let scene = Scene::committed(SHOP);
    let mut client = Client::new(&scene);
    let calls = [
        ("index_show", json!({ "kind": "env" })),
        ("search_before_create", json!({ "name": "total" })),
        ("check_file", json!({ "path": "shop/new.py", "content": "import os\nx = 1\n" })),
        ("explain_control", json!({ "control": "phantom-env" })),
    ];
    let ids: Vec<u64> = (0..60)
        .map(|at| {
            let (name, arguments) = &calls[at % calls.len()];
            client.send("tools/call", json!({ "name": name, "arguments": arguments }))
        })
        .collect();
    for id in ids {
        let answer = client.wait(id);
        assert_ne!(answer["result"]["isError"], true, "{answer}");
    }
}

#[test]
fn both_eras_of_the_protocol_are_spoken() {
    let scene = Scene::committed(SHOP);
    let mut client = Client::started(&scene);
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let found = client.ask("server/discover", json!({ "_meta": meta }));
    let versions = found["result"]["supportedVersions"].to_string();
    assert!(versions.contains("2026-07-28") && versions.contains("2025-11-25"), "{found}");
    let listed = client.ask("tools/list", json!({ "_meta": meta }));
    assert!(listed["result"]["tools"].as_array().unwrap().len() >= 5, "{listed}");
    let call = json!({ "name": "rules", "arguments": {}, "_meta": meta });
    let said = client.ask("tools/call", call);
    assert!(words(&said["result"]).contains("R20"), "{said}");
    let without = client.ask("tools/list", json!({}));
    assert_eq!(without["error"]["code"], -32602, "{without}");
}

#[test]
fn the_rule_book_and_open_violations_can_be_read() {
    let scene = Scene::committed(SHOP);
    let mut client = Client::new(&scene);
    let read = |client: &mut Client, uri: &str| {
        client.ask("resources/read", json!({ "uri": uri }))["result"]["contents"][0]["text"].clone()
    };
    let book = read(&mut client, "assize://rule-book");
    assert!(book.as_str().unwrap().contains("## R20 "), "{book}");
    let open = |client: &mut Client| -> Value {
        serde_json::from_str(read(client, "assize://violations").as_str().unwrap()).unwrap()
    };
    assert_eq!(open(&mut client)["all"], 0);
    // Reading leaves no trace where nothing was recorded.
    assert!(!scene.state().exists());
    let session = Session { scene: &scene, name: "one" };
    session.begin();
    tick();
    session.shell("PreToolUse", "a", "./make.sh");
    scene.write("shop/api.py", BROKEN);
    session.shell("PostToolUse", "a", "./make.sh");
    let violations = open(&mut client);
    assert_eq!(violations["violations"][0]["path"], "shop/api.py", "{violations}");
    assert_eq!(violations["violations"][0]["session"], "claude-code:one");
    let unknown = client.ask("resources/read", json!({ "uri": "file:///etc/passwd" }));
    assert!(unknown["error"]["message"].as_str().unwrap().contains("no resource"), "{unknown}");
}
