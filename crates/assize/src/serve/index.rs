//! `index_show`: the facts of one kind.

use assize_index::FactRef;
use assize_serve::Answer;
use assize_syntax::{FactKind, Role};
use serde_json::{Value, json};

use super::Asked;
use super::arguments::Arguments;
use super::bounds;
use super::ground::Ground;

const LIMIT: usize = 40;
const LIMIT_MAX: usize = 200;

pub(super) fn input() -> Value {
    json!({
        "kind": {
            "type": "string",
            "enum": FactKind::ALL.map(FactKind::word).to_vec(),
            "description": "The kind of thing.",
        },
        "key": { "type": "string", "description": "Only this one, such as `DATABASE_URL`." },
        "from": { "type": "integer", "minimum": 0, "description": "Facts to skip." },
        "limit": {
            "type": "integer", "minimum": 0, "maximum": LIMIT_MAX,
            "description": "Facts to show; 40 where it is not given.",
        },
    })
}

pub(super) fn show(ground: &Ground, arguments: &Arguments<'_>) -> Asked {
    let word = arguments.text("kind")?;
    let kind = FactKind::from_word(word).ok_or_else(|| {
        let known = FactKind::ALL.map(FactKind::word).join(", ");
        format!("there is no kind `{}`: the kinds are {known}", bounds::value(word))
    })?;
    let key = arguments.maybe("key")?;
    let from = arguments.number("from", 0, usize::MAX)?;
    let limit = arguments.number("limit", LIMIT, LIMIT_MAX)?;
    let project = ground.project()?;
    let view = project.view();
    let of_role = |role| match key {
        Some(key) => view.lookup(kind, role, key),
        None => view.facts(kind, role),
    };
    let [defined, referred] = [Role::Definition, Role::Reference].map(of_role);
    let all = defined.len() + referred.len();
    let shown: Vec<&FactRef<'_>> = defined.iter().chain(&referred).skip(from).take(limit).collect();
    let mut text = format!("{} defined, {} referred to\n", defined.len(), referred.len());
    shown.iter().for_each(|fact| text.push_str(&line(fact)));
    let next = from.saturating_add(shown.len());
    text.push_str(&bounds::rest(next.min(all), all, &format!("go on with `from`: {next}")));
    let data = json!({
        "kind": kind.word(),
        "all": all,
        "cut": next < all,
        "facts": shown.into_iter().map(fact).collect::<Vec<_>>(),
    });
    Ok(Answer::good(text, data))
}

fn line(fact: &FactRef<'_>) -> String {
    let place = format!("{}:{}", fact.file.path(), fact.place.line);
    let item = bounds::value(fact.item);
    let value = bounds::value(value(fact));
    let more: Vec<&str> =
        [value.as_str(), item.as_str()].into_iter().filter(|text| !text.is_empty()).collect();
    let role = role(fact);
    let line = format!("{role} {}  {place}  {}", bounds::value(fact.key), more.join("  "));
    format!("{}\n", assize_report::inline(line.trim_end()))
}

fn fact(fact: &FactRef<'_>) -> Value {
    json!({
        "role": role(fact),
        "key": bounds::value(fact.key),
        "value": bounds::value(value(fact)),
        "item": bounds::value(fact.item),
        "path": fact.file.path(),
        "line": fact.place.line,
    })
}

const fn role(fact: &FactRef<'_>) -> &'static str {
    match fact.role {
        Role::Definition => "definition",
        Role::Reference => "reference",
    }
}

/// What a variable is set to is nobody's business here: files of variables hold passwords.
fn value<'a>(fact: &FactRef<'a>) -> &'a str {
    if fact.kind == FactKind::Env { "" } else { fact.value }
}
