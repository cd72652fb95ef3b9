//! Commands whose whole output reaches the model: programs one after the other, with nothing that
//! redirects, expands or runs beside them.

use assize_guard::{Place, Surroundings, normalise};

/// The programs of a plain command, each with its words; nothing where the command is not plain.
pub(super) fn programs(command: &str) -> Option<Vec<Vec<String>>> {
    let mut all = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut letters = command.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' | '"' => {
                let held = quoted(&mut letters, letter)?;
                word.get_or_insert_default().push_str(&held);
            }
            ';' | '\n' => end(&mut all, &mut word, true),
            '&' if letters.next_if_eq(&'&').is_some() => end(&mut all, &mut word, true),
            ' ' | '\t' => end(&mut all, &mut word, false),
            '|' | '&' | '>' | '<' | '$' | '`' | '(' | ')' | '{' | '}' | '\\' | '*' | '?' | '['
            | '#' | '!' | '\r' => return None,
            letter => word.get_or_insert_default().push(letter),
        }
    }
    end(&mut all, &mut word, true);
    all.retain(|words| !words.is_empty());
    Some(all)
}

fn quoted(letters: &mut impl Iterator<Item = char>, mark: char) -> Option<String> {
    let mut held = String::new();
    for letter in letters {
        match letter {
            _ if letter == mark => return Some(held),
            '$' | '`' | '\\' if mark == '"' => return None,
            letter => held.push(letter),
        }
    }
    None
}

fn end(all: &mut Vec<Vec<String>>, word: &mut Option<String>, is_last: bool) {
    if let (Some(word), Some(words)) = (word.take(), all.last_mut()) {
        words.push(word);
    }
    if is_last {
        all.push(Vec::new());
    }
}

/// The paths below the root for which a command asks for the rules; nothing where it does not, or
/// does more than to look besides.
pub(super) fn asked(command: &str, around: &Surroundings) -> Option<Asked> {
    let programs = programs(command)?;
    let mut around = around.clone();
    let mut found = None;
    for (at, words) in programs.iter().enumerate() {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["cd", folder] if at == 0 => around.folder = inside(folder, &around)?,
            [program, "preflight", rest @ ..] if is_ours(program, &around) => {
                if found.is_some() {
                    return None;
                }
                found = Some(Asked::of(rest, &around)?);
            }
            words if looks(words) => {}
            _ => return None,
        }
    }
    found
}

/// What somebody asked the rules for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Asked {
    pub(super) paths: Vec<String>,
    pub(super) is_full: bool,
}

impl Asked {
    fn of(words: &[&str], around: &Surroundings) -> Option<Self> {
        let mut asked = Self::default();
        for word in words {
            match *word {
                "--full" => asked.is_full = true,
                "--format=text" | "--format=json" => {}
                // What shows the way to call it, or another tree, gives nothing.
                word if word.starts_with('-') => return None,
                word => {
                    let path = inside(word, around)?;
                    let below = path.strip_prefix(&around.root)?.trim_start_matches('/');
                    asked.paths.push(below.to_owned());
                }
            }
        }
        Some(asked)
    }
}

fn is_ours(program: &str, around: &Surroundings) -> bool {
    program == "assize" || !around.program.is_empty() && program == around.program
}

/// An absolute path in the tree.
fn inside(path: &str, around: &Surroundings) -> Option<String> {
    let Place::Known(path) = normalise(path, around) else { return None };
    let is_inside = path == around.root
        || path.strip_prefix(&around.root).is_some_and(|rest| rest.starts_with('/'));
    is_inside.then_some(path)
}

/// Whether a program only looks, in the words in which agents look around.
fn looks(words: &[&str]) -> bool {
    match words {
        ["ls" | "pwd" | "cat" | "head" | "tail" | "wc" | "echo" | "true" | "nl", ..] => true,
        ["git", "status" | "diff" | "log" | "show", rest @ ..] => {
            !rest.iter().any(|word| word.starts_with("--o") || word.starts_with("--e"))
        }
        ["sed", "-n", script, ..] => range(script).is_some(),
        _ => false,
    }
}

/// A part of a file that a command prints; the end is open where it goes on to the last line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Absolute.
    pub(super) path: String,
    pub(super) part: Range,
}

/// Lines, counted from the beginning or from the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// Both ends included; without an end up to the last line.
    From(i64, Option<i64>),
    Last(i64),
}

/// The parts of files that a plain command prints.
pub(super) fn parts(command: &str, around: &Surroundings) -> Vec<Part> {
    let mut around = around.clone();
    let mut found = Vec::new();
    for words in programs(command).unwrap_or_default() {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let ["cd", folder] = words.as_slice() {
            let Place::Known(folder) = normalise(folder, &around) else { return found };
            around.folder = folder;
            continue;
        }
        let Some((range, files)) = printed(&words) else { continue };
        for file in files {
            if let Place::Known(path) = normalise(file, &around) {
                found.push(Part { path, part: range });
            }
        }
    }
    found
}

