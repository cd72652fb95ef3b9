//! The tools that a server says it has, as hashes: what a model reads of them is believed, so a
//! changed word in a description is a change of the server.

use std::collections::BTreeMap;

use crate::json::{self, quoted};
use crate::lock::content_hash;
use crate::node::Node;

/// More tools are none that a person looked at.
pub const TOOLS_MAX: usize = 2_000;

/// A tool, by what is told of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tool {
    /// The hash of its title, its description and its hints.
    pub words: String,
    /// The hash of what it takes and gives.
    pub schema: String,
}

/// The tools by name.
pub type Tools = BTreeMap<String, Tool>;

impl Tool {
    /// Both hashes in one text.
    pub(crate) fn print(&self) -> String {
        format!("{} {}", self.words, self.schema)
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (words, schema) = text.split_once(' ')?;
        Some(Self { words: words.to_owned(), schema: schema.to_owned() })
    }
}

/// One page of an answer to `tools/list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Each with the text that a person reads of it.
    pub tools: Vec<(String, Tool, String)>,
    /// What to ask for the next page.
    pub next: Option<String>,
}

/// Reads the `result` of an answer to `tools/list`.
pub(crate) fn page(result: &Node) -> Option<Page> {
    let tools = match result.get("tools")? {
        Node::List(tools) => tools,
        Node::Text(_) | Node::Flag(_) | Node::Map(_) | Node::Other(_) => return None,
    };
    let one = |node: &Node| {
        let name = node.get("name")?.text()?.to_owned();
        let told = node.get("description").and_then(Node::text).unwrap_or_default();
        Some((name, tool(node), told.to_owned()))
    };
    let tools: Option<Vec<_>> = tools.iter().take(TOOLS_MAX + 1).map(one).collect();
    let next = result.get("nextCursor").and_then(Node::text).map(str::to_owned);
    Some(Page { tools: tools.filter(|tools| tools.len() <= TOOLS_MAX)?, next })
}

fn tool(node: &Node) -> Tool {
    let part = |keys: &[&str]| {
        let members: Vec<String> = keys
            .iter()
            .filter_map(|key| Some(format!("{}:{}", quoted(key), canonical(node.get(key)?))))
            .collect();
        content_hash(members.join(",").as_bytes())
    };
    Tool {
        words: part(&["title", "description", "annotations"]),
        schema: part(&["inputSchema", "outputSchema"]),
    }
}

/// A value as one text, whatever the order in which its members were written.
fn canonical(node: &Node) -> String {
    match node {
        Node::Text(text) => quoted(text),
        Node::Flag(flag) => flag.to_string(),
        Node::Other(text) => text.clone(),
        Node::List(elements) => {
            let elements: Vec<String> = elements.iter().map(canonical).collect();
            format!("[{}]", elements.join(","))
        }
        Node::Map(members) => {
            // Readers of JSON take the last of several members with one name.
            let members: BTreeMap<&str, &Node> =
                members.iter().map(|member| (member.key.as_str(), &member.value)).collect();
            let members: Vec<String> = members
                .into_iter()
                .map(|(key, value)| format!("{}:{}", quoted(key), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

/// A map of tools on one line of JSON.
pub(crate) fn to_json(tools: &Tools) -> String {
    let members: Vec<String> = tools
        .iter()
        .map(|(name, tool)| format!("{}:{}", quoted(name), quoted(&tool.print())))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// A map of tools, however it was written.
pub(crate) fn of(node: &Node) -> Tools {
    let tool = |member: &crate::node::Member| {
        Some((member.key.clone(), Tool::parse(member.value.text()?)?))
    };
    node.members().iter().filter_map(tool).collect()
}

/// A message from a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The answer to the request with this number: it went well.
    Done(u64),
    /// An answer with tools.
    Tools(u64, Page),
    /// The answer to the request with this number: it did not.
    Failed(u64, String),
    /// The server asks something, or tells something that nobody waits for.
    Other,
}

/// Reads one message; nothing where it is none.
pub fn message(text: &str) -> Option<Message> {
    let node = json::read(text)?;
    if node.get("jsonrpc").and_then(Node::text) != Some("2.0") {
        return None;
    }
    let id = match node.get("id") {
        Some(Node::Other(number)) if node.get("method").is_none() => number.parse().ok(),
        _ => None,
    };
    let Some(id) = id else { return Some(Message::Other) };
    if let Some(error) = node.get("error") {
        let words = error.get("message").and_then(Node::text).unwrap_or("without a reason");
        return Some(Message::Failed(id, words.to_owned()));
    }
    let result = node.get("result")?;
    Some(match result.get("tools") {
        Some(_) => Message::Tools(id, page(result)?),
        None => Message::Done(id),
    })
}

/// The first request: who asks, and what it can do.
pub fn initialize(id: u64, version: &str) -> String {
    let client = format!("{{\"name\":\"assize\",\"version\":{}}}", quoted(version));
    request(
        id,
        "initialize",
        &format!(
            "{{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{{}},\"clientInfo\":{client}}}"
        ),
    )
}

/// What follows its answer.
pub fn initialized() -> String {
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}".to_owned()
}

/// The request for tools, or for the page behind a cursor.
pub fn list_tools(id: u64, cursor: Option<&str>) -> String {
    let parameters = cursor.map(|cursor| format!("{{\"cursor\":{}}}", quoted(cursor)));
    request(id, "tools/list", parameters.as_deref().unwrap_or("{}"))
}

fn request(id: u64, method: &str, parameters: &str) -> String {
    format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\",\"params\":{parameters}}}")
}

#[cfg(test)]
mod tests {
    use super::{Message, initialize, list_tools, message};

    fn tools(list: &str) -> super::Page {
        let text = format!("{{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{{\"tools\":{list}}}}}");
        match message(&text) {
            Some(Message::Tools(7, page)) => page,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_tool_is_what_is_told_of_it_in_whatever_order() {
        let one =
            r#"[{"name":"a","description":"d","inputSchema":{"type":"object","required":["x"]}}]"#;
        let same =
            r#"[{"inputSchema":{"required":["x"],"type":"object"},"name":"a","description":"d"}]"#;
        assert_eq!(tools(one), tools(same));
        let words = one.replace("\"d\"", "\"d \"");
        let schema = one.replace("\"x\"", "\"y\"");
        let hint = one
            .replace("\"inputSchema\"", "\"annotations\":{\"readOnlyHint\":true},\"inputSchema\"");
        let of = |text: &str| tools(text).tools.remove(0).1;
        assert!(of(&words).words != of(one).words && of(&words).schema == of(one).schema);
        assert!(of(&schema).schema != of(one).schema && of(&schema).words == of(one).words);
        assert_ne!(of(&hint).words, of(one).words);
    }

    #[test]
    fn messages_are_told_apart() {
        let cases = [
            (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, Some(Message::Done(1))),
            (
                r#"{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}"#,
                Some(Message::Failed(1, "no".to_owned())),
            ),
            (r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, Some(Message::Other)),
            (r#"{"jsonrpc":"2.0","method":"notifications/message"}"#, Some(Message::Other)),
            (r#"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"description":"no name"}]}}"#, None),
            ("server ready", None),
            ("{}", None),
        ];
        for (text, expected) in cases {
            assert_eq!(message(text), expected, "{text}");
        }
        assert!(initialize(1, "0").contains("\"clientInfo\":{\"name\":\"assize\""));
        assert!(list_tools(2, Some("a\"b")).ends_with("{\"cursor\":\"a\\\"b\"}}"));
    }
}
