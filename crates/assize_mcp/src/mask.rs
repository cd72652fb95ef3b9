//! Credentials in command lines and addresses, masked.
//!
//! What is masked is masked the same way every time, so that a lock and a file still compare.

const MASK: &str = "***";

/// Words in the names of options and variables whose values nobody may read.
const SECRET_WORDS: [&str; 10] =
    ["key", "token", "secret", "password", "passwd", "pat", "auth", "credential", "bearer", "pwd"];

/// Beginnings of credentials that say so themselves.
const SECRET_STARTS: [&str; 13] = [
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "sk-",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "npm_",
    "pypi-",
    "hf_",
    "eyJ",
];

/// A beginning alone is a word; a credential goes on.
const SECRET_CHARS_MIN: usize = 16;

/// The arguments of a command without credentials.
pub(crate) fn arguments(words: &[String]) -> Vec<String> {
    let mut option: Option<&str> = None;
    let mut masked = Vec::with_capacity(words.len());
    for word in words {
        let is_option = word.starts_with('-');
        match option.take().filter(|_| !is_option) {
            Some(option) => masked.push(value_of(option, word)),
            None => masked.push(argument(word)),
        }
        option = (is_option && !word.contains('=') && is_secret_option(word)).then_some(word);
    }
    masked
}

/// The value of an option that may hold a credential. Names before it are kept: a variable's, as in
/// `-e NAME=value`, and a header's, as in `Authorization: Bearer x`.
fn value_of(option: &str, word: &str) -> String {
    if matches!(option, "-e" | "--env") {
        return word.split_once('=').map_or(word.to_owned(), |(name, _)| format!("{name}={MASK}"));
    }
    header(word).unwrap_or_else(|| MASK.to_owned())
}

fn header(word: &str) -> Option<String> {
    let (name, _) = word.split_once(':')?;
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (plain && !name.is_empty()).then(|| format!("{name}: {MASK}"))
}

fn argument(word: &str) -> String {
    if word.contains("://") {
        return match word.split_once('=') {
            Some((name, rest)) if !name.contains("://") => format!("{name}={}", address(rest)),
            _ => address(word),
        };
    }
    if let Some((name, value)) = word.split_once('=') {
        // `-e NAME=value` gives an environment, and so does a bare `NAME=value`.
        let variable = !name.is_empty()
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if variable || is_secret_option(name) || is_credential(value) {
            return format!("{name}={MASK}");
        }
    }
    let named = word.split_once(':').is_some_and(|(name, _)| is_secret_header(name));
    match header(word) {
        Some(masked) if named => masked,
        _ if is_credential(word) => MASK.to_owned(),
        _ => word.to_owned(),
    }
}

/// An address without user, password, query values and fragment.
pub(crate) fn address(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
    let (place, query) = rest.split_once('?').map_or((rest, None), |(p, q)| (p, Some(q)));
    let (host, path) = place.split_once('/').map_or((place, None), |(h, p)| (h, Some(p)));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let mut out = format!("{scheme}://{host}");
    if let Some(path) = path {
        for part in path.split('/') {
            out.push('/');
            out.push_str(if is_credential(part) { MASK } else { part });
        }
    }
    if let Some(query) = query {
        let names = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) => format!("{name}={MASK}"),
            None => MASK.to_owned(),
        });
        out.push('?');
        out.push_str(&names.collect::<Vec<_>>().join("&"));
    }
    out
}

fn is_secret_option(name: &str) -> bool {
    let name = name.trim_start_matches('-');
    is_secret_name(name) || matches!(name, "header" | "H" | "e" | "env")
}

fn is_secret_header(name: &str) -> bool {
    name.eq_ignore_ascii_case("cookie") || is_secret_name(name)
}

fn is_secret_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let joined = ["apikey", "authorization", "accesskey"].iter().any(|it| lower.contains(it));
    // `--key-file` and `--token-url` name where something lies.
    let place = ["file", "path", "url", "dir", "id"];
    let mut words = lower.split(['-', '_', '.']);
    let last = words.clone().next_back().unwrap_or("");
    !place.contains(&last) && (joined || words.any(|word| SECRET_WORDS.contains(&word)))
}

fn is_credential(text: &str) -> bool {
    text.len() >= SECRET_CHARS_MIN && SECRET_STARTS.iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::{address, arguments};

    #[test]
    fn credentials_are_masked_and_the_rest_is_not() {
        let cases = [
            (&["--api-key", "s3"][..], &["--api-key", "***"][..]),
            (&["--api-key=s3", "x"], &["--api-key=***", "x"]),
            (&["--header", "Authorization: Bearer s3"], &["--header", "Authorization: ***"]),
            (&["run", "-e", "TOKEN=s3", "img"], &["run", "-e", "TOKEN=***", "img"]),
            (&["run", "-e", "TOKEN", "img"], &["run", "-e", "TOKEN", "img"]),
            (&["TOKEN=s3"], &["TOKEN=***"]),
            (&["ghp_0123456789abcdef0123"], &["***"]),
            (&["--key-file", "a.pem"], &["--key-file", "a.pem"]),
            (&["postgres://me:s3@db/x"], &["postgres://db/x"]),
            (&["--dsn=postgres://me:s3@db/x"], &["--dsn=postgres://db/x"]),
            (&["--yes", "@a/b@1.0.0", "sk-learn"], &["--yes", "@a/b@1.0.0", "sk-learn"]),
            (&["--monkey", "bananas"], &["--monkey", "bananas"]),
        ];
        for (words, expected) in cases {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(arguments(&words), expected, "{words:?}");
        }
        assert_eq!(address("https://u:p@h:8/a?key=s#f"), "https://h:8/a?key=***");
        assert_eq!(address("https://h/mcp"), "https://h/mcp");
    }
}
