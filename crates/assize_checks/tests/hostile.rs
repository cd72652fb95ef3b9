//! Texts that are written to take long: each costs time in proportion to its length.

use std::time::{Duration, Instant};

use assize_testkit::Tree;

/// Far above what they take, far below what the square of their length would.
const TIME_MAX: Duration = Duration::from_secs(20);

fn findings(path: &str, text: String) -> usize {
    let mut tree = Tree::default();
    tree.files.insert(path.to_owned(), text.into_bytes());
    let start = Instant::now();
    let count = tree.check().findings.len();
    assert!(start.elapsed() < TIME_MAX, "{path} took {:?}", start.elapsed());
    count
}

#[test]
fn a_registry_that_gives_one_port_again_and_again() {
    let rows = "| 8080 | queue |\n".repeat(19_999);
    let text = format!("| Port | Service |\n|---|---|\n| 8080 | cache |\n{rows}");
    assert_eq!(findings("PortRegistry.md", text), 19_999);
}

#[test]
fn services_that_all_publish_one_port() {
    let service = |number| format!("  s{number}:\n    image: a\n    ports: ['8080:80']\n");
    let services: String = (0..8_000).map(service).collect();
    assert_eq!(findings("compose.yml", format!("services:\n{services}")), 7_999);
}

#[test]
fn a_condition_that_is_negated_again_and_again() {
    let text = format!("if (\n{}1):\n    pass\n", "not\n".repeat(20_000));
    assert_eq!(findings("app.py", text), 0);
}
