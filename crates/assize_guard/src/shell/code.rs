//! A light reading of code inside a command: which files it changes, what it runs, where it
//! reaches.
//!
//! No language is parsed. Names that are called are looked up in one table for all languages; a
//! first argument that is a literal is followed, any other is not known.

use std::collections::BTreeMap;

use crate::{Effect, Place, Reach};

use super::calls::{Does, is_callable, meaning};
use super::fold::fold;
use super::quotes::{quoted_list, with_holes};
use super::transfer::plain_host;
use super::walk::Walk;
use super::word::{Stream, Word};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    /// A string between back ticks.
    Ticks(String),
    Sign(char),
}

impl Token {
    /// The text of a literal.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Names that code hardly mentions without a use for them.
#[rustfmt::skip]
const CAPABLE: [&str; 12] = [
    "subprocess", "child_process", "execSync", "spawnSync", "os.system", "pty", "ctypes",
    "pickle.loads", "rmtree", "unlink", "rmSync", "socket",
];

/// Words without which code puts nothing into a file that it opens.
#[rustfmt::skip]
const PUTS: [&str; 18] = [
    "write", "dump", "print", "save", "put", "to_", "copy", "append", "log", "echo", "stream",
    "stdout", "send", "pipe", "touch", "mk", "make", "link",
];

/// How many tokens of arguments are looked at.
const ARGUMENTS_MAX: usize = 64;

impl Walk<'_> {
    /// Reads code of any language.
    pub(super) fn code(&mut self, code: &Word) {
        if code.fetched {
            return self.push(Effect::RunsFetched);
        }
        if code.text().is_none() {
            self.cannot_know("code that is run is not known");
        }
        if !self.enter(code.text.len()) {
            return;
        }
        let raw = renamed(tokens(&code.text));
        let tokens = fold(raw.clone());
        let before = self.told();
        self.packs(&tokens);
        let mut values = BTreeMap::new();
        for (at, token) in tokens.iter().enumerate() {
            match (token, tokens.get(at + 1), tokens.get(at + 2)) {
                (Token::Name(name), Some(Token::Sign('=')), Some(Token::Text(text))) => {
                    values.insert(name.clone(), text.clone());
                }
                (Token::Name(name), Some(Token::Sign('(')), _) => {
                    let arguments = arguments(&tokens, at + 2);
                    self.called(&tokens, at, name, arguments, &values);
                }
                (Token::Name(name), Some(Token::Sign('[')), _) if is_bare(name) => {
                    // `exec qw(rm -rf x)`.
                    let arguments = arguments(&tokens, at + 1);
                    self.called(&tokens, at, name, arguments, &values);
                }
                (Token::Name(name), Some(Token::Name(_) | Token::Sign('<')), _)
                    if name == "unlink" =>
                {
                    self.push(Effect::Delete { at: Place::Unknown, reach: Reach::Many });
                }
                (Token::Name(name), Some(Token::Name(_)), _) if name == "system" => {
                    self.cannot_know("code that runs a program that is not known");
                }
                (Token::Name(name), Some(Token::Text(_)), _) if is_bare(name) => {
                    let arguments = arguments(&tokens, at + 1);
                    self.called(&tokens, at, name, arguments, &values);
                }
                (Token::Ticks(text), _, _) if !text.contains('$') => {
                    self.shell_text(&Word::known(text), Stream::Absent);
                }
                (Token::Name(name), _, _) if name.contains('.') => {
                    let last = name.rsplit('.').next().unwrap_or(name);
                    if meaning(None, last, true) == Some(Does::Destroy) {
                        self.does(Does::Destroy, None, &[]);
                    }
                }
                _ => {}
            }
        }
        self.inline(&raw, &tokens, &code.text, before);
        self.sweeps(&tokens, before);
        if !PUTS.iter().any(|word| code.text.contains(word)) {
            self.empties(before);
        }
        if self.told() == before && CAPABLE.iter().any(|name| code.text.contains(name)) {
            self.cannot_know("code that can run or delete something");
        }
        self.leave();
    }

