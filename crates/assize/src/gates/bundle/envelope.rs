//! A bundle on one line, written and read.

use assize_ledger::{
    Envelope, EnvelopeError, GIT_TREE, Ledger, PublicKey, STATEMENT_PAYLOAD_TYPE, STATEMENT_TYPE,
};
use serde_json::Value;

use super::claim::{Claim, PREDICATE_TYPE};
use crate::failure::Failure;

/// How a line of a note begins that means to be a bundle.
const BEGINS: char = '{';
/// No bundle is longer.
const LINE_BYTES_MAX: usize = 1 << 20;

/// Why a line is no bundle that counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum OpenError {
    #[error("it is longer than {LINE_BYTES_MAX} bytes")]
    Long,
    #[error("it is no envelope: it was altered, or is damaged")]
    Damaged,
    #[error("its envelope cannot be read: {0}")]
    Envelope(#[from] EnvelopeError),
    #[error("its signature does not fit: it was altered")]
    Altered,
    #[error("its key is none of `.assize/keys` in the commit before the change")]
    UnknownKey,
    #[error("it states something else than evidence of Assize")]
    Other,
}

/// What of a claim is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) tree: String,
    pub(super) base: Option<String>,
    pub(super) base_tree: Option<String>,
    pub(super) is_persons: bool,
    pub(super) rules: String,
    pub(super) unmet: Vec<String>,
    pub(super) ledger: (String, u64, String),
}

/// Signs a claim with the key of the record.
pub(crate) fn seal(claim: &Claim, ledger: &mut Ledger) -> Result<String, Failure> {
    let mut envelope = Envelope::new(STATEMENT_PAYLOAD_TYPE, claim.statement().to_json());
    ledger.sign(&mut envelope).map_err(|error| Failure::tool(&error))?;
    Ok(envelope.to_json())
}

/// Whether a line of a note means to be a bundle.
pub(crate) fn is_bundle(line: &str) -> bool {
    line.starts_with(BEGINS)
}

/// What a line claims, if one of these keys signed it.
pub(super) fn open(line: &str, keys: &[PublicKey]) -> Result<Opened, OpenError> {
    if line.len() > LINE_BYTES_MAX {
        return Err(OpenError::Long);
    }
    let (envelope, named) = read(line)?;
    if envelope.payload_type != STATEMENT_PAYLOAD_TYPE {
        return Err(OpenError::Other);
    }
    if envelope.signers(keys).is_empty() {
        // The name of a key is its maker's word. That one of ours is named and did not sign says
        // that the bytes are not those that were signed.
        let ours = keys.iter().any(|key| named.contains(&key.to_string()));
        return Err(if ours { OpenError::Altered } else { OpenError::UnknownKey });
    }
    let payload: Value =
        serde_json::from_slice(&envelope.payload).map_err(|_| OpenError::Damaged)?;
    opened(&payload).ok_or(OpenError::Other)
}

/// The envelope, and the keys that it names.
fn read(line: &str) -> Result<(Envelope, Vec<String>), OpenError> {
    let json: Value = serde_json::from_str(line).map_err(|_| OpenError::Damaged)?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let payload_type = text(json.get("payloadType")).ok_or(OpenError::Damaged)?;
    let payload = text(json.get("payload")).ok_or(OpenError::Damaged)?;
    let listed = json.get("signatures").and_then(Value::as_array).ok_or(OpenError::Damaged)?;
    let signed = |one: &Value| Some((text(one.get("keyid"))?, text(one.get("sig"))?));
    let signed: Option<Vec<(String, String)>> = listed.iter().map(signed).collect();
    let signed = signed.ok_or(OpenError::Damaged)?;
    let pairs: Vec<(&str, &str)> =
        signed.iter().map(|(key, signature)| (key.as_str(), signature.as_str())).collect();
    let envelope = Envelope::of_parts(&payload_type, &payload, &pairs)?;
    Ok((envelope, signed.into_iter().map(|(key, _)| key).collect()))
}

