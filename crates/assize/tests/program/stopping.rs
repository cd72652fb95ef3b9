//! The end of a session: kept off until its evidence is there, told in words that change, and never
//! for ever.

use serde_json::{Value, json};

use crate::observe::entries;
use crate::proving::{CODE, FILES, OTHER, Project, TESTS, reason};
use crate::scene::PROGRAM;

fn outcomes(project: &Project) -> Vec<String> {
    let stops = entries(&project.scene, "stop");
    stops.iter().map(|one| one["payload"]["outcome"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_session_ends_when_its_evidence_is_there() {
    let project = Project::new(&[]);
    // It has changed nothing yet.
    assert_eq!(project.stop(), (0, String::new()));
    project.write("app/total.py", CODE);
    let (status, told) = project.stop();
    assert_eq!(status, 2, "{told}");
    let told = reason(&told);
    assert!(told.contains("no run of the tests is recorded for `app/total.py`"), "{told}");
    assert!(told.contains("`assize exec -- pytest`"), "{told}");
    project.test().expect(0);
    assert_eq!(project.stop(), (0, String::new()));
    // An edit voids the run, and a change of something else does not.
    project.write("notes.md", "x\n");
    assert_eq!(project.stop(), (0, String::new()));
    project.write("app/total.py", OTHER);
    let (status, told) = project.stop();
    assert_eq!(status, 2, "{told}");
    assert!(reason(&told).contains("changed after the tests ran"), "{told}");
    // What is taken back is no work.
    project.write("app/total.py", FILES[3].1);
    assert_eq!(project.stop(), (0, String::new()));
    assert_eq!(outcomes(&project), ["blocked", "proven", "proven", "blocked", "proven"]);
}

#[test]
fn nobody_is_told_twice_and_nobody_is_kept_for_ever() {
    let project = Project::new(&[]);
    project.write("app/total.py", CODE);
    let first = project.stop();
    assert_eq!(first.0, 2);
    // Nothing changed: it ends, and the person hears of it.
    let second = project.stop();
    assert_eq!(second.0, 0);
    assert!(reason(&second.1).contains("no run of the tests"), "{second:?}");
    // Another turn in which nothing is done is let be.
    assert_eq!(project.stop(), (0, String::new()));
    assert_eq!(outcomes(&project), ["blocked", "unproven"]);
    // More work is held to the same, in other words.
    project.write("app/total.py", OTHER);
    let third = project.stop();
    assert!(third.0 == 2 && reason(&third.1).contains("still: no run"), "{third:?}");
    // Each answer is another one, and still there is an end.
    let mut row = 1;
    for round in 0..6 {
        project.write("tests/test_total.py", &format!("{TESTS}# {round}\n"));
        project.agents(PROGRAM, &["exec", "--", "pytest"]).expect(0);
        project.write("app/total.py", &format!("{CODE}# {round}\n"));
        if project.stop().0 == 0 {
            break;
        }
        row += 1;
    }
    assert!(row <= 3, "{row}");
    assert_eq!(outcomes(&project).last().unwrap(), "unproven");
}

#[test]
fn observing_tells_the_person_and_stops_nobody() {
    let project = Project::new(&[("assize.toml", "root = true\n")]);
    project.write("app/total.py", CODE);
    let (status, told) = project.stop();
    let json: Value = serde_json::from_str(&told).unwrap();
    assert!(status == 0 && json.get("decision").is_none(), "{told}");
    assert!(json["systemMessage"].as_str().unwrap().contains("assize exec -- pytest"), "{told}");
    assert_eq!(project.stop(), (0, String::new()));
    assert_eq!(outcomes(&project), ["told"]);
}

#[test]
fn the_end_of_a_subagent_is_not_the_sessions() {
    let project = Project::new(&[]);
    project.write("app/total.py", CODE);
    let session = project.session();
    for (moment, agent) in [("SubagentStop", json!("a1")), ("Stop", json!("a1"))] {
        assert_eq!(session.event(moment, &[("agent_id", agent)]), (0, String::new()), "{moment}");
    }
    assert_eq!(session.event("SubagentStop", &[]), (0, String::new()));
    assert_eq!(project.stop().0, 2);
}

#[test]
fn what_is_not_known_is_not_demanded() {
    // No tests, and no changelog: as without Assize.
    for files in [
        &[("tests/test_total.py", "")][..],
        &[("pyproject.toml", "[project]\nname = \"app\"\n")],
        &[(
            "assize.toml",
            "root = true\n[guard]\nmode = \"enforce\"\n[gates]\ninfer-tests = false\n",
        )],
    ] {
        let project = Project::new(files);
        if files[0].0 == "tests/test_total.py" {
            project.scene.remove("tests/test_total.py");
            project.scene.git(&["commit", "-qam", "none", "--no-verify"]);
        }
        project.write("app/total.py", CODE);
        assert_eq!(project.stop(), (0, String::new()), "{files:?}");
    }
}

#[test]
fn the_command_says_what_the_hook_says() {
    let project = Project::new(&[("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- First.\n")]);
    project.write("app/total.py", CODE);
    let (_, told) = project.stop();
    let ended = project.assize(&["gate", "stop", "--format=json"]).expect(1);
    let json: Value = serde_json::from_slice(&ended.out).unwrap();
    assert_eq!((&json["moment"], &json["open"]), (&json!("stop"), &json!(false)));
    let refusals = json["refusals"].as_array().unwrap();
    assert_eq!(refusals.len(), 2, "{json}");
    for refusal in refusals {
        assert!(reason(&told).contains(refusal["message"].as_str().unwrap()), "{told} {refusal}");
    }
    let text = project.assize(&["gate", "stop", "--session", "s"]).expect(1);
    assert!(text.text().contains("error[fresh-tests] R01.5"), "{}", text.text());
    assert!(text.text().contains("gate stop: closed by 2; files: 1; unproven"), "{}", text.text());
    project.assize(&["gate", "stop", "--session", "none"]).expect(2);
    project.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- First.\n- Second.\n");
    project.test().expect(0);
    project.assize(&["gate", "stop"]).expect(0);
    assert_eq!(project.stop(), (0, String::new()));
}

#[test]
fn a_configured_command_is_the_one_that_counts() {
    let text = "root = true\n[guard]\nmode = \"enforce\"\n\
                [[gates.tests]]\npaths = [\"app/**\"]\ncommand = \"pytest --strict\"\n";
    let project = Project::new(&[("assize.toml", text)]);
    project.write("app/total.py", CODE);
    project.test().expect(0);
    assert!(reason(&project.stop().1).contains("`assize exec -- pytest --strict`"));
    project.agents(PROGRAM, &["exec", "--", "pytest", "--strict"]).expect(0);
    assert_eq!(project.stop(), (0, String::new()));
}

#[test]
fn a_change_without_a_prompt_before_it_is_noted() {
    let project = Project::new(&[]);
    project.write("notes.md", "x\n");
    let noted = project.assize(&["gate", "stop"]).expect(0);
    assert!(noted.text().contains("warn[ledger-context]"), "{}", noted.text());
    let project = Project::new(&[]);
    project.session().event("UserPromptSubmit", &[("prompt", json!("write it"))]);
    project.write("notes.md", "x\n");
    let ended = project.assize(&["gate", "stop"]).expect(0);
    assert!(!ended.text().contains("ledger-context"), "{}", ended.text());
}
