//! The images in which the jobs of a pipeline run, and those that it builds.

use super::tree::{Fields, NodeId, Tree};
use crate::lang::image;
use crate::{Extraction, Flags};

/// `container` and `services` of a job; `image` and `services` of GitLab.
pub(super) fn of_job(sheet: &mut Extraction<'_>, tree: &Tree<'_>, job: &str, fields: &Fields<'_>) {
    for name in ["container", "image"] {
        if let Some(id) = fields.get(name) {
            used(sheet, tree, job, id);
        }
    }
    let Some(services) = fields.get("services") else { return };
    for field in tree.fields(services).0 {
        used(sheet, tree, field.name, field.value);
    }
    for id in tree.items(services) {
        used(sheet, tree, job, id);
    }
}

/// An image by its name, or in a mapping.
fn used(sheet: &mut Extraction<'_>, tree: &Tree<'_>, item: &str, id: NodeId) {
    let named = ["image", "name"].iter().find_map(|name| tree.get(id, name));
    let id = if tree.text(id).is_some() { id } else { named.unwrap_or(id) };
    if let Some(written) = tree.text(id) {
        image::used(sheet, written, Some(written), tree.span(id), (item, Flags::IN_CI));
    }
}

/// Inputs that name what is built.
const INPUTS: [&str; 9] = [
    "tags",
    "images",
    "image",
    "image_name",
    "image-name",
    "target-image",
    "target-images",
    "repository",
    "name",
];

/// What the well-known actions, and workflows whose names say that they build, build and tag.
pub(super) fn of_action(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    action: &str,
    with: &Fields<'_>,
) {
    let name = action.split('@').next().unwrap_or(action);
    if !name.contains("docker") && !name.contains("build") && !name.contains("image") {
        return;
    }
    for input in INPUTS {
        let Some(id) = with.get(input) else { continue };
        let text = tree.text(id).unwrap_or("").to_owned();
        for line in text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()) {
            let line = line.trim_start_matches("type=raw,value=").trim_start_matches("name=");
            image::built(sheet, line, tree.span(id), Flags::IN_CI);
        }
    }
}
