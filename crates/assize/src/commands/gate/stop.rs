//! `assize gate stop`: what keeps a session from ending.

use std::io::Write;

use assize_guard::Reason;
use assize_ledger::Entry;

use super::seen;
use crate::cli::GateStop;
use crate::failure::Failure;
use crate::gates::Run;
use crate::gates::answer::Answer;
use crate::gates::stop::{Standing, standing};
use crate::hook::{self, Keep};
use crate::project::{self, Project};
use crate::records::Records;

pub(super) fn run(options: &GateStop, out: &mut dyn Write) -> Result<u8, Failure> {
    let project = Project::open(&options.path, project::Keep::Yes)?;
    let root = &project.root.folder;
    let none = || {
        Failure::said("the record holds no such session")
            .hint("a session is recorded where a client asks Assize: `assize status` says which do")
    };
    let mut records = Records::existing(root)?.ok_or_else(none)?;
    let entries = records.entries()?;
    let key = key(&entries, options.session.as_deref()).ok_or_else(none)?;
    let session = Keep::new(&hook::ledger_folder(root)?, root).session(&key)?;
    let runs: Vec<Run> = entries.iter().filter_map(Run::of).collect();
    let head = entries.last().map_or(0, |entry| entry.sequence);
    let Standing { missing, proofs, files, .. } = standing(&project, &session, &runs, head);
    let (evidence, why) = match missing.len() {
        0 if files == 0 => ("recorded", "the session changed nothing".to_owned()),
        0 => ("recorded", format!("nothing is missing; runs that count: {}", proofs.len())),
        1 => ("unproven", "one thing is missing".to_owned()),
        count => ("unproven", format!("{count} things are missing")),
    };
    let answer = Answer {
        moment: "stop",
        held: 0,
        evidence,
        why,
        refusals: missing,
        notes: session.context().warning().map(without_reason).into_iter().collect(),
        counts: vec![("files", files)],
    };
    answer.print(options.format, None, out)?;
    Ok(answer.status())
}

/// It is said and holds nobody: not every client tells of prompts.
fn without_reason(message: String) -> Reason {
    Reason { control: "ledger-context", message, help: "say in the commit why".to_owned() }
}

/// Harness and id of the newest session, or of the newest with this id.
fn key(entries: &[Entry], id: Option<&str>) -> Option<String> {
    let mut newest = entries.iter().rev().filter(|entry| seen::is_of_session(entry));
    let found = newest.find(|entry| id.is_none_or(|id| entry.origin.session == id))?;
    Some(hook::session_key(&found.origin.actor.harness, &found.origin.session))
}
