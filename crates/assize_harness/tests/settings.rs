//! Entries go into settings and come out again, and no other byte moves.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod forms;

use assize_harness::SettingsFile::{
    ClaudeSettings, CodexConfig, CodexHooks, CodexRequirements, CopilotHooks, CursorHooks,
    GeminiSettings, GeminiSystem, QwenSettings, QwenSystem,
};
use assize_harness::{
    SETTINGS_BYTES_MAX, SettingsError, SettingsFile, handlers, install, is_ours, program_of,
    standing, uninstall,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const CLAUDE: &str = "/usr/bin/assize hook claude-code";
const CODEX: &str = "/usr/bin/assize hook codex";

/// Files that are JSON with entries of ours among others.
const JSON: [SettingsFile; 8] = [
    ClaudeSettings,
    CodexHooks,
    GeminiSettings,
    GeminiSystem,
    QwenSettings,
    QwenSystem,
    CopilotHooks,
    CursorHooks,
];

fn command(file: SettingsFile) -> String {
    format!("/usr/bin/assize hook {}", file.client().name())
}

/// Installs twice and takes it out again; yields the text in between.
fn round(file: SettingsFile, text: Option<&str>) -> String {
    let once = install(file, text, &command(file), Some("2.1.330")).unwrap();
    let twice = install(file, Some(&once.text), &command(file), Some("2.1.330")).unwrap();
    assert_eq!(twice.text, once.text, "not idempotent: {text:?}");
    assert!(!once.changes.is_empty() && twice.changes.is_empty(), "{text:?}");
    assert!(right(file, &once.text), "{text:?}");
    assert_eq!(uninstall(file, &once.text).unwrap().as_deref(), text, "{}", once.text);
    once.text
}

fn right(file: SettingsFile, text: &str) -> bool {
    standing(file, text, &command(file), Some("2.1.330")).unwrap().is_right()
}

#[test]
fn a_new_file_of_claude_code() {
    let text = round(ClaudeSettings, None);
    assert!(text.starts_with(
        r#"{"hooks": {"PreToolUse": [{"matcher": "*", "hooks": [{"type": "command", "command": "/usr/bin/assize hook claude-code", "timeout": 10, "onFailure": "block"}]}],
    "PostToolUse": [{"matcher": "*", "hooks": [{"type": "command", "command": "/usr/bin/assize hook claude-code", "timeout": 10}]}],
"#
    ));
    assert!(text.ends_with("\n  }}\n"));
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["hooks"].as_object().unwrap().len(), 12);
    assert_eq!(value["hooks"]["Stop"][0]["hooks"][0]["timeout"], json!(60));
    assert_eq!(value["hooks"]["Stop"][0].get("matcher"), None);
}

#[test]
fn a_new_file_of_codex() {
    let value: Value = serde_json::from_str(&round(CodexHooks, None)).unwrap();
    let handler = json!({ "type": "command", "command": CODEX, "timeout": 10 });
    assert_eq!(value["hooks"]["PostToolUse"], json!([{ "hooks": [handler] }]));
    assert_eq!(value["hooks"].as_object().unwrap().len(), 10);
    // Codex waits so long at the end of a session, and complains of more.
    assert_eq!(value["hooks"]["SessionEnd"][0]["hooks"][0]["timeout"], 3);
    let text = round(CodexConfig, None);
    assert!(text.contains(
        "\n[[hooks.PostToolUse]]\n[[hooks.PostToolUse.hooks]]\ntype = \"command\"\n\
         command = \"/usr/bin/assize hook codex\"\ntimeout = 10\n"
    ));
}

#[test]
fn settings_of_the_user_come_back_as_they_were() {
    let user = r#"{"hooks": [{"type": "command", "command": "lint"}]}"#;
    let shared = format!(
        r#"{{ // mine
  "model": "x", /* and */
  "hooks": {{"PreToolUse": [{user},
      {user}, ], "Stop": [] , "Other": {{}},
  }},
}}
"#
    );
    for text in [
        "{}",
        "{}\n",
        "{ }\n",
        "{\n}\n",
        "{ // a remark\n}",
        "\u{feff}{\r\n  \"model\": \"x\"\r\n}\r\n",
        r#"{"model":"opus"}"#,
        r#"{"hooks":{}}"#,
        r#"{"hooks":{"PreToolUse":[]}}"#,
        r#"{"hooks":{"Stop":[/* none */],"PreToolUse":[]}}"#,
        r#"{"hooks":{"Elsewhere":[1]},"a":"\ud83d\ude00 {"}"#,
        &format!(r#"{{"hooks":{{"PreToolUse":[{user}]}}}}"#),
        &shared,
    ] {
        for file in JSON {
            let installed = round(file, Some(text));
            if text.contains("\r\n") {
                assert!(!installed.replace("\r\n", "").contains('\n'), "mixed line ends");
            }
            assert_eq!(installed.matches("\"lint\"").count(), text.matches("\"lint\"").count());
        }
    }
    for text in [
        "",
        "\n",
        "model = \"x\"",
        "model = \"x\"\r\n# a remark\r\n",
        "[hooks]\n[hooks.state]\nx = 1\n",
        "[[hooks.PreToolUse]]\nmatcher = \"Bash\"\n[[hooks.PreToolUse.hooks]]\ncommand = \"lint\"\n",
    ] {
        round(CodexConfig, Some(text));
    }
}

