//! Code that goes over many files: it lists them, and deletes or rewrites each.

use std::collections::BTreeSet;

use crate::{Effect, Place, Reach};

use super::calls::{Does, meaning};
use super::code::{Token, arguments};
use super::find::is_made;
use super::place::inside;
use super::walk::Walk;
use super::word::Word;

/// Calls that list files.
const LISTERS: [&str; 20] = [
    "glob",
    "iglob",
    "rglob",
    "walk",
    "iterdir",
    "listdir",
    "scandir",
    "readdirSync",
    "readdir",
    "globSync",
    "children",
    "each_child",
    "entries",
    "find",
    "WalkDir",
    "list_files",
    "DirectoryIterator",
    "RecursiveDirectoryIterator",
    "FilesystemIterator",
    "GlobIterator",
];

/// The folder whose files a call lists; none where only tools make such files.
#[derive(Debug, Clone)]
struct Listed(Option<Place>);

impl Walk<'_> {
    /// Tells what code does to each of the files that it lists; its effects begin at `from`.
    pub(super) fn sweeps(&mut self, tokens: &[Token], from: usize) {
        let found: Vec<Listed> =
            tokens.iter().enumerate().filter_map(|(at, _)| self.listed(tokens, at)).collect();
        let Some(base) = found.iter().find_map(|listed| listed.clone().0) else {
            if !found.is_empty() {
                self.places_deletions(from, &Place::Unknown, Reach::Made);
            }
            return;
        };
        let each = loop_names(tokens);
        self.places_deletions(from, &base, Reach::Many);
        if tokens.iter().enumerate().any(|(at, _)| hands_over_deletion(tokens, at)) {
            self.push(Effect::Delete { at: base.clone(), reach: Reach::Many });
        }
        if tokens.iter().enumerate().any(|(at, _)| rewrites(tokens, at, &each)) {
            self.mass("code over many files", base);
        }
    }

    /// What a call lists.
    fn listed(&self, tokens: &[Token], at: usize) -> Option<Listed> {
        let Some(Token::Name(name)) = tokens.get(at) else { return None };
        let last = name.rsplit('.').next().unwrap_or(name);
        if shows_files(tokens, at) {
            return Some(Listed(Some(inside(self.place(&Word::known("."))))));
        }
        let called = matches!(tokens.get(at + 1), Some(Token::Sign('(' | '[')));
        if !called || !(LISTERS.contains(&last) || name == "Dir") {
            return None;
        }
        let texts: Vec<&str> = arguments(tokens, at + 2).iter().filter_map(Token::text).collect();
        let receiver = match tokens.get(..at)? {
            [.., Token::Text(text), Token::Sign(')')] | [.., Token::Text(text)] => Some(text),
            _ => None,
        };
        if texts.iter().any(|text| is_made(text)) {
            return Some(Listed(None));
        }
        let first = receiver.map(String::as_str).or(texts.first().copied()).unwrap_or(".");
        let stem = first.split(['*', '?', '[', '{']).next().unwrap_or("");
        let folder = match (stem.len() == first.len(), stem.rsplit_once('/')) {
            (true, _) => first,
            (false, Some((folder, _))) => folder,
            (false, None) => ".",
        };
        Some(Listed(Some(inside(self.place(&Word::known(folder))))))
    }
}

/// `execSync("git ls-files")`: the text of the command lists the files.
fn shows_files(tokens: &[Token], at: usize) -> bool {
    let Some([Token::Name(name), Token::Sign('('), Token::Text(text)]) = tokens.get(at..at + 3)
    else {
        return false;
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    let lists = ["git ls-files", "git grep -l", "rg -l ", "grep -rl "];
    meaning(None, last, false) == Some(Does::Spawn)
        && lists.iter().any(|start| text.starts_with(start))
}

/// The names that stand for one file after the other.
fn loop_names(tokens: &[Token]) -> BTreeSet<&str> {
    let mut out = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Name(name) = token else { continue };
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let starts = match before {
            Some(Token::Name(word)) => matches!(word.as_str(), "for" | "foreach" | "const" | "let"),
            Some(Token::Sign(sign)) => {
                let arrow =
                    tokens.get(at + 1..at + 3) == Some(&[Token::Sign('='), Token::Sign('>')]);
                *sign == '|' && tokens.get(at + 1) == Some(&Token::Sign('|'))
                    || arrow
                    || *sign == '('
                        && tokens.get(at + 1..at + 4)
                            == Some(&[Token::Sign(')'), Token::Sign('='), Token::Sign('>')])
            }
            _ => false,
        };
        if starts {
            out.insert(name.as_str());
        }
    }
    out
}

/// `map(os.remove, ..)`, `.forEach(fs.unlinkSync)`, `array_map("unlink", ..)`.
fn hands_over_deletion(tokens: &[Token], at: usize) -> bool {
    let Some(Token::Name(name) | Token::Text(name)) = tokens.get(at) else { return false };
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    let after = tokens.get(at + 1);
    let handed = matches!(before, Some(Token::Sign('(' | ',' | '&')))
        && matches!(after, Some(Token::Sign(',' | ')')));
    let (before, last) = match name.rsplit_once('.') {
        Some((before, last)) => (before.rsplit('.').next(), last),
        None => (None, name.as_str()),
    };
    handed && matches!(meaning(before, last, false), Some(Does::Delete | Does::DeleteMany))
}

/// Whether a call writes the file that a name of the loop stands for.
fn rewrites(tokens: &[Token], at: usize, each: &BTreeSet<&str>) -> bool {
    let (Some(Token::Name(name)), Some(Token::Sign('('))) = (tokens.get(at), tokens.get(at + 1))
    else {
        return false;
    };
    let (receiver, last) = name.rsplit_once('.').unwrap_or(("", name.as_str()));
    let arguments = arguments(tokens, at + 2);
    let named = |token: Option<&Token>| match token {
        Some(Token::Name(name)) => each.contains(name.as_str()),
        _ => false,
    };
    let mode = arguments
        .iter()
        .filter_map(Token::text)
        .any(|text| text.len() <= 3 && text.contains(['w', '+']) && !text.contains(' '));
    match last {
        "write_text" | "write_bytes" => each.contains(receiver),
        "open" => mode && (named(arguments.first()) || each.contains(receiver)),
        _ => meaning(None, last, false) == Some(Does::Write) && named(arguments.first()),
    }
}
