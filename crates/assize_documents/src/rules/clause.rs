//! What a line obliges to, and which controls hold it.
//!
//! A clause is mapped by words that leave no doubt. A wrong name is worse than none: it says that
//! something is enforced which is not.

use crate::outline::unmarked;

/// Words by which a sentence obliges.
const DUTIES: [&str; 14] = [
    "must",
    "never",
    "always",
    "do not",
    "don't",
    "required",
    "mandatory",
    "forbidden",
    "prohibited",
    "shall",
    "not allowed",
    "ensure",
    "avoid",
    "only",
];

/// The text of a clause. Below a numbered rule every entry of a list is one; elsewhere those that
/// oblige.
pub(super) fn of(line: &str, is_numbered: bool) -> Option<&str> {
    let entry = entry(line);
    let text = entry.unwrap_or(line).trim();
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    if letters < 4 || text.ends_with(':') || text.starts_with('|') || text.starts_with('<') {
        return None;
    }
    let is_clause = match entry {
        Some(_) => is_numbered || obliges(text),
        None => starts_with_duty(text),
    };
    is_clause.then_some(text)
}

/// The text of an entry of a list, whatever its mark: a dash, a number, a sign.
fn entry(line: &str) -> Option<&str> {
    let text = line.trim_start();
    for mark in ["- [ ] ", "- [x] ", "- ", "* ", "+ ", "• "] {
        if let Some(rest) = text.strip_prefix(mark) {
            return Some(rest);
        }
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) {
        let rest = text.get(digits..)?;
        return rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "));
    }
    let first = text.chars().next()?;
    let is_sign = !first.is_alphanumeric() && !first.is_ascii() && !"“‘«—–…".contains(first);
    is_sign.then(|| unmarked(text))
}

/// Whether a text has a word that obliges.
pub(crate) fn obliges(text: &str) -> bool {
    let small = text.to_lowercase();
    DUTIES.iter().any(|duty| has_word(&small, duty))
}

/// Prose obliges where its sentence begins with the duty: `Never commit secrets.`
fn starts_with_duty(text: &str) -> bool {
    let small = unmarked(text).to_lowercase();
    ["never ", "always ", "do not ", "don't ", "you must "]
        .iter()
        .any(|duty| small.starts_with(duty))
}

/// Whether a word stands in a text of small letters, with no letter on either side.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        let apart = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
        apart(before) && apart(after)
    })
}

/// A control, and groups of words of which each must be there by one of its words. A word that
/// begins with `=` must stand alone.
type Row = (&'static str, &'static [&'static [&'static str]]);

/// Words of a prohibition.
const NOT: &[&str] =
    &["never", "do not", "must not", "should not", "=no", "=zero", "avoid", "don't", "forbidden"];

