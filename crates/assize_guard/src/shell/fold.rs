//! Puts together what code puts together before it is used.
//!
//! `'sys' + 'tem'`, `chr(114)`, `b64decode("..")`, `getattr(os, "system")` and a value that a name
//! was given become the literal or the name that they stand for. What stays open stays as it is.

use std::collections::BTreeMap;

use super::calls::is_callable;
use super::code::Token;
use super::decode;

/// Longer literals are not put together.
const TEXT_MAX: usize = 2 * 1024;
/// How many bytes of literals may come from names, all together.
const NAMED_MAX: usize = 128 * 1024;
/// How far back a list is looked for.
const LIST_MAX: usize = 64;

/// Calls whose result is the text that they are given, or that text decoded.
#[rustfmt::skip]
const DECODERS: [(&str, Encoding); 31] = [
    ("b64decode", Encoding::Base64), ("urlsafe_b64decode", Encoding::Base64),
    ("standard_b64decode", Encoding::Base64), ("decodebytes", Encoding::Base64),
    ("decode_base64", Encoding::Base64), ("decode64", Encoding::Base64),
    ("strict_decode64", Encoding::Base64), ("base64_decode", Encoding::Base64),
    ("atob", Encoding::Base64), ("a2b_base64", Encoding::Base64),
    ("fromhex", Encoding::Hex), ("unhexlify", Encoding::Hex), ("a2b_hex", Encoding::Hex),
    ("hex2bin", Encoding::Hex), ("strrev", Encoding::Backwards), ("reversed", Encoding::Backwards),
    ("Path", Encoding::Plain), ("PurePath", Encoding::Plain), ("Pathname", Encoding::Plain),
    ("str_rot13", Encoding::Turned), ("decode", Encoding::Plain),
    ("bytes", Encoding::Plain), ("bytearray", Encoding::Plain), ("str", Encoding::Plain),
    ("String", Encoding::Plain), ("fromCharCode", Encoding::Plain), ("r", Encoding::Plain),
    ("dedent", Encoding::Plain), ("decodeURIComponent", Encoding::Percent),
    ("unescape", Encoding::Percent), ("unquote", Encoding::Percent),
];

/// Methods of a text that give it back, as far as it matters here.
const SAME: [&str; 14] = [
    ".decode",
    ".toString",
    ".strip",
    ".trim",
    ".encode",
    ".to_s",
    ".chomp",
    ".split",
    ".format",
    ".first",
    ".freeze",
    ".rstrip",
    ".lstrip",
    ".trimEnd",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Base64,
    Hex,
    Backwards,
    Percent,
    Plain,
    /// Each letter stands for the one thirteen places on.
    Turned,
}

impl Encoding {
    fn decoded(self, text: &str) -> Option<String> {
        match self {
            Self::Base64 => decode::base64(&text.replace('-', "+").replace('_', "/"))
                .filter(|text| !text.is_empty()),
            Self::Hex => decode::hex(text),
            Self::Backwards => Some(text.chars().rev().collect()),
            Self::Percent => {
                let escaped = text.replace('\\', r"\\").replace('%', r"\x");
                Some(decode::ansi(&escaped))
            }
            Self::Plain => Some(text.to_owned()),
            Self::Turned => Some(text.chars().map(turned).collect()),
        }
    }

    /// What the second argument of `Buffer.from` and the format of `pack` say.
    fn named(name: &str) -> Option<Self> {
        match name {
            "base64" | "base64url" | "m" | "m0" => Some(Self::Base64),
            "rot13" | "rot_13" | "rot-13" => Some(Self::Turned),
            "hex" | "H*" => Some(Self::Hex),
            "utf8" | "utf-8" | "ascii" | "latin1" | "C*" | "c*" | "U*" => Some(Self::Plain),
            _ => None,
        }
    }
}

fn turned(letter: char) -> char {
    let turn = |letter: char, from: char| {
        let at =
            u8::try_from(letter).unwrap_or(b'a').wrapping_sub(u8::try_from(from).unwrap_or(b'a'));
        char::from(u8::try_from(from).unwrap_or(b'a').wrapping_add((at + 13) % 26))
    };
    match letter {
        'a'..='z' => turn(letter, 'a'),
        'A'..='Z' => turn(letter, 'A'),
        _ => letter,
    }
}

