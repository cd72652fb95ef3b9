//! Searches for files that run a command with what they find.

use crate::{Effect, Reach};

use super::call::Call;
use super::walk::Walk;
use super::word::{Options, Rest, Stream, Word};

impl Walk<'_> {
    pub(super) fn find(&mut self, call: &Call<'_>) -> Stream {
        let is_test = |word: &Word| {
            word.text.starts_with('-') || matches!(word.text.as_str(), "(" | "!" | "\\(")
        };
        let end = call.words.iter().position(is_test).unwrap_or(call.words.len());
        let mut paths: Vec<Word> = call.words.get(..end).unwrap_or(&[]).to_vec();
        if paths.is_empty() {
            paths.push(Word::known("."));
        }
        let tests = call.words.get(end..).unwrap_or(&[]);
        let same = tests.windows(2).find_map(|pair| match pair {
            [test, file] if test.is("-samefile") => Some(file.clone()),
            _ => None,
        });
        if let Some(file) = &same {
            paths = vec![file.clone()];
        }
        if let Some(name) = named(tests) {
            // Kept for the paths that are found there: `/home/u/` and `id_*`.
            paths.iter_mut().for_each(|path| path.tail = format!("/{name}"));
        }
        let many = same.is_none() && !is_one_name(tests);
        let first = self.count();
        // The words of a command are no tests.
        let mut done = 0;
        for (at, test) in tests.iter().enumerate() {
            if at < done {
                continue;
            }
            match test.text.as_str() {
                "-delete" => self.delete_below(&paths),
                "-exec" | "-execdir" | "-ok" | "-okdir" => {
                    let tail = tests.get(at + 1..).unwrap_or(&[]);
                    let end = tail.iter().position(|word| word.is(";") || word.is("+"));
                    let command = tail.get(..end.unwrap_or(tail.len())).unwrap_or(&[]);
                    done = at + 1 + command.len();
                    if command.first().is_some_and(|word| word.is("{}")) && seeks_setuid(tests) {
                        self.push(Effect::Privilege("a program of another user".to_owned()));
                    }
                    if same.is_some() {
                        let words =
                            self.filled(command, "{}", &paths.first().cloned().unwrap_or_default());
                        self.call(&words, call.variables, Stream::Absent);
                    } else {
                        self.for_found(&paths, command, many, call);
                    }
                }
                "-fprint" | "-fprintf" | "-fls" | "-fprint0" => {
                    if let Some(file) = tests.get(at + 1) {
                        let at = self.place(file);
                        self.write(at, Some(String::new()), Reach::One);
                    }
                }
                _ => {}
            }
        }
        let made = names_made(tests);
        if made {
            self.deletes_made(first);
        }
        found(&paths, many, made)
    }

    fn delete_below(&mut self, paths: &[Word]) {
        for path in paths {
            let at = super::place::inside(self.place(path));
            self.push(Effect::Delete { at, reach: Reach::Many });
        }
    }

    fn for_found(&mut self, paths: &[Word], command: &[Word], many: bool, call: &Call<'_>) {
        for path in paths {
            let found = found_in(path, many);
            let words = self.filled(command, "{}", &found);
            self.call(&words, call.variables, Stream::Absent);
        }
    }

    pub(super) fn find_short(&mut self, call: &Call<'_>) -> Stream {
        let is_run =
            |word: &Word| matches!(word.text.as_str(), "-x" | "-X" | "--exec" | "--exec-batch");
        let Some(at) = call.words.iter().position(is_run) else {
            return Stream::Listed(Box::new(Word::one_of_many("")));
        };
        let options = Options::of(call.words.get(..at).unwrap_or(&[]), &["-e", "-t", "-E", "-d"]);
        let paths = match options.operands.get(1..) {
            Some(paths) if !paths.is_empty() => paths.to_vec(),
            _ => vec![Word::known(".")],
        };
        let mut command = call.words.get(at + 1..).unwrap_or(&[]).to_vec();
        if !command.iter().any(|word| word.text.contains("{}")) {
            command.push(Word::known("{}"));
        }
        let endings: Vec<&Word> = options.values(&["-e"]).collect();
        let first = self.count();
        self.for_found(&paths, &command, true, call);
        if !endings.is_empty() && endings.iter().all(|word| is_made(&format!("*.{}", word.text))) {
            self.deletes_made(first);
        }
        Stream::Unknown
    }
}

