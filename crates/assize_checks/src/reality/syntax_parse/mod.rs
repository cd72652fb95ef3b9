//! Files that do not parse.

mod on_purpose;

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Dialect, Language, NOTATION, SyntaxError};

use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("syntax-parse"),
    summary: "source and configuration files that do not parse, and merge conflicts left in them",
    version: 1,
    severity: Severity::Error,
    languages: &[
        Language::CSharp,
        Language::Dockerfile,
        Language::Dotenv,
        Language::Go,
        Language::Ini,
        Language::Java,
        Language::JavaScript,
        Language::Json,
        Language::Makefile,
        Language::Python,
        Language::Requirements,
        Language::Rust,
        Language::Shell,
        Language::Sql,
        Language::Toml,
        Language::TypeScript,
        Language::Yaml,
    ],
    classes: &[
        FileClass::Production,
        FileClass::Test,
        FileClass::Example,
        FileClass::Archive,
        FileClass::RuleSelf,
        FileClass::Doc,
    ],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    if source.facts.errors.is_empty() {
        return;
    }
    let language = source.facts.dialect.language();
    if on_purpose::is_broken_input(source.path, source.class, language)
        || on_purpose::is_piece(source.path, source.text, language)
    {
        sink.unresolved();
        return;
    }
    // Later errors mostly follow from the first: one finding per file and code.
    let mut seen: Option<&'static str> = None;
    for error in &source.facts.errors {
        if seen == Some(error.code) {
            continue;
        }
        seen = Some(error.code);
        sink.report(report(error, source));
    }
}

/// Whether work stops by it: code of the product, its tests, and the settings of its tools. Other
/// data may be input of anything, broken or of a dialect of its own. What was found in C# was not
/// yet read on real repositories.
fn stops(source: &Source<'_>) -> bool {
    let code = matches!(
        source.facts.dialect.language(),
        Language::Python
            | Language::JavaScript
            | Language::TypeScript
            | Language::Go
            | Language::Java
            | Language::Rust
    );
    let settings = matches!(
        source.facts.dialect,
        Dialect::Compose
            | Dialect::GithubWorkflow
            | Dialect::GithubAction
            | Dialect::GitlabCi
            | Dialect::PackageJson
            | Dialect::Pyproject
            | Dialect::TsConfig
            | Dialect::McpConfig
    );
    match source.class {
        FileClass::Production => code || settings,
        FileClass::Test => code && on_purpose::is_test_itself(source.path.name()),
        _ => false,
    }
}

fn report(error: &SyntaxError, source: &Source<'_>) -> Report {
    let language = source.facts.dialect.language().word();
    let (what, help) = match error.code {
        "swallowed-import" => {
            ("does not mean what it says", "move the import out of the docstring")
        }
        NOTATION => (
            "holds what its grammar does not know, which may be newer than the grammar",
            "see whether the compiler takes it",
        ),
        _ => ("does not parse", "repair the file, or restore the last version that parsed"),
    };
    Report {
        code: error.code,
        severity: (error.code == NOTATION || !stops(source)).then_some(Severity::Warn),
        path: None,
        place: error.place,
        message: format!("this {language} file {what}: {}", error.message),
        help: help.to_owned(),
        item: String::new(),
        subject: error.message.clone(),
    }
}
