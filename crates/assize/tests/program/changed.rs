//! `--changed`: what was there at the base is marked as known, what is new fails.

use crate::scene::{SHOP, SHOP_FINDINGS, Scene};

const KNOWN: [&str; 2] = [
    "shop/api.py:1 phantom-local-import/no-module baselined",
    "shop/settings.py:4 phantom-env/undefined baselined",
];

#[test]
fn what_was_there_is_known_and_what_is_new_fails() {
    let scene = Scene::committed(SHOP);
    let clean = scene.check(&["--changed"]);
    assert_eq!((clean.status, clean.findings()), (0, KNOWN.map(str::to_owned).to_vec()));
    assert_eq!(scene.check(&[]).findings(), SHOP_FINDINGS);

    // Moved by a few lines, it is still the same finding; a second one is new.
    scene.write(
        "shop/settings.py",
        "import os\n\n\n\nMAIL = os.environ[\"MAIL_KEY\"]\nOTHER = os.environ[\"OTHER_KEY\"]\n",
    );
    let report = scene.check(&["--changed"]);
    assert_eq!(
        report.findings(),
        [
            KNOWN[0],
            "shop/settings.py:5 phantom-env/undefined baselined",
            "shop/settings.py:6 phantom-env/undefined new"
        ]
    );
    assert_eq!(report.status, 1);
    let full = scene.run(&["check", "--changed"]).expect(1);
    assert!(full.text().contains("OTHER_KEY") && !full.text().contains("`MAIL_KEY`"));
    let full = scene.run(&["check", "--changed", "--baselined"]).expect(1);
    assert!(full.text().contains("OTHER_KEY") && full.text().contains("`MAIL_KEY`"));
    // Whether it is staged makes no difference.
    scene.git(&["add", "--all"]);
    assert_eq!(scene.check(&["--changed"]).stable_bytes(), report.stable_bytes());
}

#[test]
fn a_deleted_module_breaks_an_importer_that_nobody_touched() {
    let files = [
        ("shop/__init__.py", ""),
        ("shop/prices.py", "def total():\n    return 1\n"),
        ("shop/api.py", "from shop.prices import total\n"),
    ];
    let expected = ["shop/api.py:1 phantom-local-import/no-module new"];
    let scene = Scene::committed(&files);
    assert_eq!(scene.check(&["--changed"]).findings(), Vec::<String>::new());
    scene.remove("shop/prices.py");
    assert_eq!(scene.check(&["--changed"]).findings(), expected);
    scene.commit("without prices");
    assert_eq!(scene.check(&["--changed=HEAD~1"]).findings(), expected);
    assert_eq!(scene.check(&["--changed"]).status, 0);
    // A symbol that is gone.
    let scene = Scene::committed(&files);
    scene.write("shop/prices.py", "def sum_of():\n    return 1\n");
    let expected = ["shop/api.py:1 phantom-local-import/no-symbol new"];
    assert_eq!(scene.check(&["--changed"]).findings(), expected);
}

#[test]
fn a_branch_is_held_against_the_point_where_it_left() {
    let scene = Scene::committed(SHOP);
    scene.git(&["checkout", "--quiet", "-b", "work"]);
    scene.write("shop/work.py", "import os\n\nx = os.environ[\"WORK_KEY\"]\n");
    scene.commit("work");
    scene.git(&["checkout", "--quiet", "main"]);
    // What happened on the other branch since is not this branch's doing.
    scene.write("shop/settings.py", "x = 1\n");
    scene.commit("main goes on");
    scene.git(&["checkout", "--quiet", "work"]);
    scene.write("shop/untracked.py", "import os\n\nx = os.environ[\"LOOSE_KEY\"]\n");
    let report = scene.check(&["--changed=main"]);
    assert_eq!(
        report.findings(),
        [
            KNOWN[0],
            KNOWN[1],
            "shop/untracked.py:3 phantom-env/undefined new",
            "shop/work.py:3 phantom-env/undefined new"
        ]
    );
    assert_eq!(scene.check(&["--changed", "main"]).stable_bytes(), report.stable_bytes());
    assert_eq!(scene.check(&["--changed", "main", "shop/work.py"]).findings().len(), 1);
    let against_head = scene.check(&["--changed"]);
    assert_eq!(against_head.findings().iter().filter(|one| one.ends_with("new")).count(), 1);
    // With an upstream, that is the default.
    scene.git(&["branch", "--quiet", "--set-upstream-to=main"]);
    assert_eq!(scene.check(&["--changed"]).stable_bytes(), report.stable_bytes());
}

