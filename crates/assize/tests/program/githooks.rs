//! Git's hooks: put in beside whatever is there, run by git itself, taken out to the byte.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use crate::gate::written;
use crate::scene::{PROGRAM, SHOP, Scene, mode};

const NAMES: [&str; 3] = ["commit-msg", "pre-commit", "pre-push"];

/// Runs git as a person does, with its hooks.
fn git(scene: &Scene, arguments: &[&str]) -> Output {
    scene.surrounded("git").args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// Every file below a folder, with its permissions.
fn files(folder: &Path) -> BTreeMap<String, (Vec<u8>, u32)> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_file() && !name.ends_with(".sample") {
            let mode = path.metadata().unwrap().permissions().mode();
            found.insert(name, (std::fs::read(&path).unwrap(), mode));
        }
    }
    found
}

fn init(scene: &Scene) {
    scene.run(&["init", "--git", "--yes"]).expect(0);
}

fn hook(scene: &Scene, name: &str, text: &str) {
    scene.write(format!(".git/hooks/{name}"), text);
    mode(&scene.path(format!(".git/hooks/{name}")), 0o755);
}

#[test]
fn commits_pass_the_gate_and_name_the_record() {
    let scene = Scene::committed(SHOP);
    init(&scene);
    assert_eq!(files(&scene.path(".git/hooks")).keys().collect::<Vec<_>>(), NAMES);
    written(&scene, "shop/settings.py", "import os\n");
    scene.git(&["add", "."]);
    let done = git(&scene, &["commit", "-m", "Simplify settings"]);
    assert!(done.status.success(), "{}", said(&done));
    assert!(said(&done).contains("gate commit: open; files: 1; recorded"), "{}", said(&done));
    let message = scene.git(&["log", "-1", "--format=%B"]);
    assert!(message.starts_with("Simplify settings\n\nAssize-Ledger: "), "{message}");
    let verdict = scene.run(&["ledger", "verify", "--anchor"]).expect(0);
    assert!(verdict.text().contains("(anchor: entry "), "{}", verdict.text());
    // A broken file does not pass, by any way to commit it.
    scene.write("shop/settings.py", "def f(:\n");
    for way in [&["commit", "-am", "x"][..], &["commit", "-m", "x", "shop/settings.py"]] {
        let held = git(&scene, way);
        assert!(!held.status.success() && said(&held).contains("syntax-parse"), "{}", said(&held));
    }
    assert_eq!(scene.git(&["rev-list", "--count", "HEAD"]), "2");
    // Only the file that is named is committed, so that only it is judged.
    written(&scene, "notes.md", "hello\n");
    scene.git(&["add", "-N", "notes.md"]);
    let done = git(&scene, &["commit", "-m", "Notes", "notes.md"]);
    assert!(done.status.success(), "{}", said(&done));
    // An empty message still ends a commit, and one trailer is enough.
    scene.git(&["checkout", "--quiet", "shop/settings.py"]);
    let empty = git(&scene, &["commit", "--allow-empty", "-m", ""]);
    assert!(!empty.status.success(), "{}", said(&empty));
    git(&scene, &["commit", "--amend", "--no-edit"]);
    let message = scene.git(&["log", "-1", "--format=%B"]);
    assert_eq!(message.matches("Assize-Ledger: ").count(), 1, "{message}");
}

#[test]
fn pushes_say_what_names_no_record_and_take_the_notes_along() {
    let scene = Scene::committed(SHOP);
    let remote = scene.folder().join("remote.git");
    scene.git(&["init", "--quiet", "--bare", remote.to_str().unwrap()]);
    scene.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    init(&scene);
    written(&scene, "notes.md", "hello\n");
    scene.git(&["add", "."]);
    scene.git(&["commit", "--quiet", "-m", "Notes"]);
    let pushed = git(&scene, &["push", "--quiet", "origin", "main"]);
    assert!(pushed.status.success(), "{}", said(&pushed));
    // The first commit was there before.
    assert!(said(&pushed).contains("commits: 2; without a trailer: 1"), "{}", said(&pushed));
    assert!(said(&pushed).contains("warn[ledger-gap]"), "{}", said(&pushed));
    // The record goes on without a commit; the next push says how far it came.
    written(&scene, "more.md", "hello\n");
    scene.git(&["commit", "--quiet", "--no-verify", "--allow-empty", "-m", "Empty"]);
    let pushed = git(&scene, &["push", "--quiet", "origin", "main"]);
    assert!(said(&pushed).contains("commits: 1; without a trailer: "), "{}", said(&pushed));
    let there = scene.git_in(&remote, &["for-each-ref", "--format=%(refname)"]);
    assert!(there.contains("refs/notes/assize"), "{there}\n{}", said(&pushed));
    let verdict = scene.run(&["ledger", "verify", "--anchor"]).expect(0);
    assert!(verdict.text().starts_with("good"), "{}", verdict.text());
}

