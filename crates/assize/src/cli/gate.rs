//! The arguments of `assize gate`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Plain;

#[derive(Debug, Subcommand)]
pub(crate) enum Gate {
    /// Say whether work can begin here: rules that load, and a record that is what was written
    Start(GateHere),
    /// Give the guard's answer to a file as it would be, without writing it or anything else
    Edit(GateEdit),
    /// Say what keeps a session from ending
    Stop(GateStop),
    /// Judge what would be committed, and whether the record knows of it
    Commit(GateCommit),
    /// Add the trailer that names the record to a commit's message; git's hook calls this
    Message {
        /// The file that holds the message
        file: PathBuf,
    },
    /// Say which commits that leave name no record, and push the notes; git's hook calls this
    Push {
        /// The remote that is pushed to
        remote: Option<String>,
        #[arg(hide = true)]
        rest: Vec<String>,
        /// How to print
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
}

#[derive(Debug, Args)]
pub(crate) struct GateHere {
    /// How to print
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
    /// A path in the repository
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct GateEdit {
    /// How to print
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
    /// The file; what it would be is read from standard input, unless that is a terminal
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct GateStop {
    /// The session's id [default: the newest one that the record holds]
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
    /// A path in the repository
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct GateCommit {
    /// Judge what is staged; this is what is judged without it as well
    #[arg(long, conflicts_with = "ci")]
    pub(crate) staged: bool,
    /// Judge the commit that is checked out, by the evidence in git's notes: no record is asked
    #[arg(long)]
    pub(crate) ci: bool,
    /// Close the gate where the evidence is missing, whatever the configuration says
    #[arg(long, requires = "ci")]
    pub(crate) require_evidence: bool,
    /// The commit to hold it against [default: HEAD; with `--ci` the commit before it]
    #[arg(long, value_name = "BASE")]
    pub(crate) base: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
    /// A path in the repository
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
}
