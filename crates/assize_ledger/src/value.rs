//! Values of payloads and heads, and their one encoding.
//!
//! The encoding is the part of CBOR (RFC 8949) that the ledger needs, in the deterministic form of
//! its section 4.2: shortest lengths, definite lengths, keys in the order of their bytes. The
//! decoder refuses every other form, so that two values are equal exactly when their bytes are,
//! and a hash speaks for the value. Floats, tags and simple values beyond true, false and null are
//! refused: no entry has a use for them.

use std::collections::BTreeMap;

/// How deep lists and maps may stand in each other.
pub const DEPTH_MAX: usize = 16;

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const LIST: u8 = 4;
const MAP: u8 = 5;
const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;
const NULL: u8 = 0xf6;

/// The members of a map. A payload is one.
pub type Map = BTreeMap<String, Value>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Value>),
    Map(Map),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

/// Why bytes are no value, or a value has no bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error("the bytes end inside a value")]
    Short,
    #[error("bytes follow the value")]
    Long,
    #[error("lists and maps stand more than {DEPTH_MAX} deep in each other")]
    Deep,
    #[error("a number is not in its shortest form, or too large")]
    Number,
    #[error("the keys of a map are not texts in order")]
    Keys,
    #[error("a text is not UTF-8")]
    Text,
    #[error("a kind of value that the ledger does not have")]
    Kind,
}

/// The bytes of a map.
pub fn encode(map: &Map) -> Result<Vec<u8>, ValueError> {
    let mut out = Vec::new();
    put_map(map, DEPTH_MAX, &mut out)?;
    Ok(out)
}

/// The map that these bytes are, if they are exactly one in the deterministic form.
pub fn decode(bytes: &[u8]) -> Result<Map, ValueError> {
    let mut reader = Reader { rest: bytes };
    let Value::Map(map) = reader.value(DEPTH_MAX)? else { return Err(ValueError::Kind) };
    if reader.rest.is_empty() { Ok(map) } else { Err(ValueError::Long) }
}

fn put(value: &Value, depth: usize, out: &mut Vec<u8>) -> Result<(), ValueError> {
    match value {
        Value::Null => out.push(NULL),
        Value::Bool(false) => out.push(FALSE),
        Value::Bool(true) => out.push(TRUE),
        // The argument of a negative number n is -1 - n, which is `!n`.
        Value::Integer(number) => match u64::try_from(*number) {
            Ok(number) => put_head(UNSIGNED, number, out),
            Err(_) => put_head(NEGATIVE, (!*number).unsigned_abs(), out),
        },
        Value::Bytes(bytes) => put_run(BYTES, bytes, out),
        Value::Text(text) => put_run(TEXT, text.as_bytes(), out),
        Value::List(members) => {
            let depth = depth.checked_sub(1).ok_or(ValueError::Deep)?;
            put_head(LIST, length(members.len()), out);
            for member in members {
                put(member, depth, out)?;
            }
        }
        Value::Map(map) => put_map(map, depth, out)?,
    }
    Ok(())
}

fn put_map(map: &Map, depth: usize, out: &mut Vec<u8>) -> Result<(), ValueError> {
    let depth = depth.checked_sub(1).ok_or(ValueError::Deep)?;
    put_head(MAP, length(map.len()), out);
    let mut members: Vec<_> = map.iter().collect();
    members.sort_by_key(|(key, _)| order(key));
    for (key, value) in members {
        put_run(TEXT, key.as_bytes(), out);
        put(value, depth, out)?;
    }
    Ok(())
}

/// The order of the encoded keys: a shorter text has the smaller first bytes.
fn order(key: &str) -> (usize, &[u8]) {
    (key.len(), key.as_bytes())
}

fn put_run(major: u8, bytes: &[u8], out: &mut Vec<u8>) {
    put_head(major, length(bytes.len()), out);
    out.extend_from_slice(bytes);
}

