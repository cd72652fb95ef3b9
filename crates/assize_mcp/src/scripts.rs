//! The files that a server's command runs or reads.

use crate::definition::Definition;

/// Programs whose arguments name things elsewhere: in a container, on another machine.
pub const ELSEWHERE: [&str; 7] = ["docker", "podman", "nerdctl", "kubectl", "ssh", "wsl", "nix"];

/// Options after which paths are relative to another folder.
pub const FOLDER_OPTIONS: [&str; 6] =
    ["--directory", "--project", "--cwd", "--prefix", "-C", "--dir"];

/// How clients write the folder of the project.
const ROOTS: [&str; 6] = [
    "${workspaceFolder}/",
    "${CLAUDE_PROJECT_DIR}/",
    "${CLAUDE_PROJECT_DIR:-.}/",
    "$CLAUDE_PROJECT_DIR/",
    "${PWD}/",
    "$PWD/",
];

/// Endings of files that an interpreter runs.
const SCRIPT_ENDINGS: [&str; 10] =
    [".sh", ".bash", ".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".rb", ".pl"];

/// The paths that the command may run, absolute: scripts, and modules as files. Which of them are
/// there is for the caller to say.
pub fn scripts(definition: &Definition, root: &str, home: &str) -> Vec<String> {
    let Some(command) = &definition.command else { return Vec::new() };
    let Some(base) = base(definition, root, home) else { return Vec::new() };
    let mut found = Vec::new();
    if command.contains('/') {
        found.extend(absolute(command, &base, root, home));
    }
    let program = command.rsplit('/').next().unwrap_or(command);
    if ELSEWHERE.contains(&program) {
        return found;
    }
    let words: Vec<&str> = definition
        .arguments
        .iter()
        // `bash -c "exec node a.js"` is a line of its own.
        .flat_map(|word| word.split_whitespace())
        .collect();
    for (at, word) in words.iter().enumerate() {
        if *word == "-m" && program.starts_with("python") {
            if let Some(module) = words.get(at + 1) {
                let paths = modules(module);
                found.extend(paths.iter().filter_map(|path| absolute(path, &base, root, home)));
            }
        } else if is_script(word) {
            found.extend(absolute(word, &base, root, home));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Files from which a server gets its environment, absolute.
pub fn environment_files(definition: &Definition, root: &str, home: &str) -> Vec<String> {
    let Some(base) = base(definition, root, home) else { return Vec::new() };
    let mut named: Vec<&str> = definition.environment_file.as_deref().into_iter().collect();
    let mut words = definition.arguments.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix("--env-file") {
            Some("") => named.extend(words.next().map(String::as_str)),
            Some(rest) => named.extend(rest.strip_prefix('=')),
            None => {}
        }
    }
    named.into_iter().filter_map(|path| absolute(path, &base, root, home)).collect()
}

/// The folder in which the command looks paths up; nothing where it is computed.
fn base(definition: &Definition, root: &str, home: &str) -> Option<String> {
    let mut base = match &definition.folder {
        Some(folder) => absolute(folder, root, root, home)?,
        None => root.to_owned(),
    };
    let mut words = definition.arguments.iter();
    while let Some(word) = words.next() {
        let Some(option) = FOLDER_OPTIONS.iter().find(|option| word.starts_with(*option)) else {
            continue;
        };
        let folder = match word.strip_prefix(option) {
            Some("") => words.next().map(String::as_str),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        if let Some(folder) = folder {
            base = absolute(folder, &base, root, home)?;
        }
    }
    Some(base)
}

/// Where `python -m a.b` finds its module.
fn modules(name: &str) -> Vec<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    if name.is_empty() || !name.chars().all(plain) {
        return Vec::new();
    }
    let path = name.replace('.', "/");
    [format!("{path}.py"), format!("{path}/__main__.py")]
        .into_iter()
        .flat_map(|path| [format!("src/{path}"), path])
        .collect()
}

/// Whether an argument names a file that is run. A scoped package and an image have slashes too.
fn is_script(word: &str) -> bool {
    let named = SCRIPT_ENDINGS.iter().any(|end| word.ends_with(end));
    let path = word.starts_with("./") || word.starts_with("../");
    (named || path)
        && !word.starts_with(['-', '@'])
        && !word.contains("://")
        && !word.contains([':', '=', ';', '&', '|'])
        || named && ROOTS.iter().any(|start| word.starts_with(start))
}

/// A path as it is written, from a folder; nothing where a part of it is computed.
fn absolute(path: &str, base: &str, root: &str, home: &str) -> Option<String> {
    let (path, base) = match ROOTS.iter().find_map(|start| path.strip_prefix(start)) {
        Some(rest) => (rest, root),
        None => (path, base),
    };
    let whole = match (path.strip_prefix("~/"), path.starts_with('/')) {
        (Some(rest), _) => format!("{home}/{rest}"),
        (None, true) => path.to_owned(),
        (None, false) => format!("{base}/{path}"),
    };
    if whole.contains(['$', '%', '{', '<', '*', '\\', '`']) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| format!("/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::{environment_files, scripts};
    use crate::definition::Definition;

    fn of(json: &str) -> Vec<String> {
        scripts(&Definition::from_json(json).unwrap(), "/repo", "/home/dev")
    }

    #[test]
    fn the_files_that_a_command_runs() {
        let cases = [
            (r#"{"command":"./scripts/mcp/start.sh"}"#, &["/repo/scripts/mcp/start.sh"][..]),
            (
                r#"{"command":"node","args":["dist/server.js","--port","8"]}"#,
                &["/repo/dist/server.js"],
            ),
            (r#"{"command":"bash","args":["-c","exec node a/b.js"]}"#, &["/repo/a/b.js"]),
            (r#"{"command":"node","args":["${workspaceFolder}/a.js"]}"#, &["/repo/a.js"]),
            (r#"{"command":"python3","args":["s.py"],"cwd":"tools"}"#, &["/repo/tools/s.py"]),
            (r#"{"command":"uv","args":["--directory","t","run","s.py"]}"#, &["/repo/t/s.py"]),
            (r#"{"command":"~/bin/serve"}"#, &["/home/dev/bin/serve"]),
            (r#"{"command":"npx","args":["--yes","@a/b@1.0.0"]}"#, &[]),
            (r#"{"command":"docker","args":["run","-v","./a.py:/a.py","i"]}"#, &[]),
            (r#"{"command":"node","args":["${HOME}/a.js"]}"#, &[]),
            (r#"{"url":"https://h/a.js"}"#, &[]),
        ];
        for (json, expected) in cases {
            assert_eq!(of(json), expected, "{json}");
        }
        let modules = of(r#"{"command":"python","args":["-m","pkg.serve"]}"#);
        assert!(modules.contains(&"/repo/pkg/serve.py".to_owned()), "{modules:?}");
    }

    #[test]
    fn the_files_that_hold_its_environment() {
        let json = r#"{"command":"docker","args":["run","--env-file","a.env","--env-file=b.env","i"],
            "envFile":"${workspaceFolder}/c.env"}"#;
        let files = environment_files(&Definition::from_json(json).unwrap(), "/repo", "/h");
        assert_eq!(files, ["/repo/c.env", "/repo/a.env", "/repo/b.env"]);
    }
}
