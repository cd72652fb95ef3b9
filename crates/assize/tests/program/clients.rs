//! `init`, `status`, `doctor` and `uninstall` for every client: what is found, what is written, and
//! that every byte and folder comes back.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::install::{as_other_user, files, put, text, words};
use crate::scene::{SHOP, Scene, end, mode};

/// Each client with its file in the repository, below the home folder and below the machine's root;
/// empty where it has none.
const ALL: [[&str; 4]; 8] = [
    [
        "claude-code",
        ".claude/settings.json",
        ".claude/settings.json",
        "etc/claude-code/managed-settings.json",
    ],
    ["codex", ".codex/hooks.json", ".codex/hooks.json", "etc/codex/requirements.toml"],
    [
        "gemini-cli",
        ".gemini/settings.json",
        ".gemini/settings.json",
        "etc/gemini-cli/settings.json",
    ],
    ["qwen-code", ".qwen/settings.json", ".qwen/settings.json", "etc/qwen-code/settings.json"],
    [
        "copilot-cli",
        ".github/hooks/assize.json",
        ".copilot/hooks/assize.json",
        "etc/github-copilot/policy.d/assize.json",
    ],
    ["cline", ".clinerules/hooks/PreToolUse", ".cline/hooks/PreToolUse", ""],
    ["opencode", ".opencode/plugin/assize.js", ".config/opencode/plugin/assize.js", ""],
    ["cursor", ".cursor/hooks.json", ".cursor/hooks.json", "etc/cursor/hooks.json"],
];

/// The row of a client.
fn row(client: &str) -> &'static [&'static str; 4] {
    ALL.iter().find(|row| row[0] == client).unwrap()
}

/// One scope: its arguments, the folder below which its files lie, and their column in the table.
struct Where {
    arguments: Vec<String>,
    base: PathBuf,
    column: usize,
}

fn scopes(scene: &Scene) -> [Where; 3] {
    let machine = scene.folder().join("machine");
    std::fs::create_dir_all(&machine).unwrap();
    let root = format!("--managed-root={}", machine.display());
    let managed = vec!["--scope=managed".to_owned(), root];
    let user = vec!["--scope=user".to_owned()];
    [
        Where { arguments: Vec::new(), base: scene.tree(), column: 1 },
        Where { arguments: user, base: scene.folder().join("home"), column: 2 },
        Where { arguments: managed, base: machine, column: 3 },
    ]
}

/// All folders below one, without what Assize keeps for itself.
fn folders(base: &Path) -> Vec<PathBuf> {
    let mut all = vec![base.to_path_buf()];
    let mut at = 0;
    while let Some(folder) = all.get(at).cloned() {
        at += 1;
        let inner = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        all.extend(inner.filter(|path| {
            let own = path.ends_with(".local") || path.ends_with(".git");
            path.is_dir() && !path.is_symlink() && !own
        }));
    }
    all.sort();
    all
}

fn chosen(command: &'static str, client: &str, scope: &[String]) -> Vec<String> {
    let mut all: Vec<String> = words(command, scope).into_iter().map(str::to_owned).collect();
    all.extend(["--harness".to_owned(), client.to_owned()]);
    all
}

fn as_words(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

#[test]
fn every_client_comes_and_goes_in_every_scope() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "# mine\n");
    for Where { arguments, base, column } in scopes(&scene) {
        for row in ALL.iter().filter(|row| !row[column].is_empty()) {
            let before = (files(&base), folders(&base));
            scene.run(&as_words(&chosen("init", row[0], &arguments))).expect(0);
            let path = base.join(row[column]);
            assert!(text(&path).contains(&format!("hook {}", row[0])), "{path:?}");
            let once = files(&base);
            scene.run(&as_words(&chosen("init", row[0], &arguments))).expect(0);
            assert_eq!(files(&base), once, "twice: {path:?}");
            scene.person(&as_words(&chosen("uninstall", row[0], &arguments))).expect(0);
            assert_eq!(files(&base), before.0, "{path:?}");
            // A machine's folders are an administrator's.
            if column < 3 {
                assert_eq!(folders(&base), before.1, "{path:?}");
            }
        }
    }
}

