//! `assize gate`: the tree that would be committed, held against HEAD and against the record.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::scene::{Ended, SHOP, Scene, end};

/// Sends an event as a client does.
pub(crate) fn tell(scene: &Scene, moment: &str, tool: &str, input: Value) {
    let event = json!({
        "session_id": "s-1",
        "cwd": scene.tree(),
        "hook_event_name": moment,
        "tool_name": tool,
        "tool_input": input,
        "tool_use_id": "call-1",
    });
    let mut hook = scene.assize(&["hook", "claude-code"]);
    let mut child = hook.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(event.to_string().as_bytes()).unwrap();
    child.wait().unwrap();
}

/// A session writes a file, and its client says so before.
pub(crate) fn written(scene: &Scene, path: &str, content: &str) {
    let full = scene.tree().canonicalize().unwrap().join(path);
    tell(scene, "PreToolUse", "Write", json!({ "file_path": full, "content": content }));
    scene.write(path, content);
}

/// The program by the name of a client, run below it: as an agent would.
fn below_a_client(scene: &Scene, arguments: &[&str]) -> Command {
    let folder = scene.folder().join("clients");
    std::fs::create_dir_all(&folder).unwrap();
    let client = folder.join("claude");
    std::fs::write(&client, "#!/bin/sh\n\"$@\"\nexit $?\n").unwrap();
    crate::scene::mode(&client, 0o755);
    let mut command = scene.surrounded(&client);
    command.arg(crate::scene::PROGRAM).args(arguments);
    command
}

fn gate(scene: &Scene) -> Ended {
    scene.run(&["gate", "commit"])
}

#[test]
fn what_is_staged_is_judged_and_not_what_lies_there() {
    let scene = Scene::committed(SHOP);
    // Old findings are nobody's fault today.
    scene.write("notes.md", "hello\n");
    scene.git(&["add", "."]);
    assert!(gate(&scene).expect(0).text().contains("unproven"));
    // Staged and broken, mended in the work tree only.
    scene.write("shop/settings.py", "def f(:\n");
    scene.git(&["add", "."]);
    scene.write("shop/settings.py", "import os\n");
    let closed = gate(&scene).expect(1);
    let text = closed.text();
    assert!(text.contains("shop/settings.py:1:") && text.contains("block[syntax-parse"), "{text}");
    assert!(text.contains("gate commit: closed by 1; files: 2; unproven"), "{text}");
    // Broken in the work tree only, and in a file that is not tracked.
    scene.git(&["add", "."]);
    scene.write("shop/settings.py", "def f(:\n");
    scene.write("shop/loose.py", "def f(:\n");
    gate(&scene).expect(0);
    scene.git(&["commit", "--quiet", "-m", "second"]);
    assert!(gate(&scene).expect(0).text().contains("files: 0"));
}

#[test]
fn the_first_commit_is_held_against_the_baseline() {
    let scene = Scene::of(&[("a.py", "def f(:\n")]);
    scene.git(&["add", "."]);
    gate(&scene).expect(1);
    scene.run(&["baseline"]).expect(0);
    scene.git(&["add", "."]);
    gate(&scene).expect(0);
}

#[test]
fn what_a_merge_brings_is_not_new() {
    let scene = Scene::committed(&[("notes.md", "one\n"), ("a.py", "x = 1\n")]);
    scene.git(&["checkout", "--quiet", "-b", "other"]);
    scene.write("broken.py", "def f(:\n");
    scene.write("notes.md", "theirs\n");
    scene.commit("theirs");
    scene.git(&["checkout", "--quiet", "main"]);
    scene.write("notes.md", "ours\n");
    scene.commit("ours");
    let merge = scene.surrounded("git").args(["merge", "other"]).output().unwrap();
    assert!(!merge.status.success(), "it has a conflict");
    scene.write("notes.md", "both\n");
    scene.git(&["add", "."]);
    let open = gate(&scene).expect(0);
    assert!(open.text().contains("files: 2"), "{}", open.text());
    // What the merge breaks by itself is.
    scene.write("a.py", "def g(:\n");
    scene.git(&["add", "."]);
    let closed = gate(&scene).expect(1);
    assert!(closed.text().contains("a.py:1") && !closed.text().contains("broken.py:1"));
}

