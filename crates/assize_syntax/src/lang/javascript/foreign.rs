//! Texts in files named like JavaScript that are something else, so that they are no errors.

/// How much of a file's head is looked at.
const HEAD_MAX: usize = 2_048;

/// Whether the file holds another language altogether: translations in XML, QML's dialect, a
/// pointer to a large file, a preprocessor's input.
pub(super) fn is_other_language(text: &str) -> bool {
    const STARTS: [&str; 9] = [
        "<?xml",
        "<!DOCTYPE",
        "<!doctype",
        "version https://git-lfs.github.com/",
        ".pragma ",
        ".import ",
        "#include",
        "#target",
        "#import",
    ];
    let start = text.trim_start();
    STARTS.iter().any(|opening| start.starts_with(opening))
}

/// Whether the text is written for Flow: its pragma, or module syntax that only Flow and
/// TypeScript have and that therefore nobody writes into plain JavaScript by accident.
pub(super) fn is_flow(text: &str) -> bool {
    let mut end = text.len().min(HEAD_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let pragma = text.get(..end).is_some_and(|head| head.contains("@flow"));
    let flow_module = |line: &str| {
        ["import typeof ", "import type ", "export opaque type ", "opaque type ", "declare export "]
            .iter()
            .any(|opening| line.starts_with(opening))
    };
    pragma || (text.contains(" type") && text.lines().any(flow_module))
}

/// Whether another template language stands in the text.
///
/// `{{` alone says nothing: JSX is full of `style={{ .. }}`. What counts is a lone name, path or
/// directive between double braces that are no attribute's value.
pub(super) fn is_template(text: &str) -> bool {
    let pairs = [("<%", "%>"), ("{%", "%}"), ("<?php", ""), ("<?=", "?>")];
    if pairs.iter().any(|(open, close)| text.contains(open) && text.contains(close)) {
        return true;
    }
    text.match_indices("{{").any(|(at, _)| {
        let before = text.get(..at).unwrap_or("");
        let rest = text.get(at + 2..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        line.split_once("}}").is_some_and(|(inner, _)| is_substitution(inner))
            && !is_attribute_value(before)
    })
}

/// Whether `name={{` opens a JSX attribute's value.
fn is_attribute_value(before: &str) -> bool {
    before
        .strip_suffix('=')
        .is_some_and(|name| name.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-'))
}

fn is_substitution(inner: &str) -> bool {
    let inner = inner.trim_matches(|c: char| c.is_whitespace() || c == '-' || c == '~');
    let name = inner.split(['|', ' ']).next().unwrap_or("");
    let name = name.trim_start_matches(['#', '/', '$', '.', '>', '^', '&', '{']);
    let rest = inner.get(inner.find(name).unwrap_or(0) + name.len()..).unwrap_or("").trim_start();
    !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || "_.-[]'\"()".contains(c))
        && !rest.starts_with([':', ',', '=', '{'])
}

#[cfg(test)]
mod tests {
    use super::{is_flow, is_other_language, is_template};

    #[test]
    fn templates_are_told_from_jsx() {
        for text in [
            "const a = {{ value }};",
            "x = {{ .Values.name | quote }}",
            "<% if (a) { %>",
            "{% raw %}",
            "let {{cookiecutter.slug}} = 1",
            "{{#if a}} b {{/if}}",
        ] {
            assert!(is_template(text), "{text}");
        }
        for text in [
            "<p style={{ color }}>",
            "<p style={{ color: 1 }}>",
            "f({{a: 1}})",
            "const { a: {{ b, c }} } = d",
            "`${{}}`",
        ] {
            assert!(!is_template(text), "{text}");
        }
    }

    #[test]
    fn other_languages() {
        assert!(is_flow("/**\n * @flow strict\n */\nfunction f(x: number) {}"));
        assert!(is_flow("import type { A } from './a';\n"));
        assert!(!is_flow("const type = 1;\n// an import type is nice"));
        assert!(is_other_language("<?xml version=\"1.0\"?><TS></TS>"));
        assert!(!is_other_language("#!/usr/bin/env node\nlet a;"));
    }
}
