//! JSON: package manifests, compiler settings, MCP configurations, lock files.

use crate::Extraction;

pub(crate) fn extract(_sheet: &mut Extraction<'_>) {}
