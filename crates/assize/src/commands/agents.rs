//! `assize agents`.

use std::io::Write;

use assize_repo::{READ_MAX, read_up_to};
use assize_report::{AgentRow, inline};

use crate::cli::{Agents, Plain};
use crate::failure::Failure;
use crate::project::{Keep, Project};

pub(super) fn run(options: &Agents, out: &mut dyn Write) -> Result<u8, Failure> {
    let Agents::List { path, all, format } = options;
    let project = Project::open(path, Keep::Yes)?;
    project.say_problems();
    let extra = &project.settings.agent_paths;
    let texts: Vec<(String, String)> = project
        .files
        .entries
        .iter()
        .filter(|entry| assize_agents::is_agent_path(entry.path.as_str(), extra))
        .filter_map(|entry| {
            // What cannot be read is among the problems.
            let bytes = read_up_to(&entry.disk, READ_MAX).ok()?;
            Some((entry.path.as_str().to_owned(), String::from_utf8_lossy(&bytes).into_owned()))
        })
        .collect();
    let pairs = texts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let rows: Vec<AgentRow> = assize_agents::rows(pairs, *all)
        .into_iter()
        .map(|row| AgentRow { name: row.name, path: row.path, status: row.status.to_owned() })
        .collect();
    match format {
        Plain::Json => assize_report::json_agents(out, &rows)?,
        Plain::Text => {
            for row in &rows {
                writeln!(out, "{:8} {:40} {}", row.status, inline(&row.name), inline(&row.path))?;
            }
            writeln!(out, "{} definitions", rows.len())?;
        }
    }
    Ok(0)
}
