//! `assize ledger`: reading the record, holding it against anchors, forgetting what it holds.

use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::gate::{tell, written};
use crate::scene::{Ended, PROGRAM, SHOP, Scene, end, mode};

/// The program at a terminal, which `script` plays, with what a person types.
fn at_a_terminal(scene: &Scene, command: &str, typed: &str) -> Ended {
    let mut script = scene.surrounded("script");
    let typed =
        format!("printf '%s' '{typed}' | script --quiet --return --command '{command}' /dev/null");
    let mut shell = scene.surrounded("sh");
    script.args(["--version"]);
    assert!(script.stdout(Stdio::null()).status().unwrap().success(), "`script` is needed");
    end(shell.args(["-c", &typed]))
}

/// A record of three calls, and a commit that names its end.
fn anchored() -> Scene {
    let scene = Scene::committed(SHOP);
    for path in ["a.md", "b.md", "c.md"] {
        written(&scene, path, "hello\n");
    }
    let message = scene.folder().join("message");
    std::fs::write(&message, "Add notes\n\nThey were missing.\n").unwrap();
    scene.run(&["gate", "message", message.to_str().unwrap()]).expect(0);
    scene.git(&["add", "."]);
    scene.git(&["commit", "--quiet", "-F", message.to_str().unwrap()]);
    scene
}

#[test]
fn the_log_has_a_line_for_each_entry_and_show_has_it_whole() {
    let scene = Scene::committed(SHOP);
    written(&scene, "notes.md", "hello\n");
    written(&scene, "bad\u{1b}[31m.md", "hello\n");
    tell(&scene, "SessionStart", "", json!({}));
    scene.run(&["exec", "--name", "tests", "--", "true"]).expect(0);
    let log = scene.run(&["ledger", "log"]).expect(0);
    let lines: Vec<&str> = log.text().lines().collect();
    let all = lines.len();
    assert!(all >= 4, "{}", log.text());
    assert!(lines[0].starts_with("     1  20") && lines[0].contains("Z  claude-code/s-1"));
    assert!(lines[0].contains("verdict  write ") && lines[0].ends_with("notes.md  allow"));
    assert!(lines[all - 1].contains("person?  run  tests true  exit 0"), "{}", log.text());
    assert!(!log.text().contains('\u{1b}'));
    for (arguments, count) in [
        (&["--kind", "run"][..], 1),
        (&["--session", "s-1"], all - 1),
        (&["--session", "s-1", "--kind", "run"], 0),
        (&["--limit", "2"], 2),
        (&["--limit", "0"], all),
    ] {
        let log = scene.run(&[&["ledger", "log"], arguments].concat()).expect(0);
        assert_eq!(log.text().lines().count(), count, "{arguments:?}");
    }
    let log = scene.run(&["ledger", "log", "--format", "json", "--kind", "run"]).expect(0);
    let run: Value = serde_json::from_slice(&log.out).unwrap();
    let hash = run["hash"].as_str().unwrap();
    for which in
        [all.to_string().as_str(), hash, &hash[..10], run["payload_hash"].as_str().unwrap()]
    {
        let shown = scene.run(&["ledger", "show", which]).expect(0);
        assert_eq!(serde_json::from_slice::<Value>(&shown.out).unwrap(), run, "{which}");
    }
    for which in ["99", "0", "abc", "zzzzzzzz"] {
        assert_eq!(scene.run(&["ledger", "show", which]).status, Some(2), "{which}");
    }
}

#[test]
fn a_record_that_ends_at_its_anchor_is_good() {
    let scene = anchored();
    let text = scene.run(&["ledger", "verify"]).expect(0).text().to_owned();
    assert!(text.starts_with("unknown: 4 entries, none wrong"), "{text}");
    let text = scene.run(&["ledger", "verify", "--anchor"]).expect(0).text().to_owned();
    assert!(text.starts_with("good: 4 entries (anchor: entry 4 in commit "), "{text}");
    let message = scene.git(&["log", "-1", "--format=%B"]);
    assert!(message.starts_with("Add notes\n\nThey were missing.\n\nAssize-Ledger: "), "{message}");
    written(&scene, "d.md", "hello\n");
    let text = scene.run(&["ledger", "verify", "--anchor"]).expect(0).text().to_owned();
    assert!(text.contains("nothing vouches for what follows entry 4"), "{text}");
    let bare = Scene::bare();
    assert_eq!(bare.run(&["ledger", "verify", "--anchor"]).status, Some(2));
}

/// What somebody does to the bytes of a segment.
#[derive(Debug, Clone)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Remove(prop::sample::Index, prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Truncate(prop::sample::Index),
}

impl Damage {
    fn any() -> impl Strategy<Value = Self> {
        let at = any::<prop::sample::Index>;
        prop_oneof![
            (at(), 0..8_u8).prop_map(|(at, bit)| Self::Flip(at, bit)),
            (at(), at()).prop_map(|(from, length)| Self::Remove(from, length)),
            (at(), prop::collection::vec(any::<u8>(), 1..60))
                .prop_map(|(at, bytes)| Self::Insert(at, bytes)),
            at().prop_map(Self::Truncate),
        ]
    }

