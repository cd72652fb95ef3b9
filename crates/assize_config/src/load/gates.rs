//! Reads `[gates]`.

use toml_edit::{Item, TableLike, Value};

use crate::gates::path_glob;
use crate::{
    EvidenceDemand, GLOB_CHARS_MAX, Gates, MistakeKind, SUITE_GLOBS_MAX, SUITES_MAX, Suite,
};

use super::reader::{Entry, Reader, entries, value_span};

const KEYS: [&str; 4] = ["changelog", "evidence", "infer-tests", "tests"];
const SUITE_KEYS: [&str; 2] = ["command", "paths"];

pub(super) fn read(reader: &mut Reader<'_>, section: &Entry<'_>) -> Gates {
    let mut gates = Gates::default();
    let Some(table) = reader.table(section) else { return gates };
    for entry in entries(&section.key, table) {
        match entry.name {
            "changelog" => gates.changelog = reader.flag(&entry).unwrap_or(true),
            "infer-tests" => gates.infer_tests = reader.flag(&entry).unwrap_or(true),
            "evidence" => {
                let choices = EvidenceDemand::ALL.map(|demand| (demand.word(), demand));
                gates.evidence = reader.choice(&entry, &choices).unwrap_or_default();
            }
            "tests" => gates.suites = suites(reader, &entry),
            _ => reader.unknown_key(&entry, &KEYS),
        }
    }
    gates
}

/// `tests = [{ .. }]` and `[[gates.tests]]` say the same.
fn suites(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Vec<Suite> {
    let tables: Vec<&dyn TableLike> = match entry.item {
        Item::ArrayOfTables(tables) => {
            tables.iter().map(|table| -> &dyn TableLike { table }).collect()
        }
        Item::Value(Value::Array(list)) if list.iter().all(Value::is_inline_table) => {
            list.iter().filter_map(inline).collect()
        }
        Item::Value(_) | Item::Table(_) | Item::None => {
            let what =
                format!("`{}` must be a list of tables with `paths` and `command`", entry.key);
            reader.mistake(MistakeKind::WrongType, &entry.key, value_span(entry), what);
            return Vec::new();
        }
    };
    if tables.len() > SUITES_MAX {
        let what = format!("more than {SUITES_MAX} tables in `{}`", entry.key);
        reader.mistake(MistakeKind::TooMany, &entry.key, value_span(entry), what);
        return Vec::new();
    }
    tables.into_iter().filter_map(|table| suite(reader, entry, table)).collect()
}

fn inline(value: &Value) -> Option<&dyn TableLike> {
    value.as_inline_table().map(|table| -> &dyn TableLike { table })
}

fn suite(reader: &mut Reader<'_>, above: &Entry<'_>, table: &dyn TableLike) -> Option<Suite> {
    let mut globs = Vec::new();
    let mut command = String::new();
    for entry in entries(&above.key, table) {
        match entry.name {
            "command" => command = reader.text(&entry)?.trim().to_owned(),
            "paths" => {
                for (text, span) in reader.texts(&entry).into_iter().take(SUITE_GLOBS_MAX) {
                    let short = text.chars().count() <= GLOB_CHARS_MAX;
                    match path_glob(text) {
                        Ok(glob) if short => globs.push(glob),
                        _ => {
                            let what = format!("`{text}` in `{}` is no glob", entry.key);
                            reader.mistake(MistakeKind::BadGlob, &entry.key, span, what);
                        }
                    }
                }
            }
            _ => reader.unknown_key(&entry, &SUITE_KEYS),
        }
    }
    if command.is_empty() || globs.is_empty() {
        let what = format!("a table in `{}` needs `paths` and `command`", above.key);
        reader.mistake(MistakeKind::BadText, &above.key, value_span(above), what);
        return None;
    }
    match Suite::new(globs, command) {
        Ok(suite) => Some(suite),
        Err(error) => {
            let what = format!("the globs in `{}` cannot be used together: {error}", above.key);
            reader.mistake(MistakeKind::BadGlob, &above.key, value_span(above), what);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{ConfigFile, ControlTable, Date, EvidenceDemand, Settings};

    fn load(text: &str) -> Result<Settings, String> {
        let file = ConfigFile { folder: "", path: "assize.toml", text };
        let today = Date { year: 2026, month: 11, day: 23 };
        Settings::load(&[file], &ControlTable::new([]), today).map_err(|error| error.to_string())
    }

    #[test]
    fn suites_are_read_in_both_spellings() {
        for text in [
            "[gates]\ntests = [{ paths = [\"**/*.py\"], command = \"pytest -q\" }]\n",
            "[[gates.tests]]\npaths = \"**/*.py\"\ncommand = \" pytest -q \"\n",
        ] {
            let gates = load(text).unwrap().gates;
            let [suite] = &gates.suites[..] else { panic!("{text}") };
            assert_eq!(suite.command, "pytest -q");
            assert!(suite.covers("a/b.py") && suite.covers("b.py") && !suite.covers("b.ts"));
            assert!(gates.infer_tests && gates.changelog);
            assert_eq!(gates.evidence, EvidenceDemand::Optional);
        }
        let text = "[gates]\nevidence = \"required\"\nchangelog = false\ninfer-tests = false\n";
        let gates = load(text).unwrap().gates;
        assert!(!gates.infer_tests && !gates.changelog && gates.suites.is_empty());
        assert_eq!(gates.evidence, EvidenceDemand::Required);
    }

    #[test]
    fn what_demands_nothing_is_a_mistake() {
        for (text, expected) in [
            ("[gates]\ntests = \"pytest\"\n", "must be a list of tables"),
            ("[gates]\ntests = [{ paths = [\"*.py\"] }]\n", "needs `paths` and `command`"),
            ("[gates]\ntests = [{ command = \"x\", path = [\"*\"] }]\n", "unknown key `path`"),
            ("[gates]\ntests = [{ command = \"x\", paths = [\"a{\"] }]\n", "is no glob"),
            ("[gates]\nevidence = \"none\"\n", "must be one of `optional`, `required`"),
            ("[gates]\ntest = []\n", "did you mean `tests`"),
        ] {
            let error = load(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
