//! Module look-up of JavaScript and TypeScript.

use crate::resolve::Resolution;
use crate::{FactRef, FileRef, View};

/// Aliases and workspaces.
#[derive(Debug, Default)]
pub struct JavaScriptWorld {}

impl JavaScriptWorld {
    pub(crate) fn new(_view: &View<'_>) -> Self {
        Self {}
    }

    /// What an import means.
    pub fn resolve(
        &self,
        _file: FileRef<'_>,
        _import: &FactRef<'_>,
        _view: &View<'_>,
    ) -> Resolution {
        Resolution::Unresolved
    }
}
