//! What git excuses: contents that others answer for, and none that an agent made.

use crate::observe::{BROKEN, Session, entries};
use crate::scene::{SHOP, Scene};

/// A scene whose only remote lies beside it, and an agent at work.
fn shared() -> Scene {
    let scene = Scene::committed(SHOP);
    let remote = scene.folder().join("remote.git");
    scene.git(&["init", "--quiet", "--bare", remote.to_str().unwrap()]);
    scene.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    scene.git(&["push", "--quiet", "-u", "origin", "main"]);
    scene
}

/// What is answered to a command during which this happens.
fn during(scene: &Scene, work: impl FnOnce(&Scene)) -> (i32, String) {
    let agent = Session { scene, name: "s" };
    agent.begin();
    assert_eq!(agent.shell("PreToolUse", "1", "make release").0, 0);
    work(scene);
    agent.shell("PostToolUse", "1", "make release")
}

fn commit_at(scene: &Scene, date: &str) {
    scene.git(&["add", "."]);
    let mut git = scene.surrounded("git");
    git.args(["commit", "-qm", "x"]).env("GIT_COMMITTER_DATE", date).env("GIT_AUTHOR_DATE", date);
    assert!(git.status().unwrap().success());
}

#[test]
fn nothing_that_a_command_does_with_git_excuses_its_own_work() {
    type Trick = (&'static str, fn(&Scene));
    let tricks: [Trick; 7] = [
        ("a push", |scene| {
            scene.commit("mine");
            scene.git(&["push", "--quiet"]);
        }),
        ("a fetch from here", |scene| {
            scene.commit("mine");
            scene.git(&["fetch", "-q", ".", "HEAD:refs/remotes/origin/old"]);
        }),
        ("a remote that is here", |scene| {
            scene.commit("mine");
            scene.git(&["remote", "add", "me", "."]);
            scene.git(&["fetch", "-q", "me"]);
        }),
        ("a ref that looks fetched", |scene| {
            scene.commit("mine");
            scene.git(&["update-ref", "refs/remotes/other/main", "HEAD"]);
        }),
        ("a clock set back", |scene| commit_at(scene, "2001-01-01T00:00:00Z")),
        ("a branch of a clock set back", |scene| {
            scene.git(&["checkout", "-qb", "old"]);
            commit_at(scene, "2001-01-01T00:00:00Z");
            scene.git(&["pack-refs", "--all"]);
        }),
        ("a commit replaced", |scene| {
            let first = scene.git(&["rev-parse", "HEAD"]);
            scene.commit("mine");
            let mine = scene.git(&["rev-parse", "HEAD"]);
            scene.git(&["replace", &first, &mine]);
        }),
    ];
    for (name, trick) in tricks {
        let scene = shared();
        let (status, out) = during(&scene, |scene| {
            scene.write("shop/settings.py", BROKEN);
            trick(scene);
        });
        assert!(status == 2 && out.contains("syntax-parse"), "{name}: {status} {out}");
    }
}

#[test]
fn what_a_colleague_broke_is_no_breach_of_the_one_who_pulls() {
    let scene = shared();
    let other = scene.folder().join("other");
    let remote = scene.folder().join("remote.git");
    scene.git(&["clone", "-q", remote.to_str().unwrap(), other.to_str().unwrap()]);
    std::fs::write(other.join("shop/settings.py"), BROKEN).unwrap();
    scene.git_in(&other, &["commit", "-qam", "theirs"]);
    scene.git_in(&other, &["push", "-q"]);
    let answer = during(&scene, |scene| {
        scene.git(&["pull", "-q"]);
    });
    assert_eq!(answer, (0, String::new()));
    assert_eq!(entries(&scene, "drift").len(), 1);
}

#[test]
fn another_branch_is_excused_after_its_refs_were_packed() {
    let scene = shared();
    scene.git(&["checkout", "-qb", "broken"]);
    scene.write("shop/settings.py", BROKEN);
    scene.commit("theirs");
    scene.git(&["checkout", "-q", "main"]);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let answer = during(&scene, |scene| {
        scene.git(&["pack-refs", "--all"]);
        scene.git(&["checkout", "-q", "broken"]);
    });
    assert_eq!(answer, (0, String::new()));
}

#[test]
fn a_stash_that_is_popped_is_whose_it_was() {
    let scene = shared();
    scene.write("shop/settings.py", BROKEN);
    scene.git(&["stash", "-q"]);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let answer = during(&scene, |scene| {
        scene.git(&["stash", "pop", "-q"]);
    });
    assert_eq!(answer, (0, String::new()));
}

#[test]
fn a_commit_of_a_command_in_the_background_excuses_nothing() {
    let scene = shared();
    let agent = Session { scene: &scene, name: "s" };
    agent.begin();
    let watch = serde_json::json!({ "command": "make watch", "run_in_background": true });
    assert_eq!(agent.call("PreToolUse", "1", "Bash", watch.clone()).0, 0);
    assert_eq!(agent.call("PostToolUse", "1", "Bash", watch).0, 0);
    std::thread::sleep(std::time::Duration::from_millis(60));
    scene.write("shop/settings.py", BROKEN);
    scene.commit("mine");
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let (status, out) = agent.event("Stop", &[]);
    assert!(status == 2 && out.contains("syntax-parse"), "{status} {out}");
}
