//! `init` and `uninstall`: our entries in the settings of the clients.

mod notes;

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use assize_config::{GuardMode, fresh};
use assize_harness::{Client, Installed, SettingsError, install, uninstall};
use assize_repo::{CONFIG_NAME, Git, Root};

use super::change::{self, Change, Consent, Done, Target};
use super::enforce::{by_a_person, mode_change};
use super::githooks;
use crate::cli::{Choice, Init, Scope};
use crate::clients::{Place, hook_command, in_use, places, version};
use crate::failure::Failure;
use crate::output;

/// Adds our entries.
pub(super) fn add(options: &Init, out: &mut dyn Write) -> Result<u8, Failure> {
    let choice = &options.choice;
    if options.enforce {
        by_a_person("switch the guard's mode")?;
    }
    let program = program()?;
    let root = root(choice)?;
    beyond_reach(&program, &root)?;
    let lock = change::alone()?;
    if !choice.git {
        settings(options, &program, &root, out)?;
    }
    git_hooks(choice, &|git| githooks::plan_add(git, &program), out)?;
    drop(lock);
    Ok(0)
}

fn settings(
    options: &Init,
    program: &Path,
    root: &Path,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let choice = &options.choice;
    let mut changes = Vec::new();
    let mut notes = Vec::new();
    let used = |client| !choice.harness.is_empty() || in_use(client, choice.scope, root);
    let all = meant(choice, root)?.into_iter().filter(|place| used(place.client()));
    for place in all {
        // Only of this one the form of the entries depends on the version.
        let claude = place.client() == Client::ClaudeCode;
        let version = if claude { version(Client::ClaudeCode) } else { None };
        match entries(&place, program, version.as_deref())? {
            Entries::Of(change) => changes.push(change),
            Entries::Taken(by) => {
                let note = notes::taken(&place, &by);
                notes.extend(Some(note).filter(|note| !notes.contains(note)));
                continue;
            }
        }
        let twice = notes::twice(&place, root, &choice.machine.folder);
        let new = notes::of(&place, version.as_deref()).into_iter().chain(twice);
        let new: Vec<String> = new.filter(|note| !notes.contains(note)).collect();
        notes.extend(new);
    }
    if choice.scope == Scope::Project {
        changes.extend(configuration(root, options.enforce)?);
    }
    if choice.scope == Scope::Managed {
        notes.extend(whose(program));
    }
    if change::carry_out(changes, consent(choice), out)? != Done::Nothing {
        notes.iter().for_each(|note| output::status(note));
    }
    Ok(())
}

/// Git's hooks: with everything else of the project, or with `--git` alone.
fn git_hooks(
    choice: &Choice,
    plan: &dyn Fn(&Git) -> Result<githooks::Plan, Failure>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let all = choice.harness.is_empty() && choice.scope == Scope::Project;
    let root = Root::find(&choice.path).map_err(|error| Failure::tool(&error))?;
    let Some(git) = root.git.filter(|_| choice.git || all) else { return Ok(()) };
    let plan = plan(&git)?;
    githooks::show(&plan, out)?;
    if plan.steps.is_empty() || choice.dry_run {
        return Ok(());
    }
    out.flush()?;
    change::agreed(consent(choice))?;
    githooks::carry_out(&plan)
}

/// Takes them out: every byte is as it was.
pub(super) fn remove(choice: &Choice, out: &mut dyn Write) -> Result<u8, Failure> {
    by_a_person("take Assize out")?;
    let root = root(choice)?;
    let lock = change::alone()?;
    git_hooks(choice, &githooks::plan_remove, out)?;
    if choice.git {
        return Ok(0);
    }
    let mut changes = Vec::new();
    for place in meant(choice, &root)?.into_iter().filter(|place| place.taken_by().is_none()) {
        let target = Target::read(place.path)?;
        let Some(before) = &target.text else { continue };
        let after = uninstall(place.file, before).map_err(|error| target.wrong(&error))?;
        let told = vec!["the entries of Assize go".to_owned()];
        changes.push(Change { target, after, told });
    }
    if choice.scope == Scope::Project {
        changes.extend(untouched(&root)?);
    }
    change::carry_out(changes, consent(choice), out)?;
    drop(lock);
    Ok(0)
}

