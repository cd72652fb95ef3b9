//! Interpreters with their program in the command.

use crate::Effect;

use super::call::Call;
use super::walk::Walk;
use super::word::{Stream, Word};

/// An interpreter: its name, options whose value is code, options that take other values.
#[rustfmt::skip]
const INTERPRETERS: &[(&str, &[&str], &[&str])] = &[
    ("python", &["-c"], &["-W", "-X", "-m"]),
    ("pypy", &["-c"], &["-W", "-X", "-m"]),
    ("node", &["-e", "-p", "--eval", "--print", "-pe"], &["-r", "--require", "--import"]),
    ("nodejs", &["-e", "-p", "--eval", "--print"], &["-r", "--require"]),
    ("bun", &["-e", "--eval"], &[]),
    ("deno", &["eval"], &[]),
    ("tsx", &["-e", "--eval"], &[]),
    ("ts-node", &["-e", "--eval"], &[]),
    ("perl", &["-e", "-E"], &["-I"]),
    ("ruby", &["-e"], &["-r", "-I"]),
    ("php", &["-r"], &["-d", "-c"]),
    ("lua", &["-e"], &["-l"]),
    ("osascript", &["-e"], &[]),
    ("Rscript", &["-e"], &[]), ("R", &["-e"], &["-f"]), ("julia", &["-e", "-E", "--eval"], &[]),
    ("octave", &["--eval"], &[]), ("elixir", &["-e", "--eval", "--rpc-eval"], &["-r"]),
    ("mix", &["-e", "--eval"], &[]), ("iex", &["-e", "--eval"], &[]), ("erl", &["-eval"], &[]),
    ("jshell", &[], &[]), ("groovy", &["-e"], &[]), ("scala", &["-e"], &[]),
    ("scala-cli", &["-e"], &[]), ("kotlin", &["-e"], &[]), ("swift", &["-e"], &[]),
    ("bb", &["-e", "--eval"], &[]), ("clojure", &["-e", "-M"], &[]), ("clj", &["-e"], &[]),
    ("ghc", &["-e"], &[]), ("runghc", &[], &[]), ("racket", &["-e", "--eval"], &[]),
    ("guile", &["-c"], &["-l"]), ("sbcl", &["--eval"], &[]), ("clisp", &["-x"], &[]),
    ("luajit", &["-e"], &["-l"]), ("crystal", &["eval"], &[]), ("nim", &["--eval"], &[]),
    ("rust-script", &["-e", "--expr"], &[]), ("m4", &[], &[]), ("rails", &["runner", "r"], &[]),
    ("ipython", &["-c"], &[]), ("micropython", &["-c"], &[]), ("jruby", &["-e"], &[]),
    ("zx", &["--eval"], &[]), ("raku", &["-e"], &[]), ("coffee", &["-e", "--eval"], &[]),
    ("esno", &["-e"], &[]), ("dotnet-script", &["eval"], &[]), ("gjs", &["-c"], &[]),
    ("perl6", &["-e"], &[]), ("maxima", &["--batch-string"], &[]), ("xonsh", &["-c"], &[]),
];

