//! Builtins of the shell, and what well-known programs print.

use crate::{Effect, Place};
use assize_syntax::shell_words::name_length;

use super::call::Call;
use super::decode;
use super::place::clean;
use super::walk::Walk;
use super::word::{Options, Rest, Stream, Word};

/// Programs that print settings for the shell that evaluates them.
#[rustfmt::skip]
const SETUP: [&str; 36] = [
    "ssh-agent", "gpg-agent", "keychain", "brew", "direnv", "pyenv", "rbenv", "nodenv", "goenv",
    "jenv", "fnm", "mise", "rtx", "asdf", "nvm", "opam", "conda", "mamba", "micromamba", "dircolors",
    "lesspipe", "starship", "zoxide", "minikube", "docker-machine", "kubectl", "helm", "gh", "aws",
    "cargo", "poetry", "luarocks", "register-python-argcomplete", "npm", "setup-envtest", "resize",
];

impl Walk<'_> {
    /// Commands that change the shell itself.
    pub(super) fn builtin(&mut self, call: &Call<'_>) -> Option<Stream> {
        match call.name {
            "cd" | "pushd" => self.change_folder(call),
            "popd" => {
                let folder = self.scope.stack.pop().flatten();
                self.scope.previous = std::mem::replace(&mut self.scope.folder, folder);
            }
            "export" | "declare" | "typeset" | "local" | "readonly" => self.declare(call),
            "unset" => {
                for word in call.words.iter().filter(|word| !word.is_option()) {
                    self.scope.set(&word.text, Word::unknown());
                    self.scope.functions.remove(&word.text);
                }
            }
            "read" | "mapfile" | "readarray" | "getopts" => {
                self.indices(call.words);
                self.read_values(call);
            }
            "let" | "test" | "[" => {
                self.indices(call.words);
                return None;
            }
            "hash" => {
                if let [option, program, name] = call.words
                    && option.is("-p")
                {
                    self.scope.aliases.insert(name.text.clone(), program.clone());
                }
            }
            "history" => {
                for word in call.words.iter().filter(|word| word.text.contains(' ')) {
                    self.shell_text(word, Stream::Absent);
                }
            }
            "complete" | "compgen" => {
                let options = Options::of(call.words, &["-C", "-F", "-A", "-W"]);
                if let Some(text) = options.value(&["-C"]).cloned() {
                    self.shell_text(&text, Stream::Absent);
                }
            }
            "printf" if call.words.first().is_some_and(|word| word.is("-v")) => {
                if let Some(name) = call.words.get(1) {
                    self.indices(std::slice::from_ref(name));
                    let value = printf(call.words.get(2..).unwrap_or(&[])).into_word();
                    self.scope.set(&name.text, value);
                }
            }
            "set" => self.set_positional(call.words),
            "shift" => self.shift(call.words),
            "alias" => self.alias(call.words),
            "unalias" => {
                for word in call.words {
                    self.scope.aliases.remove(&word.text);
                }
            }
            "trap" => self.trap(call.words),
            _ => return None,
        }
        Some(Stream::Text(String::new()))
    }

    fn change_folder(&mut self, call: &Call<'_>) {
        let before = self.scope.folder.clone();
        if call.name == "pushd" {
            self.scope.stack.push(before.clone());
        }
        let target = call.words.iter().find(|word| !word.is_option() || word.is("-"));
        self.scope.folder = match target {
            None if call.name == "cd" => Some(self.home.clone()).filter(|home| !home.is_empty()),
            None => None,
            Some(word) if word.is("-") => self.scope.previous.clone(),
            Some(word) => match self.place(word) {
                Place::Known(path) => Some(path),
                Place::Below(_) | Place::Unknown => None,
            },
        };
        self.scope.previous = before;
    }

    /// Indices of arrays are sums, in which commands count even in what was quoted.
    fn indices(&mut self, words: &[Word]) {
        for word in words.iter().filter(|word| word.text.contains("[$(")) {
            self.quoted_text(&word.text);
        }
    }

    /// `read a b <<< text`, `mapfile -t list < <(..)`.
    fn read_values(&mut self, call: &Call<'_>) {
        let valued = ["-d", "-n", "-N", "-p", "-t", "-u", "-a", "-i", "-s", "-O"];
        let options = Options::of(call.words, if call.name == "read" { &valued } else { &[] });
        let text = match &call.input {
            Stream::Text(text) => Some(text.trim_end_matches('\n')),
            _ => None,
        };
        let from = |text: &str| text.split_whitespace().map(Word::known).collect::<Vec<_>>();
        if call.name != "read" {
            if let (Some(text), Some(name)) = (text, options.operands.last()) {
                let lines = text.lines().map(Word::known).collect();
                self.scope.arrays.insert(name.text.clone(), lines);
            }
            return;
        }
        let line = text.filter(|text| !text.contains('\n'));
        if let Some(name) = options.value(&["-a"]) {
            self.scope.arrays.remove(&name.text);
            if let Some(line) = line {
                self.scope.arrays.insert(name.text.clone(), from(line));
            }
        }
        let unknown = match &call.input {
            Stream::Listed(word) => word.as_ref().clone(),
            Stream::Fetched | Stream::Decoded | Stream::Processes(_) => {
                call.input.clone().into_word()
            }
            _ => Word::unknown(),
        };
        let mut words = line.map(from).unwrap_or_default().into_iter();
        for (at, name) in options.operands.iter().enumerate() {
            let value = match (line, options.operands.len() == at + 1) {
                (None, _) => unknown.clone(),
                // The last name takes what is left.
                (Some(_), true) => joined(&words.by_ref().collect::<Vec<_>>()),
                (Some(_), false) => words.next().unwrap_or_default(),
            };
            self.scope.set(&name.text, value);
        }
    }

    fn declare(&mut self, call: &Call<'_>) {
        self.indices(call.words);
        let refers = call.words.iter().any(|word| word.is("-n"));
        for word in call.words.iter().filter(|word| !word.is_option()) {
            let length = name_length(&word.text);
            let name = word.text.get(..length).unwrap_or("");
            match word.text.get(length..) {
                Some(rest) if rest.starts_with('=') => {
                    let mut value = word.without(length + 1);
                    if refers {
                        // A name for another variable.
                        value = self.scope.get(&value.text).unwrap_or_else(Word::unknown);
                    }
                    self.variable_runs(name, &value);
                    self.scope.set(name, value);
                }
                Some(rest) if rest.starts_with("+=") => {
                    self.scope.add(name, &word.without(length + 2));
                }
                Some("") if call.name == "local" => self.scope.set(name, Word::unknown()),
                _ => {}
            }
        }
    }

    fn set_positional(&mut self, words: &[Word]) {
        if let Some(at) = words.iter().position(|word| word.is("--")) {
            self.scope.positional = Some(words.get(at + 1..).unwrap_or(&[]).to_vec());
        } else if words.first().is_some_and(|word| !word.is_option() && !word.text.starts_with('+'))
        {
            self.scope.positional = Some(words.to_vec());
        }
    }

    fn shift(&mut self, words: &[Word]) {
        let count = match words.first().map(Word::text) {
            None => Some(1),
            Some(text) => text.and_then(|text| text.parse::<usize>().ok()),
        };
        self.scope.positional = match (count, self.scope.positional.take()) {
            (Some(count), Some(words)) => words.get(count..).map(<[Word]>::to_vec),
            _ => None,
        };
    }

    fn alias(&mut self, words: &[Word]) {
        for word in words {
            if let Some((name, _)) = word.text.split_once('=') {
                self.scope.aliases.insert(name.to_owned(), word.without(name.len() + 1));
            }
        }
    }

    fn trap(&mut self, words: &[Word]) {
        let Some(word) = words.iter().find(|word| !word.is_option()) else { return };
        match word.text() {
            Some("") | None if words.len() < 2 => {}
            Some(text) if words.len() > 1 => {
                let text = text.to_owned();
                self.traps.push(text);
            }
            None => self.cannot_know("a trap whose text is not known"),
            Some(_) => {}
        }
    }

    /// What a program prints that changes nothing.
    pub(super) fn printed(&mut self, call: &Call<'_>) -> Stream {
        let (name, words) = (call.name, call.words);
        match name {
            "echo" => echo(words),
            "printf" => printf(words),
            "ls" => listed(words),
            "true" | ":" | "false" | "mkdir" | "touch" => Stream::Text(String::new()),
            "pwd" => self.scope.folder.clone().map_or(Stream::Unknown, Stream::Text),
            "mktemp" => Stream::Begins("/tmp/".to_owned()),
            "dirname" | "basename" | "realpath" | "readlink" => self.path_part(call),
            "command" | "which" | "type" => {
                words.last().map_or(Stream::Unknown, |word| self.found_by_path(word))
            }
            "xxd" | "base64" | "base32" | "openssl" | "gunzip" | "zcat" | "bunzip2" | "bzcat"
            | "unxz" | "xzcat" | "zstdcat" | "uudecode" | "gpg" | "gzip" | "xz" | "bzip2"
            | "rev" | "tr" => decoded(call),
            "cat" | "tac" | "head" | "tail" | "grep" | "sort" | "uniq" | "cut" | "sed" | "awk"
            | "jq" | "tee" | "fold" | "nl" | "iconv" | "strings" | "pv" => passed_on(call),
            _ if matches!(call.input, Stream::Fetched | Stream::Decoded | Stream::Processes(_)) => {
                call.input.clone()
            }
            _ if SETUP.contains(&name) => Stream::Setup,
            _ => Stream::Unknown,
        }
    }

    fn path_part(&self, call: &Call<'_>) -> Stream {
        let options = Options::of(call.words, &[]);
        let Some(text) = options.operand(0).and_then(Word::text) else { return Stream::Unknown };
        let bare = text.trim_end_matches('/');
        let part = match call.name {
            "dirname" => bare.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned(),
            "basename" => bare.rsplit('/').next().unwrap_or(bare).to_owned(),
            _ => match (text.starts_with('/'), &self.scope.folder) {
                (true, _) => clean(text),
                (false, Some(folder)) => clean(&format!("{folder}/{text}")),
                (false, None) => return Stream::Unknown,
            },
        };
        Stream::Text(if part.is_empty() { "/".to_owned() } else { part })
    }

    /// Where a program lies that is sought by its name.
    fn found_by_path(&self, word: &Word) -> Stream {
        let own = self.surroundings.program.as_str();
        match word.text() {
            Some(name) if own.rsplit('/').next() == Some(name) => Stream::Text(own.to_owned()),
            Some(name) if !name.contains('/') && !name.is_empty() => {
                Stream::Text(format!("/usr/bin/{name}"))
            }
            _ => text_of(word),
        }
    }

    /// Tells that files are read.
    pub(super) fn read(&mut self, word: &Word) -> Place {
        let at = self.place(word);
        self.push(Effect::Read(at.clone()));
        at
    }
}

