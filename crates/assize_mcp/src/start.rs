//! How a server is started or reached, with the values that nothing else here keeps.
//!
//! They live as long as a person asks a server for its tools. Nothing prints or compares them.

use crate::definition::Transport;
use crate::node::Node;

/// How to reach a server.
#[expect(missing_debug_implementations, reason = "it holds credentials")]
#[derive(Default)]
pub struct Start {
    pub transport: Transport,
    /// The program and its arguments; empty where the server is reached by an address.
    pub words: Vec<String>,
    pub environment: Vec<(String, String)>,
    pub folder: Option<String>,
    pub address: Option<String>,
    pub headers: Vec<(String, String)>,
}

impl Start {
    pub(crate) fn of(node: &Node, transport: Transport) -> Self {
        let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
        let mut words = match node.get("command") {
            Some(list @ Node::List(_)) => list.words(),
            other => other.and_then(Node::text).map(str::to_owned).into_iter().collect(),
        };
        for key in ["args", "arguments"] {
            words.extend(node.get(key).map(Node::words).unwrap_or_default());
        }
        let pairs = |keys: &[&str]| -> Vec<(String, String)> {
            let maps = keys.iter().filter_map(|key| node.get(key)).flat_map(Node::members);
            maps.filter_map(|one| Some((one.key.clone(), one.value.word()?))).collect()
        };
        Self {
            transport,
            words,
            environment: pairs(&["env", "environment"]),
            folder: ["cwd", "folder"].iter().find_map(|key| text(key)),
            address: ["url", "serverUrl", "httpUrl", "address"].iter().find_map(|key| text(key)),
            headers: pairs(&["headers", "http_headers"]),
        }
    }

    /// The same with the variables that its texts name, such as `${NAME}` and `${NAME:-else}`.
    #[must_use]
    pub fn with(self, value: &dyn Fn(&str) -> Option<String>) -> Self {
        let pairs = |all: Vec<(String, String)>| {
            all.into_iter().map(|(name, text)| (name, expanded(&text, value))).collect()
        };
        Self {
            transport: self.transport,
            words: self.words.iter().map(|word| expanded(word, value)).collect(),
            environment: pairs(self.environment),
            folder: self.folder.map(|folder| expanded(&folder, value)),
            address: self.address.map(|address| expanded(&address, value)),
            headers: pairs(self.headers),
        }
    }
}

fn expanded(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inside, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        let (name, fallback) =
            inside.split_once(":-").map_or((inside, None), |(name, other)| (name, Some(other)));
        let name = name.strip_prefix("env:").unwrap_or(name);
        match value(name).or_else(|| fallback.map(str::to_owned)) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&format!("${{{inside}}}")),
        }
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn variables_are_put_in_where_they_are_known() {
        let value = |name: &str| (name == "A").then(|| "x".to_owned());
        for (text, expected) in [
            ("${A}/b", "x/b"),
            ("${env:A}${A}", "xx"),
            ("${B:-y}/${A:-z}", "y/x"),
            ("${B}/b", "${B}/b"),
            ("a${", "a${"),
            ("$A", "$A"),
        ] {
            assert_eq!(expanded(text, &value), expected, "{text}");
        }
    }
}
