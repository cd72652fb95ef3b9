//! Evidence that a commit carries: written where the work is done, verified in a fresh clone by the
//! repository alone.

use serde_json::{Value, json};

use crate::proving::{CODE, OTHER, Project, TESTS};
use crate::scene::{PROGRAM, Scene};

/// One commit of an agent with everything that is demanded.
fn proven() -> Project {
    let project = Project::new(&[]);
    project.write("app/total.py", CODE);
    project.test().expect(0);
    project.committed("Total");
    project
}

fn says(ended: &crate::scene::Ended, words: &str) {
    assert!(ended.text().contains(words), "{words}: {}{}", ended.text(), ended.err);
}

#[test]
fn a_fresh_clone_agrees_and_disagrees_when_the_bundle_does_not_fit() {
    let project = proven();
    let clone = project.cloned();
    says(&clone.ci(&[]).expect(0), "gate commit: open; files: 1; proven: the commit carries");
    clone.ci(&["--require-evidence"]).expect(0);
    let json = clone.ci(&["--format=json"]).expect(0);
    let json: Value = serde_json::from_slice(&json.out).unwrap();
    assert_eq!((&json["evidence"], &json["open"]), (&json!("proven"), &json!(true)));
    // What was done there is said in it, by hashes and without what was written.
    let tree = clone.scene.git(&["rev-parse", "HEAD^{tree}"]);
    let note = clone.scene.git(&["notes", "--ref=assize", "show", &tree]);
    let envelope: Value = serde_json::from_str(note.lines().last().unwrap()).unwrap();
    assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
    let kept = crate::observe::entries(&project.scene, "bundle");
    assert_eq!(kept[0]["payload"]["tree"], json!(format!("git:{tree}")));
    // Altered.
    clone.note(|note| note.replacen("\"payload\":\"", "\"payload\":\"AAAA", 1));
    says(&clone.ci(&[]).expect(1), "refused: the evidence of ");
    // Damaged.
    clone.note(|note| note.chars().take(note.len() / 2).collect());
    says(&clone.ci(&[]).expect(1), "it was altered, or is damaged");
    // Removed.
    clone.scene.git(&["update-ref", "-d", "refs/notes/assize"]);
    says(&clone.ci(&[]).expect(0), "unproven: ");
    says(&clone.ci(&["--require-evidence"]).expect(1), "the change must carry evidence");
}

#[test]
fn a_key_counts_only_where_it_stood_before_the_change() {
    let project = Project::new(&[]);
    project.scene.git(&["rm", "-q", ".assize/keys/here.pub"]);
    project.scene.git(&["commit", "-q", "--no-verify", "-m", "no key"]);
    project.scene.write("elsewhere.md", "x\n");
    project.scene.git(&["add", "."]);
    project.scene.git(&["commit", "-q", "--no-verify", "-m", "base"]);
    // The change brings its own key.
    let key = project.assize(&["ledger", "key"]).expect(0);
    project.scene.write(".assize/keys/mine.pub", key.text());
    project.write("app/total.py", CODE);
    project.test().expect(0);
    project.committed("Total");
    let clone = project.cloned();
    says(&clone.ci(&[]).expect(0), "unproven: `.assize/keys/` of the commit before the change");
    // Beside another key that counts, it is an unknown one.
    let stranger = "ab".repeat(32);
    project.scene.write(".assize/keys/other.pub", format!("{stranger} other\n"));
    project.scene.git(&["rm", "-q", "--cached", ".assize/keys/mine.pub"]);
    project.scene.git(&["add", ".assize/keys/other.pub"]);
    project.scene.git(&["commit", "-q", "--no-verify", "-m", "other key"]);
    project.write("app/total.py", OTHER);
    project.test().expect(0);
    project.committed("Total again");
    says(&project.cloned().ci(&[]).expect(1), "its key is none of `.assize/keys`");
}

