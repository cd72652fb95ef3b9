//! Denials that people lift: once, up to a day, signed; and who cannot.

use serde_json::{Value, json};

use crate::hook::{Answer, ask, write};
use crate::scene::{SHOP, Scene};
use crate::terminal::{agent, careless, person};

/// A command that is denied in every mode.
const DROPS: &str = "git reset --hard";
/// Python that does not parse.
const BROKEN: &str = "def f(:\n";

fn shell(scene: &Scene, command: &str) -> Answer {
    ask(scene, "PreToolUse", "Bash", json!({ "command": command }))
}

/// The id at the end of a denial.
#[track_caller]
fn request(answer: &Answer) -> String {
    let reason = answer.reason();
    assert!(reason.chars().count() <= 600, "{reason}");
    let offer = reason.lines().last().unwrap();
    let id = offer.strip_prefix("A person can allow this once: assize approve ").unwrap();
    assert_eq!(id.len(), 10, "{id}");
    id.to_owned()
}

/// All entries of a kind.
pub(crate) fn entries(scene: &Scene, kind: &str) -> Vec<Value> {
    let exported = scene.run(&["ledger", "export"]).expect(0);
    let lines = exported.text().lines().map(|line| serde_json::from_str(line).unwrap());
    lines.filter(|line: &Value| line["kind"] == kind).map(|line| line["payload"].clone()).collect()
}

#[track_caller]
fn approve(scene: &Scene, id: &str, more: &[&str]) {
    person(scene, &[&["approve", id, "--reason", "a drill"], more].concat()).expect(0);
}

#[test]
fn an_approval_works_once_and_for_nothing_else() {
    let scene = Scene::committed(SHOP);
    let id = request(&shell(&scene, DROPS));
    assert_eq!(request(&shell(&scene, DROPS)), id);
    assert_ne!(request(&shell(&scene, "git reset --hard HEAD~1")), id);
    let listed = scene.run(&["approve", "--list"]).expect(0);
    assert!(listed.text().contains(&id) && listed.text().contains(DROPS), "{}", listed.text());
    let ended = person(&scene, &["approve", &id, "--reason", "a drill"]).expect(0);
    assert!(ended.err.contains(DROPS) && ended.err.contains("shell-destructive"), "{}", ended.err);
    assert!(!scene.run(&["approve", "--list"]).expect(0).text().contains(&id));
    assert_eq!(request(&shell(&scene, "git reset --hard HEAD~1")).len(), 10);
    assert!(shell(&scene, DROPS).is_silent());
    // The client asks a person as well, for the same call.
    let asked = ask(&scene, "PermissionRequest", "Bash", json!({ "command": DROPS }));
    assert!(asked.is_silent(), "{}", asked.out);
    assert_eq!(request(&shell(&scene, DROPS)), id);
    let approval = entries(&scene, "approval").pop().unwrap();
    assert_eq!(approval["reason"], "a drill");
    assert_eq!(approval["strength"], "local");
    assert_eq!(approval["person"], "tester@example.invalid");
    assert_eq!(entries(&scene, "approval-used").len(), 1);
    let lifted = entries(&scene, "verdict");
    let lifted: Vec<&Value> = lifted.iter().filter(|one| one["lifted"].is_array()).collect();
    assert!(!lifted.is_empty() && lifted.iter().all(|one| one["verdict"] == "allow"));
    assert!(scene.run(&["ledger", "verify"]).expect(0).text().contains("none wrong"));
}

#[test]
fn of_two_calls_at_once_one_uses_it() {
    let scene = Scene::committed(SHOP);
    approve(&scene, &request(&shell(&scene, DROPS)), &[]);
    let allowed = std::thread::scope(|scope| {
        let call = || scope.spawn(|| u8::from(shell(&scene, DROPS).is_silent()));
        let all: Vec<_> = (0..4).map(|_| call()).collect();
        all.into_iter().map(|one| one.join().unwrap()).sum::<u8>()
    });
    assert_eq!(allowed, 1);
    assert_eq!(entries(&scene, "approval-used").len(), 1);
}

#[test]
fn an_approval_is_of_the_files_as_they_were() {
    let scene = Scene::committed(SHOP);
    let id = request(&write(&scene, "shop/settings.py", BROKEN));
    approve(&scene, &id, &[]);
    scene.write("shop/settings.py", "import sys\n");
    let other = request(&write(&scene, "shop/settings.py", BROKEN));
    assert_ne!(other, id);
    let (_, settings) = SHOP.iter().find(|(path, _)| *path == "shop/settings.py").unwrap();
    scene.write("shop/settings.py", settings);
    assert_ne!(request(&write(&scene, "shop/settings.py", "def g(:\n")), id);
    assert!(write(&scene, "shop/settings.py", BROKEN).is_silent());
}