#[test]
fn a_module_that_is_not_staged_is_not_there() {
    let scene = Scene::committed(&[
        ("shop/__init__.py", ""),
        ("assize.toml", "root = true\n[controls.phantom-local-import]\nseverity = \"error\"\n"),
    ]);
    scene.write("shop/fresh.py", "x = 1\n");
    scene.write("shop/user.py", "from shop.fresh import x\n");
    scene.git(&["add", "shop/user.py"]);
    assert!(gate(&scene).expect(1).text().contains("phantom-local-import"));
    scene.git(&["add", "."]);
    gate(&scene).expect(0);
    // The configuration that would be committed counts, not the one that lies there.
    scene.git(&["reset", "--quiet", "shop/fresh.py"]);
    scene
        .write("assize.toml", "root = true\n[controls.phantom-local-import]\nseverity = \"off\"\n");
    gate(&scene).expect(1);
    scene.git(&["add", "assize.toml"]);
    gate(&scene).expect(0);
}

#[test]
fn a_file_that_cannot_be_checked_closes_the_gate_once() {
    let scene = Scene::committed(SHOP);
    let deep = format!("x = {}{}\n", "[".repeat(60_000), "]".repeat(60_000));
    scene.write("deep.py", &deep);
    scene.write("picture.png", [0x89, b'P', b'N', b'G', 0, 0xff, 0xfe]);
    scene.git(&["add", "."]);
    let closed = gate(&scene).expect(1);
    assert!(closed.text().contains("deep.py: error: it was not checked (too-deep)"));
    assert!(!closed.text().contains("picture.png"), "{}", closed.text());
    scene.git(&["commit", "--quiet", "--no-verify", "-m", "deep"]);
    scene.write("deep.py", format!("{deep}y = 1\n"));
    scene.git(&["add", "."]);
    gate(&scene).expect(0);
}

#[test]
fn the_record_must_know_of_what_a_session_could_have_seen() {
    let scene = Scene::committed(SHOP);
    written(&scene, "notes.md", "hello\n");
    scene.write("shop/quiet.py", "x = 1\n");
    // The session is heard of again, so that it was there.
    tell(&scene, "PreToolUse", "Read", json!({ "file_path": scene.path("notes.md") }));
    scene.git(&["add", "notes.md"]);
    let open = gate(&scene).expect(0);
    assert!(open.text().contains("recorded"), "{}", open.text());
    scene.git(&["add", "."]);
    let closed = gate(&scene).expect(1);
    assert!(closed.text().contains("error[ledger-gap/unseen] R19.1"), "{}", closed.text());
    // Whoever runs the checks on exactly this tree has seen it.
    scene.run(&["exec", "--", "true"]).expect(0);
    let open = gate(&scene).expect(0);
    assert!(!open.text().contains("ledger-gap"), "{}", open.text());
    let log = scene.run(&["ledger", "log", "--kind", "gate"]).expect(0);
    assert_eq!(log.text().lines().count(), 3, "{}", log.text());
}

#[test]
fn changes_that_were_observed_are_known_whoever_made_them() {
    let scene = Scene::committed(SHOP);
    tell(&scene, "SessionStart", "", json!({}));
    let command = json!({ "command": "make notes" });
    tell(&scene, "PreToolUse", "Bash", command.clone());
    scene.write("made.md", "by a command\n");
    scene.remove("shop/api.py");
    tell(&scene, "PostToolUse", "Bash", command);
    scene.git(&["add", "."]);
    let open = gate(&scene).expect(0);
    assert!(!open.text().contains("ledger-gap") && open.text().contains("files: 2; recorded"));
    // Long enough behind the call that nobody takes it for the call's.
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    scene.write("mine.md", "by hand\n");
    tell(&scene, "UserPromptSubmit", "", json!({}));
    scene.git(&["add", "."]);
    let open = gate(&scene).expect(0);
    assert!(open.text().contains("mine.md:1:1: warn[ledger-gap/unattributed]"), "{}", open.text());
    // A formatter that runs behind the session leaves a file that is known, with other contents.
    scene.write("made.md", "By a command.\n");
    scene.git(&["add", "."]);
    let open = gate(&scene).expect(0);
    assert!(open.text().contains("made.md:1:1: warn[ledger-gap/other-content]"), "{}", open.text());
    let settings = |weight: &str| format!("root = true\n[gate]\nunattributed = \"{weight}\"\n");
    scene.write("assize.toml", settings("error"));
    scene.git(&["add", "."]);
    let closed = gate(&scene).expect(1);
    assert!(closed.text().contains("mine.md:1:1: error[ledger-gap/unattributed]"));
    scene.write("assize.toml", settings("off"));
    scene.git(&["add", "."]);
    assert!(!gate(&scene).expect(0).text().contains("ledger-gap"));
}

