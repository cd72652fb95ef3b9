//! `doctor`: runs the hooks that are installed, as a client would, and says what they do not hold.
//!
//! The very command line that stands in the settings is run, with calls that change nothing: what
//! must be denied is only asked about. That a hook fails closed is shown by what any client may
//! send (half a JSON, no text), and by the same command line with another program in it.

mod canary;
mod limits;
mod shown;
mod trial;

use std::io::Write;
use std::path::Path;

use assize_harness::{Client, Handler, handlers, install, program_of};
use assize_repo::Root;

use super::init::is_chosen;
use crate::cli::{Doctor, Plain, Scope};
use crate::clients::{
    BEFORE_THE_SWITCH, Hooks, Place, hook_command, is_installed, places, stands, unhooked, versions,
};
use crate::failure::Failure;
use limits::Limit;
use trial::Trial;

/// What came of the settings of one client in one scope.
struct Examined {
    place: Place,
    trials: Vec<Trial>,
}

/// A client, and what is installed of it.
struct Installed {
    client: Client,
    is_here: bool,
    version: Option<String>,
}

pub(super) fn run(options: &Doctor, out: &mut dyn Write) -> Result<u8, Failure> {
    let look = &options.look;
    let root = Root::find(&look.path).map_err(|error| Failure::tool(&error))?.folder;
    let clients = installed(&options.harness);
    let scopes = [Scope::Project, Scope::User, Scope::Managed];
    let machine = &look.machine.folder;
    let examined: Vec<Examined> = scopes
        .into_iter()
        .flat_map(|scope| stands(scope, &root, machine))
        .filter(|(place, _)| is_chosen(&options.harness, place.client()))
        .filter_map(|(place, hooks)| examine(place, hooks, &root, machine, &clients))
        .collect();
    let report = Report { limits: limits::of(&examined, &clients), examined, clients };
    match look.format {
        Plain::Text => shown::as_text(&report, out)?,
        Plain::Json => writeln!(out, "{}", shown::as_json(&report))?,
    }
    let dead = report.examined.iter().flat_map(|one| &one.trials).any(|it| it.fault.is_some());
    Ok(u8::from(dead || report.examined.is_empty()))
}

/// Everything that is shown.
struct Report {
    examined: Vec<Examined>,
    clients: Vec<Installed>,
    limits: Vec<&'static Limit>,
}

impl Report {
    /// Clients that are installed, and nothing asks Assize there.
    fn unhooked(&self) -> Vec<&'static str> {
        let asks = |client: Client| {
            let shared = client == Client::VsCode;
            let known = |one: &Examined| one.place.client() == client;
            shared || self.examined.iter().any(known)
        };
        let open = self.clients.iter().filter(|it| it.is_here && !asks(it.client));
        open.map(|it| it.client.name()).chain(unhooked()).collect()
    }
}

fn installed(chosen: &[Client]) -> Vec<Installed> {
    let all = versions().into_iter().map(|(client, version)| Installed {
        client,
        is_here: is_installed(client),
        version,
    });
    all.filter(|it| chosen.is_empty() || chosen.contains(&it.client)).collect()
}

/// Tries the hooks of one client in one scope; none where it has none.
fn examine(
    place: Place,
    hooks: Hooks,
    root: &Path,
    machine: &Path,
    clients: &[Installed],
) -> Option<Examined> {
    let fault = match hooks {
        Hooks::Absent => return None,
        Hooks::Live => None,
        Hooks::Dead(why) => Some(why),
    };
    let mut trials = vec![Trial { event: String::new(), name: "the entries", ms: 0, fault }];
    let files = places(place.scope, root, machine);
    for place in files.iter().filter(|one| one.client() == place.client()) {
        let text = std::fs::read_to_string(&place.path).unwrap_or_default();
        for handler in handlers(place.file, &text).unwrap_or_default() {
            trials.extend(try_out(place, handler, root, clients));
        }
    }
    Some(Examined { place, trials })
}

fn try_out(place: &Place, handler: Handler, root: &Path, clients: &[Installed]) -> Vec<Trial> {
    if let Some(why) = stranger(place, &handler, root) {
        let (event, name) = (handler.event, "its command line");
        return vec![Trial { event, name, ms: 0, fault: Some(why) }];
    }
    let canaries = canary::all(place, &handler, root);
    let mut trials: Vec<Trial> =
        canaries.iter().map(|canary| trial::run(&handler, canary, root)).collect();
    if handler.gate {
        trials.extend(failing(place, &handler, root, clients));
    }
    trials
}

/// Why a command line is not run: a repository of somebody else may say anything in its settings.
fn stranger(place: &Place, handler: &Handler, root: &Path) -> Option<String> {
    let other = "not run: it is not what `assize init` writes".to_owned();
    let Some(program) = program_of(&handler.command) else { return Some(other) };
    let program = Path::new(&program);
    if program.canonicalize().is_ok_and(|program| program.starts_with(root)) {
        return Some("not run: its program lies in the work tree".to_owned());
    }
    let command = hook_command(place.client(), program);
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
        return trial::dying(place.client(), handler, root);
    }
    let version = clients.iter().find(|it| it.client == place.client());
    let version = version.and_then(|it| it.version.as_deref());
    let old = place.client() == Client::ClaudeCode && !assize_harness::knows_failure(version);
    let fault = old.then(|| {
        let version = version.unwrap_or_default();
        format!("version {version} passes over `onFailure`: `assize init` installs another form")
    });
    let name = "a program that dies: the client's own switch";
    vec![Trial { event: handler.event.clone(), name, ms: 0, fault }]
}
