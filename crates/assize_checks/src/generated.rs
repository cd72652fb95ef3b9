//! The controls, one line per folder. Made by `cargo xtask codegen`; do not edit.

use crate::Control;

#[path = "agents/agent_duplicate/mod.rs"]
pub(crate) mod agent_duplicate;
#[path = "agents/agent_encoding/mod.rs"]
pub(crate) mod agent_encoding;
#[path = "agents/agent_lint/mod.rs"]
pub(crate) mod agent_lint;
#[path = "agents/agent_parse/mod.rs"]
pub(crate) mod agent_parse;
#[path = "agents/agent_ref/mod.rs"]
pub(crate) mod agent_ref;
#[path = "session/allowance_invalid/mod.rs"]
pub(crate) mod allowance_invalid;
#[path = "documents/authority_root/mod.rs"]
pub(crate) mod authority_root;
#[path = "documents/changelog_coverage/mod.rs"]
pub(crate) mod changelog_coverage;
#[path = "single_source/clone_detect/mod.rs"]
pub(crate) mod clone_detect;
#[path = "containers/container_hardening/mod.rs"]
pub(crate) mod container_hardening;
#[path = "reality/deferred_marker/mod.rs"]
pub(crate) mod deferred_marker;
#[path = "scripts/deploy_entry/mod.rs"]
pub(crate) mod deploy_entry;
#[path = "packages/deps_pinned/mod.rs"]
pub(crate) mod deps_pinned;
#[path = "reality/doc_link/mod.rs"]
pub(crate) mod doc_link;
#[path = "documents/doc_placement/mod.rs"]
pub(crate) mod doc_placement;
#[path = "containers/docker_path/mod.rs"]
pub(crate) mod docker_path;
#[path = "containers/docker_user/mod.rs"]
pub(crate) mod docker_user;
#[path = "single_source/duplicate_file/mod.rs"]
pub(crate) mod duplicate_file;
#[path = "single_source/duplicate_route/mod.rs"]
pub(crate) mod duplicate_route;
#[path = "waste/duplicate_test/mod.rs"]
pub(crate) mod duplicate_test;
#[path = "reality/fabricated_value/mod.rs"]
pub(crate) mod fabricated_value;
#[path = "containers/healthcheck_real/mod.rs"]
pub(crate) mod healthcheck_real;
#[path = "services/http_timeouts/mod.rs"]
pub(crate) mod http_timeouts;
#[path = "containers/image_pin/mod.rs"]
pub(crate) mod image_pin;
#[path = "mcp/mcp_lock/mod.rs"]
pub(crate) mod mcp_lock;
#[path = "mcp/mcp_preserve/mod.rs"]
pub(crate) mod mcp_preserve;
#[path = "reality/mock_in_prod/mod.rs"]
pub(crate) mod mock_in_prod;
#[path = "single_source/parallel_copy/mod.rs"]
pub(crate) mod parallel_copy;
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
#[path = "reality/phantom_route_call/mod.rs"]
pub(crate) mod phantom_route_call;
#[path = "reality/phantom_service/mod.rs"]
pub(crate) mod phantom_service;
#[path = "containers/port_registry/mod.rs"]
pub(crate) mod port_registry;
#[path = "code_quality/print_logging/mod.rs"]
pub(crate) mod print_logging;
#[path = "scripts/script_placement/mod.rs"]
pub(crate) mod script_placement;
#[path = "scripts/script_safety/mod.rs"]
pub(crate) mod script_safety;
#[path = "standards/secret_literal/mod.rs"]
pub(crate) mod secret_literal;
#[path = "waste/stale_artifact/mod.rs"]
pub(crate) mod stale_artifact;
#[path = "reality/stub_body/mod.rs"]
pub(crate) mod stub_body;
#[path = "standards/swallowed_error/mod.rs"]
pub(crate) mod swallowed_error;
#[path = "reality/symlink_portable/mod.rs"]
pub(crate) mod symlink_portable;
#[path = "reality/syntax_parse/mod.rs"]
pub(crate) mod syntax_parse;
#[path = "documents/text_erasure/mod.rs"]
pub(crate) mod text_erasure;
#[path = "reality/unmounted_handler/mod.rs"]
pub(crate) mod unmounted_handler;
#[path = "waste/unused_dependency/mod.rs"]
pub(crate) mod unused_dependency;
#[path = "single_source/version_conflict/mod.rs"]
pub(crate) mod version_conflict;