    fn called(
        &mut self,
        tokens: &[Token],
        at: usize,
        name: &str,
        arguments: &[Token],
        values: &BTreeMap<String, String>,
    ) {
        let path: Vec<&str> = name.split(['.', ':']).filter(|part| !part.is_empty()).collect();
        let Some(last) = path.last() else { return };
        let before = path.len().checked_sub(2).and_then(|at| path.get(at)).copied();
        let method = name.starts_with('.');
        let required = method.then(|| receiver_text(tokens, at)).flatten();
        let before = before.or_else(|| required.and_then(module));
        let Some(mut does) = meaning(before, last, method) else { return };
        let bare = tokens.get(at + 1) != Some(&Token::Sign('('));
        if *last == "exec" && bare {
            does = Does::Spawn;
        }
        if does == Does::Delete && is_deep(tokens.get(at..).unwrap_or(&[]), last) {
            does = Does::DeleteMany;
        }
        // The words of these are the content; the file is the receiver.
        let arguments = if method && last.starts_with("write_") { &[] } else { arguments };
        let receiver = required.filter(|text| module(text).is_none()).map(str::to_owned);
        // `new Function("a", "code")`: the last text is the code.
        let body =
            (*last == "Function").then(|| texts(arguments).last().map(|text| (*text).to_owned()));
        let first = receiver.or_else(|| body.flatten()).or_else(|| match arguments.first() {
            Some(Token::Text(text))
                if !matches!(arguments.get(1), Some(Token::Sign('+' | '%'))) =>
            {
                Some(text.clone())
            }
            Some(Token::Name(name)) if arguments.len() == 1 || is_end(arguments.get(1)) => {
                values.get(name).cloned()
            }
            // `path="x"`, `atPath: "x"`.
            Some(Token::Name(_)) => match arguments.get(1..3) {
                Some([Token::Sign('='), Token::Text(text)] | [Token::Text(text), _]) => {
                    Some(text.clone())
                }
                _ => match arguments {
                    [_, Token::Text(text)] => Some(text.clone()),
                    _ => None,
                },
            },
            _ => None,
        });
        // `rm(list = ls())` of R forgets variables.
        if *last == "rm" && first.is_none() {
            return;
        }
        self.does(does, first.as_deref(), arguments);
    }

    fn does(&mut self, does: Does, first: Option<&str>, arguments: &[Token]) {
        let at = first.map_or(Place::Unknown, |text| self.place(&Word::known(text)));
        match does {
            Does::Delete => self.push(Effect::Delete { at, reach: Reach::One }),
            Does::DeleteMany => self.push(Effect::Delete { at, reach: Reach::Many }),
            Does::Write => {
                let empty = texts(arguments).get(1).is_some_and(|text| text.is_empty());
                self.write(at, empty.then(String::new), Reach::One);
            }
            Does::Mode => {
                self.push(Effect::Mode { at, mode: super::inline::mode_of(arguments) });
            }
            Does::Move | Does::Copy => {
                let to = match texts(arguments).get(1) {
                    Some(text) => self.place(&Word::known(*text)),
                    None => Place::Unknown,
                };
                if does == Does::Move {
                    self.push(Effect::Move { from: at, to });
                } else {
                    self.write(to, None, Reach::Many);
                }
            }
            Does::Open => self.opened(at, arguments),
            Does::Spawn => self.spawned(first, arguments),
            Does::Reach | Does::Send => {
                let host = first.and_then(plain_host);
                let upload = does == Does::Send;
                let sends = if upload { self.opened_in(arguments) } else { Vec::new() };
                self.push(Effect::Network { host, sends, upload });
            }
            Does::Destroy => {
                self.push(Effect::DestroyRemote("the code that runs".to_owned()));
            }
            Does::Dynamic => match first {
                Some(text) => {
                    let text = Word::known(text);
                    self.code(&text);
                    self.perhaps_text(&text);
                }
                None if arguments.iter().any(unpacks) => {
                    self.opaque("code is unpacked and run at once");
                }
                None => self.cannot_know("code that builds code"),
            },
        }
    }

    /// Files that arguments open: `data=open("x")`.
    fn opened_in(&self, arguments: &[Token]) -> Vec<Place> {
        let opens = |window: &&[Token]| match window {
            [Token::Name(name), Token::Sign('('), Token::Text(_)] => {
                matches!(name.as_str(), "open" | "readFileSync" | "Path" | "fs.readFileSync")
            }
            _ => false,
        };
        let file = |window: &[Token]| match window {
            [_, _, Token::Text(text)] => Some(self.place(&Word::known(text))),
            _ => None,
        };
        arguments.windows(3).filter(opens).filter_map(file).collect()
    }

