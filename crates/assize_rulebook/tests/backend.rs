//! The built-in rule book holds what it promises, and coverage is what it says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::collections::BTreeSet;

use assize_rulebook::{
    Compiled, Coverage, CoverageSummary, Kind, Missing, RuleBook, RuleBookError, SourceFile,
};

fn backend() -> &'static RuleBook {
    RuleBook::backend().unwrap()
}

fn complete(name: &str) -> Option<Compiled> {
    let kinds = backend().control(name)?.kinds.clone();
    let languages = vec!["python".to_owned()];
    Some(Compiled {
        kinds,
        languages_claimed: languages.clone(),
        languages_with_fixtures: languages,
    })
}

fn coverage_of(clause: &str, compiled: &dyn Fn(&str) -> Option<Compiled>) -> Coverage {
    let id = clause.parse().unwrap();
    let all = backend().coverage(compiled);
    all.iter().find(|covered| covered.id == id).unwrap().coverage
}

#[test]
fn twenty_rules_of_ten_clauses() {
    let numbers: Vec<u8> = backend().rules().iter().map(|rule| rule.id.number()).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    for rule in backend().rules() {
        let numbers: Vec<u8> = rule.clauses.iter().map(|clause| clause.id.number()).collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>(), "{}", rule.id);
    }
}

#[test]
fn every_clause_is_one_plain_sentence_and_no_two_are_the_same() {
    let mut texts = BTreeSet::new();
    for clause in backend().clauses() {
        let text = &clause.text;
        assert!(text.ends_with('.') && text.matches('.').count() == 1, "{}: {text}", clause.id);
        assert!(!text.contains('!'), "{}: {text}", clause.id);
        let shouts = |word: &str| word.len() > 3 && word.chars().all(char::is_uppercase);
        assert!(!text.split(' ').any(shouts), "{}: {text}", clause.id);
        assert!(text.len() <= 120, "{}: {text}", clause.id);
        assert!(texts.insert(text), "{}: {text}", clause.id);
    }
    let titles: BTreeSet<_> = backend().rules().iter().map(|rule| &rule.title).collect();
    assert_eq!(titles.len(), 20);
}

#[test]
fn every_control_is_listed_once_and_the_map_runs_both_ways() {
    assert_eq!(backend().controls().len(), 297);
    for clause in backend().clauses() {
        assert!(!clause.controls.is_empty());
        for control in &clause.controls {
            assert!(backend().clauses_of(control).contains(&clause.id), "{control}");
        }
    }
    for entry in backend().controls() {
        assert!(!entry.kinds.is_empty());
        assert!(entry.clauses.is_sorted(), "{}", entry.name);
        for id in &entry.clauses {
            assert!(backend().clause(*id).unwrap().controls.contains(&entry.name));
        }
        let idle = entry.clauses.is_empty() && entry.serves.is_empty();
        let named = ["phase-gate", "agent-budget", "mcp-real"];
        assert_eq!(idle, named.contains(&entry.name.as_str()), "{}", entry.name);
    }
}

#[test]
fn primary_clause_and_rule_come_first() {
    let ids = |name| backend().clauses_of(name).iter().map(ToString::to_string).collect();
    let import: Vec<String> = ids("phantom-import");
    assert_eq!(import, ["R01.1", "R03.2", "R05.3", "R08.6"]);
    assert_eq!(backend().rule_of("phantom-import").unwrap().to_string(), "R01");
    assert_eq!(backend().rule_of("agent-budget"), None);
    assert_eq!(backend().rule_of("no-such-control"), None);
    assert!(backend().clauses_of("no-such-control").is_empty());
}

#[test]
fn wildcards_stay_in_the_data_and_count_nothing() {
    let entry = backend().control("edit-simulate").unwrap();
    assert!(!entry.has_body);
    let rules: Vec<String> = entry.wildcard.iter().map(ToString::to_string).collect();
    assert_eq!(rules, ["R01", "R08"]);
    let only_it = |name: &str| (name == "edit-simulate").then(|| complete(name)).flatten();
    let summary = CoverageSummary::of(&backend().coverage(&only_it));
    // R19.7 names git-hook-bypass and allowance-invalid too, so the carrier alone covers nothing.
    assert_eq!((summary.full, summary.partial), (0, 0));
}

#[test]
fn nothing_compiled_covers_nothing_and_everything_covers_all() {
    let none = CoverageSummary::of(&backend().coverage(&|_| None));
    assert_eq!((none.none, none.clauses()), (200, 200));
    let all = CoverageSummary::of(&backend().coverage(&complete));
    assert_eq!(all.full, 200);
}

#[test]
fn one_control_of_several_is_partial() {
    let one = |name: &str| (name == "phantom-import").then(|| complete(name)).flatten();
    assert_eq!(coverage_of("R01.1", &one), Coverage::Partial);
    assert_eq!(coverage_of("R01.2", &one), Coverage::None);
}

