//! Our entries among git's hooks: before a commit, on its message, before a push.
//!
//! In git's own folder our script takes the place of a hook that is there, which is kept beside it
//! and runs first: lines behind somebody's last line may never be reached. Where a manager of hooks
//! owns the folder, nothing of it is overwritten: a shell file that the team owns gets a marked
//! block, and for everything else the lines are said.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};

use assize_repo::{Git, read_up_to};

use crate::failure::Failure;

/// Each hook, and what we do in it.
const HOOKS: [(&str, &str); 3] = [
    ("pre-commit", "gate commit"),
    ("commit-msg", "gate message \"$1\""),
    ("pre-push", "gate push \"$@\""),
];
/// The second line of a script of ours.
const OURS: &str = "# Assize wrote this hook, and takes it out with `assize uninstall`.";
/// Where the hook of somebody else is kept.
const KEPT: &str = ".before-assize";
const BEGIN: &str = "# >>> assize >>>";
/// The same, where the file ended without a line break.
const BEGIN_ON_NEW_LINE: &str = "# >>> assize, on a line of its own >>>";
const END: &str = "# <<< assize <<<";
const SHEBANG: &str = "#!/bin/sh\n";
/// No hook is longer.
const HOOK_BYTES_MAX: u64 = 1 << 20;

/// Who owns the folder from which git takes its hooks.
#[derive(Debug, PartialEq, Eq)]
enum Owner {
    /// Nobody: it is git's own folder.
    Git(PathBuf),
    /// The team, with shell files in this folder of the work tree.
    Team(PathBuf),
    /// A manager with a configuration of its own: its name, and the lines for it.
    Manager(&'static str, &'static str),
    /// A folder outside of the work tree, which serves other repositories as well.
    Elsewhere(String),
}

const LEFTHOOK: &str = "pre-commit:\n  commands:\n    assize:\n      run: assize gate commit\n\
    commit-msg:\n  commands:\n    assize:\n      run: assize gate message {1}\n\
    pre-push:\n  commands:\n    assize:\n      run: assize gate push {1}\n      use_stdin: true\n";
const PRE_COMMIT: &str = "- repo: local\n  hooks:\n    - id: assize-gate\n      \
    name: assize gate commit\n      entry: assize gate commit\n      language: system\n      \
    pass_filenames: false\n      always_run: true\n    - id: assize-message\n      \
    name: assize gate message\n      entry: assize gate message\n      language: system\n      \
    stages: [commit-msg]\n";

/// One change on the disk.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The file gets this text and may be run.
    Write(PathBuf, String),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

/// What is to be done, and what only a person can do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// For a person to read.
    pub(super) notes: Vec<String>,
}

/// Puts our hooks in; nothing to do where they are.
pub(super) fn plan_add(git: &Git, program: &Path) -> Result<Plan, Failure> {
    let mut plan = Plan::default();
    match owner(git) {
        Owner::Git(folder) => {
            for (hook, command) in HOOKS {
                add_script(&folder.join(hook), hook, &script(hook, command, program), &mut plan)?;
            }
        }
        Owner::Team(folder) => {
            for (hook, command) in HOOKS {
                add_block(&folder.join(hook), command, &mut plan)?;
            }
        }
        Owner::Manager(name, lines) => plan.notes.push(format!(
            "`{name}` owns the hooks of git here: add this to its configuration\n{lines}"
        )),
        Owner::Elsewhere(folder) => {
            let lines: String = HOOKS
                .iter()
                .map(|(hook, command)| format!("{folder}/{hook}: assize {command}\n"))
                .collect();
            plan.notes.push(format!(
                "`core.hooksPath` names a folder outside of this work tree: add these lines\n{lines}"
            ));
        }
    }
    Ok(plan)
}

