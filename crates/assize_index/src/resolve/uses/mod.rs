//! Whether anything uses a package that a manifest declares.
//!
//! An import is a use, whatever its file is. Beyond imports a package can be a program, a plug-in,
//! a driver, or a version that is held for another: where a word of any settings, script or text
//! in code may mean it, and where it is of a kind that is used unseen, it is not called unused.

mod crates;
mod javascript;
mod modules;
mod python;

use std::collections::{BTreeSet, HashMap};

use assize_syntax::{Dialect, FactKind, Flags, Language, Role, hash_word};

use super::World;
use crate::{FactRef, FileRef, View};

/// The file that says which other repositories are taken in.
pub const SUBMODULES: &str = ".gitmodules";

/// What is known of a package's use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Something imports it.
    Imported,
    /// Something may use it.
    Possible,
    /// Nothing imports it and nothing names it.
    None,
}

/// Whether anything uses the package that a manifest declares.
pub fn of(declared: &FactRef<'_>, world: &World, view: &View<'_>) -> Use {
    let found = in_tree(declared, world, view);
    // What other repositories hold that are taken in, nobody sees.
    if found == Use::None && view.is_file(SUBMODULES) { Use::Possible } else { found }
}

fn in_tree(declared: &FactRef<'_>, world: &World, view: &View<'_>) -> Use {
    match declared.key.split_once(':') {
        Some(("py", name)) => python::of(name, world, view),
        Some(("npm", name)) => javascript::of(name, declared.file.folder(), world, view),
        Some(("go", path)) => modules::of(path, declared.file.folder(), world, view),
        Some(("cargo", name)) => crates::of(name, declared, world, view),
        _ => Use::Possible,
    }
}

/// What of a file may say that packages are used.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Signs<'a> {
    imports: BTreeSet<(Language, &'a str)>,
    words: BTreeSet<u32>,
    /// The file itself: that there is code at all.
    code: BTreeSet<(Language, &'a str)>,
}

impl<'a> Signs<'a> {
    pub fn of(file: FileRef<'a>) -> Self {
        let language = file.dialect().language();
        let imports = file.facts_of(FactKind::Import, Role::Reference);
        let words = [Role::Definition, Role::Reference].into_iter();
        let words = words.flat_map(|role| file.facts_of(FactKind::Words, role));
        Self {
            imports: imports.map(|import| (language, import.key)).collect(),
            words: words.flat_map(|kept| assize_syntax::kept_words(kept.value)).collect(),
            code: BTreeSet::from([(language, file.path())]),
        }
    }

    /// What only one of the two says.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self {
            imports: self.imports.symmetric_difference(&other.imports).copied().collect(),
            words: self.words.symmetric_difference(&other.words).copied().collect(),
            code: self.code.symmetric_difference(&other.code).copied().collect(),
        }
    }

    /// Both together.
    #[must_use]
    pub fn joined(mut self, mut other: Self) -> Self {
        self.imports.append(&mut other.imports);
        self.words.append(&mut other.words);
        self.code.append(&mut other.code);
        self
    }

    /// A file more or less says nothing where its folder has other code of the language, before and
    /// after: only whether there is any is asked.
    pub fn forget_code_among_more(&mut self, old: View<'_>, new: View<'_>) {
        self.code.retain(|(language, path)| {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let more = |view: View<'_>| {
                let mut files = view.files_under(folder);
                files.any(|file| file.dialect().language() == *language && file.path() != *path)
            };
            !(more(old) && more(new))
        });
    }

    pub fn is_empty(&self) -> bool {
        self.imports.is_empty() && self.words.is_empty() && self.code.is_empty()
    }

    /// Whether they may speak of a declared package.
    pub fn may_mean(&self, declared: &FactRef<'_>) -> bool {
        let Some((index, name)) = declared.key.split_once(':') else { return false };
        let Some(terms) = terms(index) else { return false };
        let folder = if index == "py" { "" } else { declared.file.folder() };
        let words = (terms.words)(name);
        let language = |one: Language| terms.languages.contains(&one);
        words.iter().any(|word| self.words.contains(&hash_word(word)))
            || self.code.iter().any(|(of, path)| language(*of) && is_below(path, folder))
            || self.imports.iter().any(|(of, key)| language(*of) && (terms.means)(key, name))
    }
}

