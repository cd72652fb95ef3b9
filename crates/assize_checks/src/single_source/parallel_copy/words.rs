//! What is said of a copy.

use assize_index::FactRef;
use assize_model::Severity;

use crate::Report;

pub(super) fn copy(code: &'static str, member: &FactRef<'_>, live: &str) -> Report {
    let what = if code == "copy" { "a copy or old state" } else { "a second version" };
    let word = member.value;
    let message = format!(
        "by its name (`{word}`) this file is {what} of `{live}`, which is there too: a change of \
         one will miss the other"
    );
    let help = format!(
        "bring what is needed into `{live}` and delete this file: git keeps old states, and a \
         branch or a flag holds an attempt"
    );
    // A version may be that of what the file is for, as plugins have it.
    let versioned = code == "variant" && word.contains(|c: char| c.is_ascii_digit());
    report(code, versioned.then_some(Severity::Info), member, message, help, live)
}

pub(super) fn left(member: &FactRef<'_>) -> Report {
    let word = member.value;
    let message = format!(
        "a name that ends with `{word}` is that of an old state, which git keeps without it"
    );
    let help = "delete it, or give it a name that says what it is for".to_owned();
    report("stray", Some(Severity::Info), member, message, help, "")
}

pub(super) fn put_aside(folder: &str, first: &FactRef<'_>) -> Report {
    let message = format!(
        "`{folder}` holds what was put aside: searches find it, and readers take it for live"
    );
    let help = "delete the folder: git keeps what was in it".to_owned();
    report("folder", Some(Severity::Info), first, message, help, folder)
}

fn report(
    code: &'static str,
    severity: Option<Severity>,
    member: &FactRef<'_>,
    message: String,
    help: String,
    subject: &str,
) -> Report {
    Report {
        code,
        severity,
        path: Some(member.file.path().to_owned()),
        place: member.place,
        message,
        help,
        item: String::new(),
        subject: subject.to_owned(),
    }
}
