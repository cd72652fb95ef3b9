//! Files that go: what refers to them stops the call, the rest is recorded or asked.

use serde_json::json;

use crate::agent::{Agent, Answer, payloads};
use crate::scene::Scene;

const TREE: &[(&str, &str)] = &[
    (".gitignore", "build/\n"),
    ("shop/__init__.py", ""),
    ("shop/api.py", "def total():\n    return 1\n"),
    ("shop/orders.py", "from shop.api import total\n\nprint(total())\n"),
    ("shop/lonely.py", "def alone():\n    return 2\n"),
    ("shop/worker.py", "def work():\n    return 3\n"),
    ("shop/run.py", "TASKS = [\"shop.worker\"]\n"),
    ("web/src/api.ts", "export const total = () => 1;\n"),
    ("web/src/view.ts", "import { total } from './api';\nexport const seen = total();\n"),
    ("web/src/unused.ts", "export const x = 1;\n"),
    ("scripts/deploy.sh", "#!/bin/sh\necho deploy\n"),
    ("Makefile", "deploy:\n\t./scripts/deploy.sh\n"),
    ("docs/guide.md", "# Guide\n\nSee [the notes](notes.md).\n"),
    ("docs/notes.md", "# Notes\n"),
    ("CHANGELOG.md", "# Changes\n\n- [lonely](shop/lonely.py) came.\n"),
    ("data/prices.json", "{}\n"),
    ("svc/main.go", "package main\n"),
    ("requirements.txt", "requests\n"),
    ("shop/requests.py", "def mine():\n    return 4\n"),
    ("shop/client.py", "import requests\n\nrequests.get(\"x\")\n"),
    ("web/src/widget.ts", "export const y = 1;\n"),
    ("web/src/App.vue", "<script>\nimport { y } from './widget';\n</script>\n"),
    ("web/public/index.html", "<script src=\"js/legacy.js\"></script>\n"),
    ("web/public/js/legacy.js", "var a = 1;\n"),
    ("one/data.csv", "a\n"),
    ("two/data.csv", "b\n"),
    ("shop/load.py", "ROWS = open(\"two/data.csv\")\n# one/data.csv is old\n"),
];

#[test]
fn a_file_that_is_used_stays_and_its_users_are_named() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    for (command, places) in [
        ("rm docs/notes.md", "docs/guide.md:3"),
        ("rm shop/api.py", "shop/orders.py:1"),
        ("git rm -q shop/api.py", "shop/orders.py:1"),
        ("mv shop/api.py shop/client.py", "shop/orders.py:1"),
        ("rm web/src/api.ts", "web/src/view.ts:1"),
        ("rm scripts/deploy.sh", "Makefile:2"),
    ] {
        let reason = agent.shell(command).denied();
        let document = command.ends_with(".md");
        let control = if document { "doc-move-safe" } else { "delete-dossier" };
        assert!(reason.contains(control), "{command}: {reason}");
        assert_eq!(reason.matches(places).count(), 1, "{command}: {reason}");
        assert!(reason.contains("1 commit") && reason.contains("first"), "{command}: {reason}");
        assert!(reason.contains("git restore --source="), "{command}: {reason}");
    }
}

#[test]
fn a_file_that_nothing_uses_goes_and_the_record_says_why() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    let idle = [
        "shop/lonely.py",
        "web/src/unused.ts",
        "data/prices.json",
        "shop/requests.py",
        "one/data.csv",
    ];
    for path in idle {
        assert_eq!(agent.shell(&format!("rm {path}")), Answer::Silent, "{path}");
        let last = payloads(&scene).pop().unwrap();
        let dossier = &last["dossiers"][0];
        assert_eq!(dossier["path"], path);
        assert!(dossier["history"].as_str().unwrap().contains("1 commit"), "{dossier}");
        assert!(dossier["restore"].as_str().unwrap().ends_with(&format!(" -- {path}")));
        assert_eq!(dossier["references"], json!([]));
    }
}

#[test]
fn users_that_go_or_change_in_the_same_call_do_not_count() {
    let scene = Scene::committed(TREE);
    let mut agent = Agent::new(&scene);
    assert_eq!(agent.shell("rm shop/api.py shop/orders.py"), Answer::Silent);
    let moved = "git mv shop/api.py shop/client.py && sed -i s/api/client/ shop/orders.py";
    assert_eq!(agent.shell(moved), Answer::Silent);
    agent.client = "codex";
    let moved = "*** Update File: shop/api.py\n*** Move to: shop/client.py\n@@\n def total():\n\
                 -    return 1\n+    return 2\n";
    let rewritten = "*** Update File: shop/orders.py\n@@\n-from shop.api import total\n\
                     +from shop.client import total\n";
    assert_eq!(agent.patch(&format!("{moved}{rewritten}")), Answer::Silent);
    assert!(agent.patch(moved).denied().contains("shop/orders.py:1"));
    let gone = "*** Delete File: web/src/api.ts\n";
    let user = "*** Update File: web/src/view.ts\n@@\n-import { total } from './api';\n\
                -export const seen = total();\n+export const seen = 1;\n";
    assert_eq!(agent.patch(&format!("{gone}{user}")), Answer::Silent);
    assert!(agent.patch(gone).denied().contains("web/src/view.ts:1"));
}

