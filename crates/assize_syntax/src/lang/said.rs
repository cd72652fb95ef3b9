//! Packages that a text knows of without declaring them: an install command in a document, a note
//! or a message, a requirement that is commented out, a module that a type checker is told to do
//! without. Who reads the repository can know where such a package comes from, so that its import
//! is no phantom.
//!
//! Any text is looked through, whatever its language; a word too many costs a finding, never a
//! false one. The facts are definitions of packages whose keys begin with `said:`.

use std::collections::BTreeMap;

use assize_model::{FileClass, Span};
use memchr::memmem;

use super::names::normalise_python_name;
use crate::{Dialect, Extraction, FactKind, Role};

/// Before the name of a package that is only spoken of.
const PREFIX: &str = "said:";
/// How many packages one text can speak of.
const NAMES_MAX: usize = 400;
/// How many words after a verb are looked at, and how far a list in brackets reaches.
const WORDS_MAX: usize = 60;
const LIST_BYTES_MAX: usize = 2_000;
/// Longer words are no names.
const NAME_BYTES_MAX: usize = 80;
/// Programs whose `add` installs.
const ADDERS: [&str; 8] = ["poetry", "uv", "pdm", "yarn", "pnpm", "bun", "rye", "deno"];
/// Options that a word follows which is no package.
const OPTIONS_WITH_VALUE: [&str; 8] =
    ["-r", "--requirement", "-c", "-i", "--index-url", "--extra-index-url", "-f", "--find-links"];

pub(super) fn extract(sheet: &mut Extraction<'_>) {
    if sheet.class == FileClass::Vendored || is_lock(sheet.dialect) {
        return;
    }
    let text = sheet.text;
    let mut names = Names { text, found: BTreeMap::new() };
    for at in memmem::find_iter(text.as_bytes(), "nstall") {
        names.installed(at + "nstall".len());
    }
    for at in memmem::find_iter(text.as_bytes(), " add ") {
        let before = text.get(..at).unwrap_or("");
        let program = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        if ADDERS.contains(&program) {
            names.words(at + " add ".len());
        }
    }
    for verb in ["npm i ", "git clone "] {
        for at in memmem::find_iter(text.as_bytes(), verb) {
            names.words(at + verb.len());
        }
    }
    match sheet.dialect {
        Dialect::Requirements | Dialect::CondaEnv => names.lines(),
        Dialect::Pyproject | Dialect::SetupCfg | Dialect::Ini | Dialect::Pipfile => {
            names.lines();
            names.quoted(0, text.len());
        }
        Dialect::Python => {
            names.script();
            names.mocked();
            // With what is commented out.
            if sheet.path.name() == "setup.py" {
                names.quoted(0, text.len());
            }
        }
        _ => {}
    }
    let Names { found, .. } = names;
    for (name, at) in found {
        known(sheet, &name, Span::new(at, at));
    }
}

/// Writes down that the text knows of a package or of a module.
pub(super) fn known(sheet: &mut Extraction<'_>, name: &str, span: Span) {
    let name = normalise(name);
    if !name.is_empty() && name.len() <= NAME_BYTES_MAX {
        sheet.fact(FactKind::Package, Role::Definition, format!("{PREFIX}{name}"), span).done();
    }
}

/// A name as it is compared: of either package index.
pub(crate) fn normalise(name: &str) -> String {
    normalise_python_name(name)
}

const fn is_lock(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::PythonLock | Dialect::JsonLock)
}

struct Names<'a> {
    text: &'a str,
    /// Each name, with the place where it was first met.
    found: BTreeMap<String, usize>,
}

