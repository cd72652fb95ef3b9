//! `[freeze]`: windows of time in which nothing is deployed and nothing is cleaned up.
//!
//! Zones are offsets from UTC: a name of a zone would mean another hour in another year, and a
//! window must mean the same to everybody who reads it.

use assize_model::Span;
use toml_edit::{Item, TableLike, Value};

use crate::load::reader::{Entry, Reader, entries, value_span};
use crate::{Date, MistakeKind};

/// So many windows are read.
const WINDOWS_MAX: usize = 100;
const SECONDS_PER_DAY: i64 = 86_400;
const SECONDS_PER_MINUTE: i64 = 60;
const MINUTES_PER_DAY: u16 = 1_440;
/// The first of 1970 was a Thursday, and weeks begin with Monday here.
const EPOCH_WEEKDAY: i64 = 3;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Zones reach from -12 to +14 hours.
const OFFSET_MINUTES_MAX: i32 = 14 * 60;

/// A window of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    span: FreezeSpan,
    /// Minutes ahead of UTC.
    offset: i32,
    /// Why it is.
    pub why: String,
    /// How its author wrote it, for messages.
    pub shown: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum FreezeSpan {
    /// Once: from the beginning of a minute up to the beginning of another, in seconds of the zone.
    Once { from: i64, until: i64 },
    /// On these days of the week, from one minute of the day up to another, which may be one of the
    /// next day.
    Weekly { days: [bool; 7], from: u16, until: u16 },
}

impl Freeze {
    /// Whether a second since 1970 lies in it. The beginning does, the end does not.
    pub fn holds(&self, unix_seconds: i64) -> bool {
        let local = unix_seconds.saturating_add(i64::from(self.offset) * SECONDS_PER_MINUTE);
        match &self.span {
            FreezeSpan::Once { from, until } => (*from..*until).contains(&local),
            FreezeSpan::Weekly { days, from, until } => {
                let day = local.div_euclid(SECONDS_PER_DAY);
                let minute = local.rem_euclid(SECONDS_PER_DAY) / SECONDS_PER_MINUTE;
                let (from, until) = (i64::from(*from), i64::from(*until));
                if from < until {
                    return is_day(days, day) && (from..until).contains(&minute);
                }
                // Over midnight: a day's evening, and the morning behind it.
                is_day(days, day) && minute >= from || is_day(days, day - 1) && minute < until
            }
        }
    }
}

fn is_day(days: &[bool; 7], day: i64) -> bool {
    let weekday = (day + EPOCH_WEEKDAY).rem_euclid(7);
    usize::try_from(weekday).ok().and_then(|at| days.get(at)).copied().unwrap_or(false)
}

