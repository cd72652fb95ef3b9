//! Many processes append at once, and some are killed: what one of them was told is written stays.
//!
//! A process of the test is the test binary itself, at the test [`child`], with its task in the
//! environment. It writes the numbers of its acknowledged entries to its standard output.

use std::collections::BTreeMap;
use std::env;
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
const ROUNDS: usize = 50;
const ENTRIES: i64 = 3;
/// Long: sixteen processes on two cores wait for each other and for whatever else runs there.
const WAIT: Duration = Duration::from_secs(30);

#[test]
fn nothing_acknowledged_is_lost() {
    let folder = TempDir::new().unwrap();
    let mut told = BTreeMap::new();
    for round in 0..ROUNDS {
        let mut children: Vec<Child> =
            (0..PROCESSES).map(|child| spawn(folder.path(), round * PROCESSES + child)).collect();
        // Another victim and another moment each round, without a generator of random numbers.
        thread::sleep(Duration::from_micros((round * 1777 % 30_000) as u64));
        let victim = round * 7 % PROCESSES;
        children[victim].kill().unwrap();
        for (index, mut child) in children.into_iter().enumerate() {
            let mut text = String::new();
            child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
            let status = child.wait().unwrap();
            assert!(status.success() || index == victim, "{status}");
            let lines = text.lines().filter_map(|line| line.split_once("told "));
            let mut count = 0;
            for (_, line) in lines.filter(|(_, line)| line.ends_with('.')) {
                let (sequence, number) = line.trim_end_matches('.').split_once(' ').unwrap();
                told.insert(sequence.parse::<u64>().unwrap(), number.parse::<i64>().unwrap());
                count += 1;
            }
            assert!(count == ENTRIES || index == victim, "{index}: {text}");
        }
    }
    let mut ledger = Ledger::open(folder.path(), WAIT).unwrap();
    let mut found = BTreeMap::new();
    for entry in ledger.read(1).unwrap() {
        let entry = entry.unwrap();
        if let Payload::Present(map) = &entry.payload
            && let Some(Value::Integer(number)) = map.get("number")
        {
            found.insert(entry.sequence, *number);
        }
    }
    let lost: Vec<_> = told.iter().filter(|(at, number)| found.get(at) != Some(number)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(told.len() >= (PROCESSES - 1) * ROUNDS * ENTRIES as usize);
    let trust =
        Trust { anchor: Some(ledger.head().unwrap()), keys: vec![ledger.public_key().unwrap()] };
    let verdict = ledger.verify(&trust).unwrap();
    assert!(matches!(verdict, Verdict::Good { .. }), "{verdict:?}");
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
