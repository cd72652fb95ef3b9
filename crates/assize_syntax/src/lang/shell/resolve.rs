//! What a word of a script means as a path: which folder it starts from, and how much is known.

use std::collections::{BTreeMap, BTreeSet};

use assize_model::normalise;

use super::text::is_checkout;
use super::word::{Piece, pieces, words};

/// Where a relative path starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Base {
    /// A folder of the repository.
    Folder(String),
    /// Below the folder in which a script is started, which the script does not know: mostly the
    /// root or the script's own folder.
    Start(String),
    /// Not in the repository.
    Outside,
    Unknown,
}

/// What a word stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Known text: a name, an option, a path as it is written.
    Text(String),
    /// A path that a folder and a rest make up; the rest is empty or begins with `/`.
    Below(Base, String),
    /// An absolute path, or one that leaves the repository.
    Outside,
    Unknown,
}

/// What a path in a script leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Located {
    /// Relative to the root; and the folder from which it was looked for.
    Path {
        key: String,
        folder: String,
        certain: bool,
    },
    Outside,
    Unknown,
}

/// How often names may lead to names.
const DEPTH_MAX: u32 = 8;

/// What is known of folders and variables at one point of a script.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) folder: Base,
    /// The folder in which the text begins.
    pub(super) first: Meaning,
    /// The folder and the path of the script, where the text is a script.
    pub(super) own: Option<(String, String)>,
    pub(super) values: BTreeMap<String, Meaning>,
    /// Variables that several assignments set: their value is never known.
    pub(super) varying: BTreeSet<String>,
}

impl Scope {
    /// What a word means, as it is written.
    pub(super) fn meaning(&self, raw: &str) -> Meaning {
        self.meaning_at(raw, DEPTH_MAX)
    }

    fn meaning_at(&self, raw: &str, depth: u32) -> Meaning {
        if raw.starts_with('~') {
            return Meaning::Outside;
        }
        let mut whole = Meaning::Text(String::new());
        for piece in pieces(raw) {
            let part = match piece {
                Piece::Plain(text) => Meaning::Text(text.to_owned()),
                Piece::Pattern => Meaning::Unknown,
                Piece::Variable { name, rest } => self.variable(name, rest),
                Piece::Command(_) if depth == 0 => Meaning::Unknown,
                Piece::Command(text) => self.substitution(text, depth - 1),
            };
            whole = joined(whole, part);
        }
        whole
    }

    fn variable(&self, name: &str, rest: &str) -> Meaning {
        let value = match name {
            "0" | "BASH_SOURCE" => self.own.as_ref().map_or(Meaning::Unknown, |(folder, path)| {
                let tail = path.get(folder.len()..).unwrap_or("").trim_start_matches('/');
                Meaning::Below(Base::Folder(folder.clone()), format!("/{tail}"))
            }),
            "PWD" => self.here(),
            "CURDIR" if self.own.is_none() => self.first.clone(),
            "HOME" | "TMPDIR" | "RUNNER_TEMP" => Meaning::Outside,
            _ if self.varying.contains(name) => Meaning::Unknown,
            _ => match self.values.get(name) {
                Some(value) => value.clone(),
                None if is_checkout(name) => {
                    Meaning::Below(Base::Folder(String::new()), String::new())
                }
                None => Meaning::Unknown,
            },
        };
        match rest {
            "" | "[0]" => value,
            "%/*" | "[0]%/*" => parent(value),
            _ => Meaning::Unknown,
        }
    }

    fn here(&self) -> Meaning {
        match &self.folder {
            Base::Outside => Meaning::Outside,
            Base::Unknown => Meaning::Unknown,
            known => Meaning::Below(known.clone(), String::new()),
        }
    }