/// The windows of a list of tables.
pub(crate) fn windows(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Vec<Freeze> {
    let Some(tables) = tables(entry.item) else {
        let what = format!("`{}` must be a list of tables", entry.key);
        reader.mistake(MistakeKind::WrongType, &entry.key, value_span(entry), what);
        return Vec::new();
    };
    if tables.len() > WINDOWS_MAX {
        let what = format!("more than {WINDOWS_MAX} windows in `{}`", entry.key);
        reader.mistake(MistakeKind::TooMany, &entry.key, value_span(entry), what);
        return Vec::new();
    }
    tables.into_iter().filter_map(|table| window(reader, entry, table)).collect()
}

fn tables(item: &Item) -> Option<Vec<&dyn TableLike>> {
    if let Some(list) = item.as_array_of_tables() {
        return Some(list.iter().map(|table| table as &dyn TableLike).collect());
    }
    let inline = |value| match value {
        &Value::InlineTable(ref table) => Some(table as &dyn TableLike),
        _ => None,
    };
    item.as_array()?.iter().map(inline).collect()
}

/// What one table says, before it is put together.
#[derive(Default)]
struct Draft {
    from: Option<(String, Span)>,
    until: Option<(String, Span)>,
    days: Option<[bool; 7]>,
    offset: i32,
    zone: String,
    why: String,
}

fn window(reader: &mut Reader<'_>, section: &Entry<'_>, table: &dyn TableLike) -> Option<Freeze> {
    let mut draft = Draft { zone: "UTC".to_owned(), ..Draft::default() };
    let valid = ["days", "from", "until", "why", "zone"];
    for entry in entries(&section.key, table) {
        let mut text = || reader.text(&entry).map(|text| (text.to_owned(), value_span(&entry)));
        match entry.name {
            "from" => draft.from = text(),
            "until" => draft.until = text(),
            "why" => draft.why = text().unwrap_or_default().0,
            "days" => draft.days = days(reader, &entry),
            "zone" => {
                let (zone, span) = text()?;
                draft.offset = offset(&zone).or_else(|| {
                    let what = format!("`{zone}` is no zone: `UTC`, or an offset as `+02:00`");
                    reader.mistake(MistakeKind::BadText, &entry.key, span, what);
                    None
                })?;
                draft.zone = zone;
            }
            _ => reader.unknown_key(&entry, &valid),
        }
    }
    finished(reader, section, draft)
}

fn finished(reader: &mut Reader<'_>, section: &Entry<'_>, draft: Draft) -> Option<Freeze> {
    let (Some((from, at)), Some((until, _))) = (draft.from, draft.until) else {
        let what = format!("a window of `{}` has no `from` or no `until`", section.key);
        reader.mistake(MistakeKind::BadText, &section.key, section.span, what);
        return None;
    };
    let span = match (minute(&from), minute(&until), moment(&from, false), moment(&until, true)) {
        (Some(from), Some(until), ..) if from != until => {
            Some(FreezeSpan::Weekly { days: draft.days.unwrap_or([true; 7]), from, until })
        }
        (.., Some(from), Some(until)) if from < until && draft.days.is_none() => {
            Some(FreezeSpan::Once { from, until })
        }
        _ => None,
    };
    let Some(span) = span else {
        let what = format!(
            "`{from}` to `{until}` is no window: two times of a day, or two days of which the first \
             is not later and that have no `days`"
        );
        reader.mistake(MistakeKind::BadText, &section.key, at, what);
        return None;
    };
    let shown = format!("{from} to {until} {}", draft.zone);
    Some(Freeze { span, offset: draft.offset, why: draft.why, shown })
}

fn days(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<[bool; 7]> {
    let mut found = [false; 7];
    for (text, span) in reader.texts(entry) {
        let slot = DAYS.iter().position(|day| *day == text).and_then(|at| found.get_mut(at));
        match slot {
            Some(slot) => *slot = true,
            None => {
                let what = format!("`{text}` in `{}` is no day of the week", entry.key);
                let word = (text, &DAYS[..]);
                reader.unknown(MistakeKind::UnknownValue, &entry.key, span, what, word);
            }
        }
    }
    found.contains(&true).then_some(found)
}

/// The minute of the day that `HH:MM` names; `24:00` is its end.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| {
        let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let whole = hours * 60 + minutes;
    (minutes < 60 && whole <= MINUTES_PER_DAY).then_some(whole)
}

/// The second of a day, or of a minute of it: `2026-12-20`, `2026-12-20T18:00`. A day alone as an
/// end is that whole day.
fn moment(text: &str, ends: bool) -> Option<i64> {
    let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
    let start = Date::parse(day)?.days_since_epoch().checked_mul(SECONDS_PER_DAY)?;
    let inside = match time {
        Some(time) => i64::from(minute(time)?) * SECONDS_PER_MINUTE,
        None if ends => SECONDS_PER_DAY,
        None => 0,
    };
    start.checked_add(inside)
}

/// Minutes ahead of UTC.
fn offset(text: &str) -> Option<i32> {
    if matches!(text, "UTC" | "Z") {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let minutes = i32::from(minute(rest)?);
    (minutes <= OFFSET_MINUTES_MAX).then_some(sign * minutes)
}

#[cfg(test)]
mod tests;
