//! Ways to get around the gates, each of them refused.

use serde_json::json;

use crate::proving::{CODE, OTHER, Project, TESTS, reason};
use crate::scene::PROGRAM;

const RULED: &str = "root = true\n[guard]\nmode = \"enforce\"\n\
                     [controls.phantom-local-import]\nseverity = \"error\"\n";
const PHANTOM: &str = "from app.gone import total\n";

/// The session can neither end nor commit, and is told why.
#[track_caller]
fn refused(project: &Project, words: &str) {
    let (status, told) = project.stop();
    assert!(status == 2 && reason(&told).contains(words), "{told}");
    held(project, words);
}

/// The commit is refused.
#[track_caller]
fn held(project: &Project, words: &str) {
    let ended = project.commit("Total");
    assert!(ended.status != Some(0), "{}{}", ended.text(), ended.err);
    let said = format!("{}{}", ended.text(), ended.err);
    assert!(said.contains(words), "{words}: {said}");
}

/// What the guard says to a call.
fn guard(project: &Project, tool: &str, input: serde_json::Value) -> (i32, String) {
    project.session().call("PreToolUse", "c", tool, input)
}

#[test]
fn tests_run_and_code_edited_afterwards() {
    let project = Project::new(&[]);
    project.write("app/total.py", CODE);
    project.test().expect(0);
    project.write("app/total.py", OTHER);
    refused(&project, "`app/total.py` changed after the tests ran");
    project.test().expect(0);
    project.committed("Total");
}

#[test]
fn tests_that_edit_the_code_they_tested() {
    let project = Project::new(&[]);
    project.write("app/total.py", CODE);
    let line = "pytest && cp other.py app/total.py";
    project.scene.write(".gitignore", "other.py\n");
    project.scene.write("other.py", OTHER);
    project.agents(PROGRAM, &["exec", "--", "sh", "-c", line]).expect(0);
    refused(&project, "no run of the tests is recorded for");
}

#[test]
fn tests_deleted() {
    let project = Project::new(&[]);
    project.test().expect(0);
    project.write("app/total.py", CODE);
    project.write("tests/test_total.py", TESTS.split("\n\n\ndef test_two").next().unwrap());
    project.test().expect(0);
    refused(&project, "1 test passed, and 2 did before the change");
    // A person who runs them takes it on.
    let person = project.assize(&["exec", "--", "pytest"]).expect(0);
    assert_eq!(person.text(), "1 passed in 0.01s\n");
}

#[test]
fn tests_skipped_all_of_them_or_some() {
    let project = Project::new(&[]);
    project.test().expect(0);
    project.write("app/total.py", CODE);
    project.write("tests/test_total.py", &TESTS.replace("def ", "@skip\ndef "));
    project.agents(PROGRAM, &["exec", "--", "pytest"]);
    refused(&project, "no test ran: 2 were skipped");
    project.write("tests/test_total.py", &TESTS.replace("def test_two", "@skip\ndef test_two"));
    project.test().expect(0);
    refused(&project, "1 test passed, and 2 did before the change");
}

#[test]
fn runs_that_collect_nothing_or_only_say_that_they_did() {
    let project = Project::new(&[]);
    project.write("app/total.py", CODE);
    project.agents(PROGRAM, &["exec", "--", "pytest", "--collect-only"]).expect(0);
    refused(&project, "does not tell how many tests there were");
    let project = Project::new(&[]);
    project.write("app/total.py", CODE);
    project.agents(PROGRAM, &["exec", "--", "echo", "5 passed in 0.01s"]).expect(0);
    project.agents(PROGRAM, &["exec", "--", "sh", "-c", "pytest; echo 5 passed in 0.01s"]);
    refused(&project, "no run of the tests is recorded for");
    let project = Project::new(&[]);
    project.write("app/total.py", CODE);
    project.write("tests/test_total.py", "# assert False\n");
    project.agents(PROGRAM, &["exec", "--", "pytest"]);
    // The file is still a test, and nothing in it is one.
    refused(&project, "the last run of the tests ended with status 5");
}

#[test]
fn tests_that_fail() {
    let project = Project::new(&[]);
    project.write("app/total.py", CODE);
    project.write("tests/test_total.py", &TESTS.replace("assert total([]) == 0", "assert False"));
    project.agents(PROGRAM, &["exec", "--", "pytest"]);
    refused(&project, "1 test failed");
}

#[test]
fn evidence_replayed_from_another_branch() {
    let project = Project::new(&[]);
    project.scene.git(&["checkout", "-q", "-b", "other"]);
    project.write("app/total.py", CODE);
    project.test().expect(0);
    project.committed("Total");
    let tree = project.scene.git(&["rev-parse", "HEAD^{tree}"]);
    let note = project.scene.git(&["notes", "--ref=assize", "show", &tree]);
    project.scene.git(&["checkout", "-q", "main"]);
    project.write("app/total.py", OTHER);
    project.scene.git(&["commit", "-q", "-am", "Quiet", "--no-verify"]);
    let tree = project.scene.git(&["rev-parse", "HEAD^{tree}"]);
    project.scene.git(&["notes", "--ref=assize", "add", "-m", &note, &tree]);
    let ended = project.cloned().ci(&[]).expect(1);
    assert!(ended.text().contains("it is bound to another tree"), "{}", ended.text());
}

#[test]
fn ledger_truncated() {
    let project = Project::new(&[]);
    let segment = project.scene.segments().pop().unwrap();
    let before = std::fs::read(&segment).unwrap();
    project.write("app/total.py", CODE);
    project.test().expect(0);
    project.committed("Total");
    std::fs::write(&segment, &before).unwrap();
    project.write("app/total.py", OTHER);
    project.test().expect(0);
    held(&project, "error[ledger-verify]");
    let (status, told) = project.stop();
    assert!(status == 2 && reason(&told).contains("the record is not what was written"), "{told}");
}

