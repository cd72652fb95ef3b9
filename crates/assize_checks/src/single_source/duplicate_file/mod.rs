//! Files with the same content.

mod spared;
mod twins;

use assize_index::FactRef;
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language};

use crate::{Context, Control, Group, Report, Scope, Sink};

/// The mark of keys that fold white space; see `engine::intake`.
const FOLDED: &str = "ws:";

pub(crate) const CONTROL: Control = Control {
    name: ControlName("duplicate-file"),
    summary: "text files that are identical to another file, or differ from it in white space only",
    version: 1,
    severity: Severity::Warn,
    languages: &[
        Language::Python,
        Language::Yaml,
        Language::Markdown,
        Language::Shell,
        Language::Sql,
        Language::Other,
    ],
    classes: &[FileClass::Production, FileClass::Test, FileClass::Doc],
    scope: Scope::Groups { kind: FactKind::Content, run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(group: &Group<'_>, _context: &Context<'_>, sink: &mut Sink) {
    if group.members.len() < 2 {
        return;
    }
    let judged: Vec<&FactRef<'_>> =
        group.members.iter().filter(|member| !spared::is_spared(member)).collect();
    // What only the likes of it may repeat is an original all the same.
    let original = group.members.iter().find(|member| spared::among_its_like(member));
    let (first, rest) = match (original, judged.split_first()) {
        (Some(original), Some(_)) => (original, judged.as_slice()),
        (None, Some((first, rest))) => (*first, rest),
        (_, None) => return,
    };
    let told = |member: &FactRef<'_>| twins::are_told_apart(first.file.path(), member.file.path());
    let rest = rest.iter().filter(|member| !told(member));
    if !group.key.starts_with(FOLDED) {
        for member in rest {
            sink.report(report("identical", "is identical to", member, first.file.path()));
        }
        return;
    }
    // Identical files are reported as such; here only the first of each differing content counts.
    let mut seen = vec![first.file.hash()];
    for member in rest {
        let hash = member.file.hash();
        if !seen.contains(&hash) {
            seen.push(hash);
            let words = "differs only in white space from";
            sink.report(report("identical-but-space", words, member, first.file.path()));
        }
    }
}

fn report(code: &'static str, words: &str, member: &FactRef<'_>, first: &str) -> Report {
    Report {
        code,
        severity: None,
        path: Some(member.file.path().to_owned()),
        place: member.place,
        message: format!("this file {words} `{first}`: a change of one will miss the other"),
        help: format!("keep one of them and let the other's users refer to it, such as `{first}`"),
        item: String::new(),
        subject: first.to_owned(),
    }
}