/// The tokens with their literals put together.
pub(super) fn fold(tokens: Vec<Token>) -> Vec<Token> {
    let mut fold = Fold::default();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let token = fold.named(token, rest.peek());
        fold.push(token);
    }
    fold.out
}

#[derive(Debug, Default)]
struct Fold {
    out: Vec<Token>,
    /// Names that were given a literal.
    values: BTreeMap<String, String>,
    /// Names that were given a function or a module.
    others: BTreeMap<String, String>,
    spent: usize,
}

impl Fold {
    /// The literal or the name that a name stands for.
    fn named(&mut self, token: Token, next: Option<&Token>) -> Token {
        let Token::Name(name) = &token else { return token };
        if next == Some(&Token::Sign('=')) {
            return token;
        }
        let (first, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
        if let Some(other) = self.others.get(first) {
            return Token::Name(format!("{other}{rest}"));
        }
        let Some(text) = self.values.get(first).filter(|text| {
            self.spent + text.len() <= NAMED_MAX && (rest.is_empty() || is_method(rest))
        }) else {
            return token;
        };
        if next == Some(&Token::Sign('(')) && rest.is_empty() {
            return if is_callable(text) { Token::Name(text.clone()) } else { token };
        }
        self.spent += text.len();
        if !rest.is_empty() {
            self.out.push(Token::Text(text.clone()));
            return Token::Name(rest.to_owned());
        }
        Token::Text(text.clone())
    }

    fn push(&mut self, token: Token) {
        self.out.push(token);
        while let Some((length, by)) = reduced(&self.out) {
            self.out.truncate(self.out.len().saturating_sub(length));
            self.out.extend(by);
        }
        match self.out.as_slice() {
            [.., Token::Name(name), Token::Sign('='), Token::Text(text)]
                if text.len() <= TEXT_MAX && name.len() <= 64 =>
            {
                self.values.insert(name.clone(), text.clone());
                self.others.remove(name);
            }
            [.., Token::Name(name), Token::Sign('='), Token::Name(other)]
                if name.len() <= 64 && (is_callable(other) || is_module(other)) =>
            {
                self.others.insert(name.clone(), other.clone());
            }
            _ => {}
        }
    }
}

type Reduced = (usize, Vec<Token>);

/// How many of the last tokens are one thing, and what that is.
fn reduced(out: &[Token]) -> Option<Reduced> {
    use Token::{Name, Sign, Text};
    match out {
        [.., Text(a), Sign('+'), Text(b)] => one(3, Some(format!("{a}{b}"))),
        [.., Text(a), Sign('%'), Text(b)] if a.contains("%s") => {
            one(3, Some(a.replacen("%s", b, 1)))
        }
        // Paths of Python.
        [.., Text(a), Sign('/'), Text(b)] => one(3, Some(format!("{a}/{b}"))),
        [.., Text(a), Name(dot), Text(b)] if dot == "." || dot == ".." => {
            one(3, Some(format!("{a}{b}")))
        }
        [.., Name(name), Sign('!'), Sign('(')] => Some((3, vec![Name(name.clone()), Sign('(')])),
        [.., Text(a), Sign('['), Sign(':'), Sign(':'), Sign('-'), Name(step), Sign(']')]
            if step == "1" =>
        {
            one(7, Some(a.chars().rev().collect()))
        }
        [.., Text(a), Name(method)] if method == ".reverse" => {
            one(2, Some(a.chars().rev().collect()))
        }
        [.., Text(a), Sign('('), Sign(')')] => one(3, Some(a.clone())),
        [.., Name(name), Text(text)] if last_of(name) == "decode_base64" => {
            one(2, Encoding::Base64.decoded(text))
        }
        [.., Sign(')')] => closed(out).or_else(|| listed(out)),
        [.., Sign(']')] => numbers(out),
        [.., Sign('(')] => by_name(out),
        [.., Sign(',')] => sent(out),
        [.., Name(module), Name(method)]
            if method.starts_with('.') && method.len() > 1 && !module.is_empty() =>
        {
            Some((2, vec![Name(format!("{module}{method}"))]))
        }
        _ => None,
    }
}

/// Whether a method of a text or of a path is one that counts.
fn is_method(name: &str) -> bool {
    SAME.contains(&name) || name.strip_prefix('.').is_some_and(is_callable)
}

fn last_of(name: &str) -> &str {
    name.rsplit(['.', ':']).next().unwrap_or(name)
}

/// A call that a bracket has just closed.
fn closed(out: &[Token]) -> Option<Reduced> {
    use Token::{Name, Sign, Text};
    let found = of_text(out).or_else(|| of_two(out)).or_else(|| of_one(out));
    if found.is_some() {
        return found;
    }
    match out {
        [.., Text(a), Sign('%'), Sign('('), Text(b), Sign(','), Text(c), Sign(')')] => {
            one(7, Some(a.replacen("%s", b, 1).replacen("%s", c, 1)))
        }
        [.., Name(_) | Sign(')' | ']'), Sign('('), Text(_), Sign(')')] => None,
        [.., Sign('('), Text(a), Sign(')')] => one(3, Some(a.clone())),
        _ => None,
    }
}

fn one(length: usize, text: Option<String>) -> Option<Reduced> {
    text.filter(|text| text.len() <= TEXT_MAX).map(|text| (length, vec![Token::Text(text)]))
}

/// A method of a literal: `"..".replace("a", "b")`.
fn of_text(out: &[Token]) -> Option<Reduced> {
    use Token::{Name, Sign, Text};
    match out {
        [.., Text(a), Name(name), Sign('('), Text(from), Sign(','), Text(to), Sign(')')]
            if matches!(name.as_str(), ".replace" | ".gsub" | ".sub" | ".replaceAll") =>
        {
            let grows = a.len().saturating_mul(to.len().max(1)) > TEXT_MAX * 16;
            (!from.is_empty() && !grows).then(|| one(7, Some(a.replace(from.as_str(), to))))?
        }
        [.., Sign('['), Text(a), Sign(']'), Name(name), Sign('('), Text(b), Sign(')')]
            if name == ".pack" =>
        {
            one(7, Encoding::named(b)?.decoded(a))
        }
        [.., Text(a), Name(name), Sign('('), Text(b), Sign(')')] => {
            let text = match name.as_str() {
                ".join" if a.is_empty() => b.clone(),
                ".join" => a.clone(),
                ".format" => a.replacen("{}", b, 1),
                ".pack" | ".unpack" | ".unpack1" => Encoding::named(b)?.decoded(a)?,
                same if SAME.contains(&same) => a.clone(),
                _ => return None,
            };
            one(5, Some(text))
        }
        [.., Text(a), Name(same), Sign('('), Sign(')')] if SAME.contains(&same.as_str()) => {
            one(4, Some(a.clone()))
        }
        _ => None,
    }
}

/// A call of two arguments: `pack("H*", "..")`, `getattr(os, "system")`.
fn of_two(out: &[Token]) -> Option<Reduced> {
    use Token::{Name, Sign, Text};
    let [.., Name(name), Sign('('), first, Sign(','), Text(second), Sign(')')] = out else {
        return None;
    };
    let known = |name: &str| DECODERS.iter().any(|(known, _)| *known == name);
    match (last_of(name), first) {
        ("pack", Text(format)) => one(6, Encoding::named(format)?.decoded(second)),
        (from, Text(text)) if from == "from" || known(from) => {
            one(6, Encoding::named(second)?.decoded(text))
        }
        ("map", Name(chr)) if chr == "chr" => one(6, Some(second.clone())),
        ("getattr" | "get", Name(object)) if name == "getattr" || name == "Reflect.get" => {
            Some((6, vec![Name(format!("{object}.{second}"))]))
        }
        _ => None,
    }
}

/// A call of one argument: `chr(114)`, `require("fs")`, `b64decode("..")`.
fn of_one(out: &[Token]) -> Option<Reduced> {
    use Token::{Name, Sign, Text};
    let [.., Name(name), Sign('('), argument, Sign(')')] = out else { return None };
    match (last_of(name), argument) {
        ("chr" | "fromCharCode", Name(code)) => {
            let joins = name.starts_with('.').then_some(Sign('+'));
            let letter = Text(letter(code)?.to_string());
            Some((4, joins.into_iter().chain([letter]).collect()))
        }
        ("__import__" | "require" | "import_module", Text(module)) => {
            let module = module.trim_start_matches("node:");
            let plain = module.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '-'));
            plain.then(|| (4, vec![Name(module.replace('/', "."))]))
        }
        (last, Text(text)) => {
            let (_, encoding) = DECODERS.iter().find(|(known, _)| *known == last)?;
            one(4, encoding.decoded(text))
        }
        _ => None,
    }
}