#[test]
fn hooks_of_the_user_stay_beside_ours() {
    let nested = r#"{"hooks": [{"type": "command", "command": "lint"}]}"#;
    let forms = [
        ("gemini-cli", format!("{{ // mine\n  \"hooks\": {{\"BeforeTool\": [{nested}]}}\n}}\n")),
        ("qwen-code", format!("{{\"hooks\": {{\"PreToolUse\": [{nested}],}}}}")),
        (
            "cursor",
            "{\n  \"version\": 1,\n  \"hooks\": {\"preToolUse\": [{\"command\": \"lint\"}]}\n}\n"
                .to_owned(),
        ),
        (
            "copilot-cli",
            "{\"version\": 1, \"hooks\": {\"preToolUse\": [{\"bash\": \"lint\"}]}}\n".to_owned(),
        ),
    ];
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "# mine\n");
    for (client, form) in &forms {
        for Where { arguments, base, column } in scopes(&scene) {
            let path = base.join(row(client)[column]);
            put(&path, form);
            mode(&path, 0o640);
            let before = files(&base);
            scene.run(&as_words(&chosen("init", client, &arguments))).expect(0);
            let installed = text(&path);
            assert!(installed.contains("lint") && installed.contains("' hook "), "{installed}");
            scene.person(&as_words(&chosen("uninstall", client, &arguments))).expect(0);
            assert_eq!(text(&path), *form);
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
            assert_eq!(files(&base), before);
        }
    }
}

/// Which clients get a file in the repository.
fn installed(scene: &Scene) -> Vec<&'static str> {
    ALL.iter().filter(|row| scene.path(row[1]).is_file()).map(|row| row[0]).collect()
}

#[test]
fn the_clients_in_use_are_found_by_what_they_leave() {
    for (trace, found) in [
        ("README.md", None),
        ("GEMINI.md", Some("gemini-cli")),
        (".gemini/commands/a.toml", Some("gemini-cli")),
        ("QWEN.md", Some("qwen-code")),
        (".qwen/settings.json", Some("qwen-code")),
        (".github/copilot-instructions.md", Some("copilot-cli")),
        (".github/workflows/ci.yml", None),
        (".clinerules/style.md", Some("cline")),
        ("opencode.json", Some("opencode")),
        (".cursor/rules/a.mdc", Some("cursor")),
        (".vscode/settings.json", None),
    ] {
        let scene = Scene::committed(SHOP);
        scene.write(trace, "{}");
        let path = scene.in_path("nothing", "exit 0");
        let path = path.split(':').next().unwrap().to_owned() + ":/usr/bin:/bin";
        end(scene.assize(&["init", "--yes"]).env("PATH", path)).expect(0);
        let mut expected = vec!["claude-code", "codex"];
        expected.extend(found);
        assert_eq!(installed(&scene), expected, "{trace}");
    }
}

#[test]
fn the_clients_of_a_user_are_found_in_the_home_folder() {
    let scene = Scene::committed(SHOP);
    let home = scene.folder().join("home");
    put(&home.join(".config/opencode/opencode.json"), "{}");
    put(&home.join(".copilot/config.json"), "{}");
    scene.write("GEMINI.md", "of this project\n");
    let path = scene.in_path("nothing", "exit 0");
    let path = path.split(':').next().unwrap().to_owned() + ":/usr/bin:/bin";
    end(scene.assize(&["init", "--yes", "--scope=user"]).env("PATH", path)).expect(0);
    let found = ALL.iter().filter(|row| home.join(row[2]).is_file()).map(|row| row[0]);
    assert_eq!(found.collect::<Vec<_>>(), ["claude-code", "codex", "copilot-cli", "opencode"]);
}

