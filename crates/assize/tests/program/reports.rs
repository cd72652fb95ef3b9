//! The formats for CI and for a browser, timings, profiles and the schema, on real trees.

use serde_json::Value;

use crate::cache::RACY;
use crate::scene::{SHOP, Scene};

/// What a run tells on standard output.
fn told(scene: &Scene, arguments: &[&str], status: i32) -> String {
    scene.run(arguments).expect(status).text().to_owned()
}

fn read(scene: &Scene, path: &str) -> String {
    std::fs::read_to_string(scene.path(path)).unwrap()
}

const PLAIN: &[(&str, &str)] = &[
    ("README.md", "# Shop\n\nRead [the guide](guide.md).\n"),
    (".github/CODEOWNERS", "* @everybody\n*.md @writers\n"),
];

#[test]
fn junit_is_red_where_the_exit_status_is() {
    let scene = Scene::of(SHOP);
    let failures = |arguments: &[&str], status: i32| {
        let text = told(&scene, &[&["check", "--format", "junit"], arguments].concat(), status);
        let document = roxmltree::Document::parse(&text).unwrap();
        let count =
            |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        assert!(count("testsuite") > 10 && text.contains("shop/settings.py:4"), "{text}");
        count("failure")
    };
    // One finding is an error, one a warning.
    assert_eq!(failures(&["--fail-on", "warn"], 1), 2);
    assert_eq!(failures(&["--fail-on", "error"], 1), 1);
    assert_eq!(failures(&["--fail-on", "block"], 0), 0);
    scene.run(&["baseline"]).expect(0);
    let text = told(&scene, &["check", "--format", "junit"], 0);
    assert!(!text.contains("<failure") && text.contains("(baselined)"), "{text}");
}

#[test]
fn github_annotates_the_lines_of_the_change() {
    let scene = Scene::of(SHOP);
    let ended = scene.run(&["check", "--format", "github"]).expect(1);
    let text = ended.text();
    assert!(text.contains("::warning file=shop/settings.py,line=4,endLine=4,col="), "{text}");
    assert!(text.ends_with("exit 1\n"), "{text}");
    let reads = (0..40).map(|number| format!("x = os.environ[\"KEY_{number}\"]\n"));
    scene.write("shop/many.py", "import os\n".to_owned() + &reads.collect::<String>());
    let text = told(&scene, &["check", "--format", "github"], 1);
    let shown = text.lines().filter(|line| line.starts_with("::warning ")).count();
    assert!(shown == 10 && text.contains("GitHub would show nothing"), "{text}");
}

#[test]
fn the_page_names_owners_and_compares_with_the_baseline() {
    let scene = Scene::of(PLAIN);
    let page = told(&scene, &["check", "--format", "html"], 1);
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(page.contains("R01 ") && page.contains("R20 "));
    assert!(page.contains("@writers") && !page.contains("@everybody"), "{page}");
    assert!(page.contains("<mark>"), "{page}");
    scene.run(&["baseline"]).expect(0);
    scene.write("OTHER.md", "[a](gone.md)\n");
    let page = told(&scene, &["check", "--format", "html"], 1);
    assert!(page.contains("Against the baseline: 1 → 2 "), "{page}");
    // A part of the tree is not compared with the whole of another day.
    let page = told(&scene, &["check", "--format", "html", "OTHER.md"], 1);
    assert!(!page.contains("Against the baseline"));
}

#[test]
fn timings_name_parsers_and_controls() {
    let scene = Scene::of(SHOP);
    let ended = scene.run(&["check", "--timings", "--no-cache", "--format", "concise"]).expect(1);
    assert!(ended.err.contains("parser") && ended.err.contains("python"), "{}", ended.err);
    assert!(!ended.text().contains("CPU ms"));
    let of = |arguments: &[&str]| -> Value {
        serde_json::from_slice(&scene.run(arguments).out).unwrap()
    };
    let count = |list: &Value, name: &str| {
        let found = list.as_array().unwrap().iter().find(|one| one["name"] == name).cloned();
        found.map_or(0, |one| one["count"].as_u64().unwrap())
    };
    let all = of(&["check", "--timings", "--no-cache", "--format", "json"]);
    let python = count(&all["timings"]["parsers"], "python");
    assert!(python >= 2, "{}", all["timings"]);
    assert!(count(&all["timings"]["controls"], "syntax-parse") >= python);
    assert!(count(&all["timings"]["controls"], "phantom-env") >= python);
    // With an index nothing is parsed again, and everything is judged again. What changed just
    // before is read once more, by git's rule for racy files.
    std::thread::sleep(RACY);
    drop(of(&["check", "--format", "json"]));
    let warm = of(&["check", "--timings", "--format", "json"]);
    assert_eq!(count(&warm["timings"]["parsers"], "python"), 0);
    assert!(count(&warm["timings"]["controls"], "phantom-env") >= python);
    assert_eq!(warm["findings"], all["findings"]);
    assert!(of(&["check", "--format", "json"]).get("timings").is_none());
}