/// Takes our hooks out, wherever they are: every byte is as it was.
pub(super) fn plan_remove(git: &Git) -> Result<Plan, Failure> {
    let mut plan = Plan::default();
    let mut folders: Vec<PathBuf> =
        git.common_folder().map(|own| own.join("hooks")).into_iter().collect();
    if let Owner::Team(folder) = owner(git)
        && folders.iter().all(|own| real(own) != folder)
    {
        folders.push(folder);
    }
    for folder in folders {
        for (hook, _) in HOOKS {
            let path = folder.join(hook);
            let kept = beside(&path);
            let is_kept = kept.symlink_metadata().is_ok();
            let Some(text) = read(&path)? else {
                // A run that broke off between its two steps left the hook where nobody runs it.
                if is_kept && path.symlink_metadata().is_err() {
                    plan.steps.push(Step::Rename(kept, path));
                }
                continue;
            };
            if is_ours(&text) {
                plan.steps.push(match is_kept {
                    true => Step::Rename(kept, path),
                    false => Step::Remove(path),
                });
            } else if let Some(rest) = without_block(&text) {
                let empty = rest == SHEBANG;
                plan.steps.push(if empty { Step::Remove(path) } else { Step::Write(path, rest) });
            }
        }
    }
    Ok(plan)
}

/// Lists the plan.
pub(super) fn show(plan: &Plan, out: &mut dyn Write) -> Result<(), Failure> {
    for step in &plan.steps {
        match step {
            Step::Write(path, _) => writeln!(out, "{}\n  the hook asks Assize", path.display())?,
            Step::Rename(from, to) => {
                writeln!(out, "{}\n  moves to {}", from.display(), to.display())?;
            }
            Step::Remove(path) => writeln!(out, "{}\n  the hook of Assize goes", path.display())?,
        }
    }
    plan.notes.iter().try_for_each(|note| write!(out, "{note}"))?;
    out.flush()?;
    Ok(())
}

pub(super) fn carry_out(plan: &Plan) -> Result<(), Failure> {
    for step in &plan.steps {
        let (path, done) = match step {
            Step::Write(path, text) => (path, write(path, text)),
            Step::Rename(from, to) => (from, fs::rename(from, to)),
            Step::Remove(path) => (path, fs::remove_file(path)),
        };
        done.map_err(|error| {
            Failure::said(format!("cannot change `{}`: {error}", path.display()))
        })?;
    }
    Ok(())
}

fn owner(git: &Git) -> Owner {
    let top = git.top();
    let is = |name: &str| top.join(name).is_file();
    let own = git.common_folder().unwrap_or_else(|| top.join(".git")).join("hooks");
    if let Some(named) = git.hooks_path() {
        // Husky's own folder holds what it generates; the team's files lie above.
        let husky = top.join(&named).ends_with(".husky/_");
        let folder = if husky { top.join(".husky") } else { real(&top.join(&named)) };
        if folder != real(&own) {
            return match is_of_tree(&folder, top) {
                true => Owner::Team(folder),
                false => Owner::Elsewhere(named),
            };
        }
    }
    if top.join(".husky").is_dir() {
        return Owner::Team(top.join(".husky"));
    }
    let lefthook = ["lefthook", ".lefthook"]
        .iter()
        .any(|name| ["yml", "yaml", "toml", "json"].iter().any(|end| is(&format!("{name}.{end}"))));
    if lefthook {
        return Owner::Manager("lefthook", LEFTHOOK);
    }
    if is(".pre-commit-config.yaml") || is(".pre-commit-config.yml") {
        return Owner::Manager("pre-commit", PRE_COMMIT);
    }
    // A link into the work tree leads to files that the team shares.
    let folder = real(&own);
    if is_of_tree(&folder, top) { Owner::Team(folder) } else { Owner::Git(own) }
}

/// Whether a folder belongs to the work tree, and not to git's own.
fn is_of_tree(folder: &Path, top: &Path) -> bool {
    folder.starts_with(top) && !folder.starts_with(real(&top.join(".git")))
}

