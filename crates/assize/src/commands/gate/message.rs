//! `assize gate message FILE`: the trailer that names what the record has come to.

use std::path::Path;

use assize_repo::{Root, read_up_to};

use super::rules;
use crate::failure::Failure;
use crate::output;
use crate::records::{self, Records};

/// No message of a commit is longer.
const MESSAGE_BYTES_MAX: u64 = 16 << 20;
/// From this line on a message holds what git shows to its writer.
const SCISSORS: &str = "------------------------ >8 ------------------------";

/// Adds the trailer. A commit without it is a commit: what goes wrong here is said, and stops none.
pub(super) fn run(file: &Path) -> Result<u8, Failure> {
    let root = records::root(Path::new("."))?;
    if let Err(failure) = add(&root, file) {
        output::status(&format!("the commit names no entry of the record: {failure}"));
    }
    Ok(0)
}

fn add(root: &Root, file: &Path) -> Result<(), Failure> {
    let Some(git) = &root.git else { return Ok(()) };
    let path = file
        .canonicalize()
        .map_err(|error| Failure::said(format!("cannot read `{}`: {error}", file.display())))?;
    let bytes = read_up_to(&path, MESSAGE_BYTES_MAX)?;
    let text = String::from_utf8_lossy(&bytes);
    if !says_something(&text, &git.comment_mark()) {
        return Ok(());
    }
    let Some(mut records) = Records::existing(&root.folder)? else { return Ok(()) };
    let trailer = records.checkpoint()?;
    let name = path.to_string_lossy();
    git.add_trailer(&name, &trailer).map_err(|error| Failure::tool(&error))?;
    let rules = format!("{}: {}", records::RULES_TRAILER, rules::now(&root.folder)?);
    git.add_trailer(&name, &rules).map_err(|error| Failure::tool(&error))
}

/// An empty message ends a commit, and must stay empty.
fn says_something(text: &str, mark: &str) -> bool {
    let lines = text.lines().take_while(|line| !line.ends_with(SCISSORS));
    lines.into_iter().any(|line| !line.trim().is_empty() && !line.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::says_something;

    #[test]
    fn comments_and_what_git_shows_are_no_message() {
        for (text, expected) in [
            ("Fix it\n", true),
            ("", false),
            ("\n  \n# Please enter\n#\n", false),
            ("# a\n\nReal\n", true),
            ("\n# ------------------------ >8 ------------------------\ndiff --git a b\n", false),
        ] {
            assert_eq!(says_something(text, "#"), expected, "{text:?}");
        }
        assert!(says_something("# Heading\n", ";"));
    }
}
