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
#[path = "reality/deferred_marker/mod.rs"]
pub(crate) mod deferred_marker;
#[path = "reality/doc_link/mod.rs"]
pub(crate) mod doc_link;
#[path = "single_source/duplicate_file/mod.rs"]
pub(crate) mod duplicate_file;
#[path = "waste/duplicate_test/mod.rs"]
pub(crate) mod duplicate_test;
#[path = "reality/fabricated_value/mod.rs"]
pub(crate) mod fabricated_value;
#[path = "services/http_timeouts/mod.rs"]
pub(crate) mod http_timeouts;
#[path = "mcp/mcp_lock/mod.rs"]
pub(crate) mod mcp_lock;
#[path = "reality/mock_in_prod/mod.rs"]
pub(crate) mod mock_in_prod;
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
#[path = "code_quality/print_logging/mod.rs"]
pub(crate) mod print_logging;
#[path = "standards/secret_literal/mod.rs"]
pub(crate) mod secret_literal;
#[path = "reality/stub_body/mod.rs"]
pub(crate) mod stub_body;
#[path = "standards/swallowed_error/mod.rs"]
pub(crate) mod swallowed_error;
#[path = "reality/syntax_parse/mod.rs"]
pub(crate) mod syntax_parse;

/// All compiled-in controls, in order of name.
pub const CONTROLS: &[&Control] = &[
    &agent_lint::CONTROL,
    &agent_parse::CONTROL,
    &allowance_invalid::CONTROL,
    &clone_detect::CONTROL,
    &deferred_marker::CONTROL,
    &doc_link::CONTROL,
    &duplicate_file::CONTROL,
    &duplicate_test::CONTROL,
    &fabricated_value::CONTROL,
    &http_timeouts::CONTROL,
    &mcp_lock::CONTROL,
    &mock_in_prod::CONTROL,
    &phantom_command::CONTROL,
    &phantom_env::CONTROL,
    &phantom_import::CONTROL,
    &phantom_local_import::CONTROL,
    &phantom_path::CONTROL,
    &port_registry::CONTROL,
    &print_logging::CONTROL,
    &secret_literal::CONTROL,
    &stub_body::CONTROL,
    &swallowed_error::CONTROL,
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
    ("deferred-marker", "javascript", 1, 1),
    ("deferred-marker", "python", 1, 1),
    ("deferred-marker", "typescript", 1, 1),
    ("doc-link", "markdown", 8, 24),
    ("duplicate-file", "markdown", 2, 2),
    ("duplicate-file", "other", 1, 2),
    ("duplicate-file", "python", 3, 3),
    ("duplicate-file", "yaml", 1, 2),
    ("duplicate-test", "javascript", 1, 1),
    ("duplicate-test", "python", 1, 1),
    ("duplicate-test", "typescript", 1, 1),
    ("fabricated-value", "javascript", 1, 1),
    ("fabricated-value", "python", 1, 1),
    ("fabricated-value", "typescript", 1, 1),
    ("http-timeouts", "javascript", 1, 1),
    ("http-timeouts", "python", 2, 4),
    ("http-timeouts", "typescript", 1, 2),
    ("mcp-lock", "json", 3, 6),
    ("mcp-lock", "toml", 1, 1),
    ("mock-in-prod", "javascript", 1, 1),
    ("mock-in-prod", "python", 1, 1),
    ("mock-in-prod", "typescript", 1, 1),
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
    ("port-registry", "markdown", 2, 4),
    ("port-registry", "yaml", 5, 6),
    ("print-logging", "javascript", 1, 1),
    ("print-logging", "python", 1, 1),
    ("print-logging", "typescript", 1, 1),
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
    ("stub-body", "javascript", 1, 1),
    ("stub-body", "python", 1, 1),
    ("stub-body", "typescript", 1, 1),
    ("swallowed-error", "javascript", 1, 1),
    ("swallowed-error", "python", 1, 2),
    ("swallowed-error", "typescript", 1, 1),
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
