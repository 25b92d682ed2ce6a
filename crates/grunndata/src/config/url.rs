//! The public base URL and the path prefix of an API, as types that cannot hold a wrong one.

use std::fmt;

/// `http` or `https`, host, perhaps port and path; without trailing slash, user, query and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    pub(super) const EXPECTED: &'static str = "empty or a base URL such as https://data.example.no";

    /// Reads a base URL; trailing slashes are dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_end_matches('/');
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let authority = rest.split('/').next().unwrap_or_default();
        let (host, port) = split_port(authority);
        let host_ok =
            !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b));
        let port_ok = port.is_none_or(|p| p.parse::<u16>().is_ok_and(|p| p != 0));
        let path_ok = rest[authority.len()..].bytes().all(is_path_byte);
        (host_ok && port_ok && path_ok).then(|| Self(text.to_owned()))
    }

    /// The URL, without trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Host and port; an IPv6 address in brackets keeps its colons.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    let after_bracket = authority.rfind(']').map_or(0, |at| at + 1);
    match authority[after_bracket..].rfind(':') {
        Some(at) => (&authority[..after_bracket + at], Some(&authority[after_bracket + at + 1..])),
        None => (authority, None),
    }
}

fn is_path_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"/-._~".contains(&b)
}

/// The path an API lies under: begins with `/`, does not end with it, not the portal's own places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiPrefix(String);

impl ApiPrefix {
    pub(super) const EXPECTED: &'static str =
        "a path such as /enhetsregisteret/api, not under /docs, /drift or /openapi.json";

    /// Reads a prefix; trailing slashes are dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_end_matches('/');
        let mut segments = text.strip_prefix('/')?.split('/');
        let reserved = ["docs", "drift", "openapi.json"];
        let first = segments.next().filter(|first| !reserved.contains(first))?;
        let fine = |s: &str| !s.is_empty() && s != "." && s != ".." && s.bytes().all(is_path_byte);
        (fine(first) && segments.all(fine)).then(|| Self(text.to_owned()))
    }

    /// The path, without trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
