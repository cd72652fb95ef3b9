//! Images that the repository makes itself: their version is that of the tree, or of its releases.

use assize_index::FactRef;
use assize_syntax::{FactKind, Flags, Role};

use crate::Context;

use super::reference::Reference;

/// Whether the image is a product of the repository.
pub(super) fn is_own(fact: &FactRef<'_>, image: &Reference<'_>, context: &Context<'_>) -> bool {
    is_named_after_a_project(image, context)
        || is_built_beside(fact, context)
        || is_of_what_is_built(fact, image)
}

/// By its name: its release makes it.
fn is_named_after_a_project(image: &Reference<'_>, context: &Context<'_>) -> bool {
    if !image.name.contains('/') {
        return false;
    }
    let parts = image.name.split('/').filter(|part| !part.contains(['.', ':']));
    let last = image.name.rsplit('/').next().unwrap_or("");
    // `shop-base` is an image of `shop`.
    let mut named = parts.flat_map(|part| [part, part.split(['-', '_']).next().unwrap_or(part)]);
    named.any(|name| is_project(name, context)) || is_module(last, context)
}

fn is_project(name: &str, context: &Context<'_>) -> bool {
    ["py", "npm", "cargo"].iter().any(|kind| {
        context.view.has(FactKind::Project, Role::Definition, &format!("{kind}:{name}"))
    })
}

/// Modules of Go bear the address of their repository, and a version behind it.
fn is_module(name: &str, context: &Context<'_>) -> bool {
    context.view.find_key(FactKind::Project, Role::Definition, "go:", |project| {
        let version = |part: &&str| {
            part.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
        };
        project.key.rsplit(['/', ':']).find(|part| !version(part)) == Some(name)
    })
}

/// Whether another compose file of the folder builds the service that runs this image: one of them
/// is for those who develop it, the other for those who run it.
fn is_built_beside(fact: &FactRef<'_>, context: &Context<'_>) -> bool {
    fact.flags.has(Flags::IN_COMPOSE)
        && context
            .view
            .lookup(FactKind::Setting, Role::Definition, &format!("service:{}", fact.item))
            .iter()
            .any(|set| set.item == "built" && set.file.folder() == fact.file.folder())
}

/// Whether it bears the name of a service that the same file builds: `acme/shop-page` beside a
/// `shop` is another part of one product, and has to fit the tree.
fn is_of_what_is_built(fact: &FactRef<'_>, image: &Reference<'_>) -> bool {
    let Some((_, last)) = image.name.rsplit_once('/') else { return false };
    let product = last.split(['-', '_']).next().unwrap_or(last);
    let key = format!("service:{product}");
    fact.flags.has(Flags::IN_COMPOSE)
        && fact
            .file
            .facts_of(FactKind::Setting, Role::Definition)
            .any(|set| set.item == "built" && set.key == key)
}
