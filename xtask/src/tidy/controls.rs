//! Control folders: what each must hold.

use anyhow::Result;

use super::Text;
use crate::codegen;

/// The headings of a control's page, in order.
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

/// A control's `mod.rs` is its metadata, entry and wording; what is longer has modules beside it.
const LINES_MAX: usize = 150;

pub(super) fn look(texts: &[Text], faults: &mut Vec<String>) -> Result<()> {
    for folder in codegen::folders()? {
        let folder = folder.path();
        let text = |name: &str| {
            let path = format!("{folder}/{name}");
            texts.iter().find(|text| text.path == path)
        };
        match text("mod.rs") {
            None => faults.push(format!("{folder}: no mod.rs")),
            Some(module) if module.text.lines().count() > LINES_MAX => {
                let lines = module.text.lines().count();
                faults.push(format!("{}: {lines} lines, of {LINES_MAX}", module.path));
            }
            Some(_) => {}
        }
        let Some(page) = text("doc.md") else { continue };
        let found: Vec<&str> = headings(&page.text).collect();
        if found != HEADINGS {
            let wanted = HEADINGS.join(" · ");
            faults.push(format!("{}: its headings are not {wanted}", page.path));
        }
    }
    Ok(())
}

/// Second-level headings outside code blocks.
fn headings(page: &str) -> impl Iterator<Item = &str> {
    let mut fence = 0;
    page.lines().filter_map(move |line| {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks >= 3 && (fence == 0 || ticks >= fence && line.len() == ticks) {
            fence = if fence == 0 { ticks } else { 0 };
        }
        (fence == 0).then(|| line.strip_prefix("## "))?
    })
}
