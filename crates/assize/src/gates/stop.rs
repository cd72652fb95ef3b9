//! What keeps a session from ending: the shortest list of what is missing, each with its command.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use assize_guard::Reason;
use assize_ledger::Verdict;
use assize_model::RepoPath;
use assize_repo::{Blob, Git, Known, Reach, TreeState, tree_state};
use assize_session::Session;

use super::allowance;
use super::runs::Run;
use super::work::{Demands, Touched, Work, class_of, demands};
use crate::commands::verdict_line;
use crate::project::Project;
use crate::records::Records;

/// So much is said at once; what is behind it is said when that is done.
const REASONS_MAX: usize = 6;
/// Of so many commits it is asked whether they change a changelog.
const HISTORY: usize = 20;
/// Anchors are looked for in so many commits: an older one says less.
const ANCHOR_COMMITS: u32 = 500;
const CLEAR: &str = "violation-clear";

/// What a session has, and what it lacks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    pub(crate) missing: Vec<Reason>,
    pub(crate) proofs: Vec<Run>,
    /// How many files it changed.
    pub(crate) files: usize,
    pub(crate) tree: Option<String>,
}

/// How a session stands. `head` is the number of the record's last entry, `runs` are all that it
/// holds.
pub(crate) fn standing(project: &Project, session: &Session, runs: &[Run], head: u64) -> Standing {
    let mut missing = open(project, session);
    missing.extend(record(project, session, head));
    let state = session.stopping.changes().next().and_then(|_| tree_state(&project.root));
    let touched = touched(project, session, state.as_ref());
    let tree = state.map(|state| state.hash);
    let Demands { missing: more, proofs } = of_work(project, &touched, tree.as_deref(), runs);
    missing.extend(more);
    missing.extend(allowances(project, &touched));
    missing.truncate(REASONS_MAX);
    Standing { missing, proofs, files: touched.len(), tree }
}

/// Whether the record is what was written, as far as anchors and the session's own entries tell.
fn record(project: &Project, session: &Session, head: u64) -> Option<Reason> {
    let highest = session.stopping.highest();
    let why = if highest > head {
        format!("it ends at entry {head}, and this session wrote entry {highest}")
    } else {
        let root = &project.root.folder;
        let reach = project.root.git.as_ref().map(|git| (git, Reach::Last(ANCHOR_COMMITS)));
        // A record that cannot be read now is another failure, which is told by itself.
        let mut records = Records::existing(root).ok()??;
        let (verdict, anchor) = records.verify(root, reach).ok()?;
        let bad = matches!(verdict, Verdict::Bad { .. });
        bad.then(|| verdict_line(&verdict, anchor.as_ref()))?
    };
    Some(Reason {
        control: "ledger-verify",
        message: format!("the record is not what was written: {why}"),
        help: "a person finds out who changed it: `assize ledger verify --anchor`".to_owned(),
    })
}

/// Breaches that are found still.
fn open(project: &Project, session: &Session) -> Vec<Reason> {
    if session.open().is_empty() {
        return Vec::new();
    }
    let pass = crate::pass::run(project);
    let there: BTreeSet<String> =
        pass.findings.iter().map(|finding| finding.fingerprint.to_string()).collect();
    let open = session.open().iter().filter(|open| there.contains(&open.id));
    let reason = |open: &assize_session::Open| Reason {
        control: CLEAR,
        message: format!("`{}`: {} ({})", open.path, open.message, open.control),
        help: format!("repair it until `assize check {}` is clean", open.path),
    };
    open.map(reason).collect()
}

