//! Checkpoints: signatures over what the chain has come to.
//!
//! A checkpoint is an entry that signs the entry before it. It shows that whoever held the key saw
//! the chain in this form; it is no anchor, because it can be cut off with all that follows.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, SignatureError, Signer as _, SigningKey, VerifyingKey};

use crate::entry::{self, EntryError};
use crate::hash::{Hash, HashError, Head};
use crate::value::{Map, Value};

/// What is signed starts with this, so that no signature for another purpose fits.
const PURPOSE: &[u8] = b"assize ledger checkpoint 1\0";

/// The public half of the key that signs checkpoints, written like a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(Hash);

impl PublicKey {
    pub(crate) fn of(key: &SigningKey) -> Self {
        Self(Hash::new(key.verifying_key().to_bytes()))
    }

    /// The key to verify with; not all bytes are one.
    pub(crate) fn verifying(&self) -> Result<VerifyingKey, SignatureError> {
        VerifyingKey::from_bytes(self.0.bytes())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}

impl FromStr for PublicKey {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        text.parse().map(Self)
    }
}

/// The payload of a checkpoint on `head`.
pub(crate) fn sign(key: &SigningKey, head: Head) -> Map {
    let signature = key.sign(&message(head)).to_bytes();
    let members = [
        ("key", PublicKey::of(key).0.bytes().to_vec()),
        ("signature", signature.to_vec()),
        ("hash", head.hash.bytes().to_vec()),
    ];
    members.into_iter().map(|(key, bytes)| (key.to_owned(), Value::Bytes(bytes))).collect()
}

/// The key that signed `head`; `None` where the signature is not good.
pub(crate) fn signer(payload: &Map, head: Head) -> Result<Option<PublicKey>, EntryError> {
    let key: [u8; 32] = entry::bytes(payload, "key")?;
    let signature = Signature::from_bytes(&entry::bytes(payload, "signature")?);
    if entry::hash(payload, "hash")? != head.hash {
        return Ok(None);
    }
    let good = VerifyingKey::from_bytes(&key)
        .is_ok_and(|key| key.verify_strict(&message(head), &signature).is_ok());
    Ok(good.then_some(PublicKey(Hash::new(key))))
}

fn message(head: Head) -> Vec<u8> {
    [PURPOSE, &head.sequence.to_le_bytes(), head.hash.bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_fits_one_head_and_one_key() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let head = Head { sequence: 5, hash: Hash::of(&[b"a"]) };
        let payload = sign(&key, head);
        assert_eq!(signer(&payload, head), Ok(Some(PublicKey::of(&key))));
        let later = Head { sequence: 6, ..head };
        assert_eq!(signer(&payload, later), Ok(None));
        let other = Head { hash: Hash::of(&[b"b"]), ..head };
        assert_eq!(signer(&payload, other), Ok(None));
        let mut forged = payload;
        let stranger = PublicKey::of(&SigningKey::from_bytes(&[8; 32]));
        forged.insert("key".into(), Value::Bytes(stranger.0.bytes().to_vec()));
        assert_eq!(signer(&forged, head), Ok(None));
        forged.remove("key");
        assert_eq!(signer(&forged, head), Err(EntryError::Member("key")));
    }

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let key = PublicKey::of(&SigningKey::from_bytes(&[7; 32]));
        assert_eq!(key.to_string().parse(), Ok(key));
    }
}