/// One of the files that a search finds below a path.
fn found_in(path: &Word, many: bool) -> Word {
    let tail = if path.rest == Rest::Nothing { path.tail.clone() } else { String::new() };
    Word { lists: many, tail, ..Word::begins(format!("{}/", path.text)) }
}

/// What a search prints. `made`: only files whose names tools give.
fn found(paths: &[Word], many: bool, made: bool) -> Stream {
    let mut word = match paths {
        [path] if path.text().is_some() => found_in(path, many),
        _ => Word { lists: many, ..Word::unknown() },
    };
    if made {
        word.guess = MADE.first().map(|name| (*name).to_owned());
    }
    Stream::Listed(Box::new(word))
}

/// The name or pattern by which the tests of `find` choose.
fn named(tests: &[Word]) -> Option<&str> {
    let by_name =
        |pair: &[Word]| matches!(pair, [test, _] if test.is("-name") || test.is("-iname"));
    let not = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| tests.get(at));
        before.is_some_and(|word| word.is("!") || word.is("-not"))
    };
    let pairs = tests.windows(2).enumerate();
    let mut found = pairs.filter(|(at, pair)| by_name(pair) && !not(*at)).map(|(at, _)| at);
    let name = tests.get(found.next()? + 1)?;
    Some(name.text.as_str()).filter(|name| !name.contains('/'))
}

/// Whether the tests choose programs that run with the rights of their owner.
fn seeks_setuid(tests: &[Word]) -> bool {
    tests.windows(2).any(|pair| {
        matches!(pair, [test, mode] if test.is("-perm") && mode.text.contains(['4', '6', 's']))
    })
}

/// Whether the tests of `find` choose files of one name, or stay in one folder.
fn is_one_name(tests: &[Word]) -> bool {
    tests.windows(2).any(|pair| match pair {
        // Folders are not rewritten.
        [test, kind] if test.is("-type") && kind.is("d") => true,
        [test, name] if test.is("-name") || test.is("-path") => {
            !name.text.contains(['*', '?', '[']) && name.text().is_some()
        }
        _ => false,
    })
}

/// Names that only tools give.
const MADE: [&str; 31] = [
    "*.pyc",
    "*.pyo",
    "*.py[co]",
    "*.pyd",
    "__pycache__",
    "*.egg-info",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".tox",
    ".coverage",
    "node_modules",
    ".DS_Store",
    "*.o",
    "*.class",
    "*.log",
    "*.tmp",
    "*.bak",
    "*.orig",
    "*.rej",
    "*.swp",
    "*~",
    "*.min.map",
    "_build",
    ".svelte-kit",
    ".next",
    ".nuxt",
    ".turbo",
    ".parcel-cache",
    ".vite",
    ".eggs",
];

/// Endings of what builds leave behind.
const ARTEFACTS: [&str; 16] = [
    ".egg-info",
    ".dist-info",
    ".tgz",
    ".tar.gz",
    ".whl",
    ".gem",
    ".pyc",
    ".pyo",
    ".o",
    ".obj",
    ".log",
    ".tmp",
    ".class",
    ".gcda",
    ".gcno",
    ".profraw",
];

/// Whether a pattern fits only names that tools give: `build/*.o`, `*.egg-info/`.
pub(super) fn is_made(pattern: &str) -> bool {
    let name = pattern.trim_end_matches('/').rsplit('/').next().unwrap_or(pattern);
    let goes_up = pattern.split('/').any(|part| part == "..");
    let bare = name.trim_end_matches('*');
    if goes_up {
        return false;
    }
    let artefact = name.contains('*') && bare.len() > 1;
    if artefact && ARTEFACTS.iter().any(|ending| bare.ends_with(ending)) {
        return true;
    }
    MADE.contains(&name) || pattern.split('/').any(|part| part == "node_modules")
}

/// Whether the tests of `find` choose by names that only tools give.
fn names_made(tests: &[Word]) -> bool {
    if tests.iter().any(|test| test.is("-empty")) {
        return true;
    }
    let names: Vec<&str> = tests
        .windows(2)
        .filter(|pair| pair.first().is_some_and(|test| test.is("-name") || test.is("-iname")))
        .filter_map(|pair| pair.get(1))
        .map(|name| name.text.as_str())
        .collect();
    !names.is_empty() && names.iter().all(|name| MADE.contains(name))
}
