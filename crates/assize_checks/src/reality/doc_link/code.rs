//! Paths in back ticks. Prose names files of other trees, of the past and of the future: only what
//! is anchored in a folder that is there, and is nowhere in the tree, is called gone.

use std::collections::{BTreeMap, BTreeSet};

use assize_index::{FactRef, FileRef, View};
use assize_model::Severity;
use assize_syntax::{FactKind, Flags, Role, normalise_python_name};

use crate::{Context, Report, Sink};

use super::{is_template, link};

/// The verdicts on one document's paths, so that each path is looked up once.
#[derive(Debug, Default)]
pub(super) struct Paths<'a> {
    known: BTreeMap<&'a str, Verdict>,
    silent: Option<bool>,
    /// Paths of which the document says somewhere that they are made, gone or an example.
    excused: Option<BTreeSet<&'a str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    There,
    Gone,
    Unknown,
}

impl<'a> Paths<'a> {
    /// Judges one path; a path that is named several times is reported once.
    pub(super) fn judge(&mut self, fact: &FactRef<'a>, context: &Context<'a>, sink: &mut Sink) {
        // The pages of a site are written for users, whose projects have such paths; so are texts
        // in other languages, whose words say what is meant to those who read them only.
        let silent = *self.silent.get_or_insert_with(|| {
            speaks_of_other_times(fact.file.path())
                || super::site::holds(&context.view, fact.file)
                || is_translation(fact.file.path())
                || is_for_agents(fact.file.path())
        });
        let excused = self.excused.get_or_insert_with(|| {
            let told = Flags::CODE.with(Flags::UNRESOLVED);
            let links = fact.file.facts_of(FactKind::Link, Role::Reference);
            links.filter(|link| link.flags.has(told)).map(|link| link.key).collect()
        });
        if silent || excused.contains(fact.key) {
            sink.unresolved();
            return;
        }
        let before = self.known.get(fact.key).copied();
        let verdict = before.unwrap_or_else(|| verdict(fact, context));
        self.known.insert(fact.key, verdict);
        match verdict {
            Verdict::There => {}
            Verdict::Unknown => sink.unresolved(),
            Verdict::Gone if before.is_some() => {}
            Verdict::Gone => sink.report(report(fact, context)),
        }
    }
}

fn report(fact: &FactRef<'_>, context: &Context<'_>) -> Report {
    let key = fact.key;
    let help = match context.hint(|| link::likely(key, &context.view)) {
        Some(path) => format!("name `{path}`, if that is meant, or restore `{key}`"),
        None => "name what is there now, or remove the passage".to_owned(),
    };
    Report {
        code: "missing-path",
        severity: Some(Severity::Warn),
        path: None,
        place: fact.place,
        message: format!("`{key}` is named here, but nothing in the tree has that path"),
        help,
        item: String::new(),
        subject: key.to_owned(),
    }
}

fn verdict(fact: &FactRef<'_>, context: &Context<'_>) -> Verdict {
    let (key, view) = (fact.key, &context.view);
    if bases(fact.file).any(|base| view.exists(&join(base, key))) {
        return Verdict::There;
    }
    let first = key.split('/').next().unwrap_or(key);
    let anchored = bases(fact.file).any(|base| view.is_folder(&join(base, first)));
    if !anchored
        || is_of_a_tool(first)
        || stands_for_any_language(key)
        || is_of_the_user(fact, view)
        || is_made_at_run_time(key)
        || bases(fact.file).any(|base| view.is_opaque(&join(base, key)))
        || is_package(first, view)
        || has_source(key, fact.file, view)
    {
        return Verdict::Unknown;
    }
    let elsewhere = if fact.flags.has(Flags::FOLDER) {
        let inside = format!("/{key}/");
        view.files().any(|file| file.path().contains(&inside))
    } else {
        ends_elsewhere(view, key)
    };
    let ignored = context.world.ignored(view);
    if elsewhere || bases(fact.file).any(|base| ignored.covers(&join(base, key), view)) {
        Verdict::Unknown
    } else {
        Verdict::Gone
    }
}

/// `locale_xx-XX.ini`: the letters of no language stand for those of any.
fn stands_for_any_language(key: &str) -> bool {
    key.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| matches!(word, "xx" | "XX"))
}

