//! bash as the oracle: what it accepts as a command is never read as nothing.

use std::cell::Cell;
use std::process::{Command, Stdio};

use assize_guard::{Effect, Surroundings, effects_of};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const HARMFUL: &str = include_str!("../corpus/adversarial.tsv");
const ORDINARY: &str = include_str!("../corpus/benign.tsv");
/// A command that no generated text holds.
const MARK: &str = "marked_command";

/// Whether bash accepts a text without a word; `None` where there is no bash.
fn accepts(text: &str) -> Option<bool> {
    let mut bash = Command::new("bash");
    let out = bash.args(["--norc", "-n", "-c", text]).stdin(Stdio::null()).output().ok()?;
    Some(out.status.success() && out.stderr.is_empty())
}

fn told(command: &str) -> Vec<Effect> {
    let around = Surroundings {
        root: "/repo".into(),
        folder: "/repo".into(),
        home: "/home/dev".into(),
        ..Surroundings::default()
    };
    effects_of(command, &around).all
}

fn commands(rows: &str, tool: usize) -> Vec<String> {
    let command = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let input: serde_json::Value = serde_json::from_str(columns.get(tool + 1)?).ok()?;
        let text = input.get("command")?.as_str()?.to_owned();
        (*columns.get(tool)? == "Bash" && !text.contains('\0')).then_some(text)
    };
    rows.lines().filter_map(command).collect()
}

/// Whether nothing but assignments and redirections stands in a text.
fn runs_nothing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with('>') || !text.contains(' ') && text.contains('=')
}

#[test]
fn what_bash_accepts_is_never_nothing() {
    let mut texts = commands(HARMFUL, 2);
    texts.extend(commands(ORDINARY, 1));
    assert!(texts.len() > 1_000);
    let mut silent = Vec::new();
    for text in texts.iter().filter(|text| !runs_nothing(text)) {
        match accepts(text) {
            Some(true) if told(text).is_empty() => silent.push(text.as_str()),
            Some(_) => {}
            None => return println!("there is no bash here: nothing is compared"),
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

/// Pieces of which shell texts are made; many of them go together.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "echo a ",
        "cat ",
        "f ",
        "'q' ",
        "\"d $x\" ",
        "$(echo b) ",
        "`echo c` ",
        "${x:-y} ",
        "$((1+2)) ",
        "a=b ",
        "a=(1 2) ",
        "; ",
        "&& ",
        "|| ",
        "| ",
        "& ",
        "\n",
        "> /tmp/o ",
        "< /tmp/i ",
        "2>&1 ",
        "<<< w ",
        "<<E\nx\nE\n",
        "<<'E'\n$(y)\nE\n",
        "if true; then ",
        "else ",
        "fi ",
        "for i in 1 2; do ",
        "while true; do ",
        "done ",
        "case a in a) ",
        ";; ",
        "esac ",
        "{ ",
        "} ",
        "( ",
        ") ",
        "f() { ",
        "function g { ",
        "[[ a == b ]] ",
        "(( 1 < 2 )) ",
        "! ",
        "time ",
        "coproc ",
        "# note\n",
        "\\\n",
        "$'a\\'b' ",
        "$\"s\" ",
        "{a,b} ",
        "*.c ",
        "[a-z]? ",
        "~/x ",
        "<(echo) ",
        ">(cat) ",
        "select s in 1; do ",
        "until false; do ",
        "${x//a/b} ",
        "${#x} ",
        "${x[@]} ",
        "$! $? $@ ",
        "é ",
        "\\; ",
        "\t",
    ]);
    prop::collection::vec(piece, 1..14).prop_map(|pieces| pieces.concat())
}

#[test]
fn a_command_after_a_whole_text_is_seen() {
    if accepts("true").is_none() {
        return println!("there is no bash here: nothing is compared");
    }
    let whole = |text: &String| accepts(text) == Some(true);
    let compared = Cell::new(0);
    let mut runner =
        TestRunner::new(Config { cases: 1_200, failure_persistence: None, ..Config::default() });
    let run = runner.run(&text(), |before| {
        let text = format!("{before}\n{MARK} x\n");
        if !whole(&before) || !whole(&text) {
            return Ok(());
        }
        let seen = told(&text).iter().any(|effect| match effect {
            Effect::Run(program) => {
                program.name == MARK || program.words.iter().flatten().any(|word| word == MARK)
            }
            Effect::CannotKnow(_) | Effect::Opaque(_) => true,
            _ => false,
        });
        compared.set(compared.get() + 1);
        prop_assert!(seen, "{:?} is read as {:?}", text, told(&text));
        Ok(())
    });
    assert!(run.is_ok(), "{run:?}");
    assert!(compared.get() > 100, "{}", compared.get());
}
