//! The languages that a control claims against the fixtures that it has.

use assize_checks::{CONTROLS, FIXTURES};
use assize_model::RepoPath;
use assize_syntax::{Dialect, Language};

use crate::shelf;

#[test]
fn a_claimed_language_has_bad_and_good_fixtures() {
    let mut faults = String::new();
    for control in CONTROLS {
        for language in control.languages {
            let word = language.word();
            let counts = FIXTURES.iter().find(|one| one.0 == control.name.0 && one.1 == word);
            let (bad, good) = counts.map_or((0, 0), |one| (one.2, one.3));
            if bad == 0 || good == 0 {
                let name = control.name;
                faults
                    .push_str(&format!("{name} claims {word}: {bad} bad, {good} good fixtures\n"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn fixtures_stand_under_a_language_that_the_control_claims() {
    let mut faults = String::new();
    for (control, word, _, _) in FIXTURES {
        let Some(language) = Language::ALL.into_iter().find(|one| one.word() == *word) else {
            faults.push_str(&format!("{control}: `{word}` is no language\n"));
            continue;
        };
        let claimed = assize_checks::control(control).unwrap().languages;
        if !claimed.contains(&language) {
            faults.push_str(&format!("{control} has fixtures for {word}, but does not claim it\n"));
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn the_counts_are_those_of_the_folders() {
    let counted: u32 = FIXTURES.iter().map(|one| one.2 + one.3).sum();
    let present: usize =
        CONTROLS.iter().map(|one| assize_testkit::fixtures(&shelf::folder(one.name.0)).len()).sum();
    assert_eq!(counted as usize, present, "run `cargo xtask codegen`");
}

/// Whether a file says what code of the language rests on, in a notation of its own.
fn is_manifest(name: &str, language: &str) -> bool {
    match language {
        "go" => name == "go.mod",
        "rust" => name == "Cargo.toml",
        _ => false,
    }
}

/// A bad fixture in the folder of a language expects a finding in a file of that language: else it
/// would prove nothing for it.
#[test]
fn a_bad_fixture_expects_a_finding_in_its_language() {
    let mut faults = String::new();
    for fixture in shelf::all().iter().filter(|fixture| fixture.bad) {
        let proves = fixture.tree.expected.iter().any(|(path, _, _)| {
            let bytes = fixture.tree.files.get(path).map_or(&[][..], Vec::as_slice);
            let path = RepoPath::new(path).unwrap();
            let dialect = Dialect::of(&path, &String::from_utf8_lossy(bytes));
            dialect.language().word() == fixture.language
                || is_manifest(path.name(), &fixture.language)
        });
        if !proves {
            faults.push_str(&format!("{}\n", fixture.name));
        }
    }
    assert!(faults.is_empty(), "no finding in a file of the folder's language:\n{faults}");
}
