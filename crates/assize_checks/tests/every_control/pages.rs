//! The pages of the controls: their headings, and their examples run as trees.

use assize_checks::{CONTROLS, Control};
use assize_syntax::Language;
use assize_testkit::Tree;

const HEADINGS: [&str; 8] = [
    "What it does",
    "Why it matters",
    "Bad",
    "Good",
    "Options",
    "Fix safety",
    "Limits",
    "References",
];

/// A fenced block of a page.
#[derive(Debug)]
struct Block {
    section: String,
    info: String,
    text: String,
}

#[test]
fn a_page_has_its_headings_in_order() {
    for control in CONTROLS {
        let headings: Vec<String> = sections(control.doc).into_iter().map(|one| one.0).collect();
        assert_eq!(headings, HEADINGS, "{}", control.name);
    }
}

#[test]
fn the_examples_of_a_page_hold() {
    let mut faults = String::new();
    for control in CONTROLS {
        for (section, bad) in [("Bad", true), ("Good", false)] {
            match tree_of(control, section) {
                Ok(tree) => judge(control, section, bad, &tree, &mut faults),
                Err(fault) => faults.push_str(&format!("{} {section}: {fault}\n", control.name)),
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

fn judge(control: &Control, section: &str, bad: bool, tree: &Tree, faults: &mut String) {
    let name = control.name;
    let pass = tree.check();
    for problem in &pass.problems {
        faults.push_str(&format!("{name} {section}: {problem:?}\n"));
    }
    let found: Vec<_> = pass.findings.iter().filter(|one| one.control == name).collect();
    if bad && found.is_empty() {
        faults.push_str(&format!("{name} {section}: no finding\n"));
    }
    for finding in found.iter().filter(|_| !bad) {
        let (path, line, words) = (&finding.path, finding.place.line, &finding.message);
        faults.push_str(&format!("{name} {section}: {path}:{line} {words}\n"));
    }
}

/// All blocks of a section as one tree.
fn tree_of(control: &Control, section: &str) -> Result<Tree, String> {
    let mut tree = Tree::default();
    for block in blocks(control.doc).into_iter().filter(|block| block.section == section) {
        let Some((language, path)) = block.info.split_once(" path=") else {
            return Err(format!("`{}` is not `<language> path=<path>`", block.info));
        };
        if !Language::ALL.iter().any(|one| one.word() == language) {
            return Err(format!("`{language}` is no language"));
        }
        let (path, text) = match path.strip_suffix(" (link)") {
            Some(link) => {
                tree.links.insert(link.to_owned());
                (link, block.text.trim_end().to_owned())
            }
            None => (path, block.text),
        };
        if tree.files.insert(path.to_owned(), text.into_bytes()).is_some() {
            return Err(format!("`{path}` stands there twice"));
        }
    }
    if tree.files.is_empty() { Err("no example".to_owned()) } else { Ok(tree) }
}

/// The second-level sections of a page outside its blocks: heading and first line.
fn sections(page: &str) -> Vec<(String, usize)> {
    let mut fence = None;
    let mut found = Vec::new();
    for (number, line) in page.lines().enumerate() {
        match fence {
            None => {
                fence = opening(line);
                if let Some(heading) = line.strip_prefix("## ") {
                    found.push((heading.trim().to_owned(), number));
                }
            }
            Some(ticks) if closes(line, ticks) => fence = None,
            Some(_) => {}
        }
    }
    found
}

fn blocks(page: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut section = String::new();
    let mut fence = None;
    for line in page.split_inclusive('\n') {
        let bare = line.trim_end();
        match (fence, found.last_mut()) {
            (Some(ticks), _) if closes(bare, ticks) => fence = None,
            (Some(_), Some(block)) => block.text.push_str(line),
            _ => {
                fence = opening(bare);
                if let Some(ticks) = fence {
                    let info = bare[ticks..].trim().to_owned();
                    found.push(Block { section: section.clone(), info, text: String::new() });
                } else if let Some(heading) = bare.strip_prefix("## ") {
                    section = heading.trim().to_owned();
                }
            }
        }
    }
    found
}

/// The number of back ticks that open a block.
fn opening(line: &str) -> Option<usize> {
    let ticks = line.len() - line.trim_start_matches('`').len();
    (ticks >= 3).then_some(ticks)
}

fn closes(line: &str, ticks: usize) -> bool {
    line.len() >= ticks && line.bytes().all(|byte| byte == b'`')
}
