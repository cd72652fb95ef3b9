//! `assize.toml`: what is wrong is named with file, line, key and the nearest valid key; what is
//! right takes effect where it stands. In-line allowances beside it.

use crate::scene::{SHOP, SHOP_FINDINGS, Scene};

#[test]
fn mistakes_are_named_with_file_line_key_and_nearest() {
    let cases = [
        (
            "[controls.phantom-env]\nsevrity = \"off\"\n",
            "assize.toml:2:1: unknown key `sevrity` in `[controls.phantom-env]`; did you mean `severity`?",
        ),
        (
            "\n[controls.phantom-envs]\nseverity = \"off\"\n",
            "assize.toml:2:11: unknown control `phantom-envs` in `[controls]`; did you mean `phantom-env`?",
        ),
        (
            "profle = \"strict\"\n",
            "assize.toml:1:1: unknown key `profle` at the top level; did you mean `profile`?",
        ),
        (
            "[classes]\ntests = [\"a\"]\n",
            "assize.toml:2:1: unknown class `tests` in `[classes]`; did you mean `test`?",
        ),
        ("root = \n", "assize.toml:1:"),
        ("[controls.secret-literal]\nseverity = \"off\"\n", "assize.toml:2:12: "),
        ("\"\\u001b[31m\\n\" = 1\n", "assize.toml:1:1: unknown key "),
    ];
    for (text, expected) in cases {
        let scene = Scene::of(SHOP);
        scene.write("assize.toml", text);
        for command in [
            &["check"][..],
            &["check", "--format", "json"],
            &["baseline"],
            &["index", "show", "env"],
        ] {
            let ended = scene.run(command).expect(2);
            assert!(ended.out.is_empty());
            assert!(ended.err.contains(expected), "{}", ended.err);
            assert!(!ended.err.contains('\u{1b}'), "{:?}", ended.err);
        }
    }
}

#[test]
fn all_mistakes_of_all_files_are_named_at_once() {
    let scene = Scene::of(SHOP);
    scene.write("assize.toml", "profle = 1\nrot = true\n");
    scene.write("shop/assize.toml", "[guard]\nmode = \"observe\"\n");
    let ended = scene.run(&["check"]).expect(2);
    for place in ["assize.toml:1:1: ", "assize.toml:2:1: ", "shop/assize.toml:1:2: "] {
        assert!(ended.err.contains(place), "{place}: {}", ended.err);
    }
}

#[test]
fn a_configuration_that_is_no_text_is_an_error() {
    let scene = Scene::of(SHOP);
    scene.write("assize.toml", b"root = \xff\n");
    assert!(scene.run(&["check"]).expect(2).err.contains("assize.toml:1:8"));
    // Larger than is read, although nothing stands in it.
    scene.remove("assize.toml");
    std::fs::File::create(scene.path("assize.toml")).unwrap().set_len(300 << 20).unwrap();
    assert!(scene.run(&["check"]).expect(2).err.contains("assize.toml"));
    scene.remove("assize.toml");
    scene.link("/dev/zero", "assize.toml");
    assert!(scene.run(&["check"]).expect(2).err.contains("assize.toml"));
    scene.remove("assize.toml");
    scene.link("nowhere", "assize.toml");
    assert!(scene.run(&["check"]).expect(2).err.contains("assize.toml"));
}

#[test]
fn a_configuration_that_is_a_pipe_is_not_waited_for() {
    let scene = Scene::bare();
    scene.fifo("assize.toml");
    assert!(scene.run(&["check"]).expect(2).err.contains("assize.toml"));
}

#[test]
fn a_configuration_that_was_deleted_counts_no_more() {
    let scene = Scene::of(SHOP);
    scene.write("assize.toml", "[controls.phantom-env]\nseverity = \"off\"\n");
    scene.commit("with configuration");
    assert_eq!(scene.check(&[]).findings().len(), 1);
    scene.remove("assize.toml");
    assert_eq!(scene.check(&[]).findings(), SHOP_FINDINGS);
}