/// Which lines of which files a program prints.
fn printed<'w>(words: &[&'w str]) -> Option<(Range, Vec<&'w str>)> {
    let whole = Range::From(1, None);
    let (range, files) = match words {
        ["cat", files @ ..] => {
            let files = files.strip_prefix(&["-n"]).unwrap_or(files);
            (whole, files)
        }
        ["nl", "-ba", files @ ..] => (whole, files),
        ["sed", "-n", script, files @ ..] => (range(script)?, files),
        ["head", "-n", count, files @ ..] => (Range::From(1, Some(number(count)?)), files),
        ["tail", "-n", count, files @ ..] => match count.strip_prefix('+') {
            Some(first) => (Range::From(number(first)?, None), files),
            None => (Range::Last(number(count)?), files),
        },
        ["head", count, files @ ..] if count.starts_with('-') => {
            (Range::From(1, Some(number(count.get(1..)?)?)), files)
        }
        ["tail", count, files @ ..] if count.starts_with('-') => {
            (Range::Last(number(count.get(1..)?)?), files)
        }
        ["head", files @ ..] => (Range::From(1, Some(10)), files),
        ["tail", files @ ..] => (Range::Last(10), files),
        _ => return None,
    };
    let plain = files.iter().all(|file| !file.starts_with('-'));
    (plain && !files.is_empty()).then(|| (range, files.to_vec()))
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|count| *count > 0)
}

/// `3,40p`, `7p` or `3,$p`.
fn range(script: &str) -> Option<Range> {
    let lines = script.strip_suffix('p')?;
    let Some((first, last)) = lines.split_once(',') else {
        let line = number(lines)?;
        return Some(Range::From(line, Some(line)));
    };
    let last = if last == "$" { None } else { Some(number(last)?) };
    Some(Range::From(number(first)?, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around() -> Surroundings {
        Surroundings {
            root: "/r".to_owned(),
            folder: "/r/app".to_owned(),
            program: "/opt/assize".to_owned(),
            ..Surroundings::default()
        }
    }

    #[test]
    fn rules_are_given_only_where_their_whole_text_comes_back() {
        for (command, paths) in [
            ("assize preflight", &[][..]),
            ("/opt/assize preflight", &[]),
            ("assize preflight ../db/1.sql shop.py", &["db/1.sql", "app/shop.py"]),
            ("cd /r && assize preflight 'db/1.sql'", &["db/1.sql"]),
            ("git status && assize preflight; ls -la", &[]),
            ("sed -n '1,20p' a.md && assize preflight", &[]),
        ] {
            let found = asked(command, &around());
            assert_eq!(
                found.map(|it| it.paths),
                Some(paths.iter().map(|it| (*it).to_owned()).collect()),
                "{command}"
            );
        }
        for command in [
            "assize preflight > /dev/null",
            "assize preflight | head -1",
            "assize preflight | true",
            "assize preflight &",
            "assize preflight 2>&1",
            "echo $(assize preflight)",
            "assize preflight --help",
            "assize preflight --root /other",
            "assize preflight /other/a.py",
            "cd /other && assize preflight",
            "ls; cd /r; assize preflight",
            "echo assize preflight",
            "./assize preflight",
            "assize preflight && touch a",
            "assize preflight; git log --output=a",
            "assize check",
            "bash -c 'assize preflight'",
            "assize preflight *.py",
            "assize preflight || true",
            "# assize preflight",
            "assize \"preflight $x\"",
        ] {
            assert_eq!(asked(command, &around()), None, "{command}");
        }
        assert!(asked("assize preflight --full", &around()).is_some_and(|it| it.is_full));
    }

    #[test]
    fn parts_are_what_a_command_prints() {
        let all = |command: &str| -> Vec<(String, Range)> {
            parts(command, &around()).into_iter().map(|it| (it.path, it.part)).collect()
        };
        let own = |range| vec![("/r/app/a.md".to_owned(), range)];
        for (command, range) in [
            ("cat a.md", Range::From(1, None)),
            ("cat -n /r/app/a.md", Range::From(1, None)),
            ("sed -n '3,40p' a.md", Range::From(3, Some(40))),
            ("sed -n 3,$p a.md", Range::From(0, None)),
            ("sed -n '3,$p' a.md", Range::From(3, None)),
            ("head -n 20 a.md", Range::From(1, Some(20))),
            ("head -5 a.md", Range::From(1, Some(5))),
            ("head a.md", Range::From(1, Some(10))),
            ("tail -n +30 a.md", Range::From(30, None)),
            ("tail -n 5 a.md", Range::Last(5)),
            ("cd /r/app && nl -ba a.md", Range::From(1, None)),
        ] {
            // An unquoted `$` is not plain.
            let expected = if range == Range::From(0, None) { Vec::new() } else { own(range) };
            assert_eq!(all(command), expected, "{command}");
        }
        for command in ["cat a.md | head", "cat a.md > b", "grep x a.md", "sed -n /x/p a.md", "cat"]
        {
            assert_eq!(all(command), [], "{command}");
        }
    }
}
