//! Where a path leads.

use crate::arguments::unescaped;
use crate::{Place, Surroundings};

use super::word::{Rest, Word};

/// Names of devices that keep nothing.
const NO_FILES: [&str; 9] = [
    "/dev/null",
    "/dev/stdout",
    "/dev/stderr",
    "/dev/stdin",
    "/dev/tty",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
];

/// The place that a path names for somebody who stands in the working folder of the call.
///
/// Signs of patterns are text here: a path that a tool is given is no word of a shell.
pub fn normalise(path: &str, surroundings: &Surroundings) -> Place {
    let home = surroundings.home.as_str();
    for (name, value) in
        [("$HOME", home), ("${HOME}", home), ("$PWD", surroundings.folder.as_str())]
    {
        match path.strip_prefix(name) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                return place(&Word::known(format!("{value}{rest}")), None, home);
            }
            _ => {}
        }
    }
    let written = tilde(path, home).unwrap_or_else(|| path.to_owned());
    place(&Word::known(written), Some(&surroundings.folder), home)
}

/// `~` and `~/..` written out; `~other` is not known.
pub(super) fn tilde(path: &str, home: &str) -> Option<String> {
    let rest = path.strip_prefix('~')?;
    (!home.is_empty() && (rest.is_empty() || rest.starts_with('/')))
        .then(|| format!("{home}{rest}"))
}

pub(super) fn is_no_file(path: &str) -> bool {
    NO_FILES.contains(&path) || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/")
}

/// The path of `file:///path`, with `%20` and the like written out.
pub(super) fn file_address(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    (scheme.eq_ignore_ascii_case("file") && rest.starts_with('/')).then(|| unescaped(rest))
}

/// The place that a word names.
pub(super) fn place(word: &Word, folder: Option<&str>, home: &str) -> Place {
    if word.stream.is_some() {
        return Place::Unknown;
    }
    let text = match word.text.strip_prefix("~") {
        Some(user) if home.is_empty() || !(user.is_empty() || user.starts_with('/')) => {
            return Place::Unknown;
        }
        _ => word.text.as_str(),
    };
    if text.is_empty() && word.rest != Rest::Pattern {
        return Place::Unknown;
    }
    // Ways to the same files by way of the kernel.
    let text = text.strip_prefix("/proc/self/root").unwrap_or(text);
    let text = match text.strip_prefix("/proc/self/cwd") {
        Some("") => ".",
        Some(rest) => rest.trim_start_matches('/'),
        None => text,
    };
    let whole = match (text.starts_with('/'), folder) {
        (true, _) => text.to_owned(),
        (false, Some(folder)) => format!("{folder}/{text}"),
        (false, None) => return Place::Unknown,
    };
    if word.rest == Rest::Nothing {
        return Place::Known(clean(&whole));
    }
    let beginning = whole.rsplit_once('/').map_or("", |(folder, _)| folder);
    below(&clean(beginning))
}

/// Anything in a folder.
pub(super) fn below(folder: &str) -> Place {
    let slash = if folder.ends_with('/') { "" } else { "/" };
    Place::Below(format!("{folder}{slash}"))
}

/// Everything that a place holds.
pub(super) fn inside(place: Place) -> Place {
    match place {
        Place::Known(path) => below(&path),
        other => other,
    }
}

/// An absolute path without `.` and `..`.
pub(super) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