#[test]
fn behind_the_last_session_the_one_who_commits_decides() {
    let scene = Scene::committed(SHOP);
    written(&scene, "notes.md", "hello\n");
    // Times of files are as coarse as the kernel's tick.
    std::thread::sleep(std::time::Duration::from_millis(40));
    scene.write("mine.md", "by hand\n");
    scene.git(&["add", "."]);
    let person = gate(&scene).expect(0);
    assert!(
        person.text().contains("mine.md:1:1: warn[ledger-gap/unattributed]"),
        "{}",
        person.text()
    );
    let agent = end(&mut below_a_client(&scene, &["gate", "commit"])).expect(1);
    assert!(agent.text().contains("mine.md:1:1: error[ledger-gap/unseen]"), "{}", agent.text());
    // What git knows from elsewhere is no agent's work.
    scene.git(&["commit", "--quiet", "--no-verify", "-m", "by hand"]);
    scene.git(&["rm", "--quiet", "mine.md"]);
    scene.git(&["commit", "--quiet", "--no-verify", "-m", "gone"]);
    scene.git(&["checkout", "--quiet", "HEAD^", "--", "mine.md"]);
    end(&mut below_a_client(&scene, &["gate", "commit"])).expect(0);
}

#[test]
fn a_record_that_was_changed_or_is_gone_closes_the_gate() {
    let scene = Scene::committed(SHOP);
    written(&scene, "notes.md", "hello\n");
    written(&scene, "more.md", "hello\n");
    scene.git(&["add", "."]);
    gate(&scene).expect(0);
    let message = scene.folder().join("message");
    std::fs::write(&message, "Add notes\n").unwrap();
    scene.run(&["gate", "message", message.to_str().unwrap()]).expect(0);
    scene.git(&["commit", "--quiet", "--no-verify", "-F", message.to_str().unwrap()]);
    scene.write("next.md", "x\n");
    scene.git(&["add", "."]);
    gate(&scene).expect(0);
    let segment = scene.segments().pop().unwrap();
    let bytes = std::fs::read(&segment).unwrap();
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 4] ^= 1;
    std::fs::write(&segment, damaged).unwrap();
    let closed = gate(&scene).expect(1);
    assert!(closed.text().contains("error[ledger-verify]"), "{}", closed.text());
    // Cut off behind its first entry, which only the anchor tells.
    std::fs::write(&segment, bytes).unwrap();
    let folder = segment.parent().unwrap().to_path_buf();
    std::fs::rename(&folder, folder.with_extension("away")).unwrap();
    let closed = gate(&scene).expect(1);
    assert!(closed.text().contains("the record is gone"), "{}", closed.text());
    assert!(closed.text().contains("unproven"), "{}", closed.text());
}

#[test]
fn machines_get_the_same_answer() {
    let scene = Scene::committed(SHOP);
    scene.write("shop/settings.py", "def f(:\n");
    scene.git(&["add", "."]);
    let ended = scene.run(&["gate", "commit", "--staged", "--format", "json"]).expect(1);
    let json: Value = serde_json::from_slice(&ended.out).unwrap();
    assert_eq!((&json["open"], &json["evidence"]), (&json!(false), &json!("unproven")));
    let findings = json["report"]["findings"].as_array().unwrap();
    let finding = findings.iter().find(|one| one["control"] == "syntax-parse").unwrap();
    assert_eq!((&finding["severity"], &finding["state"]), (&json!("block"), &json!("new")));
}

#[test]
fn in_ci_the_commit_is_held_against_its_base() {
    let scene = Scene::committed(SHOP);
    scene.git(&["checkout", "--quiet", "-b", "topic"]);
    scene.write("notes.md", "hello\n");
    scene.commit("second");
    let open = scene.run(&["gate", "commit", "--ci"]).expect(0);
    assert!(open.text().contains("files: 1; unproven"), "{}", open.text());
    scene.write("shop/settings.py", "def f(:\n");
    scene.commit("third");
    scene.write("more.md", "hello\n");
    scene.commit("fourth");
    scene.run(&["gate", "commit", "--ci"]).expect(0);
    let closed = scene.run(&["gate", "commit", "--ci", "--base", "main"]).expect(1);
    assert!(closed.text().contains("files: 3"), "{}", closed.text());
    let unknown = scene.run(&["gate", "commit", "--ci", "--base", "nowhere"]).expect(2);
    assert!(unknown.err.contains("--base"), "{}", unknown.err);
    assert_eq!(Scene::bare().run(&["gate", "commit"]).status, Some(2));
}

