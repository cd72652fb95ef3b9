//! The guard's answer to a call that nobody makes: nothing of it is recorded.

use assize_guard::{Action, Verdict};
use assize_harness::{Client, Event, Moment};

use super::record::Recording;
use crate::failure::Failure;

/// What would be answered if the newest session wrote this file.
pub(crate) fn asked(path: &str, content: String, folder: &str) -> Result<Verdict, Failure> {
    let session = crate::records::root(std::path::Path::new(folder))
        .and_then(|root| crate::records::Records::existing(&root.folder))?
        .map(|mut records| records.origin().session)
        .unwrap_or_default();
    let event = Event {
        client: Client::ClaudeCode,
        moment: Moment::PreTool,
        name: "PreToolUse".to_owned(),
        session,
        agent: None,
        call: None,
        folder: folder.to_owned(),
        mode: None,
        again: None,
        action: Action::Write { path: path.to_owned(), content },
        source: None,
        lines: None,
        result: None,
        version: None,
    };
    let told = super::before(Client::ClaudeCode, &event, Recording::Nothing);
    let told = told.map_err(|cause| {
        Failure::said(format!(
            "the guard has no answer: {}",
            super::failing::reason(&cause).message
        ))
    })?;
    Ok(told.verdict)
}
