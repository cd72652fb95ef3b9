//! What a reference means: questions to the view that follow a language's own look-up rules.

pub mod javascript;
pub mod python;

use crate::View;

/// What look-ups need to know of the whole repository, gathered once per pass.
#[derive(Debug, Default)]
pub struct World {
    pub python: python::PythonWorld,
    pub javascript: javascript::JavaScriptWorld,
}

impl World {
    pub fn new(view: &View<'_>) -> Self {
        Self {
            python: python::PythonWorld::new(view),
            javascript: javascript::JavaScriptWorld::new(view),
        }
    }
}

/// What an import means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// A module of ours; the imported name is there, or cannot be told to be absent.
    Local,
    /// The language's own library, or a package that a manifest in reach declares.
    External,
    /// A package that no manifest declares; the distribution's likely name.
    Undeclared { package: String },
    /// A module of ours that does not exist; the path where it was expected, and the nearest
    /// existing one.
    NoModule { expected: String, nearest: Option<String> },
    /// A module of ours that exists, without the imported name.
    NoSymbol { module: String, name: String, nearest: Option<String> },
    /// It cannot be decided: never a finding.
    Unresolved,
}
