//! `layers`: who may depend on whom, and who may touch disk, environment and processes.
//!
//! The table is the drawing of the architecture in a form that a machine compares with `cargo
//! metadata`. A new edge is a decision: it is made here, with its reason, or not at all.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::rust_source::Source;
use crate::{process, workspace};

/// A crate and the crates of ours that it may use.
const LAYERS: [(&str, &[&str]); 20] = [
    ("assize_model", &[]),
    ("assize_rulebook", &["assize_model"]),
    ("assize_config", &["assize_model"]),
    // Checks, guard and commands read the same files of clients: one reader below all of them.
    ("assize_mcp", &[]),
    // Checks, hook and commands read a team's documents alike, and know nothing of files there.
    ("assize_documents", &[]),
    // Megabytes of generated C: apart from what is edited daily, and without any crate of ours.
    ("assize_grammars", &[]),
    ("assize_syntax", &["assize_grammars", "assize_mcp", "assize_model"]),
    ("assize_agents", &["assize_model"]),
    ("assize_index", &["assize_model", "assize_syntax"]),
    // What a deletion leaves dangling, and what a new file is like, are questions to the index.
    ("assize_guard", &["assize_index", "assize_mcp", "assize_model", "assize_syntax"]),
    ("assize_harness", &["assize_guard", "assize_model"]),
    ("assize_ledger", &["assize_model"]),
    ("assize_session", &["assize_ledger"]),
    // The protocol, not the answers: the front hands it functions.
    ("assize_serve", &[]),
    (
        "assize_checks",
        &[
            "assize_agents",
            "assize_config",
            "assize_documents",
            // A team's patterns are compared with trees that no fact is taken from.
            "assize_grammars",
            "assize_index",
            "assize_mcp",
            "assize_model",
            "assize_syntax",
        ],
    ),
    ("assize_repo", &["assize_index", "assize_model", "assize_syntax"]),
    ("assize_report", &["assize_model", "assize_rulebook"]),
    // Foreign formats in, counts out: nothing of ours is needed for that.
    ("assize_tally", &[]),
    (
        "assize",
        &[
            "assize_agents",
            "assize_checks",
            "assize_config",
            "assize_documents",
            "assize_guard",
            "assize_harness",
            "assize_ledger",
            "assize_index",
            "assize_mcp",
            "assize_model",
            "assize_repo",
            "assize_report",
            "assize_rulebook",
            "assize_serve",
            "assize_session",
            "assize_syntax",
            "assize_tally",
        ],
    ),
    (
        "assize_testkit",
        &["assize_checks", "assize_config", "assize_index", "assize_model", "assize_syntax"],
    ),
    ("xtask", &[]),
];

/// Crates that stand only behind `[dev-dependencies]`.
const TESTS_ONLY: [&str; 1] = ["assize_testkit"];

/// Foreign crates that only some of ours may use, and why. The name may end in `*`.
const FOREIGN: [(&str, &[&str], &str); 19] = [
    (
        "tokio*",
        &["assize_serve"],
        "only a server waits for many at once: the hook must start like an empty program",
    ),
    ("rmcp", &["assize_serve"], "the protocol of MCP stands behind one seam"),
    ("hyper*", &["assize_serve"], "so does HTTP"),
    ("async*", &[], "the product is synchronous: the hook must start like an empty program"),
    ("futures*", &[], "the product is synchronous: the hook must start like an empty program"),
    ("reqwest", &[], "nothing below a server talks to a network"),
    (
        "rayon",
        &["assize", "assize_checks", "assize_repo"],
        "only a whole pass is parallel, never one file",
    ),
    (
        "serde_json",
        &["assize", "assize_harness", "assize_report", "assize_serve", "assize_tally", "xtask"],
        "wire formats belong to the edge; inner types are converted by hand",
    ),
    (
        "serde",
        &["assize", "assize_config", "assize_report", "assize_rulebook", "xtask"],
        "inner types are no wire types",
    ),
    ("anyhow", &["xtask"], "libraries have error enums; catch-alls belong to chores"),
    ("clap*", &["assize"], "only the front reads arguments"),
    ("indicatif", &["assize"], "only the front speaks to a terminal"),
    ("anstream", &["assize"], "only the front speaks to a terminal"),
    ("memmap2", &["assize_repo"], "only the repository crate touches the disk"),
    ("ignore", &["assize_repo"], "only the repository crate walks folders"),
    ("ruff_*", &["assize_syntax"], "parsers stand behind one seam"),
    ("oxc_*", &["assize_syntax"], "parsers stand behind one seam"),
    ("tree-sitter*", &["assize_grammars"], "grammars stand behind one seam"),
    ("ast-grep*", &["assize_grammars"], "so does the engine that compares trees with patterns"),
];

