//! Paths of the repository in back ticks.
//!
//! Most of what stands in back ticks with a slash in it is no path: routes, packages, media types,
//! branches, patterns. Only what can hardly be anything else is taken.

use assize_model::normalise;

use super::target::{is_host, without_line};

/// Longer ones are commands or data.
const PATH_BYTES_MAX: usize = 200;

/// A path in back ticks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CodePath {
    /// As if written from the root: prose counts from wherever the reader is expected to stand.
    /// Only `../` must count from the document's folder.
    pub(super) key: String,
    pub(super) folder: bool,
}

/// The path that an in-line code is, if it is one.
pub(super) fn path(folder: &str, code: &str) -> Option<CodePath> {
    let path = without_line(code.trim());
    let is_folder = path.ends_with('/');
    if path.len() > PATH_BYTES_MAX || !path.contains('/') || !is_plain(path) {
        return None;
    }
    let bare = path.trim_end_matches('/');
    let parts: Vec<&str> = bare.split('/').collect();
    let (name, above) = parts.split_last()?;
    let first = parts.iter().find(|part| !matches!(**part, "." | "..")).copied()?;
    if is_host(first) || parts.iter().any(|part| part.is_empty() || is_placeholder(part)) {
        return None;
    }
    if above.iter().any(|part| is_file_name(part)) {
        return None;
    }
    if is_folder && (above.is_empty() || above.iter().all(|part| matches!(*part, "." | ".."))) {
        return None;
    }
    if !is_folder && !is_file_name(name) {
        return None;
    }
    let base = if path.starts_with("../") { folder } else { "" };
    let key = normalise(base, bare).ok().filter(|key| !key.is_empty())?;
    Some(CodePath { key, folder: is_folder })
}

fn is_plain(path: &str) -> bool {
    !path.starts_with(['/', '~', '-', '@', '+'])
        && !path.starts_with("api/v")
        && !path.contains("...")
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/'))
}

/// A part that a reader is to replace: a date pattern, `your-service`, `foo`.
fn is_placeholder(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part);
    let lower = stem.to_ascii_lowercase();
    part.contains("YYYY")
        || part.contains("HHMM")
        || part.contains("MMDD")
        || part.contains("NNN")
        || lower.contains("xxx")
        || lower.contains("timestamp")
        || lower.contains("placeholder")
        || lower.ends_with("_here")
        || lower.ends_with("-here")
        || ["your-", "your_", "my-", "my_", "some-", "some_", "new-", "new_", "old-", "old_"]
            .iter()
            .any(|prefix| lower.starts_with(prefix))
        || matches!(
            lower.as_str(),
            "foo"
                | "bar"
                | "baz"
                | "qux"
                | "example"
                | "sample"
                | "path"
                | "to"
                | "x"
                | "y"
                | "z"
                | "something"
                | "whatever"
                | "name"
                | "dir"
                | "file"
                | "folder"
                | "module_name"
                | "service_name"
                | "date"
                | "version"
                | "myapp"
                | "myproject"
                | "myservice"
        )
}

/// A name with a known extension, or one of the few known names without.
fn is_file_name(name: &str) -> bool {
    if matches!(name, "Dockerfile" | "Makefile" | "Jenkinsfile" | "Procfile") {
        return true;
    }
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    if stem.is_empty() {
        return false;
    }
    if name.starts_with(".env.") {
        return matches!(extension, "example" | "sample" | "template");
    }
    EXTENSIONS.binary_search(&extension).is_ok()
}

/// Extensions of what people write and keep in repositories. Logs, databases, keys and archives
/// come and go at run time.
#[rustfmt::skip]
const EXTENSIONS: &[&str] = &[
    "adoc", "bash", "bat", "c", "cc", "cfg", "cjs", "conf", "cpp", "cs", "csproj", "css", "cts",
    "fish", "go", "gradle", "graphql", "groovy", "h", "hcl", "hpp", "html", "ini", "ipynb",
    "java", "js", "json", "json5", "jsonc", "jsx", "kt", "kts", "less", "lua", "md", "mdc", "mdx",
    "mjs", "mk", "mts", "php", "pl", "prisma", "properties", "proto", "ps1", "py", "pyi", "rb",
    "rs", "rst", "sass", "scala", "scss", "service", "sh", "sql", "svelte", "swift", "tf",
    "tfvars", "toml", "ts", "tsx", "txt", "vue", "xml", "yaml", "yml", "zsh",
];

/// Whether words say that a path is gone, to come, or only an example. `before` is what stands
/// before it on its line, `line` the whole line.
pub(super) fn speaks_of_other_times(before: &str, line: &str) -> bool {
    line.contains(['\u{274C}', '\u{2192}'])
        || line.contains("->")
        || line.contains("=>")
        || line.contains("e.g.")
        || line.contains("such as")
        || line.contains("not exist")
        || words(line).any(|word| is_in(ANYWHERE, word))
        || words(before).rev().take(NEAR_WORDS).any(|word| is_in(JUST_BEFORE, word))
        // A step of a guide: what it names is there once the step is done.
        || words(line).next().is_some_and(|word| is_in(STEPS, word))
}

/// How many words before a path may say that it is made there.
const NEAR_WORDS: usize = 3;

fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() >= 2)
}

fn is_in(table: &[&str], word: &str) -> bool {
    table.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

#[rustfmt::skip]
const ANYWHERE: &[&str] = &[
    "absent", "archived", "consolidated", "deleted", "deprecated", "eliminated", "example",
    "examples", "former", "formerly", "future", "generated", "gone", "hypothetical", "ignored",
    "imaginary", "instead", "legacy", "longer", "merged", "migrated", "missing", "moved",
    "nonexistent", "obsolete", "old", "planned", "previous", "previously", "proposed", "removed",
    "renamed", "replaced", "suggested", "temporary", "todo", "will",
];

#[rustfmt::skip]
const STEPS: &[&str] = &[
    "add", "copy", "create", "delete", "generate", "make", "move", "remove", "rename", "save", "write",
];

#[rustfmt::skip]
const JUST_BEFORE: &[&str] = &[
    "add", "added", "adding", "adds", "copied", "copies", "copy", "create", "created", "creates",
    "creating", "delete", "deletes", "deleting", "emits", "export", "exports", "generate",
    "generates", "generating", "into", "like", "new", "output", "outputs", "produces", "remove",
    "removes", "removing", "rename", "renames", "save", "saved", "saves", "saving", "write",
    "writes", "writing", "written",
];
