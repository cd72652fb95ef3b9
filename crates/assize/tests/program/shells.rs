//! What shells and `man` are given: made from the command line, so it knows all of it.

use std::collections::BTreeSet;
use std::path::Path;

use crate::scene::{PROGRAM, Scene, end};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// The commands that the help lists below the given ones.
fn commands(scene: &Scene, above: &[&str]) -> Vec<String> {
    let help = scene.run(&[above, &["--help"]].concat()).expect(0);
    let text = help.text();
    let Some((_, after)) = text.split_once("Commands:\n") else { return Vec::new() };
    let (list, _) = after.split_once("\n\n").unwrap();
    let names = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// The names of the pages that the whole command line needs.
fn expected(scene: &Scene, above: &[&str], pages: &mut BTreeSet<String>) {
    pages.insert(format!("{}.1", [&["assize"], above].concat().join("-")));
    for name in commands(scene, above) {
        expected(scene, &[above, &[name.as_str()]].concat(), pages);
    }
}

fn completed(scene: &Scene, words: &str, script: &Path) -> String {
    let ask = format!(
        "source '{}'; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
         _assize assize \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"; echo \"${{COMPREPLY[*]}}\"",
        script.display(),
    );
    let mut bash = scene.surrounded("bash");
    end(bash.args(["--norc", "--noprofile", "-c", &ask])).expect(0).text().trim_end().to_owned()
}

#[test]
fn bash_completes_commands_options_and_values() {
    let scene = Scene::bare();
    let script = scene.folder().join("assize.bash");
    std::fs::write(&script, scene.run(&["completions", "bash"]).expect(0).out).unwrap();
    let load = format!("source '{}' && complete -p assize", script.display());
    let mut bash = scene.surrounded("bash");
    let loaded = end(bash.args(["--norc", "--noprofile", "-c", &load])).expect(0);
    assert!(loaded.text().contains("-F _assize"), "{}", loaded.text());
    assert_eq!(loaded.err, "");
    assert_eq!(completed(&scene, "assize gate comm", &script), "commit");
    assert_eq!(completed(&scene, "assize check --chan", &script), "--changed");
    assert_eq!(completed(&scene, "assize check --format sar", &script), "sarif");
}

#[test]
fn every_shell_is_told_every_command() {
    let scene = Scene::bare();
    let all = commands(&scene, &[]);
    assert!(all.len() > 15 && all.contains(&"check".to_owned()), "{all:?}");
    for shell in SHELLS {
        let script = scene.run(&["completions", shell]).expect(0);
        for command in &all {
            assert!(script.text().contains(command), "{shell} does not know `{command}`");
        }
        assert!(!script.text().contains(PROGRAM), "{shell}");
    }
    let unknown = scene.run(&["completions", "nosuch"]).expect(2);
    assert!(unknown.err.contains("bash, elvish, fish"), "{}", unknown.err);
}

#[test]
fn the_manual_names_every_command() {
    let scene = Scene::bare();
    let page = scene.run(&["man"]).expect(0);
    for command in commands(&scene, &[]) {
        let name = format!("assize\\-{}(1)", command.replace('-', "\\-"));
        assert!(page.text().contains(&name), "{name}: {}", page.text());
    }
    assert!(page.text().contains(".TH assize 1"), "{}", page.text());
}

#[test]
fn there_is_a_page_for_each_command_and_no_other() {
    let scene = Scene::bare();
    let folder = scene.folder().join("share/man/man1");
    scene.run(&["man", "--out", folder.to_str().unwrap()]).expect(0);
    let mut pages = BTreeSet::new();
    expected(&scene, &[], &mut pages);
    let names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
    let written: BTreeSet<String> = names.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(written, pages);
    assert!(pages.contains("assize-gate-commit.1"), "{pages:?}");
    let page = std::fs::read_to_string(folder.join("assize-gate-commit.1")).unwrap();
    assert!(page.contains("assize gate commit") && page.contains("\\-\\-staged"), "{page}");
}

#[test]
fn pages_that_cannot_be_written_are_an_error() {
    let scene = Scene::bare();
    scene.write("taken", "a file\n");
    let ended = scene.run(&["man", "--out", "taken/man"]).expect(2);
    assert!(ended.err.contains("cannot write pages into taken/man"), "{}", ended.err);
}
