//! Languages and parsers: one parse of one file yields its facts.
//!
//! The door is [`extract`]: text in, [`FileFacts`] out. It is pure: it reads no file, knows no
//! other file and no control. Each language has a module of its own that declares its facts into
//! the shared [`Extraction`]; what a reference resolves to is the index's business.

// The guard reads commands with the same parser, within tighter limits.
mod allowance;
mod dialect;
mod extraction;
mod fact;
mod hostile;
mod lang;
mod language;
pub mod shell_cost;
pub mod shell_words;

pub use dialect::Dialect;
pub use extraction::{Extraction, FactBuilder};
pub use fact::{Fact, FactKind, FileFacts, FileFlags, Flags, NOTATION, Parsed, Role, SyntaxError};
pub use hostile::{NESTING_MAX, too_deep};
pub use lang::extract;
pub use lang::mentioned::{has_word, hash as hash_word, kept_words};
pub use lang::names::{normalise_python_name, python_stdlib, top_segment, words};
pub use lang::routes::is_router_name;
pub use language::Language;