impl Walk<'_> {
    pub(super) fn interpreter(&mut self, call: &Call<'_>) -> Option<Stream> {
        if matches!(call.name, "awk" | "gawk" | "mawk" | "nawk") {
            return self.awk(call);
        }
        if matches!(call.name, "vim" | "vi" | "ed" | "ex" | "emacs" | "nvim") {
            self.editor(call);
            return None;
        }
        if TCL.contains(&call.name) {
            return Some(self.tcl(call));
        }
        let plain = call.name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let (name, code, valued) =
            INTERPRETERS.iter().find(|(name, _, _)| *name == plain || *name == call.name)?;
        let mut at = 0;
        let mut in_place = false;
        while let Some(word) = call.words.get(at) {
            let text = word.text.as_str();
            in_place |= matches!(*name, "perl" | "ruby")
                && word.is_option()
                && text.split('e').next().is_some_and(|letters| letters.contains('i'));
            if is_glued(text, valued) {
                at += 1;
                continue;
            }
            if let Some(inline) = inline_code(word, call.words.get(at + 1), code) {
                let inline = behind_options(word, inline, call.words.get(at + 1..));
                self.code(&Word { text: lisp(&inline.text), ..inline.clone() });
                if !MAINSTREAM.contains(name) {
                    self.perhaps_text(&inline);
                }
                if in_place {
                    self.rewrites(call.words.get(at + 2..).unwrap_or(&[]));
                }
                let environment = Self::environment_of_code(&inline.text);
                return Some(environment.unwrap_or(Stream::Unknown));
            }
            if *name == "python" && text == "-m" {
                return self.module(call.words.get(at + 1..).unwrap_or(&[]), call);
            }
            match text {
                _ if *name == "rails" && at == 0 => return None,
                "-" => at += 1,
                _ if valued.contains(&text) => at += 2,
                _ if word.is_option() => at += 1,
                _ => {
                    self.client(word, call.words.get(at + 1..).unwrap_or(&[]));
                    let at_word = at;
                    let at = self.place(word);
                    let written = self.made.text(&at).map(Word::known);
                    match written.or_else(|| streamed_text(word)) {
                        Some(text) => self.code(&text),
                        None if word.text.ends_with("manage.py") => {
                            self.script(word.clone());
                            let words = call.words.get(at_word..).unwrap_or(&[]);
                            return Some(self.call(words, call.variables, Stream::Absent));
                        }
                        None => self.script(word.clone()),
                    }
                    return Some(Stream::Unknown);
                }
            }
        }
        self.program_from_input(name, call);
        Some(Stream::Unknown)
    }

    /// An interpreter that is given neither code nor a file reads its input.
    fn program_from_input(&mut self, name: &str, call: &Call<'_>) {
        match &call.input {
            // Quotes of m4 differ at their beginning.
            Stream::Text(text) if name == "m4" => {
                self.code(&Word::known(text.replace('`', "'").replace("''\"", "'")));
            }
            Stream::Text(text) => self.code(&Word::known(text)),
            Stream::Absent => {}
            _ => {
                self.run_input(call);
            }
        }
    }

    fn rewrites(&mut self, files: &[Word]) {
        self.rewrites_all("code in place", files);
        for file in files {
            let at = self.place(file);
            self.write(at, None, crate::Reach::One);
        }
    }

    fn module(&mut self, words: &[Word], call: &Call<'_>) -> Option<Stream> {
        let (module, rest) = words.split_first()?;
        match module.text()? {
            "pip" | "pip3" => {
                let mut all = vec![Word::known("pip")];
                all.extend(rest.iter().cloned());
                Some(self.call(&all, call.variables, call.input.clone()))
            }
            "pdb" | "timeit" | "trace" => {
                let code: Vec<Word> =
                    rest.iter().filter(|word| word.text.contains('(')).cloned().collect();
                for word in code {
                    let skip = usize::from(word.text.starts_with('!'));
                    self.code(&word.without(skip));
                }
                Some(Stream::Unknown)
            }
            "http.server" => {
                self.push(Effect::Network {
                    host: None,
                    sends: vec![self.folder()],
                    upload: false,
                });
                Some(Stream::Unknown)
            }
            _ => Some(Stream::Unknown),
        }
    }

    /// `system("..")`, `print > "file"`, `"command" | getline`.
    fn awk(&mut self, call: &Call<'_>) -> Option<Stream> {
        let options =
            super::word::Options::of(call.words, &["-F", "-v", "-f", "-i", "--assign", "--file"]);
        let skip = usize::from(!options.has(&["-f", "--file"]));
        if let Some(program) = options.operand(0).filter(|_| skip == 1) {
            self.awk_program(program);
        }
        if options.value(&["-i"]).is_some_and(|word| word.is("inplace")) {
            self.rewrites_all("awk -i inplace", options.operands.get(skip..).unwrap_or(&[]));
        }
        for word in options.operands.iter().skip(skip) {
            let at = self.read(word);
            if options.value(&["-i"]).is_some_and(|word| word.is("inplace")) {
                self.write(at, None, crate::Reach::One);
            }
        }
        None
    }

    fn awk_program(&mut self, program: &Word) {
        if program.text().is_none() {
            return self.cannot_know("a program of awk that is not known");
        }
        self.code(program);
        let text = program.text.as_str();
        self.awk_reads(text);
        for (at, _) in text.match_indices('>') {
            let rest = text.get(at + 1..).unwrap_or("").trim_start_matches('>').trim_start();
            if let Some((name, _)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                let place = self.place(&Word::known(name));
                self.write(place, None, crate::Reach::One);
            }
        }
        for (at, _) in text.match_indices('<') {
            let rest = text.get(at + 1..).unwrap_or("").trim_start();
            if let Some((name, _)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                self.read(&Word::known(name));
            }
        }
        let mut parts = text.split('"');
        while let (Some(_), Some(inside)) = (parts.next(), parts.next()) {
            let after = parts.clone().next().unwrap_or("").trim_start();
            if after.starts_with("| getline") || after.starts_with("|getline") {
                self.shell_text(&Word::known(inside), Stream::Absent);
            }
        }
        for (at, _) in text.match_indices('|') {
            let rest = text.get(at + 1..).unwrap_or("").trim_start();
            if let Some((command, _)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'))
            {
                self.shell_text(&Word::known(command), Stream::Unknown);
            }
        }
    }

    /// `f = d ".ssh/" "id_rsa"`: texts that stand side by side are one.
    fn awk_reads(&mut self, text: &str) {
        if !text.contains("getline") {
            return;
        }
        let texts: Vec<&str> = text.split('"').skip(1).step_by(2).take(AWK_MAX).collect();
        let folders =
            texts.iter().filter(|text| text.starts_with(['/', '~']) && text.ends_with('/'));
        for folder in folders {
            for from in 0..texts.len() {
                let tail = texts.get(from..).unwrap_or(&[]);
                for length in 1..=tail.len().min(2) {
                    let path = format!("{folder}{}", tail.get(..length).unwrap_or(&[]).concat());
                    let at = self.place(&Word::known(path));
                    if self.is_secret(&at) {
                        self.push(Effect::Read(at));
                    }
                }
            }
        }
    }

    /// Editors that are told their commands.
    fn editor(&mut self, call: &Call<'_>) {
        let valued = ["-c", "-S", "-u", "--cmd", "--eval"];
        let options = super::word::Options::of(call.words, &valued);
        self.rewrites_all(call.name, &options.operands);
        if let Stream::Text(text) = &call.input {
            for line in text.lines().filter_map(|line| line.trim().strip_prefix('!')) {
                self.shell_text(&Word::known(line), Stream::Absent);
            }
        }
        for word in options.values(&valued).chain(&options.operands) {
            // `call delete("x", "rf")` of vim deletes a folder.
            self.code(&Word::known(lisp(&word.text.replace("delete(", "rmtree("))));
            if let Some(at) = word.text.find('!') {
                let command = word.without(at + 1);
                self.shell_text(&command, Stream::Absent);
            }
        }
        let typed = match &call.input {
            Stream::Text(text) => text.as_str(),
            _ => "",
        };
        let empty = super::outputs::empties(typed)
            || options.values(&valued).any(|word| super::outputs::empties(&word.text));
        for word in &options.operands {
            if !word.text.starts_with('+') {
                let at = self.place(word);
                if self.is_secret(&at) {
                    self.push(Effect::Read(at.clone()));
                }
                self.write(at, empty.then(String::new), crate::Reach::One);
            }
        }
    }
}

