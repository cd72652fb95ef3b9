//! What a session has done, and whose a change is.
//!
//! A [`Session`] is a fold over the ledger's entries of one session; [`Calls`] are the calls that
//! run or ran a moment ago in one work tree, of all sessions. Both are kept beside the ledger only
//! because folding it anew before each call would cost too much: whoever deletes them loses
//! nothing that the ledger does not have. Everything here is pure: the front keeps the bytes.

mod attribution;
mod brief;
mod calls;
mod context;
mod fields;
mod grants;
mod permit;
mod session;
mod stopping;
mod violations;

pub use attribution::{Changed, Whose, whose};
pub use brief::Briefed;
pub use calls::{Call, Calls};
pub use context::Context;
pub use grants::{Approval, Breach, Grants, Request};
pub use permit::{Lack, Permit, Wanted};
pub use session::{Note, Session, Told};
pub use stopping::Stopping;
pub use violations::Open;

/// Why kept bytes are not what they should be.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    #[error("the kept state is damaged")]
    Value(#[from] assize_ledger::ValueError),
    #[error("the kept state has no `{0}`, or one of another type")]
    Member(&'static str),
    #[error("the kept state is of version {0}, which this program does not know")]
    Version(i64),
}
