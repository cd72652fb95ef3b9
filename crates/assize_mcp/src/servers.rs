//! The servers that a client's file names.

use std::ops::Range;

use crate::definition::Definition;
use crate::node::{Member, Node};
use crate::start::Start;
use crate::{json, toml};

/// A larger file is not read.
pub const FILE_BYTES_MAX: u64 = 16 << 20;

/// What stands behind the name of a file for those of its servers that are one project's.
pub const LOCAL: &str = ":project";

/// A server, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The file as the caller names it; with [`LOCAL`] behind it where the server is one project's.
    pub file: String,
    pub name: String,
    pub definition: Definition,
    /// The bytes of its name.
    pub at: Range<usize>,
}

/// The servers of a file. `root` is the folder of the project, absolute: some files of a person
/// hold servers for one project only. `None`: the text cannot be read.
pub fn servers(file: &str, text: &str, root: &str) -> Option<Vec<Server>> {
    let (tree, shift) = tree(file, text)?;
    let mut found = Vec::new();
    let take = |name: &str, members: &[Member], found: &mut Vec<Server>| {
        found.extend(members.iter().filter_map(|member| {
            let at = member.at.start + shift..member.at.end + shift;
            let definition = Definition::of(&member.value)?;
            Some(Server { file: name.to_owned(), name: member.key.clone(), definition, at })
        }));
    };
    for servers in everywhere(file, &tree) {
        take(file, servers.members(), &mut found);
    }
    if let Some(servers) = of_project(&tree, root).and_then(|own| own.get("mcpServers")) {
        take(&format!("{file}{LOCAL}"), servers.members(), &mut found);
    }
    Some(found)
}

/// How to reach the server of this file with this name; nothing where the text does not name it.
/// The file is named as [`Server::file`] is.
pub fn start(file: &str, name: &str, text: &str, root: &str) -> Option<Start> {
    let plain = file.strip_suffix(LOCAL).unwrap_or(file);
    let (tree, _) = tree(plain, text)?;
    let maps = match plain == file {
        true => everywhere(plain, &tree),
        false => of_project(&tree, root)?.get("mcpServers").into_iter().collect(),
    };
    // Readers of JSON take the last of several members with one name.
    let mut nodes = maps.into_iter().flat_map(Node::members).rev();
    let node = &nodes.find(|member| member.key == name)?.value;
    Some(Start::of(node, Definition::of(node)?.transport))
}

/// Whether two texts of a file say the same of servers, values of variables and all.
pub fn same_servers(file: &str, before: &str, after: &str, root: &str) -> bool {
    let part = |text: &str| {
        // No text has no servers.
        let tree = if text.trim().is_empty() { Node::Map(Vec::new()) } else { tree(file, text)?.0 };
        let own = of_project(&tree, root);
        let mut parts: Vec<Option<Node>> =
            everywhere(file, &tree).into_iter().cloned().map(Some).collect();
        parts.extend(CHOICES.iter().map(|key| tree.get(key).cloned()));
        parts.push(own.and_then(|own| own.get("mcpServers")).cloned());
        parts.extend(CHOICES.iter().map(|key| own.and_then(|own| own.get(key)).cloned()));
        // A map without members is as good as none.
        parts.retain(|part| !matches!(part, Some(Node::Map(members)) if members.is_empty()));
        Some(parts)
    };
    match (part(before), part(after)) {
        (Some(before), Some(after)) => before == after,
        _ => before == after,
    }
}

/// A server's name as it stands in the names of its tools.
pub fn plain_name(server: &str) -> String {
    let keeps = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    server.chars().map(|letter| if keeps(letter) { letter } else { '_' }).collect()
}

/// Which servers of a project a person lets run.
const CHOICES: [&str; 5] = [
    "enabledMcpjsonServers",
    "disabledMcpjsonServers",
    "enableAllProjectMcpServers",
    "allowedMcpServers",
    "deniedMcpServers",
];

fn tree(file: &str, text: &str) -> Option<(Node, usize)> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let shift = text.len() - body.len();
    if body.trim().is_empty() {
        return Some((Node::Map(Vec::new()), shift));
    }
    let tree = if file.ends_with(".toml") { toml::read(body) } else { json::read(body) };
    tree.map(|tree| (tree, shift))
}

