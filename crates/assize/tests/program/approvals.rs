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
fn who_only_looks_leaves_no_trace() {
    let scene = Scene::committed(SHOP);
    assert_eq!(scene.run(&["approve", "--list"]).expect(0).text(), "");
    assert!(!scene.state().exists() && !scene.path(".git/assize-id").exists());
}

#[test]
fn a_call_that_is_too_long_to_show_says_so() {
    let scene = Scene::committed(SHOP);
    let long = format!("echo {}; {DROPS}", "a".repeat(3_000));
    let id = request(&shell(&scene, &long));
    let ended = person(&scene, &["approve", &id, "--reason", "x"]).expect(0);
    assert!(ended.err.contains("only its beginning is shown"), "{}", ended.err);
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
fn the_ledger_counts_and_not_what_was_kept_of_it() {
    let scene = Scene::committed(SHOP);
    approve(&scene, &request(&shell(&scene, DROPS)), &[]);
    scene.run(&["approve", "--list"]).expect(0);
    let kept = scene.segments().pop().unwrap().with_file_name("work").join("grants");
    let before_its_use = std::fs::read(&kept).unwrap();
    assert!(shell(&scene, DROPS).is_silent());
    let count = scene.run(&["ledger", "export"]).expect(0).text().lines().count();
    // As another process has it that looked a moment before the use.
    let mut late = assize_session::Grants::from_bytes(&before_its_use).unwrap();
    late.sequence = u64::try_from(count).unwrap();
    std::fs::write(&kept, late.to_bytes().unwrap()).unwrap();
    request(&shell(&scene, DROPS));
    assert_eq!(entries(&scene, "approval-used").len(), 1);
    // What is damaged or gone is folded anew.
    for bytes in [&before_its_use[..9], b""] {
        std::fs::write(&kept, bytes).unwrap();
        request(&shell(&scene, DROPS));
    }
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
fn after_its_last_day_an_approval_lifts_nothing() {
    let scene = Scene::committed(SHOP);
    request(&shell(&scene, DROPS));
    let folder = scene.segments().pop().unwrap().parent().unwrap().to_owned();
    let denied = entries(&scene, "verdict").pop().unwrap();
    let text = |value: &Value| assize_ledger::Value::from(value.as_str().unwrap());
    let append = |id: &str, until: &str| {
        let payload = assize_ledger::Map::from([
            ("approval".to_owned(), id.into()),
            ("request".to_owned(), text(&denied["request"])),
            ("call-hash".to_owned(), text(&denied["call-hash"])),
            ("controls".to_owned(), assize_ledger::Value::List(vec!["shell-destructive".into()])),
            ("until".to_owned(), until.into()),
            ("reason".to_owned(), "a drill".into()),
            ("person".to_owned(), "me".into()),
        ]);
        let actor = assize_ledger::Actor { harness: String::new(), agent: None, user: "me".into() };
        let origin = assize_ledger::Origin { time_ms: 1, session: "person".to_owned(), actor };
        let kind = assize_ledger::Kind::new("approval").unwrap();
        let wait = std::time::Duration::from_secs(10);
        let mut ledger = assize_ledger::Ledger::open(&folder, wait).unwrap();
        ledger.append(&assize_ledger::Draft { origin, kind, payload }).unwrap();
    };
    append("1", "2020-01-01");
    request(&shell(&scene, DROPS));
    append("2", &today());
    assert!(shell(&scene, DROPS).is_silent());
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
    let ledger = scene.state();
    let denied = shell(&scene, &format!("rm -rf {}", ledger.display())).reason();
    assert!(!denied.contains("assize approve"), "{denied}");
    let above = shell(&scene, "rm -rf ~/.local/state").reason();
    assert!(!above.contains("assize approve"), "{above}");
    let own = shell(&scene, "assize approve 0123456789").reason();
    assert!(own.contains("human-approval") && !own.contains("A person can allow"), "{own}");
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
    // Waivers are not signed.
    let day = today();
    let waive = ["waive", "phantom-env", "shop/settings.py", "--until", &day, "--reason", "x"];
    assert!(person(&scene, &waive).expect(2).err.contains("signed"));
}

fn today() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let seconds = i64::try_from(since.as_secs()).unwrap();
    assize_config::Date::from_unix_seconds(seconds).to_string()
}

#[test]
fn what_a_person_lets_be_stops_no_call_and_is_still_shown() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    let (phantom, other) = ("from shop.never import x\n", "from shop.nothing import x\n");
    write(&scene, "shop/more.py", phantom).reason();
    let waive = |control: &str, place: &str, day: &str| {
        person(&scene, &["waive", control, place, "--until", day, "--reason", "a drill"])
    };
    let today = today();
    waive("phantom-local-import", "shop/none.py", &today).expect(2);
    waive("phantom-local-import", "shop/more.py", "2020-01-01").expect(2);
    waive("no-control", "shop/more.py", &today).expect(2);
    let below =
        ["waive", "phantom-local-import", "shop/more.py", "--until", &today, "--reason", "x"];
    agent(&scene, &below).expect(2);
    write(&scene, "shop/more.py", phantom).reason();
    waive("phantom-local-import", "shop/more.py", &today).expect(0);
    assert!(write(&scene, "shop/more.py", phantom).is_silent());
    write(&scene, "shop/more.py", other).reason();
    write(&scene, "shop/others.py", phantom).reason();
    // In the file itself, by line and by name.
    assert_eq!(scene.run(&["check"]).status, Some(1));
    waive("phantom-local-import", "shop/api.py:1", &today).expect(0);
    waive("phantom-env", "shop/settings.py:DATABASE_URL", &today).expect(2);
    waive("phantom-env", "shop/settings.py:MAIL_KEY", &today).expect(0);
    let checked = scene.run(&["check", "--format", "concise"]).expect(0);
    let text = checked.text();
    assert!(text.contains("(waived)") && text.contains("2 waived"), "{text}");
    // Where there is no ledger, as in CI, nothing is waived.
    let elsewhere = scene
        .assize(&["check"])
        .env("XDG_STATE_HOME", scene.folder().join("none"))
        .output()
        .unwrap();
    assert_eq!(elsewhere.status.code(), Some(1));
}

