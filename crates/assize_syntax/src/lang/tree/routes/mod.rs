//! Routes that a file registers, and what it shows of how its routers are put together.

pub(super) mod go;
pub(super) mod rust;
