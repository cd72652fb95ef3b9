//! What all fuzz targets have in common: an input becomes a file with a name, and whatever is read
//! from it must hold together.
//!
//! A target refuses nothing and expects no facts: it says what must be true of any input. The
//! fuzzer ends the process at any panic, so a failed assertion is a crash with its input kept.

mod calls;
mod properties;

use assize_checks::{CONTROLS, Input, check_file, index_text};
use assize_config::{ControlEntry, ControlTable, Date, Settings};
use assize_index::{Classifier, FileStamp, Head, IndexedFile, Overlay, Snapshot};
use assize_model::{FileClass, ProblemKind, RepoPath};
use assize_syntax::FileFlags;

pub use calls::{around, files, judged};
pub use properties::{Lines, assert_facts};

/// The day on which all inputs are read.
pub const TODAY: Date = Date { year: 2026, month: 11, day: 23 };

/// The file names of each target.
const NAMES: &str = include_str!("../names.txt");

/// One input as a file.
#[derive(Debug, Clone)]
pub struct Case {
    pub path: RepoPath,
    pub class: FileClass,
    pub text: String,
}

impl Case {
    /// The first byte picks one of the target's names, the rest is the text. Bytes that are no
    /// UTF-8 are replaced: they would end the reading before any parser runs.
    pub fn new(target: &str, data: &[u8]) -> Option<Self> {
        let (first, rest) = data.split_first()?;
        let names = names(target);
        let number = usize::from(first.wrapping_sub(b'0')) % names.len();
        let path = RepoPath::new(names[number]).expect("a name is a path");
        let text = String::from_utf8_lossy(rest).into_owned();
        let class = Classifier::default().class(&path, Head::of(&text), true);
        Some(Self { path, class, text })
    }

    /// The text as extraction sees it.
    pub fn body(&self) -> &str {
        self.text.strip_prefix('\u{feff}').unwrap_or(&self.text)
    }

    pub fn index(&self) -> IndexedFile {
        let bytes = self.text.as_bytes();
        index_text(&self.path, self.class, bytes, FileStamp::default(), FileFlags::TRACKED)
    }
}

fn names(target: &str) -> Vec<&'static str> {
    let line = NAMES
        .lines()
        .find_map(|line| line.strip_prefix(target)?.strip_prefix(' '))
        .expect("names.txt has a line for each target that reads files");
    line.split_whitespace().collect()
}

/// All controls, as the configuration knows them.
pub fn control_table() -> ControlTable<'static> {
    ControlTable::new(CONTROLS.iter().map(|control| ControlEntry {
        name: control.name.0,
        severity: control.severity,
        options: control.options,
    }))
}

/// Reads an input as a file, runs every control on it, and looks at all that came of it.
pub fn judge(target: &str, data: &[u8]) -> Option<(Case, IndexedFile)> {
    let case = Case::new(target, data)?;
    let file = case.index();
    assert_eq!(file, case.index(), "two readings of the same text differ");
    assert_facts(&file, case.body());
    assert_controls(&case);
    Some((case, file))
}

/// Every control on this file alone, in a repository that holds nothing else.
fn assert_controls(case: &Case) {
    let input =
        Input { path: &case.path, class: case.class, bytes: case.text.as_bytes(), before: None };
    let settings = Settings::plain(TODAY);
    let result = check_file(&input, &Snapshot::empty(), &Overlay::new(), &settings);
    let lines = Lines::new(case.body());
    for finding in &result.findings {
        lines.assert_holds(finding.place, &finding.control.0);
    }
    for problem in &result.problems {
        assert_ne!(problem.kind, ProblemKind::Panic, "{problem:?}");
    }
}

/// Lets panics through that come from a parser which is expected to panic, and whose panics are
/// caught where it is called. All others end the process, as the fuzzer's own hook does.
pub fn tolerate_panics_in(package: &'static str) {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let inside = panic.location().is_some_and(|place| place.file().contains(package));
        if !inside {
            hook(panic);
        }
    }));
}
