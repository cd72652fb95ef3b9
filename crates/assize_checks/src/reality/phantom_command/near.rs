//! What may have been meant: a file of the same name, a name that differs little.

use assize_index::View;

/// How many places two names may differ in.
const DISTANCE_MAX: usize = 3;
/// Longer names are not compared.
const LENGTH_MAX: usize = 64;

/// The file of the same name whose path has most in common with the wanted one, else the file in
/// the same folder whose name differs least.
pub(super) fn file(path: &str, view: &View<'_>) -> Option<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let same = view.files_named(name);
    let shared =
        |other: &str| path.split('/').filter(|part| other.split('/').any(|o| o == *part)).count();
    let best = same
        .iter()
        .map(|file| file.path())
        .max_by(|a, b| (shared(a), b.len()).cmp(&(shared(b), a.len())).then_with(|| b.cmp(a)));
    if let Some(best) = best {
        return Some(best.to_owned());
    }
    let beside: Vec<&str> = view
        .files_under(folder)
        .filter(|file| file.folder() == folder)
        .map(|file| file.name())
        .collect();
    let nearest = self::name(name, &beside)?;
    Some(if folder.is_empty() { nearest } else { format!("{folder}/{nearest}") })
}

/// The name that differs least from the wanted one.
pub(super) fn name(wanted: &str, known: &[&str]) -> Option<String> {
    let limit = DISTANCE_MAX.min(wanted.len() / 3);
    known
        .iter()
        .map(|name| (distance(wanted, name), *name))
        .filter(|(distance, _)| *distance > 0 && *distance <= limit)
        .min()
        .map(|(_, name)| name.to_owned())
}

/// How many letters must be put in, taken out or changed.
fn distance(left: &str, right: &str) -> usize {
    if left.len() > LENGTH_MAX || right.len() > LENGTH_MAX {
        return usize::MAX;
    }
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.chars().enumerate() {
        let mut corner = line;
        let mut before = line + 1;
        for (place, other) in row.iter_mut().skip(1).zip(&right) {
            let changed = corner + usize::from(letter != *other);
            corner = *place;
            before = changed.min(before + 1).min(corner + 1);
            *place = before;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
