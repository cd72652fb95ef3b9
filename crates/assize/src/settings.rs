//! Loading the configuration of a repository.

use assize_checks::CONTROLS;
use assize_config::{ConfigFile, ControlEntry, ControlTable, Settings};
use assize_repo::{CONFIG_NAME, FileSet};

use crate::failure::Failure;
use crate::project::today;

/// The settings that all `assize.toml` files of the repository make together, and their texts.
pub(crate) fn load(files: &FileSet) -> Result<(Settings, String), Failure> {
    let mut texts = Vec::new();
    for entry in files.entries.iter().filter(|entry| entry.path.name() == CONFIG_NAME) {
        let text = std::fs::read_to_string(&entry.disk)
            .map_err(|error| Failure::said(format!("cannot read `{}`: {error}", entry.path)))?;
        texts.push((entry.path.clone(), text));
    }
    let configs: Vec<ConfigFile<'_>> = texts
        .iter()
        .map(|(path, text)| ConfigFile { folder: path.folder(), path: path.as_str(), text })
        .collect();
    let settings =
        Settings::load(&configs, &controls(), today()).map_err(|error| Failure::tool(&error))?;
    let whole = configs.iter().map(|one| format!("{}\n{}\n", one.path, one.text)).collect();
    Ok((settings, whole))
}

fn controls() -> ControlTable<'static> {
    ControlTable::new(CONTROLS.iter().map(|control| ControlEntry {
        name: control.name.0,
        severity: control.severity,
        options: control.options,
    }))
}
