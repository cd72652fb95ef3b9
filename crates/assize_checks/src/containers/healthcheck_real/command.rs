//! The command of a health check: whether it can fail, and what it needs.

/// Why a command cannot fail, if it cannot.
pub(super) fn empty(command: &str) -> Option<&'static str> {
    let command = stripped(command);
    let command = command.trim();
    if command.is_empty() || command == "none" || command == "NONE" {
        return None;
    }
    if let Some((_, last)) = command.rsplit_once("||") {
        return passes(last.trim()).then_some("whatever it finds, it passes");
    }
    let plain = !command.contains(['|', '&', '$', '`', '(']);
    let last = command.rsplit(';').next().unwrap_or(command).trim();
    (plain && passes(last)).then_some("it always passes")
}

/// Whether a single command always succeeds.
fn passes(command: &str) -> bool {
    let command = command.trim_matches(['"', '\'', ' ']);
    let command = ["sh -c ", "/bin/sh -c ", "bash -c "]
        .iter()
        .find_map(|shell| command.strip_prefix(shell))
        .unwrap_or(command)
        .trim_matches(['"', '\'', ' ']);
    let mut words = command.split_whitespace();
    match (words.next(), words.next()) {
        (Some("true" | "/bin/true" | "/usr/bin/true" | ":"), None) => true,
        (Some("exit"), Some("0")) => true,
        (Some("echo" | "sleep" | "printf" | "/bin/echo"), _) => !command.contains(['>', '<']),
        _ => false,
    }
}

/// The tool for the web that a command begins with.
pub(super) fn tool(command: &str) -> Option<&'static str> {
    let command = stripped(command);
    let mut words = command.split([' ', '"', '\'', ';']).filter(|word| !word.is_empty());
    let mut word = words.next()?;
    while matches!(word, "sh" | "bash" | "/bin/sh" | "-c" | "timeout")
        || word.bytes().all(|byte| byte.is_ascii_digit())
    {
        word = words.next()?;
    }
    match word.rsplit('/').next()? {
        "curl" => Some("curl"),
        "wget" => Some("wget"),
        _ => None,
    }
}

/// Whether an image has a tool; `None` where it is not known.
pub(super) fn has(image: &str, tool: &str) -> Option<bool> {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rsplit('/').next().unwrap_or(image);
    let (name, tag) = last.split_once(':').unwrap_or((last, ""));
    let folder = image.strip_suffix(last).unwrap_or("").trim_end_matches('/');
    if !matches!(folder, "" | "library" | "docker.io/library" | "docker.io") {
        return None;
    }
    let languages = ["golang", "node", "python", "ruby", "rust", "perl"];
    if matches!(name, "debian" | "ubuntu") || languages.contains(&name) && tag.contains("slim") {
        return Some(false);
    }
    if name == "alpine" || languages.contains(&name) && tag.contains("alpine") {
        // The small tools of Alpine hold a small `wget`.
        return Some(tool == "wget");
    }
    None
}

/// The command behind the options of `HEALTHCHECK`, with the list form as plain words.
fn stripped(command: &str) -> String {
    // A back slash at the end of a line stands for nothing.
    let words = command.split_whitespace().filter(|word| *word != "\\");
    let mut words = words.skip_while(|word| word.starts_with("--")).peekable();
    words.next_if(|word| *word == "CMD");
    let rest = words.collect::<Vec<_>>().join(" ");
    match rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(list) => list.replace("\",", " ").replace('"', ""),
        None => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::{empty, has, tool};

    #[test]
    fn commands_that_cannot_fail() {
        for command in [
            "true",
            "exit 0",
            "--interval=5s CMD [\"true\"]",
            "CMD echo ok",
            "curl -f http://localhost/ || exit 0",
            "sh -c 'exit 0'",
            "pg_isready || true",
        ] {
            assert!(empty(command).is_some(), "{command}");
        }
        for command in [
            "none",
            "curl -f http://localhost/ || exit 1",
            "echo ruok | nc localhost 2181",
            "sh -c \"echo 'x' | grep x\"",
            "echo > /dev/tcp/localhost/80",
            "test -f /ready",
            "redis-cli ping",
            "echo $(mongo --eval 1) | grep 1",
        ] {
            assert!(empty(command).is_none(), "{command}");
        }
    }

    #[test]
    fn tools_and_images() {
        assert_eq!(tool("--timeout=3s CMD [\"curl\", \"-f\", \"http://x\"]"), Some("curl"));
        assert_eq!(tool("CMD sh -c 'wget -q http://x'"), Some("wget"));
        assert_eq!(tool("CMD python -c 'curl'"), None);
        assert_eq!(has("python:3.12-slim", "curl"), Some(false));
        assert_eq!(has("node:22-alpine@sha256:0", "wget"), Some(true));
        assert_eq!(has("node:22", "curl"), None);
        assert_eq!(has("acme/python:slim", "curl"), None);
    }
}
