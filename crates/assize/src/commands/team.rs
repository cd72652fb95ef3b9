//! The rules of a repository itself, as the commands about rules show them.

use std::io::Write;
use std::path::Path;

use assize_checks::{Example, TeamRules, Verdict};
use assize_config::{RULES_FOLDER, TeamRule};
use assize_repo::Root;
use assize_report::inline;

use crate::failure::Failure;
use crate::team::{RuleTexts, proven, readable};

/// So many letters of an example are shown.
const SHOWN_MAX: usize = 60;

fn texts() -> RuleTexts {
    // Where there is no repository, there are no rules of one.
    Root::find(Path::new(".")).map(|root| RuleTexts::of(&root.folder)).unwrap_or_default()
}

/// The proven rules of the repository in which the command runs.
pub(super) fn rules() -> Result<TeamRules, Failure> {
    proven(texts().rules()?.into())
}

/// One line for each rule.
pub(super) fn list(rules: &[TeamRule], out: &mut dyn Write) -> Result<(), Failure> {
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nOf this repository, from `{RULES_FOLDER}`:")?;
    let width = rules.iter().map(|rule| rule.name.0.len()).max().unwrap_or(0);
    for rule in rules {
        let (name, severity) = (rule.name.0, rule.severity.word());
        let clause = rule.clause.as_ref().map_or("", |said| said.text.as_str());
        writeln!(out, "{name:width$}  {severity:5}  {clause:6}  {}", inline(&rule.message))?;
    }
    Ok(())
}

/// The page of one rule.
pub(super) fn explain(name: &str, out: &mut dyn Write) -> Result<u8, Failure> {
    let rules = rules()?;
    let found = rules.rules().iter().find(|rule| rule.name.0 == name);
    let Some(rule) = found else {
        return Err(Failure::said(format!("this repository has no rule `{name}`"))
            .hint("`assize rules list` shows its rules"));
    };
    for line in rule.page().lines() {
        writeln!(out, "{}", inline(line))?;
    }
    Ok(0)
}

/// Runs the examples of all rules and shows what each comes to.
pub(super) fn test(out: &mut dyn Write) -> Result<u8, Failure> {
    let rules = readable(texts().rules()?.into())?;
    let examples = rules.examples();
    for example in &examples {
        line(example, out)?;
    }
    let failing = examples.iter().filter(|one| one.verdict != Verdict::Holds).count();
    let (count, hold) = (rules.rules().len(), examples.len() - failing);
    writeln!(out, "{count} rules, {} examples: {hold} hold, {failing} fail", examples.len())?;
    Ok(u8::from(failing > 0))
}

fn line(example: &Example<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let Example { rule, said, must, verdict } = example;
    let word = if *verdict == Verdict::Holds { "holds" } else { "FAILS" };
    let side = if *must { "match" } else { "no-match" };
    let why = match verdict {
        Verdict::Holds => "",
        Verdict::NotFound => ": nothing is found, and must be",
        Verdict::Found => ": something is found, and must not be",
        Verdict::Unread => ": it cannot be read",
    };
    let text: String = said.text.lines().next().unwrap_or("").chars().take(SHOWN_MAX).collect();
    let (file, at) = (inline(&rule.file), said.line);
    writeln!(out, "{word} {} {side} {file}:{at} `{}`{why}", rule.name, inline(&text))?;
    Ok(())
}
