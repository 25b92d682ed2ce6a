//! `grunndata helse`: what a health check asks, without another program.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use super::print;
use crate::cli::Helse;
use crate::config::Config;
use crate::failure::{Failure, chain};

/// A health check's own patience is usually somewhat longer.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);

pub(super) fn run(config: &Config, what: &Helse) -> Result<(), Failure> {
    let path = if what.liv { "/drift/liv" } else { "/drift/klar" };
    let url = format!("http://{}{path}", reachable(config.server.listen));
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(ANSWER_WITHIN))
        .build()
        .new_agent();
    let unwell = |error: &ureq::Error| {
        Failure::failed(
            format!("{url} does not answer: {}", chain(error)),
            "is the server running, and on this address? name another with --listen ADDR",
        )
    };
    let mut answer = agent.get(&url).call().map_err(|error| unwell(&error))?;
    let body = answer.body_mut().read_to_string().map_err(|error| unwell(&error))?;
    if answer.status().is_success() {
        return print(&format!("{body}\n"));
    }
    Err(Failure::failed(
        format!("{url} answers {}: {body}", answer.status()),
        "it may be starting or stopping; its log on standard error says more",
    ))
}

/// Where to call a server that listens there: an address that stands for all of the machine's cannot be called.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_asked_on_the_loopback() {
        for (listen, expected) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("10.0.0.7:1", "10.0.0.7:1"),
        ] {
            assert_eq!(reachable(listen.parse().unwrap()).to_string(), expected);
        }
    }
}
