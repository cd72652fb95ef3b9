//! Texts that are written and later run by something else: scripts, image builds, workflows,
//! scripts of packages, and services with rights over the machine.
//!
//! Only what needs no second look counts: code that is fetched and run in one line, an agent
//! without its fences, and rights over the machine. All else that a script does is judged when it
//! runs.

use crate::shell::is_strange;
use crate::{Action, Effect, Effects, Surroundings};

/// What a line must mention to be read as a command.
const MENTIONS: [&str; 12] = [
    "curl",
    "wget",
    "base64",
    "iwr",
    "irm",
    "/dev/tcp/",
    "--dangerously",
    "--yolo",
    "bypass",
    "fetch ",
    "urlopen",
    "full-access",
];
/// How many lines of a text are read as commands.
const LINES_MAX: usize = 200;

/// What kind of text runs, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Script,
    Build,
    /// YAML, in which services and steps stand.
    Yaml,
    /// JSON with scripts of a package.
    Package,
}

/// What the new text of a write brings into a file that something runs.
pub(crate) fn effects_of(
    action: &Action,
    surroundings: &Surroundings,
    shell: &dyn Fn(&str, &Surroundings) -> Effects,
) -> Vec<Effect> {
    let mut out = Vec::new();
    for (path, text, before) in texts(action) {
        let Some(kind) = kind_of(&path, &text) else { continue };
        let old: Vec<&str> = before.lines().map(str::trim).collect();
        let lines = joined(&text);
        for line in lines.iter().filter(|line| !old.contains(&line.trim())).take(LINES_MAX) {
            if kind == Kind::Yaml && opens_machine(line) {
                out.push(Effect::Privilege("a service with rights over the machine".to_owned()));
            }
            if MENTIONS.iter().any(|word| line.contains(word))
                && let Some(command) = command(line, kind)
            {
                let strange = comes_from_strangers(line);
                let told = shell(&command, surroundings).all.into_iter();
                out.extend(told.filter(|effect| match effect {
                    Effect::RunsFetched => strange,
                    other => matches!(other, Effect::Run(_)),
                }));
            }
        }
    }
    // Programs that a script runs count only as agents; others would be judged as if they ran now.
    out.retain(|effect| !matches!(effect, Effect::Run(program) if !may_be_agent(&program.words)));
    out
}

fn may_be_agent(words: &[Option<String>]) -> bool {
    let fence = |word: &String| {
        ["dangerously", "yolo", "bypass", "full-access", "skip-permissions", "allow-all"]
            .iter()
            .any(|part| word.contains(part))
    };
    words.iter().flatten().any(fence)
}

/// Path, new text and old text of what an action writes.
fn texts(action: &Action) -> Vec<(String, String, String)> {
    match action {
        Action::Write { path, content } => vec![(path.clone(), content.clone(), String::new())],
        Action::Edit { path, changes } => changes
            .iter()
            .map(|change| (path.clone(), change.new.clone(), change.old.clone()))
            .collect(),
        Action::Patch { text } => patched(text),
        _ => Vec::new(),
    }
}

/// The files of a patch with the lines that it adds.
fn patched(text: &str) -> Vec<(String, String, String)> {
    let mut out: Vec<(String, String, String)> = Vec::new();
    for line in text.lines() {
        let marks = ["*** Add File: ", "*** Update File: ", "+++ b/"];
        if let Some(path) = marks.iter().find_map(|mark| line.strip_prefix(mark)) {
            out.push((path.trim().to_owned(), String::new(), String::new()));
        } else if let (Some(added), Some(last)) = (line.strip_prefix('+'), out.last_mut()) {
            last.1.push_str(added);
            last.1.push('\n');
        }
    }
    out
}