/// By the letter of the rules, a variable that is read and that nobody declares is a breach.
#[test]
fn the_strict_profile_reads_the_rules_by_the_letter() {
    let scene = Scene::of(&[
        (".env.example", "DATABASE_URL=\n"),
        ("settings.py", "import os\n\nMAIL = os.environ[\"MAIL_KEY\"]\n"),
    ]);
    let severity = |arguments: &[&str]| {
        let ended =
            scene.run(&[&["check", "--fail-on", "error", "--format", "json"], arguments].concat());
        let report: Value = serde_json::from_slice(&ended.out).unwrap();
        let found = report["findings"].as_array().unwrap().clone();
        let found = found.iter().find(|one| one["control"] == "phantom-env").unwrap().clone();
        (ended.status, found["severity"].as_str().unwrap().to_owned())
    };
    assert_eq!(severity(&[]), (Some(0), "warn".to_owned()));
    assert_eq!(severity(&["--profile", "strict"]), (Some(1), "error".to_owned()));
    // A pass that is kept was made by one profile.
    assert_eq!(severity(&[]), (Some(0), "warn".to_owned()));
    scene.write("assize.toml", "profile = \"strict\"\n");
    assert_eq!(severity(&[]), (Some(1), "error".to_owned()));
    assert_eq!(severity(&["--profile", "recommended"]), (Some(0), "warn".to_owned()));
}

fn schema() -> (String, jsonschema::Validator) {
    let text = told(&Scene::bare(), &["config", "schema"], 0);
    let value: Value = serde_json::from_str(&text).unwrap();
    (text, jsonschema::validator_for(&value).unwrap())
}

#[test]
fn the_schema_beside_the_page_is_the_one_that_is_printed() {
    let kept = include_str!("../../../../docs/assize.schema.json");
    let printed = schema().0;
    assert!(kept == printed, "write `assize config schema` to docs/assize.schema.json");
}

#[test]
fn the_schema_of_rules_is_kept_and_takes_what_the_reader_takes() {
    let kept = include_str!("../../../../docs/assize-rules.schema.json");
    let printed = told(&Scene::bare(), &["config", "schema", "--rules"], 0);
    assert!(
        kept == printed,
        "write `assize config schema --rules` to docs/assize-rules.schema.json"
    );
    let value: Value = serde_json::from_str(&printed).unwrap();
    let schema = jsonschema::validator_for(&value).unwrap();
    let judged = |text: &str| {
        let value: toml::Value = toml::from_str(text).unwrap();
        schema.is_valid(&serde_json::to_value(value).unwrap())
    };
    let page = include_str!("../../../../docs/rules.md");
    let blocks = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut count = 0;
    for block in blocks {
        let scene = Scene::of(&[(".assize/rules/a.toml", block), ("a.py", "")]);
        scene.run(&["rules", "list"]).expect(0);
        assert!(judged(block), "{block}");
        count += 1;
    }
    assert!(count >= 4, "the page shows rules of each kind");
    for wrong in ["[rules.A]\nmessage = \"a\"\nregex = \"b\"\n", "[rules.a]\nregex = \"b\"\n"] {
        assert!(!judged(wrong), "{wrong}");
    }
}