#[test]
fn a_folder_that_may_not_be_read_stops_everything() {
    let scene = Scene::committed(SHOP);
    scene.write(".qwen/settings.json", "{}");
    let Some(mut command) = as_other_user(&scene, &["init", "--yes"]) else { return };
    mode(&scene.path(".qwen"), 0o000);
    let refused = end(&mut command);
    mode(&scene.path(".qwen"), 0o755);
    let refused = refused.expect(2);
    assert!(refused.err.contains(".qwen/settings.json"), "{}", refused.err);
    assert!(!scene.path(".claude").exists());
}

#[test]
fn the_clients_in_use_are_found_by_their_programs() {
    for (program, client) in [
        ("gemini", "gemini-cli"),
        ("qwen", "qwen-code"),
        ("copilot", "copilot-cli"),
        ("cline", "cline"),
        ("opencode", "opencode"),
        ("cursor-agent", "cursor"),
    ] {
        let scene = Scene::committed(SHOP);
        // Only of Claude Code a version is asked: another client is not even started.
        let path = scene.in_path(program, "touch started");
        end(scene.assize(&["init", "--yes"]).env("PATH", &path)).expect(0);
        assert!(installed(&scene).contains(&client), "{client}: {:?}", installed(&scene));
        assert!(!scene.path("started").exists(), "{program} was run");
    }
    // Those that are named are meant, whatever is in use; VS Code reads the file of Copilot.
    let scene = Scene::committed(SHOP);
    scene.run(&["init", "--yes", "--harness=vs-code"]).expect(0);
    assert_eq!(installed(&scene), ["copilot-cli"]);
    let wrong = scene.run(&["init", "--yes", "--harness=emacs"]).expect(2);
    assert!(wrong.err.contains("opencode") && wrong.err.contains("vs-code"), "{}", wrong.err);
}

/// Cline runs a script beside it as well; of OpenCode's plugin there is one.
#[test]
fn a_program_of_the_user_is_not_overwritten() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", "# mine\n");
    let mine = "#!/bin/sh\nexec lint\n";
    scene.write(".clinerules/hooks/PreToolUse", mine);
    scene.write(".clinerules/hooks/PostToolUse", b"\x7fELF\xff\xfe\x00");
    scene.write(".clinerules/hooks/PostToolUse.sh", b"\xff\xfe");
    scene.write(".opencode/plugin/assize.js", "export const Mine = 1\n");
    let before = files(&scene.tree());
    let told = scene.run(&["init", "--yes"]).expect(0);
    for path in ["hooks/PostToolUse` is yours and stays", "assize.js` is yours and stays"] {
        assert!(told.err.contains(path), "{}", told.err);
    }
    assert_eq!(text(&scene.path(".clinerules/hooks/PreToolUse")), mine);
    let own = scene.path(".clinerules/hooks/PreToolUse.sh");
    assert!(text(&own).contains("hook cline"));
    assert!(text(&scene.path(".clinerules/hooks/TaskStart")).contains("hook cline"));
    let once = files(&scene.tree());
    scene.run(&["init", "--yes"]).expect(0);
    assert_eq!(files(&scene.tree()), once);
    let status = scene.run(&["status"]).expect(0);
    let dead = "cline, project: dead: the client does not ask at PostToolUse";
    assert!(status.text().contains(dead), "{}", status.text());
    // Ours is found where it lies, though the other place is free by now.
    scene.remove(".clinerules/hooks/PreToolUse");
    scene.person(&["uninstall", "--yes"]).expect(0);
    scene.write(".clinerules/hooks/PreToolUse", mine);
    assert_eq!(files(&scene.tree()), before);
}

#[test]
fn entries_in_two_scopes_are_told() {
    let scene = Scene::committed(SHOP);
    let first = scene.run(&["init", "--yes", "--harness=gemini-cli"]).expect(0);
    assert!(!first.err.contains("judged twice"), "{}", first.err);
    let both = ["--harness=gemini-cli", "--harness=claude-code"];
    let user = scene.run(&[&["init", "--yes", "--scope=user"][..], &both].concat()).expect(0);
    assert!(
        user.err.contains("gemini-cli asks Assize by the project settings too"),
        "{}",
        user.err
    );
    assert_eq!(user.err.matches("judged twice").count(), 1, "{}", user.err);
}

