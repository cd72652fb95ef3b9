//! Folders and files that may not be read or written. Root may do everything, so a test that runs
//! as root lets an ordinary user run the program.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::scene::{PROGRAM, SHOP, SHOP_FINDINGS, Scene, end, mode, report};

/// The user and group that own nothing.
const NOBODY: &str = "65534";

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|of_ours| of_ours.uid() == 0)
}

/// The scene's program, run by an ordinary user who owns the tree.
pub(crate) fn as_ordinary_user(scene: &Scene, arguments: &[&str]) -> Command {
    if !is_root() {
        return scene.assize(arguments);
    }
    // The folder of the build may be closed to others.
    let program: PathBuf = scene.folder().join("assize");
    if !program.exists() && std::fs::hard_link(PROGRAM, &program).is_err() {
        std::fs::copy(PROGRAM, &program).unwrap();
    }
    let mut command = ordinary_user(scene, &program);
    command.args(arguments);
    command
}

/// A program, run by an ordinary user who owns all of the scene but the program.
pub(crate) fn ordinary_user(scene: &Scene, program: &Path) -> Command {
    if !is_root() {
        return scene.surrounded(program);
    }
    let owner = format!("{NOBODY}:{NOBODY}");
    let mut given = Command::new("find");
    // A link to the program shares its owner with the program itself.
    given.arg(scene.folder()).args(["!", "-path"]).arg(program);
    given.args(["-exec", "chown", "-h", &owner, "{}", "+"]);
    assert!(given.status().unwrap().success());
    let mut command = scene.surrounded("setpriv");
    command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]).arg(program);
    command
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_judged() {
    for with_git in [true, false] {
        let scene = Scene::committed(SHOP);
        if !with_git {
            std::fs::remove_dir_all(scene.path(".git")).unwrap();
        }
        scene.write("closed/a.py", "def broken(:\n");
        scene.write("closed/inner/b.py", "def broken(:\n");
        scene.write("shop/secret.py", "def broken(:\n");
        mode(&scene.path("closed"), 0o000);
        mode(&scene.path("shop/secret.py"), 0o000);
        let mut command = as_ordinary_user(&scene, &["check", "--format", "json"]);
        let first = report(&mut command);
        let again = report(&mut command);
        mode(&scene.path("closed"), 0o755);
        for seen in [first, again] {
            assert_eq!(seen.findings(), SHOP_FINDINGS);
            assert_eq!(seen.problems(), ["closed unreadable", "shop/secret.py unreadable"]);
            assert!(!seen.words("unreadable").contains('/'), "{}", seen.words("unreadable"));
        }
        // Once they can be read, they are.
        mode(&scene.path("shop/secret.py"), 0o644);
        let open = report(&mut command);
        assert_eq!(open.findings().len(), 5, "{:?}", open.findings());
        assert!(open.problems().is_empty());
    }
}

#[test]
fn tracked_files_in_a_closed_folder_are_each_named() {
    let scene = Scene::committed(SHOP);
    scene.write("closed/a.py", "x = 1\n");
    scene.write("closed/b.py", "x = 1\n");
    scene.commit("closed");
    mode(&scene.path("closed"), 0o000);
    let mut command = as_ordinary_user(&scene, &["check", "--format", "json"]);
    let plain = report(&mut command);
    let changed = report(command.arg("--changed"));
    mode(&scene.path("closed"), 0o755);
    assert_eq!(plain.findings(), SHOP_FINDINGS);
    for name in ["closed/a.py unreadable", "closed/b.py unreadable"] {
        assert!(plain.problems().contains(&name.to_owned()), "{:?}", plain.problems());
        assert!(changed.problems().contains(&name.to_owned()), "{:?}", changed.problems());
    }
}

#[test]
fn a_folder_that_can_be_entered_but_not_listed_is_named() {
    let scene = Scene::of(SHOP);
    scene.write("listless/a.py", "x = 1\n");
    mode(&scene.path("listless"), 0o311);
    let seen = report(&mut as_ordinary_user(&scene, &["check", "--format", "json"]));
    mode(&scene.path("listless"), 0o755);
    assert_eq!(seen.problems(), ["listless unreadable"]);
    assert_eq!(seen.findings(), SHOP_FINDINGS);
}

#[test]
fn a_root_that_cannot_be_read_is_an_error() {
    let scene = Scene::bare();
    scene.write("closed/a.py", "x = 1\n");
    mode(&scene.path("closed"), 0o000);
    let ended = end(&mut as_ordinary_user(&scene, &["check", "closed"]));
    mode(&scene.path("closed"), 0o755);
    let ended = ended.expect(2);
    assert!(ended.err.contains("cannot read `closed`"), "{}", ended.err);
}

#[test]
fn a_configuration_that_cannot_be_read_is_an_error() {
    let scene = Scene::of(SHOP);
    scene.write("assize.toml", "profile = \"strict\"\n");
    mode(&scene.path("assize.toml"), 0o000);
    let ended = end(&mut as_ordinary_user(&scene, &["check"])).expect(2);
    assert!(ended.err.contains("assize.toml"), "{}", ended.err);
}

