//! The pass over one text: anchors first, then what each of them announces.

use assize_model::{FileClass, Severity};

use super::anchors::{ANCHORS, Meaning};
use super::assignment::{Bare, read};
use super::format::Format;
use super::secret::{RANK_FORMAT, Secret, without_overlaps};
use super::{context, header, judgement, jwt, keys, login, manifest};

/// What is scanned, and as what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) text: &'a str,
    pub(crate) class: FileClass,
    /// Which unquoted words are values in this language.
    pub(crate) bare: Bare,
    /// Whether the file configures running services, so that weak passwords count too.
    pub(crate) settings: bool,
}

/// All secrets of the text, in order, without overlaps.
pub(crate) fn secrets(request: Request<'_>) -> Vec<Secret> {
    let Request { text, class, bare, settings } = request;
    let mut found = Vec::new();
    let mut manifests_until = 0;
    ANCHORS.visit(text.as_bytes(), |at, length, meaning| {
        let one = match meaning {
            Meaning::Token(format) => token(format, text, at, class),
            Meaning::Jwt => jwt::find(text, at, class),
            Meaning::PrivateKey | Meaning::Putty if is_shown(class) => None,
            Meaning::PrivateKey => keys::private_key(text, at),
            Meaning::Putty => keys::putty(text, at),
            Meaning::Address => login::find(text, at, class),
            Meaning::Word => read(text, (at, at + length), bare)
                .and_then(|assignment| judgement::judge(text, assignment, class, settings)),
            Meaning::Bearer => header::bearer(text, at, length, class),
            Meaning::Curl => header::curl(text, at, class),
            Meaning::Manifest if at < manifests_until || is_shown(class) => None,
            Meaning::Manifest => {
                let (values, end) = manifest::find(text, at);
                manifests_until = end;
                found.extend(values);
                None
            }
        };
        found.extend(one);
    });
    let mut kept = without_overlaps(found);
    for secret in &mut kept {
        soften(secret, class);
        if secret.item.is_empty() {
            secret.item = name_before(text, secret.start);
        }
    }
    // What a form shows before anybody has written into it.
    kept.retain(|secret| !secret.item.ends_with("placeholder"));
    kept
}

fn token(format: &Format, text: &str, at: usize, class: FileClass) -> Option<Secret> {
    let (start, end) = format.find(text, at)?;
    let issued = format.code != "stripe-webhook-secret" || context::speaks_of(text, "stripe");
    let public = match format.code {
        "aws-access-key" => context::is_of_signed_address(text, start),
        "google-api-key" => context::is_public_by_design(text, start),
        // Others give their secrets this form too, and print them in documents and tests.
        "stripe-webhook-secret" => !issued && is_shown(class),
        _ => false,
    };
    (!public).then_some(())?;
    Some(Secret {
        code: format.code,
        name: if issued { format.name } else { "a webhook secret" },
        start,
        end,
        rank: RANK_FORMAT,
        severity: format.severity,
        proven: format.proven,
        shows_head: format.lead.is_none() && format.anchor.len() >= 3,
        item: String::new(),
    })
}

/// Tests make keys and manifests of their own, and documents print whole ones to show where values
/// go.
const fn is_shown(class: FileClass) -> bool {
    matches!(class, FileClass::Test | FileClass::Example | FileClass::Doc | FileClass::RuleSelf)
}

/// A form without a checksum, or in a test, an example or a document, is often made up: worth a
/// look, not a stop. `docs/precision.md` has the counts.
fn soften(secret: &mut Secret, class: FileClass) {
    if (is_shown(class) || !secret.proven) && secret.severity > Severity::Warn {
        secret.severity = Severity::Warn;
    }
}

/// The name to which the secret is assigned, for telling two of one file apart.
fn name_before(text: &str, start: usize) -> String {
    const LOOK_BACK_BYTES: usize = 80;
    let from = start.saturating_sub(LOOK_BACK_BYTES);
    let window = text.as_bytes().get(from..start).unwrap_or(&[]);
    let line = window.rsplit(|byte| *byte == b'\n').next().unwrap_or(&[]);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let end = line.iter().rposition(is_name).map_or(0, |at| at + 1);
    let line = line.get(..end).unwrap_or(&[]);
    let begin = line.iter().rposition(|byte| !is_name(byte)).map_or(0, |at| at + 1);
    String::from_utf8_lossy(line.get(begin..).unwrap_or(&[])).into_owned()
}
