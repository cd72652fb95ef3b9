//! One YAML text as a flat tree with byte spans.
//!
//! The tree owns anchors, aliases and `<<` merges; readers see the resolved mapping. It knows no
//! configuration. Everything lies in one vector, so that depth costs no stack, and everything that
//! readers are handed is counted against a budget in proportion to the text, so that aliases of
//! aliases (the "billion laughs") end quietly instead of filling the memory.

use std::borrow::Cow;
use std::cell::Cell;

use assize_model::Span;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::offsets::Offsets;

/// What readers are handed beyond four times the nodes of the text before aliases go dry.
const BUDGET_BASE: usize = 100_000;

/// How many mappings one `<<` chain may pull in.
const MERGES_MAX: usize = 256;

/// A node of one tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Scalar(ScalarStyle),
    Sequence,
    Mapping,
    /// Stands for the node behind an anchor; readers never see it.
    Alias(NodeId),
}

/// One entry of a mapping.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    pub name: &'a str,
    pub key: NodeId,
    pub value: NodeId,
}

/// The entries of one mapping, merges included, own ones first.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a>(pub Vec<Field<'a>>);

impl Fields<'_> {
    /// The value under this name; of duplicates, the first.
    pub(crate) fn get(&self, name: &str) -> Option<NodeId> {
        self.0.iter().find(|field| field.name == name).map(|field| field.value)
    }
}

/// Why and where a text is no YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub at: usize,
    pub message: String,
}

#[derive(Debug)]
struct Node<'t> {
    shape: Shape,
    text: Cow<'t, str>,
    span: Span,
    is_key: bool,
    first: Option<NodeId>,
    next: Option<NodeId>,
}

/// A whole text: one or more documents.
#[derive(Debug)]
pub(crate) struct Tree<'t> {
    source: &'t str,
    nodes: Vec<Node<'t>>,
    documents: Vec<NodeId>,
    budget: Cell<usize>,
}

/// Looks only whether a text is YAML.
pub(crate) fn check(text: &str) -> Result<(), Broken> {
    let mut parser = Parser::new_from_str(text).keep_tags(true);
    while let Some(event) = parser.next_event() {
        if let Err(error) = event {
            return Err(broken(&error, &Offsets::new(text)));
        }
    }
    Ok(())
}

fn broken(error: &ScanError, offsets: &Offsets<'_>) -> Broken {
    Broken { at: offsets.byte(error.marker().index()), message: error.info().to_owned() }
}

