//! One call judged: by its effects, and by the files as they would be.

use assize_checks::{Input, check_delta, check_file, difference, index_text};
use assize_config::GuardMode;
use assize_guard::controls::{self, Case};
use assize_guard::{Action, Effects, Reason, Verdict};
use assize_index::{Classifier, FileStamp, Head, Overlay, Snapshot, View};
use assize_model::{FileClass, Finding, RepoPath, Severity};
use assize_repo::{READ_MAX, read_up_to};
use assize_session::Session;
use assize_syntax::FileFlags;

use super::rewritten::Rewritten;
use super::scene::Scene;

/// What became of one call.
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
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
    let case = Case { action, effects, surroundings: &scene.surroundings, standing: &standing };
    controls::judge(&case)
}

/// The tree with files as they would be.
pub(super) struct Laid<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) overlay: Overlay,
    scene: &'a Scene,
    classifier: Classifier,
}

impl<'a> Laid<'a> {
    pub(super) fn new<'f>(
        futures: impl Iterator<Item = &'f Future>,
        snapshot: &'a Snapshot,
        scene: &'a Scene,
    ) -> Self {
        let classifier = Classifier::new(std::iter::empty(), &[]);
        let mut laid = Self { snapshot, overlay: Overlay::new(), scene, classifier };
        for future in futures {
            match &future.after {
                Some(bytes) => {
                    let class = laid.class(&future.path, bytes);
                    let (stamp, flags) = (FileStamp::default(), FileFlags::TRACKED);
                    laid.overlay.put(index_text(&future.path, class, bytes, stamp, flags));
                }
                None => laid.overlay.delete(future.path.as_str()),
            }
        }
        laid
    }

    /// The tree with the change.
    pub(super) fn view(&self) -> View<'_> {
        View::new(self.snapshot, &self.overlay)
    }

    /// Whether there is a file now.
    pub(super) fn is_on_disk(&self, path: &RepoPath) -> bool {
        self.scene.root.join(path.as_str()).symlink_metadata().is_ok()
    }

    /// What a file holds now.
    pub(super) fn disk(&self, path: &str) -> Option<Vec<u8>> {
        read_up_to(&self.scene.root.join(path), READ_MAX).ok()
    }

    fn class(&self, path: &RepoPath, bytes: &[u8]) -> FileClass {
        let none = Overlay::new();
        let known = View::new(self.snapshot, &none).file(path.as_str()).map(|file| file.class());
        let named = self.scene.settings.classes.class(path.as_str());
        named.or(known).unwrap_or_else(|| {
            let head = String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes)).into_owned();
            self.classifier.class(path, Head::of(&head), true)
        })
    }
}

/// What would newly break by these files, as the checks see it. Files of which nobody knows how
/// they will be are passed over: they are looked at afterwards.
pub(super) fn by_result(
    futures: &[Future],
    laid: &Laid<'_>,
    rewritten: &Rewritten,
) -> Vec<(Severity, Reason)> {
    let none = Overlay::new();
    let (scene, snapshot) = (laid.scene, laid.snapshot);
    let mut found: Vec<Finding> = Vec::new();
    for future in futures {
        let Some(after) = &future.after else { continue };
        let before = read_up_to(&scene.root.join(future.path.as_str()), READ_MAX).ok();
        let class = laid.class(&future.path, after);
        let known = before.as_deref().map(|bytes| {
            let input = Input { path: &future.path, class, bytes, before: None };
            check_file(&input, snapshot, &none, &scene.settings)
        });
        let input = Input { path: &future.path, class, bytes: after, before: before.as_deref() };
        let now = check_file(&input, snapshot, &laid.overlay, &scene.settings);
        let known = known.map(|result| result.findings).unwrap_or_default();
        found.extend(difference(&known, now.findings));
    }
    let elsewhere = check_delta(snapshot, &laid.overlay, &scene.settings).findings;
    found.extend(elsewhere.into_iter().filter(|one| !rewritten.may_hold(one.path.as_str())));
    found.sort();
    found.iter().map(|finding| (finding.severity, told(finding))).collect()
}

fn told(finding: &Finding) -> Reason {
    let (path, line) = (&finding.path, finding.place.line);
    Reason {
        control: finding.control.0,
        message: format!("{path}:{line}: {}", finding.message),
        help: finding.help.clone(),
    }
}

/// The answer in the mode of the configuration. `asked` is for a person to decide where nothing
/// denies the call.
pub(super) fn answer(
    mut judged: Vec<(Severity, Reason)>,
    mut asked: Vec<Reason>,
    mode: GuardMode,
) -> Judgement {
    judged.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    let denies = match mode {
        GuardMode::Observe => Severity::Block,
        GuardMode::Enforce => Severity::Error,
    };
    let verdict = Verdict::of(&judged, denies);
    if matches!(verdict, Verdict::Deny(_)) {
        return Judgement { verdict, spared: Vec::new() };
    }
    if mode == GuardMode::Enforce && !asked.is_empty() {
        asked.extend_from_slice(verdict.reasons());
        return Judgement { verdict: Verdict::Ask(asked), spared: Vec::new() };
    }
    let hard = judged.iter().filter(|(severity, _)| *severity >= Severity::Error);
    let spared = hard.map(|(_, reason)| reason.clone()).chain(asked).collect();
    Judgement { verdict, spared }
}
