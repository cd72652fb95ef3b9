//! The MCP server: the protocol and its two transports.
//!
//! It knows nothing of what is answered. The front hands it [`Answers`], plain functions that may
//! block, and gets them called on threads of their own, a few at a time. The official SDK speaks
//! the protocol in both of its eras, with a handshake and without one; what is added here is what a
//! server on somebody's machine needs: limits, and a door that lets in nobody from elsewhere.
//!
//! This is the one crate that waits for many things at once. The runtime is built inside
//! [`over_stdio`] and [`over_http`], so that no other command pays for it.

mod admission;
mod answers;
mod handler;
mod http;
mod stdio;

pub use admission::{Admission, AdmissionError, Token, is_loopback};
pub use answers::{Answer, Answers, Resource, Server, Tool};
pub use handler::Handler;
pub use http::{Sessions, over_http};
pub use stdio::over_stdio;

/// Messages larger than this are refused.
const MESSAGE_BYTES_MAX: usize = 4 << 20;

/// Why there is no server, or no longer one.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot start the runtime of the server")]
    Runtime(#[source] std::io::Error),
    #[error("cannot listen on `{address}`")]
    Listen { address: std::net::SocketAddr, source: std::io::Error },
    #[error("the client did not begin as the protocol says: {0}")]
    Handshake(String),
}

/// A runtime that lives as long as one server. One thread of it waits; those that answer are few.
fn runtime() -> Result<tokio::runtime::Runtime, ServeError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(handler::CALLS_MAX + SPARE_THREADS)
        .build()
        .map_err(ServeError::Runtime)
}

/// Standard input and output need threads of their own where they are no pipes.
const SPARE_THREADS: usize = 4;
