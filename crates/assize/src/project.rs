//! A repository made ready to be asked: root, configuration, file set, index.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use assize_checks::{Intake, Meter, TeamRules, index_text_by};
use assize_config::{Date, Profile, Settings};
use assize_index::{Layers, View};
use assize_model::{Problem, RepoPath};
use assize_repo::{Cache, FileSet, IndexRequest, Indexed, READ_MAX, Root, read_up_to, refresh};

use crate::failure::Failure;
use crate::output;
use crate::team::RuleTexts;

/// Whether an index is kept between passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    Yes,
    No,
}

/// A repository with a fresh index.
pub(crate) struct Project {
    pub(crate) root: Root,
    pub(crate) settings: Settings,
    pub(crate) files: FileSet,
    pub(crate) indexed: Indexed,
    pub(crate) cache: Option<Cache>,
    /// Hash of this program and its controls.
    pub(crate) tag: [u8; 32],
    /// All configuration files, one after the other.
    pub(crate) config_text: String,
    /// The team's own rules.
    pub(crate) rules: TeamRules,
}

impl Project {
    /// Finds the root of a path, loads its configuration and brings its index up to date.
    pub(crate) fn open(path: &Path, keep: Keep) -> Result<Self, Failure> {
        Self::open_on(None, path, keep)
    }

    /// The same, with what parsing costs on a meter.
    pub(crate) fn open_on(meter: Option<&Meter>, path: &Path, keep: Keep) -> Result<Self, Failure> {
        let root = Root::find(path).map_err(|error| {
            Failure::tool(&error).hint("name a file or folder that exists and can be read")
        })?;
        let texts = RuleTexts::of(&root.folder);
        let tag = tag(&texts);
        let cache = (keep == Keep::Yes).then(|| cache_of(&root.folder)).flatten();
        let (files, known) = match &cache {
            Some(cache) => FileSet::open_kept(&root, cache, &tag),
            None => (FileSet::list(&root), None),
        };
        let (settings, config_text) = crate::settings::load(&files, texts.rules()?)?;
        let team = Arc::clone(&settings.team);
        // Who kept an index by these rules has proven them.
        let rules =
            if known.is_some() { TeamRules::known(team) } else { crate::team::proven(team)? };
        let intake = Intake { meter, rules: Some(&rules) };
        let bar = output::progress();
        let progress = bar.clone();
        let indexed = refresh(&IndexRequest {
            files: &files,
            tag,
            cache: cache.as_ref(),
            known,
            intake: &|path, class, bytes, stamp, flags| {
                index_text_by(&intake, path, class, bytes, stamp, flags)
            },
            class_of: &|path| settings.classes.class(path.as_str()),
            progress: &move |done, all| {
                progress.set_length(all as u64);
                progress.set_position(done as u64);
            },
        });
        bar.finish_and_clear();
        Ok(Self { root, settings, files, indexed, cache, tag, config_text, rules })
    }

    /// Reads the rules by this profile, whatever the configuration says.
    pub(crate) fn read_by(&mut self, profile: Profile) -> Result<(), Failure> {
        crate::settings::read_by(&mut self.settings, Some(profile))?;
        // A pass that is kept follows from the text of the configuration.
        self.config_text.push_str(profile.word());
        Ok(())
    }

