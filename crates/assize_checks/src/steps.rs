//! Scripts of SQL that are steps by which a schema came about. Each says what changed at its time,
//! repeats what it changes, and stays as it was when it ran.

use assize_syntax::words;

/// Words of folders and files that hold such steps.
const WORDS: [&str; 10] = [
    "changelog",
    "migrate",
    "migration",
    "migrations",
    "patch",
    "patches",
    "rollback",
    "update",
    "upgrade",
    "upgrades",
];

/// Whether the path of a script of SQL says that it is a step, by a word or by the number of a
/// version.
pub(crate) fn is_step(path: &str) -> bool {
    let numbered = |part: &str| {
        let digits = part.trim_start_matches(['v', 'V', 'R', 'U']);
        digits.starts_with(|c: char| c.is_ascii_digit())
    };
    let said = |part: &str| words(part).any(|word| WORDS.binary_search(&word.as_str()).is_ok());
    // Extensions of Postgres: `name--1.0--1.1.sql`.
    path.split('/').any(|part| numbered(part) || said(part)) || path.contains("--")
}

/// Whether a folder of the path says that it is not worked on any more.
pub(crate) fn is_put_aside(path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    words(folder).any(|word| matches!(word.as_str(), "deprecated" | "legacy"))
}

#[cfg(test)]
mod tests {
    use super::{WORDS, is_put_aside, is_step};

    #[test]
    fn folders_that_are_put_aside() {
        assert!(is_put_aside("themes/core-deprecated/a.css") && is_put_aside("src/legacy/a.py"));
        assert!(!is_put_aside("src/legacy.py") && !is_put_aside("src/core/a.py"));
    }

    #[test]
    fn paths_say_it() {
        assert!(WORDS.is_sorted());
        for path in ["db/V2__settle.sql", "db/1.24.0/3.sql", "sql/schema_update.sql", "a--1.0.sql"]
        {
            assert!(is_step(path), "{path}");
        }
        for path in ["db/schema.sql", "db/values.sql", "sql/routines/settle.sql"] {
            assert!(!is_step(path), "{path}");
        }
    }
}
