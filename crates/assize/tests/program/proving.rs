//! A project with tests, an agent at work in it, and a fresh clone in which it is judged.

use std::process::Command;

use serde_json::{Value, json};

use crate::observe::Session;
use crate::scene::{Ended, PROGRAM, Scene, end, mode};

/// Counts what is defined as a test, as the runner of that name would.
const PYTEST: &str = "case \" $* \" in *collect-only*) echo '2 tests collected in 0.01s'; exit 0;; esac\n\
    all=$(cat tests/*.py 2>/dev/null | grep -c '^def test_')\n\
    skipped=$(cat tests/*.py 2>/dev/null | grep -c '@skip')\n\
    failed=$(cat tests/*.py 2>/dev/null | grep -c 'assert False')\n\
    if [ \"$all\" = 0 ]; then echo 'no tests ran in 0.01s'; exit 5; fi\n\
    passed=$((all - skipped - failed)); line=\"$passed passed\"\n\
    [ $passed = 0 ] && line=\"\"\n\
    [ $failed -gt 0 ] && line=\"$failed failed, $line\"\n\
    [ $skipped -gt 0 ] && line=\"${line:+$line, }$skipped skipped\"\n\
    echo \"$line in 0.01s\"; [ $failed = 0 ]";

/// Two tests, and what they test.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n"),
    ("pyproject.toml", "[project]\nname = \"app\"\ndependencies = [\"pytest\"]\n"),
    ("app/__init__.py", ""),
    ("app/total.py", "def total(items):\n    return sum(items)\n"),
    ("tests/test_total.py", TESTS),
];
pub(crate) const TESTS: &str = "from app.total import total\n\n\ndef test_none():\n    \
    assert total([]) == 0\n\n\ndef test_two():\n    assert total([1, 2]) == 3\n";
pub(crate) const CODE: &str = "def total(items):\n    return sum(items) + 0\n";
pub(crate) const OTHER: &str = "def total(items):\n    return sum(items) + 0 + 0\n";

/// The project, with a session at work.
pub(crate) struct Project {
    pub(crate) scene: Scene,
    path: String,
    /// The session that works.
    pub(crate) name: &'static str,
}

impl Project {
    /// Committed, with git's hooks and the key of its record among those that count.
    pub(crate) fn new(more: &[(&str, &str)]) -> Self {
        let scene = Scene::of(FILES);
        for (path, text) in more {
            scene.write(path, text);
        }
        let path = scene.in_path("pytest", PYTEST);
        let project = Self { scene, path, name: "s" };
        project.assize(&["exec", "--", "true"]).expect(0);
        let key = project.assize(&["ledger", "key"]).expect(0);
        project.scene.write(".assize/keys/here.pub", key.text());
        project.scene.commit("first");
        project.scene.run(&["init", "--git", "--yes"]).expect(0);
        project.session().begin();
        project
    }

    pub(crate) const fn session(&self) -> Session<'_> {
        Session { scene: &self.scene, name: self.name }
    }

    /// A program that finds the tests' runner, not yet started.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = self.scene.surrounded(program);
        command.args(arguments).env("PATH", &self.path);
        command
    }

    /// The program, by nobody that is known.
    pub(crate) fn assize(&self, arguments: &[&str]) -> Ended {
        end(&mut self.command(PROGRAM, arguments))
    }

    /// A program below a client, as an agent runs it.
    pub(crate) fn agents(&self, program: &str, arguments: &[&str]) -> Ended {
        let folder = self.scene.folder().join("clients");
        std::fs::create_dir_all(&folder).unwrap();
        let client = folder.join("claude");
        std::fs::write(&client, "#!/bin/sh\n\"$@\"\nexit $?\n").unwrap();
        mode(&client, 0o755);
        let client = client.to_string_lossy().into_owned();
        end(&mut self.command(&client, &[&[program], arguments].concat()))
    }

    /// The tests, run by the agent and recorded.
    pub(crate) fn test(&self) -> Ended {
        self.agents(PROGRAM, &["exec", "--", "pytest"])
    }

    /// The agent writes a file with its client's tool.
    pub(crate) fn write(&self, path: &str, content: &str) {
        let full = self.scene.tree().canonicalize().unwrap().join(path);
        let input = json!({ "file_path": full, "content": content });
        self.around("Write", input, || self.scene.write(path, content));
    }

    /// The agent changes something by a script of which nobody knows what it does.
    pub(crate) fn quietly(&self, lines: &str) {
        let script = self.scene.folder().join("quiet.sh");
        std::fs::write(&script, lines).unwrap();
        let line = format!("sh {}", script.display());
        let session = self.session();
        assert_ne!(session.shell("PreToolUse", "q", &line).0, 2, "{lines}");
        end(&mut self.command("sh", &["-c", &line])).expect(0);
        session.shell("PostToolUse", "q", &line);
    }

    /// The same, for the content of a file.
    pub(crate) fn slip(&self, path: &str, content: &str) {
        self.quietly(&format!("cat > {path} <<'END'\n{content}END\n"));
    }

    fn around(&self, tool: &str, input: Value, work: impl FnOnce()) {
        let session = self.session();
        // The guard may deny it; whoever gets around the guard still leaves the files behind.
        session.call("PreToolUse", "c", tool, input.clone());
        work();
        session.call("PostToolUse", "c", tool, input);
    }

    /// The session wants to end: the status, and what it is told.
    pub(crate) fn stop(&self) -> (i32, String) {
        self.session().event("Stop", &[])
    }

    pub(crate) fn commit(&self, message: &str) -> Ended {
        self.scene.git(&["add", "--all"]);
        self.agents("git", &["commit", "-m", message])
    }

    /// The commit, which must pass.
    #[track_caller]
    pub(crate) fn committed(&self, message: &str) {
        let ended = self.commit(message);
        assert_eq!(ended.status, Some(0), "{}{}", ended.text(), ended.err);
    }

    /// A fresh clone with the notes, in which nothing of the work is known.
    pub(crate) fn cloned(&self) -> Clone {
        let clone = Clone { scene: Scene::bare() };
        let (from, to) = (self.scene.tree(), clone.scene.tree());
        let from = from.to_str().unwrap();
        clone.scene.git(&["clone", "--quiet", from, to.to_str().unwrap()]);
        let notes = "+refs/notes/assize:refs/notes/assize";
        let mut fetch = clone.scene.surrounded("git");
        // Where no note was ever written there is none to fetch.
        drop(fetch.args(["fetch", "--quiet", "origin", notes]).output());
        clone
    }
}

/// What CI has.
pub(crate) struct Clone {
    pub(crate) scene: Scene,
}

impl Clone {
    pub(crate) fn ci(&self, more: &[&str]) -> Ended {
        self.scene.run(&[&["gate", "commit", "--ci"], more].concat())
    }

    /// Rewrites the note on HEAD's tree.
    pub(crate) fn note(&self, change: impl FnOnce(String) -> String) {
        let tree = self.scene.git(&["rev-parse", "HEAD^{tree}"]);
        let note = self.scene.git(&["notes", "--ref=assize", "show", &tree]);
        let file = self.scene.folder().join("note");
        std::fs::write(&file, change(note)).unwrap();
        let file = file.to_str().unwrap();
        self.scene.git(&["notes", "--ref=assize", "add", "-f", "-F", file, &tree]);
    }
}

/// What a client reads of an answer.
pub(crate) fn reason(answer: &str) -> String {
    let json: Value = serde_json::from_str(answer).unwrap_or_default();
    let text = json["reason"].as_str().or(json["systemMessage"].as_str());
    text.unwrap_or_default().to_owned()
}