/// How many texts of a program of awk may be parts of a path.
const AWK_MAX: usize = 12;

/// Languages of which all is read that counts; in code of others a command may stand anywhere.
const MAINSTREAM: [&str; 6] = ["python", "node", "perl", "ruby", "php", "deno"];

/// Interpreters whose commands are words.
const TCL: [&str; 5] = ["tclsh", "expect", "wish", "jimsh", "tclkit"];

/// Names of lisp with dashes in the way in which other languages write them.
fn lisp(text: &str) -> String {
    const NAMES: [&str; 7] = [
        "delete-directory",
        "delete-file",
        "shell-command",
        "call-process",
        "start-process",
        "run-program",
        "delete-tree",
    ];
    NAMES.iter().fold(text.to_owned(), |text, name| text.replace(name, &name.replace('-', "_")))
}

impl Walk<'_> {
    /// `file delete -force x`, `exec rm x`, `spawn rm x`.
    fn tcl(&mut self, call: &Call<'_>) -> Stream {
        let options = super::word::Options::of(call.words, &["-c"]);
        let mut texts: Vec<String> =
            options.values(&["-c"]).map(|word| word.text.clone()).collect();
        if let Stream::Text(text) = &call.input {
            texts.push(text.clone());
        }
        if let Some(word) = options.operand(0) {
            self.script(word.clone());
            let at = self.place(word);
            texts.extend(self.made.text(&at).map(str::to_owned));
        }
        for text in texts {
            for command in text.split([';', '\n', '[']) {
                self.tcl_command(command.trim_end_matches([']', '}']).trim());
            }
        }
        Stream::Unknown
    }

    fn tcl_command(&mut self, command: &str) {
        let runs = ["exec ", "spawn ", "system ", "-noecho ", "open |", "open \"|"];
        if let Some(text) = runs.iter().find_map(|name| command.strip_prefix(name)) {
            self.shell_text(&Word::known(text.trim_end_matches('"')), Stream::Absent);
        }
        let Some(words) = command.strip_prefix("file delete ") else { return };
        for name in words.split_whitespace().filter(|word| !word.starts_with('-')) {
            let at = self.place(&Word::known(name.trim_matches(['"', '{', '}'])));
            self.push(Effect::Delete { at, reach: crate::Reach::Many });
        }
    }
}

