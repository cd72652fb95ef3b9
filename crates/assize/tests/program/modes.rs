//! Observing and denying: which of them a repository begins with, and who may switch.

use std::process::Command;

use crate::scene::{PROGRAM, SHOP, Scene, end};

/// The program below something that is called as a client is.
fn below(scene: &Scene, client: &str, arguments: &[&str]) -> Command {
    let path = scene.in_path(client, "\"$@\"\nexit $?");
    let mut command = scene.surrounded(client);
    command.env("PATH", path).arg(PROGRAM).args(arguments);
    command
}

fn configuration(scene: &Scene) -> String {
    std::fs::read_to_string(scene.path("assize.toml")).unwrap()
}

#[test]
fn init_begins_with_observing_and_leaves_a_configuration_that_is_there() {
    let scene = Scene::committed(SHOP);
    scene.run(&["init", "--yes"]).expect(0);
    let text = configuration(&scene);
    let keys: Vec<&str> =
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    // Nothing that would make a session owe a reading or a test.
    assert_eq!(keys, ["root = true", "[guard]", "mode = \"observe\""]);
    scene.run(&["check"]).expect(1);
    let own = "# ours\nroot = true\n[env]\nexternal = [\"MAIL_KEY\"]";
    scene.write("assize.toml", own);
    scene.run(&["init", "--yes"]).expect(0);
    assert_eq!(configuration(&scene), own);
    scene.person(&["init", "--yes", "--enforce"]).expect(0);
    assert_eq!(configuration(&scene), format!("{own}\n\n[guard]\nmode = \"enforce\"\n"));
    // What somebody wrote stays when the hooks go.
    scene.person(&["uninstall", "--yes"]).expect(0);
    assert!(configuration(&scene).starts_with(own));
}

#[test]
fn a_person_switches_and_one_key_changes() {
    let scene = Scene::committed(SHOP);
    let own = "root = true # top\r\n\r\n[guard] # later more\r\nmode = 'observe'\t# for now\r\n";
    scene.write("assize.toml", own);
    scene.person(&["enforce", "--yes"]).expect(0);
    assert_eq!(configuration(&scene), own.replace("'observe'", "\"enforce\""));
    let again = scene.person(&["enforce", "--yes"]).expect(0);
    assert!(again.err.contains("nothing to change"), "{}", again.err);
    scene.person(&["enforce", "--off", "--yes"]).expect(0);
    assert_eq!(configuration(&scene), own.replace('\'', "\""));
    let recorded = scene.run(&["ledger", "export"]).expect(0);
    assert_eq!(recorded.text().matches("\"kind\":\"mode\"").count(), 2, "{}", recorded.text());
    // Nobody can be asked here.
    assert!(scene.person(&["enforce"]).expect(2).err.contains("add `--yes`"));
}

#[test]
fn where_there_is_no_configuration_one_is_made() {
    let scene = Scene::committed(SHOP);
    scene.person(&["enforce", "--yes"]).expect(0);
    assert!(configuration(&scene).contains("mode = \"enforce\""));
}

#[test]
fn a_configuration_that_is_wrong_is_named_with_its_place() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n[guard\n");
    let refused = scene.person(&["enforce", "--yes"]).expect(2);
    assert!(refused.err.contains("assize.toml") && refused.err.contains("2:7"), "{}", refused.err);
}

#[test]
fn an_agent_switches_nothing() {
    for client in ["claude", "codex", "gemini", "cursor-agent"] {
        let scene = Scene::committed(SHOP);
        scene.run(&["init", "--yes"]).expect(0);
        let before = scene.git(&["status", "--porcelain"]);
        let text = configuration(&scene);
        for arguments in [
            &["enforce", "--off", "--yes"][..],
            &["enforce", "--yes"],
            &["init", "--enforce", "--yes"],
            &["uninstall", "--yes"],
        ] {
            let refused = end(&mut below(&scene, client, arguments)).expect(2);
            let why = format!("`{client}` runs this");
            assert!(refused.err.contains(&why), "{arguments:?}: {}", refused.err);
        }
        assert_eq!(configuration(&scene), text);
        assert_eq!(scene.git(&["status", "--porcelain"]), before);
        // What changes nothing is for everybody.
        end(&mut below(&scene, client, &["check", "--fail-on=block"])).expect(0);
    }
}

/// In a container the client is often the first process of all.
#[test]
fn a_client_without_a_parent_is_known_as_well() {
    let scene = Scene::committed(SHOP);
    let path = scene.in_path("claude", "\"$@\"\nexit $?");
    let alone = |arguments: &[&str]| {
        let mut command = scene.surrounded("unshare");
        command.env("PATH", &path).args(["--map-root-user", "--pid", "--fork", "--mount-proc"]);
        end(command.arg("claude").arg(PROGRAM).args(arguments))
    };
    if alone(&["--version"]).status != Some(0) {
        // The system grants no such space.
        return;
    }
    let refused = alone(&["enforce", "--yes"]).expect(2);
    assert!(refused.err.contains("`claude` runs this"), "{}", refused.err);
}

#[test]
fn a_person_at_a_terminal_is_asked() {
    for (typed, mode) in [("n\\n", "observe"), ("\\n", "observe"), ("y\\n", "enforce")] {
        let scene = Scene::committed(SHOP);
        scene.run(&["init", "--yes"]).expect(0);
        let Some(ended) = scene.typed(typed, "enforce") else { return };
        let said = String::from_utf8_lossy(&ended.out).into_owned();
        assert!(said.contains("change these files?"), "{said}");
        assert!(configuration(&scene).contains(&format!("mode = \"{mode}\"")), "{typed}: {said}");
        assert_eq!(ended.status, Some(if mode == "enforce" { 0 } else { 2 }));
    }
}