    fn opened(&mut self, at: Place, arguments: &[Token]) {
        let texts = texts(arguments);
        // Without a literal for the file, the first one is the mode.
        let mode = texts.get(usize::from(at != Place::Unknown)).copied().unwrap_or("");
        let glued = texts.first().and_then(|text| text.strip_prefix('>'));
        let glued = glued.filter(|file| !file.trim_start_matches('>').trim().is_empty());
        if let Some(file) = glued {
            let at = self.place(&Word::known(file.trim_start_matches('>').trim()));
            self.write(at, None, Reach::One);
        } else if let Some(mode) = texts.iter().position(|text| matches!(*text, ">" | ">>" | "+<"))
        {
            let at =
                texts.get(mode + 1).map_or(Place::Unknown, |file| self.place(&Word::known(*file)));
            self.write(at, None, Reach::One);
        } else if (1..=4).contains(&mode.len()) && mode.contains(['w', 'a', 'x', '+']) {
            self.push(Effect::Write {
                at,
                content: None,
                append: mode.contains('a'),
                reach: Reach::One,
            });
        } else if !texts.is_empty() {
            self.push(Effect::Read(at));
        }
    }

    fn spawned(&mut self, first: Option<&str>, arguments: &[Token]) {
        if let Some(text) = first {
            // `spawn("rm", ["-rf", "x"])`: the list holds the words.
            let list = arguments.iter().position(|token| *token == Token::Sign('['));
            if let Some(at) = list {
                let mut words = vec![Word::known(text)];
                words.extend(list_words(arguments.get(at..).unwrap_or(&[])));
                // `execvp("rm", ["rm", ..])`: the list begins with the name again.
                let again = words
                    .get(1)
                    .and_then(Word::text)
                    .is_some_and(|word| text.rsplit('/').next() == word.rsplit('/').next());
                if again {
                    words.remove(1);
                }
                self.call(&words, &[], Stream::Absent);
            } else if texts(arguments).len() > 1 && !text.contains(' ') {
                let mut words: Vec<Word> = texts(arguments).into_iter().map(Word::known).collect();
                if words.get(1).is_some_and(|word| word.is(text)) {
                    words.remove(1);
                }
                self.call(&words, &[], Stream::Absent);
            } else {
                self.shell_text(&Word::known(text), Stream::Absent);
            }
        } else if arguments.first() == Some(&Token::Sign('[')) {
            let words = list_words(arguments);
            self.call(&words, &[], Stream::Absent);
        } else {
            self.cannot_know("code that runs a program that is not known");
        }
    }
}

/// Whether a call gives back what was packed or encoded before.
fn unpacks(token: &Token) -> bool {
    let Token::Name(name) = token else { return false };
    let last = name.rsplit('.').next().unwrap_or(name);
    let packed = ["decompress", "b64decode", "a2b_hex", "unhexlify", "inflate", "inflateSync"];
    packed.contains(&last) || matches!(last, "gunzipSync" | "b85decode" | "a85decode" | "gzinflate")
}

/// Whether a call that deletes one thing is told to take all in it along.
fn is_deep(tokens: &[Token], last: &str) -> bool {
    let near = tokens.get(..ARGUMENTS_MAX.min(tokens.len())).unwrap_or(&[]);
    let end = near.iter().position(|token| *token == Token::Sign(')')).unwrap_or(near.len());
    near.iter().take(end).any(|token| match token {
        Token::Name(name) => name.starts_with("recursive"),
        Token::Text(text) => last == "rmdir" && text == "s" || text == "-rf",
        _ => false,
    })
}

/// Whether a call of this name may go without brackets.
fn is_bare(name: &str) -> bool {
    let path: Vec<&str> = name.split(['.', ':']).filter(|part| !part.is_empty()).collect();
    let Some(last) = path.last() else { return false };
    let before = path.len().checked_sub(2).and_then(|at| path.get(at)).copied();
    let does = meaning(before, last, name.starts_with('.'));
    matches!(*last, "exec" | "open")
        || matches!(does, Some(Does::Delete | Does::DeleteMany | Does::Spawn | Does::Move))
}

/// The literal of `Path("x").unlink()`; `name` stands at `at`.
fn receiver_text(tokens: &[Token], at: usize) -> Option<&str> {
    match (tokens.get(at.checked_sub(2)?)?, tokens.get(at.checked_sub(1)?)?) {
        (Token::Text(text), Token::Sign(')')) | (_, Token::Text(text)) => Some(text),
        _ => None,
    }
}

/// The module that `require("..")` names, in the word that the table has for it.
fn module(text: &str) -> Option<&'static str> {
    match text.trim_start_matches("node:") {
        "fs" | "fs/promises" | "fs-extra" => Some("fs"),
        "child_process" => Some("child_process"),
        "http" | "https" => Some("http"),
        _ => None,
    }
}

