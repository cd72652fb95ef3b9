//! The arguments of `assize brief`.

use std::path::PathBuf;

use clap::Args;

use super::Plain;

#[derive(Debug, Args)]
pub(crate) struct Brief {
    /// A path, there or not yet, or the words of a task
    #[arg(required = true, value_name = "PATH|WORDS")]
    pub(crate) subject: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
    /// A path in the repository
    #[arg(long, default_value = ".")]
    pub(crate) root: PathBuf,
}
