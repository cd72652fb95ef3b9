//! Shells, and texts that a shell runs.

use crate::Effect;

use super::call::Call;
use super::output::joined;
use super::walk::Walk;
use super::word::{Stream, Word};

impl Walk<'_> {
    pub(super) fn shell(&mut self, call: &Call<'_>) -> Option<Stream> {
        match call.name {
            "bash" | "sh" | "dash" | "ash" | "zsh" | "ksh" | "mksh" | "rbash" | "fish" => {
                Some(self.shell_program(call))
            }
            "pwsh" | "powershell" | "pwsh.exe" | "powershell.exe" => Some(self.powershell(call)),
            "cmd" | "cmd.exe" => {
                let at = call.words.iter().position(|word| word.is("/c") || word.is("/C"))?;
                let text = joined(call.words.get(at + 1..).unwrap_or(&[]));
                Some(self.shell_text(&text, Stream::Absent))
            }
            "eval" => Some(self.here(&joined(call.words), Stream::Absent)),
            "source" | "." => {
                self.sourced(call);
                Some(Stream::Unknown)
            }
            _ => None,
        }
    }

    /// Its options may be shortened and written in any case.
    fn powershell(&mut self, call: &Call<'_>) -> Stream {
        for (at, word) in call.words.iter().enumerate() {
            let option = word.text.to_ascii_lowercase();
            if option.len() < 2 || !option.starts_with('-') {
                continue;
            }
            let is = |name: &str| name.starts_with(&option);
            if is("-encodedcommand") || option == "-ec" || option == "-enc" {
                let encoded = call.words.get(at + 1).map_or("", |word| word.text.as_str());
                match super::decode::wide(encoded) {
                    Some(text) => self.shell_text(&Word::known(text), Stream::Absent),
                    None => {
                        self.opaque("a text that is run is not known");
                        Stream::Unknown
                    }
                };
                return Stream::Unknown;
            }
            if is("-command") {
                let text = joined(call.words.get(at + 1..).unwrap_or(&[]));
                return self.shell_text(&text, Stream::Absent);
            }
        }
        match call.words.iter().find(|word| !word.is_option()) {
            Some(word) if word.text.ends_with(".ps1") => self.script(word.clone()),
            Some(word) => {
                self.shell_text(word, Stream::Absent);
            }
            None => {
                self.run_input(call);
            }
        }
        Stream::Unknown
    }

    fn shell_program(&mut self, call: &Call<'_>) -> Stream {
        let mut at = 0;
        let mut reads_input = false;
        while let Some(word) = call.words.get(at) {
            let text = word.text.as_str();
            let short = text.starts_with(['-', '+']) && !text.starts_with("--");
            match text {
                "--rcfile" | "--init-file" => {
                    self.script(call.words.get(at + 1).cloned().unwrap_or_default());
                    at += 2;
                }
                _ if short && text.contains('c') && !text.starts_with('+') => {
                    return self.text_option(call, at);
                }
                _ if short && text.ends_with(['o', 'O']) => at += 2,
                _ if short => {
                    reads_input |= text.contains('s') || text == "-";
                    at += 1;
                }
                _ if word.is_option() => at += 1,
                _ => break,
            }
        }
        let serves = call.words.iter().any(|word| word.is("-i"))
            && matches!(call.input, Stream::Files(_) | Stream::Unknown);
        if serves {
            // A shell that answers whoever writes into the pipe.
            self.push(Effect::RunsFetched);
        }
        match call.words.get(at).filter(|_| !reads_input) {
            Some(word) if word.is("/dev/stdin") => self.run_input(call),
            Some(word) => {
                self.script(word.clone());
                Stream::Unknown
            }
            None => self.run_input(call),
        }
    }

    /// `-c [options] text [name arguments]`.
    fn text_option(&mut self, call: &Call<'_>, at: usize) -> Stream {
        let rest = call.words.get(at + 1..).unwrap_or(&[]);
        let skip = rest.iter().take_while(|word| word.is_option()).count();
        let Some(text) = rest.get(skip) else { return Stream::Unknown };
        let arguments = rest.get(skip + 2..).unwrap_or(&[]).to_vec();
        let name = rest.get(skip + 1).cloned();
        let variables = call.variables;
        let input = call.input.clone();
        self.in_subshell(|walk| {
            walk.scope.positional = Some(arguments);
            if let Some(name) = name {
                walk.scope.set("0", name);
            }
            for (name, value) in variables {
                walk.scope.set(name, value.clone());
            }
            walk.here(text, input)
        })
    }

    /// A text that another shell runs.
    pub(super) fn shell_text(&mut self, text: &Word, input: Stream) -> Stream {
        self.in_subshell(|walk| walk.here(text, input))
    }

    /// A text that this shell runs.
    fn here(&mut self, text: &Word, input: Stream) -> Stream {
        if text.fetched {
            self.push(Effect::RunsFetched);
            return Stream::Unknown;
        }
        match text.text() {
            _ if text.setup => {
                self.cannot_know("settings that a program prints");
                Stream::Unknown
            }
            Some(known) => self.nested(known, input),
            None => {
                // What is known of it is read, too: a part is better than nothing.
                let begun = format!("{}\"$_assize_unknown\"", text.text);
                if !text.text.trim().is_empty() {
                    self.nested(&begun, input);
                }
                self.opaque("a text that is run is not known");
                Stream::Unknown
            }
        }
    }

    /// A shell or an interpreter that reads its program from its input.
    pub(super) fn run_input(&mut self, call: &Call<'_>) -> Stream {
        match &call.input {
            Stream::Text(text) => {
                let text = Word::known(text);
                return self.shell_text(&text, Stream::Absent);
            }
            Stream::Fetched | Stream::Decoded => self.push(Effect::RunsFetched),
            Stream::Unknown | Stream::Begins(_) | Stream::Listed(_) | Stream::Processes(_) => {
                self.opaque("a text that is run is not known");
            }
            Stream::Setup => self.cannot_know("settings that a program prints"),
            Stream::Files(places) => places.iter().for_each(|at| self.runs_file(at)),
            Stream::Absent => {}
        }
        Stream::Unknown
    }

    fn sourced(&mut self, call: &Call<'_>) {
        let Some(word) = call.words.iter().find(|word| !word.is_option()) else { return };
        if word.is("/dev/stdin") {
            self.run_input(call);
        } else {
            self.script(word.clone());
        }
    }

    /// A script that is run by its path.
    pub(super) fn script(&mut self, word: Word) {
        if word.fetched {
            self.push(Effect::RunsFetched);
            return;
        }
        match word.stream.as_deref() {
            Some(Stream::Text(text)) => {
                let text = Word::known(text);
                self.shell_text(&text, Stream::Absent);
            }
            Some(Stream::Fetched | Stream::Decoded) => self.push(Effect::RunsFetched),
            Some(Stream::Files(places)) => places.iter().for_each(|at| self.runs_file(at)),
            Some(Stream::Setup) => self.cannot_know("settings that a program prints"),
            Some(_) => self.opaque("a text that is run is not known"),
            None => {
                let at = self.place(&word);
                self.runs_file(&at);
                if !self.run_written(&at, &[]) {
                    self.push(Effect::Read(at));
                }
            }
        }
    }
}
