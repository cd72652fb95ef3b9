//! Where a control leaves what it found.

use assize_model::{Place, Severity};

/// One breach as the control saw it. The engine adds control, path and fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The control's sub-case, in kebab case.
    pub code: &'static str,
    /// `None`: the severity of the control's metadata.
    pub severity: Option<Severity>,
    /// The file, where it is not the one being judged: controls of scope `Groups` name the member.
    pub path: Option<String>,
    pub place: Place,
    /// What is wrong and why, in one sentence without a full stop.
    pub message: String,
    /// What to do instead.
    pub help: String,
    /// The enclosing function, class or key path.
    pub item: String,
    /// The package, variable or target that the finding is about.
    pub subject: String,
}

/// Collects reports.
#[derive(Debug, Default)]
pub struct Sink {
    pub(crate) reports: Vec<Report>,
    pub(crate) unresolved: u32,
}

impl Sink {
    pub fn report(&mut self, report: Report) {
        self.reports.push(report);
    }

    /// Counts a reference that could not be decided. It is never a finding.
    pub fn unresolved(&mut self) {
        self.unresolved = self.unresolved.saturating_add(1);
    }
}
