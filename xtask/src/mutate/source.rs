//! Just enough of a language to plant into it: which characters are code, where a line begins a
//! statement, which names a file makes up for itself.
//!
//! This is deliberately not a parser of the product: a planting must not share its mistakes.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::random::Random;

/// How strings and comments are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    Python,
    Script,
}

impl Syntax {
    pub(crate) fn of(path: &str) -> Self {
        if path.ends_with(".py") || path.ends_with(".pyi") { Self::Python } else { Self::Script }
    }
}

/// A text with, for each byte, whether it is code, and the bracket depth at the start of each line.
#[derive(Debug)]
pub(crate) struct Scanned<'a> {
    pub(crate) text: &'a str,
    code: Vec<bool>,
    lines: Vec<Line>,
}

/// One line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) start: usize,
    /// It begins outside strings, comments and brackets.
    pub(crate) fresh: bool,
}

impl<'a> Scanned<'a> {
    pub(crate) fn new(text: &'a str, syntax: Syntax) -> Self {
        let bytes = text.as_bytes();
        let mut scanned = Self { text, code: vec![true; bytes.len()], lines: Vec::new() };
        scanned.lines.push(Line { start: 0, fresh: true });
        let (mut at, mut depth) = (0, 0_usize);
        while at < bytes.len() {
            let end = scanned.end_of_quiet(at, syntax);
            if end > at {
                for position in at..end {
                    scanned.set_quiet(position);
                }
                at = end;
                continue;
            }
            match bytes.get(at) {
                Some(b'(' | b'[' | b'{') => depth += 1,
                Some(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
                Some(b'\n') => {
                    let joined = at > 0 && bytes.get(at - 1) == Some(&b'\\');
                    let braces = syntax == Syntax::Script;
                    // In scripts a block's braces hold statements as well.
                    let fresh = !joined && (depth == 0 || braces);
                    scanned.lines.push(Line { start: at + 1, fresh });
                }
                _ => {}
            }
            at += 1;
        }
        scanned.lines.retain(|line| line.start < text.len() || line.start == 0);
        scanned
    }

    fn set_quiet(&mut self, position: usize) {
        if let Some(code) = self.code.get_mut(position) {
            *code = false;
        }
        if self.text.as_bytes().get(position) == Some(&b'\n') {
            self.lines.push(Line { start: position + 1, fresh: false });
        }
    }

    /// The end of the string or comment that starts here; the place itself where none does.
    fn end_of_quiet(&self, at: usize, syntax: Syntax) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        let line_end = at + rest.find('\n').unwrap_or(rest.len());
        let closing = |mark: &str, from: usize| end_of_string(self.text, at + from, mark);
        match syntax {
            Syntax::Python if rest.starts_with('#') => line_end,
            Syntax::Python if rest.starts_with("\"\"\"") => closing("\"\"\"", 3),
            Syntax::Python if rest.starts_with("'''") => closing("'''", 3),
            Syntax::Script if rest.starts_with("//") => line_end,
            Syntax::Script if rest.starts_with("/*") => {
                at + rest.find("*/").map_or(rest.len(), |end| end + 2)
            }
            Syntax::Script if rest.starts_with('`') => closing("`", 1),
            Syntax::Script if rest.starts_with('/') && self.may_start_pattern(at) => {
                closing("/", 1).min(line_end)
            }
            _ if rest.starts_with('"') => closing("\"", 1).min(line_end),
            _ if rest.starts_with('\'') => closing("'", 1).min(line_end),
            _ => at,
        }
    }

