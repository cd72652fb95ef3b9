//! What a gate says, in one shape for all of them: for people, agents and machines.

use std::io::Write;

use assize_guard::Reason;
use assize_report::inline;
use assize_rulebook::RuleBook;
use serde_json::{Value, json};

use crate::cli::Plain;
use crate::failure::Failure;

/// A gate's answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) moment: &'static str,
    /// How much closes it besides the reasons that are listed here.
    pub(crate) held: usize,
    /// How far the work is proven, in one word, and why.
    pub(crate) evidence: &'static str,
    pub(crate) why: String,
    /// What closes it and lies at no place in a file.
    pub(crate) refusals: Vec<Reason>,
    /// What is said and closes nothing.
    pub(crate) notes: Vec<Reason>,
    /// What is counted, for the last line.
    pub(crate) counts: Vec<(&'static str, usize)>,
}

impl Answer {
    pub(crate) const fn is_open(&self) -> bool {
        self.held == 0 && self.refusals.is_empty()
    }

    pub(crate) fn status(&self) -> u8 {
        u8::from(!self.is_open())
    }

    /// `report`: what was found in files, where files were judged.
    pub(crate) fn print(
        &self,
        format: Plain,
        report: Option<Value>,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        match format {
            Plain::Text => self.text(out),
            Plain::Json => Ok(writeln!(out, "{}", self.json(report))?),
        }
    }

    fn text(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
        let listed = self.refusals.iter().map(|one| ("error", one));
        for (word, reason) in listed.chain(self.notes.iter().map(|one| ("warn", one))) {
            let Reason { control, message, help } = reason;
            let clause = clause(book, control);
            writeln!(out, "{word}[{control}]{clause}: {}; {}", inline(message), inline(help))?;
        }
        let state = match self.held + self.refusals.len() {
            0 => "open".to_owned(),
            held => format!("closed by {held}"),
        };
        let counts: String =
            self.counts.iter().map(|(name, count)| format!("; {name}: {count}")).collect();
        let (moment, evidence, why) = (self.moment, self.evidence, inline(&self.why));
        writeln!(out, "gate {moment}: {state}{counts}; {evidence}: {why}")?;
        Ok(())
    }

    fn json(&self, report: Option<Value>) -> Value {
        let reason = |one: &Reason| {
            let Reason { control, message, help } = one;
            json!({ "control": control, "message": message, "help": help })
        };
        let list = |all: &[Reason]| all.iter().map(reason).collect::<Vec<_>>();
        let mut whole = json!({
            "schema": 1,
            "moment": self.moment,
            "open": self.is_open(),
            "evidence": self.evidence,
            "why": self.why,
            "refusals": list(&self.refusals),
            "notes": list(&self.notes),
        });
        if let (Some(report), Some(members)) = (report, whole.as_object_mut()) {
            members.insert("report".to_owned(), report);
        }
        whole
    }
}

/// The clause that a control serves first, with a space before it.
pub(crate) fn clause(book: &RuleBook, control: &str) -> String {
    book.clauses_of(control).first().map_or(String::new(), |clause| format!(" {clause}"))
}
