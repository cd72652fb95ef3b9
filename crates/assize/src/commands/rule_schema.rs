//! The schema by which editors complete and check the files of a team's own rules.
//!
//! It follows from what the reader knows. Which keys go together, and what the examples say, only
//! the reader can tell; there the schema accepts what the reader may refuse.

use assize_checks::TEAM_LANGUAGES;
use assize_config::{Case, GLOB_CHARS_MAX, RULE_NAME_MAX, RULE_TEXT_MAX, RULE_TEXTS_MAX, Within};
use assize_model::{FileClass, Severity};
use serde_json::{Map, Value, json};

use super::config::DRAFT;

/// The schema of a rule file.
pub(super) fn schema() -> Value {
    let name = format!("^[a-z](-?[a-z0-9]){{0,{}}}$", RULE_NAME_MAX - 1);
    json!({
        "$schema": DRAFT,
        "title": "Rules of a team, .assize/rules/*.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "rules": {
                "type": "object",
                "description": "The rules, each under its name.",
                "additionalProperties": false,
                "patternProperties": { name: rule() },
            },
        },
    })
}

fn rule() -> Value {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": RULE_TEXT_MAX });
    let glob = json!({
        "type": "string",
        "minLength": 1,
        "maxLength": GLOB_CHARS_MAX,
        "pattern": "^[^!{\\\\]",
    });
    let word = |words: &[&str]| json!({ "enum": words });
    let case = Case::ALL.map(Case::word).join(", ");
    let named = format!("Names that files must have: globs, or one of {case}.");
    let severities = Severity::ALL.map(Severity::word);
    let classes = FileClass::ALL.map(FileClass::word);
    let within = Within::ALL.map(Within::word);
    let clause = json!({ "type": "string", "pattern": "^R[0-9]{1,2}\\.[0-9]{1,2}$" });
    let keys = [
        ("message", text.clone(), "What a finding says; `$NAME` is what a hole holds."),
        ("help", text.clone(), "What to do instead."),
        ("severity", word(&severities), "How bad a finding is; `warn` where nothing is said."),
        ("languages", list(&word(&TEAM_LANGUAGES)), "The languages that the rule reads."),
        ("paths", list(&glob), "Globs of the files that are meant, from the root."),
        ("except", list(&glob), "Globs of files among them that are not meant."),
        ("classes", list(&word(&classes)), "The classes of files that are meant."),
        ("clause", clause, "The clause of the rule book that the rule serves."),
        ("pattern", list(&text), "Code with holes: `$NAME` for one node, `$$$` for several."),
        ("unless", list(&text), "Patterns of what is not meant."),
        ("inside", list(&text), "Patterns of which one must stand around it."),
        ("not-inside", list(&text), "Patterns of which none may stand around it."),
        ("selector", text.clone(), "The kind of node in the pattern that is meant."),
        ("regex", list(&text), "Expressions that a line must not match."),
        ("in", word(&within), "Where the expressions are looked for."),
        ("must-not-exist", json!({ "const": true }), "The files must not be there."),
        ("must-be-named", list(&text), &named),
        ("must-exist", list(&glob), "Globs for each of which there must be a file."),
        ("match", list(&text), "Examples that the rule must find."),
        ("no-match", list(&text), "Examples in which it must find nothing."),
    ];
    let mut properties = Map::new();
    for (key, mut value, what) in keys {
        if let Some(fields) = value.as_object_mut() {
            fields.insert("description".to_owned(), what.into());
        }
        properties.insert(key.to_owned(), value);
    }
    let kinds = ["pattern", "regex", "must-not-exist", "must-be-named", "must-exist"];
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["message"],
        "oneOf": kinds.map(|kind| json!({ "required": [kind] })),
        "properties": properties,
    })
}

/// One, or a list of them.
fn list(one: &Value) -> Value {
    let all = json!({ "type": "array", "items": one, "maxItems": RULE_TEXTS_MAX });
    json!({ "anyOf": [one, all] })
}
