//! `assize gate start`: whether work can begin.

use std::io::Write;

use assize_guard::Reason;
use assize_ledger::Verdict;
use assize_rulebook::RuleBook;

use crate::cli::GateHere;
use crate::commands::ledger::verdict_line;
use crate::failure::Failure;
use crate::gates::answer::Answer;
use crate::records::{self, Records};

/// A configuration that does not load is an error of use, as for every command.
pub(super) fn run(options: &GateHere, out: &mut dyn Write) -> Result<u8, Failure> {
    let root = records::root(&options.path)?;
    let settings = crate::settings::of_root(&root.folder)?;
    let rules = crate::team::proven(settings.team)?;
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
    answer.print(options.format, None, out)?;
    Ok(answer.status())
}
