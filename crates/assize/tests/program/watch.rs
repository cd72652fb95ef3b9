//! The list of files without git's: the same as git's after every way in which that can change.

use std::time::Duration;

use crate::scene::{SHOP, Scene, mode, report};

/// What changed this shortly before is never trusted.
const RACY: Duration = Duration::from_millis(2_100);

/// Puts a git before the real one that writes down what it is asked.
fn overheard(scene: &Scene) {
    let script = "#!/bin/sh\necho \"$*\" >> \"$(dirname \"$0\")/asked\"\n\
                  PATH=\"${PATH#*:}\" exec git \"$@\"\n";
    std::fs::create_dir(scene.folder().join("bin")).unwrap();
    std::fs::write(scene.folder().join("bin/git"), script).unwrap();
    mode(&scene.folder().join("bin/git"), 0o755);
}

/// Checks with the kept index, and says whether git was asked for a list.
fn lists(scene: &Scene) -> bool {
    let asked = scene.folder().join("bin/asked");
    std::fs::write(&asked, "").unwrap();
    let mut command = scene.assize(&["check", "--format", "json"]);
    let path = std::env::var("PATH").unwrap();
    command.env("PATH", format!("{}:{path}", scene.folder().join("bin").display()));
    let warm = report(&mut command);
    let cold = scene.check(&["--no-cache"]);
    assert_eq!(warm.stable_bytes(), cold.stable_bytes());
    assert_eq!(warm.count("files"), cold.count("files"));
    assert_eq!(warm.problem_bytes(), cold.problem_bytes());
    std::fs::read_to_string(&asked).unwrap().contains("ls-files")
}

/// Waits until nothing is as young as a clock's tick, and a list can be kept.
fn settle(scene: &Scene) {
    std::thread::sleep(RACY);
    lists(scene);
    assert!(!lists(scene), "nothing changed");
}

#[test]
fn git_is_asked_for_all_only_after_what_names_alone_do_not_tell() {
    const BROKEN: &str = "import shop.nowhere\n";
    let scene = Scene::of(SHOP);
    overheard(&scene);
    scene.write(".gitignore", "out/\n");
    scene.write("out/made.py", BROKEN);
    scene.write("deep/kept/one.py", "x = 1\n");
    std::fs::create_dir_all(scene.path("empty/inner")).unwrap();
    scene.commit("first");
    settle(&scene);
    let names: [(&str, &dyn Fn()); 5] = [
        ("a new file", &|| scene.write("deep/kept/two.py", BROKEN)),
        ("a new file in an empty folder", &|| scene.write("empty/inner/three.py", BROKEN)),
        ("a file that is gone", &|| scene.remove("deep/kept/two.py")),
        ("a new folder", &|| scene.write("fresh/new/four.py", BROKEN)),
        ("an ignored file", &|| scene.write("fresh/out/five.py", BROKEN)),
    ];
    for (what, step) in names {
        step();
        assert!(!lists(&scene), "{what}");
    }
    let rules: [(&str, &dyn Fn()); 5] = [
        ("an ignore rule", &|| scene.write(".gitignore", "out/\nempty/\n")),
        ("a tracked file in an ignored folder", &|| {
            scene.git(&["add", "--force", "out/made.py"]);
        }),
        ("an exclusion of this clone", &|| scene.write(".git/info/exclude", "deep/\n")),
        ("an exclusion of the user", &|| {
            let folder = scene.folder().join("home/.config/git");
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("ignore"), "empty/\n").unwrap();
        }),
        ("a checkout", &|| {
            scene.git(&["reset", "--hard"]);
        }),
    ];
    for (what, step) in rules {
        step();
        assert!(lists(&scene), "{what}");
    }
    settle(&scene);
    // Only names decide: contents are stamped by themselves.
    let file = scene.path("deep/kept/one.py");
    std::fs::OpenOptions::new()
        .append(true)
        .open(file)
        .and_then(|mut file| std::io::Write::write_all(&mut file, BROKEN.as_bytes()))
        .unwrap();
    assert!(!lists(&scene));
}
