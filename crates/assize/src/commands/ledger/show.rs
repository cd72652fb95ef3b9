//! `assize ledger show`: one entry, whole; of a change also what rests on its files.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use assize_index::impact::{Affected, Reach, impact};
use assize_ledger::{Entry, Payload, Value};
use serde_json::json;

use crate::failure::Failure;
use crate::project::{Keep, Project};

/// How far what rests on a change is followed.
const FAR: Reach = Reach { steps: 8, files: 500 };

pub(super) fn run(which: &str, root: &Path, out: &mut dyn Write) -> Result<u8, Failure> {
    let entry = super::find(&super::open(root)?.entries()?, which)?;
    let mut json: serde_json::Value =
        serde_json::from_str(&entry.to_json()).map_err(|error| Failure::tool(&error))?;
    let paths = changed(&entry);
    if !paths.is_empty() {
        // By the index as it is now: what rested on them then is not kept.
        let project = Project::open(root, Keep::Yes)?;
        let (affected, more) = impact(&project.indexed.layers, &paths, FAR);
        json["impact"] = affected.iter().map(affected_json).collect();
        json["impact_goes_on"] = json!(more);
    }
    let text = serde_json::to_string_pretty(&json).map_err(|error| Failure::tool(&error))?;
    writeln!(out, "{text}")?;
    Ok(0)
}

/// The files of a change.
fn changed(entry: &Entry) -> BTreeSet<String> {
    let Payload::Present(payload) = &entry.payload else { return BTreeSet::new() };
    let Some(Value::List(files)) = payload.get("files") else { return BTreeSet::new() };
    let path = |file: &Value| match file {
        Value::Map(file) => match file.get("path") {
            Some(Value::Text(path)) => Some(path.clone()),
            _ => None,
        },
        _ => None,
    };
    if entry.kind.as_str() == "change" {
        files.iter().filter_map(path).collect()
    } else {
        BTreeSet::new()
    }
}

fn affected_json(one: &Affected) -> serde_json::Value {
    let Affected { path, line, depth, how, on } = one;
    json!({ "path": path, "line": line, "depth": depth, "how": how, "on": on })
}
