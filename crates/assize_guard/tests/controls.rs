//! What the guards say of commands and paths: the table `rows.txt`.

use assize_guard::controls::{Case, Standing, judge};
use assize_guard::{Action, McpSet, Part, Running, Surroundings, derive, effects_of, normalise};

/// `deny CONTROL | COMMAND`, `allow | COMMAND`; `write:` and `read:` before a path mean a tool of
/// that kind, `cell:` the source of a cell of a notebook.
const ROWS: &str = include_str!("rows.txt");
/// The same, while a window without changes is open.
const FROZEN: &str = include_str!("frozen.txt");

fn here() -> Surroundings {
    Surroundings {
        root: "/repo".into(),
        folder: "/repo".into(),
        home: "/home/dev".into(),
        program: "/home/dev/.cargo/bin/assize".into(),
        variables: [("HOME".to_owned(), "/home/dev".to_owned())].into(),
        authority: vec!["/repo/docs/rules".into()],
        frozen: None,
        mcp: locked(),
    }
}

/// Servers that a person locked, and settings as the caller read them.
fn locked() -> McpSet {
    let running = |name: &str, line: &str, list: [&[&str]; 3]| {
        let [containers, images, packages] = list.map(|list| list.iter().map(|one| (*one).into()));
        let target = assize_mcp::Target {
            containers: containers.collect(),
            images: images.collect(),
            packages: packages.collect(),
        };
        Running { name: name.into(), line: line.into(), target }
    };
    let file = |path: &str| (path.to_owned(), "documents".to_owned());
    McpSet {
        files: vec![file("/repo/scripts/mcp/documents.sh"), file("/repo/deploy/mcp.vars")],
        settings: vec![
            ("/repo/.vscode/settings.json".into(), Part::Kept),
            ("/repo/.gemini/settings.json".into(), Part::Touched),
            ("/repo/.roo/mcp.json".into(), Part::Kept),
        ],
        servers: vec![
            running("documents", "./scripts/mcp/documents.sh", [&[], &[], &[]]),
            running("graph", "docker exec -i graph-db serve", [&["graph-db"], &["acme/g:1"], &[]]),
            running("git", "uvx mcp-server-git==1.0.0", [&[], &[], &["mcp-server-git"]]),
            running("docs", "npx --yes @up/context7-mcp@4.1.1", [&[], &[], &["@up/context7-mcp"]]),
        ],
    }
}

fn standing(path: &str) -> Standing {
    match path {
        "/repo/dirty.py" => Standing::Changed,
        "/repo/new.py" => Standing::Untracked,
        // Held by git, with files in it that are ignored.
        "/repo/mixed" => Standing::Ignored,
        "/repo/dist" | "/repo/node_modules" | "/repo/target" => Standing::Ignored,
        _ if path.starts_with("/repo/") => Standing::Clean,
        _ => Standing::Outside,
    }
}

/// One large folder, and one file at every other path.
fn tracked(paths: &[&str]) -> usize {
    paths.iter().map(|path| if *path == "/repo/legacy" { 40 } else { 1 }).sum()
}

fn action(text: &str) -> Action {
    if let Some(path) = text.strip_prefix("write:") {
        return Action::Write { path: path.to_owned(), content: "text\n".to_owned() };
    }
    if let Some(path) = text.strip_prefix("read:") {
        return Action::Read { path: path.to_owned() };
    }
    if let Some(source) = text.strip_prefix("cell:") {
        let source = Some(source.replace("\\n", "\n"));
        return Action::Notebook { path: "/repo/docs/a.ipynb".to_owned(), cell: None, source };
    }
    Action::Shell { command: text.replace("\\n", "\n"), background: false }
}

#[test]
fn rows_are_judged_as_they_say() {
    check(ROWS, &here());
}

#[test]
fn a_window_without_changes_stops_what_changes_what_runs() {
    let frozen = Some("22:00 to 06:00 UTC: sale".to_owned());
    check(FROZEN, &Surroundings { frozen, ..here() });
    let open = here();
    for row in FROZEN.lines().filter(|row| row.starts_with("deny freeze-window | ")) {
        let (_, text) = row.split_once(" | ").unwrap();
        let found = found(text, &open);
        assert!(!found.contains(&"freeze-window"), "{text}");
    }
}

/// The controls that speak against an action.
fn found(text: &str, around: &Surroundings) -> Vec<&'static str> {
    let action = action(text);
    let read = |command: &str, around: &Surroundings| effects_of(command, around);
    let place = |text: &str, around: &Surroundings| normalise(text, around);
    let effects = derive::effects_of(&action, around, &read, &place);
    let case = Case {
        action: &action,
        effects: &effects,
        surroundings: around,
        standing: &standing,
        tracked: &tracked,
    };
    judge(&case).iter().map(|(_, reason)| reason.control).collect()
}

fn check(rows: &str, around: &Surroundings) {
    let mut wrong = Vec::new();
    for row in rows.lines().filter(|row| !row.trim().is_empty() && !row.starts_with('#')) {
        let Some((expected, text)) = row.split_once(" | ") else {
            wrong.push(format!("{row}\n    it is no row"));
            continue;
        };
        let found = found(text, around);
        let right = match expected.strip_prefix("deny ") {
            Some(control) => found.contains(&control),
            None => found.is_empty(),
        };
        if !right {
            let effects = effects_of(text, around);
            wrong.push(format!("{row}\n    found {found:?}\n    {:?}", effects.all));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}