#[test]
fn hooks_that_are_there_run_first_and_come_back_to_the_byte() {
    let scene = Scene::committed(SHOP);
    hook(&scene, "pre-commit", "#!/bin/sh\necho mine >> seen\nexit 0\n# no line after this");
    hook(&scene, "pre-push", "#!/usr/bin/env bash\ncat > seen-refs\n");
    hook(&scene, "commit-msg", "#!/bin/sh\ngrep -q Closes \"$1\" || exit 9\n");
    scene.write(".git/hooks/post-commit", "not ours\n");
    let before = files(&scene.path(".git/hooks"));
    init(&scene);
    let once = files(&scene.path(".git/hooks"));
    init(&scene);
    assert_eq!(files(&scene.path(".git/hooks")), once);
    scene.write(".gitignore", "seen*\n");
    scene.git(&["add", "."]);
    // The user's hook still decides.
    assert!(!git(&scene, &["commit", "-m", "Ignore"]).status.success());
    let done = git(&scene, &["commit", "-m", "Ignore\n\nCloses nothing."]);
    assert!(done.status.success() && said(&done).contains("gate commit: open"), "{}", said(&done));
    assert_eq!(std::fs::read_to_string(scene.path("seen")).unwrap(), "mine\nmine\n");
    let remote = scene.folder().join("remote.git");
    scene.git(&["init", "--quiet", "--bare", remote.to_str().unwrap()]);
    let pushed = git(&scene, &["push", "--quiet", remote.to_str().unwrap(), "main"]);
    assert!(said(&pushed).contains("gate push: open; commits: 2"), "{}", said(&pushed));
    let refs = std::fs::read_to_string(scene.path("seen-refs")).unwrap();
    assert!(refs.starts_with("refs/heads/main "), "{refs}");
    scene.run(&["uninstall", "--git", "--yes"]).expect(0);
    assert_eq!(files(&scene.path(".git/hooks")), before);
}

#[test]
fn managers_of_hooks_are_not_overwritten() {
    let own = "#!/bin/sh\nnpx lint-staged";
    for (files_before, config) in [
        (&[(".husky/pre-commit", own)][..], None),
        (&[(".husky/pre-commit", own)], Some(".husky/_")),
        (&[("tools/hooks/pre-commit", own)], Some("tools/hooks")),
    ] {
        let scene = Scene::committed(files_before);
        if let Some(folder) = config {
            scene.git(&["config", "core.hooksPath", folder]);
        }
        let (path, _) = files_before[0];
        let folder = scene.path(path).parent().unwrap().to_path_buf();
        let before = files(&folder);
        let refused = scene.run(&["init", "--git"]);
        assert_eq!(refused.status, Some(2), "nobody can be asked");
        assert_eq!(files(&folder), before);
        init(&scene);
        let text = std::fs::read_to_string(scene.path(path)).unwrap();
        assert!(text.starts_with(own) && text.contains("assize gate commit"), "{text}");
        assert!(files(&scene.path(".git/hooks")).is_empty());
        init(&scene);
        assert_eq!(std::fs::read_to_string(scene.path(path)).unwrap(), text);
        scene.run(&["uninstall", "--git", "--yes"]).expect(0);
        let after = files(&folder);
        assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
        assert_eq!(after["pre-commit"].0, before["pre-commit"].0);
    }
    for (config, line) in [
        ("lefthook.yml", "run: assize gate commit"),
        (".pre-commit-config.yaml", "entry: assize gate commit"),
    ] {
        let scene = Scene::committed(&[(config, "# ours\n")]);
        let printed = scene.run(&["init", "--git", "--yes"]).expect(0);
        assert!(printed.text().contains(line), "{}", printed.text());
        assert!(files(&scene.path(".git/hooks")).is_empty());
    }
    let scene = Scene::committed(SHOP);
    let elsewhere = scene.folder().join("all-hooks");
    std::fs::create_dir(&elsewhere).unwrap();
    scene.git(&["config", "--global", "core.hooksPath", elsewhere.to_str().unwrap()]);
    let printed = scene.run(&["init", "--git", "--yes"]).expect(0);
    assert!(printed.text().contains("pre-commit: assize gate commit"), "{}", printed.text());
    assert!(files(&elsewhere).is_empty());
}

