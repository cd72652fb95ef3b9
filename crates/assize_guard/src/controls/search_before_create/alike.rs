//! What a new file, or what is new in one, is like.
//!
//! The index is asked by key: for the bodies that the file holds, for the names of which its own
//! are variants. Only the names of files are compared one by one.

use std::collections::{BTreeMap, BTreeSet};

use assize_index::{FactRef, FileRef, View};
use assize_model::FileClass;
use assize_syntax::{FactKind, Language, Role};

use super::names::{is_role, likeness, originals, plain, ratio, terms, words};

/// Names of files from here on are alike, of 1.
const NAME_ALIKE_MIN: f64 = 0.7;
/// Parts of a file's bodies that stand in another, of 1, from which it is a copy.
const BODY_ALIKE_MIN: f64 = 0.5;
/// Tokens that a copy must have in common with its original: short bodies are alike by nature.
const COPIED_TOKENS_MIN: usize = 100;
/// Bytes of a file for each token that it shares: what stands outside of bodies counts as well.
const BYTES_PER_TOKEN_MAX: usize = 40;
/// The size of a body from which its shape alone tells a copy.
const SHAPE_TOKENS_MIN: u32 = 100;
/// Names that two variants must share, of 1.
const NAMES_SHARED_MIN: f64 = 0.5;
/// How many look-alikes an answer names.
const NAMED_MAX: usize = 3;

/// Something that is already there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    pub path: String,
    pub line: u32,
    /// Whether it is a copy or a variant; else only the names are alike.
    pub strong: bool,
    /// What is alike, as the end of a sentence: `defines `OrderService``.
    pub why: String,
}

/// What is like this file, the strong ones first. `before` is the file as it was, if it was there:
/// then only what is new in it counts.
pub fn alike(file: FileRef<'_>, before: Option<FileRef<'_>>, view: &View<'_>) -> Vec<Alike> {
    let mut found: BTreeMap<String, Alike> = BTreeMap::new();
    let mut add = |one: Alike| {
        let known = found.get(&one.path).is_some_and(|known| known.strong || !one.strong);
        if !known {
            found.insert(one.path.clone(), one);
        }
    };
    match before {
        None => {
            copies(file, view).into_iter().for_each(&mut add);
            variants(file, view).into_iter().for_each(&mut add);
            namesakes(file, view).into_iter().for_each(&mut add);
        }
        Some(before) => copied_functions(file, before, view).into_iter().for_each(&mut add),
    }
    types(file, before, view).into_iter().for_each(&mut add);
    let mut found: Vec<Alike> = found.into_values().collect();
    // Who imports it builds on it.
    found.retain(|one| !builds_on(file, &one.path) && !view_builds_on(view, &one.path, file));
    found.sort_by(|a, b| b.strong.cmp(&a.strong).then_with(|| a.path.cmp(&b.path)));
    found.truncate(NAMED_MAX);
    found
}

/// Whether a file's like may be looked for in the other.
fn comparable(file: FileRef<'_>, other: FileRef<'_>) -> bool {
    other.path() != file.path()
        && other.class() == FileClass::Production
        && family(other) == family(file)
        && !is_frozen(other.path())
}

/// JavaScript and TypeScript are written side by side.
fn family(file: FileRef<'_>) -> Language {
    match file.dialect().language() {
        Language::JavaScript => Language::TypeScript,
        language => language,
    }
}

/// Migrations repeat what they change.
fn is_frozen(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "migrations" | "versions" | "alembic"))
}

