//! The calls that run in one work tree, and those that ended while another one ran.

use assize_ledger::{Map, Value, decode, encode};

use crate::KeptError;
use crate::fields::{
    integer, list, maps, maybe_integer, maybe_text, of_version, text, texts, truth, versioned,
};

/// A call whose end nobody told is taken for ended after this: no client lets one run longer in
/// the foreground.
const OPEN_MS_MAX: i64 = 60 * 60 * 1_000;
/// More calls at once than any work tree sees; beyond it the oldest go.
const CALLS_MAX: usize = 512;
/// Paths that one call names beforehand. Beyond it what changes counts by its time.
const PREDICTED_MAX: usize = 2_000;

/// One call of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Harness and session, as the ledger names them.
    pub session: String,
    /// The client's id of the call.
    pub id: String,
    pub begun_ms: i64,
    pub ended_ms: Option<i64>,
    /// What git's HEAD was before the call; empty without git.
    pub head: String,
    /// The commits of the stashes that there were before the call.
    pub stashes: Vec<String>,
    /// Paths below the root that the call was known to change.
    pub predicted: Vec<String>,
    /// The call changes what was predicted and nothing else: an edit, not a command.
    pub exact: bool,
    /// Nobody waits for its end.
    pub background: bool,
}

/// The calls of one work tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calls {
    all: Vec<Call>,
}

impl Calls {
    pub fn begin(&mut self, mut call: Call) {
        let now = call.begun_ms;
        call.predicted.truncate(PREDICTED_MAX);
        self.all.retain(|one| one.session != call.session || one.id != call.id);
        self.all.push(call);
        self.prune(now);
    }

    /// A call that ends, and the others that ran meanwhile. It still counts as running.
    pub fn ending(&self, session: &str, id: &str, now_ms: i64) -> Option<(Call, Vec<Call>)> {
        let call = self.all.iter().find(|one| one.session == session && one.id == id)?;
        Some((call.clone(), self.beside(call, now_ms)))
    }

    /// The call ends: it, and the others that ran meanwhile.
    pub fn end(&mut self, session: &str, id: &str, now_ms: i64) -> Option<(Call, Vec<Call>)> {
        let found = self.all.iter_mut().find(|one| one.session == session && one.id == id)?;
        found.ended_ms = Some(now_ms);
        let call = found.clone();
        let others = self.beside(&call, now_ms);
        self.prune(now_ms);
        Some((call, others))
    }

    /// A session stops or asks its person again: none of its calls runs in the foreground.
    pub fn rest(&mut self, session: &str, now_ms: i64) {
        for one in self.all.iter_mut().filter(|one| one.session == session && !one.background) {
            one.ended_ms.get_or_insert(now_ms);
        }
        self.prune(now_ms);
    }

    /// A session is over, with all that it left in the background.
    pub fn leave(&mut self, session: &str) {
        self.all.retain(|one| one.session != session);
    }

    /// The calls that run now.
    pub fn running(&self, now_ms: i64) -> Vec<Call> {
        let running = |one: &&Call| one.ended_ms.is_none() && is_young(one, now_ms);
        self.all.iter().filter(running).cloned().collect()
    }

    /// The background commands of a session that may still run.
    pub fn background(&self, session: &str) -> Vec<Call> {
        let own = |one: &&Call| one.background && one.session == session;
        self.all.iter().filter(own).cloned().collect()
    }

    fn beside(&self, call: &Call, now_ms: i64) -> Vec<Call> {
        let overlaps = |one: &&Call| {
            let other = one.session != call.session || one.id != call.id;
            let open = one.ended_ms.is_none_or(|ended| ended >= call.begun_ms);
            other && open && is_young(one, now_ms)
        };
        self.all.iter().filter(overlaps).cloned().collect()
    }

