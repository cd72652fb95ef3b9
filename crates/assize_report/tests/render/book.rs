//! The rule book as text.

use crate::sample::text;
use assize_report::{rule_page, rules_coverage, rules_list};
use assize_rulebook::{ClauseCoverage, Compiled, Kind, RuleBook, SourceFile};

fn coverage(book: &RuleBook) -> Vec<ClauseCoverage> {
    book.coverage(&|name| {
        let claimed = vec!["python".to_owned(), "yaml".to_owned()];
        let fixtures = match name {
            "phantom-import" | "port-registry" => claimed.clone(),
            "search-before-create" => vec!["python".to_owned()],
            _ => return None,
        };
        let kinds = vec![Kind::Check, Kind::Guard];
        Some(Compiled { kinds, languages_claimed: claimed, languages_with_fixtures: fixtures })
    })
}

#[test]
fn list_of_rules() {
    let book = RuleBook::backend().unwrap();
    insta::assert_snapshot!(text(|out| rules_list(out, book, &coverage(book), false)));
}

#[test]
fn page_of_a_rule() {
    let book = RuleBook::backend().unwrap();
    let rule = book.rule("R04".parse().unwrap()).unwrap();
    insta::assert_snapshot!(text(|out| rule_page(out, rule, &coverage(book), false)));
}

#[test]
fn coverage_of_some_clauses() {
    let book = RuleBook::backend().unwrap();
    let some: Vec<ClauseCoverage> = coverage(book)
        .into_iter()
        .filter(|clause| ["R01.1", "R04.1", "R11.3", "R19.1"].contains(&&*clause.id.to_string()))
        .collect();
    insta::assert_snapshot!(text(|out| rules_coverage(out, &some, false)));
}

#[test]
fn a_foreign_rule_book_cannot_act_on_the_display() {
    let files = [
        SourceFile {
            name: "controls.toml",
            text: "[[control]]\nname = \"a\"\nkinds = [\"gate\"]\ngroup = \"g\"\n",
        },
        SourceFile {
            name: "r01.toml",
            text: "id = \"R01\"\ntitle = \"\\u001b[2J\"\nwhy = \"\\u202e\"\n[[clause]]\n\
                   id = \"R01.1\"\ntext = \"\\u0007\"\ncontrols = [\"a\"]\n",
        },
    ];
    let book = RuleBook::parse("\u{1b}[1m", &files).unwrap();
    let coverage = book.coverage(&|_| None);
    let page = text(|out| rule_page(out, &book.rules()[0], &coverage, false));
    let list = text(|out| rules_list(out, &book, &coverage, false));
    for shown in [page, list] {
        assert!(!shown.contains(|c: char| c != '\n' && (c.is_control() || c == '\u{202e}')));
    }
}
