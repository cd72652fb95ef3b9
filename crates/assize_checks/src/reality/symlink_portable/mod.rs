//! Symbolic links that lead somewhere on one machine only.

use assize_index::FileRef;
use assize_model::{ControlName, FileClass, Severity, normalise};
use assize_syntax::{FactKind, FileFlags, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("symlink-portable"),
    summary: "symbolic links that name a path of one machine, or leave the repository",
    version: 1,
    // What a link names is a fact.
    severity: Severity::Error,
    languages: &[Language::Other],
    classes: &[FileClass::Production, FileClass::Test, FileClass::Example, FileClass::Doc],
    scope: Scope::References { reads: &[], refers: &[FactKind::Path], run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// Folders of the system, which every machine has: a link to one is made for a machine, or for the
/// tree of an image.
const SYSTEM: [&str; 11] = [
    "/bin/", "/dev/", "/etc/", "/lib/", "/lib64/", "/proc/", "/run/", "/sbin/", "/sys/", "/usr/",
    "/var/",
];

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    if !file.flags().has(FileFlags::LINK) {
        return;
    }
    let facts = file.facts_of(FactKind::Path, Role::Reference);
    for link in facts.filter(|fact| fact.item == "link") {
        let target = link.value;
        let (code, why) = if target.starts_with('/') {
            if SYSTEM.iter().any(|folder| target.starts_with(folder)) {
                sink.unresolved();
                continue;
            }
            ("absolute", "another checkout has nothing there, or something else")
        } else if normalise(file.folder(), target).is_err() {
            ("outside", "it leaves the repository, and only this machine knows what is there")
        } else {
            continue;
        };
        let inside = inner(target, context).map(|path| relative(file.folder(), &path));
        let help = match inside {
            Some(path) if code == "absolute" => format!("let it lead to `{path}`"),
            _ => "let it lead to a path relative to its own folder, or take it out".to_owned(),
        };
        sink.report(Report {
            code,
            severity: None,
            path: None,
            place: link.place,
            message: format!("the link leads to `{target}`: {why}"),
            help,
            item: String::new(),
            subject: target.to_owned(),
        });
    }
}

/// The path of the repository that an absolute path ends with, where it is plain which one.
fn inner(target: &str, context: &Context<'_>) -> Option<String> {
    context.hint(|| {
        let mut rest = target.trim_matches('/');
        while let Some((_, below)) = rest.split_once('/') {
            rest = below;
            if context.view.exists(rest) && (rest.contains('/') || context.view.is_file(rest)) {
                return Some(rest.to_owned());
            }
        }
        None
    })
}

fn relative(folder: &str, path: &str) -> String {
    let depth = if folder.is_empty() { 0 } else { folder.split('/').count() };
    format!("{}{path}", "../".repeat(depth))
}
