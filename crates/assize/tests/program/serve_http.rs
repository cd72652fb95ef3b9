//! The MCP server over HTTP: who is let in, and how much.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::scene::{SHOP, Scene};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A server that listens.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn new(scene: &Scene, arguments: &[&str], token: Option<&str>) -> Self {
        let all = [&["mcp", "serve", "--http", "127.0.0.1:0"], arguments].concat();
        let mut command = scene.assize(&all);
        if let Some(token) = token {
            command.env("ASSIZE_MCP_TOKEN", token);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().rsplit(':').next().unwrap().trim_end_matches("/mcp");
        Self { port: port.parse().unwrap_or_else(|_| panic!("{line}")), child }
    }

    /// Sends a request as it is, and gives the status and everything else.
    fn raw(&self, request: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        // Who refuses early does not read to the end.
        drop(stream.write_all(request));
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        let text = String::from_utf8_lossy(&answer).into_owned();
        let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        (status, text)
    }

    fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> (u16, String) {
        let mut all = vec![
            format!("{method} {path} HTTP/1.1"),
            "Connection: close".to_owned(),
            "Content-Type: application/json".to_owned(),
            "Accept: application/json, text/event-stream".to_owned(),
            format!("Content-Length: {}", body.len()),
        ];
        all.extend(headers.iter().map(|header| (*header).to_owned()));
        if !headers.iter().any(|header| header.starts_with("Host:")) {
            all.push(format!("Host: 127.0.0.1:{}", self.port));
        }
        self.raw(format!("{}\r\n\r\n{body}", all.join("\r\n")).as_bytes())
    }

    fn post(&self, headers: &[&str], request: &Value) -> (u16, String) {
        self.send("POST", "/mcp", headers, &request.to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn hello() -> Value {
    json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        },
    })
}

fn rules() -> Value {
    json!({
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": { "name": "rules", "arguments": {} },
    })
}

/// The JSON of an answer.
fn body(answer: &str) -> Value {
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let start = body.find('{').unwrap();
    let end = body.rfind('}').unwrap();
    serde_json::from_str(&body[start..=end]).unwrap()
}

#[test]
fn both_eras_are_answered_without_a_session() {
    let scene = Scene::committed(SHOP);
    let server = Server::new(&scene, &[], None);
    let (status, answer) = server.post(&[], &hello());
    assert_eq!(status, 200, "{answer}");
    assert_eq!(body(&answer)["result"]["serverInfo"]["name"], "assize");
    assert!(!answer.to_lowercase().contains("mcp-session-id"), "{answer}");
    let (status, answer) = server.post(&["MCP-Protocol-Version: 2025-11-25"], &rules());
    assert_eq!(status, 200, "{answer}");
    assert!(body(&answer)["result"]["content"][0]["text"].as_str().unwrap().contains("R01"));
    let mut modern = rules();
    modern["params"]["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let headers = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: rules"];
    let (status, answer) = server.post(&headers, &modern);
    assert_eq!(status, 200, "{answer}");
    assert!(body(&answer)["result"]["content"][0]["text"].as_str().unwrap().contains("R01"));
}

#[test]
fn pages_from_elsewhere_are_not_let_in() {
    let scene = Scene::committed(SHOP);
    let server = Server::new(&scene, &[], None);
    let port = server.port;
    for header in [
        "Host: evil.example".to_owned(),
        format!("Host: evil.example:{port}"),
        "Origin: http://evil.example".to_owned(),
        "Origin: null".to_owned(),
        "Origin: http://127.0.0.1.evil.example".to_owned(),
        format!("Origin: http://localhost:{}", port ^ 1),
    ] {
        let (status, answer) = server.post(&[&header], &hello());
        assert_eq!(status, 403, "{header}: {answer}");
        assert!(!answer.contains("serverInfo"), "{answer}");
    }
    for header in [format!("Host: localhost:{port}"), format!("Origin: http://127.0.0.1:{port}")] {
        let (status, answer) = server.post(&[&header], &hello());
        assert_eq!(status, 200, "{header}: {answer}");
        assert!(!answer.to_lowercase().contains("access-control-allow"), "{answer}");
    }
    let asked = ["Origin: http://evil.example", "Access-Control-Request-Method: POST"];
    let (status, answer) = server.send("OPTIONS", "/mcp", &asked, "");
    assert!(status >= 400 && !answer.to_lowercase().contains("access-control-allow"), "{answer}");
}

