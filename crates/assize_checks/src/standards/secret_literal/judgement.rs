//! Whether an assignment's name and value make a secret.

use assize_model::{FileClass, Severity};

use super::alphabet::{BASE64_PADDED, HEX_ANY, Part, URL_DOTTED, parts_match};
use super::assignment::Assignment;
use super::context::{
    begins_as_token, is_commented_out, is_of_a_sample, is_passing, is_public_by_design,
};
use super::formats::{CONTEXTUAL, Contextual};
use super::placeholder::{
    entropy, is_filler, is_published, is_template, is_wordy, plausible, reads_as_filler,
};
use super::secret::{RANK_CONTEXT, RANK_GENERIC, Secret};

/// Shorter passwords are not worth telling apart from words.
const PASSWORD_MIN: usize = 8;
const PASSWORD_MAX: usize = 72;
/// The shortest password that someone chooses for a service.
const CHOSEN_MIN: usize = 6;
/// Shorter tokens are identifiers more often than not.
const TOKEN_MIN: usize = 16;
const TOKEN_MAX: usize = 256;
/// Bits per character under which a token was not drawn by chance.
const TOKEN_ENTROPY: f64 = 3.5;
/// The same for hexadecimal text, whose ceiling is four bits.
const HEX_ENTROPY: f64 = 3.0;
const HEX_MIN: usize = 32;
const PASSWORD_ENTROPY: f64 = 2.7;

/// Words at the end of a name that make it the name of a secret.
const PASSWORDS: [&str; 6] = ["password", "passwd", "pwd", "passphrase", "pass", "passwort"];
const TOKENS: [&str; 9] = [
    "secret",
    "token",
    "apikey",
    "secretkey",
    "accesskey",
    "privatekey",
    "authtoken",
    "accesstoken",
    "credential",
];
/// Words before `key` that make it a secret one.
const KEY_KINDS: [&str; 14] = [
    "api",
    "access",
    "secret",
    "private",
    "signing",
    "encryption",
    "auth",
    "master",
    "service",
    "shared",
    "jwt",
    "admin",
    "session",
    "storage",
];
/// Words anywhere in a name by which it means something else.
const OTHERWISE: [&str; 82] = [
    "public",
    "publishable",
    "anon",
    "website",
    "site",
    "hash",
    "hashed",
    "hashes",
    "digest",
    "checksum",
    "sha",
    "sha256",
    "md5",
    "salt",
    "name",
    "path",
    "file",
    "filename",
    "dir",
    "url",
    "uri",
    "endpoint",
    "id",
    "ids",
    "type",
    "kind",
    "field",
    "label",
    "length",
    "len",
    "size",
    "count",
    "max",
    "min",
    "limit",
    "policy",
    "pattern",
    "regex",
    "format",
    "header",
    "param",
    "query",
    "ttl",
    "expiry",
    "expires",
    "issuer",
    "scheme",
    "placeholder",
    "message",
    "msg",
    "error",
    "title",
    "description",
    "help",
    "text",
    "hint",
    "prompt",
    "input",
    "form",
    "selector",
    "css",
    "class",
    "i18n",
    "page",
    "next",
    "cursor",
    "stop",
    "pad",
    "eos",
    "bos",
    "vocab",
    "lexer",
    "cache",
    "test",
    "example",
    "sample",
    "dummy",
    "fake",
    "mock",
    "invalid",
    "wrong",
    "recaptcha",
];
/// Words on the line by which the value is a digest of something public.
const DIGEST_WORDS: [&str; 8] =
    ["sha256", "sha512", "sha1", "md5", "integrity", "checksum", "fingerprint", "digest"];

/// What a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promise {
    Password,
    Token,
}