#[test]
fn what_may_still_be_used_is_asked_until_the_session_has_searched() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    for (path, place) in [
        ("shop/worker.py", "shop/run.py:1"),
        ("web/src/widget.ts", "web/src/App.vue:2"),
        ("web/public/js/legacy.js", "web/public/index.html:1"),
        ("two/data.csv", "shop/load.py:1"),
    ] {
        let reason = agent.shell(&format!("rm {path}")).asked();
        assert!(reason.contains(&format!("may still be used: {place}")), "{path}: {reason}");
    }
    let reason = agent.shell("rm svc/main.go").asked();
    assert!(reason.contains("does not follow Go"), "{reason}");
    assert_eq!(agent.shell("grep -rn worker ."), Answer::Silent);
    assert_eq!(agent.shell("rm shop/worker.py"), Answer::Silent);
    agent.call("Grep", &json!({ "pattern": "svc/main" }));
    assert_eq!(agent.shell("rm svc/main.go"), Answer::Silent);
}

#[test]
fn a_question_that_nobody_answers_is_a_denial() {
    let scene = Scene::committed(TREE);
    let mut agent = Agent::new(&scene);
    agent.shell("rm svc/main.go").asked();
    for mode in ["bypassPermissions", "dontAsk"] {
        agent.mode = mode;
        assert!(agent.shell("rm svc/main.go").denied().contains("search for `main`"));
    }
    agent.mode = "acceptEdits";
    agent.agent = Some("sub-1");
    agent.shell("rm svc/main.go").denied();
    agent.agent = None;
    agent.client = "codex";
    agent.shell("rm svc/main.go").denied();
    let verdicts = payloads(&scene);
    let words: Vec<&str> = verdicts.iter().filter_map(|one| one["verdict"].as_str()).collect();
    assert_eq!(words, ["ask", "deny", "deny", "deny", "deny"]);
}

#[test]
fn a_folder_is_looked_into_and_many_files_are_a_persons() {
    let scene = Scene::committed(TREE);
    let own: Vec<(String, String)> = (0..25)
        .map(|number| (format!("old_pages/p{number}.py"), format!("X = {number}\n")))
        .collect();
    for (path, text) in &own {
        scene.write(path, text);
    }
    scene.write("part/one.py", "A = 1\n");
    scene.write("part/two.py", "from part.one import A\n");
    scene.write("build/made.py", "A = 1\n");
    scene.commit("more");
    let agent = Agent::new(&scene);
    assert_eq!(agent.shell("rm -rf part"), Answer::Silent);
    assert_eq!(agent.shell("rm -rf build"), Answer::Silent);
    let reason = agent.shell("rm -rf scripts").denied();
    assert!(reason.contains("delete-dossier") && reason.contains("Makefile:2"), "{reason}");
    assert!(agent.shell("rm -rf old_pages").denied().contains("25 tracked files"));
    scene.write("shop/user.py", "from part.two import A\n");
    let reason = agent.shell("rm -rf part").denied();
    assert!(reason.contains("shop/user.py:1"), "{reason}");
}

#[test]
fn what_git_does_not_hold_is_not_its_concern() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    scene.write("build/out.py", "A = 1\n");
    scene.write("shop/draft.py", "A = 1\n");
    assert_eq!(agent.shell("rm build/out.py"), Answer::Silent);
    assert_eq!(agent.shell("rm shop/draft.py"), Answer::Silent);
    assert!(payloads(&scene).iter().all(|one| one["dossiers"].is_null()));
}

#[test]
fn a_write_that_replaces_most_of_a_file_is_told() {
    let scene = Scene::committed(TREE);
    let lines: String = (0..40).map(|number| format!("A{number} = {number}\n")).collect();
    scene.write("shop/table.py", &lines);
    scene.commit("more");
    let agent = Agent::new(&scene);
    let told = agent.write("shop/table.py", "A1 = 1\n").told();
    assert!(told.contains("97 %") && told.contains("git restore"), "{told}");
    assert_eq!(agent.write("shop/table.py", &format!("{lines}B = 1\n")), Answer::Silent);
}
