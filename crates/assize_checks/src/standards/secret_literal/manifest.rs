//! Kubernetes Secrets with their values in plain sight.

use assize_model::Severity;

use super::checksum::decode;
use super::placeholder::{is_published, is_template, is_wordy, own_characters, reads_as_filler};
use super::secret::{RANK_CONTEXT, Secret};

/// Keys that name the way to a service and not its secret.
const OPEN_KEYS: [&str; 18] = [
    "user",
    "username",
    "host",
    "hostname",
    "port",
    "database",
    "dbname",
    "db",
    "name",
    "email",
    "region",
    "endpoint",
    "url",
    "ca.crt",
    "tls.crt",
    "namespace",
    "pub",
    "type",
];
const VALUE_BYTES: usize = 4_096;
/// What a value needs of its own besides the words that everybody uses.
const OWN_MIN: usize = 6;

/// The values of the Secret whose `kind:` line stands here, and where its document ends.
pub(super) fn find(text: &str, kind_at: usize) -> (Vec<Secret>, usize) {
    let before = text.get(..kind_at).unwrap_or("");
    let rest = text.get(kind_at..).unwrap_or("");
    let end = kind_at + rest.find("\n---").unwrap_or(rest.len());
    if !(before.is_empty() || before.ends_with('\n')) {
        return (Vec::new(), kind_at);
    }
    let start = before.rfind("\n---").map_or(0, |at| at + 1);
    let document = text.get(start..end).unwrap_or("");
    let sealed = document.contains("\nsops:") || document.contains("{{");
    let first = rest.lines().next().unwrap_or("").trim_end();
    if sealed || first != "kind: Secret" || !document.contains("apiVersion:") {
        return (Vec::new(), end);
    }
    (values(document, start), end)
}

fn values(document: &str, offset: usize) -> Vec<Secret> {
    let mut found = Vec::new();
    let mut section = None;
    // Deeper lines are the text of a block, not entries of their own.
    let mut indent = None;
    let mut at = offset;
    for line in document.split_inclusive('\n') {
        let line_at = at;
        at += line.len();
        let line = line.trim_end();
        if !line.starts_with([' ', '#']) && !line.is_empty() {
            section = match line {
                "data:" => Some(true),
                "stringData:" => Some(false),
                _ => None,
            };
            indent = None;
        } else if let Some(encoded) = section
            && let depth = line.len() - line.trim_start().len()
            && (line.trim_start().starts_with('#') || *indent.get_or_insert(depth) == depth)
            && let Some(secret) = value(line, line_at, encoded)
        {
            found.push(secret);
        }
    }
    found
}

fn value(line: &str, line_at: usize, encoded: bool) -> Option<Secret> {
    let (key, value) = line.split_once(": ")?;
    let key = key.trim().trim_matches(['"', '\'']);
    let value = value.split(" #").next()?.trim().trim_matches(['"', '\'']);
    let lower = key.to_ascii_lowercase();
    let last = lower.rsplit(['-', '_', '.']).next().unwrap_or(&lower);
    let open = OPEN_KEYS.contains(&lower.as_str()) || OPEN_KEYS.contains(&last);
    (!open && !value.is_empty() && value.len() <= VALUE_BYTES).then_some(())?;
    let plain = if encoded { String::from_utf8(decode(value)?).ok()? } else { value.to_owned() };
    let plain = plain.trim();
    let made_up =
        is_template(plain) || is_published(plain) || is_wordy(plain) || reads_as_filler(plain);
    let told = own_characters(plain) >= OWN_MIN && !made_up;
    // What is handed to everybody: certificates, public keys, addresses without a login.
    let public = plain.starts_with("-----BEGIN ") && !plain.contains("PRIVATE KEY")
        || plain.starts_with("ssh-")
        || plain.contains("://") && !plain.contains('@');
    let block = matches!(value.as_bytes().first(), Some(b'|' | b'>' | b'#'));
    (told && !public && !block).then_some(())?;
    let start = line_at + line.find(value)?;
    Some(Secret {
        code: "kubernetes-secret",
        name: "a value of a Kubernetes Secret",
        start,
        end: start + value.len(),
        rank: RANK_CONTEXT,
        severity: Severity::Warn,
        proven: false,
        shows_head: false,
        item: key.to_owned(),
    })
}
