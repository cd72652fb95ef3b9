//! Port registries: tables of ports and services in documents.

use crate::Extraction;

pub(crate) fn extract(_sheet: &mut Extraction<'_>) {}
