//! Where a call happens: root, settings, home, what stands on the disk.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use assize_checks::TeamRules;
use assize_config::Settings;
use assize_guard::controls::Standing;
use assize_guard::{Effect, Effects, Place, Surroundings};
use assize_harness::SettingsFile;
use assize_repo::{CONFIG_BYTES_MAX, CONFIG_NAME, read_up_to};
use assize_session::Session;

use super::real::{Last, real};
use crate::failure::Failure;

/// So many other roots are asked for by one call, and so many folders for their roots.
const ROOTS_MAX: usize = 8;
const FOLDERS_MAX: usize = 200;

/// What every decision needs, without asking git or listing the tree.
pub(super) struct Scene {
    pub(super) root: PathBuf,
    pub(super) settings: Settings,
    /// The team's own rules. They were proven when the index was built.
    pub(super) rules: TeamRules,
    pub(super) surroundings: Surroundings,
}

impl Scene {
    /// The scene of a working folder.
    ///
    /// # Errors
    /// A configuration cannot be read or is wrong.
    pub(super) fn of(folder: &str) -> Result<Self, Failure> {
        // One tree has one name, whatever link leads to it.
        let folder = &real(folder, Last::Followed).map_or_else(|| folder.into(), PathBuf::from);
        let root = root_of(folder).or_else(project).unwrap_or_else(|| folder.clone());
        let settings = crate::settings::of_root(&root)?;
        let home = std::env::var("HOME").unwrap_or_default();
        let text = |path: &Path| path.to_string_lossy().trim_end_matches('/').to_owned();
        let surroundings = Surroundings {
            root: text(&root),
            folder: text(folder),
            home: home.trim_end_matches('/').to_owned(),
            program: std::env::current_exe().map(|path| text(&path)).unwrap_or_default(),
            variables: std::iter::once(("HOME".to_owned(), home.clone())).collect(),
            authority: authority(&settings, &root),
            frozen: frozen(&settings, crate::project::unix_seconds()),
            ..Surroundings::default()
        };
        let rules = TeamRules::known(Arc::clone(&settings.team));
        Ok(Self { root, settings, rules, surroundings })
    }

    /// Roots beside this one in which a call changes something and that have rules of their own.
    pub(super) fn others(&self, effects: &Effects) -> Vec<Surroundings> {
        let mut folders = std::collections::BTreeSet::new();
        for effect in effects.iter() {
            let (Effect::Write { at, .. }
            | Effect::Delete { at, .. }
            | Effect::Mode { at, .. }
            | Effect::Move { from: at, .. }) = effect
            else {
                continue;
            };
            let (Place::Known(path) | Place::Below(path)) = at else { continue };
            folders.extend(Path::new(path).parent());
        }
        let rules = |root: &PathBuf| *root != self.root && root.join(CONFIG_NAME).exists();
        let roots: std::collections::BTreeSet<PathBuf> =
            folders.into_iter().take(FOLDERS_MAX).filter_map(root_of).filter(rules).collect();
        let named = |root: PathBuf| {
            let root = root.to_string_lossy().into_owned();
            Surroundings { root, ..self.surroundings.clone() }
        };
        roots.into_iter().take(ROOTS_MAX).map(named).collect()
    }

    /// Whether the folder can be listed: what a call leaves in one that cannot is not seen
    /// afterwards either.
    pub(super) fn listed(&self) -> std::io::Result<()> {
        // A folder is opened only by who may list it.
        std::fs::File::open(&self.root).map(drop)
    }

    /// Why Claude Code would no longer ask us, by the settings that it reads in this repository;
    /// nothing where it does, or where it never did.
    pub(super) fn unhooked(&self) -> Option<String> {
        let home = &self.surroundings.home;
        let root = &self.surroundings.root;
        let files = [
            format!("{home}/.claude/settings.json"),
            format!("{root}/.claude/settings.json"),
            format!("{root}/.claude/settings.local.json"),
            "/etc/claude-code/managed-settings.json".to_owned(),
        ];
        let mut asks = false;
        for path in files {
            let Some(text) = config_text(Path::new(&path)) else { continue };
            let standing = assize_harness::standing(
                SettingsFile::ClaudeSettings,
                &text,
                "assize hook claude-code",
                None,
            );
            match standing {
                Ok(standing) if standing.disabled => {
                    return Some(format!("`{path}` switches all hooks off"));
                }
                Ok(_) => asks |= assize_harness::is_ours(&text),
                Err(error) => return Some(format!("`{path}` cannot be read: {error}")),
            }
        }
        (!asks).then(|| "no settings of the client ask Assize any more".to_owned())
    }

