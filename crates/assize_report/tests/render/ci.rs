//! The formats for CI servers.

use assize_model::{FindingState, ProblemKind, Severity};
use assize_report::{Report, github, junit};
use roxmltree::{Document, Node};

use crate::sample::{finding, hostile, long, ordinary, problem, report, text};

/// What an element of a JUnit report may hold, by the schema that Jenkins' xUnit plugin applies
/// (`junit-10.xsd`). The parts of it that a report of ours could ever touch.
struct Element {
    name: &'static str,
    children: &'static [&'static str],
    required: &'static [&'static str],
    optional: &'static [&'static str],
}

const SCHEMA: [Element; 6] = [
    Element {
        name: "testsuites",
        children: &["testsuite"],
        required: &[],
        optional: &["name", "time", "tests", "failures", "errors"],
    },
    Element {
        name: "testsuite",
        children: &["testsuite", "properties", "testcase", "system-out", "system-err"],
        required: &["name", "tests", "failures", "errors"],
        optional: &[
            "group",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
            "log",
            "url",
        ],
    },
    Element {
        name: "testcase",
        children: &["skipped", "error", "failure", "system-out", "system-err"],
        required: &["name"],
        optional: &["time", "classname", "group"],
    },
    Element { name: "failure", children: &[], required: &[], optional: &["type", "message"] },
    Element { name: "error", children: &[], required: &[], optional: &["type", "message"] },
    Element { name: "skipped", children: &[], required: &[], optional: &["type", "message"] },
];

/// Holds an element, and all below it, against the schema.
fn hold(node: Node<'_, '_>, faults: &mut Vec<String>) {
    let name = node.tag_name().name();
    let Some(element) = SCHEMA.iter().find(|element| element.name == name) else {
        faults.push(format!("no element is called {name}"));
        return;
    };
    for wanted in element.required.iter().filter(|wanted| !node.has_attribute(**wanted)) {
        faults.push(format!("{name} has no {wanted}"));
    }
    for attribute in node.attributes() {
        let known = element.required.iter().chain(element.optional);
        if !known.clone().any(|known| *known == attribute.name()) {
            faults.push(format!("{name} has {}", attribute.name()));
        }
        // SUREFIRE_TIME: digits, perhaps grouped by commas, perhaps with a fraction.
        let is_time = |text: &str| text.chars().all(|c| c.is_ascii_digit() || ".,".contains(c));
        if name != "testcase" && attribute.name() == "time" && !is_time(attribute.value()) {
            faults.push(format!("{} is no time", attribute.value()));
        }
    }
    let mixed = element.children.is_empty();
    for child in node.children() {
        if child.is_element() {
            if !element.children.contains(&child.tag_name().name()) {
                faults.push(format!("{name} holds {}", child.tag_name().name()));
            }
            hold(child, faults);
        } else if !mixed && child.text().is_some_and(|text| !text.trim().is_empty()) {
            faults.push(format!("{name} holds text"));
        }
    }
}

fn faults_of(xml: &str) -> Vec<String> {
    let document = match Document::parse(xml) {
        Ok(document) => document,
        Err(error) => return vec![error.to_string()],
    };
    let mut faults = Vec::new();
    hold(document.root_element(), &mut faults);
    faults
}

fn reports() -> Vec<Report> {
    let mut broken = ordinary();
    broken.problems = vec![
        problem("assize.toml", ProblemKind::Configuration, "no such key"),
        problem("a", ProblemKind::TooDeep, "501 brackets"),
    ];
    vec![ordinary(), hostile(), long(), broken, report(Vec::new())]
}

#[test]
fn junit_follows_the_schema_of_ci_servers() {
    for report in reports() {
        assert_eq!(faults_of(&text(|out| junit(out, &report))), Vec::<String>::new());
    }
    // The schema is not satisfied by anything.
    for wrong in [
        "<testsuite name='a'/>",
        "<testsuites><testcase name='a'/></testsuites>",
        "<testsuites time='1 s'/>",
        "<testsuites><x/></testsuites>",
        "<testsuites>\u{1}</testsuites>",
    ] {
        assert_ne!(faults_of(wrong), Vec::<String>::new(), "{wrong}");
    }
}

/// The counts that a server shows are those of the elements, and a case fails exactly where the
/// exit status does.
#[test]
fn junit_counts_what_it_holds() {
    for report in reports() {
        let xml = text(|out| junit(out, &report));
        let document = Document::parse(&xml).unwrap();
        let root = document.root_element();
        let count = |node: Node<'_, '_>, name: &str| {
            node.descendants().filter(|one| one.has_tag_name(name)).count().to_string()
        };
        for node in root.descendants().filter(|one| one.has_attribute("tests")) {
            for (attribute, name) in
                [("tests", "testcase"), ("failures", "failure"), ("errors", "error")]
            {
                assert_eq!(node.attribute(attribute), Some(count(node, name).as_str()));
            }
        }
        let failing = report.findings.iter().map(|one| &one.finding);
        let failing = failing
            .filter(|one| one.state == FindingState::New && one.severity >= report.head.fail_on);
        assert_eq!(count(root, "failure"), failing.count().to_string());
    }
}

#[test]
fn junit_of_an_ordinary_report() {
    let mut report = ordinary();
    report.problems = vec![problem("a", ProblemKind::TooDeep, "501 brackets")];
    insta::assert_snapshot!(text(|out| junit(out, &report)));
}

#[test]
fn github_of_an_ordinary_report() {
    insta::assert_snapshot!(text(|out| github(out, &ordinary())));
}

#[test]
fn github_shows_what_it_can_and_counts_the_rest() {
    let told = text(|out| github(out, &long()));
    let levels = |level: &str| told.lines().filter(|line| line.starts_with(level)).count();
    // Twenty-four warnings of one control and one of another, of which ten are shown.
    assert_eq!((levels("::error "), levels("::warning ")), (1, 10));
    assert!(told.contains("15 more") && told.contains("  phantom-env warning: 15\n"), "{told}");
    let all = report(Vec::new());
    assert_eq!(text(|out| github(out, &all)), "no new findings\nexit 0\n");
}

/// A runner acts on every line that begins with a command, and on `##[` anywhere else.
#[test]
fn no_text_of_a_repository_becomes_a_command() {
    let command = "a\n::set-output name=x::y\r\n##[error]z";
    let file = "::add-path::x,line=9";
    let mut bad = finding("phantom-env", Severity::Error, file, (1, 1, 1, 2), command);
    bad.help = command.to_owned();
    let mut hostile = hostile();
    hostile.findings.extend(report(vec![bad]).findings);
    for _ in 0..12 {
        hostile.findings.extend_from_within(..1);
    }
    let told = text(|out| github(out, &hostile));
    for line in told.lines() {
        let ours = line.starts_with("::error file=");
        assert!(ours || (!line.contains("::") && !line.contains("##[")), "{line}");
        assert!(!line.contains(|character: char| character.is_control()), "{line:?}");
    }
    assert!(told.contains("file=%3A%3Aadd-path%3A%3Ax%2Cline=9,line=1"), "{told}");
}
