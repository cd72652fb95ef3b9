use proptest::prelude::*;

use super::*;

fn note<'a>(kind: &'a str, payload: &'a Map) -> Note<'a> {
    Note { sequence: 1, time_ms: 1, kind, payload }
}

fn pairs_of(pairs: &[(&str, &str)]) -> Value {
    Value::Map(pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).into())).collect())
}

fn map(members: &[(&str, Value)]) -> Map {
    members.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

fn given(documents: &[(&str, &str)]) -> Permit {
    let mut permit = Permit::default();
    let payload = map(&[("rules", "r".into()), ("documents", pairs_of(documents))]);
    permit.apply(&note("permit", &payload));
    permit
}

fn piece(path: &str, hash: &str, (from, to): (i64, i64), lines: i64) -> Map {
    let piece = map(&[
        ("path", path.into()),
        ("hash", hash.into()),
        ("from", from.into()),
        ("to", to.into()),
        ("lines", lines.into()),
    ]);
    map(&[("pieces", Value::List(vec![Value::Map(piece)]))])
}

const DIGESTED: Wanted<'_> = Wanted { path: "AGENTS.md", hash: "h1", is_full: false };
const WHOLE: Wanted<'_> = Wanted { path: "POLICY.md", hash: "p1", is_full: true };

fn lack(permit: &Permit, wanted: &[Wanted<'_>]) -> Option<Lack> {
    permit.lack(wanted, &|_| false)
}

#[test]
fn a_permit_is_for_states_of_documents() {
    assert_eq!(lack(&Permit::default(), &[DIGESTED]), Some(Lack::Never));
    assert_eq!(lack(&Permit::default(), &[]), None);
    let permit = given(&[("AGENTS.md", "h1")]);
    assert_eq!(lack(&permit, &[DIGESTED]), None);
    let changed = Wanted { hash: "h2", ..DIGESTED };
    let stale = Some(Lack::Stale(vec!["AGENTS.md".to_owned()]));
    assert_eq!(lack(&permit, &[changed]), stale);
    assert_eq!(permit.lack(&[changed], &|path| path == "AGENTS.md"), None);
    let new = Wanted { path: "GEMINI.md", ..DIGESTED };
    assert_eq!(lack(&permit, &[new]), Some(Lack::Stale(vec!["GEMINI.md".to_owned()])));
}

#[test]
fn what_the_session_wrote_itself_is_known_to_it() {
    let mut permit = given(&[("AGENTS.md", "h1")]);
    let file = |whose: &str| {
        map(&[("path", "AGENTS.md".into()), ("after", "h2".into()), ("whose", whose.into())])
    };
    let changed = Wanted { hash: "h2", ..DIGESTED };
    for (whose, known) in [("unattributed", false), ("session", true)] {
        let files = map(&[("files", Value::List(vec![Value::Map(file(whose))]))]);
        permit.apply(&note("change", &files));
        assert_eq!(lack(&permit, &[changed]).is_none(), known, "{whose}");
    }
}

#[test]
fn a_whole_document_is_read_in_pieces() {
    let mut permit = given(&[("POLICY.md", "p1")]);
    let unread = Some(Lack::Unread(vec!["POLICY.md".to_owned()]));
    assert_eq!(lack(&permit, &[WHOLE]), unread);
    for (hash, ends) in [("p1", (1, 40)), ("p1", (80, 100)), ("p0", (1, 100)), ("p1", (1, 40))] {
        permit.apply(&note("verdict", &piece("POLICY.md", hash, ends, 100)));
        let known = hash == "p0";
        assert_eq!(lack(&permit, &[WHOLE]), unread, "{hash} {ends:?} {known}");
    }
    for ends in [(80, 100), (41, 79)] {
        permit.apply(&note("verdict", &piece("POLICY.md", "p1", ends, 100)));
    }
    assert_eq!(lack(&permit, &[WHOLE]), None);
}

#[test]
fn a_call_is_let_run_once_for_each_state() {
    let mut permit = given(&[("AGENTS.md", "h1")]);
    permit.apply(&note("verdict", &map(&[("graced", "s2".into())])));
    assert!(permit.is_graced("s2") && !permit.is_graced("s3"));
    permit.apply(&note("permit", &map(&[("rules", "r".into())])));
    assert!(!permit.is_graced("s2"));
}

proptest! {
    #[test]
    fn pieces_cover_what_was_read_and_nothing_else(
        reads in proptest::collection::vec((1_i64..40, 0_i64..12), 0..30),
    ) {
        let (mut pieces, mut slow) = (Vec::new(), BTreeSet::new());
        for (from, more) in reads {
            add(&mut pieces, (from, from + more));
            slow.extend(from..=from + more);
        }
        let covered: BTreeSet<i64> = pieces.iter().flat_map(|(from, to)| *from..=*to).collect();
        prop_assert_eq!(covered, slow);
        prop_assert!(pieces.windows(2).all(|two| two[0].1 + 1 < two[1].0));
    }

    #[test]
    fn what_is_kept_is_what_was_folded(
        kinds in proptest::collection::vec((0_u8..4, "[ab]{1,2}", "[xy]"), 0..20),
    ) {
        let mut permit = Permit::default();
        for (kind, path, hash) in &kinds {
            let mut payload = piece(path, hash, (1, 2), if *kind == 0 { 2 } else { 9 });
            payload.extend(map(&[
                ("rules", hash.as_str().into()),
                ("documents", pairs_of(&[(path, hash)])),
                ("sections", pairs_of(&[(path, hash)])),
                ("graced", hash.as_str().into()),
                ("unread", Value::List(vec![path.as_str().into()])),
                ("controls", Value::List(vec![CONTROL.into()])),
            ]));
            permit.apply(&note(["verdict", "permit", "change", "x"][usize::from(*kind)], &payload));
        }
        let kept = Permit::from_value(Some(&permit.to_value()));
        prop_assert!(kept.is_ok_and(|kept| kept == permit));
    }
}
