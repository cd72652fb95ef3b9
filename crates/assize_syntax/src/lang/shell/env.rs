//! Environment variables that a script reads, sets, or asks for.

use std::collections::BTreeSet;

use assize_model::Span;

use super::resolve::{Located, Meaning};
use super::walk::Walk;
use crate::{FactKind, Flags, Role};

/// Reads and assignments of the whole script; whether a read is one of the environment is known
/// only at its end.
#[derive(Debug, Default)]
pub(super) struct EnvUse {
    assigned: BTreeSet<String>,
    defined: BTreeSet<String>,
    reads: Vec<(String, Flags, Span)>,
    seen: BTreeSet<(String, u32)>,
}

impl EnvUse {
    pub(super) fn assign(&mut self, name: &str) {
        self.assigned.insert(name.to_owned());
    }

    /// Notes the first read of each kind.
    pub(super) fn read(&mut self, name: &str, rest: &str, flags: Flags, span: Span) {
        if !is_environment_name(name) || belongs_to_the_shell(name) {
            return;
        }
        let operator = rest.strip_prefix(':').unwrap_or(rest).bytes().next();
        let flags = match operator {
            Some(b'-' | b'=') => flags.with(Flags::DEFAULTED),
            Some(b'+') => flags.with(Flags::PROBE),
            _ => flags,
        };
        if self.seen.insert((name.to_owned(), flags.0)) {
            self.reads.push((name.to_owned(), flags, span));
        }
    }
}

impl Walk<'_, '_> {
    /// Notes that a variable is set; one that looks like an environment variable is a definition.
    pub(super) fn define(&mut self, name: &str, meaning: &Meaning, span: Span) {
        self.env.assign(name);
        if !is_environment_name(name) || !self.env.defined.insert(name.to_owned()) {
            return;
        }
        let value = match meaning {
            Meaning::Text(text) => text.as_str(),
            _ => "",
        };
        self.sheet
            .fact(FactKind::Env, Role::Definition, name, span)
            .value(value)
            .item(self.function.as_str())
            .flags(self.site.surface)
            .done();
    }

    /// Folders that `PYTHONPATH` adds.
    pub(super) fn source_roots(&mut self, value: &str, span: Span) {
        let value = value.trim_matches(['"', '\'']);
        for part in value.split(':').filter(|part| !part.is_empty()) {
            let meaning = self.scope.meaning(part);
            if let Located::Path { key, .. } = self.scope.locate(&meaning) {
                self.sheet
                    .fact(FactKind::SourceRoot, Role::Definition, key, span)
                    .value("PYTHONPATH")
                    .done();
            }
        }
    }

    /// Writes down what is read from the environment and set nowhere in the script.
    pub(super) fn finish_env(&mut self) {
        let unsure = if self.survey.sources { Flags::UNRESOLVED } else { Flags::NONE };
        for (name, flags, span) in std::mem::take(&mut self.env.reads) {
            if self.env.assigned.contains(&name) {
                continue;
            }
            self.sheet
                .fact(FactKind::Env, Role::Reference, name, span)
                .flags(flags.with(self.site.surface).with(unsure))
                .done();
        }
    }
}

/// Upper case, as names of environment variables are by custom.
fn is_environment_name(name: &str) -> bool {
    name.len() > 1
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// Variables that a shell sets by itself.
fn belongs_to_the_shell(name: &str) -> bool {
    name.starts_with("BASH")
        || name.starts_with("COMP_")
        || matches!(
            name,
            "COLUMNS"
                | "DIRSTACK"
                | "EPOCHREALTIME"
                | "EPOCHSECONDS"
                | "EUID"
                | "FUNCNAME"
                | "GROUPS"
                | "HOSTNAME"
                | "HOSTTYPE"
                | "IFS"
                | "LINENO"
                | "LINES"
                | "MACHTYPE"
                | "MAPFILE"
                | "OLDPWD"
                | "OPTARG"
                | "OPTIND"
                | "OSTYPE"
                | "PIPESTATUS"
                | "PPID"
                | "PWD"
                | "RANDOM"
                | "READLINE_LINE"
                | "REPLY"
                | "SECONDS"
                | "SHELLOPTS"
                | "SHLVL"
                | "UID"
        )
}