#[test]
fn requirements_of_the_machine_name_the_folder_of_the_program() {
    let text = round(CodexRequirements, None);
    assert!(
        text.contains("\n[hooks]\nmanaged_dir = \"/usr/bin\"\n[[hooks.PreToolUse]]\n"),
        "{text}"
    );
    for user in [
        "",
        "# policy\nallow_managed_hooks_only = true",
        "[features]\r\nhooks = true\r\n",
        "[hooks]\nmanaged_dir = \"/opt\"\n[[hooks.Stop]]\n",
    ] {
        let text = round(CodexRequirements, Some(user));
        assert_eq!(text.matches("managed_dir").count(), 1, "{text}");
    }
    // There is no place for the folder that leaves the file valid and the user's bytes alone.
    let taken = "[[hooks.Stop]]\n";
    let error = install(CodexRequirements, Some(taken), CODEX, None).unwrap_err();
    assert!(matches!(error, SettingsError::Shape(key) if key == "hooks.managed_dir"));
    let nowhere = install(CodexRequirements, None, "assize hook codex", None).unwrap_err();
    assert!(matches!(nowhere, SettingsError::Command(..)));
    let off = "[features]\nhooks = false\n";
    assert!(standing(CodexRequirements, off, CODEX, None).unwrap().disabled);
}

#[test]
fn what_is_invalid_is_named_with_its_place() {
    let said =
        |file, text| install(file, Some(text), &command(file), None).unwrap_err().to_string();
    let json = said(ClaudeSettings, "{\n  \"a\": ]\n}");
    assert!(json.contains("line 2"), "{json}");
    let toml = said(CodexConfig, "a = 1\nb = \n");
    assert!(toml.contains("line 2 column 5"), "{toml}");
}

#[test]
fn the_switch_for_failures_goes_by_version() {
    let has = |version: Option<&str>| {
        install(ClaudeSettings, None, CLAUDE, version).unwrap().text.matches("onFailure").count()
    };
    assert_eq!(has(Some("2.1.294 (Claude Code)")), 0);
    assert_eq!(has(Some("2.1.295")), 1);
    assert_eq!(has(Some("3.0.0-beta")), 1);
    assert_eq!(has(Some("v1.9.999")), 0);
    assert_eq!(has(Some("newest")), 1);
    assert_eq!(has(None), 1);
    assert!(!install(CodexHooks, None, CODEX, None).unwrap().text.contains("onFailure"));

    // Where the client has no switch, a shell around the command denies in its stead.
    let shells = |file: SettingsFile, command: &str, version: Option<&str>| {
        install(file, None, command, version).unwrap().text.matches("sh -c").count()
    };
    assert_eq!(shells(ClaudeSettings, CLAUDE, Some("2.1.294")), 1);
    assert_eq!(shells(ClaudeSettings, CLAUDE, Some("2.1.295")), 0);
    assert_eq!(shells(CodexHooks, CODEX, None), 1);
    assert_eq!(shells(CodexHooks, "assize.exe hook codex", None), 0);
}

#[test]
fn an_old_entry_is_renewed_in_place_of_a_second_one() {
    let text = "{\n  \"model\": \"x\"\n}\n";
    let old = install(ClaudeSettings, Some(text), "/old/assize hook claude-code", Some("2.1.100"));
    let new = install(ClaudeSettings, Some(&old.unwrap().text), CLAUDE, Some("2.1.330")).unwrap();
    assert_eq!(new.changes.len(), 12);
    assert!(!new.text.contains("/old/"));
    assert_eq!(uninstall(ClaudeSettings, &new.text).unwrap().as_deref(), Some(text));
}