/// The secret that the assignment holds.
pub(super) fn judge(
    text: &str,
    found: Assignment,
    class: FileClass,
    settings: bool,
) -> Option<Secret> {
    let item = text.get(found.name.0..found.name.1)?;
    let value = text.get(found.value.0..found.value.1)?;
    (value.len() <= TOKEN_MAX).then_some(())?;
    let made_up = is_template(value) || is_published(value);
    (!made_up && value.is_ascii() && !value.contains(' ')).then_some(())?;
    let secret = |code, name, rank, severity| Secret {
        code,
        name,
        start: found.value.0,
        end: found.value.1,
        rank,
        severity,
        proven: false,
        shows_head: false,
        item: item.to_owned(),
    };
    if let Some(format) = contextual(item, value) {
        return Some(secret(format.code, format.name, RANK_CONTEXT, format.severity));
    }
    let promise = promise(item)?;
    let strong = match promise {
        Promise::Password => {
            // In code, what is spelled in so many hexadecimal digits is a digest.
            let digest = !settings && value.len() >= HEX_MIN && HEX_ANY.spells(value);
            !digest && is_password(value, found.quoted) || settings && is_chosen(value)
        }
        Promise::Token => {
            is_token(value)
                && !speaks_of_digests(text, found)
                && !is_public_by_design(text, found.value.0)
        }
    };
    let shown = match class {
        FileClass::Test | FileClass::Example => true,
        FileClass::Doc | FileClass::RuleSelf => {
            promise == Promise::Password
                || is_passing(item)
                || begins_as_token(value)
                || is_of_a_sample(text, found.value.0)
        }
        _ => settings && is_commented_out(text, found.value.0),
    };
    let what = match promise {
        Promise::Password => "a password",
        Promise::Token => "a secret value",
    };
    (strong && !shown).then(|| secret("generic-assignment", what, RANK_GENERIC, Severity::Warn))
}

fn contextual(name: &str, value: &str) -> Option<&'static Contextual> {
    let flat: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let flat = flat.to_ascii_lowercase();
    CONTEXTUAL.iter().find(|format| {
        format.words.iter().any(|word| flat.contains(word))
            && parts_match(format.parts, value)
            && format.proof.is_none_or(|proof| proof(value))
            && plausible("", value)
    })
}

/// What the name promises by its last words, if no other word makes it mean something else.
fn promise(name: &str) -> Option<Promise> {
    // `CREATE USER .. IDENTIFIED BY '..'`
    if name.eq_ignore_ascii_case("identified by") {
        return Some(Promise::Password);
    }
    let words = words(name);
    (!words.iter().any(|word| OTHERWISE.contains(&word.as_str()))).then_some(())?;
    let (last, before) = words.split_last()?;
    let last = last.as_str();
    let kind = before.last().map_or("", String::as_str);
    // `PGPASSWORD` is one word.
    let password = PASSWORDS.contains(&last) || last.ends_with("password");
    if password && (last != "pass" || !before.is_empty()) {
        Some(Promise::Password)
    } else if TOKENS.contains(&last) || last == "key" && KEY_KINDS.contains(&kind) {
        Some(Promise::Token)
    } else {
        None
    }
}

/// The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` alike.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut lower_before = false;
    for letter in name.chars() {
        let starts = letter.is_ascii_uppercase() && lower_before;
        if (starts || !letter.is_ascii_alphanumeric()) && !current.is_empty() {
            words.push(std::mem::take(&mut current));
        }
        if letter.is_ascii_alphanumeric() {
            current.push(letter.to_ascii_lowercase());
        }
        lower_before = letter.is_ascii_lowercase() || letter.is_ascii_digit();
    }
    if !current.is_empty() {
        words.push(current);
    }
    words
}

pub(super) fn is_password(value: &str, quoted: bool) -> bool {
    let has = |test: fn(&u8) -> bool| value.bytes().any(|byte| test(&byte));
    let symbols = has(u8::is_ascii_punctuation);
    let code =
        |byte: u8| matches!(byte, b'(' | b')' | b'{' | b'}' | b'[' | b']' | b'<' | b'>' | b'`');
    // Without quotes, dots and colons are those of names and addresses.
    let reference = !quoted && value.contains(['.', ':', '/']);
    let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    (PASSWORD_MIN..=PASSWORD_MAX).contains(&value.len())
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && !value.bytes().any(code)
        && !reference
        && !is_wordy(value)
        && !is_filler(value)
        && !is_place(value)
        && (mixed || symbols || value.len() >= 12)
        && entropy(value) >= PASSWORD_ENTROPY
}

/// Whether someone chose this password for a running service, however weak it is.
///
/// In settings a password stands for itself; in code the same text may be a name or a message.
fn is_chosen(value: &str) -> bool {
    (CHOSEN_MIN..=PASSWORD_MAX).contains(&value.len())
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!@#%^&*_+=-".contains(&byte))
        && !is_wordy(value)
        && !is_filler(value)
}

