//! The numbers of migrations: which are taken, and which is next.

use assize_index::View;

use super::{Line, What};

/// A number of so many digits is a time.
const TIME_DIGITS_MIN: usize = 10;

/// What the files beside a migration say of its number.
pub(super) fn of(path: &str, view: View<'_>) -> Vec<Line> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let beside = view.files_under(folder).filter(|file| file.folder() == folder);
    let names: Vec<&str> = beside.map(|file| file.name()).collect();
    let mut numbered: Vec<Numbered<'_>> = names.iter().filter_map(|name| numbered(name)).collect();
    numbered.sort_by_key(|one| one.number);
    let Some(last) = numbered.last() else { return Vec::new() };
    let mut lines = Vec::new();
    let own = self::numbered(name);
    let taken = own.as_ref().and_then(|own| {
        numbered.iter().find(|one| one.number == own.number && one.name != own.name)
    });
    if let (Some(own), Some(taken)) = (&own, taken) {
        lines.push(format!("number {} is taken by `{folder}/{}`", own.digits, taken.name));
    }
    lines.push(match last.digits.len() {
        TIME_DIGITS_MIN.. => format!("migrations are named by time, the last is `{}`", last.name),
        width => {
            let next = last.number.saturating_add(1);
            let mark = last.mark;
            format!("the next free number is {mark}{next:0width$}; the last is `{}`", last.name)
        }
    });
    lines.into_iter().map(|text| Line { what: What::Fact, text }).collect()
}

/// A migration's name, and the number at its beginning.
struct Numbered<'a> {
    name: &'a str,
    /// The letter before the number.
    mark: &'a str,
    digits: &'a str,
    number: u64,
}

fn numbered(name: &str) -> Option<Numbered<'_>> {
    let mark = name.get(..1).filter(|mark| matches!(*mark, "V" | "v")).unwrap_or("");
    let rest = name.get(mark.len()..)?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
    let (digits, behind) = rest.split_at_checked(end)?;
    // `2fa.sql` is a word.
    let apart = behind.starts_with(['_', '-', '.']);
    let number = digits.parse().ok().filter(|_| apart)?;
    Some(Numbered { name, mark, digits, number })
}
