//! Which router a name means, through imports and through modules that pass on what they import.

use assize_syntax::Language;

use super::{RouterId, Routes};
use crate::resolve::World;
use crate::{FileRef, View};

/// How often a name is passed on.
const PASSED_MAX: u32 = 8;

impl Routes {
    /// The router that a name of a file means.
    pub(super) fn named(
        &self,
        file: FileRef<'_>,
        name: &str,
        world: &World,
        view: &View<'_>,
    ) -> Option<RouterId> {
        self.followed(file, name, world, view, PASSED_MAX)
    }

    fn followed(
        &self,
        file: FileRef<'_>,
        name: &str,
        world: &World,
        view: &View<'_>,
        left: u32,
    ) -> Option<RouterId> {
        let left = left.checked_sub(1)?;
        let (module, inside) = name.split_once('#')?;
        if module.is_empty() {
            let own = self.id(file.path(), inside);
            return own.or_else(|| self.passed_on(file, inside, world, view, left));
        }
        let target = world.module(file, module, view);
        if let Some(target) = target
            && let Some(id) = self.passed_on(target, inside, world, view, left)
        {
            return Some(id);
        }
        // What a module of CommonJS exports is also its default.
        if let (Some(target), Some(member)) = (target, inside.strip_prefix("default.")) {
            return self.passed_on(target, member, world, view, left);
        }
        // `from package import module`, of which a member is meant.
        if file.dialect().language() != Language::Python {
            return None;
        }
        let (first, rest) = inside.split_once('.')?;
        let dot = if module.ends_with('.') { "" } else { "." };
        self.followed(file, &format!("{module}{dot}{first}#{rest}"), world, view, left)
    }

    /// The router that importers of a file get under a name.
    fn passed_on(
        &self,
        file: FileRef<'_>,
        name: &str,
        world: &World,
        view: &View<'_>,
        left: u32,
    ) -> Option<RouterId> {
        if let Some(id) = self.id(file.path(), name) {
            return Some(id);
        }
        let key = (file.path().to_owned(), name.to_owned());
        if let Some(router) = self.exports.get(&key) {
            return self.followed(file, router, world, view, left);
        }
        let stars = self.stars.get(file.path())?;
        stars
            .iter()
            .find_map(|module| self.followed(file, &format!("{module}#{name}"), world, view, left))
    }
}
