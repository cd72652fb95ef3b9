//! Entries in JSON that may hold comments.
//!
//! Everything goes in right behind an opening bracket, so what has to come out again is what stands
//! between that bracket and the first thing of the user. Brackets that are ours are followed by
//! their content at once; what goes behind a bracket of the user starts with a line feed. By that
//! they are told apart: `"PreToolUse": [{` is ours with its key, in `[\n      {` only the entry is.

use std::ops::Range;

use jsonc_parser::ast::{Array, Object, ObjectProp, Value as Node};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Value;

use super::SettingsError;
use super::dialect::Beside;
use super::entry::{Entry, is_our_handler};

/// What the text starts with, on systems that mark UTF-8.
const MARK: &str = "\u{feff}";

pub(crate) fn read(text: &str) -> Result<Value, SettingsError> {
    let root = Value::from(Node::Object(parse(bare(text))?));
    Ok(root)
}

/// Adds entries to settings that have none of ours. `None`: there is no file.
pub(crate) fn add(
    text: Option<&str>,
    entries: &[Entry],
    beside: Option<Beside>,
) -> Result<String, SettingsError> {
    let Some(text) = text else {
        let beside = beside.map_or("", |beside| beside.text);
        return Ok(format!("{{{beside}{}}}\n", whole(entries, "\n")));
    };
    let body = bare(text);
    let root = parse(body)?;
    let line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut places = Vec::new();
    let beside = match beside {
        Some(beside) if only(&root, beside.key)?.is_none() => Some(beside),
        _ => None,
    };
    match only(&root, "hooks")? {
        None => {
            let beside = beside.map_or("", |beside| beside.text);
            let new = format!("{line}  {beside}{}", whole(entries, line));
            places.push((root.range.start, new, root.properties.is_empty()));
        }
        Some(hooks) => {
            let Node::Object(hooks) = &hooks.value else {
                return Err(SettingsError::Shape("hooks".to_owned()));
            };
            add_events(hooks, entries, line, &mut places)?;
            let alone = beside.and_then(|beside| beside.alone);
            places.extend(alone.map(|alone| (root.range.start, alone.to_owned(), false)));
        }
    }
    Ok(put(text, text.len() - body.len(), places))
}

/// The pieces for a `hooks` of the user: where, what, and whether nothing follows.
fn add_events(
    hooks: &Object<'_>,
    entries: &[Entry],
    line: &str,
    places: &mut Vec<(usize, String, bool)>,
) -> Result<(), SettingsError> {
    let mut new = Vec::new();
    for entry in entries {
        match only(hooks, entry.event)?.map(|event| &event.value) {
            None => new.push(format!("{line}    {}", event(entry))),
            Some(Node::Array(groups)) => {
                let text = format!("{line}      {}", group(entry));
                places.push((groups.range.start, text, groups.elements.is_empty()));
            }
            Some(_) => return Err(SettingsError::Shape(format!("hooks.{}", entry.event))),
        }
    }
    if !new.is_empty() {
        places.push((hooks.range.start, new.join(","), hooks.properties.is_empty()));
    }
    Ok(())
}

/// Puts pieces in behind the brackets at their places, from the end of the text to its start.
fn put(text: &str, skipped: usize, mut places: Vec<(usize, String, bool)>) -> String {
    places.sort_by_key(|(bracket, _, _)| std::cmp::Reverse(*bracket));
    let mut text = text.to_owned();
    for (bracket, new, last) in places {
        text.insert_str(skipped + bracket + 1, &(new + if last { "" } else { "," }));
    }
    text
}

fn whole(entries: &[Entry], line: &str) -> String {
    let events: Vec<String> = entries.iter().map(event).collect();
    format!("\"hooks\": {{{}{line}  }}", events.join(&format!(",{line}    ")))
}

fn event(entry: &Entry) -> String {
    format!("\"{}\": [{}]", entry.event, group(entry))
}

/// JSON on one line, with a space behind colons and commas as people write it.
fn group(entry: &Entry) -> String {
    spaced(&entry.value())
}

