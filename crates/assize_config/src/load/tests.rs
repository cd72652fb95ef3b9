//! Reading configuration files.

mod properties;

use assize_model::{FileClass, Severity};

use crate::{
    ApprovalStrength, BriefMoment, ConfigError, ConfigFile, ControlEntry, ControlTable, Date,
    Escalation, FILE_BYTES_MAX, GLOBS_MAX, GuardMode, MISTAKES_MAX, MistakeKind, Profile, Settings,
};

const TODAY: Date = Date { year: 2026, month: 11, day: 23 };

fn table() -> ControlTable<'static> {
    let entry = |name, severity, options| ControlEntry { name, severity, options };
    ControlTable::new([
        entry("phantom-env", Severity::Error, &[]),
        entry("phantom-path", Severity::Error, &[]),
        entry("clone-detect", Severity::Warn, &["tokens-min", "lines-min"]),
        entry("self-protect", Severity::Block, &[]),
    ])
}

/// Loads files given as (folder, text).
fn load(files: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let paths: Vec<String> = files
        .iter()
        .map(|(folder, _)| format!("{folder}/assize.toml").trim_start_matches('/').to_owned())
        .collect();
    let files: Vec<ConfigFile<'_>> = files
        .iter()
        .zip(&paths)
        .map(|((folder, text), path)| ConfigFile { folder, path, text })
        .collect();
    Settings::load(&files, &table(), TODAY)
}

fn check(text: &str, expected: &str) {
    let error = load(&[("", text)]).unwrap_err();
    assert_eq!(error.to_string(), expected, "{text}");
}

#[test]
fn every_key_is_read() {
    let text = r#"
root = true
profile = "strict"

[classes]
fixture = ["tests/data/"]
rule-self = "rules"

[env]
external = ["PLATFORM_*", "HOSTTYPE"]

[ports]
registry = "ops/ports.md"

[agents]
paths = ["ai/agents"]

[scripts]
deploy = "scripts/deployment"
testing = ["scripts/testing", "load"]

[docs]
authority = ["README.md", "docs"]

[guard]
mode = "enforce"

[gate]
unattributed = "error"

[approvals]
strength = "signed"

[escalate]
command = ["notify", "--loud"]

[controls.phantom-env]
severity = "off"

[controls]
clone-detect = { severity = "error", tokens-min = 80 }
"#;
    let settings = load(&[("", text)]).unwrap();
    assert_eq!(settings.profile, Profile::Strict);
    assert_eq!(settings.classes.class("tests/data/x.py"), Some(FileClass::Fixture));
    assert_eq!(settings.classes.class("a/rules/x.md"), Some(FileClass::RuleSelf));
    assert!(settings.is_external_env("PLATFORM_X") && settings.is_external_env("HOSTTYPE"));
    assert!(!settings.is_external_env("HOSTTYPES"));
    assert_eq!(settings.port_registries, ["ops/ports.md"]);
    assert_eq!(settings.agent_paths, ["ai/agents"]);
    assert_eq!(settings.script_folders["deploy"], ["scripts/deployment"]);
    assert_eq!(settings.script_folders["testing"], ["scripts/testing", "load"]);
    assert_eq!(settings.authority, ["README.md", "docs"]);
    assert_eq!(settings.guard_mode, GuardMode::Enforce);
    assert_eq!(settings.gate_unattributed, Some(Severity::Error));
    assert_eq!(settings.approval_strength, ApprovalStrength::Signed);
    let command = Escalation::Program(vec!["notify".to_owned(), "--loud".to_owned()]);
    assert_eq!(settings.escalation, Some(command));
    assert_eq!(settings.severity("phantom-env", "a.py", Severity::Error), None);
    let clone = settings.severity("clone-detect", "a.py", Severity::Warn);
    assert_eq!(clone, Some(Severity::Error));
    assert_eq!(settings.options("clone-detect", "a.py").number("tokens-min", 50), 80);
    assert_eq!(settings.options("clone-detect", "a.py").number("lines-min", 5), 5);
    assert!(settings.layers[0].root);
}

#[test]
fn nothing_configured_is_the_plain_settings() {
    for files in [&[][..], &[("", "")][..], &[("", "# only words\n")][..]] {
        let settings = load(files).unwrap();
        assert_eq!(settings.profile, Profile::Recommended);
        assert_eq!(settings.guard_mode, GuardMode::Observe);
        assert_eq!(settings.classes.class("a"), None);
        let own = settings.severity("phantom-env", "a", Severity::Error);
        assert_eq!(own, Some(Severity::Error));
    }
}

