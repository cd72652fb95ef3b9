//! What stands around a value and says that it is no secret: settings of a web page that every
//! visitor is handed, signed addresses, names of what a protocol passes to and fro.

use assize_model::{FileClass, RepoPath};

use super::formats::TABLES;
use super::keys::floor;

/// How far around a value its surroundings may speak.
const AROUND_BYTES: usize = 400;
/// Words of search boxes, web clients and trackers, whose keys are sent to every browser.
const PUBLIC_BY_DESIGN: [&str; 7] =
    ["algolia", "authdomain", "bugsnag", "docsearch", "indexname", "messagingsenderid", "posthog"];
/// What a server hands out and takes back within the hour, in lower case without separators.
const PASSING: [&str; 8] = [
    "token",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "oauthtoken",
    "oauthtokensecret",
    "sessiontoken",
    "csrftoken",
];

/// Folders of what is tried out once and thrown away.
const TRIED_OUT: [&str; 7] = [
    "quickstart",
    "quick-start",
    "getting-started",
    "tutorial",
    "tutorials",
    "playground",
    "sandbox",
];

/// Words in the name of a file that hold what was made up for a trial.
const MADE_UP: [&str; 9] =
    ["test", "tests", "testing", "mock", "dummy", "fake", "snakeoil", "selfsigned", "e2e"];

/// What no token holds, but an expression for tokens does.
const OF_PATTERNS: [&str; 6] = ["]{", "]+", "]*", "\\w", "\\d", "\\S"];

/// Words shortly before a value by which a document shows a form.
const SAMPLES: [&str; 4] = ["example", "sample", "e.g.", "looks like"];

/// The class as which a file is judged: those that show what to fill in, or that are tried out and
/// thrown away, are examples, whatever folder they stand in.
pub(super) fn class(path: &RepoPath, class: FileClass) -> FileClass {
    let shown = [".example", ".sample", ".template", ".dist", ".tmpl"];
    let name = path.name();
    // `config.default.toml` and `defaults.hjson` list what may be set; `default.conf` is in force.
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let lists = stem == "defaults" || stem.ends_with(".default") || stem.ends_with(".defaults");
    let shows = lists
        || shown.iter().any(|mark| name.ends_with(mark) || name.contains(&format!("{mark}.")));
    let tried = name.starts_with("localhost.")
        || path
            .folder()
            .split('/')
            .any(|part| TRIED_OUT.contains(&part) || part.contains("localhost") || is_of_examples(part))
        // What developers run on their own machines; elsewhere `dev` may be what is deployed.
        || path.folder().split('/').next() == Some("dev");
    let made_up = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| MADE_UP.contains(&word.to_ascii_lowercase().as_str()));
    match class {
        FileClass::Production if shows || tried => FileClass::Example,
        FileClass::Production if made_up => FileClass::Test,
        class => class,
    }
}

/// Whether a folder is one of examples: `example_configs`.
fn is_of_examples(folder: &str) -> bool {
    folder
        .split(['_', '-'])
        .any(|word| matches!(word, "example" | "examples" | "sample" | "samples"))
}

/// Whether a key belongs to settings that a page shows to every visitor.
pub(super) fn is_public_by_design(text: &str, start: usize) -> bool {
    let mut from = start.saturating_sub(AROUND_BYTES);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let rest = text.get(from..).unwrap_or("");
    let around = rest.get(..floor(rest, start - from + AROUND_BYTES)).unwrap_or("");
    let around = around.to_ascii_lowercase();
    PUBLIC_BY_DESIGN.iter().any(|word| around.contains(word))
}

/// Whether a document shows a form here, by what it says shortly before.
pub(super) fn is_of_a_sample(text: &str, start: usize) -> bool {
    let from = start.saturating_sub(AROUND_BYTES);
    let before = text.as_bytes().get(from..start).unwrap_or(&[]);
    let before = String::from_utf8_lossy(before).to_ascii_lowercase();
    SAMPLES.iter().any(|word| before.contains(word))
}

/// Whether a value stands in a comment of settings: it shows what may be written there, and is not
/// in force.
pub(super) fn is_commented_out(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("").trim_start();
    line.starts_with(['#', ';']) || line.starts_with("//")
}

