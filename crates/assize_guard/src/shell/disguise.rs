//! Commands that code keeps in parts: in a list, in the codes of its letters, behind a name that
//! is put together.
//!
//! They are read only where the code runs a program that cannot be told, and what is found counts
//! only where it names what it deletes.

use crate::{Effect, Place, Program};

use super::call::Call;
use super::calls::{Does, meaning};
use super::code::Token;
use super::place::inside;
use super::walk::Walk;
use super::word::{Stream, Word};

/// How many tokens of a list are looked at.
const LIST_MAX: usize = 24;
/// How many lists of one code are read.
const LISTS_MAX: usize = 32;
/// Libraries by which code starts an agent.
const AGENTS: [&str; 5] = [
    "claude_agent_sdk",
    "claude_code_sdk",
    "claude-agent-sdk",
    "@anthropic-ai/claude-code",
    "@openai/codex-sdk",
];
/// Libraries by which code reaches a server of a database.
const DRIVERS: [&str; 6] =
    ["psycopg", "pymysql", "mysql.connector", "asyncpg", "mysql2", "MySQLdb"];
/// Modes in which it asks nothing.
const UNASKED: [&str; 2] = ["bypassPermissions", "danger-full-access"];

impl Walk<'_> {
    /// Reads what the code keeps in parts; its effects begin at `from`.
    pub(super) fn disguised(&mut self, tokens: &[Token], code: &str, from: usize) {
        self.agents(tokens, code);
        self.statements(tokens, code);
        self.sent_texts(tokens);
        if code.contains("chr") && tokens.iter().any(spawns) {
            let spelt: Vec<String> =
                tokens.iter().filter_map(Token::text).filter_map(letters).take(LISTS_MAX).collect();
            for text in spelt {
                self.maybe(&text);
            }
        }
        if !self.runs_untold(from) {
            return;
        }
        let open = |at: &usize| opens_list(tokens, *at);
        let lists: Vec<usize> = (0..tokens.len()).filter(open).take(LISTS_MAX).collect();
        for at in lists {
            self.parts(tokens.get(at + 1..).unwrap_or(&[]));
        }
    }

    /// Statements that code hands to a server of a database.
    fn statements(&mut self, tokens: &[Token], code: &str) {
        if !DRIVERS.iter().any(|driver| code.contains(driver)) || !code.contains("execute") {
            return;
        }
        let first = |text: &&str| {
            let verb = text.split_whitespace().next().unwrap_or("").to_ascii_uppercase();
            matches!(verb.as_str(), "DROP" | "TRUNCATE")
        };
        let texts = tokens.iter().filter_map(Token::text);
        if let Some(what) = texts.filter(first).take(LISTS_MAX).find_map(super::remote::destroys) {
            self.push(Effect::DestroyRemote(what.to_owned()));
        }
    }

    /// Keeps in mind what an archive holds that code writes: `tarfile.open(..).add("src")`.
    pub(super) fn packs(&mut self, tokens: &[Token]) {
        let mut archive = None;
        let mut held: Vec<Place> = Vec::new();
        for window in tokens.windows(3) {
            let [Token::Name(name), Token::Sign('('), Token::Text(text)] = window else { continue };
            if name.ends_with("tarfile.open") {
                archive = Some(self.place(&Word::known(text)));
            } else if name.ends_with(".add") && archive.is_some() && held.len() < LISTS_MAX {
                held.push(inside(self.place(&Word::known(text))));
            }
        }
        if let Some(at) = archive.filter(|_| !held.is_empty()) {
            self.made.pack(&at, &held);
        }
    }

    /// A list is one command in words, or many commands.
    fn parts(&mut self, tokens: &[Token]) {
        let closes = |token: &&Token| !matches!(token, Token::Sign(']' | '}' | ')' | ';'));
        let inside: Vec<&Token> = tokens.iter().take(LIST_MAX).take_while(closes).collect();
        let words: Vec<Word> = inside
            .iter()
            .filter_map(|token| match token {
                Token::Text(text) => Some(Word::known(text)),
                Token::Name(_) => Some(Word::unknown()),
                Token::Ticks(_) | Token::Sign(_) => None,
            })
            .collect();
        let Some(first) = words.first().and_then(Word::text) else { return };
        if first.contains(' ') {
            for word in &words {
                self.maybe(&word.text);
            }
        } else if words.len() > 1 {
            self.known_deletions(|walk| {
                walk.call(&words, &[], Stream::Absent);
            });
        }
    }

    fn maybe(&mut self, text: &str) {
        if text.contains(' ') {
            self.known_deletions(|walk| {
                walk.nested_subshell(text);
            });
        }
    }

    /// `obj.send(name, "rm -rf x")`, where the name is put together.
    fn sent_texts(&mut self, tokens: &[Token]) {
        let texts: Vec<String> = tokens
            .windows(5)
            .filter_map(|window| match window {
                [
                    Token::Name(name),
                    Token::Sign('('),
                    Token::Name(_),
                    Token::Sign(','),
                    Token::Text(text),
                ] => {
                    let last = name.rsplit('.').next().unwrap_or(name);
                    matches!(last, "send" | "public_send" | "__send__").then(|| text.clone())
                }
                _ => None,
            })
            .take(LISTS_MAX)
            .collect();
        for text in texts {
            self.maybe(&text);
        }
    }

    /// Whether the code runs a program that nobody can tell.
    fn runs_untold(&self, from: usize) -> bool {
        let untold = |effect: &Effect| matches!(effect, Effect::CannotKnow(_));
        self.told_from(from).any(untold)
    }

    /// An agent that the code starts by its library counts as its program.
    fn agents(&mut self, tokens: &[Token], code: &str) {
        if !AGENTS.iter().any(|library| code.contains(library)) {
            return;
        }
        let mode = tokens.iter().filter_map(Token::text).find(|text| UNASKED.contains(text));
        if let Some(mode) = mode {
            let words = vec![Some(mode.to_owned())];
            let name = "claude".to_owned();
            self.push(Effect::Run(Program { name, words, variables: Vec::new() }));
        }
    }

    /// What lists processes in a text that the code runs, and what it chooses them by.
    pub(super) fn listed_processes(&self, text: &str) -> Option<Vec<String>> {
        let mut words = text.split_whitespace().take(LIST_MAX).map(Word::known);
        let name = words.next()?;
        let name = name.text().filter(|name| matches!(*name, "ps" | "pgrep" | "pidof"))?;
        let words: Vec<Word> = words.collect();
        let call = Call { name, words: &words, variables: &[], input: Stream::Absent };
        match self.process_list(&call)? {
            Stream::Processes(chosen) => Some(chosen),
            _ => None,
        }
    }
}

/// Whether a call runs a program, in any language.
fn spawns(token: &Token) -> bool {
    let Token::Name(name) = token else { return false };
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    meaning(None, last, false) == Some(Does::Spawn)
}

/// Whether a list of literals opens here, and not the arguments of a call or an index.
fn opens_list(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    let starts = match before {
        Some(Token::Name(name)) => matches!(name.as_str(), "in" | "of" | "return"),
        Some(Token::Sign(sign)) => matches!(sign, '=' | '(' | ',' | '[' | '{' | '>'),
        Some(Token::Text(_) | Token::Ticks(_)) => false,
        None => true,
    };
    starts
        && matches!(tokens.get(at), Some(Token::Sign('[' | '{' | '(')))
        && matches!(tokens.get(at + 1), Some(Token::Text(_)))
}

/// The text that codes of letters spell: `114 109 32`.
fn letters(text: &str) -> Option<String> {
    let codes = text.split([' ', ',']).filter(|code| !code.is_empty());
    let spelt: Option<String> = codes
        .map(|code| code.parse::<u8>().ok().map(char::from).filter(|c| matches!(c, ' '..='~')))
        .collect();
    spelt.filter(|spelt| spelt.len() > 3)
}