impl<'a> Names<'a> {
    fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or("")
    }

    /// What stands after "install": words of a command or a sentence, or a list in brackets.
    fn installed(&mut self, at: usize) {
        let rest = self.rest(at);
        // `install_requires`, `packages_to_install`, `pip_install`.
        let tail = if rest.starts_with('_') {
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(0)
        } else {
            0
        };
        let after = rest.get(tail..).unwrap_or("");
        let mark = after.trim_start_matches([' ', '"', '\'']).bytes().next();
        if matches!(mark, Some(b'(' | b'[' | b'=' | b':' | b',')) {
            let start = at + tail;
            let list = after.get(..floor(after, LIST_BYTES_MAX)).unwrap_or(after);
            let open = list.find(['(', '[']).unwrap_or(0);
            let end = list.get(open..).and_then(|list| list.find([')', ']', ';']));
            let end = end.map_or(list.len(), |end| open + end);
            self.quoted(start, start + end);
        } else if after.starts_with([' ', '\\']) {
            self.words(at + tail);
        }
    }

    /// The words up to the end of the command.
    fn words(&mut self, at: usize) {
        let rest = self.rest(at);
        let rest = rest.get(..floor(rest, LIST_BYTES_MAX)).unwrap_or(rest);
        let mut found = Vec::new();
        let mut skip = false;
        let mut count = 0;
        'lines: for line in rest.split('\n') {
            let line = line.trim_end_matches('\r');
            // In a notebook or a string, the end of the line is written out.
            let (line, continues) = match line.split_once("\\n") {
                Some((line, _)) => (line, false),
                None => (line.trim_end_matches('\\'), line.ends_with('\\')),
            };
            for word in line.split([' ', '\t', ',']) {
                count += 1;
                if matches!(word, "&&" | "||" | "|" | ";" | ">" | "#") || count > WORDS_MAX {
                    break 'lines;
                }
                if skip || word.starts_with('-') {
                    skip = OPTIONS_WITH_VALUE.contains(&word);
                    continue;
                }
                let plain = word.trim_matches(|c: char| "'\"`()[]{}*:!?<>$,\\.".contains(c));
                found.extend(names_of(plain));
                if word.ends_with(['`', ';']) {
                    break 'lines;
                }
            }
            if !continues {
                break;
            }
        }
        for name in found {
            self.add(name, at);
        }
    }

    /// The words of every text in quotes between two places.
    fn quoted(&mut self, start: usize, end: usize) {
        let part = self.text.get(start..end).unwrap_or("");
        let mut found = Vec::new();
        let mut open: Option<(char, usize)> = None;
        for (at, c) in part.char_indices() {
            match (open, c) {
                (None, '"' | '\'') => open = Some((c, at + 1)),
                (Some((quote, from)), _) if c == quote => {
                    let text = part.get(from..at).unwrap_or("");
                    if text.len() <= LIST_BYTES_MAX {
                        found.extend(text.split_whitespace().flat_map(names_of));
                    }
                    open = None;
                }
                (Some(_), '\n') => open = None,
                _ => {}
            }
        }
        for name in found {
            self.add(name, start);
        }
    }

    /// The first word of each line, whatever marks it as a comment or as an element of a list.
    fn lines(&mut self) {
        let mut found = Vec::new();
        let mut offset = 0;
        for line in self.text.split_inclusive('\n') {
            let plain = line.trim().trim_start_matches(['#', '-', ' ', '\t', '"', '\'', '[', ']']);
            // `[mypy-name.*]`
            let plain = plain.strip_prefix("mypy-").map_or(plain, top);
            let word = plain.split([' ', '\t', '"', '\'', ',', ']']).next().unwrap_or("");
            found.extend(names_of(word).map(|name| (name, offset)));
            offset += line.len();
        }
        for (name, at) in found {
            self.add(name, at);
        }
    }

    /// The block of a script that names its own dependencies (PEP 723).
    fn script(&mut self) {
        const OPEN: &str = "# /// script";
        let Some(start) = self.text.find(OPEN) else { return };
        let start = start + OPEN.len();
        let end = self.rest(start).find("# ///").map_or(self.text.len(), |end| start + end);
        self.quoted(start, end);
    }

    /// Modules that a documentation builder replaces.
    fn mocked(&mut self) {
        const LIST: &str = "mock_imports";
        if let Some(at) = self.text.find(LIST) {
            let start = at + LIST.len();
            let end = self.rest(start).find(']').map_or(start, |end| start + end);
            self.quoted(start, end);
        }
    }

    fn add(&mut self, name: &str, at: usize) {
        if self.found.len() < NAMES_MAX {
            self.found.entry(normalise(name)).or_insert(at);
        }
    }
}

