//! The command line. The doc comments are the help.

use std::path::PathBuf;

use assize_harness::Client;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

mod check;
mod gate;
mod words;

pub(crate) use check::{Check, FailOn, Format, Profile};
pub(crate) use gate::{Gate, GateCommit, GateEdit, GateHere, GateStop};
pub(crate) use words::{Completions, ManPages};

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
    /// Print what an `assize.toml` may hold
    #[command(subcommand)]
    Config(Config),
    /// Ask the index what the repository contains
    #[command(subcommand)]
    Index(Index),
    /// Give the rules to know before a change, and what belongs to the paths that it touches
    Preflight(Preflight),
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
    Uninstall(Choice),
    /// Let the guard deny breaches, not only what is harmful
    Enforce(Enforce),
    /// Show what was denied, and what would have been
    Report(Report),
    /// Show where this repository stands: hooks, index, record
    Status(Look),
    /// Run the hooks that are installed on harmless calls, and say what they do not hold
    Doctor(Doctor),
    /// Read and verify the record of what agents did
    #[command(subcommand)]
    Ledger(Ledger),
    /// Show in two minutes what Assize stops, in a scratch copy of an example
    Demo(Demo),
    /// Run a command as it is, and record how it ended, on which files, with how many tests
    Exec(Exec),
    /// Ask, at a moment, what the repository and the record prove
    #[command(subcommand)]
    Gate(Gate),
    /// Lock the MCP servers, compare them with the lock, or be one
    #[command(subcommand)]
    Mcp(Mcp),
    /// Allow a call that was denied: once, or until a day (people only)
    Approve(Approve),
    /// Let findings of a control be until a day (people only)
    Waive(Waive),
    /// Print what a shell needs to complete commands and options
    Completions(Completions),
    /// Print the manual page, or write one for each command
    Man(ManPages),
    /// Answer a client's hook on standard input; clients call this
    Hook {
        /// The client: `claude-code`, `codex`, `gemini-cli`, `qwen-code`, `copilot-cli`, `cline`,
        /// `opencode`, `cursor` or `vs-code`
        client: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Preflight {
    /// What will be changed, or a new file's path; none gives what holds everywhere
    pub(crate) paths: Vec<PathBuf>,
    /// Whole documents besides the digest: those that `[permit] full` names, else all
    #[arg(long)]
    pub(crate) full: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// List entries, the newest last
    Log(LedgerLog),
    /// Show one entry, whole
    Show {
        /// Its number, or the beginning of its hash or of its payload's hash
        entry: String,
        /// A path in the repository
        #[arg(default_value = ".")]
        root: PathBuf,
    },
    /// Say whether every entry is as it was written
    Verify {
        /// A path in the repository
        #[arg(default_value = ".")]
        root: PathBuf,
        /// Hold it against the newest anchor in the repository's commits and notes
        #[arg(long)]
        anchor: bool,
    },
    /// Drop what an entry holds; that it was there stays, and an entry says so (people only)
    Forget {
        /// The entry's number, or the beginning of its hash or of its payload's hash
        payload: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// A path in the repository
        #[arg(default_value = ".")]
        root: PathBuf,
    },
    /// Print the public key that signs checkpoints; others trust it in `.assize/keys/<name>.pub`
    Key {
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
    /// Answer agents that ask before they write: a server for MCP that only looks
    Serve(McpServe),
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
pub(crate) struct McpServe {
    /// Listen here instead of on standard input, such as 127.0.0.1:7447; the path is `/mcp`
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) http: Option<std::net::SocketAddr>,
    /// Let other machines reach it; a token is needed then
    #[arg(long, requires = "http")]
    pub(crate) allow_remote: bool,
    /// Ask every request for the token in this file [default: that of ASSIZE_MCP_TOKEN, if it is
    /// set]
    #[arg(long, requires = "http", value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// A path in the repository
    #[arg(default_value = ".")]
    pub(crate) root: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct LedgerLog {
    /// Only entries of this session
    #[arg(long)]
    pub(crate) session: Option<String>,
    /// Only entries of this kind, such as `verdict`, `change` or `run`
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Only the last N; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,
    /// How to print
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
    /// A path in the repository
    #[arg(default_value = ".")]
    pub(crate) root: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Exec {
    /// What the run is called in the record, such as `tests`
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// A report of tests that the command writes
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// The command and its arguments
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "CMD"
    )]
    pub(crate) command: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// The id at the end of the denial
    #[arg(required_unless_present_any = ["list", "escalation"])]
    pub(crate) request: Option<String>,
    /// Let Assize run the command of `[escalate]` as it is now
    #[arg(long, conflicts_with_all = ["request", "list", "until", "key"])]
    pub(crate) escalation: bool,
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
    #[command(flatten)]
    pub(crate) choice: Choice,
    /// Deny breaches from the beginning
    #[arg(long)]
    pub(crate) enforce: bool,
}

/// Which settings are meant, and whether a person has to be asked.
#[derive(Debug, Args)]
pub(crate) struct Choice {
    /// Only for this client; may be given again [default: those in use]
    #[arg(long, value_parser = clients())]
    pub(crate) harness: Vec<Client>,
    /// Only the hooks of git; without it they are among the rest, unless `--harness` names clients
    #[arg(long)]
    pub(crate) git: bool,
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
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// Where the settings of the machine begin.
#[derive(Debug, Args)]
pub(crate) struct Machine {
    #[arg(long = "managed-root", value_name = "FOLDER", default_value = "/", hide = true)]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Enforce {
    /// Back to observing: only what is harmful is denied
    #[arg(long)]
    pub(crate) off: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// A path in the repository
    #[arg(long, default_value = ".")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// How far back: 30m, 24h, 7d, 2w, a day such as 2026-11-25, or all
    #[arg(long, default_value = "7d", value_name = "TIME")]
    pub(crate) since: String,
    /// Only this session
    #[arg(long)]
    pub(crate) session: Option<String>,
    #[command(flatten)]
    pub(crate) look: Look,
}

#[derive(Debug, Args)]
pub(crate) struct Look {
    /// How to print
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
    /// A path in the repository
    #[arg(long, default_value = ".")]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Only this client; may be given again [default: all]
    #[arg(long, value_parser = clients())]
    pub(crate) harness: Vec<Client>,
    #[command(flatten)]
    pub(crate) look: Look,
}

/// A client by its name in `assize hook NAME`.
fn clients() -> impl TypedValueParser<Value = Client> {
    PossibleValuesParser::new(Client::ALL.map(Client::name))
        .try_map(|name| Client::of(&name).ok_or("no client"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scope {
    /// The repository's own, for everybody who works on it
    Project,
    /// Yours, for all your repositories
    User,
    /// The machine's, which no user and no project can switch off; needs its rights
    Managed,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Leave the scratch copy, and say where it is
    #[arg(long)]
    pub(crate) keep: bool,
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
pub(crate) enum Config {
    /// Print the JSON schema of `assize.toml`, for editors
    Schema {
        /// That of a team's own rules instead
        #[arg(long)]
        rules: bool,
    },
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
    /// Build the index, unless another process does: what hooks start where there is none
    #[command(hide = true)]
    Warm { root: PathBuf },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List the rules, and those of the repository in `.assize/rules`
    List,
    /// Show one rule with its clauses and their controls
    Show {
        /// The rule, such as R04, or such as team/no-print
        rule: String,
    },
    /// Run the examples of the repository's own rules
    Test,
    /// Show what a document states as rules, what of it cannot be read, and what enforces it
    Parse {
        /// Any Markdown or text
        file: PathBuf,
        /// How to print
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
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
