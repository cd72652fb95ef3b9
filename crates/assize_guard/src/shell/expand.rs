//! From a word of shell text to the words that a command gets.

use rable::{Node, NodeKind};

use super::place::tilde;
use super::scan::{Piece, Quoting, braces, name_length, pieces};
use super::walk::Walk;
use super::word::{EVERY, Rest, Stream, Word};

/// The words that grow out of one word of the text.
#[derive(Debug, Default)]
struct Building {
    done: Vec<Word>,
    current: Word,
    /// The word stands, even if it is empty.
    stands: bool,
}

impl Building {
    fn add(&mut self, word: &Word) {
        self.stands |= !word.text.is_empty() || word.rest != Rest::Nothing;
        self.current.append(word);
    }

    /// Adds a value that the shell splits at blanks.
    fn split(&mut self, value: &Word) {
        for (at, part) in value.text.split(char::is_whitespace).enumerate() {
            if at > 0 {
                self.finish();
            }
            self.add(&Word { fetched: value.fetched, ..Word::known(part) });
        }
        if value.rest != Rest::Nothing {
            let tail = value.tail.clone();
            self.add(&Word { rest: value.rest, tail, fetched: value.fetched, ..Word::default() });
        } else if value.text.contains(['*', '?', '[']) {
            self.current.make_pattern();
        }
        self.current.fetched |= value.fetched;
        self.current.carries.extend(value.carries.iter().cloned());
        self.current.processes.extend(value.processes.iter().cloned());
    }

    fn finish(&mut self) {
        let word = std::mem::take(&mut self.current);
        if std::mem::take(&mut self.stands) {
            self.done.push(word);
        }
    }
}

impl Word {
    /// A value that holds signs of a pattern is one where nothing quotes it.
    fn make_pattern(&mut self) {
        if let Some(at) = self.text.find(['*', '?', '[']) {
            self.tail = self.text.split_off(at);
            self.rest = Rest::Pattern;
        }
    }
}