fn text_of(word: &Word) -> Stream {
    word.text().map_or(Stream::Unknown, |text| Stream::Text(text.to_owned()))
}

/// What `cat` and the like hand on.
fn passed_on(call: &Call<'_>) -> Stream {
    let options = Options::of(call.words, &[]);
    let plain = matches!(call.name, "cat" | "tee" | "pv");
    if let Stream::Processes(before) = &call.input {
        return Stream::Processes(narrowed(call, &options, before));
    }
    match (&call.input, plain) {
        (Stream::Text(text), true) if options.operands.is_empty() || call.name == "tee" => {
            Stream::Text(text.clone())
        }
        (input, true) => input.clone(),
        (input, false) => input.clone().filtered(),
    }
}

fn decoded(call: &Call<'_>) -> Stream {
    let options = Options::of(call.words, &["-w", "-c", "-l", "-s"]);
    let text = match &call.input {
        Stream::Text(text) => text,
        Stream::Fetched => return Stream::Fetched,
        Stream::Processes(_) => return call.input.clone(),
        Stream::Files(places) if !decodes(call.name, &options) => {
            return Stream::Files(places.clone());
        }
        _ => return Stream::Decoded,
    };
    let plain = match call.name {
        "base64" if options.has(&["-d", "-D", "--decode"]) => decode::base64(text),
        "xxd" if options.has(&["-r"]) && options.has(&["-p"]) => decode::hex(text),
        "openssl" if options.has(&["-d"]) && options.verb(0) == "base64" => decode::base64(text),
        "rev" => {
            Some(text.lines().map(|l| l.chars().rev().chain(['\n']).collect::<String>()).collect())
        }
        _ => None,
    };
    plain.map_or(Stream::Decoded, Stream::Text)
}

