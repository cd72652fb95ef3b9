//! Days, without a clock and without time zones.

use std::fmt;

/// A day, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

const SECONDS_PER_DAY: i64 = 86_400;

/// Days from 0000-03-01 to 1970-01-01: years that begin in March put the leap day last.
const MARCH_ZERO_TO_EPOCH: i64 = 719_468;

/// Days in 400 years, after which the calendar repeats.
const DAYS_PER_ERA: i64 = 146_097;

impl Date {
    const FIRST: Self = Self { year: 1, month: 1, day: 1 };
    const LAST: Self = Self { year: 9999, month: 12, day: 31 };

    /// The day that `YYYY-MM-DD` names, if the calendar has it; years run from 0001 to 9999.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else { return None };
        let mut year = 0_u16;
        for digit in [y1, y2, y3, y4] {
            year = year * 10 + u16::from(digit_of(digit)?);
        }
        let month = digit_of(m1)? * 10 + digit_of(m2)?;
        let day = digit_of(d1)? * 10 + digit_of(d2)?;
        let exists = year > 0 && day >= 1 && day <= days_in(year, month)?;
        exists.then_some(Self { year, month, day })
    }

    /// Days from the first of 1970 to this one.
    pub(crate) fn days_since_epoch(self) -> i64 {
        // The same calendar, read the other way round.
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let (year, from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * from_march + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * DAYS_PER_ERA + day_of_era - MARCH_ZERO_TO_EPOCH
    }

    /// The day in which this second since 1970-01-01T00:00:00Z lies. Seconds outside the years
    /// 0001 to 9999 give the first or the last day.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        // After Howard Hinnant's public-domain description of the civil calendar.
        let days = seconds.div_euclid(SECONDS_PER_DAY) + MARCH_ZERO_TO_EPOCH;
        let era = days.div_euclid(DAYS_PER_ERA);
        let day_of_era = days.rem_euclid(DAYS_PER_ERA);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let (month, later) = if month_from_march < 10 {
            (month_from_march + 3, 0)
        } else {
            (month_from_march - 9, 1)
        };
        let year = year_of_era + era * 400 + later;
        match (u16::try_from(year), u8::try_from(month), u8::try_from(day)) {
            (Ok(year), Ok(month), Ok(day)) => {
                Self { year, month, day }.clamp(Self::FIRST, Self::LAST)
            }
            _ if year < 0 => Self::FIRST,
            _ => Self::LAST,
        }
    }
}

fn digit_of(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

fn days_in(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    })
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Date;

    #[test]
    fn only_days_of_the_calendar_parse() {
        for good in ["2024-02-29", "2000-02-29", "2026-11-23", "0001-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(good).unwrap().to_string(), good);
        }
        let bad = [
            "2023-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2026-1-01",
            "0000-01-01",
            "2026-01-00",
            " 2026-01-01",
            "2026/01/01",
            "+026-01-01",
            "２026-01-01",
            "",
        ];
        for text in bad {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_become_days() {
        let cases = [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_795_392_000, "2026-11-23"),
            (i64::MIN, "0001-01-01"),
            (i64::MAX, "9999-12-31"),
        ];
        for (seconds, day) in cases {
            assert_eq!(Date::from_unix_seconds(seconds).to_string(), day, "{seconds}");
        }
    }

    proptest! {
        #[test]
        fn days_round_trip_and_follow_each_other(day in -719_162_i64..2_932_896) {
            let today = Date::from_unix_seconds(day * 86_400);
            prop_assert_eq!(Date::parse(&today.to_string()), Some(today));
            prop_assert_eq!(today.days_since_epoch(), day);
            prop_assert!(Date::from_unix_seconds((day + 1) * 86_400) > today);
            prop_assert_eq!(Date::from_unix_seconds(day * 86_400 + 86_399), today);
        }

        #[test]
        fn any_text_is_a_day_or_none(text in "\\PC{0,12}") {
            if let Some(date) = Date::parse(&text) {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }
}