pub(super) fn is_token(value: &str) -> bool {
    let hex = HEX_ANY.spells(value);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let least = if hex { HEX_ENTROPY } else { TOKEN_ENTROPY };
    (TOKEN_MIN..=TOKEN_MAX).contains(&value.len())
        && (URL_DOTTED.spells(value) || BASE64_PADDED.spells(value))
        && (!hex || value.len() >= HEX_MIN)
        && digits >= 2
        && letters >= 4
        && !is_wordy(value)
        && !is_filler(value)
        && !is_place(value)
        && !is_mostly_words(value)
        && !reads_as_filler(value)
        && !parts_match(&[Part::Uuid], value)
        // JSON in base64: signed tokens are judged by what they say.
        && !value.starts_with("eyJ")
        && entropy(value) >= least
}

/// Paths, addresses, file names, versions.
fn is_place(value: &str) -> bool {
    const ENDINGS: [&str; 12] = [
        ".json", ".yaml", ".yml", ".toml", ".pem", ".key", ".txt", ".env", ".py", ".js", ".crt",
        ".local",
    ];
    let lower = value.to_ascii_lowercase();
    value.starts_with(['/', '.'])
        || value.contains("://")
        || value.contains("::")
        || lower.starts_with("arn:")
        || lower.starts_with("projects/")
        || ENDINGS.iter().any(|ending| lower.ends_with(ending))
        || is_key_path(value)
}

/// Keys of texts and settings: `auth.login.2fa`.
fn is_key_path(value: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    let first = value.split('.').next().unwrap_or("");
    let letters = first.bytes().all(|byte| byte.is_ascii_lowercase());
    value.contains('.') && letters && value.split('.').all(word)
}

/// Identifiers with a number in them: most of their parts are words of letters.
fn is_mostly_words(value: &str) -> bool {
    let mut parts = 0_usize;
    let mut plain = 0_usize;
    for part in value.split(['-', '_', '.', '/', '=']).filter(|part| !part.is_empty()) {
        parts += 1;
        let letters = part.bytes().all(|byte| byte.is_ascii_alphabetic());
        plain += usize::from(letters && part.len() > 1);
    }
    parts >= 3 && plain * 2 >= parts
}

fn speaks_of_digests(text: &str, found: Assignment) -> bool {
    let bytes = text.as_bytes();
    let from = found.name.0.saturating_sub(80);
    let line = bytes.get(from..found.value.0).unwrap_or(&[]);
    let start = line.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = String::from_utf8_lossy(line.get(start..).unwrap_or(&[])).to_ascii_lowercase();
    DIGEST_WORDS.iter().any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{Promise, is_password, is_token, promise};

    #[test]
    fn names_promise() {
        let cases = [
            ("DB_PASSWORD", Some(Promise::Password)),
            ("self.dbPassword", Some(Promise::Password)),
            ("client_secret", Some(Promise::Token)),
            ("apiKey", Some(Promise::Token)),
            ("JWT_SIGNING_KEY", Some(Promise::Token)),
            ("PGPASSWORD", Some(Promise::Password)),
            ("websiteToken", None),
            ("password_hash", None),
            ("token_url", None),
            ("max_tokens", None),
            ("secretName", None),
            ("primary_key", None),
            ("public_api_key", None),
        ];
        for (name, expected) in cases {
            assert_eq!(promise(name), expected, "{name}");
        }
    }

    #[test]
    fn values_convince() {
        for value in ["kX9#mQ2vLp", "Wt7-zU4q.Hn", "mq3vplt82hzw"] {
            assert!(is_password(value, true), "{value}");
        }
        for value in ["changeme123!", "Password123!", "auth.login.2fa", "my_user_1", "admin@2024"] {
            assert!(!is_password(value, true), "{value}");
        }
        for value in ["q7Rk2mZp9Xw4Lt8VbN3s", "9f3c1a7e5b2d8046c9e1f7a3b5d20864"] {
            assert!(is_token(value), "{value}");
        }
        for value in [
            "550e8400-e29b-41d4-a716-446655440000",
            "my-service-access-token-v2",
            "config/secrets/api_key_2.json",
            "aaaaaaaaaaaaaaaaaaaa1234",
        ] {
            assert!(!is_token(value), "{value}");
        }
    }
}