#[test]
fn evidence_is_of_one_tree_and_of_one_change() {
    let project = proven();
    let note = |name: &str| {
        let tree = project.scene.git(&["rev-parse", &format!("{name}^{{tree}}")]);
        project.scene.git(&["notes", "--ref=assize", "show", &tree])
    };
    let sound = note("HEAD");
    // Made without the hooks, and given the note of another tree.
    project.write("app/total.py", OTHER);
    project.scene.git(&["add", "."]);
    project.scene.git(&["commit", "-q", "--no-verify", "-m", "Quiet"]);
    let clone = project.cloned();
    says(&clone.ci(&[]).expect(0), "unproven: ");
    let tree = clone.scene.git(&["rev-parse", "HEAD^{tree}"]);
    let file = clone.scene.folder().join("sound");
    std::fs::write(&file, &sound).unwrap();
    let file = file.to_str().unwrap();
    clone.scene.git(&["notes", "--ref=assize", "add", "-F", file, &tree]);
    says(&clone.ci(&[]).expect(1), "it is bound to another tree");
    // A commit without evidence below one with it is found.
    let base = clone.scene.git(&["rev-parse", "HEAD~2"]);
    clone.scene.git(&["notes", "--ref=assize", "remove", &tree]);
    says(&clone.ci(&["--base", &base]).expect(0), "unproven: ");
    project.scene.git(&["reset", "-q", "--hard", "HEAD^"]);
    project.write("tests/test_total.py", &format!("{TESTS}\n\ndef test_more():\n    pass\n"));
    project.test().expect(0);
    project.committed("More");
    let clone = project.cloned();
    says(&clone.ci(&["--base", "HEAD~2"]).expect(0), "proven: all 2 commits carry");
}

#[test]
fn other_messages_keep_the_evidence_and_other_trees_lose_it() {
    let project = proven();
    project.scene.git(&["commit", "-q", "--amend", "--no-verify", "-m", "Total, in other words"]);
    says(&project.cloned().ci(&[]).expect(0), "; proven: ");
    // The same change on another commit with the same files.
    project.scene.git(&["checkout", "-q", "-b", "other", "HEAD^"]);
    project.scene.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", "Empty"]);
    project.scene.git(&["-c", "core.hooksPath=/dev/null", "cherry-pick", "main"]);
    says(&project.cloned().ci(&[]).expect(0), "; proven: ");
    // Another tree.
    project.scene.write("more.md", "x\n");
    project.scene.git(&["add", "."]);
    project.scene.git(&["commit", "-q", "--amend", "--no-verify", "--no-edit"]);
    says(&project.cloned().ci(&[]).expect(0), "; unproven: ");
}

#[test]
fn merges_add_nothing_or_carry_evidence_themselves() {
    let project = proven();
    project.scene.git(&["checkout", "-q", "-b", "side", "HEAD^"]);
    project.write("notes.md", "x\n");
    project.committed("Notes");
    project.scene.git(&["merge", "-q", "--no-verify", "-m", "Merge", "main"]);
    let clone = project.cloned();
    says(&clone.ci(&["--base", "HEAD~2"]).expect(0), "proven: all 3 commits carry");
    // What is slipped into a merge is no part of what was merged.
    project.scene.write("slipped.md", "x\n");
    project.scene.git(&["add", "."]);
    project.scene.git(&["commit", "-q", "--amend", "--no-verify", "--no-edit"]);
    says(&project.cloned().ci(&["--base", "HEAD~2"]).expect(0), "; unproven: ");
}

#[test]
fn one_sound_bundle_among_many_lines_is_enough() {
    let project = proven();
    let clone = project.cloned();
    let junk = format!("{}\n{{\"payload\":\"{}\"}}\n", "x".repeat(1 << 20), "A".repeat(9_000));
    clone.note(|note| format!("{junk}{note}\n{{}}\n"));
    says(&clone.ci(&[]).expect(0), "; proven: ");
    clone.note(|_| "y".repeat(1 << 20));
    says(&clone.ci(&[]).expect(0), "; unproven: ");
}

#[test]
fn a_shallow_clone_says_that_it_cannot_tell() {
    let project = proven();
    let scene = Scene::bare();
    let from = format!("file://{}", project.scene.tree().display());
    scene.git(&["clone", "--quiet", "--depth=1", &from, scene.tree().to_str().unwrap()]);
    let ended = scene.run(&["gate", "commit", "--ci"]).expect(2);
    assert!(ended.err.contains("shallow clone"), "{}", ended.err);
}

#[test]
fn the_configuration_may_demand_evidence_of_everybody() {
    let text = "root = true\n[gates]\nevidence = \"required\"\ninfer-tests = false\n";
    let project = Project::new(&[("assize.toml", text)]);
    project.scene.write("notes.md", "by hand\n");
    project.scene.git(&["add", "."]);
    project.scene.git(&["commit", "-q", "-m", "By hand"]);
    says(&project.cloned().ci(&[]).expect(0), "; proven: ");
    project.scene.write("notes.md", "by hand, quietly\n");
    project.scene.git(&["commit", "-qam", "Quiet", "--no-verify"]);
    says(&project.cloned().ci(&[]).expect(1), "the change must carry evidence");
}

