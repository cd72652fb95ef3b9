//! Whose change it is.
//!
//! A change is a session's only if a call of its own was known to make it, or if it fell into a
//! call of its own and nobody else was at work. Whoever edits beside an agent is never blamed on
//! it, and an agent is never blamed for another.

use crate::calls::Call;

/// Time stamps of files come from a clock that ticks some milliseconds behind the system's.
const TICK_MS: i64 = 20;

/// A file that is not as it was when somebody looked last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed<'a> {
    /// Below the root.
    pub path: &'a str,
    /// When its content or its metadata changed last; nothing where that cannot be told.
    pub changed_ms: Option<i64>,
}

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// The session at whose event it is seen.
    Own,
    /// That session, by all that is known: its command in the background alone was at work.
    Probable,
    /// Another session, whose call was known to make it.
    Other(String),
    /// A person, or nobody can tell.
    Unattributed,
}

impl Whose {
    /// The word in the ledger.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Own | Self::Other(_) => "session",
            Self::Probable => "probable",
            Self::Unattributed => "unattributed",
        }
    }
}

/// Whose a change is. `call` is the one that ended just now, if a call did; `others` ran beside it,
/// or run now; `background`: a command of `session` alone runs in the background.
pub fn whose(
    changed: &Changed<'_>,
    session: &str,
    call: Option<&Call>,
    others: &[Call],
    background: bool,
) -> Whose {
    let predicts = |one: &Call| one.predicted.iter().any(|path| path == changed.path);
    if call.is_some_and(predicts) {
        return Whose::Own;
    }
    if let Some(other) = others.iter().find(|one| predicts(one)) {
        return if other.session == session {
            Whose::Own
        } else {
            Whose::Other(other.session.clone())
        };
    }
    let alone = others.iter().all(|one| one.session == session);
    let fell_in = |one: &Call| {
        !one.exact && changed.changed_ms.is_none_or(|at| at.saturating_add(TICK_MS) >= one.begun_ms)
    };
    let own = others.iter().filter(|one| one.session == session);
    if alone && call.into_iter().chain(own).any(fell_in) {
        return Whose::Own;
    }
    if alone {
        return if background { Whose::Probable } else { Whose::Unattributed };
    }
    sole(others)
        .filter(|_| call.is_none() && !background && others.iter().any(fell_in))
        .map_or(Whose::Unattributed, |other| Whose::Other(other.to_owned()))
}

/// The one session whose calls these are. What is seen at an event of another session that was not
/// at work itself is no less its own.
fn sole(others: &[Call]) -> Option<&str> {
    let first = others.first()?.session.as_str();
    others.iter().all(|one| one.session == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::{Changed, Whose, whose};
    use crate::calls::Call;

    fn call(session: &str, begun_ms: i64, predicted: &[&str], exact: bool) -> Call {
        Call {
            session: session.to_owned(),
            id: "1".to_owned(),
            begun_ms,
            ended_ms: None,
            head: String::new(),
            stashes: Vec::new(),
            predicted: predicted.iter().map(|path| (*path).to_owned()).collect(),
            exact,
            background: false,
        }
    }

    fn at(path: &str, ms: i64) -> Changed<'_> {
        Changed { path, changed_ms: Some(ms) }
    }

    #[test]
    fn what_a_call_was_known_to_change_is_its_own() {
        let own = call("s", 100, &["a.py"], true);
        assert_eq!(whose(&at("a.py", 50), "s", Some(&own), &[], false), Whose::Own);
        // An edit changes its file and no other: the rest is somebody's beside it.
        assert_eq!(whose(&at("b.py", 150), "s", Some(&own), &[], false), Whose::Unattributed);
    }

    #[test]
    fn a_command_owns_what_changed_while_nobody_else_was_at_work() {
        let own = call("s", 100, &[], false);
        assert_eq!(whose(&at("a.py", 150), "s", Some(&own), &[], false), Whose::Own);
        assert_eq!(whose(&at("a.py", 50), "s", Some(&own), &[], false), Whose::Unattributed);
        let other = call("t", 120, &["b.py"], false);
        let others = [other];
        let seen = |path| whose(&at(path, 150), "s", Some(&own), &others, false);
        assert_eq!(seen("a.py"), Whose::Unattributed);
        assert_eq!(seen("b.py"), Whose::Other("t".to_owned()));
        let twin = [call("s", 120, &[], false)];
        assert_eq!(whose(&at("a.py", 150), "s", Some(&own), &twin, false), Whose::Own);
    }

    #[test]
    fn outside_of_calls_only_a_background_command_is_suspected() {
        assert_eq!(whose(&at("a.py", 150), "s", None, &[], false), Whose::Unattributed);
        assert_eq!(whose(&at("a.py", 150), "s", None, &[], true), Whose::Probable);
        let other = [call("t", 120, &[], false)];
        assert_eq!(whose(&at("a.py", 150), "s", None, &other, true), Whose::Unattributed);
        // At rest, a session sees the work of the only other one.
        let seen = |others: &[Call]| whose(&at("a.py", 150), "s", None, others, false);
        assert_eq!(seen(&other), Whose::Other("t".to_owned()));
        assert_eq!(seen(&[call("t", 300, &[], false)]), Whose::Unattributed);
        let both = [call("t", 120, &[], false), call("u", 120, &[], false)];
        assert_eq!(seen(&both), Whose::Unattributed);
    }
}
