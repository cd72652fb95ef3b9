//! What recorded runs say of the tree as it is now.

use std::collections::BTreeMap;

use assize_ledger::{Entry, Map, Payload, Value, Verdict};

use super::Judged;
use crate::project::Project;
use crate::records::{Records, number, text};

/// One run of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    sequence: u64,
    hash: String,
    command: String,
    exit: i64,
    /// Passed and failed; nothing where nobody counted.
    tests: Option<(u64, u64)>,
    /// Whether it ran on the files as they are now.
    fresh: bool,
}

/// The newest run of each command, in order of the record.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<Run>);

impl Run {
    fn of(entry: &Entry, tree: Option<&str>) -> Option<Self> {
        let Payload::Present(payload) = &entry.payload else { return None };
        let ran_on = |key| text(entry, key);
        let fresh = tree.is_some_and(|tree| {
            ran_on("tree_before") == Some(tree) && ran_on("tree_after") == Some(tree)
        });
        Some(Self {
            sequence: entry.sequence,
            hash: entry.hash.to_string().chars().take(12).collect(),
            command: text(entry, "command").unwrap_or_default().to_owned(),
            exit: number(entry, "exit")?,
            tests: counts(payload),
            fresh,
        })
    }

    fn is_good(&self) -> bool {
        self.exit == 0 && self.tests.is_none_or(|(_, failed)| failed == 0)
    }

    fn told(&self) -> String {
        let Self { sequence, hash, command, exit, .. } = self;
        let command = assize_report::inline(command);
        let tests = self.tests.map_or(String::new(), |(passed, failed)| {
            format!(", {passed} passed, {failed} failed")
        });
        format!("entry {sequence} ({hash}): `{command}` ended with {exit}{tests}")
    }
}

fn counts(payload: &Map) -> Option<(u64, u64)> {
    let Some(Value::List(tallies)) = payload.get("tests") else { return None };
    let of = |key: &str| {
        let one = |tally: &Value| match tally {
            Value::Map(map) => match map.get(key) {
                Some(Value::Integer(count)) => u64::try_from(*count).unwrap_or(0),
                _ => 0,
            },
            _ => 0,
        };
        tallies.iter().map(one).fold(0, u64::saturating_add)
    };
    (!tallies.is_empty()).then(|| (of("passed"), of("failed")))
}

impl Runs {
    pub(super) fn read(project: &Project, session: Option<&str>) -> Result<Self, String> {
        let failed = |failure: crate::failure::Failure| failure.words();
        let root = &project.root;
        let known = crate::state::known_folder(&root.folder).map_err(|error| error.to_string())?;
        let records = known.map(|_| Records::existing(&root.folder)).transpose();
        let Some(mut records) = records.map_err(failed)?.flatten() else {
            return Ok(Self::default());
        };
        let (verdict, _) = records.verify(&root.folder, None).map_err(failed)?;
        if let Verdict::Bad { sequence, .. } = verdict {
            return Err(format!("the record is broken at entry {sequence}: it proves nothing"));
        }
        let tree = assize_repo::tree_hash(root);
        let mut newest: BTreeMap<String, Run> = BTreeMap::new();
        for entry in records.entries().map_err(failed)? {
            let asked = session.is_none_or(|session| entry.origin.session == session);
            if entry.kind.as_str() == "run"
                && asked
                && let Some(run) = Run::of(&entry, tree.as_deref())
            {
                newest.insert(run.command.clone(), run);
            }
        }
        let mut runs: Vec<Run> = newest.into_values().collect();
        runs.sort_by_key(|run| run.sequence);
        Ok(Self(runs))
    }

    /// Whether tests pass: a failing run on these files says no, whatever else passed.
    pub(super) fn tests(&self, count: Option<u64>) -> Judged {
        let of_tests = || self.0.iter().filter(|run| run.tests.is_some());
        let mut fresh = of_tests().filter(|run| run.fresh);
        if let Some(failed) = fresh.clone().find(|run| !run.is_good()) {
            return Judged::fails(failed.told());
        }
        let most = fresh.clone().max_by_key(|run| run.tests.map_or(0, |(passed, _)| passed));
        let Some(most) = most.filter(|run| run.tests.is_some_and(|(passed, _)| passed > 0)) else {
            return Judged::open(match of_tests().next_back() {
                Some(stale) if !stale.fresh => {
                    format!("the files changed since {}", stale.told())
                }
                _ => "no run is recorded: run them with `assize exec -- CMD`".to_owned(),
            });
        };
        let exact = |wanted| fresh.find(|run| run.tests.is_some_and(|(got, _)| got == wanted));
        let passed = most.tests.map_or(0, |(passed, _)| passed);
        match count.map(|count| (count, { exact }(count))) {
            None => Judged::holds(most.told()),
            Some((_, Some(run))) => Judged::holds(run.told()),
            Some((count, None)) if count > passed => Judged::fails(most.told()),
            Some((_, None)) => Judged::open(format!("another number: {}", most.told())),
        }
    }

    /// Whether a command that is named ends well.
    pub(super) fn command(&self, command: &str) -> Judged {
        let mut same = self.0.iter().filter(|run| run.command == command);
        let Some(run) = same.next_back() else {
            return Judged::open(format!("no run of `{command}` is recorded"));
        };
        match (run.fresh, run.is_good()) {
            (true, true) => Judged::holds(run.told()),
            (true, false) => Judged::fails(run.told()),
            (false, _) => Judged::open(format!("the files changed since {}", run.told())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Answer;
    use super::{Run, Runs};

    fn run(command: &str, exit: i64, tests: Option<(u64, u64)>, fresh: bool) -> Run {
        let (command, hash) = (command.to_owned(), "ab".to_owned());
        Run { sequence: 1, hash, command, exit, tests, fresh }
    }

    #[test]
    fn only_a_counted_run_on_these_files_proves_tests() {
        let good = || run("pytest", 0, Some((12, 0)), true);
        for (runs, count, expected) in [
            (vec![], None, Answer::Unproven),
            (vec![good()], None, Answer::True),
            (vec![good()], Some(12), Answer::True),
            (vec![good()], Some(13), Answer::False),
            (vec![good()], Some(3), Answer::Unproven),
            (vec![run("pytest", 0, Some((12, 0)), false)], None, Answer::Unproven),
            (vec![run("pytest", 1, Some((12, 0)), true)], None, Answer::False),
            (vec![run("pytest", 0, Some((12, 1)), true)], None, Answer::False),
            (vec![run("pytest", 1, Some((1, 1)), false)], None, Answer::Unproven),
            (vec![run("make", 0, None, true)], None, Answer::Unproven),
            (vec![run("pytest", 0, Some((0, 0)), true)], None, Answer::Unproven),
            // One suite that fails is enough.
            (vec![good(), run("npm test", 1, Some((3, 1)), true)], None, Answer::False),
            (vec![run("npm test", 0, Some((3, 0)), true), good()], Some(3), Answer::True),
        ] {
            let words = format!("{runs:?} {count:?}");
            assert_eq!(Runs(runs).tests(count).answer, expected, "{words}");
        }
    }

    #[test]
    fn a_command_is_proven_by_a_run_of_its_own() {
        let runs = Runs(vec![
            run("cargo test", 0, None, true),
            run("npm test", 1, None, true),
            run("pytest", 0, Some((1, 0)), false),
        ]);
        for (command, expected) in [
            ("cargo test", Answer::True),
            ("npm test", Answer::False),
            ("pytest", Answer::Unproven),
            ("go test", Answer::Unproven),
        ] {
            assert_eq!(runs.command(command).answer, expected, "{command}");
        }
    }
}
