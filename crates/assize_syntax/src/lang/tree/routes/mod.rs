//! Routes of the frameworks of each language.

mod csharp;
mod java;
mod minimal;
mod written;

pub(super) use self::csharp::class as csharp;
pub(super) use self::java::{call as java_call, class as java, import as java_import};
pub(super) use self::minimal::{
    Groups, call as csharp_call, function as csharp_function, variable as csharp_variable,
};
