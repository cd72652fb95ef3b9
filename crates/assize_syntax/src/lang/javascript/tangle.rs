//! A bound on what the parser tries twice.
//!
//! A `<` behind a name may begin type arguments or compare; the parser tries the one and then the
//! other. Where such places nest inside brackets that are still open, each level multiplies the
//! time: fourteen of `a<({[` take five seconds. Code that people write nests two or three.

/// How many open brackets may each hold an undecided `<`.
const LEVELS_MAX: usize = 6;

/// Whether undecided places nest too deeply to be tried.
///
/// Strings and comments are not told apart, which can only overestimate.
pub(super) fn is_tangled(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.iter().filter(|byte| **byte == b'<').count() <= LEVELS_MAX {
        return false;
    }
    // For each open bracket, how many undecided `<` stand before it in the one around.
    let mut levels: Vec<u32> = Vec::new();
    let (mut here, mut tangled) = (0_u32, 0_usize);
    // The last byte that is no blank.
    let mut before = b' ';
    for byte in bytes {
        match byte {
            b'<' => {
                let behind_name = before.is_ascii_alphanumeric() || matches!(before, b'_' | b'$');
                here += u32::from(behind_name);
            }
            b'>' if before != b'=' => here = here.saturating_sub(1),
            b'(' | b'[' | b'{' => {
                tangled += usize::from(here > 0);
                if tangled > LEVELS_MAX {
                    return true;
                }
                levels.push(here);
                here = 0;
            }
            b')' | b']' | b'}' => {
                here = levels.pop().unwrap_or(0);
                tangled -= usize::from(here > 0).min(tangled);
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = *byte;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_tangled;

    #[test]
    fn what_is_still_open_counts() {
        assert!(is_tangled(&"a<({[".repeat(10)));
        assert!(is_tangled(&"a < (".repeat(10)));
        assert!(!is_tangled(&"a<({[".repeat(3)));
        assert!(!is_tangled(&"for (let i = 0; i < n; i++) { f<T>(i); ".repeat(20)));
        assert!(!is_tangled(&"<div>{list.map((a) => (<p>{a}</p>))}</div>\n".repeat(20)));
        assert!(!is_tangled(&"if (a < b) { x = a < (b) ? 1 : 2; }\n".repeat(20)));
    }
}
