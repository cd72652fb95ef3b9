//! A server behind an address: each message is a request, its answer a body or a stream of events.
//!
//! Plain HTTP only. Whoever talks to a server elsewhere does so through a client of his own, and a
//! second implementation of TLS for one question is more to trust than the answer is worth.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Instant;

use assize_mcp::{Message, message};

use super::stdio::is_answer;
use super::{BYTES_MAX, Wire, left};

const VERSION: &str = "2025-06-18";

pub(super) struct Peer {
    host: String,
    path: String,
    headers: Vec<(String, String)>,
    /// The name that the server gave to this conversation.
    session: Option<String>,
    until: Instant,
}

/// An answer as far as it has come.
struct Reply<'b> {
    status: u16,
    head: &'b str,
    body: Vec<u8>,
}

impl Peer {
    pub(super) fn new(
        address: &str,
        headers: &[(String, String)],
        until: Instant,
    ) -> Result<Self, String> {
        let Some(rest) = address.strip_prefix("http://") else {
            return Err("it is not reached by plain HTTP, and nothing here speaks TLS".to_owned());
        };
        let (host, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) {
            host.to_owned()
        } else {
            format!("{host}:80")
        };
        let headers = headers.iter().filter(|(name, value)| is_plain(name) && is_plain(value));
        let headers = headers.cloned().collect();
        Ok(Self { host, path: format!("/{path}"), headers, session: None, until })
    }

    fn request(&self, text: &str) -> String {
        let mut head = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: {VERSION}\r\n\
             Content-Length: {}\r\nConnection: close\r\n",
            self.path,
            self.host,
            text.len()
        );
        if let Some(session) = &self.session {
            head.push_str(&format!("Mcp-Session-Id: {session}\r\n"));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        format!("{head}\r\n{text}")
    }

    /// Sends a request and reads until `done` has what it wants, or until the end.
    fn exchange<T>(
        &mut self,
        text: &str,
        mut done: impl FnMut(&Reply<'_>) -> Option<T>,
    ) -> Result<Option<T>, String> {
        let said = |error: std::io::Error| format!("it cannot be reached: {error}");
        let mut all = self.host.to_socket_addrs().map_err(said)?;
        let place = all.next().ok_or("it has no address")?;
        let mut stream = TcpStream::connect_timeout(&place, left(self.until)?).map_err(said)?;
        stream.set_write_timeout(Some(left(self.until)?)).map_err(said)?;
        stream.write_all(self.request(text).as_bytes()).map_err(said)?;
        let (mut bytes, mut part) = (Vec::new(), [0; 8192]);
        loop {
            stream.set_read_timeout(Some(left(self.until)?)).map_err(said)?;
            let count = match stream.read(&mut part) {
                Ok(count) => count,
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    continue;
                }
                Err(error) => return Err(said(error)),
            };
            bytes.extend_from_slice(part.get(..count).unwrap_or(&[]));
            if bytes.len() > BYTES_MAX {
                return Err(format!("it says more than {BYTES_MAX} bytes"));
            }
            if let Some(reply) = reply(&bytes) {
                self.session = self.session.take().or_else(|| reply.header("mcp-session-id"));
                if let Some(found) = done(&reply) {
                    return Ok(Some(found));
                }
                if reply.status >= 400 {
                    return Err(format!("it answers with status {}", reply.status));
                }
                if reply.is_whole() {
                    return Ok(None);
                }
            }
            if count == 0 {
                return Ok(None);
            }
        }
    }
}

impl Wire for Peer {
    fn ask(&mut self, text: &str, id: u64) -> Result<Message, String> {
        let found = self.exchange(text, |reply| reply.messages().find(|one| is_answer(one, id)))?;
        found.ok_or_else(|| "it does not answer".to_owned())
    }

    fn tell(&mut self, text: &str) -> Result<(), String> {
        // Its status alone says that it was heard.
        self.exchange(text, |reply| (reply.status < 300).then_some(()))?;
        Ok(())
    }
}

/// A header that ends its line would begin another.
fn is_plain(text: &str) -> bool {
    text.chars().all(|letter| !letter.is_control())
}

/// The answer, once its head is there.
fn reply(bytes: &[u8]) -> Option<Reply<'_>> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = bytes.get(end + 4..)?.to_vec();
    let mut reply = Reply { status, head, body };
    if reply.header("transfer-encoding").is_some_and(|how| how.contains("chunked")) {
        reply.body = unchunked(&reply.body);
    }
    Some(reply)
}

/// The content of the chunks that have come whole.
fn unchunked(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), bytes);
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let line = rest.get(..end).and_then(|line| std::str::from_utf8(line).ok()).unwrap_or("");
        let size = line.split(';').next().unwrap_or("").trim();
        let Ok(size) = usize::from_str_radix(size, 16) else { break };
        let Some(chunk) = rest.get(end + 2..).and_then(|from| from.get(..size)) else { break };
        out.extend_from_slice(chunk);
        let Some(next) = rest.get(end + 2 + size + 2..).filter(|_| size > 0) else { break };
        rest = next;
    }
    out
}

impl Reply<'_> {
    fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let found = lines.find(|(of, _)| of.trim().eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    }

    /// Whether nothing more will come.
    fn is_whole(&self) -> bool {
        let length = self.header("content-length").and_then(|length| length.parse().ok());
        length.is_some_and(|length: usize| self.body.len() >= length) || self.status == 202
    }

    /// The messages in the body: one, or those of the events.
    fn messages(&self) -> impl Iterator<Item = Message> {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        let events = self.header("content-type").is_some_and(|of| of.contains("event-stream"));
        let texts = if events { of_events(&text) } else { vec![text] };
        texts.into_iter().filter_map(|text| message(&text))
    }
}

/// What events carry, of those that have come whole.
fn of_events(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let whole = text.rfind("\n\n").and_then(|end| text.get(..end)).unwrap_or("");
    let event = |event: &str| {
        let data = event.lines().filter_map(|line| line.strip_prefix("data:"));
        data.map(|data| data.strip_prefix(' ').unwrap_or(data)).collect::<Vec<_>>().join("\n")
    };
    whole.split("\n\n").map(event).filter(|data| !data.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use assize_mcp::Message;

    use super::{of_events, reply, unchunked};

    #[test]
    fn an_answer_is_read_as_far_as_it_has_come() {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                    Transfer-Encoding: chunked\r\nMcp-Session-Id: s1\r\n\r\n";
        let event = "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}\r\n\r\n";
        let whole = format!("{head}{:x}\r\n{event}\r\n0\r\n\r\n", event.len());
        for end in 0..=whole.len() {
            let found: Vec<Message> = reply(&whole.as_bytes()[..end])
                .map(|reply| reply.messages().collect())
                .unwrap_or_default();
            let come = end >= head.len() + 4 + event.len();
            assert_eq!(found, if come { vec![Message::Done(3)] } else { Vec::new() }, "{end}");
        }
        assert_eq!(reply(whole.as_bytes()).unwrap().header("MCP-session-id").unwrap(), "s1");
        assert_eq!(unchunked(b"zz\r\nabc"), b"");
        assert_eq!(of_events("data: a\ndata: b\n\n: c\n\ndata:d"), ["a\nb"]);
    }
}
