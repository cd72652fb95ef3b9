//! Which paths hold agent definitions.

/// The folders from which clients load agents, wherever in the tree a project lies.
const STANDARD: [&str; 2] = [".claude/agents", ".codex/agents"];

/// Whether a Markdown file lies where a client looks for agents, or in one of the `extra` folders,
/// which are relative to the root. An entry of `extra` may also name one file.
pub fn is_agent_path(path: &str, extra: &[String]) -> bool {
    is_markdown(path) && (in_standard_folder(path) || extra.iter().any(|one| covers(one, path)))
}

/// Whether a Markdown file lies in a folder that a client reads without configuration.
pub fn is_standard_path(path: &str) -> bool {
    is_markdown(path) && in_standard_folder(path)
}

/// Whether a Markdown file lies directly or deeper in a folder that is called `agents`.
pub(crate) fn is_in_agents_folder(path: &str) -> bool {
    let Some((folder, _)) = path.rsplit_once('/') else { return false };
    is_markdown(path) && folder.split('/').any(|part| part == "agents")
}

fn is_markdown(path: &str) -> bool {
    let Some((_, extension)) = path.rsplit_once('.') else { return false };
    extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
}

fn in_standard_folder(path: &str) -> bool {
    STANDARD.iter().any(|folder| {
        path.match_indices(folder).any(|(at, _)| {
            let begins = at == 0 || path.as_bytes().get(at - 1) == Some(&b'/');
            begins && path.as_bytes().get(at + folder.len()) == Some(&b'/')
        })
    })
}

fn covers(entry: &str, path: &str) -> bool {
    let entry = entry.strip_prefix("./").unwrap_or(entry).trim_end_matches("/**");
    let entry = entry.trim_end_matches('/');
    if entry.is_empty() || entry == "." {
        return true;
    }
    path.strip_prefix(entry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_agent_path;

    #[test]
    fn standard_and_configured_folders_at_any_depth() {
        let extra = vec!["team/agents/".to_owned(), "one/agent.md".to_owned()];
        let cases = [
            (".claude/agents/a.md", true),
            (".claude/agents/deep/er/a.MD", true),
            ("services/api/.claude/agents/a.md", true),
            (".codex/agents/a.md", true),
            ("team/agents/a.md", true),
            ("one/agent.md", true),
            ("x.claude/agents/a.md", false),
            (".claude/agents.md", false),
            (".claude/agents/a.json", false),
            ("team/agents2/a.md", false),
            ("docs/agents/a.md", false),
        ];
        for (path, expected) in cases {
            assert_eq!(is_agent_path(path, &extra), expected, "{path}");
        }
    }
}
