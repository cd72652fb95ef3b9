//! Statements of in-toto, version 1: what is claimed of which contents, for programs of others.
//!
//! Only the form is kept here. What a predicate says is the caller's, and so is its type.

use std::collections::BTreeMap;

use crate::json;
use crate::value::{Map, Value};

/// The type of every statement.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// What an envelope that holds a statement says of its payload.
pub const STATEMENT_PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// The name of a git tree's digest in the attestation framework.
pub const GIT_TREE: &str = "gitTree";

/// What a statement speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub name: String,
    /// Digests by their algorithms, in lower-case hexadecimal.
    pub digests: BTreeMap<String, String>,
}

impl Subject {
    /// The tree of a git repository.
    pub fn git_tree(name: impl Into<String>, tree: impl Into<String>) -> Self {
        let digests = BTreeMap::from([(GIT_TREE.to_owned(), tree.into())]);
        Self { name: name.into(), digests }
    }

    fn value(&self) -> Value {
        let digests =
            self.digests.iter().map(|(name, digest)| (name.clone(), digest.as_str().into()));
        Value::Map(Map::from([
            ("digest".to_owned(), Value::Map(digests.collect())),
            ("name".to_owned(), self.name.as_str().into()),
        ]))
    }
}

/// A claim of a type on subjects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub subjects: Vec<Subject>,
    pub predicate_type: String,
    pub predicate: Map,
}

impl Statement {
    /// The statement on one line. Equal statements have equal bytes.
    pub fn to_json(&self) -> String {
        let subjects = Value::List(self.subjects.iter().map(Subject::value).collect());
        json::object_text(&[
            ("_type", Value::from(STATEMENT_TYPE)),
            ("subject", subjects),
            ("predicateType", self.predicate_type.as_str().into()),
            ("predicate", Value::Map(self.predicate.clone())),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_the_members_of_the_framework() {
        let statement = Statement {
            subjects: vec![Subject::git_tree("tree", "ab".repeat(20))],
            predicate_type: "https://example.com/run/v1".to_owned(),
            predicate: Map::from([("exit".to_owned(), 0.into())]),
        };
        let read: serde_json::Value = serde_json::from_str(&statement.to_json()).unwrap();
        let expected = serde_json::json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{ "name": "tree", "digest": { "gitTree": "ab".repeat(20) } }],
            "predicateType": "https://example.com/run/v1",
            "predicate": { "exit": 0 },
        });
        assert_eq!(read, expected);
    }
}
