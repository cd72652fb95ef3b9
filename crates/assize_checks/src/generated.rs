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
#[path = "containers/container_hardening/mod.rs"]
pub(crate) mod container_hardening;
#[path = "scripts/deploy_entry/mod.rs"]
pub(crate) mod deploy_entry;
#[path = "reality/doc_link/mod.rs"]
pub(crate) mod doc_link;
#[path = "containers/docker_path/mod.rs"]
pub(crate) mod docker_path;
#[path = "containers/docker_user/mod.rs"]
pub(crate) mod docker_user;
#[path = "single_source/duplicate_file/mod.rs"]
pub(crate) mod duplicate_file;
#[path = "containers/healthcheck_real/mod.rs"]
pub(crate) mod healthcheck_real;
#[path = "containers/image_pin/mod.rs"]
pub(crate) mod image_pin;
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
#[path = "reality/phantom_service/mod.rs"]
pub(crate) mod phantom_service;
#[path = "containers/port_registry/mod.rs"]
pub(crate) mod port_registry;
#[path = "scripts/script_safety/mod.rs"]
pub(crate) mod script_safety;
#[path = "standards/secret_literal/mod.rs"]
pub(crate) mod secret_literal;
#[path = "reality/symlink_portable/mod.rs"]
pub(crate) mod symlink_portable;
#[path = "reality/syntax_parse/mod.rs"]
pub(crate) mod syntax_parse;

/// All compiled-in controls, in order of name.
pub const CONTROLS: &[&Control] = &[
    &agent_lint::CONTROL,
    &agent_parse::CONTROL,
    &allowance_invalid::CONTROL,
    &clone_detect::CONTROL,
    &container_hardening::CONTROL,
    &deploy_entry::CONTROL,
    &doc_link::CONTROL,
    &docker_path::CONTROL,
    &docker_user::CONTROL,
    &duplicate_file::CONTROL,
    &healthcheck_real::CONTROL,
    &image_pin::CONTROL,
    &mcp_lock::CONTROL,
    &phantom_command::CONTROL,
    &phantom_env::CONTROL,
    &phantom_import::CONTROL,
    &phantom_local_import::CONTROL,
    &phantom_path::CONTROL,
    &phantom_service::CONTROL,
    &port_registry::CONTROL,
    &script_safety::CONTROL,
    &secret_literal::CONTROL,
    &symlink_portable::CONTROL,
    &syntax_parse::CONTROL,
];

/// Fixtures per control and language: (control, language, bad, good).
pub const FIXTURES: &[(&str, &str, u32, u32)] = &[
    ("agent-lint", "markdown", 4, 5),
    ("agent-parse", "markdown", 10, 4),
    ("allowance-invalid", "markdown", 1, 1),
    ("allowance-invalid", "python", 3, 2),
    ("allowance-invalid", "shell", 1, 1),
    ("allowance-invalid", "typescript", 1, 1),
    ("allowance-invalid", "yaml", 1, 1),
    ("clone-detect", "javascript", 5, 3),
    ("clone-detect", "python", 3, 3),
    ("clone-detect", "typescript", 2, 3),
    ("container-hardening", "dockerfile", 1, 1),
    ("container-hardening", "yaml", 2, 1),
    ("deploy-entry", "shell", 2, 1),
    ("doc-link", "markdown", 8, 24),
    ("docker-path", "dockerfile", 1, 2),
    ("docker-user", "dockerfile", 1, 1),
    ("docker-user", "yaml", 1, 1),
    ("duplicate-file", "markdown", 2, 2),
    ("duplicate-file", "other", 1, 2),
    ("duplicate-file", "python", 3, 3),
    ("duplicate-file", "yaml", 1, 2),
    ("healthcheck-real", "dockerfile", 1, 1),
    ("healthcheck-real", "yaml", 1, 1),
    ("image-pin", "dockerfile", 1, 1),
    ("image-pin", "yaml", 2, 2),
    ("mcp-lock", "json", 3, 6),
    ("mcp-lock", "toml", 1, 1),
    ("phantom-command", "json", 1, 4),
    ("phantom-command", "makefile", 2, 5),
    ("phantom-command", "shell", 4, 12),
    ("phantom-command", "yaml", 4, 7),
    ("phantom-env", "javascript", 6, 9),
    ("phantom-env", "python", 3, 8),
    ("phantom-env", "typescript", 6, 4),
    ("phantom-import", "javascript", 6, 19),
    ("phantom-import", "python", 4, 16),
    ("phantom-import", "typescript", 4, 11),
    ("phantom-local-import", "javascript", 7, 14),
    ("phantom-local-import", "python", 5, 18),
    ("phantom-local-import", "typescript", 7, 24),
    ("phantom-path", "dockerfile", 1, 9),
    ("phantom-path", "json", 2, 1),
    ("phantom-path", "shell", 2, 3),
    ("phantom-path", "yaml", 8, 18),
    ("phantom-service", "yaml", 1, 2),
    ("port-registry", "markdown", 2, 4),
    ("port-registry", "yaml", 5, 6),
    ("script-safety", "shell", 2, 2),
    ("secret-literal", "dockerfile", 1, 1),
    ("secret-literal", "dotenv", 1, 1),
    ("secret-literal", "ini", 1, 1),
    ("secret-literal", "javascript", 2, 3),
    ("secret-literal", "json", 2, 1),
    ("secret-literal", "markdown", 1, 2),
    ("secret-literal", "python", 5, 11),
    ("secret-literal", "shell", 3, 2),
    ("secret-literal", "toml", 1, 1),
    ("secret-literal", "typescript", 3, 2),
    ("secret-literal", "yaml", 4, 8),
    ("symlink-portable", "other", 1, 1),
    ("syntax-parse", "dockerfile", 2, 2),
    ("syntax-parse", "dotenv", 1, 1),
    ("syntax-parse", "ini", 3, 2),
    ("syntax-parse", "javascript", 5, 12),
    ("syntax-parse", "json", 6, 11),
    ("syntax-parse", "makefile", 1, 1),
    ("syntax-parse", "python", 5, 5),
    ("syntax-parse", "requirements", 1, 1),
    ("syntax-parse", "shell", 3, 7),
    ("syntax-parse", "toml", 5, 4),
    ("syntax-parse", "typescript", 5, 10),
    ("syntax-parse", "yaml", 6, 6),
];