#[test]
fn plain_init_and_uninstall_take_the_hooks_along() {
    let scene = Scene::committed(SHOP);
    scene.run(&["init", "--yes", "--harness", "claude-code"]).expect(0);
    assert!(files(&scene.path(".git/hooks")).is_empty());
    scene.run(&["init", "--yes"]).expect(0);
    assert_eq!(files(&scene.path(".git/hooks")).len(), 3);
    let tree = scene.folder().join("second");
    scene.git(&["worktree", "add", "--quiet", tree.to_str().unwrap()]);
    let dry = scene.run(&["init", "--git", "--yes", "--path", tree.to_str().unwrap()]).expect(0);
    assert!(dry.text().is_empty(), "work trees share their hooks: {}", dry.text());
    scene.run(&["uninstall", "--yes"]).expect(0);
    assert!(files(&scene.path(".git/hooks")).is_empty());
}

/// A hook whose program is gone says so instead of letting everything pass.
#[test]
fn a_program_that_is_gone_is_said() {
    let scene = Scene::committed(SHOP);
    init(&scene);
    let path = scene.path(".git/hooks/pre-commit");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(PROGRAM, "/nowhere/assize")).unwrap();
    let held = git(&scene, &["commit", "--allow-empty", "-m", "x"]);
    assert!(!held.status.success() && said(&held).contains("assize is gone"), "{}", said(&held));
}

/// The snippets of the page are YAML, and their command lines exist.
#[test]
fn snippets_for_pipelines_name_what_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/ci.md")).unwrap();
    let hooks = std::fs::read_to_string(root.join(".pre-commit-hooks.yaml")).unwrap();
    let scene = Scene::committed(SHOP);
    scene.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    scene.write("notes.md", "hello\n");
    scene.commit("second");
    let mut run = 0;
    for line in page.lines().chain(hooks.lines()) {
        let line = line.trim().trim_start_matches("- ");
        let line = line.trim_start_matches("run: ").trim_start_matches("entry: ");
        if !line.starts_with("assize ") {
            continue;
        }
        let base = line.replace("\"origin/$GITHUB_BASE_REF\"", "origin/main");
        let base = base.split(" > ").next().unwrap();
        let words: Vec<&str> = base.split(' ').skip(1).collect();
        let words: Vec<&str> = words
            .iter()
            .map(|word| if *word == "FETCH_HEAD" { "origin/main" } else { word })
            .collect();
        if words.ends_with(&["message"]) {
            continue;
        }
        let ended = scene.run(&words);
        assert!(matches!(ended.status, Some(0 | 1)), "{line}: {}", ended.err);
        run += 1;
    }
    assert_eq!(run, 7);
    for (number, block) in page.split("```yaml\n").skip(1).enumerate() {
        let (block, _) = block.split_once("```").unwrap();
        scene.write(format!("ci-{number}.yml"), block);
    }
    scene.write("hooks.yaml", hooks);
    let checked = scene.check(&[]);
    let broken: Vec<String> =
        checked.findings().into_iter().filter(|one| one.contains("syntax-parse")).collect();
    assert!(broken.is_empty() && checked.count("files") >= 8, "{broken:?}");
    scene.write("ci-0.yml", "jobs: [\n");
    assert!(scene.check(&[]).findings().iter().any(|one| one.contains("ci-0.yml")));
}

#[test]
fn hooks_are_put_where_git_looks_for_them() {
    // A home that is written short, and a folder beside the work tree, serve others as well.
    for named in ["~/hooks", "../shared"] {
        let scene = Scene::committed(SHOP);
        scene.git(&["config", "core.hooksPath", named]);
        let ended = scene.run(&["init", "--git", "--yes"]).expect(0);
        assert!(ended.text().contains("outside of this work tree"), "{}", ended.text());
        assert_eq!(scene.git(&["status", "--short"]), "");
        assert!(!scene.folder().join("shared").exists());
    }
    // Git's own folder by name is git's own folder.
    let scene = Scene::committed(SHOP);
    scene.git(&["config", "core.hooksPath", ".git/hooks"]);
    init(&scene);
    assert_eq!(files(&scene.path(".git/hooks")).keys().collect::<Vec<_>>(), NAMES);
    scene.run(&["uninstall", "--git", "--yes"]).expect(0);
    assert!(files(&scene.path(".git/hooks")).is_empty());
}

