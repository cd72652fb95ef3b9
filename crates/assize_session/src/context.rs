//! Why a session changes something: what it was told last, as hashes.

use assize_ledger::{Map, Value};

use crate::KeptError;
use crate::fields::{maybe_text, texts};

/// Files without a reason that are kept: the first say enough.
const FILES_MAX: usize = 20;

/// The reason of a session's changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// The hash of the last prompt.
    pub prompt: Option<String>,
    /// The hash of the plan's item that is being worked on.
    pub plan: Option<String>,
    /// Files that it changed while there was neither.
    pub without: Vec<String>,
}

impl Context {
    /// An entry of the session.
    pub(crate) fn apply(&mut self, kind: &str, payload: &Map) {
        match kind {
            "prompt" => self.prompt = maybe_text(payload, "hash").or_else(|| self.prompt.take()),
            "plan" => self.plan = maybe_text(payload, "hash"),
            _ => {}
        }
    }

    /// A file that the session changed; `payload` is the entry that says so.
    pub(crate) fn changed(&mut self, path: &str, payload: &Map) {
        let has_reason = payload.contains_key("prompt") || payload.contains_key("plan");
        let known = self.without.iter().any(|one| one == path);
        // An entry of before reasons were recorded has no entities either, and says nothing.
        if has_reason || known || !payload.contains_key("entities") {
            return;
        }
        if self.without.len() < FILES_MAX {
            self.without.push(path.to_owned());
        }
    }

    /// What a gate says of changes without a reason; nothing where each has one.
    pub fn warning(&self) -> Option<String> {
        let (first, rest) = self.without.split_first()?;
        let more = match rest.len() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        Some(format!("`{first}`{more} changed without a prompt or an item of a plan before it"))
    }

    pub(crate) fn value(&self) -> Value {
        let mut map = Map::from([("without".to_owned(), crate::fields::list(&self.without))]);
        for (key, hash) in [("prompt", &self.prompt), ("plan", &self.plan)] {
            if let Some(hash) = hash {
                map.insert(key.to_owned(), hash.as_str().into());
            }
        }
        Value::Map(map)
    }

    pub(crate) fn of(map: &Map, key: &'static str) -> Result<Self, KeptError> {
        let Some(Value::Map(map)) = map.get(key) else { return Err(KeptError::Member(key)) };
        Ok(Self {
            prompt: maybe_text(map, "prompt"),
            plan: maybe_text(map, "plan"),
            without: texts(map, "without"),
        })
    }
}

#[cfg(test)]
mod tests {
    use assize_ledger::{Map, Value};

    use super::Context;

    #[test]
    fn a_change_without_a_reason_is_named_once() {
        let mut context = Context::default();
        let mut entry = Map::from([("entities".to_owned(), Value::Map(Map::new()))]);
        context.changed("a.py", &entry);
        context.changed("a.py", &entry);
        assert_eq!(context.without, ["a.py"]);
        context.changed("b.py", &entry);
        assert!(context.warning().is_some_and(|said| said.starts_with("`a.py` and 1 more")));
        entry.insert("prompt".to_owned(), "h".into());
        context.changed("c.py", &entry);
        assert_eq!(context.without.len(), 2);
        assert_eq!(Context::default().warning(), None);
        // An older entry is not held against anybody.
        context.changed("d.py", &Map::new());
        assert_eq!(context.without.len(), 2);
    }

    #[test]
    fn the_last_prompt_is_the_reason() {
        let mut context = Context::default();
        for hash in ["one", "two"] {
            context.apply("prompt", &Map::from([("hash".to_owned(), hash.into())]));
        }
        context.apply("plan", &Map::from([("hash".to_owned(), "item".into())]));
        assert_eq!(context.prompt.as_deref(), Some("two"));
        assert_eq!(context.plan.as_deref(), Some("item"));
        context.apply("plan", &Map::new());
        assert_eq!(context.plan, None);
    }
}
