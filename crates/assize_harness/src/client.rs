//! The clients, and the moments at which they run a hook.

/// A program that runs an agent and asks hooks what it may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Client {
    ClaudeCode,
    Codex,
    GeminiCli,
    QwenCode,
    CopilotCli,
    Cline,
    OpenCode,
    Cursor,
    VsCode,
}

impl Client {
    pub const ALL: [Self; 9] = [
        Self::ClaudeCode,
        Self::Codex,
        Self::GeminiCli,
        Self::QwenCode,
        Self::CopilotCli,
        Self::Cline,
        Self::OpenCode,
        Self::Cursor,
        Self::VsCode,
    ];

    /// Its name in `assize hook NAME`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
            Self::Codex => "codex",
            Self::GeminiCli => "gemini-cli",
            Self::QwenCode => "qwen-code",
            Self::CopilotCli => "copilot-cli",
            Self::Cline => "cline",
            Self::OpenCode => "opencode",
            Self::Cursor => "cursor",
            Self::VsCode => "vs-code",
        }
    }

    /// The client with this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|client| client.name() == name)
    }
}

/// When a hook runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Moment {
    PreTool,
    PostTool,
    PostToolFailure,
    /// The client is about to ask a person, or whatever stands in for one.
    PermissionRequest,
    Prompt,
    SessionStart,
    SessionEnd,
    Stop,
    SubagentStart,
    SubagentStop,
    ConfigChange,
    PreCompact,
    /// An event that we did not ask for, by the client's name for it.
    Other(String),
}

/// What the clients call the moments. No name means one thing to one client and another to the
/// next, so one table serves all; the first name of a moment is ours.
const NAMES: [(&str, Moment); 45] = [
    // Claude Code, Codex, Qwen Code, VS Code, OpenCode by our plugin, Copilot where it is asked to.
    ("PreToolUse", Moment::PreTool),
    ("PostToolUse", Moment::PostTool),
    ("PostToolUseFailure", Moment::PostToolFailure),
    ("PermissionRequest", Moment::PermissionRequest),
    ("UserPromptSubmit", Moment::Prompt),
    ("SessionStart", Moment::SessionStart),
    ("SessionEnd", Moment::SessionEnd),
    ("Stop", Moment::Stop),
    ("SubagentStart", Moment::SubagentStart),
    ("SubagentStop", Moment::SubagentStop),
    ("ConfigChange", Moment::ConfigChange),
    ("PreCompact", Moment::PreCompact),
    // Gemini CLI.
    ("BeforeTool", Moment::PreTool),
    ("AfterTool", Moment::PostTool),
    ("BeforeAgent", Moment::Prompt),
    ("AfterAgent", Moment::Stop),
    ("PreCompress", Moment::PreCompact),
    // Copilot CLI and, for most of them, Cursor.
    ("preToolUse", Moment::PreTool),
    ("postToolUse", Moment::PostTool),
    ("postToolUseFailure", Moment::PostToolFailure),
    ("permissionRequest", Moment::PermissionRequest),
    ("userPromptSubmitted", Moment::Prompt),
    ("sessionStart", Moment::SessionStart),
    ("sessionEnd", Moment::SessionEnd),
    ("agentStop", Moment::Stop),
    ("subagentStart", Moment::SubagentStart),
    ("subagentStop", Moment::SubagentStop),
    ("preCompact", Moment::PreCompact),
    // Cursor alone.
    ("beforeShellExecution", Moment::PreTool),
    ("beforeMCPExecution", Moment::PreTool),
    ("beforeReadFile", Moment::PreTool),
    ("afterShellExecution", Moment::PostTool),
    ("afterMCPExecution", Moment::PostTool),
    ("afterFileEdit", Moment::PostTool),
    ("beforeSubmitPrompt", Moment::Prompt),
    ("stop", Moment::Stop),
    // Cline, by what its events say of themselves; its files are named as those of Claude Code.
    ("agent_start", Moment::SessionStart),
    ("agent_resume", Moment::SessionStart),
    ("prompt_submit", Moment::Prompt),
    ("tool_call", Moment::PreTool),
    ("tool_result", Moment::PostTool),
    ("agent_end", Moment::Stop),
    ("TaskStart", Moment::SessionStart),
    ("TaskComplete", Moment::Stop),
    ("session_shutdown", Moment::SessionEnd),
];

impl Moment {
    /// The moment that a client calls `name`.
    pub fn of(name: &str) -> Self {
        let known = NAMES.iter().find(|(known, _)| *known == name);
        known.map_or_else(|| Self::Other(name.to_owned()), |(_, moment)| moment.clone())
    }

    /// Our name for it.
    pub fn name(&self) -> &str {
        if let Self::Other(name) = self {
            return name;
        }
        NAMES.iter().find(|(_, moment)| moment == self).map_or("", |(name, _)| name)
    }

    /// Whether a call of a tool stands behind it.
    pub const fn is_call(&self) -> bool {
        matches!(
            self,
            Self::PreTool | Self::PostTool | Self::PostToolFailure | Self::PermissionRequest
        )
    }
}
