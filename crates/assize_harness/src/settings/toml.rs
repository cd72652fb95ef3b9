//! Entries in TOML.
//!
//! They stand in one block at the end of the file, under a comment by which the block is found
//! again. A client may append tables of its own behind it, so its end is where the lines stop to be
//! those that we write.

use serde_json::{Map, Value};
use toml_edit::{DocumentMut, Item, TableLike};

use super::SettingsError;
use super::entry::{Entry, is_ours};

/// The table and the key of [`head`].
const HOOKS: &str = "[hooks]";
const FOLDER: &str = "managed_dir";
const HEADER: &str = "# The client asks Assize; `assize uninstall` takes these tables out again.";

pub(crate) fn read(text: &str) -> Result<Value, SettingsError> {
    let document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| toml_error(text, &error))?;
    Ok(table(document.as_table()))
}

/// The table that requirements name their folder in, where the user has none.
pub(crate) fn folder_of(settings: &Value) -> Result<bool, SettingsError> {
    match settings.get("hooks") {
        None => Ok(false),
        Some(hooks) if hooks.get(FOLDER).is_some() => Ok(true),
        // A second `[hooks]` would make the file invalid.
        Some(_) => Err(SettingsError::Shape(format!("hooks.{FOLDER}"))),
    }
}

fn toml_error(text: &str, error: &toml_edit::TomlError) -> SettingsError {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let words: Vec<&str> = error.message().split_whitespace().collect();
    SettingsError::Toml(format!("{} on line {line} column {column}", words.join(" ")))
}

/// Adds entries to settings that have none of ours. `None`: there is no file. `folder`: where the
/// program lies, for the machine's requirements.
pub(crate) fn add(text: Option<&str>, entries: &[Entry], folder: Option<&str>) -> String {
    let line = if text.is_some_and(|text| text.contains("\r\n")) { "\r\n" } else { "\n" };
    let mut lines = vec![HEADER.to_owned()];
    lines.extend(folder.into_iter().flat_map(head));
    lines.extend(entries.iter().flat_map(unit));
    let block = lines.join(line) + line;
    // The line feed before the block is ours too: the last line of the user may have none.
    text.map_or_else(|| block.clone(), |text| format!("{text}{line}{block}"))
}

/// The lines before the entries in requirements: the client passes over hooks of the machine unless
/// a folder is named that exists.
fn head(folder: &str) -> [String; 2] {
    [HOOKS.to_owned(), format!("{FOLDER} = {}", toml_edit::Value::from(folder))]
}

/// The lines of one entry. No client that reads TOML needs a pattern or knows `onFailure`.
fn unit(entry: &Entry) -> [String; 5] {
    let event = entry.event;
    [
        format!("[[hooks.{event}]]"),
        format!("[[hooks.{event}.hooks]]"),
        "type = \"command\"".to_owned(),
        format!("command = {}", toml_edit::Value::from(entry.command.as_str())),
        format!("timeout = {}", entry.timeout),
    ]
}

/// Takes our block out. `None`: the file was ours alone.
pub(crate) fn remove(text: &str) -> Option<String> {
    let Some(header) = header(text) else {
        return Some(text.to_owned());
    };
    let (before, block) = text.split_at(header);
    let lines: Vec<&str> = block.split_inclusive('\n').collect();
    let (first, mut units) = lines.split_first()?;
    if let [table, folder, rest @ ..] = units
        && table.trim_end() == HOOKS
        && folder.starts_with(FOLDER)
    {
        units = rest;
    }
    let ours: usize = units.chunks(5).take_while(|unit| is_unit(unit)).count() * 5;
    let rest: String = units.iter().skip(ours).copied().collect();
    if before.is_empty() && rest.is_empty() {
        return None;
    }
    let line = if first.ends_with("\r\n") { "\r\n" } else { "\n" };
    Some(before.strip_suffix(line).unwrap_or(before).to_owned() + &rest)
}

/// Where the header stands, at the start of a line.
fn header(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == HEADER {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn is_unit(lines: &[&str]) -> bool {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    let [group, handler, kind, command, timeout] = lines.as_slice() else {
        return false;
    };
    let Some(event) = group.strip_prefix("[[hooks.").and_then(|rest| rest.strip_suffix("]]"))
    else {
        return false;
    };
    *handler == format!("[[hooks.{event}.hooks]]")
        && *kind == "type = \"command\""
        && timeout.starts_with("timeout = ")
        && read(command)
            .is_ok_and(|line| line.get("command").and_then(Value::as_str).is_some_and(is_ours))
}

fn table(table: &dyn TableLike) -> Value {
    let members = table.iter().map(|(key, item)| (key.to_owned(), item_value(item)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn item_value(item: &Item) -> Value {
    match item {
        Item::None => Value::Null,
        Item::Value(value) => plain(value),
        Item::Table(members) => table(members),
        Item::ArrayOfTables(members) => members.iter().map(|member| table(member)).collect(),
    }
}

fn plain(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => Value::from(text.value().as_str()),
        toml_edit::Value::Integer(number) => Value::from(*number.value()),
        toml_edit::Value::Float(number) => Value::from(*number.value()),
        toml_edit::Value::Boolean(value) => Value::from(*value.value()),
        toml_edit::Value::Datetime(moment) => Value::from(moment.value().to_string()),
        toml_edit::Value::Array(members) => members.iter().map(plain).collect(),
        toml_edit::Value::InlineTable(members) => table(members),
    }
}