#[test]
fn up_to_a_day_means_again_and_again_and_not_for_ever() {
    let scene = Scene::committed(SHOP);
    let id = request(&shell(&scene, DROPS));
    for day in ["2020-01-01", "2999-01-01", "tomorrow"] {
        let refused = person(&scene, &["approve", &id, "--reason", "x", "--until", day]);
        assert_eq!(refused.status, Some(2), "{day}: {}", refused.err);
    }
    let today = today();
    approve(&scene, &id, &["--until", &today]);
    for _ in 0..3 {
        assert!(shell(&scene, DROPS).is_silent());
    }
    assert_eq!(entries(&scene, "approval-used").len(), 3);
}

#[test]
fn who_is_no_person_lifts_nothing() {
    let scene = Scene::committed(SHOP);
    let id = request(&shell(&scene, DROPS));
    let arguments = ["approve", &id, "--reason", "x"];
    let below = agent(&scene, &arguments).expect(2);
    assert!(below.err.contains("`claude`"), "{}", below.err);
    let piped = scene.run(&arguments).expect(2);
    assert!(!piped.err.contains("Type"), "{}", piped.err);
    let wrong = careless(&scene, &arguments).expect(2);
    assert!(wrong.err.contains("not typed back"), "{}", wrong.err);
    assert_eq!(request(&shell(&scene, DROPS)), id);
    let attempts = entries(&scene, "approval-attempt");
    assert_eq!(attempts.len(), 3);
    assert!(attempts[0]["why"].as_str().unwrap().contains("claude"));
    assert!(entries(&scene, "approval").is_empty());
    person(&scene, &["approve", "0000000000", "--reason", "x"]).expect(2);
}

#[test]
fn the_record_and_failures_of_ours_are_beyond_lifting() {
    let scene = Scene::committed(SHOP);
    let ledger = scene.segments_folder();
    let denied = shell(&scene, &format!("rm -rf {}", ledger.display())).reason();
    assert!(!denied.contains("assize approve"), "{denied}");
    let above = shell(&scene, "rm -rf ~/.local/state").reason();
    assert!(!above.contains("assize approve"), "{above}");
    // A person may let an agent change the settings.
    request(&write(&scene, ".claude/settings.json", "{}"));
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enfrce\"\n");
    let failed = write(&scene, "notes.md", "x\n").reason();
    assert!(!failed.contains("assize approve"), "{failed}");
}

#[test]
fn where_signatures_are_demanded_only_keys_of_the_repository_count() {
    let scene = Scene::committed(SHOP);
    let key = |name: &str| {
        let path = scene.folder().join(name);
        let mut command = scene.surrounded("ssh-keygen");
        command.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&path);
        crate::scene::end(&mut command).expect(0);
        path.to_string_lossy().into_owned()
    };
    let (own, other) = (key("own"), key("other"));
    // Approved before anybody demanded a signature.
    approve(&scene, &request(&shell(&scene, DROPS)), &[]);
    scene.write("assize.toml", "root = true\n[approvals]\nstrength = \"signed\"\n");
    scene.write(".assize/keys/me.pub", std::fs::read(format!("{own}.pub")).unwrap());
    let denied = shell(&scene, DROPS);
    assert!(denied.reason().contains("not signed"), "{}", denied.out);
    let id = request(&denied);
    // The approval is there, so that nothing is open: another call is.
    assert_eq!(id.len(), 10);
    let other_call = "git checkout -- .";
    let id = request(&shell(&scene, other_call));
    person(&scene, &["approve", &id, "--reason", "x", "--key", &other]).expect(2);
    person(&scene, &["approve", &id, "--reason", "x"]).expect(2);
    assert!(!shell(&scene, other_call).is_silent());
    approve(&scene, &id, &["--key", &own]);
    // Git's own key is found by itself.
    scene.git(&["config", "gpg.format", "ssh"]);
    scene.git(&["config", "user.signingkey", &own]);
    let dropped = request(&shell(&scene, DROPS));
    approve(&scene, &dropped, &[]);
    assert!(shell(&scene, DROPS).is_silent());
    // A key that is no longer there signs nothing.
    scene.remove(".assize/keys/me.pub");
    scene.write(".assize/keys/me.pub", std::fs::read(format!("{other}.pub")).unwrap());
    let denied = shell(&scene, other_call).reason();
    assert!(denied.contains("no key in `.assize/keys`"), "{denied}");
    scene.write(".assize/keys/me.pub", std::fs::read(format!("{own}.pub")).unwrap());
    assert!(shell(&scene, other_call).is_silent());
    assert_eq!(entries(&scene, "approval").last().unwrap()["strength"], "signed");
}

fn today() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let seconds = i64::try_from(since.as_secs()).unwrap();
    assize_config::Date::from_unix_seconds(seconds).to_string()
}
