//! Every row of docs/failures.md: before a call that changes something, before one that looks or
//! takes something back, after a call, and once the cause is gone.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::hook::{Answer, ask_by, event};
use crate::permissions::{as_ordinary_user, on_a_small_disk};
use crate::scene::{SHOP, Scene, mode};

const CLIENTS: [&str; 2] = ["claude-code", "codex"];

/// Calls that could change something.
fn changing(scene: &Scene) -> Vec<(&'static str, &'static str, Value)> {
    let notes = scene.path("notes.md");
    let shell = |command: &str| ("claude-code", "Bash", json!({ "command": command }));
    let patch = "*** Begin Patch\n*** Add File: notes.md\n+x\n*** End Patch\n";
    vec![
        ("claude-code", "Write", json!({ "file_path": notes, "content": "x\n" })),
        ("claude-code", "mcp__files__write_file", json!({ "path": notes, "content": "x\n" })),
        ("claude-code", "SomethingNew", json!({ "path": notes })),
        shell("make install"),
        shell("git commit --allow-empty -m x"),
        shell("git status; touch notes.md"),
        shell("git diff --output=notes.md"),
        shell("git stash drop"),
        ("codex", "apply_patch", json!({ "command": patch })),
        ("codex", "Bash", json!({ "command": "touch notes.md" })),
    ]
}

/// Calls that look, or take something back.
fn harmless(scene: &Scene) -> Vec<(&'static str, &'static str, Value)> {
    let file = scene.path("shop/settings.py");
    let shell = |client, command: &str| (client, "Bash", json!({ "command": command }));
    let mut calls = vec![
        ("claude-code", "Read", json!({ "file_path": file })),
        ("claude-code", "Grep", json!({ "pattern": "x" })),
    ];
    for client in CLIENTS {
        calls.extend(
            [
                "git status",
                "git diff",
                "git log --oneline",
                "git show HEAD",
                "git restore shop/settings.py",
                "git checkout -- shop/settings.py",
                "git stash",
                "assize check",
                "cat shop/settings.py",
            ]
            .map(|command| shell(client, command)),
        );
    }
    calls
}

/// One cause: how the program is run under it, and the words by which it is named.
struct Cause<'a> {
    scene: &'a Scene,
    run: &'a dyn Fn(&str) -> Command,
    words: &'a str,
    /// Whether the answer takes the whole time, so that a few calls must do.
    slow: bool,
}

impl Cause<'_> {
    fn ask(&self, client: &str, moment: &str, tool: &str, input: Value) -> Answer {
        ask_by(&mut (self.run)(client), &event(self.scene, moment, tool, input))
    }

    /// What could change something is denied by name; all else runs.
    #[track_caller]
    fn holds(&self) {
        let calls = changing(self.scene);
        for (client, tool, input) in calls.into_iter().take(if self.slow { 1 } else { 99 }) {
            let answer = self.ask(client, "PreToolUse", tool, input.clone());
            let reason = answer.reason();
            assert!(reason.contains(self.words), "{tool} {input}: {reason}");
            // What to do is said as well.
            assert!(reason.len() > self.words.len() + 40, "{reason}");
        }
        for (client, tool, input) in harmless(self.scene) {
            if self.slow && tool == "Bash" {
                continue;
            }
            let answer = self.ask(client, "PreToolUse", tool, input.clone());
            assert!(answer.is_silent(), "{client} {tool} {input}: {answer:?}");
        }
    }

    /// After a call, and at the beginning of a session, it is told and nothing is stopped.
    #[track_caller]
    fn told_at(&self, moments: &[&str]) {
        for moment in moments {
            let answer = self.ask("claude-code", moment, "Bash", json!({ "command": "make code" }));
            assert_eq!(answer.status, 0, "{moment}: {answer:?}");
            let said: Value = serde_json::from_str(&answer.out).unwrap_or_default();
            let words = said["hookSpecificOutput"]["additionalContext"].as_str();
            assert!(words.unwrap_or_default().contains(self.words), "{moment}: {answer:?}");
        }
        // A turn that could not end would begin again and again.
        let end = self.ask("claude-code", "Stop", "", json!({}));
        let silent = end.is_silent() || end.out.contains("systemMessage");
        assert!(end.status == 0 && silent, "{end:?}");
    }
}

