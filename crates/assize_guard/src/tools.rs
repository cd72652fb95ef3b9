//! Tools that nobody knows, judged by their names and arguments: what they are told is written as
//! the command that would do the same.

use crate::{Argument, Effect, GitStep};

/// Branches that others build on.
const SHARED: [&str; 6] = ["main", "master", "develop", "trunk", "release", "production"];

/// What a tool is told, in the words of a shell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) commands: Vec<String>,
    pub(crate) effects: Vec<Effect>,
}

/// What the name of a tool and all of its arguments say together.
pub(crate) fn told(server: &str, tool: &str, arguments: &[Argument]) -> Told {
    let name = format!("{server} {tool}").to_ascii_lowercase();
    let call = Spoken { name, tool: tool.to_ascii_lowercase(), arguments };
    let mut out = Told::default();
    out.commands.extend(call.vector());
    out.commands.extend(call.typed());
    out.commands.extend(call.query());
    out.commands.extend(call.git());
    out.commands.extend(call.program());
    out.commands.extend(call.packed());
    call.service(&mut out);
    out
}

/// Commands that code for a kernel or an interpreter holds, and the code itself.
pub(crate) fn code(text: &str, language: Option<&str>) -> Vec<String> {
    let shells = ["bash", "sh", "shell", "zsh"];
    if language.is_some_and(|language| shells.contains(&language.to_ascii_lowercase().as_str())) {
        return vec![text.to_owned()];
    }
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let magic = first.trim().strip_prefix("%%").unwrap_or("");
    if magic.split_whitespace().any(|word| shells.contains(&word)) {
        return vec![rest.to_owned()];
    }
    let escapes = text.lines().filter_map(|line| {
        let line = line.trim_start();
        let bang = line.strip_prefix('!').filter(|rest| !rest.starts_with('['));
        let given = || line.split_once("= !").filter(|(name, _)| !name.contains(['"', '\'']));
        bang.or(line.strip_prefix("%sx "))
            .or(line.strip_prefix("%system "))
            .or(given().map(|(_, rest)| rest))
    });
    let mut out: Vec<String> = escapes.map(str::to_owned).collect();
    out.push(format!("python3 -c {}", quoted(text)));
    out
}

struct Spoken<'a> {
    /// Server and tool.
    name: String,
    tool: String,
    arguments: &'a [Argument],
}

impl Spoken<'_> {
    fn is_about(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.name.contains(word))
    }

    /// The texts whose last key is one of these.
    fn values(&self, keys: &[&str]) -> Vec<&str> {
        let fits = |argument: &&Argument| {
            let key = last(&argument.key).to_ascii_lowercase();
            keys.contains(&key.as_str())
        };
        self.arguments.iter().filter(fits).map(|argument| argument.text.as_str()).collect()
    }

    /// A command whose words come one by one: `argv`, `command` with `args`.
    fn vector(&self) -> Option<String> {
        let mut words = self.values(&["command", "cmd", "program", "executable"]);
        if words.len() > 1 {
            words.clear();
        }
        let given = self.values(&["argv", "args", "arguments", "cmdline"]);
        if given.is_empty() {
            return None;
        }
        words.extend(given);
        let is_text = words.len() == 1;
        Some(if is_text { words.concat() } else { joined(&words) })
    }

    /// Keys that a tool presses in a terminal.
    fn typed(&self) -> Option<String> {
        let live =
            ["term", "stdin", "process", "session", "pty", "tmux", "console", "shell", "repl"];
        let keys = ["input", "chars", "keys", "text", "data", "stdin", "keystrokes"];
        let texts = self.values(&keys);
        (self.is_about(&live) && !texts.is_empty()).then(|| pressed(&texts.concat()))
    }

    fn query(&self) -> Vec<String> {
        let stores = ["sql", "postgres", "database", "db", "query", "mongo", "redis", "supabase"];
        if !self.is_about(&stores) {
            return Vec::new();
        }
        let texts = self.values(&["sql", "query", "statement", "queries", "statements"]);
        texts.iter().map(|text| format!("psql -c {}", quoted(text))).collect()
    }

    /// `git_push` with its words and switches.
    fn git(&self) -> Option<String> {
        let verb = self.tool.strip_prefix("git_").or_else(|| {
            let server = self.name.split(' ').next()?;
            (server == "git").then_some(self.tool.as_str())
        })?;
        let mut words = vec!["git".to_owned(), verb.replace('_', "-")];
        for argument in self.arguments {
            let key = last(&argument.key);
            match (key, argument.text.as_str()) {
                (_, "true") => words.push(format!("--{}", dashed(key))),
                ("mode" | "type" | "reset_type", mode) => words.push(format!("--{mode}")),
                ("args" | "options" | "flags" | "extra_args" | "argv", text) => {
                    words.push(text.to_owned());
                }
                _ => {}
            }
        }
        Some(joined(&words.iter().map(String::as_str).collect::<Vec<_>>()))
    }

    /// Servers that stand for a program: `kubectl_delete`, `terraform_command`.
    fn program(&self) -> Option<String> {
        let programs = [
            ("kubectl", "kubectl"),
            ("kubernetes", "kubectl"),
            ("k8s", "kubectl"),
            ("terraform", "terraform"),
            ("helm", "helm"),
            ("pulumi", "pulumi"),
        ];
        let (_, program) = programs.iter().find(|(word, _)| self.name.contains(word))?;
        let mut words = vec![*program];
        words.extend(self.tool.split('_').filter(|part| part != program));
        words.extend(self.arguments.iter().map(|argument| argument.text.as_str()));
        Some(joined(&words))
    }

    /// A command in JSON that comes as a text.
    fn packed(&self) -> Vec<String> {
        let is_packed = |text: &&str| {
            text.trim_start().starts_with(['{', '['])
                && ["\"command\"", "\"cmd\"", "\"args\"", "\"argv\""]
                    .iter()
                    .any(|key| text.contains(key))
        };
        let texts = self.arguments.iter().map(|argument| argument.text.as_str());
        texts.filter(is_packed).map(|text| joined(&json_texts(text))).collect()
    }

    /// What a service or a store loses.
    fn service(&self, out: &mut Told) {
        let deletes_ref =
            ["delete_branch", "delete_ref", "delete_tag"].contains(&self.tool.as_str());
        let forces = self.values(&["force"]).contains(&"true");
        if deletes_ref || forces && self.tool == "update_ref" {
            out.effects.push(Effect::Git(GitStep::RewriteShared));
        }
        let commits = ["push_files", "create_or_update_file", "delete_file", "create_commit"];
        let shared = self.values(&["branch", "ref"]).iter().any(|branch| SHARED.contains(branch));
        if commits.contains(&self.tool.as_str()) && shared {
            out.effects.push(Effect::Git(GitStep::SkipHooks));
        }
        if destroys(&self.tool) {
            out.effects.push(Effect::DestroyRemote(format!("`{}`", self.tool)));
        }
    }
}

