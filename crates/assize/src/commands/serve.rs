//! `assize mcp serve`: where it listens, and who may ask.

use std::path::Path;
use std::sync::Arc;

use assize_repo::read_up_to;
use assize_serve::{Admission, AdmissionError, Handler, Sessions, Token, over_http, over_stdio};

use crate::cli::McpServe;
use crate::failure::Failure;
use crate::output::status;
use crate::serve::Front;

/// The variable that holds the token where no file does.
const TOKEN: &str = "ASSIZE_MCP_TOKEN";
const TOKEN_BYTES_MAX: u64 = 8192;

pub(super) fn run(options: &McpServe) -> Result<u8, Failure> {
    let front = Arc::new(Front::new(&options.root)?);
    let served = match options.http {
        None => over_stdio(front),
        Some(address) => {
            let token = token(options.token_file.as_deref())?;
            let admission = Admission::new(address, token, options.allow_remote);
            let admission = admission.map_err(|error| refused(error))?;
            over_http(Handler::new(front), admission, Sessions::None, |address| {
                status(&format!("serving MCP at http://{address}/mcp"));
            })
        }
    };
    served.map_err(|error| Failure::tool(&error))?;
    Ok(0)
}

fn refused(error: AdmissionError) -> Failure {
    let hint = match error {
        AdmissionError::Remote(_) => "listen on 127.0.0.1, or say `--allow-remote`",
        AdmissionError::NoToken => "name a file with `--token-file`, or set ASSIZE_MCP_TOKEN",
        AdmissionError::Token => "`openssl rand -hex 32` makes a good one",
    };
    Failure::tool(&error).hint(hint)
}

/// The token that every request must carry; none where nobody set one.
fn token(file: Option<&Path>) -> Result<Option<Token>, Failure> {
    let text = match file {
        Some(path) => {
            let failed = |error: std::io::Error| {
                Failure::said(format!("cannot read `{}`: {error}", path.display()))
            };
            let bytes = read_up_to(path, TOKEN_BYTES_MAX).map_err(failed)?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        None => match std::env::var(TOKEN) {
            Ok(text) if !text.is_empty() => text,
            _ => return Ok(None),
        },
    };
    Token::new(&text).map(Some).map_err(refused)
}
