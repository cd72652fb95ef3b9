//! What a control is made of.

use std::sync::OnceLock;

use assize_config::Settings;
use assize_index::resolve::{Resolution, World};
use assize_index::{FactRef, FileRef, View};
use assize_model::{ControlName, FileClass, LineIndex, RepoPath, Severity};
use assize_syntax::{FactKind, FileFacts, Language, Role};

use crate::{Meter, Sink};

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

/// Whether findings about references say what to do about them.
///
/// What was probably meant may hang on any path of the tree. A pass without it stays true, however
/// many paths come and go elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hints {
    Given,
    /// Such findings have no help; all else in them is the same.
    Omitted,
}

/// Controls that speak of a repository as a whole, in order.
///
/// In the middle of work the last use of a package goes before the next one comes, and a router is
/// there before it is mounted; and what all routers together serve takes longer to find out than a
/// call may wait.
const OF_THE_WHOLE: [&str; 5] = [
    "duplicate-route",
    "mcp-preserve",
    "phantom-route-call",
    "unmounted-handler",
    "unused-dependency",
];

/// Whether a control has something to say of a change, and not of the repository alone. What hooks
/// ask, a change and passes without hints, leaves the others out.
pub fn speaks_of_changes(control: ControlName) -> bool {
    OF_THE_WHOLE.binary_search(&control.0).is_err()
}

/// The whole index, as controls of the other scopes see it.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub view: View<'a>,
    pub settings: &'a Settings,
    /// Source roots, aliases and the like, gathered once per pass.
    pub world: &'a World,
    hints: Hints,
    /// Where the cost is written down, if somebody asked.
    meter: Option<&'a Meter>,
    /// What the imports of the file at hand mean, once one control has asked.
    imports: Option<&'a OnceLock<Vec<Resolution>>>,
}

impl<'a> Context<'a> {
    pub(crate) const fn new(view: View<'a>, settings: &'a Settings, world: &'a World) -> Self {
        Self { view, settings, world, hints: Hints::Given, meter: None, imports: None }
    }

    /// The same, with hints or without.
    pub(crate) const fn with(self, hints: Hints) -> Self {
        Self { hints, ..self }
    }

    /// The same, at a meter's cost.
    pub(crate) const fn on(self, meter: Option<&'a Meter>) -> Self {
        Self { meter, ..self }
    }

    pub(crate) const fn meter(&self) -> Option<&'a Meter> {
        self.meter
    }

    /// Whether the help of reports is read.
    pub(crate) fn gives_hints(&self) -> bool {
        self.hints == Hints::Given
    }

    /// What was probably meant, where a report may say it: to look for it costs more than to find
    /// out that something is missing.
    pub(crate) fn hint<T>(&self, look: impl FnOnce() -> Option<T>) -> Option<T> {
        if self.gives_hints() { look() } else { None }
    }

    /// The same for the controls of one file, which share the meanings of its imports.
    pub(crate) const fn of_file<'b>(&self, imports: &'b OnceLock<Vec<Resolution>>) -> Context<'b>
    where
        'a: 'b,
    {
        Context { imports: Some(imports), ..*self }
    }

    /// Each import of the file at hand, with its meaning.
    pub(crate) fn imports<'f>(&self, file: FileRef<'f>) -> Vec<(FactRef<'f>, Resolution)> {
        let facts: Vec<_> = file.facts_of(FactKind::Import, Role::Reference).collect();
        let resolve = || -> Vec<Resolution> {
            facts.iter().map(|import| self.world.resolve(file, import, &self.view)).collect()
        };
        let meanings = match self.imports {
            Some(known) => known.get_or_init(resolve).clone(),
            None => resolve(),
        };
        facts.into_iter().zip(meanings).collect()
    }
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
