//! Files that are alike for a reason: tools and licences demand them in each folder, or they hold
//! nothing that could drift apart.

use assize_index::FactRef;
use assize_model::FileClass;
use assize_syntax::{FileFlags, Language};

use crate::steps::{is_put_aside, is_step};

use super::twins;

/// Smaller files hold no decision that a second copy could contradict.
const SMALL_BYTES: u32 = 64;

/// Routers that go by files want one at each address, most of which only name a component.
const ROUTE_BYTES: u32 = 512;

/// Templates of small files are filled in one by one.
const TEMPLATE_BYTES: u32 = 512;

/// What a page or a component looks like is written beside it; less than this is not worth a file
/// that two of them share. The same goes for types that stand in for something else.
const STYLE_BYTES: u32 = 512;

/// Where a program starts, or a folder says what it holds, little more is said than that.
const ENTRY_BYTES: u32 = 512;

/// Test code of this size is worth sharing between tests; less is written out in each.
const TEST_BYTES: u32 = 1_024;

/// Whether a file may have a twin.
pub(super) fn is_spared(member: &FactRef<'_>) -> bool {
    let flags = member.file.flags();
    member.number < SMALL_BYTES
        || flags.has(FileFlags::BINARY)
        || flags.has(FileFlags::LINK)
        || flags.has(FileFlags::GIT_LINK)
        || (member.number < ROUTE_BYTES && is_route(member.file.path()))
        || (member.number < TEMPLATE_BYTES && is_text_template(member.file.name()))
        || (member.number < STYLE_BYTES && is_beside_its_user(member.file.name()))
        || (member.number < ENTRY_BYTES && is_entry(member.file.name()))
        || twins::is_of_a_platform(member.file.path())
        || (member.file.class() == FileClass::Test
            && (member.number < TEST_BYTES || is_test_input(member.file.path())))
        || (member.file.dialect().language() == Language::Sql && is_step(member.file.path()))
        || reason(member.file.path()).is_some()
}

/// Whether only files of the same kind may be its twins: a copy under another name is a copy.
pub(super) fn among_its_like(member: &FactRef<'_>) -> bool {
    let name = member.file.name().to_ascii_lowercase();
    let resource = is_framework_resource(&name)
        && member.file.folder().split('/').any(|folder| folder.eq_ignore_ascii_case("resources"));
    member.number >= SMALL_BYTES && (is_agent_instruction(&name) || resource)
}