impl<'t> Tree<'t> {
    /// Reads a text.
    pub(crate) fn read(text: &'t str) -> Result<Self, Broken> {
        let offsets = Offsets::new(text);
        let mut builder = Builder::default();
        let mut parser = Parser::new_from_str(text).keep_tags(true);
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| broken(&error, &offsets))?;
            let span = Span::new(offsets.byte(span.start.index()), offsets.byte(span.end.index()));
            builder.take(event, span);
        }
        let budget = Cell::new(builder.nodes.len().saturating_mul(4).saturating_add(BUDGET_BASE));
        Ok(Self { source: text, nodes: builder.nodes, documents: builder.documents, budget })
    }

    pub(crate) fn source(&self) -> &'t str {
        self.source
    }

    /// The roots of the documents.
    pub(crate) fn documents(&self) -> impl Iterator<Item = NodeId> {
        self.documents.iter().map(|id| self.resolve(*id))
    }

    /// All nodes that are no aliases, in order of the text.
    pub(crate) fn all(&self) -> impl Iterator<Item = NodeId> {
        (0..self.nodes.len())
            .filter_map(|at| u32::try_from(at).ok().map(NodeId))
            .filter(|id| !matches!(self.shape(*id), Shape::Alias(_)))
    }

    pub(crate) fn shape(&self, id: NodeId) -> Shape {
        self.node(id).map_or(Shape::Sequence, |node| node.shape)
    }

    pub(crate) fn span(&self, id: NodeId) -> Span {
        self.node(id).map_or_else(Span::default, |node| node.span)
    }

    pub(crate) fn is_key(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| node.is_key)
    }

    pub(crate) fn is_mapping(&self, id: NodeId) -> bool {
        self.shape(id) == Shape::Mapping
    }

    pub(crate) fn is_sequence(&self, id: NodeId) -> bool {
        self.shape(id) == Shape::Sequence
    }

    /// The value of a scalar.
    pub(crate) fn text(&self, id: NodeId) -> Option<&str> {
        let node = self.node(id)?;
        matches!(node.shape, Shape::Scalar(_)).then_some(node.text.as_ref())
    }

    /// The items of a sequence; none where it is something else.
    pub(crate) fn items(&self, id: NodeId) -> Vec<NodeId> {
        if !self.is_sequence(id) {
            return Vec::new();
        }
        self.children(id).map(|child| self.resolve(child)).collect()
    }

    /// The items of a sequence, or the node itself where it is a scalar.
    pub(crate) fn items_or_self(&self, id: NodeId) -> Vec<NodeId> {
        if self.text(id).is_some() { vec![id] } else { self.items(id) }
    }

    /// The entries of a mapping; none where it is something else.
    pub(crate) fn fields(&self, id: NodeId) -> Fields<'_> {
        let mut fields = Vec::new();
        let mut open = vec![id];
        let mut seen: Vec<NodeId> = Vec::new();
        while let Some(mapping) = open.pop() {
            if !self.is_mapping(mapping) || seen.contains(&mapping) || seen.len() > MERGES_MAX {
                continue;
            }
            seen.push(mapping);
            let mut merged = self.own_fields(mapping, &mut fields);
            // The stack is read from its end, and of two merges the first one wins.
            merged.reverse();
            open.extend(merged);
        }
        Fields(fields)
    }

    /// The value under a name of a mapping.
    pub(crate) fn get(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.fields(id).get(name)
    }

    /// The text under a name of a mapping.
    pub(crate) fn get_text(&self, id: NodeId, name: &str) -> Option<&str> {
        self.text(self.get(id, name)?)
    }

    /// Adds a mapping's own entries, and returns the mappings that it merges.
    fn own_fields<'a>(&'a self, mapping: NodeId, fields: &mut Vec<Field<'a>>) -> Vec<NodeId> {
        let mut merged = Vec::new();
        let mut children = self.children(mapping);
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            let (key, value) = (self.resolve(key), self.resolve(value));
            let Some(name) = self.text(key) else { continue };
            if name == "<<" {
                let list = self.items(value);
                merged.extend(if list.is_empty() { vec![value] } else { list });
            } else {
                fields.push(Field { name, key, value });
            }
        }
        merged
    }

    fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let mut next = self.node(id).and_then(|node| node.first);
        std::iter::from_fn(move || {
            let current = next?;
            let left = self.budget.get().checked_sub(1)?;
            self.budget.set(left);
            next = self.node(current).and_then(|node| node.next);
            Some(current)
        })
    }

    fn resolve(&self, id: NodeId) -> NodeId {
        match self.shape(id) {
            Shape::Alias(target) => target,
            _ => id,
        }
    }

    fn node(&self, id: NodeId) -> Option<&Node<'t>> {
        self.nodes.get(id.0 as usize)
    }
}

/// A collection whose end has not been met.
#[derive(Debug)]
struct Open {
    id: NodeId,
    last: Option<NodeId>,
    count: usize,
}

#[derive(Debug, Default)]
struct Builder<'t> {
    nodes: Vec<Node<'t>>,
    documents: Vec<NodeId>,
    open: Vec<Open>,
    /// The node behind each anchor; anchors are numbered from one.
    anchors: Vec<Option<NodeId>>,
}

