//! Rule documents: texts in which a team says how work is done.
//!
//! Pure: texts in, values out. A document is taken as it is, in Markdown or as plain text: nobody
//! writes it for this program. Whatever cannot be read is named, and whatever belongs to no path
//! stays out. Which documents a repository has, and whether anybody read them, others know.

mod digest;
mod glob;
mod outline;
mod passage;
mod rules;

pub use digest::{Digest, TOKENS_AT_START, TOKENS_MAX, Wanted, digest, tokens};
pub use glob::fits;
pub use outline::{DOCUMENT_BYTES_MAX, Section, outline};
pub use passage::{Document, Passage, passages};
pub use rules::{Fault, FoundClause, FoundFault, FoundRule, Parsed, mapped_controls, parse};
