//! One call judged: by its effects, and by the files as they would be.

use std::collections::BTreeSet;

use assize_checks::{Intake, check_change, index_text_by};
use assize_config::GuardMode;
use assize_guard::controls::{self, Case};
use assize_guard::{Action, Effects, Reason, Verdict};
use assize_index::{Classifier, FileRef, FileStamp, Head, Layers, Overlay, View};
use assize_model::{FileClass, Finding, RepoPath, Severity};
use assize_repo::{READ_MAX, read_up_to};
use assize_session::{Breach, Session};
use assize_syntax::FileFlags;

use super::rewritten::Rewritten;
use super::scene::Scene;

/// What holds in every tree with rules, wherever the agent stands.
const OWN: &str = "self-protection";
/// The bytes in which a file's head is looked for.
const HEAD_BYTES: usize = 4096;

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
    let mut judged = controls::judge(&case);
    for surroundings in &scene.others(effects) {
        let found = controls::judge(&Case { surroundings, ..case });
        judged.extend(found.into_iter().filter(|(_, reason)| reason.control == OWN));
    }
    judged
}

/// The tree with files as they would be.
pub(super) struct Laid<'a> {
    pub(super) index: &'a Layers,
    /// What the index does not know yet of these files.
    before: Overlay,
    after: Overlay,
    /// The files that would change.
    paths: BTreeSet<String>,
    scene: &'a Scene,
}

impl<'a> Laid<'a> {
    pub(super) fn new<'f>(
        futures: impl Iterator<Item = &'f Future>,
        index: &'a Layers,
        scene: &'a Scene,
    ) -> Self {
        let view = index.view();
        let (mut before, mut after) = (index.changes().clone(), index.changes().clone());
        let mut paths = BTreeSet::new();
        for Future { path, after: bytes } in futures {
            let known = view.file(path.as_str());
            let there = read_up_to(&scene.root.join(path.as_str()), READ_MAX).ok();
            let class = class_of(path, bytes.as_deref().or(there.as_deref()), known, scene);
            let flags = known.map_or(FileFlags::TRACKED, |file| file.flags().0 & KEPT_FLAGS);
            let intake = Intake { meter: None, rules: Some(&scene.rules) };
            let read = |bytes: &[u8]| {
                index_text_by(&intake, path, class, bytes, FileStamp::default(), flags)
            };
            match there {
                // What the index knows need not be parsed again.
                Some(there) if known.is_some_and(|file| is_content(file, &there)) => {}
                Some(there) => before.put(read(&there)),
                None if known.is_some() => before.delete(path.as_str()),
                None => {}
            }
            match bytes {
                Some(bytes) => after.put(read(bytes)),
                None => after.delete(path.as_str()),
            }
            paths.insert(path.as_str().to_owned());
        }
        Self { index, before, after, paths, scene }
    }

    /// The tree with the change.
    pub(super) fn view(&self) -> View<'_> {
        View::new(self.index.base(), &self.after)
    }

    /// One file more would be gone.
    pub(super) fn delete(&mut self, path: &str) {
        self.after.delete(path);
        self.paths.insert(path.to_owned());
    }

    /// Whether there is a file now.
    pub(super) fn is_on_disk(&self, path: &RepoPath) -> bool {
        self.scene.root.join(path.as_str()).symlink_metadata().is_ok()
    }

    /// What a file holds now.
    pub(super) fn disk(&self, path: &str) -> Option<Vec<u8>> {
        read_up_to(&self.scene.root.join(path), READ_MAX).ok()
    }
}

/// What would newly break by these files, as the checks see it. Files of which nobody knows how
/// they will be are passed over: they are looked at afterwards.
pub(super) fn by_result(laid: &Laid<'_>, rewritten: &Rewritten) -> Vec<Finding> {
    let settings = &laid.scene.settings;
    let base = laid.index.base();
    let result = check_change(base, &laid.before, &laid.after, &laid.paths, settings);
    let known = |path: &str| laid.paths.contains(path) || !rewritten.may_hold(path);
    result.findings.into_iter().filter(|finding| known(finding.path.as_str())).collect()
}

/// What a file keeps when its content is replaced.
const KEPT_FLAGS: u32 = FileFlags::TRACKED | FileFlags::EXECUTABLE;

fn is_content(file: FileRef<'_>, bytes: &[u8]) -> bool {
    blake3::hash(bytes).as_bytes().starts_with(&file.hash())
}

/// The class of a file: as the configuration says, as it was, or by its path and first lines.
/// Nobody who writes a file by hand is a generator, whatever its first lines say.
fn class_of(
    path: &RepoPath,
    bytes: Option<&[u8]>,
    known: Option<FileRef<'_>>,
    scene: &Scene,
) -> FileClass {
    let named = scene.settings.classes.class(path.as_str());
    let known = known.map(|file| file.class()).filter(|class| *class != FileClass::Generated);
    named.or(known).unwrap_or_else(|| {
        let bytes = bytes.unwrap_or_default();
        let head = String::from_utf8_lossy(bytes.get(..HEAD_BYTES).unwrap_or(bytes));
        let head = Head { generated: false, ..Head::of(&head) };
        Classifier::default().class(path, head, true)
    })
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
    let severity = judged.first().map_or(Severity::Info, |(severity, _)| *severity);
    if matches!(verdict, Verdict::Deny(_)) {
        return Judgement { verdict, severity, spared: Vec::new() };
    }
    if mode == GuardMode::Enforce && !asked.is_empty() {
        asked.extend_from_slice(verdict.reasons());
        return Judgement { verdict: Verdict::Ask(asked), severity, spared: Vec::new() };
    }
    let hard = judged.iter().filter(|(severity, _)| *severity >= Severity::Error);
    let spared = hard.map(|(_, reason)| reason.clone()).chain(asked).collect();
    Judgement { verdict, severity, spared }
}