/// Whether what a program prints is the content of what it reads, no longer encoded.
pub(super) fn decodes(name: &str, options: &Options) -> bool {
    options.has(&["-d", "-D", "--decode", "-r", "--decompress", "--uncompress"])
        || matches!(name, "gunzip" | "zcat" | "bunzip2" | "bzcat" | "unxz" | "xzcat" | "zstdcat")
}

/// Joins words with blanks; unknown from the first unknown word on.
pub(super) fn joined(words: &[Word]) -> Word {
    let mut all = Word::default();
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            all.append(&Word::known(" "));
        }
        all.append(word);
    }
    all
}

/// The paths that `ls` prints: of a pattern, or of folders themselves.
fn listed(words: &[Word]) -> Stream {
    let options = Options::of(words, &[]);
    let whole = options.has(&["-d"]) && !options.has(&["-l"]);
    let path = options.operands.iter().find(|word| whole || word.rest == Rest::Pattern);
    path.map_or(Stream::Unknown, |word| Stream::Listed(Box::new(word.clone())))
}

fn word_stream(word: &Word) -> Stream {
    match word.text() {
        Some(text) => Stream::Text(text.to_owned()),
        None if word.fetched => Stream::Fetched,
        None if word.rest == Rest::Pattern => Stream::Listed(Box::new(word.clone())),
        None => Stream::Unknown,
    }
}

