//! A scratch repository with a home and a cache folder of its own, and the program run on it.

use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A run that takes longer hangs.
const DEADLINE: Duration = Duration::from_secs(50);

const GIT_CONFIG: &str = "[user]\nname = A Tester\nemail = tester@example.invalid\n\
                          [commit]\ngpgSign = false\n[protocol \"file\"]\nallow = always\n\
                          [init]\ndefaultBranch = main\n";

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_assize");

/// A repository to be, and everything that the program may touch.
pub(crate) struct Scene {
    folder: tempfile::TempDir,
}

/// What a finished run left.
pub(crate) struct Ended {
    /// None where a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

impl Scene {
    /// A folder without git.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Other users must be able to come as far as the tree.
        mode(folder.path(), 0o755);
        for inner in ["tree", "cache", "home"] {
            std::fs::create_dir(folder.path().join(inner)).unwrap();
        }
        std::fs::write(folder.path().join("home/.gitconfig"), GIT_CONFIG).unwrap();
        Self { folder }
    }

    /// A repository with these files, none of them committed.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let scene = Self::bare();
        for (path, text) in files {
            scene.write(path, text);
        }
        scene.git(&["init", "--quiet"]);
        scene
    }

    /// A repository with these files in one commit.
    pub(crate) fn committed(files: &[(&str, &str)]) -> Self {
        let scene = Self::of(files);
        scene.commit("first");
        scene
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What outlives the work tree.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("home/.local/state/assize")
    }

    /// The segments of the only ledger.
    pub(crate) fn segments(&self) -> Vec<PathBuf> {
        let mut kept = std::fs::read_dir(self.state()).unwrap().map(|entry| entry.unwrap().path());
        let ledger = kept.find(|path| path.join("lock").is_file()).unwrap();
        let entries = std::fs::read_dir(ledger).unwrap().map(|entry| entry.unwrap().path());
        let mut all: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|end| end == "ledger")).collect();
        all.sort();
        all
    }

    pub(crate) fn tree(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.tree().join(path)
    }

    pub(crate) fn write(&self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn link(&self, target: impl AsRef<Path>, path: impl AsRef<Path>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
    }

    pub(crate) fn fifo(&self, path: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).unwrap();
    }

    /// Runs git in the tree and gives what it prints.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.tree(), arguments)
    }

    pub(crate) fn git_in(&self, folder: &Path, arguments: &[&str]) -> String {
        let mut git = self.surrounded("git");
        git.arg("-C").arg(folder);
        let output = git.args(arguments).stdin(Stdio::null()).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {arguments:?}: {words}");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
    }

    /// A command in the surroundings of this scene, with the tree as its folder.
    pub(crate) fn surrounded(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        let home = self.folder.path().join("home");
        command
            .current_dir(self.tree())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &home)
            .env("XDG_CACHE_HOME", self.cache())
            .env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    /// The program with these arguments, not yet started.
    ///
    /// The severity of a control follows what was measured of it. So that no test here has to
    /// follow as well, a check fails on warnings, unless its arguments say otherwise.
    pub(crate) fn assize(&self, arguments: &[&str]) -> Command {
        let mut command = self.surrounded(PROGRAM);
        command.args(arguments);
        if arguments.first() == Some(&"check") && !arguments.contains(&"--fail-on") {
            command.arg("--fail-on=warn");
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        end(&mut self.assize(arguments))
    }

    /// The program run by a person: not below an agent's client, whoever runs the tests.
    ///
    /// A shell in the background waits until nobody is above it any more.
    pub(crate) fn person(&self, arguments: &[&str]) -> Ended {
        self.aside(&[&[PROGRAM], arguments].concat())
    }

    /// The program at a terminal, where a person types these lines; none where there is no terminal
    /// to be had.
    pub(crate) fn typed(&self, lines: &str, arguments: &str) -> Option<Ended> {
        let line = format!("printf '{lines}' | script -qec '{PROGRAM} {arguments}' /dev/null");
        let there = end(self.surrounded("sh").args(["-c", "script -qec true /dev/null"]));
        (there.status == Some(0)).then(|| self.aside(&["sh", "-c", &line]))
    }

    /// A command with nobody above it.
    fn aside(&self, command: &[&str]) -> Ended {
        let folder = tempfile::tempdir_in(self.folder()).unwrap();
        let script = "me=$$; (while kill -0 $me; do sleep 0.01; done; \"$@\" > $OUT/out 2> $OUT/err; \
                      echo $? > $OUT/new; mv $OUT/new $OUT/status) < /dev/null > /dev/null 2>&1 &";
        let mut shell = self.surrounded("sh");
        shell.args(["-c", script, "sh"]).args(command).env("OUT", folder.path());
        end(&mut shell).expect(0);
        let read = |name: &str| std::fs::read(folder.path().join(name));
        let started = Instant::now();
        let status = loop {
            if let Ok(status) = read("status") {
                break String::from_utf8(status).unwrap().trim().parse().unwrap();
            }
            assert!(started.elapsed() < DEADLINE, "it hangs: {command:?}");
            std::thread::sleep(Duration::from_millis(5));
        };
        let err = String::from_utf8_lossy(&read("err").unwrap()).into_owned();
        Ended { status: Some(status), out: read("out").unwrap(), err }
    }

    /// A program of this name in the search path, as a shell script; gives the path to set.
    pub(crate) fn in_path(&self, name: &str, script: &str) -> String {
        let folder = self.folder().join("bin");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), format!("#!/bin/sh\n{script}\n")).unwrap();
        mode(&folder.join(name), 0o755);
        let path = std::env::var("PATH").unwrap_or_default();
        format!("{}:{path}", folder.display())
    }

    /// `assize check --format json` with further arguments.
    pub(crate) fn check(&self, arguments: &[&str]) -> Report {
        report(&mut self.assize(&[&["check", "--format", "json"], arguments].concat()))
    }
}

