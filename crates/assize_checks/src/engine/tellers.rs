//! Files that by their mere presence say what others are.

/// Whether the presence of a file says how modules around it are looked up: where a project or a
/// skill begins, and what an image installs.
pub(super) fn bounds(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "SKILL.md" | "assize.toml" | "requirements.txt" | "setup.py" | "setup.cfg")
        || name.starts_with("Dockerfile")
}

/// Whether a file by its name may be the configuration of some tool.
pub(super) fn configures(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    matches!(ending, "yml" | "yaml" | "toml" | "json")
        || stem.contains("conf")
        || stem.starts_with('_')
        || stem == "SUMMARY"
        || matches!(name, "pom.xml" | "build.gradle" | "build.gradle.kts")
}
