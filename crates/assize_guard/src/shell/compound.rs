//! Lists, pipes, branches and loops.

use rable::ast::{CasePattern, ListItem, ListOperator};
use rable::{Node, NodeKind};
use std::rc::Rc;

use super::walk::Walk;
use super::word::{Stream, Word};

/// How many words of a `for` are followed one by one.
const ROUNDS_MAX: usize = 16;

impl Walk<'_> {
    /// Reads one node; what it prints, if that is known.
    pub(super) fn node(&mut self, node: &Node, input: Stream) -> Stream {
        if !self.enter(0) {
            return Stream::Unknown;
        }
        // Lists nest to the left, which is no nesting of the text.
        if matches!(node.kind, NodeKind::List { .. }) {
            self.leave();
            return self.kind(node, input);
        }
        let out = self.kind(node, input);
        self.leave();
        out
    }

    fn kind(&mut self, node: &Node, input: Stream) -> Stream {
        match &node.kind {
            NodeKind::Command { assignments, words, redirects } => {
                self.simple(assignments, words, redirects, input)
            }
            NodeKind::Pipeline { commands, .. } => self.pipeline(commands, input),
            NodeKind::List { items } => self.list(items, input),
            NodeKind::If { condition, then_body, else_body, redirects } => {
                self.redirected(redirects, input, |walk, input| {
                    walk.node(condition, input.clone());
                    let before = walk.scope.clone();
                    walk.node(then_body, input.clone());
                    let taken = std::mem::replace(&mut walk.scope, before);
                    if let Some(other) = else_body {
                        walk.node(other, input);
                    }
                    walk.scope.join(&taken);
                })
            }
            NodeKind::While { condition, body, redirects }
            | NodeKind::Until { condition, body, redirects } => {
                self.redirected(redirects, input, |walk, input| {
                    walk.repeated(|walk| {
                        walk.node(condition, input.clone());
                        walk.node(body, input.clone());
                    });
                })
            }
            NodeKind::For { var, words, body, redirects }
            | NodeKind::Select { var, words, body, redirects } => {
                self.redirected(redirects, input, |walk, input| {
                    walk.for_words(var, words.as_deref(), body, &input);
                })
            }
            NodeKind::ForArith { init, cond, incr, body, redirects } => {
                self.redirected(redirects, input, |walk, input| {
                    for text in [init, cond, incr] {
                        walk.quoted_text(text);
                    }
                    walk.repeated(|walk| {
                        walk.node(body, input.clone());
                    });
                })
            }
            NodeKind::Case { word, patterns, redirects } => {
                self.redirected(redirects, input, |walk, input| {
                    walk.word(word);
                    walk.cases(patterns, &input);
                })
            }
            _ => self.other(node, input),
        }
    }

    fn other(&mut self, node: &Node, input: Stream) -> Stream {
        match &node.kind {
            NodeKind::Function { name, body } => {
                self.scope.functions.insert(name.clone(), Rc::new(body.as_ref().clone()));
                Stream::Absent
            }
            NodeKind::Subshell { body, redirects } => {
                self.in_subshell(|walk| walk.grouped(body, redirects, input))
            }
            NodeKind::BraceGroup { body, redirects } => self.grouped(body, redirects, input),
            NodeKind::Coproc { command, .. } => {
                self.in_subshell(|walk| walk.node(command, Stream::Unknown))
            }
            NodeKind::Negation { pipeline } | NodeKind::Time { pipeline, .. } => {
                self.node(pipeline, input)
            }
            NodeKind::ArithmeticCommand { redirects, raw_content, .. } => {
                self.redirected(redirects, input, |walk, _| {
                    walk.quoted_text(raw_content);
                })
            }
            NodeKind::ConditionalExpr { body, redirects } => {
                self.redirected(redirects, input, |walk, _| walk.condition(body))
            }
            NodeKind::Empty | NodeKind::Comment { .. } => Stream::Absent,
            _ => {
                self.cannot_know("a construct of the shell that is not known");
                Stream::Unknown
            }
        }
    }

    fn condition(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::BinaryTest { left, right, op } => {
                self.condition(left);
                self.condition(right);
                if op.starts_with('-') {
                    self.sums(&[left, right]);
                }
            }
            NodeKind::CondAnd { left, right } | NodeKind::CondOr { left, right } => {
                self.condition(left);
                self.condition(right);
            }
            NodeKind::UnaryTest { operand, .. } | NodeKind::CondNot { operand } => {
                self.condition(operand);
            }
            NodeKind::CondParen { inner } => self.condition(inner),
            NodeKind::CondTerm { .. } | NodeKind::Word { .. } => {
                self.word(node);
            }
            _ => self.cannot_know("a test that is not known"),
        }
    }

    /// Numbers that are compared may be indices, in which commands count even in quotes.
    fn sums(&mut self, nodes: &[&Node]) {
        for node in nodes {
            let word = self.word(node);
            if word.text.contains("[$(") {
                self.quoted_text(&word.text);
            }
        }
    }

    /// Whether a command calls a function that is being read.
    fn calls_itself(&self, node: &Node) -> bool {
        first_word(node).is_some_and(|name| self.calling.iter().any(|called| called == name))
    }

    fn grouped(&mut self, body: &Node, redirects: &[Node], input: Stream) -> Stream {
        let mut out = Stream::Unknown;
        let redirected = self.redirected(redirects, input, |walk, input| {
            out = walk.node(body, input);
        });
        if redirects.is_empty() { out } else { redirected }
    }

    fn pipeline(&mut self, commands: &[Node], input: Stream) -> Stream {
        let mut stream = input;
        if commands.iter().filter(|command| self.calls_itself(command)).count() > 1 {
            self.opaque("a function starts itself again and again");
        }
        for command in commands {
            let before = std::mem::take(&mut stream);
            stream = self.in_subshell(|walk| walk.node(command, before));
        }
        stream
    }

    fn list(&mut self, items: &[ListItem], input: Stream) -> Stream {
        let mut out = Stream::Unknown;
        // What holds if the left side of `&&` or `||` decided that the right side does not run.
        let mut otherwise = None;
        let mut operator = ListOperator::Semi;
        let mut fails = false;
        for item in items {
            let before = match operator {
                ListOperator::Or if !fails => Some(self.scope.clone()),
                _ => None,
            };
            let background = item.operator == Some(ListOperator::Background);
            if background && self.calls_itself(&item.command) {
                self.opaque("a function starts itself again and again");
            }
            let next = if background {
                self.in_subshell(|walk| walk.node(&item.command, input.clone()))
            } else {
                self.node(&item.command, input.clone())
            };
            out = if items.len() == 1 || (is_fetched(&next) && !is_fetched(&out)) {
                next
            } else if is_fetched(&out) {
                out
            } else if operator == ListOperator::And && only_prepares(items.first()) {
                next
            } else {
                Stream::Unknown
            };
            if let Some(before) = before {
                self.scope.join(&before);
            }
            fails = first_word(&item.command) == Some("false");
            operator = item.operator.unwrap_or(ListOperator::Semi);
            if operator == ListOperator::And && otherwise.is_none() && !is_sure(&item.command) {
                otherwise = Some(self.scope.variables.clone());
            } else if operator != ListOperator::And
                && let Some(variables) = otherwise.take()
            {
                self.join_variables(variables);
            }
        }
        if let Some(variables) = otherwise {
            self.join_variables(variables);
        }
        out
    }

    fn join_variables(&mut self, variables: std::collections::BTreeMap<String, Word>) {
        if variables != self.scope.variables {
            let other = super::scope::Scope { variables, ..self.scope.clone() };
            self.scope.join(&other);
        }
    }

    fn cases(&mut self, patterns: &[CasePattern], input: &Stream) {
        let before = self.scope.clone();
        let mut after = before.clone();
        for case in patterns {
            for pattern in &case.patterns {
                self.word(pattern);
            }
            let Some(body) = &case.body else { continue };
            self.scope = before.clone();
            self.node(body, input.clone());
            after.join(&self.scope);
        }
        self.scope = after;
    }

    fn for_words(&mut self, name: &str, words: Option<&[Node]>, body: &Node, input: &Stream) {
        let values = match words {
            Some(words) => words.iter().flat_map(|word| self.words(word)).collect(),
            None => self.scope.positional.clone().unwrap_or_else(|| vec![Word::unknown()]),
        };
        if values.len() > ROUNDS_MAX {
            return self.repeated(|walk| {
                walk.scope.set(name, Word::unknown());
                walk.node(body, input.clone());
            });
        }
        for value in values {
            self.scope.set(name, value);
            self.node(body, input.clone());
        }
    }

    /// Reads the body of a loop. What a round changes is not known in the next one.
    fn repeated(&mut self, mut round: impl FnMut(&mut Self)) {
        let before = self.scope.clone();
        round(self);
        let after = self.scope.clone();
        self.scope.join(&before);
        if self.scope.variables != after.variables || self.scope.folder != after.folder {
            round(self);
            self.scope.join(&before);
        }
    }

    /// Reads the bodies that no command of the text calls: somebody else may.
    pub(super) fn uncalled_functions(&mut self) {
        let functions = self.scope.functions.clone();
        for (name, body) in functions {
            if self.called.contains(&name) {
                continue;
            }
            self.calling.push(name);
            self.in_subshell(|walk| {
                walk.scope.positional = None;
                walk.node(&body, Stream::Unknown)
            });
            self.calling.pop();
        }
    }
}

const fn is_fetched(stream: &Stream) -> bool {
    matches!(stream, Stream::Fetched | Stream::Decoded)
}

/// Whether a command prints nothing: `cd x && pwd` prints what `pwd` prints.
fn only_prepares(item: Option<&ListItem>) -> bool {
    item.is_some_and(|item| first_word(&item.command) == Some("cd"))
}

/// Whether a command hardly ever fails, so that what follows `&&` runs.
fn is_sure(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Command { words, assignments, .. } if words.is_empty() => !assignments.is_empty(),
        NodeKind::Command { .. } => matches!(
            first_word(node),
            Some(
                "true"
                    | ":"
                    | "cd"
                    | "export"
                    | "mkdir"
                    | "set"
                    | "echo"
                    | "pushd"
                    | "local"
                    | "declare"
            )
        ),
        NodeKind::List { items } => items.iter().all(|item| is_sure(&item.command)),
        _ => false,
    }
}

fn first_word(node: &Node) -> Option<&str> {
    let NodeKind::Command { words, .. } = &node.kind else { return None };
    match &words.first()?.kind {
        NodeKind::Word { value, .. } => Some(value),
        _ => None,
    }
}
