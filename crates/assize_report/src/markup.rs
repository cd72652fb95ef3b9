//! Text between and inside the tags of XML and HTML.

use crate::escape;

/// The text on one line, with nothing hidden in it and nothing that a markup reader acts on.
///
/// It may stand between tags and inside quoted attributes.
pub(crate) fn inline(text: &str) -> String {
    entities(&escape::inline(text))
}

/// The text with the five characters that have a meaning in markup written as entities.
///
/// Characters that no XML document may hold, even as entities, are made visible.
pub(crate) fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('\n'),
            '\u{FFFE}' | '\u{FFFF}' => out.extend(character.escape_unicode()),
            control if control.is_ascii_control() => out.extend(control.escape_unicode()),
            seen => out.push(seen),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{entities, inline};

    #[test]
    fn nothing_that_a_reader_acts_on_is_left() {
        let hostile = "</script><b a='1' b=\"2\">&amp;\u{0}\u{1b}\u{ffff}\r\n";
        let told = "&lt;/script&gt;&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;amp;";
        assert_eq!(inline(hostile), format!("{told}\\u{{0}}\\u{{1b}}\\u{{ffff}}\\r\\n"));
        assert_eq!(entities("a\nb é"), "a\nb é");
    }
}