/// Templates of another tool, from which files are made.
fn is_text_template(name: &str) -> bool {
    [
        ".j2",
        ".jinja",
        ".jinja2",
        ".tmpl",
        ".tpl",
        ".hbs",
        ".ejs",
        ".erb",
        ".mustache",
        ".liquid",
        ".njk",
        ".twig",
        ".gotmpl",
        ".eta",
        ".stub",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// Styles and markup of one component, and types for what no compiler sees.
fn is_beside_its_user(name: &str) -> bool {
    [".css", ".scss", ".sass", ".less", ".styl", ".razor", ".cshtml", ".component.html", ".d.ts"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Names of files that start or list something.
fn is_entry(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = lower.split('.').next().unwrap_or("");
    let code = [".ts", ".tsx", ".js", ".jsx", ".mjs", ".vue", ".svelte", ".cs", ".rs", ".py"];
    code.iter().any(|end| lower.ends_with(end))
        && matches!(
            stem,
            "index" | "main" | "app" | "program" | "startup" | "__main__" | "mod" | "setup"
        )
}

/// What tests read rather than run: each case brings its own, equal or not.
fn is_test_input(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let code = [
        ".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".go", ".java", ".kt", ".cs", ".rb",
        ".rs", ".php", ".sh",
    ];
    let folders = [
        "files",
        "data",
        "inputs",
        "outputs",
        "cases",
        "projects",
        "targets",
        "scenarios",
        "testsuite",
        "resources",
        "roles",
    ];
    !code.iter().any(|end| lower.ends_with(end))
        || lower.split('/').any(|folder| folders.contains(&folder))
}

/// Why a file of this path may have a twin.
pub(super) fn reason(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let folders: Vec<&str> = lower.split('/').rev().skip(1).collect();
    let within = |names: &[&str]| folders.iter().any(|folder| names.contains(folder));
    if is_legal(name) {
        Some("licence")
    } else if is_lock(name) {
        Some("lock file")
    } else if is_tool_file(name) {
        Some("configuration that a tool wants in each folder")
    } else if is_marker(name) {
        Some("marker of a package or folder")
    } else if is_picture_or_data(name) {
        Some("picture or data")
    } else if within(&["locales", "locale", "i18n", "l10n", "translations", "lang"]) {
        Some("translation")
    } else if lower.ends_with(".ejs.t") || within(&[".hygen", "_templates", "plop-templates"]) {
        Some("template that its generator looks for in the folder of each action")
    } else if is_translation(name) {
        Some("translation that is still to be made")
    } else if within(&["dist"]) {
        Some("output of a build")
    } else if is_put_aside(&lower) {
        Some("kept as it was")
    } else if within(&["sample", "samples", "templates"]) && name.ends_with(".cs") {
        Some("part of a project that stands alone")
    } else if within(&["snapshots", "golden", "goldens", "expected", "cassettes", "testdata"]) {
        Some("expected output of tests")
    } else if within(&["migrations", "migration", "migrate", "changelogs", "changelog"])
        || folders.iter().any(|folder| folder.starts_with("migrations-"))
    {
        Some("migration, which is history")
    } else if lower.starts_with(".github/")
        && (name.contains("template") || within(&["issue_template", "pull_request_template"]))
    {
        Some("template of the code host")
    } else if within(&["versioned_docs", "versioned_sidebars"]) {
        Some("frozen version of documents")
    } else if is_scaffold(name, &folders) {
        Some("what a generator of projects writes")
    } else if is_run_output(name) {
        Some("output of a program")
    } else if within(&["resources"]) && is_framework_resource(name) {
        Some("configuration that a framework looks for in each module")
    } else if is_agent_instruction(name) {
        Some("instructions that each agent client wants under a name of its own")
    } else {
        None
    }
}

fn is_route(path: &str) -> bool {
    let ends = [".tsx", ".jsx", ".ts", ".js", ".vue", ".svelte"];
    ends.iter().any(|end| path.ends_with(end))
        && path.split('/').any(|folder| matches!(folder, "pages" | "app" | "routes"))
}

fn is_legal(name: &str) -> bool {
    ["license", "licence", "copying", "notice", "copyright", "unlicense", "patents"]
        .iter()
        .any(|start| name.starts_with(start))
}

fn is_lock(name: &str) -> bool {
    name.ends_with(".lock")
        || name.ends_with("-lock.json")
        || name.ends_with("-lock.yaml")
        || matches!(name, "go.sum" | "npm-shrinkwrap.json" | "bun.lockb" | "gradle.lockfile")
}

fn is_tool_file(name: &str) -> bool {
    let starts = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    let code = [".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".json"];
    let config = code.iter().any(|end| name.ends_with(&format!(".config{end}")));
    config
        || starts(&[
            ".eslintrc",
            ".prettierrc",
            ".babelrc",
            ".stylelintrc",
            ".mocharc",
            ".lintstagedrc",
            ".swcrc",
            ".nycrc",
            ".markdownlint",
            ".golangci",
            ".pylintrc",
            ".flake8",
            "appsettings",
            "checkstyle",
            "globalusings",
            "phpstan.",
            "spotbugs",
            "test-setup.",
        ])
        || (starts(&["tsconfig", "jsconfig"]) && name.ends_with(".json"))
        || name.starts_with('.')
        || [".entitlements", ".plist", ".xcconfig"].iter().any(|end| name.ends_with(end))
        || TOOL_FILES.binary_search(&name).is_ok()
}

#[rustfmt::skip]
const TOOL_FILES: &[&str] = &[
    "_helpers.tpl", "_imports.razor", "_viewimports.cshtml", "_viewstart.cshtml", "app.config",
    "app.manifest", "assemblyinfo.cs", "backend.tf", "biome.json", "biome.jsonc", "build.rs", "clippy.toml",
    "components.json", "deno.json", "directory.build.props", "directory.build.targets",
    "directory.packages.props", "env.py", "global.json", "gradle-wrapper.properties", "gradlew",
    "gradlew.bat", "jest.setup.js", "jest.setup.ts", "karma.conf.js", "kustomization.yaml",
    "kustomization.yml", "launchsettings.json", "lerna.json", "log4net.config", "manage.py",
    "manifest.in", "maven-wrapper.properties", "mvnw", "mvnw.cmd", "mypy.ini", "nest-cli.json",
    "next-env.d.ts", "nuget.config", "nx.json", "phpunit.xml", "pnpm-workspace.yaml",
    "polyfills.ts", "proguard-rules.pro", "providers.tf", "pytest.ini", "react-app-env.d.ts",
    "rust-toolchain.toml", "rustfmt.toml", "script.py.mako", "setup-jest.ts",
    "sonar-project.properties", "tox.ini", "turbo.json", "usings.cs", "variables.tf", "versions.tf",
    "vite-env.d.ts", "vitest.setup.ts", "web.config",
];

fn is_marker(name: &str) -> bool {
    matches!(
        name,
        "__init__.py"
            | "__init__.pyi"
            | "py.typed"
            | ".gitkeep"
            | ".keep"
            | ".nojekyll"
            | "doc.go"
            | "package-info.java"
            | "robots.txt"
    )
}

/// Pictures are judged by eye, and equal data need not be the same fact.
fn is_picture_or_data(name: &str) -> bool {
    [
        ".patch", ".diff", ".svg", ".csv", ".tsv", ".geojson", ".ndjson", ".jsonl", ".po", ".pot",
        ".map", ".snap", ".log", ".pem", ".crt",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// A document whose name says in which language it is to be: `guide.french.md`.
fn is_translation(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".md").or_else(|| name.strip_suffix(".mdx")) else {
        return false;
    };
    let word = stem.rsplit(['.', '_', '-']).next().unwrap_or("");
    word.len() < stem.len() && TONGUES.contains(&word)
}

#[rustfmt::skip]
const TONGUES: &[&str] = &[
    "arabic", "basque", "brazilian", "chinese", "cn", "de", "dutch", "es", "fr", "french", "german",
    "hebrew", "hindi", "indonesian", "italian", "ja", "japanese", "ko", "korean", "polish",
    "portuguese", "pt", "ru", "russian", "spanish", "turkish", "ukrainian", "vietnamese", "zh",
];

/// What each web client of a widespread generator has, untouched.
fn is_scaffold(name: &str, folders: &[&str]) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    matches!(stem, "setuptests" | "reportwebvitals" | "serviceworker" | "serviceworkerregistration")
        || name == "extensions.cs"
            && folders.first().is_some_and(|folder| folder.ends_with("servicedefaults"))
        || matches!(name, "app.test.js" | "app.test.tsx" | "normalize.css" | "reset.css")
        || folders.first() == Some(&"public") && matches!(name, "manifest.json" | "index.html")
}

/// Reports of a run, and the copy of the last one. A date in the name of code or settings is that
/// of a copy.
fn is_run_output(name: &str) -> bool {
    let ends = [".json", ".txt", ".md", ".html", ".xml", ".out", ".rst"];
    if !ends.iter().any(|end| name.ends_with(end)) {
        return false;
    }
    name.starts_with("latest")
        || name.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= 8)
}

fn is_framework_resource(name: &str) -> bool {
    ["logback", "log4j", "application", "bootstrap"].iter().any(|start| name.starts_with(start))
}

fn is_agent_instruction(name: &str) -> bool {
    matches!(
        name,
        "agents.md"
            | "claude.md"
            | "gemini.md"
            | "copilot-instructions.md"
            | ".cursorrules"
            | ".windsurfrules"
            | ".clinerules"
    )
}

#[cfg(test)]
mod tests {
    use super::{TOOL_FILES, reason};

    #[test]
    fn the_table_is_sorted() {
        assert!(TOOL_FILES.is_sorted());
    }

    #[test]
    fn reasons_are_given_by_path() {
        for path in [
            "a/LICENSE.txt",
            "web/package-lock.json",
            "a/tsconfig.build.json",
            "a/.dockerignore",
            "a/jest.config.js",
            "a/__init__.py",
            "a/icon.svg",
            "app/locales/fr/x.json",
            "db/migrations/mysql/1.sql",
            "docs/guide.french.md",
            ".github/ISSUE_TEMPLATE/bug.md",
            "CLAUDE.md",
            "web/biome.json",
            "api/appsettings.Development.json",
            "server/.clippy.toml",
            ".hygen/new/service.ejs.t",
            "ios/App/Info.plist",
            "ui/dist/libs/plot.css",
            "themes/core-deprecated/css/icons.scss",
            "sample/src/Shop/Order.cs",
            "db/migrations-sqlite/2.0.0.js",
            "src/Shop.ServiceDefaults/Extensions.cs",
        ] {
            assert!(reason(path).is_some(), "{path}");
        }
        for path in ["a/Dockerfile", "a/main.py", "docs/guide.md", "a/requirements.txt"] {
            assert_eq!(reason(path), None, "{path}");
        }
    }
}
