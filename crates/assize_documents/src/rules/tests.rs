use proptest::prelude::*;

use super::*;

fn faults(text: &str) -> Vec<(&'static str, u32)> {
    parse(text).faults.iter().map(|found| (found.fault.word(), found.line)).collect()
}

#[test]
fn rules_are_read_in_every_notation_that_teams_use() {
    let text = "# Rules\nIntro that says nothing.\n📌 Rule 1: Real code\n- every service exists\n\
                ### 📌 Rule 2: Look first\n#### How\n✅ search first\n1. read it\n\
                **Rule 3: Then write**\ntext\n* never copy\n";
    let parsed = parse(text);
    let found: Vec<_> = parsed
        .rules
        .iter()
        .map(|rule| (rule.number, rule.title, rule.line, rule.clauses.len()))
        .collect();
    assert_eq!(
        found,
        [
            (Some(1), "Real code", 3, 1),
            (Some(2), "Look first", 5, 2),
            (Some(3), "Then write", 9, 1)
        ]
    );
    assert!(parsed.is_numbered && parsed.faults.is_empty(), "{:?}", parsed.faults);
}

#[test]
fn a_document_without_numbers_is_read_for_what_obliges() {
    let text = "# Guide\n- The API lives in `api/`.\n- Never commit secrets to the repository.\n\
                Always run the tests.\n```\n- never in an example\n```\n## Style\n- be nice\n";
    let parsed = parse(text);
    let clauses: Vec<(u32, &[&str])> = parsed.rules[0]
        .clauses
        .iter()
        .map(|clause| (clause.line, clause.controls.as_slice()))
        .collect();
    assert_eq!(clauses, [(3, &["secret-literal"][..]), (4, &[])]);
    assert_eq!(parsed.rules.len(), 1);
    assert_eq!(parsed.unmapped().count(), 1);
}

#[test]
fn numbers_that_are_missing_or_there_twice_are_faults() {
    let rules = |numbers: &[u32]| -> String {
        numbers.iter().map(|number| format!("Rule {number}: title {number}\n- do it\n")).collect()
    };
    assert_eq!(faults(&rules(&[1, 2, 3, 4])), []);
    assert_eq!(faults(&rules(&[1, 2, 4, 5])), [("missing-number", 5)]);
    assert_eq!(faults(&rules(&[1, 2, 3, 3, 4, 5])), [("duplicate-number", 7)]);
    // A list of contents, and rules of another document.
    assert_eq!(faults(&rules(&[1, 2, 3, 1, 2, 3])), []);
    assert_eq!(faults(&rules(&[4, 9, 17])), []);
    assert_eq!(faults(&rules(&[1, 9])), []);
}

#[test]
fn what_cannot_be_read_is_named() {
    assert_eq!(faults("# A\n# A\n- x\n"), [("repeated-line", 2)]);
    assert_eq!(faults("## Specialised   Usage\n"), [("hole", 1)]);
    let three = "Rule 1: a\nRule 2: b\nRule 3: c\n";
    assert_eq!(faults(&format!("{three}📌 Rule : no number\n")), [("unread", 4)]);
    assert_eq!(faults("Rule: be kind\n"), []);
    assert_eq!(faults("Rules: all of them\n| a   b |\n- `a   b`\n- a.  B\n"), []);
    let large = "a".repeat(DOCUMENT_BYTES_MAX + 1);
    assert_eq!(faults(&large), [("too-large", 1)]);
}

#[test]
fn a_clause_is_mapped_only_where_its_words_leave_no_doubt() {
    for (text, expected) in [
        ("Never hardcode secrets", &["secret-literal"][..]),
        ("Secrets are rotated every month", &[]),
        ("Tokens per request must be measured", &[]),
        ("Pin every base image, never use :latest", &["image-pin"]),
        ("Never use git push --force", &["history-rewrite"]),
        ("Always be kind", &[]),
        ("No mocks in production code", &["mock-in-prod"]),
        ("Set a timeout on each HTTP client", &["http-timeouts"]),
        ("MCP servers must never be removed", &["mcp-permit"]),
    ] {
        assert_eq!(clause::controls(text), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        drop(parse(&text));
    }

    #[test]
    fn lines_lie_in_the_document(text in "([-#*`0-9. a-z\n]|Rule [0-9]: x\n|✅ a|  b){0,80}") {
        let count = u32::try_from(text.lines().count().max(1)).unwrap_or(0);
        let parsed = parse(&text);
        for rule in &parsed.rules {
            prop_assert!(rule.line <= count);
            prop_assert!(rule.clauses.iter().all(|clause| clause.line <= count));
        }
        prop_assert!(parsed.faults.iter().all(|fault| fault.line <= count));
        prop_assert_eq!(parse(&text), parsed);
    }
}