#[test]
fn what_is_harmful_is_not_let_be() {
    let scene = Scene::committed(SHOP);
    write(&scene, "shop/settings.py", BROKEN).reason();
    let day = today();
    let arguments = ["waive", "syntax-parse", "shop/settings.py", "--until", &day, "--reason", "x"];
    let refused = person(&scene, &arguments).expect(2);
    assert!(refused.err.contains("block"), "{}", refused.err);
}

#[test]
fn what_was_allowed_is_no_violation_afterwards() {
    let scene = Scene::committed(SHOP);
    let start =
        json!({ "session_id": "s-1", "cwd": scene.tree(), "hook_event_name": "SessionStart" });
    crate::hook::ask_with(&scene, "claude-code", start.to_string().as_bytes());
    approve(&scene, &request(&write(&scene, "shop/settings.py", BROKEN)), &[]);
    assert!(write(&scene, "shop/settings.py", BROKEN).is_silent());
    scene.write("shop/settings.py", BROKEN);
    let path = scene.path("shop/settings.py");
    let input = json!({ "file_path": path, "content": BROKEN });
    let after = ask(&scene, "PostToolUse", "Write", input);
    assert!(!after.out.contains("syntax-parse"), "{}", after.out);
}

#[test]
fn a_root_below_cannot_demand_less_than_the_one_above() {
    let scene = Scene::committed(SHOP);
    scene.write("shop/assize.toml", "root = true\n");
    let denied = || {
        let event = json!({
            "session_id": "s-1", "cwd": scene.path("shop"), "hook_event_name": "PreToolUse",
            "tool_name": "Bash", "tool_input": { "command": DROPS }, "tool_use_id": "call-1",
        });
        crate::hook::ask_with(&scene, "claude-code", event.to_string().as_bytes())
    };
    // It has a record of its own.
    approve(&scene, &request(&denied()), &["--path", "shop"]);
    scene.write("assize.toml", "root = true\n[approvals]\nstrength = \"signed\"\n");
    let reason = denied().reason();
    assert!(reason.contains("not signed"), "{reason}");
    scene.write("assize.toml", "root = true\n");
    assert!(denied().is_silent());
}

#[test]
fn a_denial_in_enforce_with_several_reasons_keeps_its_offer() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    let many: String = (0..40).map(|n| format!("from shop.never_{n} import x\n")).collect();
    request(&write(&scene, "shop/more.py", &many));
}

#[test]
fn a_large_deletion_waits_for_a_person() {
    let scene = Scene::of(SHOP);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    for number in 0..25 {
        scene.write(format!("legacy/f{number}.py"), "x = 1\n");
        if number < 20 {
            scene.write(format!("small/f{number}.py"), "x = 1\n");
        }
    }
    scene.commit("first");
    let denied = shell(&scene, "git rm -r -q legacy");
    assert!(denied.reason().contains("human-approval"), "{}", denied.out);
    assert!(denied.reason().contains("25 tracked files"), "{}", denied.out);
    assert!(shell(&scene, "git rm -r -q small").is_silent());
    approve(&scene, &request(&denied), &[]);
    assert!(shell(&scene, "git rm -r -q legacy").is_silent());
}