    /// The few substitutions by which scripts find themselves and the root.
    fn substitution(&self, text: &str, depth: u32) -> Meaning {
        let all = words(text);
        let quiet =
            |word: &&&str| !matches!(**word, "2>/dev/null" | ">/dev/null" | "2>&1" | "&>/dev/null");
        let mut all: Vec<&str> = all.iter().filter(quiet).copied().collect();
        if let Some(at) = all.iter().position(|word| *word == "||") {
            all.truncate(at);
        }
        // `>/dev/null 2>&1` is cut apart at its `&`.
        all.retain(|word| !matches!(*word, "2>" | "1" | ">" | "/dev/null"));
        match all.as_slice() {
            ["pwd"] | ["pwd", "-P" | "-L"] => self.here(),
            ["git", "rev-parse", "--show-toplevel"] => {
                Meaning::Below(Base::Folder(String::new()), String::new())
            }
            ["git", "-C", _, "rev-parse", "--show-toplevel"] => {
                Meaning::Below(Base::Folder(String::new()), String::new())
            }
            ["dirname", "--", path] | ["dirname", path] => parent(self.meaning_at(path, depth)),
            ["realpath" | "readlink", path] => self.meaning_at(path, depth),
            ["realpath" | "readlink", "-f" | "-m" | "-e" | "--", path] => {
                self.meaning_at(path, depth)
            }
            ["cd", rest @ ..] => self.changed(rest, depth),
            _ => Meaning::Unknown,
        }
    }

    /// `cd X && pwd`: the folder X.
    fn changed(&self, rest: &[&str], depth: u32) -> Meaning {
        let rest = match rest {
            ["--" | "-P" | "-L", rest @ ..] => rest,
            rest => rest,
        };
        match rest {
            [path, end @ ..] if ends_in_pwd(end) => {
                let meaning = self.meaning_at(path, depth);
                match self.locate(&meaning) {
                    Located::Path { key, certain: true, .. } => {
                        Meaning::Below(Base::Folder(key), String::new())
                    }
                    Located::Path { .. } => match (&self.folder, &meaning) {
                        (Base::Start(offset), Meaning::Text(text)) => {
                            Meaning::Below(Base::Start(offset.clone()), format!("/{text}"))
                        }
                        _ => meaning,
                    },
                    Located::Outside => Meaning::Outside,
                    Located::Unknown => Meaning::Unknown,
                }
            }
            _ => Meaning::Unknown,
        }
    }

    /// What a path leads to.
    pub(super) fn locate(&self, meaning: &Meaning) -> Located {
        let (base, path) = match meaning {
            Meaning::Text(text) if is_outside(text) => return Located::Outside,
            Meaning::Text(text) => (&self.folder, text.as_str()),
            // `$PWD/..`: who reads the script in from somewhere knows where that is.
            Meaning::Below(Base::Start(_), tail) if tail.starts_with("/..") => {
                return Located::Unknown;
            }
            Meaning::Below(base, tail) => (base, tail.trim_start_matches('/')),
            Meaning::Outside => return Located::Outside,
            Meaning::Unknown => return Located::Unknown,
        };
        match base {
            Base::Folder(folder) => match normalise(folder, path) {
                Ok(key) => Located::Path { key, folder: folder.clone(), certain: true },
                Err(_) => Located::Outside,
            },
            Base::Start(offset) => self.below_start(offset, path),
            Base::Outside => Located::Outside,
            Base::Unknown => Located::Unknown,
        }
    }

    fn below_start(&self, offset: &str, path: &str) -> Located {
        let own = self.own.as_ref().map_or("", |(folder, _)| folder.as_str());
        let full = format!("{offset}/{path}");
        let full = full.trim_start_matches('/');
        // A path that leaves the root when started there was meant from the script's folder.
        match normalise("", full).or_else(|_| normalise(own, full)) {
            Ok(key) => Located::Path { key, folder: own.to_owned(), certain: false },
            Err(_) => Located::Outside,
        }
    }

