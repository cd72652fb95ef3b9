//! Tables of entries and answers.

use assize_ledger::{Actor, Entry, Hash, Kind, Map, Origin, Payload, Value};
use assize_model::{RepoPath, Severity};

use super::super::tree::Change;
use super::{Around, Seen, finding, has_sessions, judge};

const NEW: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

fn change(path: &str, hash: Option<&str>) -> Change {
    Change {
        path: RepoPath::new(path).unwrap(),
        bytes: path.as_bytes().to_vec(),
        hash: hash.map(str::to_owned),
        object: hash.map(|_| "0b1ec7".to_owned()),
        before: None,
    }
}

fn map(members: &[(&str, &str)]) -> Map {
    members.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect()
}

fn entry(kind: &str, session: &str, time_ms: i64, payload: Map) -> Entry {
    let actor = Actor { harness: "claude-code".to_owned(), agent: None, user: String::new() };
    Entry {
        sequence: 1,
        origin: Origin { time_ms, session: session.to_owned(), actor },
        kind: Kind::new(kind).unwrap(),
        payload_hash: Hash::new([0; 32]),
        payload: Payload::Present(payload),
        previous: Hash::new([0; 32]),
        hash: Hash::new([0; 32]),
    }
}

/// What is known of the change of `a.py` to `NEW`, by these entries between 100 and 200.
fn seen(entries: &[Entry], changed_ms: Option<i64>, client: bool) -> Seen {
    seen_of(&change("a.py", Some(NEW)), entries, changed_ms, client)
}

fn seen_of(one: &Change, entries: &[Entry], changed_ms: Option<i64>, client: bool) -> Seen {
    let around = Around {
        root: "/r",
        folder: "here",
        tree: Some("git:1"),
        client,
        begun_ms: None,
        changed_ms: &|_| changed_ms,
        in_git: &|change| change.path.as_str() == "merged.py",
    };
    let whole = [
        vec![entry("session-start", "s", 100, Map::new())],
        entries.to_vec(),
        vec![entry("verdict", "s", 200, map(&[("tool", "read"), ("what", "/r/a.py")]))],
    ];
    judge(std::slice::from_ref(one), &whole.concat(), &around)[0]
}

#[test]
fn an_entry_knows_content_call_or_file() {
    let whole = |after: &str, whose: &str| {
        map(&[("path", "a.py"), ("after", after), ("attribution", whose)])
    };
    let wrote =
        |verdict: &str, what: &str| map(&[("tool", "write"), ("what", what), ("verdict", verdict)]);
    let run = |tree: &str| map(&[("tree_before", tree), ("tree_after", "git:2")]);
    let short = &NEW[..32];
    for (kind, payload, expected) in [
        ("change", whole(NEW, "session"), Seen::Known),
        ("change", whole(short, "probable"), Seen::Known),
        ("change", whole(&NEW[..31], "session"), Seen::Other),
        ("change", whole(NEW, "unattributed"), Seen::Unattributed),
        ("change", whole(OTHER, "session"), Seen::Other),
        ("change", map(&[("path", "b.py"), ("after", NEW)]), Seen::Nothing),
        ("verdict", wrote("allow", "/r/a.py"), Seen::Known),
        ("verdict", wrote("warn", "a.py"), Seen::Known),
        ("verdict", wrote("deny", "/r/a.py"), Seen::Nothing),
        ("verdict", wrote("allow", "/r/b/a.py"), Seen::Nothing),
        ("run", run("git:1"), Seen::Known),
        ("run", run("git:9"), Seen::Nothing),
        ("other", whole(NEW, "session"), Seen::Nothing),
    ] {
        let entries = [entry(kind, "s", 150, payload.clone())];
        assert_eq!(seen(&entries, Some(150), false), expected, "{kind} {payload:?}");
    }
}

#[test]
fn a_list_of_files_is_read_and_the_newest_word_on_a_content_counts() {
    let file =
        |whose: &str| Value::Map(map(&[("path", "a.py"), ("after", &NEW[..32]), ("whose", whose)]));
    let change = |files: Vec<Value>, at: i64| {
        entry("change", "s", at, Map::from([("files".to_owned(), Value::List(files))]))
    };
    let entries = [change(vec![file("session")], 120), change(vec![file("unattributed")], 130)];
    assert_eq!(seen(&entries, Some(150), false), Seen::Unattributed);
    let entries = [change(vec![file("unattributed"), file("session")], 120)];
    assert_eq!(seen(&entries, Some(150), false), Seen::Known);
}

#[test]
fn files_that_go_are_known_by_their_going() {
    let gone = change("a.py", None);
    let entries = [entry("change", "s", 150, map(&[("path", "a.py")]))];
    assert_eq!(seen_of(&gone, &entries, None, true), Seen::Known);
    let entries = [entry("change", "s", 150, map(&[("path", "a.py"), ("after", OTHER)]))];
    assert_eq!(seen_of(&gone, &entries, None, true), Seen::Other);
}

#[test]
fn what_no_entry_knows_is_a_gap_where_a_session_was_there() {
    for (at, client, expected) in [
        (Some(99), false, Seen::Before),
        (Some(99), true, Seen::Before),
        (Some(100), false, Seen::Nothing),
        (Some(200), false, Seen::Nothing),
        (Some(201), false, Seen::Before),
        (Some(201), true, Seen::Nothing),
        (None, false, Seen::Before),
        (None, true, Seen::Nothing),
    ] {
        assert_eq!(seen(&[], at, client), expected, "{at:?} {client}");
    }
    let merged = change("merged.py", Some(NEW));
    assert_eq!(seen_of(&merged, &[], Some(150), true), Seen::Known);
}

#[test]
fn gates_and_people_are_no_sessions() {
    let none = [entry("gate", "s", 1, Map::new()), entry("run", "", 1, Map::new())];
    assert!(!has_sessions(&none));
    assert!(has_sessions(&[entry("verdict", "s", 1, Map::new())]));
    let late = [entry("gate", "s", 300, Map::new())];
    assert_eq!(seen(&late, Some(250), false), Seen::Before);
}

#[test]
fn what_is_held_follows_from_what_is_seen() {
    let one = change("a.py", Some(NEW));
    let held = |seen, weight| finding(&one, seen, weight).map(|found| (found.code, found.severity));
    let told = |code: &str, severity| Some((code.to_owned(), severity));
    let (warn, error) = (Severity::Warn, Severity::Error);
    assert_eq!(held(Seen::Known, Some(error)), None);
    assert_eq!(held(Seen::Unattributed, None), None);
    assert_eq!(held(Seen::Unattributed, Some(error)), told("unattributed", error));
    assert_eq!(held(Seen::Before, Some(warn)), told("unattributed", warn));
    assert_eq!(held(Seen::Other, Some(error)), told("other-content", warn));
    assert_eq!(held(Seen::Nothing, None), told("unseen", error));
}
