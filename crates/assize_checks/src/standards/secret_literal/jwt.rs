//! JSON Web Tokens: three parts, of which the first two are JSON.

use assize_model::{FileClass, Severity};

use super::alphabet::URL;
use super::checksum::decode;
use super::format::starts_token;
use super::placeholder::is_published;
use super::secret::{RANK_JWT, Secret};

/// Longer parts are no tokens that anybody sends in a header.
const PART_BYTES: usize = 8_192;
/// HMAC-SHA-256 takes 43 characters; nothing shorter is a signature.
const SIGNATURE_MIN: usize = 42;

/// The token that begins here.
///
/// Tests, examples and documents are full of tokens that someone made up to show the form; there
/// only those of clusters are told, which nobody types.
pub(super) fn find(text: &str, start: usize, class: FileClass) -> Option<Secret> {
    let bytes = text.as_bytes();
    starts_token(bytes, start, URL.with(b".")).then_some(())?;
    let header_end = start + part(bytes, start)?;
    let payload_at = after_dot(bytes, header_end)?;
    let payload_end = payload_at + part(bytes, payload_at)?;
    let signature_at = after_dot(bytes, payload_end)?;
    let end = signature_at + part(bytes, signature_at)?;
    let closed = bytes.get(end) != Some(&b'.') && end - signature_at >= SIGNATURE_MIN;
    closed.then_some(())?;
    let header = json(text.get(start..header_end)?)?;
    let payload = json(text.get(payload_at..payload_end)?)?;
    header.contains("\"alg\"").then_some(())?;
    (!is_published(text.get(signature_at..end)?) && !is_demonstration(&payload)).then_some(())?;
    let cluster = payload.contains("kubernetes.io/serviceaccount")
        || payload.contains("kubernetes/serviceaccount");
    let quiet = matches!(
        class,
        FileClass::Test | FileClass::Example | FileClass::Doc | FileClass::RuleSelf
    );
    (cluster || !quiet).then_some(())?;
    let (code, name, severity) = if cluster {
        ("kubernetes-token", "a Kubernetes service account token", Severity::Block)
    } else {
        ("json-web-token", "a JSON Web Token", Severity::Warn)
    };
    Some(Secret {
        code,
        name,
        start,
        end,
        rank: RANK_JWT,
        severity,
        proven: false,
        shows_head: true,
        item: String::new(),
    })
}

fn part(bytes: &[u8], from: usize) -> Option<usize> {
    let length = URL.run(bytes, from, PART_BYTES + 1);
    (0 < length && length <= PART_BYTES).then_some(length)
}

fn after_dot(bytes: &[u8], at: usize) -> Option<usize> {
    (bytes.get(at) == Some(&b'.')).then_some(at + 1)
}

fn json(part: &str) -> Option<String> {
    let text = String::from_utf8(decode(part)?).ok()?;
    (text.starts_with('{') && text.trim_end().ends_with('}')).then_some(text)
}

/// Payloads of the samples that come with libraries and local development stacks.
fn is_demonstration(payload: &str) -> bool {
    ["John Doe", "\"1234567890\"", "supabase-demo", "example.com", "\"test\""]
        .iter()
        .any(|mark| payload.contains(mark))
}