    fn done_to(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let length = bytes.len();
        match self {
            Self::Flip(at, bit) => bytes[at.index(length)] ^= 1 << bit,
            Self::Remove(from, count) => {
                let from = from.index(length);
                let end = from + 1 + count.index(length - from);
                bytes.drain(from..end.min(length));
            }
            Self::Insert(at, more) => {
                let at = at.index(length + 1);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Truncate(at) => bytes.truncate(at.index(length)),
        }
        bytes
    }
}

/// Whatever is done to the bytes of a record, the anchor in git tells, and so does the exit status.
#[test]
fn damage_is_found_with_the_anchor() {
    let scene = anchored();
    let segment = scene.segments().pop().unwrap();
    let bytes = std::fs::read(&segment).unwrap();
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(60) });
    let found = runner.run(&Damage::any(), |damage| {
        let damaged = damage.done_to(&bytes);
        std::fs::write(&segment, &damaged).unwrap();
        let ended = scene.run(&["ledger", "verify", "--anchor"]);
        if damaged.starts_with(&bytes) {
            // Something behind the last entry is a write that did not finish, or more entries.
            return Ok(());
        }
        let text = ended.text().to_owned();
        prop_assert!(ended.status == Some(1) && text.starts_with("bad: entry "), "{}", text);
        Ok(())
    });
    std::fs::write(&segment, &bytes).unwrap();
    found.unwrap();
    assert!(scene.run(&["ledger", "verify", "--anchor"]).expect(0).text().starts_with("good"));
}

#[test]
fn keys_of_the_team_are_trusted() {
    let scene = anchored();
    let key = scene.run(&["ledger", "key"]).expect(0).text().to_owned();
    // Another machine signs from here on.
    let folder = scene.segments().pop().unwrap().parent().unwrap().to_path_buf();
    std::fs::remove_file(folder.join("key")).unwrap();
    assert_ne!(scene.run(&["ledger", "key"]).expect(0).text(), key);
    let text = scene.run(&["ledger", "verify", "--anchor"]).expect(0).text().to_owned();
    assert!(text.contains("is signed by a key that is not among the trusted ones"), "{text}");
    scene.write(".assize/keys/build.pub", format!("{} the build machine\n", key.trim()));
    scene.write(".assize/keys/README.md", "not a key\n");
    scene.write(".assize/keys/broken.pub", "not a key\n");
    let ended = scene.run(&["ledger", "verify", "--anchor"]).expect(0);
    assert!(ended.text().starts_with("good"), "{}", ended.text());
    assert!(ended.err.contains("broken.pub` holds no public key"), "{}", ended.err);
}

#[test]
fn only_a_person_makes_the_record_forget() {
    let scene = anchored();
    let log = scene.run(&["ledger", "log", "--format", "json"]).expect(0);
    let first: Value = serde_json::from_str(log.text().lines().next().unwrap()).unwrap();
    let start = &first["payload_hash"].as_str().unwrap()[..8];
    let forget = ["ledger", "forget", "1", "--reason", "a name"];
    let refused = scene.run(&forget).expect(2);
    assert!(refused.err.contains("only a person"), "{}", refused.err);
    let line = format!("{PROGRAM} ledger forget 1 --reason \"a name\"");
    // A client that gives its agent a terminal.
    let client = scene.folder().join("claude");
    std::fs::write(&client, format!("#!/bin/sh\n{line}\nexit $?\n")).unwrap();
    mode(&client, 0o755);
    let refused = at_a_terminal(&scene, &client.display().to_string(), &format!("{start}\\n"));
    assert!(refused.text().contains("`claude` runs it"), "{}", refused.text());
    let wrong = at_a_terminal(&scene, &line, "yes\n");
    assert_eq!(wrong.status, Some(2));
    assert!(scene.run(&["ledger", "show", "1"]).expect(0).text().contains("a.md"));
    let done = at_a_terminal(&scene, &line, &format!("{start}\n")).expect(0);
    assert!(done.text().contains("forgotten; entry 5 says so"), "{}", done.text());
    let shown = scene.run(&["ledger", "show", "1"]).expect(0);
    assert!(!shown.text().contains("a.md"), "{}", shown.text());
    assert!(scene.run(&["ledger", "log"]).expect(0).text().contains("(forgotten)"));
    assert!(scene.run(&["ledger", "show", "5"]).expect(0).text().contains("a name"));
    let verdict = scene.run(&["ledger", "verify", "--anchor"]).expect(0);
    assert!(verdict.text().starts_with("unknown: 5 entries, none wrong"), "{}", verdict.text());
}

/// The helper itself plays a terminal: else the tests above would prove nothing.
#[test]
fn the_terminal_of_these_tests_is_one() {
    let scene = Scene::committed(SHOP);
    let ended = at_a_terminal(&scene, "test -t 0 && test -t 1 && echo both", "");
    assert!(ended.text().contains("both"), "{}", ended.text());
    let plain = Command::new("sh").args(["-c", "test -t 0"]).stdin(Stdio::null()).status().unwrap();
    assert!(!plain.success());
}
