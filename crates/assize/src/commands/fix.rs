//! `assize check --fix` and `--diff`.
//!
//! What was not committed cannot be had back from git, and may be somebody else's: a file that
//! differs from HEAD, or that git does not know, is written only where the user says so. `--diff`
//! shows the same edits and writes nothing.

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write};
use std::path::Path;

use assize_checks::{Draft, Pass, fixed, offered, offers_fixes};
use assize_model::{Finding, FindingState, Fingerprint, RepoPath};
use assize_repo::{Entry, READ_MAX, read_up_to};
use similar::TextDiff;

use crate::failure::Failure;
use crate::output::status;
use crate::project::Project;

/// A file with exact fixes.
pub(super) struct Mended<'a> {
    entry: &'a Entry,
    before: String,
    after: String,
    /// How many findings are gone.
    findings: usize,
}

/// The files of which findings can be mended, in order. What the baseline covers, or a person let
/// be, stays.
pub(super) fn mend<'a>(project: &'a Project, pass: &Pass) -> Vec<Mended<'a>> {
    let fixable = || pass.findings.iter().filter(|finding| offers_fixes(finding.control.0));
    let is_new = |finding: &&Finding| finding.state == FindingState::New;
    let files: BTreeSet<&RepoPath> = fixable().filter(is_new).map(|one| &one.path).collect();
    let known: BTreeSet<Fingerprint> =
        fixable().filter(|one| !is_new(one)).map(|one| one.fingerprint).collect();
    files.into_iter().filter_map(|path| of_file(project, path, &known)).collect()
}

fn of_file<'a>(
    project: &'a Project,
    path: &RepoPath,
    known: &BTreeSet<Fingerprint>,
) -> Option<Mended<'a>> {
    let source = Source::read(project, path)?;
    let draft = source.draft(project)?;
    // What comes to light behind a mended finding is mended as well.
    let done = fixed(&draft, &|finding| !known.contains(&finding.fingerprint))?;
    let Source { entry, text: before, .. } = source;
    Some(Mended { entry, after: done.text, findings: done.mended, before })
}

/// A file that may be mended, as it stands on disk.
struct Source<'a, 'p> {
    entry: &'a Entry,
    path: &'p RepoPath,
    text: String,
}

impl<'a, 'p> Source<'a, 'p> {
    fn read(project: &'a Project, path: &'p RepoPath) -> Option<Self> {
        let entries = &project.files.entries;
        let entry = entries.get(entries.binary_search_by(|entry| entry.path.cmp(path)).ok()?)?;
        // A line end in a name would begin another line of the patch.
        if entry.disk.is_symlink() || path.as_str().contains(char::is_control) {
            return None;
        }
        let text = String::from_utf8(read_up_to(&entry.disk, READ_MAX).ok()?).ok()?;
        Some(Self { entry, path, text })
    }

    fn draft<'d>(&'d self, project: &'d Project) -> Option<Draft<'d>> {
        Some(Draft {
            path: self.path,
            class: project.view().file(self.path.as_str())?.class(),
            text: &self.text,
            snapshot: project.indexed.layers.base(),
            overlay: project.indexed.layers.changes(),
            settings: &project.settings,
        })
    }
}

/// Says of each new finding which edits mend it, for programs that show or apply them.
pub(super) fn offer(project: &Project, report: &mut assize_report::Report) {
    let mendable = report.findings.iter_mut().filter(|reported| {
        let finding = &reported.finding;
        finding.state == FindingState::New && offers_fixes(finding.control.0)
    });
    for reported in mendable {
        let source = Source::read(project, &reported.finding.path);
        let draft = source.as_ref().and_then(|source| source.draft(project));
        let edits = draft.map(|draft| offered(&draft, &reported.finding));
        reported.fix = edits.unwrap_or_default();
    }
}

/// Shows the edits as one patch.
pub(super) fn show(mended: &[Mended<'_>], out: &mut dyn Write) -> Result<(), Failure> {
    let plain = std::io::stdout().is_terminal();
    for file in mended {
        let path = file.entry.path.as_str();
        let diff = TextDiff::from_lines(&file.before, &file.after);
        let (old, new) = (format!("a/{path}"), format!("b/{path}"));
        let patch = diff.unified_diff().header(&old, &new).to_string();
        if plain {
            // A terminal acts on what a file may hold; a patch that is kept has to be exact.
            patch.lines().try_for_each(|line| writeln!(out, "{}", assize_report::inline(line)))?;
        } else {
            out.write_all(patch.as_bytes())?;
        }
    }
    Ok(())
}

/// Writes the files that may be written, and says what was done and what was left.
pub(super) fn write(
    project: &Project,
    mended: &[Mended<'_>],
    allow_dirty: bool,
) -> Result<usize, Failure> {
    let changed = if allow_dirty { Some(BTreeSet::new()) } else { uncommitted(project)? };
    let (mut findings, mut files) = (0, 0);
    for file in mended {
        let path = &file.entry.path;
        let name = path.as_str().as_bytes();
        let is_kept = changed.as_ref().is_some_and(|changed| !changed.contains(name));
        let may_write = allow_dirty || (is_kept && file.entry.tracked);
        if !may_write {
            status(&format!(
                "`{path}` is left: it is not committed as it is; look at `--diff`, then say \
                 `--allow-dirty`"
            ));
            continue;
        }
        replace(file)?;
        findings += file.findings;
        files += 1;
    }
    if files > 0 {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (of, file) = (plural(findings), plural(files));
        status(&format!("mended {findings} finding{of} in {files} file{file}"));
    }
    Ok(files)
}

/// The paths that differ from HEAD; nothing without a commit, where all do.
fn uncommitted(project: &Project) -> Result<Option<BTreeSet<Vec<u8>>>, Failure> {
    let Some(git) = project.root.git.as_ref().filter(|git| git.has_commit()) else {
        return Ok(None);
    };
    let changed = git.changed("HEAD", &project.root.folder);
    Ok(Some(changed.map_err(|error| Failure::tool(&error))?.into_iter().collect()))
}

/// Replaces the file as a whole, unless it changed since it was read.
fn replace(file: &Mended<'_>) -> Result<(), Failure> {
    let path = file.entry.disk.as_path();
    let failed = |error: std::io::Error| {
        Failure::said(format!("cannot write `{}`: {error}", path.display()))
    };
    let now = read_up_to(path, READ_MAX).map_err(failed)?;
    if now != file.before.as_bytes() {
        let words = format!("`{}` changed meanwhile, and is as it was", path.display());
        return Err(Failure::said(words));
    }
    let rights = std::fs::metadata(path).map_err(failed)?.permissions();
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    fresh.write_all(file.after.as_bytes()).map_err(failed)?;
    fresh.as_file().set_permissions(rights).map_err(failed)?;
    fresh.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
