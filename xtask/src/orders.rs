//! `orders`: the example is clean as it stands, and its planted breaches are found, each and no
//! others.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::assize::{self, Finding, Profile};
use crate::{process, workspace};

const EXAMPLE: &str = "examples/orders/";
const PATCH: &str = "breaches.patch";
const EXPECTED: &str = "breaches.expected";
/// What runs the example's own tests; the first one that is there.
const TESTS: [&str; 2] = ["run-tests.sh", "scripts/test.sh"];

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (mut show, mut tests) = (false, false);
    for argument in arguments {
        match argument.as_str() {
            "--show" => show = true,
            "--tests" => tests = true,
            _ => bail!("orders: unknown argument `{argument}`"),
        }
    }
    let program = assize::built(Profile::Dev)?;
    let copy = copy("orders")?;
    clean(&program, &copy)?;
    if tests {
        run_tests(&copy)?;
    }
    process::output(Command::new("git").current_dir(&copy).args(["apply", PATCH]))?;
    if show {
        return shown(&program, &copy);
    }
    let expected = fs::read_to_string(copy.join(EXPECTED)).context("no breaches.expected")?;
    let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
    let found: BTreeSet<String> =
        assize::check(&program, &copy)?.findings.iter().map(triple).collect();
    for missing in expected.difference(&found) {
        println!("missing    {missing}");
    }
    for extra in found.difference(&expected) {
        println!("unexpected {extra}");
    }
    if expected != found {
        bail!("orders: the planted breaches are not what {EXAMPLE}{EXPECTED} says");
    }
    println!("orders: clean as it stands, {} planted breaches found", found.len());
    Ok(())
}

/// The example as a repository of its own, with one commit.
pub(crate) fn copy(name: &str) -> Result<PathBuf> {
    let copy = workspace::target().join("xtask").join(name);
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    let root = workspace::root();
    for path in workspace::files()? {
        let Some(inner) = path.strip_prefix(EXAMPLE) else { continue };
        let to = copy.join(inner);
        if let Some(above) = to.parent() {
            fs::create_dir_all(above)?;
        }
        // It keeps the permissions: scripts stay executable.
        fs::copy(root.join(&path), &to).with_context(|| format!("cannot copy {path}"))?;
    }
    crate::mutate::commit_all(&copy)?;
    Ok(copy)
}

fn clean(program: &Path, copy: &Path) -> Result<()> {
    let report = assize::check(program, copy)?;
    let bad: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.severity != "info").collect();
    for finding in &bad {
        println!("{} line {}: {}", triple(finding), finding.line, finding.message);
    }
    if !bad.is_empty() || report.failed {
        bail!("orders: the example is not clean as it stands: {} findings", bad.len());
    }
    Ok(())
}

fn triple(finding: &Finding) -> String {
    format!("{} {} {}", finding.control, finding.code, finding.path)
}

fn run_tests(copy: &Path) -> Result<()> {
    let script = TESTS.iter().find(|script| copy.join(script).is_file());
    let script = script.context("the example has no script that runs its tests")?;
    process::run(Command::new("bash").current_dir(copy).arg(script))
}

/// The findings as a reader of the README sees them.
fn shown(program: &Path, copy: &Path) -> Result<()> {
    let status = Command::new(program).current_dir(copy).args(["check", "--no-cache"]).status()?;
    match status.code() {
        Some(0 | 1) => Ok(()),
        _ => bail!("assize ended with {status}"),
    }
}