#[test]
fn every_gate_answers_in_one_shape() {
    let project = proven();
    project.scene.write("new.py", "x = 1\n");
    for arguments in [
        &["gate", "start", "--format=json"][..],
        &["gate", "edit", "new.py", "--format=json"],
        &["gate", "stop", "--format=json"],
        &["gate", "commit", "--format=json"],
        &["gate", "push", "--format=json"],
    ] {
        let ended = project.assize(arguments);
        let json: Value = serde_json::from_slice(&ended.out).unwrap();
        assert_eq!((&json["schema"], &json["moment"]), (&json!(1), &json!(arguments[1])), "{json}");
        assert_eq!(ended.status, Some(i32::from(json["open"] == json!(false))), "{json}");
        for member in ["evidence", "why"] {
            assert!(json[member].is_string(), "{member}: {json}");
        }
        for member in ["refusals", "notes"] {
            assert!(json[member].is_array(), "{member}: {json}");
        }
    }
}

#[test]
fn an_edit_is_judged_as_the_guard_would_and_leaves_no_trace() {
    use std::io::Write as _;
    use std::process::Stdio;
    let project = proven();
    let before = project.assize(&["ledger", "export"]).expect(0).out;
    let ask = |path: &str, content: &str| {
        let mut command = project.scene.assize(&["gate", "edit", path]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(content.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), text)
    };
    let (status, text) = ask("app/total.py", "def total(:\n");
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("error[syntax-parse]") && text.contains("closed by 1"), "{text}");
    assert_eq!(ask("app/total.py", OTHER).0, Some(0));
    let (status, text) = ask("assize.toml", "root = true\n");
    assert!(status == Some(1) && text.contains("self-protection"), "{text}");
    assert_eq!(project.assize(&["ledger", "export"]).expect(0).out, before);
    assert_eq!(project.scene.git(&["status", "--short"]), "");
}

#[test]
fn work_begins_where_the_rules_load_and_the_record_is_whole() {
    let project = Project::new(&[]);
    let open = project.assize(&["gate", "start"]).expect(0);
    assert!(open.text().starts_with("gate start: open; rules: 20"), "{}", open.text());
    // A session that has not read the rules may not change anything yet.
    project.scene.write("AGENTS.md", "# Rules\n\n- Never guess.\n");
    let closed = project.agents(PROGRAM, &["gate", "start"]).expect(1);
    says(&closed, "error[preflight-permit]");
    project.scene.remove("AGENTS.md");
    project.agents(PROGRAM, &["gate", "start"]).expect(0);
    let segment = project.scene.segments().pop().unwrap();
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    says(&project.assize(&["gate", "start"]).expect(1), "error[ledger-verify]");
    project.scene.write("assize.toml", "root = maybe\n");
    let wrong = project.agents(PROGRAM, &["gate", "start"]).expect(2);
    assert!(wrong.err.contains("assize.toml:1"), "{}", wrong.err);
}

#[test]
fn a_root_below_the_top_of_git_carries_its_own_evidence() {
    let scene = Scene::of(&[("readme.md", "x\n"), ("svc/assize.toml", "root = true\n")]);
    let inside = |scene: &Scene, arguments: &[&str]| {
        let mut command = scene.assize(arguments);
        command.current_dir(scene.path("svc"));
        crate::scene::end(&mut command)
    };
    let required = "root = true\n[gates]\nevidence = \"required\"\n";
    scene.write("svc/assize.toml", required);
    inside(&scene, &["exec", "--", "true"]).expect(0);
    let key = inside(&scene, &["ledger", "key"]).expect(0);
    scene.write("svc/.assize/keys/here.pub", key.text());
    scene.commit("first");
    scene.write("svc/notes.md", "x\n");
    scene.git(&["add", "."]);
    says(&inside(&scene, &["gate", "commit"]).expect(0), "gate commit: open; files: 1");
    scene.git(&["commit", "-q", "-m", "second"]);
    says(&inside(&scene, &["gate", "commit", "--ci"]).expect(0), "; proven: ");
    scene.write("svc/notes.md", "y\n");
    scene.commit("third");
    says(&inside(&scene, &["gate", "commit", "--ci"]).expect(1), "the change must carry evidence");
}
