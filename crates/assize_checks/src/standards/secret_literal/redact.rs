//! Texts without the credentials that stand in them, for records that others may read.

use assize_model::FileClass;

use super::assignment::Bare;
use super::scan::{Request, secrets};

/// What stands in place of a credential.
const MASK: &str = "[redacted]";
/// Options of programs whose value opens something, without their dashes.
const OPTIONS: [&str; 12] = [
    "password",
    "passwd",
    "pass",
    "token",
    "secret",
    "api-key",
    "apikey",
    "access-key",
    "auth",
    "user",
    "proxy-user",
    "u",
];

/// The text with each credential masked. What merely may be one is masked as well: a record can
/// do without it.
pub fn redacted(text: &str) -> String {
    let request = Request { text, class: FileClass::Production, bare: Bare::Line, settings: true };
    let mut spans: Vec<(usize, usize)> =
        secrets(request).iter().map(|secret| (secret.start, secret.end)).collect();
    spans.extend(options(text));
    spans.extend(mixed(text));
    spans.extend(addresses(text));
    spans.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in spans {
        if end <= done {
            continue;
        }
        out.push_str(text.get(done..start.max(done)).unwrap_or(""));
        out.push_str(MASK);
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out
}

/// The values of options that hold credentials: `--password x`, `--token=x`, `-u name:x`.
fn options(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut words = words(text).into_iter().peekable();
    while let Some((start, end)) = words.next() {
        let word = text.get(start..end).unwrap_or("");
        let name = word.trim_start_matches('-');
        if name.len() == word.len() {
            continue;
        }
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, (!value.is_empty()).then_some((end - value.len(), end))),
            None => (name, words.peek().copied()),
        };
        let lower = name.to_ascii_lowercase();
        let names = OPTIONS.iter().any(|option| {
            lower == *option || lower.ends_with(&format!("-{option}")) && option.len() > 4
        });
        let Some((from, to)) = value.filter(|_| names) else { continue };
        let value = text.get(from..to).unwrap_or("");
        // A user without a password, and a variable, tell nothing.
        let user = matches!(lower.as_str(), "u" | "user" | "proxy-user");
        let plain = value.trim_matches(['"', '\'']);
        if plain.starts_with(['$', '-']) || user && !plain.contains(':') {
            continue;
        }
        found.push((from, to));
    }
    found
}

/// The password of an address: `scheme://user:password@host`.
fn addresses(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, mark) in text.match_indices("://") {
        let start = at + mark.len();
        let rest = text.get(start..).unwrap_or("");
        let ends = |letter: char| letter.is_whitespace() || matches!(letter, '/' | '"' | '\'');
        let host = rest.get(..rest.find(ends).unwrap_or(rest.len())).unwrap_or("");
        let Some((user, _)) = host.rsplit_once('@') else { continue };
        let Some((name, password)) = user.split_once(':') else { continue };
        if !password.is_empty() && !password.starts_with('$') {
            found.push((start + name.len() + 1, start + user.len()));
        }
    }
    found
}

/// Runs of letters and digits that nobody chose by hand, whatever issued them.
fn mixed(text: &str) -> Vec<(usize, usize)> {
    const BYTES_MIN: usize = 20;
    const EACH_MIN: usize = 4;
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'=');
    let mut found = Vec::new();
    let mut start = 0;
    for run in text.as_bytes().split(|byte| !part(*byte)) {
        let end = start + run.len();
        let count = |of: fn(&u8) -> bool| run.iter().filter(|byte| of(byte)).count();
        let drawn = count(u8::is_ascii_digit) >= EACH_MIN
            && count(u8::is_ascii_uppercase) >= EACH_MIN
            && count(u8::is_ascii_lowercase) >= EACH_MIN;
        if run.len() >= BYTES_MIN && drawn {
            found.push((start, end));
        }
        start = end + 1;
    }
    found
}

fn words(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices() {
        match (letter.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                found.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| (from, text.len())));
    found
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn credentials_are_masked_and_the_rest_stays() {
        let token = format!("ghp_{}", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8");
        let cases = [
            (format!("curl -H 'Authorization: token {token}' https://x.example"), token),
            (format!("curl -u dev:{} https://x.example", "hunter2hunter2"), "hunter2".to_owned()),
            ("mysql --password=Tr0ub4dor&3 -e 'select 1'".to_owned(), "Tr0ub4dor".to_owned()),
            ("tool --api-key 8f14e45fceea167a5a36dedd4bea2543".to_owned(), "8f14e45f".to_owned()),
            (format!("psql postgres://app:{}@db.example/x", "S3cr3tPassw0rd"), "S3cr3t".to_owned()),
            ("DB_PASSWORD=kQ9vX2mZ7pL4 make run".to_owned(), "kQ9vX2".to_owned()),
        ];
        for (text, secret) in cases {
            let shown = redacted(&text);
            assert!(!shown.contains(&secret) && shown.contains("[redacted]"), "{shown}");
        }
        for plain in [
            "git commit -m 'feat: tokens are checked'",
            "docker run -u 1000 --user app img",
            "tool --token $TOKEN",
            "cargo test -p orders --quiet",
        ] {
            assert_eq!(redacted(plain), plain);
        }
    }
}
