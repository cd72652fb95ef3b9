//! Which paths are output, and which are dated reports.

use assize_config::Date;
use assize_syntax::words;

/// What a file of this path is, where nobody wrote it by hand.
pub(super) fn left_behind(path: &str) -> Option<&'static str> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let lower = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|end| lower.ends_with(end));
    let hidden_swap = lower.starts_with('.') && ends(&[".swp", ".swo"]);
    if matches!(lower.as_str(), ".ds_store" | "thumbs.db" | "desktop.ini") {
        return Some("a note of the desktop");
    }
    if hidden_swap {
        return Some("the scratch file of an editor");
    }
    if ends(&[".pyc", ".pyo"]) || folder.split('/').any(|part| part == "__pycache__") {
        return Some("compiled code of Python");
    }
    if ends(&[".rej"]) {
        return Some("what a patch could not place");
    }
    if matches!(lower.as_str(), ".coverage" | "coverage.xml" | "lcov.info")
        || folder.split('/').any(|part| part == "htmlcov")
    {
        return Some("the coverage of one run");
    }
    if ends(&[".pid"]) && !lower.contains("example") {
        return Some("the number of a process that has ended");
    }
    let log = lower == "nohup.out" || lower.ends_with(".log") && !is_shown(folder);
    log.then_some("the log of one run")
}

/// Logs that are shown to readers or read by tests and trainings.
fn is_shown(folder: &str) -> bool {
    folder.split('/').any(|part| {
        let part = part.to_ascii_lowercase();
        ["doc", "sample", "example", "test", "data", "asset", "static", "public", "corpus"]
            .iter()
            .any(|word| part.contains(word))
    })
}

/// The date in the name of a report of its day.
pub(super) fn dated_report(path: &str) -> Option<Date> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let lower = name.to_ascii_lowercase();
    let (stem, ending) = lower.rsplit_once('.')?;
    if is_history(folder, stem) {
        return None;
    }
    // A script of a schema may be dated; what a database held on a day says so by its name.
    if ending == "sql" {
        let held = words(stem).any(|word| matches!(word.as_str(), "backup" | "dump" | "snapshot"));
        return if held { date_in(stem) } else { None };
    }
    if !matches!(ending, "md" | "txt" | "json" | "html" | "log" | "csv" | "xml" | "out") {
        return None;
    }
    const WORDS: [&str; 9] = [
        "report",
        "audit",
        "summary",
        "results",
        "coverage",
        "checkpoint",
        "validation",
        "dump",
        "snapshot",
    ];
    let folders = folder.to_ascii_lowercase();
    let last = folders.rsplit('/').next().unwrap_or("");
    let tells = WORDS.iter().any(|word| stem.contains(word))
        || matches!(last, "reports" | "report" | "logs" | "results" | "checkpoints");
    if tells { date_in(stem) } else { None }
}

/// What is dated because it is history, or authority, and stays.
fn is_history(folder: &str, stem: &str) -> bool {
    const KEPT: [&str; 20] = [
        "adr",
        "adrs",
        "decisions",
        "rfc",
        "rfcs",
        "blog",
        "posts",
        "_posts",
        "news",
        "releases",
        "release-notes",
        "changelog",
        "changelogs",
        "migrations",
        "minutes",
        "meetings",
        "authority",
        "security-audits",
        "papers",
        "data",
    ];
    folder.split('/').any(|part| KEPT.contains(&part.to_ascii_lowercase().as_str()))
        || ["release", "changelog", "keep", "incident", "postmortem"]
            .iter()
            .any(|w| stem.contains(w))
}

/// The first date of a name: `20250819`, `2025-08-19` or `2025_08_19`.
fn date_in(stem: &str) -> Option<Date> {
    let bytes = stem.as_bytes();
    (0..bytes.len()).find_map(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        if before.is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let joined = stem.get(at..at + 8).filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
        let written = match joined {
            Some(text) => {
                let ends = bytes.get(at + 8).is_none_or(|after| !after.is_ascii_digit());
                let (year, rest) = text.split_at_checked(4).filter(|_| ends)?;
                let (month, day) = rest.split_at_checked(2)?;
                format!("{year}-{month}-{day}")
            }
            None => stem.get(at..at + 10)?.replace('_', "-"),
        };
        Date::parse(&written).filter(|date| (1990..=2100).contains(&date.year))
    })
}

#[cfg(test)]
mod tests {
    use super::{dated_report, left_behind};

    #[test]
    fn paths_of_output() {
        for path in [
            "backend/.backend.pid",
            "a/.DS_Store",
            "src/__pycache__/a.cpython-312.pyc",
            "cli/src/analytics.log",
            "nohup.out",
            "web/coverage.xml",
            "a/.Main.java.swp",
        ] {
            assert!(left_behind(path).is_some(), "{path}");
        }
        for path in ["docs/usage/output.log", "src/log.py", "data/access.log", "a/catalog"] {
            assert_eq!(left_behind(path), None, "{path}");
        }
    }

    #[test]
    fn dates_of_reports() {
        for path in [
            "reports/x_20240101.json",
            "AUDIT_REPORT_2025-08-19.md",
            ".claude/checkpoints/summary-session-20250812-190056.md",
            "docs/reports/a_2025_08_19.md",
            "db/orders_dump_2025-08-19.sql",
        ] {
            assert!(dated_report(path).is_some(), "{path}");
        }
        for path in [
            "docs/adr/20240101-report.md",
            "blog/2024-01-01-report.md",
            "migrations/report_20240101.json",
            "src/report_20240101.py",
            "reports/x_20241301.json",
            "reports/x_1234567890123.json",
            "notes/2024-01-01.md",
            "db/20240101_orders.sql",
            "db/migrations/20240101_backup.sql",
        ] {
            assert_eq!(dated_report(path), None, "{path}");
        }
    }
}
