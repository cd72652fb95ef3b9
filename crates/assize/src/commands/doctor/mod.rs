//! `doctor`: runs the hooks that are installed, as a client would, and says what they do not hold.
//!
//! The very command line that stands in the settings is run, with calls that change nothing: what
//! must be denied is only asked about. That a hook fails closed is shown by what any client may
//! send (half a JSON, no text), and by the same command line with another program in it.

mod canary;
mod limits;
mod trial;

use std::io::Write;
use std::path::Path;

use assize_harness::{Handler, handlers, install, program_of};
use assize_repo::Root;
use assize_report::inline;
use serde_json::{Value, json};

use super::status::scope_word;
use crate::cli::{Doctor, Harness, Plain, Scope};
use crate::clients::{
    BEFORE_THE_SWITCH, Hooks, Place, hook_command, hooks, places, unhooked, version,
};
use crate::failure::Failure;
use limits::Limit;
use trial::Trial;

/// What came of one settings file.
struct Examined {
    place: Place,
    trials: Vec<Trial>,
}

/// A client that is installed, and its version.
struct Installed {
    harness: Harness,
    name: &'static str,
    version: Option<String>,
}

pub(super) fn run(options: &Doctor, out: &mut dyn Write) -> Result<u8, Failure> {
    let look = &options.look;
    let root = Root::find(&look.path).map_err(|error| Failure::tool(&error))?.folder;
    let wanted =
        |harness: Harness| options.harness.is_empty() || options.harness.contains(&harness);
    let clients: Vec<Installed> = installed().into_iter().filter(|it| wanted(it.harness)).collect();
    let scopes = [Scope::Project, Scope::User, Scope::Managed];
    let all = scopes.into_iter().flat_map(|scope| places(scope, &root, &look.machine.folder));
    let examined: Vec<Examined> = all
        .filter(|place| wanted(place.harness))
        .filter_map(|place| examine(place, &root, &clients))
        .collect();
    let limits = limits::of(&examined, &clients);
    match look.format {
        Plain::Text => as_text(&examined, &clients, &limits, out)?,
        Plain::Json => writeln!(out, "{}", as_json(&examined, &clients, &limits))?,
    }
    let dead = examined.iter().flat_map(|one| &one.trials).any(|trial| trial.fault.is_some());
    Ok(u8::from(dead || examined.is_empty()))
}

fn installed() -> Vec<Installed> {
    let of = |harness, client: assize_harness::Client| Installed {
        harness,
        name: client.name(),
        version: version(client),
    };
    vec![
        of(Harness::ClaudeCode, assize_harness::Client::ClaudeCode),
        of(Harness::Codex, assize_harness::Client::Codex),
    ]
}

/// Tries the hooks of one file; none where it has none.
fn examine(place: Place, root: &Path, clients: &[Installed]) -> Option<Examined> {
    let fault = match hooks(&place, root) {
        Hooks::Absent => return None,
        Hooks::Live => None,
        Hooks::Dead(why) => Some(why),
    };
    let mut trials = vec![Trial { event: String::new(), name: "the entries", ms: 0, fault }];
    let text = std::fs::read_to_string(&place.path).unwrap_or_default();
    for handler in handlers(place.file, &text).unwrap_or_default() {
        if let Some(why) = stranger(&place, &handler, root) {
            let (event, name) = (handler.event, "its command line");
            trials.push(Trial { event, name, ms: 0, fault: Some(why) });
            continue;
        }
        trials.extend(
            canary::all(&place, &handler, root)
                .iter()
                .map(|canary| trial::run(&handler, canary, root)),
        );
        if handler.event == "PreToolUse" {
            trials.extend(failing(&place, &handler, root, clients));
        }
    }
    Some(Examined { place, trials })
}

/// Why a command line is not run: a repository of somebody else may say anything in its settings.
fn stranger(place: &Place, handler: &Handler, root: &Path) -> Option<String> {
    let other = "not run: it is not what `assize init` writes".to_owned();
    let Some(program) = program_of(&handler.command) else { return Some(other) };
    let program = Path::new(&program);
    if program.canonicalize().is_ok_and(|program| program.starts_with(root)) {
        return Some("not run: its program lies in the work tree".to_owned());
    }
    let command = hook_command(place.file.client(), program);
    let forms = [None, Some(BEFORE_THE_SWITCH)].into_iter().flat_map(|version| {
        let written = install(place.file, None, &command, version).ok();
        written.and_then(|it| handlers(place.file, &it.text).ok()).unwrap_or_default()
    });
    let known = |form: Handler| form.event == handler.event && form.command == handler.command;
    (!forms.into_iter().any(known)).then_some(other)
}

/// What happens when the program itself is gone or dies.
fn failing(place: &Place, handler: &Handler, root: &Path, clients: &[Installed]) -> Vec<Trial> {
    if !handler.closed {
        return trial::dying(handler, root);
    }
    let version = clients.iter().find(|client| client.harness == place.harness);
    let version = version.and_then(|client| client.version.as_deref());
    let fault = (!assize_harness::knows_failure(version)).then(|| {
        let version = version.unwrap_or_default();
        format!("version {version} passes over `onFailure`: `assize init` installs another form")
    });
    let name = "a program that dies: the client's own switch";
    vec![Trial { event: handler.event.clone(), name, ms: 0, fault }]
}

fn as_text(
    examined: &[Examined],
    clients: &[Installed],
    limits: &[&Limit],
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if examined.is_empty() {
        writeln!(out, "no client asks Assize here: run `assize init`")?;
    }
    for Examined { place, trials } in examined {
        let client = place.file.client().name();
        let path = place.path.display().to_string();
        writeln!(out, "{client}, {}: {}", scope_word(place.scope), inline(&path))?;
        for trial in trials {
            let (state, why) = match &trial.fault {
                None => ("ok", format!("{} ms", trial.ms)),
                Some(why) => ("DEAD", why.clone()),
            };
            let what = format!("{} {}", trial.event, trial.name);
            writeln!(out, "  {state:<5} {}: {}", inline(what.trim()), inline(&why))?;
        }
    }
    for client in clients {
        let version = client.version.as_deref().unwrap_or("not found in the search path");
        writeln!(out, "{} {}", client.name, inline(version))?;
    }
    writeln!(out, "not enforced:")?;
    for client in unhooked() {
        writeln!(out, "  {client}: it is installed, and nothing asks Assize there")?;
    }
    for limit in limits {
        writeln!(out, "  {}: {}", limit.client, limit.what)?;
    }
    Ok(())
}

fn as_json(examined: &[Examined], clients: &[Installed], limits: &[&Limit]) -> Value {
    let trial = |trial: &Trial| {
        json!({
            "event": trial.event,
            "name": trial.name,
            "ok": trial.fault.is_none(),
            "fault": trial.fault,
            "ms": trial.ms,
        })
    };
    let one = |Examined { place, trials }: &Examined| {
        json!({
            "client": place.file.client().name(),
            "scope": scope_word(place.scope),
            "path": place.path.display().to_string(),
            "live": trials.iter().all(|trial| trial.fault.is_none()),
            "trials": trials.iter().map(trial).collect::<Vec<_>>(),
        })
    };
    let client = |client: &Installed| json!({ "client": client.name, "version": client.version });
    let limit = |limit: &&Limit| json!({ "client": limit.client, "what": limit.what });
    json!({
        "schema": 1,
        "hooks": examined.iter().map(one).collect::<Vec<_>>(),
        "clients": clients.iter().map(client).collect::<Vec<_>>(),
        "unhooked": unhooked(),
        "not_enforced": limits.iter().map(limit).collect::<Vec<_>>(),
    })
}
