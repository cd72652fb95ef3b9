//! A light reading of code inside a command: which files it changes, what it runs, where it
//! reaches.
//!
//! No language is parsed. Names that are called are looked up in one table for all languages; a
//! first argument that is a literal is followed, any other is not known.

use std::collections::BTreeMap;

use crate::{Effect, Place, Reach};

use super::transfer::plain_host;
use super::walk::Walk;
use super::word::{Stream, Word};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Delete,
    DeleteMany,
    Write,
    Move,
    Copy,
    Open,
    Mode,
    Spawn,
    Reach,
    Send,
    Dynamic,
}

/// Names that count with any receiver, or with none.
#[rustfmt::skip]
const CALLS: &[(&str, Does)] = &[
    ("unlink", Does::Delete), ("unlinkSync", Does::Delete), ("rmdir", Does::Delete),
    ("rmdirSync", Does::DeleteMany), ("rmtree", Does::DeleteMany), ("rmSync", Does::DeleteMany),
    ("removedirs", Does::DeleteMany), ("remove_tree", Does::DeleteMany),
    ("rm_rf", Does::DeleteMany),
    ("rm_r", Does::DeleteMany), ("removeSync", Does::DeleteMany),
    ("emptyDirSync", Does::DeleteMany),
    ("writeFileSync", Does::Write), ("writeFile", Does::Write), ("appendFileSync", Does::Write),
    ("appendFile", Does::Write), ("createWriteStream", Does::Write), ("truncateSync", Does::Write),
    ("file_put_contents", Does::Write), ("writeTextFile", Does::Write), ("makedirs", Does::Write),
    ("mkdirSync", Does::Write), ("write_text", Does::Write), ("write_bytes", Does::Write),
    ("touch", Does::Write), ("truncate", Does::Write), ("symlink", Does::Copy),
    ("symlinkSync", Does::Copy), ("copyFileSync", Does::Copy), ("copyfile", Does::Copy),
    ("copytree", Does::Copy), ("copy2", Does::Copy), ("cpSync", Does::Copy),
    ("renameSync", Does::Move), ("open", Does::Open), ("openSync", Does::Open),
    ("fopen", Does::Open), ("chmodSync", Does::Mode), ("chmod", Does::Mode), ("chown", Does::Mode),
    ("system", Does::Spawn), ("popen", Does::Spawn), ("Popen", Does::Spawn),
    ("check_output", Does::Spawn), ("check_call", Does::Spawn), ("getoutput", Does::Spawn),
    ("execSync", Does::Spawn), ("spawnSync", Does::Spawn), ("spawn", Does::Spawn),
    ("execFileSync", Does::Spawn), ("execFile", Does::Spawn), ("shell_exec", Does::Spawn),
    ("passthru", Does::Spawn), ("proc_open", Does::Spawn), ("execvp", Does::Spawn),
    ("execv", Does::Spawn), ("execlp", Does::Spawn), ("script", Does::Spawn), ("qx", Does::Spawn),
    ("urlopen", Does::Reach), ("urlretrieve", Does::Reach), ("fetch", Does::Reach),
    ("HTTPConnection", Does::Reach), ("HTTPSConnection", Does::Reach),
    ("create_connection", Does::Reach), ("eval", Does::Dynamic), ("__import__", Does::Dynamic),
    ("b64decode", Does::Dynamic), ("fromhex", Does::Dynamic), ("atob", Does::Dynamic),
    ("getattr", Does::Dynamic), ("import_module", Does::Dynamic),
    ("runInThisContext", Does::Dynamic),
    ("base64_decode", Does::Dynamic), ("assert", Does::Open), ("delete", Does::Open),
];

/// Names that count only with a receiver of which the last part is given.
#[rustfmt::skip]
const WITH_RECEIVER: &[(&str, &str, Does)] = &[
    ("os", "remove", Does::Delete), ("File", "delete", Does::Delete),
    ("fs", "rm", Does::DeleteMany),
    ("fsp", "rm", Does::DeleteMany), ("promises", "rm", Does::DeleteMany),
    ("FileUtils", "rm", Does::Delete), ("Deno", "remove", Does::DeleteMany),
    ("Deno", "run", Does::Spawn), ("File", "write", Does::Write), ("IO", "write", Does::Write),
    ("Bun", "write", Does::Write), ("os", "rename", Does::Move), ("os", "replace", Does::Move),
    ("shutil", "move", Does::Move), ("shutil", "copy", Does::Copy), ("File", "rename", Does::Move),
    ("fs", "rename", Does::Move), ("subprocess", "run", Does::Spawn),
    ("subprocess", "call", Does::Spawn), ("child_process", "exec", Does::Spawn),
    ("cp", "exec", Does::Spawn), ("os", "execute", Does::Spawn), ("pty", "spawn", Does::Spawn),
    ("requests", "get", Does::Reach), ("requests", "post", Does::Send),
    ("requests", "put", Does::Send), ("httpx", "get", Does::Reach), ("httpx", "post", Does::Send),
    ("http", "get", Does::Reach), ("https", "get", Does::Reach), ("https", "request", Does::Reach),
    ("HTTP", "get", Does::Reach), ("URI", "open", Does::Reach), ("axios", "get", Does::Reach),
    ("axios", "post", Does::Send), ("socket", "connect", Does::Reach),
    ("s", "connect", Does::Reach),
    ("os", "mkdir", Does::Write), ("fs", "unlink", Does::Delete), ("net", "connect", Does::Reach),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    /// A string between back ticks.
    Ticks(String),
    Sign(char),
}