fn opened(payload: &Value) -> Option<Opened> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if payload.get("_type")?.as_str()? != STATEMENT_TYPE
        || payload.get("predicateType")?.as_str()? != PREDICATE_TYPE
    {
        return None;
    }
    let [subject] = payload.get("subject")?.as_array()?.as_slice() else { return None };
    let predicate = payload.get("predicate")?;
    let ledger = predicate.get("ledger")?;
    let unmet = predicate.get("unmet")?.as_array()?;
    Some(Opened {
        tree: text(subject.get("digest")?.get(GIT_TREE)?)?,
        base: predicate.get("base").and_then(text),
        base_tree: predicate.get("baseTree").and_then(text),
        is_persons: predicate.get("actor")?.as_str()? == "person",
        rules: text(predicate.get("rules")?)?,
        unmet: unmet.iter().map(text).collect::<Option<_>>()?,
        ledger: (
            text(ledger.get("id")?)?,
            ledger.get("sequence")?.as_u64()?,
            text(ledger.get("hash")?)?,
        ),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use assize_ledger::Disk;
    use proptest::prelude::*;

    use super::super::claim::{Claim, Who};
    use super::*;

    fn claim() -> Claim {
        Claim {
            tree: "ab".repeat(20),
            base: Some("cd".repeat(20)),
            base_tree: None,
            who: Who::Agent,
            rules: "r".to_owned(),
            rule_book: "b".to_owned(),
            documents: None,
            version: "1".to_owned(),
            files: 1,
            findings: 0,
            sessions: Vec::new(),
            verdicts: BTreeMap::new(),
            runs: Vec::new(),
            unmet: vec!["fresh-tests".to_owned()],
            ledger: ("id".to_owned(), 7, "h".to_owned()),
            time_ms: 1,
        }
    }

    fn ledger(folder: &std::path::Path) -> Ledger<Disk> {
        Ledger::open(folder, std::time::Duration::from_secs(5)).unwrap()
    }

    #[test]
    fn a_bundle_is_read_as_it_was_sealed_and_by_its_key_alone() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (mut own, mut other) = (ledger(one.path()), ledger(two.path()));
        let line = seal(&claim(), &mut own).unwrap();
        assert!(is_bundle(&line) && !line.contains('\n'));
        let (key, stranger) = (own.public_key().unwrap(), other.public_key().unwrap());
        let opened = open(&line, &[stranger, key]).unwrap();
        assert_eq!((opened.tree, opened.base), ("ab".repeat(20), Some("cd".repeat(20))));
        assert_eq!((opened.is_persons, opened.unmet), (false, vec!["fresh-tests".to_owned()]));
        assert_eq!(opened.ledger, ("id".to_owned(), 7, "h".to_owned()));
        assert_eq!(open(&line, &[stranger]), Err(OpenError::UnknownKey));
        assert_eq!(open(&line, &[]), Err(OpenError::UnknownKey));
        let resealed = seal(&claim(), &mut other).unwrap();
        assert_eq!(open(&resealed, &[key]), Err(OpenError::UnknownKey));
        let mixed = resealed.replace(&stranger.to_string(), &key.to_string());
        assert_eq!(open(&mixed, &[key]), Err(OpenError::Altered));
        for damaged in ["{", "{}", "{\"payload\":1}", &line[..line.len() - 9]] {
            assert_eq!(open(damaged, &[key]), Err(OpenError::Damaged), "{damaged}");
        }
        let long = format!("{{{}", " ".repeat(LINE_BYTES_MAX));
        assert_eq!(open(&long, &[key]), Err(OpenError::Long));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// No line that differs in a letter says anything else.
        #[test]
        fn an_altered_bundle_never_says_anything_else(at in any::<proptest::sample::Index>(), letter in "[ -~]") {
            let folder = tempfile::tempdir().unwrap();
            let mut ledger = ledger(folder.path());
            let line = seal(&claim(), &mut ledger).unwrap();
            let keys = [ledger.public_key().unwrap()];
            let sound = open(&line, &keys).unwrap();
            let at = at.index(line.len());
            let altered = format!("{}{letter}{}", &line[..at], &line[at + 1..]);
            if let Ok(opened) = open(&altered, &keys) {
                prop_assert_eq!(opened, sound);
            }
        }
    }
}
