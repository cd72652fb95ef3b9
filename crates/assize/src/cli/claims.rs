//! The arguments of `assize claims`.

use std::path::PathBuf;

use clap::Args;

use super::Plain;

#[derive(Debug, Args)]
pub(crate) struct Claims {
    /// A report or the text of a pull request, in Markdown; `-` reads standard input
    pub(crate) file: PathBuf,
    /// What the change is measured from [default: the upstream branch, else HEAD]
    #[arg(long, value_name = "REV", default_value = "", hide_default_value = true)]
    pub(crate) base: String,
    /// Only runs of this session are evidence
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,
    /// End with status 1 also where something is not proven
    #[arg(long)]
    pub(crate) strict: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
    /// A path in the repository
    #[arg(long, default_value = ".")]
    pub(crate) path: PathBuf,
}
