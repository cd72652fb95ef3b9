//! `init` and `uninstall` on the files that people really have.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::permissions::as_ordinary_user;
use crate::scene::{PROGRAM, SHOP, Scene, end, mode, start};

/// Settings in forms that an editor, a person or another system leaves behind.
const FORMS: &[&str] = &[
    "{}",
    "{}\n",
    "{\n  // mine\n  \"model\": \"x\", /* and */\n}\n",
    "\u{feff}{\r\n\t\"model\": \"x\"\r\n}\r\n",
    "{\t\"a\" : 1 , \t\n\n \"hooks\": {  }   \n}   \n\n",
    "{\"hooks\": {\"PreToolUse\": [{\"hooks\": [{\"type\": \"command\", \"command\": \"lint\"}]}]}}",
];

/// All files below a folder and what they hold; links by their target. What Assize keeps for itself
/// in a home folder is left out.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_symlink() {
                let target = std::fs::read_link(&path).unwrap();
                all.insert(path, target.display().to_string());
            } else if path.is_dir() {
                folders.extend((!path.ends_with(".local")).then_some(path));
            } else if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                all.insert(path, bytes.escape_ascii().to_string());
            }
        }
    }
    all
}

pub(crate) fn put(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

pub(crate) fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The arguments of a scope, with the folder below which its files lie.
fn scopes(scene: &Scene) -> [(Vec<String>, PathBuf, &'static str); 3] {
    let machine = scene.folder().join("machine");
    let of = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let managed = of(&["--scope", "managed", "--managed-root", machine.to_str().unwrap()]);
    [
        (Vec::new(), scene.tree(), ".claude/settings.json"),
        (of(&["--scope", "user"]), scene.folder().join("home"), ".claude/settings.json"),
        (managed, machine, "etc/claude-code/managed-settings.json"),
    ]
}

pub(crate) fn words<'a>(command: &'a str, scope: &'a [String]) -> Vec<&'a str> {
    [command, "--yes"].into_iter().chain(scope.iter().map(String::as_str)).collect()
}

#[test]
fn every_byte_comes_back_in_every_scope() {
    let scene = Scene::committed(SHOP);
    for (scope, base, claude) in scopes(&scene) {
        for form in FORMS {
            let path = base.join(claude);
            put(&path, form);
            mode(&path, 0o640);
            let before = files(&base);
            scene.run(&words("init", &scope)).expect(0);
            let once = files(&base);
            assert_ne!(before, once, "{form:?}");
            assert!(text(&path).contains("hook claude-code"));
            assert_eq!(text(&path).matches("lint").count(), form.matches("lint").count());
            scene.run(&words("init", &scope)).expect(0);
            assert_eq!(files(&base), once, "twice: {form:?}");
            scene.person(&words("uninstall", &scope)).expect(0);
            assert_eq!(files(&base), before, "{form:?}");
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        }
    }
}

#[test]
fn settings_of_the_machine_are_for_everybody_to_read() {
    let scene = Scene::committed(SHOP);
    let machine = scene.folder().join("machine");
    let arguments =
        ["init", "--yes", "--scope=managed", "--managed-root", machine.to_str().unwrap()];
    scene.run(&arguments).expect(0);
    let requirements = machine.join("etc/codex/requirements.toml");
    assert!(text(&requirements).contains("[hooks]\nmanaged_dir = \"/"));
    assert!(!scene.path("assize.toml").exists(), "the machine's settings are no repository's");
    use std::os::unix::fs::PermissionsExt as _;
    let readable = std::fs::metadata(&requirements).unwrap().permissions().mode();
    assert_eq!(readable & 0o444, 0o444);
    scene.person(&[&["uninstall"], &arguments[1..]].concat()).expect(0);
    assert!(files(&machine).is_empty());
}

/// The program where it was built, run by an ordinary user; none where that user cannot reach it.
/// (A copy in a temporary folder would be refused for lying there.)
pub(crate) fn as_other_user(scene: &Scene, arguments: &[&str]) -> Option<Command> {
    let mut command = as_ordinary_user(scene, arguments);
    if command.get_program() != "setpriv" {
        return Some(command);
    }
    let user = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    command = scene.surrounded("setpriv");
    let reached = end(command.args(user).args([PROGRAM, "--version"])).status == Some(0);
    command = scene.surrounded("setpriv");
    command.args(user).arg(PROGRAM).args(arguments);
    reached.then_some(command)
}

#[test]
fn who_has_no_right_is_told_and_nothing_is_written() {
    let scene = Scene::committed(SHOP);
    let machine = scene.folder().join("machine");
    std::fs::create_dir_all(machine.join("etc")).unwrap();
    let arguments =
        ["init", "--yes", "--scope=managed", "--managed-root", machine.to_str().unwrap()];
    let Some(mut command) = as_other_user(&scene, &arguments) else { return };
    mode(&machine.join("etc"), 0o555);
    let refused = end(&mut command);
    mode(&machine.join("etc"), 0o755);
    let refused = refused.expect(2);
    assert!(refused.err.contains("need an administrator"), "{}", refused.err);
    assert!(files(&machine).is_empty());
}

#[test]
fn what_cannot_be_edited_stops_everything_and_is_named_with_its_place() {
    let scene = Scene::committed(SHOP);
    for (form, place) in [
        ("", "not valid JSON"),
        ("{\n  \"a\": 1,\n  ]\n}", "line 3"),
        ("{\"hooks\": []}", "`hooks`"),
        ("[1]", "not an object"),
    ] {
        scene.write(".claude/settings.json", form);
        let before = files(&scene.tree());
        let refused = scene.run(&["init", "--yes"]).expect(2);
        assert!(refused.err.contains(".claude/settings.json"), "{}", refused.err);
        assert!(refused.err.contains(place), "{}", refused.err);
        assert_eq!(files(&scene.tree()), before);
    }
    scene.write(".claude/settings.json", b"{\"a\": \"\xff\"}");
    let refused = scene.run(&["init", "--yes"]).expect(2);
    assert!(refused.err.contains("not UTF-8"), "{}", refused.err);
    scene.remove(".claude/settings.json");
    scene.fifo(".claude/settings.json");
    scene.run(&["init", "--yes"]).expect(2);
    assert!(!scene.path(".codex").exists() && !scene.path("assize.toml").exists());
}

#[test]
fn a_file_that_is_read_only_is_left_and_so_are_the_others() {
    let scene = Scene::committed(SHOP);
    scene.write(".codex/hooks.json", "{}\n");
    mode(&scene.path(".codex/hooks.json"), 0o444);
    let before = files(&scene.tree());
    let refused = scene.run(&["init", "--yes"]).expect(2);
    assert!(refused.err.contains("hooks.json` is read-only"), "{}", refused.err);
    assert_eq!(files(&scene.tree()), before);
}

#[test]
fn a_link_stays_and_the_file_behind_it_is_edited() {
    let scene = Scene::committed(SHOP);
    scene.write("dotfiles/claude.json", "{ \"a\": 1 }\n");
    scene.link("../dotfiles/claude.json", ".claude/settings.json");
    let before = files(&scene.tree());
    let told = scene.run(&["init", "--yes", "--harness=claude-code"]).expect(0);
    assert!(told.text().contains("dotfiles/claude.json"), "{}", told.text());
    assert!(scene.path(".claude/settings.json").is_symlink());
    assert!(text(&scene.path("dotfiles/claude.json")).contains("hook claude-code"));
    scene.person(&["uninstall", "--yes"]).expect(0);
    assert_eq!(files(&scene.tree()), before);
    // A link to nothing is somebody's mistake.
    scene.remove("dotfiles/claude.json");
    scene.run(&["init", "--yes"]).expect(2);
    assert!(!scene.path("dotfiles/claude.json").exists());
}

#[test]
fn a_linked_folder_is_named_by_where_it_leads_and_stays() {
    let scene = Scene::committed(SHOP);
    std::fs::create_dir(scene.path("dotfiles")).unwrap();
    scene.link("dotfiles", ".claude");
    let told = scene.run(&["init", "--yes", "--harness=claude-code"]).expect(0);
    assert!(told.text().contains("tree/dotfiles/settings.json"), "{}", told.text());
    assert!(text(&scene.path("dotfiles/settings.json")).contains("hook claude-code"));
    scene.person(&["uninstall", "--yes"]).expect(0);
    assert!(scene.path(".claude").is_symlink() && scene.path("dotfiles").is_dir());
    assert!(!scene.path("dotfiles/settings.json").exists());
}

#[test]
fn runs_at_once_leave_what_one_leaves() {
    let one = Scene::committed(SHOP);
    let many = Scene::committed(SHOP);
    let form = "{\n  \"model\": \"x\"\n}\n";
    for scene in [&one, &many] {
        scene.write(".claude/settings.json", form);
    }
    one.run(&["init", "--yes"]).expect(0);
    let children: Vec<_> = (0..6).map(|_| start(&mut many.assize(&["init", "--yes"]))).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    for file in [".claude/settings.json", ".codex/hooks.json", "assize.toml"] {
        assert_eq!(text(&one.path(file)), text(&many.path(file)), "{file}");
    }
    assert_eq!(
        many.git(&["status", "--porcelain", "-uall"]),
        one.git(&["status", "--porcelain", "-uall"])
    );
}

#[test]
fn files_are_kept_as_they_were_outside_the_tree() {
    let scene = Scene::committed(SHOP);
    let form = "{ \"mine\": true }\n";
    scene.write(".claude/settings.json", form);
    let told = scene.run(&["init", "--yes"]).expect(0);
    let kept = files(&scene.state().join("backups"));
    let (path, bytes) = kept.iter().next().unwrap();
    assert_eq!((kept.len(), bytes.as_str()), (1, "{ \\\"mine\\\": true }\\n"));
    assert!(path.ends_with("tree/.claude/settings.json"), "{path:?}");
    let folder = path.display().to_string();
    let folder = folder.split("Z/").next().unwrap();
    assert!(told.err.contains(folder), "{}", told.err);
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let scene = Scene::committed(SHOP);
    scene.write(".claude/settings.json", "{}");
    let before = files(&scene.tree());
    let shown = scene.run(&["init", "--dry-run"]).expect(0);
    assert!(shown.text().contains("assize.toml") && shown.text().contains("PreToolUse"));
    assert_eq!(files(&scene.tree()), before);
    assert!(!scene.state().join("backups").exists());
}

#[test]
fn what_the_installed_client_lacks_decides_the_form_of_the_hook_and_is_told() {
    for (version, switched) in [("2.1.330 (Claude Code)", true), ("2.1.197 (Claude Code)", false)] {
        let scene = Scene::committed(SHOP);
        let path = scene.in_path("claude", &format!("echo '{version}'"));
        let mut init = scene.assize(&["init", "--yes", "--harness=claude-code"]);
        let told = end(init.env("PATH", path)).expect(0);
        let installed = text(&scene.path(".claude/settings.json"));
        assert_eq!(installed.contains("\"onFailure\": \"block\""), switched, "{installed}");
        assert_eq!(installed.contains("sh -c"), !switched, "{installed}");
        assert!(!installed.contains("async"));
        assert_eq!(told.err.contains("2.1.197 has no switch"), !switched, "{}", told.err);
    }
    // One that says nothing is taken for a new one, and that is told.
    let scene = Scene::committed(SHOP);
    let path = scene.in_path("claude", "exit 1");
    let mut init = scene.assize(&["init", "--yes", "--harness=claude-code"]);
    let told = end(init.env("PATH", path)).expect(0);
    assert!(told.err.contains("no Claude Code says its version"), "{}", told.err);
    assert!(text(&scene.path(".claude/settings.json")).contains("onFailure"));
    let scene = Scene::committed(SHOP);
    let told = scene.run(&["init", "--yes", "--harness=codex"]).expect(0);
    assert!(told.err.contains("trusted"), "{}", told.err);
    assert!(text(&scene.path(".codex/hooks.json")).contains("sh -c"));
}

/// A folder that held nothing but what `init` wrote is the user's still.
#[test]
fn an_empty_folder_outlives_what_was_in_it() {
    let scene = Scene::bare();
    scene.run(&["init", "--yes"]).expect(0);
    assert!(scene.path("assize.toml").is_file());
    scene.person(&["uninstall", "--yes"]).expect(0);
    assert_eq!(std::fs::read_dir(scene.tree()).unwrap().count(), 0);
}
