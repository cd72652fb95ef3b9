//! parallel-copy: variants and old states that are kept beside the live file.

mod overlap;
mod spared;
mod words;

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language};

use crate::{Context, Control, Group, Scope, Sink};

use overlap::Overlap;
use spared::{is_document, is_spared};
use words::{copy, left, put_aside};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("parallel-copy"),
    summary: "copies, old states and second attempts beside the file that is used",
    version: 1,
    severity: Severity::Warn,
    languages: &[
        Language::Python,
        Language::TypeScript,
        Language::JavaScript,
        Language::Yaml,
        Language::Json,
        Language::Shell,
        Language::Sql,
        Language::Other,
    ],
    classes: &[
        FileClass::Production,
        FileClass::Test,
        FileClass::Archive,
        FileClass::Doc,
        FileClass::Generated,
        FileClass::RuleSelf,
    ],
    scope: Scope::Groups { kind: FactKind::Variant, run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    let folder = group.members.iter().find(|member| member.item == "folder");
    if let Some(first) = folder.filter(|first| first.file.class() == FileClass::Archive) {
        sink.report(put_aside(group.key, first));
        return;
    }
    let live = context.view.file(group.key);
    for member in group.members.iter().filter(|member| member.file.class() != FileClass::Archive) {
        let path = member.file.path();
        if is_spared(path) {
            continue;
        }
        match (member.item, live) {
            ("copy", None) if matches!(member.value, "bak" | "bkp" | "orig" | "~") => {
                sink.report(left(member));
            }
            // In code it is also what is done: `base_backup.go` makes backups.
            ("copy", Some(_)) if member.value == "backup" && spared::is_compiled(path) => {
                sink.unresolved();
            }
            ("copy", Some(live)) => match overlap::of(member.file, live) {
                Overlap::None => sink.unresolved(),
                Overlap::Some | Overlap::Unknown => sink.report(copy("copy", member, group.key)),
            },
            // A report has its day in its name; code and settings have not.
            ("dated", Some(_)) if !is_document(path) => {
                sink.report(copy("copy", member, group.key));
            }
            ("variant", Some(live)) if overlap::of(member.file, live) == Overlap::Some => {
                sink.report(copy("variant", member, group.key));
            }
            ("variant" | "dated", Some(_)) => sink.unresolved(),
            _ => {}
        }
    }
}
