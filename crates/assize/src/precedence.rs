//! What files below the root say in vain: `authority-precedence`.

use assize_checks::CONTROLS;
use assize_config::{Ignored, Settings};
use assize_model::{
    ControlName, Finding, FindingState, Fingerprint, FingerprintParts, Place, RepoPath, Severity,
};

const CONTROL: ControlName = ControlName("authority-precedence");
const HELP: &str = "take it out, or let a person say it in the `assize.toml` of the root";

/// Each thing that does not count because the root has an authority, as a finding: nothing was
/// loosened, but somebody may believe that it was.
pub(crate) fn findings(settings: &Settings) -> Vec<Finding> {
    let own = |name: &str| {
        let control = CONTROLS.iter().find(|control| control.name.0 == name);
        let rule = || settings.team.iter().find(|rule| rule.name.0 == name);
        control.map(|control| control.severity).or_else(|| rule().map(|rule| rule.severity))
    };
    settings.overruled(&own).iter().filter_map(finding).collect()
}

fn finding(ignored: &Ignored) -> Option<Finding> {
    let path = RepoPath::new(&ignored.file).ok()?;
    let code = "ignored";
    let parts = FingerprintParts {
        control: CONTROL,
        version: 1,
        code,
        path: &path,
        item: "",
        subject: &ignored.what,
    };
    let line = ignored.line;
    Some(Finding {
        place: Place { line, column: 1, end_line: line, end_column: 1 },
        control: CONTROL,
        code: code.to_owned(),
        severity: Severity::Warn,
        message: ignored.what.clone(),
        help: HELP.to_owned(),
        fingerprint: Fingerprint::of(&parts),
        state: FindingState::New,
        path,
    })
}
