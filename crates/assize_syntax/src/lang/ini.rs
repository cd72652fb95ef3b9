//! INI files: setup.cfg, pytest.ini, tox.ini, systemd units.

use crate::Extraction;

pub(crate) fn extract(_sheet: &mut Extraction<'_>) {}
