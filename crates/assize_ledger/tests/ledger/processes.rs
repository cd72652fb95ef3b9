//! Many processes append at once, and some are killed: what one of them was told is written stays.
//!
//! A process of the test is the test binary itself, at the test [`child`], with its task in the
//! environment. It writes the numbers of its acknowledged entries to its standard output.

use std::collections::BTreeMap;
use std::env;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use assize_ledger::{Ledger, Payload, Trust, Value, Verdict};
use tempfile::TempDir;

use crate::memory::draft;

const TASK: &str = "ASSIZE_LEDGER_TEST_TASK";
const PROCESSES: usize = 16;
/// In the ordinary run; more by [`MORE_ROUNDS`].
const ROUNDS: usize = 50;
const MORE_ROUNDS: &str = "ASSIZE_LEDGER_TEST_ROUNDS";
const ENTRIES: i64 = 3;
/// Long: sixteen processes on two cores wait for each other and for whatever else runs there.
const WAIT: Duration = Duration::from_secs(30);

#[test]
fn nothing_acknowledged_is_lost() {
    let rounds = env::var(MORE_ROUNDS).map_or(ROUNDS, |text| text.parse().unwrap());
    let folder = TempDir::new().unwrap();
    let mut told = BTreeMap::new();
    let (mut before, mut amid) = (0, 0);
    for round in 0..rounds {
        let victim = random(PROCESSES as u64) as usize;
        let counts = run_round(folder.path(), round, victim, &mut told);
        assert!(counts.iter().enumerate().all(|(at, count)| at == victim || *count == ENTRIES));
        before += usize::from(counts[victim] == 0);
        amid += usize::from(counts[victim] > 0 && counts[victim] < ENTRIES);
    }
    let (found, recovered) = entries(folder.path());
    let lost: Vec<_> = told.iter().filter(|(at, number)| found.get(at) != Some(number)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(told.len() >= (PROCESSES - 1) * rounds * ENTRIES as usize);
    let mut ledger = Ledger::open(folder.path(), WAIT).unwrap();
    let trust =
        Trust { anchor: Some(ledger.head().unwrap()), keys: vec![ledger.public_key().unwrap()] };
    let verdict = ledger.verify(&trust).unwrap();
    assert!(matches!(verdict, Verdict::Good { .. }), "{verdict:?}");
    println!(
        "{rounds} rounds, {} acknowledged, 0 lost; killed before the first entry {before}, between \
         entries {amid}; torn tails cut off {recovered}",
        told.len()
    );
}

/// Below a limit, from what the standard library seeds its maps with.
fn random(below: u64) -> u64 {
    RandomState::new().build_hasher().finish() % below
}

/// Sixteen processes append, one is killed; gives how many entries each was told are written.
fn run_round(
    folder: &Path,
    round: usize,
    victim: usize,
    told: &mut BTreeMap<u64, i64>,
) -> Vec<i64> {
    let mut children: Vec<Child> =
        (0..PROCESSES).map(|child| spawn(folder, round * PROCESSES + child)).collect();
    let early = told_before_its_end(&mut children[victim]);
    let mut counts = Vec::new();
    for (index, mut child) in children.into_iter().enumerate() {
        let mut text = if index == victim { early.clone() } else { String::new() };
        child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        let status = child.wait().unwrap();
        assert!(status.success() || index == victim, "{status}");
        let lines = text.lines().filter_map(|line| line.split_once("told "));
        let mut count = 0;
        for (_, line) in lines.filter(|(_, line)| line.ends_with('.')) {
            let (sequence, number) = line.trim_end_matches('.').split_once(' ').unwrap();
            told.insert(sequence.parse().unwrap(), number.parse().unwrap());
            count += 1;
        }
        counts.push(count);
    }
    counts
}

/// Kills a process a moment after it was told of so many entries, at random, and gives what it
/// said up to then.
fn told_before_its_end(child: &mut Child) -> String {
    let (mut text, mut byte) = (String::new(), [0]);
    let enough = random(ENTRIES as u64) as usize;
    let mut out = child.stdout.take().unwrap();
    let told = |text: &str| {
        text.lines().filter(|line| line.contains("told ") && line.ends_with('.')).count()
    };
    while told(&text) < enough && out.read(&mut byte).unwrap() == 1 {
        text.push(char::from(byte[0]));
    }
    thread::sleep(Duration::from_micros(random(if enough == 0 { 40_000 } else { 2_000 })));
    child.kill().unwrap();
    child.stdout = Some(out);
    text
}

/// The numbers that entries hold, by their place, and how many say that a tail was cut off.
fn entries(folder: &Path) -> (BTreeMap<u64, i64>, usize) {
    let mut ledger = Ledger::open(folder, WAIT).unwrap();
    let (mut found, mut recovered) = (BTreeMap::new(), 0);
    for entry in ledger.read(1).unwrap() {
        let entry = entry.unwrap();
        recovered += usize::from(entry.kind.as_str() == "ledger.recovery");
        if let Payload::Present(map) = &entry.payload
            && let Some(Value::Integer(number)) = map.get("number")
        {
            found.insert(entry.sequence, *number);
        }
    }
    (found, recovered)
}

fn spawn(folder: &Path, number: usize) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "processes::child", "--nocapture", "--test-threads", "1"]);
    command.env(TASK, format!("{number} {}", folder.display()));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Does nothing but in a process that [`spawn`] made.
#[test]
fn child() {
    let Ok(task) = env::var(TASK) else { return };
    let (number, folder) = task.split_once(' ').unwrap();
    let number: i64 = number.parse().unwrap();
    let mut ledger = Ledger::open(Path::new(folder), WAIT).unwrap();
    for step in 0..ENTRIES {
        let number = number * ENTRIES + step;
        let receipt = ledger.append(&draft(number, 200)).unwrap();
        let mut out = std::io::stdout().lock();
        write!(out, "\ntold {} {number}.", receipt.head.sequence).unwrap();
        writeln!(out).unwrap();
    }
}
