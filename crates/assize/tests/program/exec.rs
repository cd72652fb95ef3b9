//! `assize exec`: the command is as if it were run alone, and the record says how it ended.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::scene::{Ended, PROGRAM, SHOP, Scene, end};

fn exec(scene: &Scene, arguments: &[&str]) -> Ended {
    scene.run(&[&["exec"], arguments].concat())
}

/// The payload of the newest entry.
fn newest(scene: &Scene) -> Value {
    let log = scene.run(&["ledger", "log", "--format", "json", "--limit", "1"]).expect(0);
    let entry: Value = serde_json::from_slice(&log.out).unwrap();
    assert_eq!(entry["kind"], "run");
    entry["payload"].clone()
}

#[test]
fn the_exit_status_is_the_commands() {
    let scene = Scene::committed(SHOP);
    for (command, status, signal) in [
        ("exit 0", 0, Value::Null),
        ("exit 3", 3, Value::Null),
        ("kill -TERM $$", 143, 15.into()),
        ("kill -KILL $$", 137, 9.into()),
    ] {
        exec(&scene, &["--", "sh", "-c", command]).expect(status);
        let run = newest(&scene);
        assert_eq!((&run["exit"], &run["signal"]), (&status.into(), &signal), "{command}");
        assert!(run["duration_ms"].as_i64().unwrap() < 20_000);
    }
    let missing = exec(&scene, &["no-such-program"]).expect(127);
    assert!(missing.err.contains("cannot run `no-such-program`"), "{}", missing.err);
    assert_eq!(newest(&scene)["exit"], 127);
    scene.write("plain.txt", "no program\n");
    exec(&scene, &["./plain.txt"]).expect(126);
}