/// The folder behind links and `..`, as far as it is there.
fn real(folder: &Path) -> PathBuf {
    if let Ok(real) = folder.canonicalize() {
        return real;
    }
    match (folder.parent(), folder.components().next_back()) {
        (Some(above), Some(Component::Normal(name))) => real(above).join(name),
        (Some(above), Some(Component::ParentDir)) => {
            let mut above = real(above);
            above.pop();
            above
        }
        _ => folder.to_path_buf(),
    }
}

/// A script of ours, which runs the hook that was there first. What that one says stands.
fn script(hook: &str, command: &str, program: &Path) -> String {
    let program = program.display().to_string().replace('\'', r"'\''");
    let first = if hook == "pre-push" {
        // Both read what git writes to the hook.
        // A shell cuts off the last line break, and where nothing is sent there is none.
        "refs=$(cat)\nrefs=\"${refs:+$refs\n}\"\nif [ -x \"$kept\" ]; then\n    \
         printf '%s' \"$refs\" | \"$kept\" \"$@\" || exit $?\nfi\n"
    } else {
        "if [ -x \"$kept\" ]; then\n    \"$kept\" \"$@\" || exit $?\nfi\n"
    };
    let input = if hook == "pre-push" { "printf '%s' \"$refs\" | " } else { "" };
    let run = if hook == "pre-push" { "" } else { "exec " };
    format!(
        "{SHEBANG}{OURS}\nkept=\"$(dirname \"$0\")/{hook}{KEPT}\"\n{first}\
         if [ ! -x '{program}' ]; then\n    \
         echo 'assize is gone from where it was: run `assize init` from where it is now' >&2\n    \
         exit 1\nfi\n{input}{run}'{program}' {command}\n"
    )
}

fn is_ours(text: &str) -> bool {
    text.lines().nth(1) == Some(OURS)
}

/// Where the hook of somebody else is kept.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(KEPT);
    path.with_file_name(name)
}

fn add_script(path: &Path, hook: &str, script: &str, plan: &mut Plan) -> Result<(), Failure> {
    let there = path.symlink_metadata().is_ok();
    let before = read(path)?;
    if before.as_deref() == Some(script) {
        return Ok(());
    }
    if there && !before.as_deref().is_some_and(is_ours) {
        let kept = beside(path);
        if kept.symlink_metadata().is_ok() {
            let (hook_path, kept) = (path.display(), kept.display());
            return Err(Failure::said(format!("`{kept}` is in the way of keeping `{hook_path}`"))
                .hint(format!("one of the two `{hook}` hooks is yours: leave that one there")));
        }
        plan.steps.push(Step::Rename(path.to_path_buf(), kept));
    }
    plan.steps.push(Step::Write(path.to_path_buf(), script.to_owned()));
    Ok(())
}

/// A block in a shell file of the team. Who does not have Assize is not stopped by it.
fn add_block(path: &Path, command: &str, plan: &mut Plan) -> Result<(), Failure> {
    let before = read(path)?;
    let there = before.is_none() && path.symlink_metadata().is_ok();
    let text = before.as_deref().unwrap_or(SHEBANG);
    if text.contains(BEGIN) || text.contains(BEGIN_ON_NEW_LINE) {
        return Ok(());
    }
    let shown = path.display();
    if there || !is_shell(text) || leaves_early(text) {
        let why = if there { "is no plain UTF-8 text" } else { "may end before its last line" };
        plan.notes.push(format!(
            "`{shown}` {why}: add this where it is reached\nassize {command} || exit $?\n"
        ));
        return Ok(());
    }
    let (line_break, begin) =
        if text.ends_with('\n') { ("", BEGIN) } else { ("\n", BEGIN_ON_NEW_LINE) };
    let block = format!(
        "{line_break}{begin}\nif command -v assize >/dev/null 2>&1; then\n    \
         assize {command} || exit $?\nelse\n    \
         echo 'assize is not installed here: its gate did not run' >&2\nfi\n{END}\n"
    );
    plan.steps.push(Step::Write(path.to_path_buf(), format!("{text}{block}")));
    Ok(())
}

