//! The walk over a script's commands, in the order in which they run.

use std::collections::BTreeSet;

use assize_model::Span;
use rable::{ListOperator, Node, NodeKind};

use super::conduct::Conduct;
use super::env::EnvUse;
use super::resolve::{Base, Located, Meaning, Scope};
use super::survey::{Survey, assignment, flattened, raw};
use super::text::Offsets;
use super::tree::{Outcome, parse_nested};
use super::word::{Piece, Quoting, pieces, pieces_quoted};
use crate::{Extraction, Flags};

/// How deep texts in texts are followed: `$( )`, `bash -c`.
const TEXT_DEPTH_MAX: u32 = 4;

/// Where a text stands in its file.
#[derive(Debug)]
pub(super) struct Site<'s> {
    pub(super) offsets: Offsets,
    /// The byte of the file at which an exact text begins.
    pub(super) start: usize,
    pub(super) exact: bool,
    pub(super) whole: Span,
    pub(super) surface: Flags,
    pub(super) item: &'s str,
}

/// What the text did to the tree before the point that the walk has reached.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Files and folders that were made.
    pub(super) created: BTreeSet<String>,
    /// Folders whose content came from elsewhere.
    pub(super) filled: BTreeSet<String>,
    /// Paths whose presence was asked for.
    pub(super) asked: BTreeSet<String>,
    /// An archive was unpacked, or another tree checked out: anything may be there.
    pub(super) unpacked: bool,
    /// Something was compiled: programs may be there.
    pub(super) built: bool,
}

/// The walk's state.
#[derive(Debug)]
pub(super) struct Walk<'w, 't> {
    pub(super) sheet: &'w mut Extraction<'t>,
    pub(super) site: Site<'w>,
    pub(super) scope: Scope,
    pub(super) survey: Survey,
    pub(super) done: Done,
    pub(super) env: EnvUse,
    pub(super) conduct: Conduct,
    /// The command that is being read.
    pub(super) here: Span,
    /// The enclosing function.
    pub(super) function: String,
    /// The command's absence is provided for.
    pub(super) optional: bool,
    /// Whether the script goes on when the command fails (`|| true`, `|| echo ..`).
    pub(super) tolerated: bool,
    pub(super) stack: Vec<Base>,
    pub(super) before: Base,
    pub(super) depth: u32,
}

/// One word of a command.
#[derive(Debug, Clone)]
pub(super) struct Arg {
    pub(super) raw: String,
    pub(super) meaning: Meaning,
    pub(super) span: Span,
}

impl Arg {
    /// The text, where it is wholly known.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.meaning {
            Meaning::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.text() == Some(text)
    }

    /// Whether it is an option; a lone dash is none.
    pub(super) fn is_option(&self) -> bool {
        self.raw.len() > 1 && self.raw.starts_with('-')
    }
}

