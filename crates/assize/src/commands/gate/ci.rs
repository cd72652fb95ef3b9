//! The gate where no record is: what git's notes prove, and what the files say.

use assize_config::EvidenceDemand;
use assize_guard::Reason;
use assize_repo::{Git, Index};

use super::demand::is_protected;
use super::rules;
use super::show::{Evidence, Outcome};
use super::tree::{self, Rules};
use crate::failure::Failure;
use crate::gates::bundle::{self, InRepository};
use crate::project::Project;

const CONTROL: &str = "ledger-verify";

/// Judges the commit that is checked out. Whoever changes what a change is judged by is judged by
/// what it was, unless the evidence says that a person did.
pub(super) fn judge(
    project: &mut Project,
    git: &Git,
    base: Option<&str>,
    require: bool,
) -> Result<Outcome, Failure> {
    let folder = project.root.folder.clone();
    let proven = bundle::proven(&InRepository { git, folder: &folder, base })?;
    let is_persons = matches!(proven, bundle::Evidence::Proven { is_persons: true, .. });
    let before = base.is_some_and(|base| {
        let files = git.tree(base, &folder).unwrap_or_default();
        files.iter().any(|(path, ..)| bundle::is_rules(path))
    });
    // Where there were no rules yet, the change brings them.
    let rules = if is_persons || !before { Rules::Staged } else { Rules::Base };
    // Whether evidence is required is never told by the change alone.
    let index = Index::default();
    let judged = tree::judge(project, git, &index, base, rules)?;
    let required = require || project.settings.gates.evidence == EvidenceDemand::Required;
    let mut outcome = Outcome::of(judged);
    if rules == Rules::Base {
        outcome.notes.extend(changed_rules(&outcome));
    }
    outcome.notes.extend(rules::other(&folder, git)?);
    outcome.evidence = match proven {
        bundle::Evidence::Proven { why, .. } => Evidence::Proven(why),
        bundle::Evidence::Unproven(why) => {
            if required {
                outcome.refusals.push(lacking(&why));
            }
            Evidence::Unproven(why)
        }
        bundle::Evidence::Refused(why) => {
            outcome.refusals.push(Reason {
                control: CONTROL,
                message: why.clone(),
                help: "commit the work once more where it was done, and push `refs/notes/assize`"
                    .to_owned(),
            });
            Evidence::Refused(why)
        }
    };
    Ok(outcome)
}

fn lacking(why: &str) -> Reason {
    Reason {
        control: CONTROL,
        message: format!("the change must carry evidence, and {why}"),
        help: "commit with the hooks of `assize init --git`, and push `refs/notes/assize`"
            .to_owned(),
    }
}

/// What the change itself says of the rules does not count yet.
fn changed_rules(outcome: &Outcome) -> Option<Reason> {
    let mut changed = outcome.changes.iter().filter(|change| is_protected(&change.path));
    changed.next().map(|change| Reason {
        control: "self-protection",
        message: format!(
            "`{}` changes what changes are judged by: this one is judged by what was before",
            change.path
        ),
        help: "let an owner of the repository look at it".to_owned(),
    })
}
