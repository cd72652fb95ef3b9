//! The kept index: the same answer with it, without it, after it was damaged, and from several
//! processes and threads at once.

use std::path::PathBuf;
use std::time::Duration;

use crate::scene::{SHOP, SHOP_FINDINGS, Scene, end, report};

/// git's rule for racy files: what changed this shortly before is read again.
pub(crate) const RACY: Duration = Duration::from_millis(2_100);

fn folder(scene: &Scene) -> PathBuf {
    std::fs::read_dir(scene.cache().join("assize")).unwrap().next().unwrap().unwrap().path()
}

/// The small file that names the snapshot and holds what changed since it was written.
fn layer(scene: &Scene) -> PathBuf {
    folder(scene).join("index.layer")
}

/// The names of the snapshots that are kept.
fn snapshots(scene: &Scene) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder(scene)).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|ending| ending == "snapshot")).collect()
}

/// The one snapshot that is kept.
fn snapshot(scene: &Scene) -> PathBuf {
    let mut paths = snapshots(scene);
    assert_eq!(paths.len(), 1, "{paths:?}");
    paths.remove(0)
}

/// A shop with enough of everything that threads have something to share.
fn large_shop() -> Scene {
    let scene = Scene::of(SHOP);
    for number in 0..200 {
        let code = format!("import os\n\nx = os.environ[\"KEY_{}\"]\n", number % 7);
        scene.write(format!("shop/part{number}/__init__.py"), "");
        scene.write(format!("shop/part{number}/code.py"), code);
        scene.write(format!("docs/page{number}.md"), "# Page\n\n[next](nowhere.md)\n");
    }
    scene.write("docs/latin.md", b"caf\xe9\n");
    scene.link("nowhere", "docs/link");
    scene.write("shop/broken.py", "def broken(:\n");
    scene.commit("first");
    scene
}

#[test]
fn threads_and_cache_do_not_change_a_byte() {
    let scene = large_shop();
    let one = scene.check(&["--threads", "1", "--no-cache"]);
    assert!(one.findings().len() > 400 && one.problems().len() == 2);
    let same = |arguments: &[&str]| {
        let other = scene.check(arguments);
        assert_eq!(one.stable_bytes(), other.stable_bytes(), "{arguments:?}");
        assert_eq!(one.problem_bytes(), other.problem_bytes(), "{arguments:?}");
        assert_eq!(one.count("parsed"), other.count("parsed"), "{arguments:?}");
    };
    same(&["--threads", "4", "--no-cache"]);
    std::thread::sleep(RACY);
    same(&["--threads", "4"]);
    let kept = std::fs::metadata(layer(&scene)).unwrap().modified().unwrap();
    same(&["--threads", "1"]);
    same(&["--threads", "4"]);
    let still = std::fs::metadata(layer(&scene)).unwrap().modified().unwrap();
    assert_eq!(kept, still, "nothing changed, so nothing is written");

    // One file touched: its bytes are the same.
    scene.write("shop/broken.py", "def broken(:\n");
    same(&["--threads", "4"]);
    same(&["--threads", "1"]);

    // One file edited, one made, one deleted: as a cold run says.
    scene.write("shop/broken.py", "import os\n\nx = os.environ[\"KEY_9\"]\n");
    scene.write("shop/new.py", "import os\n\nx = os.environ[\"KEY_8\"]\n");
    scene.write("docs/nowhere.md", "# Here\n");
    scene.remove("docs/page7.md");
    let warm = scene.check(&["--threads", "4"]);
    let cold = scene.check(&["--threads", "1", "--no-cache"]);
    assert_eq!(warm.stable_bytes(), cold.stable_bytes());
    assert_eq!(warm.problem_bytes(), cold.problem_bytes());
    assert_ne!(one.stable_bytes(), cold.stable_bytes());
}

