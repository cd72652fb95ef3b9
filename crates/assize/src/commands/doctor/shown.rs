//! What `doctor` found, for a person and for a program.

use std::io::Write;

use assize_report::inline;
use serde_json::{Value, json};

use super::super::status::scope_word;
use super::limits::Limit;
use super::trial::Trial;
use super::{Examined, Installed, Report};
use crate::clients::measured;
use crate::failure::Failure;

pub(super) fn as_text(report: &Report, out: &mut dyn Write) -> Result<(), Failure> {
    if report.examined.is_empty() {
        writeln!(out, "no client asks Assize here: run `assize init`")?;
    }
    for Examined { place, trials } in &report.examined {
        let client = place.client().name();
        let path = place.shown().display().to_string();
        writeln!(out, "{client}, {}: {}", scope_word(place.scope), inline(&path))?;
        for trial in trials {
            let (state, why) = match &trial.fault {
                None => ("ok", format!("{} ms", trial.ms)),
                Some(why) => ("DEAD", why.clone()),
            };
            let what = format!("{} {}", trial.event, trial.name);
            writeln!(out, "  {state:<5} {}: {}", inline(what.trim()), inline(&why))?;
        }
    }
    let hooked = |it: &&Installed| {
        it.is_here || report.examined.iter().any(|one| one.place.client() == it.client)
    };
    for it in report.clients.iter().filter(hooked) {
        let version = match (&it.version, it.is_here) {
            (Some(version), _) => version,
            (None, true) => "says no version",
            (None, false) => "not found in the search path",
        };
        let known = match measured(it.client) {
            Some(measured) if it.version.as_deref() == Some(measured) => "measured".to_owned(),
            Some(measured) => format!("measured with {measured}"),
            None => "by its documentation".to_owned(),
        };
        writeln!(out, "{} {}: {known}", it.client.name(), inline(version))?;
    }
    writeln!(out, "not enforced:")?;
    for client in report.unhooked() {
        writeln!(out, "  {client}: it is installed, and nothing asks Assize there")?;
    }
    for limit in &report.limits {
        writeln!(out, "  {}: {}", limit.client, limit.what)?;
    }
    Ok(())
}

pub(super) fn as_json(report: &Report) -> Value {
    let trial = |trial: &Trial| {
        json!({
            "event": trial.event,
            "name": trial.name,
            "ok": trial.fault.is_none(),
            "fault": trial.fault,
            "ms": trial.ms,
        })
    };
    let one = |Examined { place, trials }: &Examined| {
        json!({
            "client": place.client().name(),
            "scope": scope_word(place.scope),
            "path": place.shown().display().to_string(),
            "live": trials.iter().all(|trial| trial.fault.is_none()),
            "trials": trials.iter().map(trial).collect::<Vec<_>>(),
        })
    };
    let client = |it: &Installed| {
        let name = it.client.name();
        json!({ "client": name, "version": it.version, "measured": measured(it.client) })
    };
    let limit = |limit: &&Limit| json!({ "client": limit.client, "what": limit.what });
    json!({
        "schema": 1,
        "hooks": report.examined.iter().map(one).collect::<Vec<_>>(),
        "clients": report.clients.iter().map(client).collect::<Vec<_>>(),
        "unhooked": report.unhooked(),
        "not_enforced": report.limits.iter().map(limit).collect::<Vec<_>>(),
    })
}
