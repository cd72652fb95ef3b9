//! The controls, one line per folder. Made by `cargo xtask codegen`; do not edit.

use crate::Control;

#[path = "reality/syntax_parse/mod.rs"]
mod syntax_parse;

/// All compiled-in controls, in order of name.
pub const CONTROLS: &[&Control] = &[&syntax_parse::CONTROL];

/// Fixtures per control and language: (control, language, bad, good).
pub const FIXTURES: &[(&str, &str, u32, u32)] = &[];
