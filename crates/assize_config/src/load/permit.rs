//! `[permit]`.

use super::reader::{Entry, Reader};
use crate::classes::compile;
use crate::{MistakeKind, PermitSettings};

/// More patterns name more documents than anybody reads.
const PATTERNS_MAX: usize = 100;

/// Reads one list of the section.
pub(super) fn list(reader: &mut Reader<'_>, entry: &Entry<'_>, permit: &mut PermitSettings) {
    let texts = reader.texts(entry);
    let Some(list) = permit.list_mut(entry.name) else { return };
    for (pattern, span) in texts {
        if list.len() == PATTERNS_MAX {
            let what = format!("more than {PATTERNS_MAX} patterns in `{}`", entry.key);
            reader.mistake(MistakeKind::TooMany, &entry.key, span, what);
            return;
        }
        match compile(pattern) {
            Ok(_) => list.push(pattern.to_owned()),
            Err(why) => {
                let what = format!("bad glob `{pattern}` in `{}`: {why}", entry.key);
                reader.mistake(MistakeKind::BadGlob, &entry.key, span, what);
            }
        }
    }
}
