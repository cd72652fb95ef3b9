//! The arguments of `assize check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Show findings in these files and folders only; the index always covers the whole repository
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Hold only what is new since BASE (default: the upstream branch, else HEAD) against you
    #[arg(long, value_name = "BASE", num_args = 0..=1, default_missing_value = "")]
    pub(crate) changed: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Full)]
    pub(crate) format: Format,
    /// Show at most N findings of each control; 0 shows all [default: 20, the first 3 at length]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// The severity from which a new finding makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,
    /// Read every file anew and keep no index
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Show findings that the baseline covers as well
    #[arg(long)]
    pub(crate) baselined: bool,
    /// Judge everything anew, and say what each parser and each control took
    #[arg(long)]
    pub(crate) timings: bool,
    /// Write the exact fixes that findings offer, then report what is left
    #[arg(long, conflicts_with = "diff")]
    pub(crate) fix: bool,
    /// Show these fixes as a patch and write nothing; the exit status is 1 where there are any
    #[arg(long)]
    pub(crate) diff: bool,
    /// Let `--fix` write files too that are not committed as they are
    #[arg(long, requires = "fix")]
    pub(crate) allow_dirty: bool,
    /// How literally the rules are read, whatever `assize.toml` says
    #[arg(long, value_enum)]
    pub(crate) profile: Option<Profile>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Excerpt, help, control and clause of each finding
    Full,
    /// One line each
    Concise,
    /// One line each, with the way out, for a coding agent
    Agent,
    /// The versioned contract of docs/json.md
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// JUnit XML: a suite per control, a failure per finding that fails
    Junit,
    /// GitHub's annotations, at most as many as it shows, and a summary of the rest
    Github,
    /// One page to open in a browser: rules, owners, files, trend
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// What turned out right on other people's repositories fails, all else warns
    Recommended,
    /// Every rule as it is written: what breaks it fails
    Strict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Info,
    Warn,
    Error,
    Block,
}