#[test]
fn hooks_that_the_user_added_beside_ours_stay() {
    let installed = round(ClaudeSettings, None);
    let user = r#"{"hooks": [{"type": "command", "command": "lint"}]}"#;
    let head = r#""PreToolUse": ["#;
    let before = installed.replace(head, &format!("{head}{user}, "));
    let left = uninstall(ClaudeSettings, &before).unwrap().unwrap();
    let value: Value = serde_json::from_str(&left).unwrap();
    let expected: Value = serde_json::from_str(user).unwrap();
    assert_eq!(value["hooks"], json!({ "PreToolUse": [expected] }));

    // Remarks around all that is ours.
    for remarked in [format!("{installed}// mine\n"), format!("// mine\n{installed}")] {
        let left = uninstall(ClaudeSettings, &remarked).unwrap().unwrap();
        assert_eq!(left.replace("// mine\n", ""), "{}\n");
    }

    // In our own group, behind our handler.
    let ours = r#""onFailure": "block"}"#;
    let within = installed.replace(ours, &format!(r#"{ours}, {{"command": "lint"}}"#));
    assert!(!right(ClaudeSettings, &within));
    let left = uninstall(ClaudeSettings, &within).unwrap().unwrap();
    let value: Value = serde_json::from_str(&left).unwrap();
    let group = json!([{ "matcher": "*", "hooks": [{ "command": "lint" }] }]);
    assert_eq!(value["hooks"], json!({ "PreToolUse": group }));
}

#[test]
fn formatted_files_are_still_understood() {
    let installed = round(ClaudeSettings, Some(r#"{"a": 1}"#));
    let value: Value = serde_json::from_str(&installed).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    assert!(right(ClaudeSettings, &pretty));
    let left = uninstall(ClaudeSettings, &pretty).unwrap().unwrap();
    assert!(!left.contains("assize"));
    assert_eq!(serde_json::from_str::<Value>(&left).unwrap()["a"], json!(1));
}

#[test]
fn tables_that_a_client_appended_behind_ours_stay() {
    let installed = round(CodexConfig, Some("a = 1\n"));
    let more = "[hooks.state]\nx = \"trusted\"\n\
                [[hooks.PreToolUse]]\n[[hooks.PreToolUse.hooks]]\ntype = \"command\"\n\
                command = \"lint\"\ntimeout = 1\n";
    let left = uninstall(CodexConfig, &format!("{installed}{more}")).unwrap().unwrap();
    assert_eq!(left, format!("a = 1\n{more}"));
}

#[test]
fn what_stands_in_the_way_is_told() {
    let read = |text: &str| standing(ClaudeSettings, text, CLAUDE, Some("2.1.330")).unwrap();
    let installed = round(ClaudeSettings, None);
    assert_eq!(read("{}").missing.len(), 12);

    let off = installed.replacen('{', r#"{"disableAllHooks": true, "#, 1);
    assert!(read(&off).disabled && !read(&off).is_right());
    assert!(!read(r#"{"disableAllHooks": false}"#).disabled);

    let ours = r#""onFailure": "block""#;
    let late = installed.replace(ours, &format!(r#"{ours}, "async": true"#));
    assert_eq!(read(&late).asynchronous, ["PreToolUse"]);
    assert!(read(&late).wrong.is_empty() && read(&late).missing.is_empty());
    let mended = install(ClaudeSettings, Some(&late), CLAUDE, Some("2.1.330")).unwrap();
    assert_eq!(mended.text, installed);

    let open = installed.replace(&format!(", {ours}"), "");
    assert_eq!(read(&open).wrong, ["PreToolUse"]);
    let narrow = installed.replacen(r#""matcher": "*""#, r#""matcher": "Bash""#, 1);
    assert_eq!(read(&narrow).wrong, ["PreToolUse"]);
    let group =
        &installed[installed.find(r#"{"matcher""#).unwrap()..installed.find("],\n").unwrap()];
    let doubled = installed.replacen(group, &format!("{group}, {group}"), 1);
    assert_eq!(read(&doubled).wrong, ["PreToolUse"]);
    let elsewhere = installed.replacen(
        r#""PreToolUse""#,
        &format!(r#""Notification": [{group}], "PreToolUse""#),
        1,
    );
    assert_eq!(read(&elsewhere).wrong, ["Notification"]);
    for text in [doubled, elsewhere] {
        assert_eq!(uninstall(ClaudeSettings, &text).unwrap(), None);
        assert!(right(
            ClaudeSettings,
            &install(ClaudeSettings, Some(&text), CLAUDE, None).unwrap().text
        ));
    }
    let moved = installed.replace("/usr/bin/assize", "/gone/assize");
    assert_eq!(read(&moved).wrong.len(), 12);

    let flag = "[features]\nhooks = false\n";
    assert!(standing(CodexConfig, flag, CODEX, None).unwrap().disabled);
}

#[test]
fn settings_that_cannot_be_edited_are_left_alone() {
    let error = |text: &str| install(ClaudeSettings, Some(text), CLAUDE, None).unwrap_err();
    for text in ["", "[]", "{", "{} {}", "{'a': 1}", "{a: 1}", r#"{"a": 1 "b": 2}"#] {
        assert!(matches!(error(text), SettingsError::Json(_)), "{text}");
    }
    assert!(matches!(error(&"[".repeat(100_000)), SettingsError::Json(_)));
    assert!(matches!(error(r#"{"hooks": []}"#), SettingsError::Shape(key) if key == "hooks"));
    assert!(matches!(error(r#"{"hooks": {"Stop": 1}}"#), SettingsError::Shape(_)));
    assert!(matches!(error(r#"{"hooks": {}, "hooks": {}}"#), SettingsError::Twice(_)));
    assert!(matches!(error(&" ".repeat(SETTINGS_BYTES_MAX + 1)), SettingsError::TooLarge));
    let error = |text: &str| install(CodexConfig, Some(text), CODEX, None).unwrap_err();
    assert!(matches!(error("a ="), SettingsError::Toml(_)));
    assert!(matches!(error("hooks = {}"), SettingsError::Toml(_)));
    for wrong in ["true", CODEX, "assize\nhook claude-code", "assize hook claude-code\u{7}"] {
        let error = install(ClaudeSettings, None, wrong, None).unwrap_err();
        assert!(matches!(error, SettingsError::Command(..)), "{wrong}");
    }
}

#[test]
fn commands_that_are_ours() {
    for ours in [
        CLAUDE,
        "assize hook codex",
        r#""C:\Program Files\assize.exe" hook claude-code"#,
        "sh -c '/opt/assize hook codex || exit 2'",
        "(assize hook codex)",
        r"sh -c ''\''/my tools/assize'\'' hook codex || exit 2'",
    ] {
        assert!(is_ours(ours), "{ours}");
    }
    for other in ["", "assize", "assize hook", "assize check", "hook codex", "my-assize hook codex"]
    {
        assert!(!is_ours(other), "{other}");
    }
}

#[test]
fn handlers_are_listed_with_the_program_that_they_run() {
    let read = |file, command: &str, version| {
        handlers(file, &install(file, None, command, version).unwrap().text).unwrap()
    };
    for program in ["/usr/bin/assize", "/opt/my tools/assize"] {
        let quoted = |client: &str| format!("'{program}' hook {client}");
        for (file, client, version) in [
            (ClaudeSettings, "claude-code", Some("2.1.330")),
            (ClaudeSettings, "claude-code", Some("2.1.100")),
            (CodexHooks, "codex", None),
            (CodexConfig, "codex", None),
        ] {
            let all = read(file, &quoted(client), version);
            assert_eq!(all.len(), if client == "codex" { 10 } else { 12 });
            for handler in &all {
                assert_eq!(program_of(&handler.command).as_deref(), Some(program));
                let switched = handler.event == "PreToolUse" && version == Some("2.1.330");
                assert_eq!(handler.closed, switched, "{handler:?}");
            }
        }
    }
    assert_eq!(program_of(CLAUDE).as_deref(), Some("/usr/bin/assize"));
    assert_eq!(
        program_of("sh -c '/opt/assize hook codex || exit 2'").as_deref(),
        Some("/opt/assize")
    );
    assert_eq!(program_of("lint --all"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn json_comes_back_byte_for_byte(text in forms::settings()) {
        for file in JSON {
            round(file, Some(&text));
        }
    }

    #[test]
    fn toml_comes_back_byte_for_byte(
        lines in prop::collection::vec(
            prop::sample::select(vec!["# a", "", "  ", "[[hooks.Stop]]", "[[t]]", "[[hooks.PreToolUse]]"]),
            0..8,
        ),
        line in prop::sample::select(vec!["\n", "\r\n"]),
        ended in any::<bool>(),
    ) {
        let text = lines.join(line) + if ended { line } else { "" };
        round(CodexConfig, Some(&text));
        if !text.contains("hooks.") {
            round(CodexRequirements, Some(&text));
        }
    }

    /// Whatever a file holds, it is edited in full or not at all.
    #[test]
    fn no_text_panics(text in "[\\[\\]{}\",:ahoks \n]{0,40}") {
        for file in JSON.into_iter().chain([CodexConfig, CodexRequirements]) {
            if let Ok(installed) = install(file, Some(&text), &command(file), None) {
                let back = uninstall(file, &installed.text).unwrap();
                prop_assert_eq!(back.as_deref(), Some(text.as_str()));
            }
        }
    }
}
