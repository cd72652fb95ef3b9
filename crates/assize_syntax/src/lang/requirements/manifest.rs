//! What Python manifests of any syntax write down: packages, projects, source roots and the files
//! that they include.
//!
//! Paths are relative to the folder of the manifest. A path that holds a variable is never
//! resolved here.

use assize_model::{Span, normalise};

use crate::lang::names::normalise_python_name;
use crate::{Extraction, FactKind, Flags, Role};

use super::pep508;

/// Under which head a manifest names packages.
#[derive(Debug, Clone, Copy)]
pub(in crate::lang) struct Section<'a> {
    pub(in crate::lang) item: &'a str,
    pub(in crate::lang) flags: Flags,
}

impl<'a> Section<'a> {
    pub(in crate::lang) const fn new(item: &'a str, flags: Flags) -> Self {
        Self { item, flags }
    }
}

/// Declares the package that a PEP 508 text names, and says whether the text was one.
pub(in crate::lang) fn declare(
    sheet: &mut Extraction<'_>,
    text: &str,
    span: Span,
    section: Section<'_>,
) -> bool {
    let Some(requirement) = pep508::parse(text) else { return false };
    let flags =
        if requirement.extra_only { section.flags.with(Flags::OPTIONAL) } else { section.flags };
    let section = Section { flags, ..section };
    declare_named(sheet, requirement.name, requirement.constraint, span, section)
}

/// Declares a package by its name, and says whether that is one.
pub(in crate::lang) fn declare_named(
    sheet: &mut Extraction<'_>,
    name: &str,
    constraint: &str,
    span: Span,
    section: Section<'_>,
) -> bool {
    if !pep508::is_name(name) {
        return false;
    }
    let key = format!("py:{}", normalise_python_name(name));
    sheet
        .fact(FactKind::Package, Role::Definition, key, span)
        .value(without_credentials(constraint))
        .item(section.item)
        .flags(section.flags)
        .done();
    true
}

/// Says that the manifest's folder holds a project of this name.
pub(in crate::lang) fn project(sheet: &mut Extraction<'_>, name: &str, span: Span) {
    if !pep508::is_name(name) {
        return;
    }
    let folder = sheet.path.folder();
    let key = format!("py:{}", normalise_python_name(name));
    sheet.fact(FactKind::Project, Role::Definition, key, span).value(folder).done();
}

/// Says that modules are found from a folder; `says` is what makes it so.
pub(in crate::lang) fn source_root(sheet: &mut Extraction<'_>, raw: &str, span: Span, says: &str) {
    let raw = HERE.iter().find_map(|here| raw.strip_prefix(here)).unwrap_or(raw);
    let raw = raw.trim_start_matches('/').trim();
    if holds_variable(raw) {
        return;
    }
    let Ok(folder) = normalise(sheet.path.folder(), raw) else { return };
    let flags = if folder.contains(['*', '?']) { Flags::GLOB } else { Flags::NONE };
    sheet
        .fact(FactKind::SourceRoot, Role::Definition, folder, span)
        .value(says)
        .flags(flags)
        .done();
}

/// How tools write "the folder of this file" at the beginning of a path.
const HERE: &[&str] =
    &["$MYPY_CONFIG_FILE_DIR", "${PROJECT_ROOT}", "{toxinidir}", "{tox_root}", "%(here)s"];

/// Refers to a path that the manifest needs; `item` is its use.
pub(in crate::lang) fn needed_path(sheet: &mut Extraction<'_>, raw: &str, span: Span, item: &str) {
    let below = HERE.iter().find_map(|here| raw.strip_prefix(here));
    let relative = below.map_or(raw, |rest| rest.trim_start_matches('/'));
    if relative.is_empty() || relative.contains("://") {
        return;
    }
    let resolved =
        if holds_variable(relative) { None } else { normalise(sheet.path.folder(), relative).ok() };
    let (key, flags) = match resolved {
        Some(key) => (key, Flags::NONE),
        None => (relative.to_owned(), Flags::UNRESOLVED),
    };
    sheet
        .fact(FactKind::Path, Role::Reference, key, span)
        .value(raw)
        .item(item)
        .flags(flags)
        .done();
}

fn holds_variable(path: &str) -> bool {
    path.contains(['$', '{', '%', '~', '\\'])
}

/// A URL without the user and password that may stand in it.
pub(in crate::lang) fn without_credentials(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let authority = rest.find('/').unwrap_or(rest.len());
    match rest.get(..authority).and_then(|host| host.rfind('@')) {
        Some(at) => format!("{scheme}://{}", rest.get(at + 1..).unwrap_or("")),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_credentials;

    #[test]
    fn credentials_do_not_enter_the_index() {
        assert_eq!(without_credentials("@ https://u:p@host/a@b"), "@ https://host/a@b");
        assert_eq!(without_credentials("git+ssh://git@host/a"), "git+ssh://host/a");
        assert_eq!(without_credentials(">=1"), ">=1");
    }
}
