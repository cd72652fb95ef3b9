//! Changing files of a person: shown first, agreed to, kept as they were, and replaced whole.
//!
//! All new contents are written beside their files before the first file is replaced, so that what
//! cannot be written stops everything. A link stays a link: the file behind it is replaced.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{ErrorKind, IsTerminal, Write};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

use assize_repo::read_up_to;
use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::output;
use crate::state;

/// No file that is edited may be larger.
const BYTES_MAX: u64 = 1 << 20;
/// How long another run may take.
const LOCK_WAIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);
/// New files are for everybody to read, as far as the user's mask goes.
const FILE_MODE: u32 = 0o666;
/// So are programs to run.
const SCRIPT_MODE: u32 = 0o777;
const OWNER_FOLDER: u32 = 0o700;
/// Folders within the hidden ones of clients.
const INNER: [&str; 3] = ["hooks", "plugin", "opencode"];

/// One file, as it stands.
#[derive(Debug)]
pub(super) struct Target {
    /// As the person names it.
    shown: PathBuf,
    /// The file behind all links.
    real: PathBuf,
    pub(super) text: Option<String>,
}

/// What is to become of it.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) target: Target,
    /// Nothing: the file goes.
    pub(super) after: Option<String>,
    /// In sentences for a person.
    pub(super) told: Vec<String>,
}

/// Whether the person has said yes already, and whether only to show.
#[derive(Debug, Clone, Copy)]
pub(super) struct Consent {
    pub(super) yes: bool,
    pub(super) dry_run: bool,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Changed,
    Shown,
    Nothing,
}

impl Target {
    pub(super) fn read(path: PathBuf) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| {
            Failure::said(format!("cannot read `{}`: {error}", path.display()))
        };
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) if error.kind() == ErrorKind::NotFound && !path.is_symlink() => new(&path),
            Err(error) => return Err(failed(error)),
        };
        let text = match read_up_to(&real, BYTES_MAX) {
            Ok(bytes) => Some(String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                let shown = path.display();
                Failure::said(format!("`{shown}`: the text is not UTF-8 at byte {at}"))
            })?),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { shown: path, real, text })
    }

    /// The error of something that is wrong in the file.
    pub(super) fn wrong(&self, error: &dyn std::fmt::Display) -> Failure {
        Failure::said(format!("`{}`: {error}", self.shown.display()))
    }
}

/// Where a file that is not there yet will lie, as far as its folders are there.
fn new(path: &Path) -> PathBuf {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    folder.zip(path.file_name()).map_or(path.to_path_buf(), |(folder, name)| folder.join(name))
}

