//! Requirement lists of pip.

use crate::Extraction;

pub(crate) fn extract(_sheet: &mut Extraction<'_>) {}
