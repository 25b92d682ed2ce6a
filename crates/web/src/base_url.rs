//! The address that links must carry.
//!
//! Clients walk `_links.next`, so a link must lead back to where the caller came from: the configured public
//! address, or what a trusted proxy says, or the `Host` header. Headers are outside input: what does not look
//! like an address is passed over, and the bound address is the last resort.

use http::{HeaderMap, HeaderName, header};

/// How the public base address is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    /// The operator's answer, e.g. `https://data.example.no`; it beats everything else.
    pub configured: Option<String>,
    /// Whether `Forwarded` and `X-Forwarded-*` are believed. Only behind a proxy that sets them.
    pub trust_forwarded: bool,
    /// The bound address, e.g. `http://127.0.0.1:8080`.
    pub bound: String,
}

/// The base address for this request, without a slash at the end.
pub fn public_base(headers: &HeaderMap, public: &PublicUrl) -> String {
    let found = match &public.configured {
        Some(configured) => Some(configured.clone()),
        None if public.trust_forwarded => forwarded(headers).or_else(|| host(headers)),
        None => host(headers),
    };
    let base = found.unwrap_or_else(|| public.bound.clone());
    base.trim_end_matches('/').to_owned()
}

fn host(headers: &HeaderMap) -> Option<String> {
    first(headers, &header::HOST).filter(|host| is_authority(host)).map(|host| format!("http://{host}"))
}

fn forwarded(headers: &HeaderMap) -> Option<String> {
    let standard = first(headers, &header::FORWARDED).unwrap_or("");
    let said = |name: &str| {
        let pairs = standard.split(';').filter_map(|pair| pair.split_once('='));
        pairs
            .filter(|(n, _)| n.trim().eq_ignore_ascii_case(name))
            .map(|(_, v)| v.trim().trim_matches('"'))
            .next()
    };
    let extended = |name: &'static str| first(headers, &HeaderName::from_static(name));
    let host =
        said("host").or_else(|| extended("x-forwarded-host")).or_else(|| first(headers, &header::HOST));
    let host = host.filter(|host| is_authority(host))?;
    let scheme =
        said("proto").or_else(|| extended("x-forwarded-proto")).unwrap_or("http").to_ascii_lowercase();
    let usual_port = match scheme.as_str() {
        "http" => "80",
        "https" => "443",
        _ => return None,
    };
    let port = extended("x-forwarded-port").filter(|p| is_port(p) && *p != usual_port && !has_port(host));
    let prefix = extended("x-forwarded-prefix").filter(|p| is_path(p)).unwrap_or("");
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{host}{port}{prefix}"))
}

/// The first element of the first line of a header: the one nearest to the caller.
fn first<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let line = headers.get(name)?.to_str().ok()?;
    line.split(',').next().map(str::trim).filter(|text| !text.is_empty())
}

fn is_authority(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (text, None),
    };
    let name_fits = match name.strip_prefix('[').and_then(|n| n.strip_suffix(']')) {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            (1..=253).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        }
    };
    name_fits && port.is_none_or(is_port)
}

fn has_port(authority: &str) -> bool {
    authority.rsplit_once(':').is_some_and(|(_, port)| is_port(port))
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_path(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'.' | b'_' | b'~');
    text.starts_with('/') && !text.contains("//") && text.len() <= 200 && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn base(trust_forwarded: bool, lines: &[(&'static str, &str)]) -> String {
        let public = PublicUrl { configured: None, trust_forwarded, bound: "http://127.0.0.1:8080".into() };
        let headers = lines.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        });
        public_base(&headers.collect(), &public)
    }

    #[test]
    fn a_configured_address_beats_all() {
        let configured = Some("https://data.example.no/".to_owned());
        let public = PublicUrl { configured, trust_forwarded: true, bound: "http://b".into() };
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("other"))]);
        assert_eq!(public_base(&headers, &public), "https://data.example.no");
    }

    #[test]
    fn host_without_and_with_trust() {
        assert_eq!(base(false, &[("host", "localhost:8080")]), "http://localhost:8080");
        assert_eq!(base(false, &[("host", "[::1]:8080")]), "http://[::1]:8080");
        assert_eq!(base(true, &[("host", "my_service")]), "http://my_service");
        assert_eq!(base(false, &[("host", "a.no"), ("x-forwarded-host", "b.no")]), "http://a.no");
    }

    #[test]
    fn what_a_trusted_proxy_says() {
        let proxy = [
            ("host", "inner:8080"),
            ("x-forwarded-host", "ytre.no, mellom.no"),
            ("x-forwarded-proto", "https"),
        ];
        assert_eq!(base(true, &proxy), "https://ytre.no");
        let with = |name, value| base(true, &[&proxy[..], &[(name, value)]].concat());
        assert_eq!(with("x-forwarded-port", "443"), "https://ytre.no");
        assert_eq!(with("x-forwarded-port", "8443"), "https://ytre.no:8443");
        assert_eq!(with("x-forwarded-prefix", "/registre/"), "https://ytre.no/registre");
        assert_eq!(
            with("forwarded", "for=1.2.3.4;Proto=https;host=\"std.no:444\", for=x"),
            "https://std.no:444"
        );
    }

    #[test]
    fn garbage_is_passed_over() {
        let bound = "http://127.0.0.1:8080";
        let long = "a".repeat(300);
        for host in [
            "", " ", "a b", "a/b", "evil\"", "ø.no", "a:b", "a:0", "a:99999", "[::1", "[x]", "a@b", "a:+1",
            &long,
        ] {
            assert_eq!(base(false, &[("host", host)]), bound, "{host:?}");
            assert_eq!(base(true, &[("x-forwarded-host", host), ("host", "<>")]), bound, "{host:?}");
        }
        let proxy = |name, value| base(true, &[("host", "a.no"), (name, value)]);
        assert_eq!(proxy("x-forwarded-proto", "javascript"), "http://a.no");
        assert_eq!(proxy("x-forwarded-port", "x"), "http://a.no");
        assert_eq!(proxy("x-forwarded-prefix", "//evil.no"), "http://a.no");
    }

    proptest! {
        #[test]
        fn always_an_address(host in ".{0,30}", said in ".{0,40}") {
            let mut headers = HeaderMap::new();
            for (name, text) in [(header::HOST, host), (header::FORWARDED, said)] {
                if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
                    headers.insert(name, value);
                }
            }
            let public = PublicUrl { configured: None, trust_forwarded: true, bound: "http://b".into() };
            let base = public_base(&headers, &public);
            prop_assert!(base.parse::<http::Uri>().is_ok_and(|uri| uri.host().is_some()), "{}", base);
        }
    }
}
