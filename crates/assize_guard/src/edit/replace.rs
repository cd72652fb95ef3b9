//! Pieces of a file replaced in order.
//!
//! The tools that edit see every file with `\n` alone and write the file's own line ends back.
//! Some of them pass over kinds of quotation marks or spaces where the text is not found as it
//! stands; that such a text would be found is told, what comes of it is not.

use super::files::{Content, Files, too_large};
use super::{FILE_BYTES_MAX, HUNKS_MAX};
use crate::Change;

/// How much of a file decides which line ends it has.
const SAMPLE_BYTES: usize = 4096;

/// Why a change has no known outcome.
#[derive(Debug, thiserror::Error)]
enum ChangeError {
    #[error("the text to replace is not in the file")]
    NotFound,
    #[error("the text to replace is in the file {0} times")]
    NotUnique(usize),
    #[error("the file is there already and is not empty")]
    Exists,
    #[error("the file does not exist")]
    Absent,
    #[error("the text to replace is found only where quotation marks or spaces may differ")]
    FoundAlike,
    #[error("{}", too_large())]
    TooLarge,
}

impl ChangeError {
    /// Whether some client goes on all the same.
    const fn may_be_accepted(&self) -> bool {
        matches!(self, Self::FoundAlike | Self::TooLarge)
    }
}

/// Replaces `changes` in the file at `path`, all of them or none.
pub(super) fn apply(path: &str, changes: &[Change], files: &mut Files<'_>) {
    if changes.len() > HUNKS_MAX {
        return files.unknown(path, format!("there are more than {HUNKS_MAX} changes"));
    }
    let original = match files.text(path) {
        Content::Known(text) => Some(text),
        Content::Absent => None,
        Content::Unknown(why) => return files.unknown(path, why),
    };
    match changed(original.as_deref(), changes) {
        Ok(text) => files.write(path, text.into_bytes()),
        Err(error) if error.may_be_accepted() => files.unknown(path, error.to_string()),
        Err(error) => files.fail(Some(path), error.to_string()),
    }
}

/// The text after all of `changes`. `original` is nothing where there is no file.
fn changed(original: Option<&str>, changes: &[Change]) -> Result<String, ChangeError> {
    let before = original.map(with_plain_ends);
    let mut text = before.clone();
    for change in changes {
        text = Some(one_change(text, change)?);
    }
    let text = text.ok_or(ChangeError::Absent)?;
    match original {
        Some(original) if before.as_ref() == Some(&text) => Ok(original.to_owned()),
        Some(original) if ends_with_returns(original) => Ok(text.replace('\n', "\r\n")),
        _ => Ok(text),
    }
}

fn one_change(text: Option<String>, change: &Change) -> Result<String, ChangeError> {
    let old = with_plain_ends(&change.old);
    let new = with_plain_ends(&change.new);
    if old.is_empty() {
        return match text {
            Some(text) if new.is_empty() => Ok(text),
            Some(text) if !text.is_empty() => Err(ChangeError::Exists),
            _ => Ok(new),
        };
    }
    let text = text.ok_or(ChangeError::Absent)?;
    match text.matches(old.as_str()).count() {
        0 if is_there_alike(&text, &old) => Err(ChangeError::FoundAlike),
        0 => Err(ChangeError::NotFound),
        count if count > 1 && !change.all => Err(ChangeError::NotUnique(count)),
        count if size_after(&text, &old, &new, count) > FILE_BYTES_MAX => {
            Err(ChangeError::TooLarge)
        }
        _ => Ok(text.replace(old.as_str(), &new)),
    }
}

fn size_after(text: &str, old: &str, new: &str, count: usize) -> usize {
    let removed = old.len().saturating_mul(count);
    text.len().saturating_sub(removed).saturating_add(new.len().saturating_mul(count))
}

fn with_plain_ends(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Whether more lines at the head of `text` end with `\r\n` than with `\n`.
fn ends_with_returns(text: &str) -> bool {
    let sample = text.as_bytes().get(..SAMPLE_BYTES).unwrap_or(text.as_bytes());
    let ends = sample.iter().filter(|byte| **byte == b'\n').count();
    let returns = sample.windows(2).filter(|pair| *pair == b"\r\n").count();
    returns > ends.saturating_sub(returns)
}

fn is_there_alike(text: &str, old: &str) -> bool {
    let old = alike(old);
    !old.is_empty() && alike(text).contains(&old)
}

/// `text` with one kind of each quotation mark and without spaces.
fn alike(text: &str) -> String {
    text.chars().map(super::patch::plain_mark).filter(|mark| !mark.is_whitespace()).collect()
}
