//! `assize mcp`: what a person agreed to, and what differs from it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use assize_ledger::Map;
use assize_mcp::{Drift, LOCK, Lock, compare, content_hash, is_project_file};
use assize_repo::{FileSet, Root};
use serde_json::json;

use crate::cli::{Mcp, Plain};
use crate::failure::Failure;
use crate::mcp::{Ground, Locks, Reading, personal_path, read};
use crate::output::status;
use crate::person::Book;
use crate::state;

pub(super) fn run(options: &Mcp, out: &mut dyn Write) -> Result<u8, Failure> {
    match options {
        Mcp::Lock { root } => lock(root, out),
        Mcp::Status { root, format } => show(root, *format, out),
        // Served before the output is taken.
        Mcp::Serve(_) => Ok(0),
    }
}

/// One of the two locks, as it is and as it would be.
struct Plan {
    path: PathBuf,
    before: Option<Lock>,
    after: Lock,
}

fn lock(path: &Path, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut book = Book::open(path)?;
    book.only_people("lock the MCP servers")?;
    let mut plans = plans(path, &book.root)?;
    plans.retain(|plan| plan.before.as_ref().map(Lock::print) != Some(plan.after.print()));
    if plans.is_empty() {
        status("the locks are as the servers are: nothing to change");
        return Ok(0);
    }
    let ground = Ground::new(&book.root);
    for plan in &plans {
        writeln!(out, "{}", plan.path.display())?;
        changes(plan, &ground, out)?;
    }
    out.flush()?;
    book.challenge("lock the MCP servers")?;
    for plan in &plans {
        write(plan)?;
        let text = plan.after.print();
        let payload = Map::from([
            ("path".to_owned(), plan.path.to_string_lossy().into_owned().into()),
            ("hash".to_owned(), content_hash(text.as_bytes()).into()),
        ]);
        book.append("mcp-lock", payload)?;
        let count = plan.after.servers().len();
        status(&format!("locked {count} servers in `{}`", plan.path.display()));
    }
    Ok(0)
}

/// What everybody has goes into the lock of the tree, the rest into the person's own.
fn plans(path: &Path, root: &Path) -> Result<Vec<Plan>, Failure> {
    let found = Root::find(path).map_err(|error| Failure::tool(&error))?;
    let shared: BTreeSet<String> =
        FileSet::list(&found).entries.iter().map(|entry| entry.path.to_string()).collect();
    let ground = Ground::new(root);
    let (mut of_tree, mut of_person) = (Vec::new(), Vec::new());
    for file in Ground::files() {
        let servers = match ground.servers(&file) {
            Reading::Absent => continue,
            Reading::Servers(servers) => servers,
            Reading::Unreadable => {
                return Err(Failure::said(format!("`{}` cannot be read", ground.path(&file)))
                    .hint("mend it first: what it says of servers would be left out"));
            }
        };
        for server in &servers {
            if shared.contains(&file) {
                of_tree.push(ground.locked(server, Some(&|path| shared.contains(path))));
            } else {
                of_person.push(ground.locked(server, None));
            }
        }
    }
    let plan = |path: PathBuf, servers| {
        let before = read(&path).map_err(Failure::said)?;
        Ok::<Plan, Failure>(Plan { path, before, after: Lock::new(servers) })
    };
    let tree = plan(root.join(LOCK), of_tree)?;
    let person = plan(personal_path(root)?, of_person)?;
    // A person without servers of their own needs no lock for them.
    let needed = person.before.is_some() || !person.after.servers().is_empty();
    Ok(std::iter::once(tree).chain(needed.then_some(person)).collect())
}

/// Each difference on a line of its own, each server that is new in full.
fn changes(plan: &Plan, ground: &Ground, out: &mut dyn Write) -> Result<(), Failure> {
    let before = plan.before.as_ref().map_or(&[][..], Lock::servers);
    for one in plan.after.servers() {
        if !before.iter().any(|old| old.file == one.file && old.name == one.name) {
            let line = state::redacted(&one.definition.to_json());
            writeln!(out, "  + {} {}  {}", shown(&one.file), shown(&one.name), shown(&line))?;
            for script in one.scripts.keys() {
                writeln!(out, "      runs {}", shown(script))?;
            }
        }
    }
    let servers: Vec<assize_mcp::Server> = plan
        .after
        .servers()
        .iter()
        .map(|one| assize_mcp::Server {
            file: one.file.clone(),
            name: one.name.clone(),
            definition: one.definition.clone(),
            at: 0..0,
        })
        .collect();
    let known: Vec<assize_mcp::Locked> = before.to_vec();
    let drifts = compare(&known, &servers, &|name| ground.hash(name));
    for drift in drifts.iter().filter(|one| before.iter().any(|old| old.name == one.name)) {
        writeln!(out, "  ~ {}", shown(&state::redacted(&drift.words())))?;
    }
    Ok(())
}

fn write(plan: &Plan) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::said(format!("cannot write `{}`: {error}", plan.path.display()))
    };
    let folder = plan.path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(plan.after.print().as_bytes()).map_err(failed)?;
    file.persist(&plan.path).map_err(|error| failed(error.error))?;
    Ok(())
}

fn show(path: &Path, format: Plain, out: &mut dyn Write) -> Result<u8, Failure> {
    let root = Root::find(path).map_err(|error| Failure::tool(&error))?.folder;
    let hint = "a person looks at it and runs `assize mcp lock`";
    let locks = Locks::read(&root).map_err(|why| Failure::said(why).hint(hint))?;
    let ground = Ground::new(&root);
    let files: Vec<String> = Ground::files().collect();
    let drifts = match &locks {
        Some(locks) => ground.drifts(locks, &files, None),
        None => Vec::new(),
    };
    match format {
        Plain::Text => text(locks.as_ref(), &drifts, out)?,
        Plain::Json => {
            let line = json!({
                "schema": "assize.mcp/1",
                "locked": locks.as_ref().map(|locks| locks.servers.len()),
                "drift": drifts.iter().map(one).collect::<Vec<_>>(),
            });
            writeln!(out, "{line}")?;
        }
    }
    Ok(u8::from(!drifts.is_empty()))
}

fn one(drift: &Drift) -> serde_json::Value {
    json!({
        "file": drift.file,
        "server": drift.name,
        "code": drift.difference.code(),
        "message": state::redacted(&drift.words()),
        "shared": is_project_file(&drift.file),
    })
}

fn text(locks: Option<&Locks>, drifts: &[Drift], out: &mut dyn Write) -> Result<(), Failure> {
    match (locks, drifts) {
        (None, _) => writeln!(out, "there is no lock: a person makes one with `assize mcp lock`")?,
        (Some(locks), []) => writeln!(out, "{} servers are as locked", locks.servers.len())?,
        (Some(_), drifts) => {
            for drift in drifts {
                let code = drift.difference.code();
                writeln!(out, "{code}: {}", shown(&state::redacted(&drift.words())))?;
            }
        }
    }
    Ok(())
}

fn shown(text: &str) -> String {
    assize_report::inline(text).to_string()
}
