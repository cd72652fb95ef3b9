//! Torn files: a fixture cut anywhere never makes a parser or a control panic.

use std::collections::BTreeSet;
use std::time::Duration;

use assize_checks::{Input, check_file};
use assize_index::Overlay;
use assize_model::{ProblemKind, RepoPath};
use rayon::prelude::*;
use rustix::time::{ClockId, clock_gettime};

use crate::shelf;

/// Files below this size are cut at every byte.
const EVERY_BYTE_BELOW: usize = 400;
/// Cuts of a larger file, spread evenly.
const CUTS: usize = 200;
/// More processor time than this for one cut of a small file is no longer linear.
const SLOW: Duration = Duration::from_secs(5);

/// The processor time of this thread, which other work on the machine does not lengthen.
fn spent() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.try_into().unwrap(), now.tv_nsec.try_into().unwrap())
}

#[test]
fn a_torn_file_never_panics() {
    let fixtures = shelf::all();
    let mut seen = BTreeSet::new();
    let mut jobs = Vec::new();
    for fixture in &fixtures {
        let fresh: Vec<&String> = fixture
            .tree
            .files
            .iter()
            .filter(|(path, bytes)| seen.insert((path.as_str(), bytes.as_slice())))
            .map(|(path, _)| path)
            .collect();
        jobs.push((fixture, fresh));
    }
    let faults: Vec<String> =
        jobs.par_iter().flat_map_iter(|(fixture, paths)| tear(fixture, paths)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn tear(fixture: &shelf::Fixture, paths: &[&String]) -> Vec<String> {
    let mut faults = Vec::new();
    if paths.is_empty() {
        return faults;
    }
    let snapshot = fixture.tree.snapshot();
    let settings = fixture.tree.settings();
    for file in fixture.tree.indexed() {
        let path: RepoPath = file.record.path;
        if !paths.iter().any(|one| *one == path.as_str()) {
            continue;
        }
        let whole = &fixture.tree.files[path.as_str()];
        for cut in cuts(whole.len()) {
            let begun = spent();
            let bytes = &whole[..cut];
            let input = Input { path: &path, class: file.record.class, bytes, before: None };
            let result = check_file(&input, &snapshot, &Overlay::new(), &settings);
            let panics = result.problems.iter().filter(|one| one.kind == ProblemKind::Panic);
            faults.extend(
                panics.map(|one| {
                    format!("{} {path} cut at byte {cut}: {}", fixture.name, one.message)
                }),
            );
            if spent().saturating_sub(begun) > SLOW {
                faults.push(format!("{} {path} cut at byte {cut}: too slow", fixture.name));
            }
        }
    }
    faults
}

fn cuts(length: usize) -> Vec<usize> {
    if length < EVERY_BYTE_BELOW {
        return (0..length).collect();
    }
    (0..CUTS).map(|number| number * length / CUTS).collect()
}
