//! `release`: whether everything that carries a version carries the workspace's.
//!
//! The version stands in `Cargo.toml`. The starter of npm needs it in a file that npm reads;
//! wheels and archives take it from `Cargo.toml` when they are made.

use std::fs;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::workspace;

/// The starter of npm, and how its packages of platforms begin.
const STARTER: &str = "packaging/npm/assize/package.json";
const PLATFORMS: &str = "@assize/";

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let tag = match arguments {
        [] => None,
        [tag] => Some(tag.as_str()),
        _ => bail!("usage: release [TAG]"),
    };
    let read = |path: &str| {
        fs::read_to_string(workspace::root().join(path)).with_context(|| format!("no {path}"))
    };
    let version = version(&read("Cargo.toml")?)?;
    let mut faults = starter(&read(STARTER)?, &version)?;
    if let Some(tag) = tag {
        faults.extend(tagged(tag, &version, &read("CHANGELOG.md")?));
    }
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("release: {} faults", faults.len());
    }
    println!("{version}");
    Ok(())
}

/// The version of the workspace, from its manifest.
pub(crate) fn version(manifest: &str) -> Result<String> {
    let table: toml::Table = manifest.parse().context("Cargo.toml is wrong")?;
    let package = table.get("workspace").and_then(|one| one.get("package"));
    let version = package.and_then(|one| one.get("version")).and_then(toml::Value::as_str);
    Ok(version.context("the workspace has no version")?.to_owned())
}

/// Where the starter of npm names another version.
fn starter(manifest: &str, version: &str) -> Result<Vec<String>> {
    let fields: Value = serde_json::from_str(manifest).with_context(|| format!("in {STARTER}"))?;
    let mut named = vec![("version", fields.get("version"))];
    let platforms = fields.get("optionalDependencies").and_then(Value::as_object);
    let platforms = platforms.with_context(|| format!("{STARTER} names no platforms"))?;
    named.extend(
        platforms
            .iter()
            .filter(|(name, _)| name.starts_with(PLATFORMS))
            .map(|(name, value)| (name.as_str(), Some(value))),
    );
    let other =
        named.into_iter().filter(|(_, value)| value.and_then(Value::as_str) != Some(version));
    Ok(other.map(|(key, _)| format!("{STARTER}: `{key}` is not {version}")).collect())
}

/// What speaks against releasing this version under this tag.
fn tagged(tag: &str, version: &str, changelog: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if tag != format!("v{version}") {
        faults.push(format!("the tag is `{tag}`, but the workspace is version {version}"));
    }
    let is_section = |line: &str| {
        let title = line.strip_prefix("## ").and_then(|rest| rest.split_whitespace().next());
        title.is_some_and(|title| title.trim_matches(['[', ']']) == version)
    };
    if !changelog.lines().any(is_section) {
        faults.push(format!("CHANGELOG.md has no section `## {version}`"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::{starter, tagged, version};

    #[test]
    fn the_version_is_the_workspaces() {
        let manifest = "[workspace.package]\nversion = \"1.2.3\"\n[workspace.dependencies]\n";
        assert_eq!(version(manifest).ok().as_deref(), Some("1.2.3"));
        assert!(version("[package]\nversion = \"1.2.3\"\n").is_err());
    }

    #[test]
    fn each_number_of_the_starter_counts() {
        let manifest = |own: &str, platform: &str| {
            format!(
                r#"{{"version": "{own}", "optionalDependencies": {{"@assize/linux-x64": "{platform}"}}}}"#
            )
        };
        let faults = |own, platform| starter(&manifest(own, platform), "1.2.3").unwrap_or_default();
        assert_eq!(faults("1.2.3", "1.2.3"), Vec::<String>::new());
        assert!(faults("1.2.2", "1.2.3")[0].contains("`version` is not 1.2.3"));
        assert!(faults("1.2.3", "^1.2.3")[0].contains("`@assize/linux-x64` is not 1.2.3"));
        assert!(starter("{\"version\": \"1.2.3\"}", "1.2.3").is_err());
    }

    #[test]
    fn a_tag_is_the_version_and_has_its_section() {
        let log = "# Changelog\n\n## Unreleased\n\n## [1.2.3] - 2026-11-26\n";
        assert_eq!(tagged("v1.2.3", "1.2.3", log), Vec::<String>::new());
        assert_eq!(tagged("v1.2.4", "1.2.3", log).len(), 1);
        assert_eq!(tagged("v1.2.3", "1.2.3", "## Unreleased\n").len(), 1);
        assert_eq!(tagged("v1.2.3-rc.1", "1.2.3-rc.1", "## 1.2.3\n").len(), 1);
    }
}
