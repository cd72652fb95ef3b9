//! Passwords in addresses: `scheme://user:password@host`.

use assize_model::{FileClass, Severity};

use super::alphabet::{ALNUM, Alphabet};
use super::placeholder::{is_filler, is_template, own_characters};
use super::secret::{RANK_LOGIN, Secret};

/// How long a login and a host may be.
const AUTHORITY_BYTES: usize = 256;
const SCHEME_BYTES: usize = 24;
/// What a password needs of its own besides the words that everybody uses.
const OWN_MIN: usize = 4;
const SCHEME: Alphabet = ALNUM.with(b"+-.");

/// Schemes of databases, queues and caches.
const STORES: [&str; 24] = [
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "rediss",
    "valkey",
    "amqp",
    "amqps",
    "mssql",
    "sqlserver",
    "oracle",
    "clickhouse",
    "cockroachdb",
    "couchdb",
    "neo4j",
    "bolt",
    "nats",
    "kafka",
    "cassandra",
    "influxdb",
    "elasticsearch",
    "ldap",
];
/// Passwords that stand for a password.
const STAND_INS: [&str; 24] = [
    "password",
    "pass",
    "passwd",
    "pwd",
    "pw",
    "secret",
    "user",
    "username",
    "changeme",
    "foo",
    "bar",
    "token",
    "key",
    "x",
    "xxx",
    "p",
    "db_password",
    "dbpass",
    "dbpassword",
    "mypassword",
    "yourpassword",
    "example",
    "test",
    "1234",
];

/// The password in the address whose `://` stands here.
pub(super) fn find(text: &str, colon_at: usize, class: FileClass) -> Option<Secret> {
    let bytes = text.as_bytes();
    let scheme_length = SCHEME.run_back(bytes, colon_at, SCHEME_BYTES);
    let scheme = text.get(colon_at - scheme_length..colon_at)?.to_ascii_lowercase();
    let from = colon_at + 3;
    let authority = authority(text, from)?;
    let (login, host) = authority.rsplit_once('@')?;
    let (user, password) = login.split_once(':')?;
    let store = STORES.contains(&scheme.split(['+', '-', '.']).next().unwrap_or(""));
    let web =
        matches!(scheme.as_str(), "http" | "https" | "ftp" | "sftp" | "smtp" | "smtps" | "git");
    (store || web).then_some(())?;
    (is_literal(user, password) && is_reachable(host)).then_some(())?;
    (!is_local_habit(user, password, host, class)).then_some(())?;
    (!is_of_a_neighbour(text, password, host)).then_some(())?;
    let start = from + user.len() + 1;
    let (code, name) = if store {
        ("dsn-password", "the password of a connection address")
    } else {
        ("url-password", "the password in an address")
    };
    Some(Secret {
        code,
        name,
        start,
        end: start + password.len(),
        rank: RANK_LOGIN,
        severity: Severity::Warn,
        proven: false,
        shows_head: false,
        item: user.to_owned(),
    })
}

/// What stands between `://` and the path.
fn authority(text: &str, from: usize) -> Option<&str> {
    let rest = text.get(from..)?;
    let stop = |byte: &u8| {
        byte.is_ascii_whitespace()
            || matches!(
                byte,
                b'/' | b'"' | b'\'' | b'`' | b'?' | b'#' | b'<' | b'>' | b'\\' | b',' | b';'
            )
    };
    let length = rest.bytes().take(AUTHORITY_BYTES).position(|byte| stop(&byte));
    rest.get(..length.unwrap_or(rest.len().min(AUTHORITY_BYTES)))
}

/// Whether the password is written out, rather than filled in by a template or a pattern.
fn is_literal(user: &str, password: &str) -> bool {
    let pattern =
        |byte: u8| matches!(byte, b'{' | b'}' | b'(' | b')' | b'[' | b']' | b'*' | b'|' | b'^');
    let lower = password.to_ascii_lowercase();
    let letters = lower.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    // A service's own name as its password is a habit, and still opens the door.
    let chosen = user == password || own_characters(password) >= OWN_MIN;
    password.len() >= 3
        && password.is_ascii()
        && !password.bytes().chain(user.bytes()).any(pattern)
        && !is_template(password)
        && !password.contains('$')
        && !password.starts_with(':')
        && !STAND_INS.contains(&letters)
        && chosen
        && !is_default(user, password)
        && !is_name_of_variable(password)
}

/// The login that an image has before anybody chooses one: whoever knows the image knows it.
fn is_default(user: &str, password: &str) -> bool {
    user == password
        && matches!(user, "postgres" | "guest" | "root" | "admin" | "user" | "test" | "mongo")
}

/// `DB_PASSWORD`, `POSTGRES_PASS`: the name of what belongs there.
fn is_name_of_variable(password: &str) -> bool {
    password.contains('_') && password.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// Whether the host is another machine, and not this one or one that cannot exist.
fn is_reachable(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    let named =
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    let local = matches!(
        name.as_str(),
        "" | "localhost"
            | "127.0.0.1"
            | "0.0.0.0"
            | "host"
            | "hostname"
            | "host.docker.internal"
            | "server"
            | "example"
            | "test"
            | "proxy"
            | "domain"
    );
    let reserved = [
        "example.com",
        "example.org",
        "example.net",
        ".example",
        ".test",
        ".invalid",
        ".localhost",
    ];
    named && !local && !name.contains("your") && !reserved.iter().any(|end| name.ends_with(end))
}

/// Whether a word is the password of a service that the same compose file starts: whoever uses the
/// file sees both, and a word without a digit is no password that somebody chose to keep.
fn is_of_a_neighbour(text: &str, password: &str, host: &str) -> bool {
    let host = host.split(':').next().unwrap_or(host);
    let started = format!("\n  {host}:");
    !host.is_empty()
        && !host.contains('.')
        && !password.bytes().any(|byte| byte.is_ascii_digit())
        && text.split_once("services:").is_some_and(|(_, services)| services.contains(&started))
}

/// Logins of containers on a developer's machine: silent where code is shown or tried out.
fn is_local_habit(user: &str, password: &str, host: &str, class: FileClass) -> bool {
    let shown = matches!(
        class,
        FileClass::Test | FileClass::Example | FileClass::Doc | FileClass::RuleSelf
    );
    let host = host.split(':').next().unwrap_or(host);
    let numbers = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let service = numbers || !host.contains('.');
    shown && (service || user == password || is_filler(password))
}
