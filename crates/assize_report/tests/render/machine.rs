//! The formats for machines.

use crate::sample::{book, finding, hostile, long, ordinary, problem, report, text};
use assize_model::{Place, ProblemKind, Replacement, Severity};
use assize_report::{AgentRow, json, json_agents, json_coverage, sarif};
use assize_rulebook::{Compiled, Kind};
use serde_json::{Value, json as value};

const SARIF_SCHEMA: &str = include_str!("../data/sarif-schema-2.1.0.json");

fn json_value(report: &assize_report::Report) -> Value {
    serde_json::from_str(&text(|out| json(out, report))).unwrap()
}

fn sarif_value(report: &assize_report::Report) -> Value {
    serde_json::from_str(&text(|out| sarif(out, report, book()))).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn json_of_one_finding() {
    let mut report = report(vec![finding(
        "phantom-import",
        Severity::Error,
        "src/é.py",
        (2, 8, 2, 21),
        "`x` is imported",
    )]);
    report.controls.retain(|control| control.unresolved > 0);
    report.problems = vec![problem("a", ProblemKind::TooDeep, "501 brackets")];
    report.rule_book.hash = "00".repeat(32);
    let value: Value = json_value(&report);
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn json_has_the_fields_of_the_contract_in_its_order() {
    let value = json_value(&ordinary());
    assert_eq!(
        keys(&value),
        ["schema", "tool", "root", "rulebook", "stats", "findings", "controls", "problems"]
    );
    assert_eq!(
        keys(&value["findings"][0]),
        [
            "control",
            "rule",
            "clauses",
            "severity",
            "path",
            "line",
            "column",
            "end_line",
            "end_column",
            "message",
            "help",
            "fingerprint",
            "code",
            "state"
        ]
    );
    assert_eq!(keys(&value["controls"][0]), ["name", "outcome", "unresolved"]);
    // Serves no clause: the rule is null, and the list is there and empty.
    let outside = value["findings"].as_array().unwrap();
    let outside = outside.iter().find(|found| found["control"] == "agent-budget").unwrap();
    assert_eq!((&outside["rule"], &outside["clauses"]), (&Value::Null, &value!([])));
    assert_eq!(value["controls"].as_array().unwrap().len(), 297);
}

#[test]
fn json_is_exact_and_never_cut() {
    let value = json_value(&hostile());
    assert_eq!(value["findings"][0]["message"], crate::sample::HOSTILE);
    assert_eq!(json_value(&long())["findings"].as_array().unwrap().len(), 26);
    assert_eq!(sarif_value(&long())["runs"][0]["results"].as_array().unwrap().len(), 26);
    let once = text(|out| json(out, &ordinary()));
    assert_eq!(once, text(|out| json(out, &ordinary())));
    assert_eq!(once.lines().count(), 1);
}

#[test]
fn json_of_coverage_and_agents() {
    let compiled = |name: &str| {
        let python = vec!["python".to_owned()];
        let exists = ["phantom-import", "port-registry"].contains(&name);
        exists.then(|| Compiled {
            kinds: vec![Kind::Check],
            languages_claimed: python.clone(),
            languages_with_fixtures: python,
        })
    };
    let coverage = book().coverage(&compiled);
    let value: Value = serde_json::from_str(&text(|out| json_coverage(out, &coverage))).unwrap();
    assert_eq!(keys(&value), ["schema", "clauses", "summary"]);
    assert_eq!(value["clauses"].as_array().unwrap().len(), 200);
    assert_eq!(
        value["clauses"][100 + 2],
        value!({"id": "R11.3", "coverage": "partial", "controls": [
            {"name": "port-registry", "kind": "check+guard", "status": "partial"}
        ]})
    );
    assert_eq!(
        value["clauses"][170 + 7]["controls"][0],
        value!({"name": "ledger-append", "kind": "runtime", "status": "uncounted"})
    );
    let row = |name: &str, status: &str| AgentRow {
        name: name.to_owned(),
        path: format!("agents/{name}.md"),
        status: status.to_owned(),
    };
    let agents = text(|out| json_agents(out, &[row("b", "valid"), row("a", "rescued")]));
    insta::assert_snapshot!(format!("{}\n{agents}", value["summary"]));
}

#[test]
fn sarif_of_one_finding() {
    let mut report = report(vec![finding(
        "phantom-import",
        Severity::Error,
        "src/a b:é.py",
        (2, 8, 2, 21),
        "`x` is imported",
    )]);
    report.controls.retain(|control| control.unresolved > 0);
    report.problems = vec![problem("a", ProblemKind::TooDeep, "501 brackets")];
    report.rule_book.hash = "00".repeat(32);
    insta::assert_snapshot!(serde_json::to_string_pretty(&sarif_value(&report)).unwrap());
}

fn replacements() -> Vec<Replacement> {
    let place = Place { line: 1, column: 9, end_line: 1, end_column: 9 };
    vec![Replacement { place, text: "==2.32.3".to_owned() }]
}

#[test]
fn edits_stand_in_both_formats_of_programs() {
    let mut mended = ordinary();
    mended.findings[0].fix = replacements();
    let (json, sarif) = (json_value(&mended), sarif_value(&mended));
    let edit = value!({
        "line": 1, "column": 9, "end_line": 1, "end_column": 9, "text": "==2.32.3",
    });
    assert_eq!(json["findings"][0]["fix"], value!([edit]));
    assert_eq!(json["findings"][1].get("fix"), None);
    let fix = &sarif["runs"][0]["results"][0]["fixes"][0];
    let change = &fix["artifactChanges"][0];
    let location = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(change["artifactLocation"], location["artifactLocation"]);
    let region = value!({ "startLine": 1, "startColumn": 9, "endLine": 1, "endColumn": 9 });
    let replacement = value!({
        "deletedRegion": region, "insertedContent": { "text": "==2.32.3" },
    });
    assert_eq!(change["replacements"], value!([replacement]));
    assert_eq!(sarif["runs"][0]["results"][1].get("fixes"), None);
}

#[test]
fn sarif_follows_its_schema() {
    let schema: Value = serde_json::from_str(SARIF_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut broken = ordinary();
    broken.problems = vec![
        problem("", ProblemKind::Root, "no such folder"),
        problem("a", ProblemKind::Panic, "a bug"),
    ];
    broken.head.root = "relative".to_owned();
    let mut at_zero = finding("phantom-env", Severity::Info, "a", (0, 0, 0, 0), "");
    at_zero.message.clear();
    let mut mended = ordinary();
    mended.findings[0].fix = replacements();
    let alone = [report(Vec::new()), report(vec![at_zero])];
    for report in [ordinary(), hostile(), long(), broken, mended].into_iter().chain(alone) {
        let value = sarif_value(&report);
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    // The schema is not satisfied by anything.
    assert!(!validator.is_valid(&value!({"version": "2.1.0", "runs": [{"results": []}]})));
}

/// The keys of a value and of the first member of each list in it, as paths.
fn shape(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                out.push(format!("{at}/{key}"));
                shape(field, &format!("{at}/{key}"), out);
            }
        }
        Value::Array(members) => {
            if let Some(first) = members.first() {
                shape(first, at, out);
            }
        }
        _ => {}
    }
}

#[test]
fn the_examples_of_the_page_have_the_shape_of_the_output() {
    let page = include_str!("../../../../docs/json.md");
    let examples: Vec<Value> = page
        .split("```json\n")
        .skip(1)
        .map(|rest| serde_json::from_str(rest.split_once("```").unwrap().0).unwrap())
        .collect();
    let mut ordinary = ordinary();
    ordinary.problems = vec![problem("a", ProblemKind::TooLarge, "m")];
    let coverage = book().coverage(&|_| None);
    let agent = AgentRow { name: String::new(), path: String::new(), status: String::new() };
    let outputs = [
        json_value(&ordinary),
        serde_json::from_str(&text(|out| json_coverage(out, &coverage))).unwrap(),
        serde_json::from_str(&text(|out| json_agents(out, &[agent]))).unwrap(),
    ];
    // What comes after them is no report.
    assert!(examples.len() >= outputs.len());
    for (example, output) in examples.iter().zip(&outputs) {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        shape(example, "", &mut left);
        shape(output, "", &mut right);
        // The page shows only some of the classes.
        for shape in [&mut left, &mut right] {
            shape.retain(|path| !path.starts_with("/stats/classes/"));
        }
        assert_eq!(left, right);
    }
}