#[test]
fn a_carrier_counts_only_where_there_is_nothing_else() {
    // R19.1 names ledger-append and ledger-gap only.
    let one = |name: &str| (name == "ledger-append").then(|| complete(name)).flatten();
    let both = |name: &str| name.starts_with("ledger-").then(|| complete(name)).flatten();
    assert_eq!(coverage_of("R19.1", &|_| None), Coverage::None);
    assert_eq!(coverage_of("R19.1", &one), Coverage::Partial);
    assert_eq!(coverage_of("R19.1", &both), Coverage::Full);
    // R18.8 names timestamp-utc and doc-hygiene beside ledger-append: without them it is bare,
    // with them it is full whether the ledger exists or not.
    let others = |name: &str| (!name.starts_with("ledger-")).then(|| complete(name)).flatten();
    assert_eq!(coverage_of("R18.8", &both), Coverage::None);
    assert_eq!(coverage_of("R18.8", &others), Coverage::Full);
}

#[test]
fn a_claimed_language_without_fixtures_and_a_missing_kind_are_partial() {
    // R11.3 names port-registry alone, which is check and guard.
    let bare = |name: &str| {
        let mut compiled = complete(name)?;
        compiled.languages_claimed.push("yaml".to_owned());
        Some(compiled)
    };
    let half = |name: &str| complete(name).map(|c| Compiled { kinds: vec![Kind::Check], ..c });
    assert_eq!(coverage_of("R11.3", &complete), Coverage::Full);
    assert_eq!(coverage_of("R11.3", &bare), Coverage::Partial);
    assert_eq!(coverage_of("R11.3", &half), Coverage::Partial);
    let covered = backend().coverage(&half);
    let clause = covered.iter().find(|clause| clause.id.to_string() == "R11.3").unwrap();
    assert_eq!(clause.missing().next().unwrap().missing, [Missing::Kind(Kind::Guard)]);
}

const CONTROLS: &str = "[[control]]\nname = \"a-b\"\nkinds = [\"check\"]\ngroup = \"G\"\n";

fn error(controls: &str, rule: &str) -> String {
    let files = [
        SourceFile { name: "controls.toml", text: controls },
        SourceFile { name: "r01.toml", text: rule },
    ];
    RuleBook::parse("test", &files).unwrap_err().to_string()
}

#[test]
fn errors_name_file_and_line() {
    let head = "id = \"R01\"\ntitle = \"T\"\nwhy = \"W\"\n";
    let clause = |id: &str, controls: &str| {
        format!("{head}[[clause]]\nid = \"{id}\"\ntext = \"x\"\ncontrols = [{controls}]\n")
    };
    assert_eq!(
        error(CONTROLS, &clause("R01.1", "\"a-b\",\n\"gone\"")),
        "r01.toml:8: clause `R01.1` names control `gone`, which controls.toml does not list"
    );
    assert!(error(CONTROLS, &clause("R01.1", "")).starts_with("r01.toml:7: clause `R01.1` names"));
    assert!(error(CONTROLS, &clause("R02.1", "\"a-b\"")).starts_with("r01.toml:5: clause `R02.1`"));
    assert!(error(CONTROLS, &clause("R1.1", "\"a-b\"")).starts_with("r01.toml:5: `R1.1` is no id"));
    assert!(error(CONTROLS, &clause("R01.1", "\"a-b\", \"a-b\"")).contains("a second time"));
    let twice = format!("{CONTROLS}{CONTROLS}");
    assert_eq!(error(&twice, head), "controls.toml:6: `a-b` is defined a second time");
    assert!(error(&CONTROLS.replace("a-b", "A b"), head).contains("no name of a control"));
    assert!(error(&CONTROLS.replace("\"check\"", ""), head).contains("has no kind"));
    assert!(error(&CONTROLS.replace("check", "cheque"), head).starts_with("controls.toml:3: "));
    assert!(error(CONTROLS, "id = ").starts_with("r01.toml:1: "));
    assert!(error(CONTROLS, &head.replace("\"T\"", "\" \"")).starts_with("r01.toml:2: "));
    let wild = format!("{CONTROLS}wildcard = [\"R01.1\"]\n");
    assert!(error(&wild, head).starts_with("controls.toml:5: "));
    let nothing = RuleBook::parse("test", &[]).unwrap_err();
    assert_eq!(nothing, RuleBookError::NoFile { file: "controls.toml" });
}

#[test]
fn the_hash_knows_every_byte_but_not_the_order_of_files_or_line_endings() {
    let head = "id = \"R01\"\ntitle = \"T\"\nwhy = \"W\"\n";
    let hash = |controls: &str, rule: &str, swap: bool| {
        let mut files = [
            SourceFile { name: "controls.toml", text: controls },
            SourceFile { name: "r01.toml", text: rule },
        ];
        if swap {
            files.reverse();
        }
        RuleBook::parse("test", &files).unwrap().hash()
    };
    let plain = hash(CONTROLS, head, false);
    assert_eq!(plain, hash(CONTROLS, head, true));
    assert_eq!(plain, hash(CONTROLS, &head.replace('\n', "\r\n"), false));
    assert_ne!(plain, hash(CONTROLS, &head.replace("\"T\"", "\"U\""), false));
    assert_eq!(plain.to_string().len(), 64);
}
