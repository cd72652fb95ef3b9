//! `assize hook CLIENT`: answers a client's hook before and after a call.
//!
//! Whatever goes wrong in here has a chosen answer (`docs/failures.md`): calls that could change
//! something are denied, reads and recovery run, and the reason says what to mend.

mod allow;
mod asked;
mod base;
mod brief;
mod call;
mod cause;
mod changes;
mod create;
mod dossier;
mod escalate;
mod failing;
mod foreign;
mod hold;
mod judge;
mod keep;
mod lift;
pub(crate) mod mcp;
mod observe;
mod permit;
mod propose;
mod real;
mod record;
mod request;
mod rewritten;
mod scene;
mod simulate;
mod stop;
mod unread;
mod unrecorded;
mod violation;

use std::io::Read as _;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use assize_guard::{Action, Effects, Place, Reason, Verdict, derive, effects_of, normalise};
use assize_harness::{Answer, Beside, Client, Event, Moment};
use assize_model::Severity;
use assize_session::Call;

pub(crate) use crate::state::folder as ledger_folder;
pub(crate) use asked::asked;
pub(crate) use call::content_hash;
use escalate::{Escalation, Stopped};
pub(crate) use escalate::{command as escalation_command, command_hash};
use failing::Cause;
use judge::Judgement;
pub(crate) use keep::{Keep, session_key, tree_id};
use lift::Lifting;
pub(crate) use lift::{demanded, heeds_waivers, is_waived};
pub(crate) use permit::unpermitted;
pub(crate) use propose::{Proposal, propose};
use record::{Decided, Record, Recording};
use request::Request;
use scene::Scene;

use crate::{state, warm};

/// How long an answer may take: every client waits longer.
const DEADLINE: Duration = Duration::from_millis(1_900);
/// How long the settings of another client are looked at: it comes before the decision.
const FOREIGN_WAIT: Duration = Duration::from_millis(300);
/// What a client sends at most.
const INPUT_BYTES_MAX: u64 = 8 << 20;
/// Parsers recurse.
const STACK_BYTES: usize = 64 << 20;

/// The exit status, if the program was called as a hook. Asked before arguments are parsed: a hook
/// must start like an empty program.
pub(crate) fn called() -> Option<u8> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next()? != "hook" {
        return None;
    }
    let name = arguments.next()?;
    let client = Client::of(&name)?;
    let (answer, escalation) = answer(client);
    print(&answer);
    if let Some(escalation) = escalation {
        // The answer is out: nothing that happens now may change the status.
        drop(std::panic::catch_unwind(AssertUnwindSafe(|| escalation.run())));
    }
    Some(answer.status)
}

fn print(answer: &Answer) {
    use std::io::Write as _;
    // A client that no longer listens has made up its mind.
    drop(std::io::stdout().write_all(answer.stdout.as_bytes()));
    drop(std::io::stderr().write_all(answer.stderr.as_bytes()));
}

fn answer(client: Client) -> (Answer, Option<Escalation>) {
    let mut input = Vec::new();
    let read = std::io::stdin().take(INPUT_BYTES_MAX + 1).read_to_end(&mut input);
    let event = match read {
        Ok(_) => assize_harness::parse(client, &input),
        Err(error) => return (unread(&error), None),
    };
    let event = match event {
        Ok(event) => event,
        Err(refusal) => return (assize_harness::refuse(client, &refusal), None),
    };
    if event.client != client && is_answered_elsewhere(client, &event) {
        return (Answer { stdout: String::new(), stderr: String::new(), status: 0 }, None);
    }
    let asked = event.clone();
    let decided = in_time(DEADLINE, move || decide(asked.client, &asked));
    if matches!(decided, Err(Cause::Deadline)) {
        // An index that is far behind is brought up to date for the next call.
        drop(warm::start(Path::new(&event.folder)));
    }
    let told = decided.unwrap_or_else(|cause| unrecorded::verdict(&event, &cause).into());
    let offer = told.request.as_ref().map(Request::offer);
    let beside = Beside { offer: offer.as_deref(), context: told.context.as_deref() };
    let answer = assize_harness::answer(&event, &told.verdict, &clause_of, beside);
    (answer, told.escalation)
}

/// Whether the sender's own settings ask us about the same event. Where that cannot be told in time
/// it is judged here: twice is better than never.
fn is_answered_elsewhere(asked: Client, event: &Event) -> bool {
    let event = event.clone();
    in_time(FOREIGN_WAIT, move || Ok(foreign::comes_twice(asked, &event))).unwrap_or(false)
}

/// A decision, or why there is none: it took too long, it panicked, it got no thread.
fn in_time<T: Send + 'static>(
    limit: Duration,
    decide: impl FnOnce() -> Result<T, Cause> + Send + 'static,
) -> Result<T, Cause> {
    let (send, receive) = mpsc::channel();
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        let decided = std::panic::catch_unwind(AssertUnwindSafe(decide));
        // Who waited too long is no longer there.
        drop(send.send(decided.unwrap_or(Err(Cause::Panic))));
    });
    match worker {
        Ok(_) => receive.recv_timeout(limit).unwrap_or(Err(Cause::Deadline)),
        Err(error) => Err(Cause::Machine(error.to_string())),
    }
}

