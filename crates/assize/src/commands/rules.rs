//! `assize rules` and `assize explain`.

use std::io::Write;

use assize_checks::{CONTROLS, FIXTURES};
use assize_guard::controls::GUARDS;
use assize_rulebook::{ClauseCoverage, Compiled, Kind, RuleBook, RuleId};

use crate::cli::{Plain, Rules};
use crate::failure::Failure;
use crate::output::Colour;

pub(super) fn run(options: &Rules, colour: Colour, out: &mut dyn Write) -> Result<u8, Failure> {
    let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
    let coverage = coverage(book);
    match options {
        Rules::List => assize_report::rules_list(out, book, &coverage, colour.data)?,
        Rules::Show { rule } => {
            let unknown = || {
                Failure::said(format!("there is no rule `{rule}`"))
                    .hint("rules are R01 to R20: `assize rules list` shows them")
            };
            let id = rule.to_ascii_uppercase().parse::<RuleId>().map_err(|_| unknown())?;
            let found = book.rule(id).ok_or_else(unknown)?;
            assize_report::rule_page(out, found, &coverage, colour.data)?;
        }
        Rules::Coverage { format: Plain::Text } => {
            assize_report::rules_coverage(out, &coverage, colour.data)?;
        }
        Rules::Coverage { format: Plain::Json } => assize_report::json_coverage(out, &coverage)?,
    }
    Ok(0)
}

fn coverage(book: &RuleBook) -> Vec<ClauseCoverage> {
    book.coverage(&|name| {
        if GUARDS.iter().any(|guard| guard.name == name) {
            // A guard speaks of effects, not of a language.
            return Some(Compiled {
                kinds: vec![Kind::Guard],
                languages_claimed: Vec::new(),
                languages_with_fixtures: Vec::new(),
            });
        }
        let control = CONTROLS.iter().find(|control| control.name.0 == name)?;
        let claimed: Vec<String> =
            control.languages.iter().map(|language| language.word().to_owned()).collect();
        let proven = FIXTURES
            .iter()
            .filter(|(of, _, bad, good)| *of == name && *bad > 0 && *good > 0)
            .map(|(_, language, _, _)| (*language).to_owned())
            .collect();
        Some(Compiled {
            kinds: vec![Kind::Check],
            languages_claimed: claimed,
            languages_with_fixtures: proven,
        })
    })
}

pub(super) fn explain(name: &str, out: &mut dyn Write) -> Result<u8, Failure> {
    let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
    if let Some(control) = assize_checks::control(name) {
        writeln!(out, "{}", control.doc.trim_end())?;
        return Ok(0);
    }
    if let Some(guard) = GUARDS.iter().find(|guard| guard.name == name) {
        writeln!(out, "{}", guard.doc.trim_end())?;
        return Ok(0);
    }
    match book.control(name) {
        Some(entry) => {
            writeln!(out, "{name} ({}) is planned: nothing runs it yet.", entry.kinds_word())?;
            for clause in book.clauses_of(name).iter().filter_map(|id| book.clause(*id)) {
                writeln!(out, "  {} {}", clause.id, clause.text)?;
            }
            Ok(0)
        }
        None => Err(Failure::said(format!("there is no control `{name}`"))
            .hint("`assize rules coverage` names all controls")),
    }
}
