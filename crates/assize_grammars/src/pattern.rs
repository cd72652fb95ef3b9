//! Patterns: code with holes, found wherever a tree has the same shape.
//!
//! The shape is compared by ast-grep's engine; the walk over the tree is ours, so that one walk
//! serves all patterns of a file and ends within limits. A pattern says of which kind the node is
//! that it may fit, so that most nodes are passed over without a question.

use std::borrow::Cow;
use std::ops::Range;

use ast_grep_core::matcher::{MatcherExt as _, PatternBuilder, PatternNode};
use ast_grep_core::meta_var::MetaVariable;
use ast_grep_core::tree_sitter::{LanguageExt, StrDoc, TSLanguage};
use ast_grep_core::{AstGrep, Language, Matcher as _};

use crate::{Grammar, parse};

/// How deep a tree may be: what compares two parts of it recurses.
pub const DEPTH_MAX: usize = 1_000;
/// So many places of one query are told of one text.
pub const MATCHES_MAX: usize = 200;
/// So many bytes of what a hole holds are told.
const HELD_BYTES_MAX: usize = 60;

/// Why a text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternError {
    /// The text does not parse as one piece of code.
    Code,
    /// More than one statement or expression.
    Several,
    /// It would fit any code.
    Anything,
    /// A hole for several nodes is named twice.
    Twice,
    /// The context holds no node of the kind that is selected.
    Selector,
}

/// Code with holes, in one language.
#[derive(Clone)]
pub struct Pattern {
    inner: ast_grep_core::Pattern,
    /// The number of the kind of the nodes that it may fit.
    kind: usize,
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Pattern").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Pattern {
    /// Reads a pattern: `$NAME` stands for one node, `$$$` for any number of them. With `selector`
    /// the pattern is the first node of that kind in the code.
    ///
    /// # Errors
    /// The text is no pattern of the language.
    pub fn new(grammar: Grammar, code: &str, selector: Option<&str>) -> Result<Self, PatternError> {
        use ast_grep_core::PatternError as Theirs;
        let made = match selector {
            Some(kind) => ast_grep_core::Pattern::contextual(code, kind, grammar),
            None => wrapped(grammar, code)
                .map_or_else(|| ast_grep_core::Pattern::try_new(code, grammar), Ok),
        };
        let mut inner = made.map_err(|error| match error {
            Theirs::MultipleNode(_) => PatternError::Several,
            Theirs::RootMultiMetaVar(_) => PatternError::Anything,
            Theirs::InvalidKind(_) | Theirs::NoSelectorInContext { .. } => PatternError::Selector,
            Theirs::Parse(_) | Theirs::NoContent(_) => PatternError::Code,
        })?;
        if inner.has_error() {
            return Err(PatternError::Code);
        }
        unname(&mut inner.node, &mut Vec::new())?;
        let kinds = inner.potential_kinds().ok_or(PatternError::Anything)?;
        let kind = kinds.iter().next().ok_or(PatternError::Anything)?;
        Ok(Self { inner, kind })
    }

    /// The names of the holes that a message may use.
    pub fn holes(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.inner.defined_vars().into_iter().map(str::to_owned).collect();
        names.sort();
        names
    }
}

/// The pattern of code that stands in a function: Go takes a call at the top of a file for a type.
fn wrapped(grammar: Grammar, code: &str) -> Option<ast_grep_core::Pattern> {
    const BEFORE: &str = "func _() {\n";
    if grammar != Grammar::Go {
        return None;
    }
    let code = grammar.pre_process_pattern(code.trim()).into_owned();
    let whole = format!("{BEFORE}{code}\n}}\n");
    let tree = parse(grammar, &whole)?;
    let (start, end) = (BEFORE.len(), BEFORE.len() + code.len());
    let root = AstGrep::doc(StrDoc { src: whole, lang: grammar, tree });
    let node = root.root().get_inner_node().descendant_for_byte_range(start, end)?;
    let fits = node.byte_range() == (start..end) && !node.has_error();
    fits.then(|| ast_grep_core::Pattern::from(root.adopt(node)))
}

/// Takes the names from holes for several nodes: what they hold would be copied at each attempt.
/// A broken part of the code fits nothing that was meant.
fn unname(node: &mut PatternNode, known: &mut Vec<String>) -> Result<(), PatternError> {
    match node {
        PatternNode::MetaVar { meta_var } => {
            if let MetaVariable::MultiCapture(name) = meta_var {
                if known.contains(name) {
                    return Err(PatternError::Twice);
                }
                known.push(std::mem::take(name));
                *meta_var = MetaVariable::Multiple;
            }
            Ok(())
        }
        PatternNode::Terminal { kind_id, .. } => whole(*kind_id),
        PatternNode::Internal { kind_id, children } => {
            whole(*kind_id)?;
            children.iter_mut().try_for_each(|child| unname(child, known))
        }
    }
}

