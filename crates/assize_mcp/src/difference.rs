//! What differs between a locked server and the one in the file.

use crate::definition::Definition;
use crate::lock::Locked;
use crate::servers::Server;
use crate::tools::Tools;

/// One kind of difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// It is locked, and the file does not name it.
    Missing,
    /// The file names it, and no person locked it.
    Added,
    Transport,
    Command,
    Arguments,
    Environment,
    Headers,
    Address,
    Folder,
    EnvironmentFile,
    /// It is switched off, or on again.
    State,
    /// A script that it runs has another content.
    Script(String),
    /// A tool that it told of when it was locked, and no more.
    ToolMissing(String),
    /// A tool that it did not tell of when it was locked.
    ToolAdded(String),
    /// What it says of a tool is another text.
    ToolWords(String),
    /// What a tool takes or gives is another.
    ToolSchema(String),
}

impl Difference {
    /// The word in reports.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Added => "added",
            Self::Transport => "transport",
            Self::Command => "command",
            Self::Arguments => "arguments",
            Self::Environment => "environment",
            Self::Headers => "headers",
            Self::Address => "address",
            Self::Folder => "folder",
            Self::EnvironmentFile => "environment-file",
            Self::State => "state",
            Self::Script(_) => "script",
            Self::ToolMissing(_) => "tool-missing",
            Self::ToolAdded(_) => "tool-added",
            Self::ToolWords(_) => "tool-words",
            Self::ToolSchema(_) => "tool-schema",
        }
    }

    /// What is wrong with a server of this name, without a full stop.
    pub fn words(&self, name: &str) -> String {
        let changed = |what: &str| format!("{what} of the MCP server `{name}` is not as locked");
        match self {
            Self::Missing => format!("the locked MCP server `{name}` is gone from its file"),
            Self::Added => format!("the MCP server `{name}` is not in the lock"),
            Self::Transport => changed("the transport"),
            Self::Command => changed("the command"),
            Self::Arguments => {
                format!("the arguments of the MCP server `{name}` are not as locked")
            }
            Self::Environment => changed("the set of environment variables"),
            Self::Headers => changed("the set of headers"),
            Self::Address => changed("the address"),
            Self::Folder => changed("the working folder"),
            Self::EnvironmentFile => changed("the file of environment variables"),
            Self::State => format!("whether the MCP server `{name}` is on is not as locked"),
            Self::Script(path) => {
                format!("`{path}`, which the MCP server `{name}` runs, is not as locked")
            }
            Self::ToolMissing(tool) => {
                format!("the MCP server `{name}` no longer tells of its tool `{tool}`")
            }
            Self::ToolAdded(tool) => {
                format!("the tool `{tool}` of the MCP server `{name}` is not in the lock")
            }
            Self::ToolWords(tool) => {
                format!("what the MCP server `{name}` says of its tool `{tool}` is not as locked")
            }
            Self::ToolSchema(tool) => format!(
                "what the tool `{tool}` of the MCP server `{name}` takes or gives is not as locked"
            ),
        }
    }
}

/// The members in which two definitions differ.
pub fn differences(locked: &Definition, now: &Definition) -> Vec<Difference> {
    let pairs = [
        (locked.transport != now.transport, Difference::Transport),
        (locked.command != now.command, Difference::Command),
        (locked.arguments != now.arguments, Difference::Arguments),
        (locked.environment != now.environment, Difference::Environment),
        (locked.headers != now.headers, Difference::Headers),
        (locked.address != now.address, Difference::Address),
        (locked.folder != now.folder, Difference::Folder),
        (locked.environment_file != now.environment_file, Difference::EnvironmentFile),
        (locked.disabled != now.disabled, Difference::State),
    ];
    pairs.into_iter().filter_map(|(differs, what)| differs.then_some(what)).collect()
}

/// What differs between the tools that a person locked and those of which a server tells.
pub fn tool_differences(locked: &Tools, now: &Tools) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, was) in locked {
        match now.get(name) {
            None => found.push(Difference::ToolMissing(name.clone())),
            Some(is) => {
                if is.words != was.words {
                    found.push(Difference::ToolWords(name.clone()));
                }
                if is.schema != was.schema {
                    found.push(Difference::ToolSchema(name.clone()));
                }
            }
        }
    }
    let added = now.keys().filter(|name| !locked.contains_key(*name));
    found.extend(added.map(|name| Difference::ToolAdded(name.clone())));
    found.sort_unstable();
    found
}

/// One difference, of one server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    pub file: String,
    pub name: String,
    pub difference: Difference,
}

impl Drift {
    /// What is wrong, without a full stop.
    pub fn words(&self) -> String {
        let words = self.difference.words(&self.name);
        match self.difference {
            Difference::Missing | Difference::Added => format!("{words} (`{}`)", self.file),
            _ => words,
        }
    }
}

/// All differences between what is locked and what is there. `hash` gives the content hash of a
/// script by its path as the lock has it; nothing where there is none.
pub fn compare(
    locked: &[Locked],
    servers: &[Server],
    hash: &dyn Fn(&str) -> Option<String>,
) -> Vec<Drift> {
    let mut found = Vec::new();
    let mut push = |file: &str, name: &str, difference| {
        found.push(Drift { file: file.to_owned(), name: name.to_owned(), difference });
    };
    for one in locked {
        let same = |server: &&Server| server.file == one.file && server.name == one.name;
        // Readers of JSON take the last of several members with one name.
        let Some(now) = servers.iter().rev().find(same) else {
            push(&one.file, &one.name, Difference::Missing);
            continue;
        };
        for difference in differences(&one.definition, &now.definition) {
            push(&one.file, &one.name, difference);
        }
        for (path, known) in &one.scripts {
            if hash(path).as_ref() != Some(known) {
                push(&one.file, &one.name, Difference::Script(path.clone()));
            }
        }
    }
    for server in servers {
        if !locked.iter().any(|one| one.file == server.file && one.name == server.name) {
            push(&server.file, &server.name, Difference::Added);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::{Lock, servers};

    #[test]
    fn each_difference_is_told_once() {
        let lock = "version = 1\n[[server]]\nfile = 'f.json'\nname = 'a'\ncommand = 'x'\n\
                    scripts = { 's.sh' = '00', 't.sh' = '11' }\n\
                    [[server]]\nfile = 'f.json'\nname = 'gone'\ncommand = 'x'\n";
        let lock = Lock::parse(lock).unwrap();
        let text = r#"{"mcpServers": {"a": {"command": "y"}, "b": {"url": "http://h"}}}"#;
        let now = servers("f.json", text, "/repo").unwrap();
        let hash = |path: &str| (path == "s.sh").then(|| "00".to_owned());
        let found = compare(lock.servers(), &now, &hash);
        let lines: Vec<String> =
            found.iter().map(|one| format!("{} {}", one.name, one.difference.code())).collect();
        assert_eq!(lines, ["a command", "a script", "b added", "gone missing"]);
        assert!(found.iter().all(|one| one.words().contains(&one.name)));
        let same = servers("f.json", r#"{"mcpServers": {"a": {"command": "x"}}}"#, "/r").unwrap();
        assert!(compare(&lock.servers()[..0], &[], &hash).is_empty());
        assert_eq!(compare(lock.servers(), &same, &hash).len(), 2);
    }
}
