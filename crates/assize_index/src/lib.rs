//! The index: what a repository really contains.
//!
//! Facts of all files lie in one immutable [`Snapshot`], read in place from bytes that may be a
//! memory map. Files that changed since, or that someone only wants to write, lie in an
//! [`Overlay`] that hides the snapshot's facts of their paths. A [`View`] is the two together and
//! the only thing that a control asks. What is kept between runs are [`Layers`]: a snapshot and an
//! overlay of what changed since it was written. Nothing here does I/O, and nothing knows a
//! control.

mod attributes;
mod bundle;
mod bytes;
mod classify;
mod glob;
mod layers;
mod overlay;
mod record;
mod segment;
mod snapshot;
mod view;

pub mod impact;
pub mod resolve;

pub use classify::{Classifier, Head};
pub use glob::glob_matches;
pub use layers::{LayerHead, Layers};
pub use overlay::Overlay;
pub use record::{FileRecord, FileStamp, IndexedFile, LocalFinding};
pub use segment::{is_pattern, segments};
pub use snapshot::{Snapshot, SnapshotError, SnapshotWriter, Store};
pub use view::{FactRef, FileRef, View};
