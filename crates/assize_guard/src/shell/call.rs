//! Simple commands: assignments, the program, and who knows what it does.

use assize_syntax::shell_words::name_length;
use std::rc::Rc;

use rable::{Node, NodeKind};

use crate::{Effect, Program};

use super::perhaps;
use super::walk::Walk;
use super::word::{Rest, Stream, Word};

/// One command after expansion, without wrappers.
#[derive(Debug)]
pub(super) struct Call<'a> {
    /// The last part of the program's path.
    pub(super) name: &'a str,
    /// What follows the name.
    pub(super) words: &'a [Word],
    pub(super) variables: &'a [(String, Word)],
    pub(super) input: Stream,
}

/// Who knows a program. Each says what the program prints, or that it does not know it.
type Reader = fn(&mut Walk<'_>, &Call<'_>) -> Option<Stream>;

const READERS: [Reader; 17] = [
    |walk, call| walk.leaving(call),
    |walk, call| walk.environment(call),
    |walk, call| walk.builtin(call),
    |walk, call| walk.rights(call),
    |walk, call| walk.terminal(call),
    |walk, call| walk.takes_code(call),
    |walk, call| walk.wrapper(call),
    |walk, call| walk.shell(call),
    |walk, call| walk.interpreter(call),
    |walk, call| walk.files(call),
    |walk, call| walk.unpack(call),
    |walk, call| walk.git(call),
    |walk, call| walk.transfer(call),
    |walk, call| walk.network(call),
    |walk, call| walk.packages(call),
    |walk, call| walk.processes(call),
    |walk, call| walk.remote(call),
];

/// Variables that hold a command.
const RUN: [&str; 12] = [
    "PAGER",
    "GIT_PAGER",
    "EDITOR",
    "VISUAL",
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_SSH_COMMAND",
    "GIT_SSH",
    "GIT_EXTERNAL_DIFF",
    "GIT_ASKPASS",
    "PROMPT_COMMAND",
    "LESSOPEN",
];

/// How many members of an array are followed.
const MEMBERS_MAX: usize = 256;

/// Variables that name code for every program.
const LOADED: [&str; 7] = [
    "LD_PRELOAD",
    "LD_AUDIT",
    "DYLD_INSERT_LIBRARIES",
    "BASH_ENV",
    "PYTHONSTARTUP",
    "PERL5OPT",
    "RUBYOPT",
];

