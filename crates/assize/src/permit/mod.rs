//! What a session must know before it changes files: the documents of a repository, the hash of all
//! its rules, and the digest that is read.
//!
//! Hook, gates and commands ask here, so that they never disagree about what the rules are.

mod digest;
mod documents;
mod expand;
mod kept;

pub(crate) use digest::{Text, digest, passage_lines, state_words};
pub(crate) use documents::{Document, Documents, Fault};

use std::path::Path;

use assize_repo::{CONFIG_BYTES_MAX, CONFIG_NAME, read_up_to};
use assize_rulebook::RuleBook;
use assize_session::{Lack, Session, Wanted};

use crate::failure::Failure;
use crate::team::RuleTexts;

/// The hash of everything that rules the work in a tree: the rule book of this version, the
/// documents, the configuration of the root and the team's own rules.
pub(crate) fn rules_hash(root: &Path, documents: &Documents) -> Result<String, Failure> {
    let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&book.hash().0);
    let mut part = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    };
    for document in &documents.all {
        part(document.path.as_bytes());
        part(document.hash.as_bytes());
    }
    part(&read_up_to(&root.join(CONFIG_NAME), CONFIG_BYTES_MAX).unwrap_or_default());
    RuleTexts::of(root).add_to(&mut hasher);
    Ok(hasher.finalize().to_hex().chars().take(32).collect())
}

/// Clients cut what a command prints; so much comes through.
const PRINTED_BYTES_MAX: usize = 28_000;

/// The documents that `assize preflight --full` prints whole: those that are to be read so, else
/// all of them. None where they are too long for one command.
pub(crate) fn printed_whole<'d>(documents: &'d Documents, texts: &[Text]) -> Vec<&'d Document> {
    let marked = documents.all.iter().any(|one| one.is_full);
    let whole: Vec<&Document> = documents.all.iter().filter(|one| one.is_full || !marked).collect();
    let sizes = texts.iter().filter(|text| whole.iter().any(|one| one.path == text.path));
    let bytes: usize = sizes.map(|text| text.text.len()).sum();
    if bytes > PRINTED_BYTES_MAX { Vec::new() } else { whole }
}

/// Why a session has no permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Without {
    /// Documents that are required cannot be read, whatever the session knows.
    Faults(Vec<Fault>),
    /// The session does not know what there is.
    Lack(Lack),
}

/// Why a session may not change files now; nothing where it may.
pub(crate) fn standing(session: &Session, documents: &Documents) -> Option<Without> {
    if !documents.faults.is_empty() {
        return Some(Without::Faults(documents.faults.clone()));
    }
    session.lack(&documents.wanted()).map(Without::Lack)
}

impl Documents {
    /// The documents as a session's permit asks for them.
    pub(crate) fn wanted(&self) -> Vec<Wanted<'_>> {
        let wanted = self.all.iter().map(|one| Wanted {
            path: &one.path,
            hash: &one.hash,
            is_full: one.is_full,
        });
        wanted.collect()
    }
}