/// `' '.join(["a", "b"])` and `["a", "b"].join(' ')`.
fn listed(out: &[Token]) -> Option<Reduced> {
    use Token::{Name, Sign, Text};
    let (before, separator, list_ends) = match out {
        [before @ .., Name(join), Sign('('), Text(separator), Sign(')')] if join == ".join" => {
            (before, separator.as_str(), 4)
        }
        [before @ .., Sign(']'), Sign(')')] => (out.get(..before.len() + 1)?, "", 1),
        _ => return None,
    };
    let from = before.len().saturating_sub(LIST_MAX);
    let open = from + before.get(from..)?.iter().rposition(|token| *token == Sign('['))?;
    let inside = before.get(open + 1..before.len().checked_sub(1)?)?;
    let mut texts = Vec::new();
    for token in inside {
        match token {
            Text(text) => texts.push(text.as_str()),
            Sign(',') => {}
            _ => return None,
        }
    }
    if texts.is_empty() || before.last() != Some(&Sign(']')) {
        return None;
    }
    let (start, separator) = match out.get(..open)? {
        [.., Text(separator), Name(join), Sign('(')] if join == ".join" => {
            (open.checked_sub(3)?, separator.as_str())
        }
        _ if list_ends == 4 => (open, separator),
        _ => return None,
    };
    let joined = texts.join(separator);
    (joined.len() <= TEXT_MAX).then(|| (out.len() - start, vec![Text(joined)]))
}

