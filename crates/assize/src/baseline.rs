//! The baseline: findings that were there when Assize was taken up.
//!
//! One line per finding, in order: fingerprint, count, control and code, path. The file shrinks by
//! itself when findings are repaired. It grows only when it is made, or with `--upgrade` after a
//! new version of Assize or of a control; the versions stand in its head.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use assize_checks::CONTROLS;
use assize_model::{Finding, FindingState, Fingerprint, Problem, ProblemKind};

use crate::failure::Failure;

/// Where it lies, relative to the root.
pub(crate) const NAME: &str = ".assize/baseline.txt";
/// A million findings fit; nobody repairs more one by one.
const BYTES_MAX: u64 = 256 << 20;
const TITLE: &str = "# assize baseline 1";

#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    count: usize,
    control: String,
    path: String,
}

/// The recorded findings, and the versions that recorded them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Baseline {
    /// `name version` of Assize and of each control.
    pub(crate) versions: BTreeMap<String, String>,
    known: BTreeMap<Fingerprint, Known>,
}

/// The versions of this program.
pub(crate) fn versions() -> BTreeMap<String, String> {
    let own = ("assize".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    CONTROLS
        .iter()
        .map(|control| (control.name.0.to_owned(), control.version.to_string()))
        .chain(std::iter::once(own))
        .collect()
}

impl Baseline {
    /// The baseline of today's findings.
    pub(crate) fn of(findings: &[Finding]) -> Self {
        let mut baseline = Self { versions: versions(), known: BTreeMap::new() };
        for finding in findings {
            baseline.add(finding);
        }
        baseline
    }

    fn add(&mut self, finding: &Finding) {
        let known = self.known.entry(finding.fingerprint).or_insert_with(|| Known {
            count: 0,
            control: format!("{}/{}", finding.control, finding.code),
            path: finding.path.as_str().to_owned(),
        });
        known.count += 1;
    }

    /// How many findings it holds.
    pub(crate) fn len(&self) -> usize {
        self.known.values().fold(0, |sum: usize, known| sum.saturating_add(known.count))
    }

    /// How many findings it holds of each control.
    pub(crate) fn by_control(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for known in self.known.values() {
            let control =
                known.control.rsplit_once('/').map_or(&*known.control, |(control, _)| control);
            let count: &mut usize = counts.entry(control.to_owned()).or_insert(0);
            *count = count.saturating_add(known.count);
        }
        counts
    }

    /// Reads the file; none when there is none.
    pub(crate) fn load(root: &Path) -> Result<Option<Self>, Failure> {
        let bytes = match assize_repo::read_up_to(&root.join(NAME), BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::said(format!("cannot read `{NAME}`: {error}"))),
        };
        let text = String::from_utf8_lossy(&bytes);
        Self::parse(&text).map(Some).map_err(|line| {
            Failure::said(format!("`{NAME}:{line}` is no line of a baseline"))
                .hint("restore the file from git, or make it anew with `assize baseline`")
        })
    }

    /// Reads the text; the number of the first line that is none of ours otherwise.
    fn parse(text: &str) -> Result<Self, usize> {
        let mut baseline = Self::default();
        for (number, line) in text.lines().enumerate() {
            let wrong = number + 1;
            if number == 0 {
                if line != TITLE {
                    return Err(wrong);
                }
            } else if let Some(version) = line.strip_prefix("# ") {
                let (name, version) = version.split_once(' ').ok_or(wrong)?;
                baseline.versions.insert(name.to_owned(), version.to_owned());
            } else if !line.trim().is_empty() {
                let mut words = line.splitn(4, ' ');
                let mut word = || words.next().ok_or(wrong);
                let fingerprint = Fingerprint::from_hex(word()?).ok_or(wrong)?;
                let count = word()?.parse().map_err(|_| wrong)?;
                let control = word()?.to_owned();
                let path = word()?.to_owned();
                baseline.known.insert(fingerprint, Known { count, control, path });
            }
        }
        if baseline.versions.is_empty() { Err(1) } else { Ok(baseline) }
    }

    fn text(&self) -> String {
        let mut out = format!("{TITLE}\n");
        // Writing to a string cannot fail.
        for (name, version) in &self.versions {
            let _ = writeln!(out, "# {name} {version}");
        }
        let mut lines: Vec<(&Known, &Fingerprint)> =
            self.known.iter().map(|(fingerprint, known)| (known, fingerprint)).collect();
        lines.sort_by(|a, b| (&a.0.path, &a.0.control, a.1).cmp(&(&b.0.path, &b.0.control, b.1)));
        for (known, fingerprint) in lines {
            let _ = writeln!(out, "{fingerprint} {} {} {}", known.count, known.control, known.path);
        }
        out
    }

    /// Replaces the file.
    pub(crate) fn save(&self, root: &Path) -> Result<(), Failure> {
        let path = root.join(NAME);
        let folder = root.join(".assize");
        let failed = |error: std::io::Error| {
            Failure::said(format!("cannot write `{}`: {error}", path.display()))
        };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let mut file = tempfile::Builder::new()
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
            .tempfile_in(&folder)
            .map_err(failed)?;
        std::io::Write::write_all(&mut file, self.text().as_bytes()).map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// Marks the findings that it covers.
    pub(crate) fn mark(&mut self, findings: &mut [Finding]) {
        let mut left: BTreeMap<Fingerprint, usize> =
            self.known.iter().map(|(fingerprint, known)| (*fingerprint, known.count)).collect();
        for finding in findings {
            if let Some(count) = left.get_mut(&finding.fingerprint).filter(|count| **count > 0) {
                *count -= 1;
                finding.state = FindingState::Baselined;
            }
        }
    }

    /// Forgets what is no longer found, and says how many that were. Where something could not be
    /// seen today, nothing is known to be repaired, and nothing is forgotten.
    pub(crate) fn shrink(&mut self, findings: &[Finding], problems: &[Problem]) -> usize {
        if problems.iter().any(|problem| may_hide(problem.kind)) {
            return 0;
        }
        let today = Self::of(findings);
        let before = self.len();
        self.known.retain(|fingerprint, known| {
            let still = today.known.get(fingerprint).map_or(0, |now| now.count);
            known.count = known.count.min(still);
            known.count > 0
        });
        before - self.len()
    }
}

/// Whether a problem may hide a finding that another pass would see. What a repository simply
/// contains, such as a large file or a dangling link, hides the same from every pass.
fn may_hide(kind: ProblemKind) -> bool {
    match kind {
        ProblemKind::Unreadable
        | ProblemKind::Changed
        | ProblemKind::MissingBlob
        | ProblemKind::Git
        | ProblemKind::Panic
        | ProblemKind::Configuration
        | ProblemKind::Root => true,
        ProblemKind::TooLarge
        | ProblemKind::NotUtf8
        | ProblemKind::TooDeep
        | ProblemKind::DanglingLink
        | ProblemKind::LinkLoop
        | ProblemKind::Cache
        | ProblemKind::NotRegular => false,
    }
}

#[cfg(test)]
mod tests {
    use assize_model::{
        ControlName, Finding, FindingState, Fingerprint, FingerprintParts, Place, RepoPath,
        Severity,
    };

    use super::Baseline;

    fn finding(subject: &str) -> Finding {
        let path = RepoPath::new("a b/c.py").unwrap();
        let control = ControlName("phantom-env");
        Finding {
            fingerprint: Fingerprint::of(&FingerprintParts {
                control,
                version: 1,
                code: "undefined",
                path: &path,
                item: "",
                subject,
            }),
            path,
            place: Place::START,
            control,
            code: "undefined".to_owned(),
            severity: Severity::Error,
            message: String::new(),
            help: String::new(),
            state: FindingState::New,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let baseline = Baseline::of(&[finding("A"), finding("A"), finding("B")]);
        assert_eq!(baseline.len(), 3);
        assert_eq!(Baseline::parse(&baseline.text()), Ok(baseline));
        assert_eq!(Baseline::parse("# assize baseline 1\n# assize 1\nnonsense\n"), Err(3));
        assert_eq!(Baseline::parse(""), Err(1));
    }

    #[test]
    fn it_covers_as_many_as_it_counted_and_shrinks() {
        let mut baseline = Baseline::of(&[finding("A"), finding("B")]);
        let mut now = [finding("A"), finding("A")];
        baseline.mark(&mut now);
        assert_eq!(now.map(|f| f.state), [FindingState::Baselined, FindingState::New]);
        assert_eq!(baseline.shrink(&[finding("A")], &[]), 1);
        assert_eq!(baseline.len(), 1);
    }
}
