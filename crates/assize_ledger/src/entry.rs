//! What an entry says, and the bytes of it that are chained.
//!
//! The chained bytes (the *head* of an entry) hold the payload's hash and length, never the
//! payload: it can be forgotten, and the chain still verifies. The hash covers a random salt that
//! is forgotten with the payload, so that nobody finds a short payload again by guessing.

use crate::hash::Hash;
use crate::value::{self, Map, Value, ValueError};

/// The version of the head's form. Members that a later minor form adds are kept and verified.
const VERSION: i64 = 1;
/// Longest name of a session, harness, agent, user or kind, in bytes.
pub const NAME_BYTES_MAX: usize = 256;
/// Longest payload, in encoded bytes.
pub const PAYLOAD_BYTES_MAX: usize = 1 << 20;
/// Longest head, in bytes: five names, a hash, numbers and keys fit with room for members to come.
pub(crate) const HEAD_BYTES_MAX: usize = 4096;

pub(crate) const SALT_BYTES: usize = 16;
pub(crate) type Salt = [u8; SALT_BYTES];

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub harness: String,
    /// The agent or subagent, where the harness tells.
    pub agent: Option<String>,
    pub user: String,
}

/// What sort of entry it is, such as `verdict`: words of small letters, digits, `-` and `_`, joined
/// by dots. Kinds that start with `ledger.` are the ledger's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind(String);

impl Kind {
    /// A kind of the caller; `None` for what is no kind, and for the ledger's own.
    pub fn new(name: &str) -> Option<Self> {
        Self::read(name).filter(|kind| !kind.is_own())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn own(own: OwnKind) -> Self {
        Self(own.name().to_owned())
    }

    /// Whether the ledger itself writes such entries.
    pub fn is_own(&self) -> bool {
        self.0.starts_with("ledger.")
    }

    fn read(name: &str) -> Option<Self> {
        let good = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(good);
        let fits = name.len() <= NAME_BYTES_MAX && name.split('.').all(is_word);
        fits.then(|| Self(name.to_owned()))
    }
}

/// The entries that the ledger writes about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OwnKind {
    Checkpoint,
    Forget,
    Recovery,
}

impl OwnKind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Checkpoint => "ledger.checkpoint",
            Self::Forget => "ledger.forget",
            Self::Recovery => "ledger.recovery",
        }
    }
}

/// Whose entry it is and when it was made: what the ledger's own entries take from the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Milliseconds since 1970 in UTC. The caller has the clock.
    pub time_ms: i64,
    pub session: String,
    pub actor: Actor,
}

/// An entry to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub origin: Origin,
    pub kind: Kind,
    pub payload: Map,
}

/// An entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub sequence: u64,
    pub origin: Origin,
    pub kind: Kind,
    pub payload_hash: Hash,
    pub payload: Payload,
    pub previous: Hash,
    pub hash: Hash,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    Present(Map),
    /// Its bytes are not there; verifying tells whether they were forgotten by rule.
    Absent,
}

