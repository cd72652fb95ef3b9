//! The page for people who open it in a browser.

use std::collections::{BTreeMap, BTreeSet};

use assize_model::{FindingState, Outcome, ProblemKind, RepoPath, Severity};
use assize_report::{Before, Owners, Page, Report, html};
use assize_rulebook::{Compiled, Kind};
use proptest::prelude::*;
use roxmltree::{Document, Node};

use crate::sample::{
    HOSTILE, book, finding, hostile, long, ordinary, problem, report, source, text,
};

/// A page as XML can be read, without its own style and script: those are ours.
fn bare(page: &str) -> String {
    let (before, rest) = page.split_once("<style>").unwrap();
    let (style, rest) = rest.split_once("</style>").unwrap();
    let (middle, rest) = rest.rsplit_once("<script>").unwrap();
    let (script, after) = rest.split_once("</script>").unwrap();
    assert!(!style.contains("url(") && !style.contains("@import"));
    assert!(!script.contains("innerHTML") && !script.contains("fetch"));
    let before = before.strip_prefix("<!DOCTYPE html>").unwrap();
    [before, middle, after].concat()
}

fn page_of(report: &Report, owners: Option<&Owners>, before: Option<Before>) -> String {
    let python = || vec!["python".to_owned()];
    let coverage = book().coverage(&|name| {
        let exists = ["phantom-import", "phantom-env", "docker-user"].contains(&name);
        exists.then(|| Compiled {
            kinds: vec![Kind::Check],
            languages_claimed: python(),
            languages_with_fixtures: python(),
        })
    });
    let (day, text_of) = ("2026-11-26".to_owned(), &source);
    let page = Page { book: book(), coverage: &coverage, owners, before, day, text: text_of };
    text(|out| html(out, report, &page))
}

fn all<'a>(document: &'a Document<'_>, name: &'static str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name(name)).collect()
}

fn words(node: Node<'_, '_>) -> String {
    let texts = node.descendants().filter(|one| one.is_text()).filter_map(|one| one.text());
    texts.collect::<String>()
}

fn row(document: &Document<'_>, start: &str) -> String {
    let rows = all(document, "tr").into_iter().map(words);
    rows.into_iter().find(|row| row.starts_with(start)).unwrap()
}

