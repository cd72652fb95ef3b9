//! Links, images and their anchors.

use assize_index::{FactRef, FileRef, View};
use assize_syntax::Flags;

use crate::{Context, Report, Sink};

use super::anchors::Anchors;
use super::{code, is_template, severity, site};

/// Names without an extension that a link means as a file of the root or the folder.
const BARE_FILES: [&str; 12] = [
    "LICENSE",
    "LICENCE",
    "COPYING",
    "NOTICE",
    "AUTHORS",
    "CONTRIBUTORS",
    "CONTRIBUTING",
    "CHANGELOG",
    "SECURITY",
    "README",
    "Makefile",
    "Dockerfile",
];

/// How many neighbours are looked at for a name that differs in case.
const NEIGHBOURS_MAX: usize = 2_000;

/// What a link leads to.
enum Found<'a> {
    File(FileRef<'a>),
    Folder,
    Missing,
    Unknown,
}

/// Judges one link.
pub(super) fn judge<'a>(
    fact: &FactRef<'a>,
    context: &Context<'a>,
    anchors: &mut Anchors<'a>,
    sink: &mut Sink,
) {
    let here = fact.key.is_empty() && fact.item.trim_start().starts_with(['#', '?']);
    let found = if here { Found::File(fact.file) } else { find(fact, &context.view) };
    match found {
        Found::Folder => {}
        Found::Unknown => sink.unresolved(),
        Found::Missing => sink.report(missing_file(fact, context)),
        Found::File(target) if !fact.value.is_empty() => {
            if is_template(fact.file.path()) {
                sink.unresolved();
                return;
            }
            match anchors.has(target, fact.value) {
                Some(true) => {}
                None => sink.unresolved(),
                Some(false) => sink.report(missing_anchor(fact, target, context, anchors)),
            }
        }
        Found::File(_) => {}
    }
}

fn find<'a>(fact: &FactRef<'a>, view: &View<'a>) -> Found<'a> {
    let key = fact.key;
    if let Some(file) = view.file(key) {
        return Found::File(file);
    }
    if view.is_folder(key) {
        return Found::Folder;
    }
    if view.is_opaque(key) || is_template(fact.file.path()) || is_built(key) || !is_path(fact, view)
    {
        return Found::Unknown;
    }
    // A page name without its ending works on sites and wikis only; a page that is there under
    // such a name is not called missing.
    if site::has_page(view, fact.file, fact.item) && !is_document(key) {
        return Found::Unknown;
    }
    if is_rendered_elsewhere(fact, view) {
        return Found::Unknown;
    }
    if site::holds(view, fact.file)
        && (!is_document(key) || site::has_page(view, fact.file, fact.item))
    {
        return Found::Unknown;
    }
    Found::Missing
}

/// Whether a document is shown in another place than where it lies: the code host shows those of
/// its folder at the root, fragments of a changelog end up in the changelog, and a changelog speaks
/// of what was.
fn is_rendered_elsewhere(fact: &FactRef<'_>, view: &View<'_>) -> bool {
    let path = fact.file.path();
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    let name = fact.file.name().to_ascii_lowercase();
    let history = ["changelog", "changes", "history", "release", "news"];
    let fragments = path.split('/').any(|part| {
        matches!(part, "changelog.d" | "changelogs" | "newsfragments" | "releasenotes")
    });
    history.iter().any(|start| name.starts_with(start))
        || is_of_skill(fact, view)
        || (hidden || fragments)
            && (code::ends_elsewhere(view, fact.key)
                || view.exists(fact.item.trim_start_matches("./"))
                || view.files_named(fact.key.rsplit('/').next().unwrap_or("")).len() == 1)
}

/// Whether the link counts from the folder of the skill that the document belongs to: agents read
/// it from there.
fn is_of_skill(fact: &FactRef<'_>, view: &View<'_>) -> bool {
    let mut folder = fact.file.folder();
    while let Some((above, _)) = folder.rsplit_once('/') {
        folder = above;
        if view.is_file(&format!("{folder}/SKILL.md")) {
            let written = fact.item.split(['#', '?']).next().unwrap_or("");
            return view.exists(&format!("{folder}/{}", written.trim_start_matches("./")));
        }
    }
    false
}

/// Whether a path lies in a folder that a build fills.
fn is_built(key: &str) -> bool {
    key.split('/').any(|part| {
        matches!(
            part,
            "dist"
                | "build"
                | "_build"
                | "_site"
                | "coverage"
                | "__coverage__"
                | "htmlcov"
                | "node_modules"
                | "target"
                | "out"
                | ".venv"
                | "venv"
        )
    })
}

fn is_document(key: &str) -> bool {
    key.ends_with(".md") || key.ends_with(".markdown")
}

