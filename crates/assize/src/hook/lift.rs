//! Whether a person lifted a denial. Asked for denials only: a call that is allowed costs nothing
//! here.

use std::path::{Path, PathBuf};

use assize_config::{ApprovalStrength, Settings};
use assize_guard::{Effects, Reason, Verdict};
use assize_harness::{Event, Moment};
use assize_ledger::{Entry, Map, Payload, Value};
use assize_model::{Finding, Severity};
use assize_repo::CONFIG_NAME;
use assize_session::{Approval, Grants};

use super::failing::Cause;
use super::judge::Future;
use super::record::Record;
use super::request::{self, Request};
use super::scene::Scene;
use crate::signature::{self, Verified};
use crate::statement::Statement;

/// A client asks for a permission right after it asked whether the call may run.
const SAME_CALL_MS_MAX: i64 = 60_000;

/// A denial after people were asked.
pub(super) struct Lifting {
    pub(super) verdict: Verdict,
    pub(super) request: Option<Request>,
    /// What a person lifted.
    pub(super) lifted: Vec<Reason>,
}

impl Lifting {
    /// What nobody has to lift.
    pub(super) const fn none(verdict: Verdict) -> Self {
        Self { verdict, request: None, lifted: Vec::new() }
    }
}

/// Lifts a denial for which there is an approval.
pub(super) fn look(
    verdict: Verdict,
    (event, effects, futures): (&Event, &Effects, &[Future]),
    scene: &Scene,
    record: &mut Record<'_>,
) -> Result<Lifting, Cause> {
    if !request::is_liftable(effects, scene) {
        return Ok(Lifting::none(verdict));
    }
    let Some(request) = Request::of(&event.action, effects, futures, scene) else {
        return Ok(Lifting::none(verdict));
    };
    let grants = record.grants()?;
    let today = scene.settings.today.to_string();
    let asks = event.moment == Moment::PermissionRequest;
    if asks && was_just_used(&grants, &request, record) {
        return Ok(allowed(&verdict, request));
    }
    let usable: Vec<&Approval> = grants.approvals(&request.call_hash, &today).collect();
    let (mut verdict, mut refused) = (verdict, None);
    for approval in usable {
        match use_up(approval, &verdict, asks, scene, record)? {
            Use::Counts => return Ok(allowed(&verdict, request)),
            Use::Refused(why) => refused = Some(why),
            Use::Gone => {}
        }
    }
    if let Some(why) = refused {
        tell(&mut verdict, &why);
    }
    Ok(Lifting { verdict, request: Some(request), lifted: Vec::new() })
}

/// What became of an approval.
enum Use {
    Counts,
    /// It does not count, and why.
    Refused(String),
    /// Another call was quicker, or it is not what the ledger holds.
    Gone,
}

fn allowed(verdict: &Verdict, request: Request) -> Lifting {
    let lifted = verdict.reasons().to_vec();
    Lifting { verdict: Verdict::Allow, request: Some(request), lifted }
}

/// Why an approval does not count belongs to the first reason.
fn tell(verdict: &mut Verdict, why: &str) {
    if let Verdict::Deny(reasons) | Verdict::Ask(reasons) = verdict
        && let Some(first) = reasons.first_mut()
    {
        first.message = format!("an approval is there, but {why}; {}", first.message);
    }
}

/// Whether the call that an approval lifted a moment ago is the one whose permission is asked.
fn was_just_used(grants: &Grants, request: &Request, record: &Record<'_>) -> bool {
    let (key, now) = (record.key(), record.now_ms);
    grants.all_approvals(&request.call_hash).any(|one| {
        one.used.as_ref().is_some_and(|(session, at)| {
            *session == key && now.saturating_sub(*at) < SAME_CALL_MS_MAX
        })
    })
}