/// Commands that change files and commit them are one call, which is looked at when it ends.
#[test]
fn a_call_that_still_runs_may_commit_what_it_changes() {
    let scene = Scene::committed(SHOP);
    tell(&scene, "SessionStart", "", json!({}));
    let command = json!({ "command": "make notes; git add -A; git commit -m notes" });
    tell(&scene, "PreToolUse", "Bash", command.clone());
    scene.write("made.md", "by a command\n");
    scene.remove("shop/api.py");
    scene.git(&["add", "."]);
    let gate = || end(&mut below_a_client(&scene, &["gate", "commit"]));
    let open = gate().expect(0);
    assert!(open.text().contains("files: 2; recorded"), "{}", open.text());
    assert!(!open.text().contains("ledger-gap"), "{}", open.text());
    tell(&scene, "PostToolUse", "Bash", command);
    // Behind its end, and seen by nothing.
    std::thread::sleep(std::time::Duration::from_millis(40));
    scene.write("later.md", "by whom?\n");
    scene.git(&["add", "."]);
    assert!(gate().expect(1).text().contains("later.md:1:1: error[ledger-gap/unseen]"));
}

#[test]
fn switches_and_trials_are_no_session() {
    let scene = Scene::committed(SHOP);
    scene.person(&["enforce", "--yes"]).expect(0);
    scene.write("mine.md", "by hand\n");
    std::thread::sleep(std::time::Duration::from_millis(40));
    scene.person(&["enforce", "--off", "--yes"]).expect(0);
    scene.git(&["add", "."]);
    let open = scene.person(&["gate", "commit"]).expect(0);
    assert!(open.text().contains("unproven: the record holds no session"), "{}", open.text());
}

#[test]
fn a_session_in_another_work_tree_sees_nothing_of_this_one() {
    let scene = Scene::committed(SHOP);
    let other = scene.folder().join("other");
    scene.git(&["worktree", "add", "--quiet", "-b", "mine", other.to_str().unwrap()]);
    tell(&scene, "SessionStart", "", json!({}));
    std::thread::sleep(std::time::Duration::from_millis(40));
    for folder in [other.clone(), scene.tree()] {
        std::fs::write(folder.join("mine.md"), "by hand\n").unwrap();
        scene.git_in(&folder, &["add", "."]);
    }
    std::thread::sleep(std::time::Duration::from_millis(40));
    tell(&scene, "PreToolUse", "Read", json!({ "file_path": scene.path("shop/api.py") }));
    let there = scene.person(&["gate", "commit", other.to_str().unwrap()]).expect(0);
    assert!(there.text().contains("mine.md:1:1: warn[ledger-gap/unattributed]"));
    // The session's own work tree is another matter.
    assert!(scene.person(&["gate", "commit"]).expect(1).text().contains("ledger-gap/unseen"));
}

#[test]
fn what_is_only_meant_to_be_added_is_not_committed() {
    let scene = Scene::committed(&[
        ("shop/__init__.py", ""),
        ("assize.toml", "root = true\n[controls.phantom-local-import]\nseverity = \"error\"\n"),
    ]);
    scene.write("shop/fresh.py", "x = 1\n");
    scene.write("shop/user.py", "from shop.fresh import x\n");
    scene.git(&["add", "--intent-to-add", "shop/fresh.py"]);
    scene.git(&["add", "shop/user.py"]);
    let closed = gate(&scene).expect(1);
    assert!(closed.text().contains("phantom-local-import"), "{}", closed.text());
    assert!(closed.text().contains("files: 1;"), "{}", closed.text());
}

/// Whoever commits from a list of files of his own is judged by that list.
#[test]
fn a_list_of_files_in_another_folder_is_what_is_judged() {
    let scene = Scene::committed(SHOP);
    let with = |list: &std::path::Path, arguments: &[&str]| {
        end(scene.assize(arguments).env("GIT_INDEX_FILE", list))
    };
    let list = scene.folder().join("list");
    std::fs::copy(scene.path(".git/index"), &list).unwrap();
    scene.write("shop/settings.py", "def f(:\n");
    let added = end(scene.surrounded("git").args(["add", "."]).env("GIT_INDEX_FILE", &list));
    added.expect(0);
    scene.write("shop/settings.py", "import os\n");
    gate(&scene).expect(0);
    let closed = with(&list, &["gate", "commit"]).expect(1);
    assert!(closed.text().contains("block[syntax-parse"), "{}", closed.text());
    // In the folder of another repository, nobody knows whose commit it is.
    let other = Scene::committed(SHOP);
    let unknown = with(&other.path(".git/index"), &["gate", "commit"]).expect(2);
    assert!(unknown.err.contains("GIT_INDEX_FILE"), "{}", unknown.err);
}

