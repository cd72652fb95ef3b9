//! `assize baseline`: made, covering, shrinking by itself, not growing.

use crate::scene::{SHOP, Scene, end, report};

const FILE: &str = ".assize/baseline.txt";

fn lines(scene: &Scene) -> Vec<String> {
    let text = std::fs::read_to_string(scene.path(FILE)).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn it_covers_what_was_there_and_nothing_else() {
    let scene = Scene::committed(SHOP);
    scene.check(&[]);
    let made = scene.run(&["baseline"]).expect(0);
    assert!(made.out.is_empty() && made.err.contains("recorded 2 findings"), "{}", made.err);
    let report = scene.check(&[]);
    assert_eq!(report.status, 0);
    assert!(report.findings().iter().all(|finding| finding.ends_with("baselined")));
    let full = scene.run(&["check"]).expect(0);
    assert!(!full.text().contains("`MAIL_KEY`"), "{}", full.text());
    assert!(scene.run(&["check", "--baselined"]).expect(0).text().contains("`MAIL_KEY`"));

    scene.write("shop/new.py", "import os\n\nx = os.environ[\"NEW_KEY\"]\n");
    let report = scene.check(&[]);
    assert_eq!(report.status, 1);
    assert!(report.findings().contains(&"shop/new.py:3 phantom-env/undefined new".to_owned()));
    // Neither a check nor another `baseline` takes it in.
    scene.run(&["baseline"]).expect(0);
    assert_eq!(lines(&scene).len(), 2);
    assert_eq!(scene.check(&[]).status, 1);
    let grown = scene.run(&["baseline", "--upgrade"]).expect(2);
    assert!(grown.err.contains("does not grow"), "{}", grown.err);
    assert_eq!(lines(&scene).len(), 2);
}

#[test]
fn it_shrinks_by_itself() {
    let scene = Scene::committed(SHOP);
    scene.run(&["baseline"]).expect(0);
    let settings = std::fs::read(scene.path("shop/settings.py")).unwrap();
    scene.write("shop/settings.py", "x = 1\n");
    // Not in a pipeline, whose work tree is thrown away.
    assert_eq!(report(scene.assize(&["check", "--format", "json"]).env("CI", "true")).status, 0);
    assert_eq!(lines(&scene).len(), 2);
    let shrunk = scene.run(&["check"]).expect(0);
    assert!(shrunk.err.contains("1 repaired finding"), "{}", shrunk.err);
    assert_eq!(lines(&scene).len(), 1);
    scene.write("shop/settings.py", settings);
    let back = scene.check(&[]);
    assert_eq!(back.status, 1, "what was repaired once is new when it comes back");
    // By the command itself as well.
    scene.write("shop/settings.py", "x = 1\n");
    scene.write("shop/api.py", "x = 1\n");
    assert!(scene.run(&["baseline"]).expect(0).err.contains("1 repaired finding"));
    assert!(lines(&scene).is_empty());
}

#[test]
fn what_could_not_be_seen_counts_as_not_repaired() {
    let scene = Scene::committed(SHOP);
    scene.run(&["baseline"]).expect(0);
    // git refuses, so that what is ignored cannot be told from what is not.
    let away = scene.folder().join("away");
    std::fs::rename(scene.path(".git"), &away).unwrap();
    std::fs::create_dir(scene.path(".git")).unwrap();
    scene.write("shop/settings.py", "x = 1\n");
    for command in [&["check", "--fail-on", "error"][..], &["baseline"]] {
        scene.run(command).expect(0);
        assert_eq!(lines(&scene).len(), 2, "{command:?}");
    }
    std::fs::remove_dir(scene.path(".git")).unwrap();
    std::fs::rename(away, scene.path(".git")).unwrap();
    // What a repository simply contains, such as a dangling link, does not keep it from shrinking.
    scene.link("nowhere", "dangling");
    scene.write("docs/latin.md", b"caf\xe9\n");
    scene.run(&["check"]).expect(0);
    assert_eq!(lines(&scene).len(), 1);
}

#[test]
fn a_narrow_check_does_not_take_the_rest_for_repaired() {
    let scene = Scene::committed(SHOP);
    scene.run(&["baseline"]).expect(0);
    scene.check(&["shop/api.py"]);
    scene.check(&["--changed"]);
    scene.check(&["--no-cache"]);
    assert_eq!(lines(&scene).len(), 2);
}

#[test]
fn it_grows_with_a_new_version_and_says_so() {
    let scene = Scene::committed(SHOP);
    scene.run(&["baseline"]).expect(0);
    scene.write("shop/new.py", "import os\n\nx = os.environ[\"NEW_KEY\"]\n");
    let text = std::fs::read_to_string(scene.path(FILE)).unwrap();
    scene.write(FILE, text.replacen("# phantom-env ", "# phantom-env 9", 1));
    let grown = scene.run(&["baseline", "--upgrade"]).expect(0);
    assert!(grown.err.contains("from 2 to 3"), "{}", grown.err);
    assert_eq!((lines(&scene).len(), scene.check(&[]).status), (3, 0));
}

#[test]
fn a_baseline_that_is_none_is_an_error_with_its_line() {
    let scene = Scene::committed(SHOP);
    let hex = "0".repeat(32);
    let head = "# assize baseline 1\n# assize 0.1.0\n";
    let cases = [
        (String::new(), 1),
        ("nonsense\n".to_owned(), 1),
        (format!("{head}{hex} 1 a/b\n"), 3),
        (format!("{head}{hex} -1 a/b c\n"), 3),
        (format!("{head}{hex} 99999999999999999999999 a/b c\n"), 3),
        (format!("{head}\n<<<<<<< HEAD\n"), 4),
        (format!("{head}é{hex} 1 a/b c\n"), 3),
        (format!("{head}{} 1 a/b c\n", "é".repeat(16)), 3),
    ];
    for (text, line) in cases {
        scene.write(FILE, &text);
        for command in [&["check"][..], &["check", "--format", "json"], &["baseline"]] {
            let ended = scene.run(command).expect(2);
            let expected = format!("`{FILE}:{line}`");
            assert!(ended.err.contains(&expected), "{text:?}: {}", ended.err);
            assert!(ended.out.is_empty());
        }
        assert_eq!(std::fs::read_to_string(scene.path(FILE)).unwrap(), text);
    }
    scene.write(FILE, b"\xff\n");
    assert!(scene.run(&["check"]).expect(2).err.contains(FILE));
    scene.remove(FILE);
    scene.fifo(FILE);
    assert!(scene.run(&["check"]).expect(2).err.contains(FILE));
    scene.remove(FILE);
    std::fs::File::create(scene.path(FILE)).unwrap().set_len(3 << 30).unwrap();
    assert!(scene.run(&["check"]).expect(2).err.contains(FILE));
}

#[test]
fn counts_add_up_to_what_is_found() {
    let scene = Scene::committed(&[(".env.example", "A=\n")]);
    let huge = format!(
        "# assize baseline 1\n# assize 0.1.0\n{0} {1} a/b c\n{2} {1} a/b c\n",
        "0".repeat(32),
        u64::MAX,
        "1".repeat(32)
    );
    scene.write(FILE, huge);
    assert_eq!(end(&mut scene.assize(&["check"])).status, Some(0));
}