/// Whether the address can only mean a path of the tree. A lone word may be the name of a page or
/// a call in prose; `acme/tool` may be a repository, `host.example/x` an address.
fn is_path(fact: &FactRef<'_>, view: &View<'_>) -> bool {
    let written = fact.item.trim().split(['#', '?']).next().unwrap_or("");
    if let Some(rest) = written.strip_prefix('/') {
        return is_path_from_root(fact.key, rest.split('/').next().unwrap_or(rest), view);
    }
    if written.starts_with("./") || written.starts_with("../") {
        return true;
    }
    let Some((first, rest)) = written.split_once('/') else {
        return written.contains('.') || BARE_FILES.contains(&written);
    };
    let folder = fact.file.folder();
    let there = || {
        let first = if folder.is_empty() { first.to_owned() } else { format!("{folder}/{first}") };
        view.is_folder(&first)
    };
    let host = first.get(1..).is_some_and(|tail| tail.contains('.'));
    let named = rest.ends_with('/') || rest.rsplit('/').next().unwrap_or(rest).contains('.');
    (!host && (named || rest.is_empty())) || there()
}

/// Whether an address that starts with `/` counts from the root of the tree: on a site it counts
/// from the site's root. A document below a folder of somebody's machine is there for him alone.
fn is_path_from_root(key: &str, first: &str, view: &View<'_>) -> bool {
    let name = key.rsplit('/').next().unwrap_or(key);
    if is_system_folder(first) {
        // Somebody's checkout lies there: with its folder taken away the path is one of ours.
        if without_prefix(key, view) {
            return false;
        }
        // Pages and pictures below `/home` may be those of a site.
        let sources = ["md", "py", "sh", "yml", "yaml", "json", "toml", "sql", "ts", "txt"];
        return name.rsplit_once('.').is_some_and(|(_, ending)| sources.contains(&ending));
    }
    name.contains('.')
        && (view.is_folder(first) || is_document(key))
        && !code::ends_elsewhere(view, key)
}

fn is_system_folder(first: &str) -> bool {
    matches!(
        first,
        "opt" | "home" | "root" | "usr" | "Users" | "mnt" | "srv" | "workspace" | "workspaces"
    )
}

fn missing_file(fact: &FactRef<'_>, context: &Context<'_>) -> Report {
    let what = if fact.flags.has(Flags::IMAGE) { "image" } else { "link" };
    let kind = if fact.flags.has(Flags::FOLDER) { "folder" } else { "file" };
    let first = fact.key.split('/').next().unwrap_or("");
    let absolute = fact.item.trim().starts_with('/') && is_system_folder(first);
    let help = match context.hint(|| likely(fact.key, &context.view)) {
        _ if absolute => "name a file of the tree by a path relative to this document".to_owned(),
        Some(path) => format!("point it to `{path}`, or restore `{}`", fact.key),
        None => format!("correct the address, remove the {what}, or restore `{}`", fact.key),
    };
    Report {
        code: "missing-file",
        severity: Some(severity(fact.file, context)),
        path: None,
        place: fact.place,
        message: if absolute {
            format!("this {what} leads nowhere: `/{}` is a path of one machine", fact.key)
        } else {
            format!("this {what} leads nowhere: there is no {kind} `{}`", fact.key)
        },
        help,
        item: String::new(),
        subject: fact.key.to_owned(),
    }
}

fn missing_anchor<'a>(
    fact: &FactRef<'a>,
    target: FileRef<'a>,
    context: &Context<'a>,
    anchors: &mut Anchors<'a>,
) -> Report {
    let anchor = fact.value;
    let document = if target.path() == fact.file.path() {
        "this document".to_owned()
    } else {
        format!("`{}`", target.path())
    };
    let help = match anchors.nearest(target, anchor) {
        Some(name) => format!("point it to `#{name}`"),
        None => "name a heading that is there; the anchor follows from its words".to_owned(),
    };
    Report {
        code: "missing-anchor",
        severity: Some(severity(fact.file, context)),
        path: None,
        place: fact.place,
        message: format!("this link leads nowhere: {document} has no heading `#{anchor}`"),
        help,
        item: String::new(),
        subject: format!("{}#{anchor}", fact.key),
    }
}

/// Whether an absolute path ends with the path of a file of ours.
fn without_prefix(key: &str, view: &View<'_>) -> bool {
    let mut rest = key;
    while let Some((_, tail)) = rest.split_once('/') {
        rest = tail;
        if view.is_file(rest) {
            return true;
        }
    }
    false
}

/// The only path that is probably meant: the same name in other case beside it, or the same name
/// elsewhere.
pub(super) fn likely<'a>(key: &str, view: &View<'a>) -> Option<&'a str> {
    let (folder, name) = key.rsplit_once('/').unwrap_or(("", key));
    let beside = view
        .files_under(folder)
        .take(NEIGHBOURS_MAX)
        .find(|file| file.folder() == folder && file.name().eq_ignore_ascii_case(name));
    if let Some(file) = beside {
        return Some(file.path());
    }
    if matches!(name, "README.md" | "index.md" | "__init__.py" | "index.ts" | "index.js") {
        return None;
    }
    match view.files_named(name).as_slice() {
        [only] => Some(only.path()),
        _ => None,
    }
}
