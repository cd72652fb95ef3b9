//! What a file says of one server, as far as it may be written down.

use crate::json::{self, quoted};
use crate::mask;
use crate::node::Node;

/// How a client speaks to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transport {
    #[default]
    Stdio,
    Http,
    Sse,
    WebSocket,
    /// A word that we do not know.
    Unknown,
}

impl Transport {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stdio => "stdio",
            Self::Http => "http",
            Self::Sse => "sse",
            Self::WebSocket => "websocket",
            Self::Unknown => "unknown",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "stdio" | "local" => Self::Stdio,
            "http" | "streamable-http" | "streamableHttp" | "remote" => Self::Http,
            "sse" => Self::Sse,
            "ws" | "websocket" => Self::WebSocket,
            _ => Self::Unknown,
        }
    }
}

/// One server without its name. Lists of names are sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Definition {
    pub transport: Transport,
    pub command: Option<String>,
    pub arguments: Vec<String>,
    /// Names of variables, never their values.
    pub environment: Vec<String>,
    /// Names of headers, never their values.
    pub headers: Vec<String>,
    pub address: Option<String>,
    /// The folder in which the command starts, where it is given.
    pub folder: Option<String>,
    /// A file from which the client reads variables.
    pub environment_file: Option<String>,
    pub disabled: bool,
}

/// A server's address stands under one of these.
const ADDRESS_KEYS: [&str; 4] = ["url", "serverUrl", "httpUrl", "address"];

impl Definition {
    /// The server that a value describes; nothing where it has neither command nor address.
    pub(crate) fn of(node: &Node) -> Option<Self> {
        let text = |key: &str| node.get(key).and_then(Node::text);
        let (command, mut words) = command(node);
        words.extend(node.get("args").map(Node::words).unwrap_or_default());
        words.extend(node.get("arguments").map(Node::words).unwrap_or_default());
        let address = ADDRESS_KEYS.iter().find_map(|key| text(key)).map(mask::address);
        if command.is_none() && address.is_none() {
            return None;
        }
        let implied = match (&command, &address) {
            (None, Some(_)) => Transport::Http,
            _ => Transport::Stdio,
        };
        let told = ["type", "transport", "transportType"].iter().find_map(|key| text(key));
        Some(Self {
            transport: told.map_or(implied, Transport::of),
            command,
            arguments: mask::arguments(&words),
            environment: names(node, &["env", "environment", "env_vars"]),
            headers: names(node, &["headers", "http_headers", "env_http_headers"]),
            address,
            folder: ["cwd", "folder"].iter().find_map(|key| text(key)).map(str::to_owned),
            environment_file: ["envFile", "env_file", "environment_file"]
                .iter()
                .find_map(|key| text(key))
                .map(str::to_owned),
            disabled: node.flag("disabled") == Some(true) || node.flag("enabled") == Some(false),
        })
    }

    /// The definition on one line of JSON, as the index keeps it.
    pub fn to_json(&self) -> String {
        let list = |texts: &[String]| {
            let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            format!("[{}]", texts.join(","))
        };
        let mut members = vec![format!("\"type\":{}", quoted(self.transport.word()))];
        let texts = [
            ("command", &self.command),
            ("url", &self.address),
            ("cwd", &self.folder),
            ("env_file", &self.environment_file),
        ];
        for (key, text) in texts {
            members.extend(text.iter().map(|text| format!("\"{key}\":{}", quoted(text))));
        }
        let lists =
            [("args", &self.arguments), ("env", &self.environment), ("headers", &self.headers)];
        for (key, texts) in lists {
            if !texts.is_empty() {
                members.push(format!("\"{key}\":{}", list(texts)));
            }
        }
        if self.disabled {
            members.push("\"disabled\":true".to_owned());
        }
        format!("{{{}}}", members.join(","))
    }

    /// The definition that [`Definition::to_json`] wrote.
    pub fn from_json(text: &str) -> Option<Self> {
        Self::of(&json::read(text)?)
    }

    /// The command with its arguments.
    pub fn command_line(&self) -> String {
        let words = self.command.iter().chain(&self.arguments).map(String::as_str);
        words.collect::<Vec<_>>().join(" ")
    }
}

/// The program, and words that stand in one list with it.
fn command(node: &Node) -> (Option<String>, Vec<String>) {
    match node.get("command") {
        Some(Node::Text(text)) => (Some(text.clone()), Vec::new()),
        Some(list @ Node::List(_)) => {
            let mut words = list.words().into_iter();
            (words.next(), words.collect())
        }
        _ => (None, Vec::new()),
    }
}

/// The names in maps, or in lists of names.
fn names(node: &Node, keys: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for value in keys.iter().filter_map(|key| node.get(key)) {
        names.extend(value.members().iter().map(|member| member.key.clone()));
        let listed = value.words();
        let name = |text: String| text.split('=').next().unwrap_or_default().to_owned();
        names.extend(listed.into_iter().map(name));
    }
    names.sort_unstable();
    names.dedup();
    names
}
