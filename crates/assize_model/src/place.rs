//! Byte spans and the 1-based places that people and machines are shown.

/// A half-open range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// A range in lines and columns: 1-based, columns in Unicode scalars, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

impl Place {
    /// The place of something that concerns a whole file.
    pub const START: Self = Self { line: 1, column: 1, end_line: 1, end_column: 1 };
}

/// Where the lines of one text begin.
///
/// A line ends with `\n`, `\r\n` or a lone `\r`, as Python, JavaScript and YAML count them.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    ascii: bool,
    /// How many scalars stand before each multiple of [`MARK_BYTES`]; empty for ASCII.
    marks: Vec<u32>,
}

/// Columns in longer stretches of a line are counted from marks, so that a place costs the same
/// wherever it stands in a line without end.
const MARK_BYTES: usize = 1_024;

/// Scalars that begin in these bytes: all but continuation bytes begin one.
fn scalars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

impl LineIndex {
    /// Texts above four gibibytes are refused long before this: offsets fit in 32 bits.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(bytes.len() / 32 + 1);
        starts.push(0);
        for offset in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            // Of `\r\n` the second ends the line.
            if bytes.get(offset..offset + 2) != Some(b"\r\n") {
                starts.push(u32::try_from(offset + 1).unwrap_or(u32::MAX));
            }
        }
        let ascii = text.is_ascii();
        let mut marks = Vec::new();
        if !ascii {
            let mut sum = 0;
            for stretch in bytes.chunks(MARK_BYTES) {
                marks.push(u32::try_from(sum).unwrap_or(u32::MAX));
                sum += scalars(stretch);
            }
        }
        Self { starts, ascii, marks }
    }

    /// How many lines there are; an empty text has one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        false
    }

    /// The 1-based line that holds this byte.
    pub fn line(&self, offset: usize) -> u32 {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        u32::try_from(self.starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// The byte at which a 1-based line starts; past the last line, the end of the last start.
    pub fn line_start(&self, line: u32) -> usize {
        let index = (line.max(1) as usize - 1).min(self.starts.len() - 1);
        self.starts.get(index).map_or(0, |start| *start as usize)
    }

    /// The bytes of a 1-based line without its line ending.
    pub fn line_span(&self, line: u32, text: &str) -> Span {
        let start = self.line_start(line);
        let end = self.starts.get(line as usize).map_or(text.len(), |next| *next as usize);
        let kept = text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r']).len();
        Span::new(start, start + kept)
    }

    fn column(&self, line: u32, offset: usize, text: &str) -> u32 {
        let start = self.line_start(line);
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let count = if self.ascii {
            offset.saturating_sub(start)
        } else if offset.saturating_sub(start) > MARK_BYTES {
            self.before(end, text).saturating_sub(self.before(start, text))
        } else {
            text.as_bytes().get(start..end).map_or(0, scalars)
        };
        u32::try_from(count + 1).unwrap_or(u32::MAX)
    }

    /// How many scalars stand before a byte of a text that is not ASCII.
    fn before(&self, offset: usize, text: &str) -> usize {
        let mark = (offset / MARK_BYTES).min(self.marks.len().saturating_sub(1));
        let counted = self.marks.get(mark).map_or(0, |sum| *sum as usize);
        let rest = text.as_bytes().get(mark * MARK_BYTES..offset);
        counted + rest.map_or(0, scalars)
    }

    /// The place of a byte span in `text`, which must be the text this index was made of.
    pub fn place(&self, span: Span, text: &str) -> Place {
        let start = span.start.min(text.len());
        let end = span.end.clamp(start, text.len());
        let line = self.line(start);
        let end_line = self.line(end);
        Place {
            line,
            column: self.column(line, start, text),
            end_line,
            end_column: self.column(end_line, end, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, Span};

    #[test]
    fn columns_count_unicode_scalars_and_all_line_endings() {
        let text = "a\r\nbé\u{1F6A8}x\rlast";
        let lines = LineIndex::new(text);
        assert_eq!(lines.len(), 3);
        let at = text.find('x').unwrap();
        let place = lines.place(Span::new(at, at + 1), text);
        assert_eq!((place.line, place.column, place.end_column), (2, 4, 5));
        let end = lines.place(Span::new(text.len(), text.len()), text);
        assert_eq!((end.line, end.column), (3, 5));
        assert_eq!(lines.line_span(1, text), Span::new(0, 1));
    }

    #[test]
    fn columns_in_a_line_without_end_are_counted_from_marks() {
        let text = format!("x\n{}y\n", "aé".repeat(20_000));
        let lines = LineIndex::new(&text);
        for at in [2, 4_097, 4_098, 8_192, 40_001, text.len() - 2] {
            let Some(before) = text.get(2..at) else { continue };
            let expected = before.chars().count() + 1;
            let place = lines.place(Span::new(at, at), &text);
            assert_eq!(place.column as usize, expected, "{at}");
        }
    }
}