/// A file in every way in which it may be cut, altered or lengthened.
fn damaged(whole: &[u8]) -> Vec<Vec<u8>> {
    let last = whole.len() - 1;
    let cuts = [0, 1, 7, 8, 79, 80, 103, 191, 192, 300, last];
    let mut damaged: Vec<Vec<u8>> =
        cuts.into_iter().map(|len| whole[..len.min(last)].to_vec()).collect();
    for at in [0, 50, 79, 80, 100, 103, 104, 150, 192, 250, whole.len() / 2, last] {
        let mut bytes = whole.to_vec();
        bytes[at.min(last)] ^= 0xff;
        damaged.push(bytes);
    }
    damaged.push(b"nothing of the kind".to_vec());
    damaged.push([whole, &[0; 100]].concat());
    damaged
}

#[test]
fn a_damaged_index_is_built_anew_and_said_so() {
    let scene = Scene::of(SHOP);
    assert!(scene.check(&[]).problems().is_empty());
    scene.write("shop/more.py", "x = 1\n");
    let parts: [fn(&Scene) -> PathBuf; 2] = [snapshot, layer];
    for part in parts {
        let whole = {
            // A change that lies over the snapshot.
            scene.write("shop/more.py", "y = 2\n");
            scene.check(&[]);
            std::fs::read(part(&scene)).unwrap()
        };
        for (number, bytes) in damaged(&whole).iter().enumerate() {
            std::fs::write(part(&scene), bytes).unwrap();
            let report = scene.check(&[]);
            assert_eq!((report.status, report.findings().len()), (1, 2), "case {number}");
            assert_eq!(report.findings(), SHOP_FINDINGS, "case {number}");
            assert_eq!(report.problems(), [" cache"], "case {number}");
            assert_eq!(scene.check(&[]).problems(), Vec::<String>::new(), "case {number}");
        }
    }
}

/// Layout number and tag tell versions apart: another one is no damage.
#[test]
fn an_index_of_another_version_is_replaced_without_a_word() {
    let scene = Scene::of(SHOP);
    scene.check(&[]);
    let places = [8, 11, 16, 47].map(|at| (snapshot(&scene), at)).into_iter();
    for (path, at) in places.chain([8, 39].map(|at| (layer(&scene), at))) {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[at] ^= 0xff;
        std::fs::write(&path, &bytes).unwrap();
        let report = scene.check(&[]);
        assert_eq!(report.findings(), SHOP_FINDINGS);
        assert!(report.problems().is_empty(), "{:?}", report.problems());
    }
}

#[test]
fn a_snapshot_goes_when_no_state_names_it() {
    let scene = large_shop();
    std::thread::sleep(RACY);
    scene.check(&[]);
    let first = snapshot(&scene);
    // What was added lies over the snapshot.
    scene.write("shop/more.py", "x = 1\n");
    scene.check(&[]);
    assert_eq!(snapshot(&scene), first);
    // So much that it is written anew.
    for number in 0..300 {
        scene.write(format!("more/f{number}.py"), "x = 1\n");
    }
    scene.check(&[]);
    assert_ne!(snapshot(&scene), first);
}

#[test]
fn a_damaged_pass_is_run_again() {
    let scene = Scene::of(SHOP);
    scene.check(&[]);
    std::thread::sleep(RACY);
    scene.check(&[]);
    let path = layer(&scene).with_file_name("last.pass");
    let whole = std::fs::read(&path).unwrap();
    let cuts = [0, 7, 40, 71, 72, 73, 100, whole.len() - 1].map(|len| whole[..len].to_vec());
    let flips = [0, 8, 39, 40, 71, 72, 80, 100, whole.len() / 2, whole.len() - 1].map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x01;
        bytes
    });
    for (number, bytes) in cuts.into_iter().chain(flips).enumerate() {
        std::fs::write(&path, bytes).unwrap();
        let report = scene.check(&[]);
        assert_eq!(report.findings(), SHOP_FINDINGS, "case {number}");
        assert!(report.problems().is_empty(), "case {number}");
        assert_eq!(std::fs::read(&path).unwrap(), whole, "case {number}");
    }
    std::fs::remove_file(&path).unwrap();
    assert!(end(std::process::Command::new("mkfifo").arg(&path)).status == Some(0));
    assert_eq!(scene.check(&[]).findings(), SHOP_FINDINGS);
}