#[test]
fn an_agents_commit_is_judged_by_the_rules_that_hold() {
    let rules = |weight: &str| {
        format!("root = true\n[controls.phantom-local-import]\nseverity = \"{weight}\"\n")
    };
    let scene = Scene::committed(&[("shop/__init__.py", ""), ("assize.toml", &rules("error"))]);
    scene.write("shop/user.py", "from shop.gone import x\n");
    scene.write("assize.toml", rules("off"));
    scene.git(&["add", "."]);
    let agent = end(&mut below_a_client(&scene, &["gate", "commit"])).expect(1);
    assert!(agent.text().contains("phantom-local-import"), "{}", agent.text());
    // A person says what is to hold from now on.
    scene.person(&["gate", "commit"]).expect(0);
}

#[test]
fn a_teams_rules_in_a_commit_are_those_that_hold() {
    let rule = |call: &str, weight: &str| {
        format!(
            "[rules.quiet]\nmessage = \"m\"\npattern = \"{call}($A)\"\nlanguages = \"python\"\n\
             severity = \"{weight}\"\nmatch = \"{call}(1)\"\n"
        )
    };
    let file = ".assize/rules/a.toml";
    let strict = rule("print", "error");
    let scene = Scene::committed(&[("a.py", "x = 1\n"), ("old.py", "print(0)\n"), (file, &strict)]);
    scene.write("a.py", "print(1)\n");
    scene.write(file, rule("print", "info"));
    scene.git(&["add", "."]);
    let agent = end(&mut below_a_client(&scene, &["gate", "commit"])).expect(1);
    let text = agent.text();
    assert!(text.contains("a.py:1:1: error[team/quiet/pattern]"), "{text}");
    assert!(!text.contains("old.py"), "{text}");
    // A person says what is to hold from now on.
    scene.person(&["gate", "commit"]).expect(0);
    scene.git(&["commit", "--quiet", "-m", "second"]);
    // What lies in the work tree only holds nobody; what is staged does.
    scene.write("b.py", "log(1)\n");
    scene.git(&["add", "."]);
    scene.write(file, rule("log", "error"));
    scene.person(&["gate", "commit"]).expect(0);
    scene.git(&["add", "."]);
    let closed = scene.person(&["gate", "commit"]).expect(1);
    assert!(closed.text().contains("b.py:1:1: error[team/quiet"), "{}", closed.text());
}

/// Who writes the record anew can publish an anchor that fits; the older ones tell.
#[test]
fn every_anchor_counts_and_not_only_the_newest() {
    let scene = Scene::committed(SHOP);
    let read = || tell(&scene, "PreToolUse", "Read", json!({ "file_path": scene.path("a.md") }));
    let message = scene.folder().join("message");
    let commit = || {
        std::fs::write(&message, "Work\n").unwrap();
        scene.run(&["gate", "message", message.to_str().unwrap()]).expect(0);
        scene.git(&["commit", "--quiet", "--allow-empty", "-F", message.to_str().unwrap()]);
    };
    read();
    commit();
    read();
    commit();
    let verify = || scene.run(&["ledger", "verify", "--anchor"]);
    assert!(verify().expect(0).text().starts_with("good"));
    for segment in scene.segments() {
        std::fs::remove_file(segment).unwrap();
    }
    (0..6).for_each(|_| read());
    commit();
    let bad = verify().expect(1);
    assert!(bad.text().contains("bad: entry 2: the anchor names another entry"), "{}", bad.text());
    assert!(gate(&scene).expect(1).text().contains("error[ledger-verify]"));
}

#[test]
fn what_was_wrong_in_a_file_moves_with_it() {
    let scene = Scene::committed(&[
        ("shop/__init__.py", ""),
        (
            "shop/old.py",
            "from shop.gone import x\n\n\ndef total(prices):\n    return sum(prices)\n",
        ),
        ("broken.py", "def f(:\n"),
        ("assize.toml", "root = true\n[controls.phantom-local-import]\nseverity = \"error\"\n"),
    ]);
    scene.git(&["mv", "shop/old.py", "shop/new.py"]);
    scene.git(&["mv", "broken.py", "still.py"]);
    let open = gate(&scene).expect(0);
    assert!(open.text().contains("files: 4;"), "{}", open.text());
    // What is added on the way is new.
    let text = std::fs::read_to_string(scene.path("shop/new.py")).unwrap();
    scene.write("shop/new.py", format!("from shop.lost import y\n{text}"));
    scene.git(&["add", "."]);
    let closed = gate(&scene).expect(1);
    assert!(closed.text().contains("closed by 1;"), "{}", closed.text());
    assert!(closed.text().contains("shop/new.py:1:"), "{}", closed.text());
}
