//! What a pass took, part by part, as tables for a terminal.

use std::cmp::Reverse;
use std::io::{self, Write};

use crate::escape::inline;
use crate::report::{Timing, Timings};

/// Two tables, what took longest first.
///
/// # Errors
/// `out` cannot be written to.
pub fn timings(out: &mut dyn Write, timings: &Timings) -> io::Result<()> {
    table(out, "parser", "files", &timings.parsers)?;
    if timings.parsers.is_empty() {
        writeln!(out, "no file was read anew: `--no-cache` reads all")?;
    }
    writeln!(out)?;
    table(out, "control", "judged", &timings.controls)
}

fn table(out: &mut dyn Write, what: &str, counted: &str, rows: &[Timing]) -> io::Result<()> {
    let total = |value: fn(&Timing) -> u64| rows.iter().map(value).sum::<u64>();
    let (all, time) = (total(|row| row.count), total(|row| row.cpu_us));
    let names = rows.iter().map(|row| inline(&row.name).chars().count());
    let width = names.chain([what.len(), "all".len()]).max().unwrap_or(0);
    writeln!(out, "{what:width$} {counted:>9} {:>11} {:>10}", "CPU ms", "µs each")?;
    let mut sorted: Vec<&Timing> = rows.iter().collect();
    sorted.sort_by_key(|row| (Reverse(row.cpu_us), row.name.as_str()));
    for row in sorted {
        line(out, width, &inline(&row.name), row.count, row.cpu_us)?;
    }
    line(out, width, "all", all, time)
}

fn line(out: &mut dyn Write, width: usize, name: &str, count: u64, cpu_us: u64) -> io::Result<()> {
    let (whole, part) = (cpu_us / 1_000, cpu_us % 1_000 / 100);
    let each = cpu_us.checked_div(count).unwrap_or(0);
    writeln!(out, "{name:width$} {count:>9} {whole:>9}.{part} {each:>10}")
}
