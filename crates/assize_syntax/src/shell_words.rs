//! Pieces of words of a shell, as scripts and the commands of agents are read alike.

/// The name at the start of what stands in `${ }`, and the operator with its argument.
pub fn split_name(inner: &str) -> (&str, &str) {
    let length = match inner.bytes().next() {
        Some(b'0'..=b'9') => inner.bytes().take_while(u8::is_ascii_digit).count(),
        Some(b'@' | b'*') => 1,
        // `${#x}` and `${!x}` ask for a length or for another name: no value of `x` itself.
        Some(b'#' | b'!') => 0,
        _ => name_length(inner),
    };
    inner.split_at(length)
}

/// How many bytes of a text can be part of a name.
pub fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// Where the back tick that is already open ends.
pub fn tick_end(text: &str) -> usize {
    end(text.as_bytes(), 0, b'`')
}

/// Where `$'..'` ends.
pub fn ansi_end(bytes: &[u8]) -> usize {
    end(bytes, 2, b'\'')
}

/// Where a mark stands that no backslash takes for itself; the end where it stands nowhere.
fn end(bytes: &[u8], from: usize, mark: u8) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            _ if byte == mark => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::{ansi_end, split_name, tick_end};

    #[test]
    fn names_and_ends_of_quotes() {
        assert_eq!(split_name("HOME:-/root"), ("HOME", ":-/root"));
        assert_eq!(split_name("12x"), ("12", "x"));
        assert_eq!(split_name("#list"), ("", "#list"));
        assert_eq!(tick_end("a\\`b`c"), 4);
        assert_eq!(tick_end("open"), 4);
        assert_eq!(ansi_end(b"$'a\\'b'"), 6);
    }
}
