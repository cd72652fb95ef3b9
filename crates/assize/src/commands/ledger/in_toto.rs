//! Runs and gates as statements of in-toto, for programs of others. They are claims of this record,
//! not signed: what a commit rests on is signed in its bundle.

use std::collections::BTreeMap;

use assize_ledger::{Entry, GIT_TREE, Map, Payload, Statement, Subject, Value};

/// The types of our predicates, by the kind of the entry.
const TYPES: [(&str, &str); 2] = [("run", "urn:assize:run:1"), ("gate", "urn:assize:gate:1")];
/// Members that name the tree, the one that counts first.
const TREES: [&str; 3] = ["tree_after", "tree", "tree_before"];

/// The statement of an entry; nothing for other kinds, and where no tree is named.
pub(super) fn statement(entry: &Entry) -> Option<Statement> {
    let (_, predicate_type) = TYPES.iter().find(|(kind, _)| *kind == entry.kind.as_str())?;
    let Payload::Present(payload) = &entry.payload else { return None };
    let subject = TREES.iter().find_map(|key| subject(payload.get(*key)?))?;
    let actor = &entry.origin.actor;
    let agent = actor.agent.as_deref().map_or(Value::Null, Value::from);
    let sequence = i64::try_from(entry.sequence).unwrap_or(i64::MAX);
    let origin = [
        ("sequence", sequence.into()),
        ("time_ms", entry.origin.time_ms.into()),
        ("session", entry.origin.session.as_str().into()),
        ("harness", actor.harness.as_str().into()),
        ("agent", agent),
        ("hash", entry.hash.to_string().into()),
    ];
    let origin: Map = origin.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let predicate = Map::from([
        ("entry".to_owned(), Value::Map(origin)),
        (entry.kind.as_str().to_owned(), Value::Map(payload.clone())),
    ]);
    let (subjects, predicate_type) = (vec![subject], (*predicate_type).to_owned());
    Some(Statement { subjects, predicate_type, predicate })
}

/// A tree's name with its kind in front.
fn subject(tree: &Value) -> Option<Subject> {
    let Value::Text(tree) = tree else { return None };
    let (kind, digest) = tree.split_once(':')?;
    let algorithm = match kind {
        "git" => GIT_TREE,
        "blake3" => "blake3",
        _ => return None,
    };
    let digests = BTreeMap::from([(algorithm.to_owned(), digest.to_owned())]);
    Some(Subject { name: "tree".to_owned(), digests })
}
