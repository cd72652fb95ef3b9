//! What is written as a rule book is read back as the same rule book.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use assize_rulebook::{ClauseId, Kind, RuleBook, RuleId, SourceFile};
use proptest::prelude::*;

/// A rule book written as text; one pair of file name and text each.
fn write(book: &RuleBook) -> Vec<(String, String)> {
    let list = |items: &[String]| format!("{items:?}");
    let mut controls = String::new();
    for entry in book.controls() {
        let kinds: Vec<String> = entry.kinds.iter().map(Kind::to_string).collect();
        let wildcard: Vec<String> = entry.wildcard.iter().map(|rule| format!("{rule}.*")).collect();
        let name = &entry.name;
        writeln!(controls, "[[control]]\nname = {name:?}\nkinds = {}", list(&kinds)).unwrap();
        writeln!(controls, "group = {:?}\nbody = {}", entry.group, entry.has_body).unwrap();
        if let Some(severity) = entry.severity {
            writeln!(controls, "severity = {:?}", severity.word()).unwrap();
        }
        if let Some(note) = &entry.note {
            writeln!(controls, "note = {note:?}").unwrap();
        }
        writeln!(controls, "serves = {}", list(&entry.serves)).unwrap();
        writeln!(controls, "wildcard = {}", list(&wildcard)).unwrap();
    }
    let mut files = vec![("controls.toml".to_owned(), controls)];
    for rule in book.rules() {
        let mut text = format!("id = \"{}\"\n", rule.id);
        writeln!(text, "title = {:?}\nwhy = {:?}", rule.title, rule.why).unwrap();
        for clause in &rule.clauses {
            writeln!(text, "[[clause]]\nid = \"{}\"\ntext = {:?}", clause.id, clause.text).unwrap();
            writeln!(text, "controls = {}", list(&clause.controls)).unwrap();
        }
        files.push((format!("{}.toml", rule.id), text));
    }
    files
}

fn read(files: &[(String, String)]) -> RuleBook {
    let files: Vec<SourceFile<'_>> =
        files.iter().map(|(name, text)| SourceFile { name, text }).collect();
    RuleBook::parse("backend", &files).unwrap()
}

/// All but the hash, which is of the bytes.
fn same(left: &RuleBook, right: &RuleBook) -> bool {
    left.name() == right.name()
        && left.rules() == right.rules()
        && left.controls() == right.controls()
}

#[test]
fn the_backend_book_survives_being_written() {
    let book = RuleBook::backend().unwrap();
    assert!(same(book, &read(&write(book))));
}

fn book() -> impl Strategy<Value = Vec<(String, String)>> {
    let names = proptest::collection::btree_set("[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,5}){0,2}", 1..8);
    let rules = proptest::collection::btree_map(
        1_u8..=99,
        proptest::collection::btree_map(1_u8..=99, any::<proptest::sample::Index>(), 0..6),
        1..5,
    );
    (names, rules).prop_map(|(names, rules)| {
        let names: Vec<String> = names.into_iter().collect();
        let mut controls = String::new();
        for name in &names {
            writeln!(controls, "[[control]]\nname = {name:?}\nkinds = [\"gate\"]").unwrap();
            writeln!(controls, "group = \"G\"").unwrap();
        }
        let mut files = vec![("controls.toml".to_owned(), controls)];
        for (rule, clauses) in rules {
            let mut text = format!("id = \"R{rule:02}\"\ntitle = \"t\"\nwhy = \"w\"\n");
            // Backwards: the order of the file must not matter.
            for (number, pick) in clauses.into_iter().rev() {
                let control = pick.get(&names);
                writeln!(text, "[[clause]]\nid = \"R{rule:02}.{number}\"").unwrap();
                writeln!(text, "text = \"c\"\ncontrols = [{control:?}]").unwrap();
            }
            files.push((format!("x{rule}.toml"), text));
        }
        files
    })
}

proptest! {
    #[test]
    fn any_book_survives_being_written(files in book()) {
        let first = read(&files);
        prop_assert!(same(&first, &read(&write(&first))));
        let ids: Vec<ClauseId> = first.clauses().map(|clause| clause.id).collect();
        prop_assert!(ids.is_sorted());
        prop_assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        for clause in first.clauses() {
            prop_assert_eq!(first.clause(clause.id), Some(clause));
        }
    }

    #[test]
    fn ids_survive_being_written(rule in 1_u8..=99, number in 1_u8..=99) {
        let rule = RuleId::new(rule).unwrap();
        let clause = ClauseId::new(rule, number).unwrap();
        prop_assert_eq!(rule.to_string().parse(), Ok(rule));
        prop_assert_eq!(clause.to_string().parse(), Ok(clause));
    }

    #[test]
    fn no_text_makes_reading_panic(controls in ".{0,200}", rule in ".{0,200}") {
        let files = [
            SourceFile { name: "controls.toml", text: &controls },
            SourceFile { name: "r01.toml", text: &rule },
        ];
        let _: Result<_, _> = RuleBook::parse("any", &files);
    }
}
