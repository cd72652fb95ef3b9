//! Rust files: headers, sizes, and what may not stand in them.

use super::Text;
use crate::layers::is_test_file;
use crate::rust_source::Source;

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const COLUMNS_MAX: usize = 100;

/// Longer files, with the reason.
const LONG_FILES: [(&str, &str); 1] = [(
    "crates/assize_index/src/snapshot.rs",
    "the layout, the writer and the reader of one format, which can only change together",
)];

/// Longer functions, with the reason.
const LONG_FUNCTIONS: [(&str, &str); 0] = [];

/// Code that may not be committed, and what to do instead.
const CODE: [(&str, &str); 6] = [
    ("#[allow", "use `#[expect(.., reason = \"..\")]`: it fails when it is needed no more"),
    ("#![allow", "use `#![expect(.., reason = \"..\")]`: it fails when it is needed no more"),
    ("#[ignore", "assert what happens today instead"),
    ("todo!", "write it, or leave it out"),
    ("dbg!(", "remove it"),
    ("unimplemented!", "write it, or leave it out"),
];

/// Marks in comments that put work off.
const MARKS: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

pub(super) fn look(text: &Text, faults: &mut Vec<String>) {
    let path = &text.path;
    if !text.text.starts_with("//!") {
        faults.push(format!("{path}: it must open with `//!`: what it owns and what it refuses"));
    }
    let source = Source::new(&text.text);
    for (number, (line, whole)) in source.lines.iter().zip(text.text.lines()).enumerate() {
        let place = format!("{path}:{}", number + 1);
        for (code, advice) in CODE.iter().filter(|(code, _)| line.code.contains(code)) {
            faults.push(format!("{place}: `{code}`: {advice}"));
        }
        let words = || line.comment.split(|letter: char| !letter.is_alphanumeric());
        for mark in MARKS.iter().filter(|mark| words().any(|word| word == **mark)) {
            faults
                .push(format!("{place}: `{mark}` in a comment: do it, or say what is so and why"));
        }
        // What is long because of a string, or stands in one, is data.
        let long = whole.chars().count() > COLUMNS_MAX;
        let in_string = line.code.is_empty() && line.comment.is_empty();
        if long && !in_string && !line.code.contains('"') {
            faults.push(format!("{place}: more than {COLUMNS_MAX} columns"));
        }
    }
    if is_test_file(path) {
        return;
    }
    let lines = source.production().len();
    if lines > FILE_LINES_MAX && !LONG_FILES.iter().any(|(long, _)| long == path) {
        faults.push(format!(
            "{path}: {lines} lines without tests, of {FILE_LINES_MAX}: split it by topic"
        ));
    }
    for (name, start, length) in source.functions() {
        let known = LONG_FUNCTIONS.iter().any(|(long, _)| *long == format!("{path}:{name}"));
        if length > FUNCTION_LINES_MAX && !known {
            faults.push(format!(
                "{path}:{start}: `{name}` has {length} lines, of {FUNCTION_LINES_MAX}"
            ));
        }
    }
}
