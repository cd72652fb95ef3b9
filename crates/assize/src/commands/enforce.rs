//! `enforce`: from observing to denying, and back. A person's act.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use assize_config::{GuardMode, fresh, with_guard_mode};
use assize_ledger::{Actor, Draft, Kind, Ledger, Map, Origin};
use assize_repo::{CONFIG_NAME, Root};

use super::change::{self, Change, Consent, Done, Target};
use crate::cli::Enforce;
use crate::failure::Failure;
use crate::output;

/// How long another process may hold the ledger.
const LOCK_WAIT: Duration = Duration::from_secs(5);

pub(super) fn run(options: &Enforce, out: &mut dyn Write) -> Result<u8, Failure> {
    by_a_person("switch the guard's mode")?;
    let mode = if options.off { GuardMode::Observe } else { GuardMode::Enforce };
    let root = Root::find(&options.path).map_err(|error| Failure::tool(&error))?.folder;
    let lock = change::alone()?;
    let change = mode_change(&root, mode)?;
    let consent = Consent { yes: options.yes, dry_run: false };
    if change::carry_out(vec![change], consent, out)? == Done::Changed {
        record(&root, mode)?;
        output::status(match mode {
            GuardMode::Enforce => "breaches are denied from the next call on",
            GuardMode::Observe => "only what is harmful is denied; the rest is recorded",
        });
    }
    drop(lock);
    Ok(0)
}

/// The root's configuration with the mode; a new one where there is none.
pub(super) fn mode_change(root: &Path, mode: GuardMode) -> Result<Change, Failure> {
    let target = Target::read(root.join(CONFIG_NAME))?;
    let after = match &target.text {
        None => fresh(mode),
        Some(text) => with_guard_mode(text, mode).map_err(|error| target.wrong(&error))?,
    };
    let told = vec![format!("[guard] mode = \"{}\"", mode.word())];
    Ok(Change { target, after: Some(after), told })
}

/// What an agent may not do, even when it is able to.
pub(super) fn by_a_person(what: &str) -> Result<(), Failure> {
    match crate::ancestry::client_above() {
        None => Ok(()),
        Some(client) => {
            Err(Failure::said(format!("`{client}` runs this, and only a person may {what}"))
                .hint("run it in a terminal of your own"))
        }
    }
}

fn record(root: &Path, mode: GuardMode) -> Result<(), Failure> {
    let folder = crate::hook::ledger_folder(root)?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let user = std::env::var("USER").unwrap_or_default();
    let origin = Origin {
        time_ms: i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        session: "person".to_owned(),
        actor: Actor { harness: String::new(), agent: None, user },
    };
    let kind = Kind::new("mode").ok_or_else(|| Failure::said("`mode` is no kind"))?;
    let payload = Map::from([("mode".to_owned(), mode.word().into())]);
    let mut ledger = Ledger::open(&folder, LOCK_WAIT).map_err(|error| Failure::tool(&error))?;
    let written = ledger.append(&Draft { origin, kind, payload });
    written.map(drop).map_err(|error| {
        Failure::said(format!("the mode was switched, but not recorded: {error}"))
            .hint("run `assize ledger verify`")
    })
}
