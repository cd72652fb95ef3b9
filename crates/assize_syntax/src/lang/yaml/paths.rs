//! Literal paths as facts.

use assize_model::{Span, normalise};

use crate::{Extraction, FactKind, Flags, Role};

/// How a path is used and from where it is looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use<'a> {
    /// The folder to which the path is relative; `None` when it cannot be told.
    pub base: Option<&'a str>,
    pub item: &'a str,
    pub flags: Flags,
}

/// Writes down that the file refers to a path.
///
/// A path with variables, of somebody's home, from the root of the system or out of the
/// repository cannot be judged, and is marked so.
pub(crate) fn refer(sheet: &mut Extraction<'_>, written: &str, span: Span, how: &Use<'_>) {
    if written.is_empty() {
        return;
    }
    let foreign = written.contains('$')
        || written.contains("{{")
        || written.starts_with(['~', '/', '%'])
        || is_windows(written);
    let key = match how.base {
        Some(base) if !foreign => normalise(base, written).ok(),
        _ => None,
    };
    let flags = if key.is_some() { how.flags } else { how.flags.with(Flags::UNRESOLVED) };
    sheet
        .fact(FactKind::Path, Role::Reference, key.as_deref().unwrap_or(written), span)
        .value(written)
        .item(how.item)
        .flags(flags)
        .done();
}

/// Whether a path names a drive, or parts its folders with back slashes.
pub(crate) fn is_windows(path: &str) -> bool {
    let mut bytes = path.bytes();
    let drive = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.next() == Some(b':')
        && matches!(bytes.next(), Some(b'\\' | b'/'));
    drive || path.contains('\\')
}

/// Whether a path holds a pattern.
pub(crate) fn is_glob(path: &str) -> bool {
    path.contains(['*', '?', '['])
}
