//! From a dotted name and a folder to the module that is meant.

use assize_syntax::FileFlags;

use super::{Resolution, has_binary, holds_python, join, made_by_a_tool, name_in, nearest};
use crate::{FileRef, View};

pub(super) enum Found<'a> {
    File(FileRef<'a>),
    /// A folder without `__init__`: a namespace package.
    Folder(String),
    /// It is there, but what it holds cannot be told.
    Closed,
    Missing(String),
}

pub(super) fn relative(
    file: FileRef<'_>,
    level: usize,
    rest: &str,
    name: &str,
    view: &View<'_>,
) -> Resolution {
    let mut folder = file.folder();
    for _ in 1..level {
        if folder.is_empty() {
            // Python refuses this at run time; which folder is meant cannot be told.
            return Resolution::Unresolved;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
    if rest.is_empty() {
        return in_package(folder, name, view);
    }
    resolve_in(folder, rest, name, view)
}

/// `from . import name`: a name of the package, or a module beside.
pub(super) fn in_package(folder: &str, name: &str, view: &View<'_>) -> Resolution {
    let init = join(folder, "__init__.py");
    match view.file(&init) {
        Some(file) => name_in(file, folder, name, view),
        None => {
            let base = join(folder, name);
            if name == "*" || is_module(&base, view) {
                return Resolution::Local;
            }
            missing(&base, view)
        }
    }
}

/// Whether the second part of a dotted module is there, if not all of it.
pub(super) fn begins(root: &str, module: &str, view: &View<'_>) -> bool {
    let mut parts = module.splitn(3, '.');
    let (Some(top), Some(second), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    is_module(&join(&join(root, top), second), view)
}

/// Looks a dotted module up below a root, then the name in it.
pub(super) fn resolve_in(root: &str, module: &str, name: &str, view: &View<'_>) -> Resolution {
    match find(root, module, view) {
        Found::Closed => Resolution::Unresolved,
        Found::Missing(expected) => missing(&expected, view),
        Found::Folder(folder) => {
            if name.is_empty() || name == "*" || is_module(&join(&folder, name), view) {
                Resolution::Local
            } else {
                missing(&join(&folder, name), view)
            }
        }
        Found::File(_) if name.is_empty() || name == "*" => Resolution::Local,
        Found::File(file) => {
            let folder = package_folder(file);
            name_in(file, &folder, name, view)
        }
    }
}

/// The folder in which submodules of this module lie; for a plain module, one that is not there.
pub(super) fn package_folder(file: FileRef<'_>) -> String {
    if file.name().starts_with("__init__.") {
        file.folder().to_owned()
    } else {
        file.path().trim_end_matches(".pyi").trim_end_matches(".py").to_owned()
    }
}

pub(super) fn find<'a>(root: &str, module: &str, view: &View<'a>) -> Found<'a> {
    let mut base = root.to_owned();
    let mut segments = module.split('.').peekable();
    while let Some(segment) = segments.next() {
        base = join(&base, segment);
        let last = segments.peek().is_none();
        if view.is_opaque(&base) || has_binary(&base, view) {
            return Found::Closed;
        }
        let package = view.file(&format!("{base}/__init__.py"));
        let plain = view.file(&format!("{base}.py")).or_else(|| view.file(&format!("{base}.pyi")));
        match (package, plain) {
            (Some(file), _) | (None, Some(file)) if last => return Found::File(file),
            (Some(file), _) if file.flags().has(FileFlags::OPEN_EXPORTS) => return Found::Closed,
            (Some(_), _) => {}
            // A module that is no package has no submodules, unless it makes them at run time.
            (None, Some(file)) if file.flags().has(FileFlags::OPEN_EXPORTS) => {
                return Found::Closed;
            }
            (None, Some(_)) if !view.is_folder(&base) => return Found::Missing(base),
            _ if holds_python(&base, view) => {}
            _ => return Found::Missing(base),
        }
    }
    Found::Folder(base)
}

pub(super) fn is_module(base: &str, view: &View<'_>) -> bool {
    view.is_file(&format!("{base}.py"))
        || view.is_file(&format!("{base}.pyi"))
        || view.is_folder(base)
        || view.is_opaque(base)
        || has_binary(base, view)
}

pub(super) fn missing(base: &str, view: &View<'_>) -> Resolution {
    if made_by_a_tool(base) {
        return Resolution::Unresolved;
    }
    let name = base.rsplit('/').next().unwrap_or(base);
    let same = view.files_named(&format!("{name}.py")).first().map(|file| file.path().to_owned());
    let nearest = same.or_else(|| {
        let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside: Vec<&str> = view
            .files_under(folder)
            .take(512)
            .filter(|file| file.folder() == folder)
            .filter_map(|file| file.name().strip_suffix(".py"))
            .collect();
        nearest(name, beside.into_iter()).map(|name| join(folder, &format!("{name}.py")))
    });
    let expected = format!("{base}.py");
    Resolution::NoModule { expected, nearest }
}

/// Whether the module lies in another part of a package that is spread over several folders: none
/// of them has an `__init__`, and one of the others has the module.
pub(super) fn is_of_namespace(expected: &str, view: &View<'_>) -> bool {
    let base = expected.trim_end_matches(".py");
    let Some((folder, name)) = base.rsplit_once('/') else { return false };
    if view.is_file(&join(folder, "__init__.py")) {
        return false;
    }
    let package = folder.rsplit('/').next();
    let elsewhere = |other: &str| other != folder && other.rsplit('/').next() == package;
    view.files_named(&format!("{name}.py")).iter().any(|file| elsewhere(file.folder()))
        || view.files_named("__init__.py").iter().any(|file| {
            let (above, last) = file.folder().rsplit_once('/').unwrap_or(("", file.folder()));
            last == name && elsewhere(above)
        })
}
