//! Texts that name a file without the index knowing what they mean by it: a module in a string, a
//! template's script, a path that a program opens.

use assize_index::View;
use assize_model::FileClass;
use assize_syntax::{Dialect, Language};

use super::references::is_record;

/// Languages that refer to their files in ways that the index does not follow.
const UNFOLLOWED: [(&str, &[&str]); 18] = [
    ("Java", &["java"]),
    ("Kotlin", &["kt", "kts"]),
    ("Scala", &["scala"]),
    ("Groovy", &["groovy"]),
    ("Go", &["go"]),
    ("Rust", &["rs"]),
    ("C#", &["cs"]),
    ("F#", &["fs"]),
    ("C", &["c", "h"]),
    ("C++", &["cc", "cpp", "cxx", "hh", "hpp"]),
    ("Ruby", &["rb", "rake"]),
    ("PHP", &["php"]),
    ("Swift", &["swift"]),
    ("Objective-C", &["m", "mm"]),
    ("Dart", &["dart"]),
    ("Elixir", &["ex", "exs"]),
    ("Clojure", &["clj", "cljs", "cljc"]),
    ("Protocol Buffers", &["proto"]),
];

/// The language of a file whose users the index cannot tell.
pub fn unsearched(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('/').map_or(path, |(_, name)| name).rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    let known = |(_, endings): &&(&str, &[&str])| endings.contains(&ending.as_str());
    UNFOLLOWED.iter().find(known).map(|(name, _)| *name)
}

/// What a text must hold to name a file.
#[derive(Debug, Clone)]
pub struct Needles {
    path: String,
    name: String,
    /// A Python module as a program may name it.
    dotted: Option<String>,
    /// How a component imports a script: without its ending.
    stem: Option<String>,
    /// Whether imports are followed, so that a bare name is no reference.
    imported: bool,
}

impl Needles {
    pub fn of(path: &str) -> Self {
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name).to_owned();
        let plain = path.strip_suffix(".py");
        let plain = plain.map(|plain| plain.strip_suffix("/__init__").unwrap_or(plain));
        let dotted = plain.filter(|plain| plain.contains('/')).map(|plain| plain.replace('/', "."));
        let script = [".ts", ".tsx", ".js", ".jsx", ".mjs"];
        let stem =
            script.iter().find_map(|end| name.strip_suffix(end)).map(|stem| format!("/{stem}"));
        let imported = path.ends_with(".py") || path.ends_with(".pyi") || stem.is_some();
        Self { path: path.to_owned(), name, dotted, stem, imported }
    }

    /// The fixed texts of which a line holds at least one.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [Some(&self.name), self.dotted.as_ref(), self.stem.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    /// The file that is named.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether a line of another file names this one and no other.
    pub fn meant(&self, from: &str, line: &str, view: View<'_>) -> bool {
        let Some(file) = view.file(from) else { return false };
        let component = file.dialect() == Dialect::Component;
        let silent = matches!(
            file.dialect(),
            Dialect::Markdown | Dialect::TextDoc | Dialect::JsonLock | Dialect::PythonLock
        ) || !matches!(
            file.class(),
            FileClass::Production | FileClass::Test | FileClass::Example
        ) || is_record(file.name());
        if silent {
            return false;
        }
        let idle = is_idle(line, file.dialect().language());
        !idle
            && tokens(line).any(|token| {
                self.is_path(token, view)
                    || self.dotted.as_deref().is_some_and(|dotted| names_module(token, dotted))
                    || component && self.stem.as_deref().is_some_and(|stem| token.ends_with(stem))
            })
    }

    /// Whether a token is the end of this path and of no other.
    fn is_path(&self, token: &str, view: View<'_>) -> bool {
        let token = relative(token);
        if token.is_empty() || self.imported && !token.contains('/') && self.path.contains('/') {
            return false;
        }
        let ends = |path: &str| path == token || path.ends_with(&format!("/{token}"));
        ends(&self.path)
            && !view
                .files_named(&self.name)
                .iter()
                .any(|other| other.path() != self.path && ends(other.path()))
    }
}

/// A module, with or without what is taken from it: `shop.api`, `shop.api:app`, `shop.api.Client`.
fn names_module(token: &str, dotted: &str) -> bool {
    token.strip_prefix(dotted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A path without the folders that only a run knows: `./`, `/app/` stays.
fn relative(token: &str) -> &str {
    let mut rest = token.trim_end_matches('.');
    loop {
        let next = rest.trim_start_matches("./").trim_start_matches("../").trim_start_matches('/');
        let next = match next.split_once('/') {
            Some((first, more)) if first.starts_with('$') || first.ends_with('}') => more,
            _ => next,
        };
        if next == rest {
            return rest;
        }
        rest = next;
    }
}

fn tokens(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || "_-./@+~${}".contains(c)))
        .filter(|token| token.len() > 2)
}

/// Whether the line is nothing but a remark, or an import: those are followed.
fn is_idle(line: &str, language: Language) -> bool {
    let line = line.trim_start();
    match language {
        Language::JavaScript
        | Language::TypeScript
        | Language::Go
        | Language::Java
        | Language::Rust
        | Language::CSharp => ["//", "*", "/*"].iter().any(|mark| line.starts_with(mark)),
        Language::Python => ["#", "import ", "from "].iter().any(|mark| line.starts_with(mark)),
        Language::Json => false,
        _ => line.starts_with('#') || line.starts_with("<!--") || line.starts_with("//"),
    }
}
