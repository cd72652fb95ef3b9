//! `assize baseline`.

use assize_checks::{Hints, check_all};

use crate::baseline::{Baseline, NAME, versions};
use crate::cli;
use crate::failure::Failure;
use crate::output::status;
use crate::project::{Keep, Project};

pub(super) fn run(options: &cli::Baseline) -> Result<u8, Failure> {
    let project = Project::open(&options.path, Keep::Yes)?;
    project.say_problems();
    let view = project.view();
    let mut pass = check_all(view, &project.settings, Hints::Given);
    pass.problems.extend(project.problems());
    let findings = pass.findings;
    let root = &project.root.folder;
    let Some(mut known) = Baseline::load(root)? else {
        let baseline = Baseline::of(&findings);
        baseline.save(root)?;
        status(&format!("recorded {} findings in `{NAME}`", baseline.len()));
        return Ok(0);
    };
    if options.upgrade {
        if known.versions == versions() {
            let hint = "repair the new findings, or allow one in its line with a reason and a date";
            return Err(Failure::said(
                "the baseline was made by these very versions: it does not grow",
            )
            .hint(hint));
        }
        let before = known.len();
        let baseline = Baseline::of(&findings);
        baseline.save(root)?;
        status(&format!("`{NAME}` went from {before} to {} findings", baseline.len()));
        return Ok(0);
    }
    let gone = known.shrink(&findings, &pass.problems);
    if gone > 0 {
        known.save(root)?;
    }
    status(&format!("{gone} repaired findings left `{NAME}`; {} remain", known.len()));
    Ok(0)
}
