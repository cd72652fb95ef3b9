//! Judges a corpus of calls, one a line: id, expected controls or nothing, tool, input in JSON,
//! what it is for. Prints what is judged otherwise, and the counts.
//!
//! `cargo run -p assize_harness --example corpus -- deny adversarial.tsv`, `-- allow benign.tsv`.

#![expect(clippy::print_stdout, reason = "it prints")]

use std::error::Error;

use assize_guard::controls::{Case, Standing, judge};
use assize_guard::{Effect, Surroundings, derive, effects_of, normalise};
use assize_harness::{Client, parse};
use assize_model::Severity;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let wanted = arguments.next().ok_or("deny or allow?")?;
    let text = std::fs::read_to_string(arguments.next().ok_or("which file?")?)?;
    let around = Surroundings {
        root: "/repo".into(),
        folder: "/repo".into(),
        home: "/home/dev".into(),
        variables: [("HOME".to_owned(), "/home/dev".to_owned())].into(),
    };
    // What a repository mostly tracks; everything else in it is made by something.
    let tracked = [
        "src",
        "app",
        "lib",
        "tests",
        "docs",
        "scripts",
        "services",
        "db",
        "config",
        ".github",
        "web",
        "api",
        "Makefile",
        "README.md",
        "package.json",
        "Cargo.toml",
        "pyproject.toml",
    ];
    let standing = |path: &str| match path.strip_prefix("/repo/") {
        None => Standing::Outside,
        Some(inside) => {
            let first = inside.split('/').next().unwrap_or(inside);
            if tracked.contains(&first) { Standing::Clean } else { Standing::Ignored }
        }
    };
    let (mut right, mut all, mut unknown) = (0, 0, 0);
    for line in text.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let (id, expected, tool, input, why) = match (wanted.as_str(), columns.as_slice()) {
            ("deny", [id, expected, tool, input, why]) => (*id, *expected, *tool, *input, *why),
            (_, [id, tool, input, why]) => (*id, "", *tool, *input, *why),
            _ => return Err(format!("not five or four columns: {line}").into()),
        };
        let named = why.strip_prefix('[').and_then(|rest| rest.split(']').next());
        let tool = match tool {
            "mcp" | "Unknown" => named.or_else(|| why.split(':').next()).unwrap_or(tool),
            tool => tool,
        };
        let client = if tool == "apply_patch" { Client::Codex } else { Client::ClaudeCode };
        let payload = json!({
            "session_id": "s", "cwd": "/repo", "hook_event_name": "PreToolUse",
            "tool_name": tool, "tool_input": serde_json::from_str::<Value>(input)?,
        });
        let event = parse(client, payload.to_string().as_bytes())?;
        let read = |command: &str, around: &Surroundings| effects_of(command, around);
        let place = |text: &str, around: &Surroundings| normalise(text, around);
        let effects = derive::effects_of(&event.action, &around, &read, &place);
        let case = Case {
            action: &event.action,
            effects: &effects,
            surroundings: &around,
            standing: &standing,
        };
        let found: Vec<&str> = judge(&case)
            .iter()
            .filter(|(severity, _)| *severity >= Severity::Error)
            .map(|(_, reason)| reason.control)
            .collect();
        let open = effects.iter().any(|effect| matches!(effect, Effect::CannotKnow(_)));
        all += 1;
        unknown += usize::from(open && found.is_empty());
        let fits = if wanted == "deny" { !found.is_empty() } else { found.is_empty() };
        right += usize::from(fits);
        if !fits {
            println!("{id}\t{expected}\t{}\topen={open}\t{input}\t{why}", found.join(","));
        }
    }
    println!("{right} of {all} as expected, {unknown} of which nothing can be told");
    Ok(())
}