#[test]
fn strict_weighs_a_breach_by_the_letter() {
    let cases = [
        // Control, own, recommended, strict.
        ("clone-detect", Severity::Warn, Severity::Warn, Severity::Error),
        ("clone-detect", Severity::Info, Severity::Info, Severity::Info),
        ("clone-detect", Severity::Error, Severity::Error, Severity::Error),
        ("phantom-path", Severity::Error, Severity::Error, Severity::Error),
        ("phantom-path", Severity::Warn, Severity::Warn, Severity::Warn),
        ("self-protect", Severity::Block, Severity::Block, Severity::Block),
        ("unknown", Severity::Warn, Severity::Warn, Severity::Warn),
        // Only a control itself says `block`.
        ("phantom-env", Severity::Warn, Severity::Warn, Severity::Error),
    ];
    let by_letter = [
        ("clone-detect", Severity::Error),
        ("phantom-path", Severity::Warn),
        ("self-protect", Severity::Block),
        ("phantom-env", Severity::Block),
    ];
    let weighed = by_letter.map(|(name, severity)| (name.to_owned(), severity));
    let read = |text: &str| {
        let mut settings = load(&[("", text)]).unwrap();
        settings.strict = weighed.clone().into_iter().collect();
        settings
    };
    let (plain, strict) = (read(""), read("profile = \"strict\"\n"));
    for (control, own, recommended, by_letter) in cases {
        assert_eq!(plain.severity(control, "a", own), Some(recommended), "{control}");
        assert_eq!(strict.severity(control, "a", own), Some(by_letter), "{control}");
    }
    // What a folder says about a control counts more than how the rules are read.
    let text = "profile = \"strict\"\n[controls.clone-detect]\nseverity = \"warn\"\n";
    let told = read(text);
    assert_eq!(told.severity("clone-detect", "a", Severity::Warn), Some(Severity::Warn));
}