    /// Calls that ended before every running one began are of no more use.
    fn prune(&mut self, now_ms: i64) {
        self.all.retain(|one| one.background || one.ended_ms.is_some() || is_young(one, now_ms));
        let running = self.all.iter().filter(|one| one.ended_ms.is_none());
        let first = running.map(|one| one.begun_ms).min().unwrap_or(now_ms);
        self.all.retain(|one| one.ended_ms.is_none_or(|ended| one.background || ended >= first));
        let surplus = self.all.len().saturating_sub(CALLS_MAX);
        self.all.drain(..surplus);
    }

    /// The bytes to keep.
    pub fn to_bytes(&self) -> Result<Vec<u8>, KeptError> {
        let mut map = versioned();
        map.insert("calls".to_owned(), Value::List(self.all.iter().map(put).collect()));
        Ok(encode(&map)?)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeptError> {
        let map = decode(bytes)?;
        of_version(&map)?;
        let all = maps(&map, "calls").into_iter().map(take).collect::<Result<_, _>>()?;
        Ok(Self { all })
    }
}

const fn is_young(call: &Call, now_ms: i64) -> bool {
    now_ms.saturating_sub(call.begun_ms) < OPEN_MS_MAX
}

fn put(call: &Call) -> Value {
    let mut map = Map::from([
        ("session".to_owned(), call.session.as_str().into()),
        ("id".to_owned(), call.id.as_str().into()),
        ("begun".to_owned(), call.begun_ms.into()),
        ("head".to_owned(), call.head.as_str().into()),
        ("stashes".to_owned(), list(&call.stashes)),
        ("predicted".to_owned(), list(&call.predicted)),
        ("exact".to_owned(), call.exact.into()),
        ("background".to_owned(), call.background.into()),
    ]);
    if let Some(ended) = call.ended_ms {
        map.insert("ended".to_owned(), ended.into());
    }
    Value::Map(map)
}

fn take(map: &Map) -> Result<Call, KeptError> {
    Ok(Call {
        session: text(map, "session")?,
        id: text(map, "id")?,
        begun_ms: integer(map, "begun")?,
        ended_ms: maybe_integer(map, "ended"),
        head: maybe_text(map, "head").unwrap_or_default(),
        stashes: texts(map, "stashes"),
        predicted: texts(map, "predicted"),
        exact: truth(map, "exact"),
        background: truth(map, "background"),
    })
}

#[cfg(test)]
mod tests {
    use super::{Call, Calls, OPEN_MS_MAX};

    fn call(session: &str, id: &str, begun_ms: i64) -> Call {
        Call {
            session: session.to_owned(),
            id: id.to_owned(),
            begun_ms,
            ended_ms: None,
            head: String::new(),
            stashes: vec!["0123".to_owned()],
            predicted: vec!["a.py".to_owned()],
            exact: false,
            background: false,
        }
    }

    #[test]
    fn an_ending_call_knows_who_ran_beside_it() {
        let mut calls = Calls::default();
        calls.begin(call("s", "1", 10));
        calls.begin(call("t", "2", 20));
        assert_eq!(calls.end("t", "2", 30).map(|(_, others)| others.len()), Some(1));
        calls.begin(call("u", "3", 40));
        let (_, others) = calls.end("s", "1", 50).unwrap_or((call("", "", 0), Vec::new()));
        let ids: Vec<&str> = others.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["2", "3"]);
        assert_eq!(calls.end("s", "gone", 50), None);
        let kept = calls.to_bytes().and_then(|bytes| Calls::from_bytes(&bytes));
        assert!(kept.is_ok_and(|kept| kept == calls));
    }

    #[test]
    fn what_nobody_ended_does_not_stay_for_ever() {
        let mut calls = Calls::default();
        calls.begin(call("s", "1", 10));
        calls.begin(call("t", "2", 10 + OPEN_MS_MAX));
        assert_eq!(calls.running(11 + OPEN_MS_MAX).len(), 1);
        calls.begin(call("s", "3", 12 + OPEN_MS_MAX));
        calls.rest("s", 13 + OPEN_MS_MAX);
        assert_eq!(calls.running(14 + OPEN_MS_MAX).len(), 1);
    }
}
