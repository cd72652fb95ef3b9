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
