//! What must be true of everything that is read from a text, whatever the text is.

use assize_index::IndexedFile;
use assize_model::{LineIndex, Place, ProblemKind};

/// The lines of one text and how wide each is.
#[derive(Debug)]
pub struct Lines {
    /// Scalars per line, its ending included.
    widths: Vec<usize>,
}

impl Lines {
    pub fn new(text: &str) -> Self {
        let index = LineIndex::new(text);
        let count = u32::try_from(index.len()).expect("inputs are small");
        let widths = (1..=count)
            .map(|line| {
                let start = index.line_start(line);
                let end = if line == count { text.len() } else { index.line_start(line + 1) };
                text[start..end].chars().count()
            })
            .collect();
        Self { widths }
    }

    /// The place begins and ends in the text, and does not end before it begins.
    pub fn assert_holds(&self, place: Place, of: &str) {
        for (line, column) in [(place.line, place.column), (place.end_line, place.end_column)] {
            let width = (line as usize).checked_sub(1).and_then(|at| self.widths.get(at));
            let inside = width.is_some_and(|width| (1..=width + 1).contains(&(column as usize)));
            assert!(inside, "{of}: {place:?} lies outside the text");
        }
        let (start, end) = ((place.line, place.column), (place.end_line, place.end_column));
        assert!(start <= end, "{of}: {place:?} ends before it begins");
    }
}

/// Facts and findings lie in the text, facts come in order of place, and nothing panicked.
pub fn assert_facts(file: &IndexedFile, text: &str) {
    if let Some((kind, words)) = &file.record.problem {
        assert_ne!(*kind, ProblemKind::Panic, "{words}");
    }
    let lines = Lines::new(text);
    for fact in &file.facts {
        lines.assert_holds(fact.place, fact.kind.word());
    }
    for finding in &file.findings {
        lines.assert_holds(finding.place, &finding.control);
    }
    assert!(
        file.facts.windows(2).all(|pair| pair[0].place <= pair[1].place),
        "facts are out of order"
    );
}
