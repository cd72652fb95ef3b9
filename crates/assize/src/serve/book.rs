//! `rules`, `explain_control` and the rule book as a text.

use assize_model::ControlName;
use assize_rulebook::{RuleBook, RuleId};
use assize_serve::Answer;
use serde_json::{Value, json};

use super::Asked;
use super::arguments::Arguments;
use super::bounds;
use super::ground::Ground;
use crate::commands::{coverage, page};
use crate::team::{RuleTexts, book};

pub(super) const URI: &str = "assize://rule-book";

pub(super) fn control_input() -> Value {
    json!({
        "control": { "type": "string", "description": "Its name, such as `phantom-env`." },
    })
}

pub(super) fn rules_input() -> Value {
    json!({
        "rule": { "type": "string", "description": "One rule, such as `R04`; all without it." },
    })
}

pub(super) fn explain(ground: &Ground, arguments: &Arguments<'_>) -> Asked {
    let name = arguments.text("control")?;
    let unknown = || {
        let name = bounds::value(name);
        format!("there is no control `{name}`: denials and findings name theirs")
    };
    if ControlName::of_team(name).is_some() {
        let rules = RuleTexts::of(ground.root()).rules().map_err(|failure| failure.words())?;
        let rule = rules.iter().find(|rule| rule.name.0 == name).ok_or_else(unknown)?;
        return Ok(Answer::good(rule.page(), json!({ "control": name, "status": "team" })));
    }
    let backend = RuleBook::backend().map_err(|error| error.to_string())?;
    let clauses: Vec<String> = backend.clauses_of(name).iter().map(ToString::to_string).collect();
    if let Some(page) = page(name) {
        let data = json!({ "control": name, "status": "compiled", "clauses": clauses });
        return Ok(Answer::good(page.to_owned(), data));
    }
    let entry = backend.control(name).ok_or_else(unknown)?;
    let mut text = format!("{name} ({}) is planned: nothing runs it yet.\n", entry.kinds_word());
    for clause in backend.clauses_of(name).iter().filter_map(|id| backend.clause(*id)) {
        text.push_str(&format!("{} {}\n", clause.id, clause.text));
    }
    Ok(Answer::good(text, json!({ "control": name, "status": "planned", "clauses": clauses })))
}

pub(super) fn rules(ground: &Ground, arguments: &Arguments<'_>) -> Asked {
    let own = RuleTexts::of(ground.root()).rules().map_err(|failure| failure.words())?;
    let book = &*book(&own).map_err(|failure| failure.words())?;
    let coverage = coverage(book);
    let mut out = Vec::new();
    let Some(wanted) = arguments.maybe("rule")? else {
        assize_report::rules_list(&mut out, book, &coverage, false)
            .map_err(|error| error.to_string())?;
        let rules: Vec<Value> = book
            .rules()
            .iter()
            .map(|rule| json!({ "id": rule.id.to_string(), "title": rule.title }))
            .collect();
        return Ok(Answer::good(text(&out), json!({ "rules": rules })));
    };
    let id = wanted.to_ascii_uppercase().parse::<RuleId>().ok();
    let rule = id.and_then(|id| book.rule(id)).ok_or_else(|| {
        format!("there is no rule `{}`: without `rule` all are listed", bounds::value(wanted))
    })?;
    assize_report::rule_page(&mut out, rule, &coverage, false)
        .map_err(|error| error.to_string())?;
    let clauses: Vec<Value> = rule
        .clauses
        .iter()
        .map(|clause| {
            json!({
                "id": clause.id.to_string(),
                "text": clause.text,
                "controls": clause.controls,
            })
        })
        .collect();
    let data = json!({ "id": rule.id.to_string(), "title": rule.title, "clauses": clauses });
    Ok(Answer::good(text(&out), data))
}

/// The whole book, as the resource has it.
pub(super) fn whole(ground: &Ground) -> Result<String, String> {
    let own = RuleTexts::of(ground.root()).rules().map_err(|failure| failure.words())?;
    let book = &*book(&own).map_err(|failure| failure.words())?;
    let mut text = format!("# Rule book {}\n", book.name());
    for rule in book.rules() {
        text.push_str(&format!("\n## {} {}\n\n{}\n\n", rule.id, rule.title, rule.why));
        for clause in &rule.clauses {
            let controls = clause.controls.join(", ");
            text.push_str(&format!("- {} {} ({controls})\n", clause.id, clause.text));
        }
    }
    Ok(text)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
