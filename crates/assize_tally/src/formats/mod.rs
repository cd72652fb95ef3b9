//! One module per format.

pub(super) mod cargo;
pub(super) mod go;
pub(super) mod jest;
pub(super) mod junit;
pub(super) mod pytest;
pub(super) mod summary;
pub(super) mod tap;
