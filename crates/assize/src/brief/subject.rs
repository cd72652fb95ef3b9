//! What a file is for: of these there is something to say before they are changed.

use assize_index::FileRef;
use assize_syntax::{Dialect, FactKind, Role};

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Migration,
    Route,
    Dockerfile,
    Compose,
    Agent,
    Workflow,
    Manifest,
    Script,
    /// None of these: told when somebody asks, and not by itself.
    Other,
}

/// Folders of migrations.
const MIGRATIONS: [&str; 5] = ["migrations", "migration", "migrate", "versions", "changelogs"];
/// Endings of what a migration is written in.
const MIGRATION_ENDINGS: [&str; 6] = [".sql", ".py", ".ts", ".js", ".rb", ".xml"];
/// Folders of what answers requests.
const ROUTES: [&str; 5] = ["routes", "routers", "controllers", "endpoints", "handlers"];
const CODE_ENDINGS: [&str; 9] = [".py", ".ts", ".tsx", ".js", ".mjs", ".go", ".java", ".rs", ".cs"];
#[rustfmt::skip]
const MANIFESTS: [&str; 14] = [
    "package.json", "pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Pipfile",
    "go.mod", "Cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts", "environment.yml",
    "requirements-dev.txt", "Directory.Packages.props",
];
const SCRIPT_ENDINGS: [&str; 3] = [".sh", ".bash", ".zsh"];

impl Subject {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Migration => "migration",
            Self::Route => "route",
            Self::Dockerfile => "Dockerfile",
            Self::Compose => "compose file",
            Self::Agent => "agent",
            Self::Workflow => "CI workflow",
            Self::Manifest => "manifest",
            Self::Script => "script",
            Self::Other => "file",
        }
    }

    /// By the path, and by what the index knows of the file, if it does.
    pub(crate) fn of(path: &str, file: Option<FileRef<'_>>) -> Self {
        let by_path = Self::of_path(path);
        let has = |kind, role| file.is_some_and(|file| file.facts_of(kind, role).next().is_some());
        match (by_path, file.map(|file| file.dialect())) {
            (Self::Other, Some(Dialect::Compose)) => Self::Compose,
            (Self::Other, Some(Dialect::Shell)) => Self::Script,
            (Self::Other, _) if has(FactKind::Agent, Role::Definition) => Self::Agent,
            (Self::Other, _) if has(FactKind::Route, Role::Definition) => Self::Route,
            (by_path, _) => by_path,
        }
    }

    /// By the path alone.
    pub(crate) fn of_path(path: &str) -> Self {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let lower = name.to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|end| lower.ends_with(end));
        let mut folders = folder.split('/');
        let is_yaml = ends(&[".yml", ".yaml"]);
        if folders.clone().any(|part| MIGRATIONS.contains(&part)) && ends(&MIGRATION_ENDINGS) {
            Self::Migration
        } else if assize_agents::is_agent_path(path, &[]) {
            Self::Agent
        } else if lower.starts_with("dockerfile")
            || lower.ends_with(".dockerfile")
            || lower == "containerfile"
        {
            Self::Dockerfile
        } else if is_yaml && (lower.starts_with("docker-compose") || lower.starts_with("compose")) {
            Self::Compose
        } else if folder.ends_with(".github/workflows") && is_yaml || name == ".gitlab-ci.yml" {
            Self::Workflow
        } else if MANIFESTS.contains(&name) {
            Self::Manifest
        } else if ends(&SCRIPT_ENDINGS) {
            Self::Script
        } else if folders.any(|part| ROUTES.contains(&part)) && ends(&CODE_ENDINGS) {
            Self::Route
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Subject;

    #[test]
    fn a_path_says_what_a_file_is_for() {
        for (path, expected) in [
            ("db/migrations/0003_total.sql", Subject::Migration),
            ("shop/migrations/0003_total.py", Subject::Migration),
            ("db/migrations/README.md", Subject::Other),
            ("shop/routes/orders.py", Subject::Route),
            ("shop/orders.py", Subject::Other),
            ("Dockerfile.prod", Subject::Dockerfile),
            ("svc/api.Dockerfile", Subject::Dockerfile),
            ("docker-compose.dev.yml", Subject::Compose),
            ("compose.yaml", Subject::Compose),
            ("docs/compose.md", Subject::Other),
            (".claude/agents/writer.md", Subject::Agent),
            (".github/workflows/ci.yml", Subject::Workflow),
            ("web/package.json", Subject::Manifest),
            ("scripts/deploy.sh", Subject::Script),
            ("README.md", Subject::Other),
        ] {
            assert_eq!(Subject::of_path(path), expected, "{path}");
        }
    }
}
