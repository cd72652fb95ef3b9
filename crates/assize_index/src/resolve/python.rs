//! Module look-up of Python.

use crate::View;

/// Source roots and the like.
#[derive(Debug, Default)]
pub struct PythonWorld {}

impl PythonWorld {
    pub(crate) fn new(_view: &View<'_>) -> Self {
        Self {}
    }
}
