//! Comments that put the real thing off.

use assize_model::{FileClass, Span};

use crate::lang::practice;
use crate::{Extraction, FactKind, Role};

pub(super) fn extract(sheet: &mut Extraction<'_>, comments: &[Span]) {
    if sheet.class != FileClass::Production || !practice::may_defer(sheet.text) {
        return;
    }
    for at in comments {
        let words = sheet.text.get(at.start..at.end).and_then(practice::deferring);
        if let Some(words) = words {
            sheet.fact(FactKind::StandIn, Role::Definition, "remark", *at).value(words).done();
        }
    }
}