impl Walk<'_, '_> {
    pub(super) fn run(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.node(node, None);
        }
    }

    /// The bytes of the file at which a node stands.
    fn span(&self, node: &Node) -> Span {
        if !self.site.exact || node.span.is_empty() {
            return if self.site.exact { self.here } else { self.site.whole };
        }
        let byte = |character| self.site.start + self.site.offsets.byte(character);
        Span::new(byte(node.span.start), byte(node.span.end))
    }

    fn node(&mut self, node: &Node, fallback: Option<&Node>) {
        match &node.kind {
            NodeKind::List { .. } => self.list(node),
            NodeKind::Command { assignments, words, redirects } => {
                self.here = self.span(node);
                self.simple(assignments, words, redirects, fallback);
            }
            NodeKind::Function { name, body } => self.function(node, name, body),
            NodeKind::If { condition, then_body, else_body, redirects } => {
                self.watched(condition);
                let branches = std::iter::once(&**then_body).chain(else_body.as_deref());
                self.branches(branches.collect(), else_body.is_none());
                self.redirects(redirects);
            }
            NodeKind::Case { word, patterns, redirects } => {
                self.uses(raw(word), Flags::NONE);
                self.branches(patterns.iter().filter_map(|p| p.body.as_ref()).collect(), true);
                self.redirects(redirects);
            }
            NodeKind::While { condition, body, redirects }
            | NodeKind::Until { condition, body, redirects } => {
                self.watched(condition);
                self.branches(vec![body], true);
                self.redirects(redirects);
            }
            NodeKind::For { var, words, body, redirects }
            | NodeKind::Select { var, words, body, redirects } => {
                self.env.assign(var);
                for word in words.iter().flatten() {
                    self.uses(raw(word), Flags::NONE);
                }
                self.branches(vec![body], true);
                self.redirects(redirects);
            }
            NodeKind::ForArith { init, cond, incr, body, redirects } => {
                for text in [init, cond, incr] {
                    self.uses_quoted(text);
                }
                self.branches(vec![body], true);
                self.redirects(redirects);
            }
            NodeKind::Subshell { body, redirects } => {
                self.apart(|walk| walk.node(body, None));
                self.redirects(redirects);
            }
            NodeKind::BraceGroup { body, redirects } => {
                self.node(body, None);
                self.redirects(redirects);
            }
            NodeKind::Pipeline { commands, .. } => self.piped(node, commands, fallback),
            NodeKind::Coproc { command, .. } => self.apart(|walk| walk.node(command, None)),
            NodeKind::Negation { pipeline } | NodeKind::Time { pipeline, .. } => {
                self.node(pipeline, fallback);
            }
            NodeKind::ConditionalExpr { body, redirects } => {
                self.here = self.span(node);
                self.condition(body);
                self.redirects(redirects);
            }
            NodeKind::ArithmeticCommand { raw_content, redirects, .. } => {
                self.uses_quoted(raw_content);
                self.redirects(redirects);
            }
            _ => {}
        }
    }

    fn piped(&mut self, node: &Node, commands: &[Node], fallback: Option<&Node>) {
        let at = self.span(node);
        self.pipeline(commands, at);
        for command in commands {
            self.apart(|walk| walk.node(command, fallback));
        }
    }

    fn list(&mut self, node: &Node) {
        let items = flattened(node);
        let mut before_or: Option<Base> = None;
        for (position, (item, operator)) in items.iter().enumerate() {
            let next = items.get(position + 1).map(|(next, _)| *next);
            let fallback = next.filter(|_| *operator == Some(ListOperator::Or));
            let linked = matches!(operator, Some(ListOperator::And | ListOperator::Or));
            if *operator == Some(ListOperator::Background) {
                self.apart(|walk| walk.node(item, None));
            } else if linked && fallback.is_none() {
                self.watched(item);
            } else {
                self.node(item, fallback);
            }
            // What follows `||` runs only where the left side failed.
            if let Some(folder) = before_or.take()
                && folder != self.scope.folder
            {
                self.scope.folder = if leaves(item) { folder } else { Base::Unknown };
            }
            if *operator == Some(ListOperator::Or) {
                before_or = Some(self.scope.folder.clone());
            }
        }
    }

    /// Runs something whose outcome decides what comes next.
    fn watched(&mut self, node: &Node) {
        let before = std::mem::replace(&mut self.conduct.watched, true);
        self.node(node, None);
        self.conduct.watched = before;
    }

    /// Runs something whose change of folder has no effect here.
    fn apart(&mut self, run: impl FnOnce(&mut Self)) {
        let folder = self.scope.folder.clone();
        let stack = self.stack.clone();
        run(self);
        self.scope.folder = folder;
        self.stack = stack;
    }

    /// Alternatives of which one runs, or none where `skippable`.
    fn branches(&mut self, bodies: Vec<&Node>, skippable: bool) {
        let before = self.scope.folder.clone();
        let mut after = skippable.then(|| before.clone());
        for body in bodies {
            self.scope.folder = before.clone();
            self.node(body, None);
            if leaves(body) {
                continue;
            }
            after = Some(match after {
                Some(folder) if folder != self.scope.folder => Base::Unknown,
                _ => self.scope.folder.clone(),
            });
        }
        self.scope.folder = after.unwrap_or(before);
    }

    fn function(&mut self, node: &Node, name: &str, body: &Node) {
        let before = self.scope.folder.clone();
        // A function runs where it is called: after later changes of folder, nobody knows where.
        if self.survey.last_move.is_some_and(|last| last > node.span.start) {
            self.scope.folder = Base::Unknown;
        }
        let outer = std::mem::replace(&mut self.function, name.to_owned());
        self.node(body, None);
        self.function = outer;
        self.scope.folder = before;
    }

    fn condition(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::UnaryTest { op, operand } => {
                let word = raw(operand);
                self.test(op, word);
                let probe = matches!(op.as_str(), "-z" | "-n" | "-v");
                self.uses(word, if probe { Flags::PROBE } else { Flags::NONE });
            }
            NodeKind::BinaryTest { left, right, .. } => {
                self.uses(raw(left), Flags::DEFAULTED);
                self.uses(raw(right), Flags::DEFAULTED);
            }
            NodeKind::CondAnd { left, right } | NodeKind::CondOr { left, right } => {
                self.condition(left);
                self.condition(right);
            }
            NodeKind::CondNot { operand: inner } | NodeKind::CondParen { inner } => {
                self.condition(inner);
            }
            NodeKind::CondTerm { value, .. } => self.uses(value, Flags::PROBE),
            _ => {}
        }
    }

    /// A test whether a file is there excuses all later uses of it.
    pub(super) fn test(&mut self, operator: &str, word: &str) {
        if matches!(operator, "-a" | "-f" | "-e" | "-x" | "-d" | "-s" | "-r" | "-L" | "-h" | "-w")
            && let Located::Path { key, .. } = self.scope.locate(&self.scope.meaning(word))
        {
            self.done.asked.insert(key);
        }
    }

    fn simple(
        &mut self,
        assignments: &[Node],
        words: &[Node],
        redirects: &[Node],
        fallback: Option<&Node>,
    ) {
        let args: Vec<Arg> = words
            .iter()
            .map(|word| Arg {
                raw: raw(word).to_owned(),
                meaning: self.scope.meaning(raw(word)),
                span: self.span(word),
            })
            .collect();
        let name = args.first().and_then(Arg::text).unwrap_or("").to_owned();
        let testing = matches!(name.as_str(), "[" | "test");
        let compares = testing && args.iter().any(|arg| is_comparison(&arg.raw));
        let mut flags = if compares { Flags::DEFAULTED } else { Flags::NONE };
        for arg in &args {
            if testing && matches!(arg.raw.as_str(), "-z" | "-n") {
                flags = Flags::PROBE;
            }
            self.uses(&arg.raw, flags);
        }
        for node in assignments {
            self.uses(raw(node), Flags::NONE);
            self.assign(raw(node), self.span(node), words.is_empty());
        }
        self.redirects(redirects);
        let hides = redirects.iter().any(hides_errors);
        let sources = matches!(name.as_str(), "source" | ".");
        let outer = self.optional;
        self.optional |= fallback.is_some_and(|next| hides || sources && !leaves(next));
        let before = self.tolerated;
        self.tolerated |= fallback.is_some_and(|next| !leaves(next));
        self.observe(&args, fallback);
        self.call(&args, 0);
        self.tolerated = before;
        self.optional = outer;
        if self.survey.movers.contains(&name) {
            self.scope.folder = Base::Unknown;
        }
    }

    /// Notes an assignment. One that only a command sees sets nothing for the script.
    pub(super) fn assign(&mut self, raw: &str, span: Span, lasting: bool) {
        let Some((name, value)) = assignment(raw) else {
            // `NAME[index]=value`.
            if let Some((name, _)) = raw.split_once('[') {
                self.env.assign(name);
            }
            return;
        };
        let name = name.trim_end_matches('+');
        self.drawn(name, value, span);
        let meaning =
            if value.starts_with('(') { Meaning::Unknown } else { self.scope.meaning(value) };
        self.define(name, &meaning, span);
        if name == "PYTHONPATH" {
            self.source_roots(value, span);
        }
        if lasting && !self.survey.varying.contains(name) {
            self.scope.values.insert(name.to_owned(), meaning);
        }
    }

    fn redirects(&mut self, redirects: &[Node]) {
        for redirect in redirects {
            match &redirect.kind {
                NodeKind::Redirect { op, target, .. } => {
                    let word = raw(target);
                    self.uses(word, Flags::NONE);
                    if matches!(op.as_str(), ">" | ">>" | ">|" | "&>" | "&>>") {
                        let meaning = self.scope.meaning(word);
                        self.created(&meaning, self.here);
                    }
                }
                NodeKind::HereDoc { content, quoted: false, .. } => self.uses_quoted(content),
                _ => {}
            }
        }
    }

    /// The variables and commands in a word.
    pub(super) fn uses(&mut self, raw: &str, flags: Flags) {
        if raw.contains(['$', '`']) || raw.starts_with(['<', '>']) {
            self.uses_of(pieces(raw), flags);
        }
    }

    fn uses_quoted(&mut self, text: &str) {
        if text.contains(['$', '`']) {
            self.uses_of(pieces_quoted(text), Flags::NONE);
        }
    }

    fn uses_of(&mut self, pieces: Vec<Piece<'_>>, flags: Flags) {
        for piece in pieces {
            match piece {
                Piece::Variable { name, rest } => {
                    // `${X:=default}` sets what was not set.
                    if rest.trim_start_matches(':').starts_with('=') {
                        self.define(name, &Meaning::Unknown, self.here);
                    }
                    self.env.read(name, rest, flags, self.here);
                    let argument = rest.trim_start_matches([':', '-', '=', '+', '?', '#', '%']);
                    if self.depth < TEXT_DEPTH_MAX && argument.contains(['$', '`']) {
                        self.depth += 1;
                        self.uses_of(pieces_quoted(argument), flags);
                        self.depth -= 1;
                    }
                }
                Piece::Command(text) => self.nested(text, Quoting::Word),
                Piece::Plain(_) | Piece::Pattern => {}
            }
        }
    }

    /// A text that another shell runs: `$( )`, `bash -c`.
    pub(super) fn nested(&mut self, text: &str, quoting: Quoting) {
        if self.depth >= TEXT_DEPTH_MAX || text.is_empty() {
            return;
        }
        // In back ticks and double quotes a back slash protects what would else be special.
        let unescaped;
        let text = if quoting == Quoting::Double || text.contains("\\`") {
            unescaped = text.replace("\\`", "`").replace("\\$", "$").replace("\\\"", "\"");
            unescaped.as_str()
        } else {
            text
        };
        let Outcome::Tree(nodes) = parse_nested(text) else { return };
        let here = self.here;
        let exact = std::mem::replace(&mut self.site.exact, false);
        let whole = std::mem::replace(&mut self.site.whole, here);
        self.depth += 1;
        self.apart(|walk| walk.run(&nodes));
        self.depth -= 1;
        self.site.exact = exact;
        self.site.whole = whole;
        self.here = here;
    }
}

fn is_comparison(raw: &str) -> bool {
    matches!(raw, "=" | "==" | "!=" | "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge")
}

/// `2>/dev/null` and `&>/dev/null`.
fn hides_errors(redirect: &Node) -> bool {
    match &redirect.kind {
        NodeKind::Redirect { op, target, fd, .. } => {
            raw(target) == "/dev/null" && (*fd == 2 || op == "&>")
        }
        _ => false,
    }
}

/// Whether a command ends the script or the function.
fn leaves(node: &Node) -> bool {
    match &node.kind {
        NodeKind::List { .. } => flattened(node).last().is_some_and(|(last, _)| leaves(last)),
        NodeKind::BraceGroup { body, .. } => leaves(body),
        NodeKind::Command { words, .. } => words.first().is_some_and(|word| {
            matches!(raw(word), "exit" | "return" | "die" | "fail" | "abort" | "exec" | "continue")
        }),
        _ => false,
    }
}
