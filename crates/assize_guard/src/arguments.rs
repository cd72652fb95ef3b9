//! What the arguments of a tool tell that nobody knows: addresses of files, processes, containers,
//! and secrets that leave.

use crate::{Argument, Effect, Place, Surroundings};

/// Tools that end processes.
const KILLS: [&str; 4] = ["kill", "terminate_process", "stop_process", "end_process"];

/// Effects that no single argument tells.
pub(crate) fn effects_of(
    tool: &str,
    arguments: &[Argument],
    surroundings: &Surroundings,
    place: &dyn Fn(&str, &Surroundings) -> Place,
) -> Vec<Effect> {
    let mut out = Vec::new();
    let lower = tool.to_ascii_lowercase();
    let kills = KILLS.iter().any(|word| lower.contains(word));
    for argument in arguments {
        let key = argument.key.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
        for path in addresses(&argument.text) {
            out.push(Effect::Read(place(&path, surroundings)));
        }
        if kills
            && matches!(key.as_str(), "pid" | "pids" | "process" | "name" | "process_name" | "id")
        {
            out.push(Effect::Kill { chosen: vec![Some(argument.text.clone())] });
        }
        if opens_machine(&key, &argument.text) {
            out.push(Effect::Privilege("a container with rights over the machine".to_owned()));
        }
    }
    out
}

/// Paths behind `file://`, wherever they stand in a text.
fn addresses(text: &str) -> Vec<String> {
    let marks = text.match_indices("file://").take(ADDRESSES_MAX);
    let paths = marks.filter_map(|(at, mark)| {
        let rest = text.get(at + mark.len()..)?;
        let end = rest.find(|c: char| c.is_whitespace() || "'\"`)>,;?#".contains(c));
        let path = rest.get(..end.unwrap_or(rest.len()))?;
        let path = path.strip_prefix("localhost").unwrap_or(path);
        path.starts_with('/').then(|| unescaped(path))
    });
    paths.collect()
}

/// How many addresses of one text are followed.
const ADDRESSES_MAX: usize = 32;

/// A text with `%2e` and the like written out.
pub(crate) fn unescaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes().iter();
    while let Some(byte) = bytes.next() {
        let pair = bytes.as_slice().get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| *byte == b'%') {
            Some(value) => {
                out.push(value);
                bytes.nth(1);
            }
            None => out.push(*byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn opens_machine(key: &str, text: &str) -> bool {
    match key {
        "privileged" => text == "true",
        "pid" | "pid_mode" | "pidmode" | "ipc_mode" | "userns_mode" | "network_mode"
            if text == "host" =>
        {
            key != "network_mode"
        }
        "cap_add" | "capadd" | "capabilities" => {
            matches!(text, "ALL" | "SYS_ADMIN" | "CAP_SYS_ADMIN")
        }
        "volumes" | "binds" | "mounts" | "volume" | "source" => {
            text.starts_with("/:/") || text.contains("docker.sock:")
        }
        _ => false,
    }
}

/// Whether a text holds a secret as such: a private key, or a value that is named as one.
pub(crate) fn holds_secret(text: &str) -> bool {
    let key = text.contains("-----BEGIN ") && text.contains("PRIVATE KEY");
    key || names_secret(text)
}

/// `AWS_SECRET_ACCESS_KEY=..`, `?api_token=..`, with a value of some length behind it.
fn names_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    SECRETS.iter().any(|name| {
        lower.match_indices(name).any(|(at, _)| {
            let rest = lower.get(at + name.len()..).unwrap_or("");
            let value = rest
                .trim_start_matches(['"', '\'', ' ', ':'])
                .strip_prefix('=')
                .unwrap_or(if rest.starts_with(['"', '\'', ':']) { rest } else { "" });
            let value = value.trim_start_matches(['"', '\'', ' ', ':', '=']);
            let length =
                value.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"/+_-".contains(b));
            length.count() >= VALUE_MIN && !value.starts_with("your") && !value.starts_with("xxx")
        })
    })
}

/// Names of values that are secret whatever the program is.
const SECRETS: [&str; 5] = [
    "aws_secret_access_key",
    "aws_session_token",
    "github_token",
    "anthropic_api_key",
    "openai_api_key",
];
/// Shorter values are place holders.
const VALUE_MIN: usize = 12;
