//! When a session is given the rules: when it begins, where its client hands them on, and whenever
//! it asks for them by a command whose output comes back.

use assize_documents::{TOKENS_ASKED, TOKENS_AT_START};
use assize_guard::Action;
use assize_harness::{Event, Moment};
use assize_ledger::{Map, Value};

use super::plain::{Asked, asked};
use super::told;
use crate::failure::Failure;
use crate::hook::call::content_hash;
use crate::hook::failing::Cause;
use crate::hook::record::Record;
use crate::hook::scene::Scene;
use crate::permit::{Documents, Text, digest, rules_hash, standing, state_words};

/// A session that goes on has its conversation, and the rules in it.
const GOES_ON: &str = "resume";

/// What a session that begins is given, after a compaction too: what it had is summed up then.
pub(in crate::hook) fn at_begin(
    event: &Event,
    scene: &Scene,
    record: &mut Record<'_>,
) -> Result<Option<String>, Cause> {
    if !assize_harness::hands_on(event) {
        return Ok(None);
    }
    let documents = of(scene, record);
    if documents.is_empty() {
        return Ok(None);
    }
    if !documents.faults.is_empty() {
        return Ok(Some(format!("Assize: {}.", told(&documents.faults))));
    }
    let goes_on = event.source.as_deref() == Some(GOES_ON);
    if goes_on && standing(&record.session()?, &documents).is_none() {
        return Ok(None);
    }
    let given = Given { via: "start", paths: Vec::new(), tokens: TOKENS_AT_START, whole: false };
    give(&given, &documents, scene, record).map(Some)
}

/// After a call: a command that printed the rules gives the permit.
pub(in crate::hook) fn after(
    event: &Event,
    scene: &Scene,
    record: &mut Record<'_>,
) -> Result<(), Cause> {
    let Action::Shell { command, background: false } = &event.action else { return Ok(()) };
    if event.moment != Moment::PostTool || !command.contains("preflight") {
        return Ok(());
    }
    let Some(Asked { paths, is_full }) = asked(command, &scene.surroundings) else {
        return Ok(());
    };
    let documents = of(scene, record);
    if !documents.faults.is_empty() {
        return Ok(());
    }
    // Where the client tells what came back, the rules must be in it, as they are now.
    let rules = rules_hash(&scene.root, &documents).map_err(settings)?;
    if event.result.as_ref().is_some_and(|result| !result.contains(&state_words(&rules))) {
        return Ok(());
    }
    let given = Given { via: "preflight", paths, tokens: TOKENS_ASKED, whole: is_full };
    give(&given, &documents, scene, record).map(drop)
}

fn of(scene: &Scene, record: &Record<'_>) -> Documents {
    Documents::of(&scene.root, &scene.settings.permit, Some(record.folder()))
}

fn settings(failure: Failure) -> Cause {
    Cause::Settings(failure.to_string())
}

/// How a session came to know the rules.
struct Given {
    via: &'static str,
    paths: Vec<String>,
    tokens: usize,
    /// Whole documents were printed.
    whole: bool,
}

/// Records the permit, and gives the text that comes with it.
fn give(
    given: &Given,
    documents: &Documents,
    scene: &Scene,
    record: &mut Record<'_>,
) -> Result<String, Cause> {
    let rules = rules_hash(&scene.root, documents).map_err(settings)?;
    let texts = Text::of(&scene.root, documents);
    let paths: Vec<&str> = given.paths.iter().map(String::as_str).collect();
    let text = digest(&texts, &scene.settings, &paths, given.tokens, &rules).text;
    let pairs = |of: &dyn Fn(&crate::permit::Document) -> String| {
        let pairs = documents.all.iter().map(|one| (one.path.clone(), of(one).into()));
        Value::Map(pairs.collect())
    };
    let mut payload = Map::from([
        ("rules".to_owned(), rules.into()),
        ("digest".to_owned(), content_hash(text.as_bytes()).into()),
        ("via".to_owned(), given.via.into()),
        ("documents".to_owned(), pairs(&|one| one.hash.clone())),
        ("sections".to_owned(), pairs(&|one| one.sections.clone())),
    ]);
    if !paths.is_empty() {
        let paths = paths.iter().map(|path| (*path).into()).collect();
        payload.insert("paths".to_owned(), Value::List(paths));
    }
    if given.whole {
        let whole = crate::permit::printed_whole(documents, &texts);
        let whole = whole.iter().map(|one| (one.path.clone(), one.hash.as_str().into()));
        payload.insert("whole".to_owned(), Value::Map(whole.collect()));
    }
    record.append("permit", payload)?;
    Ok(text)
}
