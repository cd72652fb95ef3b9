//! Which environment variables a file reads, and how it bears their absence.
//!
//! The languages say where a read stands; here is kept what only the whole file tells: what a
//! constant's name stands for, and whether some condition asks for the variable's value.

use std::collections::{HashMap, HashSet};

use assize_model::Span;

pub(super) use crate::lang::names::is_variable;
use crate::{Extraction, FactKind, Flags, Role};

/// How many texts of one file are kept that are written like variables.
const TEXTS_MAX: usize = 512;

/// How many reads of one file are kept: where each stands is found from the root of the tree.
const READS_MAX: usize = 512;

/// Reads that were met, kept until the whole file is known.
#[derive(Debug, Default)]
pub(super) struct Reads {
    found: Vec<Read>,
    /// Variables that some condition asks about, with the function in which they stand.
    tested: HashSet<String>,
    /// Variables without which the program gives up.
    required: HashSet<String>,
    /// Texts by the names of the constants that hold them.
    constants: HashMap<String, String>,
    /// Texts that are written like names of variables.
    texts: Vec<(String, Span)>,
}

/// A read of the environment.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) name: Name,
    pub(super) span: Span,
    pub(super) item: String,
    pub(super) flags: Flags,
    /// The variable to which it is assigned.
    pub(super) variable: Option<String>,
}

/// How an environment variable is named.
#[derive(Debug)]
pub(super) enum Name {
    Text(String),
    /// By a constant, which may be one of this file.
    Constant(String),
}

impl Reads {
    pub(super) fn add(&mut self, read: Read) {
        self.found.push(read);
    }

    /// Whether no further read is kept.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= READS_MAX
    }

    pub(super) fn test(&mut self, variable: String) {
        self.tested.insert(variable);
    }

    pub(super) fn require(&mut self, variable: String) {
        self.required.insert(variable);
    }

    pub(super) fn constant(&mut self, name: &str, text: &str) {
        self.constants.insert(name.to_owned(), text.to_owned());
    }

    /// Keeps a text if it is written like an environment variable of several words.
    pub(super) fn text(&mut self, text: &str, span: Span) {
        let constant =
            text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        if constant && text.trim_matches('_').contains('_') && self.texts.len() < TEXTS_MAX {
            self.texts.push((text.to_owned(), span));
        }
    }
}

pub(super) fn finish(reads: Reads, sheet: &mut Extraction<'_>) {
    let Reads { found, tested, required, constants, texts } = reads;
    let mut named: HashSet<String> = HashSet::new();
    for read in found {
        let name = match read.name {
            Name::Text(name) => name,
            Name::Constant(name) => match constants.get(&name) {
                Some(text) => text.clone(),
                None => continue,
            },
        };
        if !is_variable(&name) {
            continue;
        }
        let mut flags = read.flags;
        if flags.has(Flags::OPTIONAL)
            && let Some(variable) = read.variable
        {
            if required.contains(&variable) {
                flags = Flags(flags.0 & !Flags::OPTIONAL.0);
            } else if tested.contains(&variable) {
                flags = flags.with(Flags::PROBE);
            }
        }
        named.insert(name.clone());
        sheet
            .fact(FactKind::Env, Role::Reference, name, read.span)
            .item(read.item)
            .flags(flags)
            .done();
    }
    // A name that stands on its own is handed on: to a child, or to a helper of another file.
    for (name, span) in texts.into_iter().filter(|(name, _)| !named.contains(name)) {
        sheet.fact(FactKind::Env, Role::Definition, name, span).flags(Flags::MENTIONED).done();
    }
}

/// What a helper that reads the environment is called by, if a function of this name is one, in
/// whatever way its language joins words.
pub(super) fn helper(name: &str) -> Option<Helper> {
    let plain: String =
        name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect();
    let must = ["mustgetenv", "mustenv", "requireenv", "getrequiredenv", "requiredenv"];
    let may = ["getenv", "envor", "lookupenv", "readenv", "envstring", "envdefault"];
    if must.iter().any(|start| plain.starts_with(start)) {
        Some(Helper::Demands)
    } else if may.iter().any(|start| plain.starts_with(start)) {
        Some(Helper::Asks)
    } else {
        None
    }
}

/// What a helper does where the variable is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Helper {
    /// It gives up.
    Demands,
    /// It takes something else.
    Asks,
}
