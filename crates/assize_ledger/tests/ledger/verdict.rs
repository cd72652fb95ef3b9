//! What verifying finds: every change before the anchor, and what stays unknown.

use crate::memory::{Memory, draft, filled, origin};
use assize_ledger::{Doubt, Fault, FrameError, Head, Ledger, Trust, Verdict};
use proptest::prelude::*;

fn trust(anchor: Head) -> Trust {
    let key = filled(0, 1).1.public_key().unwrap();
    Trust { anchor: Some(anchor), keys: vec![key] }
}

fn verify(memory: &Memory, trust: &Trust) -> Verdict {
    Ledger::new(memory.clone()).verify(trust).unwrap()
}

/// Where each frame of a segment starts, and the end.
fn starts(bytes: &[u8]) -> Vec<usize> {
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let mut starts = vec![80];
    while let Some(&at) = starts.last().filter(|at| **at < bytes.len()) {
        starts.push(at + 8 + number(at) + number(at + 4) + 36);
    }
    starts
}

fn is_bad(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Bad { .. })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_flipped_bit_is_found(
        small in any::<bool>(), file in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), bit in 0..8u32,
    ) {
        let (memory, mut ledger) = filled(8, if small { 600 } else { u64::MAX });
        ledger.checkpoint(&origin()).unwrap();
        let trust = trust(ledger.append(&draft(9, 10)).unwrap().head);
        let good = verify(&memory, &trust);
        prop_assert_eq!(good, Verdict::Good { head: trust.anchor.unwrap() });
        {
            let mut world = memory.0.borrow_mut();
            let mut files: Vec<_> = world.files.values_mut().collect();
            let index = file.index(files.len());
            let bytes = &mut files[index].now;
            let at = at.index(bytes.len());
            bytes[at] ^= 1u8 << bit;
        }
        prop_assert!(is_bad(verify(&memory, &trust)));
    }

    #[test]
    fn a_removed_repeated_or_moved_entry_is_found(
        small in any::<bool>(), from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(), what in 0..3,
    ) {
        let (memory, mut ledger) = filled(9, if small { 600 } else { u64::MAX });
        let trust = trust(ledger.head().unwrap());
        {
            let mut world = memory.0.borrow_mut();
            let mut frames = Vec::new();
            for (segment, file) in &world.files {
                let starts = starts(&file.now);
                frames.extend(starts.windows(2).map(|pair| (*segment, pair[0]..pair[1])));
            }
            let (source, range) = frames[from.index(frames.len())].clone();
            let (target, place) = frames[to.index(frames.len())].clone();
            let frame = world.files[&source].now[range.clone()].to_vec();
            let removed = |world: &mut crate::memory::World| {
                world.files.get_mut(&source).unwrap().now.drain(range.clone());
            };
            let inserted = |world: &mut crate::memory::World| {
                let file = &mut world.files.get_mut(&target).unwrap().now;
                file.splice(place.start..place.start, frame.clone());
            };
            match what {
                0 => removed(&mut world),
                1 => inserted(&mut world),
                _ if (source, &range) == (target, &place) => removed(&mut world),
                _ if source == target && place.start > range.start => {
                    let file = &mut world.files.get_mut(&target).unwrap().now;
                    file.splice(place.end..place.end, frame.clone());
                    file.drain(range.clone());
                }
                _ if source == target => {
                    removed(&mut world);
                    inserted(&mut world);
                }
                _ => {
                    inserted(&mut world);
                    removed(&mut world);
                }
            }
        }
        prop_assert!(is_bad(verify(&memory, &trust)));
    }

    /// Cut anywhere: bad where the anchor is cut off, unknown behind it, never good.
    #[test]
    fn a_cut_is_found(anchor in 1..10i64, at in any::<prop::sample::Index>()) {
        let (memory, mut ledger) = filled(anchor, u64::MAX);
        let trust = trust(ledger.head().unwrap());
        let end = memory.0.borrow().files[&1].now.len();
        for number in anchor + 1..=10 {
            ledger.append(&draft(number, 10)).unwrap();
        }
        let cut = {
            let mut world = memory.0.borrow_mut();
            let bytes = &mut world.files.get_mut(&1).unwrap().now;
            let cut = at.index(bytes.len());
            bytes.truncate(cut);
            cut
        };
        match verify(&memory, &trust) {
            Verdict::Bad { .. } => prop_assert!(cut < end),
            Verdict::Unknown { doubt: Doubt::Torn { .. } | Doubt::BeyondAnchor { .. }, .. } => {
                prop_assert!(cut > end);
            }
            Verdict::Good { .. } => prop_assert_eq!(cut, end),
            verdict => prop_assert!(false, "{verdict:?}"),
        }
    }
}

#[test]
fn what_is_cut_off_between_entries_behind_the_anchor_is_unknown() {
    let (memory, mut ledger) = filled(3, u64::MAX);
    let trust = trust(ledger.head().unwrap());
    let fourth = ledger.append(&draft(4, 10)).unwrap().head;
    let doubt = Doubt::BeyondAnchor { anchor: 3 };
    assert_eq!(verify(&memory, &trust), Verdict::Unknown { head: fourth, doubt });
    let doubt = Doubt::NoAnchor;
    let unknown = Verdict::Unknown { head: fourth, doubt };
    assert_eq!(verify(&memory, &Trust::default()), unknown);
}