fn echo(words: &[Word]) -> Stream {
    let is_option = |word: &&Word| {
        word.text().is_some_and(|text| {
            text.strip_prefix('-').is_some_and(|rest| {
                !rest.is_empty() && rest.chars().all(|c| matches!(c, 'n' | 'e' | 'E'))
            })
        })
    };
    let options: Vec<&Word> = words.iter().take_while(is_option).collect();
    let mut all = joined(words.get(options.len()..).unwrap_or(&[]));
    if options.iter().any(|word| word.text.contains('e')) {
        all.text = decode::ansi(&all.text);
    }
    if !options.iter().any(|word| word.text.contains('n')) {
        all.append(&Word::known("\n"));
    }
    word_stream(&all)
}

/// `printf`: the directives `%s`, `%b`, `%d`, `%c` and `%%`.
fn printf(words: &[Word]) -> Stream {
    let words = match words.split_first() {
        Some((first, rest)) if first.is("--") => rest,
        _ => words,
    };
    let Some((format, arguments)) = words.split_first() else { return Stream::Unknown };
    let Some(format) = format.text() else { return word_stream(format) };
    let mut out = Word::default();
    let mut arguments = arguments.iter();
    loop {
        let before = arguments.len();
        if !print_once(format, &mut arguments, &mut out) {
            return Stream::Decoded;
        }
        if arguments.len() == 0 || arguments.len() == before {
            return word_stream(&out);
        }
    }
}

fn print_once(format: &str, arguments: &mut std::slice::Iter<'_, Word>, out: &mut Word) -> bool {
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.append(&Word::known(decode::ansi(rest.get(..at).unwrap_or(""))));
        let directive = rest.get(at + 1..).unwrap_or("");
        match directive.bytes().next() {
            Some(b's' | b'd' | b'b') => {
                let mut word = arguments.next().cloned().unwrap_or_default();
                if directive.starts_with('b') {
                    word.text = decode::ansi(&word.text);
                }
                out.append(&word);
            }
            Some(b'%') => out.append(&Word::known("%")),
            _ => return false,
        }
        rest = directive.get(1..).unwrap_or("");
    }
    out.append(&Word::known(decode::ansi(rest)));
    true
}

/// What chooses the processes that a filter leaves over: the pattern of `grep`, `/pattern/` of
/// `awk` and `sed`.
fn narrowed(call: &Call<'_>, options: &Options, before: &[String]) -> Vec<String> {
    let pattern = options.operand(0).and_then(Word::text);
    let inside = |text: &str| text.split('/').nth(1).map(str::to_owned);
    let chosen = match call.name {
        "grep" if !options.has(&["-v"]) => pattern.map(str::to_owned),
        "awk" | "sed" => pattern.filter(|text| text.starts_with('/')).and_then(inside),
        _ => None,
    };
    chosen.map_or_else(|| before.to_vec(), |text| vec![text.replace(['[', ']'], "")])
}
