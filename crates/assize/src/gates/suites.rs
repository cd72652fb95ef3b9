//! Which commands must have been run for what changed.

use std::collections::BTreeMap;

use assize_config::Gates;
use assize_model::FileClass;

use super::infer::{Around, Inferred, suite_of};
use super::runner::{self, Family};
use super::runs::Run;
use super::work::Touched;

/// A command, and the changed files that it tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suite<'a> {
    pub(super) command: String,
    /// Where it is run, relative to the root.
    pub(super) folder: String,
    /// Any command of the family does; nothing: it is the one that the configuration names.
    family: Option<Family>,
    pub(super) touched: Vec<&'a Touched>,
}

/// The commands for what changed: first as configured, then as evident.
pub(super) fn demanded<'a>(
    touched: &'a [Touched],
    gates: &Gates,
    around: &Around<'_>,
) -> Vec<Suite<'a>> {
    let mut named: BTreeMap<usize, Vec<&Touched>> = BTreeMap::new();
    let mut evident: BTreeMap<Inferred, Vec<&Touched>> = BTreeMap::new();
    let mut known = BTreeMap::new();
    for one in touched {
        let covering = gates.suites.iter().enumerate().filter(|(_, suite)| suite.covers(&one.path));
        let covering: Vec<usize> = covering.map(|(number, _)| number).collect();
        for number in &covering {
            named.entry(*number).or_default().push(one);
        }
        let is_code = matches!(one.class, FileClass::Production | FileClass::Test);
        if covering.is_empty() && gates.infer_tests && is_code {
            // Inference reads files: those of one folder and language have one answer.
            let key =
                (Family::of_path(&one.path), one.path.rsplit_once('/').map(|(folder, _)| folder));
            let suite = known.entry(key).or_insert_with(|| suite_of(&one.path, around));
            if let Some(suite) = suite {
                evident.entry(suite.clone()).or_default().push(one);
            }
        }
    }
    let named = named.into_iter().filter_map(|(number, touched)| {
        let command = gates.suites.get(number)?.command.clone();
        Some(Suite { command, folder: String::new(), family: None, touched })
    });
    let evident = evident.into_iter().map(|(suite, touched)| {
        let Inferred { family, folder, command } = suite;
        Suite { command, folder, family: Some(family), touched }
    });
    named.chain(evident).collect()
}

impl Suite<'_> {
    /// Whether a run is one of this command: in its folder, or for evident ones above it.
    pub(super) fn is(&self, run: &Run) -> bool {
        let folder = run.folder.as_deref().unwrap_or("");
        let Some(called) = runner::called(&run.command, folder) else {
            return self.is_script(&run.command, folder);
        };
        match self.family {
            Some(family) => {
                is_at_or_above(&called.folder, &self.folder) && runner::runs(&called.words, family)
            }
            None => {
                let same = runner::split(&self.command).is_some_and(|words| words == called.words);
                called.folder.is_empty() && same || self.is_script(&run.command, folder)
            }
        }
    }

    /// Whether a shell was given exactly this command.
    fn is_script(&self, line: &str, folder: &str) -> bool {
        let words = runner::split(line).unwrap_or_default();
        let is_last = words.last().is_some_and(|last| last.trim() == self.command);
        self.family.is_none() && folder.is_empty() && words.len() == 3 && is_last
    }

    /// Whether a run must tell how many tests it had.
    pub(super) fn counts(&self) -> bool {
        self.family.is_none_or(Family::counts)
    }

    /// The line that a person or an agent types.
    pub(super) fn line(&self) -> String {
        let plain = |letter: char| letter.is_alphanumeric() || " -_./=:,@%+*".contains(letter);
        let command = if self.command.chars().all(plain) {
            self.command.clone()
        } else {
            format!("sh -c '{}'", self.command.replace('\'', r"'\''"))
        };
        match self.folder.as_str() {
            "" => format!("assize exec -- {command}"),
            folder => format!("cd {folder} && assize exec -- {command}"),
        }
    }
}

fn is_at_or_above(above: &str, folder: &str) -> bool {
    above.is_empty()
        || folder == above
        || folder.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(command: &str, folder: &str) -> Run {
        Run { command: command.to_owned(), folder: Some(folder.to_owned()), ..Run::default() }
    }

    #[test]
    fn a_configured_command_is_run_as_it_stands() {
        let suite = |command: &str| Suite {
            command: command.to_owned(),
            folder: String::new(),
            family: None,
            touched: Vec::new(),
        };
        assert!(suite("pytest -q").is(&run("pytest -q", "")));
        assert!(suite("pytest  -q").is(&run("pytest -q", "")));
        assert!(suite("a; b | c").is(&run("sh -c 'a; b | c'", "")));
        for (line, folder) in [("pytest -q tests/one.py", ""), ("pytest -q", "sub"), ("pytest", "")]
        {
            assert!(!suite("pytest -q").is(&run(line, folder)), "{line}");
        }
        assert!(!suite("a; b").is(&run("sh -c 'a; b; true'", "")));
        assert_eq!(suite("a; b").line(), "assize exec -- sh -c 'a; b'");
    }

    #[test]
    fn an_evident_command_may_be_spelled_otherwise() {
        let suite = Suite {
            command: "pytest".to_owned(),
            folder: "api".to_owned(),
            family: Some(Family::Python),
            touched: Vec::new(),
        };
        for (line, folder) in
            [("pytest", "api"), ("python -m pytest -x", ""), ("sh -c 'cd api && pytest'", "")]
        {
            assert!(suite.is(&run(line, folder)), "{line}");
        }
        for (line, folder) in [("pytest", "web"), ("pytest", "api/part"), ("echo pytest", "api")] {
            assert!(!suite.is(&run(line, folder)), "{line}");
        }
        assert_eq!(suite.line(), "cd api && assize exec -- pytest");
    }
}
