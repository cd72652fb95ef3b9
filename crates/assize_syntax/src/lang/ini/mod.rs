//! INI files: Python's older manifests, test runners, and units of systemd.
//!
//! Many programs call a file `.ini` or `.cfg` and mean another syntax, so that only files whose
//! readers are known can have errors.

mod python;
mod reader;
mod unit;

use assize_model::Span;

use crate::{Dialect, Extraction, FactKind, Parsed, Role};

use super::dotenv::safe_value;
use reader::{Oddity, Reading};

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    if sheet.dialect == Dialect::ServiceUnit {
        sheet.set_parsed(Parsed::Valid);
        unit::read(sheet);
        return;
    }
    let reading = reader::read(sheet.text);
    judge(sheet, &reading);
    python::read(sheet, &reading);
}

/// Files that `configparser` or pytest reads; both refuse what is odd.
fn has_strict_reader(sheet: &Extraction<'_>) -> bool {
    let name = sheet.path.name();
    sheet.dialect == Dialect::SetupCfg || name == "pytest.ini" || name == "tox.ini"
}

fn judge(sheet: &mut Extraction<'_>, reading: &Reading<'_>) {
    let Some((oddity, span)) = reading.odd else {
        let parsed = if reading.sections > 0 { Parsed::Valid } else { Parsed::NotParsed };
        sheet.set_parsed(parsed);
        return;
    };
    if !has_strict_reader(sheet) || super::mark_template(sheet) {
        return;
    }
    sheet.set_parsed(Parsed::Invalid);
    sheet.error(
        span,
        match oddity {
            Oddity::BeforeSection => "a line stands before the first section",
            Oddity::NoDelimiter => "a line is neither a section nor a key with a value",
            Oddity::UnclosedSection => "a section's bracket is not closed",
        },
    );
}

/// A variable that pytest's `env` setting holds: `NAME=value`, with letters for options before.
pub(in crate::lang) fn pytest_variable(sheet: &mut Extraction<'_>, line: &str, span: Span) {
    let Some((name, value)) = line.split_once('=') else { return };
    let name = name.rsplit(':').next().unwrap_or(name);
    variable(sheet, name, value, span);
}

/// Defines a variable, if the name is one.
fn variable(sheet: &mut Extraction<'_>, name: &str, value: &str, span: Span) {
    let name = name.trim();
    let valid = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if name.is_empty() || !valid {
        return;
    }
    let value = safe_value(name, value.trim().trim_matches(['"', '\'']));
    sheet.fact(FactKind::Env, Role::Definition, name, span).value(value).done();
}
