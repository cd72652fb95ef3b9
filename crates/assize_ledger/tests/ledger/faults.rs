//! Processes that die, disks that fill up, power that fails: what was acknowledged is kept, and
//! every other state has a name.

use crate::memory::{Memory, draft, filled, origin};
use assize_ledger::{
    CHECKPOINT_EVERY, Hash, Head, Ledger, LedgerError, PAYLOAD_BYTES_MAX, Payload, Trust, Value,
    Verdict,
};
use proptest::prelude::*;

/// The numbers that entries hold, and that no entry is missing its payload.
fn numbers(memory: &Memory) -> Vec<i64> {
    let mut ledger = Ledger::new(memory.clone());
    let mut numbers = Vec::new();
    for entry in ledger.read(1).unwrap() {
        let Payload::Present(map) = entry.unwrap().payload else { panic!("a payload is absent") };
        if let Some(Value::Integer(number)) = map.get("number") {
            numbers.push(*number);
        }
    }
    numbers
}

fn verdict(memory: &Memory, anchor: Option<Head>) -> Verdict {
    let keys = vec![filled(0, 1).1.public_key().unwrap()];
    Ledger::new(memory.clone()).verify(&Trust { anchor, keys }).unwrap()
}

fn is_bad(memory: &Memory, anchor: Option<Head>) -> bool {
    matches!(verdict(memory, anchor), Verdict::Bad { .. })
}

/// Whether everything is as it was written, up to an entry that is the last one.
fn is_good(memory: &Memory, head: Head) -> bool {
    verdict(memory, Some(head)) == Verdict::Good { head }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Some processes append and die after some steps, or the power fails and unsynced pages are
    /// lost at random. Whatever was acknowledged is there after each, and nothing is damaged.
    #[test]
    fn what_was_acknowledged_survives(
        rounds in prop::collection::vec((0..9usize, 0..700usize, any::<bool>()), 1..20),
        coins in prop::collection::vec(any::<bool>(), 64),
        segment_bytes_max in prop_oneof![Just(u64::MAX), 200..3000u64],
    ) {
        let memory = Memory::default();
        let mut coins = coins.into_iter().cycle();
        let (mut told, mut anchor, mut number) = (Vec::new(), None, 0);
        for (life, bytes, power) in rounds {
            memory.0.borrow_mut().life = Some(life);
            let mut ledger =
                Ledger::new(memory.clone()).with_segment_bytes_max(segment_bytes_max);
            for _ in 0..3 {
                number += 1;
                if let Ok(receipt) = ledger.append(&draft(number, bytes)) {
                    told.push(number);
                    anchor = Some(receipt.head);
                }
            }
            {
                let mut world = memory.0.borrow_mut();
                world.life = None;
                world.locked = false;
                if power {
                    world.lose(|| coins.next().unwrap());
                }
            }
            let found = numbers(&memory);
            prop_assert!(told.iter().all(|number| found.contains(number)), "{told:?} {found:?}");
            prop_assert!(!is_bad(&memory, anchor));
            // The next process works, whatever the last one left.
            number += 1;
            let mut ledger =
                Ledger::new(memory.clone()).with_segment_bytes_max(segment_bytes_max);
            let head = ledger.append(&draft(number, 5)).unwrap().head;
            told.push(number);
            // What is left of a torn tail would make it unknown at the best.
            prop_assert!(is_good(&memory, head));
            anchor = Some(head);
        }
    }

    /// A torn last write of any length is cut off, with an entry that says so.
    #[test]
    fn a_torn_tail_is_cut_off_loudly(cut in any::<prop::sample::Index>(), bytes in 0..9000usize) {
        let (memory, mut ledger) = filled(3, u64::MAX);
        let before = memory.0.borrow().files[&1].now.len();
        ledger.append(&draft(4, bytes)).unwrap();
        let torn = {
            let mut world = memory.0.borrow_mut();
            let file = &mut world.files.get_mut(&1).unwrap().now;
            let torn = 1 + cut.index(file.len() - before - 1);
            file.truncate(before + torn);
            file[before..].to_vec()
        };
        prop_assert_eq!(numbers(&memory), [1, 2, 3]);
        let receipt = ledger.append(&draft(5, 10)).unwrap();
        prop_assert_eq!(receipt.dropped.unwrap().bytes, torn.len() as u64);
        prop_assert_eq!(numbers(&memory), [1, 2, 3, 5]);
        let entry = ledger.read(4).unwrap().next().unwrap().unwrap();
        prop_assert_eq!(entry.kind.as_str(), "ledger.recovery");
        prop_assert!(is_good(&memory, receipt.head));
        prop_assert_eq!(ledger.append(&draft(6, 10)).unwrap().dropped, None);
    }

    /// Whatever bytes lie there: an answer, never a panic, and never a ledger that is called good.
    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (memory, mut ledger) = filled(1, u64::MAX);
        let keep = memory.0.borrow().files[&1].now.len();
        memory.0.borrow_mut().files.get_mut(&1).unwrap().now.extend(bytes);
        let _ = ledger.verify(&Trust::default()).unwrap();
        prop_assert!(ledger.append(&draft(2, 3)).is_ok());
        prop_assert!(numbers(&memory).starts_with(&[1]));
        memory.0.borrow_mut().files.get_mut(&1).unwrap().now.drain(..keep);
        let _ = ledger.verify(&Trust::default()).unwrap();
        let _ = ledger.append(&draft(3, 3));
    }
}