/// Rules of Cline in one file, as they used to be, leave no room for a folder.
#[test]
fn a_file_where_a_folder_has_to_be_stays() {
    let scene = Scene::committed(SHOP);
    scene.write(".clinerules", "be kind\n");
    let before = files(&scene.tree());
    let told = scene.run(&["init", "--yes"]).expect(0);
    assert_eq!(told.err.matches(".clinerules` is yours and stays").count(), 1, "{}", told.err);
    assert!(scene.path(".claude/settings.json").is_file());
    let status = scene.run(&["status"]).expect(0);
    assert!(status.text().contains("cline, project: absent"), "{}", status.text());
    scene.person(&["uninstall", "--yes"]).expect(0);
    assert_eq!(files(&scene.tree()), before);
}

#[test]
fn a_script_that_was_edited_is_named_and_nothing_is_written() {
    let scene = Scene::committed(SHOP);
    scene.run(&["init", "--yes", "--harness=cline"]).expect(0);
    let path = scene.path(".clinerules/hooks/PreToolUse");
    let edited = text(&path).replace("exit 2", "exit 0");
    std::fs::write(&path, &edited).unwrap();
    for command in ["init", "uninstall"] {
        let refused = scene.person(&[command, "--yes"]).expect(2);
        assert!(
            refused.err.contains("hooks/PreToolUse`: ") && refused.err.contains("edited"),
            "{}",
            refused.err
        );
        assert_eq!(text(&path), edited);
    }
    let status = scene.run(&["status"]).expect(0);
    assert!(status.text().contains("cline, project: dead: PreToolUse: "), "{}", status.text());
}

#[test]
fn scripts_can_be_run_and_a_client_that_cannot_run_one_is_told() {
    let scene = Scene::committed(SHOP);
    scene.run(&["init", "--yes", "--harness=cline"]).expect(0);
    for entry in std::fs::read_dir(scene.path(".clinerules/hooks")).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o100, 0o100);
    }
    mode(&scene.path(".clinerules/hooks/PreToolUse"), 0o644);
    let status = scene.run(&["status"]).expect(0);
    assert!(status.text().contains("cline, project: dead"), "{}", status.text());
    assert!(status.text().contains("cannot be run"), "{}", status.text());
    scene.write("elsewhere", std::fs::read(scene.path(".clinerules/hooks/PreToolUse")).unwrap());
    mode(&scene.path("elsewhere"), 0o755);
    scene.remove(".clinerules/hooks/PreToolUse");
    scene.link("../../elsewhere", ".clinerules/hooks/PreToolUse");
    let status = scene.run(&["status"]).expect(0);
    assert!(status.text().contains("PreToolUse: the script is a link"), "{}", status.text());
}

#[test]
fn what_cannot_be_written_stops_everything() {
    let scene = Scene::committed(SHOP);
    for (client, form, said) in [
        ("gemini-cli", "{\n  ]\n}", "line 2"),
        ("cursor", "{\"hooks\": []}", "`hooks`"),
        ("copilot-cli", "", "not valid JSON"),
        ("qwen-code", "{\"hooks\": {\"PreToolUse\": 1}}", "`hooks.PreToolUse`"),
    ] {
        let file = row(client)[1];
        scene.write(file, form);
        let before = files(&scene.tree());
        let refused = scene.run(&["init", "--yes"]).expect(2);
        assert!(refused.err.contains(file) && refused.err.contains(said), "{}", refused.err);
        assert_eq!(files(&scene.tree()), before);
        scene.write(file, "{}");
        mode(&scene.path(file), 0o444);
        let refused = scene.run(&["init", "--yes"]).expect(2);
        assert!(refused.err.contains("is read-only"), "{}", refused.err);
        mode(&scene.path(file), 0o644);
        scene.remove(file);
    }
}

