//! Commands that call what does not exist: a script, a make target, a script of `package.json`.
//!
//! A command is a finding only where the index knows the whole set in which it is looked for: the
//! files of the tree, the targets of a Makefile that includes nothing, the scripts of a
//! `package.json` that parses.

use assize_index::{FactRef, FileRef, View};
use assize_model::{ControlName, Severity};
use assize_syntax::{FactKind, FileFlags, Flags, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

mod near;
mod script;
mod target;

use script::Made;

pub(crate) const CONTROL: Control = Control {
    name: ControlName("phantom-command"),
    summary: "CI steps, services, recipes and scripts that call a file, target or script that is not there",
    version: 2,
    severity: Severity::Error,
    languages: &[Language::Shell, Language::Makefile, Language::Json, Language::Yaml],
    classes: Control::USUAL,
    scope: Scope::References {
        reads: &[FactKind::Target, FactKind::Path],
        refers: &[FactKind::Command],
        run: check,
    },
    options: &[],
    applies: has_commands,
    doc: include_str!("doc.md"),
};

/// Where a missing command stops work. In documents it is a matter of doc-link.
const SURFACES: Flags = Flags::IN_CI
    .with(Flags::IN_COMPOSE)
    .with(Flags::IN_PACKAGE)
    .with(Flags::IN_SCRIPT)
    .with(Flags::IN_MAKEFILE);

/// What became of one reference.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Found,
    /// The set in which it is looked for is not wholly known.
    Unknown,
    /// The file that should define it, and what may have been meant.
    Missing {
        place: String,
        nearest: Option<String>,
    },
}

fn has_commands(view: &View<'_>) -> bool {
    view.any_key_starts_with(FactKind::Command, Role::Reference, "")
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    let mut made = None;
    for fact in file.facts_of(FactKind::Command, Role::Reference) {
        if !fact.flags.any(SURFACES) {
            continue;
        }
        // Its absence is provided for.
        if fact.flags.has(Flags::OPTIONAL) {
            continue;
        }
        let open = Flags::UNRESOLVED.0 | Flags::GLOB.0 | Flags::CREATED.0;
        if fact.flags.any(Flags(open)) || file.flags().has(FileFlags::TEMPLATE) {
            sink.unresolved();
            continue;
        }
        let made = made.get_or_insert_with(|| Made::of(file, context.world.ignored(&context.view)));
        match answer(&fact, made, context) {
            Answer::Found => {}
            Answer::Unknown => sink.unresolved(),
            Answer::Missing { place, nearest } => sink.report(report(&fact, &place, nearest)),
        }
    }
}

fn answer(fact: &FactRef<'_>, made: &Made<'_>, context: &Context<'_>) -> Answer {
    let view = &context.view;
    match fact.key.split_once(':') {
        Some(("file", path)) => script::answer(path, fact, made, context),
        Some(("make", target)) => target::make(target, fact, view),
        Some(("npm", script)) => target::npm(script, fact, view),
        Some(("module", module)) => script::module(module, fact, made, view),
        _ => Answer::Unknown,
    }
}

fn report(fact: &FactRef<'_>, place: &str, nearest: Option<String>) -> Report {
    let (kind, name) = fact.key.split_once(':').unwrap_or(("", fact.key));
    let message = match kind {
        "make" => format!("`make {name}` is called, but `{place}` has no such target"),
        "module" => format!("the module `{name}` is called, but `{place}` has no such module"),
        "npm" => format!("the script `{name}` is called, but `{place}` does not define it"),
        _ if fact.item == "source" => {
            format!("`{name}` is read in, but there is no such file")
        }
        _ => format!("`{name}` is called, but there is no such file"),
    };
    let help = match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "add what is called, or remove the call".to_owned(),
    };
    Report {
        code: "missing",
        // A manifest's own scripts run in its folder, whoever calls them; where else a command runs
        // is told by much that no file says: `docs/precision.md`.
        severity: (!fact.flags.has(Flags::IN_PACKAGE)).then_some(Severity::Warn),
        path: None,
        place: fact.place,
        message,
        help,
        item: fact.item.to_owned(),
        subject: fact.key.to_owned(),
    }
}
