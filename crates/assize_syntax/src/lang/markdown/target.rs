//! What the address of a link means for the repository.

use assize_model::{PathError, normalise};

/// An address that may name something in the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The path relative to the root; empty for the document itself.
    pub(super) key: String,
    pub(super) anchor: String,
    /// It is written as a folder.
    pub(super) folder: bool,
    pub(super) unresolved: bool,
}

/// Reads an address that stands in a document of this folder; `None` where it names nothing in
/// the repository.
pub(super) fn read(folder: &str, dest: &str) -> Option<Target> {
    let dest = dest.trim();
    if dest.is_empty() || dest.starts_with("//") {
        return None;
    }
    let (path, anchor) = dest.split_once('#').unwrap_or((dest, ""));
    let anchor = anchor_name(anchor);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if path.is_empty() {
        let here = Target { key: String::new(), anchor, folder: false, unresolved: false };
        return Some(here).filter(|target| !target.anchor.is_empty());
    }
    if has_scheme(path) {
        return None;
    }
    let path = percent_decode(without_line(path));
    let key = match normalise(folder, &path) {
        Err(PathError::Absolute) => normalise("", path.trim_start_matches('/')),
        other => other,
    };
    let unresolved = key.is_err() || has_placeholder(&path) || names_no_path(&path);
    let key = key.unwrap_or_else(|_| path.trim_start_matches("../").to_owned());
    Some(Target { key, anchor, folder: path.ends_with('/'), unresolved })
}

/// The anchor, decoded; line numbers, text fragments and routes of single-page sites are none.
fn anchor_name(anchor: &str) -> String {
    let anchor = percent_decode(anchor);
    let anchor = anchor.strip_prefix("user-content-").unwrap_or(&anchor);
    let line = anchor.strip_prefix(['L', 'l']).is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, 'L' | 'l' | 'C' | '-'))
    });
    let page = anchor.strip_prefix("page=").is_some();
    if line || page || anchor.starts_with([':', '/', '!', '?']) || has_placeholder(anchor) {
        String::new()
    } else {
        anchor.to_owned()
    }
}

/// `https:`, `mailto:`, `data:` and the like. `app.py:42` is a file and a line.
fn has_scheme(path: &str) -> bool {
    let Some((scheme, rest)) = path.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-'))
        && !(scheme.contains('.') && is_line(rest))
}

fn is_line(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':'))
}

/// A path without the line number behind it.
pub(super) fn without_line(path: &str) -> &str {
    match path.split_once(':') {
        Some((file, line)) if is_line(line) => file,
        _ => path,
    }
}

/// Something that a person or a program is to fill in.
fn has_placeholder(path: &str) -> bool {
    path.contains(['<', '>', '{', '}', '$', '*', '[', ']', '|', '\\', '"', '\'', '`'])
        || path.contains("...")
        || path.contains('\u{2026}')
        || path.contains("path/to/")
        || path.contains("path-to-")
}

/// Words, hosts, addresses of people, names of other systems.
fn names_no_path(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or(path);
    matches!(
        path,
        "url" | "URL" | "link" | "LINK" | "path" | "uri" | "href" | "src" | "TODO" | "TBD"
    ) || path.starts_with(['~', '@'])
        || path.contains("::")
        || path.contains(':')
        || path.contains('@') && !path.contains('/')
        || is_host(first)
}

/// Whether the first part of a path is the name of a host, written without a scheme.
pub(super) fn is_host(first: &str) -> bool {
    if first.starts_with("www.") || first == "localhost" {
        return true;
    }
    let address = first.contains('.') && first.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if address && first.len() > 2 && first != "..." {
        return first.split('.').count() == 4 && !first.contains("..");
    }
    let Some((name, top)) = first.rsplit_once('.') else { return false };
    !name.is_empty()
        && !name.starts_with('.')
        && matches!(
            top,
            "com"
                | "org"
                | "net"
                | "io"
                | "dev"
                | "ai"
                | "app"
                | "co"
                | "edu"
                | "gov"
                | "info"
                | "de"
                | "uk"
                | "eu"
                | "us"
                | "me"
                | "cloud"
                | "tech"
                | "xyz"
                | "site"
                | "page"
                | "fr"
                | "nl"
                | "jp"
                | "cn"
                | "ru"
                | "br"
                | "in"
                | "ca"
                | "au"
                | "ch"
        )
}

/// `%20` and the like as the bytes they stand for; what does not decode to text stays as it is.
fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        let pair = tail.get(..2).filter(|_| *byte == b'%');
        let digits = pair.and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(decoded) => {
                out.push(decoded);
                rest = tail.get(2..).unwrap_or(&[]);
            }
            None => {
                out.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}