/// Held while files are read and replaced: two runs at once would undo each other.
pub(super) fn alone() -> Result<File, Failure> {
    let failed = |error: std::io::Error| {
        Failure::said(format!("cannot lock the folder of Assize's state: {error}"))
    };
    let home = state::home().map_err(failed)?;
    fs::DirBuilder::new().recursive(true).mode(OWNER_FOLDER).create(&home).map_err(failed)?;
    let lock = File::create(home.join("init.lock")).map_err(failed)?;
    let started = Instant::now();
    while lock.try_lock().is_err() {
        if started.elapsed() > LOCK_WAIT {
            return Err(Failure::said("another run is changing these files"));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(lock)
}

/// Shows, asks and replaces.
pub(super) fn carry_out(
    changes: Vec<Change>,
    consent: Consent,
    out: &mut dyn Write,
) -> Result<Done, Failure> {
    let changes: Vec<Change> =
        changes.into_iter().filter(|change| change.target.text != change.after).collect();
    if changes.is_empty() {
        output::status("nothing to change");
        return Ok(Done::Nothing);
    }
    for change in &changes {
        show(change, out)?;
    }
    out.flush()?;
    if consent.dry_run {
        return Ok(Done::Shown);
    }
    agreed(consent)?;
    replace(&changes)?;
    Ok(Done::Changed)
}

fn show(change: &Change, out: &mut dyn Write) -> Result<(), Failure> {
    let Target { shown, real, .. } = &change.target;
    if shown != real {
        writeln!(out, "{} -> {}", shown.display(), real.display())?;
    } else {
        writeln!(out, "{}", shown.display())?;
    }
    for line in &change.told {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// Whether the person wants it: by `--yes`, or by an answer at a terminal.
pub(super) fn agreed(consent: Consent) -> Result<(), Failure> {
    if consent.yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::said("nobody can be asked here").hint("add `--yes`"));
    }
    output::status("change these files? [y/N]");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    if matches!(line.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::said("nothing was changed"))
}

fn replace(changes: &[Change]) -> Result<(), Failure> {
    let staged: Vec<Option<NamedTempFile>> = changes.iter().map(stage).collect::<Result<_, _>>()?;
    let kept = keep(changes)?;
    for (change, file) in changes.iter().zip(staged) {
        let real = &change.target.real;
        let failed = |error| cannot_write(&change.target, &error);
        match file {
            Some(file) => drop(file.persist(real).map_err(|error| failed(error.error))?),
            None => {
                fs::remove_file(real).map_err(failed)?;
                leave(&change.target.shown);
            }
        }
    }
    if let Some(kept) = kept {
        output::status(&format!("the files as they were: {}", kept.display()));
    }
    Ok(())
}

/// A client's folder that held this file alone came with it; a link to one, or one that holds more,
/// stays. A folder of the user's is never ours to take.
fn leave(file: &Path) {
    let above: Vec<&Path> = file.ancestors().skip(1).collect();
    let is_inner = |folder: &&&Path| {
        folder.file_name().is_some_and(|name| INNER.iter().any(|inner| name == *inner))
    };
    let inner = above.iter().take_while(is_inner).count();
    if above.get(inner).is_some_and(|folder| is_hidden(folder)) {
        let mut ours = above.iter().take(inner + 1);
        // The first one that holds more ends it.
        drop(ours.try_for_each(fs::remove_dir));
    }
}

fn is_hidden(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Writes the new content beside the file; nothing for one that goes.
fn stage(change: &Change) -> Result<Option<NamedTempFile>, Failure> {
    let target = &change.target;
    let failed = |error| cannot_write(target, &error);
    let before = fs::metadata(&target.real).ok();
    if before.as_ref().is_some_and(|before| before.permissions().readonly()) {
        return Err(Failure::said(format!("`{}` is read-only", target.shown.display()))
            .hint("make it writable first; nothing was changed"));
    }
    if Target::read(target.shown.clone())?.text != target.text {
        return Err(Failure::said(format!("`{}` changed meanwhile", target.shown.display()))
            .hint("run the command again; nothing was changed"));
    }
    let Some(after) = &change.after else { return Ok(None) };
    let folder = target.real.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mode = if after.starts_with("#!") { SCRIPT_MODE } else { FILE_MODE };
    let mut file = tempfile::Builder::new()
        .prefix(".assize-")
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(after.as_bytes()).map_err(failed)?;
    if let Some(before) = before {
        resemble(&file, &before).map_err(failed)?;
    }
    file.as_file().sync_all().map_err(failed)?;
    Ok(Some(file))
}

/// Mode and owner as before: an administrator's run must not take a file away from its owner.
fn resemble(file: &NamedTempFile, before: &Metadata) -> std::io::Result<()> {
    let now = file.as_file().metadata()?;
    if (now.uid(), now.gid()) != (before.uid(), before.gid()) {
        // Only an administrator can; for others the file becomes theirs, as an editor's would.
        drop(std::os::unix::fs::chown(file.path(), Some(before.uid()), Some(before.gid())));
    }
    fs::set_permissions(file.path(), before.permissions())
}

/// Copies all files that were there, below a folder of this run; none where there were none.
fn keep(changes: &[Change]) -> Result<Option<PathBuf>, Failure> {
    let old: Vec<&Target> = changes
        .iter()
        .map(|change| &change.target)
        .filter(|target| target.text.is_some())
        .collect();
    if old.is_empty() {
        return Ok(None);
    }
    let failed = |error: std::io::Error| {
        Failure::said(format!("cannot keep the files as they were: {error}"))
    };
    let folder = state::home().map_err(failed)?.join("backups").join(moment());
    for target in old {
        let inner: PathBuf =
            target.real.components().filter(|part| matches!(part, Component::Normal(_))).collect();
        let copy = folder.join(inner);
        let above = copy.parent().unwrap_or(&folder);
        fs::DirBuilder::new().recursive(true).mode(OWNER_FOLDER).create(above).map_err(failed)?;
        fs::copy(&target.real, copy).map_err(failed)?;
    }
    Ok(Some(folder))
}

/// The time as the name of a folder.
fn moment() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let since = since.unwrap_or_default();
    let (hours, minutes) = (since.as_secs() / 3_600 % 24, since.as_secs() / 60 % 60);
    let (seconds, millis) = (since.as_secs() % 60, since.subsec_millis());
    format!("{}T{hours:02}{minutes:02}{seconds:02}.{millis:03}Z", crate::project::today())
}

fn cannot_write(target: &Target, error: &std::io::Error) -> Failure {
    let failure = Failure::said(format!("cannot write `{}`: {error}", target.shown.display()));
    if error.kind() == ErrorKind::PermissionDenied {
        return failure.hint("you have no right to: the machine's settings need an administrator");
    }
    failure
}
