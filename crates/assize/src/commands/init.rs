//! `init` and `uninstall`: our entries in the settings of the clients.

use std::fs;
use std::io::{ErrorKind, IsTerminal, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use assize_harness::{SettingsFile, install, uninstall};
use assize_repo::Git;

use super::githooks;
use crate::cli::{Harness, Init, Scope};
use crate::failure::Failure;
use crate::output;

/// One settings file, and what is to stand in it.
struct Plan {
    path: PathBuf,
    before: Option<String>,
    /// Nothing: the file goes.
    after: Option<String>,
    changes: Vec<String>,
}

/// Adds our entries.
pub(super) fn add(options: &Init, out: &mut dyn Write) -> Result<u8, Failure> {
    let program = program()?;
    let root = root(options)?;
    beyond_reach(&program, &root)?;
    if !options.git {
        settings(options, &program, &root, out)?;
    }
    git_hooks(options, &|git| githooks::plan_add(git, &program), out)
}

fn settings(
    options: &Init,
    program: &Path,
    root: &Path,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let mut plans = Vec::new();
    for (file, path) in files(options, root)? {
        let before = read(&path)?;
        let command = command(file, program);
        let installed = install(file, before.as_deref(), &command, None)
            .map_err(|error| Failure::said(format!("`{}`: {error}", path.display())))?;
        let (after, changes) = (Some(installed.text), installed.changes);
        plans.push(Plan { path, before, after, changes });
    }
    carry_out(plans, options, out)
}

/// Takes them out: every byte is as it was.
pub(super) fn remove(options: &Init, out: &mut dyn Write) -> Result<u8, Failure> {
    git_hooks(options, &githooks::plan_remove, out)?;
    if options.git {
        return Ok(0);
    }
    let root = root(options)?;
    let mut plans = Vec::new();
    for (file, path) in files(options, &root)? {
        let Some(before) = read(&path)? else { continue };
        let after = uninstall(file, &before)
            .map_err(|error| Failure::said(format!("`{}`: {error}", path.display())))?;
        let changes = vec!["the entries of Assize go".to_owned()];
        plans.push(Plan { path, before: Some(before), after, changes });
    }
    carry_out(plans, options, out)
}

/// Git's hooks: with everything else of the project, or with `--git` alone.
fn git_hooks(
    options: &Init,
    plan: &dyn Fn(&Git) -> Result<githooks::Plan, Failure>,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let all = options.harness.is_empty() && options.scope == Scope::Project;
    let root = assize_repo::Root::find(&options.path).map_err(|error| Failure::tool(&error))?;
    let Some(git) = root.git.filter(|_| options.git || all) else {
        return Ok(0);
    };
    let plan = plan(&git)?;
    githooks::show(&plan, out)?;
    if plan.steps.is_empty() || options.dry_run {
        return Ok(0);
    }
    agreed(options)?;
    githooks::carry_out(&plan)?;
    Ok(0)
}

fn carry_out(plans: Vec<Plan>, options: &Init, out: &mut dyn Write) -> Result<u8, Failure> {
    let plans: Vec<Plan> = plans.into_iter().filter(|plan| plan.before != plan.after).collect();
    if plans.is_empty() {
        output::status("nothing to change");
        return Ok(0);
    }
    for plan in &plans {
        writeln!(out, "{}", plan.path.display())?;
        for change in &plan.changes {
            writeln!(out, "  {change}")?;
        }
    }
    out.flush()?;
    if options.dry_run {
        return Ok(0);
    }
    agreed(options)?;
    for plan in &plans {
        write(plan)?;
    }
    Ok(0)
}

/// Whether the person wants it: by `--yes`, or by an answer at a terminal.
fn agreed(options: &Init) -> Result<(), Failure> {
    if options.yes {
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

/// Replaces a file by rename, so that a client never reads half of one.
fn write(plan: &Plan) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::said(format!("cannot write `{}`: {error}", plan.path.display()))
    };
    let Some(after) = &plan.after else { return fs::remove_file(&plan.path).map_err(failed) };
    let folder = plan.path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::Builder::new().tempfile_in(folder).map_err(failed)?;
    file.write_all(after.as_bytes()).map_err(failed)?;
    if let Ok(metadata) = fs::metadata(&plan.path) {
        fs::set_permissions(file.path(), metadata.permissions()).map_err(failed)?;
    }
    file.persist(&plan.path).map_err(|error| failed(error.error))?;
    Ok(())
}

fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::said(format!("cannot read `{}`: {error}", path.display()))),
    }
}

/// The settings files that are meant.
fn files(options: &Init, root: &Path) -> Result<Vec<(SettingsFile, PathBuf)>, Failure> {
    let base = match options.scope {
        Scope::Project => root.to_path_buf(),
        Scope::User => std::env::var_os("HOME")
            .map(PathBuf::from)
            .ok_or_else(|| Failure::said("`HOME` is not set: there is no user's settings file"))?,
    };
    let all = [
        (Harness::ClaudeCode, SettingsFile::ClaudeSettings, ".claude/settings.json"),
        (Harness::Codex, SettingsFile::CodexHooks, ".codex/hooks.json"),
    ];
    let wanted =
        |harness: Harness| options.harness.is_empty() || options.harness.contains(&harness);
    let meant = all.into_iter().filter(|(harness, ..)| wanted(*harness));
    Ok(meant.map(|(_, file, path)| (file, base.join(path))).collect())
}

/// The hook's command line.
fn command(file: SettingsFile, program: &Path) -> String {
    format!("'{}' hook {}", program.display(), file.client().name())
}

fn program() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe().and_then(|path| path.canonicalize());
    program.map_err(|error| Failure::said(format!("cannot tell where this program lies: {error}")))
}

fn root(options: &Init) -> Result<PathBuf, Failure> {
    let root = assize_repo::Root::find(&options.path).map_err(|error| Failure::tool(&error))?;
    Ok(root.folder)
}

/// A program that the agent can replace guards nothing.
fn beyond_reach(program: &Path, root: &Path) -> Result<(), Failure> {
    let shown = program.display();
    let temporary =
        ["/tmp", "/var/tmp", "/dev/shm"].iter().any(|folder| program.starts_with(folder));
    if program.starts_with(root) || temporary {
        return Err(Failure::said(format!("`{shown}` lies where an agent writes"))
            .hint("install the program for the machine or the user, and run `init` from there"));
    }
    for folder in program.ancestors().skip(1) {
        let open = fs::metadata(folder).is_ok_and(|it| it.mode() & 0o002 != 0);
        let sticky = fs::metadata(folder).is_ok_and(|it| it.mode() & 0o1000 != 0);
        if open && !sticky {
            let folder = folder.display();
            return Err(Failure::said(format!(
                "everybody may write to `{folder}`, above `{shown}`"
            ))
            .hint("install the program where only you or the machine may write"));
        }
    }
    Ok(())
}
