//! `mutate`: plants breaches and near misses into clean checkouts and asks whether the controls
//! speak up and keep silent.
//!
//! Plantings of one shape that cannot touch each other share a run. Where a control compares files
//! with each other, or the planting is judged by what happens elsewhere, each has a run of its own.

mod checkout;
mod fill;
mod plant;
mod proof;
mod random;
mod report;
mod shape;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use self::checkout::{Checkout, Undo};
use self::plant::Planting;
use self::report::{Outcome, Tally};
use self::shape::{Expect, Operation, Shape};
use crate::assize::{self, Finding, Profile};
use crate::{process, workspace};

pub(crate) use self::checkout::commit_all;

/// How many breaches of each control and language are planted at least, and as many near misses.
const PER_CONTROL_MIN: usize = 15;

/// Controls that compare members of a group: plantings in one tree would be compared with each
/// other.
const COMPARING: [&str; 3] = ["clone-detect", "duplicate-file", "port-registry"];

/// What the command line asks for.
#[derive(Debug, Default)]
struct Wish {
    repos: Vec<PathBuf>,
    seed: u64,
    per_shape: Option<usize>,
    control: Option<String>,
    shape: Option<String>,
    report: Option<PathBuf>,
    binary: Option<PathBuf>,
    keep: bool,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut wish = Self { seed: 1, ..Self::default() };
        let mut rest = arguments.iter().peekable();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().with_context(|| format!("{argument} takes a value"));
            match argument.as_str() {
                "--seed" => wish.seed = value()?.parse()?,
                "--per-shape" => wish.per_shape = Some(value()?.parse()?),
                "--control" => wish.control = Some(value()?.clone()),
                "--shape" => wish.shape = Some(value()?.clone()),
                "--report" => wish.report = Some(value()?.into()),
                "--binary" => wish.binary = Some(fs::canonicalize(value()?)?),
                "--keep" => wish.keep = true,
                "--repos" => {
                    while let Some(folder) = rest.next_if(|next| !next.starts_with("--")) {
                        wish.repos.push(folder.into());
                    }
                }
                _ => bail!("mutate: unknown argument `{argument}`"),
            }
        }
        ensure!(!wish.repos.is_empty(), "mutate: --repos DIR.. names the checkouts to plant into");
        Ok(wish)
    }

    fn wants(&self, shape: &Shape) -> bool {
        self.control.as_ref().is_none_or(|control| *control == shape.control)
            && self.shape.as_ref().is_none_or(|id| *id == shape.id)
    }
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let wish = Wish::read(arguments)?;
    let shapes: Vec<Shape> = shape::all()?.into_iter().filter(|shape| wish.wants(shape)).collect();
    ensure!(!shapes.is_empty(), "mutate: no such shape");
    let program = match &wish.binary {
        Some(program) => program.clone(),
        None => assize::built(Profile::Release)?,
    };
    let scratch = workspace::target().join("xtask").join("mutate");
    let mut checkouts = Vec::new();
    for repo in &wish.repos {
        checkouts.push(Checkout::copy(repo, &scratch, &program)?);
    }
    let mut runner = Runner { program, scratch: scratch.clone(), runs: 0 };
    let mut tally = Tally::new(&shapes, &checkouts, wish.seed)?;
    let counts = counts(&shapes, wish.per_shape);
    for (position, (shape, count)) in shapes.iter().zip(counts).enumerate() {
        eprintln!("{:>4}/{} {}", position + 1, shapes.len(), shape.name());
        let drawn = draw(shape, position, count, wish.seed, &checkouts)?;
        tally.unplantable(position, count - drawn.iter().map(Vec::len).sum::<usize>());
        for (checkout, plantings) in checkouts.iter().zip(drawn) {
            for round in rounds(shape, plantings) {
                tally.take(runner.round(shape, checkout, &round)?);
            }
        }
    }
    let text = tally.markdown(runner.runs);
    print!("{text}");
    if let Some(file) = &wish.report {
        fs::write(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    if wish.keep {
        println!("\nThe copies are in {}.", scratch.display());
    } else {
        for checkout in &checkouts {
            fs::remove_dir_all(&checkout.folder)?;
        }
    }
    tally.verdict()
}

/// How often each shape is planted: so often that each control and language has its breaches.
fn counts(shapes: &[Shape], per_shape: Option<usize>) -> Vec<usize> {
    let key = |shape: &Shape| (shape.control.clone(), shape.language.clone(), shape.expect as u8);
    let mut sizes: BTreeMap<_, usize> = BTreeMap::new();
    for shape in shapes {
        *sizes.entry(key(shape)).or_default() += 1;
    }
    let needed =
        |shape: &Shape| PER_CONTROL_MIN.div_ceil(sizes.get(&key(shape)).copied().unwrap_or(1));
    shapes.iter().map(|shape| per_shape.unwrap_or_else(|| needed(shape).max(3))).collect()
}

/// Plantings of one shape, by checkout. Each checkout has its turn; one without a place is passed.
fn draw(
    shape: &Shape,
    position: usize,
    count: usize,
    seed: u64,
    checkouts: &[Checkout],
) -> Result<Vec<Vec<Planting>>> {
    let mut drawn: Vec<Vec<Planting>> = checkouts.iter().map(|_| Vec::new()).collect();
    for number in 0..count {
        // First where the control has something to speak of; elsewhere it may rightly be silent.
        let turns = (0..checkouts.len()).map(|turn| (number + turn) % checkouts.len());
        let mut turns: Vec<usize> = turns.collect();
        turns.sort_by_key(|at| checkouts.get(*at).is_none_or(|one| one.is_mute(&shape.control)));
        for at in turns {
            let Some(checkout) = checkouts.get(at) else { continue };
            if let Some(planting) = Planting::draw(shape, position, number, seed, checkout)? {
                if let Some(own) = drawn.get_mut(at) {
                    own.push(planting);
                }
                break;
            }
        }
    }
    Ok(drawn)
}

/// Groups of plantings that can stand in one tree at a time.
fn rounds(shape: &Shape, plantings: Vec<Planting>) -> Vec<Vec<Planting>> {
    let elsewhere = matches!(shape.op, Operation::DeleteFile | Operation::CopyFile);
    if elsewhere || COMPARING.contains(&shape.control.as_str()) {
        return plantings.into_iter().map(|planting| vec![planting]).collect();
    }
    let mut rounds: Vec<(BTreeSet<String>, Vec<Planting>)> = Vec::new();
    for planting in plantings {
        let paths: BTreeSet<String> = planting.paths().map(str::to_owned).collect();
        match rounds.iter_mut().find(|(taken, _)| taken.is_disjoint(&paths)) {
            Some((taken, round)) => {
                taken.extend(paths);
                round.push(planting);
            }
            None => rounds.push((paths, vec![planting])),
        }
    }
    rounds.into_iter().map(|(_, round)| round).collect()
}

/// Carries out rounds.
#[derive(Debug)]
struct Runner {
    program: PathBuf,
    scratch: PathBuf,
    runs: usize,
}

impl Runner {
    fn check(&mut self, folder: &Path) -> Result<Vec<Finding>> {
        self.runs += 1;
        Ok(assize::check(&self.program, folder)?.findings)
    }

    fn round(
        &mut self,
        shape: &Shape,
        checkout: &Checkout,
        round: &[Planting],
    ) -> Result<Vec<Outcome>> {
        let mut undo: Undo = Vec::new();
        let outcomes = self.planted(shape, checkout, round, &mut undo);
        checkout.undo(undo)?;
        outcomes
    }

    fn planted(
        &mut self,
        shape: &Shape,
        checkout: &Checkout,
        round: &[Planting],
        undo: &mut Undo,
    ) -> Result<Vec<Outcome>> {
        for step in round.iter().flat_map(|planting| &planting.setup) {
            checkout.put(&step.path, step.text.as_deref(), undo)?;
        }
        let before =
            if undo.is_empty() { checkout.findings.clone() } else { self.check(&checkout.folder)? };
        for planting in round {
            checkout.put(&planting.change.path, planting.change.text.as_deref(), undo)?;
        }
        let after = self.check(&checkout.folder)?;
        let fresh: Vec<&Finding> = assize::beyond(&before, &after)
            .into_iter()
            .filter(|finding| finding.control == shape.control)
            .filter(|finding| !shape.short || finding.severity != "info" || expects_breach(shape))
            .collect();
        let mut outcomes = Vec::new();
        for planting in round {
            let own: Vec<&Finding> = fresh
                .iter()
                .copied()
                .filter(|one| round.len() == 1 || planting.paths().any(|path| path == one.path))
                .collect();
            let good = own.is_empty() != expects_breach(shape);
            let patch = if good { None } else { self.patch(shape, checkout, planting)? };
            outcomes.push(Outcome::new(planting, checkout, good, &own, patch));
        }
        Ok(outcomes)
    }

    /// Keeps what was planted, as a patch over the checkout.
    fn patch(
        &self,
        shape: &Shape,
        checkout: &Checkout,
        planting: &Planting,
    ) -> Result<Option<PathBuf>> {
        let folder = self.scratch.join("misses");
        fs::create_dir_all(&folder)?;
        let paths: BTreeSet<&str> = planting.paths().collect();
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            git.current_dir(&checkout.folder).args(arguments).arg("--").args(&paths);
            process::finished(&mut git)
        };
        git(&["add", "--intent-to-add", "--force"])?;
        let patch = git(&["diff"])?.stdout;
        git(&["reset", "--quiet"])?;
        let name = format!("{}-{}-{}.patch", shape.control, shape.id, planting.number);
        let file = folder.join(name);
        fs::write(&file, patch)?;
        Ok(Some(file))
    }
}

fn expects_breach(shape: &Shape) -> bool {
    shape.expect == Expect::Breach
}
