//! The formats for people and agents.

use crate::sample::{
    PLAIN, book, finding, hostile, long, ordinary, problem, report, run, source, text,
};
use assize_model::{Outcome, ProblemKind, RepoPath, Severity};
use assize_report::{Exit, Report, Shown, View, agent, concise, full};

fn full_text(report: &Report, view: View, source: &dyn Fn(&RepoPath) -> Option<String>) -> String {
    text(|out| full(out, report, view, book(), source))
}

fn concise_text(report: &Report, view: View) -> String {
    text(|out| concise(out, report, view, book()))
}

fn agent_text(report: &Report, view: View) -> String {
    text(|out| agent(out, report, view))
}

#[test]
fn ordinary_full() {
    insta::assert_snapshot!(full_text(&ordinary(), PLAIN, &source));
}

#[test]
fn ordinary_concise_with_baselined() {
    let view = View { shown: Shown::All, ..PLAIN };
    insta::assert_snapshot!(concise_text(&ordinary(), view));
}

#[test]
fn ordinary_agent() {
    insta::assert_snapshot!(agent_text(&ordinary(), PLAIN));
}

#[test]
fn hostile_full() {
    insta::assert_snapshot!(full_text(&hostile(), PLAIN, &|_| Some(
        crate::sample::HOSTILE.to_owned()
    )));
}

#[test]
fn hostile_concise_and_agent() {
    let report = hostile();
    insta::assert_snapshot!(format!(
        "{}\n{}",
        concise_text(&report, PLAIN),
        agent_text(&report, PLAIN)
    ));
}

#[test]
fn nothing_hostile_gets_through() {
    let report = hostile();
    let view = View { limit: None, excerpts: None, shown: Shown::All, ..PLAIN };
    for text in [
        full_text(&report, view, &|_| Some(crate::sample::HOSTILE.to_owned())),
        concise_text(&report, view),
        agent_text(&report, view),
    ] {
        let acting =
            |c: char| c != '\n' && (c.is_control() || ('\u{200b}'..='\u{202e}').contains(&c));
        assert!(!text.contains(acting), "{text}");
    }
}

#[test]
fn zero_findings() {
    let report = report(Vec::new());
    insta::assert_snapshot!(format!(
        "{}---\n{}---\n{}",
        full_text(&report, PLAIN, &source),
        concise_text(&report, PLAIN),
        agent_text(&report, PLAIN),
    ));
}

/// The fourth finding of a control and those after it take a line each.
#[test]
fn more_than_are_shown_at_length() {
    let shown = full_text(&long(), PLAIN, &source);
    let at_length = shown.lines().filter(|line| line.starts_with("warn[")).count();
    assert_eq!(at_length, View::EXCERPTS);
    let in_lines = shown.lines().filter(|line| line.contains(": warn[phantom-env")).count();
    assert_eq!(in_lines, View::LIMIT - View::EXCERPTS);
}

#[test]
fn more_than_the_limit() {
    let report = long();
    insta::assert_snapshot!(format!(
        "{}---\n{}",
        concise_text(&report, PLAIN),
        agent_text(&report, PLAIN)
    ));
    let all = View { limit: None, excerpts: None, ..PLAIN };
    let text = concise_text(&report, all);
    assert_eq!(text.lines().filter(|line| line.contains("[phantom-env/")).count(), 25);
    assert!(!text.contains("--limit"));
    let none = View { limit: Some(0), ..PLAIN };
    assert!(agent_text(&report, none).starts_with("… and 1 more of doc-link"));
}

#[test]
fn colour_adds_nothing_but_escapes() {
    let report = ordinary();
    let colour = View { colour: true, ..PLAIN };
    let strip = |text: &str| {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            out.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        out + rest
    };
    let painted = full_text(&report, colour, &source);
    assert!(painted.contains('\u{1b}'));
    assert_eq!(strip(&painted), full_text(&report, PLAIN, &source));
    let painted = concise_text(&report, colour);
    assert_eq!(strip(&painted), concise_text(&report, PLAIN));
    assert_eq!(agent_text(&report, colour), agent_text(&report, PLAIN));
}

#[test]
fn problems_are_counted_by_kind_and_five_are_listed() {
    let mut report = report(Vec::new());
    report.problems = (1..=6)
        .map(|n| problem(&format!("f{n}"), ProblemKind::NotUtf8, "byte 3 is no UTF-8"))
        .chain([problem("", ProblemKind::Git, "no commit yet")])
        .collect();
    report.problems.sort();
    insta::assert_snapshot!(concise_text(&report, PLAIN), @r"
    no new findings
    1034 files, 16.3 MB, 951 parsed, 1.24 s: 900 production, 120 test, 14 doc
    7 problems: 6 not-utf8, 1 git
      .: git: no commit yet
      f1: not-utf8: byte 3 is no UTF-8
      f2: not-utf8: byte 3 is no UTF-8
      f3: not-utf8: byte 3 is no UTF-8
      f4: not-utf8: byte 3 is no UTF-8
      … and 2 more: --format json lists all
    off: print-logging; not applicable: docker-user
    unresolved, never a finding: phantom-import 3
    exit 0: no new finding of severity error or above
    ");
}

#[test]
fn the_exit_status_follows_new_findings_and_fatal_problems() {
    let warn = finding("phantom-env", Severity::Warn, "a.py", (1, 1, 1, 2), "m");
    let mut report = report(vec![warn]);
    assert_eq!(report.exit(), Exit::Clean);
    report.head.fail_on = Severity::Warn;
    assert_eq!(report.exit(), Exit::Findings { findings: 1 });
    report.problems = vec![problem("assize.toml", ProblemKind::Configuration, "no such key")];
    assert_eq!(report.exit().code(), 2);
    assert!(concise_text(&report, PLAIN).ends_with(
        "exit 2: configuration problem in assize.toml; the findings cannot be relied on\n"
    ));
}

#[test]
fn excerpts_survive_any_place_and_any_text() {
    let texts = ["", "\n", "\r", "é", "日\t本\u{301}", "a\r\nb", &"x".repeat(70_000)];
    let edges = [0, 1, 2, 3, 119, 70_000, u32::MAX];
    for text in texts {
        for line in edges {
            for column in edges {
                for end in edges {
                    let place = (line, column, end, column);
                    let report = report(vec![
                        finding("phantom-env", Severity::Info, "a.py", place, "m"),
                        finding("secret-literal", Severity::Warn, "a.py", place, "m"),
                    ]);
                    full_text(&report, PLAIN, &|_| Some(text.to_owned()));
                }
            }
        }
    }
}

#[test]
fn the_input_order_does_not_matter() {
    let shuffled = |mut findings: Vec<_>| {
        findings.rotate_left(2);
        let controls = vec![run("phantom-env", Outcome::Ran, 0), run("doc-link", Outcome::Ran, 0)];
        Report::new(crate::sample::head(), book(), findings, controls, Vec::new())
    };
    let findings: Vec<_> = ordinary().findings.into_iter().map(|f| f.finding).collect();
    let mut reversed = findings.clone();
    reversed.reverse();
    assert_eq!(shuffled(findings), shuffled(reversed));
}
