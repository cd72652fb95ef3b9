//! What a shell knows while it runs: variables, the folder, functions, aliases.

use std::collections::BTreeMap;
use std::rc::Rc;

use rable::Node;

use super::word::{Rest, Word};

/// The state that a subshell copies.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) variables: BTreeMap<String, Word>,
    /// Lists of words whose members are known.
    pub(super) arrays: BTreeMap<String, Vec<Word>>,
    /// The working folder, if known.
    pub(super) folder: Option<String>,
    pub(super) previous: Option<String>,
    pub(super) stack: Vec<Option<String>>,
    pub(super) functions: BTreeMap<String, Rc<Node>>,
    pub(super) aliases: BTreeMap<String, Word>,
    /// `$1`, `$2` and so on; `None` where they are not known.
    pub(super) positional: Option<Vec<Word>>,
}

/// Where values are split as long as nobody says otherwise.
const BLANKS: &str = " \t\n";

/// Longer values are not followed: a variable that doubles itself would grow without end.
pub(super) const VALUE_MAX: usize = 16 * 1024;

/// How many files a word may hold the content of.
const CARRIES_MAX: usize = 16;

impl Scope {
    pub(super) fn set(&mut self, name: &str, value: Word) {
        let value = if value.text.len() > VALUE_MAX {
            Word { text: String::new(), rest: Rest::Unknown, ..value }
        } else {
            value
        };
        self.variables.insert(name.to_owned(), value);
    }

    pub(super) fn add(&mut self, name: &str, value: &Word) {
        let mut all = self.variables.get(name).cloned().unwrap_or_else(Word::unknown);
        all.append(value);
        self.set(name, all);
    }

    pub(super) fn get(&self, name: &str) -> Option<Word> {
        if let Some(word) = self.variables.get(name) {
            return Some(word.clone());
        }
        match name {
            "IFS" => Some(Word::known(BLANKS)),
            "PWD" => self.folder.clone().map(Word::known),
            "OLDPWD" => self.previous.clone().map(Word::known),
            _ => {
                let at = name.parse::<usize>().ok()?.checked_sub(1)?;
                let positional = self.positional.as_ref()?;
                Some(positional.get(at).cloned().unwrap_or_default())
            }
        }
    }

    /// The signs at which values are split into words; `None` where they are not known.
    pub(super) fn separators(&self) -> Option<&str> {
        self.variables.get("IFS").map_or(Some(BLANKS), Word::text)
    }

    /// What is known if either of two ways was taken.
    pub(super) fn join(&mut self, other: &Self) {
        let mine = std::mem::take(&mut self.variables);
        for name in mine.keys().chain(other.variables.keys()) {
            let value = match (mine.get(name), other.variables.get(name)) {
                (Some(a), Some(b)) if a == b => a.clone(),
                (a, b) => {
                    let fetched = a.is_some_and(|w| w.fetched) || b.is_some_and(|w| w.fetched);
                    Word { fetched, ..Word::unknown() }
                }
            };
            self.variables.insert(name.clone(), value);
        }
        self.arrays.retain(|name, words| other.arrays.get(name) == Some(words));
        if self.folder != other.folder {
            self.folder = None;
        }
        for (name, body) in &other.functions {
            self.functions.entry(name.clone()).or_insert_with(|| Rc::clone(body));
        }
        for (name, text) in &other.aliases {
            self.aliases.entry(name.clone()).or_insert_with(|| text.clone());
        }
    }
}

impl Word {
    /// Puts one word after another.
    pub(super) fn append(&mut self, other: &Self) {
        self.setup = other.setup && self.text.is_empty() && self.rest == Rest::Nothing;
        self.fetched |= other.fetched;
        self.carries.extend(other.carries.iter().cloned());
        self.carries.truncate(CARRIES_MAX);
        self.processes.extend(other.processes.iter().cloned());
        self.processes.truncate(CARRIES_MAX);
        self.append_tail(other);
        let guess = self.likely_with(other);
        // A name that is made from another one is no longer that file: `"$f.bak"`.
        self.lists = self.lists && other.text.is_empty() || other.lists;
        if self.rest == Rest::Nothing {
            self.text.push_str(&other.text);
            self.rest = other.rest;
        } else if other.rest == Rest::Unknown {
            self.rest = Rest::Unknown;
        }
        self.guess = guess.filter(|_| self.rest != Rest::Nothing);
        if self.stream.is_none() {
            self.stream.clone_from(&other.stream);
        }
    }

    /// What stands after the first part that is not known, for as long as it is short.
    fn append_tail(&mut self, other: &Self) {
        if self.rest != Rest::Nothing {
            self.tail.push_str(&other.text);
            if other.rest == Rest::Unknown {
                self.tail.push('\0');
            }
        }
        self.tail.push_str(&other.tail);
        if self.tail.len() > TAIL_MAX {
            self.tail.clear();
        }
    }
}

/// Longer tails name no file that is sought.
const TAIL_MAX: usize = 256;
