//! What is answered without a record.
//!
//! That reads and recovery run while Assize fails must not open what they would not see otherwise:
//! whoever holds the ledger would only have to wait. What the guards say of a call needs no record.

use std::time::Duration;

use assize_guard::Verdict;
use assize_harness::{Event, Moment};
use assize_session::Session;

use super::failing::{self, Cause};
use super::scene::Scene;
use super::{effects, in_time, judge};

/// The time for a decision may be over already: this is what a client still waits.
const LIMIT: Duration = Duration::from_millis(500);

/// The answer where no decision was made or recorded.
pub(super) fn verdict(event: &Event, cause: &Cause) -> Verdict {
    let verdict = failing::verdict(event, cause);
    let before = matches!(event.moment, Moment::PreTool | Moment::PermissionRequest);
    if !before || verdict != Verdict::Allow {
        return verdict;
    }
    let asked = event.clone();
    match in_time(LIMIT, move || Ok(stopped(&asked))) {
        Ok(Some(denied)) => denied,
        // What looks and takes back runs, as it would where nothing can be said at all.
        Ok(None) | Err(_) => verdict,
    }
}

/// What the guards alone stop; nothing where they do not, or the configuration cannot be read.
fn stopped(event: &Event) -> Option<Verdict> {
    let scene = Scene::of(&event.folder).ok()?;
    let effects = effects(event, &scene);
    let judged = judge::by_effects(&event.action, &effects, &scene, &Session::default());
    let judged = judge::answer(judged, Vec::new(), scene.settings.guard_mode);
    matches!(judged.verdict, Verdict::Deny(_)).then_some(judged.verdict)
}
