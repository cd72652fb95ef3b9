//! Which variables of a file hold routers, each in the block in which it is declared.

use assize_grammars::Node;

use super::super::super::walk::Walk;
use super::{counts, routers};
use crate::lang::routes::{HANDED, own};

/// A framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Std,
    Gin,
    Echo,
    Fiber,
    Chi,
    Gorilla,
}

/// The packages of the frameworks, and the names that files give them.
const PACKAGES: [(&str, &str, Kind); 6] = [
    ("net/http", "http", Kind::Std),
    ("github.com/gin-gonic/gin", "gin", Kind::Gin),
    ("github.com/labstack/echo", "echo", Kind::Echo),
    ("github.com/gofiber/fiber", "fiber", Kind::Fiber),
    ("github.com/go-chi/chi", "chi", Kind::Chi),
    ("github.com/gorilla/mux", "mux", Kind::Gorilla),
];

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Std => "net/http",
            Self::Gin => "gin",
            Self::Echo => "echo",
            Self::Fiber => "fiber",
            Self::Chi => "chi",
            Self::Gorilla => "gorilla",
        }
    }

    /// Types by which a function says that it is handed a router.
    const fn types(self) -> &'static [&'static str] {
        match self {
            Self::Std => &["ServeMux"],
            Self::Gin => &["Engine", "RouterGroup", "IRouter", "IRoutes"],
            Self::Echo => &["Echo", "Group"],
            Self::Fiber => &["App", "Router"],
            Self::Chi => &["Router", "Mux"],
            Self::Gorilla => &["Router"],
        }
    }
}

/// A router; without a name where nobody can tell which.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) id: Option<String>,
    pub(super) kind: Kind,
}

impl Known {
    pub(super) fn router(&self) -> String {
        self.id.as_deref().map_or_else(|| HANDED.to_owned(), own)
    }
}

/// A name, where it is known.
#[derive(Debug)]
struct Bound {
    name: String,
    /// Nothing: the name means something else here.
    router: Option<Known>,
    start: usize,
    end: usize,
}

/// What a file says of its routers so far.
#[derive(Debug, Default)]
pub(in super::super::super) struct Names {
    packages: Vec<(String, Kind)>,
    bound: Vec<Bound>,
    /// Routers by the expressions that make them, and by fields of which a function makes use.
    pub(super) made: Vec<(usize, Known)>,
    pub(super) members: Vec<(String, Known)>,
    /// How many routers have been given a name.
    pub(super) count: u32,
}

impl Names {
    pub(super) const fn any(&self) -> bool {
        !self.packages.is_empty()
    }

    pub(super) fn imports(&self, kind: Kind) -> bool {
        self.packages.iter().any(|(_, known)| *known == kind)
    }

    pub(in super::super::super) fn import(&mut self, alias: &str, path: &str) {
        let found = PACKAGES.iter().find(|(package, ..)| {
            let rest = path.strip_prefix(package);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("/v"))
        });
        if let Some((_, name, kind)) = found {
            let name = if alias.is_empty() { *name } else { alias };
            self.packages.push((name.to_owned(), *kind));
        }
    }

    /// The framework that a name of a package means.
    pub(super) fn package(&self, name: &str) -> Option<Kind> {
        self.packages.iter().find(|(known, _)| known == name).map(|(_, kind)| *kind)
    }

    /// The router that a name means at a place.
    pub(super) fn bound(&self, name: &str, at: usize) -> Option<Known> {
        self.binding(name, at)?.router.clone()
    }

    fn binding(&self, name: &str, at: usize) -> Option<&Bound> {
        let holds = |one: &&Bound| one.start <= at && at < one.end && one.name == name;
        self.bound.iter().rev().find(holds)
    }

    fn bind(&mut self, name: &str, router: Option<Known>, (start, end): (usize, usize)) {
        // Only what hides a router needs to be kept of other names.
        if router.is_some() || self.bound(name, start).is_some() {
            self.bound.push(Bound { name: name.to_owned(), router, start, end });
        }
    }
}

