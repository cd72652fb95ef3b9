//! `assize waive`: a person lets findings be.

use std::io::Write;

use crate::cli::Waive;
use crate::failure::Failure;

pub(super) fn run(_options: &Waive, _out: &mut dyn Write) -> Result<u8, Failure> {
    Err(Failure::said("not yet"))
}
