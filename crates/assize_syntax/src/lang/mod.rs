//! One module per language family. Each reads the text once and fills the sheet.

use assize_model::{FileClass, LineIndex, RepoPath, Span};

use crate::{Dialect, Extraction, FileFacts, FileFlags, Language, Parsed, allowance, too_deep};

mod dockerfile;
mod dotenv;
mod ini;
mod javascript;
mod json;
mod makefile;
mod markdown;
pub(crate) mod names;
mod node_locks;
mod port_table;
mod python;
mod requirements;
mod shell;
mod toml;
mod yaml;

/// Reads one file.
///
/// `text` is the whole file without a byte-order mark. A text whose brackets nest too deep is not
/// parsed; its outcome is [`Parsed::Refused`].
pub fn extract(path: &RepoPath, class: FileClass, text: &str, lines: &LineIndex) -> FileFacts {
    let dialect = Dialect::of(path, text);
    let mut sheet = Extraction::new(path, class, dialect, text, lines);
    // The reader of JSON does not recurse, and counts brackets outside of strings only.
    let recurses = !matches!(dialect.language(), Language::Other | Language::Json);
    if recurses && too_deep(text) {
        sheet.set_parsed(Parsed::Refused);
        return sheet.finish();
    }
    allowance::extract(&mut sheet);
    if merge_markers(&mut sheet) {
        sheet.set_parsed(Parsed::Invalid);
        return sheet.finish();
    }
    if node_locks::is_lock(path.name()) {
        node_locks::extract(&mut sheet);
        return sheet.finish();
    }
    match dialect.language() {
        Language::Python => python::extract(&mut sheet),
        Language::JavaScript | Language::TypeScript => javascript::extract(&mut sheet),
        Language::Yaml => yaml::extract(&mut sheet),
        Language::Toml => toml::extract(&mut sheet),
        Language::Json => json::extract(&mut sheet),
        Language::Markdown => markdown::extract(&mut sheet),
        Language::Dockerfile => dockerfile::extract(&mut sheet),
        Language::Makefile => makefile::extract(&mut sheet),
        Language::Shell => shell::extract(&mut sheet),
        Language::Ini => ini::extract(&mut sheet),
        Language::Requirements => requirements::extract(&mut sheet),
        Language::Dotenv => dotenv::extract(&mut sheet),
        Language::Other => {}
    }
    if sheet.is_port_registry() {
        port_table::extract(&mut sheet);
    }
    sheet.finish()
}

/// Whether conflict markers of a merge stand in the text; the parser's complaints about them would
/// only repeat that.
fn merge_markers(sheet: &mut Extraction<'_>) -> bool {
    if matches!(sheet.dialect.language(), Language::Other | Language::Markdown)
        || !sheet.text.contains("<<<<<<< ")
    {
        return false;
    }
    let mut opened = None;
    let mut middle = false;
    let mut offset = 0;
    let mut found = Vec::new();
    for line in sheet.text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") {
            opened = Some(Span::new(offset, offset + line.trim_end().len()));
            middle = false;
        } else if line.trim_end() == "=======" {
            middle = opened.is_some();
        } else if line.starts_with(">>>>>>> ") && middle {
            found.extend(opened.take());
        }
        offset += line.len();
    }
    for span in &found {
        sheet.error_with_code(*span, "an unresolved merge conflict", "merge-marker");
    }
    !found.is_empty()
}

/// Marks a text in which another template language stands, and says whether it did.
pub(crate) fn mark_template(sheet: &mut Extraction<'_>) -> bool {
    let text = sheet.text;
    let template = text.contains("{%") && text.contains("%}")
        || text.contains("{{") && text.contains("}}") && has_bare_braces(text);
    if template {
        sheet.mark(FileFlags::TEMPLATE);
    }
    template
}

/// `{{` that is neither part of `${{` nor inside quotes that a parser would accept as text.
fn has_bare_braces(text: &str) -> bool {
    text.match_indices("{{").any(|(at, _)| !text.get(..at).is_some_and(|t| t.ends_with('$')))
}