fn is_shell(text: &str) -> bool {
    let first = text.lines().next().unwrap_or("");
    let Some(program) = first.strip_prefix("#!") else { return true };
    let words = program.split_whitespace().filter_map(|word| word.rsplit('/').next());
    words.into_iter().any(|word| matches!(word, "sh" | "bash" | "dash" | "zsh" | "ksh"))
}

/// Whether a line at the outermost level ends the script.
fn leaves_early(text: &str) -> bool {
    text.lines().any(|line| {
        matches!(line.split_whitespace().next(), Some("exit" | "exec")) && !line.starts_with(' ')
    })
}

/// The text without our block, as it was before; nothing where there is none.
fn without_block(text: &str) -> Option<String> {
    let on_new_line = text.find(&format!("\n{BEGIN_ON_NEW_LINE}\n"));
    let start = on_new_line.or_else(|| {
        let start = text.find(&format!("{BEGIN}\n"))?;
        let at_line = start == 0 || text.get(..start)?.ends_with('\n');
        at_line.then_some(start)
    })?;
    let (before, rest) = text.split_at_checked(start)?;
    let (_, after) = rest.split_once(&format!("{END}\n"))?;
    Some(format!("{before}{after}"))
}

fn read(path: &Path) -> Result<Option<String>, Failure> {
    match read_up_to(path, HOOK_BYTES_MAX) {
        // Text that is not UTF-8 could not be written back as it was.
        Ok(bytes) => Ok(String::from_utf8(bytes).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        // Not ours, whatever it is.
        Err(_) if path.symlink_metadata().is_ok() => Ok(None),
        Err(error) => Err(Failure::said(format!("cannot read `{}`: {error}", path.display()))),
    }
}

/// By rename, so that no hook is run that is half written. The mode of a file that is there stays:
/// whether a hook may be run is its owner's choice.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    let mode = fs::metadata(path).map_or(0o755, |metadata| metadata.permissions().mode());
    fs::set_permissions(file.path(), fs::Permissions::from_mode(mode))?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_goes_as_it_came() {
        for text in ["#!/bin/sh\nnpm test\n", "npm test", "", "#!/bin/bash\n", "a\n\n"] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("pre-commit");
            fs::write(&path, text).unwrap();
            let mut plan = Plan::default();
            add_block(&path, "gate commit", &mut plan).unwrap();
            let [Step::Write(_, with)] = &plan.steps[..] else { panic!("{plan:?}") };
            assert!(with.starts_with(text) && with.contains("assize gate commit"));
            assert_eq!(without_block(with).as_deref(), Some(text));
            fs::write(&path, with).unwrap();
            let mut again = Plan::default();
            add_block(&path, "gate commit", &mut again).unwrap();
            assert_eq!(again, Plan::default());
            // What was added behind it stays.
            assert_eq!(without_block(&format!("{with}more\n")), Some(format!("{text}more\n")));
        }
        assert_eq!(without_block("#!/bin/sh\n"), None);
        assert_eq!(without_block("echo '# >>> assize >>>'\n"), None);
    }

    #[test]
    fn files_that_end_early_or_are_no_shell_are_left_to_the_team() {
        for text in ["#!/usr/bin/env python3\n", "#!/bin/sh\nexec npx lint\n", "npm test\nexit 0\n"]
        {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("pre-commit");
            fs::write(&path, text).unwrap();
            let mut plan = Plan::default();
            add_block(&path, "gate commit", &mut plan).unwrap();
            assert!(plan.steps.is_empty() && plan.notes[0].contains("assize gate commit"));
        }
        assert!(
            is_shell("#!/usr/bin/env -S bash -e\n") && !leaves_early("if a; then\n  exit 1\nfi\n")
        );
    }
}