/// Uses an approval. `only_asks`: the call itself is asked about at another moment, and uses it.
fn use_up(
    approval: &Approval,
    verdict: &Verdict,
    only_asks: bool,
    scene: &Scene,
    record: &mut Record<'_>,
) -> Result<Use, Cause> {
    // The entry itself counts, not what was kept of it.
    let entry = record.entry(approval.sequence)?;
    let Some(payload) = entry.as_ref().and_then(|entry| approved(entry, approval)) else {
        return Ok(Use::Gone);
    };
    let Some(statement) = Statement::of_payload(payload) else { return Ok(Use::Gone) };
    let covers = |reason: &Reason| statement.controls.iter().any(|one| one == reason.control);
    if !verdict.reasons().iter().all(covers) {
        return Ok(Use::Refused("it is of other controls".to_owned()));
    }
    if let Some(why) = weakness(&statement, payload, scene) {
        return Ok(Use::Refused(why));
    }
    if only_asks {
        return Ok(Use::Counts);
    }
    let used = Map::from([
        ("approval".to_owned(), approval.id.as_str().into()),
        ("request".to_owned(), statement.request.as_str().into()),
    ]);
    let once = approval.until.is_none();
    let stops = |entry: &Entry| {
        let same = matches!(&entry.payload, Payload::Present(payload)
            if payload.get("approval") == Some(&Value::from(approval.id.as_str())));
        once && same && entry.kind.as_str() == "approval-used"
    };
    let done = record.append_if(("approval-used", used), approval.sequence, stops)?;
    Ok(if done { Use::Counts } else { Use::Gone })
}

/// The payload of an entry, if it is the approval that it was kept for.
fn approved<'e>(entry: &'e Entry, approval: &Approval) -> Option<&'e Map> {
    let Payload::Present(payload) = &entry.payload else { return None };
    let same = |key, expected: &str| payload.get(key) == Some(&Value::from(expected));
    let until = payload.get("until").cloned() == approval.until.as_deref().map(Value::from);
    let is_it = entry.kind.as_str() == "approval"
        && same("approval", &approval.id)
        && same("call-hash", &approval.call_hash)
        && until;
    is_it.then_some(payload)
}

/// Why an approval is weaker than what the repository demands.
fn weakness(statement: &Statement, payload: &Map, scene: &Scene) -> Option<String> {
    let (top, strength) = demanded(&scene.root, scene.settings.approval_strength);
    if strength == ApprovalStrength::Local {
        return None;
    }
    let Some(Value::Text(signature)) = payload.get("signature") else {
        return Some("it is not signed, and `[approvals] strength` demands that".to_owned());
    };
    match signature::verify(&statement.text(), signature, &top) {
        Verified::Yes => None,
        Verified::No => Some("no key in `.assize/keys` made its signature".to_owned()),
        Verified::Unknown(why) => Some(why),
    }
}

/// Findings that no person let be. Nobody is asked where nothing would stop a call.
pub(super) fn unwaived(
    mut found: Vec<Finding>,
    scene: &Scene,
    record: &mut Record<'_>,
) -> Result<Vec<Finding>, Cause> {
    let stops = |severity| severity == Severity::Error;
    let any = found.iter().any(|finding| stops(finding.severity));
    if !any || !heeds_waivers(&scene.root, &scene.settings) {
        return Ok(found);
    }
    let grants = record.grants()?;
    let today = crate::project::today().to_string();
    found.retain(|finding| !stops(finding.severity) || !is_waived(finding, &grants, &today));
    Ok(found)
}

/// Waivers are not signed: they count where nobody demands signatures.
pub(crate) fn heeds_waivers(root: &Path, settings: &Settings) -> bool {
    demanded(root, settings.approval_strength).1 == ApprovalStrength::Local
}

/// Whether a person let a finding be. What is `block` cannot be let be.
pub(crate) fn is_waived(finding: &Finding, grants: &Grants, today: &str) -> bool {
    let (control, path) = (finding.control.0, finding.path.as_str());
    finding.severity < Severity::Block
        && grants.is_waived(control, path, &finding.fingerprint.to_string(), today)
}

/// The strength that counts, and the folder that says so. A folder below the top of the repository
/// that calls itself a root cannot demand less than what stands above it.
pub(crate) fn demanded(root: &Path, own: ApprovalStrength) -> (PathBuf, ApprovalStrength) {
    for above in above(root).into_iter().rev() {
        // What cannot be read demands the most.
        let demands = crate::settings::of_root(above).map(|settings| settings.approval_strength);
        if demands.is_ok_and(|strength| strength == ApprovalStrength::Local) {
            continue;
        }
        return (above.to_path_buf(), ApprovalStrength::Signed);
    }
    (root.to_owned(), own)
}

/// Folders above a root that lies below the top of its repository, if they have a configuration.
pub(super) fn above(root: &Path) -> Vec<&Path> {
    if root.join(".git").exists() {
        return Vec::new();
    }
    let all: Vec<&Path> = root.ancestors().skip(1).collect();
    let Some(top) = all.iter().position(|folder| folder.join(".git").exists()) else {
        return Vec::new();
    };
    let inside = all.into_iter().take(top + 1);
    inside.filter(|folder| folder.join(CONFIG_NAME).exists()).collect()
}
