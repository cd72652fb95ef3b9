//! One cell of a notebook replaced, added or deleted.
//!
//! The rest of the file stays as it is; clients write the same cells with other spaces, and give
//! a new cell a random name, which is left out here.

mod json;

use std::ops::Range;

use super::files::{Content, Files};
use json::{Kind, Value};

/// Why a cell cannot be changed.
#[derive(Debug, thiserror::Error)]
enum CellError {
    #[error("the file is no notebook")]
    NoNotebook,
    #[error("there is no cell `{0}`")]
    NoCell(String),
    #[error("no cell is named and nothing is to be written")]
    Nothing,
}

/// Changes the cell named `cell`; without a name a new one stands before all others, without a
/// `source` the cell is deleted.
pub(super) fn apply(path: &str, cell: Option<&str>, source: Option<&str>, files: &mut Files<'_>) {
    let text = match files.text(path) {
        Content::Known(text) => text,
        Content::Absent => return files.fail(Some(path), "the file does not exist"),
        Content::Unknown(why) => return files.unknown(path, why),
    };
    match changed(&text, cell, source) {
        Ok(text) => files.write(path, text.into_bytes()),
        Err(error @ CellError::NoNotebook) => files.unknown(path, error.to_string()),
        Err(error) => files.fail(Some(path), error.to_string()),
    }
}

fn changed(text: &str, cell: Option<&str>, source: Option<&str>) -> Result<String, CellError> {
    let notebook = json::parse(text).ok_or(CellError::NoNotebook)?;
    let list = notebook.get("cells").ok_or(CellError::NoNotebook)?;
    let Kind::Array(cells) = &list.kind else {
        return Err(CellError::NoNotebook);
    };
    let splices = match (cell, source) {
        (None, None) => return Err(CellError::Nothing),
        (None, Some(source)) => vec![inserted(list, cells, 0, source)],
        (Some(name), source) => {
            let at = position(cells, name).ok_or_else(|| CellError::NoCell(name.to_owned()))?;
            match (cells.get(at), source) {
                (Some(cell), Some(source)) => replaced(cell, source),
                (Some(_), None) => vec![deleted(cells, at)],
                (None, Some(source)) => vec![inserted(list, cells, at, source)],
                (None, None) => return Err(CellError::NoCell(name.to_owned())),
            }
        }
    };
    Ok(spliced(text, splices))
}

/// The place of a cell by its name or by `cell-N`; the place after the last is one, too.
fn position(cells: &[Value], name: &str) -> Option<usize> {
    let named = |cell: &Value| cell.get("id").and_then(Value::text) == Some(name);
    cells.iter().position(named).or_else(|| {
        let at = name.strip_prefix("cell-")?.parse().ok()?;
        (at <= cells.len()).then_some(at)
    })
}

type Splice = (Range<usize>, String);

/// A cell whose source changes loses what it printed.
fn replaced(cell: &Value, source: &str) -> Vec<Splice> {
    let mut splices = Vec::new();
    match cell.get("source") {
        Some(old) => splices.push((old.span.clone(), json::quoted(source))),
        None => {
            let at = cell.span.start.saturating_add(1);
            let is_empty = matches!(&cell.kind, Kind::Object(members) if members.is_empty());
            let comma = if is_empty { "" } else { "," };
            splices.push((at..at, format!("\"source\":{}{comma}", json::quoted(source))));
        }
    }
    if cell.get("cell_type").and_then(Value::text) == Some("code") {
        for (key, value) in [("execution_count", "null"), ("outputs", "[]")] {
            if let Some(old) = cell.get(key) {
                splices.push((old.span.clone(), value.to_owned()));
            }
        }
    }
    splices
}

/// A new cell is one of code: clients say which, and code is judged most strictly.
fn inserted(list: &Value, cells: &[Value], at: usize, source: &str) -> Splice {
    let cell = format!(
        "{{\"cell_type\":\"code\",\"execution_count\":null,\"metadata\":{{}},\"outputs\":[],\
         \"source\":{}}}",
        json::quoted(source)
    );
    match (cells.get(at), cells.last()) {
        (Some(next), _) => (next.span.start..next.span.start, format!("{cell},")),
        (None, Some(last)) => (last.span.end..last.span.end, format!(",{cell}")),
        (None, None) => (list.span.clone(), format!("[{cell}]")),
    }
}

/// The cell and one of the commas beside it.
fn deleted(cells: &[Value], at: usize) -> Splice {
    let end = |at: usize| cells.get(at).map_or(0, |cell| cell.span.end);
    let start = |at: usize| cells.get(at).map(|cell| cell.span.start);
    let span = match (start(at.saturating_add(1)), at.checked_sub(1)) {
        (Some(next), _) => start(at).unwrap_or(next)..next,
        (None, Some(before)) => end(before)..end(at),
        (None, None) => start(at).unwrap_or_default()..end(at),
    };
    (span, String::new())
}

fn spliced(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|(span, _)| span.start);
    let mut after = String::with_capacity(text.len());
    let mut done = 0;
    for (span, new) in splices {
        after.push_str(text.get(done..span.start).unwrap_or_default());
        after.push_str(&new);
        done = span.end;
    }
    after.push_str(text.get(done..).unwrap_or_default());
    after
}
