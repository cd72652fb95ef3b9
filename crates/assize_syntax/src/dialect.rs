//! Which language a file is in, and which known role it plays; told from its path alone, but for
//! YAML and shell, whose first lines decide.

use assize_model::RepoPath;

use crate::language::Language;

/// The role that a file is known to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Dialect {
    Other = 0,
    Python = 1,
    JavaScript = 2,
    Jsx = 3,
    TypeScript = 4,
    Tsx = 5,
    Yaml = 6,
    Compose = 7,
    Kubernetes = 8,
    GithubWorkflow = 9,
    GitlabCi = 10,
    Toml = 11,
    Pyproject = 12,
    Pipfile = 13,
    Json = 14,
    PackageJson = 15,
    TsConfig = 16,
    McpConfig = 17,
    Markdown = 18,
    Dockerfile = 19,
    Makefile = 20,
    Shell = 21,
    SetupCfg = 22,
    Ini = 23,
    Requirements = 24,
    Dotenv = 25,
    /// JSON in which comments and trailing commas are usual.
    Jsonc = 26,
    /// TOML lock files: `poetry.lock`, `uv.lock`, `pdm.lock`.
    PythonLock = 27,
    /// `package-lock.json`, `Pipfile.lock` and the like, in JSON.
    JsonLock = 28,
    /// `environment.yml` of conda.
    CondaEnv = 29,
    /// `pnpm-workspace.yaml`.
    PnpmWorkspace = 30,
    /// `action.yml` of a GitHub action.
    GithubAction = 31,
    /// Type declarations, `.d.ts`.
    Declarations = 32,
    /// Svelte, Vue, Astro: not parsed, but importable.
    Component = 33,
    Helm = 34,
    /// systemd units.
    ServiceUnit = 35,
    /// reStructuredText and plain text documents: not parsed.
    TextDoc = 36,
    /// `dependabot.yml`, `mkdocs.yml` and other YAML whose references are not read.
    ToolYaml = 37,
    Go = 38,
    Java = 39,
    Rust = 40,
    CSharp = 41,
    /// `Cargo.toml`.
    CargoManifest = 42,
    Sql = 43,
}

impl Dialect {
    /// The dialect with this stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        ALL.into_iter().find(|dialect| *dialect as u8 == number)
    }

    pub const fn language(self) -> Language {
        match self {
            Self::Other | Self::Component | Self::TextDoc => Language::Other,
            Self::Python => Language::Python,
            Self::JavaScript | Self::Jsx => Language::JavaScript,
            Self::TypeScript | Self::Tsx | Self::Declarations => Language::TypeScript,
            Self::Yaml
            | Self::Compose
            | Self::Kubernetes
            | Self::GithubWorkflow
            | Self::GitlabCi
            | Self::CondaEnv
            | Self::PnpmWorkspace
            | Self::GithubAction
            | Self::Helm
            | Self::ToolYaml => Language::Yaml,
            Self::Toml
            | Self::Pyproject
            | Self::Pipfile
            | Self::PythonLock
            | Self::CargoManifest => Language::Toml,
            Self::Json
            | Self::PackageJson
            | Self::TsConfig
            | Self::McpConfig
            | Self::Jsonc
            | Self::JsonLock => Language::Json,
            Self::Markdown => Language::Markdown,
            Self::Dockerfile => Language::Dockerfile,
            Self::Makefile => Language::Makefile,
            Self::Shell => Language::Shell,
            Self::SetupCfg | Self::Ini | Self::ServiceUnit => Language::Ini,
            Self::Requirements => Language::Requirements,
            Self::Dotenv => Language::Dotenv,
            Self::Go => Language::Go,
            Self::Java => Language::Java,
            Self::Rust => Language::Rust,
            Self::CSharp => Language::CSharp,
            Self::Sql => Language::Sql,
        }
    }

    /// The dialect of a file, from its path and, where names do not tell, its text.
    pub fn of(path: &RepoPath, text: &str) -> Self {
        let name = path.name();
        let lower = name.to_ascii_lowercase();
        by_name(path, &lower).or_else(|| by_extension(path, &lower)).map_or_else(
            || by_shebang(&lower, text),
            |dialect| refine_yaml(dialect, path, &lower, text),
        )
    }
}

