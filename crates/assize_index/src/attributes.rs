//! What `.gitattributes` of the root says of files that are not written by hand.
//!
//! Hosts of repositories leave out of their statistics and diffs what is marked
//! `linguist-generated` or `linguist-vendored`, so many teams keep the marks.

use crate::glob_matches;

/// More lines are not read: a list of that length is written by a program.
const LINES_MAX: usize = 1_000;

/// The marks, in the order of their lines.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// The pattern, split at its slashes.
    pattern: Vec<String>,
    generated: Option<bool>,
    vendored: Option<bool>,
}

impl Attributes {
    pub(crate) fn read(text: &str) -> Self {
        Self { lines: text.lines().take(LINES_MAX).filter_map(Line::read).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether a file is marked as made by a program or as somebody else's. The last line that
    /// speaks of a mark decides on it.
    pub(crate) fn is_of_others(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').collect();
        let (mut generated, mut vendored) = (false, false);
        for line in &self.lines {
            if line.fits(&parts) {
                generated = line.generated.unwrap_or(generated);
                vendored = line.vendored.unwrap_or(vendored);
            }
        }
        generated || vendored
    }
}

impl Line {
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let written = words.next().filter(|first| !first.starts_with(['#', '"', '!', '[']))?;
        let (mut generated, mut vendored) = (None, None);
        for word in words {
            let (name, set) = mark(word);
            match name {
                "linguist-generated" => generated = Some(set),
                "linguist-vendored" => vendored = Some(set),
                _ => {}
            }
        }
        if generated.is_none() && vendored.is_none() {
            return None;
        }
        let mut pattern: Vec<String> =
            written.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        // Without a slash the pattern fits names in any folder.
        if !written.trim_end_matches('/').contains('/') {
            pattern.insert(0, "**".to_owned());
        }
        Some(Self { pattern, generated, vendored })
    }

    fn fits(&self, parts: &[&str]) -> bool {
        let pattern: Vec<&str> = self.pattern.iter().map(String::as_str).collect();
        glob_matches(&pattern, parts)
    }
}

/// The name of an attribute, and whether the word sets it: `a`, `a=true`, `-a`, `a=false`, `!a`.
fn mark(word: &str) -> (&str, bool) {
    if let Some(name) = word.strip_prefix(['-', '!']) {
        return (name, false);
    }
    match word.split_once('=') {
        Some((name, value)) => (name, value != "false"),
        None => (word, true),
    }
}

#[cfg(test)]
mod tests {
    use super::Attributes;

    #[test]
    fn the_last_mark_decides() {
        let marks = Attributes::read(
            "# of others\n*.sh text eol=lf\n*.mustache linguist-vendored\n\
             /python/api/** linguist-generated\n/python/api/client.py -linguist-generated\n\
             web/** linguist-vendored=true linguist-language=Go\nweb/own/** linguist-vendored=false\n",
        );
        let cases = [
            ("run.sh", false),
            ("a/b/x.mustache", true),
            ("python/api/orders.py", true),
            ("python/api/client.py", false),
            ("sub/python/api/orders.py", false),
            ("web/a/b.js", true),
            ("web/own/b.js", false),
            ("website/b.js", false),
        ];
        for (path, expected) in cases {
            assert_eq!(marks.is_of_others(path), expected, "{path}");
        }
        assert!(Attributes::read("*.sh text\n\n# x\n").is_empty());
    }
}