/// Puts the real names in the place of those that imports give: `import os as o`,
/// `from os import remove`, `{ execSync: run }`.
fn renamed(mut tokens: Vec<Token>) -> Vec<Token> {
    let mut real = BTreeMap::new();
    let mut from = None;
    for window in tokens.windows(4) {
        let name = |at: usize| match window.get(at) {
            Some(Token::Name(name)) => name.as_str(),
            _ => "",
        };
        if name(0) == "from" && name(2) == "import" {
            from = Some(name(1).to_owned());
            real.insert(name(3).to_owned(), format!("{}.{}", name(1), name(3)));
        } else if name(0) == "import" && name(2) == "as" {
            let whole = match &from {
                Some(module) => format!("{module}.{}", name(1)),
                None => name(1).to_owned(),
            };
            real.insert(name(3).to_owned(), whole);
        } else if name(1) == "as" && is_callable(name(0)) && !name(2).is_empty() {
            // `import { spawnSync as run }`.
            real.insert(name(2).to_owned(), name(0).to_owned());
        } else if let Some((whole, short)) = name(0).split_once(':')
            && !short.is_empty()
            && !short.contains(':')
        {
            real.insert(short.to_owned(), whole.to_owned());
        }
    }
    for token in &mut tokens {
        let Token::Name(name) = token else { continue };
        let (first, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
        if let Some(whole) = real.get(first).filter(|_| !first.is_empty()) {
            *name = format!("{whole}{rest}");
        }
    }
    tokens
}

fn is_end(token: Option<&Token>) -> bool {
    matches!(token, Some(Token::Sign(',' | ')')))
}

/// The tokens of the arguments that begin at `at`, up to the bracket that closes them.
pub(super) fn arguments(tokens: &[Token], at: usize) -> &[Token] {
    let rest = tokens.get(at..).unwrap_or(&[]);
    let mut depth = 0_usize;
    let mut end = 0;
    for token in rest.iter().take(ARGUMENTS_MAX) {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') if depth == 0 => break,
            Token::Sign(')') => depth -= 1,
            Token::Sign(';') => break,
            _ => {}
        }
        end += 1;
    }
    rest.get(..end).unwrap_or(&[])
}

fn texts(tokens: &[Token]) -> Vec<&str> {
    let mut out = Vec::new();
    for token in tokens {
        if let Token::Text(text) = token {
            out.push(text.as_str());
        }
    }
    out
}

/// The members of a list, those that are no literals as unknown words.
fn list_words(tokens: &[Token]) -> Vec<Word> {
    let inside = tokens.iter().skip(1).take_while(|token| **token != Token::Sign(']'));
    inside
        .filter_map(|token| match token {
            Token::Text(text) => Some(Word::known(text)),
            Token::Name(_) => Some(Word::unknown()),
            _ => None,
        })
        .collect()
}

fn tokens(code: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = code;
    let mut holes = false;
    while let Some(first) = rest.chars().next() {
        let tail = rest.get(first.len_utf8()..).unwrap_or("");
        match first {
            '"' | '\'' | '`' => {
                let (text, after) = string(tail, first);
                let marked = std::mem::take(&mut holes);
                let mark = if first == '`' { "${" } else { "{" };
                if (marked || first == '`') && text.contains(mark) {
                    with_holes(&text, mark, &mut out);
                    rest = after;
                    continue;
                }
                out.push(if first == '`' { Token::Ticks(text) } else { Token::Text(text) });
                rest = after;
            }
            _ if is_name(first) || first == '.' => {
                let length =
                    rest.find(|c| !is_name(c) && c != '.' && c != ':').unwrap_or(rest.len());
                let (name, after) = rest.split_at(length);
                if let Some(after) = quoted_list(name, after, &mut out) {
                    rest = after;
                    continue;
                }
                // The letter before a string in Python: `b'..'`, `f".."`.
                if name == "." || name.len() > 2 || !after.starts_with(['"', '\'']) {
                    out.push(Token::Name(name.trim_end_matches(':').to_owned()));
                }
                holes = name.len() <= 2 && name.contains(['f', 'F']);
                rest = after;
            }
            _ => {
                if !first.is_whitespace() {
                    out.push(Token::Sign(first));
                } else if first == '\n' {
                    out.push(Token::Sign(';'));
                }
                rest = tail;
            }
        }
    }
    out
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// The inside of a string whose quote is open, and what follows it.
fn string(text: &str, quote: char) -> (String, &str) {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return (out, text.get(at + 1..).unwrap_or(""));
        }
        if c == '\\' {
            out.extend(chars.next().map(|(_, next)| next));
        } else {
            out.push(c);
        }
    }
    (out, "")
}