/// All compiled-in controls, in order of name.
pub const CONTROLS: &[&Control] = &[
    &agent_duplicate::CONTROL,
    &agent_encoding::CONTROL,
    &agent_lint::CONTROL,
    &agent_parse::CONTROL,
    &agent_ref::CONTROL,
    &allowance_invalid::CONTROL,
    &authority_root::CONTROL,
    &changelog_coverage::CONTROL,
    &clone_detect::CONTROL,
    &container_hardening::CONTROL,
    &deferred_marker::CONTROL,
    &deploy_entry::CONTROL,
    &deps_pinned::CONTROL,
    &doc_link::CONTROL,
    &doc_placement::CONTROL,
    &docker_path::CONTROL,
    &docker_user::CONTROL,
    &duplicate_file::CONTROL,
    &duplicate_route::CONTROL,
    &duplicate_test::CONTROL,
    &fabricated_value::CONTROL,
    &healthcheck_real::CONTROL,
    &http_timeouts::CONTROL,
    &image_pin::CONTROL,
    &mcp_lock::CONTROL,
    &mcp_preserve::CONTROL,
    &mock_in_prod::CONTROL,
    &parallel_copy::CONTROL,
    &phantom_command::CONTROL,
    &phantom_env::CONTROL,
    &phantom_import::CONTROL,
    &phantom_local_import::CONTROL,
    &phantom_path::CONTROL,
    &phantom_route_call::CONTROL,
    &phantom_service::CONTROL,
    &port_registry::CONTROL,
    &print_logging::CONTROL,
    &script_placement::CONTROL,
    &script_safety::CONTROL,
    &secret_literal::CONTROL,
    &stale_artifact::CONTROL,
    &stub_body::CONTROL,
    &swallowed_error::CONTROL,
    &symlink_portable::CONTROL,
    &syntax_parse::CONTROL,
    &text_erasure::CONTROL,
    &unmounted_handler::CONTROL,
    &unused_dependency::CONTROL,
    &version_conflict::CONTROL,
];

