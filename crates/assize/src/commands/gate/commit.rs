//! `assize gate commit`: the static gates on what would be committed, and whether the record
//! knows of it.

use std::cell::OnceCell;
use std::io::Write;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use assize_config::EvidenceDemand;
use assize_guard::Reason;
use assize_ledger::{Map, Value, Verdict};
use assize_model::{Finding, RepoPath};
use assize_repo::{Git, Index, Reach};

use super::demand::{self, Committed};
use super::rules;
use super::seen::{self, Around};
use super::show::{Evidence, Outcome};
use super::tree::{self, Change, Judged, Rules};
use super::{ci, write};
use crate::cli::GateCommit;
use crate::commands::ledger::verdict_line;
use crate::failure::Failure;
use crate::gates::bundle::Who;
use crate::project::{Keep, Project};
use crate::records::{Anchor, Records, now_ms};
use crate::{ancestry, hook, output};

/// Anchors are looked for in so many commits: an older one says less.
const ANCHOR_COMMITS: u32 = 500;

pub(super) fn run(options: &GateCommit, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut project = Project::open(&options.path, Keep::Yes)?;
    let git = project.root.git.clone().ok_or_else(|| {
        let why = project.root.git_failure.as_deref().unwrap_or("this is no git work tree");
        Failure::said(format!("a commit is git's: {why}"))
    })?;
    let index = if options.ci { Index::default() } else { index(&git)? };
    let base = base(options, &git)?;
    if options.ci {
        let outcome = ci::judge(&mut project, &git, base.as_deref(), options.require_evidence)?;
        outcome.print(&project, options.format, out)?;
        return Ok(u8::from(!outcome.is_open()));
    }
    let who = if ancestry::client_above().is_some() { Who::Agent } else { Who::Person };
    let rules = if who == Who::Agent { Rules::Base } else { Rules::Staged };
    let judged = tree::judge(&mut project, &git, &index, base.as_deref(), rules)?;
    let mut outcome = Outcome::of(judged);
    let staged = Staged { git: &git, index: &index, who, base: base.as_deref() };
    evidence(&project, &staged, &mut outcome)?;
    outcome.print(&project, options.format, out)?;
    Ok(u8::from(!outcome.is_open()))
}

/// What would be committed, and by whom.
struct Staged<'a> {
    git: &'a Git,
    index: &'a Index,
    who: Who,
    base: Option<&'a str>,
}

fn index(git: &Git) -> Result<Index, Failure> {
    git.index_of_commit()
        .map_err(|error| Failure::tool(&error).hint("run the command without that variable"))
}

/// The commit that the tree is held against.
fn base(options: &GateCommit, git: &Git) -> Result<Option<String>, Failure> {
    let named = options.base.as_deref();
    if !options.ci && named.is_none() {
        return Ok(git.has_commit().then(|| "HEAD".to_owned()));
    }
    let named = named.unwrap_or("HEAD^");
    git.merge_base(named).map(Some).map_err(|error| {
        Failure::tool(&error).hint("name a commit with `--base`; a shallow clone may not hold it")
    })
}

/// Compares the commit with the record, where there is one, and leaves a bundle on its tree.
fn evidence(project: &Project, staged: &Staged<'_>, outcome: &mut Outcome) -> Result<(), Failure> {
    let (root, git) = (&project.root.folder, staged.git);
    let reach = Reach::Last(ANCHOR_COMMITS);
    let required = project.settings.gates.evidence == EvidenceDemand::Required;
    let existing = match Records::existing(root)? {
        None if required => Some(Records::open(root)?),
        existing => existing,
    };
    let Some(mut records) = existing else {
        if let Some(anchor) = Records::anchor_without(root, git, reach)? {
            outcome.refusals.push(gone(&anchor));
        }
        outcome.evidence = Evidence::Unproven("there is no record of this work".to_owned());
        return Ok(());
    };
    let (verdict, anchor) = records.verify(root, Some((git, reach)))?;
    let said = verdict_line(&verdict, anchor.as_ref());
    if matches!(verdict, Verdict::Bad { .. }) {
        outcome.refusals.push(Reason {
            control: "ledger-verify",
            message: format!("the record is not what was written: {said}"),
            help: "a person finds out who changed it; `assize ledger verify --anchor` says more"
                .to_owned(),
        });
        outcome.evidence = Evidence::Bad(said);
        return Ok(());
    }
    let entries = records.entries()?;
    let tree = git.staged_tree(staged.index, root).ok();
    if !seen::has_sessions(&entries) {
        outcome.evidence = Evidence::Unproven("the record holds no session".to_owned());
        if !required {
            return Ok(());
        }
    } else {
        outcome.findings.extend(gaps(project, git, &outcome.changes, &entries, tree.as_deref())?);
        outcome.evidence = Evidence::Recorded(said);
    }
    let committed = Committed {
        project,
        git,
        entries: &entries,
        tree: tree.as_deref(),
        who: staged.who,
        required,
    };
    let proofs = demand::add(&committed, outcome);
    if outcome.is_open() {
        write::bundle(&committed, proofs, staged.base, &mut records, outcome);
    }
    note(&mut records, root, tree, outcome);
    Ok(())
}

