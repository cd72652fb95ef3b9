//! The page on one session: whole, hostile, and long.

use assize_report::{Mark, SessionPage, Step, session_html};

fn step(number: u64, mark: Mark, word: &str, what: &str, object: &str, lines: &[&str]) -> Step {
    Step {
        number,
        time: "2026-11-25T20:41:03Z".to_owned(),
        who: String::new(),
        mark,
        word: word.to_owned(),
        what: what.to_owned(),
        object: object.to_owned(),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
    }
}

fn page(steps: Vec<Step>) -> SessionPage {
    SessionPage {
        root: "/home/dev/shop".to_owned(),
        session: "s-1".to_owned(),
        client: "claude-code".to_owned(),
        agents: vec!["reviewer".to_owned()],
        first: "2026-11-25T20:41:03Z".to_owned(),
        last: "2026-11-25T20:59:00Z".to_owned(),
        totals: vec![("answers to calls".to_owned(), 2), ("denied".to_owned(), 1)],
        open: vec!["shop/a.py:1: it does not parse (syntax-parse, error)".to_owned()],
        steps,
        not_held: vec!["What the agent said.".to_owned()],
        version: "0.0.0".to_owned(),
    }
}

fn shown(page: &SessionPage) -> String {
    let mut out = Vec::new();
    session_html(&mut out, page).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_session_in_order() {
    let mut by_another = step(4, Mark::Good, "exit 0", "ran", "pytest -q", &[]);
    by_another.who = "reviewer".to_owned();
    let steps = vec![
        step(1, Mark::Plain, "session start", "", "", &[]),
        step(2, Mark::Stopped, "deny", "write", "shop/b.py", &["syntax-parse: line 1"]),
        step(3, Mark::Stopped, "broke", "syntax-parse", "shop/a.py:1", &["clause R01.1"]),
        by_another,
    ];
    let html = shown(&page(steps));
    let body = html.split_once("</style>").unwrap().1;
    insta::assert_snapshot!(body);
}

#[test]
fn nothing_that_an_agent_chooses_is_acted_on() {
    let hostile = "\"><script>alert(1)</script><img src=x onerror=alert(2)>\u{1b}[31m\u{202e}";
    let mut steps = vec![step(1, Mark::Plain, hostile, hostile, hostile, &[hostile])];
    steps[0].who = hostile.to_owned();
    let mut page = page(steps);
    page.session = hostile.to_owned();
    page.client = hostile.to_owned();
    page.root = format!("/x/{hostile}");
    page.agents = vec![hostile.to_owned()];
    page.open = vec![hostile.to_owned()];
    page.not_held = vec![hostile.to_owned()];
    page.first = hostile.to_owned();
    page.version = hostile.to_owned();
    page.totals = vec![(hostile.to_owned(), 1)];
    let html = shown(&page);
    for sign in ["<script", "<img", "\u{1b}", "\u{202e}"] {
        assert!(!html.contains(sign), "{sign:?}");
    }
    // All that stands in tags is ours: a quote of theirs would end an attribute.
    assert!(!html.contains("\"><s"), "{html}");
    assert!(html.contains("default-src 'none'") && !html.contains("script-src"));
    for address in ["http:", "https:", "src="] {
        let found = html.match_indices(address).count();
        let ours = html.matches("img src=x").count();
        assert_eq!(found, if address == "src=" { ours } else { 0 }, "{address}");
    }
}

#[test]
fn a_long_session_keeps_its_beginning_and_its_end() {
    let many = (1..=5_000).map(|number| step(number, Mark::Plain, "allow", "shell", "ls", &[]));
    let html = shown(&page(many.collect()));
    assert!(html.contains("id=\"e1\"") && html.contains("id=\"e5000\""));
    assert!(html.contains("id=\"e1000\"") && !html.contains("id=\"e1001\""));
    assert!(!html.contains("id=\"e4000\"") && html.contains("id=\"e4001\""));
    assert!(html.contains("… 3000 steps in between are left out"));
    assert!(html.len() < 1_000_000, "{}", html.len());
    let long = "x".repeat(10_000);
    let lines = vec![long.as_str(); 100];
    let html = shown(&page(vec![step(1, Mark::Plain, "allow", "shell", &long, &lines)]));
    assert!(html.len() < 30_000 && html.contains("… and 80 more"), "{}", html.len());
    assert!(shown(&page(Vec::new())).contains("Nothing is recorded."));
}
