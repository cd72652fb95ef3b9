//! Renderings of a report: for people, for agents, for machines.
//!
//! Pure: values in, text out. Nothing here reads a file, asks for the time or knows whether a
//! terminal listens; the caller hands over the source text, the colours and the limit. The wire
//! formats (JSON, SARIF, JUnit) are defined here and nowhere else; `docs/json.md` describes them.
//!
//! What is rendered comes from repositories that may be hostile: every text that goes to a person
//! passes through [`escape`].

mod book;
mod escape;
mod github;
mod html;
mod human;
mod json;
mod junit;
mod markup;
mod owners;
mod report;
mod sarif;
mod style;
mod timings;

pub use book::{rule_page, rules_coverage, rules_list};
pub use escape::inline;
pub use github::github;
pub use html::{Before, Mark, Page, SessionPage, Step, html, session_html};
pub use human::{Shown, View, agent, concise, full};
pub use json::{AgentRow, json, json_agents, json_coverage};
pub use junit::junit;
pub use owners::{CODEOWNERS, Owners};
pub use report::{
    ControlRun, Exit, Head, Report, ReportedFinding, RuleBookRef, Stats, Timing, Timings, Tool,
};
pub use sarif::sarif;
pub use timings::timings;
