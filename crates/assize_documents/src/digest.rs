//! What is read before the first change: the rules in one line each, and what documents say of the
//! paths at hand, word by word, within a bound.
//!
//! The bound is counted in bytes: a token of current models is three bytes of English text or more,
//! and of other scripts at least one letter of three bytes. So a third of the bytes is never less
//! than the tokens.

use crate::outline::lines;
use crate::passage::{Document, Passage, passages};
use crate::rules::obliges;

/// The most that any digest may cost.
pub const TOKENS_MAX: usize = 4_000;
/// What a session is given when it starts, before anybody knows what it will touch.
pub const TOKENS_AT_START: usize = 1_500;
/// Longer lines are cut: whoever needs the rest reads the place.
const LINE_BYTES_MAX: usize = 400;
/// Room for what is said at the end of what was left out.
const END_BYTES: usize = 260;

/// What text costs at most, in tokens.
pub const fn tokens(text: &str) -> usize {
    text.len().div_ceil(3)
}

/// What a digest is made of.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The first lines: where the reader stands.
    pub head: &'a [String],
    /// The rules in one line each, the most telling one first.
    pub rules: &'a [String],
    pub documents: &'a [Document<'a>],
    /// What will be touched, as far as that is known.
    pub paths: &'a [&'a str],
    pub tokens_max: usize,
}

/// The text to read, and what it had no room for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    pub text: String,
    pub rules_left_out: usize,
    pub lines_left_out: usize,
}

/// The digest of rules and documents. The same input gives the same text.
pub fn digest(wanted: &Wanted<'_>) -> Digest {
    let most = wanted.tokens_max.min(TOKENS_MAX) * 3;
    let mut room = Room { text: String::new(), left: most.saturating_sub(END_BYTES) };
    for line in wanted.head {
        room.put(line);
    }
    let quoted = quoted(wanted);
    let needed: usize = quoted.iter().map(|line| line.len() + 1).sum();
    // What the documents do not need, the rules may have; they never get less than their part.
    let for_rules = room.left.saturating_sub(needed).max(room.left * 2 / 5);
    let mut rules = Room { text: String::new(), left: for_rules.min(room.left) };
    let rules_given = put_all(wanted.rules, &mut rules);
    room.left -= rules.text.len();
    room.text.push_str(&rules.text);
    let lines_given = put_all(&quoted, &mut room);
    let (rules_left_out, lines_left_out) =
        (wanted.rules.len() - rules_given, quoted.len() - lines_given);
    let mut text = room.text;
    if let Some(end) =
        end(rules_left_out, lines_left_out).filter(|it| text.len() + it.len() <= most)
    {
        text.push_str(&end);
    }
    Digest { text, rules_left_out, lines_left_out }
}

/// Text that grows up to a bound.
struct Room {
    text: String,
    left: usize,
}

impl Room {
    fn put(&mut self, line: &str) -> bool {
        let fits = line.len() < self.left;
        if fits {
            self.text.push_str(line);
            self.text.push('\n');
            self.left -= line.len() + 1;
        }
        fits
    }
}

/// Puts lines in order up to the first that has no room: a gap in the middle would be read over.
fn put_all(lines: &[String], room: &mut Room) -> usize {
    lines.iter().take_while(|line| room.put(line)).count()
}

fn end(rules: usize, lines: usize) -> Option<String> {
    let rules = (rules > 0).then(|| format!("{rules} rules (`assize rules list`)"));
    let lines =
        (lines > 0).then(|| format!("{lines} lines of documents (`assize preflight PATH`)"));
    let all: Vec<String> = rules.into_iter().chain(lines).collect();
    (!all.is_empty()).then(|| format!("Left out for room: {}.\n", all.join(", ")))
}

