//! The name that GitHub gives to a heading.

/// The anchor of a heading's text: lower case, spaces as hyphens, without punctuation.
///
/// GitHub keeps letters, marks, decimal digits, connecting punctuation and hyphens; emoji and
/// other symbols vanish and leave the spaces around them.
pub(super) fn github(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        if letter == ' ' {
            out.push('-');
        } else if keeps(letter) {
            out.extend(letter.to_lowercase());
        }
    }
    out
}

fn keeps(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    }
    // Combining marks are kept with their letters; joiners and selectors of emoji are dropped,
    // because nobody writes them in a link.
    letter.is_alphanumeric()
        || matches!(
            letter,
            '\u{203F}' | '\u{2040}' | '\u{0300}'..='\u{036F}' | '\u{0900}'..='\u{0DFF}'
        )
}

/// A heading's text without a trailing `{#id}` or `{: #id}`, and that id.
pub(super) fn explicit_id(text: &str) -> (&str, Option<&str>) {
    let trimmed = text.trim();
    let found = trimmed.strip_suffix('}').and_then(|rest| rest.rsplit_once('{'));
    let Some((title, attributes)) = found else { return (trimmed, None) };
    let attributes = attributes.trim_start_matches(':').trim_start();
    let id = attributes
        .strip_prefix('#')
        .and_then(|id| id.split_whitespace().next())
        .filter(|id| !id.is_empty());
    match id {
        Some(id) => (title.trim_end(), Some(id)),
        None => (trimmed, None),
    }
}