/// Sets the permissions of a file or folder.
pub(crate) fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn drain(stream: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            stream.read_to_end(&mut bytes).unwrap();
        }
        bytes
    })
}

/// Starts a command with its output caught.
pub(crate) fn start(command: &mut Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Runs a command to its end; one that does not end is stopped, and the test fails.
pub(crate) fn end(command: &mut Command) -> Ended {
    let mut child = start(command);
    let (out, err) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > DEADLINE {
            child.kill().unwrap();
            panic!("it hangs: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let err = String::from_utf8_lossy(&err.join().unwrap()).into_owned();
    assert!(!err.contains("panicked at"), "{err}");
    Ended { status: status.code(), out: out.join().unwrap(), err }
}

impl Ended {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: i32) -> Self {
        let out = String::from_utf8_lossy(&self.out);
        assert_eq!(self.status, Some(status), "out: {out}\nerr: {}", self.err);
        self
    }
}

/// A report of `assize check --format json`.
pub(crate) struct Report {
    pub(crate) status: i32,
    pub(crate) json: Value,
    pub(crate) err: String,
    text: String,
}

/// Runs a command that prints a report.
#[track_caller]
pub(crate) fn report(command: &mut Command) -> Report {
    let ended = end(command);
    let text = String::from_utf8(ended.out).unwrap();
    let Ok(json) = serde_json::from_str(&text) else {
        panic!("no report: {text}\nstatus {:?}: {}", ended.status, ended.err)
    };
    Report { status: ended.status.unwrap(), json, err: ended.err, text }
}

impl Report {
    /// `path:line control/code state` of each finding.
    pub(crate) fn findings(&self) -> Vec<String> {
        let list = self.json["findings"].as_array().unwrap();
        list.iter()
            .map(|finding| {
                let of = |field: &str| finding[field].as_str().unwrap();
                let line = &finding["line"];
                let (path, state) = (of("path"), of("state"));
                format!("{path}:{line} {}/{} {state}", of("control"), of("code"))
            })
            .collect()
    }

    /// `path kind` of each problem.
    pub(crate) fn problems(&self) -> Vec<String> {
        let list = self.json["problems"].as_array().unwrap();
        list.iter()
            .map(|problem| {
                let of = |field: &str| problem[field].as_str().unwrap();
                format!("{} {}", of("path"), of("kind"))
            })
            .collect()
    }

    /// The words of the first problem of this kind.
    pub(crate) fn words(&self, kind: &str) -> &str {
        let list = self.json["problems"].as_array().unwrap();
        let found = list.iter().find(|problem| problem["kind"] == kind);
        found.map_or("", |problem| problem["message"].as_str().unwrap())
    }

    /// The bytes that must not depend on threads, cache or time.
    pub(crate) fn stable_bytes(&self) -> &str {
        self.between("\"findings\":", ",\"controls\":")
    }

    pub(crate) fn problem_bytes(&self) -> &str {
        self.between("\"problems\":", "\n")
    }

    fn between(&self, from: &str, to: &str) -> &str {
        let start = self.text.find(from).unwrap();
        let len = self.text[start..].find(to).unwrap();
        &self.text[start..start + len]
    }

    pub(crate) fn count(&self, stat: &str) -> u64 {
        self.json["stats"][stat].as_u64().unwrap()
    }

    /// What became of a control.
    pub(crate) fn outcome(&self, control: &str) -> &str {
        let list = self.json["controls"].as_array().unwrap();
        let found = list.iter().find(|run| run["name"] == control);
        found.unwrap()["outcome"].as_str().unwrap()
    }
}

/// A shop whose settings read one variable that nothing defines, and whose API imports a module
/// that is not there.
pub(crate) const SHOP: &[(&str, &str)] = &[
    (".env.example", "DATABASE_URL=\n"),
    ("shop/__init__.py", ""),
    ("shop/api.py", "from shop.gone import total\n"),
    (
        "shop/settings.py",
        "import os\n\nDATABASE = os.environ[\"DATABASE_URL\"]\nMAIL = os.environ[\"MAIL_KEY\"]\n",
    ),
];

/// What is found in the shop.
pub(crate) const SHOP_FINDINGS: [&str; 2] = [
    "shop/api.py:1 phantom-local-import/no-module new",
    "shop/settings.py:4 phantom-env/undefined new",
];