/// Files of which the bodies make up much of this one.
fn copies(file: FileRef<'_>, view: &View<'_>) -> Vec<Alike> {
    let mut shared: BTreeMap<&str, (usize, FactRef<'_>)> = BTreeMap::new();
    let mut all = 0;
    for body in outer_bodies(file) {
        let size = body.number as usize;
        all += size;
        let mut holders = BTreeSet::new();
        for other in view.lookup(FactKind::Body, Role::Definition, body.key) {
            let same = other.value == body.value || body.number >= SHAPE_TOKENS_MIN;
            if same && comparable(file, other.file) && holders.insert(other.file.path()) {
                shared.entry(other.file.path()).or_insert((0, other)).0 += size;
            }
        }
    }
    let bytes =
        file.facts_of(FactKind::Content, Role::Definition).map(|whole| whole.number as usize);
    let bytes = bytes.sum::<usize>();
    let copied = |(path, (size, first)): (&str, (usize, FactRef<'_>))| {
        let much = size >= COPIED_TOKENS_MIN
            && size.saturating_mul(BYTES_PER_TOKEN_MAX) >= bytes
            && ratio(size, all) >= BODY_ALIKE_MIN;
        much.then(|| Alike {
            path: path.to_owned(),
            line: first.place.line,
            strong: true,
            why: format!("holds most of it, `{}` among it", last(first.item)),
        })
    };
    shared.into_iter().filter_map(copied).collect()
}

/// Bodies that stand in no other one.
fn outer_bodies(file: FileRef<'_>) -> Vec<FactRef<'_>> {
    let bodies: Vec<FactRef<'_>> = file.facts_of(FactKind::Body, Role::Definition).collect();
    let names: BTreeSet<&str> = bodies.iter().map(|body| body.item).collect();
    let inner = |item: &str| {
        item.match_indices('.')
            .any(|(at, _)| item.get(..at).is_some_and(|outer| names.contains(outer)))
    };
    let outer: Vec<bool> = bodies.iter().map(|body| !inner(body.item)).collect();
    bodies.into_iter().zip(outer).filter_map(|(body, outer)| outer.then_some(body)).collect()
}

/// Functions that were added and stand elsewhere, word by word and under the same name.
fn copied_functions(file: FileRef<'_>, before: FileRef<'_>, view: &View<'_>) -> Vec<Alike> {
    let known: BTreeSet<&str> =
        before.facts_of(FactKind::Body, Role::Definition).map(|body| body.item).collect();
    let mut found = Vec::new();
    for body in file.facts_of(FactKind::Body, Role::Definition) {
        if known.contains(body.item) || body.number < SHAPE_TOKENS_MIN {
            continue;
        }
        let others = view.lookup(FactKind::Body, Role::Definition, body.key);
        found.extend(
            others
                .into_iter()
                .filter(|other| {
                    other.value == body.value
                        && last(other.item) == last(body.item)
                        && comparable(file, other.file)
                })
                .map(|other| Alike {
                    path: other.file.path().to_owned(),
                    line: other.place.line,
                    strong: true,
                    why: format!("holds `{}` word by word", last(other.item)),
                }),
        );
    }
    found
}

/// The file beside this one of which it is a variant, by its name and by what it defines.
fn variants(file: FileRef<'_>, view: &View<'_>) -> Vec<Alike> {
    let (stem, _) = split(file.name());
    let mut found = Vec::new();
    for original in originals(stem) {
        for ending in endings(file) {
            let path = match file.folder() {
                "" => format!("{original}{ending}"),
                folder => format!("{folder}/{original}{ending}"),
            };
            let Some(other) = view.file(&path).filter(|other| comparable(file, *other)) else {
                continue;
            };
            let strong = shares_names(file, other);
            found.push(Alike {
                path,
                line: 1,
                strong,
                why: if strong { "defines the same names" } else { "has the same name" }.to_owned(),
            });
        }
    }
    found
}

fn endings(file: FileRef<'_>) -> &'static [&'static str] {
    match file.dialect().language() {
        Language::Python => &[".py"],
        Language::Go => &[".go"],
        Language::Java => &[".java"],
        Language::Rust => &[".rs"],
        Language::CSharp => &[".cs"],
        _ => &[".ts", ".tsx", ".js", ".jsx", ".mjs"],
    }
}

/// Whether much of what the smaller file defines is in the other, variant words aside.
fn shares_names(file: FileRef<'_>, other: FileRef<'_>) -> bool {
    let (own, others) = (defined(file), defined(other));
    let shared = own.intersection(&others).count();
    shared > 0 && ratio(shared, own.len().min(others.len())) >= NAMES_SHARED_MIN
}

/// The names that a file defines itself, without variant words.
fn defined(file: FileRef<'_>) -> BTreeSet<String> {
    let imported: BTreeSet<&str> = file
        .facts_of(FactKind::Import, Role::Reference)
        .flat_map(|import| [import.value, import.key.split('.').next().unwrap_or(import.key)])
        .collect();
    file.facts_of(FactKind::Symbol, Role::Definition)
        .filter(|symbol| !imported.contains(symbol.key) && !is_usual(symbol.key))
        .map(|symbol| plain(symbol.key))
        .collect()
}

/// Names that files define whatever they are about.
fn is_usual(name: &str) -> bool {
    name.len() < 3
        || matches!(
            name,
            "default" | "main" | "logger" | "log" | "router" | "app" | "run" | "handler" | "setup"
        )
        || name.starts_with('_')
}

/// Types that are variants of others, or have their name.
fn types(file: FileRef<'_>, before: Option<FileRef<'_>>, view: &View<'_>) -> Vec<Alike> {
    let known: BTreeSet<&str> = before
        .into_iter()
        .flat_map(|before| before.facts_of(FactKind::Symbol, Role::Definition))
        .map(|symbol| symbol.key)
        .collect();
    let imported: BTreeSet<&str> =
        file.facts_of(FactKind::Import, Role::Reference).map(|import| import.value).collect();
    let mut found = Vec::new();
    for symbol in file.facts_of(FactKind::Symbol, Role::Definition) {
        let name = symbol.key;
        let value = symbol.item == "value" || !is_type(name);
        if known.contains(name) || imported.contains(name) || value {
            continue;
        }
        for original in originals(name).into_iter().filter(|original| is_role(original)) {
            if !imported.contains(original.as_str()) {
                found.extend(defining(file, &original, view, true));
            }
        }
        if is_role(name) {
            found.extend(defining(file, name, view, false));
        }
    }
    found
}

/// A name that is written as types are.
fn is_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

fn defining(file: FileRef<'_>, name: &str, view: &View<'_>, strong: bool) -> Vec<Alike> {
    let symbols = view.lookup(FactKind::Symbol, Role::Definition, name);
    symbols
        .into_iter()
        .filter(|symbol| comparable(file, symbol.file) && !only_imports(symbol.file, name))
        .map(|symbol| Alike {
            path: symbol.file.path().to_owned(),
            line: symbol.place.line,
            strong,
            why: format!("defines `{name}`"),
        })
        .collect()
}

/// Whether a file has a name only because it imports it.
fn only_imports(file: FileRef<'_>, name: &str) -> bool {
    file.facts_of(FactKind::Import, Role::Reference).any(|import| import.value == name)
}

/// Files with a name that is like this one's.
fn namesakes(file: FileRef<'_>, view: &View<'_>) -> Vec<Alike> {
    let (stem, _) = split(file.name());
    let own = words(stem);
    let terms = terms(stem);
    if terms.len() < 2 {
        return Vec::new();
    }
    let begins: Vec<&str> = terms.iter().map(|term| term.get(..4).unwrap_or(term)).collect();
    let mut found: Vec<(f64, Alike)> = Vec::new();
    for other in view.files() {
        let (other_stem, ending) = split(other.name());
        // Most names fall here, before anything is made of them.
        let near = other_stem.len().abs_diff(stem.len()) * 3 <= stem.len()
            && endings(file).contains(&ending)
            && begins.iter().any(|begin| holds(other_stem, begin));
        if !near || !comparable(file, other) {
            continue;
        }
        let alike = likeness(stem, other_stem);
        if alike >= NAME_ALIKE_MIN && !is_sibling(&own, &words(other_stem)) {
            let why = "has a name like it".to_owned();
            let (path, line) = (other.path().to_owned(), 1);
            found.push((alike, Alike { path, line, strong: false, why }));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().take(NAMED_MAX).map(|(_, one)| one).collect()
}

/// Whether a name holds a word's beginning, which is in lower case.
fn holds(name: &str, begin: &str) -> bool {
    let mut windows = name.as_bytes().windows(begin.len());
    windows.any(|part| part.eq_ignore_ascii_case(begin.as_bytes()))
}

/// Whether two names differ in one whole word, as members of a family do: `list_users` and
/// `list_orders`.
fn is_sibling(one: &[String], other: &[String]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut differing = one.iter().zip(other).filter(|(a, b)| a != b);
    match (differing.next(), differing.next()) {
        (Some((a, b)), None) => {
            likeness(a, b) < NAME_ALIKE_MIN
                && !a.starts_with(b.as_str())
                && !b.starts_with(a.as_str())
        }
        _ => false,
    }
}

/// A name and its ending, with the dot.
fn split(name: &str) -> (&str, &str) {
    name.rfind('.').map_or((name, ""), |dot| name.split_at(dot))
}

fn last(item: &str) -> &str {
    item.rsplit('.').next().unwrap_or(item)
}

/// Whether a file imports another, as far as the last part of the module tells.
fn builds_on(file: FileRef<'_>, other: &str) -> bool {
    let name = other.rsplit('/').next().unwrap_or(other);
    let (stem, _) = split(name);
    let folder = other.rsplit('/').nth(1).unwrap_or("");
    let wanted = if matches!(stem, "__init__" | "index") { folder } else { stem };
    file.facts_of(FactKind::Import, Role::Reference).any(|import| {
        let tail = import.key.rsplit(['.', '/']).find(|part| !part.is_empty()).unwrap_or("");
        let tail = if import.key.contains('/') {
            let part = import.key.rsplit('/').next().unwrap_or("");
            split(part).0
        } else {
            tail
        };
        tail == wanted || import.value == wanted
    })
}

/// Whether the other file imports this one: what it held was moved here.
fn view_builds_on(view: &View<'_>, other: &str, file: FileRef<'_>) -> bool {
    view.file(other).is_some_and(|other| builds_on(other, file.path()))
}
