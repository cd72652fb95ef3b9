//! What the index keeps of a locked server, on one line.

use std::collections::BTreeMap;

use crate::definition::Definition;
use crate::json::{self, quoted};
use crate::node::Node;

/// A definition with the hashes of the scripts that it runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pin {
    pub definition: Definition,
    /// Content hashes by path, relative to the root.
    pub scripts: BTreeMap<String, String>,
}

impl Pin {
    pub fn to_json(&self) -> String {
        let scripts: Vec<String> = self
            .scripts
            .iter()
            .map(|(path, hash)| format!("{}:{}", quoted(path), quoted(hash)))
            .collect();
        format!(
            "{{\"server\":{},\"scripts\":{{{}}}}}",
            self.definition.to_json(),
            scripts.join(",")
        )
    }

    /// The pin that [`Pin::to_json`] wrote.
    pub fn from_json(text: &str) -> Option<Self> {
        let node = json::read(text)?;
        let definition = Definition::of(node.get("server")?)?;
        Some(Self { definition, scripts: hashes(node.get("scripts")?) })
    }
}

/// A map of texts.
pub(crate) fn hashes(node: &Node) -> BTreeMap<String, String> {
    let text =
        |member: &crate::node::Member| Some((member.key.clone(), member.value.text()?.to_owned()));
    node.members().iter().filter_map(text).collect()
}
