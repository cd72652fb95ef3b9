//! A tree of values, whichever grammar it was written in.

use std::ops::Range;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Text(String),
    Flag(bool),
    List(Vec<Node>),
    Map(Vec<Member>),
    /// A number, a date or nothing, as written.
    Other(String),
}

/// A member of a map.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) key: String,
    /// The bytes of the key.
    pub(crate) at: Range<usize>,
    pub(crate) value: Node,
}

/// Where a member stands says nothing of what it is.
impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}

impl Node {
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        // Readers of JSON take the last of several members with one name.
        self.members().iter().rev().find(|member| member.key == key).map(|member| &member.value)
    }

    pub(crate) fn members(&self) -> &[Member] {
        match self {
            Self::Map(members) => members,
            Self::Text(_) | Self::Flag(_) | Self::List(_) | Self::Other(_) => &[],
        }
    }

    pub(crate) fn elements(&self) -> &[Self] {
        match self {
            Self::List(elements) => elements,
            Self::Text(_) | Self::Flag(_) | Self::Map(_) | Self::Other(_) => &[],
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Flag(_) | Self::List(_) | Self::Map(_) | Self::Other(_) => None,
        }
    }

    /// The value as a word: numbers among arguments are arguments too.
    pub(crate) fn word(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Other(text) => Some(text.clone()),
            Self::Flag(flag) => Some(flag.to_string()),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    pub(crate) fn words(&self) -> Vec<String> {
        self.elements().iter().filter_map(Self::word).collect()
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Self::Flag(flag) => Some(*flag),
            Self::Text(_) | Self::List(_) | Self::Map(_) | Self::Other(_) => None,
        }
    }
}
