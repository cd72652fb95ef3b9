//! From a word of shell text to the words that a command gets.

use assize_syntax::shell_words::name_length;
use rable::{Node, NodeKind};

use super::place::tilde;
use super::scan::{Piece, Quoting, braces, pieces};
use super::scope::VALUE_MAX;
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

    /// Adds a value that the shell splits at some signs.
    fn split(&mut self, value: &Word, separators: &str) {
        for (at, part) in value.text.split(|c| separators.contains(c)).enumerate() {
            if at > 0 {
                self.finish();
            }
            self.add(&Word { fetched: value.fetched, ..Word::known(part) });
        }
        if value.rest != Rest::Nothing {
            let guess = value.guess.clone().filter(|_| value.text.is_empty());
            self.add(&Word {
                rest: value.rest,
                fetched: value.fetched,
                tail: value.tail.clone(),
                lists: value.lists,
                setup: value.setup,
                guess,
                ..Word::default()
            });
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
            self.guess = Some(self.text.clone());
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
                Piece::Pattern(sign) => built.add(&Word::sign(sign)),
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
        } else if let Some(separators) = self.scope.separators() {
            built.split(value, separators);
        } else {
            let (carries, processes) = (value.carries.clone(), value.processes.clone());
            built.add(&Word { fetched: value.fetched, carries, processes, ..Word::unknown() });
        }
    }

    fn variable(&mut self, name: &str, rest: &str, split: bool, built: &mut Building) {
        if matches!(name, "@" | "*") && rest.is_empty() {
            let words = self.scope.positional.clone();
            return all_of(words.as_deref(), built);
        }
        if let Some(words) = self.members(name, rest) {
            return all_of(Some(&words), built);
        }
        let asked = rest.strip_prefix('!').filter(|_| name.is_empty());
        if let Some(asked) = asked.filter(|asked| name_length(asked) == asked.len()) {
            // `${!x}`: the variable that `x` names.
            let named = self.scope.get(asked).and_then(|word| self.scope.get(word.text()?));
            return self.put(&named.unwrap_or_else(Word::unknown), split, built);
        }
        let value = self.scope.get(name).or_else(|| super::processes::parent(name));
        let value = self.with_operator(value, rest);
        if rest.trim_start_matches(':').starts_with('=') {
            self.scope.set(name, value.clone());
        }
        self.put(&value, split, built);
    }

    /// The members of a list that `${name[@]}`, `${name[1]}` and `$name` ask for.
    fn members(&self, name: &str, rest: &str) -> Option<Vec<Word>> {
        let words = self.scope.arrays.get(name)?;
        let index = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match index {
            Some("@" | "*") => Some(words.clone()),
            Some(index) => {
                Some(words.get(index.parse::<usize>().ok()?).cloned().into_iter().collect())
            }
            None if rest.is_empty() => Some(words.first().cloned().into_iter().collect()),
            None => None,
        }
    }

    /// The value of `${name<rest>}`. The argument is read in any case, for what runs in it.
    fn with_operator(&mut self, value: Option<Word>, rest: &str) -> Word {
        if rest.is_empty() {
            return value.unwrap_or_else(Word::unset);
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
            // Whoever started the client may have set it, though hardly anybody does.
            ('-' | '=', None) if argument.is("") => Word::unset(),
            ('-' | '=', None) => argument,
            ('?', _) => Word::unknown(),
            ('+', Some(_)) => argument,
            ('@', Some(value)) => {
                // `${x@P}` reads the value as a prompt, in which commands count.
                value.text().map_or_else(Word::unknown, |text| self.quoted_text(text))
            }
            ('#', Some(value)) if value.text.starts_with("/proc/") && value.text().is_none() => {
                // What `/proc` lists are processes.
                Word { processes: vec![EVERY.to_owned()], ..Word::unknown() }
            }
            (_, Some(value)) => {
                let changed = value.text().and_then(|text| changed(text, rest, &argument));
                changed
                    .map_or_else(|| Word { fetched: value.fetched, ..Word::unknown() }, Word::known)
            }
            (_, None) => Word::unknown(),
        }
    }
}

/// All members of a list, each a word of its own.
fn all_of(words: Option<&[Word]>, built: &mut Building) {
    let Some(words) = words else {
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

/// A known value after `%`, `#`, `/`, `^`, `,` or `:from:length`; patterns only where they are
/// plain text.
fn changed(text: &str, rest: &str, argument: &Word) -> Option<String> {
    let plain = argument.text();
    let whole = match (rest, plain) {
        ("^^", _) => text.to_uppercase(),
        (",,", _) => text.to_lowercase(),
        ("%/*", _) => text.rsplit_once('/')?.0.to_owned(),
        ("##*/", _) => text.rsplit('/').next()?.to_owned(),
        (_, Some(end)) if rest.starts_with('%') => {
            text.strip_suffix(end.trim_start_matches('%')).unwrap_or(text).to_owned()
        }
        (_, Some(start)) if rest.starts_with('#') => {
            text.strip_prefix(start.trim_start_matches('#')).unwrap_or(text).to_owned()
        }
        (_, Some(sought)) if rest.starts_with('/') => {
            let all = sought.starts_with('/');
            let sought = sought.trim_start_matches('/');
            let (from, to) = sought.split_once('/').unwrap_or((sought, ""));
            let replaced = if all { text.replace(from, to) } else { text.replacen(from, to, 1) };
            (!from.is_empty() && replaced.len() <= VALUE_MAX).then_some(replaced)?
        }
        _ => {
            let (from, length) = rest.strip_prefix(':')?.split_once(':')?;
            let from: usize = from.trim().parse().ok()?;
            text.chars().skip(from).take(length.trim().parse().ok()?).collect()
        }
    };
    Some(whole)
}

/// The command in a part of a word.
fn substitution(part: &Node) -> Option<&Node> {
    match &part.kind {
        NodeKind::CommandSubstitution { command, .. }
        | NodeKind::ProcessSubstitution { command, .. } => Some(command),
        _ => None,
    }
}
