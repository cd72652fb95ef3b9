//! What stands around a value and says that it is no secret: settings of a web page that every
//! visitor is handed, signed addresses, names of what a protocol passes to and fro.

use assize_model::{FileClass, RepoPath};

use super::formats::TABLES;
use super::keys::floor;

/// How far around a value its surroundings may speak.
const AROUND_BYTES: usize = 400;
/// Words of search boxes, web clients and trackers, whose keys are sent to every browser.
const PUBLIC_BY_DESIGN: [&str; 6] =
    ["algolia", "docsearch", "indexname", "authdomain", "messagingsenderid", "posthog"];
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
const MADE_UP: [&str; 8] =
    ["test", "tests", "testing", "mock", "dummy", "fake", "snakeoil", "selfsigned"];

/// The class as which a file is judged: those that show what to fill in, or that are tried out and
/// thrown away, are examples, whatever folder they stand in.
pub(super) fn class(path: &RepoPath, class: FileClass) -> FileClass {
    let shown = [".example", ".sample", ".template", ".dist", ".tmpl"];
    let name = path.name();
    let shows = shown.iter().any(|mark| name.ends_with(mark) || name.contains(&format!("{mark}.")));
    let tried = path
        .folder()
        .split('/')
        .any(|part| TRIED_OUT.contains(&part) || part.contains("localhost"));
    let made_up = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| MADE_UP.contains(&word.to_ascii_lowercase().as_str()));
    match class {
        FileClass::Production if shows || tried => FileClass::Example,
        FileClass::Production if made_up => FileClass::Test,
        class => class,
    }
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
    use super::{begins_as_token, is_of_signed_address, is_passing, is_public_by_design};

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
        assert!(begins_as_token("gsk_0") && !begins_as_token("q7Rk"));
    }
}
