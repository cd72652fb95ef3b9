//! Text that was written as UTF-8, read as Windows-1252 and written again.

use assize_model::Span;

use crate::Fix;

/// The characters of Windows-1252 from 0x80 to 0x9F; where it has none, the byte stands for the
/// control character of the same number, as in the readers that make such texts.
#[rustfmt::skip]
const UPPER: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}',
    '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}',
    '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];

/// The stretches of a text that are UTF-8 read as Windows-1252, each with the text that was meant.
///
/// A stretch is only taken where the way back is lossless: every character of it stands for one
/// byte, and the bytes are UTF-8.
pub fn mojibake(text: &str) -> Vec<Fix> {
    let mut fixes: Vec<Fix> = Vec::new();
    if text.is_ascii() {
        return fixes;
    }
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(step) = rest.find(is_lead) else { break };
        at += step;
        let Some((length, meant)) = text.get(at..).and_then(sequence) else {
            at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            continue;
        };
        let end = at + length;
        match fixes.last_mut().filter(|fix| fix.span.end == at) {
            Some(fix) => {
                fix.span.end = end;
                fix.replacement.push(meant);
            }
            None => fixes.push(Fix { span: Span::new(at, end), replacement: meant.to_string() }),
        }
        at = end;
    }
    fixes
}

/// The characters with which such a stretch begins, of those that hardly begin anything else:
/// before an accent, a sign, punctuation, a variation mark, an emoji.
const fn is_lead(letter: char) -> bool {
    matches!(letter, 'Ã' | 'Â' | 'â' | 'ï' | 'ð')
}

/// The length of the sequence at the start of the text, and the character that it stands for.
fn sequence(text: &str) -> Option<(usize, char)> {
    let mut bytes = [0; 4];
    let mut length = 0;
    let mut wanted = 1;
    for (count, letter) in text.chars().take(4).enumerate() {
        if count == wanted {
            break;
        }
        *bytes.get_mut(count)? = byte_of(letter)?;
        if count == 0 {
            wanted = match bytes[0] {
                0xf0.. => 4,
                0xe0.. => 3,
                _ => 2,
            };
        }
        length += letter.len_utf8();
    }
    let meant = std::str::from_utf8(bytes.get(..wanted)?).ok()?.chars().next()?;
    (!meant.is_control()).then_some((length, meant))
}

/// The byte that Windows-1252 has for a character outside ASCII.
fn byte_of(letter: char) -> Option<u8> {
    let number = u32::from(letter);
    if (0xa0..=0xff).contains(&number) {
        return u8::try_from(number).ok();
    }
    let at = UPPER.iter().position(|other| *other == letter)?;
    u8::try_from(at + 0x80).ok()
}

#[cfg(test)]
mod tests {
    use super::{UPPER, mojibake};

    /// What a reader of Windows-1252 makes of UTF-8.
    fn garbled(text: &str) -> String {
        let letter = |byte: u8| match byte {
            0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
            _ => char::from(byte),
        };
        text.bytes().map(letter).collect()
    }

    #[test]
    fn what_was_meant_comes_back() {
        for text in ["🚨", "✅ done", "it’s — “so”", "café", "→ next", "⚠️", "5 °C"]
        {
            let wrong = garbled(text);
            let mut mended = wrong.clone();
            for fix in mojibake(&wrong).iter().rev() {
                mended.replace_range(fix.span.start..fix.span.end, &fix.replacement);
            }
            assert_eq!(mended, text, "{wrong}");
        }
    }

    #[test]
    fn other_words_stay() {
        for text in ["château", "Ão", "«\u{a0}voilà\u{a0}»", "ï»", "naïve", "ðæt", "Âge", "🚨", "ß"]
        {
            assert_eq!(mojibake(text), [], "{text}");
        }
    }
}
