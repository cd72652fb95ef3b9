//! What only a person may do: a terminal, no agent's client above, and a word typed back.
//!
//! That is no proof against a program of the same user (`SECURITY.md`); a signature is.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use assize_config::Date;
use assize_ledger::{Actor, Draft, Kind, Ledger, Map, Origin};
use assize_session::Grants;

use crate::failure::Failure;
use crate::hook::Keep;
use crate::output::status;
use crate::{ancestry, project, state};

/// How long another process may hold the ledger.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// How far ahead an approval or a waiver may reach.
const DAYS_MAX: i64 = 90;
/// What is typed back: syllables are easier to copy than letters.
const SYLLABLES: usize = 3;
const LINE_BYTES_MAX: u64 = 4_096;
/// Reasons are sentences.
const REASON_CHARS_MAX: usize = 500;

/// The record of a repository, open for a person.
pub(crate) struct Book {
    pub(crate) root: PathBuf,
    folder: PathBuf,
    ledger: Ledger,
}

impl Book {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let root = assize_repo::Root::find(path).map_err(|error| Failure::tool(&error))?;
        Self::of(root.folder.clone(), state::folder(&root.folder)?)
    }

    /// The same, where there is a record: who only looks leaves no trace.
    pub(crate) fn known(path: &Path) -> Result<Option<Self>, Failure> {
        let root = assize_repo::Root::find(path).map_err(|error| Failure::tool(&error))?;
        match state::known_folder(&root.folder)? {
            Some(folder) => Self::of(root.folder, folder).map(Some),
            None => Ok(None),
        }
    }

    fn of(root: PathBuf, folder: PathBuf) -> Result<Self, Failure> {
        let ledger = Ledger::open(&folder, LOCK_WAIT).map_err(|error| Failure::tool(&error))?;
        Ok(Self { root, folder, ledger })
    }

    /// What people allowed, and were asked.
    pub(crate) fn grants(&mut self) -> Result<Grants, Failure> {
        Ok(Keep::new(&self.folder, &self.root).grants(&mut self.ledger)?)
    }

    /// An entry that is the person's.
    pub(crate) fn append(&mut self, kind: &str, payload: Map) -> Result<(), Failure> {
        let actor = Actor { harness: String::new(), agent: None, user: user() };
        let origin = Origin { time_ms: now_ms(), session: "person".to_owned(), actor };
        let kind = Kind::new(kind).ok_or_else(|| Failure::said(format!("`{kind}` is no kind")))?;
        let draft = Draft { origin, kind, payload };
        self.ledger.append(&draft).map_err(|error| Failure::tool(&error))?;
        Ok(())
    }

    /// Refuses whoever is no person, and records the attempt. `what` is asked for.
    pub(crate) fn only_people(&mut self, what: &str) -> Result<(), Failure> {
        let client = ancestry::client_above();
        let why = match &client {
            Some(client) => format!("an agent's client (`{client}`) runs this command"),
            None if is_terminal() => return Ok(()),
            None => "standard input and standard error are no terminal".to_owned(),
        };
        self.refuse(what, &why)
    }

    /// Shows a word and has it typed back.
    pub(crate) fn challenge(&mut self, what: &str) -> Result<(), Failure> {
        let word = word()?;
        status(&format!("Type `{word}` to go on, anything else to stop:"));
        if line()? == word {
            return Ok(());
        }
        self.refuse(what, "the word was not typed back")
    }

    fn refuse(&mut self, what: &str, why: &str) -> Result<(), Failure> {
        let payload = Map::from([
            ("what".to_owned(), state::redacted(what).into()),
            ("why".to_owned(), why.into()),
        ]);
        self.append("approval-attempt", payload)?;
        Err(Failure::said(format!("{why}: nothing is allowed"))
            .hint("run it yourself, in a terminal of your own"))
    }
}

fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The reason that was given, or that is asked for.
pub(crate) fn reason(given: Option<&str>) -> Result<String, Failure> {
    let text = match given {
        Some(text) => text.to_owned(),
        None => {
            status("Why?");
            line()?
        }
    };
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain.is_empty() {
        return Err(Failure::said("a reason is needed"));
    }
    Ok(state::redacted(&plain).chars().take(REASON_CHARS_MAX).collect())
}

/// A day that is neither past nor too far ahead.
pub(crate) fn until(text: &str) -> Result<String, Failure> {
    let (today, seconds) = (project::today(), now_ms() / 1_000);
    let last = Date::from_unix_seconds(seconds.saturating_add(DAYS_MAX * 86_400));
    match Date::parse(text) {
        Some(day) if day >= today && day <= last => Ok(day.to_string()),
        Some(_) => {
            Err(Failure::said(format!("`{text}` is past or more than {DAYS_MAX} days ahead"))
                .hint(format!("the last day is {last}")))
        }
        None => Err(Failure::said(format!("`{text}` is no day")).hint("write YYYY-MM-DD")),
    }
}

/// Who says it, as the person's git has it.
pub(crate) fn name(root: &Path) -> String {
    crate::signature::git_config(root, "user.email").unwrap_or_else(user)
}

/// Text that nobody can guess.
pub(crate) fn random() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn user() -> String {
    std::env::var("USER").unwrap_or_default()
}

fn word() -> Result<String, Failure> {
    const FIRST: &[u8; 16] = b"bdfghjklmnprstvz";
    const SECOND: &[u8; 4] = b"aeou";
    let random = random()?;
    let letters = random.bytes().zip(random.bytes().skip(1)).step_by(2).take(SYLLABLES);
    let pick = |letters: &[u8], byte: u8| {
        let place = usize::from(byte).wrapping_mul(7) % letters.len().max(1);
        char::from(letters.get(place).copied().unwrap_or(b'a'))
    };
    Ok(letters.flat_map(|(a, b)| [pick(FIRST, a), pick(SECOND, b)]).collect())
}

/// One line from the terminal, byte by byte, so that a program that is run next gets the rest.
fn line() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    for byte in std::io::stdin().lock().take(LINE_BYTES_MAX).bytes() {
        match byte? {
            b'\n' => break,
            byte => bytes.push(byte),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}
