//! The fold over the record: what one note after another makes of a session.

use assize_ledger::{Map, Value};
use proptest::prelude::*;

use super::{Note, Session};

fn note<'a>(sequence: u64, kind: &'a str, payload: &'a Map) -> Note<'a> {
    Note { sequence, time_ms: 1_000, kind, payload }
}

fn map(members: &[(&str, Value)]) -> Map {
    members.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

fn list(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|text| (*text).into()).collect())
}

fn files(file: Map) -> Map {
    map(&[("files", Value::List(vec![Value::Map(file)]))])
}

#[test]
fn a_session_knows_what_it_made_read_and_sought() {
    let mut session = Session::default();
    let made = map(&[("path", "a.py".into()), ("after", "h1".into()), ("whose", "session".into())]);
    session.apply(note(1, "change", &files(made)));
    let foreign =
        map(&[("path", "b.py".into()), ("after", "h2".into()), ("whose", "unattributed".into())]);
    session.apply(note(2, "change", &files(foreign)));
    let reads = Value::Map(map(&[("c.py", "h3".into())]));
    let judged = map(&[("reads", reads), ("searches", list(&["invoice"]))]);
    session.apply(note(3, "verdict", &judged));
    assert!(session.made("a.py") && !session.made("b.py"));
    assert_eq!((session.read("a.py"), session.read("b.py")), (Some("h1"), None));
    assert_eq!(session.read("c.py"), Some("h3"));
    assert_eq!(session.searches().collect::<Vec<_>>(), ["invoice"]);
    let gone =
        map(&[("path", "a.py".into()), ("before", "h1".into()), ("whose", "session".into())]);
    session.apply(note(4, "change", &files(gone)));
    assert!(!session.made("a.py"));
}

#[test]
fn a_breach_stays_open_until_it_is_repaired_and_untold_until_it_is_told() {
    let mut session = Session::default();
    let breach = map(&[
        ("id", "f1".into()),
        ("control", "syntax-parse".into()),
        ("path", "a.py".into()),
        ("message", "does not parse".into()),
        ("help", "mend it".into()),
        ("told", false.into()),
    ]);
    session.apply(note(7, "violation", &breach));
    session.apply(note(8, "violation", &breach));
    assert_eq!(session.open().len(), 1);
    assert_eq!(session.untold().len(), 1);
    session.apply(note(9, "told", &Map::new()));
    assert!(session.untold().is_empty());
    session.apply(note(10, "repair", &map(&[("violations", list(&["f1"]))])));
    assert!(session.open().is_empty());
}

#[test]
fn denials_are_counted_by_their_reason() {
    let mut session = Session::default();
    for sequence in 1..=3 {
        session.apply(note(sequence, "verdict", &map(&[("stopped", list(&["a", "b"]))])));
    }
    assert_eq!((session.denials("a"), session.denials("c")), (3, 0));
}

proptest! {
    #[test]
    fn what_is_kept_is_what_was_folded(
        paths in proptest::collection::vec("[a-z]{1,3}", 0..20),
        kinds in proptest::collection::vec(0_u8..5, 0..20),
    ) {
        let mut session = Session::default();
        for (index, (path, kind)) in paths.iter().zip(&kinds).enumerate() {
            let payload = map(&[
                ("path", path.as_str().into()),
                ("id", path.as_str().into()),
                ("control", "c".into()),
                ("after", "h".into()),
                ("whose", "session".into()),
                ("searches", list(&[path])),
                ("stopped", list(&[path])),
                ("violations", list(&[path])),
                ("paths", list(&[path])),
            ]);
            let mut payload = payload;
            payload.insert("files".to_owned(), Value::List(vec![Value::Map(payload.clone())]));
            let kind = ["change", "violation", "verdict", "repair", "brief"][usize::from(*kind)];
            session.apply(note(index as u64 + 1, kind, &payload));
            prop_assert!(kind != "brief" || session.briefed().has(path));
        }
        let kept = Session::from_bytes(&session.to_bytes().unwrap_or_default());
        prop_assert!(kept.is_ok_and(|kept| kept == session));
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(Session::from_bytes(&bytes));
        drop(crate::Calls::from_bytes(&bytes));
    }
}