/// What the record does not know.
fn gaps(
    project: &Project,
    git: &Git,
    changes: &[Change],
    entries: &[assize_ledger::Entry],
    tree: Option<&str>,
) -> Result<Vec<Finding>, Failure> {
    let root = &project.root.folder;
    let paths: Vec<Vec<u8>> = changes.iter().map(|change| change.bytes.clone()).collect();
    // History is long, and most changes are known without it.
    let versions = OnceCell::new();
    let changed_ms = |path: &RepoPath| {
        let metadata = root.join(path.as_str()).symlink_metadata().ok()?;
        let millis = metadata.ctime_nsec() / 1_000_000;
        Some(metadata.ctime().saturating_mul(1_000).saturating_add(millis))
    };
    let in_git = |change: &Change| {
        let versions = versions.get_or_init(|| git.versions(root, &paths));
        let is_there = |object: &String| versions.as_ref().is_ok_and(|all| all.contains(object));
        change.object.as_ref().is_some_and(is_there)
    };
    let text = root.to_string_lossy();
    let client = ancestry::client_above().is_some();
    let around = Around {
        root: &text,
        folder: &hook::tree_id(root),
        tree,
        client,
        begun_ms: begun_ms(root),
        changed_ms: &changed_ms,
        in_git: &in_git,
    };
    let seen = seen::judge(changes, entries, &around);
    if let Some(Err(error)) = versions.get() {
        return Err(Failure::tool(error));
    }
    let held = project.settings.gate_unattributed;
    let pairs = changes.iter().zip(seen);
    Ok(pairs.filter_map(|(change, seen)| seen::finding(change, seen, held)).collect())
}

/// When the first of the calls began that still run in this work tree.
fn begun_ms(root: &Path) -> Option<i64> {
    let kept = hook::Keep::new(&hook::ledger_folder(root).ok()?, root);
    let running = kept.calls(|calls| calls.running(now_ms())).ok()?;
    running.iter().filter(|call| !call.exact).map(|call| call.begun_ms).min()
}

/// A record that was there and is not.
fn gone(anchor: &Anchor) -> Reason {
    let commit = anchor.commit.get(..12).unwrap_or(&anchor.commit);
    let sequence = anchor.head.sequence;
    Reason {
        control: "ledger-verify",
        message: format!("the record is gone, although commit {commit} names its entry {sequence}"),
        help: "restore the state folder; where it is lost for good, a person removes \
               `.git/assize-id`, and a new record begins"
            .to_owned(),
    }
}

/// The gate's own entry. The commit is decided without it.
fn note(records: &mut Records, root: &Path, tree: Option<String>, outcome: &Outcome) {
    let word = if outcome.is_open() { "open" } else { "closed" };
    let members = [
        ("moment", Value::Text("commit".to_owned())),
        ("verdict", Value::Text(word.to_owned())),
        ("tree", tree.map_or(Value::Null, Value::Text)),
        ("rules", rules::now(root).map_or(Value::Null, Value::Text)),
    ];
    let payload: Map = members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    if let Err(failure) = records.append("gate", payload) {
        output::status(&format!("this gate was not recorded: {failure}"));
    }
}

impl Outcome {
    pub(super) fn of(judged: Judged) -> Self {
        let Judged { changes, findings, problems, pass, rules } = judged;
        let evidence = Evidence::Unproven(String::new());
        let (refusals, notes) = (Vec::new(), Vec::new());
        Self { changes, findings, problems, refusals, notes, evidence, pass, rules }
    }
}