/// The lines of documents that belong here, each with its place: the passages of the paths, or what
/// obliges anybody.
fn quoted(wanted: &Wanted<'_>) -> Vec<String> {
    let found = passages(wanted.documents, wanted.paths);
    let mut quoted: Vec<String> = found.iter().flat_map(|one| of_passage(one, wanted)).collect();
    for document in wanted.documents {
        let within = |line: u32| {
            found.iter().any(|it| it.path == document.path && (it.first..=it.last).contains(&line))
        };
        for line in lines(document.text) {
            let says = !line.is_quoted && obliges(line.text) && !line.text.trim().is_empty();
            if says && !within(line.number) {
                quoted.push(place(document.path, line.number, line.text));
            }
        }
    }
    quoted
}

fn of_passage(passage: &Passage<'_>, wanted: &Wanted<'_>) -> Vec<String> {
    let document = wanted.documents.iter().find(|document| document.path == passage.path);
    let all = document.map_or_else(Vec::new, |document| lines(document.text));
    let own = all.into_iter().filter(|line| {
        (passage.first..=passage.last).contains(&line.number) && !line.text.trim().is_empty()
    });
    own.map(|line| place(passage.path, line.number, line.text)).collect()
}

fn place(path: &str, line: u32, text: &str) -> String {
    let text = text.trim_end();
    let mut end = text.len().min(LINE_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let more = if end < text.len() { " …" } else { "" };
    format!("{path}:{line} {}{more}", text.get(..end).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GUIDE: &str =
        "# Guide\nHello.\n- Never print secrets.\n## Migrations\n- one per change\n";

    fn made(paths: &[&str], rules: usize, tokens_max: usize) -> Digest {
        let rules: Vec<String> = (0..rules).map(|at| format!("- rule {at}")).collect();
        let documents = [Document { path: "AGENTS.md", text: GUIDE }];
        let head = ["Read this.".to_owned()];
        digest(&Wanted { head: &head, rules: &rules, documents: &documents, paths, tokens_max })
    }

    #[test]
    fn what_belongs_to_a_path_stands_before_what_obliges_anybody() {
        let found = made(&["db/migrations/1.sql"], 2, 4_000);
        let expected = "Read this.\n- rule 0\n- rule 1\nAGENTS.md:4 ## Migrations\n\
                        AGENTS.md:5 - one per change\nAGENTS.md:3 - Never print secrets.\n";
        assert_eq!(found.text, expected);
        let start = made(&[], 1, TOKENS_AT_START);
        assert_eq!(start.text, "Read this.\n- rule 0\nAGENTS.md:3 - Never print secrets.\n");
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let found = made(&["db/migrations/1.sql"], 500, 300);
        assert!(found.rules_left_out > 400 && found.lines_left_out == 0, "{found:?}");
        assert!(found.text.contains("AGENTS.md:5") && found.text.contains("rules (`assize"));
    }

    proptest! {
        #[test]
        fn a_digest_keeps_its_bound_and_quotes_word_by_word(
            texts in proptest::collection::vec("([ -~\n]|## Data\n|must\n|é|文){0,400}", 0..5),
            rules in proptest::collection::vec("[ -~é]{0,300}", 0..60),
            most in 0_usize..5_000,
        ) {
            let names: Vec<String> = (0..texts.len()).map(|at| format!("d{at}.md")).collect();
            let documents: Vec<Document<'_>> = names
                .iter()
                .zip(&texts)
                .map(|(path, text)| Document { path, text })
                .collect();
            let paths = ["data/a.sql"];
            let wanted = Wanted {
                head: &[],
                rules: &rules,
                documents: &documents,
                paths: &paths,
                tokens_max: most,
            };
            let found = digest(&wanted);
            prop_assert!(tokens(&found.text) <= most.min(TOKENS_MAX));
            prop_assert_eq!(digest(&wanted), found.clone());
            for line in found.text.lines().filter(|line| line.starts_with('d')) {
                let Some((place, text)) = line.split_once(' ') else { continue };
                let Some((path, number)) = place.split_once(':') else { continue };
                let at = names.iter().position(|name| name == path);
                let (Some(at), Ok(number)) = (at, number.parse::<usize>()) else { continue };
                let source = texts[at].lines().nth(number - 1).unwrap_or("");
                prop_assert!(source.starts_with(text.trim_end_matches(" …")));
            }
        }
    }
}
