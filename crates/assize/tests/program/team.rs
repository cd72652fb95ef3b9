//! A team's own rules, from their files to findings: in a check, with and without what is kept, in
//! the guard, and where the rules themselves are wrong.

use serde_json::json;

use crate::cache::RACY;
use crate::hook::{ask, write};
use crate::scene::{SHOP, SHOP_FINDINGS, Scene};

/// Where the rules of these tests stand.
const FILE: &str = ".assize/rules/shop.toml";

const NO_PRINT: &str = r#"
[rules.no-print]
message = "`print($A)` reaches nobody: log it"
pattern = "print($A)"
languages = "python"
severity = "error"
match = "print(1)"
no-match = "log(1)"
"#;

const NO_TODO: &str = r#"
[rules.no-todo]
message = "say it in an issue"
regex = "TODO"
in = "comments"
languages = ["python"]
match = "x = 1  # TODO"
no-match = "x = 'TODO'"
"#;

const FILES: &str = r#"
[rules.no-archives]
message = "an archive is no source"
must-not-exist = true
paths = "*.zip"
match = "a/b.zip"
no-match = "a/zip.py"

[rules.snake]
message = "a module is named in snake_case"
must-be-named = "snake_case"
languages = "python"
paths = "shop"
match = "shop/ordersList.py"
no-match = "shop/orders_list.py"

[rules.owners]
message = "somebody answers for the code"
must-exist = ["CODEOWNERS", "docs/**/*.md", "shop/settings.py", "shop/*.py"]
"#;

/// The shop with rules that find something in each of these ways.
fn shop(rules: &[&str]) -> Scene {
    let scene = Scene::of(SHOP);
    scene.write("shop/noise.py", "def f(a):\n    print(a)\n    return 'TODO'  # TODO: less\n");
    scene.write("shop/ordersList.py", "");
    scene.write("old.zip", "PK");
    scene.write(FILE, rules.concat());
    scene.commit("first");
    scene
}

/// The findings beyond those that the shop has anyway.
fn found(scene: &Scene, arguments: &[&str]) -> Vec<String> {
    let mut found = scene.check(arguments).findings();
    found.retain(|one| !SHOP_FINDINGS.contains(&one.as_str()));
    found
}

#[test]
fn each_kind_of_rule_finds_what_it_says() {
    let scene = shop(&[NO_PRINT, NO_TODO, FILES]);
    let report = scene.check(&["--no-cache"]);
    let expected = [
        ".assize/rules/shop.toml:35:15 team/owners/missing new",
        ".assize/rules/shop.toml:35:29 team/owners/missing new",
        "old.zip:1 team/no-archives/file new",
        "shop/noise.py:2 team/no-print/pattern new",
        "shop/noise.py:3 team/no-todo/text new",
        "shop/ordersList.py:1 team/snake/name new",
    ];
    let expected: Vec<String> =
        expected.iter().map(|one| one.replace(":15 ", " ").replace(":29 ", " ")).collect();
    let found = found(&scene, &["--no-cache"]);
    assert_eq!(found, expected);
    let list = report.json["findings"].as_array().unwrap();
    let print = list.iter().find(|one| one["control"] == "team/no-print").unwrap();
    assert_eq!(print["message"], "`print(a)` reaches nobody: log it");
    assert_eq!(print["severity"], "error");
    // A folder without rules is a repository without rules.
    std::fs::remove_dir_all(scene.path(".assize")).unwrap();
    assert_eq!(scene.check(&[]).findings(), SHOP_FINDINGS);
}

/// The same bytes as a check that knows nothing from before, on one thread.
#[track_caller]
fn as_cold(scene: &Scene) -> Vec<String> {
    let warm = scene.check(&["--threads", "4"]);
    let cold = scene.check(&["--threads", "1", "--no-cache"]);
    assert_eq!(warm.stable_bytes(), cold.stable_bytes());
    assert_eq!(warm.problem_bytes(), cold.problem_bytes());
    warm.findings().into_iter().filter(|one| one.contains(" team/")).collect()
}

