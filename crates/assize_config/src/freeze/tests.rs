//! Windows at their edges.

use proptest::prelude::*;

use crate::{ConfigFile, ControlTable, Date, Settings};

fn load(windows: &str) -> Result<Settings, String> {
    let text = format!("[freeze]\nwindows = [{windows}]\n");
    let file = ConfigFile { folder: "", path: "assize.toml", text: &text };
    let today = Date { year: 2026, month: 11, day: 23 };
    Settings::load(&[file], &ControlTable::default(), today).map_err(|error| error.to_string())
}

/// Seconds since 1970 of `YYYY-MM-DD HH:MM:SS`, UTC.
fn at(text: &str) -> i64 {
    let (day, time) = text.split_once(' ').unwrap();
    let parts: Vec<i64> = time.split(':').map(|part| part.parse().unwrap()).collect();
    let seconds = parts[0] * 3_600 + parts[1] * 60 + parts[2];
    Date::parse(day).unwrap().days_since_epoch() * 86_400 + seconds
}

#[test]
fn windows_begin_and_end_to_the_second() {
    // 2026-11-23 is a Monday.
    let cases: &[(&str, &[(&str, bool)])] = &[
        (
            "{ from = \"09:00\", until = \"17:30\", days = [\"mon\"] }",
            &[
                ("2026-11-23 08:59:59", false),
                ("2026-11-23 09:00:00", true),
                ("2026-11-23 17:29:59", true),
                ("2026-11-23 17:30:00", false),
                ("2026-11-24 12:00:00", false),
                ("2026-11-30 12:00:00", true),
            ],
        ),
        // Over midnight: the morning behind belongs to the day before.
        (
            "{ from = \"22:00\", until = \"06:00\", days = [\"fri\"] }",
            &[
                ("2026-11-27 21:59:59", false),
                ("2026-11-27 22:00:00", true),
                ("2026-11-27 23:59:59", true),
                ("2026-11-28 00:00:00", true),
                ("2026-11-28 05:59:59", true),
                ("2026-11-28 06:00:00", false),
                ("2026-11-27 03:00:00", false),
                ("2026-11-28 22:30:00", false),
            ],
        ),
        // The day of the week is that of the zone.
        (
            "{ from = \"00:00\", until = \"24:00\", days = [\"mon\"], zone = \"+02:00\" }",
            &[
                ("2026-11-22 21:59:59", false),
                ("2026-11-22 22:00:00", true),
                ("2026-11-23 21:59:59", true),
                ("2026-11-23 22:00:00", false),
            ],
        ),
        (
            "{ from = \"08:00\", until = \"09:00\", zone = \"-03:30\" }",
            &[
                ("2026-07-01 11:29:59", false),
                ("2026-07-01 11:30:00", true),
                ("2026-01-01 12:29:59", true),
                ("2026-01-01 12:30:00", false),
            ],
        ),
        // A day as an end is the whole day.
        (
            "{ from = \"2026-12-20\", until = \"2027-01-02\" }",
            &[
                ("2026-12-19 23:59:59", false),
                ("2026-12-20 00:00:00", true),
                ("2027-01-02 23:59:59", true),
                ("2027-01-03 00:00:00", false),
            ],
        ),
        (
            "{ from = \"2026-12-20T18:00\", until = \"2026-12-20T18:01\", zone = \"UTC\" }",
            &[
                ("2026-12-20 17:59:59", false),
                ("2026-12-20 18:00:00", true),
                ("2026-12-20 18:00:59", true),
                ("2026-12-20 18:01:00", false),
            ],
        ),
    ];
    for (window, moments) in cases {
        let settings = load(window).unwrap();
        for (moment, held) in *moments {
            assert_eq!(settings.freezes[0].holds(at(moment)), *held, "{window} {moment}");
        }
    }
}

#[test]
fn what_is_no_window_is_a_mistake() {
    for (window, words) in [
        ("{ from = \"09:00\" }", "has no `from` or no `until`"),
        ("{ from = \"9:00\", until = \"10:00\" }", "is no window"),
        ("{ from = \"09:00\", until = \"09:00\" }", "is no window"),
        ("{ from = \"09:00\", until = \"24:01\" }", "is no window"),
        ("{ from = \"2026-12-20\", until = \"10:00\" }", "is no window"),
        ("{ from = \"2026-12-20\", until = \"2026-12-19\" }", "is no window"),
        ("{ from = \"2026-12-20\", until = \"2026-12-21\", days = [\"mon\"] }", "is no window"),
        ("{ from = \"09:00\", until = \"10:00\", zone = \"CET\" }", "`CET` is no zone"),
        ("{ from = \"09:00\", until = \"10:00\", zone = \"+15:00\" }", "is no zone"),
        ("{ from = \"09:00\", until = \"10:00\", days = [\"Mon\"] }", "did you mean `mon`?"),
        ("{ from = \"09:00\", until = \"10:00\", on = \"mon\" }", "unknown key `on`"),
        ("\"09:00\"", "must be a list of tables"),
    ] {
        let told = load(window).unwrap_err();
        assert!(told.contains(words), "{window}: {told}");
    }
}

proptest! {
    /// A window and the one from its end to its beginning hold every second once.
    #[test]
    fn a_window_and_its_rest_make_a_day(from in 0_u16..1_440, until in 0_u16..1_440, now: u32) {
        prop_assume!(from != until);
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let one = format!("{{ from = \"{}\", until = \"{}\" }}", time(from), time(until));
        let other = format!("{{ from = \"{}\", until = \"{}\" }}", time(until), time(from));
        let settings = load(&format!("{one}, {other}")).unwrap();
        let held = settings.freezes.iter().filter(|freeze| freeze.holds(i64::from(now))).count();
        prop_assert_eq!(held, 1);
    }
}