/// Names that code hardly mentions without a use for them.
const CAPABLE: [&str; 12] = [
    "subprocess",
    "child_process",
    "execSync",
    "spawnSync",
    "os.system",
    "pty",
    "ctypes",
    "pickle.loads",
    "rmtree",
    "unlink",
    "rmSync",
    "socket",
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
        let tokens = renamed(tokens(&code.text));
        let before = self.told();
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
                (Token::Name(name), Some(Token::Name(_)), _) if name == "unlink" => {
                    self.push(Effect::Delete { at: Place::Unknown, reach: Reach::Many });
                }
                (Token::Name(name), Some(Token::Name(_)), _) if name == "system" => {
                    self.cannot_know("code that runs a program that is not known");
                }
                (Token::Name(name), Some(Token::Text(_)), _) => {
                    let bare = matches!(
                        name.as_str(),
                        "unlink" | "system" | "exec" | "rmdir" | "qx" | "open" | "spawn" | "script"
                    );
                    if bare {
                        let arguments = arguments(&tokens, at + 1);
                        self.called(&tokens, at, name, arguments, &values);
                    }
                }
                (Token::Ticks(text), _, _) if !text.contains('$') => {
                    self.shell_text(&Word::known(text), Stream::Absent);
                }
                _ => {}
            }
        }
        self.inline(&tokens, &code.text);
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
        let Some(does) = meaning(before, last, method) else { return };
        let receiver = required.filter(|text| module(text).is_none()).map(str::to_owned);
        let first = receiver.or_else(|| match arguments.first() {
            Some(Token::Text(text))
                if !matches!(arguments.get(1), Some(Token::Sign('+' | '%'))) =>
            {
                Some(text.clone())
            }
            Some(Token::Name(name)) if arguments.len() == 1 || is_end(arguments.get(1)) => {
                values.get(name).cloned()
            }
            _ => None,
        });
        self.does(does, first.as_deref(), arguments);
    }

    fn does(&mut self, does: Does, first: Option<&str>, arguments: &[Token]) {
        let at = first.map_or(Place::Unknown, |text| self.place(&Word::known(text)));
        match does {
            Does::Delete => self.push(Effect::Delete { at, reach: Reach::One }),
            Does::DeleteMany => self.push(Effect::Delete { at, reach: Reach::Many }),
            Does::Write => self.write(at, None, Reach::One),
            Does::Mode => self.push(Effect::Mode { at, mode: None }),
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
            Does::Dynamic => self.cannot_know("code that builds code"),
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
        let mode = texts.get(1).copied().unwrap_or("");
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
        } else if mode.len() <= 4 && mode.contains(['w', 'a', 'x', '+']) {
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
                self.call(&words, &[], Stream::Absent);
            } else if texts(arguments).len() > 1 && !text.contains(' ') {
                let words: Vec<Word> = texts(arguments).into_iter().map(Word::known).collect();
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

fn meaning(before: Option<&str>, last: &str, method: bool) -> Option<Does> {
    let with = WITH_RECEIVER.iter().find(|(receiver, name, _)| {
        *name == last && before.is_some_and(|before| before == *receiver)
    });
    if let Some((_, _, does)) = with {
        return Some(*does);
    }
    if last == "exec" {
        return Some(if method { Does::Spawn } else { Does::Dynamic });
    }
    if method && matches!(last, "open" | "delete" | "assert" | "touch" | "eval") {
        return (last == "touch").then_some(Does::Write);
    }
    if matches!(last, "delete" | "assert") {
        return None;
    }
    CALLS.iter().find(|(name, _)| *name == last).map(|(_, does)| *does)
}

/// The literal of `Path("x").unlink()`; `name` stands at `at`.
fn receiver_text(tokens: &[Token], at: usize) -> Option<&str> {
    match (tokens.get(at.checked_sub(2)?)?, tokens.get(at.checked_sub(1)?)?) {
        (Token::Text(text), Token::Sign(')')) => Some(text),
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
fn arguments(tokens: &[Token], at: usize) -> &[Token] {
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
                // A text with holes is not known: `f"rm {x}"`.
                if std::mem::take(&mut holes) && text.contains('{') {
                    out.push(Token::Name("?".to_owned()));
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
                // The letter before a string in Python: `b'..'`, `f".."`.
                if name.len() > 2 || !after.starts_with(['"', '\'']) {
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