#[test]
fn a_subfolder_as_root_is_held_against_its_own_past() {
    let scene = Scene::bare();
    for (path, text) in SHOP {
        scene.write(format!("one/{path}"), text);
        scene.write(format!("two/{path}"), text);
    }
    scene.write("one/assize.toml", "root = true\n");
    scene.git(&["init", "--quiet"]);
    scene.commit("first");
    scene.write("one/shop/more.py", "import os\n\nx = os.environ[\"MORE_KEY\"]\n");
    let report = scene.check(&["one", "--changed"]);
    assert_eq!(report.findings(), [KNOWN[0], "shop/more.py:3 phantom-env/undefined new", KNOWN[1]]);
}

/// A word behind `--changed` that is no commit, but a folder, is what to look at.
#[test]
fn a_folder_behind_the_option_is_a_folder() {
    let scene = Scene::committed(SHOP);
    scene.write("shop/more.py", "import os\n\nx = os.environ[\"MORE_KEY\"]\n");
    scene.write("elsewhere/more.py", "import os\n\nx = os.environ[\"FAR_KEY\"]\n");
    let whole = scene.check(&["--changed"]);
    assert_eq!(whole.findings().iter().filter(|one| one.ends_with("new")).count(), 2);
    let report = scene.check(&["--changed", "shop"]);
    assert_eq!(report.findings().iter().filter(|one| one.ends_with("new")).count(), 1);
    assert!(report.findings().iter().all(|one| one.starts_with("shop/")));
}

#[test]
fn a_base_that_is_none_is_an_error() {
    let scene = Scene::committed(SHOP);
    for base in ["nowhere", "-x", "--output=x", "HEAD~9", "", "HEAD:shop"] {
        let option = format!("--changed={base}");
        let ended = scene.run(&["check", &option]);
        if base.is_empty() {
            ended.expect(0);
        } else {
            let ended = ended.expect(2);
            assert!(ended.err.contains(base) && ended.out.is_empty(), "{}", ended.err);
        }
    }
    let fresh = Scene::of(SHOP);
    fresh.run(&["check", "--changed"]).expect(2);
    assert_eq!(fresh.check(&[]).findings(), SHOP_FINDINGS);
}

#[test]
fn a_large_version_before_is_not_read_into_memory() {
    let scene = Scene::of(SHOP);
    let file = std::fs::File::create(scene.path("shop/data.py")).unwrap();
    file.set_len(40 << 20).unwrap();
    scene.commit("large");
    scene.write("shop/data.py", "import os\n\nx = os.environ[\"DATA_KEY\"]\n");
    let report = scene.check(&["--changed"]);
    assert!(report.problems().is_empty(), "{:?}", report.problems());
    assert_eq!(report.findings()[1], "shop/data.py:3 phantom-env/undefined new");
}

#[test]
fn links_and_modes_that_change_are_no_findings() {
    let scene = Scene::of(&[("a.md", "[to](to.md) [b](b.md)\n"), ("b.md", "# B\n")]);
    scene.link("b.md", "to.md");
    scene.commit("first");
    scene.remove("to.md");
    scene.link("a.md", "to.md");
    crate::scene::mode(&scene.path("b.md"), 0o755);
    let report = scene.check(&["--changed"]);
    assert_eq!(report.findings(), Vec::<String>::new());
    // The link goes: what pointed to it is broken now and was not before.
    scene.remove("to.md");
    let report = scene.check(&["--changed"]);
    assert_eq!(report.findings(), ["a.md:1 doc-link/missing-file new"]);
}
