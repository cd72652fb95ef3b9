//! `packaging/install.sh`: what is installed is what the release lists, or nothing is. And the
//! hooks that are offered to a framework.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::permissions::ordinary_user;
use crate::scene::{Ended, PROGRAM, SHOP, Scene, end, mode};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/install.sh");
const HOOKS: &str = include_str!("../../../../.pre-commit-hooks.yaml");

/// What the kinds of machines say they are, and the archive that runs there.
const PLATFORMS: [(&str, &str, &str); 5] = [
    ("Linux", "x86_64", "x86_64-unknown-linux-musl"),
    ("Linux", "aarch64", "aarch64-unknown-linux-musl"),
    ("Linux", "arm64", "aarch64-unknown-linux-musl"),
    ("Darwin", "x86_64", "x86_64-apple-darwin"),
    ("Darwin", "arm64", "aarch64-apple-darwin"),
];

fn shell(scene: &Scene, words: &str) -> String {
    let mut shell = scene.surrounded("sh");
    end(shell.current_dir(scene.folder()).args(["-ec", words])).expect(0).text().to_owned()
}

/// A release with one archive per platform, whose program is a script that prints its version.
fn release(scene: &Scene, version: &str, program: &str) -> PathBuf {
    let folder = scene.folder().join(format!("release-{version}"));
    std::fs::create_dir(&folder).unwrap();
    for (.., target) in PLATFORMS {
        let inner = folder.join(format!("assize-{target}"));
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(inner.join("assize"), format!("#!/bin/sh\n{program}\n")).unwrap();
        mode(&inner.join("assize"), 0o755);
    }
    let pack = format!(
        "cd release-{version}; for one in assize-*; do tar -czf $one.tar.gz $one; rm -r $one; done; \
         sums=$(sha256sum *); echo \"$sums\" > SHA256SUMS"
    );
    shell(scene, &pack);
    folder
}

fn good(scene: &Scene, version: &str) -> PathBuf {
    release(scene, version, &format!("echo assize {version}"))
}

/// The script, not yet started; it runs on the machine of the first platform.
fn script(scene: &Scene, shell: &str, from: &Path) -> Command {
    let path = machine(scene, "Linux", "x86_64");
    let mut command = scene.surrounded(shell);
    command.arg(SCRIPT).env("PATH", path).env("TMPDIR", temporary(scene));
    command.env("ASSIZE_BASE_URL", format!("file://{}", from.display()));
    command
}

fn install(scene: &Scene, from: &Path) -> Ended {
    end(&mut script(scene, "sh", from))
}

/// The search path of a machine that says it is this one.
fn machine(scene: &Scene, system: &str, processor: &str) -> String {
    let words = format!("case $1 in -s) echo {system} ;; -m) echo {processor} ;; esac");
    scene.in_path("uname", &words)
}

