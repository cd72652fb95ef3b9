//! Who may ask over HTTP.
//!
//! A server on a loopback address is reachable by every web page that the person opens: a page may
//! send requests to `127.0.0.1`, and a name of its own may lead there. So the names in `Host` and
//! `Origin` are compared with our own. Beyond the machine that proves nothing; there a token does.

use std::net::{IpAddr, SocketAddr};

use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;

/// Shorter tokens could be guessed.
const TOKEN_BYTES_MIN: usize = 16;
const TOKEN_BYTES_MAX: usize = 4096;

/// A secret that a client sends with every request.
#[derive(Clone)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Token(..)")
    }
}

/// Why a server may not be started so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionError {
    #[error("`{0}` can be reached from other machines")]
    Remote(IpAddr),
    #[error("a server that other machines reach needs a token")]
    NoToken,
    #[error("a token is {TOKEN_BYTES_MIN} to {TOKEN_BYTES_MAX} visible characters of ASCII")]
    Token,
}

impl Token {
    /// # Errors
    /// It is too short, too long, or cannot stand in a header.
    pub fn new(text: &str) -> Result<Self, AdmissionError> {
        let text = text.trim();
        let fits = (TOKEN_BYTES_MIN..=TOKEN_BYTES_MAX).contains(&text.len());
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits && plain { Ok(Self(text.to_owned())) } else { Err(AdmissionError::Token) }
    }

    /// Whether the two are equal, found out in a time that does not tell how far they are.
    fn is(&self, other: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), other.as_bytes());
        let differs = own.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b));
        own.len() == other.len() && differs == 0
    }
}

/// Where the server listens, and who may ask.
#[derive(Debug, Clone)]
pub struct Admission {
    pub(crate) address: SocketAddr,
    pub(crate) token: Option<Token>,
}

impl Admission {
    /// # Errors
    /// The address can be reached from other machines, and nobody asked for that or there is no
    /// token.
    pub fn new(
        address: SocketAddr,
        token: Option<Token>,
        remote_allowed: bool,
    ) -> Result<Self, AdmissionError> {
        if !is_loopback(address.ip()) {
            if !remote_allowed {
                return Err(AdmissionError::Remote(address.ip()));
            }
            if token.is_none() {
                return Err(AdmissionError::NoToken);
            }
        }
        Ok(Self { address, token })
    }

    /// Whether the request carries the token, where one is demanded.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else { return true };
        let mut sent = headers.get_all(AUTHORIZATION).iter();
        let (Some(only), None) = (sent.next(), sent.next()) else { return false };
        let Some((scheme, value)) = only.to_str().ok().and_then(|text| text.split_once(' ')) else {
            return false;
        };
        scheme.eq_ignore_ascii_case("bearer") && token.is(value.trim())
    }

    /// The names in `Host` under which we are asked; none where every name is as good as another.
    pub(crate) fn hosts(&self) -> Vec<String> {
        let local = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        if is_loopback(self.address.ip()) {
            local.into_iter().chain([self.address.ip().to_string()]).collect()
        } else {
            Vec::new()
        }
    }

    /// The origins of pages that may ask: our own, which serves none.
    pub(crate) fn origins(&self, port: u16) -> Vec<String> {
        if is_loopback(self.address.ip()) {
            ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("http://{host}:{port}")).into()
        } else {
            Vec::new()
        }
    }
}

/// Whether only this machine reaches an address.
pub fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;
    use hyper::header::{AUTHORIZATION, HeaderValue};

    use super::{Admission, AdmissionError, Token};

    const SECRET: &str = "0123456789abcdef";

    #[test]
    fn only_loopback_needs_no_token() {
        let token = || Token::new(SECRET).ok();
        for address in ["127.0.0.1:1", "127.8.8.8:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            let address = address.parse().unwrap();
            assert!(Admission::new(address, None, false).is_ok(), "{address}");
        }
        for address in ["0.0.0.0:1", "[::]:1", "192.168.1.4:1", "[::ffff:10.0.0.1]:1"] {
            let address: std::net::SocketAddr = address.parse().unwrap();
            let why = |token, remote| Admission::new(address, token, remote).err();
            assert_eq!(why(token(), false), Some(AdmissionError::Remote(address.ip())));
            assert_eq!(why(None, true), Some(AdmissionError::NoToken));
            assert_eq!(why(token(), true), None);
        }
    }

    #[test]
    fn a_token_is_long_and_visible() {
        for text in ["", "short", "0123456789 abcdef", "0123456789abcdé\u{301}f"] {
            assert_eq!(Token::new(text).err(), Some(AdmissionError::Token), "{text}");
        }
        assert!(Token::new(" 0123456789abcdef\n").is_ok());
        assert!(!format!("{:?}", Token::new(SECRET)).contains("0123"));
    }

    #[test]
    fn only_the_whole_token_once_is_let_in() {
        let token = Token::new(SECRET).ok();
        let admission = Admission::new("127.0.0.1:1".parse().unwrap(), token, false).unwrap();
        let with = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
            }
            admission.admits(&headers)
        };
        let good = format!("Bearer {SECRET}");
        assert!(with(&[&good]) && with(&[&format!("bearer  {SECRET}")]));
        let longer = format!("{good}0");
        let others = [&good[..good.len() - 1], &longer, SECRET, "Basic 0123456789abcdef", ""];
        assert!(others.iter().all(|value| !with(&[value])));
        assert!(!with(&[]) && !with(&[&good, &good]));
    }
}