fn put_head(major: u8, argument: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    if let Ok(byte) = u8::try_from(argument) {
        if byte < 24 {
            out.push(major | byte);
        } else {
            out.extend_from_slice(&[major | 24, byte]);
        }
    } else if let Ok(short) = u16::try_from(argument) {
        out.push(major | 25);
        out.extend_from_slice(&short.to_be_bytes());
    } else if let Ok(word) = u32::try_from(argument) {
        out.push(major | 26);
        out.extend_from_slice(&word.to_be_bytes());
    } else {
        out.push(major | 27);
        out.extend_from_slice(&argument.to_be_bytes());
    }
}

/// No platform has a `usize` beyond 64 bits; if one had, the limits on sizes refuse the entry.
fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Value, ValueError> {
        let first = self.byte()?;
        match first {
            FALSE => return Ok(Value::Bool(false)),
            TRUE => return Ok(Value::Bool(true)),
            NULL => return Ok(Value::Null),
            _ if first >> 5 > MAP => return Err(ValueError::Kind),
            _ => {}
        }
        let (major, argument) = (first >> 5, self.argument(first & 0x1f)?);
        match major {
            UNSIGNED => number(argument).map(Value::Integer),
            NEGATIVE => number(argument).map(|number| Value::Integer(!number)),
            BYTES => Ok(Value::Bytes(self.run(argument)?.to_vec())),
            TEXT => Ok(Value::Text(self.text(argument)?.to_owned())),
            LIST => {
                let depth = depth.checked_sub(1).ok_or(ValueError::Deep)?;
                // Collected one by one: a length is a claim until its members were read.
                (0..argument).map(|_| self.value(depth)).collect::<Result<_, _>>().map(Value::List)
            }
            MAP => self.map(argument, depth).map(Value::Map),
            _ => Err(ValueError::Kind),
        }
    }

    fn map(&mut self, count: u64, depth: usize) -> Result<Map, ValueError> {
        let depth = depth.checked_sub(1).ok_or(ValueError::Deep)?;
        let mut map = Map::new();
        let mut last: Option<&str> = None;
        for _ in 0..count {
            let first = self.byte()?;
            if first >> 5 != TEXT {
                return Err(ValueError::Keys);
            }
            let argument = self.argument(first & 0x1f)?;
            let key = self.text(argument)?;
            if last.is_some_and(|last| order(last) >= order(key)) {
                return Err(ValueError::Keys);
            }
            last = Some(key);
            let value = self.value(depth)?;
            map.insert(key.to_owned(), value);
        }
        Ok(map)
    }

    fn argument(&mut self, low: u8) -> Result<u64, ValueError> {
        let (argument, least) = match low {
            0..24 => return Ok(u64::from(low)),
            24 => (u64::from(self.byte()?), 24),
            25 => (u64::from(u16::from_be_bytes(self.array()?)), 1 << 8),
            26 => (u64::from(u32::from_be_bytes(self.array()?)), 1 << 16),
            27 => (u64::from_be_bytes(self.array()?), 1 << 32),
            _ => return Err(ValueError::Kind),
        };
        if argument < least { Err(ValueError::Number) } else { Ok(argument) }
    }

    fn text(&mut self, length: u64) -> Result<&'a str, ValueError> {
        str::from_utf8(self.run(length)?).map_err(|_| ValueError::Text)
    }

    fn run(&mut self, length: u64) -> Result<&'a [u8], ValueError> {
        let length = usize::try_from(length).map_err(|_| ValueError::Short)?;
        let (run, rest) = self.rest.split_at_checked(length).ok_or(ValueError::Short)?;
        self.rest = rest;
        Ok(run)
    }

    fn byte(&mut self) -> Result<u8, ValueError> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ValueError> {
        let (array, rest) = self.rest.split_first_chunk::<N>().ok_or(ValueError::Short)?;
        self.rest = rest;
        Ok(*array)
    }
}

