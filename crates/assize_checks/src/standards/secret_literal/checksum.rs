//! Proofs: checksums and inner structures by which issuers make their tokens recognisable.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, LENIENT);

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// How many base62 digits the CRC32 of GitHub's and npm's tokens takes.
const BASE62_DIGITS: usize = 6;
/// How many base36 digits the CRC32 of GitLab's routable tokens takes.
const BASE36_DIGITS: usize = 7;

/// The bytes that a base64 text stands for, in either alphabet, with or without padding.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let engine = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    engine.decode(text).ok()
}

/// GitHub and npm: the last six characters are the CRC32 of what stands before them.
pub(super) fn base62_crc32(token: &str) -> bool {
    let body = token.rsplit('_').next().unwrap_or(token);
    let Some((body, sum)) = split_end(body, BASE62_DIGITS) else { return false };
    base62(crc32fast::hash(body.as_bytes())) == sum
}

pub(super) fn base62(number: u32) -> String {
    digits(number, 62, BASE62_DIGITS)
}

/// GitLab: the last seven characters are the CRC32 of everything before them.
pub(super) fn base36_crc32(token: &str) -> bool {
    let Some((body, sum)) = split_end(token, BASE36_DIGITS) else { return false };
    base36(crc32fast::hash(body.as_bytes())) == sum
}

pub(super) fn base36(number: u32) -> String {
    digits(number, 36, BASE36_DIGITS).to_ascii_lowercase()
}

fn digits(mut number: u32, base: u32, count: usize) -> String {
    let mut out = vec![b'0'; count];
    for place in out.iter_mut().rev() {
        *place = BASE62[(number % base) as usize];
        number /= base;
    }
    out.into_iter().map(char::from).collect()
}

/// Atlassian: the last eight characters are the CRC32 of everything before them, in hexadecimal.
pub(super) fn hex_crc32(token: &str) -> bool {
    let Some((body, sum)) = split_end(token, 8) else { return false };
    u32::from_str_radix(sum, 16) == Ok(crc32fast::hash(body.as_bytes()))
}

/// Grafana: the CRC32 of prefix and secret, least byte first, in hexadecimal.
pub(super) fn grafana_crc32(token: &str) -> bool {
    let Some((body, sum)) = token.rsplit_once('_') else { return false };
    let swapped = crc32fast::hash(body.as_bytes()).swap_bytes();
    u32::from_str_radix(sum, 16) == Ok(swapped)
}

fn split_end(text: &str, count: usize) -> Option<(&str, &str)> {
    text.split_at_checked(text.len().checked_sub(count)?)
}

/// AWS: key ids made since 2019 hold the account number, which has twelve decimal digits.
///
/// In those the first bit after the prefix is set; older ones hold nothing known.
pub(super) fn aws_account(token: &str) -> bool {
    let Some(body) = token.get(4..) else { return false };
    let mut number: u64 = 0;
    for byte in body.bytes().take(9) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            _ => return false,
        };
        number = (number << 5) | u64::from(digit);
    }
    // 45 bits: a mark, 40 bits of account number, 4 bits of what follows.
    let marked = (number >> 44) & 1 == 1;
    let account = (number >> 4) & ((1 << 40) - 1);
    !marked || account < 1_000_000_000_000
}

/// age: a bech32 text, whose checksum is its last six letters.
pub(super) fn bech32(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    let Some((prefix, data)) = lower.rsplit_once('1') else { return false };
    let Some(data) = data.bytes().map(bech32_digit).collect::<Option<Vec<u8>>>() else {
        return false;
    };
    bech32_sum(prefix, &data) == 1
}

pub(super) const BECH32_LETTERS: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

fn bech32_digit(byte: u8) -> Option<u8> {
    BECH32_LETTERS.bytes().position(|letter| letter == byte).and_then(|at| u8::try_from(at).ok())
}

pub(super) fn bech32_sum(prefix: &str, data: &[u8]) -> u32 {
    const STEPS: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 31);
    let mut sum: u32 = 1;
    for value in high.chain([0]).chain(low).chain(data.iter().copied()) {
        let top = sum >> 25;
        sum = ((sum & 0x01ff_ffff) << 5) ^ u32::from(value);
        for (bit, step) in STEPS.into_iter().enumerate() {
            if (top >> bit) & 1 == 1 {
                sum ^= step;
            }
        }
    }
    sum
}

/// A prefix, then base64 that must decode.
pub(super) fn pypi_macaroon(token: &str) -> bool {
    token.strip_prefix("pypi-").is_some_and(|body| decode(body).is_some())
}

/// Grafana's old keys: JSON with a key, a name and an id.
pub(super) fn grafana_legacy(token: &str) -> bool {
    decoded_has(token, &["\"k\":", "\"n\":", "\"id\":"])
}

/// Grafana Cloud: JSON with the organisation, a name and a key.
pub(super) fn grafana_cloud(token: &str) -> bool {
    token.strip_prefix("glc_").is_some_and(|body| decoded_has(body, &["\"o\":", "\"k\":"]))
}

/// Sentry: JSON with the time of issue and the address, then a secret.
pub(super) fn sentry_organisation(token: &str) -> bool {
    let body = token.strip_prefix("sntrys_").and_then(|rest| rest.rsplit_once('_'));
    body.is_some_and(|(json, _)| decoded_has(json, &["\"iat\":", "\"url\":"]))
}

/// 1Password: JSON with the sign-in address and the account key.
pub(super) fn onepassword(token: &str) -> bool {
    token.strip_prefix("ops_").is_some_and(|body| decoded_has(body, &["\"secretKey\":"]))
}

/// JFrog: `reftkn:` and numbers.
pub(super) fn jfrog_reference(token: &str) -> bool {
    decode(token).is_some_and(|bytes| bytes.starts_with(b"reftkn:0"))
}

/// A key of an Azure account: base64 of 64 bytes.
pub(super) fn azure_account(token: &str) -> bool {
    let key = token.split_once('=').map_or(token, |(_, key)| key);
    decode(key).is_some_and(|bytes| bytes.len() == 64)
}

pub(super) fn openai(token: &str) -> bool {
    token.starts_with("sk-") && token.contains("T3BlbkFJ")
}

pub(super) fn anthropic(token: &str) -> bool {
    token.ends_with("AA")
}

/// The id before a Discord token's first dot is a decimal number in base64.
pub(super) fn discord_bot(token: &str) -> bool {
    let Some(id) = token.split('.').next().and_then(decode) else { return false };
    (17..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_digit)
}

/// Letters of both cases: what a hash in hexadecimal never has.
pub(super) fn mixed_case(token: &str) -> bool {
    token.bytes().any(|byte| byte.is_ascii_uppercase())
        && token.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Digits and letters: what a name made of words mostly does not have.
pub(super) fn has_digits(token: &str) -> bool {
    token.bytes().filter(u8::is_ascii_digit).count() >= 2
}

fn decoded_has(text: &str, words: &[&str]) -> bool {
    let Some(bytes) = decode(text.trim_end_matches('=')) else { return false };
    let text = String::from_utf8_lossy(&bytes);
    text.starts_with('{') && words.iter().all(|word| text.contains(word))
}