/// The number that tree-sitter gives to what it could not read.
const BROKEN: u16 = u16::MAX;

fn whole(kind: u16) -> Result<(), PatternError> {
    if kind == BROKEN { Err(PatternError::Code) } else { Ok(()) }
}

/// What is looked for: any of some patterns, under conditions.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub any: Vec<Pattern>,
    /// A node that one of these fits as well is none that is meant.
    pub unless: Vec<Pattern>,
    /// One of these fits a node around it, if there are any.
    pub inside: Vec<Pattern>,
    /// None of these fits a node around it.
    pub outside: Vec<Pattern>,
}

/// One place that a query fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Which of the queries.
    pub query: usize,
    pub bytes: Range<usize>,
    /// What the holes hold, by name, each cut to a line of some length.
    pub held: Vec<(String, String)>,
}

/// A text with its tree.
pub struct Sheet {
    root: AstGrep<StrDoc<Grammar>>,
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Sheet").finish_non_exhaustive()
    }
}

type Found<'t> = ast_grep_core::NodeMatch<'t, StrDoc<Grammar>>;
type Around<'t> = ast_grep_core::Node<'t, StrDoc<Grammar>>;

impl Sheet {
    /// Parses a text; none where the parser would take too long, or where the tree is too deep.
    pub fn new(grammar: Grammar, text: &str) -> Option<Self> {
        let tree = parse(grammar, text)?;
        let doc = StrDoc { src: text.to_owned(), lang: grammar, tree };
        let sheet = Self { root: AstGrep::doc(doc) };
        sheet.is_shallow().then_some(sheet)
    }

    /// Every place that one of the queries fits, in order of the text.
    pub fn find(&self, queries: &[&Query]) -> Vec<Match> {
        let mut by_kind: Vec<Vec<(usize, &Pattern)>> = Vec::new();
        for (number, query) in queries.iter().enumerate() {
            for pattern in &query.any {
                if by_kind.len() <= pattern.kind {
                    by_kind.resize(pattern.kind + 1, Vec::new());
                }
                if let Some(list) = by_kind.get_mut(pattern.kind) {
                    list.push((number, pattern));
                }
            }
        }
        let mut counts = vec![0_usize; queries.len()];
        let mut found: Vec<Match> = Vec::new();
        self.walk(|node, _| {
            let Some(asked) = by_kind.get(usize::from(node.kind_id())) else { return true };
            for (number, pattern) in asked {
                let (Some(query), Some(count)) = (queries.get(*number), counts.get_mut(*number))
                else {
                    continue;
                };
                let known = found
                    .last()
                    .is_some_and(|last| last.query == *number && last.bytes == node.byte_range());
                if *count >= MATCHES_MAX || known {
                    continue;
                }
                let fit = pattern.inner.match_node(self.root.adopt(node));
                if let Some(one) = fit.filter(|one| holds(query, one)) {
                    *count += 1;
                    found.push(told(*number, pattern, &one));
                }
            }
            true
        });
        found
    }

    /// The bytes of the nodes whose kind a function picks; what lies in such a node is passed over.
    pub fn spans(&self, picks: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
        let mut spans: Vec<Range<usize>> = Vec::new();
        self.walk(|node, _| {
            if node.is_named() && picks(node.kind()) {
                spans.push(node.byte_range());
                return false;
            }
            true
        });
        spans
    }

    fn is_shallow(&self) -> bool {
        let mut shallow = true;
        self.walk(|_, depth| {
            shallow &= depth <= DEPTH_MAX;
            shallow
        });
        shallow
    }

    /// Goes through the tree from the top; where the answer is no, not into the node.
    fn walk<'t>(&'t self, mut each: impl FnMut(crate::Node<'t>, usize) -> bool) {
        let top = self.root.root().get_inner_node();
        let mut cursor = top.walk();
        let mut depth = 0_usize;
        loop {
            if each(cursor.node(), depth) && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                depth = depth.saturating_sub(1);
            }
        }
    }
}

