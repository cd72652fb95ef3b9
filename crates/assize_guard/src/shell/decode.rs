//! Encoded text that a command decodes before it is used.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Accepts what `base64 -d` accepts: padding may be missing.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn base64(text: &str) -> Option<String> {
    let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    String::from_utf8(FORGIVING.decode(dense).ok()?).ok()
}

/// Base64 of two bytes a letter, the lower one first.
pub(super) fn wide(text: &str) -> Option<String> {
    let bytes = FORGIVING.decode(text.trim()).ok()?;
    let pairs = bytes.chunks(2).map(|pair| match pair {
        [low, high] => u16::from_le_bytes([*low, *high]),
        _ => 0,
    });
    String::from_utf16(&pairs.collect::<Vec<u16>>()).ok()
}

pub(super) fn hex(text: &str) -> Option<String> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let bytes = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(high * 16 + low),
        _ => None,
    });
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}

/// The escapes of `$'..'`, `printf` and `echo -e`.
pub(super) fn ansi(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend(rest.get(..at).unwrap_or("").bytes());
        rest = rest.get(at + 1..).unwrap_or("");
        rest = escape(rest, &mut out);
    }
    out.extend(rest.bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Reads what follows one backslash and returns what is left.
fn escape<'a>(text: &'a str, out: &mut Vec<u8>) -> &'a str {
    let Some(first) = text.chars().next() else {
        out.push(b'\\');
        return text;
    };
    let tail = text.get(first.len_utf8()..).unwrap_or("");
    let simple = match first {
        'n' => b'\n',
        't' => b'\t',
        'r' => b'\r',
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'v' => 11,
        'e' | 'E' => 27,
        '\\' => b'\\',
        '\'' => b'\'',
        '"' => b'"',
        '?' => b'?',
        'x' => return number(tail, 16, 2, out),
        'u' => return number(tail, 16, 4, out),
        'U' => return number(tail, 16, 8, out),
        '0'..='7' => return number(text, 8, if first == '0' { 4 } else { 3 }, out),
        _ => {
            out.push(b'\\');
            out.extend(text.get(..first.len_utf8()).unwrap_or("").bytes());
            return tail;
        }
    };
    out.push(simple);
    tail
}

fn number<'a>(text: &'a str, radix: u32, digits_max: usize, out: &mut Vec<u8>) -> &'a str {
    let length = text.chars().take(digits_max).take_while(|c| c.is_digit(radix)).count();
    let (digits, rest) = text.split_at(length);
    let value = u32::from_str_radix(digits, radix).unwrap_or(0);
    match u8::try_from(value) {
        Ok(byte) if digits_max <= 4 => out.push(byte),
        _ => out.extend(char::from_u32(value).unwrap_or('\u{fffd}').to_string().bytes()),
    }
    rest
}