fn temporary(scene: &Scene) -> PathBuf {
    let folder = scene.folder().join("tmp");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn bin(scene: &Scene) -> PathBuf {
    scene.folder().join("home/.local/bin")
}

/// All that the script may have left: in the home, and in the folder for what is temporary.
fn left(scene: &Scene) -> Vec<String> {
    let list = shell(scene, "find home tmp -type f ! -name .gitconfig 2> /dev/null | sort");
    list.lines().map(str::to_owned).collect()
}

/// The version of what is installed.
fn installed(scene: &Scene) -> String {
    end(&mut scene.surrounded(bin(scene).join("assize"))).expect(0).text().trim().to_owned()
}

#[test]
fn a_release_is_installed_and_takes_the_place_of_the_one_before() {
    for shell in ["sh", "bash"] {
        let scene = Scene::bare();
        let old = end(&mut script(&scene, shell, &good(&scene, "1.0.0"))).expect(0);
        assert_eq!(installed(&scene), "assize 1.0.0");
        assert_eq!(old.err, "");
        for words in ["as listed", "assize 1.0.0 is in", "not in PATH"] {
            assert!(old.text().contains(words), "{words}: {}", old.text());
        }
        end(&mut script(&scene, shell, &good(&scene, "2.0.0"))).expect(0);
        assert_eq!(installed(&scene), "assize 2.0.0");
        assert_eq!(left(&scene), ["home/.local/bin/assize"]);
    }
}

#[test]
fn each_platform_has_its_archive_and_no_other_has_one() {
    let scene = Scene::bare();
    let from = good(&scene, "1.0.0");
    for (system, processor, target) in PLATFORMS {
        let mut command = script(&scene, "sh", &from);
        let ended = end(command.env("PATH", machine(&scene, system, processor))).expect(0);
        assert!(ended.text().contains(&format!("assize-{target}.tar.gz")), "{}", ended.text());
    }
    std::fs::remove_dir_all(bin(&scene)).unwrap();
    for (system, processor) in [("FreeBSD", "x86_64"), ("Linux", "riscv64"), ("Linux", "i686")] {
        let mut command = script(&scene, "sh", &from);
        let ended = end(command.env("PATH", machine(&scene, system, processor))).expect(1);
        assert!(ended.err.contains("there is no release for"), "{}", ended.err);
        assert!(left(&scene).is_empty(), "{:?}", left(&scene));
    }
}

#[test]
fn what_is_not_as_listed_is_not_installed() {
    let cases: [(&str, &str); 6] = [
        ("echo more >> assize-x86_64-unknown-linux-musl.tar.gz", "not what the release lists"),
        ("grep -v x86_64-unknown SHA256SUMS > new; mv new SHA256SUMS", "does not list"),
        ("cat SHA256SUMS SHA256SUMS > new; mv new SHA256SUMS", "does not list"),
        ("rm assize-x86_64-unknown-linux-musl.tar.gz", "cannot fetch"),
        ("rm SHA256SUMS", "cannot fetch"),
        ("cut -c 2- SHA256SUMS > new; mv new SHA256SUMS", "does not list"),
    ];
    for (damage, words) in cases {
        let scene = Scene::bare();
        install(&scene, &good(&scene, "1.0.0")).expect(0);
        good(&scene, "2.0.0");
        shell(&scene, &format!("cd release-2.0.0; {damage}"));
        let ended = install(&scene, &scene.folder().join("release-2.0.0")).expect(1);
        assert!(ended.err.contains(words), "{damage}: {}", ended.err);
        assert_eq!(installed(&scene), "assize 1.0.0", "{damage}");
        assert_eq!(left(&scene), ["home/.local/bin/assize"], "{damage}");
    }
}

#[test]
fn a_program_that_does_not_run_replaces_none() {
    let scene = Scene::bare();
    install(&scene, &good(&scene, "1.0.0")).expect(0);
    let ended = install(&scene, &release(&scene, "2.0.0", "exit 126")).expect(1);
    assert!(ended.err.contains("does not run on this machine"), "{}", ended.err);
    assert_eq!(installed(&scene), "assize 1.0.0");
    assert_eq!(left(&scene), ["home/.local/bin/assize"]);
}

#[test]
fn an_interruption_leaves_all_as_it_was() {
    // Of those that end a script only this one is heard wherever tests run: in the background a
    // shell begins with interrupts ignored, and then no trap can hear them.
    for step in ["tar", "mv", "cp"] {
        for shell in ["sh", "bash"] {
            let scene = Scene::bare();
            install(&scene, &good(&scene, "1.0.0")).expect(0);
            let mut command = script(&scene, shell, &good(&scene, "2.0.0"));
            let path = scene.in_path(step, "kill -TERM $PPID; sleep 0.1");
            end(command.env("PATH", path)).expect(143);
            assert_eq!(installed(&scene), "assize 1.0.0", "{shell}, {step}");
            assert_eq!(left(&scene), ["home/.local/bin/assize"], "{shell}, {step}");
        }
    }
}

#[test]
fn a_script_that_was_cut_off_does_nothing() {
    let scene = Scene::bare();
    let from = good(&scene, "1.0.0");
    let whole = std::fs::read_to_string(SCRIPT).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let cut = scene.folder().join("cut.sh");
    for length in (1..lines.len()).rev().step_by(7) {
        std::fs::write(&cut, lines[..length].join("\n")).unwrap();
        let mut command = scene.surrounded("sh");
        command.arg(&cut).env("ASSIZE_BASE_URL", format!("file://{}", from.display()));
        end(command.env("TMPDIR", temporary(&scene)));
        assert!(left(&scene).is_empty(), "{length} lines: {:?}", left(&scene));
    }
}

#[test]
fn the_place_is_the_users_own_choice() {
    let scene = Scene::bare();
    let from = good(&scene, "1.0.0");
    let prefix = scene.folder().join("home/a prefix");
    end(script(&scene, "sh", &from).env("PREFIX", &prefix)).expect(0);
    assert_eq!(left(&scene), ["home/a prefix/bin/assize"]);
    let relative = end(script(&scene, "sh", &from).env("PREFIX", "here")).expect(1);
    assert!(relative.err.contains("absolute"), "{}", relative.err);
    let nowhere = end(script(&scene, "sh", &from).env_remove("HOME")).expect(1);
    assert!(nowhere.err.contains("neither HOME nor PREFIX"), "{}", nowhere.err);
}

#[test]
fn what_others_manage_stays() {
    let scene = Scene::bare();
    let from = good(&scene, "1.0.0");
    let place = bin(&scene).join("assize");
    std::fs::create_dir_all(&place).unwrap();
    let folder = install(&scene, &from).expect(1);
    assert!(folder.err.contains("something else manages it"), "{}", folder.err);
    std::fs::remove_dir(&place).unwrap();
    std::os::unix::fs::symlink("/bin/true", &place).unwrap();
    let link = install(&scene, &from).expect(1);
    assert!(link.err.contains("something else manages it"), "{}", link.err);
    assert!(place.is_symlink());
}

#[test]
fn nothing_is_forced_where_the_user_has_no_rights() {
    let scene = Scene::bare();
    let from = good(&scene, "1.0.0");
    let closed = scene.folder().join("closed");
    std::fs::create_dir(&closed).unwrap();
    let copy = scene.folder().join("install.sh");
    std::fs::copy(SCRIPT, &copy).unwrap();
    mode(&copy, 0o755);
    let temporary = temporary(&scene);
    let mut command = ordinary_user(&scene, &copy);
    mode(&closed, 0o555);
    command.env("PREFIX", &closed).env("TMPDIR", temporary);
    command.env("ASSIZE_BASE_URL", format!("file://{}", from.display()));
    let ended = end(&mut command).expect(1);
    assert!(ended.err.contains("you may not write into"), "{}", ended.err);
    mode(&closed, 0o755);
    assert_eq!(std::fs::read_dir(&closed).unwrap().count(), 0);
}

#[test]
fn root_leaves_nothing_in_somebody_elses_folder() {
    let scene = Scene::bare();
    let from = good(&scene, "1.0.0");
    // Whoever runs the test: one who says to be root, and a folder that is not root's.
    let home = scene.folder().join("home");
    drop(Command::new("chown").args(["-R", "65534"]).arg(&home).output());
    let mut command = script(&scene, "sh", &from);
    command.env("PATH", scene.in_path("id", "echo 0"));
    let ended = end(&mut command).expect(1);
    assert!(ended.err.contains("does not belong to root"), "{}", ended.err);
    assert!(left(&scene).is_empty(), "{:?}", left(&scene));
}

#[test]
fn the_newest_release_is_asked_for_unless_another_is_named() {
    let scene = Scene::bare();
    let from = good(&scene, "1.0.0");
    let log = scene.folder().join("asked");
    let curl = format!(
        "while [ $# -gt 1 ]; do case $1 in --output) out=$2; shift ;; esac; shift; done; \
         echo \"$1\" >> '{}'; cp '{}'/\"${{1##*/}}\" \"$out\"",
        log.display(),
        from.display(),
    );
    for (version, folder) in [("", "latest/download"), ("1.0.0", "download/v1.0.0")] {
        let mut command = script(&scene, "sh", &from);
        scene.in_path("curl", &curl);
        command.env_remove("ASSIZE_BASE_URL").env("ASSIZE_VERSION", version);
        end(&mut command).expect(0);
        let asked = std::fs::read_to_string(&log).unwrap();
        std::fs::remove_file(&log).unwrap();
        let place = format!("https://github.com/assize/assize/releases/{folder}");
        let expected = ["SHA256SUMS", "assize-x86_64-unknown-linux-musl.tar.gz"]
            .map(|name| format!("{place}/{name}"));
        assert_eq!(asked.lines().collect::<Vec<_>>(), expected);
    }
    let mut plain = script(&scene, "sh", &from);
    let ended = end(plain.env("ASSIZE_BASE_URL", "http://example.invalid/assize")).expect(1);
    assert!(ended.err.contains("must begin with https:// or file://"), "{}", ended.err);
    assert!(!log.exists());
}

/// The framework reads what git says of a push, and gives its hook nothing to read.
#[test]
fn the_frameworks_push_hook_hands_on_what_is_pushed() {
    let (_, hook) = HOOKS.split_once("- id: assize-push").unwrap();
    let (_, entry) = hook.split_once("entry: >-\n").unwrap();
    let (entry, _) = entry.split_once("\n  language:").unwrap();
    let entry = entry.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let scene = Scene::committed(SHOP);
    let first = scene.git(&["rev-parse", "HEAD"]);
    scene.commit("second");
    scene.commit("third");
    let path = scene.in_path("assize", &format!("exec '{PROGRAM}' \"$@\""));
    let pushed = |refs: &[(&str, &str)]| {
        let mut shell = scene.surrounded("sh");
        shell.args(["-c", &entry]).env("PATH", &path).envs(refs.iter().copied());
        end(shell.env("PRE_COMMIT_REMOTE_NAME", "origin")).expect(0).text().to_owned()
    };
    let new = pushed(&[]);
    assert!(new.contains("commits: 3"), "{new}");
    let head = scene.git(&["rev-parse", "HEAD"]);
    let more = pushed(&[("PRE_COMMIT_FROM_REF", &first), ("PRE_COMMIT_TO_REF", &head)]);
    assert!(more.contains("commits: 2"), "{more}");
}