/// Whether the conditions of a query hold where one of its patterns fits.
fn holds(query: &Query, found: &Found<'_>) -> bool {
    let fits = |patterns: &[Pattern], node: &Around<'_>| {
        patterns.iter().any(|pattern| {
            usize::from(node.kind_id()) == pattern.kind
                && pattern.inner.match_node(node.clone()).is_some()
        })
    };
    if fits(&query.unless, found.get_node()) {
        return false;
    }
    if query.inside.is_empty() && query.outside.is_empty() {
        return true;
    }
    let around: Vec<Around<'_>> = found.get_node().ancestors().collect();
    let any = |patterns: &[Pattern]| around.iter().any(|node| fits(patterns, node));
    (query.inside.is_empty() || any(&query.inside)) && !any(&query.outside)
}

fn told(query: usize, pattern: &Pattern, found: &Found<'_>) -> Match {
    let held = pattern.inner.defined_vars();
    let mut held: Vec<(String, String)> = held
        .into_iter()
        .filter_map(|name| {
            let text = found.get_env().get_match(name)?.text();
            Some((name.to_owned(), short(&text)))
        })
        .collect();
    held.sort();
    Match { query, bytes: found.range(), held }
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    let mut end = line.len().min(HELD_BYTES_MAX);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let cut = if end < text.len() { "..." } else { "" };
    format!("{}{cut}", line.get(..end).unwrap_or(""))
}

impl Language for Grammar {
    fn pre_process_pattern<'q>(&self, query: &'q str) -> Cow<'q, str> {
        let sign = self.expando_char();
        if sign == '$' { Cow::Borrowed(query) } else { Cow::Owned(with_sign(sign, query)) }
    }

    /// A letter where `$` begins no name.
    fn expando_char(&self) -> char {
        match self {
            Self::CSharp | Self::Go | Self::Python | Self::Rust => '\u{b5}',
            Self::Bash | Self::Java | Self::JavaScript | Self::Tsx | Self::TypeScript => '$',
        }
    }

    fn kind_to_id(&self, kind: &str) -> u16 {
        self.table().id_for_node_kind(kind, true)
    }

    fn field_to_id(&self, field: &str) -> Option<u16> {
        self.table().field_id_for_name(field).map(std::num::NonZero::get)
    }

    fn build_pattern(
        &self,
        builder: &PatternBuilder<'_>,
    ) -> Result<ast_grep_core::Pattern, ast_grep_core::PatternError> {
        builder.build(|code| {
            let tree = parse(*self, code).ok_or_else(String::new)?;
            Ok(StrDoc { src: code.to_owned(), lang: *self, tree })
        })
    }
}

impl LanguageExt for Grammar {
    fn get_ts_language(&self) -> TSLanguage {
        self.table()
    }
}

