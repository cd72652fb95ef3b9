//! Evidence bundles: what the record says of the work that led to a tree, signed, in git's notes.
//!
//! A bundle is a statement of in-toto in an envelope of DSSE, on one line of the note on the tree
//! that is committed. Who verifies it needs the repository alone: the keys that count are those
//! that stand in the commit before the change.

mod claim;
mod envelope;
mod verify;

pub(crate) use claim::{Claim, Who, Worked, rules_hash};
pub(crate) use envelope::{is_bundle, seal};
pub(crate) use verify::{Evidence, InRepository, is_rules, proven};
