//! `assize rules` and `assize explain`.

use std::io::Write;

use assize_checks::{CONTROLS, FIXTURES};
use assize_guard::controls::GUARDS;
use assize_model::ControlName;
use assize_rulebook::{ClauseCoverage, Compiled, Kind, RuleBook, RuleId};

use crate::cli::{Plain, Rules};
use crate::failure::Failure;
use crate::hook::mcp;
use crate::output::Colour;
use crate::pages::PAGES;

use super::{rule_document, team};

pub(super) fn run(options: &Rules, colour: Colour, out: &mut dyn Write) -> Result<u8, Failure> {
    if matches!(options, Rules::Test) {
        return team::test(out);
    }
    if let Rules::Parse { file, format } = options {
        return rule_document::run(file, *format, &|name| page(name).is_some(), out);
    }
    let rules = team::rules()?;
    let book = &*crate::team::book(rules.rules())?;
    let coverage = coverage(book);
    match options {
        Rules::Test | Rules::Parse { .. } => {}
        Rules::List => {
            assize_report::rules_list(out, book, &coverage, colour.data)?;
            team::list(rules.rules(), out)?;
        }
        Rules::Show { rule } if ControlName::of_team(rule).is_some() => return explain(rule, out),
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

/// How far each clause of the book is enforced by what is compiled in.
pub(crate) fn coverage(book: &RuleBook) -> Vec<ClauseCoverage> {
    book.coverage(&|name| {
        if ControlName::of_team(name).is_some() {
            let (languages_claimed, languages_with_fixtures) = (Vec::new(), Vec::new());
            let kinds = vec![Kind::Check];
            return Some(Compiled { kinds, languages_claimed, languages_with_fixtures });
        }
        let others = other_kinds(name);
        let Some(control) = CONTROLS.iter().find(|control| control.name.0 == name) else {
            let (languages_claimed, languages_with_fixtures) = (Vec::new(), Vec::new());
            return (!others.is_empty()).then_some(Compiled {
                kinds: others,
                languages_claimed,
                languages_with_fixtures,
            });
        };
        let claimed: Vec<String> =
            control.languages.iter().map(|language| language.word().to_owned()).collect();
        let proven = FIXTURES
            .iter()
            .filter(|(of, _, bad, good)| *of == name && *bad > 0 && *good > 0)
            .map(|(_, language, _, _)| (*language).to_owned())
            .collect();
        Some(Compiled {
            kinds: std::iter::once(Kind::Check).chain(others).collect(),
            languages_claimed: claimed,
            languages_with_fixtures: proven,
        })
    })
}

/// The kinds besides check in which a control is there.
fn other_kinds(name: &str) -> Vec<Kind> {
    let guards = GUARDS.iter().any(|guard| guard.name == name) || name == mcp::CONTROL;
    let guard = guards.then_some(Kind::Guard);
    let page = PAGES.iter().find(|page| page.name == name).map(|page| page.kind);
    guard.into_iter().chain(page).collect()
}

/// The page of a control that is compiled in.
pub(crate) fn page(name: &str) -> Option<&'static str> {
    let check = assize_checks::control(name).map(|control| control.doc);
    let guard = || GUARDS.iter().find(|guard| guard.name == name).map(|guard| guard.doc);
    let own = || PAGES.iter().find(|page| page.name == name).map(|page| page.doc);
    check.or_else(guard).or_else(own)
}

pub(super) fn explain(name: &str, out: &mut dyn Write) -> Result<u8, Failure> {
    if ControlName::of_team(name).is_some() {
        return team::explain(name, out);
    }
    let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
    if let Some(page) = page(name) {
        writeln!(out, "{}", page.trim_end())?;
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
