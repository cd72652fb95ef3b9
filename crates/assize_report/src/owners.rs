//! Who owns a file, by a CODEOWNERS file: the last line that matches decides.
//!
//! Patterns are those of GitHub: like ignore rules, without `!` and without sets of characters, and
//! `folder/*` means the files of that folder alone. Sections of GitLab (`[Name] @owner`) give the
//! owners of the lines below them that name none. A line that cannot be understood owns nothing.

/// The folders in which a CODEOWNERS file counts, the first that has one.
pub const CODEOWNERS: [&str; 4] =
    [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Longer files are no lists that somebody keeps.
const LINES_MAX: usize = 20_000;
/// Longer patterns are no paths.
const PATTERN_BYTES_MAX: usize = 1_000;

/// The lines of a CODEOWNERS file.
#[derive(Debug, Clone, Default)]
pub struct Owners {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    segments: Vec<String>,
    /// Whether it matches at any depth.
    floats: bool,
    /// Whether it names folders alone.
    folder: bool,
    owners: Vec<String>,
}

impl Owners {
    pub fn parse(text: &str) -> Self {
        let mut section: Vec<String> = Vec::new();
        let mut rules = Vec::new();
        for line in text.lines().take(LINES_MAX).map(str::trim) {
            if let Some(owners) = section_owners(line) {
                section = owners;
            } else if let Some(rule) = rule(line, &section) {
                rules.push(rule);
            }
        }
        Self { rules }
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The owners of a file, as the last matching line names them; nobody where it names none.
    pub fn of(&self, path: &str) -> &[String] {
        let segments: Vec<&str> = path.split('/').collect();
        let found = self.rules.iter().rev().find(|rule| rule.matches(&segments));
        found.map_or(&[], |rule| rule.owners.as_slice())
    }
}

/// The owners that a section's head gives; nothing where the line is no head.
fn section_owners(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix("^[").or_else(|| line.strip_prefix('['))?;
    let (_, rest) = inner.split_once(']')?;
    // The number of approvals that are needed may follow in brackets of its own.
    let rest = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(rest, |r| r.1);
    Some(owners(rest))
}

fn owners(text: &str) -> Vec<String> {
    text.split_whitespace()
        .take_while(|word| !word.starts_with('#'))
        .filter(|word| word.contains('@'))
        .map(str::to_owned)
        .collect()
}

fn rule(line: &str, section: &[String]) -> Option<Rule> {
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (pattern, rest) = first_word(line);
    let told = owners(rest);
    let owners = if rest.trim().is_empty() { section.to_vec() } else { told };
    let inner = pattern.trim_start_matches('/').trim_end_matches('/');
    let is_plain = !pattern.starts_with('!') && !inner.is_empty() && !inner.contains("//");
    (is_plain && pattern.len() <= PATTERN_BYTES_MAX).then(|| Rule {
        segments: inner.split('/').map(str::to_owned).collect(),
        floats: !pattern.starts_with('/') && !inner.contains('/'),
        folder: pattern.ends_with('/'),
        owners,
    })
}

/// The first word of a line, in which a backslash takes the meaning off the next character.
fn first_word(line: &str) -> (String, &str) {
    let mut word = String::new();
    let mut characters = line.char_indices();
    while let Some((position, character)) = characters.next() {
        match character {
            '\\' => word.extend(characters.next().map(|(_, next)| next)),
            space if space.is_whitespace() => {
                return (word, line.get(position..).unwrap_or_default());
            }
            other => word.push(other),
        }
    }
    (word, "")
}

impl Rule {
    fn matches(&self, path: &[&str]) -> bool {
        if self.floats {
            return (0..path.len()).any(|from| self.matches_from(path.get(from..).unwrap_or(&[])));
        }
        self.matches_from(path)
    }

    /// Whether the pattern matches the whole path, or a folder on the way to it.
    fn matches_from(&self, path: &[&str]) -> bool {
        // Which beginnings of the path the segments read so far can stand for.
        let mut reached = vec![false; path.len() + 1];
        if let Some(start) = reached.first_mut() {
            *start = true;
        }
        for segment in &self.segments {
            reached = step(segment, &reached, path);
        }
        let whole = reached.last().copied().unwrap_or(false);
        let inside = reached.iter().rev().skip(1).any(|here| *here);
        // `folder/*` means the files in it, and not what lies in its folders.
        let below = !(self.segments.len() > 1 && self.segments.last().is_some_and(|s| s == "*"));
        (whole && !self.folder) || (inside && (below || self.folder))
    }
}

fn step(segment: &str, reached: &[bool], path: &[&str]) -> Vec<bool> {
    let mut next = vec![false; reached.len()];
    let mut any = false;
    for (position, here) in reached.iter().enumerate() {
        any |= *here;
        if segment == "**" {
            if let Some(slot) = next.get_mut(position) {
                *slot = any;
            }
        } else if *here
            && path.get(position).is_some_and(|name| is_like(segment, name))
            && let Some(slot) = next.get_mut(position + 1)
        {
            *slot = true;
        }
    }
    next
}

/// Whether a name fits a pattern in which `*` stands for any text and `?` for one character.
fn is_like(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut position) = (0, 0);
    // Where the last star stands, and how much of the name it has taken.
    let mut star: Option<(usize, usize)> = None;
    while position < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, position));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || name.get(position) == Some(wanted) => {
                at += 1;
                position += 1;
            }
            _ => {
                let Some((back, taken)) = star else { return false };
                star = Some((back, taken + 1));
                at = back + 1;
                position = taken + 1;
            }
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::{Owners, is_like};

    #[test]
    fn patterns_match_as_their_hosts_say() {
        let cases = [
            ("*", "a/b.js", true),
            ("*.js", "a/b.js", true),
            ("*.js", "a/b.ts", false),
            ("/build/logs/", "build/logs/x/y", true),
            ("/build/logs/", "a/build/logs/x", false),
            ("docs/*", "docs/a.md", true),
            ("docs/*", "docs/deep/a.md", false),
            ("docs/*", "x/docs/a.md", false),
            ("apps/", "x/apps/y/z", true),
            ("apps/", "x/apps", false),
            ("/docs/", "docs/a/b.md", true),
            ("/scripts", "scripts/a", true),
            ("/scripts", "scripts", true),
            ("**/logs", "a/b/logs/c", true),
            ("a/**/z.py", "a/z.py", true),
            ("a/**/z.py", "a/b/c/z.py", true),
            ("a/**", "a/b/c", true),
            ("a/**", "b/a/c", false),
            ("src/*/api.py", "src/x/api.py", true),
            ("src/*/api.py", "src/x/y/api.py", false),
            ("a\\ b.md", "x/a b.md", true),
            ("?.md", "a.md", true),
            ("?.md", "ab.md", false),
            ("!a", "a", false),
            ("/", "a", false),
        ];
        for (pattern, path, expected) in cases {
            let owners = Owners::parse(&format!("{pattern} @team\n"));
            assert_eq!(!owners.of(path).is_empty(), expected, "{pattern} on {path}");
        }
    }

    #[test]
    fn the_last_line_wins_even_where_it_names_nobody() {
        let text = "# who\n* @all @more # why\n/api/ a@example.com\n/api/open/\n\\#x @hash\n";
        let owners = Owners::parse(text);
        assert_eq!(owners.of("README.md"), ["@all", "@more"]);
        assert_eq!(owners.of("api/a.py"), ["a@example.com"]);
        assert_eq!(owners.of("api/open/a.py"), [""; 0]);
        assert_eq!(owners.of("#x"), ["@hash"]);
        let sections = "[Docs][2] @writers\n*.md\n*.rst @one\n^[Code] @coders\n*.py\n[None]\n*.c\n";
        let owners = Owners::parse(sections);
        assert_eq!(owners.of("a.md"), ["@writers"]);
        assert_eq!(owners.of("a.rst"), ["@one"]);
        assert_eq!(owners.of("a.py"), ["@coders"]);
        assert_eq!(owners.of("a.c"), [""; 0]);
    }

    #[test]
    fn many_stars_cost_little() {
        let pattern = "*a".repeat(400);
        assert!(!is_like(&pattern, &"a".repeat(390)));
        assert!(is_like(&pattern, &"a".repeat(5_000)));
        let owners = Owners::parse(&format!("{} @x\n", "**/".repeat(300)));
        assert_eq!(owners.of(&"a/".repeat(500)).len(), 1);
    }
}
