//! JavaScript and TypeScript.

use crate::Extraction;

pub(crate) fn extract(_sheet: &mut Extraction<'_>) {}
