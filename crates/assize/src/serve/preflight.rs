//! `preflight`: the digest of the rules that are to be known before a change, as the command gives
//! it. Reading it here gives no permit: that is seen by the hook alone.

use assize_documents::TOKENS_ASKED;
use assize_model::normalise;
use assize_serve::Answer;
use serde_json::{Value, json};

use super::Asked;
use super::arguments::Arguments;
use super::ground::Ground;
use crate::permit::{Documents, Text, digest, rules_hash};

pub(super) fn input() -> Value {
    json!({
        "path": {
            "type": "string",
            "description": "A file that will be touched, relative to the root.",
        },
    })
}

pub(super) fn preflight(ground: &Ground, arguments: &Arguments<'_>) -> Asked {
    let path = arguments.maybe("path")?.map(|path| normalise("", path));
    let path = path.transpose().map_err(|error| format!("`path` is {error}"))?;
    let root = ground.root();
    let settings = crate::settings::of_root(root).map_err(|failure| failure.words())?;
    let documents = Documents::of(root, &settings.permit, None);
    let rules = rules_hash(root, &documents).map_err(|failure| failure.words())?;
    let texts = Text::of(root, &documents);
    let asked: Vec<&str> = path.iter().map(String::as_str).collect();
    let digest = digest(&texts, &settings, &asked, TOKENS_ASKED, &rules);
    let faults = documents.faults.iter().map(|one| json!({ "name": one.name, "why": one.why }));
    let data = json!({
        "rules": rules,
        "documents": documents.all.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(),
        "faults": faults.collect::<Vec<_>>(),
        "rules_left_out": digest.rules_left_out,
        "lines_left_out": digest.lines_left_out,
    });
    Ok(Answer::good(digest.text, data))
}
