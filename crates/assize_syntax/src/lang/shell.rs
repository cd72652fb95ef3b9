//! Shell scripts, and the shell text in other files.

use crate::Extraction;

pub(crate) fn extract(_sheet: &mut Extraction<'_>) {}