#[test]
fn mistakes_name_place_and_nearest_word() {
    let cases = [
        (
            "[controls.phantom-env]\n\nsevrity = \"warn\"\n",
            "assize.toml:3:1: unknown key `sevrity` in `[controls.phantom-env]`; \
             did you mean `severity`?",
        ),
        (
            "[controls.phantom-envs]\nseverity = \"warn\"\n",
            "assize.toml:1:11: unknown control `phantom-envs` in `[controls]`; \
             did you mean `phantom-env`?",
        ),
        (
            "[classes]\ntests = [\"x\"]\n",
            "assize.toml:2:1: unknown class `tests` in `[classes]`; did you mean `test`?",
        ),
        (
            "profil = 1\n",
            "assize.toml:1:1: unknown key `profil` at the top level; did you mean `profile`?",
        ),
        ("zzz = 1\n", "assize.toml:1:1: unknown key `zzz` at the top level"),
        (
            "profile = \"strickt\"\n",
            "assize.toml:1:11: `profile` must be one of `recommended`, `strict`, not `strickt`; \
             did you mean `strict`?",
        ),
        ("profile = 3\n", "assize.toml:1:11: `profile` must be a text, not a whole number"),
        ("root = \"yes\"\n", "assize.toml:1:8: `root` must be `true` or `false`, not a text"),
        ("guard = \"enforce\"\n", "assize.toml:1:9: `guard` must be a table, not a text"),
        (
            "[guard]\nmode = \"enforced\"\n",
            "assize.toml:2:8: `guard.mode` must be one of `observe`, `enforce`, not `enforced`; \
             did you mean `enforce`?",
        ),
        (
            "[controls.clone-detect]\nseverity = \"warning\"\n",
            "assize.toml:2:12: `controls.clone-detect.severity` must be one of `off`, `info`, \
             `warn`, `error`, not `warning`; did you mean `warn`?",
        ),
        (
            "[controls.clone-detect]\nseverity = \"block\"\n",
            "assize.toml:2:12: `controls.clone-detect.severity` cannot be `block`: only a control \
             itself can say so; `error` is the highest here",
        ),
        (
            "[controls.self-protect]\nseverity = \"off\"\n",
            "assize.toml:2:12: `controls.self-protect.severity` is set, but `self-protect` is \
             `block` and cannot be weakened",
        ),
        (
            "[controls.clone-detect]\ntokens_min = 3\n",
            "assize.toml:2:1: unknown key `tokens_min` in `[controls.clone-detect]`; \
             did you mean `tokens-min`?",
        ),
        (
            "[controls.clone-detect]\ntokens-min = -1\n",
            "assize.toml:2:14: `controls.clone-detect.tokens-min` must lie between 0 and 4294967295",
        ),
        (
            "[controls.clone-detect]\ntokens-min = 1.5\n",
            "assize.toml:2:14: `controls.clone-detect.tokens-min` must be a whole number, \
             not a number with a fraction",
        ),
        (
            "[classes]\ntest = [\"ok\", \"a[\", 3]\n",
            "assize.toml:2:15: bad glob `a[` in `classes.test`: \
             unclosed character class; missing ']'\n\
             assize.toml:2:21: `classes.test` must be a list of texts only, not a whole number",
        ),
        (
            "[ports]\nregistry = [\"../x\", \"/etc/x\", \"\"]\n",
            "assize.toml:2:13: `../x` in `ports.registry` is a path that leaves the root\n\
             assize.toml:2:21: `/etc/x` in `ports.registry` is an absolute path\n\
             assize.toml:2:31: `ports.registry` holds an empty path",
        ),
        (
            "[env]\nexternal = [\"A-B\", \"*\"]\n",
            "assize.toml:2:13: `A-B` in `env.external` is no variable: letters, digits and `_`, \
             and `*` only at the end\n\
             assize.toml:2:20: `*` in `env.external` is no variable: letters, digits and `_`, \
             and `*` only at the end",
        ),
        ("[escalate]\ncommand = []\n", "assize.toml:2:11: `escalate.command` names no command"),
        (
            "a = \n",
            "assize.toml:1:5: the file is no valid TOML: string values must be quoted, expected literal string",
        ),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn the_page_shows_what_happens() {
    let page = include_str!("../../../../docs/configuration.md");
    let blocks: Vec<&str> = page
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```").map(|(block, _)| block))
        .collect();
    assert!(blocks.len() > 10);
    for block in blocks {
        assert!(load(&[("", block)]).is_ok(), "{block}");
    }
    let wrong = [
        ("", "root = \"yes\""),
        ("", "profile = \"strickt\""),
        ("", "[classes]\ntests = [\"x\"]"),
        ("", "[classes]\ntest = [\"a[\"]"),
        ("", "[env]\nexternal = [\"A-B\"]"),
        ("", "[ports]\nregistry = \"../x\""),
        ("", "[agents]\npaths = \"/srv/agents\""),
        ("", "[scripts]\ndeployment = \"x\""),
        ("", "[docs]\nauthority = 3"),
        ("services/api", "[guard]\nmode = \"enforce\""),
        ("", "[gate]\nunattributed = \"warning\""),
        ("", "[gates]\nevidence = \"require\""),
        ("", "[approvals]\nstrength = \"sign\""),
        ("", "[escalate]\ncommand = []"),
        ("", "[authority]\nrequired = \"a.md\""),
        ("", "[brief]\nmoments = [\"wirte\"]"),
        ("", "[freeze]\nwindows = [{ from = \"9:00\", until = \"10:00\" }]"),
        ("", "[controls.phantom-envs]"),
        ("", "[controls.phantom-env]\n\nsevrity = \"warn\""),
        ("", "[controls.clone-detect]\nseverity = \"warning\""),
        ("", "[controls.clone-detect]\nseverity = \"block\""),
    ];
    for (folder, text) in wrong {
        let words = load(&[(folder, text)]).unwrap_err().to_string();
        assert!(page.contains(&format!("``{words}``")), "{words}");
    }
}

#[test]
fn all_mistakes_of_all_files_are_told_in_order() {
    let error = load(&[
        ("services/api", "profile = \"strict\"\n[guard]\nmode = 1\n[ports]\nregistry = 1\n"),
        ("", "x = 1\ny = 2\n[env]\nexternal = 5\n"),
    ])
    .unwrap_err();
    let told: Vec<(&str, u32, u32, MistakeKind)> = error
        .mistakes()
        .iter()
        .map(|mistake| (mistake.file(), mistake.line(), mistake.column(), mistake.kind()))
        .collect();
    assert_eq!(
        told,
        [
            ("assize.toml", 1, 1, MistakeKind::UnknownKey),
            ("assize.toml", 2, 1, MistakeKind::UnknownKey),
            ("assize.toml", 4, 12, MistakeKind::WrongType),
            ("services/api/assize.toml", 1, 1, MistakeKind::RootOnly),
            ("services/api/assize.toml", 2, 2, MistakeKind::RootOnly),
            ("services/api/assize.toml", 5, 12, MistakeKind::WrongType),
        ]
    );
    assert_eq!(error.mistakes()[3].key(), "profile");
    assert!(error.mistakes()[3].what().contains("only stand in the `assize.toml` of its root"));
}

#[test]
fn nested_files_refine_and_add() {
    let root = "[controls.phantom-env]\nseverity = \"warn\"\n[controls.clone-detect]\n\
        tokens-min = 10\nlines-min = 1\n[env]\nexternal = [\"A\"]\n[ports]\nregistry = \"p.md\"\n";
    let child = "[controls.phantom-env]\nseverity = \"off\"\n[controls.clone-detect]\n\
        tokens-min = 20\n[env]\nexternal = [\"B\"]\n[ports]\nregistry = \"../p.md\"\n\
        [classes]\ntest = [\"x\"]\n";
    let settings = load(&[("a/b", child), ("", root)]).unwrap();
    let severity = |path| settings.severity("phantom-env", path, Severity::Error);
    assert_eq!(severity("a/b/c.py"), None);
    assert_eq!(severity("a/bc.py"), Some(Severity::Warn));
    let option = |path: &str, name| settings.options("clone-detect", path).number(name, 99);
    assert_eq!((option("a/b/c.py", "tokens-min"), option("a/b/c.py", "lines-min")), (20, 1));
    assert_eq!(option("a/c.py", "tokens-min"), 10);
    assert_eq!(settings.env_external, ["A", "B"]);
    assert_eq!(settings.port_registries, ["p.md", "a/p.md"]);
    assert_eq!(settings.classes.class("a/b/x"), Some(FileClass::Test));
    assert_eq!(settings.classes.class("a/x"), None);
}

#[test]
fn a_root_below_the_root_stands_alone() {
    let root = "profile = \"recommended\"\n[controls.phantom-env]\nseverity = \"off\"\n\
        [classes]\ndoc = [\"**\"]\n";
    let own = "root = true\nprofile = \"strict\"\n[guard]\nmode = \"enforce\"\n";
    let settings = load(&[("", root), ("vendor/tool", own)]).unwrap();
    let inside = settings.severity("phantom-env", "vendor/tool/a.py", Severity::Error);
    assert_eq!(inside, Some(Severity::Error));
    assert_eq!(settings.severity("phantom-env", "vendor/a.py", Severity::Error), None);
    assert_eq!(settings.classes.class("vendor/tool/a.py"), None);
    assert_eq!((settings.profile, settings.guard_mode), (Profile::Recommended, GuardMode::Observe));
    let wrong = load(&[("vendor/tool", "root = true\nprofile = \"x\"\n")]).unwrap_err();
    assert_eq!(wrong.mistakes()[0].kind(), MistakeKind::UnknownValue);
}

/// A control's own severity, by the table.
fn own(control: &str) -> Option<Severity> {
    table().get(control).map(|entry| entry.severity)
}

#[test]
fn below_an_authority_files_only_add() {
    let root = "[authority]\nroot = \"rules\"\n[controls.phantom-path]\nseverity = \"warn\"\n\
        [controls.clone-detect]\ntokens-min = 10\n";
    let child = "root = true\n[controls.phantom-env]\nseverity = \"off\"\n\
        [controls.phantom-path]\nseverity = \"error\"\n[controls.clone-detect]\n\
        tokens-min = 900\nseverity = \"error\"\n[classes]\nfixture = \"**\"\n\
        production = \"gen\"\n[env]\nexternal = \"X\"\n";
    let settings = load(&[("a", child), ("", root)]).unwrap();
    let severity = |control, path| settings.severity(control, path, own(control).unwrap());
    // Weaker: off, and a class that fewer controls read. Stricter: as told.
    assert_eq!(severity("phantom-env", "a/b.py"), Some(Severity::Error));
    assert_eq!(severity("phantom-path", "a/b.py"), Some(Severity::Error));
    assert_eq!(severity("phantom-path", "b.py"), Some(Severity::Warn));
    assert_eq!(severity("clone-detect", "a/b.py"), Some(Severity::Error));
    assert_eq!(settings.options("clone-detect", "a/b.py").number("tokens-min", 5), 10);
    assert_eq!(settings.classes.class("a/b.py"), None);
    assert_eq!(settings.classes.class("a/gen"), Some(FileClass::Production));
    assert!(!settings.is_external_env("X"));
    let told = settings.overruled(&own);
    let told: Vec<String> = told.iter().map(|one| format!("{}:{}", one.file, one.line)).collect();
    assert_eq!(
        told,
        [
            "a/assize.toml:1",
            "a/assize.toml:3",
            "a/assize.toml:7",
            "a/assize.toml:10",
            "a/assize.toml:13"
        ]
    );
    // Without an authority the nearest file wins, and nothing is left out.
    let plain = root.split_once('\n').unwrap().1.split_once('\n').unwrap().1;
    let settings = load(&[("a", child), ("", plain)]).unwrap();
    assert_eq!(settings.severity("phantom-env", "a/b.py", Severity::Error), None);
    assert!(settings.is_external_env("X") && settings.overruled(&own).is_empty());
}

#[test]
fn the_authority_names_a_folder() {
    let read = |text: &str| load(&[("", &format!("[authority]\n{text}\n"))]);
    let settings = read("root = \"docs/rules\"\nrequired = [\"ports.md\", \"a/b.md\"]").unwrap();
    let authority = settings.authority_root.unwrap();
    assert_eq!((authority.root.as_str(), authority.required.len()), ("docs/rules", 2));
    assert_eq!(settings.authority, ["docs/rules"]);
    assert_eq!(
        read("root = \"/opt/x/rules/\"").unwrap().authority,
        ["opt/x/rules", "x/rules", "rules"]
    );
    for (text, words) in [
        ("required = \"a.md\"", "`authority.root` is missing"),
        ("root = \"../x\"", "is a path that leaves the root"),
        ("root = \"/opt/../x\"", "is an absolute path"),
        ("root = \"x\"\nrequired = \"../a.md\"", "is no path below the folder"),
    ] {
        let told = read(text).unwrap_err().to_string();
        assert!(told.contains(words), "{text}: {told}");
    }
}

#[test]
fn moments_of_briefs_are_a_list() {
    let read = |text: &str| {
        load(&[("", &format!("[brief]\nmoments = {text}\n"))])
            .map(|settings| settings.brief_moments)
    };
    assert_eq!(load(&[]).unwrap().brief_moments, BriefMoment::ALL);
    assert_eq!(read("[]").unwrap(), []);
    assert_eq!(read("\"write\"").unwrap(), [BriefMoment::Write]);
    let told = read("[\"wirte\"]").unwrap_err().to_string();
    assert!(told.ends_with("is no moment: `read` or `write`; did you mean `write`?"), "{told}");
}

#[test]
fn what_is_block_stays_block() {
    let settings = load(&[("", "[controls.phantom-env]\nseverity = \"off\"\n")]).unwrap();
    let block = settings.severity("phantom-env", "a", Severity::Block);
    assert_eq!(block, Some(Severity::Block));
}

#[test]
fn limits_hold() {
    let large = "#".repeat(FILE_BYTES_MAX + 1);
    assert_eq!(load(&[("", &large)]).unwrap_err().mistakes()[0].kind(), MistakeKind::TooLarge);
    assert!(load(&[("", &large[1..])]).is_ok());
    let globs = |count: usize| format!("[classes]\ntest = [{}]\n", "\"x\",".repeat(count));
    assert!(load(&[("", &globs(GLOBS_MAX))]).is_ok());
    let error = load(&[("", &globs(GLOBS_MAX)), ("a", &globs(1))]).unwrap_err();
    assert_eq!(error.mistakes()[0].kind(), MistakeKind::TooMany);
    let many: String = (0..20_000).map(|number| format!("k{number} = 1\n")).collect();
    let error = load(&[("", &many)]).unwrap_err();
    assert_eq!((error.mistakes().len(), error.more()), (MISTAKES_MAX, 20_000 - MISTAKES_MAX));
    assert!(error.to_string().ends_with("and 19900 more"));
    let deep = format!("a = {}", "[".repeat(100_000));
    assert_eq!(load(&[("", &deep)]).unwrap_err().mistakes()[0].kind(), MistakeKind::Unreadable);
}

#[test]
fn documents_of_a_permit_are_patterns_and_stand_in_the_root() {
    let text = "[permit]\ndocuments = \"docs/policy/**\"\nrequired = [\"/opt/app/CLAUDE.md\"]\n\
                full = []\n";
    let permit = load(&[("", text)]).unwrap().permit;
    assert_eq!(permit.documents, ["docs/policy/**"]);
    assert_eq!(permit.required, ["/opt/app/CLAUDE.md"]);
    assert_eq!(permit.full, [""; 0]);
    for (folder, wrong) in [
        ("", "[permit]\nrequired = [\"../x.md\"]\n"),
        ("", "[permit]\nrequired = [\"\"]\n"),
        ("", "[permit]\nrequire = []\n"),
        ("", "[permit]\nfull = 1\n"),
        ("a", "[permit]\nfull = []\n"),
    ] {
        assert!(load(&[(folder, wrong)]).is_err(), "{folder} {wrong}");
    }
}
