//! The store on disk: who may read it, the key, the lock, rotation.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use assize_ledger::{Ledger, LedgerError, Trust, Verdict};
use tempfile::TempDir;

use crate::memory::{draft, origin};

const WAIT: Duration = Duration::from_millis(500);

fn folder() -> (TempDir, std::path::PathBuf) {
    let root = TempDir::new().unwrap();
    let folder = root.path().join("state/ledger");
    (root, folder)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn everything_is_for_its_owner_alone() {
    let (_root, folder) = folder();
    let mut ledger = Ledger::open(&folder, WAIT).unwrap();
    ledger.append(&draft(1, 10)).unwrap();
    ledger.checkpoint(&origin()).unwrap();
    assert_eq!(mode(&folder), 0o700);
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    for entry in names {
        assert_eq!(mode(&entry.path()), 0o600, "{entry:?}");
    }
}

#[test]
fn another_process_goes_on_with_the_same_key_over_segments() {
    let (_root, folder) = folder();
    let mut head = None;
    for number in 1..=12 {
        let mut ledger = Ledger::open(&folder, WAIT).unwrap().with_segment_bytes_max(1000);
        ledger.append(&draft(number, 10)).unwrap();
        head = Some(ledger.checkpoint(&origin()).unwrap().head);
    }
    let mut ledger = Ledger::open(&folder, WAIT).unwrap();
    let trust = Trust { anchor: head, keys: vec![ledger.public_key().unwrap()] };
    assert_eq!(ledger.verify(&trust).unwrap(), Verdict::Good { head: head.unwrap() });
    assert_eq!(ledger.head().unwrap(), head.unwrap());
    let from: Vec<u64> = ledger.read(20).unwrap().map(|entry| entry.unwrap().sequence).collect();
    assert_eq!(from, [20, 21, 22, 23, 24]);
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let (_root, folder) = folder();
    let mut ledger = Ledger::open(&folder, WAIT).unwrap();
    ledger.checkpoint(&origin()).unwrap();
    fs::set_permissions(folder.join("key"), Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(ledger.checkpoint(&origin()).unwrap_err(), LedgerError::Io(_)));
    assert!(ledger.append(&draft(2, 1)).is_ok());
    fs::set_permissions(folder.join("key"), Permissions::from_mode(0o600)).unwrap();
    fs::write(folder.join("key"), "short").unwrap();
    assert!(matches!(ledger.checkpoint(&origin()).unwrap_err(), LedgerError::Io(_)));
}

#[test]
fn a_folder_that_others_can_write_to_is_refused() {
    let (_root, folder) = folder();
    Ledger::open(&folder, WAIT).unwrap();
    for (mode, good) in [(0o720, false), (0o702, false), (0o755, true)] {
        fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
        assert_eq!(Ledger::open(&folder, WAIT).is_ok(), good, "{mode:o}");
    }
}

#[test]
fn a_lock_is_waited_for_and_no_longer() {
    let (_root, folder) = folder();
    let wait = Duration::from_millis(50);
    let mut ledger = Ledger::open(&folder, wait).unwrap();
    let lock = File::open(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let start = Instant::now();
    assert!(matches!(ledger.append(&draft(1, 1)).unwrap_err(), LedgerError::Locked));
    assert!(start.elapsed() >= wait);
    lock.unlock().unwrap();
    assert_eq!(ledger.append(&draft(1, 1)).unwrap().head.sequence, 1);
}

#[test]
fn a_link_in_place_of_a_segment_is_not_followed() {
    let (root, folder) = folder();
    let name = "00000000000000000001.ledger";
    Ledger::open(&folder, WAIT).unwrap().append(&draft(1, 1)).unwrap();
    fs::rename(folder.join(name), root.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(root.path().join("elsewhere"), folder.join(name)).unwrap();
    let mut ledger = Ledger::open(&folder, WAIT).unwrap();
    assert!(matches!(ledger.append(&draft(2, 1)).unwrap_err(), LedgerError::Io(_)));
}

#[test]
fn what_may_happen_once_is_claimed_once() {
    let (_root, folder) = folder();
    let mut ledger = Ledger::open(&folder, WAIT).unwrap();
    let first = ledger.append(&draft(1, 8)).unwrap().head.sequence;
    let claim = || {
        let mut ledger = Ledger::open(&folder, Duration::from_secs(30)).unwrap();
        let claimed = ledger.append_if(&draft(2, 8), first, |entries| Ok(entries.count() == 1));
        claimed.unwrap().is_some()
    };
    let all = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(claim)).collect();
        threads.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(all.iter().filter(|claimed| **claimed).count(), 1);
    assert_eq!(ledger.read(1).unwrap().count(), 2);
    // What the look at the entries finds wrong is told, and nothing is appended.
    assert!(ledger.append_if(&draft(3, 8), first, |_| Err(LedgerError::Locked)).is_err());
    assert_eq!(ledger.read(1).unwrap().count(), 2);
}
