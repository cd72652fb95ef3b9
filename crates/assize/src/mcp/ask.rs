//! Asking a server for its tools: the handshake, and every page of `tools/list`.
//!
//! Only a person has this done. A server may hang, flood, end at once or speak of other things:
//! each is an answer within the time that it has.

mod http;
mod stdio;

use std::path::Path;
use std::time::{Duration, Instant};

use assize_mcp::{Message, Start, TOOLS_MAX, Tool, Transport, initialize, initialized, list_tools};

/// What a server has for all of its answers.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);
/// So many pages of tools are asked for.
const PAGES_MAX: u64 = 100;
/// What a server may say altogether.
const BYTES_MAX: usize = 16 << 20;

/// A tool with what is told of it.
pub(crate) type Told = (String, Tool, String);

/// A way to a server that is open.
trait Wire {
    /// Sends a message, and gives the answer to the request with this number.
    fn ask(&mut self, text: &str, id: u64) -> Result<Message, String>;
    /// Sends a message to which there is no answer.
    fn tell(&mut self, text: &str) -> Result<(), String>;
}

/// The tools of a server, or why they could not be learnt. Nothing that it started lives on.
pub(crate) fn tools(start: &Start, root: &Path, limit: Duration) -> Result<Vec<Told>, String> {
    let until = Instant::now() + limit;
    match (start.transport, &start.address) {
        (Transport::Stdio, _) if !start.words.is_empty() => {
            list(&mut stdio::Process::spawn(start, root, until)?)
        }
        (Transport::Http, Some(address)) => {
            list(&mut http::Peer::new(address, &start.headers, until)?)
        }
        (transport, _) => Err(format!("nothing here speaks {} with it", transport.word())),
    }
}

fn list(wire: &mut impl Wire) -> Result<Vec<Told>, String> {
    match wire.ask(&initialize(1, env!("CARGO_PKG_VERSION")), 1)? {
        Message::Failed(_, why) => return Err(format!("it refuses the handshake: {why}")),
        Message::Done(_) | Message::Tools(..) | Message::Other => {}
    }
    wire.tell(&initialized())?;
    let mut all: Vec<Told> = Vec::new();
    let mut cursor: Option<String> = None;
    for page in 0..PAGES_MAX {
        let id = page + 2;
        match wire.ask(&list_tools(id, cursor.as_deref()), id)? {
            Message::Tools(_, page) => {
                all.extend(page.tools);
                cursor = page.next;
            }
            Message::Failed(_, why) => return Err(format!("it does not tell its tools: {why}")),
            Message::Done(_) | Message::Other => {
                return Err("it does not tell its tools".to_owned());
            }
        }
        if all.len() > TOOLS_MAX {
            break;
        }
        if cursor.is_none() {
            return Ok(all);
        }
    }
    Err(format!("it tells of more than {TOOLS_MAX} tools, or of no end of them"))
}

/// What is left of the time.
fn left(until: Instant) -> Result<Duration, String> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err("it did not answer in time".to_owned()) } else { Ok(left) }
}