    /// The folder after `cd` to a path.
    pub(super) fn after(&self, meaning: &Meaning) -> Base {
        let (base, path) = match meaning {
            Meaning::Text(text) if is_outside(text) => return Base::Outside,
            Meaning::Text(text) => (&self.folder, text.as_str()),
            Meaning::Below(base, tail) => (base, tail.trim_start_matches('/')),
            Meaning::Outside => return Base::Outside,
            Meaning::Unknown => return Base::Unknown,
        };
        match base {
            Base::Folder(folder) => normalise(folder, path).map_or(Base::Outside, Base::Folder),
            Base::Start(offset) => match normalise(offset, path) {
                Ok(folder) => Base::Start(folder),
                // Above the start: from the root that leads out, from the script's folder it may
                // lead to a known place.
                // That it is a neighbour of the repository cannot be told from that.
                Err(_) => match (&self.own, offset.is_empty() && climbs(path)) {
                    (Some((own, _)), true) => {
                        normalise(own, path).map_or(Base::Outside, Base::Folder)
                    }
                    _ => Base::Unknown,
                },
            },
            Base::Outside => Base::Outside,
            Base::Unknown => Base::Unknown,
        }
    }
}

fn ends_in_pwd(end: &[&str]) -> bool {
    matches!(end, ["&&" | ";", "pwd"] | ["&&" | ";", "pwd", "-P" | "-L"])
        // What is left of `cd X >/dev/null 2>&1 && pwd`.
        || matches!(end, ["&", "&&" | ";", "pwd"] | ["&", "&&" | ";", "pwd", "-P"])
}

/// Whether a path only leads upwards.
fn climbs(path: &str) -> bool {
    path.split('/').all(|part| matches!(part, "" | "." | ".."))
}

/// Absolute paths, addresses, and what only a shell at run time can place, or what something puts
/// in before the script runs (`__APP__`).
pub(super) fn is_outside(text: &str) -> bool {
    text.starts_with(['/', '~'])
        || text.contains("://")
        || text.contains(":\\")
        || text.split('/').any(is_slot)
}

/// `__NAME__` in capitals.
fn is_slot(part: &str) -> bool {
    let name = part.strip_prefix("__").and_then(|rest| rest.strip_suffix("__"));
    name.is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    })
}

fn joined(left: Meaning, right: Meaning) -> Meaning {
    match (left, right) {
        (Meaning::Text(a), Meaning::Text(b)) => Meaning::Text(a + &b),
        (Meaning::Text(a), right) if a.is_empty() => right,
        (Meaning::Below(base, tail), Meaning::Text(b)) => {
            if tail.is_empty() && !b.is_empty() && !b.starts_with('/') {
                // `$DIR-suffix` is another folder beside it.
                return Meaning::Unknown;
            }
            Meaning::Below(base, tail + &b)
        }
        (Meaning::Outside, _) => Meaning::Outside,
        (Meaning::Text(a), _) if is_outside(&a) => Meaning::Outside,
        _ => Meaning::Unknown,
    }
}

/// The folder that holds a path.
fn parent(meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::Text(text) => match text.trim_end_matches('/').rsplit_once('/') {
            Some((folder, _)) if !folder.is_empty() => Meaning::Text(folder.to_owned()),
            Some(_) => Meaning::Outside,
            None => Meaning::Text(".".to_owned()),
        },
        Meaning::Below(base, tail) if tail.trim_end_matches('/').is_empty() => match base {
            Base::Folder(folder) if !folder.is_empty() => {
                let above = folder.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
                Meaning::Below(Base::Folder(above), String::new())
            }
            Base::Start(offset) => Meaning::Below(Base::Start(offset), "/..".to_owned()),
            _ => Meaning::Outside,
        },
        Meaning::Below(base, tail) => {
            let above = tail.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
            Meaning::Below(base, above.to_owned())
        }
        Meaning::Outside => Meaning::Outside,
        Meaning::Unknown => Meaning::Unknown,
    }
}