const AFTER: [&str; 3] = ["PostToolUse", "SessionStart", "UserPromptSubmit"];

/// A write that is allowed where nothing is wrong.
#[track_caller]
fn allowed(command: &mut Command, scene: &Scene) {
    let input = json!({ "file_path": scene.path("notes.md"), "content": "x\n" });
    let answer = ask_by(command, &event(scene, "PreToolUse", "Write", input));
    assert!(answer.is_silent(), "{answer:?}");
}

#[test]
fn a_configuration_that_is_wrong() {
    for text in ["root = true\n[guard\n", "[guard]\nmode = \"enfrce\"\n", "[guard]\nmods = 1\n"] {
        let scene = Scene::committed(SHOP);
        scene.write("assize.toml", text);
        let run = |client: &str| scene.assize(&["hook", client]);
        let cause =
            Cause { scene: &scene, run: &run, words: "configuration cannot be used", slow: false };
        cause.holds();
        cause.told_at(&AFTER);
        scene.remove("assize.toml");
        allowed(&mut run("claude-code"), &scene);
    }
}

#[test]
fn a_configuration_that_cannot_be_read() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n");
    mode(&scene.path("assize.toml"), 0o000);
    let run = |client: &str| as_ordinary_user(&scene, &["hook", client]);
    let cause =
        Cause { scene: &scene, run: &run, words: "configuration cannot be used", slow: false };
    cause.holds();
    cause.told_at(&AFTER);
    mode(&scene.path("assize.toml"), 0o644);
    allowed(&mut run("claude-code"), &scene);
    // A pipe is no configuration either, and nobody waits for it.
    scene.remove("assize.toml");
    scene.fifo("assize.toml");
    Cause { scene: &scene, run: &run, words: "configuration cannot be used", slow: false }.holds();
}

#[test]
fn an_index_that_is_damaged_is_built_anew() {
    let scene = Scene::committed(SHOP);
    let run = || scene.assize(&["hook", "claude-code"]);
    allowed(&mut run(), &scene);
    let mut folders = vec![scene.cache()];
    let mut damaged = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::metadata(&path).unwrap().len() > 0 {
                std::fs::write(&path, "no index\n".repeat(999)).unwrap();
                damaged += 1;
            }
        }
    }
    assert!(damaged > 0);
    // It is as good as before: what breaks is denied for what it breaks, and the rest runs.
    let broken = json!({ "file_path": scene.path("shop/settings.py"), "content": "def f(:\n" });
    let answer = ask_by(&mut run(), &event(&scene, "PreToolUse", "Write", broken));
    assert!(answer.reason().contains("syntax-parse"), "{answer:?}");
    allowed(&mut run(), &scene);
}

#[test]
fn a_repository_that_cannot_be_read() {
    let scene = Scene::committed(SHOP);
    let run = |client: &str| as_ordinary_user(&scene, &["hook", client]);
    // Entered it can be, but not listed.
    mode(&scene.tree(), 0o300);
    let input = json!({ "file_path": scene.path("notes.md"), "content": "x\n" });
    let ask =
        |moment, tool, input| ask_by(&mut run("claude-code"), &event(&scene, moment, tool, input));
    let write = ask("PreToolUse", "Write", input);
    let read = ask("PreToolUse", "Read", json!({ "file_path": scene.path("shop/api.py") }));
    let make = ask("PreToolUse", "Bash", json!({ "command": "make install" }));
    let status = ask("PreToolUse", "Bash", json!({ "command": "git status" }));
    let after = ask("PostToolUse", "Bash", json!({ "command": "make code" }));
    mode(&scene.tree(), 0o755);
    for denied in [write, make] {
        assert!(denied.reason().contains("index cannot be used"), "{denied:?}");
    }
    assert!(read.is_silent() && status.is_silent(), "{read:?} {status:?}");
    assert!(after.status == 0 && after.out.contains("index cannot be used"), "{after:?}");
    allowed(&mut run("claude-code"), &scene);
}

