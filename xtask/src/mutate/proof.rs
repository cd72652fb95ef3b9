//! Random characters do not make a key: issuers give their tokens a checksum, and a private key
//! says how long it is. What a shape plants is to be what it stands for, so both are put right
//! here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Tokens whose last six characters are the CRC32 of the thirty before.
const CHECKED: [&str; 6] = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_"];
const BODY: usize = 30;
const SUM: usize = 6;

/// The text with checksums and lengths that hold.
pub(crate) fn given(text: &str) -> String {
    let mut out = text.to_owned();
    for start in CHECKED {
        let mut from = 0;
        while let Some(found) = out.get(from..).and_then(|rest| rest.find(start)) {
            let body = from + found + start.len();
            from = body;
            let (sum, end) = (body + BODY, body + BODY + SUM);
            let Some(token) = out.get(body..end) else { continue };
            if token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                let fresh = base62(crc32fast::hash(out.get(body..sum).unwrap_or("").as_bytes()));
                out.replace_range(sum..end, &fresh);
            }
        }
    }
    with_length(out)
}

fn base62(mut number: u32) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = [b'0'; SUM];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS.get(number as usize % DIGITS.len()).copied().unwrap_or(b'0');
        number /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

/// Makes the body of a private key a sequence of its own length.
fn with_length(text: String) -> String {
    const HEAD: &str = "PRIVATE KEY-----";
    let Some(start) = text.find(HEAD).map(|at| at + HEAD.len()) else { return text };
    let Some(end) = text.get(start..).and_then(|rest| rest.find("-----END")).map(|at| at + start)
    else {
        return text;
    };
    let body = text.get(start..end).unwrap_or("");
    // Line ends may be written as escapes.
    let is_gap = |at: usize| {
        let escape = body.get(at..).is_some_and(|rest| rest.starts_with("\\n"));
        let escaped = at > 0 && body.get(at - 1..).is_some_and(|rest| rest.starts_with("\\n"));
        escape || escaped || body.as_bytes().get(at).is_none_or(u8::is_ascii_whitespace)
    };
    let places: Vec<usize> = (0..body.len()).filter(|at| !is_gap(*at)).collect();
    let letters: String =
        places.iter().filter_map(|at| body.as_bytes().get(*at)).map(|b| char::from(*b)).collect();
    let Ok(mut key) = STANDARD_NO_PAD.decode(letters.as_bytes()) else { return text };
    let Some(length) = key.len().checked_sub(4).and_then(|rest| u16::try_from(rest).ok()) else {
        return text;
    };
    let [high, low] = length.to_be_bytes();
    for (place, byte) in key.iter_mut().zip([0x30, 0x82, high, low]) {
        *place = byte;
    }
    let fresh = STANDARD_NO_PAD.encode(&key);
    let mut bytes = text.clone().into_bytes();
    for (place, letter) in places.iter().zip(fresh.bytes()) {
        if let Some(byte) = bytes.get_mut(start + place) {
            *byte = letter;
        }
    }
    String::from_utf8(bytes).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::given;

    #[test]
    fn a_token_gets_its_checksum() {
        let token = format!("ghp_{}{}", "a".repeat(30), "x".repeat(6));
        let fresh = given(&token);
        assert_eq!(fresh.len(), token.len());
        assert_ne!(fresh, token);
        assert_eq!(given(&fresh), fresh);
    }

    #[test]
    fn a_key_says_how_long_it_is() {
        let line = "A".repeat(64);
        let text =
            format!("-----BEGIN PRIVATE KEY-----\\n{line}\\n{line}\\n-----END PRIVATE KEY-----");
        let fresh = given(&text);
        // 96 bytes, 4 of them head: 0x30 0x82 0x00 0x5c.
        assert!(fresh.starts_with("-----BEGIN PRIVATE KEY-----\\nMIIAX"), "{fresh}");
        assert_eq!(fresh.len(), text.len());
    }
}