#[test]
fn a_missing_segment_is_found() {
    let (memory, mut ledger) = filled(9, 600);
    let trust = trust(ledger.head().unwrap());
    let segments: Vec<u64> = memory.0.borrow().files.keys().copied().collect();
    assert!(segments.len() > 2);
    for segment in segments {
        let file = memory.0.borrow_mut().files.remove(&segment).unwrap();
        let verdict = verify(&memory, &trust);
        assert!(matches!(verdict, Verdict::Bad { sequence, .. } if sequence <= segment));
        memory.0.borrow_mut().files.insert(segment, file);
    }
}

/// What a crash leaves at the end of the last segment is damage where a segment follows.
#[test]
fn torn_bytes_in_front_of_a_segment_are_bad() {
    let (memory, mut ledger) = filled(9, 600);
    let segments: Vec<u64> = memory.0.borrow().files.keys().copied().collect();
    memory.0.borrow_mut().files.get_mut(&segments[1]).unwrap().now.pop();
    assert!(is_bad(verify(&memory, &Trust::default())));
    assert!(ledger.read(1).unwrap().last().unwrap().is_err());
}

#[test]
fn reading_does_not_step_over_a_missing_segment() {
    let (memory, mut ledger) = filled(9, 600);
    let segments: Vec<u64> = memory.0.borrow().files.keys().copied().collect();
    memory.0.borrow_mut().files.remove(&segments[1]);
    let entries: Vec<_> = ledger.read(1).unwrap().collect();
    assert_eq!(entries.iter().filter(|entry| entry.is_ok()).count() as u64, segments[1] - 1);
    assert!(entries.last().unwrap().is_err());
}

#[test]
fn what_the_anchor_covers_is_never_called_torn() {
    let (memory, mut ledger) = filled(3, u64::MAX);
    let trust = trust(ledger.head().unwrap());
    *memory.0.borrow_mut().files.get_mut(&1).unwrap().now.last_mut().unwrap() ^= 1;
    let fault = Fault::Frame(FrameError::Lengths);
    assert_eq!(verify(&memory, &trust), Verdict::Bad { sequence: 3, fault });
    let torn = verify(&memory, &Trust { anchor: None, ..trust });
    assert!(matches!(torn, Verdict::Unknown { doubt: Doubt::Torn { .. }, .. }), "{torn:?}");
}

/// An entry is forgotten after the verifier saw how long the ledger is, and before it reads.
#[test]
fn forgetting_while_somebody_verifies_is_no_damage() {
    let (memory, mut ledger) = filled(3, u64::MAX);
    let payload = ledger.read(2).unwrap().next().unwrap().unwrap().payload_hash;
    let before = memory.0.borrow().files[&1].now.len() as u64;
    let head = ledger.forget(payload, "a test", &origin()).unwrap().head;
    memory.0.borrow_mut().length_before = Some(before);
    let good = Verdict::Good { head };
    assert_eq!(verify(&memory, &trust(head)), good);
}

/// The same entries written again are another chain.
#[test]
fn a_rewritten_ledger_does_not_hold_the_anchor() {
    let (memory, mut ledger) = filled(5, u64::MAX);
    let trust = trust(ledger.head().unwrap());
    let (other, mut ledger) = filled(4, u64::MAX);
    ledger.append(&draft(99, 10)).unwrap();
    let fault = Fault::Anchor;
    assert_eq!(verify(&other, &trust), Verdict::Bad { sequence: 5, fault });
    assert_ne!(verify(&memory, &trust), verify(&other, &trust));
}

#[test]
fn a_checkpoint_counts_by_its_key_alone() {
    let (memory, mut ledger) = filled(2, u64::MAX);
    let head = ledger.checkpoint(&origin()).unwrap().head;
    assert_eq!(verify(&memory, &trust(head)), Verdict::Good { head });
    let stranger = Trust { anchor: Some(head), keys: Vec::new() };
    let doubt = Doubt::Key { sequence: 3 };
    assert_eq!(verify(&memory, &stranger), Verdict::Unknown { head, doubt });
}

#[test]
fn a_forgotten_payload_is_gone_and_the_chain_holds() {
    for segment_bytes_max in [u64::MAX, 600, 1] {
        let (memory, mut ledger) = filled(3, segment_bytes_max);
        let secret = ledger.append(&draft(0x5ec2e7, 40)).unwrap();
        ledger.append(&draft(5, 10)).unwrap();
        ledger.forget(secret.payload, "a test", &origin()).unwrap();
        let trust = trust(ledger.head().unwrap());
        let head = trust.anchor.unwrap();
        assert_eq!(verify(&memory, &trust), Verdict::Good { head });
        let needle = [0x5e, 0xc2, 0xe7];
        for file in memory.0.borrow().files.values() {
            assert!(!file.synced.windows(3).any(|window| window == needle));
        }
        let entries: Vec<_> = ledger.read(4).unwrap().map(Result::unwrap).collect();
        assert_eq!(entries[0].payload, assize_ledger::Payload::Absent);
        assert_eq!(entries[0].payload_hash, secret.payload);
        let mut out = Vec::new();
        ledger.export(1, &mut out).unwrap();
        assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 6);
    }
}

/// Without an entry that says so, a payload that is gone is damage.
#[test]
fn a_payload_that_vanished_is_bad() {
    let (memory, mut ledger) = filled(4, u64::MAX);
    let trust = trust(ledger.head().unwrap());
    let place = starts(&memory.0.borrow().files[&1].now)[2] - 36 - 20;
    memory.0.borrow_mut().files.get_mut(&1).unwrap().now[place..place + 10].fill(0);
    let fault = Fault::Payload;
    assert_eq!(verify(&memory, &trust), Verdict::Bad { sequence: 2, fault });
}
