//! Variables that a text names without reading them: documents, comments, settings of tools.
//!
//! A name that stands in any of these is documented, whatever the format. It says nothing about
//! what the variable holds, and does not make a repository one that declares its environment.

use assize_model::Span;

use crate::{Dialect, Extraction, FactKind, Flags, Language, Role};

/// How many names of one file are kept.
const NAMES_MAX: usize = 1_024;

/// Larger files are data, not words.
const BYTES_MAX: usize = 1 << 20;

/// Endings of texts that no reader of ours takes, but people write for people or for tools.
const TEXTS: [&str; 26] = [
    "bat",
    "bicep",
    "cmd",
    "conf",
    "env",
    "fish",
    "gradle",
    "hcl",
    "html",
    "j2",
    "jinja",
    "jsonnet",
    "mdx",
    "nix",
    "nomad",
    "org",
    "plist",
    "properties",
    "ps1",
    "template",
    "tf",
    "tfvars",
    "tmpl",
    "tpl",
    "txt",
    "xml",
];

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    if sheet.text.len() > BYTES_MAX || !speaks(sheet) {
        return;
    }
    let mut known = sheet.variables();
    let mut found: Vec<(&str, usize)> = Vec::new();
    for (name, at) in names(sheet.text) {
        if found.len() < NAMES_MAX && known.insert(name.to_owned()) {
            found.push((name, at));
        }
    }
    for (name, at) in found {
        sheet
            .fact(FactKind::Env, Role::Definition, name, Span::new(at, at + name.len()))
            .flags(Flags::MENTIONED)
            .done();
    }
}

/// Whether the file is a text in this sense: neither a program nor a list that a tool wrote.
fn speaks(sheet: &Extraction<'_>) -> bool {
    match sheet.dialect {
        Dialect::JsonLock | Dialect::PythonLock | Dialect::Component => false,
        Dialect::TextDoc => true,
        _ => match sheet.dialect.language() {
            language if language.is_code() => false,
            Language::Other => sheet
                .path
                .extension()
                .is_none_or(|ending| TEXTS.contains(&ending.to_ascii_lowercase().as_str())),
            _ => true,
        },
    }
}

/// Words that are written as variables are. One without an underscore could be any acronym: it
/// needs a sign beside it.
fn names(text: &str) -> impl Iterator<Item = (&str, usize)> {
    /// Whether a byte may stand in a name. A table: this is asked of every byte of many texts.
    const PART: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = matches!(byte as u8, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_');
            byte += 1;
        }
        table
    };
    let bytes = text.as_bytes();
    let part = |byte: &u8| PART[usize::from(*byte)];
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += bytes.get(at..)?.iter().position(part)?;
            let start = at;
            at += bytes.get(at..)?.iter().take_while(|byte| part(byte)).count();
            let Some(word) = text.get(start..at) else { continue };
            // `pg_host=`, at the beginning of a line, gives a variable whatever its letters.
            let assigned = bytes.get(at) == Some(&b'=') && word.contains('_');
            let first = |line: &str| line.trim_start_matches(['`', '-', '*', ' ', '\t']).is_empty();
            let before = text.get(..start).and_then(|before| before.rsplit('\n').next());
            if assigned && !word.starts_with('_') && before.is_some_and(first) {
                return Some((word, start));
            }
            if !is_constant(word) {
                continue;
            }
            let before = start.checked_sub(1).and_then(|before| bytes.get(before));
            let signed = matches!(before, Some(b'$' | b'{' | b'`' | b'"' | b'\''))
                || matches!(bytes.get(at), Some(b'=' | b':' | b'`' | b'"' | b'\''));
            if signed || word.trim_matches('_').contains('_') {
                return Some((word, start));
            }
        }
    })
}

fn is_constant(word: &str) -> bool {
    word.len() > 2
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
        && word.bytes().all(|byte| !byte.is_ascii_lowercase())
        && !word.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn words_that_may_be_variables() {
        let found: Vec<&str> =
            names("  pg_host_ml=\n a pg_port=1\n").map(|(name, _)| name).collect();
        assert_eq!(found, ["pg_host_ml"]);
        let text = "Set `DOMAIN` and MAIL_HOST_2 (not the HTTP port), export KEY=1 or ${REGION}; 9_A, Ab_C.";
        let found: Vec<&str> = names(text).map(|(name, _)| name).collect();
        assert_eq!(found, ["DOMAIN", "MAIL_HOST_2", "KEY", "REGION"]);
    }
}
