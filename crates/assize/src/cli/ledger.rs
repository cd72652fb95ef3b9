//! The arguments of `ledger`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Plain;

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
        /// What to print
        #[arg(long, value_enum, default_value_t = Exported::Json)]
        format: Exported,
    },
    /// Show what the tree was at an entry, and where each content is found
    Replay {
        /// The entry's number, or the beginning of its hash [default: the last one]
        #[arg(long, value_name = "ENTRY")]
        at: Option<String>,
        /// Write the tree into this folder, which must be empty
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
        /// A path in the repository
        #[arg(default_value = ".")]
        root: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Exported {
    /// Entries as they are
    Json,
    /// Runs and gates as statements of in-toto
    InToto,
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
