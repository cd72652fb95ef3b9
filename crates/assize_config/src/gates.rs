//! `[gates]`: which evidence a repository demands, and by which commands it is had.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// So many suites, and so many globs in each, has no repository.
pub const SUITES_MAX: usize = 100;
pub const SUITE_GLOBS_MAX: usize = 100;

/// Whether a commit must carry an evidence bundle to pass in CI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EvidenceDemand {
    /// Without one the answer is `unproven`, and the static gates decide.
    #[default]
    Optional,
    Required,
}

impl EvidenceDemand {
    pub const ALL: [Self; 2] = [Self::Optional, Self::Required];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

/// A command, and the files whose changes it must be run for.
#[derive(Debug, Clone)]
pub struct Suite {
    globs: GlobSet,
    pub command: String,
}

impl Suite {
    /// # Errors
    /// The globs cannot be used together.
    pub fn new(globs: Vec<Glob>, command: String) -> Result<Self, globset::Error> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            set.add(glob);
        }
        Ok(Self { globs: set.build()?, command })
    }

    /// Whether a file, by its path relative to the root, is one that the command tests.
    pub fn covers(&self, path: &str) -> bool {
        self.globs.is_match(path)
    }
}

/// A glob over paths relative to the root, in which `*` stops at a folder's end.
///
/// # Errors
/// The text is no glob.
pub(crate) fn path_glob(text: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(text).literal_separator(true).build()
}

/// What `[gates]` says.
#[derive(Debug, Clone)]
pub struct Gates {
    pub suites: Vec<Suite>,
    /// Whether commands of tests are also taken from what the repository holds.
    pub infer_tests: bool,
    /// Whether a change of what is released must be told in its changelog.
    pub changelog: bool,
    pub evidence: EvidenceDemand,
}

impl Default for Gates {
    fn default() -> Self {
        let evidence = EvidenceDemand::Optional;
        Self { suites: Vec::new(), infer_tests: true, changelog: true, evidence }
    }
}
