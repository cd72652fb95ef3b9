use std::sync::Arc;

use assize_config::{RuleFile, TeamRule};
use assize_index::LocalFinding;
use assize_model::{FileClass, LineIndex, RepoPath};
use assize_syntax::Dialect;
use proptest::prelude::*;

use super::{Page, TEAM_BYTES_MAX, TEAM_LANGUAGES, TeamRules, Verdict};

fn rules(text: &str) -> Arc<[TeamRule]> {
    let file = RuleFile { folder: "", path: "rules.toml", text };
    TeamRule::read(&[file], &TEAM_LANGUAGES).unwrap().into()
}

fn judge(rules: &TeamRules, path: &str, text: &str) -> Vec<LocalFinding> {
    let (path, lines) = (RepoPath::new(path).unwrap(), LineIndex::new(text));
    let dialect = Dialect::of(&path, text);
    rules.judge(&Page { path: &path, class: FileClass::Production, dialect, text, lines: &lines })
}

/// `line:column message` of each finding; a rule that could not answer is a `?`.
fn found(text: &str, path: &str, code: &str) -> Vec<String> {
    let found = judge(&TeamRules::proven(rules(text)).unwrap(), path, code);
    let shown = |one: LocalFinding| match one.unresolved {
        true => "?".to_owned(),
        false => format!("{}:{} {}", one.place.line, one.place.column, one.message),
    };
    found.into_iter().map(shown).collect()
}

const CALLS: &str = r#"
[rules.calls]
message = "$F takes $A"
pattern = "$F($A)"
languages = ["python", "typescript"]
paths = "src"
except = "gen"
classes = "production"
match = "f(1)"
no-match = "f(1, 2)"
"#;

#[test]
fn a_rule_reads_the_files_that_it_names() {
    assert_eq!(found(CALLS, "src/a.py", "x = 1\nlog(y)\n"), ["2:1 log takes y"]);
    assert_eq!(found(CALLS, "src/deep/a.ts", "log(y)\n"), ["1:1 log takes y"]);
    assert_eq!(found(CALLS, "src/a.tsx", "const a = <A>{log(y)}</A>;\n"), ["1:15 log takes y"]);
    for (path, text) in [
        ("lib/a.py", "log(y)\n"),
        ("src/gen/a.py", "log(y)\n"),
        ("src/a.go", "package a\nfunc f() { log(y) }\n"),
        ("src/a.py", "# log(y)\n"),
    ] {
        assert_eq!(found(CALLS, path, text), [""; 0], "{path}");
    }
}

#[test]
fn examples_of_rules_are_no_findings() {
    let text = "[rules.a]\nmessage = \"m\"\nregex = \"TODO\"\npaths = \"*.toml\"\n\
                match = \"TODO\"\n";
    assert_eq!(found(text, "app.toml", "a = 'TODO'\n"), ["1:6 m"]);
    assert_eq!(found(text, ".assize/rules/app.toml", text), [""; 0]);
}

#[test]
fn expressions_are_looked_for_where_they_are_asked_for() {
    let within = |part: &str, language: &str, example: &str| {
        format!(
            "[rules.a]\nmessage = \"m\"\nregex = [\"TODO\", \"FIX$\"]\nin = \"{part}\"\n\
             languages = \"{language}\"\nmatch = '''{example}'''\n"
        )
    };
    let text = "a = 'TODO'  # TODO TODO\nFIX = 2\nb = 'x' # FIX\nc = '''\nTODO\n'''\n";
    let all = within("all", "python", "TODO");
    assert_eq!(found(&all, "a.py", text), ["1:6 m", "3:11 m", "5:1 m"]);
    let comments = within("comments", "python", "# TODO");
    assert_eq!(found(&comments, "a.py", text), ["1:15 m", "3:11 m"]);
    let strings = within("strings", "python", "'TODO'");
    assert_eq!(found(&strings, "a.py", text), ["1:6 m", "5:1 m"]);
    for (language, path, comment, string) in [
        ("csharp", "a.cs", "/* TODO */ class A {}", "class A { string a = @\"TODO\"; }"),
        ("go", "a.go", "package a // TODO", "package a\nvar a = `TODO`"),
        ("java", "a.java", "class A {} // TODO", "class A { String a = \"TODO\"; }"),
        ("javascript", "a.js", "/* TODO */", "a = `TODO`"),
        ("rust", "a.rs", "//! TODO", "const A: &str = r\"TODO\";"),
        ("shell", "a.sh", "# TODO", "echo 'a TODO b'"),
        ("typescript", "a.ts", "// TODO", "a = \"TODO\""),
    ] {
        let (comments, strings) =
            (within("comments", language, comment), within("strings", language, string));
        assert_eq!(found(&comments, path, comment).len(), 1, "{language}");
        assert_eq!(found(&comments, path, string), [""; 0], "{language}");
        assert_eq!(found(&strings, path, string).len(), 1, "{language}");
        assert_eq!(found(&strings, path, comment), [""; 0], "{language}");
    }
}