/// Whether the text speaks of whoever issues such a value.
pub(super) fn speaks_of(text: &str, issuer: &str) -> bool {
    text.as_bytes()
        .windows(issuer.len())
        .any(|window| window.eq_ignore_ascii_case(issuer.as_bytes()))
}

/// Whether a regular expression for tokens that begin so stands near: a table of a scanner for
/// secrets, or its tests, holds a token to try each expression on.
pub(super) fn is_beside_its_pattern(text: &str, start: usize, head: &str) -> bool {
    let bytes = text.as_bytes();
    let end = bytes.len().min(start + AROUND_BYTES);
    let near = bytes.get(start.saturating_sub(AROUND_BYTES)..end).unwrap_or(&[]);
    let near = String::from_utf8_lossy(near);
    near.match_indices(head).any(|(at, _)| {
        let rest = near.get(at..).unwrap_or("");
        let word = rest.split(|c: char| c.is_whitespace() || "\"'`".contains(c)).next();
        word.is_some_and(|word| OF_PATTERNS.iter().any(|part| word.contains(part)))
    })
}

/// Whether an account's id is part of an address that somebody signed for a while.
pub(super) fn is_of_signed_address(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or("");
    ["X-Amz-Credential=", "AWSAccessKeyId=", "X-Amz-Credential\\u003d"]
        .iter()
        .any(|name| before.ends_with(name))
}

/// Whether a name is that of what a protocol passes to and fro: documents print such exchanges.
pub(super) fn is_passing(name: &str) -> bool {
    let flat: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    PASSING.contains(&flat.to_ascii_lowercase().as_str())
}

/// Whether a value begins as an issuer's tokens do. One that is found behind its name all the same
/// is not of the form that the issuer gives them.
pub(super) fn begins_as_token(value: &str) -> bool {
    TABLES.iter().copied().flatten().any(|format| {
        format.lead.is_none() && format.anchor.len() >= 4 && value.starts_with(format.anchor)
    })
}

#[cfg(test)]
mod tests {
    use super::{
        begins_as_token, is_beside_its_pattern, is_commented_out, is_of_a_sample,
        is_of_signed_address, is_passing, is_public_by_design, speaks_of,
    };

    #[test]
    fn surroundings_speak() {
        let page = "algolia: { appId: 'X', apiKey: 'KEY' }";
        assert!(is_public_by_design(page, page.find("KEY").unwrap()));
        let far = format!("algolia {}KEY", " ".repeat(600));
        assert!(!is_public_by_design(&far, far.len() - 3));
        assert!(is_public_by_design("é KEY algolia", 3));
        let address = "https://b.s3.io/x?X-Amz-Credential=ID";
        assert!(is_of_signed_address(address, address.len() - 2));
        assert!(!is_of_signed_address("id = ID", 5));
        assert!(is_passing("\"access_token\"") && is_passing("oauthToken"));
        assert!(!is_passing("jwt_secret"));
        assert!(is_of_a_sample("For example:\n\nsecret = ", 23));
        assert!(!is_of_a_sample("Set it on the server:\n\nsecret = ", 32));
        assert!(is_commented_out("a = 1\n  # secret = KEY", 19));
        assert!(!is_commented_out("# a\nsecret = KEY # why", 13));
        assert!(speaks_of("the Stripe account", "stripe") && !speaks_of("strip", "stripe"));
        let table = "(\"ghp_[a-zA-Z0-9]{36}\", \"ghp_R2\")";
        assert!(is_beside_its_pattern(table, 26, "ghp_"));
        assert!(!is_beside_its_pattern(table, 26, "npm_"));
        let far = format!("{table}{}ghp_R2", " ".repeat(600));
        assert!(!is_beside_its_pattern(&far, far.len() - 6, "ghp_"));
        assert!(!is_beside_its_pattern("a = [\"ghp_R2\", \"ghp_R3\"]", 6, "ghp_"));
        assert!(begins_as_token("gsk_0") && !begins_as_token("q7Rk"));
    }
}