#[test]
fn it_can_be_walked_by_keyboard_and_read_aloud() {
    let owners = Owners::parse("* @all\n");
    let mut broken = ordinary();
    broken.problems = vec![problem("a", ProblemKind::TooLarge, "12 MB")];
    for (report, owners) in
        [(ordinary(), None), (broken, Some(&owners)), (report(Vec::new()), None), (long(), None)]
    {
        let page = bare(&page_of(&report, owners, None));
        let document = Document::parse(&page).unwrap();
        assert_eq!(document.root_element().attribute("lang"), Some("en"));
        for landmark in ["header", "nav", "main", "footer", "h1", "title"] {
            assert_eq!(all(&document, landmark).len(), 1, "{landmark}");
        }
        let levels: Vec<u32> = document
            .descendants()
            .filter_map(|node| node.tag_name().name().strip_prefix('h')?.parse().ok())
            .collect();
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
        let ids: Vec<&str> = document.descendants().filter_map(|one| one.attribute("id")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        for node in document.descendants() {
            let target = node.attribute("href").map(|to| to.strip_prefix('#').unwrap());
            let label = node.attribute("aria-labelledby");
            for id in target.into_iter().chain(label) {
                assert!(ids.contains(&id), "{id}");
            }
            assert!(node.attributes().all(|one| !["src", "onclick"].contains(&one.name())));
        }
        assert!(all(&document, "th").iter().all(|head| head.has_attribute("scope")));
        assert!(!page.contains("http:") && !page.contains("https:"));
    }
}

#[test]
fn every_rule_has_its_row_and_its_state() {
    let page = bare(&page_of(&ordinary(), None, None));
    let document = Document::parse(&page).unwrap();
    for rule in book().rules() {
        let title = format!("{} {}", rule.id, rule.title);
        assert!(row(&document, &title).contains(" partial, "), "{title}");
    }
    assert!(row(&document, "R01").ends_with("findings"), "{}", row(&document, "R01"));
    let mut rows = book().rules().iter().map(|rule| row(&document, &rule.id.to_string()));
    assert!(rows.any(|row| row.ends_with("not enforced yet")));
    assert!(row(&document, "Outside the rules").contains('1'));
    // What breaks several rules stands under the first, and the others point there.
    let others = ordinary().findings.into_iter().flat_map(|one| one.clauses.into_iter().skip(1));
    let others: BTreeSet<_> = others.map(|clause| clause.rule().to_string()).collect();
    let own: BTreeSet<_> = ordinary().findings.iter().filter_map(|one| one.rule).collect();
    let pointing = others.iter().filter(|id| own.iter().all(|rule| rule.to_string() != **id));
    for id in pointing {
        assert!(row(&document, id).contains("findings that stand under R"), "{id}");
    }
    let mut idle = report(Vec::new());
    for control in &mut idle.controls {
        if control.outcome == Outcome::Ran {
            control.outcome = Outcome::NotApplicable;
        }
    }
    let page = bare(&page_of(&idle, None, None));
    let document = Document::parse(&page).unwrap();
    assert!(row(&document, "R01").ends_with("not applicable here"), "{}", row(&document, "R01"));
    let clean = bare(&page_of(&report(Vec::new()), None, None));
    let document = Document::parse(&clean).unwrap();
    assert!(row(&document, "R01").ends_with("no new findings"));
}

#[test]
fn owners_and_the_trend_stand_beside_the_findings() {
    let owners = Owners::parse("*.py @coders @all\n/src/b.py\n");
    let counts = BTreeMap::from([("phantom-import".to_owned(), 9), ("gone".to_owned(), 1)]);
    let before = Before { of: "the <baseline>".to_owned(), counts };
    let page = bare(&page_of(&ordinary(), Some(&owners), Some(before)));
    let document = Document::parse(&page).unwrap();
    assert_eq!(row(&document, "@coders"), "@coders112001");
    assert_eq!(row(&document, "nobody"), "nobody002012");
    assert!(row(&document, "R01").contains("9 → "), "{}", row(&document, "R01"));
    assert!(page.contains("Against the &lt;baseline&gt;: 10 → 7 "), "{page}");
    let file = all(&document, "summary").into_iter().map(words);
    assert!(file.into_iter().any(|head| head.contains("src/app.py") && head.contains("@coders")));
    assert!(bare(&page_of(&ordinary(), None, None)).contains("no CODEOWNERS file"));
}

#[test]
fn an_excerpt_marks_the_place_and_shows_no_secret() {
    let page = bare(&page_of(&ordinary(), None, None));
    let document = Document::parse(&page).unwrap();
    let marks: Vec<String> = all(&document, "mark").into_iter().map(words).collect();
    assert!(marks.contains(&"payments_sdk".to_owned()), "{marks:?}");
    assert!(!page.contains("sk_live") && page.contains("*******"));
}

/// Whatever a repository holds, it stays text.
#[test]
fn hostile_names_and_contents_stay_text() {
    let attack = "</code></pre><script>alert(1)</script><img src=x onerror='a()'>\" onclick=\"b()";
    let file = format!("src/{attack}{HOSTILE}.py");
    let mut bad = finding("phantom-import", Severity::Error, &file, (1, 1, 1, 9), attack);
    bad.help = format!("{attack}{HOSTILE}");
    bad.code = attack.to_owned();
    let mut report = report(vec![bad]);
    report.head.root = format!("/srv/{attack}");
    report.problems = vec![problem(&file, ProblemKind::Unreadable, attack)];
    for control in &mut report.controls {
        control.summary = attack.to_owned();
    }
    let owners = Owners::parse("* @<script>alert(1)</script>\n");
    let before = Before { of: attack.to_owned(), counts: BTreeMap::new() };
    let coverage = book().coverage(&|_| None);
    let page = Page {
        book: book(),
        coverage: &coverage,
        owners: Some(&owners),
        before: Some(before),
        day: attack.to_owned(),
        text: &|_: &RepoPath| Some(attack.repeat(3)),
    };
    let made = bare(&text(|out| html(out, &report, &page)));
    let document = Document::parse(&made).unwrap();
    assert!(all(&document, "script").is_empty() && all(&document, "img").is_empty());
    let named = |name: &str| document.descendants().any(|node| node.has_attribute(name));
    assert!(!named("onclick") && !named("onerror"));
    assert!(!made.contains('\u{1b}') && !made.contains('\u{202e}'));
    assert!(words(document.root_element()).matches("<script>alert(1)</script>").count() > 5);
    let made = bare(&page_of(&hostile(), None, None));
    assert!(Document::parse(&made).is_ok());
}

/// What is not listed is counted, so that nothing is lost in silence.
#[test]
fn a_large_report_is_bounded_and_counts_what_it_leaves_out() {
    let controls = ["phantom-import", "phantom-env", "doc-link", "clone-detect", "agent-budget"];
    let huge = "é<".repeat(4_000);
    for message in ["short", huge.as_str()] {
        let findings: Vec<_> = (0..20_000_u32)
            .map(|number| {
                let control = controls[number as usize % controls.len()];
                let file = format!("src/{}.py", number % 900);
                finding(control, Severity::Warn, &file, (1, 1, 1, 2), message)
            })
            .collect();
        let made = page_of(&report(findings), None, None);
        assert!(made.len() < 2_000_000, "{}", made.len());
        let made = bare(&made);
        let document = Document::parse(&made).unwrap();
        let listed = all(&document, "li").len()
            - all(&document, "nav")[0].descendants().filter(|n| n.has_tag_name("li")).count();
        let more: usize = all(&document, "p")
            .into_iter()
            .filter(|node| node.attribute("class") == Some("more"))
            .filter_map(|node| words(node).split(' ').nth(2)?.parse::<usize>().ok())
            .sum();
        assert_eq!(listed + more, 20_000);
        assert!(listed >= 50, "{listed}");
    }
}

#[test]
fn known_findings_are_marked_as_such() {
    let mut report = ordinary();
    for reported in &mut report.findings {
        reported.finding.state = FindingState::Waived;
    }
    let page = bare(&page_of(&report, None, None));
    let document = Document::parse(&page).unwrap();
    assert!(words(document.root_element()).contains("waived"));
    assert!(
        !row(&document, "R01").ends_with("findings") || row(&document, "R01").contains("no new")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_text_yields_a_page_that_can_be_read(message in "\\PC{0,60}|[<>&\"'\\x00-\\x1f]{0,20}") {
        let bad = finding("phantom-env", Severity::Warn, "src/app.py", (2, 1, 2, 9), &message);
        let made = bare(&page_of(&report(vec![bad]), None, None));
        prop_assert!(Document::parse(&made).is_ok());
    }
}

/// The relative luminance of a colour such as `#1b1f24`, by WCAG 2.
fn luminance(colour: &str) -> f64 {
    let channel = |from: usize| {
        let part = u8::from_str_radix(colour.get(from..from + 2).unwrap(), 16).unwrap();
        let share = f64::from(part) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Text can be read in light and in dark, on every ground on which it stands.
#[test]
fn text_stands_out_in_light_and_in_dark() {
    let page = page_of(&ordinary(), None, None);
    let schemes: Vec<BTreeMap<&str, &str>> = page
        .split(":root {")
        .skip(1)
        .map(|rest| {
            let pairs = rest.split('}').next().unwrap().split(';');
            pairs.filter_map(|pair| pair.trim().split_once(": ")).collect()
        })
        .collect();
    assert_eq!(schemes.len(), 2);
    for scheme in &schemes {
        for text in
            ["--front", "--faint", "--link", "--block", "--error", "--warn", "--info", "--good"]
        {
            for ground in ["--back", "--soft"] {
                let found = contrast(scheme[text], scheme[ground]);
                assert!(found >= 4.5, "{text} on {ground}: {found:.2}");
            }
        }
        assert!(contrast(scheme["--front"], scheme["--mark"]) >= 4.5);
    }
}
