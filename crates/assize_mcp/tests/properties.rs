//! What must hold for every text and every lock.

use std::collections::BTreeMap;

use assize_mcp::{
    Definition, Lock, Locked, Pin, Tool, Tools, Transport, differences, environment_files, message,
    same_servers, scripts, servers, target, tool_differences,
};
use proptest::prelude::*;

fn word() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z./@-]{1,12}", "\\PC{0,8}", "[\\x00-\\x7f]{0,6}"]
}

fn definition() -> impl Strategy<Value = Definition> {
    let names = proptest::collection::btree_set("[A-Z_]{1,6}", 0..3);
    let option = |strategy| proptest::option::of(strategy);
    let texts = (word(), proptest::collection::vec("[a-z./]{0,8}", 0..4), option(word()));
    (texts, names.clone(), names, option(word()), any::<bool>()).prop_map(
        |((command, arguments, folder), environment, headers, environment_file, disabled)| {
            Definition {
                transport: Transport::Stdio,
                command: Some(command),
                arguments,
                environment: environment.into_iter().collect(),
                headers: headers.into_iter().collect(),
                address: None,
                folder,
                environment_file,
                disabled,
            }
        },
    )
}

fn locked() -> impl Strategy<Value = Locked> {
    let scripts = proptest::collection::btree_map(word(), "[0-9a-f]{32}", 0..3);
    (word(), word(), definition(), scripts, tools()).prop_map(
        |(file, name, definition, scripts, tools)| Locked {
            file,
            name,
            definition,
            scripts,
            tools,
            at: 0..0,
        },
    )
}

fn tools() -> impl Strategy<Value = Tools> {
    let tool = ("[0-9a-f]{32}", "[0-9a-f]{32}").prop_map(|(words, schema)| Tool { words, schema });
    proptest::collection::btree_map(word(), tool, 0..3)
}

proptest! {
    #[test]
    fn every_text_has_an_answer(text in "[\\[\\]{}\":,a-z=.\\n]{0,80}|\\PC{0,40}") {
        for file in [".mcp.json", ".codex/config.toml", ".vscode/mcp.json"] {
            for server in servers(file, &text, "/repo").unwrap_or_default() {
                scripts(&server.definition, "/repo", "/home");
                environment_files(&server.definition, "/repo", "/home");
                target(&server.definition);
            }
            prop_assert!(same_servers(file, &text, &text, "/repo"));
        }
        let _: Result<Lock, _> = Lock::parse(&text);
        message(&text);
    }

    #[test]
    fn a_lock_is_read_as_it_was_written(all in proptest::collection::vec(locked(), 0..4)) {
        let lock = Lock::new(all);
        let text = lock.print();
        let again = Lock::parse(&text).unwrap();
        prop_assert_eq!(&again.print(), &text);
        prop_assert_eq!(again.servers().len(), lock.servers().len());
        for (read, written) in again.servers().iter().zip(lock.servers()) {
            prop_assert_eq!(&read.definition, &written.definition);
            prop_assert_eq!(&read.scripts, &written.scripts);
            prop_assert_eq!(&read.tools, &written.tools);
            prop_assert!(tool_differences(&read.tools, &written.tools).is_empty());
            prop_assert!(differences(&read.definition, &written.definition).is_empty());
        }
    }

    #[test]
    fn a_pin_is_read_as_it_was_written(one in definition(), path in word(), tools in tools()) {
        let scripts = BTreeMap::from([(path, "0".to_owned())]);
        let pin = Pin { definition: one, scripts, tools };
        prop_assert_eq!(Pin::from_json(&pin.to_json()), Some(pin));
    }
}

#[test]
fn deep_texts_are_refused_and_broken_locks_are_named() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(servers(".mcp.json", &deep, "/repo"), None);
    for (text, words) in [
        ("version = ", "no valid TOML"),
        ("version = 2", "another version"),
        ("version = 1\n[[server]]\nname = 'a'", "entry 1"),
    ] {
        let error = Lock::parse(text).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let one = "[[server]]\nfile = 'f'\nname = 'a'\ncommand = 'c'\n";
    let error = Lock::parse(&format!("version = 1\n{one}{one}")).unwrap_err().to_string();
    assert!(error.contains("twice"), "{error}");
}
