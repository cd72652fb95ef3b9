//! The arguments of `assize mcp serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct McpServe {
    /// Listen here instead of on standard input, such as 127.0.0.1:7447; the path is `/mcp`
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) http: Option<SocketAddr>,
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