    /// The index, to be asked.
    pub(crate) fn view(&self) -> View<'_> {
        self.indexed.layers.view()
    }

    /// All problems of listing and reading, in order.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        self.indexed.problems.clone()
    }

    /// Says how much could not be seen, for commands whose answer has no place for it.
    pub(crate) fn say_problems(&self) {
        let unread = self.view().files().filter(|file| file.problem().is_some()).count();
        let count = self.indexed.problems.len() + unread;
        if count > 0 {
            let noun = if count == 1 { "problem" } else { "problems" };
            output::status(&format!("{count} {noun}: `assize check` names what was not seen"));
        }
    }

    /// A path of the command line, relative to the root.
    pub(crate) fn relative(&self, path: &Path) -> Result<RepoPath, Failure> {
        let full = path
            .canonicalize()
            .map_err(|error| Failure::said(format!("cannot read `{}`: {error}", path.display())))?;
        let inside = full.strip_prefix(&self.root.folder).map_err(|_| {
            let root = self.root.folder.display();
            Failure::said(format!("`{}` lies outside the root `{root}`", path.display()))
                .hint("one pass looks at one repository: run `assize check` once for each")
        })?;
        RepoPath::from_bytes(inside.as_os_str().as_encoded_bytes())
            .map_err(|error| Failure::said(format!("`{}` is {error}", path.display())))
    }

    /// The bytes of a file of the work tree.
    pub(crate) fn bytes(&self, path: &RepoPath) -> Option<Vec<u8>> {
        let entry = self.files.entries.binary_search_by(|entry| entry.path.cmp(path)).ok()?;
        read_up_to(&self.files.entries.get(entry)?.disk, READ_MAX).ok()
    }

    /// The text of a file, for excerpts.
    pub(crate) fn text(&self, path: &RepoPath) -> Option<String> {
        let text = String::from_utf8(self.bytes(path)?).ok()?;
        Some(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
    }
}

/// The index as it was last kept, not brought up to date.
pub(crate) fn kept(root: &Path) -> Option<Layers> {
    let root = root.canonicalize().ok()?;
    cache_of(&root)?.open(&tag_at(&root))?.ok()
}

/// Whether an index is kept.
pub(crate) fn is_kept(root: &Path) -> bool {
    let Ok(root) = root.canonicalize() else { return false };
    cache_of(&root).is_some_and(|cache| cache.has_index(&tag_at(&root)))
}

/// The turn to compare the tree at a root with what was seen last; none where nothing is kept.
pub(crate) fn turn(root: &Path) -> std::io::Result<Option<std::fs::File>> {
    cache_of(root).map(|cache| cache.turn()).transpose()
}

/// Takes the index as it is for what was seen, where nothing was seen yet: else what the very first
/// call changes would be compared with nothing.
pub(crate) fn see_first(root: &Path) {
    let Ok(root) = root.canonicalize() else { return };
    let tag = tag_at(&root);
    let Some(cache) = cache_of(&root).filter(|cache| !cache.has_seen(&tag)) else { return };
    if let (Some(index), Ok(_turn)) = (kept(&root), cache.turn()) {
        drop(cache.keep_seen(&index, &[], &tag));
    }
}

/// How long ago the index was kept; none where there is none.
pub(crate) fn kept_since(root: &Path) -> Option<std::time::Duration> {
    SystemTime::now().duration_since(cache_of(root)?.kept_at()?).ok()
}

/// The user's cache folder; none where the surroundings name none.
pub(crate) fn cache_of(root: &Path) -> Option<Cache> {
    let named =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = named("XDG_CACHE_HOME").or_else(|| named("HOME").map(|home| home.join(".cache")))?;
    Some(Cache::of(&base, root))
}

/// The tag of what is kept of a tree.
fn tag_at(root: &Path) -> [u8; 32] {
    tag(&RuleTexts::of(root))
}

/// What cached facts depend on apart from the files: this very program, and the team's rules. (The
/// class of each file is compared when it is taken over.)
fn tag(rules: &RuleTexts) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    rules.add_to(&mut hasher);
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    for control in assize_checks::CONTROLS {
        hasher.update(control.name.0.as_bytes()).update(&control.version.to_le_bytes());
    }
    if let Ok(program) = std::env::current_exe().and_then(std::fs::metadata) {
        hasher.update(&program.len().to_le_bytes());
        if let Ok(modified) = program.modified() {
            let age = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
            hasher.update(&age.as_nanos().to_le_bytes());
        }
    }
    *hasher.finalize().as_bytes()
}

/// Today, in UTC.
pub(crate) fn today() -> Date {
    Date::from_unix_seconds(unix_seconds())
}

/// Now.
pub(crate) fn unix_seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