/// Whether the name of a tool says that a store or a service loses what it keeps.
fn destroys(tool: &str) -> bool {
    let parts: Vec<&str> = tool.split(['_', '-']).collect();
    let verb = parts.iter().any(|part| {
        matches!(
            *part,
            "drop" | "delete" | "destroy" | "purge" | "truncate" | "flush" | "wipe" | "remove"
        )
    });
    let object = parts.iter().any(|part| {
        matches!(
            *part,
            "table"
                | "database"
                | "schema"
                | "collection"
                | "bucket"
                | "cluster"
                | "namespace"
                | "stack"
                | "project"
                | "instance"
                | "repository"
                | "repo"
                | "volume"
                | "db"
                | "flushall"
                | "keyspace"
                | "deployment"
                | "environment"
        )
    });
    verb && object
}

/// The lines that stand after keys are pressed: some take letters back.
fn pressed(text: &str) -> String {
    let mut out = String::new();
    for key in text.chars() {
        match key {
            '\u{7f}' | '\u{8}' => {
                out.pop();
            }
            // The line, or the word before the cursor, goes.
            '\u{15}' => out.truncate(out.rfind('\n').map_or(0, |at| at + 1)),
            '\u{17}' => out.truncate(out.trim_end().rfind([' ', '\n']).map_or(0, |at| at + 1)),
            '\r' => out.push('\n'),
            '\n' | '\t' => out.push(key),
            _ if key.is_control() => {}
            _ => out.push(key),
        }
    }
    out
}

/// The strings in a text of JSON that are no keys.
fn json_texts(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((_, tail)) = rest.split_once('"') {
        let Some((inside, after)) = tail.split_once('"') else { break };
        if !after.trim_start().starts_with(':') {
            out.push(inside);
        }
        rest = after;
    }
    out
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// `noVerify` and `no_verify` as an option of a program.
fn dashed(key: &str) -> String {
    let mut out = String::new();
    for letter in key.chars() {
        match letter {
            '_' => out.push('-'),
            _ if letter.is_ascii_uppercase() => {
                out.push('-');
                out.push(letter.to_ascii_lowercase());
            }
            _ => out.push(letter),
        }
    }
    out
}

fn joined(words: &[&str]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{code, pressed, told};
    use crate::Argument;

    fn commands(server: &str, tool: &str, arguments: &[(&str, &str)]) -> Vec<String> {
        let arguments: Vec<Argument> = arguments
            .iter()
            .map(|(key, text)| Argument { key: (*key).to_owned(), text: (*text).to_owned() })
            .collect();
        told(server, tool, &arguments).commands
    }

    #[test]
    fn arguments_become_commands() {
        let pushed = commands("git", "git_push", &[("args", "--force"), ("noVerify", "true")]);
        assert_eq!(pushed.last().unwrap(), "'git' 'push' '--force' '--no-verify'");
        assert_eq!(commands("x", "run", &[("argv", "rm"), ("argv", "a b")]), ["'rm' 'a b'"]);
        assert_eq!(commands("pg", "query_sql", &[("sql", "select 1")]), ["psql -c 'select 1'"]);
        assert!(commands("files", "read_file", &[("path", "/repo/a")]).is_empty());
    }

    #[test]
    fn keys_take_letters_back() {
        assert_eq!(pressed("ls\u{15}rm a\u{7f}b\r"), "rm b\n");
        assert_eq!(pressed("echo one\u{17}two\n"), "echo two\n");
    }

    #[test]
    fn cells_may_hold_shell() {
        assert_eq!(code("%%bash\nls", None), ["ls"]);
        assert_eq!(code("!ls\nx = 1", None), ["ls", "python3 -c '!ls\nx = 1'"]);
        assert_eq!(code("ls", Some("bash")), ["ls"]);
    }
}
