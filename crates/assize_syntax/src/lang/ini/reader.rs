//! A small, tolerant reader of INI texts, as Python's `configparser` understands them.
//!
//! It never fails: what it cannot place is kept as odd, and the caller decides whether that is an
//! error in the file at hand.

use assize_model::Span;

/// One key with the lines of its value.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) section: &'a str,
    pub(super) key: &'a str,
    pub(super) span: Span,
    /// The lines that are not empty, trimmed.
    pub(super) lines: Vec<(&'a str, Span)>,
}

/// A line that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oddity {
    BeforeSection,
    NoDelimiter,
    UnclosedSection,
}

#[derive(Debug, Default)]
pub(super) struct Reading<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    pub(super) sections: usize,
    /// The first odd line; the rest mostly follows from it.
    pub(super) odd: Option<(Oddity, Span)>,
}

pub(super) fn read(text: &str) -> Reading<'_> {
    let mut reading = Reading::default();
    let mut section = None;
    let mut key_indent = None;
    let mut offset = 0;
    for raw in text.split_inclusive('\n') {
        let start = offset;
        offset += raw.len();
        let content = raw.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        let indent = raw.len() - raw.trim_start().len();
        let span = Span::new(start + indent, start + indent + content.len());
        if key_indent.is_some_and(|key| indent > key)
            && let Some(entry) = reading.entries.last_mut()
        {
            entry.lines.push((content, span));
            continue;
        }
        key_indent = None;
        if let Some(inside) = content.strip_prefix('[') {
            match inside.split_once(']') {
                Some((name, _)) => {
                    section = Some(name.trim());
                    reading.sections += 1;
                }
                None => reading.note(Oddity::UnclosedSection, span),
            }
            continue;
        }
        match (section, content.find(['=', ':'])) {
            (None, _) => reading.note(Oddity::BeforeSection, span),
            (Some(_), None | Some(0)) => reading.note(Oddity::NoDelimiter, span),
            (Some(section), Some(at)) => {
                reading.entries.push(entry(section, content, span, at));
                key_indent = Some(indent);
            }
        }
    }
    reading
}

fn entry<'a>(section: &'a str, content: &'a str, span: Span, at: usize) -> Entry<'a> {
    let key = content.get(..at).unwrap_or("").trim_end();
    let after = content.get(at + 1..).unwrap_or("");
    let value = after.trim();
    let lines = if value.is_empty() {
        Vec::new()
    } else {
        let value_start = span.end - value.len();
        vec![(value, Span::new(value_start, span.end))]
    };
    Entry { section, key, span: Span::new(span.start, span.start + key.len()), lines }
}

impl Reading<'_> {
    fn note(&mut self, oddity: Oddity, span: Span) {
        self.odd = self.odd.or(Some((oddity, span)));
    }
}

impl<'a> Entry<'a> {
    /// Whether the key is this one; case, dashes and underscores make no difference.
    pub(super) fn key_is(&self, key: &str) -> bool {
        self.key.len() == key.len()
            && self.key.bytes().zip(key.bytes()).all(|(own, other)| {
                own.eq_ignore_ascii_case(&other) || (own == b'-' && other == b'_')
            })
    }

    /// The lines without comments at their ends.
    pub(super) fn code(&self) -> impl Iterator<Item = (&'a str, Span)> {
        self.lines.iter().filter_map(|(line, span)| {
            let code = line.find(" #").and_then(|at| line.get(..at)).unwrap_or(line).trim_end();
            let end = span.start + code.len();
            (!code.is_empty()).then_some((code, Span::new(span.start, end)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Oddity, read};

    #[test]
    fn values_go_on_while_lines_are_indented() {
        let text = "; c\n[a b]\nk-x = 1\nlist:\n  one\n\n  # c\n  two # why\n[c]\nd=\n";
        let reading = read(text);
        assert_eq!((reading.sections, reading.odd), (2, None));
        let entry = &reading.entries[1];
        let lines: Vec<&str> = entry.code().map(|(line, _)| line).collect();
        assert_eq!((entry.section, entry.key, lines), ("a b", "list", vec!["one", "two"]));
        let (_, span) = entry.lines[1];
        assert_eq!(&text[span.start..span.end], "two # why");
        assert!(reading.entries[0].key_is("k_x"));
    }

    #[test]
    fn what_does_not_fit_is_odd() {
        assert_eq!(read("a = 1\n[x]\n").odd.unwrap().0, Oddity::BeforeSection);
        assert_eq!(read("[x]\nlist =\none\n").odd.unwrap().0, Oddity::NoDelimiter);
        assert_eq!(read("[x\n").odd.unwrap().0, Oddity::UnclosedSection);
    }
}
