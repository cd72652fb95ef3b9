//! What became of the plantings: a Markdown table, and enough of each miss to reproduce it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::checkout::Checkout;
use super::plant::Planting;
use super::shape::{Expect, Shape};
use crate::assize::Finding;
use crate::codegen;

/// The least share of breaches that are found, in per cent.
const RECALL_MIN: usize = 90;
/// A shape below this share is named.
const SHAPE_RECALL_MIN: usize = 60;
/// The least share of near misses that stay silent.
const SILENCE_MIN: usize = 98;
/// How much of a planted text is shown.
const SHOWN_MAX: usize = 240;

/// What became of one planting.
#[derive(Debug)]
pub(crate) struct Outcome {
    shape: usize,
    number: usize,
    repo: String,
    path: String,
    good: bool,
    shown: String,
    /// Findings where none may be.
    said: Vec<String>,
    patch: Option<PathBuf>,
}

impl Outcome {
    pub(crate) fn new(
        planting: &Planting,
        checkout: &Checkout,
        good: bool,
        own: &[&Finding],
        patch: Option<PathBuf>,
    ) -> Self {
        let said =
            |one: &&Finding| format!("{}:{} {} {}", one.path, one.line, one.code, one.message);
        Self {
            shape: planting.shape,
            number: planting.number,
            repo: checkout.name.clone(),
            path: planting.change.path.clone(),
            good,
            shown: planting.shown.clone(),
            said: own.iter().map(said).collect(),
            patch,
        }
    }
}

/// A number of plantings, and how many of them went as they should.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    all: usize,
    good: usize,
}

impl Count {
    fn add(&mut self, good: bool) {
        self.all += 1;
        self.good += usize::from(good);
    }

    /// Whether the share reaches a bar; nothing planted reaches every bar.
    fn reaches(self, percent: usize) -> bool {
        self.good * 100 >= self.all * percent
    }

    fn shown(self) -> String {
        match self.all {
            0 => "-".to_owned(),
            all => format!("{}/{all} ({} %)", self.good, self.good * 100 / all),
        }
    }
}

