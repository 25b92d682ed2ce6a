//! The address that the caller has, for limits.

use std::net::{IpAddr, Ipv6Addr};

use http::request::Parts;
use http::{HeaderMap, HeaderName, header};

/// The other end of the connection, an extension of every request that comes through [`serve`](mod@crate::serve).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Whose request it is. Behind a proxy that is believed, it is the address that the nearest proxy saw: the last of
/// `X-Forwarded-For` or `Forwarded`, for what stands before it is the caller's own word. `None` where nothing is
/// known, as in a test without a connection.
pub fn address(parts: &Parts, trust_forwarded: bool) -> Option<IpAddr> {
    let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
    let said = trust_forwarded.then(|| forwarded(&parts.headers)).flatten();
    said.or(peer)
}

/// The unit that a limit counts: an IPv4 address, or the 64 bits of an IPv6 address that belong to one network, since
/// whoever has one address of those has all.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        },
    }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = |name: &HeaderName| {
        let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        line.rsplit(',').next().map(str::trim)
    };
    if let Some(text) = last(&HeaderName::from_static("x-forwarded-for")) {
        return read(text);
    }
    let element = last(&header::FORWARDED)?;
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    read(value.trim().trim_matches('"'))
}

/// An address with or without a port; IPv6 with a port stands in brackets.
fn read(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']')?.0.parse().ok();
    }
    text.rsplit_once(':')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn of(lines: &[(&str, &str)], trust: bool) -> Option<String> {
        let start = Request::builder().extension(Peer("192.0.2.1".parse().unwrap()));
        let request = lines.iter().fold(start, |r, (name, value)| r.header(*name, *value)).body(()).unwrap();
        address(&request.into_parts().0, trust).map(|address| address.to_string())
    }

    #[test]
    fn proxies_are_believed_only_when_told_and_only_the_nearest() {
        let lines = [("x-forwarded-for", "198.51.100.7, 203.0.113.9")];
        assert_eq!(of(&lines, false).as_deref(), Some("192.0.2.1"));
        assert_eq!(of(&lines, true).as_deref(), Some("203.0.113.9"));
        let two = [("x-forwarded-for", "198.51.100.7"), ("x-forwarded-for", "203.0.113.9")];
        assert_eq!(of(&two, true).as_deref(), Some("203.0.113.9"));
        assert_eq!(of(&[], true).as_deref(), Some("192.0.2.1"));
        for (value, expected) in [
            ("203.0.113.9:4711", "203.0.113.9"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("unknown", "192.0.2.1"),
            ("", "192.0.2.1"),
        ] {
            assert_eq!(of(&[("x-forwarded-for", value)], true).as_deref(), Some(expected), "{value}");
        }
        let standard = [("forwarded", "for=198.51.100.7, proto=https; For=\"[2001:db8::1]:80\"")];
        assert_eq!(of(&standard, true).as_deref(), Some("2001:db8::1"));
    }

    #[test]
    fn one_network_is_one_caller() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("203.0.113.9"), "203.0.113.9");
        assert_eq!(of("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }
}