#[test]
fn rules_that_come_change_and_go_leave_nothing_behind() {
    let scene = shop(&[]);
    assert!(as_cold(&scene).is_empty());
    std::thread::sleep(RACY);
    assert!(as_cold(&scene).is_empty());
    scene.write(FILE, NO_PRINT);
    assert_eq!(as_cold(&scene), ["shop/noise.py:2 team/no-print/pattern new"]);
    scene.write(FILE, NO_PRINT.replace("print($A)\"\nl", "print(\"\nl"));
    assert!(scene.run(&["check"]).expect(2).err.contains("shop.toml:4:11: "));
    let other = NO_PRINT.replace("print($A)", "log($A)").replace("print(1)", "log(1)");
    scene.write(FILE, other.replace("no-match = \"log(1)\"", ""));
    assert!(as_cold(&scene).is_empty());
    scene.write(FILE, [NO_PRINT, NO_TODO, FILES].concat());
    assert_eq!(as_cold(&scene).len(), 6);
    // The files change, the rules do not.
    scene.remove("old.zip");
    scene.write("CODEOWNERS", "* @us\n");
    scene.write("shop/noise.py", "def f(a):\n    print(a)\n    print(a)\n");
    let left = as_cold(&scene);
    assert_eq!(left.iter().filter(|one| one.contains("no-print")).count(), 2, "{left:?}");
    assert_eq!(left.iter().filter(|one| one.contains("owners")).count(), 1, "{left:?}");
    scene.remove("CODEOWNERS");
    assert_eq!(as_cold(&scene).len(), 5);
    scene.remove(FILE);
    assert!(as_cold(&scene).is_empty());
}

#[test]
fn settings_allowances_and_the_baseline_hold_for_them() {
    let scene = shop(&[NO_PRINT, NO_TODO]);
    scene.write("assize.toml", "[controls.\"team/no-todo\"]\nseverity = \"off\"\n");
    assert_eq!(found(&scene, &[]), ["shop/noise.py:2 team/no-print/pattern new"]);
    let unknown = "[controls.\"team/no-todos\"]\nseverity = \"off\"\n";
    scene.write("assize.toml", unknown);
    let said = scene.run(&["check"]).expect(2).err;
    assert!(said.contains("did you mean `team/no-todo`?"), "{said}");
    scene.remove("assize.toml");
    let allowed = "print(1)  # assize: allow(team/no-print) until=2099-01-01 reason=\"a tool\"\n";
    scene.write("shop/noise.py", allowed.replace("2099", &(year() + 1).to_string()[..]));
    assert_eq!(found(&scene, &[]), [""; 0]);
    scene.write("shop/noise.py", allowed.replace("no-print", "no-prints"));
    let said = found(&scene, &[]);
    assert!(said.iter().any(|one| one.contains("allowance-invalid/unknown-control")), "{said:?}");
    scene.write("shop/noise.py", "print(1)\n");
    scene.run(&["baseline"]).expect(0);
    let team = |mut found: Vec<String>| {
        found.retain(|one| one.contains(" team/"));
        found
    };
    let known = "shop/noise.py:1 team/no-print/pattern baselined";
    assert_eq!(team(found(&scene, &[])), [known]);
    scene.write("shop/noise.py", "x = 1\nprint(1)\nprint(2)\n");
    let two = [
        "shop/noise.py:2 team/no-print/pattern baselined",
        "shop/noise.py:3 team/no-print/pattern new",
    ];
    assert_eq!(team(found(&scene, &[])), two);
}

/// The year of this day, as files are stamped with it.
fn year() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    1970 + since.as_secs() / 31_557_600
}

#[test]
fn every_form_of_the_report_names_them() {
    let scene = shop(&[NO_PRINT]);
    for format in ["full", "concise", "agent", "json", "sarif", "junit", "github", "html"] {
        let ended = scene.run(&["check", "--format", format, "--fail-on", "block"]);
        assert!(ended.text().contains("team/no-print"), "{format}: {}", ended.text());
    }
}

#[test]
fn the_guard_holds_a_write_by_them() {
    let scene = shop(&[NO_PRINT, NO_TODO, FILES]);
    scene.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
    assert!(write(&scene, "shop/fine.py", "def f():\n    return 1\n").is_silent());
    let reason = write(&scene, "shop/loud.py", "print(1)\n").reason();
    assert!(reason.contains("team/no-print") && reason.contains("`print(1)`"), "{reason}");
    // What only warns is told and stops nothing.
    assert_eq!(write(&scene, "shop/later.py", "x = 1  # TODO\n").status, 0);
    // What was there is not held against a write.
    let kept = "def f(a):\n    print(a)\n    return a\n";
    assert_eq!(write(&scene, "shop/noise.py", kept).status, 0);
}

#[test]
fn the_rules_are_out_of_an_agents_reach() {
    let scene = shop(&[NO_PRINT]);
    let reason = write(&scene, FILE, "").reason();
    assert!(reason.contains("self-protection"), "{reason}");
    let reason = write(&scene, ".assize/rules/fresh.toml", "").reason();
    assert!(reason.contains("self-protection"), "{reason}");
    for command in [
        format!("rm {FILE}"),
        format!("echo > {FILE}"),
        "rm -rf .assize".to_owned(),
        "mv .assize/rules /tmp/x".to_owned(),
        format!("sed -i s/error/info/ {FILE}"),
        format!("git checkout HEAD~1 -- {FILE}"),
    ] {
        let reason = ask(&scene, "PreToolUse", "Bash", json!({ "command": command })).reason();
        assert!(reason.contains("self-protection"), "{command}: {reason}");
    }
}

