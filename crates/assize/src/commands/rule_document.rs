//! `assize rules parse`: what a document states as rules, what of it cannot be read, and what no
//! control is known to hold.

use std::io::Write;
use std::path::Path;

use assize_documents::{DOCUMENT_BYTES_MAX, FoundClause, FoundRule, Parsed, parse};
use assize_repo::read_up_to;
use assize_report::inline;
use serde_json::{Value, json};

use crate::cli::Plain;
use crate::failure::Failure;

/// Whether a control of this name is compiled in.
type IsThere<'a> = &'a dyn Fn(&str) -> bool;

pub(super) fn run(
    file: &Path,
    format: Plain,
    is_there: IsThere<'_>,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let most = u64::try_from(DOCUMENT_BYTES_MAX).unwrap_or(u64::MAX);
    let unread = |why: String| Failure::said(format!("cannot read `{}`: {why}", file.display()));
    let bytes = read_up_to(file, most).map_err(|error| unread(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| unread("the text is not UTF-8".to_owned()))?;
    let mut parsed = parse(&text);
    // Nothing that does not run holds a clause.
    for clause in parsed.rules.iter_mut().flat_map(|rule| &mut rule.clauses) {
        clause.controls.retain(|name| is_there(name));
    }
    match format {
        Plain::Text => as_text(&parsed, out)?,
        Plain::Json => writeln!(out, "{}", as_json(&parsed))?,
    }
    Ok(0)
}

fn as_text(parsed: &Parsed<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    for rule in &parsed.rules {
        writeln!(out, "{}", title(rule))?;
        for FoundClause { line, text, controls } in &rule.clauses {
            let held =
                if controls.is_empty() { "unmapped".to_owned() } else { controls.join(", ") };
            writeln!(out, "  {line}: [{held}] {}", inline(text))?;
        }
    }
    for fault in &parsed.faults {
        writeln!(out, "line {}: {}: {}", fault.line, fault.fault.word(), inline(&fault.message))?;
    }
    let clauses = clauses(parsed);
    writeln!(
        out,
        "rules: {}{}; clauses: {clauses}, of which {} unmapped; faults: {}",
        parsed.rules.len(),
        if parsed.is_numbered { ", numbered" } else { "" },
        parsed.unmapped().count(),
        parsed.faults.len(),
    )?;
    Ok(())
}

fn title(rule: &FoundRule<'_>) -> String {
    let title = inline(rule.title);
    match rule.number {
        Some(number) => format!("{}: rule {number}: {title}", rule.line),
        None if title.is_empty() => format!("{}: (before the first heading)", rule.line),
        None => format!("{}: {title}", rule.line),
    }
}

fn clauses(parsed: &Parsed<'_>) -> usize {
    parsed.rules.iter().map(|rule| rule.clauses.len()).sum()
}

fn as_json(parsed: &Parsed<'_>) -> Value {
    let clause = |one: &FoundClause<'_>| json!({ "line": one.line, "text": one.text, "controls": one.controls });
    let rule = |one: &FoundRule<'_>| {
        json!({
            "number": one.number,
            "title": one.title,
            "line": one.line,
            "clauses": one.clauses.iter().map(clause).collect::<Vec<_>>(),
        })
    };
    let faults = parsed
        .faults
        .iter()
        .map(|one| json!({ "line": one.line, "fault": one.fault.word(), "message": one.message }));
    json!({
        "schema": 1,
        "numbered": parsed.is_numbered,
        "rules": parsed.rules.iter().map(rule).collect::<Vec<_>>(),
        "faults": faults.collect::<Vec<_>>(),
        "clauses": clauses(parsed),
        "unmapped": parsed.unmapped().count(),
    })
}

#[cfg(test)]
mod tests {
    use assize_documents::mapped_controls;
    use assize_rulebook::RuleBook;

    #[test]
    fn clauses_are_mapped_to_controls_of_the_rule_book() {
        let book = RuleBook::backend().unwrap();
        for name in mapped_controls() {
            assert!(book.control(name).is_some(), "{name}");
        }
    }
}
