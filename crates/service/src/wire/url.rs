//! Base URLs of USSs: kept as they were given, once it is clear that a peer can use them.

use deconflict_registry::UssBaseUrl;
use std::fmt;

/// Which base URLs are accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UrlRules {
    /// Whether `http` will do; for tests and closed networks.
    pub allow_http: bool,
}

/// Why a text is no base URL of a USS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidUrl {
    /// Empty, or too long.
    Length(usize),
    /// It has a space, a control character, or one that is not ASCII.
    Character,
    /// It is not `https://…`.
    NotHttps,
    /// It is neither `https://…` nor `http://…`.
    NotHttp,
    /// It names no host.
    NoHost,
    /// It has a query or a fragment, to which no path can be appended.
    Tail,
}

impl fmt::Display for InvalidUrl {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Length(found) => write!(f, "has {found} bytes; expected 1 to {}", UssBaseUrl::MAX_BYTES),
            Self::Character => f.write_str("has a character that URLs do not have"),
            Self::NotHttps => f.write_str("is no https URL, and this server does not accept others"),
            Self::NotHttp => f.write_str("is neither an https nor an http URL"),
            Self::NoHost => f.write_str("names no host"),
            Self::Tail => f.write_str("has a query or a fragment; expected a URL to which a path can be appended"),
        }
    }
}

/// The base URL in `text`.
///
/// # Errors
/// It is none, or `rules` do not accept it.
pub fn base_url(text: &str, rules: UrlRules) -> Result<UssBaseUrl, InvalidUrl> {
    if text.is_empty() || text.len() > UssBaseUrl::MAX_BYTES {
        return Err(InvalidUrl::Length(text.len()));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(InvalidUrl::Character);
    }
    let rest = match (after_scheme(text, "https://"), after_scheme(text, "http://")) {
        (Some(rest), _) => rest,
        (None, Some(rest)) if rules.allow_http => rest,
        (None, _) if rules.allow_http => return Err(InvalidUrl::NotHttp),
        (None, _) => return Err(InvalidUrl::NotHttps),
    };
    if rest.contains(['?', '#']) {
        return Err(InvalidUrl::Tail);
    }
    let authority = rest.split('/').next().unwrap_or_default();
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    if host_and_port.is_empty() || host_and_port.starts_with(':') {
        return Err(InvalidUrl::NoHost);
    }
    UssBaseUrl::new(text).map_err(|invalid| InvalidUrl::Length(invalid.found_bytes))
}

fn after_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, allow_http: bool) -> Result<(), InvalidUrl> {
        base_url(text, UrlRules { allow_http }).map(|url| assert_eq!(url.as_str(), text))
    }

    #[test]
    fn urls_that_peers_can_use_are_kept() {
        for text in ["https://uss.example", "HTTPS://uss.example:8443/a/b", "https://[::1]:80", "https://user@host/x/"] {
            assert_eq!(check(text, false), Ok(()), "{text}");
        }
        assert_eq!(check("http://localhost:8090/uss", true), Ok(()));
    }

    #[test]
    fn others_are_refused_with_their_reason() {
        let cases = [
            ("", InvalidUrl::Length(0)),
            ("uss.example", InvalidUrl::NotHttps),
            ("http://uss.example", InvalidUrl::NotHttps),
            ("ftp://uss.example", InvalidUrl::NotHttps),
            ("https://", InvalidUrl::NoHost),
            ("https:///path", InvalidUrl::NoHost),
            ("https://:80", InvalidUrl::NoHost),
            ("https://user@", InvalidUrl::NoHost),
            ("https://uss.example/a b", InvalidUrl::Character),
            ("https://uss.example/\n", InvalidUrl::Character),
            ("https://é.example", InvalidUrl::Character),
            ("https://uss.example?a=b", InvalidUrl::Tail),
            ("https://uss.example/#x", InvalidUrl::Tail),
        ];
        for (text, expected) in cases {
            assert_eq!(check(text, false), Err(expected), "{text}");
        }
        assert_eq!(check("ftp://uss.example", true), Err(InvalidUrl::NotHttp));
        assert_eq!(check(&format!("https://{}", "a".repeat(2048)), false), Err(InvalidUrl::Length(2056)));
    }
}
