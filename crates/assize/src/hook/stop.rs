//! A session wants to end: what is missing is said, and in `enforce` it is kept from ending until
//! the evidence is there, a few times at most.
//!
//! INVARIANT: no more than [`BLOCKS_MAX`] blocks follow each other, and none says what the last one
//! said. Clients give up after more, and whoever cannot get on by what is said will not by hearing
//! it again.

use assize_config::GuardMode;
use assize_guard::{Reason, Verdict};
use assize_harness::{Event, Moment};
use assize_ledger::{Map, Value};
use assize_session::Session;

use super::failing::Cause;
use super::record::Record;
use super::scene::Scene;
use crate::gates::stop::{Standing, standing};
use crate::project::{Keep, Project};

/// Clients heed eight blocks in a row at most; who did not get on by three does not by more.
const BLOCKS_MAX: i64 = 3;

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Proven,
    /// The person was told, and the session ends.
    Told,
    Blocked,
    /// It ends without the evidence.
    Unproven,
    /// Nothing that was not said before: nobody is told, and nothing is recorded.
    Silent,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Told => "told",
            Self::Blocked => "blocked",
            Self::Unproven | Self::Silent => "unproven",
        }
    }
}

/// What came before this end.
#[derive(Debug, Clone, Copy)]
struct Before<'a> {
    /// How often in a row it was blocked.
    blocks: i64,
    told: Option<&'a str>,
    /// The session changed something since.
    changed: bool,
    mode: GuardMode,
}

/// The answer to a session that wants to end. `looked` is what was just found on the disk.
pub(super) fn answer(
    event: &Event,
    scene: &Scene,
    record: &mut Record<'_>,
    looked: Verdict,
) -> Result<Verdict, Cause> {
    // A subagent's end is not the session's.
    if event.moment != Moment::Stop || event.agent.is_some() {
        return Ok(looked);
    }
    let session = record.session()?;
    if session.stopping.changes().next().is_none() && session.open().is_empty() {
        return Ok(looked);
    }
    let standing = stands(scene, record, &session)?;
    let blocks = if event.again == Some(false) { 0 } else { session.stopping.blocks() };
    let told = session.stopping.told();
    let (changed, mode) = (session.stopping.changed_since(), scene.settings.guard_mode);
    let before = Before { blocks, told, changed, mode };
    let (verdict, outcome) = decide(&standing.missing, looked, before);
    if outcome != Outcome::Silent {
        record.append("stop", payload(&standing, &verdict, outcome))?;
    }
    Ok(verdict)
}

fn stands(scene: &Scene, record: &mut Record<'_>, session: &Session) -> Result<Standing, Cause> {
    let project = Project::open(&scene.root, Keep::Yes);
    let project = project.map_err(|failure| Cause::Index(failure.to_string()))?;
    let (runs, head) = record.runs()?;
    Ok(standing(&project, session, &runs, head))
}

fn decide(missing: &[Reason], looked: Verdict, before: Before<'_>) -> (Verdict, Outcome) {
    let tired = before.blocks >= BLOCKS_MAX;
    if let Verdict::Deny(found) = looked {
        // What just broke is among what is open.
        let rest = missing.iter().filter(|one| one.control != "violation-clear").cloned();
        let rest: Vec<Reason> = rest.filter(|_| before.mode == GuardMode::Enforce).collect();
        let all = found.into_iter().chain(rest).collect();
        return match tired {
            false => (Verdict::Deny(all), Outcome::Blocked),
            true => (Verdict::Warn(all), Outcome::Unproven),
        };
    }
    if missing.is_empty() {
        return (looked, Outcome::Proven);
    }
    let all = missing.to_vec();
    let repeated = before.told == Some(hash(&all).as_str());
    let repeated = repeated || before.told == Some(hash(&still(missing)).as_str());
    match before.mode {
        GuardMode::Observe if repeated => (looked, Outcome::Silent),
        GuardMode::Observe => (Verdict::Warn(all), Outcome::Told),
        GuardMode::Enforce if tired => (Verdict::Warn(all), Outcome::Unproven),
        GuardMode::Enforce if !repeated => (Verdict::Deny(all), Outcome::Blocked),
        GuardMode::Enforce if before.blocks > 0 => (Verdict::Warn(all), Outcome::Unproven),
        // It was said in another turn, and more was done since.
        GuardMode::Enforce if before.changed => {
            let other = before.told == Some(hash(&all).as_str());
            (Verdict::Deny(if other { still(missing) } else { all }), Outcome::Blocked)
        }
        GuardMode::Enforce => (looked, Outcome::Silent),
    }
}

/// The same in other words.
fn still(missing: &[Reason]) -> Vec<Reason> {
    let mut all = missing.to_vec();
    if let Some(first) = all.first_mut() {
        first.message = format!("still: {}", first.message);
    }
    all
}

