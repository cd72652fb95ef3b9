//! Quotes that are words, and texts with names in them.

use super::code::Token;

/// The pieces of a text with names in it: `f"{a} x"`, `` `${a} x` ``.
pub(super) fn with_holes(text: &str, mark: &str, out: &mut Vec<Token>) {
    let mut rest = text;
    let mut first = true;
    while let Some((before, tail)) = rest.split_once(mark) {
        let (inside, after) = tail.split_once('}').unwrap_or((tail, ""));
        join(Token::Text(before.to_owned()), &mut first, out);
        let plain = inside.chars().all(|c| c.is_alphanumeric() || c == '_') && !inside.is_empty();
        let name = if plain { inside } else { "?" };
        join(Token::Name(name.to_owned()), &mut first, out);
        rest = after;
    }
    join(Token::Text(rest.to_owned()), &mut first, out);
}

fn join(token: Token, first: &mut bool, out: &mut Vec<Token>) {
    if !std::mem::take(first) {
        out.push(Token::Sign('+'));
    }
    out.push(token);
}

/// `q(..)`, `qw(..)`, `%x(..)`, `%w[..]`: quotes of Perl and Ruby.
pub(super) fn quoted_list<'a>(name: &str, text: &'a str, out: &mut Vec<Token>) -> Option<&'a str> {
    let percent = out.last() == Some(&Token::Sign('%'));
    let kind = match (name, percent) {
        ("q" | "qq", _) | ("Q", true) => 'q',
        ("qw", _) | ("w" | "W" | "i", true) => 'w',
        ("qx", _) | ("x", true) => 'x',
        _ => return None,
    };
    let open = text.chars().next()?;
    let close = match open {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        '/' | '|' | '!' | '#' | '~' => open,
        _ => return None,
    };
    let (inside, after) = text.get(1..)?.split_once(close)?;
    if percent {
        out.pop();
    }
    match kind {
        'q' => out.push(Token::Text(inside.to_owned())),
        'x' => out.push(Token::Ticks(inside.to_owned())),
        _ => {
            out.push(Token::Sign('['));
            out.extend(inside.split_whitespace().map(|word| Token::Text(word.to_owned())));
            out.push(Token::Sign(']'));
        }
    }
    Some(after)
}
