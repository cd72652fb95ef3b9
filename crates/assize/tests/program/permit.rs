//! The rules are known before the first change: given, read, gone stale, given again.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::observe::entries;
use crate::scene::{SHOP, Scene};

const RULES: &str = "# Rules\n\n- Never print secrets.\n\n## Database migrations\n\n\
                     - One change for each migration.\n";
const ENFORCE: &str = "root = true\n[guard]\nmode = \"enforce\"\n";

/// A repository with rules, which the guard enforces.
fn ruled(configuration: &str) -> Scene {
    let scene = Scene::of(SHOP);
    scene.write("AGENTS.md", RULES);
    scene.write("assize.toml", format!("{ENFORCE}{configuration}"));
    scene.commit("first");
    scene
}

/// A client's session.
struct Session<'s> {
    scene: &'s Scene,
    client: &'s str,
    name: &'s str,
    agent: Option<&'s str>,
}

impl<'s> Session<'s> {
    fn new(scene: &'s Scene) -> Self {
        Self { scene, client: "claude-code", name: "s-1", agent: None }
    }

    /// Status, standard output.
    fn tell(&self, moment: &str, more: &[(&str, Value)]) -> (i32, String) {
        let mut event = json!({
            "session_id": self.name,
            "cwd": self.scene.tree(),
            "hook_event_name": moment,
            "tool_use_id": "1",
        });
        if let Some(agent) = self.agent {
            event["agent_id"] = json!(agent);
        }
        for (key, value) in more {
            event[*key] = value.clone();
        }
        let mut command = self.scene.assize(&["hook", self.client]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(event.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    fn before(&self, tool: &str, input: &Value) -> (i32, String) {
        self.tell("PreToolUse", &[("tool_name", json!(tool)), ("tool_input", input.clone())])
    }

    fn after(&self, tool: &str, input: &Value) -> (i32, String) {
        self.tell("PostToolUse", &[("tool_name", json!(tool)), ("tool_input", input.clone())])
    }

    /// What the client would show the model when the session begins.
    fn begin(&self, source: &str) -> String {
        let (status, out) = self.tell("SessionStart", &[("source", json!(source))]);
        assert_eq!(status, 0, "{out}");
        let value: Value = serde_json::from_str(&out).unwrap_or_default();
        let said = &value["hookSpecificOutput"]["additionalContext"];
        // Copilot has it at the top.
        said.as_str().or(value["additionalContext"].as_str()).unwrap_or_default().to_owned()
    }

    fn write(&self) -> (i32, String) {
        let path = self.scene.path("notes.md");
        self.before("Write", &json!({ "file_path": path, "content": "x\n" }))
    }

    /// A command that ran to its end.
    fn ran(&self, command: &str) {
        let input = json!({ "command": command });
        assert_eq!(self.before("Bash", &input), (0, String::new()), "{command}");
        self.after("Bash", &input);
    }

    #[track_caller]
    fn is_free(&self) {
        assert_eq!(self.write(), (0, String::new()));
    }

    /// The reason why a write is denied.
    #[track_caller]
    fn is_held(&self) -> String {
        let (status, out) = self.write();
        assert_eq!(status, 2, "{out}");
        let value: Value = serde_json::from_str(&out).unwrap();
        value["hookSpecificOutput"]["permissionDecisionReason"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_change_waits_for_the_rules_and_looking_does_not() {
    let scene = ruled("");
    let agent = Session::new(&scene);
    let reason = agent.is_held();
    assert!(reason.contains("preflight-permit") && reason.contains("AGENTS.md"), "{reason}");
    assert!(reason.contains("`assize preflight notes.md`"), "{reason}");
    for command in [
        "git status",
        "head -1 AGENTS.md",
        "git restore shop/api.py",
        "assize check .",
        "make test",
    ] {
        assert_eq!(agent.before("Bash", &json!({ "command": command })).0, 0, "{command}");
    }
    for command in ["touch notes.md", "sed -i s/a/b/ shop/api.py", "mv shop/api.py shop/b.py"] {
        let (status, out) = agent.before("Bash", &json!({ "command": command }));
        assert!(status == 2 && out.contains("preflight-permit"), "{command}: {out}");
    }
    // What lies outside of the tree is no change of it.
    agent.ran("touch /tmp/assize-permit-test");
}

#[test]
fn a_session_that_begins_is_given_the_rules() {
    let scene = ruled("");
    let agent = Session::new(&scene);
    let given = agent.begin("startup");
    assert!(given.contains("AGENTS.md:3 - Never print secrets."), "{given}");
    assert!(given.contains("secret-literal (") && given.len() <= 1_500 * 3, "{given}");
    agent.is_free();
    let permits = entries(&scene, "permit");
    let payload = &permits[0]["payload"];
    assert_eq!(payload["via"], "start");
    assert!(payload["documents"]["AGENTS.md"].as_str().unwrap().len() == 32, "{payload}");
    let started = &entries(&scene, "session-start")[0]["payload"];
    assert_eq!(started["rules"], payload["rules"]);
    // A subagent has it with its session, another session does not.
    let inner = Session { agent: Some("a-1"), ..Session::new(&scene) };
    inner.is_free();
    let other = Session { name: "s-2", ..Session::new(&scene) };
    other.is_held();
}

#[test]
fn every_client_that_hands_a_text_on_is_given_the_rules() {
    let scene = ruled("");
    for client in ["claude-code", "codex", "gemini-cli", "qwen-code", "copilot-cli"] {
        let agent = Session { client, ..Session::new(&scene) };
        assert!(agent.begin("startup").contains("AGENTS.md:3 - Never print"), "{client}");
        let (status, out) = agent.before("Bash", &json!({ "command": "echo x > notes.md" }));
        assert!(status == 0 && !out.contains("preflight"), "{client}: {out}");
    }
}

#[test]
fn rules_come_again_after_a_compaction_and_not_when_a_session_goes_on() {
    let scene = ruled("");
    let agent = Session::new(&scene);
    agent.begin("startup");
    assert_eq!(agent.begin("resume"), "");
    assert!(agent.begin("compact").contains("AGENTS.md:3"));
    agent.is_free();
    let fresh = Session { name: "s-2", ..Session::new(&scene) };
    assert!(fresh.begin("resume").contains("AGENTS.md:3"));
}

#[test]
fn a_client_that_hands_nothing_on_is_held_once() {
    let scene = ruled("");
    let agent = Session { client: "opencode", ..Session::new(&scene) };
    let (status, out) = agent.tell("SessionStart", &[]);
    assert!(status == 0 && !out.contains("AGENTS.md:3"), "{out}");
    let input = json!({ "filePath": scene.path("notes.md"), "content": "x\n" });
    let (status, out) = agent.before("write", &input);
    assert!(status == 2 && out.contains("`assize preflight notes.md`"), "{out}");
    let command = json!({ "command": "assize preflight notes.md" });
    agent.before("bash", &command);
    agent.after("bash", &command);
    assert_eq!(agent.before("write", &input), (0, String::new()));
}

#[test]
fn whoever_asks_for_the_rules_is_free() {
    let scene = ruled("");
    let agent = Session::new(&scene);
    agent.is_held();
    let given = scene.run(&["preflight", "notes.md"]).expect(0);
    let input = json!({ "command": "git status && assize preflight notes.md" });
    assert_eq!(agent.before("Bash", &input).0, 0);
    let told = [("tool_name", json!("Bash")), ("tool_input", input)];
    let result = json!({ "stdout": given.text() });
    agent.tell("PostToolUse", &[&told[..], &[("tool_response", result)]].concat());
    agent.is_free();
    let permit = &entries(&scene, "permit")[0]["payload"];
    assert_eq!((&permit["via"], &permit["paths"]), (&json!("preflight"), &json!(["notes.md"])));
}

#[test]
fn rules_that_nobody_saw_do_not_count() {
    let scene = ruled("");
    let agent = Session::new(&scene);
    for command in [
        "assize preflight > /tmp/assize-permit-test",
        "assize preflight | head -1",
        "assize preflight | true",
        "echo assize preflight",
    ] {
        let input = json!({ "command": command });
        agent.before("Bash", &input);
        agent.after("Bash", &input);
        agent.is_held();
    }
    // Something else came back, or the rules of another state.
    let input = json!({ "command": "assize preflight" });
    for came in ["sh: assize: not found", "Assize: the rules of this repository (state 00000000;"] {
        agent.before("Bash", &input);
        let result = json!({ "stdout": came });
        let told = [("tool_name", json!("Bash")), ("tool_input", input.clone())];
        agent.tell("PostToolUse", &[&told[..], &[("tool_response", result)]].concat());
        agent.is_held();
    }
    // It was asked for, and failed.
    let input = json!({ "command": "assize preflight" });
    agent.before("Bash", &input);
    agent.tell("PostToolUseFailure", &[("tool_name", json!("Bash")), ("tool_input", input)]);
    agent.is_held();
    let background = json!({ "command": "assize preflight", "run_in_background": true });
    agent.before("Bash", &background);
    agent.after("Bash", &background);
    agent.is_held();
}

#[test]
fn rules_that_change_are_told_once_and_then_hold_the_session() {
    let scene = ruled("");
    let agent = Session::new(&scene);
    agent.begin("startup");
    agent.is_free();
    scene.write("AGENTS.md", format!("{RULES}\n## Money\n\n- Cents, never floats.\n"));
    let (status, out) = agent.write();
    assert!(status == 0 && out.contains("preflight-stale") && out.contains("AGENTS.md"), "{out}");
    assert!(out.contains("AGENTS.md:11 - Cents, never floats."), "{out}");
    assert!(!out.contains("Never print secrets"), "{out}");
    let reason = agent.is_held();
    assert!(reason.contains("preflight-stale") && reason.contains("assize preflight"), "{reason}");
    agent.ran("assize preflight");
    agent.is_free();
    // A new document is a change too, and reading it whole is enough.
    scene.write("CLAUDE.md", "# More\n\n- Always test.\n");
    assert_eq!(agent.write().0, 0);
    agent.is_held();
    let read = json!({ "file_path": scene.path("CLAUDE.md") });
    assert_eq!(agent.before("Read", &read), (0, String::new()));
    agent.is_free();
    // One that goes is none.
    scene.remove("CLAUDE.md");
    agent.is_free();
}

#[test]
fn what_the_session_itself_makes_of_the_rules_it_knows() {
    let scene = ruled("");
    let agent = Session::new(&scene);
    agent.begin("startup");
    let input = json!({ "file_path": scene.path("AGENTS.md"), "content": "# Rules\n\n- New.\n" });
    agent.before("Write", &input);
    scene.write("AGENTS.md", "# Rules\n\n- New.\n");
    agent.after("Write", &input);
    agent.is_free();
    let other = Session { name: "s-2", ..Session::new(&scene) };
    other.is_held();
}

#[test]
fn a_document_that_is_read_whole_is_read_in_any_parts() {
    let scene = Scene::of(SHOP);
    let text: String = (1..=60).map(|line| format!("Line {line}\n")).collect();
    scene.write("docs/policy.md", &text);
    scene.write("assize.toml", format!("{ENFORCE}[permit]\nfull = [\"docs/policy.md\"]\n"));
    scene.commit("first");
    let agent = Session::new(&scene);
    agent.begin("startup");
    let reason = agent.is_held();
    assert!(reason.contains("docs/policy.md") && reason.contains("end to end"), "{reason}");
    assert!(reason.contains("`assize preflight --full`"), "{reason}");
    let part = |first: u32, count: u32| {
        let path = scene.path("docs/policy.md");
        let input = json!({ "file_path": path, "offset": first, "limit": count });
        assert_eq!(agent.before("Read", &input), (0, String::new()));
    };
    part(1, 20);
    agent.ran("sed -n '40,60p' docs/policy.md");
    // This shows nobody anything.
    let hidden = json!({ "command": "cat docs/policy.md > /tmp/assize-permit-test" });
    agent.before("Bash", &hidden);
    agent.is_held();
    part(21, 18);
    agent.is_held();
    agent.ran("head -n 39 docs/policy.md");
    agent.is_free();
    let other = Session { name: "s-2", ..Session::new(&scene) };
    other.is_held();
    other.ran("assize preflight --full");
    other.is_free();
    let third = Session { name: "s-3", ..Session::new(&scene) };
    third.ran("cat docs/policy.md");
    third.is_free();
}

#[test]
fn without_a_required_document_nobody_works() {
    let scene = ruled("[permit]\nrequired = [\"/opt/app/docs/policy/**\", \"RULES.md\"]\n");
    scene.write("RULES.md", "# Rules\n\n- Never guess.\n");
    let agent = Session::new(&scene);
    let given = agent.begin("startup");
    assert!(given.contains("docs/policy/**") && given.contains("nothing is there"), "{given}");
    let reason = agent.is_held();
    assert!(reason.contains("rulebook-load") && reason.contains("[permit] required"), "{reason}");
    let status = scene.run(&["status", "--format", "json"]).expect(0);
    let status: Value = serde_json::from_str(status.text()).unwrap();
    assert_eq!(status["rules"]["missing"], json!(["/opt/app/docs/policy/**"]));
    assert_eq!(status["rules"]["documents"], json!(["AGENTS.md", "RULES.md"]));
    let failed = scene.run(&["preflight"]).expect(1);
    assert!(failed.text().contains("error[rulebook-load]"), "{}", failed.text());
    scene.write("docs/policy/data.md", "# Data\n\n- Must be kept.\n");
    agent.is_held();
    assert!(agent.begin("startup").contains("docs/policy/data.md:3"));
    agent.is_free();
    // A folder, and what is no text.
    for bytes in [&b"\xff\xfe"[..], &vec![b'a'; (1 << 20) + 1]] {
        scene.write("RULES.md", bytes);
        let reason = agent.is_held();
        assert!(reason.contains("rulebook-load") && reason.contains("RULES.md"), "{reason}");
    }
    scene.remove("RULES.md");
    scene.write("RULES.md/x.png", "");
    assert!(agent.is_held().contains("RULES.md"));
    // What mends it is let through.
    std::fs::remove_dir_all(scene.path("RULES.md")).unwrap();
    let mend = json!({ "file_path": scene.path("RULES.md"), "content": "# Rules\n" });
    assert_eq!(agent.before("Write", &mend).0, 0);
}

#[test]
fn while_the_guard_observes_it_is_said_once() {
    let scene = Scene::of(SHOP);
    scene.write("AGENTS.md", RULES);
    scene.commit("first");
    let agent = Session::new(&scene);
    let (status, out) = agent.write();
    assert!(status == 0 && out.contains("preflight-permit"), "{out}");
    agent.is_free();
    agent.is_free();
    let other = Session { name: "s-2", ..Session::new(&scene) };
    other.begin("startup");
    other.is_free();
    scene.write("AGENTS.md", "# Rules\n\n- Other.\n");
    assert!(other.write().1.contains("preflight-stale"));
    other.is_free();
}

#[test]
fn a_document_that_is_missing_is_said_once_while_the_guard_observes() {
    let scene = Scene::of(SHOP);
    scene.write("assize.toml", "root = true\n[permit]\nrequired = [\"RULES.md\"]\n");
    scene.commit("first");
    let agent = Session::new(&scene);
    let (status, out) = agent.write();
    assert!(status == 0 && out.contains("rulebook-load"), "{out}");
    agent.is_free();
}

#[test]
fn without_documents_nothing_is_asked() {
    let scene = Scene::committed(SHOP);
    scene.write("assize.toml", ENFORCE);
    let agent = Session::new(&scene);
    assert_eq!(agent.begin("startup"), "");
    agent.is_free();
    let given = scene.run(&["preflight", "shop/api.py"]).expect(0);
    assert!(given.text().contains("documents: none") && given.text().contains("phantom-import"));
}

#[test]
fn the_command_gives_what_belongs_to_paths() {
    let scene = ruled("");
    scene.write("web/AGENTS.md", "# Web\n\nOnly tokens.\n");
    let given = scene.run(&["preflight", "db/migrations/1.sql"]).expect(0);
    let text = given.text();
    let place = |words: &str| text.find(words).unwrap_or(usize::MAX);
    assert!(place("AGENTS.md:7 - One change") < place("AGENTS.md:3 - Never"), "{text}");
    assert!(scene.run(&["preflight", "web/a.ts"]).expect(0).text().contains("web/AGENTS.md:3"));
    assert!(!text.contains("Only tokens"), "{text}");
    let json = scene.run(&["preflight", "--format", "json"]).expect(0);
    let json: Value = serde_json::from_str(json.text()).unwrap();
    assert_eq!(json["documents"][0]["path"], "AGENTS.md");
    assert!(json["tokens_at_most"].as_u64().unwrap() <= 4_000, "{json}");
    assert_eq!(scene.run(&["preflight", "/etc/passwd"]).status, Some(2));
    let whole = scene.run(&["preflight", "--full"]).expect(0);
    assert!(whole.text().contains("\n## Database migrations\n"), "{}", whole.text());
}

#[test]
fn a_file_that_was_not_read_is_told_of_once() {
    let scene = Scene::committed(SHOP);
    let agent = Session { client: "codex", ..Session::new(&scene) };
    let patch = |path: &str, old: &str| {
        let text = format!(
            "*** Begin Patch\n*** Update File: {path}\n@@\n-{old}\n+import os\n*** End Patch\n"
        );
        agent.before("apply_patch", &json!({ "command": text }))
    };
    let (status, out) = patch("shop/settings.py", "import os");
    assert!(status == 0 && out.contains("read-before-edit"), "{out}");
    assert_eq!(patch("shop/settings.py", "import os"), (0, String::new()));
    agent.ran("cat shop/api.py");
    assert_eq!(patch("shop/api.py", "from shop.gone import total"), (0, String::new()));
    // Somebody else changed it since.
    scene.write("shop/api.py", "import sys\n");
    assert!(patch("shop/api.py", "import sys").1.contains("changed since this session read it"));
    // What a session made itself it knows.
    let made = "*** Begin Patch\n*** Add File: shop/made.py\n+import os\n*** End Patch\n";
    let input = json!({ "command": made });
    assert_eq!(agent.before("apply_patch", &input), (0, String::new()));
    scene.write("shop/made.py", "import os\n");
    agent.after("apply_patch", &input);
    assert_eq!(patch("shop/made.py", "import os"), (0, String::new()));
    let rest = Session { name: "s-2", ..Session::new(&scene) };
    let gone = json!({ "command": "rm shop/settings.py" });
    assert!(rest.before("Bash", &gone).1.contains("read-before-edit"));
}

#[test]
fn a_document_is_read_for_its_rules() {
    let scene = ruled("");
    scene.write(
        "RULES.md",
        "Rule 1: a\n- Never commit secrets\nRule 2: b\n- be kind\nRule 4: d\n- x y z w\n",
    );
    let parsed = scene.run(&["rules", "parse", "RULES.md"]).expect(0);
    let text = parsed.text();
    assert!(text.contains("2: [secret-literal] Never commit secrets"), "{text}");
    assert!(text.contains("4: [unmapped] be kind"), "{text}");
    assert!(text.contains("line 5: missing-number: rule 3 is missing"), "{text}");
    assert!(text.contains("rules: 3, numbered; clauses: 3, of which 2 unmapped; faults: 1"));
    let json = scene.run(&["rules", "parse", "RULES.md", "--format", "json"]).expect(0);
    let json: Value = serde_json::from_str(json.text()).unwrap();
    assert_eq!(json["faults"][0]["fault"], "missing-number");
    assert_eq!(json["rules"][0]["clauses"][0]["controls"], json!(["secret-literal"]));
    assert_eq!(scene.run(&["rules", "parse", "none.md"]).status, Some(2));
}

#[test]
fn a_commit_names_the_rules_and_ci_says_when_they_are_others() {
    let scene = ruled("");
    scene.run(&["init", "--git", "--yes"]).expect(0);
    let agent = Session::new(&scene);
    agent.begin("startup");
    agent.is_free();
    scene.write("notes.md", "x\n");
    agent.after("Write", &json!({ "file_path": scene.path("notes.md"), "content": "x\n" }));
    scene.git(&["add", "notes.md"]);
    let done = scene.surrounded("git").args(["commit", "-m", "Notes"]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let body = scene.git(&["log", "-1", "--format=%B"]);
    let rules = entries(&scene, "permit")[0]["payload"]["rules"].as_str().unwrap().to_owned();
    assert!(body.contains(&format!("\nAssize-Rules: {rules}")), "{body}");
    assert_eq!(entries(&scene, "gate")[0]["payload"]["rules"], json!(rules));
    let same = scene.run(&["gate", "commit", "--ci"]).expect(0);
    assert!(!same.text().contains("rulebook-hash"), "{}", same.text());
    scene.write("AGENTS.md", "# Rules\n\n- Other.\n");
    let other = scene.run(&["gate", "commit", "--ci"]).expect(0);
    assert!(other.text().contains("warn[rulebook-hash]"), "{}", other.text());
}
