//! The command line. The doc comments are the help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Holds agents, people and CI to a rule book, with evidence.
#[derive(Debug, Parser)]
#[command(name = "assize", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Number of threads; 0 takes one per processor
    #[arg(long, global = true, default_value_t = 0, value_name = "N")]
    threads: usize,
}

impl Arguments {
    /// More threads than this help nobody, and each has a large stack.
    const THREADS_MAX: usize = 256;

    pub(crate) fn threads(&self) -> usize {
        self.threads.min(Self::THREADS_MAX)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Report what breaks the rule book
    Check(Check),
    /// Record today's findings, so that only new ones fail
    Baseline(Baseline),
    /// Ask the index what the repository contains
    #[command(subcommand)]
    Index(Index),
    /// Show the rule book and how much of it is enforced
    #[command(subcommand)]
    Rules(Rules),
    /// Explain a control
    Explain {
        /// The control's name, such as `phantom-env`
        control: String,
    },
    /// List agent definitions
    #[command(subcommand)]
    Agents(Agents),
    /// Let the agents' clients ask Assize before and after each call
    Init(Init),
    /// Take Assize out of the clients' settings: every byte is as it was
    Uninstall(Init),
    /// Read and verify the record of what agents did
    #[command(subcommand)]
    Ledger(Ledger),
    /// Lock the MCP servers, or compare them with the lock
    #[command(subcommand)]
    Mcp(Mcp),
    /// Allow a call that was denied: once, or until a day (people only)
    Approve(Approve),
    /// Let findings of a control be until a day (people only)
    Waive(Waive),
    /// Answer a client's hook on standard input; clients call this
    Hook {
        /// The client: `claude-code` or `codex`
        client: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// Say whether every entry is as it was written
    Verify {
        /// A path in the repository
        #[arg(default_value = ".")]
        root: PathBuf,
    },
    /// Print all entries, one JSON object a line
    Export {
        /// A path in the repository
        #[arg(default_value = ".")]
        root: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Mcp {
    /// Write down the MCP servers as they are now: what you agree to (people only)
    Lock {
        /// A path in the repository
        #[arg(default_value = ".")]
        root: PathBuf,
    },
    /// Say what differs from the lock
    Status {
        /// A path in the repository
        #[arg(default_value = ".")]
        root: PathBuf,
        /// How to print
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// The id at the end of the denial
    #[arg(required_unless_present = "list")]
    pub(crate) request: Option<String>,
    /// Show the last denials that a person can lift, and lift none
    #[arg(long, conflicts_with_all = ["request", "until", "reason", "key"])]
    pub(crate) list: bool,
    /// Allow the same call again and again up to this day, at most 90 days ahead
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<String>,
    /// Why; asked for where it is not given
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Sign with this key of OpenSSH [default: git's, where git signs with one]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// A path in the repository
    #[arg(long, default_value = ".")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Waive {
    /// The control whose findings are let be
    pub(crate) control: String,
    /// The file, perhaps with a line: PATH or PATH:LINE
    pub(crate) place: String,
    /// The last day, at most 90 days ahead
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: String,
    /// Why; asked for where it is not given
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Only for this client; may be given again [default: all]
    #[arg(long, value_enum)]
    pub(crate) harness: Vec<Harness>,
    /// Whose settings
    #[arg(long, value_enum, default_value_t = Scope::Project)]
    pub(crate) scope: Scope,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// A path in the repository
    #[arg(long, default_value = ".")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Harness {
    ClaudeCode,
    Codex,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scope {
    /// The repository's own, for everybody who works on it
    Project,
    /// Yours, for all your repositories
    User,
}

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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Info,
    Warn,
    Error,
    Block,
}

#[derive(Debug, Args)]
pub(crate) struct Baseline {
    /// A path in the repository
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Take in what a new version of Assize or of a control finds
    #[arg(long)]
    pub(crate) upgrade: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Index {
    /// Show what defines and what refers to a thing
    Show {
        /// The kind of thing: env, package, import, symbol, path, command, target, link, port, ...
        kind: String,
        /// Only this key
        key: Option<String>,
        /// A path in the repository
        #[arg(long, default_value = ".")]
        root: PathBuf,
        /// How to print
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List the rules
    List,
    /// Show one rule with its clauses and their controls
    Show {
        /// The rule, such as R04
        rule: String,
    },
    /// Show per clause what enforces it and what is missing
    Coverage {
        /// How to print
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plain {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Agents {
    /// List the agent definitions of a repository
    List {
        /// A path in the repository
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Also files in the agents' folders that define no agent
        #[arg(long)]
        all: bool,
        /// How to print
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
}
