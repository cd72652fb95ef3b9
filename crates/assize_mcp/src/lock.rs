//! The lock: what a person agreed to, as TOML that people review.

use std::collections::BTreeMap;
use std::ops::Range;

use thiserror::Error;

use crate::definition::Definition;
use crate::node::Node;
use crate::pin::hashes;
use crate::toml;
use crate::tools::{self, Tools};

const VERSION: &str = "1";
const HEADER: &str = "\
# The MCP servers that a person agreed to, as `assize mcp lock` wrote them.
# Agents do not change this file: a drift from it is a finding, and calls of what drifted are denied.
";

/// Why a text is no lock.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LockError {
    #[error("the lock is no valid TOML")]
    Syntax,
    #[error("the lock has another version than {VERSION}")]
    Version,
    #[error("entry {0} of the lock names no file, no server or no command")]
    Entry(usize),
    #[error("the lock names `{server}` of `{file}` twice")]
    Twice { file: String, server: String },
}

/// One server in the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    pub file: String,
    pub name: String,
    pub definition: Definition,
    /// Content hashes of the scripts that it runs, by path.
    pub scripts: BTreeMap<String, String>,
    /// The tools that it told of when a person asked; none where nobody did.
    pub tools: Tools,
    /// The bytes of its name in the lock; nothing where it was not read from one.
    pub at: Range<usize>,
}

/// All of them, by file and name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    servers: Vec<Locked>,
}

/// The form in which contents are named: the first half of BLAKE3, in hexadecimal digits.
pub fn content_hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(32).collect()
}

impl Lock {
    pub fn new(mut servers: Vec<Locked>) -> Self {
        servers.sort_by(|a, b| (&a.file, &a.name).cmp(&(&b.file, &b.name)));
        servers.dedup_by(|a, b| a.file == b.file && a.name == b.name);
        Self { servers }
    }

    pub fn servers(&self) -> &[Locked] {
        &self.servers
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// It is damaged, of another version, or names a server twice.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let node = toml::read(text).ok_or(LockError::Syntax)?;
        if node.get("version") != Some(&Node::Other(VERSION.to_owned())) {
            return Err(LockError::Version);
        }
        let entries = node.get("server").map_or(&[][..], Node::elements);
        let servers: Vec<Locked> = entries
            .iter()
            .enumerate()
            .map(|(at, entry)| locked(entry).ok_or(LockError::Entry(at + 1)))
            .collect::<Result<_, _>>()?;
        let count = servers.len();
        let lock = Self::new(servers.clone());
        if lock.servers.len() == count {
            return Ok(lock);
        }
        let twice = servers.iter().enumerate().find(|(at, one)| {
            servers.iter().take(*at).any(|other| other.file == one.file && other.name == one.name)
        });
        let (file, server) =
            twice.map(|(_, one)| (one.file.clone(), one.name.clone())).unwrap_or_default();
        Err(LockError::Twice { file, server })
    }

    /// The lock as a text: the same servers always yield the same one.
    pub fn print(&self) -> String {
        let mut out = format!("{HEADER}version = {VERSION}\n");
        for server in &self.servers {
            entry(server, &mut out);
        }
        out
    }
}

fn locked(entry: &Node) -> Option<Locked> {
    let name = entry.members().iter().find(|member| member.key == "name")?;
    Some(Locked {
        file: entry.get("file")?.text()?.to_owned(),
        name: name.value.text()?.to_owned(),
        definition: Definition::of(entry)?,
        scripts: entry.get("scripts").map(hashes).unwrap_or_default(),
        tools: entry.get("tools").map(tools::of).unwrap_or_default(),
        at: name.at.clone(),
    })
}

fn entry(server: &Locked, out: &mut String) {
    let Definition { transport, command, arguments, environment, headers, .. } = &server.definition;
    let Definition { address, folder, environment_file, disabled, .. } = &server.definition;
    let mut line = |key: &str, value: String| {
        out.push_str(&format!("{key} = {value}\n"));
    };
    line("\n[[server]]\nfile", text(&server.file));
    line("name", text(&server.name));
    line("transport", text(transport.word()));
    if let Some(command) = command {
        line("command", text(command));
        line("arguments", list(arguments));
    }
    let texts = [("address", address), ("folder", folder), ("environment_file", environment_file)];
    for (key, value) in texts {
        if let Some(value) = value {
            line(key, text(value));
        }
    }
    line("environment", list(environment));
    if !headers.is_empty() {
        line("headers", list(headers));
    }
    if *disabled {
        line("disabled", "true".to_owned());
    }
    for (at, (path, hash)) in server.scripts.iter().enumerate() {
        let head = if at == 0 { "\n[server.scripts]\n" } else { "" };
        line(&format!("{head}{}", text(path)), text(hash));
    }
    for (at, (name, tool)) in server.tools.iter().enumerate() {
        let head = if at == 0 { "\n[server.tools]\n" } else { "" };
        line(&format!("{head}{}", text(name)), text(&tool.print()));
    }
}

fn text(text: &str) -> String {
    let quoted = crate::json::quoted(text);
    // TOML has the escapes of JSON, and writes this one, which JSON leaves alone, as well.
    quoted.replace('\u{7f}', "\\u007f")
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|one| text(one)).collect();
    format!("[{}]", texts.join(", "))
}
