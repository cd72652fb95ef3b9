//! Envelopes of DSSE, version 1: a payload with its type and signatures over both.
//!
//! What is signed is the pre-authentication encoding, so that a signature never speaks for the
//! same bytes under another type. Whoever reads an envelope from JSON hands its members to
//! [`Envelope::of_parts`].

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::checkpoint::PublicKey;
use crate::json;
use crate::value::{Map, Value};

/// What every encoding starts with.
const PURPOSE: &str = "DSSEv1";
/// An envelope with more signatures is no team's, and each costs time.
pub const SIGNATURES_MAX: usize = 100;

/// One signature, with the name of the key that its maker gives: a hint, never a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub key_id: String,
    pub signature: Vec<u8>,
}

/// A signed payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub payload_type: String,
    pub payload: Vec<u8>,
    pub signatures: Vec<Signed>,
}

/// Why parts are no envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error("the payload is no base64")]
    Payload,
    #[error("a signature is no base64")]
    Signature,
    #[error("there are more than {SIGNATURES_MAX} signatures")]
    Many,
}

impl Envelope {
    /// A payload that nobody has signed yet.
    pub fn new(payload_type: impl Into<String>, payload: impl Into<Vec<u8>>) -> Self {
        let (payload_type, payload) = (payload_type.into(), payload.into());
        Self { payload_type, payload, signatures: Vec::new() }
    }

    /// The members of an envelope as they stand in JSON: the type, the payload, and of each
    /// signature the name of its key and itself.
    ///
    /// # Errors
    /// A part is not encoded, or there are too many.
    pub fn of_parts(
        payload_type: &str,
        payload: &str,
        signatures: &[(&str, &str)],
    ) -> Result<Self, EnvelopeError> {
        if signatures.len() > SIGNATURES_MAX {
            return Err(EnvelopeError::Many);
        }
        let payload = decoded(payload).ok_or(EnvelopeError::Payload)?;
        let signed = |(key_id, text): &(&str, &str)| {
            let signature = decoded(text).ok_or(EnvelopeError::Signature)?;
            Ok(Signed { key_id: (*key_id).to_owned(), signature })
        };
        let signatures = signatures.iter().map(signed).collect::<Result<_, _>>()?;
        Ok(Self { payload_type: payload_type.to_owned(), payload, signatures })
    }

    /// Adds the signature of a key.
    pub(crate) fn sign(&mut self, key: &SigningKey) {
        let signature = key.sign(&self.signed_bytes()).to_bytes().to_vec();
        self.signatures.push(Signed { key_id: PublicKey::of(key).to_string(), signature });
    }

    /// The keys among these that signed the payload under its type, each once.
    pub fn signers(&self, keys: &[PublicKey]) -> Vec<PublicKey> {
        let bytes = self.signed_bytes();
        let signed = |key: &PublicKey| {
            let signatures = self.signatures.iter().take(SIGNATURES_MAX);
            signatures.into_iter().any(|one| is_of(key, &one.signature, &bytes))
        };
        let mut found: Vec<PublicKey> = Vec::new();
        for key in keys {
            if !found.contains(key) && signed(key) {
                found.push(*key);
            }
        }
        found
    }

    fn signed_bytes(&self) -> Vec<u8> {
        pre_authentication(&self.payload_type, &self.payload)
    }

    /// The envelope on one line.
    pub fn to_json(&self) -> String {
        let signed = |one: &Signed| {
            Value::Map(Map::from([
                ("keyid".to_owned(), one.key_id.as_str().into()),
                ("sig".to_owned(), STANDARD.encode(&one.signature).into()),
            ]))
        };
        json::object_text(&[
            ("payload", STANDARD.encode(&self.payload).into()),
            ("payloadType", self.payload_type.as_str().into()),
            ("signatures", Value::List(self.signatures.iter().map(signed).collect())),
        ])
    }
}

/// What is signed of a payload and its type.
pub fn pre_authentication(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("{PURPOSE} {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// Either alphabet: the specification lets a reader take both.
fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}

fn is_of(key: &PublicKey, signature: &[u8], bytes: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (key.verifying(), Signature::from_slice(signature)) else {
        return false;
    };
    VerifyingKey::verify_strict(&key, bytes, &signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "http://example.com/HelloWorld";

    /// The worked example of the specification (protocol.md, "Test Vectors").
    #[test]
    fn the_encoding_is_that_of_the_specification() {
        let bytes = pre_authentication(TYPE, b"hello world");
        assert_eq!(bytes, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        // Lengths count bytes, and an empty payload still has one.
        assert_eq!(pre_authentication("é", b""), "DSSEv1 2 é 0 ".as_bytes());
        let example = Envelope::of_parts(TYPE, "aGVsbG8gd29ybGQ=", &[]).unwrap();
        assert_eq!(example.payload, b"hello world");
    }

    #[test]
    fn a_signature_fits_one_payload_one_type_and_one_key() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let (own, other) = (PublicKey::of(&key), PublicKey::of(&SigningKey::from_bytes(&[8; 32])));
        let mut envelope = Envelope::new(TYPE, "hello world");
        assert_eq!(envelope.signers(&[own]), []);
        envelope.sign(&key);
        assert_eq!(envelope.signers(&[other, own, own]), [own]);
        assert_eq!(envelope.signers(&[other]), []);
        let altered = Envelope { payload: b"hello w0rld".to_vec(), ..envelope.clone() };
        assert_eq!(altered.signers(&[own]), []);
        let retyped = Envelope { payload_type: "text/plain".to_owned(), ..envelope.clone() };
        assert_eq!(retyped.signers(&[own]), []);
        // The name of a key proves nothing.
        let mut renamed = envelope;
        renamed.signatures[0].key_id = other.to_string();
        assert_eq!(renamed.signers(&[other]), []);
    }

    #[test]
    fn an_envelope_is_read_as_it_is_written() {
        let mut envelope = Envelope::new(TYPE, vec![0xfb, 0xff, 0x00]);
        envelope.sign(&SigningKey::from_bytes(&[7; 32]));
        envelope.sign(&SigningKey::from_bytes(&[8; 32]));
        let json: serde_json::Value = serde_json::from_str(&envelope.to_json()).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let signed: Vec<(String, String)> = json["signatures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (text(&one["keyid"]), text(&one["sig"])))
            .collect();
        let signed: Vec<(&str, &str)> =
            signed.iter().map(|(key, signature)| (key.as_str(), signature.as_str())).collect();
        let payload = text(&json["payload"]);
        let read = Envelope::of_parts(&text(&json["payloadType"]), &payload, &signed);
        assert_eq!(read, Ok(envelope.clone()));
        let url_safe = payload.replace('+', "-").replace('/', "_");
        assert_ne!(url_safe, payload);
        assert_eq!(Envelope::of_parts(TYPE, &url_safe, &signed), Ok(envelope));
        assert_eq!(Envelope::of_parts(TYPE, "?", &[]), Err(EnvelopeError::Payload));
        assert_eq!(Envelope::of_parts(TYPE, "", &[("", "?")]), Err(EnvelopeError::Signature));
        let many = [("", ""); SIGNATURES_MAX + 1];
        assert_eq!(Envelope::of_parts(TYPE, "", &many), Err(EnvelopeError::Many));
    }
}