#[test]
fn links_stay_links() {
    let scene = Scene::committed(SHOP);
    scene.write("dotfiles/gemini.json", "{ \"a\": 1 }\n");
    scene.link("../dotfiles/gemini.json", ".gemini/settings.json");
    std::fs::create_dir(scene.path("hooks-of-cline")).unwrap();
    scene.link("../hooks-of-cline", ".clinerules/hooks");
    let before = files(&scene.tree());
    scene.run(&["init", "--yes"]).expect(0);
    assert!(scene.path(".gemini/settings.json").is_symlink());
    assert!(text(&scene.path("dotfiles/gemini.json")).contains("hook gemini-cli"));
    assert!(scene.path("hooks-of-cline/PreToolUse").is_file());
    scene.person(&["uninstall", "--yes"]).expect(0);
    assert_eq!(files(&scene.tree()), before);
    assert!(scene.path(".clinerules/hooks").is_symlink());
}

/// A search path with all clients, each of the version that was measured.
pub(crate) fn everything(scene: &Scene) -> String {
    for (program, version) in [
        ("claude", "2.1.330 (Claude Code)"),
        ("codex", "codex-cli 0.169.0"),
        ("gemini", "0.61.0"),
        ("qwen", "0.24.4"),
        ("copilot", "GitHub Copilot CLI 1.0.102."),
        ("cline", "3.0.65"),
        ("opencode", "1.18.33"),
    ] {
        scene.in_path(program, &format!("echo '{version}'"));
    }
    scene.in_path("cursor-agent", "echo 2026.11.01-abc")
}

pub(crate) fn json_of(scene: &Scene, path: &str, arguments: &[&str], status: i32) -> Value {
    let machine = format!("--managed-root={}", scene.folder().join("machine").display());
    let mut command = scene.assize(&[arguments, &["--format=json", &machine]].concat());
    serde_json::from_slice(&end(command.env("PATH", path)).expect(status).out).unwrap()
}

#[test]
fn doctor_tries_the_hooks_of_every_client() {
    let scene = Scene::committed(SHOP);
    let path = everything(&scene);
    let none = json_of(&scene, &path, &["doctor"], 1);
    assert_eq!(none["unhooked"].as_array().unwrap().len(), 8, "{none:#}");
    end(scene.assize(&["init", "--yes"]).env("PATH", &path)).expect(0);
    let report = json_of(&scene, &path, &["doctor"], 0);
    let hooks = report["hooks"].as_array().unwrap();
    assert_eq!(hooks.len(), 8);
    for hook in hooks {
        let trials = hook["trials"].as_array().unwrap();
        assert!(trials.iter().all(|trial| trial["ok"] == true), "{hook:#}");
        let named = |name: &str| {
            trials.iter().any(|trial| trial["name"].as_str().unwrap().starts_with(name))
        };
        for name in ["a write that must be denied", "a read", "half a JSON", "a program that"] {
            assert!(named(name), "{name}: {hook:#}");
        }
    }
    assert_eq!(report["unhooked"], json!([]));
    for client in report["clients"].as_array().unwrap() {
        let known = !matches!(client["client"].as_str(), Some("cursor" | "vs-code"));
        assert_eq!(client["measured"].is_string(), known, "{client}");
        if known {
            assert_eq!(client["measured"], client["version"]);
        }
    }
    let limits = report["not_enforced"].to_string();
    for words in ["ends the whole task", "nobody has tried them", "passed over in silence"] {
        assert!(limits.contains(words), "{words}: {limits}");
    }
    let status = json_of(&scene, &path, &["status"], 0);
    let live = |hook: &&Value| hook["scope"] == "project" && hook["state"] == "live";
    assert_eq!(status["hooks"].as_array().unwrap().iter().filter(live).count(), 8, "{status:#}");
    let text = end(scene.assize(&["doctor"]).env("PATH", &path)).expect(0);
    for words in ["gemini-cli 0.61.0: measured", "cursor 2026.11.01-abc: by its documentation"] {
        assert!(text.text().contains(words), "{words}: {}", text.text());
    }
    // One that is left out is named.
    scene.remove(".gemini/settings.json");
    let left = json_of(&scene, &path, &["doctor"], 0);
    assert_eq!(left["unhooked"], json!(["gemini-cli"]));
}
