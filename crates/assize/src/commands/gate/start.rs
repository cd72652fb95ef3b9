//! `assize gate start`: whether work can begin: the rules load, the record is what was written, and
//! the session that asks knows the rules.

use std::io::Write;
use std::sync::Arc;

use assize_config::{GuardMode, Settings};
use assize_guard::Reason;
use assize_ledger::Verdict;
use assize_repo::Root;
use assize_rulebook::RuleBook;
use assize_session::Session;

use crate::ancestry;
use crate::cli::GateHere;
use crate::commands::ledger::verdict_line;
use crate::failure::Failure;
use crate::gates::answer::Answer;
use crate::hook::{self, Keep};
use crate::permit::{self, Documents, Without};
use crate::records::{self, Records};

/// A configuration that does not load is an error of use, as for every command.
pub(super) fn run(options: &GateHere, out: &mut dyn Write) -> Result<u8, Failure> {
    let root = records::root(&options.path)?;
    let settings = crate::settings::of_root(&root.folder)?;
    let rules = crate::team::proven(Arc::clone(&settings.team))?;
    let book = crate::team::book(rules.rules())?;
    let mut answer = Answer {
        moment: "start",
        held: 0,
        evidence: "unproven",
        why: "there is no record of any work here yet".to_owned(),
        refusals: Vec::new(),
        notes: Vec::new(),
        counts: vec![("rules", RuleBook::rules(&book).len()), ("own", rules.rules().len())],
    };
    if let Some(mut records) = Records::existing(&root.folder)? {
        let (verdict, anchor) = records.verify(&root.folder, None)?;
        answer.why = verdict_line(&verdict, anchor.as_ref());
        answer.evidence = "recorded";
        if matches!(verdict, Verdict::Bad { .. }) {
            answer.evidence = "bad";
            answer.refusals.push(Reason {
                control: "ledger-verify",
                message: format!("the record is not what was written: {}", answer.why),
                help:
                    "a person finds out who changed it; `assize ledger verify --anchor` says more"
                        .to_owned(),
            });
        }
    }
    if let Some(reason) = unpermitted(&root, &settings)? {
        match settings.guard_mode {
            GuardMode::Enforce => answer.refusals.push(reason),
            GuardMode::Observe => answer.notes.push(reason),
        }
    }
    answer.print(options.format, None, out)?;
    Ok(answer.status())
}

/// Why changes would wait. Below a client its newest session is asked; a person needs no permit.
fn unpermitted(root: &Root, settings: &Settings) -> Result<Option<Reason>, Failure> {
    let documents = Documents::of(&root.folder, &settings.permit, None);
    let without = match session(root)? {
        Some(session) => permit::standing(&session, &documents),
        None if documents.faults.is_empty() => None,
        None => Some(Without::Faults(documents.faults.clone())),
    };
    Ok(without.map(|without| hook::unpermitted(&without, &documents)))
}

fn session(root: &Root) -> Result<Option<Session>, Failure> {
    if ancestry::client_above().is_none() {
        return Ok(None);
    }
    let Some(mut records) = Records::existing(&root.folder)? else {
        return Ok(Some(Session::default()));
    };
    let origin = records.origin();
    if origin.session.is_empty() {
        return Ok(Some(Session::default()));
    }
    let key = hook::session_key(&origin.actor.harness, &origin.session);
    Ok(Some(Keep::new(&hook::ledger_folder(&root.folder)?, &root.folder).session(&key)?))
}
