//! The server on standard input and output: one client, which started it and ends it.

use std::sync::Arc;

use rmcp::service::{ServerInitializeError, serve_server};
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::io::stdio_pipes;

use crate::{Answers, Handler, MESSAGE_BYTES_MAX, ServeError, runtime};

/// Answers until the client closes its end.
///
/// # Errors
/// The client speaks another protocol from the beginning.
pub fn over_stdio(answers: Arc<dyn Answers>) -> Result<(), ServeError> {
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        let (input, output) = stdio_pipes();
        let transport =
            AsyncRwTransport::new_server(input, output).with_max_line_length(MESSAGE_BYTES_MAX);
        match serve_server(Handler::new(answers), transport).await {
            Ok(service) => {
                // Only a panic of the service itself is an error here, and there is nobody left to
                // tell it to.
                drop(service.waiting().await);
                Ok(())
            }
            // A client that went away before it asked anything changed its mind.
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(ServeError::Handshake(error.to_string())),
        }
    });
    // What still runs changes nothing and is waited for by nobody.
    runtime.shutdown_background();
    served
}
