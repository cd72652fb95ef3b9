//! Whether an in-line allowance is in force: the engine asks before it drops a finding, and
//! `allowance-invalid` asks to say what is wrong.

use assize_config::Date;
use assize_index::FactRef;

/// What the date of an allowance says on a given day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    Missing,
    /// No day of the calendar.
    Bad,
    Over,
    InForce,
}

/// Reads the date of an allowance. It holds on its last day.
pub(crate) fn until(written: &str, today: Date) -> Until {
    match day(written) {
        _ if written.is_empty() => Until::Missing,
        None => Until::Bad,
        Some(last) if last < today => Until::Over,
        Some(_) => Until::InForce,
    }
}

/// Whether an allowance has a reason and is in force. One that is not covers nothing.
pub(crate) fn holds(allowance: &FactRef<'_>, today: Date) -> bool {
    !allowance.item.is_empty() && until(allowance.value, today) == Until::InForce
}

/// The day written as `YYYY-MM-DD`, if the calendar has it.
fn day(written: &str) -> Option<Date> {
    let digits = written.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if written.len() != 10 || !digits {
        return None;
    }
    let year: u16 = written.get(..4)?.parse().ok()?;
    let month: u8 = written.get(5..7)?.parse().ok()?;
    let day: u8 = written.get(8..)?.parse().ok()?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    (1..=last).contains(&day).then_some(Date { year, month, day })
}

#[cfg(test)]
mod tests {
    use super::{Date, Until, until};

    #[test]
    fn days_of_the_calendar() {
        let today = Date { year: 2026, month: 11, day: 23 };
        let cases = [
            ("", Until::Missing),
            ("2026-11-23", Until::InForce),
            ("2026-11-22", Until::Over),
            ("2028-02-29", Until::InForce),
            ("2027-02-29", Until::Bad),
            ("2100-02-29", Until::Bad),
            ("2027-13-01", Until::Bad),
            ("2027-1-01", Until::Bad),
            ("2027-00-10", Until::Bad),
            ("+027-01-01", Until::Bad),
            ("2027-01-0é", Until::Bad),
            ("tomorrow", Until::Bad),
        ];
        for (written, expected) in cases {
            assert_eq!(until(written, today), expected, "{written}");
        }
    }
}