impl Walk<'_> {
    pub(super) fn simple(
        &mut self,
        assignments: &[Node],
        words: &[Node],
        redirects: &[Node],
        input: Stream,
    ) -> Stream {
        let mut variables = Vec::new();
        for node in assignments {
            if let NodeKind::Word { value, parts, .. } = &node.kind {
                variables.extend(self.assignment(value, parts, words.is_empty()));
            }
        }
        for (name, value) in &variables {
            self.variable_runs(name, value);
        }
        let words = self.command_words(words);
        let redirects = self.redirects(redirects, input);
        let printed = match words.split_first() {
            Some(_) => self.call(&words, &variables, redirects.input.clone()),
            None => Stream::Text(String::new()),
        };
        self.write_out(redirects, printed)
    }

    /// Declarations take assignments that are not split.
    fn command_words(&mut self, nodes: &[Node]) -> Vec<Word> {
        let mut out = Vec::new();
        for node in nodes {
            let declares = out.first().is_some_and(|first: &Word| {
                matches!(
                    first.text.as_str(),
                    "export" | "declare" | "local" | "typeset" | "readonly" | "alias"
                )
            });
            if let (true, NodeKind::Word { value, .. }) = (declares, &node.kind)
                && name_length(value) > 0
                && value.get(name_length(value)..).is_some_and(|rest| rest.starts_with('='))
            {
                let word = self.word(node);
                out.push(word);
                continue;
            }
            out.extend(self.words(node));
        }
        out
    }

    /// `NAME=value`, `NAME+=value`, `NAME=(a b)`, `NAME[1]=value`.
    fn assignment(&mut self, raw: &str, parts: &[Node], stays: bool) -> Option<(String, Word)> {
        let (left, right) = raw.split_once('=')?;
        let left_bare = left.trim_end_matches('+');
        let name = left_bare.get(..name_length(left_bare)).unwrap_or("");
        let is_list = right.starts_with('(') || name.len() != left_bare.len();
        let mut value = if is_list {
            self.quoted_text(left_bare);
            self.list_value(name, right, left.ends_with('+'));
            Word::unknown()
        } else {
            self.scope.arrays.remove(name);
            self.one(right, parts)
        };
        if left.ends_with('+') && !is_list {
            let mut all = self.scope.get(name).unwrap_or_else(Word::unknown);
            all.append(&value);
            value = all;
        }
        if stays {
            self.scope.set(name, value.clone());
        }
        Some((name.to_owned(), value))
    }

    /// Variables whose value a program or the shell runs.
    pub(super) fn variable_runs(&mut self, name: &str, value: &Word) {
        if value.is("") {
            return;
        }
        self.loads(name, value);
        if LOADED.contains(&name) {
            self.cannot_know("code that is loaded into the programs that run");
            for path in value.text.split([':', ' ']) {
                let at = self.place(&Word::known(path));
                self.runs_file(&at);
            }
        } else if RUN.contains(&name) {
            self.shell_text(value, Stream::Absent);
        }
    }

    /// The members of an array, and the commands in them.
    fn list_value(&mut self, name: &str, raw: &str, adds: bool) {
        let inside = raw.strip_prefix('(').and_then(|raw| raw.strip_suffix(')'));
        let nodes = inside.and_then(|inside| super::bounds::parse(&format!(": {inside}")));
        let words = nodes.as_deref().and_then(|nodes| match nodes {
            [Node { kind: NodeKind::Command { words, redirects, .. }, .. }]
                if redirects.is_empty() =>
            {
                words.get(1..)
            }
            _ => None,
        });
        let Some(words) = words else {
            self.one(raw, &[]);
            self.scope.arrays.remove(name);
            return;
        };
        let members: Vec<Word> = words.iter().flat_map(|word| self.words(word)).collect();
        let mut all = match self.scope.arrays.remove(name) {
            Some(before) if adds => before,
            _ => Vec::new(),
        };
        all.extend(members);
        if all.len() <= MEMBERS_MAX && (!adds || !all.is_empty()) {
            self.scope.arrays.insert(name.to_owned(), all);
        }
    }

    /// Runs a command whose words are known as far as they are.
    pub(super) fn call(
        &mut self,
        words: &[Word],
        variables: &[(String, Word)],
        input: Stream,
    ) -> Stream {
        let size = words.iter().map(|word| word.text.len()).sum();
        if words.is_empty() || !self.enter(size) {
            return Stream::Unknown;
        }
        let out = self.call_entered(words, variables, input);
        self.leave();
        out
    }

    fn call_entered(
        &mut self,
        words: &[Word],
        variables: &[(String, Word)],
        input: Stream,
    ) -> Stream {
        let Some((first, rest)) = words.split_first() else { return Stream::Unknown };
        let Some(path) = first.text().or_else(|| known_name(first)) else {
            self.unknown_program(first, rest, variables, &input);
            return Stream::Unknown;
        };
        let renamed = self.made.program(first, &self.place(first));
        let path = renamed.as_deref().unwrap_or(path);
        let name = path.rsplit('/').next().unwrap_or(path);
        if let Some(text) = self.scope.aliases.get(name).cloned() {
            return self.aliased(name, &text, rest, input);
        }
        if let Some(body) = self.scope.functions.get(path).map(Rc::clone) {
            return self.function(path, &body, rest, input);
        }
        self.push(Effect::Run(Program {
            name: name.to_owned(),
            words: rest.iter().map(|word| word.text().map(str::to_owned)).collect(),
            variables: self.variables_for(variables),
        }));
        self.builds(name);
        if path.contains("://") && super::fetched::is_strange(path) {
            self.push(Effect::RunsFetched);
        }
        if path.contains('/') {
            let at = self.place(first);
            self.runs_file(&at);
            self.client(first, rest);
        }
        let call = Call { name, words: rest, variables, input };
        let from = self.told();
        let out = READERS.iter().find_map(|reader| reader(self, &call));
        let out = out.unwrap_or_else(|| {
            self.perhaps(&call);
            self.recipes(&call);
            self.written_program(first, rest);
            self.printed(&call)
        });
        let named = self.mentions(&call, from);
        // A program that is given a credential is taken to print it.
        if named.is_empty() || out != Stream::Unknown { out } else { Stream::Files(named) }
    }

    /// A program whose name is a pattern, has holes, or is not known at all.
    fn unknown_program(
        &mut self,
        first: &Word,
        rest: &[Word],
        variables: &[(String, Word)],
        input: &Stream,
    ) {
        let likely = first.likely().and_then(perhaps::likely_program);
        let as_rm = first.rest == Rest::Unknown && likely.is_none() && perhaps::fits_rm(rest);
        let name = if as_rm { Some("rm".to_owned()) } else { likely };
        if let Some(name) = name {
            let mut words = vec![Word::known(name)];
            words.extend(rest.iter().map(|word| match word.likely() {
                Some(text) if word.rest == Rest::Unknown => Word::known(text),
                _ => word.clone(),
            }));
            self.call(&words, variables, input.clone());
        }
        if first.fetched {
            self.push(Effect::RunsFetched);
        } else if first.rest == Rest::Unknown && first.text.contains('/') {
            // A script in a known folder: `./$name`.
            let why = format!("which program below `{}` runs is not known", first.text);
            self.push(Effect::CannotKnow(why));
        } else if as_rm {
            self.opaque("which program runs is not known, and it gets options of `rm`");
        } else {
            self.cannot_know("which program runs is not known");
        }
    }

    fn aliased(&mut self, name: &str, text: &Word, rest: &[Word], input: Stream) -> Stream {
        let Some(text) = text.text() else {
            self.cannot_know("an alias whose text is not known");
            return Stream::Unknown;
        };
        let mut all = text.to_owned();
        for word in rest {
            all.push(' ');
            all.push_str(&word.quoted());
        }
        // An alias is not looked up inside of itself.
        let kept = self.scope.aliases.remove(name);
        let out = self.nested(&all, input);
        if let Some(kept) = kept {
            self.scope.aliases.entry(name.to_owned()).or_insert(kept);
        }
        out
    }

    fn function(&mut self, name: &str, body: &Node, rest: &[Word], input: Stream) -> Stream {
        if self.calling.iter().any(|called| called == name) {
            self.cannot_know("a function that calls itself");
            return Stream::Unknown;
        }
        if super::processes::forks(body, name) {
            self.end_all();
        }
        self.called.insert(name.to_owned());
        self.calling.push(name.to_owned());
        let before = self.scope.positional.replace(rest.to_vec());
        let out = self.node(body, input);
        self.scope.positional = before;
        self.calling.pop();
        out
    }

    /// The value of a variable for a command: before it, or set in the same text.
    pub(super) fn variable_of(&self, call: &Call<'_>, name: &str) -> Option<Word> {
        let before = call.variables.iter().rev().find(|(given, _)| given == name);
        before.map(|(_, value)| value.clone()).or_else(|| self.scope.variables.get(name).cloned())
    }
}

/// The name of a program in a folder that is not known: `"$(npm root -g)"/x/cli.js`.
fn known_name(word: &Word) -> Option<&str> {
    let (_, name) = word.tail.rsplit_once('/')?;
    let plain = !name.is_empty() && !name.contains(['*', '?', '[', '\0']);
    (plain && !word.fetched && word.stream.is_none()).then_some(word.tail.as_str())
}