/// The schema takes what the loader takes, and refuses what the page says is refused, but for what
/// only the loader can know.
#[test]
fn the_schema_and_the_loader_agree() {
    let (_, validator) = schema();
    let valid = |text: &str| {
        let table: toml::Table = toml::from_str(text).unwrap();
        validator.is_valid(&serde_json::to_value(table).unwrap())
    };
    let scene = Scene::of(&[]);
    let loads = |text: &str| {
        scene.write("assize.toml", text);
        scene.run(&["check", "--format", "json"]).status != Some(2)
    };
    let page = include_str!("../../../../docs/configuration.md");
    let blocks = page.split("```toml\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let mut seen = 0;
    for (block, _) in blocks {
        assert!(loads(block) && valid(block), "{block}");
        seen += 1;
    }
    assert!(seen > 10);
    for wrong in [
        "root = \"yes\"",
        "profile = \"strickt\"",
        "profil = \"strict\"",
        "[classes]\ntests = [\"x\"]",
        "[classes]\ntest = [\"!x\"]",
        "[classes]\ntest = [3]",
        "[env]\nexternal = [\"A-B\"]",
        "[env]\nexternal = \"*\"",
        "[agents]\npaths = \"/srv/agents\"",
        "[docs]\nauthority = 3",
        "[guard]\nmode = \"loud\"",
        "[gate]\nunattributed = \"warning\"",
        "[approvals]\nstrength = \"sign\"",
        "[escalate]\ncommand = []",
        "[escalate]\ncommand = \" \"",
        "[controls.phantom-envs]",
        "[controls.phantom-env]\nsevrity = \"warn\"",
        "[controls.clone-detect]\nseverity = \"warning\"",
        "[controls.clone-detect]\nseverity = \"block\"",
        "controls = 1",
    ] {
        assert!(!valid(wrong) && !loads(wrong), "{wrong}");
    }
}

const AGENT: &str = "---\nname: queue-keeper\ndescription: Senior engineer: queues, workers\n---\n\
                     You look after the queue.\n";

#[test]
fn an_exact_fix_is_shown_and_then_written() {
    let path = ".claude/agents/queue-keeper.md";
    let scene = Scene::committed(&[(path, AGENT), ("README.md", "# A\n")]);
    assert_eq!(scene.run(&["check"]).status, Some(1));
    let patch = told(&scene, &["check", "--diff"], 1);
    assert!(patch.starts_with(&format!("--- a/{path}\n+++ b/{path}\n@@")), "{patch}");
    assert!(patch.contains("+description: \"Senior engineer: queues, workers\"\n"), "{patch}");
    assert_eq!(read(&scene, path), AGENT);
    // What is shown is what git takes, and what is written.
    scene.write("fix.patch", &patch);
    scene.git(&["apply", "--check", "fix.patch"]);
    std::fs::remove_file(scene.path("fix.patch")).unwrap();
    let ended = scene.run(&["check", "--fix"]).expect(0);
    assert!(ended.err.contains("mended 1 finding in 1 file"), "{}", ended.err);
    let fixed =
        AGENT.replace("Senior engineer: queues, workers", "\"Senior engineer: queues, workers\"");
    assert_eq!(read(&scene, path), fixed);
    assert!(scene.run(&["check", "--diff"]).expect(0).out.is_empty());
}

/// Programs are told the edits; applied by hand they are what `--fix` writes.
#[test]
fn edits_are_told_to_programs() {
    let requirements = "# Calls\nrequests[socks]\nhttpx\n";
    let lock = "[[package]]\nname = \"requests\"\nversion = \"2.32.3\"\n";
    let agent = "---\nname: keeper\ndescription: Looks after the queue of jobs.\n---\n\u{e2}\u{161}\u{a0} Stop\n";
    let agent_path = ".claude/agents/keeper.md";
    let files = [
        ("requirements.txt", requirements),
        ("poetry.lock", lock),
        (agent_path, agent),
        ("README.md", "# A\n"),
    ];
    let scene = Scene::committed(&files);
    let ended = scene.run(&["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&ended.out).unwrap();
    let edits: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| Some((one["path"].as_str().unwrap(), one.get("fix")?.clone())))
        .collect();
    let places = [(agent_path, 5, 1, 4, "\u{26a0}"), ("requirements.txt", 2, 16, 16, "==2.32.3")];
    let expected: Vec<_> = places
        .iter()
        .map(|(path, line, column, end, text)| {
            let edit = serde_json::json!([{
                "line": line, "column": column, "end_line": line, "end_column": end, "text": text,
            }]);
            (*path, edit)
        })
        .collect();
    assert_eq!(edits, expected);
    let sarif = scene.run(&["check", "--format", "sarif"]);
    let sarif: Value = serde_json::from_slice(&sarif.out).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.iter().filter(|one| one.get("fixes").is_some()).count(), 2);
    scene.run(&["check", "--fix"]);
    assert_eq!(read(&scene, "requirements.txt"), "# Calls\nrequests[socks]==2.32.3\nhttpx\n");
    assert_eq!(read(&scene, agent_path), agent.replace("\u{e2}\u{161}\u{a0}", "\u{26a0}"));
}

/// What was not committed cannot be had back.
#[test]
fn a_file_that_is_not_committed_is_written_only_where_that_is_allowed() {
    let path = ".claude/agents/queue-keeper.md";
    let scene =
        Scene::committed(&[(path, "---\nname: queue-keeper\n---\n"), ("README.md", "# A\n")]);
    let other = ".claude/agents/other.md";
    let text = AGENT.replace("queue-keeper", "other");
    scene.write(path, AGENT);
    scene.write(other, &text);
    let ended = scene.run(&["check", "--fix"]).expect(1);
    assert!(ended.err.contains(&format!("`{path}` is left")), "{}", ended.err);
    assert_eq!((read(&scene, path), read(&scene, other)), (AGENT.to_owned(), text));
    scene.run(&["check", "--fix", "--allow-dirty"]).expect(0);
    assert_ne!(read(&scene, path), AGENT);
    // Without git there is nothing to go back to either.
    let bare = Scene::bare();
    bare.write(path, AGENT);
    bare.run(&["check", "--fix"]).expect(1);
    assert_eq!(read(&bare, path), AGENT);
}

#[test]
fn what_a_baseline_covers_is_not_mended() {
    let path = ".claude/agents/queue-keeper.md";
    let scene = Scene::committed(&[(path, AGENT)]);
    scene.run(&["baseline"]).expect(0);
    scene.run(&["check", "--diff"]).expect(0);
    scene.run(&["check", "--fix"]).expect(0);
    assert_eq!(read(&scene, path), AGENT);
}
