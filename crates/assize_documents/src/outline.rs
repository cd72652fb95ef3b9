//! The sections of a document: headings, and the lines that stand below each.

/// Larger documents are not read by sections.
pub const DOCUMENT_BYTES_MAX: usize = 1 << 20;
/// The depth of a line in bold, or with a mark before its number, that stands for a heading.
const STRESSED: u8 = 7;

/// A heading and the lines up to the next one. Lines count from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<'a> {
    /// Without its marks; empty for what stands before the first heading.
    pub heading: &'a str,
    /// One for the title; headings that are none by their notation have seven.
    pub level: u8,
    pub first: u32,
    /// The last line that belongs to it.
    pub last: u32,
    /// The section that holds it.
    pub parent: Option<usize>,
}

/// One line with what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    pub(crate) number: u32,
    pub(crate) text: &'a str,
    /// It stands in a fence or in the front matter: an example or data, not a word of the writer.
    pub(crate) is_quoted: bool,
}

/// The lines of a document.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut fence: Option<&str> = None;
    let mut front = text.lines().next().is_some_and(|line| line.trim_end() == "---");
    let mut all = Vec::new();
    for (number, text) in (1_u32..).zip(text.lines()) {
        let bare = text.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        let is_quoted = front || fence.is_some() || mark.is_some();
        if front {
            front = number == 1 || !matches!(text.trim_end(), "---" | "...");
        } else {
            fence = match (fence, mark) {
                (None, opened) => opened,
                (Some(open), Some(mark)) if open == mark && is_end(bare) => None,
                (open, _) => open,
            };
        }
        all.push(Line { number, text, is_quoted });
    }
    all
}

/// Only a fence that names no language ends another one.
fn is_end(bare: &str) -> bool {
    bare.trim_end().bytes().all(|byte| matches!(byte, b'`' | b'~'))
}

/// The sections in the order of the document. The first has no heading and may have no lines.
pub fn outline(text: &str) -> Vec<Section<'_>> {
    let mut sections = vec![Section { heading: "", level: 0, first: 1, last: 0, parent: None }];
    let mut open: Vec<usize> = vec![0];
    if text.len() > DOCUMENT_BYTES_MAX {
        return sections;
    }
    let lines = lines(text);
    for (at, line) in lines.iter().enumerate() {
        let below = lines.get(at + 1).filter(|next| !next.is_quoted).map_or("", |next| next.text);
        match heading(line, below) {
            Some((level, heading)) => {
                let level_of = |at: &usize| sections.get(*at).map_or(0, |section| section.level);
                while open.len() > 1 && open.last().is_some_and(|at| level_of(at) >= level) {
                    open.pop();
                }
                let parent = open.last().copied();
                open.push(sections.len());
                let (first, last) = (line.number, line.number);
                sections.push(Section { heading, level, first, last, parent });
            }
            None => {
                if let Some(section) = sections.last_mut() {
                    section.last = line.number;
                }
            }
        }
    }
    sections
}

/// The level and the words of a line that is a heading, by itself or by the line below it.
pub(crate) fn heading<'a>(line: &Line<'a>, below: &str) -> Option<(u8, &'a str)> {
    if line.is_quoted {
        return None;
    }
    let text = line.text.trim();
    let marks = text.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&marks) {
        let words = text.get(marks..)?;
        let level = u8::try_from(marks).unwrap_or(STRESSED);
        let is_heading = words.is_empty() || words.starts_with([' ', '\t']);
        return is_heading.then(|| (level, bare(words.trim_end_matches('#'))));
    }
    let underlined = |mark: u8| {
        let below = below.trim();
        below.len() >= 3 && below.bytes().all(|byte| byte == mark)
    };
    if !text.is_empty() && !text.starts_with(['-', '*', '>', '|', '+']) {
        if underlined(b'=') {
            return Some((1, bare(text)));
        }
        if underlined(b'-') {
            return Some((2, bare(text)));
        }
    }
    let stressed = text.strip_prefix("**").and_then(|rest| rest.strip_suffix("**"));
    if let Some(words) = stressed.filter(|words| !words.contains("**") && !words.is_empty()) {
        return Some((STRESSED, bare(words)));
    }
    numbered(text).is_some().then(|| (STRESSED, bare(text)))
}

/// The number and the title of a line such as `Rule 4: Look first`, with or without marks, stress
/// or a sign before it.
pub(crate) fn numbered(text: &str) -> Option<(u32, &str)> {
    let rest =
        unmarked(text).strip_prefix("Rule ").or_else(|| unmarked(text).strip_prefix("RULE "))?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest.get(..digits)?.parse().ok()?;
    let after = rest.get(digits..)?.trim_start_matches('*').trim_start();
    let title = match after.chars().next() {
        None => "",
        Some(':' | '.' | ')' | '-' | '–' | '—') => {
            after.trim_start_matches([':', '.', ')', '-', '–', '—', ' '])
        }
        // `Rule 4 says that ..` speaks of a rule and states none.
        Some(_) => return None,
    };
    Some((number, bare(title)))
}

/// A line without what stands before its first letter: marks, stress, signs.
pub(crate) fn unmarked(text: &str) -> &str {
    text.trim_start_matches(|letter: char| !letter.is_alphanumeric())
}

fn bare(words: &str) -> &str {
    words.trim().trim_matches('*').trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "---\nglobs: a\n---\nIntro\n# Title\ntext\n## Database migrations\n\
                        - one\n```sh\n# no heading\n```\nUnder\n-----\nx\n\
                        **Rule 2: Look first**\n- y\n📌 Rule 3: Then write\n# Other\n";

    #[test]
    fn headings_of_every_notation_are_found_and_examples_are_none() {
        let found: Vec<(u8, &str, u32, u32)> = outline(TEXT)
            .iter()
            .map(|section| (section.level, section.heading, section.first, section.last))
            .collect();
        assert_eq!(
            found,
            [
                (0, "", 1, 4),
                (1, "Title", 5, 6),
                (2, "Database migrations", 7, 11),
                (2, "Under", 12, 14),
                (7, "Rule 2: Look first", 15, 16),
                (7, "📌 Rule 3: Then write", 17, 17),
                (1, "Other", 18, 18),
            ]
        );
    }

    #[test]
    fn a_section_knows_what_holds_it() {
        let sections = outline(TEXT);
        let above = |at: usize| sections[at].parent.map(|at| sections[at].heading);
        assert_eq!(above(2), Some("Title"));
        assert_eq!(above(4), Some("Under"));
        assert_eq!(above(6), Some(""));
    }

    #[test]
    fn a_rule_that_is_mentioned_is_not_stated() {
        assert_eq!(numbered("### 📌 Rule 9: Single source"), Some((9, "Single source")));
        assert_eq!(numbered("**Rule 12** - Deploy"), Some((12, "Deploy")));
        assert_eq!(numbered("Rule 7"), Some((7, "")));
        for text in ["Rule 18 template if missing", "Rules 3: x", "see Rule 3: x", "Rule x: y"] {
            assert_eq!(numbered(text), None, "{text}");
        }
    }
}
