//! Whether a claim holds: asked of the record, of the index and of the tree.
//!
//! Three answers. *True* needs evidence that anybody can look up again, *false* needs a place that
//! says the contrary; everything between is *unproven*, however likely it is.

mod runs;
mod things;
mod tree;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use assize_checks::Pass;
use assize_claims::{Claim, What};
use assize_index::View;
use assize_model::{Outcome, Severity};

use self::runs::Runs;
pub(crate) use self::things::shape;
use crate::before::{self, Past};
use crate::pass;
use crate::project::Project;

/// How a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    True,
    False,
    Unproven,
}

impl Answer {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::False => "false",
            Self::Unproven => "unproven",
        }
    }
}

/// An answer, and what it rests on in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) answer: Answer,
    pub(crate) proof: String,
}

impl Judged {
    fn holds(proof: impl Into<String>) -> Self {
        Self { answer: Answer::True, proof: proof.into() }
    }

    fn fails(proof: impl Into<String>) -> Self {
        Self { answer: Answer::False, proof: proof.into() }
    }

    fn open(proof: impl Into<String>) -> Self {
        Self { answer: Answer::Unproven, proof: proof.into() }
    }
}

/// Everything that is asked, each when it is first needed.
pub(crate) struct Evidence<'a> {
    pub(crate) project: &'a Project,
    /// What the change is measured from; empty where nobody named it.
    pub(crate) base: &'a str,
    pub(crate) session: Option<&'a str>,
    /// The report itself, where it lies in the tree: it proves nothing of itself.
    pub(crate) report: Option<String>,
    past: OnceCell<Result<Past, String>>,
    runs: OnceCell<Result<Runs, String>>,
    pass: OnceCell<Pass>,
}

impl<'a> Evidence<'a> {
    pub(crate) fn new(project: &'a Project, base: &'a str, session: Option<&'a str>) -> Self {
        let (past, runs, pass) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { project, base, session, report: None, past, runs, pass }
    }

    /// The tree at the base, or why there is none.
    pub(crate) fn past(&self) -> Result<&Past, String> {
        let past = self.past.get_or_init(|| {
            let mut problems = Vec::new();
            before::past(self.project, self.base, &mut problems).map_err(|failure| failure.words())
        });
        past.as_ref().map_err(Clone::clone)
    }

    /// Whether the base is where the change began, and not only where HEAD happens to be.
    fn base_is_sure(&self) -> bool {
        !self.base.is_empty() || self.past().is_ok_and(|past| past.named != "HEAD")
    }

    fn runs(&self) -> Result<&Runs, String> {
        let runs = self.runs.get_or_init(|| Runs::read(self.project, self.session));
        runs.as_ref().map_err(Clone::clone)
    }

    fn pass(&self) -> &Pass {
        self.pass.get_or_init(|| pass::run(self.project))
    }

    /// The paths that changed since the base, without the report.
    fn changed(&self) -> Result<BTreeSet<String>, String> {
        let past = self.past()?;
        let (now, old) = (self.project.view(), self.view_of(past));
        let differs = |path: &String| match (now.file(path), old.file(path)) {
            (Some(one), Some(other)) => one.hash() != other.hash(),
            (one, other) => one.is_some() != other.is_some(),
        };
        let paths = past.changed.iter().map(|path| String::from_utf8_lossy(path).into_owned());
        Ok(paths.filter(|path| Some(path) != self.report.as_ref()).filter(differs).collect())
    }

    fn view_of<'v>(&'v self, past: &'v Past) -> View<'v> {
        View::new(self.project.indexed.layers.base(), &past.overlay)
    }

    /// How the base is called in a proof.
    fn base_name(past: &Past) -> String {
        let short = past.commit.get(..10).unwrap_or(&past.commit);
        format!("{} ({short})", past.named)
    }
}

/// Judges one claim.
pub(crate) fn judge(claim: &Claim, evidence: &Evidence<'_>) -> Judged {
    let judged = match &claim.what {
        What::Tests { count } => evidence.runs().map(|runs| runs.tests(*count)),
        What::Command { command } => evidence.runs().map(|runs| runs.command(command)),
        What::Coverage { .. } => {
            Ok(Judged::open("no recorded run says how much is covered: name its report"))
        }
        What::NoBreakingChange => things::no_breaking(evidence),
        What::Documentation => tree::documentation(evidence),
        What::Changelog => tree::changelog(evidence),
        What::NoTodo => Ok(tree::no_todo(evidence)),
        What::Compliant => Ok(compliant(evidence)),
        What::Fixed { control } => Ok(fixed(control, evidence)),
        What::Added(thing) => things::added(thing, evidence),
        What::Removed(thing) => things::removed(thing, evidence),
    };
    judged.unwrap_or_else(Judged::open)
}

/// Nobody can prove that all rules are kept; that one is broken can be.
fn compliant(evidence: &Evidence<'_>) -> Judged {
    let pass = evidence.pass();
    let broken: Vec<_> =
        pass.findings.iter().filter(|one| one.severity >= Severity::Error).collect();
    match broken.first() {
        Some(first) => {
            let (count, control) = (broken.len(), first.control);
            let noun = if count == 1 { "finding" } else { "findings" };
            let place = format!("{}:{}", first.path, first.place.line);
            Judged::fails(format!("{count} {noun} that fail, the first of {control} at {place}"))
        }
        None => Judged::open(
            "nothing that fails is found; `assize rules coverage` says what no control looks for",
        ),
    }
}

fn fixed(control: &str, evidence: &Evidence<'_>) -> Judged {
    let pass = evidence.pass();
    let ran = pass.controls.iter().find(|(name, ..)| name.0 == control);
    if ran.is_none_or(|(_, outcome, _)| *outcome != Outcome::Ran) {
        return Judged::open(format!("`{control}` does not run here"));
    }
    let mut found = pass.findings.iter().filter(|one| one.control.0 == control);
    match found.next() {
        Some(first) => {
            let (place, more) = (format!("{}:{}", first.path, first.place.line), found.count());
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            Judged::fails(format!("it finds {place}{more}"))
        }
        None => Judged::holds(format!(
            "it ran on {} files and found nothing",
            evidence.project.view().file_count()
        )),
    }
}