#[test]
fn damage_in_front_of_entries_is_an_error_and_cuts_nothing_off() {
    let (memory, mut ledger) = filled(5, u64::MAX);
    let length = memory.0.borrow().files[&1].now.len();
    {
        let mut world = memory.0.borrow_mut();
        let file = &mut world.files.get_mut(&1).unwrap().now;
        // In the third entry, and in the last, so that the end alone does not verify.
        file[80 + 2 * (length - 80) / 5 + 30] ^= 1;
        file[length - 1] ^= 1;
    }
    let error = ledger.append(&draft(6, 10)).unwrap_err();
    assert!(matches!(error, LedgerError::Corrupt { sequence: 3, .. }), "{error:?}");
    assert_eq!(memory.0.borrow().files[&1].now.len(), length);
    assert!(ledger.read(1).unwrap().last().unwrap().is_err());
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_behind() {
    let (memory, mut ledger) = filled(2, u64::MAX);
    let length = memory.0.borrow().files[&1].now.len();
    for space in [0, 1, 100] {
        memory.0.borrow_mut().space = Some(space);
        let error = ledger.append(&draft(3, 200)).unwrap_err();
        assert!(matches!(error, LedgerError::Full(_)), "{error:?}");
        assert_eq!(memory.0.borrow().files[&1].now.len(), length);
    }
    memory.0.borrow_mut().space = None;
    assert_eq!(ledger.append(&draft(3, 200)).unwrap().dropped, None);
}

/// A process died while it made a segment: the next one makes it again.
#[test]
fn a_segment_without_a_whole_header_is_made_again() {
    let (memory, mut ledger) = filled(9, 600);
    let last = *memory.0.borrow().files.keys().last().unwrap();
    for keep in [0, 40, 79] {
        memory.0.borrow_mut().files.get_mut(&last).unwrap().now.truncate(keep);
        assert_eq!(ledger.head().unwrap().sequence, last - 1);
        let receipt = ledger.append(&draft(9, 10)).unwrap();
        assert_eq!(receipt.dropped.map(|dropped| dropped.bytes).unwrap_or(0), keep as u64);
        let expect: Vec<i64> = (1..last as i64).chain([9]).collect();
        assert_eq!(numbers(&memory), expect);
        assert!(is_good(&memory, receipt.head));
    }
}

/// The header of another segment is whole, so it is not cut off as if it were torn.
#[test]
fn a_segment_under_a_wrong_name_is_an_error() {
    let (memory, mut ledger) = filled(1, u64::MAX);
    {
        let mut world = memory.0.borrow_mut();
        let mut file = world.files[&1].clone();
        file.now.truncate(80);
        world.files.insert(2, file);
    }
    let error = ledger.append(&draft(2, 1)).unwrap_err();
    assert!(matches!(error, LedgerError::Corrupt { sequence: 2, .. }), "{error:?}");
}

#[test]
fn a_failed_sync_acknowledges_nothing() {
    let (memory, mut ledger) = filled(2, u64::MAX);
    memory.0.borrow_mut().sync_fails = true;
    assert!(matches!(ledger.append(&draft(3, 1)).unwrap_err(), LedgerError::Io(_)));
    memory.0.borrow_mut().sync_fails = false;
    assert_eq!(numbers(&memory), [1, 2]);
}

#[test]
fn a_lock_that_others_hold_is_said() {
    let (memory, mut ledger) = filled(1, u64::MAX);
    memory.0.borrow_mut().locked = true;
    assert!(matches!(ledger.append(&draft(2, 1)).unwrap_err(), LedgerError::Locked));
}

#[test]
fn an_entry_that_is_refused_leaves_the_lock_free() {
    let (memory, mut ledger) = filled(1, u64::MAX);
    let large = ledger.append(&draft(2, PAYLOAD_BYTES_MAX)).unwrap_err();
    assert!(matches!(large, LedgerError::Entry(_)), "{large:?}");
    ledger.append(&draft(2, PAYLOAD_BYTES_MAX - 100)).unwrap();
    ledger.append(&draft(3, 1)).unwrap();
    assert_eq!(numbers(&memory), [1, 2, 3]);
}

#[test]
fn checkpoints_come_by_themselves() {
    let (_, mut ledger) = filled(CHECKPOINT_EVERY as i64 * 2, u64::MAX);
    let entries = ledger.read(1).unwrap().map(Result::unwrap);
    let signed: Vec<u64> = entries
        .filter(|entry| entry.kind.as_str() == "ledger.checkpoint")
        .map(|entry| entry.sequence)
        .collect();
    assert_eq!(signed, [CHECKPOINT_EVERY, 2 * CHECKPOINT_EVERY]);
}

#[test]
fn only_what_may_be_forgotten_is() {
    let (_, mut ledger) = filled(2, u64::MAX);
    let signed = ledger.checkpoint(&origin()).unwrap();
    let error = ledger.forget(signed.payload, "a test", &origin()).unwrap_err();
    assert!(matches!(error, LedgerError::Own(3)), "{error:?}");
    let nothing = Hash::new([1; 32]);
    let error = ledger.forget(nothing, "a test", &origin()).unwrap_err();
    assert!(matches!(error, LedgerError::NotFound(hash) if hash == nothing), "{error:?}");
    assert_eq!(ledger.head().unwrap(), signed.head);
}

/// A process that dies while it forgets leaves a ledger that verifies, whenever it dies.
#[test]
fn forgetting_may_be_interrupted() {
    for life in 0..7 {
        let (memory, mut ledger) = filled(2, u64::MAX);
        let secret = ledger.append(&draft(3, 100)).unwrap();
        memory.0.borrow_mut().life = Some(life);
        let done = ledger.forget(secret.payload, "a test", &origin());
        assert_eq!(done.is_ok(), life >= 5, "{life}");
        memory.0.borrow_mut().life = None;
        let mut ledger = Ledger::new(memory.clone());
        ledger.forget(secret.payload, "a test", &origin()).unwrap();
        let head = ledger.append(&draft(4, 1)).unwrap().head;
        assert!(is_good(&memory, head), "{life}");
        let entry = ledger.read(3).unwrap().next().unwrap().unwrap();
        assert_eq!(entry.payload, Payload::Absent);
    }
}
