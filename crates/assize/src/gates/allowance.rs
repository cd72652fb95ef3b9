//! Allowances in comments that an agent writes: it would let its own findings be.

use std::collections::BTreeMap;

use assize_guard::Reason;
use assize_model::FileClass;

pub(crate) const NAME: &str = "allowance-invalid";
const MARK: &str = "assize: allow(";

/// Whether allowances in a file of this class are heeded.
pub(crate) const fn counts(class: FileClass) -> bool {
    matches!(class, FileClass::Production | FileClass::Test | FileClass::Example)
}

/// The first line of a text with an allowance that the text before did not have; lines that only
/// moved are none.
pub(crate) fn added(before: &str, after: &str) -> Option<usize> {
    if !after.contains(MARK) {
        return None;
    }
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines(before) {
        *known.entry(line.1).or_default() += 1;
    }
    lines(after).find_map(|(number, text)| match known.get_mut(text) {
        Some(count) if *count > 0 => {
            *count -= 1;
            None
        }
        _ => Some(number),
    })
}

/// The allowances of a text: the line, and what stands there from the mark on.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let found = (1..).zip(text.lines());
    found.filter_map(|(number, line)| Some((number, line.get(line.find(MARK)?..)?.trim_end())))
}

pub(crate) fn reason(path: &str, line: usize) -> Reason {
    Reason {
        control: NAME,
        message: format!("`{path}:{line}`: an agent does not allow its own findings"),
        help:
            "repair what is found, or leave it: a person adds the comment, or runs `assize waive`"
                .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::added;

    #[test]
    fn only_what_was_not_there_is_added() {
        let one = "x = 1  # assize: allow(a) until=2027-01-01 reason=\"r\"\n";
        let two = "y = 1  # assize: allow(b) until=2027-01-01 reason=\"r\"\n";
        assert_eq!(added("", one), Some(1));
        assert_eq!(added(one, one), None);
        assert_eq!(added(one, &format!("z = 1\n{one}")), None);
        assert_eq!(added(one, &format!("{one}{two}")), Some(2));
        assert_eq!(added(one, &format!("{one}{one}")), Some(2));
        assert_eq!(added("", "allow(a)\n"), None);
        // A longer life is another allowance.
        assert_eq!(added(one, &one.replace("2027", "2028")), Some(1));
    }
}
