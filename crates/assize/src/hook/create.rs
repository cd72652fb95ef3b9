//! What a call would make that is already there: `search-before-create`.

use assize_guard::Reason;
use assize_guard::controls::search_before_create::{Alike, GUARD, Kind, alike, kind, terms};
use assize_index::{FileRef, View};
use assize_model::Severity;
use assize_session::Session;

use super::call;
use super::judge::{Future, Laid};
use super::simulate::Found;

/// Calls that write more files than this unpack or generate something.
const FILES_MAX: usize = 20;

/// Asks what the new files, and what is new in others, are like.
pub(super) fn look(futures: &[Future], laid: &Laid<'_>, session: &Session, found: &mut Found) {
    if futures.len() > FILES_MAX {
        return;
    }
    let (old, new) = (laid.index.view(), laid.view());
    for future in futures.iter().filter(|future| future.after.is_some()) {
        let Some(file) = new.file(future.path.as_str()) else { continue };
        let before = old.file(future.path.as_str());
        match kind(file) {
            Kind::Exempt => {}
            Kind::Unsearched(language) => {
                if before.is_none() && !laid.is_on_disk(&future.path) {
                    found.asked.extend(unsearched(file, language, session));
                }
            }
            // A file that the index has not seen yet is judged when it has.
            Kind::Searched if before.is_none() && laid.is_on_disk(&future.path) => {}
            Kind::Searched => likes(file, before, (old, new), laid, session, found),
        }
    }
}

/// Look-alikes that the session has not read as they are.
fn likes(
    file: FileRef<'_>,
    before: Option<FileRef<'_>>,
    (old, new): (View<'_>, View<'_>),
    laid: &Laid<'_>,
    session: &Session,
    found: &mut Found,
) {
    // What the call itself writes is no look-alike.
    let known = |one: &Alike| old.is_file(&one.path) && new.is_file(&one.path);
    let unread = |one: &Alike| known(one) && !was_read(&one.path, laid, session);
    let all: Vec<Alike> = alike(file, before, &new).into_iter().filter(unread).collect();
    let strong: Vec<&Alike> = all.iter().filter(|one| one.strong).collect();
    let path = file.path();
    if !strong.is_empty() {
        found.judged.push((
            Severity::Error,
            Reason {
                control: GUARD.name,
                message: format!("much of `{path}` is there already: {}", listed(&strong)),
                help: "read what is named and extend it; once it is read, a new file is allowed"
                    .to_owned(),
            },
        ));
    } else if !all.is_empty() {
        let weak: Vec<&Alike> = all.iter().collect();
        found.judged.push((
            Severity::Warn,
            Reason {
                control: GUARD.name,
                message: format!("`{path}` may be there already: {}", listed(&weak)),
                help: "look whether it can be extended".to_owned(),
            },
        ));
    }
}

fn listed(likes: &[&Alike]) -> String {
    let one = |one: &&Alike| format!("`{}:{}` {}", one.path, one.line, one.why);
    likes.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The question about a file whose like cannot be looked for.
fn unsearched(file: FileRef<'_>, language: &str, session: &Session) -> Option<Reason> {
    let name = file.name();
    let stem = name.split('.').next().unwrap_or(name);
    let terms = terms(stem);
    let wanted = |search: &str| terms.iter().any(|term| search.contains(term.as_str()));
    if terms.is_empty() || session.searches().any(wanted) {
        return None;
    }
    let path = file.path();
    Some(Reason {
        control: GUARD.name,
        message: format!(
            "`{path}` is new, and whether it is there already cannot be told: the index does not \
             read {language}"
        ),
        help: format!("search the tree for `{}` first, then write it", terms.join("` or `")),
    })
}

/// Whether the session has read a file as it is now, which the index may not know yet.
fn was_read(path: &str, laid: &Laid<'_>, session: &Session) -> bool {
    let Some(known) = session.read(path) else { return false };
    laid.disk(path).is_some_and(|bytes| call::content_hash(&bytes) == known)
}