/// The code with another sign before the names of its holes.
fn with_sign(sign: char, query: &str) -> String {
    let mut out = String::with_capacity(query.len() + 8);
    let mut signs = 0;
    for letter in query.chars().chain(std::iter::once('\0')) {
        if letter == '$' {
            signs += 1;
            continue;
        }
        let hole = matches!(letter, 'A'..='Z' | '_') || signs == 3;
        out.extend(std::iter::repeat_n(if hole { sign } else { '$' }, signs));
        signs = 0;
        if letter != '\0' {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{DEPTH_MAX, MATCHES_MAX, Pattern, PatternError, Query, Sheet};
    use crate::Grammar;

    fn query(grammar: Grammar, code: &str) -> Query {
        Query { any: vec![Pattern::new(grammar, code, None).unwrap()], ..Query::default() }
    }

    /// What a pattern finds in a text.
    fn found<'t>(grammar: Grammar, query: &Query, text: &'t str) -> Vec<&'t str> {
        let sheet = Sheet::new(grammar, text).unwrap();
        sheet.find(&[query]).into_iter().map(|one| &text[one.bytes]).collect()
    }

    #[test]
    fn each_language_finds_calls() {
        let cases = [
            (Grammar::Python, "print($$$)", "def f():\n    print('a', 1)\n    log(2)\n", 1),
            (Grammar::Python, "$A == None", "if a.b == None:\n    pass\n", 1),
            (Grammar::JavaScript, "console.log($$$)", "if (a) { console.log(1, 2) }", 1),
            (Grammar::TypeScript, "$A as any", "const a = b as any; const c = b as string;", 1),
            (Grammar::Tsx, "<Foo $$$ />", "const a = <Foo bar={1} />;", 1),
            (Grammar::Go, "fmt.Println($$$)", "package a\nfunc f() { fmt.Println(1, 2) }\n", 1),
            (
                Grammar::Java,
                "System.out.println($A)",
                "class A { void f() { System.out.println(1); } }",
                1,
            ),
            (Grammar::Rust, "$A.unwrap()", "fn f() { a.b().unwrap(); c.expect(\"\"); }", 1),
            (
                Grammar::CSharp,
                "Console.WriteLine($A)",
                "class A { void F() { Console.WriteLine(1); } }",
                1,
            ),
            (Grammar::Bash, "curl $$$", "set -e\ncurl -k https://a\nwget b\n", 1),
        ];
        for (grammar, code, text, count) in cases {
            let found = found(grammar, &query(grammar, code), text);
            assert_eq!(found.len(), count, "{grammar:?} {code}: {found:?}");
        }
    }

    #[test]
    fn holes_hold_what_a_message_may_say() {
        let query = query(Grammar::Python, "$F($A, $A, $$$REST)");
        let text = "f(1, 1, 2)\ng(a.b, a.b, c, d)\nh(1, 2)\n";
        let sheet = Sheet::new(Grammar::Python, text).unwrap();
        let held: Vec<_> = sheet.find(&[&query]).into_iter().map(|one| one.held).collect();
        let pair = |f: &str, a: &str| vec![("A".to_owned(), a.to_owned()), ("F".into(), f.into())];
        assert_eq!(held, [pair("f", "1"), pair("g", "a.b")]);
        assert_eq!(query.any[0].holes(), ["A", "F"]);
    }

    #[test]
    fn conditions_look_at_the_node_and_around_it() {
        let pattern = |code| Pattern::new(Grammar::Python, code, None).unwrap();
        let text = "def f():\n    open(a)\nwith open(b) as c:\n    open(c, 'r')\n";
        let mut query = query(Grammar::Python, "open($$$)");
        assert_eq!(found(Grammar::Python, &query, text).len(), 3);
        query.unless = vec![pattern("open($A, 'r')")];
        assert_eq!(found(Grammar::Python, &query, text), ["open(a)", "open(b)"]);
        query.inside = vec![pattern("def $F(): $$$")];
        assert_eq!(found(Grammar::Python, &query, text), ["open(a)"]);
        query.inside.clear();
        query.outside = vec![pattern("def $F(): $$$")];
        assert_eq!(found(Grammar::Python, &query, text), ["open(b)"]);
    }

    #[test]
    fn what_is_no_pattern_is_said() {
        let cases = [
            (Grammar::Python, "$A", None, PatternError::Anything),
            (Grammar::Python, "$$$", None, PatternError::Anything),
            (Grammar::Python, "", None, PatternError::Code),
            (Grammar::Python, "a = 1\nb = 2", None, PatternError::Several),
            (Grammar::Python, "def (", None, PatternError::Code),
            (Grammar::Python, "f($$$A, x, $$$A)", None, PatternError::Twice),
            (Grammar::Java, "class A { int x; }", Some("no_such_kind"), PatternError::Selector),
            (Grammar::Java, "class A { int x; }", Some("if_statement"), PatternError::Selector),
        ];
        for (grammar, code, selector, error) in cases {
            assert_eq!(Pattern::new(grammar, code, selector).err(), Some(error), "{code}");
        }
        let field = Pattern::new(Grammar::Java, "class A { int $X; }", Some("field_declaration"));
        let query = Query { any: vec![field.unwrap()], ..Query::default() };
        let text = "class B { long y; int z; }";
        assert_eq!(found(Grammar::Java, &query, text), ["int z;"]);
    }

    #[test]
    fn limits_hold() {
        let deep = |depth: usize| format!("x = {}1{}", "-(".repeat(depth), ")".repeat(depth));
        assert!(Sheet::new(Grammar::Python, &deep(DEPTH_MAX / 2 - 10)).is_some());
        assert!(Sheet::new(Grammar::Python, &deep(DEPTH_MAX)).is_none());
        let many = "f(1)\n".repeat(MATCHES_MAX + 5);
        let query = query(Grammar::Python, "f($A)");
        assert_eq!(found(Grammar::Python, &query, &many).len(), MATCHES_MAX);
    }

    #[test]
    fn wide_nodes_take_no_longer_than_they_are_wide() {
        let text = format!("f({})\n", "a, ".repeat(50_000));
        let query = query(Grammar::Python, "f($$$A, b, $$$B, c, $$$C)");
        assert_eq!(found(Grammar::Python, &query, &text), [""; 0]);
    }
}
