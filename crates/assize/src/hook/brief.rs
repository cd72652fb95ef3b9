//! What a session is told of a file at the moment at which it helps: once it has read it, or as it
//! writes it.
//!
//! Nothing is decided here, so whatever goes wrong is silence: a call is never worse off for a
//! brief that could not be made.

use assize_config::BriefMoment;
use assize_guard::{Action, Reason, Verdict};
use assize_harness::{Client, Event, Moment};
use assize_index::View;
use assize_ledger::{Map, Value};
use assize_session::Session;

use super::call;
use super::judge::Future;
use super::record::Record;
use super::scene::Scene;
use crate::brief::{Subject, TOKENS_MAX, What, of_path, tokens};

/// A call that writes more files is told of the first ones.
const PATHS_MAX: usize = 3;
/// The clients whose model reads what is said before a call.
const HEARS_BEFORE: [&str; 3] = ["claude-code", "codex", "copilot-cli"];

/// What is said beside a call that may run.
pub(super) fn before(
    event: &Event,
    (futures, verdict): (&[Future], &Verdict),
    scene: &Scene,
    session: &Session,
    record: &mut Record<'_>,
) -> Option<String> {
    let hears = HEARS_BEFORE.contains(&record.client().name());
    let runs = matches!(verdict, Verdict::Allow | Verdict::Warn(_));
    if event.moment != Moment::PreTool || !hears || !runs || !writes(&event.action) {
        return None;
    }
    let paths = futures.iter().filter(|future| future.after.is_some());
    let paths = paths.map(|future| future.path.as_str().to_owned()).collect();
    told(paths, (BriefMoment::Write, verdict.reasons()), scene, session, record)
}

/// What is said after a call that read a file, or that wrote one where nothing is heard before.
pub(super) fn after(client: Client, event: &Event, verdict: &Verdict) -> Option<String> {
    let hears = HEARS_BEFORE.contains(&client.name());
    let (path, moment) = match &event.action {
        Action::Read { path } => (path, BriefMoment::Read),
        Action::Write { path, .. } | Action::Edit { path, .. } if !hears => {
            (path, BriefMoment::Write)
        }
        _ => return None,
    };
    if event.moment != Moment::PostTool || matches!(verdict, Verdict::Deny(_) | Verdict::Ask(_)) {
        return None;
    }
    let scene = Scene::of(&event.folder).ok()?;
    let path = call::inside(&super::call_path(path, &scene), &scene)?;
    let mut record = Record::open(client, event, &scene).ok()?;
    let session = record.session().ok()?;
    told(vec![path], (moment, verdict.reasons()), &scene, &session, &mut record)
}

const fn writes(action: &Action) -> bool {
    matches!(
        action,
        Action::Write { .. } | Action::Edit { .. } | Action::Patch { .. } | Action::Notebook { .. }
    )
}

/// A brief of each of these paths of which the session was not told, together within one budget.
fn told(
    mut paths: Vec<String>,
    (moment, reasons): (BriefMoment, &[Reason]),
    scene: &Scene,
    session: &Session,
    record: &mut Record<'_>,
) -> Option<String> {
    if !scene.settings.brief_moments.contains(&moment) {
        return None;
    }
    paths.retain(|path| !session.briefed().has(path) && may_be_told(path, moment));
    paths.truncate(PATHS_MAX);
    if paths.is_empty() {
        return None;
    }
    let index = crate::project::kept(&scene.root)?;
    let view = index.view();
    let (mut texts, mut said) = (Vec::new(), Vec::new());
    let mut left = TOKENS_MAX;
    for path in paths {
        let Some(text) = text(&path, view, (reasons, left), scene) else { continue };
        left = left.saturating_sub(tokens(&text) + 1);
        texts.push(text);
        said.push(Value::from(path.as_str()));
    }
    if texts.is_empty() {
        return None;
    }
    let payload = Map::from([("paths".to_owned(), Value::List(said))]);
    // What is not recorded would be said again and again.
    record.append("brief", payload).ok()?;
    Some(texts.join("\n\n"))
}

/// Whether the path gives something to say. After a read the index may know better than the path
/// what a file is for; before a write nobody waits for the index to be opened once more.
fn may_be_told(path: &str, moment: BriefMoment) -> bool {
    let code = [".py", ".ts", ".tsx", ".js", ".go", ".java", ".rs", ".cs", ".yml", ".yaml", ".md"];
    let known = moment == BriefMoment::Read && code.iter().any(|end| path.ends_with(end));
    known || Subject::of_path(path) != Subject::Other
}

/// The text for one path; nothing for a file of which only somebody who asks is told. What the
/// answer says already is not said twice.
fn text(
    path: &str,
    view: View<'_>,
    (reasons, left): (&[Reason], usize),
    scene: &Scene,
) -> Option<String> {
    if Subject::of(path, view.file(path)) == Subject::Other {
        return None;
    }
    let mut brief = of_path(path, view, &scene.settings, &scene.root)?;
    let likeness_told = reasons.iter().any(|reason| reason.control == "search-before-create");
    brief.lines.retain(|line| !(likeness_told && line.what == What::Like));
    brief.head.insert_str(0, "Assize, on ");
    let text = brief.text(left);
    (!text.is_empty()).then_some(text)
}
