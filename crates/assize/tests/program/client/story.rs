//! The whole protocol in one session of the real client, and what a fresh clone makes of it.

use serde_json::{Value, json};

use super::model::{END, Turn};
use super::{client, follow, shell};
use crate::observe::entries;
use crate::proving::{CODE, Project};
use crate::scene::PROGRAM;

const RULES: &str = "root = true\n[guard]\nmode = \"enforce\"\n\
                     [permit]\nfull = [\"docs/policy.md\"]\n";
const POLICY: &str = "# Policy\n\n- Sums are exact.\n";

/// What the model asks for, and a word of what it is told; a `!` before a word that it must not be.
fn turns(project: &Project) -> Vec<(Turn, &'static str)> {
    let path = |inside: &str| project.scene.path(inside).display().to_string();
    let write = |inside: &str, content: &str| -> Turn {
        ("Write", json!({ "file_path": path(inside), "content": content }))
    };
    let run = |command: &str| -> Turn { ("Bash", shell(command)) };
    vec![
        (("Read", json!({ "file_path": path("app/total.py") })), "def total"),
        // Nobody changes anything before the rules are known.
        (write("app/total.py", CODE), "preflight-permit"),
        (run(&format!("{PROGRAM} preflight --full app/total.py")), "Sums are exact"),
        (write("app/total.py", CODE), "!preflight"),
        // A breach that nobody could foresee, and nothing but its repair.
        (run("sh scripts/make.sh"), "syntax-parse"),
        (write("app/other.py", "OTHER = 1\n"), "violation-stop"),
        (write("app/total.py", CODE), "!violation-stop"),
        (write("app/other.py", "OTHER = 1\n"), "!violation-stop"),
        // The end waits for evidence.
        ((END, Value::Null), "no run of the tests is recorded"),
        (run(&format!("{PROGRAM} exec -- pytest")), "2 passed"),
        (run("git add --all && git commit -q -m Total"), "!Assize, "),
        ((END, Value::Null), ""),
    ]
}

#[test]
fn a_session_goes_from_permit_to_proof() {
    let Some(client) = client() else { return };
    let project = Project::new(&[
        ("assize.toml", RULES),
        ("docs/policy.md", POLICY),
        ("scripts/make.sh", "printf 'def total(:\\n' > app/total.py\n"),
    ]);
    let scene = &project.scene;
    scene.run(&["init", "--harness", "claude-code", "--yes"]).expect(0);
    scene.git(&["add", "--all"]);
    scene.git(&["commit", "-q", "--no-verify", "-m", "Hooks"]);
    let story = turns(&project);
    let words: Vec<&str> = story.iter().map(|(_, word)| *word).collect();
    let command = project.command(&client.to_string_lossy(), &[]);
    let told = follow(command, story.into_iter().map(|(turn, _)| turn).collect());
    for (number, (told, word)) in told.iter().zip(&words).enumerate() {
        if word.is_empty() {
            assert_eq!(told, &None, "turn {number}");
            continue;
        }
        let Some(text) = told else { panic!("the client never reported turn {number}") };
        match word.strip_prefix('!') {
            Some(word) => assert!(!text.contains(word), "turn {number}: {text}"),
            None => assert!(text.contains(word), "turn {number}: {text}"),
        }
    }
    let kinds = |kind: &str| entries(scene, kind).len();
    assert!(kinds("permit") >= 1 && kinds("violation") == 1 && kinds("repair") == 1);
    assert_eq!(scene.git(&["log", "-1", "--format=%s"]), "Total");
    scene.run(&["ledger", "verify", "--anchor"]).expect(0);
    proven(&project);
}

/// A fresh clone agrees, and does not where the bundle is not what was signed for this tree.
fn proven(project: &Project) {
    let clone = project.cloned();
    let said = clone.ci(&["--require-evidence"]).expect(0);
    assert!(said.text().contains("proven"), "{}", said.text());
    let altered = project.cloned();
    altered.note(|note| note.replace("\"payload\":\"ey", "\"payload\":\"eyI"));
    altered.ci(&[]).expect(1);
    let removed = project.cloned();
    removed.scene.git(&["update-ref", "-d", "refs/notes/assize"]);
    let said = removed.ci(&[]).expect(0);
    assert!(said.text().contains("unproven"), "{}", said.text());
    removed.ci(&["--require-evidence"]).expect(1);
    let other = project.cloned();
    let tree = other.scene.git(&["rev-parse", "HEAD^{tree}"]);
    let note = other.scene.git(&["notes", "--ref=assize", "show", &tree]);
    other.scene.write("notes.md", "x\n");
    other.scene.commit("Another tree");
    let tree = other.scene.git(&["rev-parse", "HEAD^{tree}"]);
    other.scene.git(&["notes", "--ref=assize", "add", "-m", &note, &tree]);
    let said = other.ci(&[]).expect(1);
    assert!(said.text().contains("bound to another tree"), "{}", said.text());
}