/// A list of the codes of letters: `[114, 109]`.
fn numbers(out: &[Token]) -> Option<Reduced> {
    use Token::{Name, Sign, Text};
    let from = out.len().saturating_sub(LIST_MAX * 4);
    let open = from + out.get(from..)?.iter().rposition(|token| *token == Sign('['))?;
    let mut text = String::new();
    for token in out.get(open + 1..out.len().checked_sub(1)?)? {
        match token {
            Name(code) => text.push(letter(code)?),
            Sign(',') => {}
            _ => return None,
        }
    }
    let called = matches!(out.get(open.checked_sub(1)?)?, Sign('(' | ','));
    (called && text.len() > 2).then(|| (out.len() - open, vec![Text(text)]))
}

/// The letter of a code that can stand in a command.
fn letter(code: &str) -> Option<char> {
    let number = match code.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => code.parse().ok()?,
    };
    char::from_u32(number).filter(|c| c.is_ascii_graphic() || matches!(c, ' ' | '\n' | '\t'))
}

/// A function that is chosen by its name: `os["system"](`, `"system"(`.
fn by_name(out: &[Token]) -> Option<Reduced> {
    use Token::{Name, Sign, Text};
    match out {
        [.., Name(object), Sign('['), Text(member), Sign(']'), Sign('(')] => {
            Some((5, vec![Name(format!("{object}.{member}")), Sign('(')]))
        }
        [.., Sign('['), Text(member), Sign(']'), Sign('(')] if is_callable(member) => {
            Some((4, vec![Name(format!(".{member}")), Sign('(')]))
        }
        [.., Text(name), Sign('(')] if is_callable(name) => {
            Some((2, vec![Name(name.clone()), Sign('(')]))
        }
        _ => None,
    }
}

/// `send("system",`, `call_user_func("system",`.
fn sent(out: &[Token]) -> Option<Reduced> {
    use Token::{Name, Sign, Text};
    let (length, sender, name) = match out {
        [.., Name(sender), Sign('('), Text(name), Sign(',')] => (4, sender, name),
        [.., Name(sender), Sign('('), Sign(':'), Name(name), Sign(',')] => (5, sender, name),
        _ => return None,
    };
    let sends = matches!(
        last_of(sender),
        "send" | "public_send" | "__send__" | "call_user_func" | "apply" | "methodcaller"
    );
    (sends && is_callable(name)).then(|| (length, vec![Name(name.clone()), Sign('(')]))
}

/// Modules by which code reaches files and programs.
fn is_module(name: &str) -> bool {
    matches!(
        name,
        "os" | "subprocess"
            | "shutil"
            | "pathlib"
            | "pty"
            | "fs"
            | "fs/promises"
            | "fs-extra"
            | "child_process"
            | "http"
            | "https"
            | "net"
            | "builtins"
            | "posix"
    )
}
