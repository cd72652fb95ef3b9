//! A model that says what a story tells it to, over the wire format of Anthropic's messages.
//!
//! Which turn comes next follows from the conversation alone, so that retries repeat a turn.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// A tool call that the model asks for: name and input.
pub(super) type Turn = (&'static str, Value);

/// A turn of this name asks for nothing: the model takes its work for done.
pub(super) const END: &str = "end";

/// The model, listening on a port of the loopback interface.
pub(super) struct Model {
    pub(super) port: u16,
    /// What the client reported of each turn's call.
    results: Arc<Mutex<Vec<Option<String>>>>,
}

impl Model {
    pub(super) fn of(turns: Vec<Turn>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let results = Arc::new(Mutex::new(vec![None; turns.len()]));
        let (turns, kept) = (Arc::new(turns), Arc::clone(&results));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (turns, results) = (Arc::clone(&turns), Arc::clone(&kept));
                // A client that goes away while it is answered is no fault of the model.
                std::thread::spawn(move || drop(serve(stream, &turns, &results)));
            }
        });
        Self { port, results }
    }

    /// What became of the calls, in order; nothing of those that were never reported.
    pub(super) fn results(&self) -> Vec<Option<String>> {
        self.results.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    turns: &[Turn],
    results: &Mutex<Vec<Option<String>>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if header.trim().is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').unwrap_or(("", ""));
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let request: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    if !path.starts_with("/v1/messages") || path.contains("count_tokens") {
        return respond(&mut stream, "application/json", "{\"input_tokens\":10}");
    }
    note(&request, results);
    let blocks = next(&request, turns);
    if request["stream"] == true {
        respond(&mut stream, "text/event-stream", &events(&blocks))
    } else {
        let whole = message(&blocks, &Value::Array(blocks.clone()));
        respond(&mut stream, "application/json", &whole.to_string())
    }
}

fn respond(stream: &mut TcpStream, kind: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )
}

/// All blocks of the conversation, with the role of their message.
fn blocks(request: &Value) -> impl Iterator<Item = &Value> {
    let messages = request["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    messages.iter().flat_map(|one| one["content"].as_array().map(Vec::as_slice).unwrap_or_default())
}

/// The turn that an identifier of ours stands for.
fn turn(id: &Value) -> Option<usize> {
    id.as_str()?.strip_prefix("toolu_turn_")?.parse().ok()
}

/// The turn that ended with these words.
fn ended(block: &Value) -> Option<usize> {
    block["text"].as_str()?.strip_prefix("the end of turn ")?.parse().ok()
}

fn note(request: &Value, results: &Mutex<Vec<Option<String>>>) {
    let mut results = results.lock().unwrap();
    let mut last = None;
    for block in blocks(request) {
        if let Some(turn) = ended(block) {
            last = Some(turn);
        } else if block["type"] == "text"
            && let Some(slot) = last.take().and_then(|turn| results.get_mut(turn))
        {
            // What the client says when it does not let the model end.
            *slot = Some(block["text"].to_string());
        }
    }
    for block in blocks(request).filter(|block| block["type"] == "tool_result") {
        let slot = turn(&block["tool_use_id"]).and_then(|turn| results.get_mut(turn));
        if let Some(slot) = slot {
            *slot = Some(block["content"].to_string());
        }
    }
}

/// What the model says next. Requests without tools are about titles and the like.
fn next(request: &Value, turns: &[Turn]) -> Vec<Value> {
    let said = |text: &str| vec![json!({ "type": "text", "text": text })];
    if request["tools"].as_array().is_none_or(Vec::is_empty) {
        return said("ok");
    }
    let done = |block: &Value| turn(&block["id"]).or_else(|| ended(block));
    let number = blocks(request).filter_map(done).max().map_or(0, |last| last + 1);
    match turns.get(number) {
        Some((END, _)) => said(&format!("the end of turn {number}")),
        Some((name, input)) => vec![json!({
            "type": "tool_use",
            "id": format!("toolu_turn_{number}"),
            "name": name,
            "input": input,
        })],
        None => said("done"),
    }
}

fn message(blocks: &[Value], content: &Value) -> Value {
    json!({
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "scripted",
        "content": content,
        "stop_reason": stop(blocks),
        "stop_sequence": null,
        "usage": { "input_tokens": 10, "output_tokens": 10 },
    })
}

fn stop(blocks: &[Value]) -> &'static str {
    let calls = blocks.iter().any(|block| block["type"] == "tool_use");
    if calls { "tool_use" } else { "end_turn" }
}

fn events(blocks: &[Value]) -> String {
    let mut out = String::new();
    let mut event = |value: &Value| {
        let name = value["type"].as_str().unwrap();
        out += &format!("event: {name}\ndata: {value}\n\n");
    };
    event(&json!({ "type": "message_start", "message": message(blocks, &json!([])) }));
    for (index, block) in blocks.iter().enumerate() {
        let (start, delta) = if block["type"] == "text" {
            let delta = json!({ "type": "text_delta", "text": block["text"] });
            (json!({ "type": "text", "text": "" }), delta)
        } else {
            let mut start = block.clone();
            start["input"] = json!({});
            let input = block["input"].to_string();
            (start, json!({ "type": "input_json_delta", "partial_json": input }))
        };
        event(&json!({ "type": "content_block_start", "index": index, "content_block": start }));
        event(&json!({ "type": "content_block_delta", "index": index, "delta": delta }));
        event(&json!({ "type": "content_block_stop", "index": index }));
    }
    event(&json!({
        "type": "message_delta",
        "delta": { "stop_reason": stop(blocks), "stop_sequence": null },
        "usage": { "output_tokens": 10 },
    }));
    event(&json!({ "type": "message_stop" }));
    out
}