/// Fixtures per control and language: (control, language, bad, good).
pub const FIXTURES: &[(&str, &str, u32, u32)] = &[
    ("agent-duplicate", "markdown", 2, 2),
    ("agent-encoding", "markdown", 2, 3),
    ("agent-lint", "markdown", 6, 6),
    ("agent-parse", "markdown", 10, 4),
    ("agent-ref", "markdown", 2, 3),
    ("allowance-invalid", "csharp", 1, 1),
    ("allowance-invalid", "go", 1, 1),
    ("allowance-invalid", "java", 1, 1),
    ("allowance-invalid", "markdown", 1, 1),
    ("allowance-invalid", "python", 3, 2),
    ("allowance-invalid", "rust", 1, 1),
    ("allowance-invalid", "shell", 1, 1),
    ("allowance-invalid", "sql", 1, 1),
    ("allowance-invalid", "typescript", 1, 1),
    ("allowance-invalid", "yaml", 1, 1),
    ("authority-root", "toml", 5, 4),
    ("changelog-coverage", "markdown", 1, 1),
    ("clone-detect", "csharp", 2, 2),
    ("clone-detect", "go", 2, 1),
    ("clone-detect", "java", 2, 2),
    ("clone-detect", "javascript", 6, 4),
    ("clone-detect", "python", 3, 3),
    ("clone-detect", "rust", 2, 2),
    ("clone-detect", "shell", 1, 1),
    ("clone-detect", "sql", 1, 1),
    ("clone-detect", "typescript", 2, 4),
    ("container-hardening", "dockerfile", 1, 1),
    ("container-hardening", "yaml", 2, 1),
    ("deferred-marker", "csharp", 1, 1),
    ("deferred-marker", "go", 1, 1),
    ("deferred-marker", "java", 1, 1),
    ("deferred-marker", "javascript", 1, 1),
    ("deferred-marker", "python", 1, 2),
    ("deferred-marker", "rust", 1, 1),
    ("deferred-marker", "shell", 1, 1),
    ("deferred-marker", "sql", 1, 1),
    ("deferred-marker", "typescript", 1, 1),
    ("deploy-entry", "shell", 2, 1),
    ("deps-pinned", "dockerfile", 2, 1),
    ("deps-pinned", "json", 1, 1),
    ("deps-pinned", "requirements", 2, 1),
    ("deps-pinned", "toml", 1, 1),
    ("deps-pinned", "yaml", 1, 1),
    ("doc-link", "markdown", 9, 25),
    ("doc-placement", "markdown", 1, 1),
    ("docker-path", "dockerfile", 1, 2),
    ("docker-user", "dockerfile", 1, 2),
    ("docker-user", "yaml", 1, 1),
    ("duplicate-file", "markdown", 2, 2),
    ("duplicate-file", "other", 2, 5),
    ("duplicate-file", "python", 3, 3),
    ("duplicate-file", "shell", 1, 1),
    ("duplicate-file", "sql", 1, 1),
    ("duplicate-file", "yaml", 1, 2),
    ("duplicate-route", "csharp", 1, 1),
    ("duplicate-route", "go", 1, 1),
    ("duplicate-route", "java", 1, 2),
    ("duplicate-route", "javascript", 1, 1),
    ("duplicate-route", "python", 1, 2),
    ("duplicate-route", "rust", 1, 1),
    ("duplicate-route", "typescript", 1, 1),
    ("duplicate-test", "csharp", 1, 1),
    ("duplicate-test", "go", 1, 1),
    ("duplicate-test", "java", 1, 1),
    ("duplicate-test", "javascript", 1, 1),
    ("duplicate-test", "python", 1, 1),
    ("duplicate-test", "rust", 1, 1),
    ("duplicate-test", "typescript", 1, 1),
    ("fabricated-value", "csharp", 1, 1),
    ("fabricated-value", "go", 1, 1),
    ("fabricated-value", "java", 1, 1),
    ("fabricated-value", "javascript", 1, 1),
    ("fabricated-value", "python", 1, 1),
    ("fabricated-value", "rust", 1, 1),
    ("fabricated-value", "shell", 1, 1),
    ("fabricated-value", "sql", 1, 1),
    ("fabricated-value", "typescript", 1, 1),
    ("healthcheck-real", "dockerfile", 1, 1),
    ("healthcheck-real", "yaml", 1, 1),
    ("http-timeouts", "csharp", 1, 1),
    ("http-timeouts", "go", 1, 2),
    ("http-timeouts", "java", 1, 1),
    ("http-timeouts", "javascript", 1, 1),
    ("http-timeouts", "python", 2, 5),
    ("http-timeouts", "rust", 1, 1),
    ("http-timeouts", "typescript", 2, 3),
    ("image-pin", "dockerfile", 1, 1),
    ("image-pin", "yaml", 3, 3),
    ("mcp-lock", "json", 3, 6),
    ("mcp-lock", "toml", 1, 1),
    ("mcp-preserve", "json", 2, 3),
    ("mcp-preserve", "markdown", 3, 5),
    ("mcp-preserve", "toml", 1, 1),
    ("mock-in-prod", "csharp", 1, 1),
    ("mock-in-prod", "go", 1, 1),
    ("mock-in-prod", "java", 1, 1),
    ("mock-in-prod", "javascript", 1, 2),
    ("mock-in-prod", "python", 1, 1),
    ("mock-in-prod", "rust", 1, 1),
    ("mock-in-prod", "typescript", 1, 1),
    ("parallel-copy", "javascript", 1, 1),
    ("parallel-copy", "json", 1, 1),
    ("parallel-copy", "other", 1, 3),
    ("parallel-copy", "python", 2, 2),
    ("parallel-copy", "shell", 1, 1),
    ("parallel-copy", "sql", 1, 1),
    ("parallel-copy", "typescript", 1, 1),
    ("parallel-copy", "yaml", 1, 1),
    ("phantom-command", "json", 1, 4),
    ("phantom-command", "makefile", 2, 5),
    ("phantom-command", "shell", 4, 13),
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
    ("phantom-import", "rust", 1, 1),
    ("phantom-import", "typescript", 4, 11),
    ("phantom-local-import", "csharp", 1, 1),
    ("phantom-local-import", "go", 1, 1),
    ("phantom-local-import", "java", 1, 2),
    ("phantom-local-import", "javascript", 7, 15),
    ("phantom-local-import", "python", 5, 21),
    ("phantom-local-import", "rust", 1, 1),
    ("phantom-local-import", "typescript", 7, 24),
    ("phantom-path", "dockerfile", 1, 9),
    ("phantom-path", "json", 2, 1),
    ("phantom-path", "shell", 2, 3),
    ("phantom-path", "sql", 1, 1),
    ("phantom-path", "yaml", 8, 18),
    ("phantom-route-call", "javascript", 2, 1),
    ("phantom-route-call", "python", 1, 1),
    ("phantom-route-call", "typescript", 4, 5),
    ("phantom-service", "yaml", 1, 2),
    ("port-registry", "markdown", 2, 4),
    ("port-registry", "yaml", 5, 6),
    ("print-logging", "csharp", 1, 1),
    ("print-logging", "go", 1, 1),
    ("print-logging", "java", 1, 1),
    ("print-logging", "javascript", 1, 1),
    ("print-logging", "python", 1, 2),
    ("print-logging", "rust", 1, 2),
    ("print-logging", "typescript", 1, 1),
    ("script-placement", "shell", 4, 5),
    ("script-safety", "shell", 2, 3),
    ("secret-literal", "csharp", 1, 1),
    ("secret-literal", "dockerfile", 1, 1),
    ("secret-literal", "dotenv", 1, 1),
    ("secret-literal", "go", 1, 2),
    ("secret-literal", "ini", 1, 1),
    ("secret-literal", "java", 1, 2),
    ("secret-literal", "javascript", 2, 3),
    ("secret-literal", "json", 2, 1),
    ("secret-literal", "markdown", 2, 3),
    ("secret-literal", "python", 5, 12),
    ("secret-literal", "rust", 2, 3),
    ("secret-literal", "shell", 3, 2),
    ("secret-literal", "sql", 1, 1),
    ("secret-literal", "toml", 1, 2),
    ("secret-literal", "typescript", 3, 2),
    ("secret-literal", "yaml", 5, 10),
    ("stale-artifact", "json", 1, 1),
    ("stale-artifact", "markdown", 1, 1),
    ("stale-artifact", "other", 1, 1),
    ("stale-artifact", "sql", 1, 1),
    ("stub-body", "csharp", 1, 1),
    ("stub-body", "go", 1, 1),
    ("stub-body", "java", 1, 1),
    ("stub-body", "javascript", 1, 1),
    ("stub-body", "python", 1, 1),
    ("stub-body", "rust", 1, 1),
    ("stub-body", "shell", 1, 1),
    ("stub-body", "sql", 1, 1),
    ("stub-body", "typescript", 1, 1),
    ("swallowed-error", "csharp", 1, 1),
    ("swallowed-error", "go", 1, 1),
    ("swallowed-error", "java", 1, 1),
    ("swallowed-error", "javascript", 2, 2),
    ("swallowed-error", "python", 1, 2),
    ("swallowed-error", "rust", 1, 1),
    ("swallowed-error", "sql", 1, 1),
    ("swallowed-error", "typescript", 1, 1),
    ("symlink-portable", "other", 1, 1),
    ("syntax-parse", "csharp", 1, 1),
    ("syntax-parse", "dockerfile", 2, 2),
    ("syntax-parse", "dotenv", 1, 1),
    ("syntax-parse", "go", 2, 1),
    ("syntax-parse", "ini", 3, 2),
    ("syntax-parse", "java", 2, 1),
    ("syntax-parse", "javascript", 6, 13),
    ("syntax-parse", "json", 6, 12),
    ("syntax-parse", "makefile", 1, 1),
    ("syntax-parse", "python", 5, 5),
    ("syntax-parse", "requirements", 1, 1),
    ("syntax-parse", "rust", 2, 2),
    ("syntax-parse", "shell", 3, 7),
    ("syntax-parse", "sql", 4, 2),
    ("syntax-parse", "toml", 5, 4),
    ("syntax-parse", "typescript", 5, 11),
    ("syntax-parse", "yaml", 6, 6),
    ("text-erasure", "markdown", 1, 2),
    ("text-erasure", "python", 1, 1),
    ("text-erasure", "shell", 1, 1),
    ("text-erasure", "sql", 1, 1),
    ("text-erasure", "yaml", 1, 1),
    ("unmounted-handler", "javascript", 1, 1),
    ("unmounted-handler", "python", 1, 1),
    ("unmounted-handler", "typescript", 1, 1),
    ("unused-dependency", "json", 1, 4),
    ("unused-dependency", "other", 1, 1),
    ("unused-dependency", "requirements", 1, 6),
    ("unused-dependency", "toml", 2, 2),
    ("version-conflict", "json", 2, 1),
    ("version-conflict", "requirements", 4, 3),
];
