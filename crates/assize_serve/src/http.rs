//! The server over HTTP: one address, one path, plain limits.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::{Admission, MESSAGE_BYTES_MAX, ServeError, runtime};

/// The one path that is served.
const PATH: &str = "/mcp";
const CONNECTIONS_MAX: usize = 64;
const HEADER_BYTES_MAX: usize = 64 << 10;
/// How long a client may take to send the head of a request.
const HEADER_TIME_MAX: Duration = Duration::from_secs(10);
/// How long one request may take, with the time in which its body arrives.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(150);
/// Where accepting fails, it is mostly because too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// Whether the server remembers clients between requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sessions {
    /// Every request stands alone: there is nothing to exhaust, and nothing to take over.
    None,
    /// For servers that ask their clients something in turn: at most so many at once.
    Kept(usize),
}

type Body = BoxBody<Bytes, Infallible>;

/// Everything that a connection needs.
struct Door<H: ServerHandler> {
    admission: Admission,
    sessions: Sessions,
    kept: Arc<LocalSessionManager>,
    service: StreamableHttpService<H, LocalSessionManager>,
}

/// Listens, says where, and answers until the process ends.
///
/// # Errors
/// The address cannot be listened on.
pub fn over_http<H: ServerHandler + Clone>(
    handler: H,
    admission: Admission,
    sessions: Sessions,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    runtime()?.block_on(async {
        let address = admission.address;
        let failed = |source| ServeError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let local = listener.local_addr().map_err(failed)?;
        let door = Arc::new(door(handler, admission, sessions, local.port()));
        listening(local);
        accept(&listener, &door).await;
        Ok(())
    })
}

fn door<H: ServerHandler + Clone>(
    handler: H,
    admission: Admission,
    sessions: Sessions,
    port: u16,
) -> Door<H> {
    let keeps = sessions != Sessions::None;
    let mut config = StreamableHttpServerConfig::default()
        .with_allowed_hosts(admission.hosts())
        .with_allowed_origins(admission.origins(port))
        .enforce_origin_validation()
        .with_legacy_session_mode(keeps)
        .with_json_response(!keeps);
    config.max_request_body_bytes = MESSAGE_BYTES_MAX;
    let kept = Arc::new(LocalSessionManager::default());
    let service =
        StreamableHttpService::new(move || Ok(handler.clone()), Arc::clone(&kept), config);
    Door { admission, sessions, kept, service }
}

/// Takes connections, and no more than can be served: the others wait at the door of the system.
async fn accept<H: ServerHandler + Clone>(listener: &TcpListener, door: &Arc<Door<H>>) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let door = Arc::clone(door);
                tokio::spawn(async move {
                    serve(stream, door).await;
                    drop(slot);
                });
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn serve<H: ServerHandler + Clone>(stream: TcpStream, door: Arc<Door<H>>) {
    let answer = service_fn(move |request| {
        let door = Arc::clone(&door);
        async move { Ok::<_, Infallible>(door.answer(request).await) }
    });
    let mut connection = http1::Builder::new();
    connection.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME_MAX);
    connection.max_buf_size(HEADER_BYTES_MAX);
    // A client that goes away in the middle is no event.
    drop(connection.serve_connection(TokioIo::new(stream), answer).await);
}

impl<H: ServerHandler + Clone> Door<H> {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        if !self.admission.admits(request.headers()) {
            let mut refusal = refusal(StatusCode::UNAUTHORIZED, "a bearer token is needed");
            refusal.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return refusal;
        }
        if request.uri().path() != PATH {
            return refusal(StatusCode::NOT_FOUND, "the server is at /mcp");
        }
        if self.is_full(&request).await {
            let words = "too many sessions are open: end one, or wait for one to end";
            return refusal(StatusCode::SERVICE_UNAVAILABLE, words);
        }
        match tokio::time::timeout(REQUEST_TIME_MAX, self.service.handle(request)).await {
            Ok(response) => response,
            Err(_) => refusal(StatusCode::REQUEST_TIMEOUT, "the request took too long"),
        }
    }

    /// Whether a request without a session would open one too many.
    async fn is_full(&self, request: &Request<Incoming>) -> bool {
        let Sessions::Kept(most) = self.sessions else { return false };
        !request.headers().contains_key("mcp-session-id")
            && self.kept.sessions.read().await.len() >= most
    }
}

fn refusal(status: StatusCode, words: &'static str) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from_static(words.as_bytes())).boxed());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}
