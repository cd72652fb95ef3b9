//! Programs that run an agent, and what takes their fences away.

/// One client: its names and packages, options that take its fences away, variables that do.
pub(super) struct Agent {
    pub(super) names: &'static [&'static str],
    pub(super) options: &'static [&'static str],
    /// Name and value; an empty value: any.
    pub(super) variables: &'static [(&'static str, &'static str)],
}

#[rustfmt::skip]
pub(super) const AGENTS: &[Agent] = &[
    Agent {
        names: &["claude", "claude-code", "happy"],
        options: &[
            "--dangerously-skip-permissions", "--allow-dangerously-skip-permissions", "--bare",
            "bypassPermissions", "--setting-sources", "disableAllHooks",
        ],
        variables: &[
            ("CLAUDE_CONFIG_DIR", ""), ("CLAUDE_CODE_SIMPLE", ""), ("HOME", ""), ("XDG_STATE_HOME", ""),
        ],
    },
    Agent {
        names: &["codex"],
        options: &[
            "--dangerously-bypass-approvals-and-sandbox", "--yolo", "danger-full-access",
            "--dangerously-bypass-hook-trust",
        ],
        variables: &[("CODEX_HOME", ""), ("HOME", "")],
    },
    Agent {
        names: &["gemini", "gemini-cli", "qwen", "qwen-code", "iflow", "iflow-cli", "cline", "kimi",
            "crush", "qodercli"],
        options: &["--yolo", "-y", "yolo"],
        variables: &[("GEMINI_CLI_HOME", ""), ("HOME", "")],
    },
    Agent {
        names: &["copilot"],
        options: &["--allow-all", "--allow-all-tools", "--yolo"],
        variables: &[("COPILOT_ALLOW_ALL", ""), ("COPILOT_HOME", ""), ("XDG_CONFIG_HOME", "")],
    },
    Agent {
        names: &["aider", "aider-chat"],
        options: &["--yes", "--yes-always", "--no-git-commit-verify"],
        variables: &[("AIDER_YES", ""), ("AIDER_YES_ALWAYS", "")],
    },
    Agent {
        names: &["opencode", "opencode-ai"],
        options: &["--dangerously-skip-permissions", "--pure", "--auto"],
        variables: &[
            ("OPENCODE_CONFIG_DIR", ""), ("OPENCODE_CONFIG", ""), ("OPENCODE_CONFIG_CONTENT", ""),
            ("OPENCODE_PERMISSION", ""), ("OPENCODE_PURE", ""), ("XDG_CONFIG_HOME", ""),
        ],
    },
    Agent {
        names: &["cursor-agent", "cursor"],
        options: &["--force", "-f", "--yolo", "--dangerously-skip-permissions"],
        variables: &[],
    },
    Agent {
        names: &["amp"],
        options: &["--dangerously-allow-all"],
        variables: &[("AMP_SETTINGS_FILE", "")],
    },
    Agent {
        names: &["droid"],
        options: &["--skip-permissions-unsafe", "high"],
        variables: &[],
    },
    Agent { names: &["goose"], options: &[], variables: &[("GOOSE_MODE", "auto")] },
    Agent {
        names: &["q", "kiro-cli"],
        options: &["--trust-all-tools"],
        variables: &[],
    },
    Agent { names: &["auggie", "kilocode", "kilo", "cn"], options: &["--auto", "--yolo"], variables: &[] },
    Agent {
        names: &["openhands", "vibe", "cagent"],
        options: &["--always-approve", "--auto-approve", "--yolo"],
        variables: &[],
    },
];
