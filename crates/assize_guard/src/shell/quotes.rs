//! Quotes of Perl and Ruby that are words.

use super::code::Token;

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