fn spaced(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                format!("{}: {}", Value::from(key.as_str()), spaced(value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Array(members) => {
            format!("[{}]", members.iter().map(spaced).collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// Takes all entries of ours out. `None`: the file was ours alone.
pub(crate) fn remove(text: &str, beside: Option<Beside>) -> Result<Option<String>, SettingsError> {
    let body = bare(text);
    let root = parse(body)?;
    let Some(Node::Object(hooks)) = only(&root, "hooks")?.map(|hooks| &hooks.value) else {
        return Ok(Some(text.to_owned()));
    };
    let mut cuts = Vec::new();
    if follows_at_once(hooks.range, hooks.properties.first().map(Ranged::start))
        && hooks.properties.iter().all(|event| is_our_event(event))
    {
        let ours = |member: &ObjectProp<'_>| {
            let name = member.name.as_str();
            name == "hooks" || beside.is_some_and(|beside| came_with(body, member, beside))
        };
        if is_our_file(body, &root) && root.properties.iter().all(ours) {
            return Ok(None);
        }
        cut(body, root.range, &root.properties, ours, &mut cuts);
    } else {
        let alone = |member: &ObjectProp<'_>| {
            let rest = body.get(member.start()..).unwrap_or_default();
            beside.and_then(|beside| beside.alone).is_some_and(|alone| rest.starts_with(alone))
        };
        cut(body, root.range, &root.properties, alone, &mut cuts);
        cut(body, hooks.range, &hooks.properties, is_our_event, &mut cuts);
        for event in hooks.properties.iter().filter(|event| !is_our_event(event)) {
            if let Node::Array(groups) = &event.value {
                cut_groups(body, groups, &mut cuts);
            }
        }
    }
    cuts.sort_by_key(|cut| std::cmp::Reverse(cut.start));
    let skipped = text.len() - body.len();
    let mut text = text.to_owned();
    for cut in cuts {
        text.replace_range(skipped + cut.start..skipped + cut.end, "");
    }
    Ok(Some(text))
}

/// Groups of ours, and handlers of ours in groups where the user added others.
fn cut_groups(text: &str, groups: &Array<'_>, cuts: &mut Vec<Range<usize>>) {
    cut(text, groups.range, &groups.elements, is_our_group, cuts);
    for group in groups.elements.iter().filter(|group| !is_our_group(group)) {
        let handlers = group.as_object().and_then(|group| group.get_array("hooks"));
        if let Some(handlers) = handlers {
            cut(text, handlers.range, &handlers.elements, is_ours, cuts);
        }
    }
}

/// The ranges to cut so that those members of a container that are `ours` go.
///
/// Those at its start go with the blanks before them and the comma behind them, as they came; one
/// that was moved goes with the comma before it.
fn cut<T: Ranged>(
    text: &str,
    container: jsonc_parser::common::Range,
    members: &[T],
    ours: impl Fn(&T) -> bool,
    cuts: &mut Vec<Range<usize>>,
) {
    let leading = members.iter().take_while(|member| ours(member)).count();
    if let Some(last) = leading.checked_sub(1).and_then(|last| members.get(last)) {
        cuts.push(container.start + 1..comma(text, last.end()));
    }
    for pair in members.windows(2).skip(leading) {
        if let [before, member] = pair
            && ours(member)
        {
            cuts.push(before.end()..member.end());
        }
    }
}

/// The end of the comma that follows, or where it was sought from.
fn comma(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start().len();
    if rest.trim_start().starts_with(',') { from + blanks + 1 } else { from }
}

/// A key and its list that came with the entry.
fn is_our_event(event: &ObjectProp<'_>) -> bool {
    let Node::Array(groups) = &event.value else {
        return false;
    };
    follows_at_once(groups.range, groups.elements.first().map(Ranged::start))
        && groups.elements.iter().all(is_our_group)
}

fn is_our_group(group: &Node<'_>) -> bool {
    let handlers = group.as_object().and_then(|group| group.get_array("hooks"));
    handlers.map_or_else(
        || is_ours(group),
        |handlers| !handlers.elements.is_empty() && handlers.elements.iter().all(is_ours),
    )
}

/// Whether a member came with our `hooks`: nothing of the user's ever stands right before them.
fn came_with(text: &str, member: &ObjectProp<'_>, beside: Beside) -> bool {
    let rest = text.get(member.start()..).unwrap_or_default();
    rest.strip_prefix(beside.text).is_some_and(|rest| rest.starts_with("\"hooks\": {"))
}

fn is_ours(handler: &Node<'_>) -> bool {
    is_our_handler(&Value::from(handler.clone()))
}

/// Whether the file has the form of one that came with our `hooks`.
fn is_our_file(text: &str, root: &Object<'_>) -> bool {
    root.range.start == 0
        && follows_at_once(root.range, root.properties.first().map(Ranged::start))
        && text.get(root.range.end..) == Some("\n")
}

fn follows_at_once(container: jsonc_parser::common::Range, first: Option<usize>) -> bool {
    first == Some(container.start + 1)
}

fn only<'a, 'b>(
    object: &'b Object<'a>,
    key: &str,
) -> Result<Option<&'b ObjectProp<'a>>, SettingsError> {
    let mut found = object.properties.iter().filter(|member| member.name.as_str() == key);
    let first = found.next();
    match found.next() {
        Some(_) => Err(SettingsError::Twice(key.to_owned())),
        None => Ok(first),
    }
}

fn parse(text: &str) -> Result<Object<'_>, SettingsError> {
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options)
        .map_err(|error| SettingsError::Json(error.to_string()))?;
    match parsed.value {
        Some(Node::Object(root)) => Ok(root),
        Some(_) | None => Err(SettingsError::Json("it is not an object".to_owned())),
    }
}

fn bare(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}