/// One edit after the other, each seen with the index and the pass of the one before it.
#[test]
fn any_edit_gives_with_the_cache_what_it_gives_without() {
    let scene = Scene::of(SHOP);
    let read = |key: &str| format!("import os\n\nx = os.environ[\"{key}\"]\n");
    let agent = "---\nname: reviewer\ndescription: Reviews.\n---\n\nReview.\n";
    let allowed =
        read("A_KEY").replacen("]\n", "]  # assize: allow(phantom-env) until=2999-01-01\n", 1);
    let long: String =
        (0..40).map(|line| format!("    total += price({line}) * {line}\n")).collect();
    let function = |name: &str| format!("def {name}(total):\n{long}    return total\n");
    let edits: Vec<(&str, Option<String>)> = vec![
        ("README.md", Some("# Shop\n".to_owned())),
        ("README.md", Some("# Shop\n\n[first](nowhere.md)\n".to_owned())),
        ("README.md", Some("# Shop\n\nRun `make all` and `./run.sh`.\n".to_owned())),
        ("Makefile", Some("all:\n\ttrue\n".to_owned())),
        ("Makefile", Some("one:\n\ttrue\n".to_owned())),
        ("shop/a.py", Some(read("A_KEY"))),
        ("shop/a.py", Some(read("B_KEY"))),
        ("shop/a.py", Some(allowed.clone())),
        ("shop/a.py", Some(allowed.replace("-01-01", "-01-01 reason=\"the host sets it\""))),
        (".env.example", Some("DATABASE_URL=\nA_KEY=\n".to_owned())),
        (".env.example", None),
        ("compose.yml", Some("services:\n  a:\n    environment:\n      MAIL_KEY: x\n".to_owned())),
        ("shop/gone.py", Some("total = 1\n".to_owned())),
        ("shop/gone.py", Some("sum = 1\n".to_owned())),
        ("shop/gone.py", Some("def broken(:\n".to_owned())),
        ("shop/gone.py", Some("total = 2\n".to_owned())),
        ("shop/copy.py", Some(function("one"))),
        ("shop/again.py", Some(function("two"))),
        ("shop/third.py", Some(function("one"))),
        ("shop/third.py", Some(function("one") + "\n")),
        ("shop/copy.py", Some("x = 1\n".to_owned())),
        (".claude/agents/reviewer.md", Some(agent.to_owned())),
        (".claude/agents/reviewer.md", Some(agent.replace("description", "describe"))),
        ("pyproject.toml", Some("[project]\nname = \"shop\"\ndependencies = []\n".to_owned())),
        ("shop/a.py", Some("import requests\nimport shop.gone\n".to_owned())),
        ("requirements.txt", Some("requests==2.0\n".to_owned())),
        ("requirements.txt", Some("flask==2.0\n".to_owned())),
        ("shop/__init__.py", None),
        ("assize.toml", Some("[classes]\ntest = [\"shop/a.py\"]\n".to_owned())),
        ("assize.toml", Some("[controls.phantom-env]\nseverity = \"info\"\n".to_owned())),
        ("shop/assize.toml", Some("root = true\n".to_owned())),
        (".gitignore", Some("shop/a.py\n".to_owned())),
        ("assize.toml", None),
    ];
    for (number, (path, text)) in edits.iter().enumerate() {
        match text {
            Some(text) => scene.write(path, text),
            None => scene.remove(path),
        }
        let warm = scene.check(&[]);
        let cold = scene.check(&["--no-cache"]);
        assert_eq!(warm.stable_bytes(), cold.stable_bytes(), "edit {number} of {path}");
        assert_eq!(warm.problem_bytes(), cold.problem_bytes(), "edit {number} of {path}");
        assert_eq!(warm.json["controls"], cold.json["controls"], "edit {number} of {path}");
        assert_eq!(warm.json["stats"]["classes"], cold.json["stats"]["classes"], "edit {number}");
    }
}

