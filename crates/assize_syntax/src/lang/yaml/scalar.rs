//! Where the characters of a scalar's value stand in the file, and scripts cut out of the file.
//!
//! A value differs from its source by quotes, escapes, indentation and folding. Places are exact
//! for plain and quoted scalars without escapes and for literal blocks; otherwise the whole
//! scalar is the place.

use std::borrow::Cow;

use assize_model::Span;
use saphyr_parser::ScalarStyle;

use super::tree::{NodeId, Shape, Tree};

/// Finds the source of parts of one scalar's value.
#[derive(Debug)]
pub(crate) struct Locator {
    whole: Span,
    map: Map,
}

#[derive(Debug)]
enum Map {
    /// The value stands in the file as it is, from this byte on.
    Verbatim(usize),
    /// Each line of the value: where it starts in the value, and where in the file.
    Lines(Vec<(usize, usize)>),
    Unknown,
}

impl Locator {
    pub(crate) fn new(tree: &Tree<'_>, id: NodeId) -> Self {
        let whole = tree.span(id);
        let source = tree.source();
        let map = match (tree.shape(id), tree.text(id)) {
            (Shape::Scalar(ScalarStyle::Literal), Some(value)) => {
                lines(source, whole, value).map_or(Map::Unknown, Map::Lines)
            }
            (Shape::Scalar(style), Some(value)) => {
                let start = whole.start + usize::from(style != ScalarStyle::Plain);
                match source.get(start..start + value.len()) {
                    Some(found) if found == value => Map::Verbatim(start),
                    _ => Map::Unknown,
                }
            }
            _ => Map::Unknown,
        };
        Self { whole, map }
    }

    /// The span of `len` bytes from the byte `at` of the value.
    pub(crate) fn span(&self, at: usize, len: usize) -> Span {
        match &self.map {
            Map::Verbatim(start) => Span::new(start + at, start + at + len),
            Map::Lines(lines) => {
                let line = lines.partition_point(|(value, _)| *value <= at);
                match line.checked_sub(1).and_then(|line| lines.get(line)) {
                    Some((value, file)) => Span::new(file + at - value, file + at - value + len),
                    None => self.whole,
                }
            }
            Map::Unknown => self.whole,
        }
    }

    /// The part of the file that holds the value and nothing else but indentation.
    fn extent(&self, value: &str) -> Option<Span> {
        match &self.map {
            Map::Verbatim(start) => Some(Span::new(*start, start + value.len())),
            Map::Lines(lines) => {
                let (_, first) = lines.first()?;
                let (at, last) = lines.last()?;
                let len = value.get(*at..)?.trim_end_matches('\n').len();
                Some(Span::new(*first, last + len))
            }
            Map::Unknown => None,
        }
    }
}

/// Pairs the lines of a literal block with those of the file. The parser's span of a block begins
/// at its first character that is no blank line.
fn lines(source: &str, whole: Span, value: &str) -> Option<Vec<(usize, usize)>> {
    let text = value.trim_start_matches('\n');
    let mut table = Vec::new();
    let mut offset = value.len() - text.len();
    let mut at = source.get(..whole.start)?.rfind('\n').map_or(0, |end| end + 1);
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches('\n');
        let rest = source.get(at..)?;
        let full = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let end = rest.get(..full)?.trim_end_matches(['\n', '\r']);
        let indent = end.strip_suffix(content)?.len();
        table.push((offset, at + indent));
        offset += line.len();
        at += full;
    }
    Some(table)
}

/// A script cut out of the file.
#[derive(Debug)]
pub(crate) struct Passage<'t> {
    pub text: Cow<'t, str>,
    pub span: Span,
    /// Byte for byte as long as the file from `span.start` on.
    pub exact: bool,
}

