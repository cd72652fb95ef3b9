//! YAML, and the configurations written in it.
//!
//! One parse yields either an error or a tree; the file's role decides who reads the tree. Files
//! of no known role are only looked at for errors, without building a tree.

use assize_model::Span;

use crate::lang::mark_template;
use crate::{Dialect, Extraction, FileFlags, Parsed};

mod ci_images;
pub(crate) mod compose;
mod compose_command;
mod compose_parts;
mod compose_paths;
mod compose_settings;
pub(crate) mod conda;
pub(crate) mod github;
pub(crate) mod gitlab;
mod interpolation;
pub(crate) mod kubernetes;
mod kubernetes_settings;
mod offsets;
mod outputs;
mod paths;
mod ports;
mod quoted;
mod scalar;
mod tree;

use tree::{Broken, Tree};

/// What the parser says of flow collections that nest deeper than it follows: no breach of YAML.
const TOO_DEEP: &str = "recursion limit exceeded";

type Reader = fn(&mut Extraction<'_>, &Tree<'_>);

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    let reader: Option<Reader> = match sheet.dialect {
        Dialect::Compose => Some(compose::extract),
        Dialect::GithubWorkflow => Some(github::extract_workflow),
        Dialect::GithubAction => Some(github::extract_action),
        Dialect::GitlabCi => Some(gitlab::extract),
        Dialect::Kubernetes => Some(kubernetes::extract),
        Dialect::CondaEnv => Some(conda::extract),
        // The templates of a chart are YAML only once they are filled in.
        Dialect::Helm => {
            sheet.mark(FileFlags::TEMPLATE);
            return;
        }
        _ => None,
    };
    let outcome = read(sheet, sheet.text, reader);
    let lenient = outcome.as_ref().err().and_then(|broken| quoted::folded(sheet.text, broken));
    let outcome = match lenient {
        Some(text) => read(sheet, &text, reader),
        None => outcome,
    };
    match outcome {
        Ok(()) => sheet.set_parsed(Parsed::Valid),
        Err(broken) => refuse(sheet, &broken),
    }
}

fn read(sheet: &mut Extraction<'_>, text: &str, reader: Option<Reader>) -> Result<(), Broken> {
    match reader {
        None => tree::check(text),
        Some(reader) => Tree::read(text).map(|tree| reader(sheet, &tree)),
    }
}

/// A text that is no YAML: an error, unless it is the template of another language that breaks it.
fn refuse(sheet: &mut Extraction<'_>, broken: &Broken) {
    if broken.message == TOO_DEEP {
        sheet.set_parsed(Parsed::Refused);
        return;
    }
    if breaks_as_template(sheet.text, broken.at) && mark_template(sheet) {
        return;
    }
    // A bracket closed at the margin is against the letter of YAML, but most readers take it.
    if broken.message.contains("invalid indentation")
        && sheet.text.get(broken.at..).is_some_and(|rest| rest.trim_start().starts_with([']', '}']))
    {
        return;
    }
    sheet.set_parsed(Parsed::Invalid);
    let span = error_span(sheet.text, broken.at);
    sheet.error(span, broken.message.as_str());
}

/// From where the parser gave up to the end of that line; an error at the very end of the text is
/// shown at its last character.
fn error_span(text: &str, at: usize) -> Span {
    let before = text.get(..at).unwrap_or(text);
    let at = if text.get(at..).is_none_or(|rest| rest.trim().is_empty()) {
        let kept = before.trim_end();
        kept.char_indices().next_back().map_or(0, |(last, _)| last)
    } else {
        at
    };
    let rest = text.get(at..).unwrap_or("");
    let line = rest.split(['\n', '\r']).next().unwrap_or("").trim_end();
    Span::new(at, at + line.len())
}

/// Whether marks of a template stand outside quotes, up to the line in which the parser gave up.
/// Inside quotes they are text to YAML, and cannot have broken it.
fn breaks_as_template(text: &str, at: usize) -> bool {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if offset > at {
            break;
        }
        offset += line.len();
        let line = line.trim_start();
        if line.starts_with('#') {
            continue;
        }
        if line.contains("{%") || has_bare_braces(line) {
            return true;
        }
    }
    false
}

/// Whether `{{` stands in a line, outside quotes and not as part of `${{`.
fn has_bare_braces(line: &str) -> bool {
    let mut quote = None;
    let mut before = [b' ', b' '];
    for byte in line.bytes() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'{') if before[1] == b'{' && before[0] != b'$' => return true,
            _ => {}
        }
        before = [before[1], byte];
    }
    false
}

/// Whether a name can be that of an environment variable.
fn is_env_name(name: &str) -> bool {
    let first = name.bytes().next();
    first.is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests;