#[test]
fn what_is_beyond_a_limit_is_counted_and_never_found() {
    let long = format!("log(y)\n#{}\n", "x".repeat(TEAM_BYTES_MAX));
    assert_eq!(found(CALLS, "src/a.py", &long), ["?"]);
    let deep = format!("x = {}1{}\n", "-(".repeat(900), ")".repeat(900));
    assert_eq!(found(CALLS, "src/a.py", &deep), ["?"]);
    let tangled = format!("f({})\n", "[".repeat(5_000));
    assert_eq!(found(CALLS, "src/a.py", &tangled), ["?"]);
}

#[test]
fn examples_say_what_a_rule_finds() {
    let text = CALLS.replace("match = \"f(1)\"", "match = [\"f(1)\", \"f()\"]");
    let text = text.replace("\"f(1, 2)\"", "[\"f(1, 2)\", \"g(1)\"]");
    let rules = TeamRules::readable(rules(&text)).unwrap();
    let verdicts: Vec<Verdict> = rules.examples().iter().map(|one| one.verdict).collect();
    let expected = [Verdict::Holds, Verdict::NotFound, Verdict::Holds, Verdict::Found];
    assert_eq!(verdicts, expected);
    let said = TeamRules::proven(Arc::clone(rules.rules())).unwrap_err().to_string();
    assert_eq!(
        said,
        "rules.toml:9:18: the rule `calls` finds nothing in this example, and must\n\
         rules.toml:10:24: the rule `calls` finds something in this example, and must not"
    );
}

#[test]
fn each_pattern_and_expression_that_is_none_is_named() {
    let text = "[rules.a]\nmessage = \"m\"\npattern = [\"f(\", \"$A\"]\nlanguages = \"python\"\n\
                match = \"f(1)\"\n[rules.b]\nmessage = \"m\"\nregex = [\"a\", \"(\"]\npaths = \"a\"\n\
                match = \"a\"\n";
    let said = TeamRules::proven(rules(text)).unwrap_err().to_string();
    for expected in ["rules.toml:3:12: `f(` is no", "rules.toml:3:18: `$A` is no", ":8:15: `(` is"]
    {
        assert!(said.contains(expected), "{said}");
    }
}

/// Text that is nearly code.
fn code() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("f(x)".to_owned()),
        Just("(((".to_owned()),
        Just("def a():\n  ".to_owned()),
        Just("'''".to_owned()),
        Just("# TODO \u{e9}\n".to_owned()),
        "\\PC{0,8}",
        "[(){}\\[\\]<>:;,=.\n ]{0,6}",
    ];
    proptest::collection::vec(part, 0..30).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_text_is_judged_alike_twice_and_places_lie_in_it(
        text in code(),
        path in "src/a\\.(py|ts|tsx|js|go|java|rs|cs|sh)",
    ) {
        let languages = TEAM_LANGUAGES.map(|language| format!("\"{language}\"")).join(",");
        let everywhere = "[rules.t]\nmessage = \"m\"\nregex = \"[a-zT]O?\"\nin = \"comments\"\n\
            languages = [LANGUAGES]\nmatch = \"a\"\n[rules.p]\nmessage = \"$A\"\n\
            pattern = \"f($A)\"\nlanguages = [LANGUAGES]\nmatch = \"f(1)\"\n";
        let rules = TeamRules::known(rules(&everywhere.replace("LANGUAGES", &languages)));
        let found = judge(&rules, &path, &text);
        prop_assert_eq!(&found, &judge(&rules, &path, &text));
        let lines = u32::try_from(LineIndex::new(&text).len()).unwrap();
        for one in found {
            prop_assert!(one.place.line >= 1 && one.place.end_line <= lines, "{one:?}");
        }
    }
}
