//! The ledger: an append-only, hash-chained, signed record.
//!
//! Entries stand in segment files, one frame each ([`Ledger`] says how they come to be durable).
//! Every entry's hash covers the hash before it, so that nothing can be changed, removed or put
//! in between without all later hashes changing; an anchor outside of the ledger holds one of
//! them ([`Trust`]). Payloads stand beside the chain and can be forgotten.
//!
//! The format, the chain and the verdict are pure; files, lock and clock are in `disk` alone. What
//! an entry means is the caller's: this crate knows no session, no verdict and no rule.

#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::indexing_slicing,
        clippy::wildcard_enum_match_arm
    )
)]

mod checkpoint;
mod disk;
mod entry;
mod envelope;
mod error;
mod frame;
mod hash;
mod json;
mod ledger;
mod read;
mod statement;
mod store;
mod tail;
mod value;
mod verify;

pub use checkpoint::PublicKey;
pub use disk::Disk;
pub use entry::{
    Actor, Draft, Entry, EntryError, Kind, NAME_BYTES_MAX, Origin, PAYLOAD_BYTES_MAX, Payload,
};
pub use envelope::{Envelope, EnvelopeError, SIGNATURES_MAX, Signed, pre_authentication};
pub use error::LedgerError;
pub use frame::FrameError;
pub use hash::{Hash, HashError, Head};
pub use ledger::{CHECKPOINT_EVERY, Ledger, Receipt, SEGMENT_BYTES_MAX};
pub use read::{Entries, ExportError};
pub use statement::{GIT_TREE, STATEMENT_PAYLOAD_TYPE, STATEMENT_TYPE, Statement, Subject};
pub use store::Store;
pub use tail::Dropped;
pub use value::{DEPTH_MAX, Map, Value, ValueError, decode, encode};
pub use verify::{Doubt, Fault, Trust, Verdict, Verifier};