fn kind_of(path: &str, text: &str) -> Option<Kind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|end| lower.ends_with(end));
    if lower.starts_with("dockerfile")
        || lower.starts_with("containerfile")
        || ends(&[".dockerfile"])
    {
        Some(Kind::Build)
    } else if ends(&[".yml", ".yaml"]) {
        Some(Kind::Yaml)
    } else if matches!(lower.as_str(), "package.json" | "composer.json" | "devcontainer.json") {
        Some(Kind::Package)
    } else if ends(&[".sh", ".bash", ".zsh", ".mk", ".command"])
        || matches!(lower.as_str(), "makefile" | "gnumakefile" | "justfile" | ".envrc" | "procfile")
        || text.starts_with("#!/bin/") && !lower.contains('.')
        || text.starts_with("#!/usr/bin/env bash")
    {
        Some(Kind::Script)
    } else {
        None
    }
}

/// Lines, with those that a backslash continues as one.
fn joined(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let (part, goes_on) = match line.trim_end().strip_suffix('\\') {
            Some(part) => (part, true),
            None => (line, false),
        };
        match out.last_mut().filter(|_| open) {
            Some(last) => {
                last.push(' ');
                last.push_str(part.trim());
            }
            None => out.push(part.to_owned()),
        }
        open = goes_on;
    }
    out
}

/// The command in a line, without what stands around it in a file of this kind.
fn command(line: &str, kind: Kind) -> Option<String> {
    let line = line.trim();
    if line.starts_with('#') || line.starts_with("//") {
        return None;
    }
    Some(match kind {
        Kind::Script => line.trim_start_matches(['@', '-', '+']).to_owned(),
        Kind::Build => {
            let rest = line.strip_prefix("RUN ").or_else(|| line.strip_prefix("run "));
            let rest = rest.unwrap_or(line).trim_start_matches("&& ");
            let options = rest.split(' ').take_while(|word| word.starts_with("--"));
            let skip: usize = options.map(|word| word.len() + 1).sum();
            rest.get(skip..).unwrap_or("").to_owned()
        }
        Kind::Yaml => {
            let rest = line.trim_start_matches("- ");
            let keys = ["run: ", "command: ", "script: ", "entrypoint: ", "postCreateCommand: "];
            let rest = keys.iter().find_map(|key| rest.strip_prefix(key)).unwrap_or(rest);
            rest.trim_start_matches("| ").trim_matches(['"', '\'']).to_owned()
        }
        Kind::Package => {
            let (_, value) = line.split_once(':')?;
            let value = value.trim().trim_end_matches([',', '}', ' ']).trim_matches('"');
            value.replace("\\\"", "\"")
        }
    })
}

/// Whether a line fetches from hosts that are not known for code: an installer of the world that a
/// build uses is reviewed with the build. A line without an address decodes what it runs.
fn comes_from_strangers(line: &str) -> bool {
    let mut addresses = line
        .split(|c: char| c.is_whitespace() || "\"'()<>,;|`".contains(c))
        .filter(|part| part.contains("://"))
        .peekable();
    addresses.peek().is_none() || addresses.any(is_strange)
}

/// Whether a line of a service gives it rights over the machine.
fn opens_machine(line: &str) -> bool {
    let dense: String =
        line.chars().filter(|c| !c.is_whitespace() && !"\"'".contains(*c)).collect();
    let dense = dense.trim_start_matches('-');
    let exact = [
        "privileged:true",
        "pid:host",
        "hostPID:true",
        "hostIPC:true",
        "ipc:host",
        "userns_mode:host",
        "allowPrivilegeEscalation:true",
        "path:/",
        "path:/etc",
        "path:/root",
    ];
    let socket = dense.contains("docker.sock:")
        && !dense.contains("docker.sock:ro")
        && !dense.ends_with(":ro");
    exact.contains(&dense)
        || socket && dense.contains("/docker.sock:/")
        || dense.starts_with("/:/")
        || dense.contains("[/:/")
        || dense.contains("cap_add:[") && (dense.contains("ALL") || dense.contains("SYS_ADMIN"))
        || matches!(
            dense,
            "SYS_ADMIN" | "CAP_SYS_ADMIN" | "seccomp:unconfined" | "apparmor:unconfined"
        )
}
