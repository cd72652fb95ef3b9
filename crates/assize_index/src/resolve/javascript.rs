//! Module look-up of JavaScript and TypeScript.

use crate::View;

/// Aliases and workspaces.
#[derive(Debug, Default)]
pub struct JavaScriptWorld {}

impl JavaScriptWorld {
    pub(crate) fn new(_view: &View<'_>) -> Self {
        Self {}
    }
}
