//! What a lock file says that the installer at hand does not read, and how to write it down.

use assize_index::FactRef;
use assize_model::Span;
use assize_syntax::{Dialect, FactKind, Flags, Role};

use super::loose;
use crate::fix::{Breach, Edit};

/// The locks of tools that are not pip.
const UNREAD: [&str; 4] = ["Pipfile.lock", "pdm.lock", "poetry.lock", "uv.lock"];

/// The version that a lock file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pin<'a> {
    pub(super) version: &'a str,
    pub(super) file: &'a str,
}

/// Whether an install by this member heeds what the other says.
pub(super) fn is_read(other: &FactRef<'_>, member: &FactRef<'_>) -> bool {
    !(is_unread_lock(other) && is_for_pip(member))
}

/// The one version that the locks in the member's folder, and above it, name for it.
pub(super) fn beside<'a>(members: &[FactRef<'a>], member: &FactRef<'_>) -> Option<Pin<'a>> {
    if !is_for_pip(member) {
        return None;
    }
    let folder = member.file.folder();
    let above = |lock: &str| {
        lock.is_empty()
            || folder == lock
            || folder.strip_prefix(lock).is_some_and(|rest| rest.starts_with('/'))
    };
    let pin = |lock: &FactRef<'a>| Pin {
        version: lock.value.trim_start_matches('='),
        file: lock.file.path(),
    };
    let mut pins = members
        .iter()
        .filter(|other| is_unread_lock(other) && above(other.file.folder()))
        .map(pin)
        .filter(|pin| is_version(pin.version));
    let first = pins.next()?;
    pins.all(|pin| pin.version == first.version).then_some(first)
}

/// The edit that writes the version behind the name: only where the name stands alone.
pub(super) fn edit(breach: &Breach<'_>) -> Option<Edit> {
    let Breach { finding, text, lines, view } = breach;
    let file = view.file(finding.path.as_str())?;
    // Under hashes a pin without one would be refused.
    let hashed = file.dialect() == Dialect::Requirements && text.contains("--hash");
    let line = lines.line_span(finding.place.line, text);
    let words = text.get(line.start..line.end)?;
    let column = usize::try_from(finding.place.column).ok()?.checked_sub(1)?;
    let start = words.char_indices().nth(column).map_or(words.len(), |(at, _)| at);
    let (name, end) = bare_name(words.get(start..)?)?;
    let members = view.lookup(FactKind::Package, Role::Definition, &format!("py:{name}"));
    let own = members.iter().find(|fact| {
        let bare = loose::fault(fact.value) == Some(loose::Fault::Bare);
        bare && is_for_pip(fact) && fact.file.path() == file.path()
    })?;
    let pin = beside(&members, own).filter(|_| finding.code == "unpinned" && !hashed)?;
    let at = line.start + start + end;
    Some(Edit { span: Span::new(at, at), replacement: format!("=={}", pin.version) })
}

fn is_unread_lock(fact: &FactRef<'_>) -> bool {
    fact.flags.has(Flags::LOCKED) && UNREAD.contains(&fact.file.name())
}

fn is_for_pip(fact: &FactRef<'_>) -> bool {
    let dialect = fact.file.dialect();
    dialect == Dialect::Requirements || fact.item == "install" && fact.key.starts_with("py:")
}

fn is_version(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+!-_".contains(&byte))
}

/// A requirement's name, normalised, and where it and its extras end; nothing where more than a
/// marker or the end of the word follows.
fn bare_name(words: &str) -> Option<(String, usize)> {
    let quoted = words.len() - words.trim_start_matches(['"', '\'']).len();
    let rest = words.get(quoted..)?;
    let length = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
        .unwrap_or(rest.len());
    if rest.starts_with('-') {
        return None;
    }
    let name = rest.get(..length)?.to_ascii_lowercase().replace(['_', '.'], "-");
    let after = rest.get(length..)?;
    let extras = match after.strip_prefix('[') {
        Some(inside) => inside.find(']')? + 2,
        None => 0,
    };
    let tail = after.get(extras..)?.trim_start_matches([' ', '\t']);
    let alone = tail.is_empty() || !tail.starts_with(['=', '<', '>', '!', '~', '@', '(']);
    (alone && length > 0).then_some((name, quoted + length + extras))
}

#[cfg(test)]
mod tests {
    use super::{bare_name, is_version};

    #[test]
    fn a_name_that_stands_alone_ends_somewhere() {
        for (words, end) in [
            ("requests", Some(8)),
            ("requests  # why", Some(8)),
            ("requests[socks]; python_version < '3'", Some(15)),
            ("Requests", Some(8)),
            ("\"requests\" x", Some(9)),
            ("requests>=2", None),
            ("requests == 2", None),
            ("requests @ https://host/x", None),
            ("-r more.txt", None),
        ] {
            let expected = end.map(|end| ("requests".to_owned(), end));
            assert_eq!(bare_name(words), expected, "{words}");
        }
        assert!(is_version("2.32.3") && is_version("1!2.0+cpu"));
        assert!(!is_version("") && !is_version("^2") && !is_version("2 <3"));
    }
}