#[test]
fn other_paths_methods_and_sizes_are_refused() {
    let scene = Scene::committed(SHOP);
    let server = Server::new(&scene, &[], None);
    for (method, path, expected) in [
        ("GET", "/mcp", 405),
        ("DELETE", "/mcp", 405),
        ("POST", "/", 404),
        ("POST", "/mcp/../etc/passwd", 404),
        ("GET", "/.git/config", 404),
    ] {
        assert_eq!(server.send(method, path, &[], "").0, expected, "{method} {path}");
    }
    let mut large = rules();
    large["params"]["arguments"]["rule"] = "x".repeat(5 << 20).into();
    assert_eq!(server.post(&[], &large).0, 413);
    for bad in ["{", "[]", "null", "nonsense"] {
        let (status, answer) = server.send("POST", "/mcp", &[], bad);
        assert!((400..500).contains(&status), "{bad}: {answer}");
    }
    let (status, _) = server.raw(&[b'x'; 200_000]);
    assert!(status == 0 || status >= 400);
    let long = format!("X-Long: {}", "x".repeat(200_000));
    assert!(server.post(&[&long], &hello()).0 >= 400);
    // A client that stays silent holds nobody up.
    let silent: Vec<TcpStream> =
        (0..20).map(|_| TcpStream::connect(("127.0.0.1", server.port)).unwrap()).collect();
    assert_eq!(server.post(&[], &hello()).0, 200);
    drop(silent);
    assert_eq!(scene.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_token_is_asked_for_where_there_is_one() {
    let scene = Scene::committed(SHOP);
    let file = scene.folder().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let path = file.to_str().unwrap();
    for server in
        [Server::new(&scene, &[], Some(TOKEN)), Server::new(&scene, &["--token-file", path], None)]
    {
        let good = format!("Authorization: Bearer {TOKEN}");
        let bad = format!("Authorization: Bearer {}", TOKEN.replace('0', "1"));
        assert_eq!(server.post(&[&good], &hello()).0, 200);
        for headers in [&[][..], &[bad.as_str()], &[good.as_str(), good.as_str()]] {
            let (status, answer) = server.post(headers, &hello());
            assert_eq!(status, 401, "{answer}");
            assert!(answer.to_lowercase().contains("www-authenticate: bearer"), "{answer}");
        }
    }
}

#[test]
fn other_machines_are_let_in_only_by_name_and_with_a_token() {
    let scene = Scene::committed(SHOP);
    for (arguments, token, words) in [
        (&["--http", "0.0.0.0:0"][..], Some(TOKEN), "other machines"),
        (&["--http", "[::]:0"], Some(TOKEN), "other machines"),
        (&["--http", "0.0.0.0:0", "--allow-remote"], None, "needs a token"),
        (&["--http", "127.0.0.1:0"], Some("short"), "16 to 4096"),
        (&["--http", "127.0.0.1:0", "--token-file", "no-such-file"], None, "cannot read"),
        (&["--allow-remote"], None, "--http"),
    ] {
        let mut command = scene.assize(&[&["mcp", "serve"], arguments].concat());
        if let Some(token) = token {
            command.env("ASSIZE_MCP_TOKEN", token);
        }
        let ended = crate::scene::end(&mut command).expect(2);
        assert!(ended.err.contains(words), "{arguments:?}: {}", ended.err);
        assert!(!ended.err.contains(TOKEN));
    }
}
