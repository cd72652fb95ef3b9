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
    ("Rscript", &["-e"], &[]),
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
        let plain = call.name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let (name, code, valued) = INTERPRETERS.iter().find(|(name, _, _)| *name == plain)?;
        let mut at = 0;
        let mut in_place = false;
        while let Some(word) = call.words.get(at) {
            let text = word.text.as_str();
            in_place |= matches!(*name, "perl" | "ruby")
                && word.is_option()
                && text.split('e').next().is_some_and(|letters| letters.contains('i'));
            let glued =
                |option: &&&str| text.len() > 2 && option.len() == 2 && text.starts_with(**option);
            if valued.iter().any(|option| glued(&option)) {
                at += 1;
                continue;
            }
            if let Some(inline) = inline_code(word, call.words.get(at + 1), code) {
                self.code(&inline);
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
                "-" => break,
                _ if valued.contains(&text) => at += 2,
                _ if word.is_option() => at += 1,
                _ => {
                    self.client(word, call.words.get(at + 1..).unwrap_or(&[]));
                    let at = self.place(word);
                    let written = self.made.text(&at).map(Word::known);
                    match written.or_else(|| streamed_text(word)) {
                        Some(text) => self.code(&text),
                        None => self.script(word.clone()),
                    }
                    return Some(Stream::Unknown);
                }
            }
        }
        match &call.input {
            Stream::Text(text) => self.code(&Word::known(text)),
            Stream::Absent => {}
            _ => {
                self.run_input(call);
            }
        }
        Some(Stream::Unknown)
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
            self.code(&Word::known(&word.text));
            if let Some(at) = word.text.find('!') {
                let command = word.without(at + 1);
                self.shell_text(&command, Stream::Absent);
            }
        }
        for word in &options.operands {
            if !word.text.starts_with('+') {
                let at = self.place(word);
                if self.is_secret(&at) {
                    self.push(Effect::Read(at.clone()));
                }
                self.write(at, None, crate::Reach::One);
            }
        }
    }
}

/// What `<(..)` in the place of a script prints.
fn streamed_text(word: &Word) -> Option<Word> {
    match word.stream.as_deref() {
        Some(Stream::Text(text)) => Some(Word::known(text)),
        _ => None,
    }
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
    let cluster = text.strip_prefix('-').filter(|rest| !rest.starts_with('-'))?;
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
