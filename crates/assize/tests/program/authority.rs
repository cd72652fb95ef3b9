//! Documents that decide, what stands below the root, documents that move, and windows in which
//! nothing changes.

use serde_json::{Value, json};

use crate::agent::{Agent, Answer, payloads};
use crate::hook::ask;
use crate::scene::Scene;
use crate::terminal::person;

const ENFORCE: &str = "root = true\n[guard]\nmode = \"enforce\"\n";
const TREE: &[(&str, &str)] = &[
    ("docs/rules/ports.md", "# Ports\n\nThe service `api` has the port 8080.\n"),
    ("docs/guide.md", "# Guide\n\nSee [setup](setup.md) and [ports](rules/ports.md).\n"),
    ("docs/setup.md", "# Setup\n\nBack to the [guide](guide.md).\n"),
    ("docs/lonely.md", "# Lonely\n"),
    ("README.md", "# Shop\n\n[Guide](docs/guide.md)\n"),
    ("app/total.py", "def total():\n    return 1\n"),
];

/// An agent whose guard enforces, with more in the configuration.
fn agent<'s>(scene: &'s Scene, more: &str) -> Agent<'s> {
    let agent = Agent::new(scene);
    scene.write("assize.toml", format!("{ENFORCE}{more}"));
    scene.commit("configuration");
    agent
}

const AUTHORITY: &str = "[authority]\nroot = \"docs/rules\"\nrequired = [\"ports.md\"]\n";

#[test]
fn the_documents_that_decide_change_when_a_person_allows_it() {
    let scene = Scene::committed(TREE);
    let agent = agent(&scene, AUTHORITY);
    agent.read("docs/rules/ports.md");
    let text = "# Ports\n\nThe service `api` has the port 9090.\n";
    let reason = agent.write("docs/rules/ports.md", text).denied();
    assert!(reason.contains("authority-lock") && reason.contains("R17.1"), "{reason}");
    for command in ["rm docs/rules/ports.md", "mv docs/rules docs/old", "rm -r docs"] {
        assert!(agent.shell(command).denied().contains("authority-lock"), "{command}");
    }
    assert_eq!(agent.shell("cat docs/rules/ports.md"), Answer::Silent);
    assert_eq!(agent.write("docs/note.md", "# Note\n"), Answer::Silent);
    let id = reason.lines().last().unwrap().rsplit(' ').next().unwrap().to_owned();
    person(&scene, &["approve", &id, "--reason", "moved"]).expect(0);
    assert_eq!(agent.write("docs/rules/ports.md", text), Answer::Silent);
    agent.write("docs/rules/ports.md", text).denied();
}

#[test]
fn the_authority_must_be_there() {
    let scene = Scene::committed(TREE);
    agent(&scene, "[authority]\nroot = \"/opt/shop/docs/rules\"\nrequired = [\"gone.md\"]\n");
    let report = scene.check(&[]);
    let found = report.json["findings"].as_array().unwrap();
    let codes: Vec<&Value> = found
        .iter()
        .filter(|one| one["control"] == "authority-root")
        .map(|one| &one["code"])
        .collect();
    assert_eq!(codes, ["document-missing"]);
}

/// A Python file that a check has something to say about.
const BREACH: &str = "import nothing_declares_this\n";
const LOOSE: &str = "root = true\n[controls.phantom-import]\nseverity = \"off\"\n";

#[test]
fn a_folder_below_the_root_loosens_nothing() {
    let scene = Scene::committed(TREE);
    scene.write("requirements.txt", "requests==2.0.0\n");
    let _agent = agent(&scene, AUTHORITY);
    scene.write("app/assize.toml", LOOSE);
    scene.write("app/new.py", BREACH);
    let found = |scene: &Scene| -> Vec<(String, String)> {
        let report = scene.check(&[]);
        let all = report.json["findings"].as_array().unwrap().iter();
        let word = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
        let ours = |one: &&Value| {
            ["phantom-import", "authority-precedence"].contains(&one["control"].as_str().unwrap())
        };
        all.filter(ours).map(|one| (word(one, "control"), word(one, "path"))).collect()
    };
    let pair = |control: &str, path: &str| (control.to_owned(), path.to_owned());
    let ignored = pair("authority-precedence", "app/assize.toml");
    assert_eq!(found(&scene), [ignored.clone(), ignored, pair("phantom-import", "app/new.py")]);
    // Without an authority the nearest file counts.
    scene.write("assize.toml", ENFORCE);
    assert_eq!(found(&scene), []);
}

#[test]
fn what_an_agent_commits_is_judged_by_the_configuration_before_it() {
    let scene = Scene::committed(TREE);
    scene.write("requirements.txt", "requests==2.0.0\n");
    let agent = agent(&scene, "");
    // The guard denies the agent to write it; whatever way it found, the gate does not obey it.
    assert!(agent.write("app/assize.toml", LOOSE).denied().contains("self-protection"));
    scene.write("app/assize.toml", LOOSE);
    scene.write("app/new.py", BREACH);
    scene.git(&["add", "-A"]);
    let gate = crate::terminal::agent(&scene, &["gate", "commit", "--staged", "--format", "json"]);
    let gate = gate.expect(1);
    assert!(gate.text().contains("phantom-import"), "{}", gate.text());
}

