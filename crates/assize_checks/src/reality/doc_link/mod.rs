//! Broken links, anchors and paths of documents.

mod anchors;
mod code;
mod link;
mod site;

use assize_index::{FileRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, FileFlags, Flags, Language, Role};

use crate::{Context, Control, Scope, Sink};

use anchors::Anchors;

pub(crate) const CONTROL: Control = Control {
    name: ControlName("doc-link"),
    summary: "links and anchors of documents that lead nowhere, and paths in back ticks that are gone",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Markdown],
    classes: Control::USUAL,
    scope: Scope::References {
        // What git ignores is made by a tool, on the machine of whoever reads.
        reads: &[FactKind::Anchor, FactKind::Path],
        refers: &[FactKind::Link],
        run: check,
    },
    options: &[],
    applies: has_documents,
    doc: include_str!("doc.md"),
};

fn has_documents(view: &View<'_>) -> bool {
    view.any_key_starts_with(FactKind::Link, Role::Reference, "")
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    // What a test of a renderer reads leads nowhere on purpose.
    let input = file.class() == FileClass::Test && !is_readme(file)
        || file.flags().has(FileFlags::TEMPLATE);
    let mut anchors = Anchors::default();
    let mut paths = code::Paths::default();
    for fact in file.facts_of(FactKind::Link, Role::Reference) {
        if input || fact.flags.has(Flags::UNRESOLVED) {
            sink.unresolved();
        } else if fact.flags.has(Flags::CODE) {
            paths.judge(&fact, context, sink);
        } else {
            link::judge(&fact, context, &mut anchors, sink);
        }
    }
}

/// How bad a broken link is: people start with the README of the repository or of a project in it,
/// and authority documents are to be relied on. Other READMEs may be pages of a site, whose
/// renderer has rules of its own.
fn severity(file: FileRef<'_>, context: &Context<'_>) -> Severity {
    // What lies among tests is read by those who work on them, or was copied there as input.
    let readme =
        is_readme(file) && file.class() != FileClass::Test && is_entrance(file, &context.view);
    let settled = context.settings.authority.iter().any(|place| {
        let place = place.trim_end_matches('/');
        file.path().strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let mut folders = file.folder().split('/');
    let authority = folders.any(|f| f == "IMPORTANT" || f.eq_ignore_ascii_case("authority"));
    if readme || settled || authority { Severity::Error } else { Severity::Warn }
}

/// Whether people begin in the folder of the file.
fn is_entrance(file: FileRef<'_>, view: &View<'_>) -> bool {
    const MANIFESTS: [&str; 7] = [
        "Cargo.toml",
        "build.gradle",
        "go.mod",
        "package.json",
        "pom.xml",
        "pyproject.toml",
        "setup.py",
    ];
    let folder = file.folder();
    folder.is_empty() || MANIFESTS.iter().any(|name| view.is_file(&format!("{folder}/{name}")))
}

fn is_readme(file: FileRef<'_>) -> bool {
    file.name().to_ascii_lowercase().starts_with("readme")
}

/// Whether a document is a pattern for others: its links count from where it is copied to.
fn is_template(path: &str) -> bool {
    path.split('/').any(|part| {
        let stem = part.split('.').next().unwrap_or(part);
        let lower = stem.to_ascii_lowercase();
        lower.split(['-', '_', ' ']).any(|word| matches!(word, "template" | "templates"))
            || stem.ends_with("Template")
            || stem.ends_with("Templates")
    })
}
