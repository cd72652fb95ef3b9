//! Credentials that are written out in files.

mod alphabet;
mod anchors;
mod assignment;
mod checksum;
mod context;
mod format;
mod formats;
mod header;
mod judgement;
mod jwt;
mod keys;
mod login;
mod manifest;
mod placeholder;
mod redact;
mod scan;
mod secret;
mod surface;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use assize_model::{ControlName, FileClass, Severity, Span};
use assize_syntax::Language;

use crate::{Control, Report, Scope, Sink, Source};
use scan::{Request, secrets};
use secret::Secret;

pub use redact::redacted;

pub(crate) const CONTROL: Control = Control {
    name: ControlName("secret-literal"),
    summary: "credentials in code, configuration and documents",
    version: 1,
    severity: Severity::Block,
    languages: &[
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Go,
        Language::Java,
        Language::Rust,
        Language::CSharp,
        Language::Yaml,
        Language::Toml,
        Language::Json,
        Language::Markdown,
        Language::Dockerfile,
        Language::Shell,
        Language::Ini,
        Language::Dotenv,
        Language::Sql,
    ],
    classes: &[
        FileClass::Production,
        FileClass::Test,
        FileClass::Example,
        FileClass::Archive,
        FileClass::RuleSelf,
        FileClass::Doc,
    ],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    if source.path.extension() == Some("pub") {
        return;
    }
    let class = context::class(source.path, source.class);
    let bare = surface::bare(source.facts.dialect, source.path);
    let settings = surface::settings(source.facts.dialect);
    let (text, tests) = surface::split_tests(source.facts.dialect, source.text);
    let mut found = secrets(Request { text, class, bare, settings });
    let inside = secrets(Request { text: tests, class: FileClass::Test, bare, settings });
    found.extend(inside.into_iter().map(|secret| secret.moved(text.len())));
    let mut seen = BTreeSet::new();
    for secret in found {
        let head = source.text.get(secret.start..secret.start + 4).filter(|_| secret.shows_head);
        if head.is_some_and(|head| context::is_beside_its_pattern(source.text, secret.start, head))
        {
            sink.unresolved();
            continue;
        }
        let report = report(&secret, source);
        // The same credential again in one line is one thing to revoke.
        if seen.insert((report.place.line, report.code, report.subject.clone())) {
            sink.report(report);
        }
    }
}

fn report(secret: &Secret, source: &Source<'_>) -> Report {
    let text = source.text.get(secret.start..secret.end).unwrap_or("");
    let count = text.chars().count();
    let shown = match text.get(..4).filter(|_| secret.shows_head && count >= 16) {
        Some(head) => format!("`{head}`…, {count} characters"),
        None => format!("{count} characters"),
    };
    Report {
        code: secret.code,
        severity: Some(secret.severity),
        path: None,
        place: source.lines.place(Span::new(secret.start, secret.end), source.text),
        message: format!(
            "{} is written out ({shown}), and whoever can read the repository can use it",
            secret.name
        ),
        help: "revoke it where it was issued, then read it from the environment or a secret store"
            .to_owned(),
        item: secret.item.clone(),
        subject: subject(secret.code, text),
    }
}

/// Tells secrets apart without giving anything of them away.
fn subject(code: &str, secret: &str) -> String {
    let key = blake3::derive_key("assize secret-literal subject 2026", code.as_bytes());
    let hash = blake3::keyed_hash(&key, secret.as_bytes());
    hash.to_hex().chars().take(32).collect()
}
