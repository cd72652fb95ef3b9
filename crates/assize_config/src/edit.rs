//! Changing one key of an `assize.toml`, as text: every other byte stays.
//!
//! The file is a person's, with remarks, blanks and line ends of their own, which printing a parsed
//! document anew would lose.

use std::ops::Range;

use assize_model::{LineIndex, Span};
use toml_edit::{Document, Item};

use crate::GuardMode;

/// Why a configuration cannot be edited. It is then as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("{line}:{column}: not valid TOML: {what}")]
    Toml { line: u32, column: u32, what: String },
    #[error("`guard` is not a table")]
    Guard,
}

/// The text of a new configuration in this mode.
pub fn fresh(mode: GuardMode) -> String {
    let word = mode.word();
    format!(
        "# The configuration of Assize: `assize explain`, `assize rules list`.\nroot = true\n\n\
         [guard]\n# observe: the harmful is denied, the rest is recorded (`assize report`).\n\
         # enforce: breaches are denied as well.\nmode = \"{word}\"\n"
    )
}

/// The text with `[guard] mode` as wanted, and not a byte changed elsewhere.
///
/// # Errors
/// The text is no TOML, or `guard` is something else.
pub fn with_guard_mode(text: &str, mode: GuardMode) -> Result<String, EditError> {
    let mark = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let body = text.get(mark..).unwrap_or_default();
    let (place, new) = piece(body, mode)?;
    let mut edited = text.to_owned();
    edited.replace_range(mark + place.start..mark + place.end, &new);
    let bare = edited.get(mark..).unwrap_or_default();
    let document = parse(bare)?;
    let guard = document.as_table().get("guard").and_then(Item::as_table_like);
    let stands = guard.and_then(|guard| guard.get("mode")?.as_str()) == Some(mode.word());
    if stands { Ok(edited) } else { Err(EditError::Guard) }
}

/// What goes where.
fn piece(body: &str, mode: GuardMode) -> Result<(Range<usize>, String), EditError> {
    let document = parse(body)?;
    let word = mode.word();
    let line = if body.contains("\r\n") { "\r\n" } else { "\n" };
    let pair = format!("mode = \"{word}\"");
    let Some(guard) = document.as_table().get("guard") else {
        let gap = match body {
            "" => String::new(),
            _ if body.ends_with('\n') => line.to_owned(),
            _ => line.repeat(2),
        };
        let end = body.len();
        return Ok((end..end, format!("{gap}[guard]{line}{pair}{line}")));
    };
    if let Some(span) = guard.as_table_like().and_then(|guard| guard.get("mode")?.span()) {
        return Ok((span, format!("\"{word}\"")));
    }
    match guard {
        Item::Table(guard) if guard.is_dotted() => Ok((0..0, format!("guard.{pair}{line}"))),
        Item::Table(guard) => {
            let header = guard.span().ok_or(EditError::Guard)?.start;
            let rest = body.get(header..).unwrap_or_default();
            Ok(match rest.find('\n') {
                Some(end) => (header + end + 1..header + end + 1, format!("{pair}{line}")),
                None => (body.len()..body.len(), format!("{line}{pair}{line}")),
            })
        }
        Item::Value(toml_edit::Value::InlineTable(guard)) => {
            let inside = guard.span().ok_or(EditError::Guard)?.start + 1;
            let comma = if guard.is_empty() { " " } else { "," };
            Ok((inside..inside, format!(" {pair}{comma}")))
        }
        Item::None | Item::Value(_) | Item::ArrayOfTables(_) => Err(EditError::Guard),
    }
}

fn parse(body: &str) -> Result<Document<&str>, EditError> {
    Document::parse(body).map_err(|error| {
        let span = error.span().map_or(Span::new(0, 0), |span| Span::new(span.start, span.end));
        let place = LineIndex::new(body).place(span, body);
        let words: Vec<&str> = error.message().split_whitespace().collect();
        EditError::Toml { line: place.line, column: place.column, what: words.join(" ") }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use GuardMode::{Enforce, Observe};

    #[test]
    fn one_key_changes_and_no_other_byte() {
        for (before, after) in [
            ("", "[guard]\nmode = \"enforce\"\n"),
            ("root = true", "root = true\n\n[guard]\nmode = \"enforce\"\n"),
            ("root = true\r\n", "root = true\r\n\r\n[guard]\r\nmode = \"enforce\"\r\n"),
            ("[guard] # mine", "[guard] # mine\nmode = \"enforce\"\n"),
            ("[guard]\n# why\n[env]\n", "[guard]\nmode = \"enforce\"\n# why\n[env]\n"),
            (
                "[guard]\nmode='observe'  # for now \n\n[ports]",
                "[guard]\nmode=\"enforce\"  # for now \n\n[ports]",
            ),
            ("guard = {}\n", "guard = { mode = \"enforce\" }\n"),
            ("guard.mode = \"observe\"\n", "guard.mode = \"enforce\"\n"),
            (
                "\u{feff}[guard]\r\nmode = \"observe\"\r\n",
                "\u{feff}[guard]\r\nmode = \"enforce\"\r\n",
            ),
        ] {
            assert_eq!(with_guard_mode(before, Enforce).as_deref(), Ok(after), "{before:?}");
            assert_eq!(with_guard_mode(after, Enforce).as_deref(), Ok(after), "twice");
        }
        assert_eq!(with_guard_mode(&fresh(Observe), Enforce), Ok(fresh(Enforce)));
    }

    #[test]
    fn what_cannot_be_edited_is_named_with_its_place() {
        let error = with_guard_mode("root = true\n[guard\n", Enforce).unwrap_err();
        assert!(error.to_string().starts_with("2:7: not valid TOML"), "{error}");
        for text in ["guard = 1", "[[guard]]\n"] {
            assert_eq!(with_guard_mode(text, Enforce), Err(EditError::Guard), "{text}");
        }
    }

    proptest! {
        /// Whatever stands around it: the way there and back is the way of one key.
        #[test]
        fn there_and_back_leaves_every_byte(
            lines in prop::collection::vec(prop::sample::select(vec![
                "# a", "", "  ", "[env]", "[[t]]", "x = 1 # \u{e9}", "\ty = [ 1,2 ]",
            ]), 0..6),
            tail in prop::sample::select(vec!["", "[z]\n", "# end"]),
        ) {
            let text = format!("{}\n[guard]\nmode = \"observe\"\n{tail}", lines.join("\n"));
            if let Ok(there) = with_guard_mode(&text, Enforce) {
                prop_assert_eq!(there.replace("enforce", "observe"), text.clone());
                prop_assert_eq!(with_guard_mode(&there, Observe), Ok(text));
            }
        }
    }
}
