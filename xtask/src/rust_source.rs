//! A Rust text split into code, comments and strings, line by line: enough for gates that look at
//! words, without a parser.

/// One line.
#[derive(Debug, Default, Clone)]
pub(crate) struct Line {
    /// The code, with strings emptied.
    pub(crate) code: String,
    /// What stands in comments.
    pub(crate) comment: String,
}

/// A whole text.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) lines: Vec<Line>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    LineComment,
    BlockComment(u32),
    Text,
    RawText(usize),
}

impl Source {
    pub(crate) fn new(text: &str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let mut lines = Vec::new();
        let mut line = Line::default();
        let mut state = State::Code;
        let mut at = 0;
        while let Some(&letter) = letters.get(at) {
            if letter == '\n' {
                if state == State::LineComment {
                    state = State::Code;
                }
                lines.push(std::mem::take(&mut line));
                at += 1;
                continue;
            }
            let rest = letters.get(at..).unwrap_or(&[]);
            let (next, width) = step(state, rest, line.code.chars().last());
            match (state, next) {
                // A character, emptied like a string.
                (State::Code, State::Code) if letter == '\'' && width > 1 => {
                    line.code.push_str("''")
                }
                (State::Code, State::Code) => line.code.extend(rest.iter().take(width)),
                (State::Code, State::Text | State::RawText(_)) => line.code.push('"'),
                (State::Text | State::RawText(_), State::Code) => line.code.push('"'),
                (State::BlockComment(1), State::Code) => {}
                (State::LineComment | State::BlockComment(_), _) => {
                    line.comment.extend(rest.iter().take(width));
                }
                _ => {}
            }
            state = next;
            at += width.max(1);
        }
        if !line.code.is_empty() || !line.comment.is_empty() {
            lines.push(line);
        }
        Self { lines }
    }

    /// The lines before the tests at the end of the file.
    pub(crate) fn production(&self) -> &[Line] {
        let is_start = |line: &Line| line.code.trim_start().starts_with("#[cfg(test)]");
        // A test module in a file of its own is one line, and code may follow it.
        let end = self.lines.iter().enumerate().position(|(at, line)| {
            let opens =
                self.lines.get(at + 1).is_some_and(|next| next.code.trim_end().ends_with('{'));
            is_start(line) && opens
        });
        self.lines.get(..end.unwrap_or(self.lines.len())).unwrap_or(&[])
    }

    /// Functions outside tests: name, first line, number of lines.
    pub(crate) fn functions(&self) -> Vec<(String, usize, usize)> {
        let lines = self.production();
        let mut found = Vec::new();
        for (start, line) in lines.iter().enumerate() {
            let Some(name) = function_name(&line.code) else { continue };
            if let Some(end) = end_of_body(lines, start) {
                found.push((name, start + 1, end - start + 1));
            }
        }
        found
    }
}

/// The state after the next piece of text, and the width of that piece.
fn step(state: State, rest: &[char], before: Option<char>) -> (State, usize) {
    let starts =
        |wanted: &str| wanted.chars().enumerate().all(|(at, letter)| rest.get(at) == Some(&letter));
    match state {
        State::Code if starts("//") => (State::LineComment, 2),
        State::Code if starts("/*") => (State::BlockComment(1), 2),
        State::Code if starts("\"") => (State::Text, 1),
        State::Code if starts("r\"") || starts("r#") || starts("br\"") || starts("br#") => {
            let word = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
            let skip = if rest.first() == Some(&'b') { 2 } else { 1 };
            let hashes = rest.iter().skip(skip).take_while(|letter| **letter == '#').count();
            if word || rest.get(skip + hashes) != Some(&'"') {
                return (State::Code, 1);
            }
            (State::RawText(hashes), skip + hashes + 1)
        }
        // A character; a lifetime has no closing quote so near.
        State::Code if starts("'\\") => {
            let end = rest.iter().skip(3).position(|letter| *letter == '\'');
            (State::Code, end.map_or(1, |end| end + 4))
        }
        State::Code if starts("'") && rest.get(2) == Some(&'\'') => (State::Code, 3),
        State::Code => (State::Code, 1),
        State::LineComment => (State::LineComment, 1),
        State::BlockComment(depth) if starts("/*") => (State::BlockComment(depth + 1), 2),
        State::BlockComment(1) if starts("*/") => (State::Code, 2),
        State::BlockComment(depth) if starts("*/") => (State::BlockComment(depth - 1), 2),
        State::BlockComment(depth) => (State::BlockComment(depth), 1),
        // A line end is taken on its own, escaped or not: it ends a line.
        State::Text if starts("\\\n") => (State::Text, 1),
        State::Text if starts("\\") => (State::Text, 2),
        State::Text if starts("\"") => (State::Code, 1),
        State::Text => (State::Text, 1),
        State::RawText(hashes) => {
            let closes = starts("\"") && (0..hashes).all(|at| rest.get(at + 1) == Some(&'#'));
            if closes { (State::Code, hashes + 1) } else { (State::RawText(hashes), 1) }
        }
    }
}

fn function_name(code: &str) -> Option<String> {
    let code = code.trim_start();
    let (before, after) = code.split_once("fn ")?;
    let modifiers = ["pub", "const", "unsafe", "async", "extern", "\"\"", "(crate)", "(super)"];
    let plain =
        before.split_whitespace().all(|word| modifiers.contains(&word) || word.starts_with("pub("));
    let name: String =
        after.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    (plain && !name.is_empty()).then_some(name)
}

/// The line on which the body of a function ends; `None` for one without a body.
fn end_of_body(lines: &[Line], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut opened = false;
    for (number, line) in lines.iter().enumerate().skip(start) {
        for letter in line.code.chars() {
            match letter {
                ';' if !opened && depth == 0 => return None,
                '(' | '[' if !opened => depth += 1,
                ')' | ']' if !opened => depth = depth.saturating_sub(1),
                '{' => {
                    if !opened {
                        opened = true;
                        depth = 0;
                    }
                    depth += 1;
                }
                '}' if opened => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(number);
                    }
                }
                _ => {}
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn code_comments_and_strings_are_told_apart() {
        let text = "let a = \"// no\"; // yes {\nlet b = r#\"a \" b\"#; /* x\n y */ let c = '{';\n'a: {}\n";
        let lines = Source::new(text).lines;
        assert_eq!(lines[0].code, "let a = \"\"; ");
        assert_eq!(lines[0].comment, " yes {");
        assert_eq!(lines[1].code, "let b = \"\"; ");
        assert_eq!(lines[2].comment, " y ");
        assert!(!lines[2].code.contains('{'), "{:?}", lines[2]);
        assert_eq!(lines[3].code, "'a: {}");
    }

    #[test]
    fn strings_over_several_lines_keep_the_count_of_lines() {
        let lines = Source::new("let a = \"x\\\n // y\";\n// z\n").lines;
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[1].code, "\";");
        assert_eq!(lines[2].comment, " z");
    }

    #[test]
    fn functions_have_their_lengths() {
        let text = "pub fn a(x: [u8; 2]) -> u8\nwhere\n    u8: Copy,\n{\n    '\\''\n}\n\nfn b() { 1 }\ntrait T { fn c(); }\n";
        let found = Source::new(text).functions();
        assert_eq!(found, [("a".to_owned(), 1, 6), ("b".to_owned(), 8, 1)]);
    }

    #[test]
    fn tests_at_the_end_are_left_out() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests;\nfn b() {}\n#[cfg(test)]\nmod more {\n}\n";
        assert_eq!(Source::new(text).production().len(), 4);
    }
}
