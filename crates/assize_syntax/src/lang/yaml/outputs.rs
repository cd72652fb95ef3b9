//! What the steps of a pipeline bring in for the steps after them: other checkouts, artifacts,
//! variables.
//!
//! Folders are written down as paths that are created, so that whoever judges the other paths of
//! the file knows them. What the commands of a script write is the shell module's business.

use assize_model::{Span, normalise};

use super::scalar::Passage;
use super::tree::{Fields, Tree};
use crate::{Extraction, FactKind, Flags, Role};

/// The folder that an action fills, if it is told one.
pub(super) fn of_action(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    action: &str,
    with: &Fields<'_>,
) -> Option<String> {
    let name = action.split('@').next().unwrap_or(action);
    let input = match name {
        "actions/checkout" | "actions/download-artifact" | "actions/cache" => "path",
        _ if name.contains("download") => "path",
        _ => return None,
    };
    let foreign = name == "actions/checkout" && with.get("repository").is_some();
    let Some(id) = with.get(input) else {
        // Another repository takes the place of this one.
        return foreign.then(String::new);
    };
    let span = tree.span(id);
    let mut last = None;
    for line in tree.text(id)?.lines() {
        last = create(sheet, line.trim(), span).or(last);
    }
    last.filter(|folder| name != "actions/cache" && !folder.is_empty())
}

/// Lines that append `NAME=value` to the file of variables for later steps define `NAME`.
pub(super) fn exported(sheet: &mut Extraction<'_>, script: &Passage<'_>) {
    for line in script.text.lines().filter(|line| line.contains("GITHUB_ENV")) {
        let assigned = line.split_whitespace().find_map(|word| {
            let (name, _) = word.trim_start_matches(['"', '\'']).split_once('=')?;
            super::is_env_name(name).then_some(name)
        });
        if let Some(name) = assigned {
            let span = script.span;
            sheet.fact(FactKind::Env, Role::Definition, name, span).flags(Flags::IN_CI).done();
        }
    }
}

/// Writes down a created path, and returns its key.
fn create(sheet: &mut Extraction<'_>, written: &str, span: Span) -> Option<String> {
    let written = written.trim_end_matches('/');
    if written.is_empty() || written.contains(['$', '*', '{', '&']) || written.starts_with('~') {
        return None;
    }
    let key = normalise("", written).ok().filter(|key| !key.is_empty())?;
    sheet
        .fact(FactKind::Path, Role::Reference, key.as_str(), span)
        .value(written)
        .item("output")
        .flags(Flags::IN_CI.with(Flags::CREATED))
        .done();
    Some(key)
}
