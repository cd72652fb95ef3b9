//! What the ledger knows of calls, in the words of a reader.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use assize_config::Date;
use assize_ledger::{Entry, Ledger, Map, Payload, Value};
use assize_session::{Note, Open, Session};

use crate::failure::Failure;
use crate::state::known_folder;

/// How long another process may hold the ledger.
const LOCK_WAIT: Duration = Duration::from_millis(50);
const LOCK_TRIES: u32 = 20;

/// The session under which `doctor` runs hooks.
pub(super) const DOCTOR: &str = "doctor";

/// One entry, as far as it is of interest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Deed {
    pub(super) time_ms: i64,
    pub(super) session: String,
    pub(super) client: String,
    pub(super) agent: Option<String>,
    pub(super) kind: String,
    pub(super) tool: String,
    pub(super) what: String,
    pub(super) verdict: String,
    pub(super) controls: Vec<String>,
    pub(super) spared: Vec<String>,
    /// The breaches that begin or end with it, by their fingerprints.
    pub(super) breaches: Vec<String>,
}

/// What was read.
#[derive(Debug)]
pub(super) struct History {
    /// The number of the last entry.
    pub(super) head: u64,
    pub(super) deeds: Vec<Deed>,
    /// Violations that are still open, each with its session.
    pub(super) open: Vec<(String, Open)>,
}

/// Which entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) since_ms: i64,
    /// At most so many, the newest.
    pub(super) newest: u64,
}

/// The entries of a repository; none where it has no ledger.
pub(super) fn read(root: &Path, span: Span) -> Result<Option<History>, Failure> {
    let failed = |error: &dyn std::error::Error| {
        Failure::tool(error).hint("run `assize ledger verify`: it names the first bad entry")
    };
    let Some(folder) = known_folder(root).map_err(|error| failed(&error))? else { return Ok(None) };
    let wait = LOCK_WAIT * LOCK_TRIES;
    let mut ledger = Ledger::open(&folder, wait).map_err(|error| failed(&error))?;
    let head = ledger.head().map_err(|error| failed(&error))?.sequence;
    let from = head.saturating_sub(span.newest).saturating_add(1);
    let mut deeds = Vec::new();
    let mut sessions: BTreeMap<(String, String), Session> = BTreeMap::new();
    for entry in ledger.read(from).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        fold(&entry, &mut sessions);
        if entry.origin.time_ms >= span.since_ms {
            deeds.push(deed(&entry));
        }
    }
    let open = sessions.into_iter().flat_map(|((_, name), session)| {
        let open = session.open().to_vec();
        open.into_iter().map(move |one| (name.clone(), one))
    });
    Ok(Some(History { head, deeds, open: open.collect() }))
}

/// Takes an entry into account in its session, as far as violations are concerned.
fn fold(entry: &Entry, sessions: &mut BTreeMap<(String, String), Session>) {
    let kind = entry.kind.as_str();
    let Payload::Present(payload) = &entry.payload else { return };
    let key = (entry.origin.actor.harness.clone(), entry.origin.session.clone());
    let note = Note { sequence: entry.sequence, time_ms: entry.origin.time_ms, kind, payload };
    match kind {
        "violation" => sessions.entry(key).or_default().apply(note),
        // Without a violation there is nothing that these would change.
        "repair" | "escalated" | "verdict" => {
            if let Some(session) = sessions.get_mut(&key) {
                session.apply(note);
            }
        }
        _ => {}
    }
}

fn deed(entry: &Entry) -> Deed {
    let none = Map::new();
    let payload = match &entry.payload {
        Payload::Present(payload) => payload,
        Payload::Absent => &none,
    };
    let text = |key: &str| match payload.get(key) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let list = |key: &str| match payload.get(key) {
        Some(Value::List(members)) => members.iter().filter_map(word).collect(),
        _ => Vec::new(),
    };
    Deed {
        time_ms: entry.origin.time_ms,
        session: entry.origin.session.clone(),
        client: entry.origin.actor.harness.clone(),
        agent: entry.origin.actor.agent.clone(),
        kind: entry.kind.as_str().to_owned(),
        tool: text("tool"),
        what: either(text("what"), text("path")),
        verdict: text("verdict"),
        controls: [list("controls"), one(text("control"))].concat(),
        spared: list("spared"),
        breaches: [list("violations"), one(text("id"))].concat(),
    }
}

fn one(text: String) -> Vec<String> {
    Some(text).filter(|text| !text.is_empty()).into_iter().collect()
}

fn either(first: String, second: String) -> String {
    if first.is_empty() { second } else { first }
}

fn word(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text.clone()) } else { None }
}

/// Now, in milliseconds since 1970.
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// `2026-11-25T20:41:03Z`
pub(super) fn stamp(time_ms: i64) -> String {
    let seconds = time_ms.div_euclid(1_000);
    let of_day = seconds.rem_euclid(86_400);
    let (hours, minutes) = (of_day / 3_600, of_day / 60 % 60);
    let date = Date::from_unix_seconds(seconds);
    format!("{date}T{hours:02}:{minutes:02}:{:02}Z", of_day % 60)
}

/// The moment that `30m`, `24h`, `7d`, `2w`, a day or `all` means, seen from `now_ms`.
pub(super) fn moment_of(text: &str, now_ms: i64) -> Option<i64> {
    if text == "all" {
        return Some(i64::MIN);
    }
    if let Some(date) = Date::parse(text) {
        return day_ms(date, now_ms);
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, unit) = text.split_at(digits);
    let seconds = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    let back = count.parse::<i64>().ok()?.checked_mul(seconds)?.checked_mul(1_000)?;
    now_ms.checked_sub(back)
}

/// The first millisecond of a day that is not in the future.
fn day_ms(date: Date, now_ms: i64) -> Option<i64> {
    let day = 86_400;
    let mut start = now_ms.div_euclid(1_000).div_euclid(day) * day;
    while Date::from_unix_seconds(start) > date && start > 0 {
        start -= day;
    }
    (Date::from_unix_seconds(start) == date).then_some(start * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        let now = 1_795_640_463_123;
        assert_eq!(stamp(now), "2026-11-25T21:01:03Z");
        let at = |text: &str| moment_of(text, now).map(stamp);
        for (text, expected) in [
            ("30m", "2026-11-25T20:31:03Z"),
            ("24h", "2026-11-24T21:01:03Z"),
            ("7d", "2026-11-18T21:01:03Z"),
            ("1w", "2026-11-18T21:01:03Z"),
            ("2026-11-25", "2026-11-25T00:00:00Z"),
            ("2026-02-28", "2026-02-28T00:00:00Z"),
        ] {
            assert_eq!(at(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(moment_of("all", now), Some(i64::MIN));
        for text in ["", "d", "7", "7y", "-1d", "9999999999999999999d", "2999-01-01", "yesterday"] {
            assert_eq!(moment_of(text, now), None, "{text}");
        }
    }
}
