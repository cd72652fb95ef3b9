//! One call judged: by its effects, and by the files as they would be.

use assize_checks::{Input, check_delta, check_file, difference, index_text};
use assize_config::GuardMode;
use assize_guard::controls::{self, Case};
use assize_guard::{Action, Effects, Reason, Verdict};
use assize_index::{Classifier, FileStamp, Head, Overlay, Snapshot, View};
use assize_model::{FileClass, Finding, RepoPath, Severity};
use assize_repo::{READ_MAX, read_up_to};
use assize_session::{Breach, Session};
use assize_syntax::FileFlags;

use super::scene::Scene;

/// What became of one call.
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    /// The worst of what was found.
    pub(super) severity: Severity,
    /// What would have been denied in `enforce`, but was only told.
    pub(super) spared: Vec<Reason>,
}

/// A file as it would be after the call; nothing where it would be gone.
pub(super) struct Future {
    pub(super) path: RepoPath,
    pub(super) after: Option<Vec<u8>>,
}

/// What the guards say of an action.
pub(super) fn by_effects(
    action: &Action,
    effects: &Effects,
    scene: &Scene,
    session: &Session,
) -> Vec<(Severity, Reason)> {
    let standing = |path: &str| scene.standing(path, session);
    let tracked = |paths: &[&str]| scene.tracked(paths);
    let surroundings = &scene.surroundings;
    let case = Case { action, effects, surroundings, standing: &standing, tracked: &tracked };
    controls::judge(&case)
}

/// What would newly break by these files, as the checks see it.
pub(super) fn by_result(futures: &[Future], snapshot: &Snapshot, scene: &Scene) -> Vec<Finding> {
    let none = Overlay::new();
    let view = View::new(snapshot, &none);
    let classifier = Classifier::new(std::iter::empty(), &[]);
    let class = |path: &RepoPath, bytes: &[u8]| -> FileClass {
        let known = view.file(path.as_str()).map(|file| file.class());
        let named = scene.settings.classes.class(path.as_str());
        named.or(known).unwrap_or_else(|| {
            let head = String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes)).into_owned();
            classifier.class(path, Head::of(&head), true)
        })
    };
    let mut overlay = Overlay::new();
    for future in futures {
        match &future.after {
            Some(bytes) => {
                let class = class(&future.path, bytes);
                let (stamp, flags) = (FileStamp::default(), FileFlags::TRACKED);
                overlay.put(index_text(&future.path, class, bytes, stamp, flags));
            }
            None => overlay.delete(future.path.as_str()),
        }
    }
    let mut found: Vec<Finding> = Vec::new();
    for future in futures {
        let Some(after) = &future.after else { continue };
        let before = read_up_to(&scene.root.join(future.path.as_str()), READ_MAX).ok();
        let class = class(&future.path, after);
        let known = before.as_deref().map(|bytes| {
            let input = Input { path: &future.path, class, bytes, before: None };
            check_file(&input, snapshot, &none, &scene.settings)
        });
        let input = Input { path: &future.path, class, bytes: after, before: before.as_deref() };
        let now = check_file(&input, snapshot, &overlay, &scene.settings);
        let known = known.map(|result| result.findings).unwrap_or_default();
        found.extend(difference(&known, now.findings));
    }
    found.extend(check_delta(snapshot, &overlay, &scene.settings).findings);
    found.sort();
    found
}

/// A finding that stops the call can be lifted, or be let be.
pub(super) fn breach(finding: &Finding) -> Breach {
    Breach {
        control: finding.control.0.to_owned(),
        path: finding.path.as_str().to_owned(),
        fingerprint: finding.fingerprint.to_string(),
        is_block: finding.severity == Severity::Block,
    }
}

/// A finding in the words of a denial.
pub(super) fn told(finding: &Finding) -> Reason {
    let (path, line) = (&finding.path, finding.place.line);
    Reason {
        control: finding.control.0,
        message: format!("{path}:{line}: {}", finding.message),
        help: finding.help.clone(),
    }
}

/// The answer in the mode of the configuration.
pub(super) fn answer(mut judged: Vec<(Severity, Reason)>, mode: GuardMode) -> Judgement {
    judged.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    let denies = match mode {
        GuardMode::Observe => Severity::Block,
        GuardMode::Enforce => Severity::Error,
    };
    let verdict = Verdict::of(&judged, denies);
    let severity = judged.first().map_or(Severity::Info, |(severity, _)| *severity);
    let spared = match verdict {
        Verdict::Deny(_) => Vec::new(),
        _ => judged
            .iter()
            .filter(|(severity, _)| *severity >= Severity::Error)
            .map(|(_, reason)| reason.clone())
            .collect(),
    };
    Judgement { verdict, severity, spared }
}
