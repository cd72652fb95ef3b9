//! The commands beside `check`: what they print, and with which status they end.

use serde_json::Value;

use crate::scene::{SHOP, Scene, end};

fn json(scene: &Scene, arguments: &[&str], status: i32) -> Value {
    let ended = scene.run(arguments).expect(status);
    assert_eq!(ended.out.iter().filter(|byte| **byte == b'\n').count(), 1);
    serde_json::from_slice(&ended.out).unwrap()
}

#[test]
fn the_index_shows_what_defines_and_what_refers() {
    let scene = Scene::of(SHOP);
    let all = scene.run(&["index", "show", "env"]).expect(0);
    for line in [
        "DATABASE_URL defined",
        "  .env.example:1",
        "DATABASE_URL referred to",
        "  shop/settings.py:3",
        "MAIL_KEY referred to",
    ] {
        assert!(all.text().lines().any(|one| one.trim_end() == line), "{line}: {}", all.text());
    }
    assert!(all.text().lines().all(|line| line == line.trim_end()), "{:?}", all.text());
    let one = scene.run(&["index", "show", "env", "MAIL_KEY"]).expect(0);
    assert!(one.text().contains("shop/settings.py:4") && !one.text().contains("DATABASE"));
    let value = json(&scene, &["index", "show", "env", "MAIL_KEY", "--format", "json"], 0);
    let fact = &value["facts"][0];
    assert_eq!((&value["schema"], &value["kind"]), (&Value::from(1), &Value::from("env")));
    assert_eq!(fact["role"], "reference");
    assert_eq!(fact["key"], "MAIL_KEY");
    assert_eq!(fact["path"], "shop/settings.py");
    assert_eq!(fact["line"], 4);
    let none = scene.run(&["index", "show", "env", "ABSENT"]).expect(1);
    assert!(none.text().contains("ABSENT"));
    assert_eq!(
        json(&scene, &["index", "show", "env", "ABSENT", "--format", "json"], 1)["facts"],
        Value::Array(Vec::new())
    );
    let wrong = scene.run(&["index", "show", "envs"]).expect(2);
    assert!(wrong.err.contains("no kind `envs`") && wrong.err.contains("package"), "{}", wrong.err);
    let elsewhere =
        end(scene.assize(&["index", "show", "env", "--root"]).arg(scene.path("nowhere")));
    elsewhere.expect(2);
}

#[test]
fn commands_that_cannot_see_everything_say_so() {
    let scene = Scene::of(SHOP);
    scene.write("shop/latin.py", b"# caf\xe9\n");
    for command in [&["index", "show", "env"][..], &["baseline"], &["agents", "list"]] {
        let ended = scene.run(command).expect(0);
        assert!(ended.err.contains("1 problem"), "{command:?}: {}", ended.err);
    }
}

#[test]
fn the_rule_book_is_shown() {
    let scene = Scene::bare();
    let list = scene.run(&["rules", "list"]).expect(0);
    assert!((1..=20).all(|number| list.text().contains(&format!("R{number:02}"))));
    for name in ["R04", "r04"] {
        let page = scene.run(&["rules", "show", name]).expect(0);
        assert!((1..=10).all(|number| page.text().contains(&format!("R04.{number}"))));
    }
    for name in ["R21", "R4", "R04.1", "", "4"] {
        let wrong = scene.run(&["rules", "show", name]);
        if wrong.status != Some(0) {
            assert!(wrong.expect(2).err.contains("R01 to R20"), "{name}");
        }
    }
    let text = scene.run(&["rules", "coverage"]).expect(0);
    assert!(text.text().contains("R20.10"));
    let value = json(&scene, &["rules", "coverage", "--format", "json"], 0);
    assert_eq!(value["schema"], 1);
    assert!(value.to_string().contains("phantom-env"));
}

#[test]
fn controls_are_explained_and_planned_ones_are_called_so() {
    let scene = Scene::bare();
    let page = scene.run(&["explain", "phantom-env"]).expect(0);
    for heading in ["# phantom-env", "## What it does", "## Bad", "## Good", "## Limits"] {
        assert!(page.text().contains(heading), "{heading}");
    }
    for guard in ["delete-dossier", "search-before-create", "process-kill"] {
        let page = scene.run(&["explain", guard]).expect(0);
        assert!(page.text().starts_with(&format!("# {guard}\n")), "{guard}");
        assert!(page.text().contains("## What it does"), "{guard}");
    }
    for name in ["self-protection", "ledger-append", "ledger-verify", "ledger-gap"] {
        let page = scene.run(&["explain", name]).expect(0);
        assert!(page.text().starts_with(&format!("# {name}\n")), "{}", page.text());
    }
    let coverage = json(&scene, &["rules", "coverage", "--format", "json"], 0);
    let clauses = coverage["clauses"].as_array().unwrap();
    let built = clauses.iter().find(|clause| clause["id"] == "R19.1").unwrap();
    assert_eq!(built["coverage"], "full", "{built}");
    let planned = scene.run(&["explain", "edit-simulate"]).expect(0);
    assert!(planned.text().contains("planned") && planned.text().contains("R02.9"));
    let wrong = scene.run(&["explain", "phantom-envs"]).expect(2);
    assert!(wrong.err.contains("no control `phantom-envs`"), "{}", wrong.err);
}

#[test]
fn agents_are_listed() {
    let agent = "---\nname: reviewer\ndescription: Reviews changes.\n---\n\nReview.\n";
    let scene = Scene::of(&[
        (".claude/agents/reviewer.md", agent),
        (".claude/agents/README.md", "# Agents\n\nWhat lies here.\n"),
        ("ai/agents/helper.md", &agent.replace("reviewer", "helper")),
    ]);
    let names = |value: &Value| -> Vec<String> {
        let rows = value["agents"].as_array().unwrap();
        rows.iter().map(|row| row["path"].as_str().unwrap().to_owned()).collect()
    };
    let listed = json(&scene, &["agents", "list", "--format", "json"], 0);
    assert_eq!(names(&listed), [".claude/agents/reviewer.md"]);
    assert_eq!(listed["agents"][0]["name"], "reviewer");
    let all = json(&scene, &["agents", "list", "--format", "json", "--all"], 0);
    assert_eq!(names(&all), [".claude/agents/README.md", ".claude/agents/reviewer.md"]);
    scene.write("assize.toml", "[agents]\npaths = [\"ai/agents\"]\n");
    let more = json(&scene, &["agents", "list", "--format", "json"], 0);
    assert_eq!(names(&more), ["ai/agents/helper.md", ".claude/agents/reviewer.md"]);
    let text = scene.run(&["agents", "list"]).expect(0);
    assert!(text.text().contains("reviewer") && text.text().contains("2 definitions"));
    let missing = end(scene.assize(&["agents", "list"]).arg(scene.path("nowhere")));
    missing.expect(2);
}

#[test]
fn usage_that_is_wrong_ends_with_two_and_help_with_zero() {
    let scene = Scene::bare();
    for arguments in [
        &[][..],
        &["chek"],
        &["check", "--format", "xml"],
        &["check", "--threads", "many"],
        &["check", "--fail-on", "never"],
        &["index"],
        &["explain"],
    ] {
        let ended = scene.run(arguments).expect(2);
        assert!(ended.out.is_empty() && ended.err.contains("--help"), "{arguments:?}");
    }
    assert!(scene.run(&["--help"]).expect(0).text().contains("check"));
    assert!(scene.run(&["--version"]).expect(0).text().starts_with("assize "));
}