/// `r := gin.New()`, `var r = mux.NewRouter()`
pub(in super::super::super) fn declared(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !counts(walk) {
        return;
    }
    let end = node_around(node).map_or(usize::MAX, |block| block.end_byte());
    let left = node.child_by_field_name("left").map_or_else(|| names_of(node), listed);
    let right = value_of(node).map(listed).unwrap_or_default();
    let kind = typed(walk, node);
    for (at, name) in left.iter().enumerate() {
        let made = match (right.get(at), kind) {
            (Some(value), _) if left.len() == right.len() => routers::of(walk, *value),
            (None, Some(kind)) => Some(routers::handed_in(walk, *name, kind)),
            _ => None,
        };
        let name = walk.text_of(*name);
        walk.routers.bind(name, made, (node.end_byte(), end));
    }
}

/// `r = r.Group("/v1")`, `s.router = gin.New()`
pub(in super::super::super) fn assigned(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !counts(walk) {
        return;
    }
    let left = node.child_by_field_name("left").map(listed).unwrap_or_default();
    let right = value_of(node).map(listed).unwrap_or_default();
    let ([name], [value]) = (left.as_slice(), right.as_slice()) else { return };
    let written = walk.text_of(*name);
    let made = routers::of(walk, *value);
    if name.kind() == "identifier" {
        let known = walk.routers.binding(written, node.start_byte()).map(|known| known.end);
        let around = || node_around(node).map_or(usize::MAX, |block| block.end_byte());
        let end = known.unwrap_or_else(around);
        walk.routers.bind(written, made, (node.end_byte(), end));
    } else if let Some(made) = made {
        let key = routers::key(walk, written);
        walk.routers.members.push((key, made));
    }
}

/// The parameters of a function hide what is outside, and some of them are routers.
pub(in super::super::super) fn function(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !counts(walk) {
        return;
    }
    let Some(list) = node.child_by_field_name("parameters") else { return };
    let within = (node.start_byte(), node.end_byte());
    let mut cursor = list.walk();
    for one in list.named_children(&mut cursor) {
        let kind = typed(walk, one);
        for node in names_of(one) {
            let name = walk.text_of(node);
            let closure =
                |it: &Bound| it.name == name && (it.start, it.end) == within && it.router.is_some();
            if walk.routers.bound.iter().any(closure) {
                continue;
            }
            let made = kind.map(|kind| routers::handed_in(walk, node, kind));
            walk.routers.bind(name, made, within);
        }
    }
}

/// Says what router a closure gets.
pub(super) fn bind_parameter(walk: &mut Walk<'_, '_>, closure: Node<'_>, router: Known) {
    let list = closure.child_by_field_name("parameters");
    let first = list.and_then(|list| list.named_child(0));
    let Some(name) = first.and_then(|one| one.child_by_field_name("name")) else { return };
    let name = walk.text_of(name);
    walk.routers.bind(name, Some(router), (closure.start_byte(), closure.end_byte()));
}

/// The framework of which the type of a declaration is a router.
fn typed(walk: &Walk<'_, '_>, node: Node<'_>) -> Option<Kind> {
    let written = walk.field(node, "type").trim_start_matches('*');
    let (package, name) = written.split_once('.')?;
    let kind = walk.routers.package(package)?;
    kind.types().contains(&name).then_some(kind)
}

/// Whether a member is called as people call a router.
pub(super) fn is_telling(walk: &Walk<'_, '_>, node: Node<'_>) -> bool {
    const ENDS: [&str; 6] = ["router", "mux", "engine", "app", "echo", "group"];
    let last = walk.field(node, "field").to_ascii_lowercase();
    last == "r" || last == "e" || ENDS.iter().any(|end| last.ends_with(end))
}

fn names_of<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    let names = node.children_by_field_name("name", &mut cursor);
    names.filter(|name| name.is_named()).collect()
}

fn value_of<'t>(node: Node<'t>) -> Option<Node<'t>> {
    node.child_by_field_name("right").or_else(|| node.child_by_field_name("value"))
}

fn listed<'t>(list: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = list.walk();
    list.named_children(&mut cursor).filter(|one| one.kind() != "comment").collect()
}

/// How far the block of a declaration is looked for.
const LEVELS_MAX: usize = 8;

/// The block in which what a node declares is known.
fn node_around<'t>(node: Node<'t>) -> Option<Node<'t>> {
    const BLOCKS: [&str; 8] = [
        "block",
        "if_statement",
        "for_statement",
        "expression_switch_statement",
        "expression_case",
        "default_case",
        "communication_case",
        "func_literal",
    ];
    std::iter::successors(node.parent(), |one| one.parent())
        .take(LEVELS_MAX)
        .find(|one| BLOCKS.contains(&one.kind()))
}
