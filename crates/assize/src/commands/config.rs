//! `assize config`: the schema by which editors complete and check `assize.toml`.
//!
//! It follows from what the loader knows: classes, words, controls and their options. What hangs on
//! where a file lies or on another key, a schema cannot say; there it accepts what the loader may
//! refuse, and never the other way round.

use std::io::Write;

use assize_checks::CONTROLS;
use assize_config::{
    ApprovalStrength, BriefMoment, GLOB_CHARS_MAX, GuardMode, Profile, SCRIPT_DUTIES,
};
use assize_model::{FileClass, Severity};
use serde_json::{Map, Value, json};

use crate::cli::Config;
use crate::failure::Failure;

pub(super) const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

pub(super) fn run(options: &Config, out: &mut dyn Write) -> Result<u8, Failure> {
    match options {
        Config::Schema { rules } => {
            let schema = if *rules { super::rule_schema::schema() } else { schema() };
            let text = serde_json::to_string_pretty(&schema).map_err(std::io::Error::from)?;
            writeln!(out, "{text}")?;
        }
    }
    Ok(0)
}

fn schema() -> Value {
    let path = json!({ "type": "string", "pattern": "^[^/]" });
    let variable = json!({ "type": "string", "pattern": "^[A-Za-z0-9_]+\\*?$" });
    let paths = |what: &str| section(vec![described(texts(&path), what)]);
    let mut top = Map::new();
    let mut put = |name: &str, value: Value| top.insert(name.to_owned(), value);
    put("root", json!({ "type": "boolean", "description": "The search upwards ends here." }));
    put("profile", words(&Profile::ALL.map(Profile::word), "How literally the rules are read."));
    put("classes", classes());
    let external = described(texts(&variable), "external: variables that the platform provides.");
    put("env", section(vec![external]));
    put("ports", paths("registry: files that are port registries."));
    put("agents", paths("paths: folders of agent definitions besides the clients' own."));
    let folders = SCRIPT_DUTIES
        .map(|duty| described(texts(&path), &format!("{duty}: the folders of scripts for it.")));
    put("scripts", section(folders.to_vec()));
    put("docs", paths("authority: files and folders whose documents count as authority."));
    let mode = words(&GuardMode::ALL.map(GuardMode::word), "mode: what the guard denies.");
    put("guard", section(vec![mode]));
    let weighs = "unattributed: what a change weighs that no session answers for.";
    put("gate", section(vec![words(&["off", "warn", "error"], weighs)]));
    put("permit", permit());
    let strength = ApprovalStrength::ALL.map(ApprovalStrength::word);
    put("approvals", section(vec![words(&strength, "strength: which approvals count.")]));
    let text = json!({ "type": "string", "pattern": "\\S" });
    let more = json!({ "type": "string" });
    let list = json!({ "type": "array", "minItems": 1, "items": [text], "additionalItems": more });
    let command = json!({ "anyOf": [text, list] });
    let told = "command: what is told when a person is needed.";
    put("escalate", section(vec![described(command, told)]));
    put("authority", section(authority(&path)));
    let moments = texts(&words(&BriefMoment::ALL.map(BriefMoment::word), ""));
    put(
        "brief",
        section(vec![described(moments, "moments: when a model is told what bears on a file.")]),
    );
    put("freeze", section(vec![described(windows(), "windows: when nothing is deployed.")]));
    put("controls", controls());
    json!({
        "$schema": DRAFT,
        "title": "assize.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": top,
    })
}

/// A table of keys; each value's description begins with its key.
fn section(keys: Vec<Value>) -> Value {
    let mut properties = Map::new();
    for mut value in keys {
        let text = value.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (key, what) = text.split_once(": ").unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            fields.insert("description".to_owned(), what.into());
        }
        properties.insert(key.to_owned(), value);
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn authority(path: &Value) -> Vec<Value> {
    let folder = json!({ "type": "string", "minLength": 1 });
    vec![
        described(folder, "root: the folder whose documents decide."),
        described(texts(path), "required: documents that must be in it."),
    ]
}

fn windows() -> Value {
    let text = json!({ "type": "string" });
    let days = texts(&json!({ "enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] }));
    let zone = json!({ "type": "string", "pattern": "^(UTC|Z|[+-][0-9]{2}:[0-9]{2})$" });
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["from", "until"],
            "properties": {
                "from": text, "until": text, "why": text, "days": days, "zone": zone,
            },
        },
    })
}

fn described(mut value: Value, text: &str) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.insert("description".to_owned(), text.into());
    }
    value
}

fn words(words: &[&str], what: &str) -> Value {
    json!({ "enum": words, "description": what })
}

/// One text, or a list of them.
fn texts(one: &Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one }] })
}

/// A pattern of paths.
fn glob() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": GLOB_CHARS_MAX, "pattern": "^[^!]" })
}

fn permit() -> Value {
    let glob = glob();
    section(vec![
        described(texts(&glob), "documents: the rule documents, in place of those that are found."),
        described(texts(&glob), "required: documents without which nothing is changed."),
        described(texts(&glob), "full: documents that are read from end to end."),
    ])
}

fn classes() -> Value {
    let glob = glob();
    let classes = FileClass::ALL.map(|class| (class.word().to_owned(), texts(&glob)));
    json!({
        "type": "object",
        "description": "Which files are what.",
        "additionalProperties": false,
        "properties": classes.into_iter().collect::<Map<_, _>>(),
    })
}

fn controls() -> Value {
    let number = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX });
    let control = |control: &assize_checks::Control| {
        let mut keys = Map::new();
        // What is `block` cannot be weakened.
        if control.severity != Severity::Block {
            let severity = json!({ "enum": ["off", "info", "warn", "error"] });
            keys.insert("severity".to_owned(), severity);
        }
        keys.extend(control.options.iter().map(|name| ((*name).to_owned(), number.clone())));
        json!({
            "type": "object",
            "description": control.summary,
            "additionalProperties": false,
            "properties": keys,
        })
    };
    let controls = CONTROLS.iter().map(|one| (one.name.0.to_owned(), control(one)));
    let severity = json!({ "enum": ["off", "info", "warn", "error"] });
    let team = json!({
        "type": "object",
        "description": "A rule of the team, from `.assize/rules`.",
        "additionalProperties": false,
        "properties": { "severity": severity },
    });
    json!({
        "type": "object",
        "description": "Another severity for a control, or its options.",
        "additionalProperties": false,
        "patternProperties": { "^team/[a-z][a-z0-9-]*$": team },
        "properties": controls.collect::<Map<_, _>>(),
    })
}
