//! JUnit's XML, as almost every runner can write it.
//!
//! Test cases are counted, not the sums in the attributes: suites stand in suites, and runners
//! disagree about what the outer one adds up. A document that does not close is none.

use crate::Counts;

/// How deep elements may stand in each other.
const DEPTH_MAX: usize = 64;

pub(crate) fn read(text: &str) -> Option<Counts> {
    let start = text.find("<testsuite")?;
    let (before, document) = text.split_at_checked(start)?;
    // Only a declaration and comments may stand in front.
    let opens = before.trim_start_matches('\u{feff}').trim();
    (opens.is_empty() || opens.starts_with("<?xml") || opens.starts_with("<!--")).then_some(())?;
    let mut reader = Reader::default();
    let mut rest = document;
    while let Some((tag, behind)) = next(rest)? {
        reader.take(tag)?;
        rest = behind;
        if reader.open.is_empty() {
            return Some(reader.counts);
        }
    }
    None
}

/// The names of the open elements, and what was counted.
#[derive(Debug, Default)]
struct Reader<'a> {
    open: Vec<&'a str>,
    counts: Counts,
    failed: bool,
    skipped: bool,
}

impl<'a> Reader<'a> {
    /// Takes the inside of `<..>`; nothing where the document is broken.
    fn take(&mut self, tag: &'a str) -> Option<()> {
        if let Some(name) = tag.strip_prefix('/') {
            let opened = self.open.pop()?;
            (opened == name.trim()).then_some(())?;
            self.close(opened);
            return Some(());
        }
        let alone = tag.ends_with('/');
        let end = |letter: char| letter.is_whitespace() || letter == '/';
        let name = tag.split(end).next().filter(|name| !name.is_empty())?;
        match name {
            "failure" | "error" if self.in_case() => self.failed = true,
            "skipped" if self.in_case() => self.skipped = true,
            "testcase" => (self.failed, self.skipped) = (false, false),
            _ => {}
        }
        if alone {
            self.close(name);
        } else {
            self.open.push(name);
        }
        (self.open.len() <= DEPTH_MAX).then_some(())
    }

    fn in_case(&self) -> bool {
        self.open.last() == Some(&"testcase")
    }

    fn close(&mut self, name: &str) {
        if name != "testcase" {
            return;
        }
        let one = match (self.failed, self.skipped) {
            (true, _) => &mut self.counts.failed,
            (false, true) => &mut self.counts.skipped,
            (false, false) => &mut self.counts.passed,
        };
        *one = one.saturating_add(1);
    }
}

/// The inside of the next tag and what follows it; the outer nothing where one does not end.
fn next(text: &str) -> Option<Option<(&str, &str)>> {
    let mut text = text;
    loop {
        let Some((_, rest)) = text.split_once('<') else { return Some(None) };
        let skipped = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>"), ("!", ">")]
            .iter()
            .find_map(|(start, end)| Some((rest.strip_prefix(start)?, end)));
        match skipped {
            Some((inside, end)) => text = inside.split_once(end)?.1,
            None => {
                let end = tag_end(rest)?;
                let (tag, behind) = rest.split_at_checked(end)?;
                return Some(Some((tag, behind.get(1..)?)));
            }
        }
    }
}

/// Where the tag ends: a `>` may stand in a quoted value.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}
