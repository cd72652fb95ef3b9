//! What tests feed to a parser to see it refuse: broken on purpose, and named so.

use assize_model::{FileClass, RepoPath};
use assize_syntax::Language;

/// Beginnings of words that say so of any file that is no test itself.
const PLAIN: [&str; 6] = ["invalid", "malform", "broken", "corrupt", "unparse", "unparsable"];
/// Beginnings of words that say so of data; of code they may name what it deals with.
const OF_DATA: [&str; 9] =
    ["fail", "bad", "error", "wrong", "illegal", "truncat", "incorrect", "syntax", "negative"];

/// Folders under a tests folder whose files are read as texts.
const TEXTS: [&str; 5] = ["files", "results", "cases", "data", "samples"];

/// Whether a file is no module of anything: part of one that a page shows, or a pattern with slots
/// that is filled in before use.
pub(super) fn is_piece(path: &RepoPath, text: &str, language: Language) -> bool {
    let typed = language == Language::TypeScript;
    // Data for a script to load, under the name of a script.
    if language == Language::JavaScript && text.trim_start().starts_with('{') {
        return true;
    }
    let shown = |part: &str| matches!(part, "static" | "public" | "snippets");
    let pattern = path.name().split('.').any(|part| part == "template")
        || path.folder().split('/').any(|part| matches!(part, "templates" | "template"));
    // `codegen/templates/methods.ts`: a generator puts it into a class.
    let generator = |part: &str| matches!(part, "codegen" | "generator" | "generators");
    let put_in = pattern && path.folder().split('/').any(generator);
    typed && path.folder().split('/').any(shown) || put_in || pattern && holds_slots(text)
}

/// Whether a text has places that are filled in: `{{ name }}`, `%NAME%`, `__NAME__`.
fn holds_slots(text: &str) -> bool {
    ["‹", "<<", "{{", "{%", "<%", "${", "__"].iter().any(|slot| text.contains(slot))
        || text.split('%').skip(1).any(|name| {
            name.len() > 2 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        })
}

/// Whether a file is the input of a test that must fail.
pub(super) fn is_broken_input(path: &RepoPath, class: FileClass, language: Language) -> bool {
    let data = matches!(
        language,
        Language::Json
            | Language::Yaml
            | Language::Toml
            | Language::Ini
            | Language::Dotenv
            | Language::Requirements
            | Language::Sql
            | Language::Other
    );
    if class != FileClass::Test {
        return data && {
            let stem = path.name().split('.').next().unwrap_or("").to_ascii_lowercase();
            PLAIN.iter().any(|start| stem.starts_with(start))
        };
    }
    if !data && is_test_itself(path.name()) {
        return false;
    }
    if path.folder().split('/').any(|part| TEXTS.contains(&part)) {
        return true;
    }
    let lower = path.as_str().to_ascii_lowercase();
    lower.split(|c: char| !c.is_ascii_alphabetic()).any(|word| {
        PLAIN.iter().any(|start| word.starts_with(start))
            || data && OF_DATA.iter().any(|start| word.starts_with(start))
            || data && word.ends_with("failures")
    })
}

pub(super) fn is_test_itself(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    name.starts_with("test_")
        || stem.ends_with("_test")
        || [".test.", ".spec."].iter().any(|mark| name.contains(mark))
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, RepoPath};
    use assize_syntax::Language;

    use super::{holds_slots, is_broken_input};

    #[test]
    fn slots_are_told_from_values() {
        assert!(holds_slots("url: %DB_HOST%:5432") && holds_slots("a: {{ b }}"));
        assert!(!holds_slots("a: 10% of 20%") && !holds_slots("%a%"));
    }

    #[test]
    fn names_say_it() {
        let cases = [
            ("tests/files/fail12.json", Language::Json, true),
            ("tests/malformed-src/en.yml", Language::Yaml, true),
            ("e2e/expectedfailures/a.yaml", Language::Yaml, true),
            ("tests/modules/broken_module.py", Language::Python, true),
            ("tests/test_invalid_input.py", Language::Python, false),
            ("tests/error_handling.py", Language::Python, false),
            ("tests/users.json", Language::Json, false),
            ("diff/tests/files/case3.py", Language::Python, true),
            ("tests/files/test_upload.py", Language::Python, false),
        ];
        for (path, language, expected) in cases {
            let at = RepoPath::new(path).unwrap();
            assert_eq!(is_broken_input(&at, FileClass::Test, language), expected, "{path}");
        }
        let at = RepoPath::new("config/invalid.json").unwrap();
        assert!(is_broken_input(&at, FileClass::Production, Language::Json));
        let at = RepoPath::new("src/invalid.py").unwrap();
        assert!(!is_broken_input(&at, FileClass::Production, Language::Python));
    }
}
