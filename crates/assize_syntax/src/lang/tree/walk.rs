//! The one walk over a tree: it keeps the tokens, says in what a node stands, and hands the kinds
//! that a language wants to its function.

use assize_grammars::{Node, Tree};
use assize_model::Span;

use super::bodies::{self, Body, Leaf};
use super::calls::Libraries;
use super::environment::{self, Reads};
use super::notes::{self, Notes};
use super::remarks;
use super::routes::{self, Groups};
use super::tongue::{Token, Tongue};
use crate::{Extraction, FactKind, Role};

/// What has been seen of a file, and where the walk stands.
#[derive(Debug)]
pub(super) struct Walk<'s, 'f> {
    pub(super) sheet: &'s mut Extraction<'f>,
    pub(super) text: &'f str,
    pub(super) reads: Reads,
    pub(super) notes: Notes,
    pub(super) libraries: Libraries,
    pub(super) groups: Groups,
    /// The routers of a file of Go.
    pub(super) routers: routes::go::Names,
    /// Those of a file of Rust.
    pub(super) builders: routes::rust::Builders,
    scopes: Vec<Scope>,
    bodies: Vec<Body>,
    /// Where the last part ends that only tests compile.
    tests_end: usize,
}

/// Something with a name in which the walk stands.
#[derive(Debug)]
struct Scope {
    name: String,
    end: usize,
    function: bool,
}

pub(super) fn run(sheet: &mut Extraction<'_>, tongue: &Tongue, tree: &Tree) {
    let text = sheet.text;
    let sorts = tongue.sorts();
    let notes = Notes::of(sheet);
    let mut walk = Walk {
        sheet,
        text,
        reads: Reads::default(),
        notes,
        libraries: Libraries::default(),
        groups: Groups::default(),
        routers: routes::go::Names::default(),
        builders: routes::rust::Builders::default(),
        scopes: Vec::new(),
        bodies: Vec::new(),
        tests_end: 0,
    };
    let mut leaves = Vec::with_capacity(text.len() / 4);
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        let sort = sorts.get(usize::from(node.kind_id())).copied().unwrap_or_default();
        if sort.wanted || sort.noted {
            walk.close(node.start_byte());
        }
        if sort.wanted {
            (tongue.enter)(&mut walk, node);
        }
        if sort.noted {
            notes::meet(&mut walk, node);
        }
        if sort.token == Token::Comment {
            remarks::meet(&mut walk, node);
        }
        let whole = matches!(sort.token, Token::Comment | Token::Literal);
        if !whole && cursor.goto_first_child() {
            continue;
        }
        if sort.token != Token::Comment && node.end_byte() > node.start_byte() {
            leaves.push(Leaf { span: span_of(node), kind: node.kind_id(), token: sort.token });
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                let Walk { sheet, reads, bodies, .. } = walk;
                bodies::write(sheet, &leaves, bodies);
                environment::finish(reads, sheet);
                return;
            }
        }
    }
}

impl<'f> Walk<'_, 'f> {
    pub(super) fn text_of(&self, node: Node<'_>) -> &'f str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// The text of a field, empty where there is none.
    pub(super) fn field(&self, node: Node<'_>, name: &str) -> &'f str {
        node.child_by_field_name(name).map_or("", |child| self.text_of(child))
    }

    /// Opens what a node names; it closes where the node ends.
    pub(super) fn open(&mut self, node: Node<'_>, name: impl Into<String>, function: bool) {
        self.scopes.push(Scope { name: name.into(), end: node.end_byte(), function });
    }

    fn close(&mut self, at: usize) {
        while self.scopes.last().is_some_and(|scope| scope.end <= at) {
            self.scopes.pop();
        }
    }

    /// The names of all in which the walk stands.
    pub(super) fn item(&self) -> String {
        let names: Vec<&str> = self.scopes.iter().map(|scope| scope.name.as_str()).collect();
        names.join(".")
    }

    pub(super) fn in_function(&self) -> bool {
        self.scopes.iter().any(|scope| scope.function)
    }

    /// Says that only tests compile a node: what it does is none of the product's.
    pub(super) fn set_aside(&mut self, node: Node<'_>) {
        self.tests_end = self.tests_end.max(node.end_byte());
    }

    /// Whether only tests compile a node.
    pub(super) fn is_aside(&self, node: Node<'_>) -> bool {
        node.start_byte() < self.tests_end
    }

    pub(super) fn is_outermost(&self) -> bool {
        self.scopes.is_empty()
    }

    /// Keeps the body of a function that was opened last.
    pub(super) fn body(&mut self, function: Node<'_>, parameters: Option<Node<'_>>) {
        let Some(body) = function.child_by_field_name("body") else { return };
        // What only refuses to work shares nothing but a signature with another of its kind.
        let only = body.named_child(0).filter(|_| body.named_child_count() == 1);
        if only.is_some_and(|one| one.kind() == "throw_statement") {
            return;
        }
        let inner = self.scopes.iter().filter(|scope| scope.function).count();
        let start = parameters.map_or(body.start_byte(), |one| one.start_byte());
        let head = Span::new(function.start_byte(), body.start_byte());
        let whole = Span::new(start, body.end_byte());
        if bodies::may_count(whole) && !self.is_aside(function) {
            self.bodies.push(Body { whole, head, item: self.item(), nested: inner > 1 });
        }
    }

    /// Keeps a name that others can have of the file; `item` says what it is, where that matters.
    pub(super) fn symbol(&mut self, name: Node<'_>, item: &str) {
        let key = self.text_of(name);
        let fact = self.sheet.fact(FactKind::Symbol, Role::Definition, key, span_of(name));
        fact.item(item).done();
    }
}

pub(super) fn span_of(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}
