//! In-line allowances: `assize: allow(<control>) until=YYYY-MM-DD reason="..."` in a comment.
//!
//! Read here as a fact; whether it is valid is a control's business. An allowance covers its own
//! line, or the next line when nothing but the comment stands on its own.

use assize_model::Span;

use crate::{Extraction, FactKind, Language, Role};

const MARK: &str = "assize: allow(";

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    for (at, _) in text.match_indices(MARK) {
        let line = sheet.lines.line(at);
        let span = sheet.lines.line_span(line, text);
        let before = text.get(span.start..at).unwrap_or("");
        let Some(opener) = comment_opener(sheet.dialect.language(), before) else { continue };
        let rest = text.get(at + MARK.len()..span.end).unwrap_or("");
        let (control, tail) = rest.split_once(')').unwrap_or((rest, ""));
        let alone = before.trim_end().trim_end_matches(opener).trim().is_empty();
        let covered = if alone { line + 1 } else { line };
        let until = tail.split_whitespace().find_map(|word| word.strip_prefix("until="));
        let reason = tail
            .split_once("reason=\"")
            .and_then(|(_, after)| after.split_once('"'))
            .map_or("", |(reason, _)| reason.trim());
        sheet
            .fact(FactKind::Allowance, Role::Definition, control.trim(), Span::new(at, span.end))
            .value(until.unwrap_or(""))
            .item(reason)
            .number(covered)
            .done();
    }
}

/// The comment opener that stands last before the mark, in a language that knows it.
fn comment_opener(language: Language, before: &str) -> Option<&'static str> {
    let openers: &[&'static str] = match language {
        Language::Python
        | Language::Yaml
        | Language::Toml
        | Language::Dockerfile
        | Language::Makefile
        | Language::Shell
        | Language::Requirements
        | Language::Dotenv => &["#"],
        Language::JavaScript | Language::TypeScript | Language::Json => &["//", "/*", "*"],
        Language::Markdown => &["<!--"],
        Language::Ini => &["#", ";"],
        Language::Other => &["#", "//", "/*", "*", "--", "<!--", ";"],
    };
    let before = before.trim_end();
    openers.iter().copied().find(|opener| before.ends_with(opener))
}
