//! The controls, one line per folder. Made by `cargo xtask codegen`; do not edit.

use crate::Control;

#[path = "agents/agent_lint/mod.rs"]
pub(crate) mod agent_lint;
#[path = "agents/agent_parse/mod.rs"]
pub(crate) mod agent_parse;
#[path = "session/allowance_invalid/mod.rs"]
pub(crate) mod allowance_invalid;
#[path = "single_source/clone_detect/mod.rs"]
pub(crate) mod clone_detect;
#[path = "reality/doc_link/mod.rs"]
pub(crate) mod doc_link;
#[path = "single_source/duplicate_file/mod.rs"]
pub(crate) mod duplicate_file;
#[path = "mcp/mcp_lock/mod.rs"]
pub(crate) mod mcp_lock;
#[path = "reality/phantom_command/mod.rs"]
pub(crate) mod phantom_command;
#[path = "reality/phantom_env/mod.rs"]
pub(crate) mod phantom_env;
#[path = "reality/phantom_import/mod.rs"]
pub(crate) mod phantom_import;
#[path = "reality/phantom_local_import/mod.rs"]
pub(crate) mod phantom_local_import;
#[path = "reality/phantom_path/mod.rs"]
pub(crate) mod phantom_path;
#[path = "containers/port_registry/mod.rs"]
pub(crate) mod port_registry;
#[path = "standards/secret_literal/mod.rs"]
pub(crate) mod secret_literal;
#[path = "reality/syntax_parse/mod.rs"]
pub(crate) mod syntax_parse;

/// All compiled-in controls, in order of name.
pub const CONTROLS: &[&Control] = &[
    &agent_lint::CONTROL,
    &agent_parse::CONTROL,
    &allowance_invalid::CONTROL,
    &clone_detect::CONTROL,
    &doc_link::CONTROL,
    &duplicate_file::CONTROL,
    &mcp_lock::CONTROL,
    &phantom_command::CONTROL,
    &phantom_env::CONTROL,
    &phantom_import::CONTROL,
    &phantom_local_import::CONTROL,
    &phantom_path::CONTROL,
    &port_registry::CONTROL,
    &secret_literal::CONTROL,
    &syntax_parse::CONTROL,
];

/// Fixtures per control and language: (control, language, bad, good).
pub const FIXTURES: &[(&str, &str, u32, u32)] = &[
    ("agent-lint", "markdown", 4, 5),
    ("agent-parse", "markdown", 10, 4),
    ("allowance-invalid", "csharp", 1, 1),
    ("allowance-invalid", "go", 1, 1),
    ("allowance-invalid", "java", 1, 1),
    ("allowance-invalid", "markdown", 1, 1),
    ("allowance-invalid", "python", 3, 2),
    ("allowance-invalid", "rust", 1, 1),
    ("allowance-invalid", "shell", 1, 1),
    ("allowance-invalid", "typescript", 1, 1),
    ("allowance-invalid", "yaml", 1, 1),
    ("clone-detect", "csharp", 2, 1),
    ("clone-detect", "go", 2, 1),
    ("clone-detect", "java", 2, 2),
    ("clone-detect", "javascript", 5, 3),
    ("clone-detect", "python", 3, 3),
    ("clone-detect", "rust", 2, 2),
    ("clone-detect", "typescript", 2, 3),
    ("doc-link", "markdown", 8, 24),
    ("duplicate-file", "markdown", 2, 2),
    ("duplicate-file", "other", 1, 2),
    ("duplicate-file", "python", 3, 3),
    ("duplicate-file", "yaml", 1, 2),
    ("mcp-lock", "json", 3, 6),
    ("mcp-lock", "toml", 1, 1),
    ("phantom-command", "json", 1, 4),
    ("phantom-command", "makefile", 2, 5),
    ("phantom-command", "shell", 4, 12),
    ("phantom-command", "yaml", 4, 7),
    ("phantom-env", "csharp", 1, 1),
    ("phantom-env", "go", 1, 1),
    ("phantom-env", "java", 1, 1),
    ("phantom-env", "javascript", 6, 9),
    ("phantom-env", "python", 3, 8),
    ("phantom-env", "rust", 1, 1),
    ("phantom-env", "typescript", 6, 4),
    ("phantom-import", "go", 1, 1),
    ("phantom-import", "javascript", 6, 19),
    ("phantom-import", "python", 4, 16),
    ("phantom-import", "typescript", 4, 11),
    ("phantom-local-import", "go", 1, 1),
    ("phantom-local-import", "javascript", 7, 14),
    ("phantom-local-import", "python", 5, 18),
    ("phantom-local-import", "rust", 1, 1),
    ("phantom-local-import", "typescript", 7, 24),
    ("phantom-path", "dockerfile", 1, 9),
    ("phantom-path", "json", 2, 1),
    ("phantom-path", "shell", 2, 3),
    ("phantom-path", "yaml", 8, 18),
    ("port-registry", "markdown", 2, 4),
    ("port-registry", "yaml", 5, 6),
    ("secret-literal", "csharp", 1, 1),
    ("secret-literal", "dockerfile", 1, 1),
    ("secret-literal", "dotenv", 1, 1),
    ("secret-literal", "go", 1, 1),
    ("secret-literal", "ini", 1, 1),
    ("secret-literal", "java", 1, 1),
    ("secret-literal", "javascript", 2, 3),
    ("secret-literal", "json", 2, 1),
    ("secret-literal", "markdown", 1, 2),
    ("secret-literal", "python", 5, 11),
    ("secret-literal", "rust", 1, 2),
    ("secret-literal", "shell", 3, 2),
    ("secret-literal", "toml", 1, 1),
    ("secret-literal", "typescript", 3, 2),
    ("secret-literal", "yaml", 4, 8),
    ("syntax-parse", "csharp", 1, 1),
    ("syntax-parse", "dockerfile", 2, 2),
    ("syntax-parse", "dotenv", 1, 1),
    ("syntax-parse", "go", 1, 1),
    ("syntax-parse", "ini", 3, 2),
    ("syntax-parse", "java", 1, 1),
    ("syntax-parse", "javascript", 5, 12),
    ("syntax-parse", "json", 6, 11),
    ("syntax-parse", "makefile", 1, 1),
    ("syntax-parse", "python", 5, 5),
    ("syntax-parse", "requirements", 1, 1),
    ("syntax-parse", "rust", 1, 1),
    ("syntax-parse", "shell", 3, 7),
    ("syntax-parse", "toml", 5, 4),
    ("syntax-parse", "typescript", 5, 10),
    ("syntax-parse", "yaml", 6, 6),
];