impl Walk<'_> {
    /// The words that one word of the tree becomes.
    pub(super) fn words(&mut self, node: &Node) -> Vec<Word> {
        let NodeKind::Word { value, parts, .. } = &node.kind else {
            return vec![Word::unknown()];
        };
        match braces(value) {
            Some(list) if list.is_empty() => {
                let _ = self.one(value, parts);
                vec![Word::unknown()]
            }
            Some(list) => list.iter().flat_map(|raw| self.split_word(raw, &[])).collect(),
            None => self.split_word(value, parts),
        }
    }

    /// A word that is not split: the target of a redirection, a value.
    pub(super) fn word(&mut self, node: &Node) -> Word {
        match &node.kind {
            NodeKind::Word { value, parts, .. } => self.one(value, parts),
            NodeKind::CondTerm { value, .. } => self.one(value, &[]),
            _ => Word::unknown(),
        }
    }

    pub(super) fn one(&mut self, raw: &str, parts: &[Node]) -> Word {
        self.joined(raw, Quoting::Word, parts)
    }

    /// A text in which only expansions count.
    pub(super) fn quoted_text(&mut self, raw: &str) -> Word {
        self.joined(raw, Quoting::Double, &[])
    }

    fn joined(&mut self, raw: &str, quoting: Quoting, parts: &[Node]) -> Word {
        let built = self.build(raw, quoting, parts, false);
        let mut all = Word::default();
        for word in &built.done {
            all.append(word);
        }
        all.append(&built.current);
        all
    }

    fn split_word(&mut self, raw: &str, parts: &[Node]) -> Vec<Word> {
        let mut built = self.build(raw, Quoting::Word, parts, true);
        built.finish();
        built.done
    }

    fn build(&mut self, raw: &str, quoting: Quoting, parts: &[Node], split: bool) -> Building {
        let mut built = Building::default();
        if !self.enter(raw.len()) {
            built.add(&Word::unknown());
            return built;
        }
        let mut nodes = parts.iter().filter_map(substitution);
        let is_word = quoting == Quoting::Word;
        for (at, piece) in pieces(raw, quoting).into_iter().enumerate() {
            match piece {
                Piece::Plain(text) if at == 0 && is_word && text.starts_with('~') => {
                    let written = self.named_folder(&text);
                    built.add(&written);
                }
                Piece::Plain(text) => built.add(&Word::known(text.into_owned())),
                Piece::Quote => built.stands = true,
                Piece::Pattern(sign) => {
                    let tail = sign.to_owned();
                    built.add(&Word { rest: Rest::Pattern, tail, ..Word::default() });
                }
                Piece::Hidden(text) => {
                    let _ = self.quoted_text(text);
                    built.add(&Word::unknown());
                }
                Piece::Variable { name, rest, quoted } => {
                    self.variable(name, rest, split && !quoted, &mut built);
                }
                Piece::Command { text, quoted } => {
                    let stream = match nodes.next() {
                        Some(node) => self.in_subshell(|walk| walk.node(node, Stream::Absent)),
                        None => self.nested_subshell(&text),
                    };
                    self.put(&stream.into_word(), split && !quoted, &mut built);
                }
                Piece::Escaped { text, quoted } => {
                    nodes.next();
                    let stream = self.nested_subshell(&text);
                    self.put(&stream.into_word(), split && !quoted, &mut built);
                }
                Piece::Process { text, reads } => {
                    let stream = match nodes.next() {
                        Some(node) => self.in_subshell(|walk| walk.node(node, Stream::Unknown)),
                        None => self.nested_subshell(text),
                    };
                    let stream = if reads { stream } else { Stream::Unknown };
                    built.add(&Word { stream: Some(Box::new(stream)), ..Word::begins("/dev/fd/") });
                }
            }
        }
        // What the scan saw as text may still be a command to the parser.
        for node in nodes {
            self.in_subshell(|walk| walk.node(node, Stream::Absent));
        }
        self.leave();
        built
    }

    /// `~`, `~name`, `~+` and `~-` written out.
    fn named_folder(&self, text: &str) -> Word {
        let rest = text.get(1..).unwrap_or("");
        let (name, below) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let folder = match name {
            "+" => self.scope.folder.as_deref(),
            "-" => self.scope.previous.as_deref(),
            _ => {
                let own = !name.is_empty() && self.home.rsplit('/').next() == Some(name);
                own.then_some(self.home.as_str())
            }
        };
        match (folder, tilde(text, &self.home)) {
            (Some(folder), _) => Word::known(format!("{folder}{below}")),
            (None, Some(path)) => Word::known(path),
            (None, None) if name_length(rest) == 0 => Word::known(text),
            (None, None) => Word { tail: below.to_owned(), ..Word::unknown() },
        }
    }

    fn put(&self, value: &Word, split: bool, built: &mut Building) {
        if !split {
            built.stands = true;
            built.add(value);
        } else if self.scope.splits_at_blanks() {
            built.split(value);
        } else {
            let (carries, processes) = (value.carries.clone(), value.processes.clone());
            built.add(&Word { fetched: value.fetched, carries, processes, ..Word::unknown() });
        }
    }

    fn variable(&mut self, name: &str, rest: &str, split: bool, built: &mut Building) {
        if matches!(name, "@" | "*") && rest.is_empty() {
            return self.all_positional(built);
        }
        let value = self.scope.get(name).or_else(|| super::processes::parent(name));
        let value = self.with_operator(value, rest);
        if rest.trim_start_matches(':').starts_with('=') {
            self.scope.set(name, value.clone());
        }
        self.put(&value, split, built);
    }

    fn all_positional(&self, built: &mut Building) {
        let Some(words) = &self.scope.positional else {
            return built.add(&Word::unknown());
        };
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                built.finish();
            }
            built.stands = true;
            built.add(word);
        }
    }

    /// The value of `${name<rest>}`. The argument is read in any case, for what runs in it.
    fn with_operator(&mut self, value: Option<Word>, rest: &str) -> Word {
        if rest.is_empty() {
            return value.unwrap_or_else(Word::unknown);
        }
        let operator = rest.trim_start_matches(':');
        let sign = operator.chars().next().unwrap_or(' ');
        let argument = self.one(operator.get(sign.len_utf8()..).unwrap_or(""), &[]);
        match (sign, value) {
            // Set to something: the default does not count.
            ('-' | '=' | '?', Some(value)) if !value.text.is_empty() => value,
            ('-' | '=', Some(value)) if value.rest == Rest::Nothing && rest.starts_with(':') => {
                argument
            }
            ('-' | '=', None) => Word { fetched: argument.fetched, ..Word::unknown() },
            ('?', _) => Word::unknown(),
            ('+', Some(_)) => argument,
            ('%', Some(value)) => trimmed(&value, operator, &argument),
            ('#', Some(value)) => beheaded(&value, operator, &argument),
            (_, value) => {
                Word { fetched: value.is_some_and(|word| word.fetched), ..Word::unknown() }
            }
        }
    }
}

/// `${name%/*}` and `${name%suffix}`.
fn trimmed(value: &Word, operator: &str, argument: &Word) -> Word {
    let unknown = Word { fetched: value.fetched, ..Word::unknown() };
    let Some(text) = value.text() else { return unknown };
    let shorter = match argument.text() {
        Some(suffix) if !operator.starts_with("%%") => text.strip_suffix(suffix).or(Some(text)),
        None if operator == "%/*" => text.rsplit_once('/').map(|(folder, _)| folder),
        _ => None,
    };
    shorter.map_or(unknown, Word::known)
}

/// `${name#prefix}`; what `/proc` lists are processes.
fn beheaded(value: &Word, operator: &str, argument: &Word) -> Word {
    let unknown = Word { fetched: value.fetched, ..Word::unknown() };
    if value.text.starts_with("/proc/") && value.text().is_none() {
        return Word { processes: vec![EVERY.to_owned()], ..unknown };
    }
    match (value.text(), argument.text()) {
        (Some(text), Some(prefix)) if !operator.starts_with("##") => {
            Word::known(text.strip_prefix(prefix).unwrap_or(text))
        }
        _ => unknown,
    }
}

/// The command in a part of a word.
fn substitution(part: &Node) -> Option<&Node> {
    match &part.kind {
        NodeKind::CommandSubstitution { command, .. }
        | NodeKind::ProcessSubstitution { command, .. } => Some(command),
        _ => None,
    }
}