#[test]
fn a_folder_of_hooks_that_links_into_the_tree_is_the_teams() {
    let scene = Scene::committed(&[("githooks/pre-commit", "#!/bin/sh\necho team\n")]);
    mode(&scene.path("githooks/pre-commit"), 0o755);
    std::fs::remove_dir_all(scene.path(".git/hooks")).unwrap();
    scene.link("../githooks", ".git/hooks");
    let before = files(&scene.path("githooks"));
    init(&scene);
    let with = std::fs::read_to_string(scene.path("githooks/pre-commit")).unwrap();
    assert!(with.starts_with("#!/bin/sh\necho team\n# >>> assize >>>\n"), "{with}");
    scene.run(&["uninstall", "--git", "--yes"]).expect(0);
    assert_eq!(files(&scene.path("githooks")), before);
}

#[test]
fn bytes_and_modes_of_a_teams_hooks_stay() {
    let scene = Scene::committed(SHOP);
    scene.write(".husky/pre-commit", "npm test\n");
    mode(&scene.path(".husky/pre-commit"), 0o644);
    scene.write(".husky/pre-push", b"#!/bin/sh\n# caf\xe9\nnpm test\n");
    let before = files(&scene.path(".husky"));
    let ended = scene.run(&["init", "--git", "--yes"]).expect(0);
    assert!(ended.text().contains("pre-push` is no plain UTF-8 text"), "{}", ended.text());
    let with = files(&scene.path(".husky"));
    assert_eq!(with["pre-push"], before["pre-push"]);
    assert_eq!(with["pre-commit"].1, before["pre-commit"].1);
    assert!(with["pre-commit"].0.len() > before["pre-commit"].0.len());
    scene.run(&["uninstall", "--git", "--yes"]).expect(0);
    assert_eq!(files(&scene.path(".husky")), before);
}

#[test]
fn a_hook_that_a_broken_off_run_left_aside_comes_back() {
    let scene = Scene::committed(SHOP);
    hook(&scene, "pre-commit", "#!/bin/sh\necho mine\n");
    let before = files(&scene.path(".git/hooks"));
    let path = scene.path(".git/hooks/pre-commit");
    std::fs::rename(&path, path.with_extension("before-assize")).unwrap();
    scene.run(&["uninstall", "--git", "--yes"]).expect(0);
    assert_eq!(files(&scene.path(".git/hooks")), before);
}

/// Hooks that were there get what git writes to them, and nothing where it writes nothing.
#[test]
fn a_push_of_nothing_tells_the_first_hook_nothing() {
    let scene = Scene::committed(SHOP);
    hook(&scene, "pre-push", "#!/bin/sh\nwc -l > ../lines\n");
    let remote = scene.folder().join("remote.git");
    scene.git(&["init", "--quiet", "--bare", remote.to_str().unwrap()]);
    init(&scene);
    for expected in ["1", "0"] {
        let pushed = git(&scene, &["push", "--quiet", remote.to_str().unwrap(), "main"]);
        assert!(pushed.status.success(), "{}", said(&pushed));
        let lines = std::fs::read_to_string(scene.folder().join("lines")).unwrap();
        assert_eq!(lines.trim(), expected);
    }
}

/// A first push sends all of a history, and is not to wait for a process for each commit.
#[test]
fn a_long_history_is_pushed_at_once() {
    let scene = Scene::committed(SHOP);
    let remote = scene.folder().join("remote.git");
    scene.git(&["init", "--quiet", "--bare", remote.to_str().unwrap()]);
    let mut stream = String::new();
    for number in 0..3_000 {
        let from = if number == 0 { "from refs/heads/main^0\n" } else { "" };
        stream.push_str(&format!(
            "commit refs/heads/main\ncommitter A Tester <tester@example.invalid> {} +0000\n\
             data 1\nx{from}\n",
            1_900_000_000 + number
        ));
    }
    std::fs::write(scene.folder().join("stream"), stream).unwrap();
    let import = ["-c", "git fast-import --quiet < ../stream"];
    assert!(scene.surrounded("sh").args(import).status().unwrap().success());
    init(&scene);
    written(&scene, "notes.md", "hello\n");
    let started = std::time::Instant::now();
    let pushed = git(&scene, &["push", "--quiet", remote.to_str().unwrap(), "main"]);
    assert!(said(&pushed).contains("commits: 3001; without a trailer: 3001"), "{}", said(&pushed));
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
