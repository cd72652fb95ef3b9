//! What the index keeps of a locked server, on one line.

use std::collections::BTreeMap;

use crate::definition::Definition;
use crate::json::{self, quoted};
use crate::node::Node;
use crate::tools::{self, Tools};

/// A definition with the hashes of the scripts that it runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pin {
    pub definition: Definition,
    /// Content hashes by path, relative to the root.
    pub scripts: BTreeMap<String, String>,
    /// The tools that it told of, where a person asked.
    pub tools: Tools,
}

impl Pin {
    pub fn to_json(&self) -> String {
        let scripts: Vec<String> = self
            .scripts
            .iter()
            .map(|(path, hash)| format!("{}:{}", quoted(path), quoted(hash)))
            .collect();
        // Most people ask no server for its tools.
        let tools = match self.tools.is_empty() {
            true => String::new(),
            false => format!(",\"tools\":{}", tools::to_json(&self.tools)),
        };
        let (definition, scripts) = (self.definition.to_json(), scripts.join(","));
        format!("{{\"server\":{definition},\"scripts\":{{{scripts}}}{tools}}}")
    }

    /// The pin that [`Pin::to_json`] wrote.
    pub fn from_json(text: &str) -> Option<Self> {
        let node = json::read(text)?;
        let definition = Definition::of(node.get("server")?)?;
        let tools = node.get("tools").map(tools::of).unwrap_or_default();
        Some(Self { definition, scripts: hashes(node.get("scripts")?), tools })
    }
}

/// A map of texts.
pub(crate) fn hashes(node: &Node) -> BTreeMap<String, String> {
    let text =
        |member: &crate::node::Member| Some((member.key.clone(), member.value.text()?.to_owned()));
    node.members().iter().filter_map(text).collect()
}
