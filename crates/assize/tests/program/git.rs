//! git that is absent, refuses, lacks objects, or was told by the repository to run programs.

use std::path::Path;

use crate::scene::{SHOP, SHOP_FINDINGS, Scene, end, report};

#[test]
fn without_a_git_program_files_are_found_by_walking() {
    let scene = Scene::committed(SHOP);
    scene.write(".gitignore", "ignored/\n");
    scene.write("ignored/a.py", "def broken(:\n");
    let mut command = scene.assize(&["check", "--format", "json"]);
    let report = report(command.env("PATH", scene.cache()));
    assert_eq!((report.status, report.findings()), (1, found()));
    assert_eq!(report.problems(), [" git"]);
    assert!(report.words("git").contains("could not be started"), "{}", report.words("git"));
}

#[test]
fn without_a_repository_nothing_is_missing() {
    let scene = Scene::bare();
    for (path, text) in SHOP {
        scene.write(path, text);
    }
    let report = scene.check(&[]);
    assert_eq!(report.findings(), SHOP_FINDINGS);
    assert!(report.problems().is_empty());
    let ended = scene.run(&["check", "--changed"]).expect(2);
    assert!(ended.err.contains("needs git"), "{}", ended.err);
}

#[test]
fn a_git_folder_that_git_refuses_is_a_problem() {
    let scene = Scene::bare();
    for (path, text) in SHOP {
        scene.write(path, text);
    }
    std::fs::create_dir(scene.path(".git")).unwrap();
    let report = scene.check(&[]);
    assert_eq!(report.findings(), SHOP_FINDINGS);
    assert_eq!(report.problems(), [" git"]);
    let ended = scene.run(&["check", "--changed"]).expect(2);
    assert!(ended.err.contains("not a git repository"), "{}", ended.err);
}

#[test]
fn another_repository_below_is_not_read() {
    let scene = Scene::committed(SHOP);
    let other = Scene::committed(&[("broken.py", "def broken(:\n")]);
    let from = other.tree().display().to_string();
    scene.git(&["submodule", "--quiet", "add", &from, "modules/other"]);
    scene.commit("with a module");
    scene.git(&["clone", "--quiet", &from, "loose"]);
    let report = scene.check(&[]);
    assert_eq!(report.findings(), SHOP_FINDINGS);
    assert!(report.problems().is_empty(), "{:?}", report.problems());
    // A git link whose folder is empty or absent is the same.
    std::fs::remove_dir_all(scene.path("modules/other")).unwrap();
    assert_eq!(scene.check(&["--changed"]).problems(), Vec::<String>::new());
    assert_eq!(scene.check(&[]).findings(), SHOP_FINDINGS);
}

#[test]
fn a_missing_blob_is_a_problem_and_its_findings_are_new() {
    let scene = Scene::committed(SHOP);
    let object = scene.git(&["rev-parse", "HEAD:shop/settings.py"]);
    let (folder, name) = object.split_at(2);
    scene.remove(&format!(".git/objects/{folder}/{name}"));
    scene.write("shop/settings.py", "import os\n\nMAIL = os.environ[\"MAIL_KEY\"]\n");
    let changed = scene.check(&["--changed"]);
    assert_eq!(changed.problems(), ["shop/settings.py missing-blob"]);
    assert_eq!(
        changed.findings(),
        [
            "shop/api.py:1 phantom-local-import/no-module baselined",
            "shop/settings.py:3 phantom-env/undefined new"
        ]
    );
    // A file that no longer parses: whether it did before cannot be known.
    scene.write("shop/settings.py", "def broken(:\n");
    let plain = scene.check(&[]);
    assert_eq!(plain.problems(), ["shop/settings.py missing-blob"]);
    assert_eq!(plain.json["findings"][1]["severity"], "error");
}

#[test]
fn a_file_that_parsed_at_head_and_does_not_now_is_blocked() {
    let scene = Scene::committed(&[("a.py", "x = 1\n"), ("b.py", "def broken(:\n")]);
    scene.write("a.py", "x = = 1\n");
    scene.write("b.py", "def broken(((:\n");
    scene.write("c.py", "def broken(:\n");
    let report = scene.check(&[]);
    let severities: Vec<&str> = report.json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["severity"].as_str().unwrap())
        .collect();
    assert_eq!(severities, ["block", "error", "error"], "{:?}", report.findings());
    assert_eq!(scene.run(&["check", "--fail-on", "block"]).status, Some(1));
}

#[test]
fn what_a_configuration_of_git_names_is_not_run() {
    let scene = Scene::committed(SHOP);
    let mark = scene.folder().join("mark");
    let script = scene.folder().join("script");
    let text = format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\ncat\n", mark.display());
    std::fs::write(&script, text).unwrap();
    crate::scene::mode(&script, 0o755);
    let script = script.display().to_string();
    for key in [
        "core.fsmonitor",
        "core.pager",
        "pager.ls-files",
        "pager.diff",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "core.sshCommand",
        "core.editor",
        "credential.helper",
    ] {
        scene.git(&["config", key, &script]);
    }
    scene.git(&["config", "filter.evil.required", "true"]);
    scene.git(&["config", "alias.ls-files", &format!("!{script}")]);
    scene.git(&["config", "remote.origin.url", "ssh://host.invalid/x"]);
    scene.git(&["config", "remote.origin.promisor", "true"]);
    std::fs::create_dir_all(scene.path("hooks")).unwrap();
    for hook in ["post-index-change", "reference-transaction", "pre-auto-gc"] {
        std::fs::copy(&script, scene.path(".git/hooks").join(hook)).unwrap();
    }
    scene.write(".gitattributes", "* filter=evil diff=evil\n");
    scene.write("shop/settings.py", "def broken(:\n");
    scene.write("shop/api.py", "from shop.gone import totals\n");
    let report = scene.check(&["--changed"]);
    assert!(!mark.exists(), "{}", std::fs::read_to_string(&mark).unwrap());
    assert_eq!(report.problems(), Vec::<String>::new());
    assert_eq!(report.json["findings"].as_array().unwrap().len(), 2, "{:?}", report.findings());
    scene.check(&[]);
    scene.run(&["baseline"]).expect(0);
    assert!(!mark.exists(), "{}", std::fs::read_to_string(&mark).unwrap());
}