#[test]
fn init_writes_no_rules() {
    let scene = Scene::committed(SHOP);
    scene.run(&["init", "--yes"]).expect(0);
    assert!(!scene.path(".assize/rules").exists());
}

#[test]
fn rules_that_are_wrong_are_named_with_their_place() {
    let cases = [
        ("[rules.a]\nmesage = 1\n", "shop.toml:2:1: unknown key `mesage` in `[rules.a]`"),
        (&*NO_PRINT.replace("print($A)\"\nl", "print(\"\nl"), "shop.toml:4:11: `print(` is no"),
        (&*NO_TODO.replace("regex = \"TODO", "regex = \"(TODO"), "shop.toml:4:9: `(TODO` is no"),
        (
            &*NO_TODO.replace("regex = \"TODO", "regex = \"(a{1000}){1000}TODO"),
            "shop.toml:4:9: `(a{1000}){1000}TODO` grows larger than",
        ),
        (&*NO_PRINT.replace("log(1)", "print(2)"), "shop.toml:8:12: the rule `no-print` finds"),
        (&*NO_PRINT.replace("match = \"print", "match = \"log"), "shop.toml:7:9: the rule"),
    ];
    for (text, expected) in cases {
        let scene = shop(&[text]);
        for command in [&["check"][..], &["check", "--no-cache"], &["baseline"], &["rules", "list"]]
        {
            let ended = scene.run(command).expect(2);
            assert!(ended.out.is_empty(), "{}", ended.text());
            assert!(ended.err.contains(expected), "{}", ended.err);
        }
    }
    let scene = shop(&[]);
    scene.write(FILE, b"[rules.a]\n\xff\n");
    assert!(scene.run(&["check"]).expect(2).err.contains("shop.toml"));
    scene.remove(FILE);
    scene.fifo(FILE);
    assert!(scene.run(&["check"]).expect(2).err.contains("shop.toml"));
}

#[test]
fn the_commands_about_rules_show_them() {
    let served = NO_PRINT.replace("severity", "clause = \"R05.2\"\nseverity");
    let scene = shop(&[&served, FILES]);
    let told = |arguments: &[&str]| scene.run(arguments).expect(0).text().to_owned();
    let list = told(&["rules", "list"]);
    assert!(list.contains("team/no-print     error  R05.2   `print($A)` reaches"), "{list}");
    assert!(list.contains("team/owners"), "{list}");
    for command in [&["explain", "team/no-print"][..], &["rules", "show", "team/no-print"]] {
        let page = told(command);
        assert!(page.contains("print($A)") && page.contains("log(1)"), "{page}");
    }
    assert!(scene.run(&["explain", "team/none"]).expect(2).err.contains("team/none"));
    assert!(told(&["rules", "show", "R05"]).contains("team/no-print (check)"));
    let clause = told(&["rules", "coverage", "--format", "json"]);
    assert!(clause.contains("team/no-print"), "{clause}");
    let check = scene.run(&["check", "--format", "full"]);
    assert!(check.text().contains("clause R05.2"), "{}", check.text());
    scene.write(FILE, served.replace("R05.2", "R05.99"));
    let wrong = scene.run(&["check"]).expect(2);
    assert!(wrong.err.contains("shop.toml:6:10: the rule book has no clause"), "{}", wrong.err);
    // Where there is no repository there is nothing of one.
    let bare = Scene::bare();
    assert!(!bare.run(&["rules", "list"]).expect(0).text().contains("team/"));
}

#[test]
fn examples_are_run_and_shown_one_by_one() {
    let scene = shop(&[NO_PRINT, NO_TODO, FILES]);
    let told = scene.run(&["rules", "test"]).expect(0);
    let lines: Vec<&str> = told.text().lines().collect();
    assert_eq!(lines[0], "holds team/no-print match .assize/rules/shop.toml:7 `print(1)`");
    assert_eq!(lines.last(), Some(&"5 rules, 8 examples: 8 hold, 0 fail"));
    scene.write(FILE, NO_PRINT.replace("log(1)", "print(2)"));
    let told = scene.run(&["rules", "test"]).expect(1);
    let failing = "FAILS team/no-print no-match .assize/rules/shop.toml:8 `print(2)`: something is \
                   found, and must not be";
    assert!(told.text().contains(failing), "{}", told.text());
}

#[test]
fn what_is_no_rule_in_the_folder_is_passed_over() {
    let scene = shop(&[NO_PRINT]);
    scene.write(".assize/rules/README.md", "how we write them\n");
    assert_eq!(found(&scene, &[]), ["shop/noise.py:2 team/no-print/pattern new"]);
}