#[test]
fn strange_things_in_the_place_of_the_index_are_survived() {
    let scene = Scene::of(SHOP);
    scene.check(&[]);
    let path = layer(&scene);
    let replaced = |make: &dyn Fn()| {
        let _ = std::fs::remove_file(&path);
        make();
        let report = scene.check(&[]);
        assert_eq!(report.findings(), SHOP_FINDINGS);
        report.problems()
    };
    let none = Vec::<String>::new();
    assert_eq!(replaced(&|| std::os::unix::fs::symlink("/nowhere", &path).unwrap()), none);
    let pipe = || assert!(end(std::process::Command::new("mkfifo").arg(&path)).status == Some(0));
    assert_eq!(replaced(&pipe), [" cache"]);
    assert_eq!(replaced(&|| std::fs::create_dir(&path).unwrap()), [" cache", " cache"]);
    std::fs::remove_dir(&path).unwrap();
    // What a process that was killed left behind does not stay for ever.
    let left = path.with_file_name("index.half-written");
    std::fs::write(&left, "x").unwrap();
    assert!(scene.check(&[]).problems().is_empty());
    assert!(!left.exists());
}

#[test]
fn a_cache_that_is_no_folder_is_a_problem() {
    let scene = Scene::of(SHOP);
    let mut command = scene.assize(&["check", "--format", "json"]);
    let report = report(command.env("XDG_CACHE_HOME", scene.path("shop/api.py")));
    assert_eq!(report.findings(), SHOP_FINDINGS);
    assert_eq!(report.problems(), [" cache"]);
}

#[test]
fn without_a_home_nothing_is_kept_and_nothing_is_wrong() {
    let scene = Scene::of(SHOP);
    let mut command = scene.assize(&["check", "--format", "json"]);
    let report = report(command.env_remove("HOME").env_remove("XDG_CACHE_HOME"));
    assert_eq!(report.findings(), SHOP_FINDINGS);
    assert!(report.problems().is_empty());
}

#[test]
fn no_cache_keeps_nothing() {
    let scene = Scene::of(SHOP);
    assert_eq!(scene.check(&["--no-cache"]).findings(), SHOP_FINDINGS);
    assert!(!scene.cache().join("assize").exists());
}

#[test]
fn processes_at_once_on_one_cache_agree() {
    let scene = large_shop();
    let one = scene.check(&["--no-cache"]);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (scene, one) = (&scene, &one);
            scope.spawn(move || {
                for round in 0..3 {
                    let other = scene.check(&["--threads", "2"]);
                    let same = one.stable_bytes() == other.stable_bytes()
                        && one.problem_bytes() == other.problem_bytes();
                    assert!(same, "process {writer}, round {round}: {:?}", other.problems());
                }
            });
        }
    });
    let left = std::fs::read_dir(folder(&scene)).unwrap();
    let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    let snapshot = snapshot(&scene);
    let snapshot = snapshot.file_name().unwrap();
    let mut kept = vec!["index.layer", "index.lock", "index.watch", "last.pass"];
    kept.push(snapshot.to_str().unwrap());
    kept.sort_unstable();
    assert_eq!(left, kept);
}

#[test]
fn a_change_of_configuration_takes_effect_with_a_warm_cache() {
    let scene = large_shop();
    let before = scene.check(&[]).findings().len();
    scene.write("assize.toml", "[classes]\nfixture = [\"shop/part1*/\"]\n");
    let after = scene.check(&[]);
    let cold = scene.check(&["--no-cache"]);
    assert!(after.findings().len() < before);
    assert_eq!(after.stable_bytes(), cold.stable_bytes());
    scene.write("assize.toml", "[controls.phantom-env]\nseverity = \"off\"\n");
    let off = scene.check(&[]);
    assert!(!off.findings().iter().any(|finding| finding.contains("phantom-env")));
    assert_eq!(off.outcome("phantom-env"), "off");
}