#[test]
fn a_ledger_that_somebody_holds() {
    let scene = Scene::committed(SHOP);
    let run = |client: &str| scene.assize(&["hook", client]);
    allowed(&mut run("claude-code"), &scene);
    let start = json!({});
    assert!(ask_by(&mut run("claude-code"), &event(&scene, "SessionStart", "", start)).is_silent());
    let lock = scene.segments().pop().unwrap().with_file_name("lock");
    let held = std::fs::File::open(lock).unwrap();
    held.lock().unwrap();
    let cause = Cause { scene: &scene, run: &run, words: "ledger cannot be written", slow: false };
    cause.holds();
    cause.told_at(&["SessionStart"]);
    // A breach is told although it cannot be recorded.
    scene.write("shop/settings.py", "def f(:\n");
    let after = cause.ask("claude-code", "PostToolUse", "Bash", json!({ "command": "make code" }));
    assert!(after.out.contains("syntax-parse") && after.out.contains(cause.words), "{after:?}");
    held.unlock().unwrap();
    allowed(&mut run("claude-code"), &scene);
}

#[test]
fn a_ledger_that_is_damaged() {
    let scene = Scene::committed(SHOP);
    let run = |client: &str| scene.assize(&["hook", client]);
    allowed(&mut run("claude-code"), &scene);
    let segment = scene.segments().pop().unwrap();
    let good = std::fs::read(&segment).unwrap();
    std::fs::write(&segment, "not a ledger at all, but as long as one\n".repeat(9)).unwrap();
    let cause = Cause { scene: &scene, run: &run, words: "ledger cannot be written", slow: false };
    cause.holds();
    cause.told_at(&["SessionStart"]);
    std::fs::write(&segment, good).unwrap();
    allowed(&mut run("claude-code"), &scene);
    // The id that leads to it.
    let id = std::fs::read(scene.path(".git/assize-id")).unwrap();
    scene.write(".git/assize-id", "no id");
    cause.holds();
    scene.write(".git/assize-id", id);
    allowed(&mut run("claude-code"), &scene);
}

#[test]
fn a_disk_that_is_full_below_the_ledger() {
    let scene = Scene::committed(SHOP);
    let run = |client: &str| {
        let fill =
            "export XDG_STATE_HOME=\"$1\"; head -c 99999 /dev/zero > \"$1/fill\" 2> /dev/null";
        let script = format!("{fill}; exec \"$2\" hook {client}");
        on_a_small_disk(&scene, &script).unwrap_or_else(|| {
            // Where no small disk is to be had, no file may grow.
            let mut command = scene.surrounded("sh");
            let script = format!("trap '' XFSZ; ulimit -f 0; exec \"$1\" hook {client}");
            command.args(["-c", &script, "sh", crate::scene::PROGRAM]);
            command
        })
    };
    let cause = Cause { scene: &scene, run: &run, words: "ledger cannot be written", slow: false };
    cause.holds();
    cause.told_at(&["SessionStart"]);
    allowed(&mut scene.assize(&["hook", "claude-code"]), &scene);
}

#[test]
fn no_decision_in_time() {
    let scene = Scene::committed(SHOP);
    allowed(&mut scene.assize(&["hook", "claude-code"]), &scene);
    scene.write("shop/more.py", "x = 1\n");
    // Listing the files takes longer than a client waits.
    let path = scene.in_path("git", "exec sleep 4");
    let run = |client: &str| {
        let mut command = scene.assize(&["hook", client]);
        command.env("PATH", &path);
        command
    };
    let cause = Cause { scene: &scene, run: &run, words: "took too long", slow: true };
    let broken = json!({ "file_path": scene.path("shop/api.py"), "content": "def f(:\n" });
    let answer = cause.ask("claude-code", "PreToolUse", "Write", broken);
    assert!(answer.reason().contains(cause.words), "{answer:?}");
    cause.told_at(&AFTER);
    allowed(&mut scene.assize(&["hook", "claude-code"]), &scene);
}

