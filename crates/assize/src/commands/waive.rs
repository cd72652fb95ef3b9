//! `assize waive`: a person lets findings be until a day.

use std::collections::BTreeSet;
use std::path::Path;

use assize_ledger::{Map, Value};
use assize_model::{Finding, RepoPath, Severity};

use crate::cli::Waive;
use crate::failure::Failure;
use crate::hook::heeds_waivers;
use crate::output::status;
use crate::person::{self, Book};
use crate::project::{Keep, Project};

/// Which findings are meant.
struct Meant<'a> {
    control: &'a str,
    path: RepoPath,
    part: Part<'a>,
}

enum Part<'a> {
    Whole,
    Line(u32),
    /// A name that the finding's message holds.
    Name(&'a str),
}

pub(super) fn run(options: &Waive) -> Result<u8, Failure> {
    let mut book = Book::open(Path::new("."))?;
    let what = format!("waive {} {}", options.control, options.place);
    book.only_people(&what)?;
    let control = assize_checks::control_name(&options.control)
        .ok_or_else(|| Failure::said(format!("no check is called `{}`", options.control)))?;
    let until = person::until(&options.until)?;
    let project = Project::open(&book.root, Keep::Yes)?;
    if !heeds_waivers(&book.root, &project.settings) {
        let message = "`[approvals] strength = \"signed\"` heeds no waiver: none is signed";
        return Err(Failure::said(message)
            .hint("`assize approve` signs for one call; an `assize: allow` comment is reviewed"));
    }
    let meant = meant(control.0, &options.place, &book.root)?;
    let fingerprints = fingerprints(&meant, &project, &mut book)?;
    for fingerprint in &fingerprints {
        status(&format!("finding  {fingerprint} of {} in {}", meant.control, meant.path));
    }
    status(&format!("let be   up to {until}, in the ledger of this machine"));
    let reason = person::reason(options.reason.as_deref())?;
    book.challenge(&what)?;
    let fingerprints = fingerprints.into_iter().map(Value::from).collect();
    let payload = Map::from([
        ("waiver".to_owned(), person::random()?.into()),
        ("control".to_owned(), meant.control.into()),
        ("path".to_owned(), meant.path.as_str().into()),
        ("fingerprints".to_owned(), Value::List(fingerprints)),
        ("until".to_owned(), until.into()),
        ("reason".to_owned(), reason.into()),
        ("person".to_owned(), person::name(&book.root).into()),
    ]);
    book.append("waiver", payload)?;
    status("CI has no ledger: there only an `assize: allow` comment counts");
    Ok(0)
}

/// A place may end in a line or in a name.
fn meant<'a>(control: &'a str, place: &'a str, root: &Path) -> Result<Meant<'a>, Failure> {
    let (path, part) = match place.rsplit_once(':') {
        Some((path, last)) if !last.is_empty() && !root.join(place).exists() => {
            (path, last.parse().map_or(Part::Name(last), Part::Line))
        }
        _ => (place, Part::Whole),
    };
    // Paths are relative to where the person stands, as everywhere on the command line.
    let here = std::env::current_dir()?;
    let full = here.canonicalize()?.join(path);
    let wrong = || Failure::said(format!("`{path}` names no file of this repository"));
    let inside = full.strip_prefix(root).map_err(|_| wrong())?;
    let path = RepoPath::from_bytes(inside.as_os_str().as_encoded_bytes()).map_err(|_| wrong())?;
    Ok(Meant { control, path, part })
}

/// Findings in the file as it is, and those for which a change of it was denied.
fn fingerprints(
    meant: &Meant<'_>,
    project: &Project,
    book: &mut Book,
) -> Result<BTreeSet<String>, Failure> {
    let pass = crate::pass::run(project);
    let here = |finding: &&Finding| {
        finding.control.0 == meant.control
            && finding.path == meant.path
            && match meant.part {
                Part::Whole => true,
                Part::Line(line) => finding.place.line == line,
                Part::Name(name) => finding.message.contains(&format!("`{name}`")),
            }
    };
    let found: Vec<&Finding> = pass.findings.iter().filter(here).collect();
    let mut is_block = found.iter().any(|finding| finding.severity == Severity::Block);
    let mut all: BTreeSet<String> =
        found.iter().map(|finding| finding.fingerprint.to_string()).collect();
    let grants = book.grants()?;
    if matches!(meant.part, Part::Whole) {
        let denied = grants.requests().flat_map(|request| &request.breaches);
        for breach in
            denied.filter(|one| one.control == meant.control && one.path == meant.path.as_str())
        {
            is_block |= breach.is_block;
            all.insert(breach.fingerprint.clone());
        }
    }
    if is_block {
        return Err(Failure::said(format!(
            "a finding of `{}` here is of severity block",
            meant.control
        ))
        .hint("it cannot be let be; `assize approve` allows one call"));
    }
    if all.is_empty() {
        let hint = "`assize check` names what there is";
        return Err(Failure::said(format!("`{}` finds nothing there", meant.control)).hint(hint));
    }
    Ok(all)
}
