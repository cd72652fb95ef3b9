//! What kind of text a file is, as far as it decides what can be a value in it.

use assize_model::RepoPath;
use assize_syntax::{Dialect, Language};

use super::assignment::Bare;

/// Which unquoted words are values: in code none, in settings the rest of the line.
pub(super) fn bare(dialect: Dialect, path: &RepoPath) -> Bare {
    match dialect.language() {
        Language::Yaml | Language::Dotenv | Language::Ini | Language::Shell => Bare::Line,
        Language::Dockerfile | Language::Makefile | Language::Markdown => Bare::Equals,
        Language::Sql => Bare::Statement,
        Language::Other => match path.extension() {
            Some("properties" | "conf" | "cnf" | "env" | "tfvars" | "npmrc" | "pypirc") => {
                Bare::Line
            }
            _ => Bare::No,
        },
        Language::Python
        | Language::JavaScript
        | Language::TypeScript
        | Language::Toml
        | Language::Json
        | Language::Go
        | Language::Java
        | Language::Rust
        | Language::CSharp
        | Language::Requirements => Bare::No,
    }
}

/// Whether the file configures running services. The databases of a build are thrown away with it.
pub(super) fn settings(dialect: Dialect) -> bool {
    let build = matches!(
        dialect,
        Dialect::GithubWorkflow | Dialect::GithubAction | Dialect::GitlabCi | Dialect::ToolYaml
    );
    let language = dialect.language();
    let told = matches!(language, Language::Yaml | Language::Dotenv | Language::Dockerfile);
    // Who makes a user of a database with SQL sets up a service.
    told && !build || matches!(dialect, Dialect::McpConfig | Dialect::Sql)
}

/// A text and, behind it, the tests that Rust keeps in the same file.
pub(super) fn split_tests(dialect: Dialect, text: &str) -> (&str, &str) {
    const MARKS: [&str; 3] = ["#[cfg(test)]\nmod ", "\n#[test]\n", "\n#[tokio::test"];
    let first = || MARKS.iter().filter_map(|mark| text.find(mark)).min();
    let tests = (dialect == Dialect::Rust).then(first).flatten();
    text.split_at(tests.unwrap_or(text.len()))
}
