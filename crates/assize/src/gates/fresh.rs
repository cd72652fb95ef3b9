//! Whether the tests of what changed ran, on exactly what is there, and passed.

use std::cell::RefCell;
use std::collections::BTreeMap;

use assize_guard::Reason;

use super::runs::Run;
use super::suites::Suite;
use super::work::Touched;

pub(super) const NAME: &str = "fresh-tests";

/// The objects of paths in a commit, by their paths; nothing where the commit is not there.
pub(super) type Objects = BTreeMap<String, String>;

/// Contents that runs are compared with.
pub(super) struct Contents<'a> {
    /// The tree that is judged, as runs record it.
    pub(super) tree: Option<&'a str>,
    /// The objects of the changed paths in a commit.
    pub(super) at: &'a dyn Fn(&str) -> Option<Objects>,
    /// What was asked of it before.
    pub(super) known: RefCell<BTreeMap<String, Option<Objects>>>,
}

/// Of which state of a file a run must have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// As it is judged.
    Present,
    /// As it was before the change.
    Base,
}

impl Contents<'_> {
    /// Whether a run tested these files in this state.
    fn tested(&self, run: &Run, touched: &[&Touched], state: State) -> bool {
        let same = |tree: &Option<String>| tree.is_some() && tree.as_deref() == self.tree;
        if state == State::Present && run.trees.iter().all(same) {
            return true;
        }
        let (Some(files), Some(moved)) = (&run.files, &run.moved) else { return false };
        let wanted = |one: &Touched| match state {
            State::Present => one.object.clone(),
            State::Base => one.before.clone(),
        };
        touched.iter().all(|one| {
            let then = match files.get(&one.path) {
                Some(object) => object.clone(),
                None => match self.in_base(run, &one.path) {
                    Some(object) => object,
                    None => return false,
                },
            };
            !moved.contains(&one.path) && then == wanted(one)
        })
    }

    /// What a path was in the commit under a run; nothing where that cannot be told.
    #[expect(
        clippy::option_option,
        reason = "not known, and known not to be there, are two answers"
    )]
    fn in_base(&self, run: &Run, path: &str) -> Option<Option<String>> {
        let Some(base) = &run.base else { return Some(None) };
        let mut known = self.known.borrow_mut();
        let objects = known.entry(base.clone()).or_insert_with(|| (self.at)(base));
        objects.as_ref().map(|objects| objects.get(path).cloned())
    }

    /// The first changed file that is not as a run tested it.
    fn stale<'t>(&self, run: &Run, touched: &[&'t Touched]) -> Option<&'t Touched> {
        touched.iter().copied().find(|one| !self.tested(run, &[*one], State::Present))
    }
}

/// The run that proves a suite, or what is missing. `runs` are in the order of their entries.
pub(super) fn proof<'r>(
    suite: &Suite<'_>,
    contents: &Contents<'_>,
    runs: &'r [Run],
) -> Result<&'r Run, Reason> {
    let own: Vec<&Run> = runs.iter().filter(|run| suite.is(run)).collect();
    let touched = &suite.touched;
    let fits = |run: &&&Run| contents.tested(run, touched, State::Present);
    let here: Vec<&Run> = own.iter().filter(fits).copied().collect();
    let Some(last) = here.last() else {
        return Err(missing(suite, not_run(suite, contents, &own)));
    };
    if !last.is_green(suite.counts()) {
        return Err(missing(suite, why_not(last)));
    }
    let green = here.iter().filter(|run| run.is_green(suite.counts()));
    let most = |run: &&&Run| run.tests.map_or(0, |tests| tests.passed);
    let best = green.max_by_key(most).copied().unwrap_or(last);
    if let Some(fell) = fell(suite, contents, best, &own, &here) {
        return Err(missing(suite, fell));
    }
    Ok(best)
}

fn missing(suite: &Suite<'_>, message: String) -> Reason {
    Reason { control: NAME, message, help: format!("run `{}`", suite.line()) }
}

fn not_run(suite: &Suite<'_>, contents: &Contents<'_>, own: &[&Run]) -> String {
    let first = suite.touched.first().map_or("", |one| one.path.as_str());
    let count = suite.touched.len();
    let Some(last) = own.last() else {
        let more = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
        return format!("no run of the tests is recorded for `{first}`{more}");
    };
    let stale = contents.stale(last, &suite.touched).map_or(first, |one| &one.path);
    format!("`{stale}` changed after the tests ran (entry {})", last.sequence)
}

fn why_not(run: &Run) -> String {
    match run.tests {
        Some(tests) if tests.failed > 0 => format!("{} failed", counted(tests.failed)),
        _ if run.exit != 0 => format!("the last run of the tests ended with status {}", run.exit),
        Some(tests) if tests.skipped > 0 => {
            format!("no test ran: {} were skipped", tests.skipped)
        }
        Some(_) => "the last run had no test".to_owned(),
        None => {
            "the last run does not tell how many tests there were: `assize exec --report FILE` \
                 reads a report of JUnit"
                .to_owned()
        }
    }
}

fn counted(tests: i64) -> String {
    if tests == 1 { "1 test".to_owned() } else { format!("{tests} tests") }
}

/// Whether fewer tests ran than before the change. A person who ran them has seen it.
fn fell(
    suite: &Suite<'_>,
    contents: &Contents<'_>,
    best: &Run,
    own: &[&Run],
    here: &[&Run],
) -> Option<String> {
    if here.iter().any(|run| run.by_person && run.is_green(suite.counts())) {
        return None;
    }
    let at_base = |run: &&&Run| {
        run.is_green(suite.counts()) && contents.tested(run, &suite.touched, State::Base)
    };
    let before = own.iter().rev().find(at_base)?.tests?.passed;
    let now = best.tests?.passed;
    (now < before).then(|| {
        format!(
            "{} passed, and {before} did before the change; a person who runs them takes the \
             difference on",
            counted(now)
        )
    })
}

#[cfg(test)]
mod tests;