/// All outcomes.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    shapes: &'a [Shape],
    /// Control and language, for what the controls say that they judge: they have fixtures for it.
    claims: BTreeSet<(String, String)>,
    repos: Vec<String>,
    seed: u64,
    outcomes: Vec<Outcome>,
    /// Shapes for which some checkouts had no place, and how often.
    unplantable: Vec<(usize, usize)>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(shapes: &'a [Shape], checkouts: &[Checkout], seed: u64) -> Result<Self> {
        let repos = checkouts.iter().map(|checkout| checkout.name.clone()).collect();
        let mut claims = BTreeSet::new();
        for folder in codegen::folders()? {
            let languages = folder.fixtures.keys();
            claims.extend(languages.map(|language| (folder.name(), language.clone())));
        }
        Ok(Self { shapes, claims, repos, seed, outcomes: Vec::new(), unplantable: Vec::new() })
    }

    fn is_claimed(&self, shape: &Shape) -> bool {
        // The tables call environment files by a shorter word.
        let language = if shape.language == "env" { "dotenv" } else { &shape.language };
        self.claims.contains(&(shape.control.clone(), language.to_owned()))
    }

    pub(crate) fn take(&mut self, outcomes: Vec<Outcome>) {
        self.outcomes.extend(outcomes);
    }

    pub(crate) fn unplantable(&mut self, shape: usize, count: usize) {
        if count > 0 {
            self.unplantable.push((shape, count));
        }
    }

    fn of(&self, fits: impl Fn(&Shape) -> bool) -> Count {
        let mut count = Count::default();
        for outcome in &self.outcomes {
            if self.shapes.get(outcome.shape).is_some_and(&fits) {
                count.add(outcome.good);
            }
        }
        count
    }

    /// Every shape with its count.
    fn by_shape(&self) -> Vec<(&Shape, Count)> {
        let mut counts = vec![Count::default(); self.shapes.len()];
        for outcome in &self.outcomes {
            if let Some(count) = counts.get_mut(outcome.shape) {
                count.add(outcome.good);
            }
        }
        self.shapes.iter().zip(counts).collect()
    }

    pub(crate) fn markdown(&self, runs: usize) -> String {
        let breach = |shape: &Shape| shape.expect == Expect::Breach;
        let silent = |shape: &Shape| shape.expect == Expect::Silent;
        let mut out = String::from("# Planted breaches and near misses\n\n");
        let repos = self.repos.join(", ");
        let _ =
            writeln!(out, "Checkouts: {repos}. Seed {}. Runs of the program: {runs}.\n", self.seed);
        let _ = writeln!(out, "- breaches found: {}", self.of(breach).shown());
        let claimed = self.of(|shape| breach(shape) && self.is_claimed(shape));
        let _ =
            writeln!(out, "- of these, in languages that the control claims: {}", claimed.shown());
        let _ = writeln!(out, "- near misses silent: {}", self.of(silent).shown());
        let exceptions = self.of(Shape::is_exception);
        let _ = writeln!(out, "- of these, exceptions of the catalogue: {}\n", exceptions.shown());
        self.by_control(&mut out);
        self.weak(&mut out);
        self.shape_table(&mut out);
        self.misses(&mut out);
        out
    }

    fn by_control(&self, out: &mut String) {
        let mut keys: BTreeMap<(&str, &str, bool), [Count; 2]> = BTreeMap::new();
        for (shape, count) in self.by_shape() {
            let key = (shape.control.as_str(), shape.language.as_str(), self.is_claimed(shape));
            let counts = keys.entry(key).or_default();
            let [breach, silent] = counts;
            let sum = if shape.expect == Expect::Breach { breach } else { silent };
            sum.all += count.all;
            sum.good += count.good;
        }
        out.push_str(
            "| control | language | breaches found | near misses silent |\n|---|---|---|---|\n",
        );
        for ((control, language, claimed), [breach, silent]) in keys {
            let (breach, silent) = (breach.shown(), silent.shown());
            let claimed = if claimed { "" } else { " (not claimed)" };
            let _ = writeln!(out, "| {control} | {language}{claimed} | {breach} | {silent} |");
        }
        out.push('\n');
    }

    /// Shapes that fall short.
    fn weak(&self, out: &mut String) {
        out.push_str("## Shapes that fall short\n\n");
        let mut none = true;
        for (shape, count) in self.by_shape() {
            let bar = if shape.expect == Expect::Breach { SHAPE_RECALL_MIN } else { 100 };
            if !count.reaches(bar) {
                none = false;
                let (name, source) = (shape.name(), &shape.source);
                let claimed = if self.is_claimed(shape) { "" } else { ", not claimed" };
                let _ = writeln!(out, "- `{name}`: {}{claimed} ({source})", count.shown());
            }
        }
        for (shape, count) in &self.unplantable {
            if let Some(shape) = self.shapes.get(*shape) {
                none = false;
                let _ = writeln!(out, "- `{}`: no place for {count} plantings", shape.name());
            }
        }
        out.push_str(if none { "None.\n\n" } else { "\n" });
    }

    fn shape_table(&self, out: &mut String) {
        out.push_str(
            "## Shapes\n\n| shape | language | expects | as it should be |\n|---|---|---|---|\n",
        );
        for (shape, count) in self.by_shape() {
            let expects = if shape.expect == Expect::Breach { "breach" } else { "silent" };
            let (name, language) = (shape.name(), &shape.language);
            let _ = writeln!(out, "| {name} | {language} | {expects} | {} |", count.shown());
        }
        out.push('\n');
    }

    fn misses(&self, out: &mut String) {
        out.push_str("## Misses\n\n");
        for outcome in self.outcomes.iter().filter(|outcome| !outcome.good) {
            let Some(shape) = self.shapes.get(outcome.shape) else { continue };
            let (name, number, repo) = (shape.name(), outcome.number, &outcome.repo);
            let _ = writeln!(out, "- `{name}` {number} in {repo} `{}`", outcome.path);
            let shown: String = outcome.shown.chars().take(SHOWN_MAX).collect();
            let _ = writeln!(out, "  - planted: {shown:?}");
            for said in outcome.said.iter().take(3) {
                let _ = writeln!(out, "  - said: {said}");
            }
            if let Some(patch) = &outcome.patch {
                let _ = writeln!(out, "  - patch: {}", patch.display());
            }
        }
    }

    /// An error where the bars are not reached.
    pub(crate) fn verdict(&self) -> Result<()> {
        let breach = |shape: &Shape| shape.expect == Expect::Breach && self.is_claimed(shape);
        let found = self.of(breach);
        let silent = self.of(|shape| shape.expect == Expect::Silent);
        if found.reaches(RECALL_MIN) && silent.reaches(SILENCE_MIN) {
            return Ok(());
        }
        bail!("mutate: breaches found {}, near misses silent {}", found.shown(), silent.shown())
    }
}