const ROWS: [Row; 27] = [
    (
        "secret-literal",
        &[
            &[
                "=secret",
                "=secrets",
                "credential",
                "=api key",
                "=api keys",
                "password",
                "=token",
                "=tokens",
            ],
            &["hardcod", "hard-cod", "commit", "in code", "in source", "into the repo", "check in"],
            NOT,
        ],
    ),
    ("print-logging", &[&["print statement", "`print(", "`print`", "console.log"]]),
    (
        "image-pin",
        &[
            &["base image", "=image", "=images", "docker", "container"],
            &[
                "pinned base image",
                "pin base image",
                "pin every",
                "pin all",
                "pinned image",
                ":latest",
                "latest tag",
                "`latest`",
            ],
        ],
    ),
    (
        "docker-user",
        &[
            &["non-root", "nonroot", "not run as root", "never run as root"],
            &["container", "docker", "image"],
        ],
    ),
    ("healthcheck-real", &[&["healthcheck", "health check"], &["container", "docker", "compose"]]),
    (
        "changelog-coverage",
        &[&["changelog"], &["=every", "=each"], &["director", "component", "=service"]],
    ),
    ("deferred-marker", &[&["=todo", "=todos", "=fixme"], &["comment", "code", "marker"], NOT]),
    ("mock-in-prod", &[&["=mock", "=mocks", "=stub", "=stubs"], &["production"], NOT]),
    (
        "swallowed-error",
        &[&["bare except", "bare `except", "swallow", "empty catch", "silently ignore"]],
    ),
    (
        "http-timeouts",
        &[
            &["=timeout", "=timeouts"],
            &["http", "request"],
            &["=client", "=clients", "=call", "=calls"],
        ],
    ),
    (
        "mcp-permit",
        &[
            &["mcp server", "mcp config"],
            &[
                "=modify",
                "=modified",
                "=removed",
                "=remove",
                "=change",
                "=changes",
                "=delete",
                "=alter",
                "absolute protection",
            ],
            &["never", "=not", "unauthorized", "absolute", "without"],
        ],
    ),
    ("git-hook-bypass", &[&["--no-verify", "bypass hooks", "skip hooks"], NOT]),
    ("history-rewrite", &[&["force push", "force-push", "rewrite history", "push --force"], NOT]),
    ("shell-destructive", &[&["rm -rf", "reset --hard", "git clean"], NOT]),
    (
        "deps-pinned",
        &[
            &[
                "pinned version",
                "pin version",
                "pinned dependenc",
                "pin dependenc",
                "pin all dependenc",
                "exact version",
            ],
            &["dependenc", "package", "requirement"],
        ],
    ),
    ("unused-dependency", &[&["unused dependenc", "unused package", "unused librar"]]),
    ("doc-link", &[&["broken link", "dead link"]]),
    (
        "search-before-create",
        &[
            &["search", "check", "look for", "investigate"],
            &["existing"],
            &["before creat", "before writ", "before add", "before implement"],
        ],
    ),
    (
        "read-before-edit",
        &[
            &["read a file", "read the file", "read files", "read each file", "read every file"],
            &["before edit", "before modif", "before chang"],
        ],
    ),
    (
        "preflight-permit",
        &[
            &["=read", "=review", "=load"],
            &["claude.md", "agents.md", "enforcement_rules", "these rules", "all rules"],
            &["before any", "before start", "before you start", "before work", "before making"],
        ],
    ),
    (
        "delete-dossier",
        &[
            &["before delet", "before remov", "delete blindly"],
            &["investigat", "referenc", "purpose", "blindly", "usage"],
        ],
    ),
    ("duplicate-file", &[&["duplicate file", "duplicated file", "copies of the same file"], NOT]),
    (
        "clone-detect",
        &[&["duplicate code", "code duplication", "copy-paste", "copy and paste"], NOT],
    ),
    (
        "phantom-env",
        &[
            &["environment variable", "env var", "configuration variable"],
            &["must exist", "must be defined", "must be declared"],
        ],
    ),
    (
        "script-placement",
        &[
            &["script"],
            &["/scripts/", "scripts/ folder", "scripts folder", "scripts directory"],
            &["organize", "centralize", "=must", "belong", "maintain", "place "],
        ],
    ),
    (
        "port-registry",
        &[&["port registry", "portregistry"], &["follow", "=must", "=only", "register"]],
    ),
    ("syntax-parse", &[&["must parse", "merge conflict marker", "conflict marker"]]),
];

/// Longer sentences speak of several things at once.
const CLAUSE_BYTES_MAX: usize = 240;

/// The controls that hold a clause, in the order of the table.
pub(super) fn controls(text: &str) -> Vec<&'static str> {
    if text.len() > CLAUSE_BYTES_MAX {
        return Vec::new();
    }
    let small = text.to_lowercase();
    let said = |word: &&str| match word.strip_prefix('=') {
        Some(word) => has_word(&small, word),
        None => small.contains(*word),
    };
    let holds = |(_, groups): &&Row| groups.iter().all(|group| group.iter().any(|it| said(it)));
    ROWS.iter().filter(holds).map(|(name, _)| *name).collect()
}

/// Every control that a clause can be mapped to.
pub fn mapped_controls() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|(name, _)| *name)
}
