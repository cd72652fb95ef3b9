//! The ledger of a repository, as commands use it: opened, read, anchored in git.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use assize_ledger::{
    Actor, Disk, Draft, Entry, Fault, Hash, Head, Kind, Ledger, Map, Origin, Payload, PublicKey,
    Trust, Value, Verdict,
};
use assize_repo::{Git, Reach, Root, read_up_to};

use crate::failure::Failure;
use crate::hook::ledger_folder;
use crate::{ancestry, output};

/// How long another process may hold the ledger.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// The trailer of a commit that names an entry of a ledger.
pub(crate) const TRAILER: &str = "Assize-Ledger";
/// The trailer of a commit that names the state of the rules under which it was made.
pub(crate) const RULES_TRAILER: &str = "Assize-Rules";
/// Public keys that the team trusts, relative to the root.
const KEYS: &str = ".assize/keys";
/// A public key is a line; more keys than this are no team's.
const KEY_BYTES_MAX: u64 = 4096;
const KEYS_MAX: usize = 1000;
/// The actor where nobody can tell who it is.
const SOMEBODY: &str = "person?";

/// A repository's ledger.
#[derive(Debug)]
pub(crate) struct Records {
    /// The repository's id.
    id: String,
    ledger: Ledger<Disk>,
}

/// An anchor outside of the ledger, and the commit that carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) head: Head,
    pub(crate) commit: String,
}

impl Records {
    /// The ledger of a root, made where there is none.
    pub(crate) fn open(root: &Path) -> Result<Self, Failure> {
        let folder = folder(root)?;
        let name = folder.file_name().unwrap_or_default();
        let id = name.to_string_lossy().into_owned();
        let ledger = Ledger::open(&folder, LOCK_WAIT).map_err(|error| Failure::tool(&error))?;
        Ok(Self { id, ledger })
    }

    /// The ledger of a root, where something was ever recorded.
    pub(crate) fn existing(root: &Path) -> Result<Option<Self>, Failure> {
        if !folder(root)?.is_dir() {
            return Ok(None);
        }
        let mut records = Self::open(root)?;
        let head = records.ledger.head().map_err(|error| Failure::tool(&error))?;
        Ok((head.sequence > 0).then_some(records))
    }

    /// The repository's id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) const fn ledger(&mut self) -> &mut Ledger<Disk> {
        &mut self.ledger
    }

    pub(crate) fn entries(&mut self) -> Result<Vec<Entry>, Failure> {
        let entries = self.ledger.read(1).map_err(|error| Failure::tool(&error))?;
        entries.map(|entry| entry.map_err(|error| Failure::tool(&error))).collect()
    }

    pub(crate) fn append(&mut self, kind: &str, payload: Map) -> Result<(), Failure> {
        let kind = Kind::new(kind).ok_or_else(|| Failure::said(format!("`{kind}` is no kind")))?;
        let draft = Draft { origin: self.origin(), kind, payload };
        self.ledger.append(&draft).map(drop).map_err(|error| Failure::tool(&error))
    }

    /// Who acts now: the client above this process and its newest session, else somebody.
    pub(crate) fn origin(&mut self) -> Origin {
        let user = std::env::var("USER").unwrap_or_default();
        let Some(client) = ancestry::client_above() else {
            let actor = Actor { harness: SOMEBODY.to_owned(), agent: None, user };
            return Origin { time_ms: now_ms(), session: String::new(), actor };
        };
        let harness = harness_of(&client);
        let session = self.newest_session(&harness).unwrap_or_default();
        Origin { time_ms: now_ms(), session, actor: Actor { harness, agent: None, user } }
    }

    fn newest_session(&mut self, harness: &str) -> Option<String> {
        let entries = self.ledger.read(1).ok()?.filter_map(Result::ok);
        let own = entries.filter(|entry| {
            entry.origin.actor.harness == harness && !entry.origin.session.is_empty()
        });
        own.last().map(|entry| entry.origin.session)
    }

    /// What verifying trusts: the ledger's own key, those of the team, and an anchor.
    fn trust(&mut self, root: &Path, anchor: Option<Head>) -> Result<Trust, Failure> {
        let own = self.ledger.public_key().map_err(|error| Failure::tool(&error))?;
        let keys = std::iter::once(own).chain(team_keys(root)).collect();
        Ok(Trust { anchor, keys })
    }

    /// The newest anchor that the commits and notes of the repository hold for this ledger.
    pub(crate) fn anchor(&self, git: &Git, reach: Reach) -> Result<Option<Anchor>, Failure> {
        Ok(newest(&Self::anchors_of(&self.id, git, reach)?))
    }

    /// Whether the ledger is what was written, by every anchor that git holds for it. The newest
    /// one alone proves little: who wrote the ledger anew can publish another that fits.
    pub(crate) fn verify(
        &mut self,
        root: &Path,
        git: Option<(&Git, Reach)>,
    ) -> Result<(Verdict, Option<Anchor>), Failure> {
        let anchors = match git {
            Some((git, reach)) => Self::anchors_of(&self.id, git, reach)?,
            None => Vec::new(),
        };
        let newest = newest(&anchors);
        let trust = self.trust(root, newest.as_ref().map(|anchor| anchor.head))?;
        let verdict = self.ledger.verify(&trust).map_err(|error| Failure::tool(&error))?;
        if matches!(verdict, Verdict::Bad { .. }) {
            return Ok((verdict, newest));
        }
        match self.contradicted(anchors)? {
            Some(anchor) => {
                let sequence = anchor.head.sequence;
                Ok((Verdict::Bad { sequence, fault: Fault::Anchor }, Some(anchor)))
            }
            None => Ok((verdict, newest)),
        }
    }

    /// The first anchor that names another entry than the one of its number.
    fn contradicted(&mut self, mut anchors: Vec<Anchor>) -> Result<Option<Anchor>, Failure> {
        anchors.sort_by_key(|anchor| anchor.head.sequence);
        anchors.dedup_by_key(|anchor| anchor.head);
        if anchors.len() < 2 {
            return Ok(None);
        }
        let mut anchors = anchors.into_iter().peekable();
        let entries = self.ledger.read(1).map_err(|error| Failure::tool(&error))?;
        for entry in entries.map_while(Result::ok) {
            let wrong = |anchor: &Anchor| {
                anchor.head.sequence == entry.sequence && anchor.head.hash != entry.hash
            };
            while let Some(anchor) =
                anchors.next_if(|anchor| anchor.head.sequence <= entry.sequence)
            {
                if wrong(&anchor) {
                    return Ok(Some(anchor));
                }
            }
        }
        Ok(None)
    }

    /// The anchor of a ledger that should be there and is not.
    pub(crate) fn anchor_without(
        root: &Path,
        git: &Git,
        reach: Reach,
    ) -> Result<Option<Anchor>, Failure> {
        let folder = folder(root)?;
        let id = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(newest(&Self::anchors_of(&id, git, reach)?))
    }

    fn anchors_of(id: &str, git: &Git, reach: Reach) -> Result<Vec<Anchor>, Failure> {
        let mut all = git.trailers(TRAILER, reach).map_err(|error| Failure::tool(&error))?;
        let notes = git.notes().map_err(|error| Failure::tool(&error))?;
        all.extend(notes.into_iter().filter_map(|(commit, line)| {
            let value = line.strip_prefix(TRAILER)?.strip_prefix(':')?.trim().to_owned();
            Some((commit, value))
        }));
        let own = all.into_iter().filter_map(|(commit, value)| {
            let (named, head) = read_anchor(&value)?;
            (named == id).then_some(Anchor { head, commit })
        });
        Ok(own.collect())
    }

    /// Signs what the ledger has come to, and gives the trailer that names it.
    pub(crate) fn checkpoint(&mut self) -> Result<String, Failure> {
        let origin = self.origin();
        let receipt = self.ledger.checkpoint(&origin).map_err(|error| Failure::tool(&error))?;
        let Head { sequence, hash } = receipt.head;
        Ok(format!("{TRAILER}: {}:{sequence}:{hash}", self.id))
    }
}

