//! One module per language family. Each reads the text once and fills the sheet.

use assize_model::{FileClass, LineIndex, RepoPath, Span};

use crate::{Dialect, Extraction, FileFacts, FileFlags, Language, Parsed, allowance, too_deep};

mod dockerfile;
mod dotenv;
mod ignored;
pub(crate) mod image;
mod ini;
mod javascript;
mod json;
mod makefile;
mod manifests;
mod markdown;
mod mcp;
pub(crate) mod mentioned;
mod mentions;
pub(crate) mod names;
mod node_locks;
mod port_table;
pub(crate) mod practice;
mod python;
mod requirements;
pub(crate) mod routes;
pub(crate) mod said;
mod shell;
pub(crate) mod sql;
mod toml;
mod tree;
mod yaml;

/// Reads one file.
///
/// `text` is the whole file without a byte-order mark. A text whose brackets nest too deep is not
/// parsed; its outcome is [`Parsed::Refused`].
pub fn extract(path: &RepoPath, class: FileClass, text: &str, lines: &LineIndex) -> FileFacts {
    let dialect = Dialect::of(path, text);
    let mut sheet = Extraction::new(path, class, dialect, text, lines);
    // The readers of JSON and of SQL do not recurse.
    let flat = [Language::Other, Language::Json, Language::Sql];
    let recurses = !flat.contains(&dialect.language());
    if recurses && too_deep(text) {
        sheet.set_parsed(Parsed::Refused);
        return sheet.finish();
    }
    allowance::extract(&mut sheet);
    if has_merge_markers(&sheet) {
        return conflicted(path, class, dialect, text, lines);
    }
    read(&mut sheet);
    said::extract(&mut sheet);
    mentioned::extract(&mut sheet);
    sheet.finish()
}

/// A text with the markers of a merge: they are the fault of a file that does not parse. One that
/// parses has them in a string, and is read as usual.
fn conflicted(
    path: &RepoPath,
    class: FileClass,
    dialect: Dialect,
    text: &str,
    lines: &LineIndex,
) -> FileFacts {
    let mut whole = Extraction::new(path, class, dialect, text, lines);
    allowance::extract(&mut whole);
    read(&mut whole);
    // Only these have texts that can hold a whole conflict and still parse.
    let texts = dialect.language().is_code() || dialect.language() == Language::Shell;
    if texts && whole.is_valid() {
        return whole.finish();
    }
    let mut sheet = Extraction::new(path, class, dialect, text, lines);
    allowance::extract(&mut sheet);
    mark_conflicts(&mut sheet);
    sheet.set_parsed(Parsed::Invalid);
    sheet.finish()
}

fn read(sheet: &mut Extraction<'_>) {
    let name = sheet.path.name();
    if name == ".gitignore" {
        ignored::extract(sheet);
        return;
    }
    if node_locks::is_lock(name) {
        node_locks::extract(sheet);
        return;
    }
    if let Some(manifest) = manifests::reader(name) {
        manifest(sheet);
    }
    match sheet.dialect.language() {
        Language::Python => python::extract(sheet),
        Language::JavaScript | Language::TypeScript => javascript::extract(sheet),
        Language::Yaml => yaml::extract(sheet),
        Language::Toml => toml::extract(sheet),
        Language::Json => json::extract(sheet),
        Language::Markdown => markdown::extract(sheet),
        Language::Dockerfile => dockerfile::extract(sheet),
        Language::Makefile => makefile::extract(sheet),
        Language::Shell => shell::extract(sheet),
        Language::Sql => sql::extract(sheet),
        Language::Ini => ini::extract(sheet),
        Language::Requirements => requirements::extract(sheet),
        Language::Dotenv => dotenv::extract(sheet),
        Language::Go | Language::Java | Language::Rust | Language::CSharp => tree::extract(sheet),
        Language::Other => {}
    }
    mentions::extract(sheet);
    if sheet.is_port_registry() {
        port_table::extract(sheet);
    }
}

/// Whether conflict markers of a merge stand in the text, in order, at the margin.
fn has_merge_markers(sheet: &Extraction<'_>) -> bool {
    !matches!(sheet.dialect.language(), Language::Other | Language::Markdown)
        && sheet.text.contains("<<<<<<< ")
        && !conflicts(sheet.text).is_empty()
}

/// The parser's complaints about the markers would only repeat what they are.
fn mark_conflicts(sheet: &mut Extraction<'_>) {
    for span in conflicts(sheet.text) {
        sheet.error_with_code(span, "an unresolved merge conflict", "merge-marker");
    }
}

fn conflicts(text: &str) -> Vec<Span> {
    let mut opened = None;
    let mut middle = false;
    let mut offset = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
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
    found
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