fn top(module: &str) -> &str {
    super::names::top_segment(module)
}

/// The names under which a word may mean a package: a requirement, an address of a repository, a
/// module with a star.
fn names_of(word: &str) -> impl Iterator<Item = &str> {
    let word = word.trim_end_matches('/');
    let address = word.contains("://") || word.starts_with("git@");
    let (name, more) = if address {
        let last = word.rsplit('/').next().unwrap_or(word);
        let egg = word.split_once("egg=").map(|(_, egg)| egg);
        (last.split(['@', '#', '?']).next().unwrap_or(last).trim_end_matches(".git"), egg)
    } else {
        let scope = usize::from(word.starts_with('@'));
        let end = word
            .get(scope..)
            .and_then(|rest| {
                rest.find(|c: char| {
                    !c.is_ascii_alphanumeric() && !"-_.".contains(c) && (scope == 0 || c != '/')
                })
            })
            .map_or(word.len(), |end| scope + end);
        let name = word.get(..end).unwrap_or("").trim_end_matches('.');
        (name, name.strip_prefix("python3-").or_else(|| name.strip_prefix("python-")))
    };
    let sound = |name: &&str| {
        (2..=NAME_BYTES_MAX).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@')
    };
    [Some(name), more].into_iter().flatten().filter(sound)
}

/// A place at or before which the text can be cut.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{FactKind, extract};

    fn said(path: &str, text: &str) -> Vec<String> {
        let lines = LineIndex::new(text);
        let path = RepoPath::new(path).unwrap();
        let found = extract(&path, FileClass::Production, text, &lines);
        let packages = found.facts.iter().filter(|fact| fact.kind == FactKind::Package);
        let mut names: Vec<String> =
            packages.filter_map(|fact| fact.key.strip_prefix("said:").map(str::to_owned)).collect();
        names.sort();
        names.dedup();
        names
    }

    #[test]
    fn commands_and_sentences() {
        for (text, names) in [
            ("`pip install -r dev.txt \"a_b[c]>=1\" dd==2`, then go", &["a-b", "dd"][..]),
            ("!pip install -q one \\\n  two\nthree", &["one", "two"]),
            ("uv add one && uv run two", &["one"]),
            ("npm i @a/b@1 cc", &["@a/b", "cc"]),
            ("git clone https://x.org/y/voice.git", &["voice"]),
            ("apt-get install python3-lgpio", &["lgpio", "python3-lgpio"]),
            ("the installation of it", &[]),
        ] {
            let found = said("README.md", text);
            assert_eq!(found, names, "{text}");
        }
    }

    #[test]
    fn lists_and_settings() {
        let image = "image.pip_install('one==1', \"two\").run('three')\n";
        assert_eq!(said("a.py", image), ["one", "two"]);
        let found = said("mypy.ini", "[mypy-stub.*]\nx = 1\n");
        assert!(found.contains(&"stub".to_owned()), "{found:?}");
        let script = "# /// script\n# dependencies = [\"one>=1\"]\n# ///\nx = 'two'\n";
        assert_eq!(said("a.py", script), ["one"]);
    }

    #[test]
    fn a_guarded_module_is_optional_for_all() {
        let text = "try:\n    import a.b\nexcept ImportError:\n    pass\nhas = find_spec('c')\n";
        assert_eq!(said("a.py", text), ["a", "c"]);
    }
}