#[test]
fn bundle_signed_again_by_an_unknown_key() {
    let project = Project::new(&[]);
    project.write("app/total.py", CODE);
    project.test().expect(0);
    // With the key gone the record makes another one.
    let key = project.scene.segments()[0].parent().unwrap().join("key");
    std::fs::remove_file(&key).unwrap();
    project.committed("Total");
    let ended = project.cloned().ci(&[]).expect(1);
    assert!(ended.text().contains("its key is none of `.assize/keys`"), "{}", ended.text());
}

#[test]
fn an_allowance_added_by_the_agent() {
    let project = Project::new(&[("assize.toml", RULED)]);
    let allowed = format!(
        "# assize: allow(phantom-local-import) until=2099-01-01 reason=\"later\"\n{PHANTOM}"
    );
    let path = project.scene.tree().canonicalize().unwrap().join("app/user.py");
    let (status, told) = guard(&project, "Write", json!({ "file_path": path, "content": allowed }));
    assert!(status == 2 && told.contains("an agent does not allow its own findings"), "{told}");
    // By a way that nobody foresaw.
    project.slip("app/user.py", &allowed);
    project.test().expect(0);
    refused(&project, "an agent does not allow its own findings");
}

#[test]
fn configuration_loosened_in_a_sub_folder_or_in_the_same_commit() {
    for (path, text) in [
        ("app/assize.toml", "[controls.phantom-local-import]\nseverity = \"off\"\n"),
        ("assize.toml", "root = true\n[controls.phantom-local-import]\nseverity = \"off\"\n"),
    ] {
        let project = Project::new(&[("assize.toml", RULED)]);
        let full = project.scene.tree().canonicalize().unwrap().join(path);
        let (status, told) =
            guard(&project, "Write", json!({ "file_path": full, "content": text }));
        assert!(status == 2 && told.contains("self-protection"), "{told}");
        project.slip(path, text);
        project.slip("app/user.py", PHANTOM);
        project.test().expect(0);
        held(&project, "error[self-protection]");
        held(&project, "phantom-local-import");
        // Around the hooks, CI still judges by what was.
        project.scene.git(&["commit", "-q", "--no-verify", "-m", "Quiet"]);
        let ended = project.cloned().ci(&[]).expect(1);
        assert!(ended.text().contains("phantom-local-import"), "{}", ended.text());
        assert!(ended.text().contains("warn[self-protection]"), "{}", ended.text());
    }
}

#[test]
fn gates_switched_off_in_the_same_commit() {
    let required = "root = true\n[guard]\nmode = \"enforce\"\n[gates]\nevidence = \"required\"\n";
    let project = Project::new(&[("assize.toml", required)]);
    let off = "root = true\n[gates]\ninfer-tests = false\nchangelog = false\n";
    project.slip("assize.toml", off);
    project.write("app/total.py", CODE);
    held(&project, "error[self-protection]");
    held(&project, "error[fresh-tests]");
    project.scene.git(&["commit", "-q", "--no-verify", "-m", "Quiet"]);
    let ended = project.cloned().ci(&[]).expect(1);
    assert!(ended.text().contains("the change must carry evidence"), "{}", ended.text());
}

#[test]
fn a_commit_around_the_hooks() {
    let project = Project::new(&[]);
    let (status, told) =
        guard(&project, "Bash", json!({ "command": "git commit --no-verify -m x" }));
    assert!(status == 2 && told.contains("git-hook-bypass"), "{told}");
    project.write("app/total.py", CODE);
    project.scene.git(&["commit", "-qam", "Quiet", "--no-verify"]);
    // One with evidence on top of it hides nothing.
    project.write("notes.md", "x\n");
    project.committed("Notes");
    let clone = project.cloned();
    let ended = clone.ci(&["--base", "HEAD~2"]).expect(0);
    assert!(
        ended.text().contains("unproven: 1 of 2 commits carry no evidence"),
        "{}",
        ended.text()
    );
    clone.ci(&["--base", "HEAD~2", "--require-evidence"]).expect(1);
}

#[test]
fn a_waiver_written_by_an_agent() {
    let project = Project::new(&[("assize.toml", RULED), ("app/user.py", PHANTOM)]);
    let line = "assize waive phantom-local-import app/user.py --until 2099-01-01 --reason later";
    let (status, told) = guard(&project, "Bash", json!({ "command": line }));
    assert!(status == 2 && told.contains("self-protection"), "{told}");
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    let ended = project.agents(PROGRAM, &words);
    assert!(ended.status != Some(0) && ended.err.contains("claude"), "{}", ended.err);
    let kept = project.assize(&["ledger", "log", "--kind", "waiver"]).expect(0);
    assert_eq!(kept.text(), "");
}

#[test]
fn a_baseline_grown_by_the_agent() {
    let project = Project::new(&[("assize.toml", RULED)]);
    project.scene.run(&["baseline"]).expect(0);
    project.scene.git(&["add", "."]);
    project.scene.git(&["commit", "-q", "--no-verify", "-m", "Baseline"]);
    let (status, told) = guard(&project, "Bash", json!({ "command": "assize baseline --upgrade" }));
    assert!(status == 2 && told.contains("self-protection"), "{told}");
    // Made anew around the guard.
    project.slip("app/user.py", PHANTOM);
    project.quietly(&format!("rm .assize/baseline.txt && {PROGRAM} baseline"));
    project.test().expect(0);
    held(&project, "error[self-protection]");
    // It counts nothing where a change is judged.
    held(&project, "phantom-local-import");
}
