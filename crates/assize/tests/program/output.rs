//! What goes to which stream, what a reader who leaves early sees, colours, and paths on the
//! command line.

use std::io::Read as _;
use std::process::Stdio;

use crate::scene::{PROGRAM, SHOP, SHOP_FINDINGS, Scene, end};

#[test]
fn exit_status_is_zero_one_or_two() {
    let status = |scene: &Scene| end(scene.surrounded(PROGRAM).arg("check")).status;
    let scene = Scene::of(&[("a.py", "x = 1\n")]);
    assert_eq!(status(&scene), Some(0));
    scene.write("a.py", "x = = 1\n");
    assert_eq!(status(&scene), Some(1));
    scene.write("assize.toml", "x = 1\n");
    assert_eq!(status(&scene), Some(2));
    // Warnings alone do not fail, unless that is asked for.
    let scene = Scene::of(&[("a.md", "[b](b.md)\n")]);
    assert_eq!(scene.check(&[]).findings(), ["a.md:1 doc-link/missing-file new"]);
    scene.write("assize.toml", "[controls.doc-link]\nseverity = \"warn\"\n");
    assert_eq!(status(&scene), Some(0));
    assert_eq!(scene.run(&["check", "--fail-on", "warn"]).status, Some(1));
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let scene = Scene::of(SHOP);
    let reads = (0..1_000).map(|number| format!("x = os.environ[\"KEY_{number}\"]\n"));
    scene.write("shop/many.py", "import os\n".to_owned() + &reads.collect::<String>());
    for format in ["full", "concise", "agent", "json", "sarif"] {
        let mut command = scene.assize(&["check", "--format", format, "--limit", "0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*err), (Some(0), ""), "{format}");
    }
    let mut command = scene.surrounded("sh");
    command.args(["-c", "\"$1\" rules coverage | head -1", "sh", PROGRAM]);
    let ended = end(&mut command).expect(0);
    assert_eq!((ended.err.as_str(), ended.text().lines().count()), ("", 1));
}

#[test]
fn closed_streams_are_survived() {
    let scene = Scene::of(SHOP);
    for (redirection, status) in [("2>&-", 1), ("2>/dev/full", 1), ("<&-", 1)] {
        let mut command = scene.surrounded("sh");
        let script = format!("\"$1\" check --fail-on warn {redirection}");
        command.args(["-c", &script, "sh", PROGRAM]);
        assert_eq!(end(&mut command).status, Some(status), "{redirection}");
    }
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let scene = Scene::of(SHOP);
    for format in ["full", "concise", "agent", "json", "sarif"] {
        let ended = scene.run(&["check", "--format", format]).expect(1);
        assert!(!ended.out.contains(&0x1b) && !ended.err.contains('\u{1b}'), "{format}");
    }
    let coloured = end(scene.assize(&["check"]).env("FORCE_COLOR", "1"));
    assert!(coloured.out.contains(&0x1b));
    let asked = [("NO_COLOR", "1"), ("TERM", "dumb")];
    for (name, value) in asked {
        let plain = end(scene.assize(&["check"]).env("FORCE_COLOR", "1").env(name, value));
        assert!(!plain.out.contains(&0x1b), "{name}");
        let failed =
            end(scene.assize(&["check", "nowhere"]).env("FORCE_COLOR", "1").env(name, value));
        assert!(!failed.err.contains('\u{1b}'), "{name}");
    }
    for format in ["json", "sarif"] {
        let ended = end(scene.assize(&["check", "--format", format]).env("FORCE_COLOR", "1"));
        assert!(!ended.out.contains(&0x1b), "{format}");
    }
}

#[test]
fn a_path_narrows_what_is_shown_and_not_what_is_known() {
    let scene = Scene::of(SHOP);
    assert_eq!(scene.check(&["shop/settings.py"]).findings(), SHOP_FINDINGS[1..]);
    assert_eq!(scene.check(&["shop/api.py", "shop/settings.py"]).findings(), SHOP_FINDINGS);
    assert_eq!(scene.check(&[".env.example"]).status, 0);
    let mut below = scene.assize(&["check", "--format", "json", ".."]);
    let below = crate::scene::report(below.current_dir(scene.path("shop")));
    assert_eq!(below.findings(), SHOP_FINDINGS);
}

#[test]
fn a_path_that_cannot_be_looked_at_is_an_error() {
    let scene = Scene::of(SHOP);
    for paths in [
        &["nowhere"][..],
        &["shop", "nowhere"],
        &["shop", "/"],
        &["shop", ".."],
        &[""],
        &["shop/api.py/x"],
        &["\u{1b}[2Jnowhere"],
    ] {
        let mut command = scene.assize(&["check", "--format", "json"]);
        let ended = end(command.args(paths)).expect(2);
        assert!(ended.out.is_empty() && ended.err.starts_with("error: "), "{}", ended.err);
        assert!(!ended.err.contains('\u{1b}'));
    }
    let outside = scene.run(&["check", "shop", "/"]).expect(2);
    assert!(outside.err.contains("lies outside the root"), "{}", outside.err);
}

/// A path of which the index holds nothing was not checked, and a clean report would say it was.
#[test]
fn a_path_that_is_ignored_is_said_to_be() {
    let scene = Scene::of(SHOP);
    scene.write(".gitignore", "out/\n");
    scene.write("out/a.py", "def broken(:\n");
    let ended = scene.run(&["check", "out"]).expect(0);
    assert!(ended.err.contains("`out`"), "{}", ended.err);
    assert!(scene.run(&["check", "shop"]).err.is_empty());
}

#[test]
fn a_limit_says_what_it_left_out() {
    let scene = Scene::of(SHOP);
    scene.write("shop/zone.py", "import os\n\nZONE = os.environ[\"ZONE_KEY\"]\n");
    let cut = scene.run(&["check", "--format", "concise", "--limit", "1"]).expect(1);
    assert!(cut.text().contains("shop/settings.py:4") && !cut.text().contains("shop/zone.py:3"));
    assert!(cut.text().contains("1 more"), "{}", cut.text());
    let whole = scene.run(&["check", "--format", "concise", "--limit", "0"]).expect(1);
    assert!(whole.text().contains("shop/zone.py:3"));
}

#[test]
fn sarif_and_json_name_the_same_findings() {
    let scene = Scene::of(SHOP);
    let json = scene.check(&[]);
    let sarif = scene.run(&["check", "--format", "sarif"]).expect(1);
    let sarif: serde_json::Value = serde_json::from_slice(&sarif.out).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), json.findings().len());
    assert_eq!(sarif["runs"][0]["invocations"][0]["exitCode"], 1);
}
