//! Chance under the name of a measurement.

use assize_model::{FileClass, Span};

use super::walk::Walk;
use crate::lang::practice;
use crate::{FactKind, Role};

impl Walk<'_, '_> {
    /// Takes notice of a value that is drawn by lot.
    pub(super) fn drawn(&mut self, name: &str, value: &str, span: Span) {
        let random = value.contains("$((") && value.contains("RANDOM");
        let production = self.sheet.class == FileClass::Production && self.site.exact;
        if random && production && practice::is_measure(name) {
            self.sheet
                .fact(FactKind::StandIn, Role::Definition, "random", span)
                .value(name)
                .item(self.function.as_str())
                .done();
        }
    }
}
