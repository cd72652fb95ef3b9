//! The nearest existing thing to one that does not exist, for the message.

use assize_syntax::{FactKind, Role};

use super::modules::siblings;
use super::within;
use crate::View;

/// Longer names are not compared.
const NAME_MAX: usize = 64;

/// Endings that specifiers leave out.
const MODULES: [&str; 8] = [".ts", ".tsx", ".js", ".jsx", ".mjs", ".vue", ".svelte", ".json"];

/// The module that was probably meant: a similar name in the same folder, else the same name in
/// another one.
pub(super) fn module(expected: &str, view: &View<'_>) -> Option<String> {
    let (folder, name) = expected.rsplit_once('/').unwrap_or(("", expected));
    let plain = !name.contains('.');
    let modules = siblings(folder, view).filter(|file| !plain || is_module(file));
    let beside = nearest(name, modules.map(|file| (stem(file, name), file)));
    if let Some(file) = beside {
        return Some(within(folder, file));
    }
    MODULES.iter().chain(&[""]).find_map(|ending| {
        let files = view.files_named(&format!("{name}{ending}"));
        files.first().map(|file| file.path().to_owned())
    })
}

fn is_module(file: &str) -> bool {
    MODULES.iter().any(|ending| file.ends_with(ending))
}

/// The file's name as specifiers write it.
fn stem<'n>(file: &'n str, wanted: &str) -> &'n str {
    if wanted.contains('.') { file } else { file.split_once('.').map_or(file, |(stem, _)| stem) }
}

/// The export of the module that was probably meant.
pub(super) fn symbol(path: &str, name: &str, view: &View<'_>) -> Option<String> {
    let file = view.file(path)?;
    let names = file.facts_of(FactKind::Symbol, Role::Definition).map(|fact| (fact.key, fact.key));
    nearest(name, names).map(str::to_owned)
}

/// The candidate whose name differs least, if it differs little.
fn nearest<'n>(
    wanted: &str,
    candidates: impl Iterator<Item = (&'n str, &'n str)>,
) -> Option<&'n str> {
    let limit = (2 + wanted.len() / 8).min(wanted.len().saturating_sub(1));
    candidates
        .filter(|(name, _)| name.len().abs_diff(wanted.len()) <= limit)
        .map(|(name, full)| (distance(wanted, name), full))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, full)| full)
}

/// How many letters must be changed, added or taken away; letter case counts for nothing.
fn distance(a: &str, b: &str) -> usize {
    if a.len() > NAME_MAX || b.len() > NAME_MAX {
        return usize::MAX;
    }
    let a = a.to_ascii_lowercase();
    let b = b.to_ascii_lowercase();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.bytes().enumerate() {
        let mut before = i;
        let mut last = i + 1;
        for (cell, right) in row.iter_mut().skip(1).zip(b.bytes()) {
            let above = *cell;
            let change = before + usize::from(left != right);
            last = change.min(above + 1).min(last + 1);
            before = above;
            *cell = last;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("kitten", "sitting", 3),
            ("Ab", "aB", 0),
            ("", "x", 1),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn only_what_is_near() {
        let names = ["formatDate", "parseDate", "x"];
        let pairs = || names.iter().map(|name| (*name, *name));
        assert_eq!(nearest("formatDates", pairs()), Some("formatDate"));
        assert_eq!(nearest("renderChart", pairs()), None);
    }
}
