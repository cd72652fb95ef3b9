//! Credentials that commands and requests carry: `Authorization: Bearer ...`, `curl -u user:...`.

use assize_model::{FileClass, Severity};

use super::alphabet::{Alphabet, URL_DOTTED};
use super::checksum::decode;
use super::judgement::{is_password, is_token};
use super::placeholder::{is_published, is_template, plausible};
use super::secret::{RANK_GENERIC, Secret};

/// Longer ones are data.
const VALUE_BYTES: usize = 2_048;
/// A sealed token: all that `is_token` takes.
const SEALED: Alphabet = URL_DOTTED.with(b"+/~");
/// How far on the line of a command its login may stand.
const LINE_BYTES: usize = 600;

/// Code, settings and scripts; elsewhere requests are shown, not sent.
const fn sends(class: FileClass) -> bool {
    matches!(class, FileClass::Production | FileClass::Archive)
}

/// The token behind `Bearer ` at this place.
pub(super) fn bearer(text: &str, at: usize, length: usize, class: FileClass) -> Option<Secret> {
    sends(class).then_some(())?;
    let start = at + length;
    let count = SEALED.run(text.as_bytes(), start, VALUE_BYTES);
    let value = text.get(start..start + count)?;
    let after = text.get(start + count..)?;
    let cut = value.ends_with("..") || after.starts_with(['…', '$', '{', '<', '*', '%']);
    (!cut && !is_template(value) && !is_published(value) && plausible("", value)).then_some(())?;
    (is_token(value) || is_sealed(value)).then_some(())?;
    Some(secret("bearer-token", "a bearer token", start, start + count))
}

/// Three parts like those of a web token, of which the second says nothing that can be read; one
/// that can be is judged by what it says.
fn is_sealed(value: &str) -> bool {
    let mut parts = value.split('.');
    let (Some(head), Some(body), Some(seal), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let readable = decode(body).and_then(|bytes| String::from_utf8(bytes).ok());
    head.starts_with("eyJ") && body.len() >= 16 && seal.len() >= 42 && readable.is_none()
}

/// The password in the login that a `curl` at this place is given.
pub(super) fn curl(text: &str, at: usize, class: FileClass) -> Option<Secret> {
    sends(class).then_some(())?;
    let line = text.get(at..)?.split('\n').next()?;
    let (flag, rest) = ["-u ", "-u", "--user ", "--user="].iter().find_map(|flag| {
        let found = line.find(&format!(" {flag}"))?;
        Some((found + 1 + flag.len(), line.get(found + 1 + flag.len()..)?))
    })?;
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
    let inner = rest.get(usize::from(quote.is_some())..)?;
    let end = inner.find(|c: char| match quote {
        Some(quote) => c == quote,
        None => c.is_whitespace(),
    })?;
    let login = inner.get(..end).filter(|login| login.len() <= LINE_BYTES)?;
    let (user, password) = login.split_once(':')?;
    let host = local_host(line);
    (!host && !user.contains(' ') && !is_template(password)).then_some(())?;
    let told = is_password(password, true) || is_token(password);
    (told && !password.contains('$')).then_some(())?;
    let start = at + flag + usize::from(quote.is_some()) + user.len() + 1;
    Some(secret("login-password", "the password of a login", start, start + password.len()))
}

/// A service on this machine, and one that exists in manuals only.
fn local_host(line: &str) -> bool {
    ["://localhost", "://127.", "://0.0.0.0", "://[::1]", "example.com", "example.org"]
        .iter()
        .any(|host| line.contains(host))
}

fn secret(code: &'static str, name: &'static str, start: usize, end: usize) -> Secret {
    Secret {
        code,
        name,
        start,
        end,
        rank: RANK_GENERIC,
        severity: Severity::Warn,
        proven: false,
        shows_head: false,
        item: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use assize_model::FileClass;

    use super::{bearer, curl};

    /// A value that looks drawn, in two parts so that it does not stand here.
    fn drawn() -> String {
        ["q7Rk2mZp9Xw4", "Lt8VbN3sYd6F"].concat()
    }

    fn bears(text: &str, class: FileClass) -> bool {
        let at = text.to_ascii_lowercase().find("bearer ").unwrap();
        bearer(text, at, 7, class).is_some()
    }

    fn logs_in(text: &str) -> Option<String> {
        let at = text.find("curl ")?;
        let found = curl(text, at, FileClass::Production)?;
        text.get(found.start..found.end).map(str::to_owned)
    }

    #[test]
    fn headers_carry_tokens() {
        let production = FileClass::Production;
        let token = drawn();
        assert!(bears(&format!("curl -H 'Authorization: Bearer {token}' x"), production));
        let sealed = format!("Bearer eyJhbGciOiJIUzI1NiJ9.{token}.{token}{token}");
        assert!(bears(&sealed, production));
        for text in [
            format!("Bearer {token}..."),
            format!("Bearer {token}${{MORE}}"),
            "Bearer YOUR_API_KEY_OF_32_CHARACTERS_12".to_owned(),
            "bearer token-of-the-service-account".to_owned(),
            "Bearer ".to_owned(),
        ] {
            assert!(!bears(&text, production), "{text}");
        }
        for class in [FileClass::Doc, FileClass::Test, FileClass::Example] {
            assert!(!bears(&format!("Bearer {token}"), class));
        }
    }

    #[test]
    fn commands_carry_logins() {
        let word = drawn();
        for text in [
            format!("curl -u \"svc:{word}\" https://api.acme.io/\n"),
            format!("curl -s --user svc:{word} https://api.acme.io/\n"),
            format!("curl https://api.acme.io/ -u 'svc:{word}'\n"),
        ] {
            assert_eq!(logs_in(&text), Some(word.clone()), "{text}");
        }
        for text in [
            format!("curl -u svc:{word} http://localhost:80/\n"),
            "curl -u user:password https://api.acme.io/\n".to_owned(),
            "curl -u \"$USER:$TOKEN\" https://api.acme.io/\n".to_owned(),
            "curl -u admin https://api.acme.io/\n".to_owned(),
            "curl --url x:y\n".to_owned(),
        ] {
            assert_eq!(logs_in(&text), None, "{text}");
        }
    }
}
