//! Classes of files that the configuration assigns.
//!
//! The nearest file with a matching glob decides. If globs of several classes in that file match,
//! the class that more controls read wins: a class cannot hide more than its author meant, and
//! `production` takes files back that a wider glob took out.

use assize_model::FileClass;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// How many globs all files of a repository may hold together.
pub const GLOBS_MAX: usize = 1_000;

/// How long one glob may be.
pub const GLOB_CHARS_MAX: usize = 300;

/// Classes in order of precedence: the most widely read first.
const PRECEDENCE: [FileClass; 9] = [
    FileClass::Production,
    FileClass::Test,
    FileClass::Example,
    FileClass::Doc,
    FileClass::RuleSelf,
    FileClass::Archive,
    FileClass::Generated,
    FileClass::Vendored,
    FileClass::Fixture,
];

/// The globs of all `assize.toml` files, compiled.
#[derive(Debug, Clone, Default)]
pub struct ClassGlobs {
    /// Deepest folder first.
    layers: Vec<ClassLayer>,
}

#[derive(Debug, Clone)]
struct ClassLayer {
    folder: String,
    /// Files above this one do not count below it.
    root: bool,
    set: GlobSet,
    /// The class of each glob of the set.
    classes: Vec<FileClass>,
}

impl ClassGlobs {
    /// The class that the configuration gives to a path, relative to the root.
    pub fn class(&self, path: &str) -> Option<FileClass> {
        for layer in &self.layers {
            let Some(inside) = below(&layer.folder, path) else { continue };
            let matched = layer.set.matches(inside);
            let of_layer = |class: &FileClass| {
                matched.iter().any(|index| layer.classes.get(*index) == Some(class))
            };
            if let Some(class) = PRECEDENCE.into_iter().find(of_layer) {
                return Some(class);
            }
            if layer.root {
                return None;
            }
        }
        None
    }

    pub fn is_empty(&self) -> bool {
        self.layers.iter().all(|layer| layer.classes.is_empty())
    }

    /// Puts the globs of one more file in, which must lie deeper than those before.
    pub(crate) fn push(
        &mut self,
        folder: &str,
        root: bool,
        globs: Vec<(Glob, FileClass)>,
    ) -> Result<(), String> {
        let mut set = GlobSetBuilder::new();
        let mut classes = Vec::with_capacity(globs.len());
        for (glob, class) in globs {
            set.add(glob);
            classes.push(class);
        }
        let set = set.build().map_err(|error| error.kind().to_string())?;
        self.layers.insert(0, ClassLayer { folder: folder.to_owned(), root, set, classes });
        Ok(())
    }
}

/// The part of a path below a folder; the root is the empty text.
pub(crate) fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// The globs for which one pattern stands.
///
/// A pattern without a slash matches at any depth, one with a slash from the folder of its file;
/// one that matches a folder matches everything below it.
///
/// # Errors
/// What is wrong with the pattern.
pub(crate) fn compile(pattern: &str) -> Result<Vec<Glob>, String> {
    if pattern.chars().count() > GLOB_CHARS_MAX {
        return Err(format!("it is longer than {GLOB_CHARS_MAX} characters"));
    }
    if pattern.starts_with('!') {
        return Err("`!` is no part of a glob; list exceptions under `production`".to_owned());
    }
    let relative = pattern.strip_prefix("./").unwrap_or(pattern);
    let inner = relative.trim_end_matches('/');
    let inner = inner.trim_start_matches('/');
    if inner.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    if inner.split('/').any(|part| part == "..") {
        return Err("it leaves the folder of this file".to_owned());
    }
    let base = anchored(pattern);
    let mut globs = Vec::new();
    if !relative.ends_with('/') {
        globs.push(one(&base)?);
    }
    if !base.ends_with("/**") && base != "**" {
        globs.push(one(&format!("{base}/**"))?);
    }
    Ok(globs)
}

/// A valid pattern, spelled from the folder of its file.
pub(crate) fn anchored(pattern: &str) -> String {
    let relative = pattern.strip_prefix("./").unwrap_or(pattern);
    let inner = relative.trim_end_matches('/');
    let anchored = inner.contains('/');
    let inner = inner.trim_start_matches('/');
    if anchored { inner.to_owned() } else { format!("**/{inner}") }
}

fn one(pattern: &str) -> Result<Glob, String> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map_err(|error| error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use assize_model::FileClass;
    use proptest::prelude::*;

    use super::{ClassGlobs, PRECEDENCE, compile};

    /// Folder, whether it is a root, patterns with their classes.
    type File<'a> = (&'a str, bool, &'a [(&'a str, FileClass)]);

    fn globs(entries: &[File<'_>]) -> ClassGlobs {
        let mut out = ClassGlobs::default();
        for (folder, root, patterns) in entries {
            let compiled = patterns
                .iter()
                .flat_map(|(p, class)| compile(p).unwrap().into_iter().map(|g| (g, *class)))
                .collect();
            out.push(folder, *root, compiled).unwrap();
        }
        out
    }

    #[test]
    fn every_class_has_a_rank() {
        let mut ranked = PRECEDENCE;
        ranked.sort();
        assert_eq!(ranked, FileClass::ALL);
    }

    #[test]
    fn patterns_match_as_the_page_says() {
        let cases = [
            ("*.gen.py", "a/b/x.gen.py", true),
            ("legacy", "a/legacy/b.py", true),
            ("legacy/", "legacy", false),
            ("legacy/", "x/legacy/b.py", true),
            ("/legacy", "x/legacy/b.py", false),
            ("/legacy", "legacy/b.py", true),
            ("data/*.json", "data/x.json", true),
            ("data/*.json", "data/deep/x.json", false),
            ("data/*.json", "x/data/x.json", false),
            ("./data/**", "data/deep/x.json", true),
            ("**/fix/**", "a/fix/b/c", true),
            ("{a,b}/c", "b/c/d", true),
            ("**", "any/thing", true),
        ];
        for (pattern, path, expected) in cases {
            let set = globs(&[("", false, &[(pattern, FileClass::Test)])]);
            assert_eq!(set.class(path).is_some(), expected, "{pattern} on {path}");
        }
        for bad in ["", "/", "!x", "../x", "a[", "a/{b", &"x".repeat(400)] {
            assert!(compile(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nearest_file_wins_then_the_most_read_class() {
        let set = globs(&[
            (
                "",
                false,
                &[("third/**", FileClass::Vendored), ("third/ours", FileClass::Production)],
            ),
            ("third/ours", false, &[("gen", FileClass::Generated)]),
            ("own", true, &[("x", FileClass::Test)]),
        ]);
        assert_eq!(set.class("third/a.py"), Some(FileClass::Vendored));
        assert_eq!(set.class("third/ours/a.py"), Some(FileClass::Production));
        assert_eq!(set.class("third/ours/gen/a.py"), Some(FileClass::Generated));
        assert_eq!(set.class("thirdparty/a.py"), None);
        let all = globs(&[("", false, &[("**", FileClass::Doc)]), ("own", true, &[])]);
        assert_eq!((all.class("own/a"), all.class("o/a")), (None, Some(FileClass::Doc)));
    }

    proptest! {
        #[test]
        fn any_pattern_compiles_or_is_refused(pattern in "\\PC{0,40}", path in "[a-z/.]{0,20}") {
            if let Ok(compiled) = compile(&pattern) {
                let mut set = ClassGlobs::default();
                let globs = compiled.into_iter().map(|glob| (glob, FileClass::Test)).collect();
                if set.push("", false, globs).is_ok() {
                    let _ = set.class(&path);
                }
            }
        }
    }
}