/// What is answered.
struct Told {
    verdict: Verdict,
    /// How a person can lift it.
    request: Option<Request>,
    /// Who is told of it, after the answer.
    escalation: Option<Escalation>,
    /// What helps the model at this moment, beside the verdict.
    context: Option<String>,
}

impl From<Verdict> for Told {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, request: None, escalation: None, context: None }
    }
}

/// A pipe that breaks says nothing of whose call it is: it is denied.
fn unread(error: &std::io::Error) -> Answer {
    let stderr = format!("Assize denies what it cannot read: standard input: {error}.");
    Answer { stdout: String::new(), stderr, status: 2 }
}

/// The rule and the clause that a control serves first.
fn clause_of(control: &str) -> Option<(String, String)> {
    let book = assize_rulebook::RuleBook::backend().ok()?;
    let clause = book.clauses_of(control).first().map(ToString::to_string)?;
    let rule = clause.split('.').next().unwrap_or(&clause).to_owned();
    Some((rule, clause))
}

fn decide(client: Client, event: &Event) -> Result<Told, Cause> {
    let verdict = match event.moment {
        Moment::PreTool | Moment::PermissionRequest => {
            return before(client, event, Recording::All);
        }
        Moment::PostTool | Moment::PostToolFailure => {
            let verdict = observe::after(client, event)?;
            let context = brief::after(client, event, &verdict);
            return Ok(Told { context, ..Told::from(verdict) });
        }
        Moment::SessionStart => return observe::begin(client, event),
        Moment::ConfigChange => settings_changed(client, event),
        Moment::Prompt | Moment::Stop | Moment::SubagentStop | Moment::SessionEnd => {
            observe::later(client, event)
        }
        Moment::SubagentStart | Moment::PreCompact | Moment::Other(_) => Ok(Verdict::Allow),
    };
    verdict.map(Told::from)
}

/// A client's settings changed: its hooks must still ask us.
fn settings_changed(client: Client, event: &Event) -> Result<Verdict, Cause> {
    let scene = Scene::of(&event.folder).map_err(|failure| Cause::Settings(failure.to_string()))?;
    let verdict = match scene.unhooked() {
        None => Verdict::Allow,
        Some(why) => Verdict::Deny(vec![Reason {
            control: "self-protection",
            message: why,
            help: "put the settings back as they were; a person changes them".to_owned(),
        }]),
    };
    let mut record = Record::open(client, event, &scene)?;
    record.decision(Decided::bare(&verdict))?;
    Ok(verdict)
}

/// Before a call: by its effects, then by the files as they would be.
fn before(client: Client, event: &Event, recording: Recording) -> Result<Told, Cause> {
    let scene = Scene::of(&event.folder).map_err(|failure| Cause::Settings(failure.to_string()));
    let mut scene = scene?;
    let mut record = Record::open(client, event, &scene)?.that(recording);
    let session = record.session()?;
    let effects = effects(event, &scene);
    scene.surroundings.mcp = mcp::protected(&event.action, &effects, &scene);
    let mut judged = judge::by_effects(&event.action, &effects, &scene, &session);
    judged.extend(mcp::called(&event.action, client, &scene));
    let futures = simulate::futures(&event.action, &effects, &scene);
    if !failing::runs(&event.action) {
        scene.listed().map_err(|error| Cause::Index(error.to_string()))?;
    }
    let found = simulate::judged(&futures, &effects, &scene, &session)?;
    if found.looked_into {
        // What the effects alone could say of deletions is said better.
        judged.retain(|(_, reason)| reason.control != dossier::NAME);
    }
    let findings = lift::unwaived(found.findings, &scene, &mut record)?;
    let broken = findings.iter().map(|finding| (finding.severity, judge::told(finding)));
    judged.extend(allow::judged(&futures, &scene));
    judged.splice(0..0, broken.chain(found.judged));
    let call = (&effects, futures.as_slice());
    judged.extend(hold::look(event, call, &scene, &session, &mut record)?);
    let permit = permit::look(event, &effects, &scene, &session, &record);
    let permit::Look { judged: unpermitted, context, mut note } = permit;
    judged.extend(unpermitted);
    let call = (&effects, &*futures);
    judged.extend(unread::look((client, event), call, &scene, &session, &mut note));
    let mode = scene.settings.guard_mode;
    let Judgement { verdict, severity, spared } = judge::answer(judged, found.asked, mode);
    let lifting = match assize_harness::answerable(event, verdict) {
        verdict @ (Verdict::Deny(_) | Verdict::Ask(_)) => {
            lift::look(verdict, (event, &effects, &futures), &scene, &mut record)?
        }
        verdict => Lifting::none(verdict),
    };
    let Lifting { verdict, request, lifted } = lifting;
    if event.moment == Moment::PreTool && !matches!(verdict, Verdict::Deny(_)) {
        begin(event, &scene, &effects, &futures, &record)?;
    }
    let (reads, searches) = match &verdict {
        Verdict::Deny(_) => {
            note.clear();
            (Vec::new(), Vec::new())
        }
        _ => (call::reads(&effects, &scene), call::searches(&event.action, &effects)),
    };
    let sequence = record.decision(Decided {
        verdict: &verdict,
        spared: &spared,
        reads,
        searches,
        dossiers: found.dossiers,
        request: request.as_ref(),
        lifted: &lifted,
        note,
        breaches: findings.iter().filter(|one| one.severity >= Severity::Error).collect(),
    })?;
    let request = request.filter(|_| matches!(verdict, Verdict::Deny(_) | Verdict::Ask(_)));
    let (session, request_made) = (&session, request.as_ref());
    let stopped = Stopped { verdict: &verdict, severity, session, request: request_made, sequence };
    let escalation = escalate::of(&stopped, event, &scene, &mut record)?;
    let brief = brief::before(event, (&futures, &verdict), &scene, session, &mut record);
    let context = joined(context, brief);
    Ok(Told { verdict, request, escalation, context })
}