#[test]
fn what_passes_through_is_not_touched() {
    let scene = Scene::committed(SHOP);
    let script = "cat; printf 'a\\000\\377\\n'; printf 'to both' >&2; printf 'no end'";
    let mut command = scene.assize(&["exec", "--", "sh", "-c", script]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"from \xfe outside\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.stdout, b"from \xfe outside\na\0\xff\nno end");
    assert_eq!(output.stderr, b"to both");
    // One stream for both stays in order.
    let script = "for i in 1 2 3 4 5 6; do echo out $i; echo err $i >&2; done";
    let both = format!("\"$1\" exec -- sh -c '{script}' 2>&1");
    let ended = end(scene.surrounded("sh").args(["-c", &both, "sh", PROGRAM])).expect(0);
    let lines: Vec<String> =
        (1..=6).flat_map(|i| [format!("out {i}"), format!("err {i}")]).collect();
    assert_eq!(ended.text().lines().collect::<Vec<_>>(), lines);
    // A service that is left behind holds no one up.
    let started = std::time::Instant::now();
    exec(&scene, &["--", "sh", "-c", "sleep 30 & echo $!"]).expect(0);
    assert!(started.elapsed().as_secs() < 15);
}

#[test]
fn a_terminal_stays_one() {
    let scene = Scene::committed(SHOP);
    let line = format!(
        "script --quiet --return --command '{PROGRAM} exec -- sh -c \"test -t 1 && echo terminal; \
         exit 4\"' /dev/null"
    );
    let ended = end(scene.surrounded("sh").args(["-c", &line])).expect(4);
    assert!(ended.text().contains("terminal"), "{}", ended.text());
}

/// A format with passed, failed and skipped; nothing where nobody knows.
type Counted = Option<(&'static str, [u64; 3])>;

#[test]
fn tests_are_counted_and_unknown_is_not_zero() {
    let scene = Scene::committed(SHOP);
    let report = "<testsuite><testcase name=\"a\"/><testcase name=\"b\"><failure/></testcase>\
                  </testsuite>";
    scene.write("old.xml", report);
    let write = format!("printf '%s' '{report}' > report.xml");
    let cases: [(&[&str], Counted); 5] = [
        (&["--", "echo", "nothing that is known"], None),
        (
            &["--", "echo", "== 1 failed, 2 passed, 3 skipped in 0.1s =="],
            Some(("pytest", [2, 1, 3])),
        ),
        (&["--", "sh", "-c", "echo '1..1'; echo 'ok 1'"], Some(("tap", [1, 0, 0]))),
        (&["--report", "report.xml", "--", "sh", "-c", &write], Some(("junit-xml", [1, 1, 0]))),
        // What lay there before says nothing of this run.
        (&["--report", "gone.xml", "--", "true"], None),
    ];
    for (arguments, expected) in cases {
        exec(&scene, arguments).expect(0);
        let tests = newest(&scene)["tests"].clone();
        match expected {
            None => assert_eq!(tests, Value::Null, "{arguments:?}"),
            Some((format, counts)) => {
                assert_eq!(tests[0]["format"], format);
                let found =
                    ["passed", "failed", "skipped"].map(|key| tests[0][key].as_u64().unwrap());
                assert_eq!(found, counts, "{arguments:?}");
            }
        }
    }
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    let stale = exec(&scene, &["--report", "old.xml", "--", "true"]).expect(0);
    assert!(stale.err.contains("the run did not write it"), "{}", stale.err);
    assert_eq!(newest(&scene)["tests"], Value::Null);
}

#[test]
fn the_tree_is_hashed_and_the_users_list_of_files_is_left_alone() {
    let scene = Scene::committed(SHOP);
    scene.write(".gitignore", "out/\n");
    scene.write("staged.py", "x = 1\n");
    scene.git(&["add", "staged.py"]);
    scene.write("staged.py", "x = 2\n");
    let index = std::fs::read(scene.path(".git/index")).unwrap();
    let objects = scene.git(&["count-objects"]);
    exec(&scene, &["--", "true"]).expect(0);
    let still = newest(&scene);
    assert_eq!(still["tree_before"], still["tree_after"]);
    // New files count, ignored ones do not.
    exec(&scene, &["--", "sh", "-c", "mkdir out; echo > out/a"]).expect(0);
    assert_eq!(newest(&scene)["tree_after"], still["tree_after"]);
    exec(&scene, &["--", "sh", "-c", "echo 1 > new.txt"]).expect(0);
    let grown = newest(&scene);
    assert_eq!(grown["tree_before"], still["tree_after"]);
    assert_ne!(grown["tree_after"], still["tree_after"]);
    assert_eq!(std::fs::read(scene.path(".git/index")).unwrap(), index);
    assert_eq!(scene.git(&["count-objects"]), objects);
    // It is the tree that a commit of everything has.
    scene.commit("all");
    let tree = scene.git(&["rev-parse", "HEAD^{tree}"]);
    assert_eq!(grown["tree_after"], format!("git:{tree}"));
    // Without git it follows from the files as well.
    let bare = Scene::bare();
    bare.write("a.txt", "1");
    exec(&bare, &["--", "true"]).expect(0);
    let first = newest(&bare)["tree_after"].clone();
    assert!(first.as_str().unwrap().starts_with("blake3:"), "{first}");
    exec(&bare, &["--", "sh", "-c", "printf 2 > a.txt"]).expect(0);
    assert_eq!(newest(&bare)["tree_before"], first);
    assert_ne!(newest(&bare)["tree_after"], first);
}

#[test]
fn commands_are_recorded_without_credentials() {
    let scene = Scene::committed(SHOP);
    let token = ["ghp_", "1B4a9X7kQ2mZ8sR5tV0wY3nC6pL1dE2fG3hJ"].concat();
    exec(&scene, &["--", "true", "--token", &token, &format!("https://u:{token}@a.example/")]);
    let run = newest(&scene).to_string();
    assert!(run.contains("true --token") && !run.contains(&token), "{run}");
    let segment = std::fs::read(scene.segments().pop().unwrap()).unwrap();
    assert!(!String::from_utf8_lossy(&segment).contains(&token));
}

/// What talks on in the background holds no one up; a reader that takes its time loses nothing.
#[test]
fn the_end_waits_for_readers_and_not_for_talkers() {
    let scene = Scene::committed(SHOP);
    let started = std::time::Instant::now();
    let talker = "(for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo on; \
                  sleep 0.5; done) & exit 3";
    exec(&scene, &["--", "sh", "-c", talker]).expect(3);
    assert!(started.elapsed().as_secs() < 8, "{:?}", started.elapsed());
    // More than one pipe holds, and less than two.
    let slow = "\"$1\" exec -- head -c 120000 /dev/zero | (sleep 4; wc -c)";
    let ended = end(scene.surrounded("sh").args(["-c", slow, "sh", PROGRAM])).expect(0);
    assert_eq!(ended.text().trim(), "120000");
}

/// A list of files that is split in two stays as it is, both halves.
#[test]
fn a_split_list_of_files_gets_no_other_half() {
    let scene = Scene::committed(SHOP);
    scene.git(&["config", "splitIndex.maxPercentChange", "0"]);
    scene.git(&["update-index", "--split-index"]);
    let halves = || {
        let names = std::fs::read_dir(scene.path(".git")).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    exec(&scene, &["--", "true"]).expect(0);
    let before = halves();
    scene.write("new.py", "x = 1\n");
    exec(&scene, &["--", "true"]).expect(0);
    assert_eq!(halves(), before);
    assert!(newest(&scene)["tree_after"].as_str().unwrap().starts_with("git:"));
}

/// Where no terminal sends an interrupt to both, the command gets the one that was sent to us.
#[test]
#[cfg(target_os = "linux")]
fn an_interrupt_reaches_the_command() {
    let scene = Scene::committed(SHOP);
    for signal in ["INT", "QUIT", "TERM"] {
        let script = "trap 'exit 7' INT QUIT TERM; : > ../ready; while :; do sleep 0.1; done";
        let ready = scene.folder().join("ready");
        // It takes the place of the program that makes the session, with its number.
        let mut command = scene.surrounded("setsid");
        command.args([PROGRAM, "exec", "--", "sh", "-c", script]).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        while !ready.exists() {
            assert!(child.try_wait().unwrap().is_none(), "{signal}: it ended early");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        std::fs::remove_file(ready).unwrap();
        let id = child.id().to_string();
        end(scene.surrounded("kill").args([&format!("-{signal}"), "--", &id])).expect(0);
        assert_eq!(child.wait().unwrap().code(), Some(7), "{signal}");
    }
}
