//! The tree-sitter grammars that the checker reads, and the one place that names them.
//!
//! Their generated C is tens of megabytes and takes a minute to compile, so they live apart from
//! all that is edited daily. The crate knows no fact and no file: text in, tree out. A table is
//! touched only when a text of its language is parsed.

mod pattern;

use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Parser};

pub use pattern::{DEPTH_MAX, MATCHES_MAX, Match, Pattern, PatternError, Query, Sheet};
pub use tree_sitter::{Node, Tree, TreeCursor};

/// A language that is read through tree-sitter: for facts where no other parser reads it, and for
/// patterns in any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grammar {
    Bash,
    CSharp,
    Go,
    Java,
    JavaScript,
    Python,
    Rust,
    Tsx,
    TypeScript,
}

impl Grammar {
    pub const ALL: [Self; 9] = [
        Self::Bash,
        Self::CSharp,
        Self::Go,
        Self::Java,
        Self::JavaScript,
        Self::Python,
        Self::Rust,
        Self::Tsx,
        Self::TypeScript,
    ];

    /// What a function says of each kind of node by its name, in the order of their numbers.
    pub fn kinds<T>(self, of: impl Fn(&str) -> T) -> Vec<T> {
        let table = self.table();
        let count = u16::try_from(table.node_kind_count()).unwrap_or(u16::MAX);
        (0..count).map(|number| of(table.node_kind_for_id(number).unwrap_or(""))).collect()
    }

    fn table(self) -> tree_sitter::Language {
        match self {
            Self::Bash => tree_sitter_bash::LANGUAGE,
            Self::CSharp => tree_sitter_c_sharp::LANGUAGE,
            Self::Go => tree_sitter_go::LANGUAGE,
            Self::Java => tree_sitter_java::LANGUAGE,
            Self::JavaScript => tree_sitter_javascript::LANGUAGE,
            Self::Python => tree_sitter_python::LANGUAGE,
            Self::Rust => tree_sitter_rust::LANGUAGE,
            Self::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        }
        .into()
    }
}

/// For so many bytes the parser may take a hundred operations: code takes a
/// tenth of that. The parser's recovery from errors is not linear.
const BYTES_PER_HUNDRED: usize = 5;

/// What a short text may take all the same.
const HUNDREDS_MIN: usize = 1_000;

/// The tree of a text, or none where the parser would take too long, by a count of steps that is
/// the same on every machine.
pub fn parse(grammar: Grammar, text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&grammar.table()).ok()?;
    let mut left = HUNDREDS_MIN.saturating_add(text.len() / BYTES_PER_HUNDRED);
    let mut count = |_: &ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut count);
    let bytes = text.as_bytes();
    let mut read = |at: usize, _| bytes.get(at..).unwrap_or(&[]);
    parser.parse_with_options(&mut read, None, Some(options))
}