/// Whether the README of a package speaks of what lies beside it in the project of whoever uses it:
/// the path leaves the package.
fn is_of_the_user(fact: &FactRef<'_>, view: &View<'_>) -> bool {
    let folder = fact.file.folder();
    let package = ["package.json", "Cargo.toml", "pyproject.toml", "composer.json"];
    fact.item.starts_with("../")
        && fact.file.name().to_ascii_lowercase().starts_with("readme")
        && !folder.is_empty()
        && package.iter().any(|name| view.is_file(&format!("{folder}/{name}")))
}

/// The document's folder and all above it.
fn bases(file: FileRef<'_>) -> impl Iterator<Item = &str> {
    let mut rest = Some(file.folder());
    std::iter::from_fn(move || {
        let current = rest?;
        rest = match current.rsplit_once('/') {
            Some((above, _)) => Some(above),
            None => (!current.is_empty()).then_some(""),
        };
        Some(current)
    })
}

fn join(base: &str, key: &str) -> String {
    if base.is_empty() { key.to_owned() } else { format!("{base}/{key}") }
}

/// Whether a file elsewhere in the tree ends with this path.
pub(super) fn ends_elsewhere(view: &View<'_>, key: &str) -> bool {
    let name = key.rsplit('/').next().unwrap_or(key);
    let tail = format!("/{key}");
    view.files_named(name).iter().any(|file| file.path() == key || file.path().ends_with(&tail))
}

/// Hidden folders belong to tools, which make what is in them on each machine; those of code hosts
/// are written by people.
fn is_of_a_tool(first: &str) -> bool {
    first.starts_with('.') && !matches!(first, ".github" | ".gitlab" | ".circleci" | ".gitea")
}

/// Files of installed packages are named like our own: `swagger-ui/index.css`.
fn is_package(first: &str, view: &View<'_>) -> bool {
    view.has(FactKind::Package, Role::Definition, &format!("npm:{first}"))
        || view.has(
            FactKind::Package,
            Role::Definition,
            &format!("py:{}", normalise_python_name(first)),
        )
}

/// Whether the path is what a compiler makes of a file that is there.
fn has_source(key: &str, document: FileRef<'_>, view: &View<'_>) -> bool {
    let Some((stem, ending)) = key.rsplit_once('.') else { return false };
    let sources: &[&str] = match ending {
        "js" | "mjs" | "cjs" => &["ts", "tsx", "mts", "cts", "jsx"],
        "css" => &["scss", "sass", "less"],
        "html" => &["md", "rst", "ts"],
        "env" | "yml" | "yaml" | "json" | "toml" | "ini" | "cfg" | "conf" => {
            let samples = [".example", ".sample", ".template", ".tmpl", ".j2", ".dist"];
            return bases(document).any(|base| {
                samples.iter().any(|end| view.is_file(&format!("{}{end}", join(base, key))))
            });
        }
        _ => &[],
    };
    let samples = ["example", "sample", "template", "dist"];
    if bases(document).any(|base| {
        samples.iter().any(|word| view.is_file(&join(base, &format!("{stem}.{word}.{ending}"))))
    }) {
        return true;
    }
    bases(document)
        .any(|base| sources.iter().any(|end| view.is_file(&join(base, &format!("{stem}.{end}")))))
}

/// Whether a path lies in a folder that programs fill.
pub(super) fn is_made_at_run_time(key: &str) -> bool {
    key.split('/').any(|part| {
        let part = part.to_ascii_lowercase();
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        digits >= 8 || MADE.binary_search(&part.as_str()).is_ok()
    })
}

#[rustfmt::skip]
const MADE: &[&str] = &[
    ".cache", ".git", ".next", ".nuxt", ".pytest_cache", ".terraform", ".tox", ".venv",
    "__pycache__", "_build", "_site", "artifacts", "backup", "backups", "bin", "build", "cache",
    "certs", "checkpoints", "coverage", "credentials", "data", "dist", "dumps", "env", "generated",
    "htmlcov", "log", "logs", "node_modules", "obj", "out", "output", "outputs",
    "playwright-report", "public", "run", "secrets", "site", "ssl", "storage", "target",
    "temp", "test-results", "tmp", "upload", "uploads", "vendor", "venv", "volumes",
];