#[test]
fn a_cache_folder_that_cannot_be_written_is_a_problem() {
    let scene = Scene::of(SHOP);
    let mut command = as_ordinary_user(&scene, &["check", "--format", "json"]);
    mode(&scene.cache(), 0o555);
    let seen = report(&mut command);
    assert_eq!((seen.findings(), seen.problems()), (found(), vec![" cache".to_owned()]));
    // One that was written and is closed now.
    mode(&scene.cache(), 0o755);
    assert!(report(&mut command).problems().is_empty());
    mode(&scene.cache(), 0o000);
    let seen = report(&mut command);
    mode(&scene.cache(), 0o755);
    assert_eq!((seen.findings(), seen.problems()), (found(), vec![" cache".to_owned()]));
}

fn found() -> Vec<String> {
    SHOP_FINDINGS.map(str::to_owned).to_vec()
}

#[test]
fn a_tree_that_cannot_be_written_is_checked_and_its_baseline_left() {
    let scene = Scene::committed(SHOP);
    scene.run(&["baseline"]).expect(0);
    scene.write("shop/settings.py", "x = 1\n");
    let recorded = std::fs::read(scene.path(".assize/baseline.txt")).unwrap();
    let mut command = as_ordinary_user(&scene, &["check", "--format", "json"]);
    mode(&scene.path(".assize"), 0o555);
    let seen = report(&mut command);
    let made = end(&mut as_ordinary_user(&scene, &["baseline"]));
    mode(&scene.path(".assize"), 0o755);
    assert_eq!(seen.status, 0);
    assert_eq!(std::fs::read(scene.path(".assize/baseline.txt")).unwrap(), recorded);
    assert!(made.expect(2).err.contains("cannot write"));
}

/// Runs a shell script in a mount namespace of its own, with a tmpfs of 64 KiB at `$1`; gives none
/// where the system grants no such namespace.
pub(crate) fn on_a_small_disk(scene: &Scene, script: &str) -> Option<Command> {
    let small = scene.folder().join("small");
    std::fs::create_dir_all(&small).unwrap();
    let script = format!("mount -t tmpfs -o size=64k none \"$1\" && {script}");
    let unshare = |script: &str| {
        let mut command = scene.surrounded("unshare");
        command.args(if is_root() { &["--mount"][..] } else { &["--mount", "--map-root-user"] });
        command.args(["sh", "-c", script, "sh"]).arg(&small).arg(PROGRAM);
        command
    };
    let granted = unshare("mount -t tmpfs -o size=64k none \"$1\"").output();
    granted.is_ok_and(|tried| tried.status.success()).then(|| unshare(&script))
}

#[test]
fn a_full_disk_below_the_cache_is_a_problem_and_nothing_is_left_there() {
    let scene = Scene::of(SHOP);
    let fill = "XDG_CACHE_HOME=\"$1\"; head -c 99999 /dev/zero > \"$1/fill\" 2> /dev/null; \
                \"$2\" check --format json; ended=$?; find \"$1\" -type f -size +0 >&2; exit $ended";
    // Where no small disk is to be had, a cache below a file fails as early as it can.
    let mut command = on_a_small_disk(&scene, &format!("export XDG_CACHE_HOME; {fill}"))
        .unwrap_or_else(|| {
            let mut command = scene.assize(&["check", "--format", "json"]);
            command.env("XDG_CACHE_HOME", scene.path(".env.example"));
            command
        });
    let seen = report(&mut command);
    assert_eq!(seen.findings(), SHOP_FINDINGS);
    assert_eq!(seen.problems(), [" cache"]);
    assert!(!seen.err.contains("index"), "{}", seen.err);
}

#[test]
fn a_full_disk_below_the_output_is_an_error() {
    let scene = Scene::of(SHOP);
    for format in ["full", "concise", "agent", "json", "sarif"] {
        let mut command = scene.surrounded("sh");
        command.args(["-c", "\"$1\" check --format \"$2\" > /dev/full", "sh", PROGRAM, format]);
        let ended = end(&mut command).expect(2);
        assert!(ended.err.contains("No space left"), "{}", ended.err);
    }
}

#[test]
fn a_full_disk_below_the_baseline_leaves_the_old_one() {
    let scene = Scene::bare();
    let script = "cd \"$1\" && mkdir .assize && printf 'A=\\n' > .env.example && \
         printf 'import os\\nx = os.environ[\"K\"]\\n' > a.py && \"$2\" baseline && \
         cp .assize/baseline.txt \"$1/../before\" && printf '' > a.py && \
         head -c 100000 /dev/zero > fill; \
         \"$2\" baseline; ended=$?; cmp .assize/baseline.txt \"$1/../before\" && exit $ended";
    let Some(mut command) = on_a_small_disk(&scene, script) else { return };
    let ended = end(&mut command).expect(2);
    assert!(ended.err.contains("cannot write"), "{}", ended.err);
}
