//! Languages that are read through tree-sitter: Go, Java, Rust and C#.
//!
//! One walk over the tree of a file, whatever its language: a table says which kinds of nodes are
//! names, literals and decisions, and a function of the language takes the few kinds that yield
//! facts. The walk does not recurse, so that no text can be nested too deep for it.

pub(super) mod bodies;
mod brackets;
mod calls;
mod cases;
mod chance;
mod csharp;
mod environment;
mod faults;
mod go;
mod handlers;
mod java;
mod literal;
mod notes;
mod remarks;
mod routes;
mod rust;
mod stubs;
pub(super) mod tongue;
mod walk;

#[cfg(test)]
mod tests;

use tongue::Tongue;

use crate::{Extraction, Language, Parsed};

pub(super) fn extract(sheet: &mut Extraction<'_>) {
    let Some(tongue) = tongue(sheet.dialect.language()) else { return };
    if is_tangled(sheet.text) {
        return;
    }
    let Some(tree) = assize_grammars::parse(tongue.grammar, sheet.text) else {
        // The parser lost its way: nothing can be said of such a text.
        return;
    };
    sheet.set_parsed(Parsed::Valid);
    if tree.root_node().has_error() {
        faults::record(sheet, tongue, &tree);
    }
    walk::run(sheet, tongue, &tree);
}

/// How many `<` may be open in one statement.
const OPEN_MAX: usize = 128;

/// Whether type arguments, or what might be such, nest in one statement so deeply that the parser
/// would take the square of their number to tell.
fn is_tangled(text: &str) -> bool {
    let mut open = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'<' => open += 1,
            b'>' => open = open.saturating_sub(1),
            b';' | b'{' | b'}' => open = 0,
            _ => {}
        }
        open > OPEN_MAX
    })
}

fn tongue(language: Language) -> Option<&'static Tongue> {
    match language {
        Language::Go => Some(&go::TONGUE),
        Language::Java => Some(&java::TONGUE),
        Language::Rust => Some(&rust::TONGUE),
        Language::CSharp => Some(&csharp::TONGUE),
        _ => None,
    }
}
