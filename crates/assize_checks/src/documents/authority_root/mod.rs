//! The folder whose documents decide: that it is there, and that its documents can be read.

use assize_index::{FactRef, FileRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, FileFlags, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("authority-root"),
    summary: "an authority folder that is missing, empty or not tracked, or lacks a document",
    version: 1,
    // What the configuration demands is there or is not.
    severity: Severity::Error,
    languages: &[Language::Toml],
    classes: &FileClass::ALL,
    scope: Scope::References {
        reads: &[FactKind::Content, FactKind::Path],
        refers: &[FactKind::Path],
        run: check,
    },
    options: &[],
    applies: is_named,
    doc: include_str!("doc.md"),
};

const CONFIGURATION: &str = "assize.toml";

fn is_named(view: &View<'_>) -> bool {
    view.file(CONFIGURATION).is_some_and(|file| {
        file.facts_of(FactKind::Path, Role::Reference).any(|fact| fact.item == "authority")
    })
}

/// What is wrong, and what mends it.
struct Fault {
    code: &'static str,
    message: String,
    help: &'static str,
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    if file.path() != CONFIGURATION {
        return;
    }
    let Some(authority) = &context.settings.authority_root else { return };
    let view = context.view;
    let root = authority.places().into_iter().find(|place| view.exists(place));
    for fact in file.facts_of(FactKind::Path, Role::Reference) {
        let fault = match (fact.item, root) {
            ("authority", root) => folder(fact.value, root, view),
            ("authority-document", Some(root)) => document(&format!("{root}/{}", fact.value), view),
            // Without the folder there is one finding, not one for each document.
            _ => None,
        };
        if let Some(fault) = fault {
            sink.report(report(&fact, fault));
        }
    }
}

fn folder(named: &str, root: Option<&str>, view: View<'_>) -> Option<Fault> {
    let Some(root) = root else {
        return Some(Fault {
            code: "missing",
            message: format!("the authority folder `{named}` is not in the repository"),
            help: "add the folder with its documents, or correct `[authority] root`",
        });
    };
    // What lies behind a link is not known.
    if view.is_opaque(root) {
        return None;
    }
    if view.is_file(root) {
        return Some(Fault {
            code: "file",
            message: format!("`{root}` is a file, and `[authority] root` names a folder"),
            help: "name the folder that holds the documents",
        });
    }
    let mut files = view.files_under(root);
    let tracked = |file: FileRef<'_>| file.flags().has(FileFlags::TRACKED) && has_content(file);
    (!files.any(tracked)).then(|| Fault {
        code: "empty",
        message: format!("nothing in the authority folder `{root}` is tracked and holds a text"),
        help: "add its documents to git: others have none of them",
    })
}

fn document(path: &str, view: View<'_>) -> Option<Fault> {
    let Some(file) = view.file(path) else {
        if view.is_opaque(path) {
            return None;
        }
        return Some(Fault {
            code: "document-missing",
            message: format!("the authority document `{path}` is not in the repository"),
            help: "add it, or take it out of `[authority] required`",
        });
    };
    let (code, what) = if !file.flags().has(FileFlags::TRACKED) {
        ("document-untracked", "is not tracked: others do not have it")
    } else if file.problem().is_some() {
        ("document-unreadable", "cannot be read as a text")
    } else if !has_content(file) {
        ("document-empty", "is empty")
    } else {
        return None;
    };
    let message = format!("the authority document `{path}` {what}");
    Some(Fault { code, message, help: "put it right: work is judged by what it says" })
}

fn has_content(file: FileRef<'_>) -> bool {
    file.facts_of(FactKind::Content, Role::Definition).next().is_some()
}

fn report(fact: &FactRef<'_>, fault: Fault) -> Report {
    Report {
        code: fault.code,
        severity: None,
        path: None,
        place: fact.place,
        message: fault.message,
        help: fault.help.to_owned(),
        item: fact.item.to_owned(),
        subject: fact.key.to_owned(),
    }
}
