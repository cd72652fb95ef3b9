//! Whether the brackets of a text pair up: asked where a grammar refuses it, and therefore answered
//! from the text alone. What a grammar makes of texts in quotes behind its error is not reliable.

use crate::Language;

/// Whether all brackets pair up, and every text in quotes and every comment ends.
pub(super) fn pair_up(text: &str, language: Language) -> bool {
    let mut open = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let Some(skipped) = skipped(rest, before, language) else { return false };
        if skipped == 0 {
            match first {
                '(' => open.push(')'),
                '[' => open.push(']'),
                '{' => open.push('}'),
                ')' | ']' | '}' if open.pop() != Some(first) => return false,
                _ => {}
            }
        }
        before = first;
        rest = rest.get(skipped.max(first.len_utf8())..).unwrap_or("");
    }
    open.is_empty()
}

/// How many bytes the comment or the text at the start takes, 0 if there is none; none where it has
/// no end.
fn skipped(rest: &str, before: char, language: Language) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return comment(rest, language == Language::Rust);
    }
    match (language, rest.as_bytes()) {
        (Language::Go, [b'`', ..]) => ended(rest, 1, "`"),
        (Language::Java, [b'"', b'"', b'"', ..]) => quoted(rest, "\"\"\"", true),
        (Language::Rust, [b'r', ..]) if !is_name(before) || matches!(before, 'b' | 'c') => {
            let marks = rest.bytes().skip(1).take_while(|byte| *byte == b'#').count();
            if rest.as_bytes().get(1 + marks) != Some(&b'"') {
                return Some(0);
            }
            ended(rest, marks + 2, &format!("\"{}", "#".repeat(marks)))
        }
        (_, [b'"', ..]) => quoted(rest, "\"", language == Language::Rust),
        (_, [b'\'', b'\\', ..]) => quoted(rest, "'", false),
        // Else it is the name of a lifetime.
        (_, [b'\'', ..]) => {
            let mut chars = rest.chars().skip(1);
            let length = chars.next().map_or(0, char::len_utf8);
            Some(if chars.next() == Some('\'') { length + 2 } else { 0 })
        }
        _ => Some(0),
    }
}

fn is_name(one: char) -> bool {
    one.is_alphanumeric() || one == '_'
}

/// Up to and with the first `end` behind so many bytes.
fn ended(rest: &str, from: usize, end: &str) -> Option<usize> {
    rest.get(from..)?.find(end).map(|at| from + at + end.len())
}

/// A text between two of these quotes, with escapes.
fn quoted(rest: &str, quote: &str, lines: bool) -> Option<usize> {
    let mut at = quote.len();
    loop {
        let inner = rest.get(at..)?;
        if inner.starts_with(quote) {
            return Some(at + quote.len());
        }
        let one = inner.chars().next().filter(|one| lines || *one != '\n')?;
        let escaped = (one == '\\').then(|| inner.chars().nth(1)).flatten();
        at += one.len_utf8() + escaped.map_or(0, char::len_utf8);
    }
}

/// A comment over lines; in Rust one may hold others.
fn comment(rest: &str, nests: bool) -> Option<usize> {
    let mut depth = 1;
    let mut at = 2;
    while depth > 0 {
        let inner = rest.get(at..)?;
        let end = inner.find("*/")?;
        match inner.find("/*").filter(|start| nests && *start < end) {
            Some(start) => (depth, at) = (depth + 1, at + start + 2),
            None => (depth, at) = (depth - 1, at + end + 2),
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::pair_up;
    use crate::Language;

    #[test]
    fn quotes_and_comments_hold_brackets() {
        let sound = [
            (Language::Go, "f(new(\"(\"), '{', '\\'', `[`) // ("),
            (Language::Java, "f(\"\"\"\n  \" ( \\\"\"\"\n\"\"\", \"\\\\\", ')') /* [ */"),
            (
                Language::Rust,
                "f::<'a>(r#\"(\"#, br\"{\", b'(', 'é', '(', \"a\n[\", r#in) /* /* */ [ */",
            ),
        ];
        for (language, text) in sound {
            assert!(pair_up(text, language), "{text}");
        }
        let broken = [
            (Language::Go, "f(\"a\n\")"),
            (Language::Go, "f() /* /* "),
            (Language::Java, "f(]"),
            (Language::Java, "\"\"\" a \""),
            (Language::Rust, "r#\"(\""),
            (Language::Rust, "/* /* */"),
        ];
        for (language, text) in broken {
            assert!(!pair_up(text, language), "{text}");
        }
    }
}
