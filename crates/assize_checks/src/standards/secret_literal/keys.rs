//! Private keys in text form: PEM, PGP and PuTTY.
//!
//! A heading alone is no key: the body must be there in full. Manuals show headings with dots or
//! a few lines behind them, code compares with headings; both are silent.

use super::checksum::decode;
use super::secret::{RANK_KEY, Secret};
use assize_model::Severity;

const HEAD: &[u8] = b"-----BEGIN ";
/// The text between `BEGIN ` and `PRIVATE KEY`, such as `ENCRYPTED `.
const LABEL_BYTES: usize = 24;
/// An RSA key of 16,384 bits takes 12,700 characters; quoting and indentation come on top.
const BODY_BYTES: usize = 40_000;
/// The shortest body: an Ed25519 key.
const BODY_MIN: usize = 56;
/// How far behind a PuTTY heading its private lines begin.
const PUTTY_BYTES: usize = 8_192;

/// The private key whose heading holds `PRIVATE KEY` at this place.
pub(super) fn private_key(text: &str, words_at: usize) -> Option<Secret> {
    let bytes = text.as_bytes();
    let window = words_at.saturating_sub(LABEL_BYTES + HEAD.len());
    let before = bytes.get(window..words_at)?;
    let start = window + before.windows(HEAD.len()).rposition(|head| head == HEAD)?;
    let label = text.get(start + HEAD.len()..words_at)?;
    label.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b' ').then_some(())?;
    let after = text.get(words_at..)?.strip_prefix("PRIVATE KEY")?;
    let pgp = after.starts_with(" BLOCK-----");
    let heading = if pgp { " BLOCK-----" } else { "-----" };
    let rest = after.strip_prefix(heading)?;
    let body_at = text.len() - rest.len();
    let body = Body::read(bytes, body_at)?;
    let encrypted = label.contains("ENCRYPTED") || body.encrypted;
    (pgp && body.text.len() >= 200 || !pgp && is_whole_key(&body.text)).then_some(())?;
    let account = !pgp && text.get(..start).is_some_and(names_service_account);
    let (code, name) = match (pgp, encrypted, account) {
        (true, ..) => ("pgp-private-key", "a PGP private key"),
        (_, true, _) => ("private-key", "an encrypted private key"),
        (_, _, true) => ("google-service-account", "a Google service account's private key"),
        _ => ("private-key", "a private key"),
    };
    let severity = if encrypted { Severity::Warn } else { Severity::Block };
    Some(Secret {
        code,
        name,
        start,
        end: body.end,
        rank: RANK_KEY,
        severity,
        proven: false,
        shows_head: false,
        item: String::new(),
    })
}

/// Whether the key stands in the JSON file that Google hands out for a service account.
fn names_service_account(before: &str) -> bool {
    let bytes = before.as_bytes();
    let tail = bytes.get(bytes.len().saturating_sub(400)..).unwrap_or(&[]);
    let tail = String::from_utf8_lossy(tail);
    tail.contains("\"private_key_id\"") && tail.trim_end().ends_with('"')
}

/// The base64 characters between heading and end mark.
struct Body {
    text: String,
    /// Behind the last character of the body.
    end: usize,
    encrypted: bool,
}

impl Body {
    /// Reads over line ends, escapes of line ends, indentation, and the quotes and joints of
    /// string literals.
    fn read(bytes: &[u8], from: usize) -> Option<Self> {
        let mut text = String::new();
        let mut encrypted = false;
        let mut header = false;
        let mut at = from;
        let limit = from.saturating_add(BODY_BYTES);
        while at < limit {
            let byte = *bytes.get(at)?;
            match byte {
                b'-' if bytes.get(at..)?.starts_with(b"-----END ") => {
                    return Some(Self { text, end: at, encrypted });
                }
                // Another heading: this key never ends.
                b'-' if bytes.get(at..)?.starts_with(b"-----") => return None,
                b'\n' => header = false,
                b'\\' if matches!(bytes.get(at + 1), Some(b'n' | b'r' | b't')) => {
                    header = false;
                    at += 1;
                }
                _ if header => encrypted |= bytes.get(at..)?.starts_with(b"ENCRYPTED"),
                b':' => {
                    // `Proc-Type: 4,ENCRYPTED`: what was read of the line is its name.
                    header = true;
                    text.clear();
                }
                b'+' if is_joint(bytes, at) => {}
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => {
                    text.push(char::from(byte));
                }
                b' ' | b'\t' | b'\r' | b'"' | b'\'' | b'`' | b',' | b'\\' | b'|' | b'-' => {}
                _ => return None,
            }
            at += 1;
        }
        None
    }
}

/// Whether this `+` joins two string literals.
fn is_joint(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(..at).unwrap_or(&[]);
    let before = before.iter().rev().take(32).find(|byte| !byte.is_ascii_whitespace());
    let after = bytes.get(at + 1..).unwrap_or(&[]);
    let after = after.iter().take(256).find(|byte| !byte.is_ascii_whitespace());
    let quote = |byte: Option<&u8>| matches!(byte, Some(b'"' | b'\'' | b'`'));
    quote(before) || quote(after)
}

/// Whether a body is a key in full: its own length field says how long it is.
fn is_whole_key(body: &str) -> bool {
    if body.len() < BODY_MIN {
        return false;
    }
    let Some(key) = decode(body.trim_end_matches('=')) else { return false };
    if key.starts_with(b"openssh-key-v1\0") {
        return key.len() > 150;
    }
    match key.as_slice() {
        [0x30, 0x82, high, low, rest @ ..] => {
            rest.len() == usize::from(*high) << 8 | usize::from(*low)
        }
        [0x30, 0x81, length, rest @ ..] => rest.len() == usize::from(*length),
        [0x30, length, rest @ ..] if *length < 0x80 => rest.len() == usize::from(*length),
        // Old OpenSSL keys that are encrypted have no structure to look at.
        _ => body.len() >= 400 && super::placeholder::distinct(body.as_bytes()) > 40,
    }
}

/// A PuTTY key with its private half.
pub(super) fn putty(text: &str, start: usize) -> Option<Secret> {
    let rest = text.get(start..)?;
    let window = rest.get(..floor(rest, PUTTY_BYTES))?;
    // Headings in a row share no text, so that the whole stays linear.
    let next = window.get(1..)?.find("PuTTY-User-Key-File-").map_or(window.len(), |at| at + 1);
    let window = window.get(..next)?;
    let (_, lines) = window.split_once("Private-Lines: ")?;
    let (count, body) = lines.split_once('\n')?;
    count.trim().parse::<u32>().ok().filter(|count| *count > 0)?;
    let first = body.lines().next()?;
    (first.len() >= 40 && decode(first.trim()).is_some()).then_some(())?;
    let end = start + (window.len() - body.len()) + first.len();
    let encrypted = window.contains("Encryption: aes");
    Some(Secret {
        code: "putty-private-key",
        name: if encrypted { "an encrypted PuTTY private key" } else { "a PuTTY private key" },
        start,
        end,
        rank: RANK_KEY,
        severity: if encrypted { Severity::Warn } else { Severity::Block },
        proven: false,
        shows_head: false,
        item: String::new(),
    })
}

/// The last character boundary at or before a length.
pub(super) fn floor(text: &str, length: usize) -> usize {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}
