//! Telling what someone made up to show a form from what a machine or a person chose as a secret.

use super::checksum::decode;

/// Words that give a made-up token away. Each is long enough not to turn up in random text.
const GIVEAWAYS: [&str; 19] = [
    "example",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "replace",
    "redacted",
    "dummy",
    "sample",
    "xxxx",
    "your",
    "fake",
    "insert",
    "secret",
    "token",
    "notreal",
    "foobar",
    "mock",
    "test",
];
/// Values that vendors print in their manuals, by their distinctive part.
const PUBLISHED: [&str; 16] = [
    // The storage emulator's account key, and the one of the document database's emulator.
    "Eby8vdM02xNOcqFl",
    "C2y6yDjf5/R+ob0N",
    // The signatures on the front page of jwt.io.
    "SflKxwRJSMeKKF2Q",
    "TJVA95OrM7E2cBab",
    // What signs the cookies of a dashboard until somebody changes it.
    "SW2YcwTIb9zpOOhoPsMm",
    // Payment documentation.
    "4eC39HqLyjWDarjt",
    "BQokikJOvBiI2HlW",
    // The exchanges printed in the standards for OAuth.
    "2YotnFZFEjr1zCsicMWpAA",
    "tGzv3JOkF0XG5Qx2TlKWIA",
    "SplxlOBeZQQYbYS6WxSbIA",
    "czZCaGRSa3F0MzpnWDFmQmF0M2JW",
    "mF_9.B5f-4.1JqM",
    "hh5s93j4hdidpola",
    "kd94hf93k423kf44",
    "nnch734d00sl2jdk",
    "7Fjfp0ZBr1KtDRbnfVdmIw",
];
/// Passwords of demonstrations, without what stands behind them to please a rule.
const KNOWN_TO_ALL: [&str; 4] = ["p@ssw0rd", "p@ssword", "pa$$w0rd", "passw0rd"];
/// Words of which people compose values that are no secrets.
const FILLERS: [&str; 76] = [
    "password",
    "passwort",
    "passwd",
    "passphrase",
    "credentials",
    "credential",
    "changethis",
    "change",
    "secret",
    "secure",
    "strong",
    "random",
    "string",
    "default",
    "development",
    "production",
    "staging",
    "testing",
    "token",
    "admin",
    "root",
    "guest",
    "user",
    "local",
    "demo",
    "test",
    "temp",
    "mock",
    "invalid",
    "wrong",
    "incorrect",
    "correct",
    "letmein",
    "welcome",
    "qwerty",
    "foobar",
    "minimum",
    "characters",
    "value",
    "super",
    "pass",
    "some",
    "here",
    "this",
    "that",
    "with",
    "prod",
    "none",
    "null",
    "todo",
    "postgresql",
    "postgres",
    "mysql",
    "mariadb",
    "redis",
    "rabbitmq",
    "mongodb",
    "mongo",
    "neo4j",
    "minio",
    "grafana",
    "elastic",
    "airflow",
    "docker",
    "service",
    "database",
    "backend",
    "server",
    "session",
    "access",
    "master",
    "auth",
    "key",
    "pwd",
    "api",
    "jwt",
];
/// Parts by which a value says itself that it is to be replaced.
const TO_BE_REPLACED: [&str; 14] = [
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "replace",
    "example",
    "dummy",
    "sample",
    "redacted",
    "insert",
    "your",
    "fake",
    "xxx",
    "todo",
];
/// A token with so many equal characters in a row was typed, not drawn.
const EQUAL_RUN: usize = 7;
/// So many neighbours of the alphabet in a row (`1234567`, `abcdefg`) were typed, not drawn.
const RISING_RUN: usize = 7;
/// Longer bodies hold base64 of structures, in which runs of `A` are usual.
const STRUCTURED_BYTES: usize = 120;
/// What must be left of a value without fillers, digits in sequence and separators.
const RESIDUE_MIN: usize = 6;

/// Whether what stands around a token's anchor looks drawn by chance.
pub(super) fn plausible(lead: &str, body: &str) -> bool {
    let drawn = if lead.len() > body.len() { lead } else { body };
    !is_published(drawn) && !gives_itself_away(drawn) && is_varied(drawn)
}

/// Whether it is one of the values that vendors publish as examples, or that everybody knows.
pub(super) fn is_published(value: &str) -> bool {
    let bare = value.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '!' | '.' | '#'));
    PUBLISHED.iter().any(|known| value.contains(known))
        || KNOWN_TO_ALL.iter().any(|known| bare.eq_ignore_ascii_case(known))
}

fn gives_itself_away(value: &str) -> bool {
    // In long base64 texts a short word turns up by chance.
    let least = if value.len() > STRUCTURED_BYTES { 6 } else { 4 };
    let lower = value.to_ascii_lowercase();
    GIVEAWAYS.iter().any(|word| word.len() >= least && lower.contains(word))
}

fn is_varied(value: &str) -> bool {
    let bytes = value.as_bytes();
    if bytes.len() < 12 {
        return longest_rise(bytes, 0) < bytes.len() && distinct(bytes) * 2 > bytes.len() / 2;
    }
    if distinct(bytes) < (bytes.len() / 3).min(8) || repeats(bytes) {
        return false;
    }
    bytes.len() > STRUCTURED_BYTES
        || longest_rise(bytes, 0) < EQUAL_RUN && longest_rise(bytes, 1) < RISING_RUN
}