/// How the packages of an index are spoken of.
struct Terms {
    languages: &'static [Language],
    /// The words that may mean a package.
    words: fn(&str) -> BTreeSet<String>,
    /// Whether an import may mean it.
    means: fn(&str, &str) -> bool,
}

fn terms(index: &str) -> Option<Terms> {
    let terms = match index {
        "py" => {
            Terms { languages: &[Language::Python], words: python::words, means: python::may_mean }
        }
        "npm" => Terms {
            languages: javascript::LANGUAGES,
            words: javascript::words,
            means: javascript::may_mean,
        },
        "go" => Terms { languages: &[Language::Go], words: modules::words, means: modules::means },
        // Imports of Rust are among the words of a file.
        "cargo" => {
            Terms { languages: &[Language::Rust], words: crates::words, means: |_, _| false }
        }
        _ => return None,
    };
    Some(terms)
}

/// Whether a manifest declares the package for use, so that it is asked who uses it.
pub fn is_declared(fact: &FactRef<'_>) -> bool {
    const MANIFESTS: [Dialect; 6] = [
        Dialect::Requirements,
        Dialect::Pyproject,
        Dialect::SetupCfg,
        Dialect::Pipfile,
        Dialect::PackageJson,
        Dialect::CargoManifest,
    ];
    let aside = Flags::LOCKED.with(Flags::OPTIONAL).with(Flags::DEV).with(Flags::UNRESOLVED);
    let manifest = MANIFESTS.contains(&fact.file.dialect()) || fact.file.name() == "go.mod";
    manifest && !fact.flags.any(aside) && !fact.key.starts_with("said:")
}

/// Whether a path lies below a folder.
fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether something below the folder is written in one of these languages.
fn has_code(languages: &[Language], folder: &str, view: &View<'_>) -> bool {
    view.files_under(folder).any(|file| languages.contains(&file.dialect().language()))
}

/// Where words stand by which declared packages may be named.
#[derive(Debug, Default)]
pub(super) struct Named {
    places: HashMap<u32, Places>,
}

#[derive(Debug, Default)]
struct Places {
    /// In settings or a script, which count wherever they lie.
    anywhere: bool,
    /// Folders with code in which it stands.
    folders: BTreeSet<String>,
}

impl Named {
    /// Looks all texts through for all packages at once: there are a thousand times more words
    /// than names.
    pub(super) fn new(view: &View<'_>) -> Self {
        let mut wanted = Marks::default();
        for declared in
            view.facts(FactKind::Package, Role::Definition).iter().filter(|f| is_declared(f))
        {
            let Some((index, name)) = declared.key.split_once(':') else { continue };
            let words = terms(index).map(|terms| (terms.words)(name)).unwrap_or_default();
            words.iter().for_each(|word| wanted.set(hash_word(word)));
        }
        let mut named = Self::default();
        for role in [Role::Reference, Role::Definition] {
            for kept in view.facts(FactKind::Words, role) {
                let found = assize_syntax::kept_words(kept.value).filter(|hash| wanted.has(*hash));
                let code = kept.file.dialect().language().is_code();
                for hash in found {
                    let places = named.places.entry(hash).or_default();
                    if !code {
                        places.anywhere = true;
                    } else if !places.folders.contains(kept.file.folder()) {
                        places.folders.insert(kept.file.folder().to_owned());
                    }
                }
            }
        }
        named
    }

    /// Whether a word of any text means the package. Texts of code count where they lie below the
    /// folder.
    fn is_named(&self, words: &BTreeSet<String>, folder: &str) -> bool {
        words.iter().filter_map(|word| self.places.get(&hash_word(word))).any(|places| {
            places.anywhere
                || places.folders.iter().any(|one| one == folder || is_below(one, folder))
        })
    }
}

/// A set of hashes of words, a bit for each.
#[derive(Debug, Default)]
struct Marks(Vec<u64>);

impl Marks {
    fn set(&mut self, hash: u32) {
        let at = hash as usize / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(slot) = self.0.get_mut(at) {
            *slot |= 1 << (hash % 64);
        }
    }

    fn has(&self, hash: u32) -> bool {
        self.0.get(hash as usize / 64).is_some_and(|slot| slot >> (hash % 64) & 1 == 1)
    }
}