const ALL: [Dialect; 44] = [
    Dialect::Other,
    Dialect::Python,
    Dialect::JavaScript,
    Dialect::Jsx,
    Dialect::TypeScript,
    Dialect::Tsx,
    Dialect::Yaml,
    Dialect::Compose,
    Dialect::Kubernetes,
    Dialect::GithubWorkflow,
    Dialect::GitlabCi,
    Dialect::Toml,
    Dialect::Pyproject,
    Dialect::Pipfile,
    Dialect::Json,
    Dialect::PackageJson,
    Dialect::TsConfig,
    Dialect::McpConfig,
    Dialect::Markdown,
    Dialect::Dockerfile,
    Dialect::Makefile,
    Dialect::Shell,
    Dialect::SetupCfg,
    Dialect::Ini,
    Dialect::Requirements,
    Dialect::Dotenv,
    Dialect::Jsonc,
    Dialect::PythonLock,
    Dialect::JsonLock,
    Dialect::CondaEnv,
    Dialect::PnpmWorkspace,
    Dialect::GithubAction,
    Dialect::Declarations,
    Dialect::Component,
    Dialect::Helm,
    Dialect::ServiceUnit,
    Dialect::TextDoc,
    Dialect::ToolYaml,
    Dialect::Go,
    Dialect::Java,
    Dialect::Rust,
    Dialect::CSharp,
    Dialect::CargoManifest,
    Dialect::Sql,
];

fn by_name(path: &RepoPath, lower: &str) -> Option<Dialect> {
    Some(match lower {
        "package.json" => Dialect::PackageJson,
        "package-lock.json" | "npm-shrinkwrap.json" | "pipfile.lock" | "composer.lock" => {
            Dialect::JsonLock
        }
        "pyproject.toml" => Dialect::Pyproject,
        "pipfile" => Dialect::Pipfile,
        "poetry.lock" | "uv.lock" | "pdm.lock" | "pylock.toml" => Dialect::PythonLock,
        "cargo.lock" => Dialect::Toml,
        "cargo.toml" => Dialect::CargoManifest,
        "mcp.lock" if path.as_str() == assize_mcp::LOCK => Dialect::Toml,
        "setup.cfg" => Dialect::SetupCfg,
        "pytest.ini" | "tox.ini" => Dialect::Ini,
        "makefile" | "gnumakefile" => Dialect::Makefile,
        "dockerfile" | "containerfile" => Dialect::Dockerfile,
        "pnpm-workspace.yaml" => Dialect::PnpmWorkspace,
        "environment.yml" | "environment.yaml" => Dialect::CondaEnv,
        "action.yml" | "action.yaml" => Dialect::GithubAction,
        "mcp.json"
        | ".mcp.json"
        | "mcp_config.json"
        | "claude_desktop_config.json"
        | "mcp_settings.json" => Dialect::McpConfig,
        ".env" | ".envrc" => Dialect::Dotenv,
        ".eslintrc" | ".babelrc" | ".swcrc" | ".jshintrc" => Dialect::Jsonc,
        ".bashrc" | ".profile" | ".bash_profile" => Dialect::Shell,
        _ if lower.starts_with("tsconfig") && lower.ends_with(".json") => Dialect::TsConfig,
        _ if lower.starts_with("jsconfig") && lower.ends_with(".json") => Dialect::TsConfig,
        _ if is_dotenv(lower) => Dialect::Dotenv,
        _ if is_dockerfile(lower) => Dialect::Dockerfile,
        _ if is_gitlab(path, lower) => Dialect::GitlabCi,
        _ if is_requirements(path, lower) => Dialect::Requirements,
        _ => return None,
    })
}

/// `.env`, `.env.local`, `api.env` and the samples that document them (`secrets.env.template`,
/// `env.example`).
fn is_dotenv(lower: &str) -> bool {
    let stem = lower
        .rsplit_once(['.', '-', '_'])
        .filter(|(_, tail)| matches!(*tail, "example" | "sample" | "template" | "dist" | "tmpl"))
        .map(|(stem, _)| stem);
    lower.starts_with(".env.")
        || lower.ends_with(".env")
        || stem.is_some_and(|stem| stem == "env" || stem.ends_with(".env"))
}