    /// Whether a slash begins a regular expression: after an operator, not after a value.
    fn may_start_pattern(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or("").trim_end();
        before.ends_with(['(', ',', '=', ':', '[', '!', '&', '|', '?', '{', ';'])
            || before.is_empty()
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = (Line, &'a str)> + '_ {
        self.lines.iter().map(|line| {
            let rest = self.text.get(line.start..).unwrap_or("");
            (*line, rest.split('\n').next().unwrap_or(rest))
        })
    }

    /// Places of these characters in code.
    pub(crate) fn places_of(&self, wanted: &str) -> Vec<usize> {
        self.text
            .char_indices()
            .filter(|(at, one)| wanted.contains(*one) && self.is_code(*at))
            .map(|(at, _)| at)
            .collect()
    }

    fn is_code(&self, at: usize) -> bool {
        self.code.get(at).copied().unwrap_or(false)
    }

    /// Where a statement of its own can stand at module level, after the last import.
    pub(crate) fn after_imports(&self, syntax: Syntax) -> usize {
        let starts: &[&str] = match syntax {
            Syntax::Python => &["import ", "from "],
            Syntax::Script => &["import ", "import{", "import\t", "} from "],
        };
        let lines: Vec<(Line, &str)> = self.lines().collect();
        let last = lines.iter().rposition(|(line, text)| {
            (line.fresh || syntax == Syntax::Script)
                && self.is_code(line.start)
                && starts.iter().any(|start| text.starts_with(start))
        });
        match last {
            Some(position) => self.end_of_statement(&lines, position, syntax),
            None => self.after_head(&lines, syntax),
        }
    }

    fn end_of_statement(&self, lines: &[(Line, &str)], position: usize, syntax: Syntax) -> usize {
        for (line, text) in lines.iter().skip(position) {
            let end = (line.start + text.len() + 1).min(self.text.len());
            let done = match syntax {
                Syntax::Python => {
                    let next = lines.iter().find(|(next, _)| next.start >= end);
                    next.is_none_or(|(next, _)| next.fresh)
                }
                Syntax::Script => {
                    let text = text.trim_end();
                    text.ends_with(';') || text.ends_with('"') || text.ends_with('\'')
                }
            };
            if done {
                return end;
            }
        }
        self.text.len()
    }

    /// After what must stand first: shebang, comments, the module's docstring, directives.
    fn after_head(&self, lines: &[(Line, &str)], syntax: Syntax) -> usize {
        let mut place = 0;
        for (line, text) in lines {
            let text = text.trim();
            let quiet = !line.fresh || text.is_empty() || !self.is_code(line.start);
            let directive =
                syntax == Syntax::Script && text.starts_with("'use ") || text.starts_with("\"use ");
            if !quiet && !directive {
                break;
            }
            place = (line.start + text.len() + 1).min(self.text.len());
            let rest = self.text.get(line.start..).unwrap_or("");
            place = place.max(line.start + rest.find('\n').map_or(rest.len(), |end| end + 1));
        }
        place.min(self.text.len())
    }

    /// Starts of function bodies, after the docstring: place and indentation.
    pub(crate) fn bodies(&self) -> Vec<(usize, String)> {
        let lines: Vec<(Line, &str)> = self.lines().collect();
        let mut found = Vec::new();
        for (position, (line, text)) in lines.iter().enumerate() {
            let head = text.trim_start();
            let is_head = head.starts_with("def ") || head.starts_with("async def ");
            if !line.fresh
                || !is_head
                || !self.is_code(line.start)
                || !text.trim_end().ends_with(':')
            {
                continue;
            }
            let outer = text.len() - head.len();
            let mut rest =
                lines.iter().skip(position + 1).filter(|(_, text)| !text.trim().is_empty());
            let Some((_, first)) = rest.next() else { continue };
            let inner = first.len() - first.trim_start().len();
            // A docstring stays first: the place is that of the next statement of the body.
            let is_docstring = first.trim_start().starts_with(['"', '\'', 'r']);
            let place = if is_docstring {
                rest.find(|(line, _)| line.fresh && self.is_code(line.start))
                    .map(|(line, text)| (line.start, text.len() - text.trim_start().len()))
            } else {
                lines.get(position + 1).map(|(line, _)| (line.start, inner))
            };
            if let Some((place, indent)) = place
                && inner > outer
                && indent == inner
            {
                found.push((place, " ".repeat(inner)));
            }
        }
        found
    }

    /// Every second top-level item, imports and all.
    pub(crate) fn half(&self) -> String {
        let mut items: Vec<(bool, String)> = Vec::new();
        let mut decorated = false;
        for (line, text) in self.lines() {
            let first = text.chars().next().unwrap_or(' ');
            let top = self.is_code(line.start) && !first.is_whitespace() && !"})]".contains(first);
            if (top && line.fresh && !decorated) || items.is_empty() {
                items.push((
                    text.starts_with("import ") || text.starts_with("from "),
                    String::new(),
                ));
            }
            decorated = text.starts_with('@');
            if let Some((_, item)) = items.last_mut() {
                item.push_str(text);
                item.push('\n');
            }
        }
        let mut count = 0;
        let kept = items.iter().filter(|(import, item)| {
            // The larger items alternate; what is one line is mostly needed by the rest.
            let large = !import && item.lines().count() > 2;
            count += usize::from(large);
            !large || count % 2 == 1
        });
        kept.map(|(_, item)| item.as_str()).collect()
    }

    /// The text with each local name replaced by a new one.
    pub(crate) fn renamed(&self, syntax: Syntax, random: &mut Random) -> anyhow::Result<String> {
        let local = self.local_names(syntax)?;
        let mut names: BTreeMap<&str, String> = BTreeMap::new();
        for name in &local {
            let letters: Vec<u8> = (b'a'..=b'z').collect();
            let fresh: String = (0..8)
                .filter_map(|_| random.choose(&letters).map(|byte| char::from(*byte)))
                .collect();
            names.insert(name, format!("v_{fresh}"));
        }
        let word = Regex::new(r"[A-Za-z_$][A-Za-z0-9_$]*")?;
        let mut out = String::with_capacity(self.text.len());
        let mut done = 0;
        for found in word.find_iter(self.text) {
            let after_dot = self.text.get(..found.start()).is_some_and(|text| text.ends_with('.'));
            let Some(fresh) = names.get(found.as_str()) else { continue };
            if after_dot || !self.is_code(found.start()) {
                continue;
            }
            out.push_str(self.text.get(done..found.start()).unwrap_or(""));
            out.push_str(fresh);
            done = found.end();
        }
        out.push_str(self.text.get(done..).unwrap_or(""));
        Ok(out)
    }

    /// Names that are assigned inside a function.
    fn local_names(&self, syntax: Syntax) -> anyhow::Result<BTreeSet<String>> {
        let pattern = match syntax {
            Syntax::Python => Regex::new(r"^\s+([a-z_][a-z0-9_]*)\s*=[^=]|^\s+for ([a-z_]+) in ")?,
            Syntax::Script => Regex::new(r"^\s+(?:const|let|var) ([a-zA-Z_]\w*)\b")?,
        };
        let mut names = BTreeSet::new();
        for (line, text) in self.lines().filter(|(line, _)| line.fresh) {
            if !self.is_code(line.start) {
                continue;
            }
            let Some(found) = pattern.captures(text) else { continue };
            let name = found.get(1).or_else(|| found.get(2)).map_or("", |name| name.as_str());
            if name.len() > 1 {
                names.insert(name.to_owned());
            }
        }
        Ok(names)
    }
}

/// The end of a string whose text starts at `from`, after its closing mark.
fn end_of_string(text: &str, from: usize, mark: &str) -> usize {
    let mut rest = text.get(from..).unwrap_or("");
    let mut at = from;
    loop {
        match rest.find(['\\', mark.chars().next().unwrap_or('"')]) {
            None => return text.len(),
            Some(found) if rest.as_bytes().get(found) == Some(&b'\\') => {
                let skipped = rest.get(found + 1..).and_then(|rest| rest.chars().next());
                let step = found + 1 + skipped.map_or(0, char::len_utf8);
                at += step;
                rest = rest.get(step..).unwrap_or("");
            }
            Some(found) if rest.get(found..).unwrap_or("").starts_with(mark) => {
                return at + found + mark.len();
            }
            Some(found) => {
                at += found + 1;
                rest = rest.get(found + 1..).unwrap_or("");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Scanned, Syntax};

    fn after(text: &str, syntax: Syntax) -> &str {
        &text[Scanned::new(text, syntax).after_imports(syntax)..]
    }

    #[test]
    fn the_place_after_the_imports() {
        let python =
            "\"\"\"Words.\n\nimport no\n\"\"\"\nimport os\nfrom a import (\n    b,\n)\n\nX = 1\n";
        assert_eq!(after(python, Syntax::Python), "\nX = 1\n");
        assert_eq!(after("#!/bin/x\n\"\"\"Doc.\"\"\"\nX = 1\n", Syntax::Python), "X = 1\n");
        assert_eq!(after("import {\n  a,\n} from 'b'\nlet x\n", Syntax::Script), "let x\n");
        assert_eq!(after("// words\nlet x\n", Syntax::Script), "let x\n");
    }

    #[test]
    fn code_is_told_from_strings_and_comments() {
        let text = "f('(', \"[\") # (\n";
        assert_eq!(Scanned::new(text, Syntax::Python).places_of("()["), [1, 10]);
        let text = "f(/[(]/, `(`) // (\n";
        assert_eq!(Scanned::new(text, Syntax::Script).places_of("()["), [1, 12]);
    }

    #[test]
    fn bodies_begin_after_the_docstring() {
        let text = "def f(a):\n    \"\"\"Doc.\n\n    More.\n    \"\"\"\n    return a\n";
        let bodies = Scanned::new(text, Syntax::Python).bodies();
        assert_eq!(bodies.len(), 1);
        assert_eq!(&text[bodies[0].0..], "    return a\n");
    }
}
