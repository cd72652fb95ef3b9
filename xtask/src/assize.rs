//! Running the product as a program, and reading its JSON report.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{process, workspace};

/// One finding of a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) path: String,
    pub(crate) line: u64,
    pub(crate) control: String,
    pub(crate) code: String,
    pub(crate) severity: String,
    pub(crate) message: String,
    pub(crate) fingerprint: String,
}

/// A report, and how long it took.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) findings: Vec<Finding>,
    pub(crate) problems: usize,
    /// The exit status said so.
    pub(crate) failed: bool,
    /// Controls that do not apply to the folder.
    pub(crate) mute: BTreeSet<String>,
    pub(crate) seconds: f64,
}

/// Which way of building the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// Builds the program of a workspace folder and says where it is.
pub(crate) fn build(folder: &Path, target: &Path, profile: Profile) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(folder).env("CARGO_TARGET_DIR", target);
    cargo.args(["build", "--quiet", "--package", "assize"]);
    let place = match profile {
        Profile::Dev => "debug/assize",
        Profile::Release => {
            cargo.arg("--release");
            "release/assize"
        }
    };
    process::run(&mut cargo)?;
    Ok(target.join(place))
}

/// The program of this workspace, built.
pub(crate) fn built(profile: Profile) -> Result<PathBuf> {
    build(&workspace::root(), &workspace::target(), profile)
}

/// All findings in a folder, without a cache.
pub(crate) fn check(program: &Path, folder: &Path) -> Result<Report> {
    let mut command = Command::new(program);
    command.current_dir(folder);
    command.args(["check", "--format", "json", "--limit", "0", "--no-cache"]);
    let begun = Instant::now();
    let output = process::finished(&mut command)?;
    let seconds = begun.elapsed().as_secs_f64();
    if !matches!(output.status.code(), Some(0 | 1)) {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        bail!("{command:?} in {} ended with {}\n{words}", folder.display(), output.status);
    }
    let report: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("{command:?} gave no JSON"))?;
    let list = |name: &str| report.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut findings: Vec<Finding> = list("findings").iter().map(finding).collect();
    findings.sort();
    let mute = list("controls")
        .iter()
        .filter(|one| one.get("outcome").and_then(Value::as_str) == Some("not-applicable"))
        .filter_map(|one| one.get("name").and_then(Value::as_str).map(str::to_owned))
        .collect();
    let failed = output.status.code() != Some(0);
    Ok(Report { findings, problems: list("problems").len(), failed, mute, seconds })
}

fn finding(value: &Value) -> Finding {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    Finding {
        path: text("path"),
        line: value.get("line").and_then(Value::as_u64).unwrap_or(0),
        control: text("control"),
        code: text("code"),
        severity: text("severity"),
        message: text("message"),
        fingerprint: text("fingerprint"),
    }
}

/// The findings of `after` beyond those of `before`, as a multiset of fingerprints.
pub(crate) fn beyond<'a>(before: &[Finding], after: &'a [Finding]) -> Vec<&'a Finding> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in before {
        *known.entry(&finding.fingerprint).or_default() += 1;
    }
    let is_new = |finding: &&Finding| match known.get_mut(finding.fingerprint.as_str()) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    after.iter().filter(is_new).collect()
}
