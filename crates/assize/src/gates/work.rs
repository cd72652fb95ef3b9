//! The work that a gate looks at: what changed, on what, and what is demanded for it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use assize_config::Settings;
use assize_guard::Reason;
use assize_index::{Classifier, Head, View};
use assize_model::{FileClass, RepoPath};

use super::infer::Around;
use super::runs::Run;
use super::{changelog, fresh, suites};

/// A file that the work changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) path: String,
    pub(crate) class: FileClass,
    /// The object that it is now; nothing where it went.
    pub(crate) object: Option<String>,
    /// The object that it was; nothing where it is new.
    pub(crate) before: Option<String>,
}

/// How many commits there are, and how many of them changed a file.
pub(crate) type Touches = (usize, usize);

/// Everything that demands follow from.
pub(crate) struct Work<'a> {
    pub(crate) touched: &'a [Touched],
    /// The tree that is judged, as runs record it.
    pub(crate) tree: Option<&'a str>,
    pub(crate) settings: &'a Settings,
    pub(crate) view: View<'a>,
    pub(crate) runs: &'a [Run],
    /// The text of a file of the repository as it is judged.
    pub(crate) text: &'a dyn Fn(&str) -> Option<String>,
    /// The text that a changed file was.
    pub(crate) text_before: &'a dyn Fn(&Touched) -> Option<String>,
    /// The objects of the changed paths in a commit.
    pub(crate) objects_at: &'a dyn Fn(&str) -> Option<BTreeMap<String, String>>,
    /// Of the last commits at and below a folder, those that changed a file.
    pub(crate) history: &'a dyn Fn(&str, &str) -> Option<Touches>,
}

/// What is demanded of the work.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Demands {
    pub(crate) missing: Vec<Reason>,
    /// The runs that prove what is not missing.
    pub(crate) proofs: Vec<Run>,
}

/// What of the demands is not met, and by what the others are.
pub(crate) fn demands(work: &Work<'_>) -> Demands {
    let around = Around { view: work.view, text: work.text };
    let contents =
        fresh::Contents { tree: work.tree, at: work.objects_at, known: RefCell::default() };
    let mut found = Demands::default();
    for suite in suites::demanded(work.touched, &work.settings.gates, &around) {
        match fresh::proof(&suite, &contents, work.runs) {
            Ok(run) if found.proofs.contains(run) => {}
            Ok(run) => found.proofs.push(run.clone()),
            Err(reason) => found.missing.push(reason),
        }
    }
    if work.settings.gates.changelog {
        found.missing.extend(changelog::missing(work));
    }
    found
}

/// What a file is for; of one that is gone, what its path says.
pub(crate) fn class_of(path: &str, view: View<'_>, settings: &Settings) -> FileClass {
    let named = settings.classes.class(path).or_else(|| view.file(path).map(|file| file.class()));
    named.unwrap_or_else(|| {
        let path = RepoPath::new(path).ok();
        path.map_or(FileClass::Production, |path| {
            Classifier::default().class(&path, Head::of(""), true)
        })
    })
}