fn newest(anchors: &[Anchor]) -> Option<Anchor> {
    anchors.iter().max_by_key(|anchor| anchor.head.sequence).cloned()
}

/// The repository's id and the entry in a trailer's value.
pub(crate) fn read_anchor(value: &str) -> Option<(String, Head)> {
    let mut parts = value.split(':');
    let (id, sequence, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let head = Head { sequence: sequence.parse().ok()?, hash: hash.parse::<Hash>().ok()? };
    (parts.next().is_none() && head.sequence > 0).then(|| (id.to_owned(), head))
}

/// The root of a path.
pub(crate) fn root(path: &Path) -> Result<Root, Failure> {
    Root::find(path).map_err(|error| Failure::tool(&error))
}

fn folder(root: &Path) -> Result<PathBuf, Failure> {
    ledger_folder(root).map_err(|error| Failure::tool(&error))
}

/// The name under which a client's hook records.
fn harness_of(client: &str) -> String {
    if client == "claude" { "claude-code".to_owned() } else { client.to_owned() }
}

/// The keys in `.assize/keys`; a file that holds none is said and passed over.
fn team_keys(root: &Path) -> Vec<PublicKey> {
    let Ok(folder) = std::fs::read_dir(root.join(KEYS)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = folder.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "pub"));
    paths.sort();
    let read = |path: &PathBuf| {
        let text = String::from_utf8(read_up_to(path, KEY_BYTES_MAX).ok()?).ok()?;
        text.split_whitespace().next()?.parse::<PublicKey>().ok()
    };
    let mut keys = Vec::new();
    for path in paths.iter().take(KEYS_MAX) {
        match read(path) {
            Some(key) => keys.push(key),
            None => output::status(&format!("`{}` holds no public key", path.display())),
        }
    }
    keys
}

pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A text in an entry's payload.
pub(crate) fn text<'a>(entry: &'a Entry, key: &str) -> Option<&'a str> {
    let Payload::Present(map) = &entry.payload else { return None };
    match map.get(key)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// A number in an entry's payload.
pub(crate) fn number(entry: &Entry, key: &str) -> Option<i64> {
    let Payload::Present(map) = &entry.payload else { return None };
    match map.get(key)? {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::read_anchor;

    #[test]
    fn only_whole_anchors_are_read() {
        let hash = "ab".repeat(32);
        let (id, head) = read_anchor(&format!("0f:12:{hash}")).unwrap();
        assert_eq!((id.as_str(), head.sequence), ("0f", 12));
        for value in ["", "0f", "0f:12", "0f:x:ab", "0f:12:ab"] {
            assert_eq!(read_anchor(value), None, "{value}");
        }
        for value in [format!("0f:12:{hash}:1"), format!("0f:0:{hash}"), format!("0f:-1:{hash}")] {
            assert_eq!(read_anchor(&value), None, "{value}");
        }
    }
}