/// The file by which processes take turns to build the index; there is no index.
fn without_index(scene: &Scene) -> PathBuf {
    allowed(&mut scene.assize(&["hook", "claude-code"]), scene);
    let mut folders = std::fs::read_dir(scene.cache().join("assize")).unwrap();
    let folder = folders.next().unwrap().unwrap().path();
    std::fs::remove_file(folder.join("index.layer")).unwrap();
    folder.join("index.build")
}

#[test]
fn an_index_that_another_process_builds() {
    let scene = Scene::committed(SHOP);
    let turn = std::fs::File::open(without_index(&scene)).unwrap();
    turn.lock().unwrap();
    let run = |client: &str| scene.assize(&["hook", client]);
    let cause = Cause { scene: &scene, run: &run, words: "index is being built", slow: true };
    cause.holds();
    cause.told_at(&AFTER);
    turn.unlock().unwrap();
    allowed(&mut run("claude-code"), &scene);
}

#[test]
fn an_index_that_takes_longer_than_an_answer_may() {
    let scene = Scene::committed(SHOP);
    let path = scene.in_path("git", "sleep 1; PATH=${PATH#*:} exec git \"$@\"");
    let run = || {
        let mut command = scene.assize(&["hook", "claude-code"]);
        command.env("PATH", &path);
        command
    };
    let input = json!({ "file_path": scene.path("notes.md"), "content": "x\n" });
    let write = event(&scene, "PreToolUse", "Write", input);
    let begun = Instant::now();
    let first = ask_by(&mut run(), &write);
    assert!(first.reason().contains("index is being built"), "{first:?}");
    // Nobody waits for the process that builds it: it holds none of our pipes.
    assert!(begun.elapsed() < Duration::from_millis(2_500), "{:?}", begun.elapsed());
    while !ask_by(&mut run(), &write).is_silent() {
        assert!(begun.elapsed() < Duration::from_secs(40), "it is never built");
    }
}

#[test]
fn a_thread_that_the_machine_refuses() {
    let scene = Scene::committed(SHOP);
    let run = |client: &str| {
        let plain = as_ordinary_user(&scene, &["hook", client]);
        let mut command = scene.surrounded("prlimit");
        command.arg("--nproc=1").arg(plain.get_program()).args(plain.get_args());
        command
    };
    let cause = Cause { scene: &scene, run: &run, words: "machine refused", slow: false };
    cause.holds();
    cause.told_at(&AFTER);
    allowed(&mut as_ordinary_user(&scene, &["hook", "claude-code"]), &scene);
}

#[test]
fn what_cannot_be_read_is_denied_at_every_size() {
    let scene = Scene::committed(SHOP);
    let content = |len: usize| {
        let input = json!({ "file_path": scene.path("notes.md"), "content": "x".repeat(len) });
        event(&scene, "PreToolUse", "Write", input)
    };
    let limit = 8 << 20;
    let frame = content(0).len();
    let (full, over) = (content(limit - frame), content(limit - frame + 1));
    assert_eq!((full.len(), over.len()), (limit, limit + 1));
    let half = full.get(..full.len() / 2).unwrap();
    let latin = [&b"{\"session_id\": \""[..], b"caf\xe9\"}"].concat();
    for client in CLIENTS {
        let run = || scene.assize(&["hook", client]);
        for (name, input) in [
            ("8 MiB and a byte", over.as_slice()),
            ("half", half),
            ("no text", &latin),
            ("no JSON", b"hello"),
            ("no object", b"[]"),
            ("nothing", b""),
        ] {
            let answer = ask_by(&mut run(), input);
            assert_eq!(answer.status, 2, "{name}");
            assert!(answer.err.contains("denies what it cannot read"), "{name}: {answer:?}");
            assert!(answer.out.is_empty(), "{name}: {answer:?}");
        }
    }
    // What is large is read, and judged as far as the time goes.
    for input in [content(5 << 20), full] {
        let answer = ask_by(&mut scene.assize(&["hook", "claude-code"]), &input);
        let late = answer.out.contains("took too long");
        assert!(answer.is_silent() || late && answer.status == 2, "{answer:?}");
    }
}
