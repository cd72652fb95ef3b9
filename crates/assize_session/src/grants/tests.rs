//! What one entry after another makes of requests, approvals and waivers.

use assize_ledger::{Map, Value};
use proptest::prelude::*;

use super::{Breach, Grants};
use crate::Note;

fn map(members: &[(&str, &str)]) -> Map {
    members.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect()
}

fn tell(grants: &mut Grants, kind: &str, payload: &Map) {
    let sequence = grants.sequence + 1;
    grants.apply(Note { sequence, time_ms: 5, kind, payload }, "claude-code:s");
}

fn denied(hash: &str) -> Map {
    let breach = Breach {
        control: "c".to_owned(),
        path: "a.py".to_owned(),
        fingerprint: format!("of {hash}"),
        is_block: true,
    };
    let mut denied =
        map(&[("verdict", "deny"), ("request", "r"), ("call-hash", hash), ("what", "rm x")]);
    denied.insert("breaches".to_owned(), Value::List(vec![breach.value()]));
    denied
}

#[test]
fn an_approval_for_one_use_has_one() {
    let mut grants = Grants::default();
    tell(&mut grants, "verdict", &denied("h"));
    assert_eq!(grants.requests().count(), 1);
    let approval = map(&[("approval", "a"), ("call-hash", "h")]);
    tell(&mut grants, "approval", &approval);
    assert_eq!(grants.requests().count(), 0);
    assert_eq!(grants.approvals("h", "2026-01-01").count(), 1);
    assert_eq!(grants.approvals("other", "2026-01-01").count(), 0);
    assert!(!grants.is_allowed("of h"));
    tell(&mut grants, "approval-used", &map(&[("approval", "a")]));
    assert!(grants.is_allowed("of h") && !grants.is_allowed("of g"));
    assert_eq!(grants.approvals("h", "2026-01-01").count(), 0);
    // A copy of the entry is no new approval.
    tell(&mut grants, "approval", &approval);
    assert_eq!(grants.approvals("h", "2026-01-01").count(), 0);
}

#[test]
fn an_approval_until_a_day_counts_on_it_and_not_after() {
    let mut grants = Grants::default();
    let until = [("approval", "a"), ("call-hash", "h"), ("until", "2026-02-03")];
    tell(&mut grants, "approval", &map(&until));
    tell(&mut grants, "approval-used", &map(&[("approval", "a")]));
    assert_eq!(grants.approvals("h", "2026-02-03").count(), 1);
    assert_eq!(grants.approvals("h", "2026-02-04").count(), 0);
}

#[test]
fn a_waiver_is_of_one_finding_and_expires() {
    let mut grants = Grants::default();
    let mut waiver = map(&[("control", "c"), ("path", "a.py"), ("until", "2026-02-03")]);
    waiver.insert("fingerprints".to_owned(), Value::List(vec!["f".into()]));
    tell(&mut grants, "waiver", &waiver);
    assert!(grants.is_waived("c", "a.py", "f", "2026-02-03"));
    assert!(!grants.is_waived("c", "a.py", "f", "2026-02-04"));
    assert!(!grants.is_waived("c", "a.py", "g", "2026-02-03"));
    assert!(!grants.is_waived("d", "a.py", "f", "2026-02-03"));
    assert!(!grants.is_waived("c", "b.py", "f", "2026-02-03"));
}

#[test]
fn a_command_is_trusted_by_its_hash() {
    let mut grants = Grants::default();
    assert!(!grants.is_trusted("h"));
    tell(&mut grants, "trust", &map(&[("command-hash", "h")]));
    let kept = Grants::from_bytes(&grants.to_bytes().unwrap()).unwrap();
    assert!(kept.is_trusted("h") && !kept.is_trusted("g"));
}

proptest! {
    #[test]
    fn what_is_kept_comes_back(kinds in prop::collection::vec((0_usize..4, "[ab]", "[hg]"), 0..20)) {
        let mut grants = Grants::default();
        for (kind, id, hash) in kinds {
            let until = "2026-02-03";
            let payload = match kind {
                0 => denied(&hash),
                1 => map(&[("approval", &id), ("call-hash", &hash)]),
                2 => map(&[("approval", &id), ("call-hash", &hash), ("until", until)]),
                _ => map(&[("approval", &id)]),
            };
            let kind = ["verdict", "approval", "approval", "approval-used"][kind];
            tell(&mut grants, kind, &payload);
        }
        let kept = Grants::from_bytes(&grants.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(kept, grants);
    }

    #[test]
    fn any_bytes_are_kept_state_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        drop(Grants::from_bytes(&bytes));
    }
}
