//! YAML, and the configurations written in it.

use crate::Extraction;

pub(crate) mod compose;
pub(crate) mod conda;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod kubernetes;

pub(crate) fn extract(_sheet: &mut Extraction<'_>) {}