/// An option and its value in one word: `-ropen-uri`.
fn is_glued(text: &str, valued: &[&str]) -> bool {
    text.len() > 2 && valued.iter().any(|option| option.len() == 2 && text.starts_with(option))
}

/// What `<(..)` in the place of a script prints.
fn streamed_text(word: &Word) -> Option<Word> {
    match word.stream.as_deref() {
        Some(Stream::Text(text)) => Some(Word::known(text)),
        _ => None,
    }
}

/// `deno eval --ext=ts code`: options stand between the step and the code.
fn behind_options(step: &Word, inline: Word, rest: Option<&[Word]>) -> Word {
    if step.is_option() || !inline.is_option() {
        return inline;
    }
    let behind = rest.unwrap_or(&[]).iter().find(|word| !word.is_option());
    behind.cloned().unwrap_or(inline)
}

/// The code that an option holds: `-c code`, `-ccode`, `-ne code`, `--eval=code`.
fn inline_code(word: &Word, next: Option<&Word>, code: &[&str]) -> Option<Word> {
    let text = word.text.as_str();
    if code.contains(&text) {
        return Some(next.cloned().unwrap_or_default());
    }
    if let Some((name, _)) = text.split_once('=')
        && text.starts_with("--")
    {
        return code.contains(&name).then(|| word.without(name.len() + 1));
    }
    // `-MFile::Path`, `-rfileutils`: the name of a module.
    let cluster = text.strip_prefix('-').filter(|rest| !rest.starts_with(['-', 'M', 'm', 'r']))?;
    let letters = code.iter().filter_map(|option| option.strip_prefix('-'));
    let letter = letters.filter(|option| option.len() == 1).find_map(|option| cluster.find(option));
    let at = letter? + 2;
    if !cluster.get(..at - 2)?.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let glued = word.without(at);
    if glued.text.is_empty() && glued.text().is_some() {
        return Some(next.cloned().unwrap_or_default());
    }
    Some(glued)
}
