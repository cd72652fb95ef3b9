//! Allowances in comments that a call would write: `allowance-invalid`, where an agent writes them.

use std::path::Path;

use assize_guard::Reason;
use assize_index::{Classifier, Head};
use assize_model::Severity;
use assize_repo::{READ_MAX, read_up_to};

use super::judge::Future;
use super::scene::Scene;
use crate::gates::allowance;

/// The reason for each file that would hold an allowance more.
pub(super) fn judged(futures: &[Future], scene: &Scene) -> Vec<(Severity, Reason)> {
    let reason = |future: &Future| {
        let after = std::str::from_utf8(future.after.as_deref()?).ok()?;
        // Hardly any file holds one: what it was is read only then.
        allowance::added("", after)?;
        let path = &future.path;
        let class = scene.settings.classes.class(path.as_str());
        let class = class.unwrap_or_else(|| Classifier::default().class(path, Head::of(""), true));
        if !allowance::counts(class) {
            return None;
        }
        let before = read_up_to(&Path::new(&scene.root).join(path.as_str()), READ_MAX);
        let before = String::from_utf8_lossy(&before.unwrap_or_default()).into_owned();
        let line = allowance::added(&before, after)?;
        Some((Severity::Error, allowance::reason(path.as_str(), line)))
    };
    futures.iter().filter_map(reason).collect()
}
