//! Loading the configuration of a repository.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use assize_checks::CONTROLS;
use assize_config::{ConfigFile, ControlEntry, ControlTable, Mistake, Profile, Settings, TeamRule};
use assize_repo::{CONFIG_BYTES_MAX, CONFIG_NAME, Entry, FileSet, read_up_to};
use assize_rulebook::RuleBook;

use crate::failure::Failure;
use crate::project::today;
use crate::team::RuleTexts;

/// The settings that all `assize.toml` files of the repository make together, and their texts.
pub(crate) fn load(files: &FileSet, rules: Vec<TeamRule>) -> Result<(Settings, String), Failure> {
    let mut texts = Vec::new();
    for entry in files.entries.iter().filter(|entry| entry.path.name() == CONFIG_NAME) {
        if let Some(text) = text(entry)? {
            texts.push((entry.path.clone(), text));
        }
    }
    let configs: Vec<ConfigFile<'_>> = texts
        .iter()
        .map(|(path, text)| ConfigFile { folder: path.folder(), path: path.as_str(), text })
        .collect();
    let settings = merged(&configs, rules.into())?;
    let whole = configs.iter().map(|one| format!("{}\n{}\n", one.path, one.text)).collect();
    Ok((settings, whole))
}

/// What the configuration in the root itself says.
pub(crate) fn of_root(root: &Path) -> Result<Settings, Failure> {
    let path = root.join(CONFIG_NAME);
    let rules = RuleTexts::of(root).rules()?.into();
    if !path.exists() {
        return merged(&[], rules);
    }
    let unread = || Failure::said(format!("cannot read `{}`", path.display()));
    let bytes = read_up_to(&path, CONFIG_BYTES_MAX).map_err(|_| unread())?;
    let text = String::from_utf8(bytes).map_err(|_| unread())?;
    merged(&[ConfigFile { folder: "", path: CONFIG_NAME, text: &text }], rules)
}

/// The settings that these configurations make together, with a team's rules.
pub(crate) fn merged(
    configs: &[ConfigFile<'_>],
    rules: Arc<[TeamRule]>,
) -> Result<Settings, Failure> {
    let mut settings = Settings::load(configs, &controls(&rules), today()).map_err(|error| {
        let more = (error.more() > 0).then(|| format!("and {} more", error.more()));
        Failure::list(error.mistakes().iter().map(Mistake::to_string).chain(more))
    })?;
    settings.team = rules;
    read_by(&mut settings, None)?;
    Ok(settings)
}

/// Reads the rules by a profile, or by the one that the configuration names.
pub(crate) fn read_by(settings: &mut Settings, profile: Option<Profile>) -> Result<(), Failure> {
    settings.profile = profile.unwrap_or(settings.profile);
    if settings.profile == Profile::Strict && settings.strict.is_empty() {
        let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
        let weighed = book.controls().iter();
        let weighed = weighed.filter_map(|entry| Some((entry.name.clone(), entry.severity?)));
        settings.strict = weighed.collect();
    }
    Ok(())
}

/// The text of a configuration; none where the file is gone although git still tracks it.
fn text(entry: &Entry) -> Result<Option<String>, Failure> {
    let bytes = match read_up_to(&entry.disk, CONFIG_BYTES_MAX) {
        Ok(bytes) => bytes,
        // A link to nothing is there, and somebody meant something by it.
        Err(error) if error.kind() == ErrorKind::NotFound && !entry.disk.is_symlink() => {
            return Ok(None);
        }
        Err(error) => {
            return Err(Failure::said(format!("cannot read `{}`: {error}", entry.path)));
        }
    };
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let wrong = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(error.as_bytes().get(..wrong).unwrap_or(&[]));
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Failure::said(format!("{}:{line}:{column}: the text is not UTF-8", entry.path))
    })
}

fn controls(rules: &[TeamRule]) -> ControlTable<'static> {
    let own = CONTROLS.iter().map(|control| ControlEntry {
        name: control.name.0,
        severity: control.severity,
        options: control.options,
    });
    let team = rules.iter().map(|rule| ControlEntry {
        name: rule.name.0,
        severity: rule.severity,
        options: &[],
    });
    ControlTable::new(own.chain(team))
}
