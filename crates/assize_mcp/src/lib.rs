//! MCP servers: what the files of clients say of them, the lock that a person agreed to, and what
//! differs between the two.
//!
//! Checks, guard and commands ask the same questions of the same files, so the reader stands below
//! all of them. It is pure: texts in, values out, and a text that cannot be read is an answer. Of
//! environment variables and headers only names are kept, and credentials in addresses and
//! arguments are masked before anybody can print them. What a server needs to be started is read
//! anew from its file when a person asks the server for its tools.

mod definition;
mod difference;
mod files;
mod json;
mod lock;
mod mask;
mod node;
mod pin;
mod scripts;
mod servers;
mod start;
mod target;
mod toml;
mod tools;

pub use definition::{Definition, Transport};
pub use difference::{Difference, Drift, compare, differences, tool_differences};
pub use files::{HOME_FILES, LOCK, PROJECT_FILES, is_dedicated, is_project_file};
pub use lock::{Lock, LockError, Locked, content_hash};
pub use pin::Pin;
pub use scripts::{ELSEWHERE, FOLDER_OPTIONS, environment_files, scripts};
pub use servers::{FILE_BYTES_MAX, LOCAL, Server, plain_name, same_servers, servers, start};
pub use start::Start;
pub use target::{Target, target};
pub use tools::{
    Message, Page, TOOLS_MAX, Tool, Tools, initialize, initialized, list_tools, message,
};