/// Why an entry cannot be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    #[error("`{0}` is longer than {NAME_BYTES_MAX} bytes")]
    Name(&'static str),
    #[error("the payload is longer than {PAYLOAD_BYTES_MAX} bytes")]
    Payload,
    #[error(transparent)]
    Value(#[from] ValueError),
    #[error("`{0}` is missing or of another type")]
    Member(&'static str),
    #[error("the entry is of version {0}, which this program does not know")]
    Version(i64),
}

/// The head of an entry: everything but the payload itself and the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntryHead {
    pub(crate) sequence: u64,
    pub(crate) origin: Origin,
    pub(crate) kind: Kind,
    pub(crate) payload_hash: Hash,
    /// Of the stored payload: salt and encoded map.
    pub(crate) payload_length: usize,
}

/// The head and the payload's stored bytes of a draft.
pub(crate) fn seal(
    draft: &Draft,
    sequence: u64,
    salt: Salt,
) -> Result<(Vec<u8>, Vec<u8>), EntryError> {
    let map = value::encode(&draft.payload)?;
    if map.len() > PAYLOAD_BYTES_MAX {
        return Err(EntryError::Payload);
    }
    let payload = [&salt[..], &map].concat();
    let head = EntryHead {
        sequence,
        origin: draft.origin.clone(),
        kind: draft.kind.clone(),
        payload_hash: Hash::of(&[&payload]),
        payload_length: payload.len(),
    };
    Ok((head.encode()?, payload))
}

/// The map in a payload's stored bytes.
pub(crate) fn open(stored: &[u8]) -> Result<Map, ValueError> {
    value::decode(stored.get(SALT_BYTES..).ok_or(ValueError::Short)?)
}

impl EntryHead {
    fn encode(&self) -> Result<Vec<u8>, EntryError> {
        let Origin { time_ms, session, actor } = &self.origin;
        let sequence = i64::try_from(self.sequence).map_err(|_| EntryError::Member("seq"))?;
        let length = i64::try_from(self.payload_length).map_err(|_| EntryError::Payload)?;
        let agent = match &actor.agent {
            Some(agent) => name("agent", agent)?,
            None => Value::Null,
        };
        let members = [
            ("v", Value::Integer(VERSION)),
            ("seq", Value::Integer(sequence)),
            ("time", Value::Integer(*time_ms)),
            ("session", name("session", session)?),
            ("harness", name("harness", &actor.harness)?),
            ("agent", agent),
            ("user", name("user", &actor.user)?),
            ("kind", name("kind", self.kind.as_str())?),
            ("payload", Value::Bytes(self.payload_hash.bytes().to_vec())),
            ("length", Value::Integer(length)),
        ];
        let map = members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        Ok(value::encode(&map)?)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, EntryError> {
        let map = value::decode(bytes)?;
        let version = integer(&map, "v")?;
        if version != VERSION {
            return Err(EntryError::Version(version));
        }
        let size = integer(&map, "length")?;
        let kind = Kind::read(&text(&map, "kind")?).ok_or(EntryError::Member("kind"))?;
        let agent = match map.get("agent") {
            Some(Value::Null) => None,
            _ => Some(text(&map, "agent")?),
        };
        Ok(Self {
            sequence: u64::try_from(integer(&map, "seq")?)
                .map_err(|_| EntryError::Member("seq"))?,
            origin: Origin {
                time_ms: integer(&map, "time")?,
                session: text(&map, "session")?,
                actor: Actor { harness: text(&map, "harness")?, agent, user: text(&map, "user")? },
            },
            kind,
            payload_hash: hash(&map, "payload")?,
            payload_length: usize::try_from(size).map_err(|_| EntryError::Member("length"))?,
        })
    }
}

fn name(key: &'static str, text: &str) -> Result<Value, EntryError> {
    if text.len() > NAME_BYTES_MAX { Err(EntryError::Name(key)) } else { Ok(text.into()) }
}

pub(crate) fn integer(map: &Map, key: &'static str) -> Result<i64, EntryError> {
    match map.get(key) {
        Some(Value::Integer(number)) => Ok(*number),
        _ => Err(EntryError::Member(key)),
    }
}

fn text(map: &Map, key: &'static str) -> Result<String, EntryError> {
    match map.get(key) {
        Some(Value::Text(text)) => Ok(text.clone()),
        _ => Err(EntryError::Member(key)),
    }
}

pub(crate) fn bytes<const N: usize>(map: &Map, key: &'static str) -> Result<[u8; N], EntryError> {
    match map.get(key) {
        Some(Value::Bytes(bytes)) => {
            bytes.as_slice().try_into().map_err(|_| EntryError::Member(key))
        }
        _ => Err(EntryError::Member(key)),
    }
}

pub(crate) fn hash(map: &Map, key: &'static str) -> Result<Hash, EntryError> {
    bytes(map, key).map(Hash::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(session: &str) -> Draft {
        let actor = Actor { harness: "claude".into(), agent: None, user: "ada".into() };
        Draft {
            origin: Origin { time_ms: 1_700_000_000_123, session: session.into(), actor },
            kind: Kind::new("verdict.deny").unwrap(),
            payload: Map::from([("command".to_owned(), "ls".into())]),
        }
    }

    #[test]
    fn a_head_comes_back_and_the_salt_hides_the_payload() {
        let (head, payload) = seal(&draft("s"), 7, [1; SALT_BYTES]).unwrap();
        let read = EntryHead::decode(&head).unwrap();
        assert_eq!((read.sequence, read.payload_length), (7, payload.len()));
        assert_eq!(read.origin, draft("s").origin);
        assert_eq!(read.payload_hash, Hash::of(&[&payload]));
        assert_eq!(open(&payload), Ok(draft("s").payload));
        let (other, _) = seal(&draft("s"), 7, [2; SALT_BYTES]).unwrap();
        assert_ne!(EntryHead::decode(&other).unwrap().payload_hash, read.payload_hash);
    }

    #[test]
    fn names_and_payloads_have_limits() {
        let salt = [0; SALT_BYTES];
        assert!(seal(&draft(&"s".repeat(NAME_BYTES_MAX)), 1, salt).is_ok());
        let long = draft(&"s".repeat(NAME_BYTES_MAX + 1));
        assert_eq!(seal(&long, 1, salt).unwrap_err(), EntryError::Name("session"));
        let mut large = draft("s");
        large.payload.insert("a".into(), Value::Bytes(vec![0; PAYLOAD_BYTES_MAX]));
        assert_eq!(seal(&large, 1, salt).unwrap_err(), EntryError::Payload);
    }

    #[test]
    fn kinds_are_words_and_the_own_ones_are_reserved() {
        for name in ["verdict", "a.b-c_d.9"] {
            assert_eq!(Kind::new(name).unwrap().as_str(), name);
        }
        for name in ["", ".", "a.", "A", "a b", "ledger.checkpoint", &"a".repeat(257)] {
            assert_eq!(Kind::new(name), None, "{name}");
        }
    }

    /// A later form may add members; another version is told from damage.
    #[test]
    fn added_members_are_read_over_and_other_versions_named() {
        let (head, _) = seal(&draft("s"), 1, [0; SALT_BYTES]).unwrap();
        let mut map = value::decode(&head).unwrap();
        map.insert("later".into(), Value::Bool(true));
        assert!(EntryHead::decode(&value::encode(&map).unwrap()).is_ok());
        map.insert("v".into(), Value::Integer(2));
        let error = EntryHead::decode(&value::encode(&map).unwrap()).unwrap_err();
        assert_eq!(error, EntryError::Version(2));
    }
}
