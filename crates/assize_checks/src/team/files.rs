//! Which files there are, and how they are named.

use assize_config::{Case, Settings, TeamRule, Wanted};
use assize_index::{FileRef, View, glob_matches};
use assize_model::{
    FileClass, Finding, FindingState, Fingerprint, FingerprintParts, Place, RepoPath,
};

/// Meaning of what the rules find: part of the fingerprint.
pub(crate) const VERSION: u32 = 1;

/// Whether a rule means a file.
pub(super) fn concerns(rule: &TeamRule, path: &str, class: FileClass) -> bool {
    if !rule.classes.contains(&class) {
        return false;
    }
    if rule.paths.is_empty() && rule.except.is_empty() {
        return true;
    }
    let parts: Vec<&str> = path.split('/').collect();
    let any = |globs: &[String]| globs.iter().any(|glob| covers(glob, &parts));
    (rule.paths.is_empty() || any(&rule.paths)) && !any(&rule.except)
}

/// Whether a glob means a path, or a folder above it.
fn covers(glob: &str, parts: &[&str]) -> bool {
    let patterns: Vec<&str> = glob.split('/').collect();
    glob_matches(&patterns, parts)
}

/// What a rule says of the path of a file alone: the code and the text that it is about.
pub(super) fn says(rule: &TeamRule, path: &str, class: FileClass) -> Option<&'static str> {
    let code = match &rule.wanted {
        Wanted::NoFile => "file",
        Wanted::Named(_) => "name",
        Wanted::Code { .. } | Wanted::Text { .. } | Wanted::File(_) => return None,
    };
    if !concerns(rule, path, class) {
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let named = |wanted: &str| {
        Case::from_word(wanted).map_or_else(|| glob_matches(&[wanted], &[name]), |c| c.fits(name))
    };
    match &rule.wanted {
        Wanted::Named(names) if names.iter().any(|said| named(&said.text)) => None,
        _ => Some(code),
    }
}

/// What the rules say of the path of a file.
pub(crate) fn by_path(file: FileRef<'_>, settings: &Settings) -> Vec<Finding> {
    let word = file.dialect().language().word();
    let read = |rule: &&TeamRule| {
        rule.languages.is_empty() || rule.languages.iter().any(|one| one == word)
    };
    let rules = settings.team.iter().filter(read);
    rules
        .filter_map(|rule| {
            let code = says(rule, file.path(), file.class())?;
            finding(rule, code, file.repo_path(), Place::START, "", settings)
        })
        .collect()
}

/// What the rules say must be there and is not. It is told at the rule.
pub(crate) fn missing(view: View<'_>, settings: &Settings) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in settings.team.iter() {
        let Wanted::File(globs) = &rule.wanted else { continue };
        for said in globs.iter().filter(|said| !there_is(&view, &said.text)) {
            let (line, column) = (said.line, said.column);
            let place = Place { line, column, end_line: line, end_column: column };
            let Ok(path) = RepoPath::new(&rule.file) else { continue };
            let message = &said.text;
            found.extend(finding(rule, "missing", path, place, message, settings));
        }
    }
    found
}

/// Whether a file or folder is there that a glob, or a path without any sign of one, means.
fn there_is(view: &View<'_>, wanted: &str) -> bool {
    let is_path = !wanted.contains(['*', '?', '[']);
    if is_path { view.exists(wanted) } else { crate::glob::any(view, wanted) }
}

fn finding(
    rule: &TeamRule,
    code: &str,
    path: RepoPath,
    place: Place,
    subject: &str,
    settings: &Settings,
) -> Option<Finding> {
    let severity = settings.severity(rule.name.0, path.as_str(), rule.severity)?;
    let fingerprint = Fingerprint::of(&FingerprintParts {
        control: rule.name,
        version: VERSION,
        code,
        path: &path,
        item: "",
        subject,
    });
    let missing = if subject.is_empty() {
        String::new()
    } else {
        format!(": nothing matches `{}`", subject.trim_start_matches("**/"))
    };
    Some(Finding {
        path,
        place,
        control: rule.name,
        code: code.to_owned(),
        severity,
        message: format!("{}{missing}", rule.message),
        help: rule.help.clone(),
        fingerprint,
        state: FindingState::New,
    })
}
