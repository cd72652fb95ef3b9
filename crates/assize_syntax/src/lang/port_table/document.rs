//! Registries that people read: tables and lists of Markdown, and comma-separated values.

use assize_model::Span;

use super::numbers::{number, ports};
use super::{Row, clean};

/// The rows of a document that is a registry.
pub(super) fn rows(text: &str) -> Vec<Row> {
    let mut found = Vec::new();
    let mut section = String::new();
    let mut fence: Option<&str> = None;
    let mut table: Option<(usize, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        if fence.is_some() || mark.is_some() {
            fence = match (fence, mark) {
                (Some(open), Some(mark)) if open == mark => None,
                (None, mark) => mark,
                (open, _) => open,
            };
            continue;
        }
        if trimmed.contains('|') && !is_item(trimmed) {
            table = Some((table.map_or(start, |(begin, _)| begin), at));
            continue;
        }
        take_table(text, table.take(), &section, &mut found);
        if let Some(title) = trimmed.strip_prefix('#') {
            section = clean(title.trim_start_matches('#'));
        } else if is_item(trimmed) {
            let from = start + (line.len() - line.trim_start().len());
            found.extend(item(trimmed, Span::new(from, from + trimmed.len()), &section));
        }
    }
    take_table(text, table, &section, &mut found);
    found
}

fn take_table(text: &str, table: Option<(usize, usize)>, section: &str, found: &mut Vec<Row>) {
    let Some((start, end)) = table else { return };
    let rows = table_rows(text.get(start..end).unwrap_or(""), section);
    found.extend(
        rows.into_iter().map(|row| Row {
            span: Span::new(row.span.start + start, row.span.end + start),
            ..row
        }),
    );
}

fn is_item(line: &str) -> bool {
    line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ")
}

/// `- 8000: service` or `- service: 8000 (note)`.
fn item(line: &str, span: Span, section: &str) -> Option<Row> {
    let text = line.get(2..)?.trim();
    let text = text.strip_prefix("**").unwrap_or(text);
    let text =
        ["Port ", "port ", "Ports "].iter().find_map(|w| text.strip_prefix(w)).unwrap_or(text);
    let row = |numbers: &str, service: &str| {
        let (ports, service) = (ports(numbers), clean(service));
        let section = section.to_owned();
        let good = !ports.is_empty() && !service.is_empty();
        good.then_some(Row { ports, service, section, span })
    };
    for separator in [": ", "**: ", ":** ", " - ", " \u{2013} ", " \u{2014} ", " = ", " \u{2192} "]
    {
        let Some((left, right)) = text.split_once(separator) else { continue };
        if let Some(row) = row(left, right) {
            return Some(row);
        }
        let numbers = right.split_once('(').map_or(right, |(numbers, _)| numbers);
        let counts = ["total", "count", "services", "ports"];
        let named = clean(left);
        let is_count = counts.iter().any(|word| named.to_ascii_lowercase().contains(word));
        if !is_count && named.contains(char::is_alphabetic) {
            return row(numbers, left);
        }
    }
    None
}

/// The rows of a table with a column of ports and one of services; others yield none.
pub(super) fn table_rows(table: &str, section: &str) -> Vec<Row> {
    let mut found = Vec::new();
    let mut columns: Option<Columns> = None;
    let mut header = "";
    let mut at = 0;
    for line in table.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if is_delimiter(trimmed) {
            columns = Columns::of(&cells(header));
        } else if let Some(columns) = &columns {
            let from = start + (line.len() - line.trim_start().len());
            let span = Span::new(from, from + trimmed.len());
            found.extend(columns.row(&cells(trimmed), span, section));
        } else {
            header = trimmed;
        }
    }
    found
}

fn is_delimiter(line: &str) -> bool {
    line.contains('-') && line.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t'))
}

fn cells(line: &str) -> Vec<&str> {
    let line = line.strip_prefix('|').unwrap_or(line);
    line.strip_suffix('|').unwrap_or(line).split('|').map(str::trim).collect()
}

/// Where in a row the port and the service stand.
#[derive(Debug)]
struct Columns {
    port: usize,
    service: usize,
}

impl Columns {
    fn of(header: &[&str]) -> Option<Self> {
        let names: Vec<String> =
            header.iter().map(|name| clean(name).to_ascii_lowercase()).collect();
        let words = |name: &str| -> Vec<String> {
            name.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect()
        };
        let any =
            |name: &str, wanted: &[&str]| words(name).iter().any(|w| wanted.contains(&w.as_str()));
        let is_port = |name: &String| any(name, &["port", "ports"]);
        let outside = ["host", "external", "published", "exposed", "public"];
        let inside = ["container", "internal", "target", "old", "inner"];
        let port = names
            .iter()
            .position(|name| is_port(name) && any(name, &outside))
            .or_else(|| names.iter().position(|name| is_port(name) && !any(name, &inside)))?;
        let services = ["service", "services", "container", "application", "app", "component"];
        let at = |wanted: &[&str]| {
            names
                .iter()
                .enumerate()
                .position(|(at, name)| at != port && !is_port(name) && any(name, wanted))
        };
        let service = at(&services).or_else(|| at(&["name"]))?;
        Some(Self { port, service })
    }

    fn row(&self, cells: &[&str], span: Span, section: &str) -> Option<Row> {
        let written = cells.get(self.port)?;
        let written = written.split_once('(').map_or(*written, |(numbers, _)| numbers);
        let (ports, service) = (ports(written), clean(cells.get(self.service)?));
        let good = !ports.is_empty() && !service.is_empty();
        good.then(|| Row { ports, service, section: section.to_owned(), span })
    }
}

/// The rows of comma-separated values whose first line names a column of ports and one of services.
pub(super) fn comma_rows(text: &str) -> Vec<Row> {
    let mut found = Vec::new();
    let mut columns: Option<Columns> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.trim_end().len());
        at += line.len();
        let values = comma_values(line.trim_end());
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        match &columns {
            Some(columns) => found.extend(columns.row(&values, span, "")),
            None if values.iter().any(|value| number(value).is_some()) => return found,
            None => columns = Columns::of(&values),
        }
    }
    found
}

fn comma_values(line: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => values.push(String::new()),
            _ => {
                if let Some(value) = values.last_mut() {
                    value.push(letter);
                }
            }
        }
    }
    values
}