/// The maps of servers that hold for every project.
fn everywhere<'n>(file: &str, tree: &'n Node) -> Vec<&'n Node> {
    if file.ends_with(".toml") {
        return tree.get("mcp_servers").into_iter().collect();
    }
    let name = file.rsplit('/').next().unwrap_or(file);
    let own = matches!(name, "mcp.json" | ".mcp.json" | "mcp-config.json" | "mcp_config.json");
    let nested = tree.get("mcp").and_then(|mcp| mcp.get("servers"));
    let plain = if own { tree.get("servers") } else { None };
    [tree.get("mcpServers"), nested, plain].into_iter().flatten().collect()
}

/// What a file of a person says of one project.
fn of_project<'n>(tree: &'n Node, root: &str) -> Option<&'n Node> {
    tree.get("projects")?.get(root)
}

#[cfg(test)]
mod tests {
    use super::{plain_name, same_servers, servers};

    fn lines(file: &str, text: &str) -> Vec<String> {
        let found = servers(file, text, "/repo").unwrap();
        let line = |server: &super::Server| {
            let at = &text[server.at.clone()];
            format!("{} {} {at} {}", server.file, server.name, server.definition.to_json())
        };
        found.iter().map(line).collect()
    }

    #[test]
    fn each_client_keeps_them_in_its_own_way() {
        let text = r#"{"mcpServers": {"a": {"command": "npx", "args": ["-y", "p@1"],
            "env": {"B_TOKEN": "s3cret", "A": "1"}}}}"#;
        let a = r#".mcp.json a "a" {"type":"stdio","command":"npx","args":["-y","p@1"],"env":["A","B_TOKEN"]}"#;
        assert_eq!(lines(".mcp.json", text), [a]);
        let text =
            "// c\n{\"servers\": {\"h\": {\"type\": \"http\", \"url\": \"https://u:p@h/m\",},}}";
        let h = r#".vscode/mcp.json h "h" {"type":"http","url":"https://h/m"}"#;
        assert_eq!(lines(".vscode/mcp.json", text), [h]);
        let text =
            "model = 'x'\n[mcp_servers.fs]\ncommand = 'node'\nargs = ['a.js']\nenv = {K='v'}\n";
        let fs = r#".codex/config.toml fs fs {"type":"stdio","command":"node","args":["a.js"],"env":["K"]}"#;
        assert_eq!(lines(".codex/config.toml", text), [fs]);
        let text = r#"{"mcpServers": {"u": {"url": "http://l:1/"}}, "projects": {
            "/repo": {"mcpServers": {"p": {"command": "x"}}}, "/o": {"mcpServers": {"q": {"command": "x"}}}}}"#;
        let found = lines("~/.claude.json", text);
        assert_eq!(found.len(), 2);
        assert!(found[1].starts_with("~/.claude.json:project p "), "{found:?}");
        assert!(servers(".mcp.json", "{", "/repo").is_none());
        assert_eq!(servers(".mcp.json", "", "/repo"), Some(Vec::new()));
    }

    #[test]
    fn what_is_beside_servers_does_not_count() {
        let file = ".vscode/settings.json";
        let with = |tabs: &str, port: &str| {
            format!(
                "{{\"tab\": {tabs}, \"mcp\": {{\"servers\": {{\"a\": {{\"command\": \"{port}\"}}}}}}}}"
            )
        };
        assert!(same_servers(file, &with("2", "x"), &with("4", "x"), "/repo"));
        assert!(!same_servers(file, &with("2", "x"), &with("2", "y"), "/repo"));
        assert!(same_servers(file, "", "{\"tab\": 2}", "/repo"));
        assert!(!same_servers(file, "{", "{\"tab\": 2}", "/repo"));
        let env = |value: &str| {
            format!(
                "{{\"mcpServers\": {{\"a\": {{\"command\": \"x\", \"env\": {{\"P\": \"{value}\"}}}}}}}}"
            )
        };
        assert!(!same_servers(".mcp.json", &env("1"), &env("2"), "/repo"));
    }

    #[test]
    fn names_of_tools_hold_plain_names() {
        assert_eq!(plain_name("my server.1"), "my_server_1");
    }
}
