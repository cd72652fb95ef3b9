use proptest::prelude::*;

use assize_model::Severity;

use super::{
    Case, RULE_FILE_BYTES_MAX, RULE_FILES_MAX, RULE_TEXT_MAX, RULE_TEXTS_MAX, RULES_MAX, RuleFile,
    TeamRule, Wanted,
};
use crate::ConfigError;

const LANGUAGES: [&str; 2] = ["go", "python"];

fn read(texts: &[&str]) -> Result<Vec<TeamRule>, ConfigError> {
    let paths: Vec<String> = (0..texts.len()).map(|number| format!("{number}.toml")).collect();
    let files: Vec<RuleFile<'_>> = paths
        .iter()
        .zip(texts)
        .map(|(path, text)| RuleFile { folder: ".assize/rules", path, text })
        .collect();
    TeamRule::read(&files, &LANGUAGES)
}

/// Every mistake, one a line.
fn mistakes(texts: &[&str]) -> String {
    read(texts).unwrap_err().to_string()
}

const WHOLE: &str = r#"
[rules.no-print]
message = "say it in the log"
pattern = ["print($$$)", "pprint($$$)"]
unless = "print()"
languages = "python"
paths = ["services", "/tools/*.py"]
except = "*_test.py"
severity = "error"
clause = "R05.2"
match = "print(1)"
"#;

#[test]
fn a_rule_is_what_its_keys_say() {
    let rules = read(&[WHOLE]).unwrap();
    let rule = &rules[0];
    assert_eq!((rule.name.0, rule.severity), ("team/no-print", Severity::Error));
    assert_eq!(rule.paths, ["**/services", "tools/*.py"]);
    assert_eq!(rule.except, ["**/*_test.py"]);
    assert_eq!((rule.place.line, rule.place.column), (2, 8));
    let Wanted::Code { any, unless, .. } = &rule.wanted else { panic!("{rule:?}") };
    assert_eq!((any.len(), unless.len()), (2, 1));
    assert_eq!((any[1].line, any[1].column), (4, 26));
    assert!(rule.page().contains("print($$$)"));
}

#[test]
fn mistakes_are_named_with_their_place() {
    let cases = [
        ("[rule.a]\n", "1:2: unknown key `rule` at the top level; did you mean `rules`?"),
        ("[rules.A]\n", "1:8: `A` is no name of a rule"),
        ("[rules.a]\nmessage = \"m\"\n", "1:8: `rules.a` must have exactly one of `must-be-named`"),
        (
            "[rules.a]\nmessage = \"m\"\npattern = \"x\"\nregex = \"y\"\n",
            "1:8: `rules.a` must have exactly one of",
        ),
        (
            "[rules.a]\nmessage = \"m\"\npatern = \"x\"\nregex = \"y\"\npaths = \"a\"\nmatch=\"y\"\n",
            "3:1: unknown key `patern` in `[rules.a]`; did you mean `pattern`?",
        ),
        ("[rules.a]\nregex = \"y\"\n", "1:8: `rules.a` lacks `message`"),
        (
            "[rules.a]\nmessage = \"m\"\nregex = \"y\"\nselector = \"x\"\n",
            "4:1: `rules.a.selector` only goes with `pattern`",
        ),
        ("[rules.a]\nmessage = \"m\"\nregex = \"y\"\n", "1:8: `rules.a` lacks `paths`"),
        ("[rules.a]\nmessage = \"m\"\npattern = \"y\"\n", "1:8: `rules.a` lacks `languages`"),
        (
            "[rules.a]\nmessage = \"m\"\nregex = \"y\"\nin = \"comments\"\npaths = \"a\"\n",
            "1:8: `rules.a` lacks `languages`",
        ),
        (
            "[rules.a]\nmessage = \"m\"\nregex = \"y\"\npaths = \"a\"\n",
            "1:8: `rules.a` lacks `match`",
        ),
        (
            "[rules.a]\nmessage = \"m\"\npattern = \"y\"\nlanguages = [\"pyton\"]\n",
            "4:14: unknown language `pyton` in `rules.a.languages`; did you mean `python`?",
        ),
        (
            "[rules.a]\nmessage = \"m\"\nregex = \"y\"\npaths = [\"a\", \"{b,c}\"]\n",
            "4:15: bad glob `{b,c}` in `rules.a.paths`: braces",
        ),
        (
            "[rules.a]\nmessage = \"m\"\nregex = \"y\"\nclasses = \"tests\"\n",
            "4:11: unknown class `tests` in `rules.a.classes`; did you mean `test`?",
        ),
        (
            "[rules.a]\nmessage = \"m\"\nregex = \"y\"\nclause = \"5.2\"\n",
            "4:10: `5.2` in `rules.a.clause` is no clause such as `R05.2`",
        ),
        (
            "[rules.a]\nmessage = \"m\"\nmust-exist = \"a\"\nmatch = \"a\"\n",
            "4:1: `rules.a.match` says nothing beside `must-exist`",
        ),
        (
            "[rules.a]\nmessage = \"m\"\nmust-not-exist = false\npaths = \"a\"\n",
            "3:18: `rules.a.must-not-exist` can only be `true`",
        ),
        ("[rules.a]\nmessage = \"\"\nregex = []\n", "3:9: `rules.a.regex` is empty"),
    ];
    for (text, expected) in cases {
        let said = mistakes(&[text]);
        assert!(said.contains(&format!("0.toml:{expected}")), "{text}\n{said}");
    }
}

