//! Agent definitions: Markdown files whose front matter tells a client which agent they define.
//!
//! The door is [`read`]: path and text in, a [`Reading`] out. Real definitions are often not valid
//! YAML, and clients differ in what they then do: skip the agent without a word, or load it with
//! another description. So the reader goes on where YAML stops: it tries strict YAML, then the same
//! with the plain text values quoted, then lines. Whatever it had to overlook is a [`Defect`] with
//! a place, never silent.
//!
//! A file that is no agent is not a broken agent: without front matter and without a `name:` line
//! near its top it is [`Status::NotAgent`] and has no defects.
//!
//! This crate does no I/O, follows no instruction that stands in a definition, and judges form
//! alone: whether a name or a description is a good one is a control's business.

mod encoding;
mod front;
mod mention;
mod path;
mod reading;
mod rescue;
mod roster;
mod strict;

pub use encoding::mojibake;
pub use mention::{Mention, mentions};
pub use path::{is_agent_path, is_standard_path};
pub use reading::{Defect, Field, Fix, Pass, Reading, Status, Value, read, read_definition};
pub use roster::{Row, rows};