/// The longest stretch in which each byte exceeds the one before by `step`.
fn longest_rise(bytes: &[u8], step: u8) -> usize {
    let mut longest = usize::from(!bytes.is_empty());
    let mut current = longest;
    for pair in bytes.windows(2) {
        if let [first, second] = pair {
            current = if first.wrapping_add(step) == *second { current + 1 } else { 1 };
            longest = longest.max(current);
        }
    }
    longest
}

pub(super) fn distinct(bytes: &[u8]) -> usize {
    let mut seen = [false; 256];
    for byte in bytes {
        seen[usize::from(*byte)] = true;
    }
    seen.into_iter().filter(|seen| *seen).count()
}

/// Whether the text is one block of at most eight characters over and over.
fn repeats(bytes: &[u8]) -> bool {
    (1..=8).any(|period| {
        bytes.len() >= 3 * period
            && bytes.iter().zip(bytes.iter().skip(period)).all(|(first, later)| first == later)
    })
}

/// Bits of information per character, from the frequencies of the characters.
pub(super) fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let total = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let share = |count: u32| {
        let part = f64::from(count) / total;
        -part * part.log2()
    };
    counts.into_iter().filter(|count| *count > 0).map(share).sum()
}

/// Whether a value is filled in later, by a person or by a template.
pub(super) fn is_template(value: &str) -> bool {
    const MARKS: [&str; 14] =
        ["${", "{{", "}}", "$(", "<%", "%(", "#{", "${{", "***", "...", "…", "ENC[", "\\(", "%s"];
    value.starts_with(['$', '<', '{', '[', '%', '@', '&', '!', '~'])
        || value.ends_with(['>', '}', ')', '('])
        || MARKS.iter().any(|mark| value.contains(mark))
}

/// Whether a value is a filler in base64.
pub(super) fn reads_as_filler(value: &str) -> bool {
    let plain = decode(value).and_then(|bytes| String::from_utf8(bytes).ok());
    plain.is_some_and(|plain| {
        let plain = plain.trim();
        let printable = plain.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        printable && (is_wordy(plain) || is_filler(plain) || is_published(plain))
    })
}

/// Whether a value is composed of words that everybody uses, numbers in sequence and years.
pub(super) fn is_filler(value: &str) -> bool {
    let rest = without_fillers(value.to_ascii_lowercase());
    own_characters(value) < RESIDUE_MIN || is_rhythm(rest.as_bytes()) || is_wordy(&rest)
}

/// How many characters are left of a value without filler words, counted numbers and years.
pub(super) fn own_characters(value: &str) -> usize {
    let lower = value.to_ascii_lowercase();
    let own = lower.starts_with("my-") || lower.starts_with("my_");
    if own || TO_BE_REPLACED.iter().any(|mark| lower.contains(mark)) {
        return 0;
    }
    let rest = without_fillers(lower);
    let mut left = 0;
    for chunk in rest.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()) {
        let digits = chunk.iter().filter(|byte| byte.is_ascii_digit()).count();
        let year = chunk.len() == 4 && chunk.starts_with(b"20") && digits == 4;
        let counted =
            longest_rise(chunk, 1) == chunk.len() || longest_rise(chunk, 0) == chunk.len();
        if !year && !counted {
            left += chunk.len();
        }
    }
    left
}

fn without_fillers(mut value: String) -> String {
    for word in FILLERS {
        if value.contains(word) {
            value = value.replace(word, "-");
        }
    }
    value
}

/// `1q2w3e4r`, `abcdef123456` and one character over and over.
fn is_rhythm(bytes: &[u8]) -> bool {
    distinct(bytes) <= 3
        || bytes.len() > 4 && longest_rise(bytes, 1) * 2 > bytes.len()
        || bytes.starts_with(b"1q2w")
        || bytes.starts_with(b"qwert")
}

/// Whether a value is made of words: letters only, or words with separators between them.
pub(super) fn is_wordy(value: &str) -> bool {
    let mut words = 0;
    for part in value.split(['-', '_', '.', ' ', ':', '/', '+', '@', ',']) {
        let letters = part.bytes().all(|byte| byte.is_ascii_alphabetic());
        let number = part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        let version = part.strip_prefix('v').is_some_and(|v| v.bytes().all(|b| b.is_ascii_digit()));
        if !(letters || number || version) {
            return false;
        }
        words += 1;
    }
    words > 0
}

#[cfg(test)]
mod tests {
    use super::{is_filler, is_template, is_wordy, plausible};

    #[test]
    fn made_up_tokens_are_told() {
        for body in [
            "xxxxxxxxxxxxxxxxxxxxxxxx",
            "1234567890abcdef1234567890abcdef",
            "abcabcabcabcabcabcabcabc",
            "YOUR0TOKEN1HERE2PLEASE3OK",
            "00000000000000000000000000000000",
        ] {
            assert!(!plausible("", body), "{body}");
        }
        assert!(plausible("", "q7Rk2mZp9Xw4Lt8VbN3sYd6F"));
    }

    #[test]
    fn values_that_nobody_keeps_secret() {
        for value in ["changeme123", "admin2024!", "super-secret-key", "password1", "12345678"] {
            assert!(is_filler(value), "{value}");
        }
        for value in ["${TOKEN}", "<token>", "{{ token }}", "$TOKEN", "%(token)s"] {
            assert!(is_template(value), "{value}");
        }
        assert!(is_wordy("auth.password.required") && is_wordy("my-service-v2"));
        for value in ["kX9#mQ2vLp", "t7Hq2LmZ9w"] {
            assert!(!is_filler(value) && !is_wordy(value), "{value}");
        }
    }
}