fn is_dockerfile(lower: &str) -> bool {
    (lower.starts_with("dockerfile.") || lower.starts_with("dockerfile-"))
        && !lower.ends_with(".md")
        && !lower.ends_with(".dockerignore")
        && !lower.ends_with(".sh")
        && !lower.ends_with(".py")
        || lower.ends_with(".dockerfile")
}

fn is_gitlab(path: &RepoPath, lower: &str) -> bool {
    lower == ".gitlab-ci.yml"
        || lower == ".gitlab-ci.yaml"
        || (path.as_str().starts_with(".gitlab/ci/") && lower.ends_with(".yml"))
        || lower.ends_with(".gitlab-ci.yml")
}

fn is_requirements(path: &RepoPath, lower: &str) -> bool {
    let text = lower.ends_with(".txt") || lower.ends_with(".in");
    let mut words = lower.split(['.', '-', '_']);
    text && (lower.starts_with("requirements")
        || lower.ends_with("requirements.txt")
        || lower.ends_with("requirements.in")
        || words.any(|word| word == "requirements")
        || path.folder().rsplit('/').next() == Some("requirements"))
        || (lower.ends_with(".txt") && lower.starts_with("constraints"))
}

fn by_extension(path: &RepoPath, lower: &str) -> Option<Dialect> {
    let extension = path.extension()?.to_ascii_lowercase();
    Some(match extension.as_str() {
        "py" | "pyi" | "pyw" => Dialect::Python,
        "js" | "mjs" | "cjs" => Dialect::JavaScript,
        "jsx" => Dialect::Jsx,
        "ts" | "mts" | "cts" if lower.ends_with(".d.ts") || lower.ends_with(".d.mts") => {
            Dialect::Declarations
        }
        "ts" | "mts" | "cts" => Dialect::TypeScript,
        "tsx" => Dialect::Tsx,
        "vue" | "svelte" | "astro" => Dialect::Component,
        "yml" | "yaml" => Dialect::Yaml,
        "toml" => Dialect::Toml,
        "json" if is_jsonc(path, lower) => Dialect::Jsonc,
        "json" => Dialect::Json,
        "jsonc" | "json5" | "code-workspace" => Dialect::Jsonc,
        "md" | "markdown" | "mdc" => Dialect::Markdown,
        "mk" => Dialect::Makefile,
        "sh" | "bash" => Dialect::Shell,
        "ini" | "cfg" => Dialect::Ini,
        "go" => Dialect::Go,
        "java" => Dialect::Java,
        "rs" => Dialect::Rust,
        "cs" => Dialect::CSharp,
        "sql" | "ddl" | "pgsql" | "psql" | "mysql" | "plsql" | "tsql" => Dialect::Sql,
        "service" | "timer" | "socket" => Dialect::ServiceUnit,
        "rst" | "adoc" => Dialect::TextDoc,
        _ => return None,
    })
}

fn is_jsonc(path: &RepoPath, lower: &str) -> bool {
    path.as_str().contains(".vscode/")
        || path.as_str().contains(".devcontainer/")
        || lower == "devcontainer.json"
        || lower == "api-extractor.json"
        || lower == "turbo.json"
        || lower == "deno.json"
        || lower.starts_with(".eslintrc")
        || lower.starts_with(".babelrc")
        || path.as_str().contains(".zed/")
        || lower.starts_with("appsettings.") // .NET reads comments in its settings
        || lower.ends_with(".tmlanguage.json")
        || JSONC_NAMES.contains(&lower)
}

/// Settings of tools whose readers take comments and trailing commas.
const JSONC_NAMES: [&str; 20] = [
    ".jscsrc.json",
    ".markdownlint.json",
    ".mocharc.json",
    ".stylelintrc.json",
    "babel.config.json",
    "biome.json",
    "cspell.json",
    "host.json",
    "jsdoc.json",
    "language-configuration.json",
    "launchsettings.json",
    "local.settings.json",
    "nx.json",
    "project.json",
    "pyrightconfig.json",
    "rush.json",
    "tsdoc.json",
    "tslint.json",
    "typedoc.json",
    "wrangler.json",
];

