//! What a control is made of.

use assize_config::Settings;
use assize_index::resolve::World;
use assize_index::{FactRef, FileRef, View};
use assize_model::{ControlName, FileClass, LineIndex, RepoPath, Severity};
use assize_syntax::{FactKind, FileFacts, Language};

use crate::Sink;

/// A control's metadata and entry.
#[derive(Debug)]
pub struct Control {
    pub name: ControlName,
    /// One sentence: what it flags.
    pub summary: &'static str,
    /// Raised when findings of the same code change their meaning: part of the fingerprint.
    pub version: u32,
    /// The severity where a report names none.
    pub severity: Severity,
    /// The languages for which it has bad and good fixtures.
    pub languages: &'static [Language],
    /// The classes of files that it reads.
    pub classes: &'static [FileClass],
    pub scope: Scope,
    /// The names of its numeric options.
    pub options: &'static [&'static str],
    /// Whether the repository has what the control speaks of.
    pub applies: fn(&View<'_>) -> bool,
    /// The page that `assize explain` prints.
    pub doc: &'static str,
}

/// What a control is given, and how often.
#[derive(Debug)]
pub enum Scope {
    /// Once per file, with its text; what it finds follows from that file alone.
    File(fn(&Source<'_>, &mut Sink)),
    /// Once per file, with its facts and the index. `reads` are the kinds of definitions on which
    /// its answers rest; `refers` the kinds of references that it judges.
    References {
        reads: &'static [FactKind],
        refers: &'static [FactKind],
        run: fn(FileRef<'_>, &Context<'_>, &mut Sink),
    },
    /// Once per key of a kind, with all facts of both roles that share the key. Reports name the
    /// member's file.
    Groups { kind: FactKind, run: fn(&Group<'_>, &Context<'_>, &mut Sink) },
}

/// One file's text, as a control of scope `File` sees it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub path: &'a RepoPath,
    pub class: FileClass,
    pub text: &'a str,
    pub lines: &'a LineIndex,
    pub facts: &'a FileFacts,
}

/// The whole index, as controls of the other scopes see it.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub view: View<'a>,
    pub settings: &'a Settings,
    /// Source roots, aliases and the like, gathered once per pass.
    pub world: &'a World,
}

/// Facts of one kind that share a key, in order of path and place.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    pub key: &'a str,
    pub members: &'a [FactRef<'a>],
}

impl Control {
    /// The classes that most controls read.
    pub const USUAL: &'static [FileClass] =
        &[FileClass::Production, FileClass::Test, FileClass::Example, FileClass::Doc];

    /// For controls that always apply.
    pub fn always(_: &View<'_>) -> bool {
        true
    }
}
