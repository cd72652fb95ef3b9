//! Links, pipes and other things in the tree that are no ordinary files, and names that are no
//! ordinary text.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::UnixListener;

use crate::scene::{SHOP, SHOP_FINDINGS, Scene, end, report};

#[test]
fn loops_and_dangling_links_are_problems() {
    for scene in [Scene::of(SHOP), plain(SHOP)] {
        scene.link("loop-b", "loop-a");
        scene.link("loop-a", "loop-b");
        scene.link(".", "shop/self");
        scene.link("nowhere.py", "shop/dangling.py");
        scene.link("settings.py/below", "shop/below_a_file.py");
        scene.link("settings.py", "shop/fine.py");
        scene.link("/", "top");
        let report = scene.check(&[]);
        let mut found = SHOP_FINDINGS.to_vec();
        found.push("top:1 symlink-portable/absolute new");
        assert_eq!(report.findings(), found);
        assert_eq!(
            report.problems(),
            [
                "loop-a link-loop",
                "loop-b link-loop",
                "shop/below_a_file.py dangling-link",
                "shop/dangling.py dangling-link"
            ]
        );
    }
}

/// The same files without git.
fn plain(files: &[(&str, &str)]) -> Scene {
    let scene = Scene::bare();
    for (path, text) in files {
        scene.write(path, text);
    }
    scene
}

#[test]
fn pipes_and_sockets_are_not_waited_for() {
    let scene = plain(SHOP);
    for name in ["shop/pipe.py", "assize-pipe", ".env", "Makefile", ".claude/agents/a.md"] {
        scene.fifo(name);
    }
    let _socket = UnixListener::bind(scene.path("shop/socket.py")).unwrap();
    let report = scene.check(&[]);
    assert_eq!(report.findings(), SHOP_FINDINGS);
    let special = [".claude/agents/a.md", ".env", "Makefile", "assize-pipe", "shop/pipe.py"];
    let mut expected: Vec<String> =
        special.iter().map(|name| format!("{name} not-regular")).collect();
    expected.push("shop/socket.py not-regular".to_owned());
    assert_eq!(report.problems(), expected);
    scene.run(&["agents", "list", "--all"]).expect(0);
}

#[test]
fn a_tracked_file_that_became_a_pipe_is_not_waited_for() {
    let scene = Scene::committed(SHOP);
    scene.remove("shop/settings.py");
    scene.fifo("shop/settings.py");
    let report = scene.check(&["--changed"]);
    assert_eq!(report.problems(), ["shop/settings.py not-regular"]);
}

#[test]
fn a_tracked_file_that_became_a_folder_or_a_link_is_no_file() {
    let scene = Scene::committed(SHOP);
    scene.remove("shop/settings.py");
    scene.write("shop/settings.py/inner.py", "x = 1\n");
    scene.remove("shop/api.py");
    scene.link("/etc/passwd", "shop/api.py");
    let report = scene.check(&[]);
    assert_eq!((report.status, report.problems().len()), (0, 0), "{:?}", report.problems());
    scene.check(&["--changed"]);
}

#[test]
fn names_that_are_not_text_are_written_with_percents() {
    for (scene, with_git) in [(Scene::of(SHOP), true), (plain(SHOP), false)] {
        let code = "import os\n\nx = os.environ[\"LATIN_KEY\"]\n";
        scene.write(OsStr::from_bytes(b"shop/caf\xe9.py"), code);
        let report = scene.check(&[]);
        let mut expected = SHOP_FINDINGS.map(str::to_owned).to_vec();
        expected.insert(1, "shop/caf%E9.py:3 phantom-env/undefined new".to_owned());
        assert_eq!(report.findings(), expected);
        if !with_git {
            // Without git and configuration, the folder of a file is its root.
            continue;
        }
        let mut command = scene.assize(&["check", "--format", "full"]);
        let full = end(command.arg(OsStr::from_bytes(b"shop/caf\xe9.py"))).expect(1);
        assert!(full.text().contains("LATIN_KEY") && !full.text().contains("MAIL_KEY"));
    }
}

#[test]
fn two_names_that_are_written_alike_are_not_taken_for_one_in_silence() {
    for scene in [Scene::of(SHOP), plain(SHOP)] {
        scene.write(OsStr::from_bytes(b"shop/caf\xe9.py"), "x = 1\n");
        scene.write("shop/caf%E9.py", "y = 1\n");
        let report = scene.check(&[]);
        assert_eq!(report.problems(), ["shop/caf%E9.py unreadable"]);
    }
}

#[test]
fn a_root_with_an_odd_name_is_a_root() {
    for name in [&b"caf\xe9"[..], b"ends in blanks  ", b"new\nline", b"-dash", b"%41"] {
        let scene = Scene::bare();
        let name = OsStr::from_bytes(name);
        for (path, text) in SHOP {
            scene.write(scene.path(name).join(path), text);
        }
        scene.git_in(&scene.path(name), &["init", "--quiet"]);
        let mut command = scene.assize(&["check", "--format", "json"]);
        let report = report(command.current_dir(scene.path(name).join("shop")));
        assert_eq!(report.findings(), SHOP_FINDINGS, "{name:?}");
        assert!(report.problems().is_empty(), "{:?}", report.problems());
    }
}

#[test]
fn names_that_act_on_a_terminal_are_shown_escaped() {
    let scene = plain(&[(".env.example", "A=\n")]);
    let hostile = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}\r";
    let code = "import os\n\nx = os.environ[\"HOSTILE_KEY\"]\n";
    scene.write(format!("{hostile}/a.py"), code);
    scene.write(format!("{hostile}/b.py"), b"\xff\xfe = 1\n");
    scene.write(format!(".claude/agents/{hostile}.md"), "---\nname: \u{1b}[1mx\n---\nDo it.\n");
    let acting = |text: &str| {
        text.chars().any(|c| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}')
    };
    for format in ["full", "concise", "agent"] {
        let ended = scene.run(&["check", "--format", format, "--limit", "0"]);
        assert!(!acting(ended.text()), "{format}: {}", ended.text());
        assert!(!acting(&ended.err), "{format}: {}", ended.err);
        assert!(ended.text().contains("HOSTILE_KEY"), "{format}: {}", ended.text());
    }
    for command in [
        &["agents", "list", "--all"][..],
        &["index", "show", "env"],
        &["index", "show", hostile],
        &["index", "show", "env", hostile],
        &["explain", hostile],
        &["rules", "show", hostile],
        &["check", hostile, "/"],
        &["check", "--changed=\u{1b}[1m"],
        &["check", "\u{1b}[1mnot there"],
    ] {
        let ended = scene.run(command);
        assert!(!acting(ended.text()), "{command:?}: {}", ended.text());
        assert!(!acting(&ended.err), "{command:?}: {:?}", ended.err);
    }
    let json = scene.check(&[]);
    assert!(json.findings().iter().any(|finding| finding.starts_with(hostile)));
}
