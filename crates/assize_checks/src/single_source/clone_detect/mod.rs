//! Function bodies that stand in the tree more than once.

mod inner;

use std::collections::BTreeMap;

use assize_index::FactRef;
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::steps::{is_put_aside, is_step};
use crate::{Context, Control, Group, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("clone-detect"),
    summary: "functions whose bodies are the same, exactly or but for names and values",
    version: 1,
    severity: Severity::Warn,
    languages: &[
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Go,
        Language::Java,
        Language::Rust,
        Language::CSharp,
        Language::Shell,
        Language::Sql,
    ],
    classes: &[FileClass::Production],
    scope: Scope::Groups { kind: FactKind::Body, run: check },
    options: &["tokens_min", "renamed_tokens_min"],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// The size in tokens from which an exact copy is reported.
const EXACT_TOKENS_MIN: u32 = 50;
/// The same where types, brackets and ends of statements are tokens as well.
const DENSE_EXACT_TOKENS_MIN: u32 = 80;
/// The size from which a copy with other names and values is reported: short bodies are alike by
/// nature.
const RENAMED_TOKENS_MIN: u32 = 100;

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    if group.members.len() < 2 {
        return;
    }
    let members: Vec<&FactRef<'_>> = group
        .members
        .iter()
        .filter(|member| member.role == Role::Definition && !is_bookkeeping(member))
        .collect();
    let mut first_of: BTreeMap<&str, &FactRef<'_>> = BTreeMap::new();
    for (position, member) in members.iter().enumerate() {
        let path = member.file.path();
        let options = context.settings.options(CONTROL.name.0, path);
        let exact_min = options.number("tokens_min", exact_tokens_min(member));
        let renamed_min = options.number("renamed_tokens_min", RENAMED_TOKENS_MIN);
        if let Some(first) = first_of.get(member.value) {
            if member.number >= exact_min && !inner::outer_is_copied(member, first) {
                sink.report(report("exact", member, first));
            }
            continue;
        }
        first_of.insert(member.value, member);
        // Two methods of one file that differ in names are mostly meant to be parallel.
        let other = members.iter().take(position).find(|earlier| earlier.file.path() != path);
        if let Some(first) = other
            && member.number >= renamed_min
            && !inner::outer_is_copied(member, first)
        {
            sink.report(report("renamed", member, first));
        }
    }
}

fn exact_tokens_min(member: &FactRef<'_>) -> u32 {
    match member.file.dialect().language() {
        Language::Go | Language::Java | Language::Rust | Language::CSharp | Language::Shell => {
            DENSE_EXACT_TOKENS_MIN
        }
        _ => EXACT_TOKENS_MIN,
    }
}

/// Database migrations repeat themselves by design: each must stay as it was when it ran, and some
/// tools write the whole model beside each. What is put aside stays as it was, too.
fn is_bookkeeping(member: &FactRef<'_>) -> bool {
    const FOLDERS: [&str; 6] =
        ["migrations", "migration", "versions", "alembic", "databasechange", "changelogs"];
    let path = member.file.path();
    let sql = member.file.dialect().language() == Language::Sql;
    path.split('/').any(|part| {
        // `migrations-sqlite`
        let kind = part.split('-').next().unwrap_or(part);
        FOLDERS.iter().any(|one| kind.eq_ignore_ascii_case(one))
    }) || is_put_aside(path)
        || sql && is_step(path)
}

fn report(code: &'static str, member: &FactRef<'_>, first: &FactRef<'_>) -> Report {
    let how = match code {
        "exact" => "has the same body as",
        _ => "has, but for names and values, the same body as",
    };
    Report {
        code,
        severity: None,
        path: Some(member.file.path().to_owned()),
        place: member.place,
        message: format!(
            "`{}` {how} `{}` at `{}:{}` ({} tokens): a fix in one will be missing in the other",
            member.item,
            first.item,
            first.file.path(),
            first.place.line,
            member.number
        ),
        help: "keep one, in a module that both sides import".to_owned(),
        item: member.item.to_owned(),
        subject: first.item.to_owned(),
    }
}