#[test]
fn a_document_moves_with_its_links() {
    let scene = Scene::committed(TREE);
    let agent = agent(&scene, "");
    for path in ["docs/setup.md", "docs/guide.md", "docs/lonely.md"] {
        agent.read(path);
    }
    let moved = "git mv docs/setup.md docs/install.md";
    for command in [moved, "mv docs/setup.md docs/install.md", "rm docs/setup.md"] {
        let reason = agent.shell(command).denied();
        assert!(reason.contains("doc-move-safe") && reason.contains("docs/guide.md:3"), "{reason}");
        assert!(reason.contains("R17.10"), "{reason}");
        assert!(!reason.contains("delete-dossier"), "{command}: {reason}");
    }
    // The links change in the same call.
    let both = format!("{moved} && sed -i s/setup.md/install.md/ docs/guide.md");
    assert_eq!(agent.shell(&both), Answer::Silent);
    // A file at the old place says where it went.
    let stub = format!("{moved} && echo 'Moved to [install](install.md).' > docs/setup.md");
    assert_eq!(agent.shell(&stub), Answer::Silent);
    // Nothing links to it.
    assert_eq!(agent.shell("git mv docs/lonely.md docs/alone.md"), Answer::Silent);
    // The links changed before.
    let guide = "# Guide\n\nSee [install](install.md) and [ports](rules/ports.md).\n";
    scene.write("docs/guide.md", guide);
    scene.write("docs/install.md", "# Setup\n\nBack to the [guide](guide.md).\n");
    assert_eq!(agent.shell("rm docs/setup.md"), Answer::Silent);
}

#[test]
fn other_files_that_go_are_the_matter_of_the_dossier() {
    let scene = Scene::committed(TREE);
    let agent = agent(&scene, "");
    scene.write("app/use.py", "from app.total import total\n\ntotal()\n");
    scene.write("app/__init__.py", "");
    scene.commit("use");
    let reason = agent.shell("rm app/total.py docs/setup.md").denied();
    assert!(reason.contains("delete-dossier") && reason.contains("app/use.py:1"), "{reason}");
    let controls = payloads(&scene).pop().unwrap()["controls"].clone();
    assert_eq!(controls, json!(["delete-dossier", "doc-move-safe"]));
}

#[test]
fn in_a_window_without_changes_nothing_is_deployed() {
    let always = "[freeze]\nwindows = [{ from = \"00:00\", until = \"24:00\", why = \"sale\" }]\n";
    let scene = Scene::committed(TREE);
    let agent = agent(&scene, always);
    let deploy = "kubectl apply -f k8s/";
    let reason = agent.shell(deploy).denied();
    assert!(reason.contains("freeze-window") && reason.contains("sale"), "{reason}");
    assert!(reason.contains("R10.10"), "{reason}");
    assert_eq!(agent.shell("kubectl get pods"), Answer::Silent);
    assert_eq!(agent.shell("kubectl rollout undo deploy/api"), Answer::Silent);
    let id = reason.lines().last().unwrap().rsplit(' ').next().unwrap().to_owned();
    person(&scene, &["approve", &id, "--reason", "hotfix"]).expect(0);
    assert_eq!(agent.shell(deploy), Answer::Silent);
    // Observed only, it runs and is recorded.
    scene.write("assize.toml", format!("root = true\n{always}"));
    assert!(agent.shell(deploy).told().contains("freeze-window"));
    assert_eq!(payloads(&scene).pop().unwrap()["spared"], json!(["freeze-window"]));
    // A window that is over.
    let over = "[freeze]\nwindows = [{ from = \"2020-01-01\", until = \"2020-01-02\" }]\n";
    scene.write("assize.toml", format!("{ENFORCE}{over}"));
    assert_eq!(agent.shell(deploy), Answer::Silent);
}

#[test]
fn without_a_word_in_the_configuration_nothing_is_asked() {
    let scene = Scene::committed(TREE);
    let write = json!({
        "file_path": scene.path("docs/rules/ports.md"),
        "content": "# Ports\n\nThe service `api` has the port 8081.\n",
    });
    assert!(ask(&scene, "PreToolUse", "Write", write).is_silent());
    let deploy = json!({ "command": "helm upgrade api charts/api" });
    assert!(ask(&scene, "PreToolUse", "Bash", deploy).is_silent());
}

#[test]
fn pages_know_the_controls() {
    let scene = Scene::committed(TREE);
    for control in [
        "authority-root",
        "authority-precedence",
        "authority-lock",
        "doc-move-safe",
        "freeze-window",
        "mcp-preserve",
    ] {
        let page = scene.run(&["explain", control]).expect(0);
        assert!(page.text().starts_with(&format!("# {control}\n")), "{control}");
    }
    for clause in ["R17.1", "R17.4", "R17.10", "R20.4", "R10.10"] {
        let (rule, _) = clause.split_once('.').unwrap();
        let shown = scene.run(&["rules", "show", rule]).expect(0);
        let line = shown.text().lines().find(|line| line.contains(&format!("{clause} ")));
        let served = |line: &str| line.contains("full") || line.contains("partial");
        assert!(line.is_some_and(served), "{clause}: {line:?}");
    }
}