/// What is said, in so many letters that nothing else is mistaken for it.
fn hash(reasons: &[Reason]) -> String {
    let mut hasher = blake3::Hasher::new();
    for Reason { control, message, help } in reasons {
        for part in [control, message.as_str(), help] {
            hasher.update(part.as_bytes()).update(b"\0");
        }
    }
    hasher.finalize().to_hex().chars().take(32).collect()
}

fn payload(standing: &Standing, verdict: &Verdict, outcome: Outcome) -> Map {
    let missing = &standing.missing;
    let texts = |text: &dyn Fn(&Reason) -> Value| Value::List(missing.iter().map(text).collect());
    let files = i64::try_from(standing.files).unwrap_or(i64::MAX);
    Map::from([
        ("outcome".to_owned(), outcome.word().into()),
        ("verdict".to_owned(), verdict.word().into()),
        ("controls".to_owned(), texts(&|one| one.control.into())),
        ("messages".to_owned(), texts(&|one| crate::state::redacted(&one.message).into())),
        ("told".to_owned(), hash(verdict.reasons()).into()),
        ("files".to_owned(), files.into()),
        ("tree".to_owned(), standing.tree.clone().map_or(Value::Null, Value::Text)),
    ])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reason(message: &str) -> Reason {
        let help = "run it".to_owned();
        Reason { control: "fresh-tests", message: message.to_owned(), help }
    }

    fn decided(missing: &[Reason], blocks: i64, told: Option<&str>, mode: GuardMode) -> Outcome {
        let before = Before { blocks, told, changed: false, mode };
        decide(missing, Verdict::Allow, before).1
    }

    #[test]
    fn what_is_missing_keeps_a_session_only_where_that_helps() {
        use GuardMode::{Enforce, Observe};
        let (one, two) = ([reason("a")], [reason("b")]);
        let said = hash(&one);
        let told = Some(said.as_str());
        for (missing, blocks, told, mode, expected) in [
            (&one[..0], 0, None, Enforce, Outcome::Proven),
            (&one[..], 0, None, Enforce, Outcome::Blocked),
            (&one, 1, told, Enforce, Outcome::Unproven),
            (&two, 1, told, Enforce, Outcome::Blocked),
            (&two, BLOCKS_MAX, told, Enforce, Outcome::Unproven),
            (&one, 0, told, Enforce, Outcome::Silent),
            (&one, 0, None, Observe, Outcome::Told),
            (&one, 0, told, Observe, Outcome::Silent),
            (&one[..0], 2, told, Observe, Outcome::Proven),
        ] {
            assert_eq!(decided(missing, blocks, told, mode), expected, "{blocks} {mode:?}");
        }
        // More was done since it was said in another turn: it is said in other words.
        let before = Before { blocks: 0, told, changed: true, mode: Enforce };
        let (verdict, outcome) = decide(&one, Verdict::Allow, before);
        assert_eq!(
            (verdict.reasons()[0].message.as_str(), outcome),
            ("still: a", Outcome::Blocked)
        );
        let said = hash(verdict.reasons());
        let before = Before { blocks: 1, told: Some(&said), ..before };
        assert_eq!(decide(&one, Verdict::Allow, before).1, Outcome::Unproven);
        let broken = || Verdict::Deny(vec![reason("broken")]);
        let before = Before { blocks: 0, told: None, changed: false, mode: Observe };
        let (verdict, outcome) = decide(&one, broken(), before);
        assert_eq!((verdict, outcome), (broken(), Outcome::Blocked));
        let before = Before { blocks: BLOCKS_MAX, ..before };
        assert!(matches!(decide(&one, broken(), before), (Verdict::Warn(_), Outcome::Unproven)));
    }

    proptest! {
        /// Whatever is missing from one end to the next: blocks in a row are few, and no two of
        /// them say the same.
        #[test]
        fn no_session_is_kept_for_ever(
            wants in proptest::collection::vec((0_u8..4, any::<bool>()), 1..40),
        ) {
            let (mut blocks, mut told): (i64, Option<String>) = (0, None);
            let mut row = Vec::new();
            for (want, changed) in wants {
                let missing: Vec<Reason> = (0..want).map(|at| reason(&format!("{at}"))).collect();
                let mode = GuardMode::Enforce;
                let before = Before { blocks, told: told.as_deref(), changed, mode };
                let (verdict, outcome) = decide(&missing, Verdict::Allow, before);
                let blocked = matches!(verdict, Verdict::Deny(_));
                prop_assert_eq!(blocked, outcome == Outcome::Blocked);
                if blocked {
                    let said = hash(verdict.reasons());
                    prop_assert!(told.as_ref() != Some(&said));
                    row.push(said);
                } else {
                    row.clear();
                }
                prop_assert!(row.len() <= 3);
                // As the fold over the record has it.
                if outcome != Outcome::Silent {
                    blocks = if blocked { blocks + 1 } else { 0 };
                    told = Some(hash(verdict.reasons()));
                }
            }
        }
    }
}
