//! The tables of token formats, by topic. Facts about issuers live here and nowhere else.

mod ai;
mod cloud;
mod code_hosting;
mod contextual;
mod infrastructure;
mod messaging;
mod payments;
mod services;

use super::format::Format;

pub(crate) use contextual::{CONTEXTUAL, Contextual};

/// All tables of formats that are recognised by a literal of their own.
pub(crate) const TABLES: &[&[Format]] = &[
    cloud::FORMATS,
    infrastructure::FORMATS,
    code_hosting::FORMATS,
    payments::FORMATS,
    ai::FORMATS,
    messaging::FORMATS,
    services::FORMATS,
];