/// What becomes of one file.
enum Entries {
    Of(Change),
    /// Something of the user's stands in the only place.
    Taken(PathBuf),
}

fn entries(place: &Place, program: &Path, version: Option<&str>) -> Result<Entries, Failure> {
    if let Some(by) = place.taken_by() {
        return Ok(Entries::Taken(by));
    }
    let target = Target::read(place.path.clone())?;
    let command = hook_command(place.client(), program);
    match install(place.file, target.text.as_deref(), &command, version) {
        Ok(Installed { text, changes }) => {
            Ok(Entries::Of(Change { target, after: Some(text), told: together(&changes) }))
        }
        Err(SettingsError::Theirs) => Ok(Entries::Taken(place.path.clone())),
        Err(error) => Err(target.wrong(&error)),
    }
}

/// `A: x`, `B: x` in one line: a client has a dozen events.
fn together(changes: &[String]) -> Vec<String> {
    let mut lines: Vec<(&str, String)> = Vec::new();
    for change in changes {
        let (event, deed) = change.split_once(": ").unwrap_or((change, ""));
        match lines.iter_mut().find(|(known, _)| *known == deed) {
            Some((_, events)) => *events = format!("{events}, {event}"),
            None => lines.push((deed, event.to_owned())),
        }
    }
    lines.into_iter().map(|(deed, events)| format!("{events}: {deed}")).collect()
}

/// A configuration that observes, where there is none; the mode alone is set where one is wanted.
fn configuration(root: &Path, enforce: bool) -> Result<Option<Change>, Failure> {
    if enforce {
        return mode_change(root, GuardMode::Enforce).map(Some);
    }
    let target = Target::read(root.join(CONFIG_NAME))?;
    let told = vec!["[guard] mode = \"observe\"".to_owned()];
    let after = Some(fresh(GuardMode::Observe));
    Ok(target.text.is_none().then_some(Change { target, after, told }))
}

/// The configuration goes only where nobody wrote into it.
fn untouched(root: &Path) -> Result<Option<Change>, Failure> {
    let target = Target::read(root.join(CONFIG_NAME))?;
    let ours = GuardMode::ALL.into_iter().any(|mode| target.text == Some(fresh(mode)));
    let told = vec!["the configuration as `init` wrote it goes".to_owned()];
    Ok(ours.then_some(Change { target, after: None, told }))
}

/// A program of one user, in settings that hold for all.
fn whose(program: &Path) -> Option<String> {
    let owner = fs::metadata(program).ok()?.uid();
    (owner != 0).then(|| {
        let shown = program.display();
        format!("`{shown}` belongs to a user, who can replace it: install it for the machine")
    })
}

fn consent(choice: &Choice) -> Consent {
    Consent { yes: choice.yes, dry_run: choice.dry_run }
}

/// The settings files that are meant.
fn meant(choice: &Choice, root: &Path) -> Result<Vec<Place>, Failure> {
    let mut all = places(choice.scope, root, &choice.machine.folder);
    if all.is_empty() {
        return Err(Failure::said("`HOME` is not set: there is no user's settings file"));
    }
    all.retain(|place| is_chosen(&choice.harness, place.client()));
    Ok(all)
}

/// Whether a client is among those that were named, or none was. VS Code runs the hooks of Copilot
/// and has no file of its own.
pub(super) fn is_chosen(named: &[Client], client: Client) -> bool {
    let shared = client == Client::CopilotCli && named.contains(&Client::VsCode);
    named.is_empty() || named.contains(&client) || shared
}

fn root(choice: &Choice) -> Result<PathBuf, Failure> {
    let root = Root::find(&choice.path).map_err(|error| Failure::tool(&error))?;
    Ok(root.folder)
}

fn program() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe().and_then(|path| path.canonicalize());
    program.map_err(|error| Failure::said(format!("cannot tell where this program lies: {error}")))
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