/// The scalars, one after the other, as one script.
///
/// What stands between them in the file (list markers, quotes, comments) becomes blanks, so that
/// offsets hold. Where that cannot be done, the values are joined and the place is that of the
/// first scalar: a here-document, for instance, would not end at an indented delimiter.
pub(crate) fn passage<'t>(tree: &Tree<'t>, ids: &[NodeId]) -> Option<Passage<'t>> {
    let first = *ids.first()?;
    if let Some(pieces) = pieces(tree, ids) {
        let span = Span::new(pieces.first()?.start, pieces.last()?.end);
        return Some(Passage { text: masked(tree.source(), &pieces), span, exact: true });
    }
    let values: Vec<&str> = ids.iter().filter_map(|id| tree.text(*id)).collect();
    let value = tree.text(first)?;
    let locator = Locator::new(tree, first);
    let span = locator.extent(value).unwrap_or_else(|| tree.span(first));
    Some(Passage { text: Cow::Owned(values.join("\n")), span, exact: false })
}

/// The verbatim extents of the scalars, when each ends before the line of the next.
fn pieces(tree: &Tree<'_>, ids: &[NodeId]) -> Option<Vec<Span>> {
    let mut pieces: Vec<Span> = Vec::with_capacity(ids.len());
    for id in ids {
        let value = tree.text(*id)?;
        let several = value.trim_end().contains('\n');
        if several && value.contains("<<") {
            return None;
        }
        let piece = Locator::new(tree, *id).extent(value)?;
        if let Some(last) = pieces.last() {
            let gap = tree.source().get(last.end..piece.start)?;
            if !gap.contains('\n') {
                return None;
            }
        }
        pieces.push(piece);
    }
    Some(pieces)
}

fn masked<'t>(source: &'t str, pieces: &[Span]) -> Cow<'t, str> {
    if let [only] = pieces {
        return Cow::Borrowed(source.get(only.start..only.end).unwrap_or(""));
    }
    let mut out = String::new();
    let mut last: Option<usize> = None;
    for piece in pieces {
        if let Some(last) = last {
            for byte in source.get(last..piece.start).unwrap_or("").bytes() {
                out.push(if byte == b'\n' { '\n' } else { ' ' });
            }
        }
        out.push_str(source.get(piece.start..piece.end).unwrap_or(""));
        last = Some(piece.end);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::{Locator, passage};

    #[test]
    fn parts_of_literal_blocks_are_found() {
        let text = "k: |\n\n  first é\n    second\r\n  third\nq: \"a b\"\n";
        let tree = Tree::read(text).unwrap();
        let root = tree.documents().next().unwrap();
        for (name, word) in [("k", "first"), ("k", "second"), ("k", "third"), ("q", "b")] {
            let id = tree.get(root, name).unwrap();
            let at = tree.text(id).unwrap().find(word).unwrap();
            let span = Locator::new(&tree, id).span(at, word.len());
            assert_eq!(text.get(span.start..span.end), Some(word));
        }
    }

    #[test]
    fn scripts_keep_their_offsets() {
        let text = "s:\n  - cd é  # go\n  - 'make it'\n  - |\n    one\n    two\n";
        let tree = Tree::read(text).unwrap();
        let root = tree.documents().next().unwrap();
        let list = tree.items(tree.get(root, "s").unwrap());
        let found = passage(&tree, &list).unwrap();
        assert!(found.exact);
        for word in ["cd é", "make it", "one", "two"] {
            let at = found.span.start + found.text.find(word).unwrap();
            assert_eq!(text.get(at..at + word.len()), Some(word));
        }
        assert!(!found.text.contains(['#', '|', '\'', '-']), "{}", found.text);
    }

    #[test]
    fn here_documents_and_flow_lists_are_joined() {
        for text in ["s: |\n  cat <<EOF\n  x\n  EOF\n", "s: [a, b]\n"] {
            let tree = Tree::read(text).unwrap();
            let root = tree.documents().next().unwrap();
            let list = tree.items_or_self(tree.get(root, "s").unwrap());
            assert!(!passage(&tree, &list).unwrap().exact);
        }
    }
}
