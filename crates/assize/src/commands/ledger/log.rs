//! `assize ledger log`: one line an entry, the newest last.

use std::io::Write;

use assize_config::Date;
use assize_ledger::{Entry, Payload, Value};

use crate::cli::{LedgerLog, Plain};
use crate::failure::Failure;
use crate::records::{number, text};

pub(super) fn run(options: &LedgerLog, out: &mut dyn Write) -> Result<u8, Failure> {
    let wanted = |entry: &Entry| {
        options.session.as_ref().is_none_or(|session| entry.origin.session == *session)
            && options.kind.as_ref().is_none_or(|kind| entry.kind.as_str() == kind)
    };
    let mut entries = super::open(&options.root)?.entries()?;
    entries.retain(wanted);
    let from = match options.limit {
        0 => 0,
        limit => entries.len().saturating_sub(limit),
    };
    for entry in entries.iter().skip(from) {
        match options.format {
            Plain::Text => writeln!(out, "{}", line(entry))?,
            Plain::Json => writeln!(out, "{}", entry.to_json())?,
        }
    }
    Ok(0)
}

/// Number, time, who, kind, what, verdict. What agents and commands are called is theirs to choose,
/// so that nothing of it reaches the terminal as it is.
fn line(entry: &Entry) -> String {
    let actor = &entry.origin.actor;
    let mut who = actor.harness.clone();
    let parts = [Some(entry.origin.session.as_str()), actor.agent.as_deref()];
    for part in parts.into_iter().flatten().filter(|part| !part.is_empty()) {
        who.push('/');
        who.push_str(part);
    }
    let (sequence, time) = (entry.sequence, time(entry.origin.time_ms));
    let words = [&who, entry.kind.as_str(), &what(entry), &verdict(entry)].map(shown);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    format!("{sequence:>6}  {time}  {}", words.join("  ").trim_end())
}

fn shown(text: &str) -> String {
    assize_report::inline(text).into_owned()
}

/// What the entry is about, by the members that entries have.
fn what(entry: &Entry) -> String {
    if entry.payload == Payload::Absent {
        return "(forgotten)".to_owned();
    }
    if let Some(changed) = changed(entry) {
        return changed;
    }
    let members = ["tool", "what", "path", "name", "command", "reason"];
    let said: Vec<&str> = members
        .iter()
        .filter_map(|member| text(entry, member))
        .filter(|said| !said.is_empty())
        .collect();
    said.join(" ")
}

/// Of a change: the files, what of the index it touches, and by which prompt or plan.
fn changed(entry: &Entry) -> Option<String> {
    let Payload::Present(payload) = &entry.payload else { return None };
    let Some(Value::List(files)) = payload.get("files").filter(|_| entry.kind.as_str() == "change")
    else {
        return None;
    };
    let first = files.first().and_then(|file| match file {
        Value::Map(file) => file.get("path"),
        _ => None,
    });
    let mut said = match first {
        Some(Value::Text(path)) => path.clone(),
        _ => String::new(),
    };
    if files.len() > 1 {
        said.push_str(&format!(" and {} more", files.len().saturating_sub(1)));
    }
    if let Some(Value::Map(entities)) = payload.get("entities")
        && let Some(Value::Map(counts)) = entities.get("count")
    {
        for (kind, count) in counts {
            if let Value::Integer(count) = count {
                said.push_str(&format!("; {count} {kind}"));
            }
        }
        let reason = ["plan", "prompt"].iter().find_map(|key| Some((*key, text(entry, key)?)));
        said.push_str(&match reason {
            Some((key, hash)) => format!("; by {key} {}", hash.get(..8).unwrap_or(hash)),
            None => "; no reason".to_owned(),
        });
    }
    Some(said)
}

fn verdict(entry: &Entry) -> String {
    let mut said: Vec<String> = Vec::new();
    for member in ["verdict", "attribution"] {
        said.extend(text(entry, member).map(str::to_owned));
    }
    said.extend(number(entry, "exit").map(|exit| format!("exit {exit}")));
    if let Payload::Present(map) = &entry.payload
        && let Some(Value::List(controls)) = map.get("controls")
    {
        said.extend(controls.iter().filter_map(|control| match control {
            Value::Text(name) => Some(name.clone()),
            _ => None,
        }));
    }
    said.join(" ")
}

/// `2026-01-02T03:04:05.678Z`
fn time(time_ms: i64) -> String {
    let (seconds, millis) = (time_ms.div_euclid(1000), time_ms.rem_euclid(1000));
    let date = Date::from_unix_seconds(seconds);
    let (hour, minute, second) =
        (seconds.rem_euclid(86_400) / 3600, seconds.rem_euclid(3600) / 60, seconds.rem_euclid(60));
    let Date { year, month, day } = date;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn times_are_utc_with_milliseconds() {
        assert_eq!(time(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(time(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
        assert_eq!(time(-1), "1969-12-31T23:59:59.999Z");
    }
}
