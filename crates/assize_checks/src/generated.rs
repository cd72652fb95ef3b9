//! The controls, one line per folder. Made by `cargo xtask codegen`; do not edit.

use crate::Control;

#[path = "agents/agent_lint/mod.rs"]
mod agent_lint;
#[path = "agents/agent_parse/mod.rs"]
mod agent_parse;
#[path = "session/allowance_invalid/mod.rs"]
mod allowance_invalid;
#[path = "single_source/clone_detect/mod.rs"]
mod clone_detect;
#[path = "reality/doc_link/mod.rs"]
mod doc_link;
#[path = "single_source/duplicate_file/mod.rs"]
mod duplicate_file;
#[path = "reality/phantom_command/mod.rs"]
mod phantom_command;
#[path = "reality/phantom_env/mod.rs"]
mod phantom_env;
#[path = "reality/phantom_import/mod.rs"]
mod phantom_import;
#[path = "reality/phantom_local_import/mod.rs"]
mod phantom_local_import;
#[path = "reality/phantom_path/mod.rs"]
mod phantom_path;
#[path = "containers/port_registry/mod.rs"]
mod port_registry;
#[path = "standards/secret_literal/mod.rs"]
mod secret_literal;
#[path = "reality/syntax_parse/mod.rs"]
mod syntax_parse;

/// All compiled-in controls, in order of name.
pub const CONTROLS: &[&Control] = &[
    &agent_lint::CONTROL,
    &agent_parse::CONTROL,
    &allowance_invalid::CONTROL,
    &clone_detect::CONTROL,
    &doc_link::CONTROL,
    &duplicate_file::CONTROL,
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
pub const FIXTURES: &[(&str, &str, u32, u32)] = &[];