/// A hook of git runs with variables that name the repository; they are about another folder when
/// the check is asked about another.
#[test]
fn variables_of_a_surrounding_git_do_not_lead_astray() {
    let scene = Scene::committed(SHOP);
    let other = Scene::committed(&[("a.py", "x = 1\n")]);
    let mut command = scene.assize(&["check", "--format", "json"]);
    command
        .env("GIT_DIR", other.path(".git"))
        .env("GIT_WORK_TREE", other.tree())
        .env("GIT_INDEX_FILE", other.path(".git/index"))
        .env("GIT_PREFIX", "x/");
    let report = report(&mut command);
    assert_eq!(report.findings(), SHOP_FINDINGS);
    assert!(report.problems().is_empty(), "{:?}", report.problems());
}

#[test]
fn a_root_above_the_repository_is_walked_without_a_problem() {
    let scene = Scene::bare();
    scene.write("assize.toml", "root = true\n");
    for (path, text) in SHOP {
        scene.write(Path::new("one").join(path), text);
    }
    scene.write("one/assize.toml", "");
    scene.git_in(&scene.path("one"), &["init", "--quiet"]);
    let report = scene.check(&["one"]);
    assert!(report.problems().is_empty(), "{:?}", report.problems());
    assert_eq!(report.findings().len(), 2, "{:?}", report.findings());
}

#[test]
fn files_left_out_by_a_sparse_checkout_still_exist() {
    let files = [
        ("shop/__init__.py", ""),
        ("shop/api.py", "from shop.far import total\nfrom shop.gone import x\n"),
        ("shop/far.py", "total = 1\n"),
        ("README.md", "[far](shop/far.py) [gone](shop/gone.py)\n"),
    ];
    let scene = Scene::committed(&files);
    scene.git(&["update-index", "--skip-worktree", "shop/far.py"]);
    scene.remove("shop/far.py");
    let report = scene.check(&[]);
    assert_eq!(
        report.findings(),
        [
            "README.md:1 doc-link/missing-file new",
            "shop/api.py:2 phantom-local-import/no-module new"
        ]
    );
}

#[test]
fn a_conflicted_merge_is_read_as_it_lies_on_disk() {
    let scene = Scene::committed(&[("a.py", "x = 1\n")]);
    scene.git(&["checkout", "--quiet", "-b", "side"]);
    scene.write("a.py", "x = 2\n");
    scene.commit("side");
    scene.git(&["checkout", "--quiet", "main"]);
    scene.write("a.py", "x = 3\n");
    scene.commit("main");
    let _ = scene.surrounded("git").args(["merge", "side"]).output().unwrap();
    let report = scene.check(&["--changed"]);
    assert_eq!(report.count("files"), 1);
    assert_eq!(report.findings().len(), 1, "{:?}", report.findings());
    assert_eq!(report.json["findings"][0]["control"], "syntax-parse");
    assert!(report.problems().is_empty(), "{:?}", report.problems());
}

#[test]
fn a_second_work_tree_is_a_repository_like_the_first() {
    let scene = Scene::committed(SHOP);
    scene.git(&["worktree", "add", "--quiet", "--detach", "../second"]);
    let second = scene.folder().join("second");
    let run = || {
        let mut command = scene.assize(&["check", "--changed", "--format", "json"]);
        report(command.current_dir(&second))
    };
    let same = run();
    assert_eq!((same.status, same.findings().len(), same.problems().len()), (0, 2, 0));
    // Its repository is gone.
    std::fs::remove_dir_all(scene.path(".git/worktrees")).unwrap();
    let mut command = scene.assize(&["check", "--format", "json"]);
    let lost = report(command.current_dir(&second));
    assert_eq!((lost.findings(), lost.problems()), (found(), vec![" git".to_owned()]));
}

fn found() -> Vec<String> {
    SHOP_FINDINGS.map(str::to_owned).to_vec()
}

/// Pipelines clone as little as they can.
#[test]
fn a_shallow_clone_says_that_it_is_shallow() {
    let scene = Scene::committed(SHOP);
    scene.git(&["checkout", "--quiet", "-b", "work"]);
    scene.write("shop/work.py", "x = 1\n");
    scene.commit("work");
    scene.git(&["checkout", "--quiet", "main"]);
    scene.commit("main goes on");
    let from = format!("file://{}", scene.tree().display());
    let clone = scene.folder().join("clone");
    let to = clone.display().to_string();
    scene.git(&["clone", "--quiet", "--depth=1", "--no-single-branch", "-b", "work", &from, &to]);
    let mut command = scene.assize(&["check", "--changed=origin/main"]);
    let ended = end(command.current_dir(&clone)).expect(2);
    assert!(ended.err.contains("shallow clone"), "{}", ended.err);
}