/// A file whose ending says that it is a text or a template is none, whatever its first line.
fn by_shebang(lower: &str, text: &str) -> Dialect {
    let texts =
        [".txt", ".log", ".out", ".in", ".tmpl", ".tpl", ".j2", ".template", ".erb", ".patch"];
    if texts.iter().any(|end| lower.ends_with(end)) {
        return Dialect::Other;
    }
    let Some(first) = text.strip_prefix("#!").and_then(|rest| rest.lines().next()) else {
        return Dialect::Other;
    };
    let mut words = first.split_whitespace();
    let program = words.next().unwrap_or("").rsplit('/').next().unwrap_or("");
    let program = if program == "env" {
        words.find(|word| !word.starts_with('-')).unwrap_or("")
    } else {
        program
    };
    match program {
        "sh" | "bash" | "dash" => Dialect::Shell,
        "node" | "nodejs" => Dialect::JavaScript,
        _ if program.starts_with("python") && !program.starts_with("python2") => Dialect::Python,
        _ => Dialect::Other,
    }
}

fn refine_yaml(dialect: Dialect, path: &RepoPath, lower: &str, text: &str) -> Dialect {
    if dialect != Dialect::Yaml {
        return dialect;
    }
    let full = path.as_str();
    if full.starts_with(".github/workflows/")
        || full.starts_with(".gitea/workflows/")
        || full.starts_with(".forgejo/workflows/")
    {
        return Dialect::GithubWorkflow;
    }
    if full.contains("/templates/") && text.contains("{{") {
        return Dialect::Helm;
    }
    if lower.starts_with("docker-compose")
        || lower.starts_with("compose.")
        || lower.starts_with("compose-")
        || lower.contains("docker-compose")
    {
        return Dialect::Compose;
    }
    let mut has_services = false;
    let mut has_kind = false;
    let mut has_version = false;
    for line in text.lines() {
        has_services |= line.trim_end() == "services:";
        has_kind |= line.starts_with("kind:");
        has_version |= line.starts_with("apiVersion:");
    }
    if has_kind && has_version {
        Dialect::Kubernetes
    } else if has_services && (text.contains("\n    image:") || text.contains("\n    build:")) {
        Dialect::Compose
    } else {
        Dialect::Yaml
    }
}

#[cfg(test)]
mod tests {
    use assize_model::RepoPath;

    use super::{ALL, Dialect};

    #[test]
    fn stored_numbers_are_positions() {
        for (position, dialect) in ALL.into_iter().enumerate() {
            assert_eq!(dialect as usize, position);
        }
    }

    #[test]
    fn names_decide() {
        let cases = [
            ("backend/Dockerfile", "", Dialect::Dockerfile),
            ("Dockerfile.dev", "", Dialect::Dockerfile),
            ("docker/dockerfile.md", "", Dialect::Markdown),
            ("requirements/base.txt", "", Dialect::Requirements),
            ("dev-requirements.txt", "", Dialect::Requirements),
            ("base-requirements-slim.txt", "", Dialect::Requirements),
            ("nonrequirements-list.txt", "", Dialect::Other),
            (".env.example", "", Dialect::Dotenv),
            (".env-sample", "", Dialect::Dotenv),
            ("deploy/secrets.env.template", "", Dialect::Dotenv),
            ("env.example", "", Dialect::Dotenv),
            ("src/env.ts", "", Dialect::TypeScript),
            ("a/tsconfig.app.json", "", Dialect::TsConfig),
            ("x.d.ts", "", Dialect::Declarations),
            (".assize/mcp.lock", "", Dialect::Toml),
            ("deploy", "#!/usr/bin/env -S bash -e\n", Dialect::Shell),
            ("tool", "#!/usr/bin/python3\n", Dialect::Python),
            ("expected.txt", "#!/bin/sh\n", Dialect::Other),
            (".github/workflows/ci.yml", "on: push", Dialect::GithubWorkflow),
            ("k8s/api.yaml", "apiVersion: v1\nkind: Service\n", Dialect::Kubernetes),
            ("x.yml", "services:\n  a:\n    image: b\n", Dialect::Compose),
        ];
        for (path, text, expected) in cases {
            assert_eq!(Dialect::of(&RepoPath::new(path).unwrap(), text), expected, "{path}");
        }
    }
}