impl<'t> Builder<'t> {
    fn take(&mut self, event: Event<'t>, span: Span) {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                self.push(Shape::Scalar(style), text, span, anchor);
            }
            Event::Alias(anchor) => {
                let target = self.anchors.get(anchor).copied().flatten();
                let shape = target.map_or(Shape::Scalar(ScalarStyle::Plain), Shape::Alias);
                self.push(shape, Cow::Borrowed(""), span, 0);
            }
            Event::SequenceStart(anchor, _) => {
                self.open(Shape::Sequence, span, anchor);
            }
            Event::MappingStart(anchor, _) => {
                self.open(Shape::Mapping, span, anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop()
                    && let Some(node) = self.nodes.get_mut(open.id.0 as usize)
                {
                    node.span.end = span.end.max(node.span.start);
                }
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
    }

    fn open(&mut self, shape: Shape, span: Span, anchor: usize) {
        if let Some(id) = self.push(shape, Cow::Borrowed(""), span, anchor) {
            self.open.push(Open { id, last: None, count: 0 });
        }
    }

    fn push(
        &mut self,
        shape: Shape,
        text: Cow<'t, str>,
        span: Span,
        anchor: usize,
    ) -> Option<NodeId> {
        let id = NodeId(u32::try_from(self.nodes.len()).ok()?);
        let mut is_key = false;
        match self.open.last_mut() {
            None => self.documents.push(id),
            Some(parent) => {
                let is_mapping = self
                    .nodes
                    .get(parent.id.0 as usize)
                    .is_some_and(|node| node.shape == Shape::Mapping);
                is_key = is_mapping && parent.count.is_multiple_of(2);
                parent.count += 1;
                let before = parent.last.replace(id);
                match before.and_then(|before| self.nodes.get_mut(before.0 as usize)) {
                    Some(sibling) => sibling.next = Some(id),
                    None => {
                        if let Some(node) = self.nodes.get_mut(parent.id.0 as usize) {
                            node.first = Some(id);
                        }
                    }
                }
            }
        }
        self.nodes.push(Node { shape, text, span, is_key, first: None, next: None });
        if anchor > 0 {
            if self.anchors.len() <= anchor {
                self.anchors.resize(anchor + 1, None);
            }
            if let Some(slot) = self.anchors.get_mut(anchor) {
                *slot = Some(id);
            }
        }
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    fn names(text: &str, under: &str) -> Vec<(String, String)> {
        let tree = Tree::read(text).unwrap();
        let root = tree.documents().next().unwrap();
        let fields = tree.fields(tree.get(root, under).unwrap());
        let pair = |name: &str, value| (name.to_owned(), tree.text(value).unwrap().to_owned());
        fields.0.iter().map(|field| pair(field.name, field.value)).collect()
    }

    #[test]
    fn merges_lose_against_own_entries_and_earlier_merges() {
        let text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 0\n";
        let tree = Tree::read(text).unwrap();
        let root = tree.documents().next().unwrap();
        let fields = tree.fields(tree.get(root, "c").unwrap());
        let value = |name| fields.get(name).and_then(|id| tree.text(id));
        assert_eq!((value("x"), value("y"), value("z")), (Some("0"), Some("1"), Some("2")));
    }

    #[test]
    fn a_merge_of_itself_ends() {
        assert_eq!(names("a: &a\n  <<: *a\n  x: 1\n", "a"), [("x".into(), "1".into())]);
    }

    #[test]
    fn aliases_of_aliases_run_dry() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        let tree = Tree::read(&text).unwrap();
        let root = tree.documents().next().unwrap();
        let mut open = vec![tree.get(root, "a8").unwrap()];
        let mut visits = 0;
        while let Some(id) = open.pop() {
            visits += 1;
            open.extend(tree.items(id));
        }
        assert!(visits < 200_000, "{visits}");
    }

    #[test]
    fn spans_are_bytes() {
        let text = "é: \u{1F6A8}ä\nk: 'it''s'\n--- \nx: \"é\"\n";
        let tree = Tree::read(text).unwrap();
        let shown: Vec<&str> = tree
            .all()
            .filter(|id| tree.text(*id).is_some())
            .map(|id| {
                let span = tree.span(id);
                text.get(span.start..span.end).unwrap()
            })
            .collect();
        assert_eq!(shown, ["é", "\u{1F6A8}ä", "k", "'it''s'", "x", "\"é\""]);
    }
}
