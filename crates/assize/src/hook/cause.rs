//! `ledger-context`: why a session changes something. Kept are hashes: which prompt, which item of
//! a plan. What they say is nobody's business but theirs who said it.

use std::collections::BTreeMap;

use assize_guard::{Action, Argument};
use assize_ledger::Map;

use super::failing::Cause;
use super::record::Record;

/// The last parts of the keys by which clients name an item of a plan.
const ITEMS: [&str; 4] = ["content", "step", "description", "title"];
const STATUS: &str = "status";
/// The words for the item that is being worked on.
const CURRENT: [&str; 3] = ["in_progress", "in-progress", "active"];

/// A person said what to do.
pub(super) fn prompt(action: &Action, record: &mut Record<'_>) -> Result<(), Cause> {
    let Action::Prompt { text } = action else { return Ok(()) };
    if text.trim().is_empty() {
        return Ok(());
    }
    record.append("prompt", Map::from([("hash".to_owned(), hash(text).into())])).map(drop)
}

/// The agent wrote down what it works on.
pub(super) fn plan(action: &Action, record: &mut Record<'_>) -> Result<(), Cause> {
    let Action::Unknown { arguments, .. } = action else { return Ok(()) };
    let Some(current) = current(arguments) else { return Ok(()) };
    let mut payload = Map::new();
    if let Some(item) = current {
        payload.insert("hash".to_owned(), hash(&item).into());
    }
    record.append("plan", payload).map(drop)
}

/// The item of a plan that is being worked on; nothing in it where all wait or are done, and
/// nothing at all where the arguments are no plan.
fn current(arguments: &[Argument]) -> Option<Option<String>> {
    let mut item: BTreeMap<&str, &str> = BTreeMap::new();
    let mut items = Vec::new();
    for argument in arguments {
        let Some((_, key)) = argument.key.rsplit_once('.') else { continue };
        // A key that comes again begins the next item.
        if item.contains_key(key) {
            items.push(std::mem::take(&mut item));
        }
        item.insert(key, &argument.text);
    }
    items.push(item);
    items.retain(|item| item.contains_key(STATUS) && text_of(item).is_some());
    if items.is_empty() {
        return None;
    }
    let works = |item: &&BTreeMap<&str, &str>| {
        item.get(STATUS).is_some_and(|status| CURRENT.contains(status))
    };
    Some(items.iter().find(works).and_then(text_of).map(str::to_owned))
}

fn text_of<'a>(item: &BTreeMap<&str, &'a str>) -> Option<&'a str> {
    ITEMS.iter().find_map(|key| item.get(key).copied())
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::{Argument, current};

    fn list(members: &[(&str, &str)]) -> Vec<Argument> {
        let argument =
            |(key, text): &(&str, &str)| Argument { key: (*key).into(), text: (*text).into() };
        members.iter().map(argument).collect()
    }

    #[test]
    fn the_item_that_is_worked_on_is_found_in_the_plans_of_clients() {
        let claude = [
            ("todos.content", "a"),
            ("todos.status", "completed"),
            ("todos.activeForm", "A"),
            ("todos.content", "b"),
            ("todos.status", "in_progress"),
            ("todos.activeForm", "B"),
        ];
        assert_eq!(current(&list(&claude)), Some(Some("b".to_owned())));
        let codex =
            [("plan.status", "in_progress"), ("plan.step", "c"), ("plan.status", "pending")];
        assert_eq!(current(&list(&codex)), Some(Some("c".to_owned())));
        let done = [("todos.content", "a"), ("todos.status", "completed")];
        assert_eq!(current(&list(&done)), Some(None));
        for other in [&[("query", "x")][..], &[("a.status", "in_progress")], &[]] {
            assert_eq!(current(&list(other)), None);
        }
    }
}