#[test]
fn a_name_stands_once_in_all_files() {
    let said = mistakes(&[WHOLE, WHOLE]);
    assert_eq!(said, "1.toml:2:8: the rule `no-print` stands in `0.toml` as well");
}

#[test]
fn limits_hold() {
    let rule = |number: usize| format!("[rules.r{number}]\nmessage = \"m\"\nmust-exist = \"a\"\n");
    let many = |count: usize| (0..count).map(rule).collect::<String>();
    assert_eq!(read(&[&many(RULES_MAX)]).unwrap().len(), RULES_MAX);
    assert!(mistakes(&[&many(RULES_MAX + 1)]).contains("more than 200 rules"));
    let long = |length: usize| {
        format!("[rules.a]\nmessage = \"{}\"\nmust-exist = \"a\"\n", "m".repeat(length))
    };
    assert!(read(&[&long(RULE_TEXT_MAX)]).is_ok());
    assert!(mistakes(&[&long(RULE_TEXT_MAX + 1)]).contains("a text of more than 2000 bytes"));
    let list = |count: usize| {
        format!("[rules.a]\nmessage = \"m\"\nmust-exist = [{}]\n", "\"a\",".repeat(count))
    };
    assert!(read(&[&list(RULE_TEXTS_MAX)]).is_ok());
    assert!(mistakes(&[&list(RULE_TEXTS_MAX + 1)]).contains("more than 50 texts"));
    assert!(mistakes(&[&" ".repeat(RULE_FILE_BYTES_MAX + 1)]).contains("larger than"));
    assert!(mistakes(&vec![""; RULE_FILES_MAX + 1]).contains("more than 64 files"));
}

#[test]
fn names_are_written_as_they_say() {
    for case in Case::ALL {
        let others = Case::ALL.map(|other| (other, case.fits(other.word())));
        assert_eq!(others.map(|(other, fits)| fits == (other == case)), [true; 4], "{case:?}");
        assert!(case.fits("__.py") && case.fits(".env"), "{case:?}");
    }
    assert!(Case::Snake.fits("a_2.test.ts") && Case::Kebab.fits("readme.md"));
}

/// Lines that a rule file is made of, right and wrong.
fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("[rules.a]".to_owned()),
        Just("[rules.b-c]".to_owned()),
        Just("message = \"m\"".to_owned()),
        Just("regex = \"y\"".to_owned()),
        Just("pattern = [\"f($A)\"]".to_owned()),
        Just("must-exist = [\"a/**\", \"b\"]".to_owned()),
        "(paths|match|languages|severity|clause|in) = \"[a-z*R0-9./]{0,6}\"",
        "\\PC{0,20}",
    ];
    proptest::collection::vec(line, 0..14).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_places(text in lines()) {
        if let Err(error) = read(&[&text]) {
            let count = u32::try_from(text.split('\n').count()).unwrap();
            prop_assert!(!error.mistakes().is_empty());
            for mistake in error.mistakes() {
                prop_assert!(mistake.line() >= 1 && mistake.line() <= count, "{mistake}");
                prop_assert!(mistake.column() >= 1);
            }
        }
    }
}
