//! stale-artifact: files in git that a run, an editor or a system left behind.

mod kinds;

use assize_config::Date;
use assize_index::FileRef;
use assize_model::{ControlName, FileClass, Place, Severity};
use assize_syntax::{FileFlags, Language};

use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("stale-artifact"),
    summary: "output of runs that git does not ignore, and dated reports that nobody needs now",
    version: 1,
    severity: Severity::Info,
    languages: &[Language::Other, Language::Markdown, Language::Json, Language::Sql],
    classes: &[FileClass::Production, FileClass::Doc, FileClass::Generated],
    // Each file is judged by its path and the day alone.
    scope: Scope::References { reads: &[], refers: &[], run: check },
    options: &["retention_days"],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// How long a dated report is of use, where the configuration does not say.
const RETENTION_DAYS: u32 = 90;

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    if file.flags().has(FileFlags::LINK) {
        return;
    }
    let path = file.path();
    if let Some(what) = kinds::left_behind(path) {
        let message =
            format!("git does not ignore this file, which is {what}: the next run outdates it");
        let help = "remove it from git (`git rm --cached`) and add its pattern to .gitignore";
        sink.report(report("output", message, help, path));
    } else if let Some(date) = kinds::dated_report(path) {
        let options = context.settings.options(CONTROL.name.0, path);
        let days = options.number("retention_days", RETENTION_DAYS);
        let age = days_between(date, context.settings.today);
        if age > i64::from(days) {
            let message = format!(
                "this report is dated {date}, {age} days ago: it says how things were, where \
                 readers look for how they are"
            );
            let help = "delete it, since git keeps it, or move what still holds to a document";
            sink.report(report("expired", message, help, path));
        }
    }
}

fn report(code: &'static str, message: String, help: &str, path: &str) -> Report {
    Report {
        code,
        severity: None,
        path: None,
        place: Place::START,
        message,
        help: help.to_owned(),
        item: String::new(),
        subject: path.rsplit('/').next().unwrap_or(path).to_owned(),
    }
}

/// The days from one date to another.
fn days_between(from: Date, to: Date) -> i64 {
    days(to) - days(from)
}

/// Days since a fixed one, with months from March so that the leap day is last.
fn days(date: Date) -> i64 {
    let (year, month) = (i64::from(date.year), i64::from(date.month));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + i64::from(date.day)
}