/// Two texts for the model, with a blank line between them.
fn joined(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(format!("{one}\n\n{other}")),
        (one, other) => one.or(other),
    }
}

/// A path of a call as an absolute one.
fn call_path(path: &str, scene: &Scene) -> String {
    match normalise(path, &scene.surroundings) {
        Place::Known(path) => real::real(&path, real::Last::Followed).unwrap_or(path),
        Place::Below(path) => path,
        Place::Unknown => path.to_owned(),
    }
}

/// What a call would do, at the places that it names and at those to which links lead.
fn effects(event: &Event, scene: &Scene) -> Effects {
    effects_of_action(&event.action, scene)
}

fn effects_of_action(action: &Action, scene: &Scene) -> Effects {
    let shell = |command: &str, around: &_| effects_of(command, around);
    let place = |text: &str, around: &_| normalise(text, around);
    real::followed_too(derive::effects_of(action, &scene.surroundings, &shell, &place))
}

/// The call begins: what changes from now on may be its own.
fn begin(
    event: &Event,
    scene: &Scene,
    effects: &Effects,
    futures: &[judge::Future],
    record: &Record<'_>,
) -> Result<(), Cause> {
    let Some(id) = &event.call else { return Ok(()) };
    if event.action.only_looks() {
        return Ok(());
    }
    // What the call changes is found by what was there before. Where that takes too long, it runs
    // all the same: nothing was foreseen that could be held against it.
    warm::wait(&scene.root);
    crate::project::see_first(&scene.root);
    let call = Call {
        session: record.key(),
        id: id.clone(),
        begun_ms: record.now_ms,
        ended_ms: None,
        head: state::head(&scene.root),
        stashes: state::stashes(&scene.root),
        predicted: call::predicted(effects, futures, scene),
        exact: call::is_exact(&event.action),
        background: call::is_background(&event.action),
    };
    record.calls(|calls| calls.begin(call))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer to a call for which no decision was made.
    fn without(cause: &Cause, moment: &str, tool: &str) -> Answer {
        let payload = format!(
            r#"{{"session_id":"s","cwd":"/r","hook_event_name":"{moment}","tool_name":"{tool}",
            "tool_input":{{"file_path":"/r/a.py","content":"x"}},"tool_use_id":"c"}}"#
        );
        let event = assize_harness::parse(Client::ClaudeCode, payload.as_bytes()).unwrap();
        let verdict = failing::verdict(&event, cause);
        let beside = Beside::default();
        assize_harness::answer(&event, &verdict, &clause_of, beside)
    }

    #[test]
    fn a_panic_and_a_decision_too_late_deny_what_changes_something() {
        let panicked =
            in_time(DEADLINE, || -> Result<Verdict, Cause> { panic!("on purpose") }).unwrap_err();
        let late = in_time(DEADLINE, || {
            std::thread::sleep(DEADLINE * 2);
            Ok(Verdict::Allow)
        });
        for (cause, words) in [(panicked, "a bug"), (late.unwrap_err(), "too long")] {
            let denied = without(&cause, "PreToolUse", "Write");
            assert_eq!(denied.status, 2, "{cause:?}");
            assert!(denied.stdout.contains("\"deny\"") && denied.stdout.contains(words));
            assert_eq!(without(&cause, "PreToolUse", "Read").status, 0);
            let told = without(&cause, "PostToolUse", "Write");
            assert!(told.status == 0 && told.stdout.contains(words), "{told:?}");
        }
        assert_eq!(in_time(DEADLINE, || Ok(Verdict::Allow)).unwrap(), Verdict::Allow);
    }
}
