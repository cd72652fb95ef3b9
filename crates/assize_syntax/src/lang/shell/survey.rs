//! A first look at the whole script: what later steps of the walk must know from the start.

use std::collections::{BTreeMap, BTreeSet};

use rable::{ListOperator, Node, NodeKind};

/// How often calls are followed from function to function.
const ROUNDS_MAX: usize = 4;

/// What holds for the script as a whole.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Variables with several values.
    pub(super) varying: BTreeSet<String>,
    /// Functions that leave another working folder behind.
    pub(super) movers: BTreeSet<String>,
    /// The character at which the last command outside functions stands that changes the folder.
    pub(super) last_move: Option<usize>,
    /// The script reads another one into itself, which may set any variable.
    pub(super) sources: bool,
}

/// One simple command and where it stands.
struct Seen<'n> {
    node: &'n Node,
    function: Option<&'n str>,
    /// A change of folder there has no effect outside.
    enclosed: bool,
}

impl Survey {
    pub(super) fn of(nodes: &[Node]) -> Self {
        let mut seen = Vec::new();
        for node in nodes {
            gather(node, None, false, &mut seen);
        }
        let mut survey = Self::default();
        survey.find_varying(&seen);
        survey.find_moves(&seen);
        survey
    }

    fn find_varying(&mut self, seen: &[Seen<'_>]) {
        let mut values: BTreeMap<&str, &str> = BTreeMap::new();
        for one in seen {
            match &one.node.kind {
                NodeKind::Command { assignments, words, .. } => {
                    for node in assignments.iter().chain(words) {
                        let Some((name, value)) = assignment(raw(node)) else { continue };
                        if name.ends_with('+') {
                            self.varying.insert(name.trim_end_matches('+').to_owned());
                        } else if values.insert(name, value).is_some_and(|other| other != value) {
                            self.varying.insert(name.to_owned());
                        }
                    }
                    self.note_reader(words);
                }
                NodeKind::For { var, .. } | NodeKind::Select { var, .. } => {
                    self.varying.insert(var.clone());
                }
                _ => {}
            }
        }
    }

    fn note_reader(&mut self, words: &[Node]) {
        match words.first().map(raw) {
            Some("source" | "." | "eval") => self.sources = true,
            Some("read" | "getopts" | "mapfile" | "readarray") => {
                let names = words.iter().skip(1).map(raw).filter(|word| !word.starts_with('-'));
                self.varying.extend(names.map(str::to_owned));
            }
            Some("set") if words.get(1).is_some_and(|word| raw(word) == "-a") => {
                self.sources = true;
            }
            _ => {}
        }
    }

    fn find_moves(&mut self, seen: &[Seen<'_>]) {
        for round in 0..ROUNDS_MAX {
            let before = self.movers.len();
            for one in seen.iter().filter(|one| !one.enclosed) {
                let NodeKind::Command { words, .. } = &one.node.kind else { continue };
                let Some(name) = words.first().map(raw) else { continue };
                if !matches!(name, "cd" | "pushd" | "popd") && !self.movers.contains(name) {
                    continue;
                }
                match one.function {
                    Some(function) => {
                        self.movers.insert(function.to_owned());
                    }
                    None => self.last_move = self.last_move.max(Some(one.node.span.start)),
                }
            }
            if round > 0 && self.movers.len() == before {
                break;
            }
        }
    }
}

/// The source text of a word.
pub(super) fn raw(node: &Node) -> &str {
    match &node.kind {
        NodeKind::Word { value, .. } | NodeKind::CondTerm { value, .. } => value,
        _ => "",
    }
}

/// `NAME=value` as name and value; `NAME+=value` keeps the plus in the name.
pub(super) fn assignment(raw: &str) -> Option<(&str, &str)> {
    let (name, value) = raw.split_once('=')?;
    let plain = name.strip_suffix('+').unwrap_or(name);
    let starts = plain.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    let all = plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (starts && all).then_some((name, value))
}

/// The commands of a list with the operator that follows each. Lists nest to the left; they are
/// read without recursion.
pub(super) fn flattened(node: &Node) -> Vec<(&Node, Option<ListOperator>)> {
    let mut out = Vec::new();
    let mut current = node;
    let mut operator = None;
    loop {
        let NodeKind::List { items } = &current.kind else {
            out.push((current, operator));
            break;
        };
        let [first, rest @ ..] = items.as_slice() else { break };
        for (position, item) in rest.iter().enumerate().rev() {
            let last = position + 1 == rest.len();
            out.push((&item.command, if last { operator } else { item.operator }));
        }
        operator = if rest.is_empty() { first.operator.or(operator) } else { first.operator };
        current = &first.command;
    }
    out.reverse();
    out
}

/// The parts of a compound command that run in the same shell, and whether they run in another.
pub(super) fn parts(node: &Node) -> (Vec<&Node>, bool) {
    match &node.kind {
        NodeKind::If { condition, then_body, else_body, .. } => {
            let mut parts: Vec<&Node> = vec![condition, then_body];
            parts.extend(else_body.as_deref());
            (parts, false)
        }
        NodeKind::While { condition, body, .. } | NodeKind::Until { condition, body, .. } => {
            (vec![condition, body], false)
        }
        NodeKind::For { body, .. }
        | NodeKind::ForArith { body, .. }
        | NodeKind::Select { body, .. }
        | NodeKind::BraceGroup { body, .. } => (vec![body], false),
        NodeKind::Case { patterns, .. } => {
            (patterns.iter().filter_map(|pattern| pattern.body.as_ref()).collect(), false)
        }
        NodeKind::Negation { pipeline } | NodeKind::Time { pipeline, .. } => {
            (vec![pipeline], false)
        }
        NodeKind::Subshell { body, .. } => (vec![body], true),
        NodeKind::Coproc { command, .. } => (vec![command], true),
        NodeKind::Pipeline { commands, .. } => (commands.iter().collect(), true),
        _ => (Vec::new(), false),
    }
}

fn gather<'n>(node: &'n Node, function: Option<&'n str>, enclosed: bool, out: &mut Vec<Seen<'n>>) {
    match &node.kind {
        NodeKind::List { .. } => {
            for (item, operator) in flattened(node) {
                let enclosed = enclosed || operator == Some(ListOperator::Background);
                gather(item, function, enclosed, out);
            }
        }
        NodeKind::Command { .. } => out.push(Seen { node, function, enclosed }),
        NodeKind::Function { name, body } => gather(body, Some(name), false, out),
        kind => {
            if matches!(kind, NodeKind::For { .. } | NodeKind::Select { .. }) {
                out.push(Seen { node, function, enclosed });
            }
            let (parts, apart) = parts(node);
            for part in parts {
                gather(part, function, enclosed || apart, out);
            }
        }
    }
}
