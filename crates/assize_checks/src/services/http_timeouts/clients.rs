//! The HTTP clients that are judged, and how each is told when to give up.

use assize_index::FactRef;
use assize_model::Severity;

/// How a client is told when to give up.
pub(super) struct Client {
    /// The beginning of the keys of its calls.
    pub(super) prefix: &'static str,
    /// Names under which a call says it.
    pub(super) says: &'static [&'static str],
    /// The position at which it may stand without a name, counted from one.
    pub(super) position: u32,
    /// Whether it gives up by itself when nothing is said.
    pub(super) has_default: bool,
    pub(super) severity: Severity,
    /// What to do where nothing is said.
    pub(super) help: &'static str,
}

const TIMEOUT: &str = "pass `timeout`, the time after which the caller would rather have an error";
const LIMIT: &str = "give it the seconds after which the caller would rather have an error";

pub(super) const CLIENTS: [Client; 14] = [
    Client {
        prefix: "cs:System.Net.Http.HttpClient",
        says: &["Timeout"],
        position: u32::MAX,
        has_default: true,
        severity: Severity::Warn,
        help: LIMIT,
    },
    Client {
        prefix: "go:net/http.",
        says: &["Timeout"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
        help: "make a client with `Timeout`, or give each request a context with a deadline",
    },
    Client {
        prefix: "java:java.net.http.HttpRequest.newBuilder",
        says: &["timeout"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
        help: "call `timeout` on the builder: the client's own limit is for connecting only",
    },
    Client {
        prefix: "java:java.net.URL.openConnection",
        says: &["setReadTimeout", "setConnectTimeout"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
        help: "call `setConnectTimeout` and `setReadTimeout` before connecting",
    },
    Client {
        prefix: "java:org.apache.http.",
        says: &["setDefaultRequestConfig", "setDefaultSocketConfig"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
        help: "give the client a `RequestConfig` with connect and socket timeouts",
    },
    Client {
        prefix: "java:org.springframework.web.client.RestTemplate",
        says: &["setRequestFactory"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
        help: "give it a request factory with connect and read timeouts",
    },
    Client {
        prefix: "js:axios",
        says: &["timeout", "signal", "cancelToken"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
        help: TIMEOUT,
    },
    Client {
        prefix: "js:got",
        says: &["timeout", "signal"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
        help: TIMEOUT,
    },
    Client {
        prefix: "js:node-fetch",
        says: &["timeout", "signal"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
        help: TIMEOUT,
    },
    Client {
        prefix: "py:httpx.",
        says: &["timeout"],
        position: u32::MAX,
        has_default: true,
        severity: Severity::Error,
        help: TIMEOUT,
    },
    Client {
        prefix: "py:requests.",
        says: &["timeout"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Error,
        help: TIMEOUT,
    },
    Client {
        prefix: "py:urllib.request.urlopen",
        says: &["timeout"],
        position: 3,
        has_default: false,
        severity: Severity::Error,
        help: TIMEOUT,
    },
    Client {
        prefix: "rs:reqwest.",
        says: &["timeout", "read_timeout"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
        help: "call `timeout` on the client's builder, or on each request",
    },
    Client {
        prefix: "rs:ureq.",
        says: &[
            "timeout",
            "timeout_global",
            "timeout_per_call",
            "timeout_read",
            "timeout_recv_response",
        ],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
        help: "make an agent with `timeout_global`",
    },
];

impl Client {
    pub(super) fn fault(&self, call: &FactRef<'_>) -> Option<&'static str> {
        let mut said = call.value.split(' ').filter(|word| self.says.contains(&name(word)));
        match said.next() {
            Some(word) if word.ends_with("=none") => Some("no-limit"),
            Some(_) => None,
            None if self.has_default || call.number >= self.position => None,
            None => Some("no-timeout"),
        }
    }
}

fn name(word: &str) -> &str {
    word.split('=').next().unwrap_or(word)
}
