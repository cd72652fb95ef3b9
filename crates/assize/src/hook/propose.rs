//! What would be said of a file before it is written: the decision of [`super::before`], without a
//! session that answers for it and without an entry.

use std::path::Path;

use assize_guard::{Action, Reason, Verdict};
use assize_model::Finding;
use assize_session::Session;

use super::failing;
use super::judge::{self, Judgement};
use super::scene::Scene;
use super::{allow, effects_of_action, mcp, simulate};

/// What would be answered, and why.
pub(crate) struct Proposal {
    pub(crate) verdict: Verdict,
    /// What would newly break.
    pub(crate) findings: Vec<Finding>,
    /// What would be denied in `enforce`, and is only told in the mode of the configuration.
    pub(crate) spared: Vec<Reason>,
}

/// Judges a write of this content. Waivers and approvals of people do not count: they are for
/// calls.
///
/// # Errors
/// The configuration is wrong, or there is no index and none can be made now.
pub(crate) fn propose(root: &Path, path: &Path, content: &str) -> Result<Proposal, String> {
    let mut scene = Scene::of(&root.to_string_lossy()).map_err(|failure| failure.words())?;
    let path = path.to_string_lossy().into_owned();
    let action = Action::Write { path, content: content.to_owned() };
    let (effects, session) = (effects_of_action(&action, &scene), Session::default());
    scene.surroundings.mcp = mcp::protected(&action, &effects, &scene);
    let mut judged = judge::by_effects(&action, &effects, &scene, &session);
    let futures = simulate::futures(&action, &effects, &scene);
    let found = simulate::judged(&futures, &effects, &scene, &session);
    let found = found.map_err(|cause| {
        let Reason { message, help, .. } = failing::reason(&cause);
        format!("{message}: {help}")
    })?;
    judged.extend(allow::judged(&futures, &scene));
    let broken = found.findings.iter().map(|one| (one.severity, judge::told(one)));
    judged.splice(0..0, broken.chain(found.judged));
    let mode = scene.settings.guard_mode;
    let Judgement { verdict, spared, .. } = judge::answer(judged, found.asked, mode);
    Ok(Proposal { verdict, findings: found.findings, spared })
}
