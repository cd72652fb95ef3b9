//! One piece of work from its beginning to its proof, with all gates on its way.

use serde_json::json;

use crate::observe::{Session, entries};
use crate::proving::{CODE, Project, reason};
use crate::scene::PROGRAM;

const RULES: &str = "# Rules\n\n- Never guess.\n";

/// What the guard says to a session that would write a file.
fn asks(session: &Session<'_>, path: &str, content: &str) -> (i32, String) {
    let full = session.scene.tree().canonicalize().unwrap().join(path);
    session.call("PreToolUse", "w", "Write", json!({ "file_path": full, "content": content }))
}

#[test]
fn from_no_permit_to_evidence_that_a_fresh_clone_agrees_with() {
    let mut project = Project::new(&[("AGENTS.md", RULES)]);
    project.name = "late";
    // No permit, the digest, and the permit.
    let (status, told) = asks(&project.session(), "app/total.py", CODE);
    assert!(status == 2 && told.contains("preflight-permit"), "{told}");
    for moment in ["PreToolUse", "PostToolUse"] {
        assert_eq!(project.session().shell(moment, "p", "assize preflight").0, 0);
    }
    assert_eq!(asks(&project.session(), "app/total.py", CODE).0, 0);
    // A breach that nobody foresaw is a violation, which holds the session.
    project.slip("app/total.py", "def total(:\n");
    assert_eq!(entries(&project.scene, "violation").len(), 1);
    let held = project.assize(&["gate", "stop", "--session=late"]).expect(1);
    assert!(held.text().contains("error[violation-clear]"), "{}", held.text());
    let (status, told) = asks(&project.session(), "app/more.py", "x = 1\n");
    assert_eq!(status, 2, "{told}");
    // Repaired, and still without evidence.
    project.write("app/total.py", CODE);
    assert_eq!(entries(&project.scene, "repair").len(), 1);
    let (status, told) = project.stop();
    assert!(status == 2 && reason(&told).contains("assize exec -- pytest"), "{told}");
    project.test().expect(0);
    assert_eq!(project.stop(), (0, String::new()));
    project.committed("Total");
    let proven = project.cloned().ci(&["--require-evidence"]).expect(0);
    assert!(proven.text().contains("; proven: "), "{}", proven.text());
}

#[test]
fn two_agents_and_a_person_in_one_tree_with_a_pull_in_between() {
    let mut project = Project::new(&[]);
    let remote = project.scene.folder().join("remote.git");
    let remote = remote.to_str().unwrap();
    project.scene.git(&["init", "-q", "--bare", remote]);
    project.scene.git(&["remote", "add", "origin", remote]);
    project.scene.git(&["push", "-q", "--no-verify", "-u", "origin", "main"]);
    // Somebody elsewhere changes code and pushes it.
    let elsewhere = project.scene.folder().join("elsewhere");
    project.scene.git(&["clone", "-q", remote, elsewhere.to_str().unwrap()]);
    std::fs::write(elsewhere.join("app/far.py"), "FAR = 1\n").unwrap();
    project.scene.git_in(&elsewhere, &["add", "."]);
    project.scene.git_in(&elsewhere, &["commit", "-q", "-m", "Far"]);
    project.scene.git_in(&elsewhere, &["push", "-q"]);
    // One agent pulls, and has no part in what came.
    project.quietly("git pull -q --no-rebase");
    assert!(project.scene.path("app/far.py").exists());
    assert_eq!(project.stop(), (0, String::new()));
    // The other one works; the first is not held to it.
    project.name = "other";
    project.session().begin();
    project.write("app/total.py", CODE);
    assert_eq!(project.stop().0, 2);
    project.name = "s";
    assert_eq!(project.stop(), (0, String::new()));
    // A person edits beside them, which voids nothing and is nobody's.
    std::thread::sleep(std::time::Duration::from_millis(60));
    project.scene.write("notes.md", "by hand\n");
    std::thread::sleep(std::time::Duration::from_millis(60));
    project.name = "other";
    project.agents(PROGRAM, &["exec", "--", "pytest"]).expect(0);
    assert_eq!(project.stop(), (0, String::new()));
    let changes = entries(&project.scene, "change");
    let whose = |path: &str| {
        let files = changes.iter().flat_map(|one| one["payload"]["files"].as_array().unwrap());
        let mut own = files.filter(|file| file["path"] == path);
        own.next_back().unwrap()["whose"].clone()
    };
    assert_eq!(
        (whose("app/total.py"), whose("notes.md")),
        (json!("session"), json!("unattributed"))
    );
    project.committed("Total");
}
