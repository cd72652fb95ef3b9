//! Where clients keep MCP servers.

/// The lock, relative to the root.
pub const LOCK: &str = ".assize/mcp.lock";

/// Files of a repository, relative to its root.
pub const PROJECT_FILES: [&str; 12] = [
    ".mcp.json",
    ".cursor/mcp.json",
    ".vscode/mcp.json",
    ".vscode/settings.json",
    ".gemini/settings.json",
    ".qwen/settings.json",
    ".codex/config.toml",
    ".claude/settings.json",
    ".claude/settings.local.json",
    ".roo/mcp.json",
    ".kiro/settings/mcp.json",
    ".amazonq/mcp.json",
];

/// Files of a person, relative to the home folder.
pub const HOME_FILES: [&str; 10] = [
    ".claude.json",
    ".codex/config.toml",
    ".gemini/settings.json",
    ".qwen/settings.json",
    ".cursor/mcp.json",
    ".codeium/windsurf/mcp_config.json",
    ".copilot/mcp-config.json",
    ".config/Claude/claude_desktop_config.json",
    ".config/Code/User/mcp.json",
    ".config/Code/User/settings.json",
];

/// Whether a path, relative to the root, is one of the files of a repository.
pub fn is_project_file(path: &str) -> bool {
    PROJECT_FILES.contains(&path)
}

/// Whether such a file holds servers and nothing else.
pub fn is_dedicated(file: &str) -> bool {
    file.rsplit('/').next().unwrap_or(file).contains("mcp")
}