#[test]
fn nearer_files_win_and_roots_end_the_search() {
    let scene = Scene::of(SHOP);
    let service = [("services/a/__init__.py", ""), ("services/a/x.py", "from a.gone import y\n")];
    for (path, text) in service {
        scene.write(path, text);
    }
    scene.write("shop/assize.toml", "[controls.phantom-local-import]\nseverity = \"warn\"\n");
    scene.write("assize.toml", "[controls.phantom-local-import]\nseverity = \"off\"\n");
    let report = scene.check(&[]);
    assert_eq!(report.findings(), SHOP_FINDINGS);
    assert_eq!(report.json["findings"][0]["severity"], "warn");
    assert_eq!(report.status, 1);

    // A root of its own: seen alone when it is asked for, and free of what stands above.
    scene.write("services/assize.toml", "root = true\n");
    let inner = scene.check(&["services"]);
    assert!(inner.json["root"].as_str().unwrap().ends_with("/tree/services"));
    assert_eq!(inner.findings(), ["a/x.py:1 phantom-local-import/no-module new"]);
    let all = scene.check(&[]);
    assert!(
        all.findings().contains(&"services/a/x.py:1 phantom-local-import/no-module new".to_owned())
    );
}

#[test]
fn classes_environment_and_severities_are_heeded() {
    let scene = Scene::of(SHOP);
    scene.write("assize.toml", "[classes]\ntest = [\"shop/settings.py\"]\n");
    let report = scene.check(&[]);
    assert_eq!(report.findings(), SHOP_FINDINGS[..1]);
    assert_eq!(report.json["stats"]["classes"]["test"], 1);

    scene.write("assize.toml", "[env]\nexternal = [\"MAIL_*\"]\n");
    assert_eq!(scene.check(&[]).findings(), SHOP_FINDINGS[..1]);

    let warn = "[controls.phantom-env]\nseverity = \"warn\"\n\
                [controls.phantom-local-import]\nseverity = \"off\"\n";
    scene.write("assize.toml", warn);
    let report = scene.check(&["--fail-on", "error"]);
    assert_eq!((report.status, report.findings()), (0, vec![SHOP_FINDINGS[1].to_owned()]));
    assert_eq!(scene.check(&["--fail-on", "warn"]).status, 1);
    assert_eq!(scene.check(&["--fail-on", "info"]).status, 1);
    assert_eq!(scene.check(&["--fail-on", "error"]).status, 0);
    assert_eq!(scene.check(&["--fail-on", "block"]).status, 0);
}

#[test]
fn an_allowance_holds_with_reason_and_date_until_its_last_day() {
    let read = |tail: &str| format!("import os\n\nx = os.environ[\"MAIL_KEY\"]{tail}\n");
    let cases = [
        ("", vec!["a.py:3 phantom-env/undefined new"]),
        ("  # assize: allow(phantom-env) until=2999-01-31 reason=\"set by the host\"", vec![]),
        (
            "  # assize: allow(phantom-env) until=2020-01-31 reason=\"set by the host\"",
            vec!["a.py:3 allowance-invalid/expired new", "a.py:3 phantom-env/undefined new"],
        ),
        (
            "  # assize: allow(phantom-env) until=2999-01-31",
            vec!["a.py:3 allowance-invalid/no-reason new", "a.py:3 phantom-env/undefined new"],
        ),
        (
            "  # assize: allow(phantom-env) reason=\"set by the host\"",
            vec!["a.py:3 allowance-invalid/no-date new", "a.py:3 phantom-env/undefined new"],
        ),
        (
            "  # assize: allow(phantom-envs) until=2999-01-31 reason=\"set by the host\"",
            vec![
                "a.py:3 allowance-invalid/unknown-control new",
                "a.py:3 phantom-env/undefined new",
            ],
        ),
        (
            "  # assize: allow(doc-link) until=2999-01-31 reason=\"set by the host\"",
            vec!["a.py:3 phantom-env/undefined new"],
        ),
    ];
    for (tail, expected) in cases {
        let scene = Scene::of(&[(".env.example", "A=\n"), ("a.py", &read(tail))]);
        let mut found = scene.check(&[]).findings();
        found.sort();
        assert_eq!(found, expected, "{tail}");
    }
}
