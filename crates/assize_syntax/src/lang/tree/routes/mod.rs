//! Routes that a file registers, and what it shows of how its routers are put together.

mod csharp;
pub(super) mod go;
mod java;
mod minimal;
pub(super) mod rust;
mod written;

pub(super) use self::csharp::class as csharp;
pub(super) use self::java::{call as java_call, class as java, import as java_import};
pub(super) use self::minimal::{
    Groups, call as csharp_call, function as csharp_function, variable as csharp_variable,
};
