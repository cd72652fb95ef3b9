//! TOML: Python projects and their lock files.

use crate::Extraction;

pub(crate) fn extract(_sheet: &mut Extraction<'_>) {}
