//! JSON: package manifests, compiler settings, MCP configurations, lock files; for everything else
//! the check that it parses.

mod lock;
mod mcp;
mod package;
mod read;
mod tsconfig;
mod value;

use assize_model::Span;

use self::read::{Grammar, ReadError};
use crate::{Dialect, Extraction, FileFlags, Parsed};

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    if text.trim().is_empty() || text.starts_with("version https://git-lfs.github.com/") {
        return;
    }
    // Who opens a file with such a comment has a reader of their own.
    if sheet.dialect == Dialect::Json && text.trim_start().starts_with('#') {
        return;
    }
    // JSON5 has a grammar of its own, which is not read.
    if sheet.path.extension().is_some_and(|extension| extension == "json5") {
        return;
    }
    let grammar = grammar(sheet);
    let outcome = if needs_tree(sheet) {
        value::tree(text, grammar).map(|value| {
            sheet.set_parsed(Parsed::Valid);
            facts(sheet, &value);
        })
    } else {
        read::check(text, grammar).map(|()| sheet.set_parsed(Parsed::Valid))
    };
    if let Err(error) = outcome {
        reject(sheet, &error);
    }
}

fn grammar(sheet: &Extraction<'_>) -> Grammar {
    match sheet.dialect {
        Dialect::Jsonc | Dialect::TsConfig => Grammar::Commented,
        // Docusaurus reads it as YAML.
        Dialect::Json if sheet.path.name() == "_category_.json" => Grammar::Commented,
        // Who opens a file with a comment writes for a reader that takes comments.
        Dialect::Json if sheet.text.trim_start().starts_with(['/']) => Grammar::Commented,
        // What a `tsconfig.json` extends may have any name.
        Dialect::Json if sheet.text.contains("\"compilerOptions\"") => Grammar::Commented,
        _ => Grammar::Strict,
    }
}

/// Whether anything but the syntax is of interest.
fn needs_tree(sheet: &Extraction<'_>) -> bool {
    match sheet.dialect {
        Dialect::Json | Dialect::Jsonc => {
            sheet.text.contains("\"mcpServers\"")
                || sheet.text.contains("\"mcp\"")
                || tsconfig::is_import_map(sheet.path.name())
        }
        _ => true,
    }
}

fn facts(sheet: &mut Extraction<'_>, value: &value::Value<'_>) {
    match sheet.dialect {
        Dialect::PackageJson => package::extract(sheet, value),
        Dialect::TsConfig => tsconfig::extract(sheet, value),
        Dialect::JsonLock => lock::extract(sheet, value),
        _ => {
            mcp::extract(sheet, value);
            if tsconfig::is_import_map(sheet.path.name()) {
                tsconfig::import_map(sheet, value);
            }
        }
    }
}

fn reject(sheet: &mut Extraction<'_>, error: &ReadError) {
    if error.message == read::TOO_DEEP {
        sheet.set_parsed(Parsed::Refused);
        return;
    }
    let text = sheet.text;
    if is_template(sheet, error.at) {
        sheet.mark(FileFlags::TEMPLATE);
        return;
    }
    let data = matches!(sheet.dialect, Dialect::Json | Dialect::Jsonc);
    if data && read::is_sequence(text) {
        return;
    }
    // Readers in Python and many others take numbers that are none, and write them.
    let rest = text.get(error.at..).unwrap_or("");
    if data && ["NaN", "Infinity", "-Infinity"].iter().any(|word| rest.starts_with(word)) {
        return;
    }
    // Who comments a file has a reader that takes comments, unless that is known not to.
    let commented =
        error.message == read::NO_COMMENTS && read::check(text, Grammar::Commented).is_ok();
    if data && commented {
        return;
    }
    // A dot file without an extension may be YAML or JSON5 as well.
    if sheet.path.extension().is_none() {
        return;
    }
    sheet.set_parsed(Parsed::Invalid);
    sheet.error(Span::new(error.at, error.at + 1), error.message);
}

/// Whether a substitution stands where the text stops being JSON. Inside strings braces are
/// common, and hide no error elsewhere in the file.
fn is_template(sheet: &Extraction<'_>, at: usize) -> bool {
    let line = sheet.lines.line(at);
    let near = [line.saturating_sub(1).max(1), line].iter().any(|line| {
        let span = sheet.lines.line_span(*line, sheet.text);
        has_substitution(sheet.text.get(span.start..span.end).unwrap_or(""))
    });
    near || (sheet.text.contains("{%") && sheet.text.contains("%}"))
}

/// Whether a template's opening stands on the line outside quotes.
fn has_substitution(line: &str) -> bool {
    ["{{", "{%", "<%", "${", "@@", "<?"].iter().any(|opening| {
        line.match_indices(opening).any(|(at, _)| {
            line.get(..at).is_some_and(|before| before.matches('"').count() % 2 == 0)
        })
    })
}

#[cfg(test)]
mod tests;