fn number(argument: u64) -> Result<i64, ValueError> {
    i64::try_from(argument).map_err(|_| ValueError::Number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Integer),
            (-300i64..300).prop_map(Value::Integer),
            prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
            ".{0,30}".prop_map(Value::Text),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
                prop::collection::btree_map(".{0,30}", inner, 0..6).prop_map(Value::Map),
            ]
        })
    }

    fn map() -> impl Strategy<Value = Map> {
        prop::collection::btree_map(".{0,30}", value(), 0..6)
    }

    proptest! {
        #[test]
        fn what_was_encoded_comes_back(map in map()) {
            prop_assert_eq!(decode(&encode(&map).unwrap()), Ok(map));
        }

        /// Bytes that decode are the only bytes of their value: there is one form.
        #[test]
        fn arbitrary_bytes_have_one_form_or_none(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            if let Ok(map) = decode(&bytes) {
                prop_assert_eq!(encode(&map).unwrap(), bytes);
            }
        }

        #[test]
        fn changed_bytes_have_one_form_or_none(
            map in map(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
        ) {
            let mut bytes = encode(&map).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(map) = decode(&bytes) {
                prop_assert_eq!(encode(&map).unwrap(), bytes);
            }
        }
    }

    /// The numbers of RFC 8949, appendix A, under the key `a`.
    #[test]
    fn the_bytes_are_those_of_the_standard() {
        let cases: [(i64, &[u8]); 9] = [
            (0, &[0x00]),
            (23, &[0x17]),
            (24, &[0x18, 0x18]),
            (1000, &[0x19, 0x03, 0xe8]),
            (1_000_000, &[0x1a, 0x00, 0x0f, 0x42, 0x40]),
            (1_000_000_000_000, &[0x1b, 0x00, 0x00, 0x00, 0xe8, 0xd4, 0xa5, 0x10, 0x00]),
            (-1, &[0x20]),
            (-100, &[0x38, 0x63]),
            (i64::MIN, &[0x3b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ];
        for (number, bytes) in cases {
            let map = Map::from([("a".to_owned(), Value::Integer(number))]);
            let expect = [&[0xa1, 0x61, b'a'], bytes].concat();
            assert_eq!(encode(&map).unwrap(), expect, "{number}");
            assert_eq!(decode(&expect), Ok(map));
        }
    }

    #[test]
    fn other_forms_are_refused() {
        let cases: [(&[u8], ValueError); 11] = [
            (&[], ValueError::Short),
            (&[0x00], ValueError::Kind),
            (&[0xa0, 0x00], ValueError::Long),
            (&[0xa1, 0x61, b'a', 0x18, 0x01], ValueError::Number),
            (&[0xbf, 0xff], ValueError::Kind),
            (&[0xa1, 0x01, 0x01], ValueError::Keys),
            (&[0xa2, 0x61, b'b', 0x01, 0x61, b'a', 0x01], ValueError::Keys),
            (&[0xa2, 0x61, b'a', 0x01, 0x61, b'a', 0x01], ValueError::Keys),
            (&[0xa1, 0x61, 0xff, 0x01], ValueError::Text),
            (&[0xa1, 0x61, b'a', 0xfb, 0, 0, 0, 0, 0, 0, 0, 0], ValueError::Kind),
            (
                &[0xa1, 0x61, b'a', 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                ValueError::Short,
            ),
        ];
        for (bytes, expect) in cases {
            assert_eq!(decode(bytes), Err(expect), "{bytes:02x?}");
        }
    }

    #[test]
    fn depth_has_a_limit_both_ways() {
        let nested = |depth: usize| {
            let inner = (0..depth).fold(Value::Null, |inner, _| Value::List(vec![inner]));
            Map::from([("a".to_owned(), inner)])
        };
        assert!(decode(&encode(&nested(DEPTH_MAX - 1)).unwrap()).is_ok());
        assert_eq!(encode(&nested(DEPTH_MAX)), Err(ValueError::Deep));
        let bytes = [&[0xa1, 0x61, b'a'][..], &[0x81; 100_000]].concat();
        assert_eq!(decode(&bytes), Err(ValueError::Deep));
    }
}
