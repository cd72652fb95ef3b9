//! `[brief]`: when the model is told what bears on a file.

use crate::MistakeKind;
use crate::load::reader::{Entry, Reader, value_span};

/// A moment at which a brief may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BriefMoment {
    /// A file was read.
    Read,
    /// A file is written, and nothing denies it.
    Write,
}

impl BriefMoment {
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// The moments of a list; an empty list is never.
pub(crate) fn moments(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Vec<BriefMoment> {
    let mut found = Vec::new();
    for (text, span) in reader.texts(entry) {
        match BriefMoment::ALL.into_iter().find(|moment| moment.word() == text) {
            Some(moment) => found.push(moment),
            None => {
                let words = BriefMoment::ALL.map(BriefMoment::word);
                let what = format!("`{text}` in `{}` is no moment: `read` or `write`", entry.key);
                let word = (text, &words[..]);
                reader.unknown(MistakeKind::UnknownValue, &entry.key, span, what, word);
            }
        }
    }
    if entry.item.as_str() == Some("") {
        let what = format!("`{}` is empty: write `[]` for never", entry.key);
        reader.mistake(MistakeKind::BadText, &entry.key, value_span(entry), what);
    }
    found
}