    /// What is known of an absolute path. Git is asked, so only deletions ask.
    pub(super) fn standing(&self, path: &str, session: &Session) -> Standing {
        let path = Path::new(path);
        let Ok(inside) = path.strip_prefix(&self.root) else { return Standing::Outside };
        if path.symlink_metadata().is_err() {
            return Standing::Absent;
        }
        let asked = Command::new("git")
            .current_dir(&self.root)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .args(["--literal-pathspecs", "-c", "core.fsmonitor="])
            .args(["-c", "core.hooksPath=/dev/null", "status"])
            .args(["--porcelain", "-z", "--ignored", "--untracked-files=all", "--"])
            .arg(inside)
            .output();
        let Ok(output) = asked else { return Standing::Untracked };
        if !output.status.success() {
            return Standing::Untracked;
        }
        let lines = output.stdout.split(|byte| *byte == 0).filter(|line| line.len() > 3);
        let mut worst = Standing::Clean;
        for line in lines {
            match line.get(..2) {
                Some(b"!!") if worst == Standing::Clean => worst = Standing::Ignored,
                Some(b"!!") => {}
                Some(b"??") if made(line, session) => {
                    if worst != Standing::Untracked {
                        worst = Standing::Own;
                    }
                }
                Some(b"??") => worst = Standing::Untracked,
                _ => return Standing::Changed,
            }
        }
        worst
    }

    /// How many files git holds at and below absolute paths. Asked for large deletions only.
    pub(super) fn tracked(&self, paths: &[&str]) -> usize {
        let asked = Command::new("git")
            .current_dir(&self.root)
            .args(["--literal-pathspecs", "-c", "core.fsmonitor=", "ls-files", "-z", "--"])
            .args(paths)
            .output();
        // Where git does not answer it holds nothing: that is the business of other controls.
        asked.map_or(0, |output| output.stdout.iter().filter(|byte| **byte == 0).count())
    }
}

/// The folders whose documents decide: the one that is named, and where an absolute path leads in
/// this repository.
fn authority(settings: &Settings, root: &Path) -> Vec<String> {
    let Some(named) = &settings.authority_root else { return Vec::new() };
    let places = named.places();
    let inside = places.iter().map(|place| root.join(place)).find(|folder| folder.is_dir());
    // What is not there yet must not be made by an agent either.
    let inside = inside.or_else(|| places.last().map(|place| root.join(place)));
    let absolute = named.root.starts_with('/').then(|| PathBuf::from(&named.root));
    let text = |folder: PathBuf| folder.to_string_lossy().into_owned();
    inside.into_iter().chain(absolute).map(text).collect()
}

/// The window without changes that is open at a second.
fn frozen(settings: &Settings, unix_seconds: i64) -> Option<String> {
    let open = settings.freezes.iter().find(|freeze| freeze.holds(unix_seconds))?;
    Some(match open.why.as_str() {
        "" => open.shown.clone(),
        why => format!("{}: {why}", open.shown),
    })
}

/// Whether the session made the file of a line of `git status`, whose path is relative to the top.
fn made(line: &[u8], session: &Session) -> bool {
    let path = line.get(3..).and_then(|path| std::str::from_utf8(path).ok());
    path.is_some_and(|path| session.made(path))
}

/// The nearest folder above that holds a repository, or an `assize.toml` with `root = true`.
fn root_of(folder: &Path) -> Option<PathBuf> {
    let mut found = None;
    for above in folder.ancestors() {
        let says = config_text(&above.join(CONFIG_NAME)).is_some_and(|text| {
            text.lines()
                .take_while(|line| !line.trim_start().starts_with('['))
                .any(|line| line.split_whitespace().collect::<String>().starts_with("root=true"))
        });
        if says {
            return Some(above.to_path_buf());
        }
        if found.is_none() && above.join(".git").exists() {
            found = Some(above.to_path_buf());
        }
    }
    found
}

/// The root of the folder in which the client was started, if it says so: an agent that stands in
/// no repository still works on that one.
fn project() -> Option<PathBuf> {
    let named = std::env::var("CLAUDE_PROJECT_DIR").ok().filter(|name| name.starts_with('/'))?;
    root_of(Path::new(&real(&named, Last::Followed)?))
}

fn config_text(path: &Path) -> Option<String> {
    String::from_utf8(read_up_to(path, CONFIG_BYTES_MAX).ok()?).ok()
}
