//! What the effects of a command leave.

use super::surroundings;
use crate::edit::{After, FILES_MAX, Simulation, after_effects};
use crate::{Effect, Effects, Place, Program, Reach};

fn known(path: &str) -> Place {
    Place::Known(path.to_owned())
}

fn written(path: &str, content: Option<&str>, append: bool) -> Effect {
    let content = content.map(str::to_owned);
    Effect::Write { at: known(path), content, append, reach: Reach::One }
}

fn run(name: &str, words: &[&str]) -> Effect {
    let words = words.iter().map(|word| Some((*word).to_owned())).collect();
    Effect::Run(Program { name: name.to_owned(), words, variables: Vec::new() })
}

fn moved(from: &str, to: &str) -> Effect {
    Effect::Move { from: known(from), to: known(to) }
}

/// What `effects` leave where `/repo/sub/a` holds `one` and a line end.
fn on(effects: Vec<Effect>) -> Simulation {
    let read = |path: &str| (path == "/repo/sub/a").then(|| b"one\n".to_vec());
    after_effects(&Effects { all: effects }, &surroundings(), &read)
}

fn check(effects: Vec<Effect>, files: &[(&str, Option<&str>)], unplaced: &[Place]) {
    let found = on(effects);
    let found_files: Vec<(&str, Option<&str>)> = found
        .files
        .iter()
        .map(|(path, after)| match after {
            After::Written(bytes) => (path.as_str(), std::str::from_utf8(bytes).ok()),
            After::Deleted => (path.as_str(), None),
            After::Unknown(_) => (path.as_str(), Some("?")),
        })
        .collect();
    assert_eq!(found_files, files);
    assert_eq!(found.unplaced, unplaced);
    assert_eq!(found.failed, []);
}

#[test]
fn content_replaces_or_follows() {
    check(vec![written("/a", Some("x"), false)], &[("/a", Some("x"))], &[]);
    let path = "/repo/sub/a";
    check(vec![written(path, Some("x"), false)], &[(path, Some("x"))], &[]);
    check(vec![written(path, Some("x"), true)], &[(path, Some("one\nx"))], &[]);
    check(vec![written("/a", Some("x"), true)], &[("/a", Some("x"))], &[]);
    let twice = vec![written("/a", Some("x"), false), written("/a", Some("y"), true)];
    check(twice, &[("/a", Some("xy"))], &[]);
}

#[test]
fn unknown_content_stays_unknown() {
    let effects = vec![written("/a", None, false), written("/a", Some("x"), true)];
    check(effects, &[("/a", Some("?"))], &[]);
}

#[test]
fn a_deleted_file_is_gone_for_what_follows() {
    let delete = Effect::Delete { at: known("/repo/sub/a"), reach: Reach::One };
    check(vec![delete.clone()], &[("/repo/sub/a", None)], &[]);
    let effects = vec![delete, written("/repo/sub/a", Some("x"), true)];
    check(effects, &[("/repo/sub/a", Some("x"))], &[]);
}

#[test]
fn a_folder_takes_what_was_written_there() {
    let effects = vec![
        written("/d/a", Some("x"), false),
        written("/da", Some("x"), false),
        Effect::Delete { at: known("/d"), reach: Reach::Many },
    ];
    let unplaced = [Place::Below("/d/".to_owned())];
    check(effects, &[("/d/a", None), ("/da", Some("x"))], &unplaced);
}

#[test]
fn a_file_is_moved_with_its_content() {
    let files = [("/b", Some("one\n")), ("/repo/sub/a", None)];
    check(vec![moved("/repo/sub/a", "/b")], &files, &[]);
}

#[test]
fn a_folder_is_moved_with_files_that_are_not_named() {
    let unplaced = [Place::Below("/x/".to_owned()), Place::Below("/y/".to_owned())];
    check(vec![moved("/x", "/y")], &[("/x", None), ("/y", Some("?"))], &unplaced);
}

#[test]
fn a_copy_has_the_content_of_its_source() {
    let read = Effect::Read(known("/repo/sub/a"));
    let copy = |words: &[&str]| vec![run("cp", words), read.clone(), written("/b", None, false)];
    check(copy(&["-p", "a", "/b"]), &[("/b", Some("one\n"))], &[]);
    check(copy(&["a", "/other"]), &[("/b", Some("?"))], &[]);
    check(copy(&["--suffix=x", "a", "/b"]), &[("/b", Some("?"))], &[]);
    check(copy(&["a", "c", "/b"]), &[("/b", Some("?"))], &[]);
}

#[test]
fn a_copy_from_a_folder_that_is_not_known_is_unknown() {
    let read = Effect::Read(known("/elsewhere/a"));
    let effects = vec![run("cp", &["a", "/b"]), read, written("/b", None, false)];
    check(effects, &[("/b", Some("?"))], &[]);
}

#[test]
fn places_without_a_name_are_told_once() {
    let place = Place::Below("/d/".to_owned());
    let effect = Effect::Write {
        at: place.clone(),
        content: Some("x".to_owned()),
        append: false,
        reach: Reach::Many,
    };
    let cannot = Effect::CannotKnow("a variable".to_owned());
    check(vec![effect.clone(), effect, cannot], &[], &[place, Place::Unknown]);
}

#[test]
fn files_have_a_limit() {
    let writes = |count: usize| {
        (0..count).map(|at| written(&format!("/{at}"), Some("x"), false)).collect::<Vec<_>>()
    };
    assert_eq!(on(writes(FILES_MAX)).unplaced, []);
    let beyond = on(writes(FILES_MAX + 1));
    assert_eq!((beyond.files.len(), beyond.unplaced), (FILES_MAX, vec![Place::Unknown]));
}

#[test]
fn a_copy_among_other_writers_is_unknown() {
    let read = Effect::Read(known("/repo/sub/a"));
    let copy = run("cp", &["a", "/b"]);
    let write = written("/b", None, false);
    check(
        vec![copy.clone(), read.clone(), write.clone(), write.clone()],
        &[("/b", Some("?"))],
        &[],
    );
    check(vec![copy.clone(), copy, read, write], &[("/b", Some("?"))], &[]);
}
