//! `ecosystem`: what a change does to the findings on real repositories, before it is merged.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::assize::{self, Finding, Profile, Report};
use crate::{process, workspace};

/// How many findings of a control are shown on each side.
const SHOWN_MAX: usize = 10;
/// A file that lists checkouts, one folder per line.
const LIST: &str = "ASSIZE_ECOSYSTEM";

/// One repository under both programs.
struct Pair {
    name: String,
    before: Report,
    after: Report,
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (mut base, mut folders, mut all) = (None, Vec::new(), false);
    let mut profile = Profile::Release;
    for argument in arguments {
        match argument.as_str() {
            "--all" => all = true,
            "--dev" => profile = Profile::Dev,
            "--repos" => {}
            flag if flag.starts_with("--") => bail!("ecosystem: unknown argument `{flag}`"),
            commit if base.is_none() => base = Some(commit.to_owned()),
            folder => folders.push(PathBuf::from(folder)),
        }
    }
    let base = base.context("ecosystem: BASE names the commit to compare with")?;
    if folders.is_empty() {
        folders = listed()?;
    }
    ensure!(!folders.is_empty(), "ecosystem: no checkouts: name them after --repos or in {LIST}");
    let [before, after] = programs(&base, profile)?;
    let mut pairs = Vec::new();
    for folder in &folders {
        eprintln!("{}", folder.display());
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        let before = assize::check(&before, folder)?;
        pairs.push(Pair { name, before, after: assize::check(&after, folder)? });
    }
    let limit = if all { usize::MAX } else { SHOWN_MAX };
    let differing = pairs.iter().filter(|pair| differs(pair, limit)).count();
    table(&base, &pairs);
    if differing > 0 {
        bail!("ecosystem: findings differ in {differing} of {} repositories", pairs.len());
    }
    Ok(())
}

fn listed() -> Result<Vec<PathBuf>> {
    let Some(file) = std::env::var_os(LIST) else { return Ok(Vec::new()) };
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {file:?}"))?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(PathBuf::from).collect())
}

/// The program of the base commit and that of the tree, both built alike.
fn programs(base: &str, profile: Profile) -> Result<[PathBuf; 2]> {
    let root = workspace::root();
    let scratch = workspace::target().join("xtask").join("ecosystem");
    let tree = scratch.join("base");
    fs::create_dir_all(&scratch)?;
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(&root).arg("worktree").args(arguments).arg(&tree);
        git
    };
    if tree.exists() {
        process::output(&mut git(&["remove", "--force"]))?;
    }
    process::output(git(&["add", "--force", "--detach"]).arg(base))?;
    // Both share the built dependencies, so the program is taken away before the other one is
    // built.
    let built = assize::build(&tree, &workspace::target(), profile);
    process::output(&mut git(&["remove", "--force"]))?;
    let kept = scratch.join("assize-base");
    fs::copy(built?, &kept).context("cannot keep the program of the base")?;
    Ok([kept, assize::built(profile)?])
}

/// Prints what came and went in a repository; whether anything did.
fn differs(pair: &Pair, limit: usize) -> bool {
    let (before, after) = (&pair.before.findings, &pair.after.findings);
    let added = by_control(assize::beyond(before, after));
    let removed = by_control(assize::beyond(after, before));
    let controls: BTreeSet<&str> = added.keys().chain(removed.keys()).copied().collect();
    for control in &controls {
        let added = added.get(control).map_or(&[][..], Vec::as_slice);
        let removed = removed.get(control).map_or(&[][..], Vec::as_slice);
        let moved = changed(added, removed);
        let stays = |one: &&Finding| !moved.iter().any(|pair| place(pair.0) == place(one));
        let added: Vec<&Finding> = added.iter().copied().filter(|one| stays(one)).collect();
        let removed: Vec<&Finding> = removed.iter().copied().filter(|one| stays(one)).collect();
        let (name, came, went) = (&pair.name, added.len(), removed.len());
        println!("{name} {control}: +{came} -{went} ~{}", moved.len());
        lines('+', &added, limit);
        lines('-', &removed, limit);
        for (before, after) in moved.iter().take(limit) {
            let how = if before.severity == after.severity {
                "is told apart or worded anew".to_owned()
            } else {
                format!("{} -> {}", before.severity, after.severity)
            };
            println!("  ~ {}:{} {how}: {}", after.path, after.line, after.message);
        }
    }
    !controls.is_empty()
}

/// What names a finding to a reader, whatever its severity and its words.
fn place(finding: &Finding) -> (&str, u64, &str) {
    (&finding.path, finding.line, &finding.code)
}

/// Findings that are on both sides but for severity, words or identity: before and after.
fn changed<'a>(added: &[&'a Finding], removed: &[&'a Finding]) -> Vec<(&'a Finding, &'a Finding)> {
    let mut open = added.to_vec();
    let mut pairs = Vec::new();
    for before in removed {
        if let Some(at) = open.iter().position(|after| place(after) == place(before)) {
            pairs.push((*before, open.swap_remove(at)));
        }
    }
    pairs
}

fn by_control(findings: Vec<&Finding>) -> BTreeMap<&str, Vec<&Finding>> {
    let mut sorted: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        sorted.entry(&finding.control).or_default().push(finding);
    }
    sorted
}

fn lines(sign: char, findings: &[&Finding], limit: usize) {
    for finding in findings.iter().take(limit) {
        println!("  {sign} {}:{} {}", finding.path, finding.line, finding.message);
    }
    if findings.len() > limit {
        println!("  {sign} and {} more", findings.len() - limit);
    }
}

fn table(base: &str, pairs: &[Pair]) {
    println!("\n| repository | findings at {base} | now | problems | now | seconds | now |");
    println!("|---|---|---|---|---|---|---|");
    for Pair { name, before, after } in pairs {
        println!(
            "| {name} | {} | {} | {} | {} | {:.2} | {:.2} |",
            before.findings.len(),
            after.findings.len(),
            before.problems,
            after.problems,
            before.seconds,
            after.seconds
        );
    }
}