/// The files that the session changed and that are not as they were when it began.
fn touched(project: &Project, session: &Session, state: Option<&TreeState>) -> Vec<Touched> {
    let paths: Vec<&str> = session.stopping.changes().collect();
    let git = project.root.git.as_ref();
    let objects = |commit: Option<&str>| -> BTreeMap<String, String> {
        let found =
            commit.zip(git).and_then(|(commit, git)| objects_at(project, git, commit, &paths));
        found.unwrap_or_default()
    };
    let here = objects(state.and_then(|state| state.base.as_deref()));
    let head = session.stopping.head().filter(|head| !head.is_empty());
    let before = objects(head.or(state.and_then(|state| state.base.as_deref())));
    let differing = state.and_then(|state| state.files.as_ref());
    let one = |path: &&str| Touched {
        path: (*path).to_owned(),
        class: class_of(path, project.view(), &project.settings),
        object: match differing.and_then(|files| files.get(path.as_bytes())) {
            Some(object) => object.clone(),
            None => here.get(*path).cloned(),
        },
        before: before.get(*path).cloned(),
    };
    let Some(git) = git else { return paths.iter().map(one).collect() };
    let all = paths.iter().map(one).filter(|one| one.object != one.before);
    let came = |one: &Touched| {
        here.get(&one.path) == one.object.as_ref() && came(project, git, session, &one.path)
    };
    all.filter(|one| !came(one)).collect()
}

/// Whether a file that stands as HEAD has it came with a pull, a checkout or a rebase: then others
/// answer for it. What the session committed itself came with none.
fn came(project: &Project, git: &Git, session: &Session, path: &str) -> bool {
    let full = project.root.folder.join(path);
    let Some(inside) = full.strip_prefix(git.top()).ok().and_then(Path::to_str) else {
        return false;
    };
    let head = session.stopping.head().unwrap_or_default();
    let known = Known { head, stashes: &[], before_ms: session.begun_ms };
    git.knew(inside, &known).unwrap_or(false)
}

fn objects_at(
    project: &Project,
    git: &Git,
    commit: &str,
    paths: &[&str],
) -> Option<BTreeMap<String, String>> {
    let bytes: Vec<&[u8]> = paths.iter().map(|path| path.as_bytes()).collect();
    let found = git.objects_at(commit, &project.root.folder, &bytes).ok()?;
    let text = |(path, object)| Some((String::from_utf8(path).ok()?, object));
    Some(found.into_iter().filter_map(text).collect())
}

/// The demands on what lies in the work tree.
fn of_work(project: &Project, touched: &[Touched], tree: Option<&str>, runs: &[Run]) -> Demands {
    let git = project.root.git.as_ref();
    let paths: Vec<&str> = touched.iter().map(|one| one.path.as_str()).collect();
    demands(&Work {
        touched,
        tree,
        settings: &project.settings,
        view: project.view(),
        runs,
        text: &|path| project.text(&RepoPath::new(path).ok()?),
        text_before: &|one| text_of(git?, one.before.as_deref()?),
        objects_at: &|commit| objects_at(project, git?, commit, &paths),
        history: &|folder, file| {
            git?.touched_along(&project.root.folder, folder, file, HISTORY).ok()
        },
    })
}

/// The text of an object that git has.
pub(crate) fn text_of(git: &Git, object: &str) -> Option<String> {
    match git.blobs(&[object.to_owned()]).ok()?.remove(object)? {
        Blob::Bytes(bytes) => String::from_utf8(bytes).ok(),
        Blob::TooLarge => None,
    }
}

/// Allowances that the session wrote: only a person lets a finding be.
fn allowances(project: &Project, touched: &[Touched]) -> Vec<Reason> {
    let git = project.root.git.as_ref();
    let code = touched.iter().filter(|one| one.object.is_some() && allowance::counts(one.class));
    let found = code.filter_map(|one| {
        let after = project.text(&RepoPath::new(&one.path).ok()?)?;
        let before = git.zip(one.before.as_deref()).and_then(|(git, object)| text_of(git, object));
        let line = allowance::added(before.as_deref().unwrap_or(""), &after)?;
        Some(allowance::reason(&one.path, line))
    });
    found.collect()
}
