//! Disk, git and the cache.
//!
//! The one crate that lists folders, reads files of the repository and starts `git`. It knows no
//! control and judges nothing: it finds the root, says which files there are, and keeps the
//! snapshot fresh.

mod cache;
mod contents;
mod detach;
mod files;
mod git;
mod known;
mod lineage;
mod messages;
mod objects;
mod past;
mod reading;
mod refresh;
mod root;
mod staged;
mod status;
mod treestate;
mod watch;
mod worktree;

pub use cache::{Cache, CacheError};
pub use detach::detach;
pub use files::{Entry, EntryKind, FileSet};
pub use git::{Git, GitError};
pub use known::Known;
pub use lineage::Commit;
pub use messages::{NOTES, Reach};
pub use objects::Blob;
pub use past::{Line, Past};
pub use reading::read_up_to;
pub use refresh::{IndexRequest, Indexed, Intake, READ_MAX, refresh};
pub use root::{CONFIG_BYTES_MAX, CONFIG_NAME, Root, RootError};
pub use staged::{Index, Moved, Staged, Tree, Unstaged};
pub use treestate::{DIFFERING_MAX, Differing, TreeState, tree_state};
pub use worktree::tree_hash;
