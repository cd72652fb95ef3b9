//! What the tree does not show: scripts that run in another tree, and other repositories in
//! this one.

use assize_index::{FileRef, View};
use assize_syntax::{FactKind, Flags, Role};

/// Whether a script is copied into an image, and meets another tree where it is started there.
pub(crate) fn runs_in_image(script: FileRef<'_>, view: &View<'_>) -> bool {
    script.name().contains("entrypoint")
        || view
            .lookup(FactKind::Path, Role::Reference, script.path())
            .iter()
            .any(|copy| copy.item == "copy-source")
}

/// Whether some file's path ends with this one: the folder above may be where a script is started.
pub(crate) fn ends_a_path(path: &str, view: &View<'_>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    view.files_named(name)
        .iter()
        .any(|file| file.path().strip_suffix(path).is_some_and(|above| above.ends_with('/')))
}

/// Whether some script or pipeline fetches a folder that is called like a part of this path:
/// another repository, which is cloned beside or into this one.
pub(crate) fn is_fetched(path: &str, view: &View<'_>) -> bool {
    const FETCHED: Flags = Flags::CREATED.with(Flags::FOLDER);
    path.split('/').any(|part| {
        view.referring(FactKind::Path, part)
            .iter()
            .any(|made| made.flags.has(FETCHED) && made.key.rsplit('/').next() == Some(part))
    })
}
