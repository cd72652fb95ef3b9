//! The scratch copy: a repository, a home and a state folder that nothing else uses.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::example::FILES;
use crate::failure::Failure;

/// Stands for any program whose work cannot be told from outside.
const GENERATOR: &str = "#!/bin/sh\nset -e\n\
    printf 'def allowed(:\\n' > services/orders/src/orders/access.py\ngit add --all\n";
/// Not a real one: whoever reads the record must not find it there.
const ENVIRONMENT: &str = "DATABASE_PASSWORD=correct-horse-battery-staple\n";

#[derive(Debug)]
pub(super) struct Scratch {
    folder: tempfile::TempDir,
    program: PathBuf,
}

/// What a run of the program said.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) status: i32,
    pub(super) text: String,
}

impl Scratch {
    pub(super) fn new() -> std::io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("assize-demo-").tempdir()?;
        // Folders for temporary files are often links: paths must be those that git reports.
        let scratch = Self { folder, program: std::env::current_exe()? };
        std::fs::create_dir(scratch.folder.path().join("home"))?;
        for (path, bytes, executable) in FILES {
            scratch.write(path, bytes, *executable)?;
        }
        scratch.write(super::GENERATOR, GENERATOR.as_bytes(), true)?;
        scratch.write(".env", ENVIRONMENT.as_bytes(), false)?;
        let settings = scratch.text_of("assize.toml")? + "\n[guard]\nmode = \"enforce\"\n";
        scratch.write("assize.toml", settings.as_bytes(), false)?;
        scratch.git(&["init", "--quiet"])?;
        scratch.git(&["add", "--all"])?;
        scratch.git(&["commit", "--quiet", "--message", "The example"])?;
        Ok(scratch)
    }

    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join("orders")
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(super) fn text(&self, path: &str) -> Result<String, Failure> {
        self.text_of(path).map_err(|error| Failure::tool(&error))
    }

    fn text_of(&self, path: &str) -> std::io::Result<String> {
        std::fs::read_to_string(self.path(path))
    }

    fn write(&self, path: &str, bytes: &[u8], executable: bool) -> std::io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path(path);
        if let Some(above) = path.parent() {
            std::fs::create_dir_all(above)?;
        }
        std::fs::write(&path, bytes)?;
        let mode = if executable { 0o755 } else { 0o644 };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode))
    }

    /// Sends an event as a client does.
    pub(super) fn hook(&self, event: &Value) -> Result<Heard, Failure> {
        let mut command = self.command(&self.program, ["hook", "claude-code"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let run = || -> std::io::Result<Output> {
            let mut child = command.spawn()?;
            if let Some(mut input) = child.stdin.take() {
                input.write_all(event.to_string().as_bytes())?;
            }
            child.wait_with_output()
        };
        let output = { run }().map_err(|error| Failure::tool(&error))?;
        Ok(heard(&output, &output.stderr))
    }

    pub(super) fn assize(&self, arguments: &[&str]) -> Result<Heard, Failure> {
        let output = self.command(&self.program, arguments).stdin(Stdio::null()).output();
        let output = output.map_err(|error| Failure::tool(&error))?;
        let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
        Ok(heard(&output, &said))
    }

    pub(super) fn shell(&self, script: &str) -> Result<(), Failure> {
        let output = self.command(&self.path(script), [""; 0]).output();
        output.map(drop).map_err(|error| Failure::tool(&error))
    }

    /// Takes a file back to what the example has.
    pub(super) fn restore(&self, path: &str) -> Result<(), Failure> {
        let back = ["restore", "--staged", "--worktree", "--", path];
        self.git(&back).map_err(|error| Failure::tool(&error))
    }

    /// Changes one letter of the record, as somebody would who wants another story.
    pub(super) fn tamper(&self) -> Result<(), Failure> {
        let changed = || -> std::io::Result<bool> {
            let state = self.folder.path().join("home/.local/state/assize");
            for ledger in std::fs::read_dir(state)? {
                for entry in std::fs::read_dir(ledger?.path())? {
                    let path = entry?.path();
                    if path.extension().is_none_or(|end| end != "ledger") {
                        continue;
                    }
                    let mut bytes = std::fs::read(&path)?;
                    let found = bytes.windows(4).position(|four| four == b"deny");
                    let Some(at) = found else { continue };
                    if let Some(letter) = bytes.get_mut(at) {
                        *letter = b'D';
                    }
                    std::fs::write(&path, bytes)?;
                    return Ok(true);
                }
            }
            Ok(false)
        };
        match changed() {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::said("the record holds no denial".to_owned())),
            Err(error) => Err(Failure::tool(&error)),
        }
    }

    /// Leaves the copy for the reader.
    pub(super) fn keep(self) -> PathBuf {
        self.folder.keep().join("orders")
    }

    fn git(&self, arguments: &[&str]) -> std::io::Result<()> {
        let own = ["-c", "user.name=Demo", "-c", "user.email=demo@example.invalid"];
        let plain = ["-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null"];
        let arguments = own.iter().chain(&plain).chain(arguments);
        let output = self.command(Path::new("git"), arguments).output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(std::io::Error::other(format!("git: {}", said.trim())))
    }

    /// A command in the copy that sees nothing of the reader's own settings and records.
    fn command<A: AsRef<OsStr>>(
        &self,
        program: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.root());
        for name in ["XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "GIT_DIR"] {
            command.env_remove(name);
        }
        for name in ["GIT_WORK_TREE", "GIT_INDEX_FILE", "ASSIZE", "FORCE_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.env("HOME", self.folder.path().join("home"));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }
}

fn heard(output: &Output, said: &[u8]) -> Heard {
    let text = String::from_utf8_lossy(said).trim_end().to_owned();
    Heard { status: output.status.code().unwrap_or(-1), text }
}