/// Whether a document tells what was, what is to be, or what may be anywhere: reports, plans, logs
/// of changes, templates, skills.
fn speaks_of_other_times(path: &str) -> bool {
    // A skill tells an agent what to do in any repository.
    is_template(path)
        || path.ends_with("SKILL.md")
        || path.split('/').any(|part| {
            let part = part.to_ascii_lowercase();
            let stem = part.strip_suffix(".md").unwrap_or(&part);
            stem.split(|c: char| !c.is_ascii_alphabetic())
                .any(|word| OTHER_TIMES.binary_search(&word).is_ok())
        })
}

/// Whether a document tells an agent what to do, in whatever repository it works.
fn is_for_agents(path: &str) -> bool {
    path.split('/')
        .rev()
        .skip(1)
        .any(|folder| matches!(folder, "agents" | "commands" | "prompts" | "skills" | "subagents"))
}

/// Whether a name says that the document is in another language: `README.zh-CN.md`, `docs/fr/x.md`.
fn is_translation(path: &str) -> bool {
    path.split('/').any(|part| {
        let stem = part.split('.').next().unwrap_or(part);
        let tail = part.strip_suffix(".md").unwrap_or(part);
        let tail = tail.rsplit(['.', '-', '_']).next().unwrap_or(tail);
        let tail = if matches!(tail, "CN" | "TW" | "BR" | "Hans" | "Hant") { "zh" } else { tail };
        LANGUAGES.contains(&stem) || LANGUAGES.contains(&tail.to_ascii_lowercase().as_str())
    })
}

/// Languages into which documents are translated, by their short names.
#[rustfmt::skip]
const LANGUAGES: &[&str] = &[
    "ar", "cn", "cs", "de", "el", "es", "fa", "fr", "he", "hi", "hu", "id", "it", "ja", "jp", "ko",
    "kr", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "ur", "vi", "zh",
];

#[rustfmt::skip]
const OTHER_TIMES: &[&str] = &[
    "action", "adr", "adrs", "analyses", "analysis", "archive", "archived", "archives",
    "assessment", "audit", "audits", "backlog", "blueprint", "brainstorm", "change",
    "changelog", "changes", "cleanup", "complete", "completed", "completion", "consolidation",
    "decisions", "deprecated", "design", "designs", "diagnosis", "draft", "drafts", "findings",
    "fix", "fixes", "future", "gap", "historical", "history", "idea", "ideas", "improvement",
    "improvements", "incident", "incidents", "inventory", "investigation", "investigations",
    "legacy", "meeting", "meetings", "migrating", "migration", "migrations", "minutes", "news",
    "notes", "old", "plan", "planning", "plans", "postmortem", "postmortems", "progress",
    "proposal", "proposals", "recommendations", "refactor", "refactoring", "release", "releases",
    "removal", "report", "reports", "resolution", "results", "retro", "retrospective", "review",
    "reviews", "rfc", "rfcs", "roadmap", "spec", "specs", "sprint", "status", "strategies", "strategy",
    "summaries", "summary", "tasks", "todo", "todos", "update", "updates", "upgrade",
    "upgrading", "verification", "vision",
];

#[cfg(test)]
mod tests {
    use super::{MADE, OTHER_TIMES, is_made_at_run_time, is_translation, speaks_of_other_times};

    #[test]
    fn tables_are_sorted() {
        assert!(MADE.is_sorted() && OTHER_TIMES.is_sorted());
    }

    #[test]
    fn names_tell_what_a_document_is_about() {
        assert!(speaks_of_other_times("docs/reports/api.md"));
        assert!(speaks_of_other_times("docs/CLEANUP_PLAN.md"));
        assert!(!speaks_of_other_times("docs/deployment/guide.md"));
        assert!(is_made_at_run_time("backend/logs/app.json"));
        assert!(is_translation("README.zh-CN.md") && is_translation("docs/fr/a.md"));
        assert!(!is_translation("docs/design/api.md") && !is_translation("README.md"));
        assert!(is_made_at_run_time("reports/run_20250813/a.json"));
        assert!(!is_made_at_run_time("backend/app/main.py"));
    }
}