/// Crates that may touch the world.
const EDGES: [&str; 5] = ["assize", "assize_repo", "assize_serve", "assize_testkit", "xtask"];

/// Files of pure crates that may touch the world, because they are the edge of what they keep.
const EDGE_FILES: [&str; 1] = ["crates/assize_ledger/src/disk.rs"];

/// What the others may not name outside their tests.
const WORLD: [&str; 6] =
    ["std::fs", "std::env", "std::process", "std::net", "SystemTime::now", "Instant::now"];

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("layers takes no arguments");
    }
    let mut faults = edges()?;
    faults.extend(pure_crates()?);
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("layers: {} faults", faults.len());
    }
    Ok(())
}

/// Edges of the dependency graph that the tables do not allow.
fn edges() -> Result<Vec<String>> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(workspace::root());
    cargo.args(["metadata", "--format-version", "1", "--no-deps", "--locked"]);
    let metadata: Value = serde_json::from_slice(&process::output(&mut cargo)?)?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("no packages")?;
    let name = |value: &Value| value.get("name").and_then(Value::as_str).unwrap_or("").to_owned();
    let own: BTreeSet<String> = packages.iter().map(name).collect();
    let mut faults = Vec::new();
    for package in packages {
        let from = name(package);
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == from) else {
            faults.push(format!("{from}: a crate that the table of layers does not know"));
            continue;
        };
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        for dependency in dependencies.into_iter().flatten() {
            let to = name(dependency);
            let dev = dependency.get("kind").and_then(Value::as_str) == Some("dev");
            if own.contains(&to) {
                if TESTS_ONLY.contains(&to.as_str()) {
                    if !dev {
                        faults.push(format!("{from} -> {to}: {to} is for tests only"));
                    }
                } else if !allowed.contains(&to.as_str()) {
                    let rule = allowed.join(", ");
                    faults.push(format!("{from} -> {to}: {from} may use only [{rule}]"));
                }
            } else if !dev {
                faults.extend(foreign(&from, &to));
            }
        }
    }
    Ok(faults)
}

fn foreign(from: &str, to: &str) -> Option<String> {
    let fits = |pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => to.starts_with(start),
        None => to == pattern,
    };
    let (_, users, reason) = FOREIGN.iter().find(|(pattern, _, _)| fits(pattern))?;
    (!users.contains(&from)).then(|| {
        let rule = users.join(", ");
        format!("{from} -> {to}: only [{rule}] may use it, because {reason}")
    })
}

/// Crates of the core that touch disk, clock, environment or processes.
fn pure_crates() -> Result<Vec<String>> {
    let root = workspace::root();
    let mut faults = Vec::new();
    for path in workspace::files()? {
        let mut parts = path.split('/');
        let (Some("crates"), Some(name), Some("src")) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let is_edge = EDGES.contains(&name) || EDGE_FILES.contains(&path.as_str());
        if is_edge || !path.ends_with(".rs") || is_test_file(&path) {
            continue;
        }
        let text = fs::read_to_string(root.join(&path))?;
        let source = Source::new(&text);
        for (number, line) in source.production().iter().enumerate() {
            for word in WORLD.iter().filter(|word| line.code.contains(**word)) {
                let number = number + 1;
                faults.push(format!(
                    "{path}:{number}: `{word}`: {name} is pure; only {} may touch the world",
                    EDGES.join(", ")
                ));
            }
        }
    }
    Ok(faults)
}

/// Whether a file holds tests only.
pub(crate) fn is_test_file(path: &str) -> bool {
    path.split('/').any(|part| part == "tests") || path.ends_with("/tests.rs")
}
