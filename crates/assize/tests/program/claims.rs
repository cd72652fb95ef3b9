//! `assize claims`: the same sentences, before and after there is evidence.

use serde_json::Value;

use crate::scene::{Ended, Scene};

const APP: &str = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n\
                   @app.get(\"/health\")\ndef health():\n    return {}\n\n\n\
                   @app.get(\"/legacy\")\ndef legacy():\n    return {}\n";
const FILES: &[(&str, &str)] = &[
    // Where variables are listed, one that is not is a finding.
    (".env.example", "DATABASE_URL=\n"),
    ("app/__init__.py", ""),
    ("app/main.py", APP),
    ("app/old.py", "def unused_total():\n    return 1\n"),
    ("README.md", "# Shop\n"),
    ("CHANGELOG.md", "# Changelog\n"),
];

/// Writes a report beside the tree and holds it against the tree.
fn claims(scene: &Scene, text: &str, more: &[&str]) -> Ended {
    let report = scene.folder().join("report.md");
    std::fs::write(&report, text).unwrap();
    scene.run(&[&["claims", report.to_str().unwrap()], more].concat())
}

/// The answer to the only claim of a sentence, and its proof.
#[track_caller]
fn answer(scene: &Scene, sentence: &str, more: &[&str]) -> (String, String) {
    let ended = claims(scene, sentence, &[&["--format", "json"], more].concat());
    let value: Value = serde_json::from_slice(&ended.out).unwrap();
    let all = value["claims"].as_array().unwrap();
    assert_eq!(all.len(), 1, "{sentence}: {value}");
    let text = |key: &str| all[0][key].as_str().unwrap().to_owned();
    let (answer, proof) = (text("answer"), text("proof"));
    assert_eq!(ended.status, Some(i32::from(answer == "false")), "{sentence}: {value}");
    (answer, proof)
}

/// A repository on a branch, one commit after its base.
fn changed() -> Scene {
    let scene = Scene::committed(FILES);
    scene.git(&["switch", "--quiet", "-c", "work"]);
    let added = "\n\n@app.post(\"/orders\")\ndef order(total: int):\n    return total\n";
    let without = APP.split("\n\n\n@app.get(\"/legacy\")").next().unwrap();
    scene.write("app/main.py", format!("{without}\n{added}"));
    scene.write(
        "app/store.py",
        "import os\n\nURL = os.environ[\"STORE_URL\"]\n\n\n\
                                 class OrderStore:\n    name = URL\n\n\n\
                                 def load_orders():\n    return []\n",
    );
    scene
        .write("migrations/001_orders.sql", "CREATE TABLE order_items (id INTEGER PRIMARY KEY);\n");
    scene.write("Makefile", "lint:\n\truff check .\n");
    scene.write("CHANGELOG.md", "# Changelog\n\n- orders\n");
    scene.remove("app/old.py");
    scene.commit("orders");
    scene
}

#[test]
fn what_came_and_went_is_told_from_what_is_only_said() {
    let scene = changed();
    let base = ["--base", "main"];
    for (sentence, expected, proof) in [
        ("Added endpoint POST /orders.", "true", "app/main.py:"),
        ("Added endpoint GET /refunds.", "false", "names `refunds`"),
        ("Added endpoint GET /health.", "false", "was there at main"),
        ("Removed endpoint GET /legacy.", "true", "app/main.py:"),
        ("Removed endpoint GET /health.", "false", "still at app/main.py"),
        ("Added table `order_items`.", "true", "migrations/001_orders.sql:1"),
        ("Added table `refunds`.", "false", "names `refunds`"),
        ("Added env var `STORE_URL`.", "true", "app/store.py:3"),
        ("Added env var `REFUND_URL`.", "false", "names `REFUND_URL`"),
        ("Added function `load_orders`.", "true", "app/store.py:"),
        ("Added function `load_refunds()`.", "false", "names `load_refunds`"),
        ("Removed function `unused_total`.", "true", "app/old.py:1"),
        ("Removed function `load_orders`.", "false", "still at app/store.py"),
        ("Added class `OrderStore`.", "true", "app/store.py:"),
        ("Added command `make lint`.", "true", "Makefile:1"),
        ("Added file `app/store.py`.", "true", "app/store.py"),
        ("Changelog updated.", "true", "CHANGELOG.md differs"),
        ("Documentation updated.", "false", "no document is among"),
        ("No breaking changes.", "false", "`GET /legacy`"),
        ("No TODOs left.", "true", "files of code"),
        ("Coverage is 91%.", "unproven", "no recorded run"),
        ("100% compliant.", "unproven", "rules coverage"),
        ("Fixed all `phantom-env` findings.", "false", "app/store.py:3"),
        ("Fixed all `syntax-parse` findings.", "true", "found nothing"),
    ] {
        let (answer, told) = answer(&scene, sentence, &base);
        assert_eq!(answer, expected, "{sentence}: {told}");
        assert!(told.contains(proof), "{sentence}: {told}");
    }
    scene.write("app/late.py", "x = 1  # TODO: mend\n");
    let is_false = |sentence: &str, place: &str| {
        let (answer, told) = answer(&scene, sentence, &base);
        assert_eq!((answer.as_str(), told.contains(place)), ("false", true), "{told}");
    };
    is_false("No TODOs left.", "app/late.py:1");
    scene.write("app/late.py", "def f(:\n");
    is_false("100% compliant.", "syntax-parse at app/late.py:1");
    is_false("Fixed all `syntax-parse` findings.", "app/late.py:1");
}

#[test]
fn without_a_base_nothing_committed_is_called_a_lie() {
    let scene = changed();
    for sentence in ["Added endpoint POST /orders.", "Changelog updated.", "Documentation updated."]
    {
        let (answer, told) = answer(&scene, sentence, &[]);
        assert_eq!(answer, "unproven", "{sentence}: {told}");
        assert!(told.contains("--base"), "{told}");
    }
    let unknown = claims(&scene, "Changelog updated.", &["--base", "no-such"]).expect(2);
    assert!(unknown.err.contains("no-such"), "{}", unknown.err);
}

#[test]
fn tests_pass_only_by_a_recorded_run_on_these_files() {
    let scene = changed();
    let is = |sentence: &str, expected: &str| {
        let (answer, told) = answer(&scene, sentence, &[]);
        assert_eq!(answer, expected, "{sentence}: {told}");
        told
    };
    assert!(is("All tests pass.", "unproven").contains("assize exec"));
    let run = |words: &str, status: i32| {
        let script = format!("echo '{words}'; exit {status}");
        scene.run(&["exec", "--name", "tests", "--", "sh", "-c", &script]).expect(status);
    };
    run("== 3 passed in 0.1s ==", 0);
    assert!(is("All tests pass.", "true").contains("3 passed, 0 failed"));
    is("3 tests pass.", "true");
    is("5 tests pass.", "false");
    is("2 tests pass.", "unproven");
    is("`pytest` passes.", "unproven");
    scene.write("app/store.py", "x = 1\n");
    assert!(is("All tests pass.", "unproven").contains("the files changed since"));
    run("== 1 failed, 2 passed in 0.1s ==", 1);
    is("All tests pass.", "false");
    // Another session's run is no evidence for this one.
    let (answer, _) = answer(&scene, "All tests pass.", &["--session", "other"]);
    assert_eq!(answer, "unproven");
}

#[test]
fn a_record_that_was_changed_proves_nothing() {
    let scene = changed();
    scene.run(&["exec", "--", "echo", "== 3 passed in 0.1s =="]).expect(0);
    assert_eq!(answer(&scene, "All tests pass.", &[]).0, "true");
    let segment = scene.segments().pop().unwrap();
    let mut bytes = std::fs::read(&segment).unwrap();
    let at = bytes.windows(8).position(|part| part == b"3 passed").unwrap();
    bytes[at] = b'9';
    std::fs::write(&segment, bytes).unwrap();
    let (answer, told) = answer(&scene, "All tests pass.", &[]);
    assert_ne!(answer, "true", "{told}");
}

#[test]
fn status_and_output_follow_the_answers() {
    let scene = changed();
    let ended = claims(&scene, "The weather is fine.\n", &["--strict"]).expect(0);
    assert_eq!(ended.text(), "0 claims: 0 true, 0 false, 0 unproven\n");
    let unproven = "All tests pass.\n";
    claims(&scene, unproven, &[]).expect(0);
    claims(&scene, unproven, &["--strict"]).expect(1);
    let report =
        "# Report\n\nAdded table `order_items`.\nAll tests pass.\nAdded table `refunds`.\n";
    let ended = claims(&scene, report, &["--base", "main"]).expect(1);
    let lines: Vec<&str> = ended.text().lines().collect();
    assert!(lines[0].starts_with("true ") && lines[0].contains("report.md:3  table `order_items`"));
    assert!(lines[2].starts_with("unproven ") && lines[4].starts_with("false "), "{lines:?}");
    assert_eq!(*lines.last().unwrap(), "3 claims: 1 true, 1 false, 1 unproven");
    let hostile = claims(&scene, "Added table `a\u{1b}[31mb`. All tests pass\u{202e}.\n", &[]);
    assert!(!hostile.text().contains(['\u{1b}', '\u{202e}']), "{}", hostile.text());
    scene.run(&["claims", "no-such-file"]).expect(2);
}

#[test]
fn a_report_in_the_tree_does_not_prove_itself() {
    let scene = changed();
    scene.write("docs/REPORT.md", "Documentation updated. Added table `refunds`.\n");
    let ended = scene.run(&["claims", "docs/REPORT.md", "--base", "main"]).expect(1);
    assert!(ended.text().contains("0 true, 2 false"), "{}", ended.text());
}

#[test]
fn without_git_there_is_no_base_and_nothing_breaks() {
    let scene = Scene::bare();
    scene.write("a.py", "def total():\n    return 1\n");
    let (answer, told) = answer(&scene, "Added function `total`.", &[]);
    assert_eq!(answer, "unproven", "{told}");
    let (answer, _) = self::answer(&scene, "No TODOs left.", &[]);
    assert_eq!(answer, "true");
}

#[test]
fn what_is_no_text_is_refused_and_costs_nothing() {
    let scene = Scene::committed(&[("a.py", "x = 1\n")]);
    for (bytes, words) in [
        (b"\xff\xfe".to_vec(), "is not UTF-8"),
        (b"[".repeat(100_000), "brackets nest deeper"),
        (b"a".repeat((1 << 20) + 1), "has more than"),
    ] {
        scene.write("report.md", &bytes);
        let ended = scene.run(&["claims", "report.md"]).expect(2);
        assert!(ended.err.contains(words), "{}", ended.err);
        let file = std::fs::File::open(scene.path("report.md")).unwrap();
        let ended = scene.assize(&["claims", "-"]).stdin(file).output().unwrap();
        let err = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.code() == Some(2) && err.contains(words), "{err}");
    }
}
