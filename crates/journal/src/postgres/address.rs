//! Where a database is: a `postgres://` URL, read once.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// How long one host may take to let us in.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// What every session is set to. Nothing waits without end; and since each of our statements walks along one key,
/// plans are made once and never scan a table because it was small when they were made.
const SESSION: &str = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=10s \
                       -c enable_seqscan=off -c plan_cache_mode=force_generic_plan -c jit=off";

/// A database's address, with what it takes to get in. `Debug` and `Display` show neither user nor password.
#[derive(Clone)]
pub struct Address {
    config: Box<Config>,
    roots: Option<PathBuf>,
}

impl Address {
    /// What an address looks like, for messages.
    pub const EXPECTED: &'static str = "an address such as postgres://user:password@host:5432/database, with sslmode=disable or \
         sslmode=verify-full if it says sslmode";

    /// Reads `postgres://user:password@host:port,host:port/database?parameters`.
    ///
    /// Several hosts: the first that can be written to is used, and on its loss the next. `sslmode` is `disable` (or
    /// left out), `require`, `verify-ca` or `verify-full`: the last three are the same, the server's certificate is
    /// always checked, against the file `sslrootcert` or the machine's list. The rest is as libpq has it.
    pub fn parse(text: &str) -> Option<Self> {
        let (head, parameters) = text.split_once('?').unwrap_or((text, ""));
        if !head.starts_with("postgres://") && !head.starts_with("postgresql://") {
            return None;
        }
        let (mut kept, mut tls, mut roots) = (Vec::new(), false, None);
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=')? {
                ("sslmode", "disable") => tls = false,
                ("sslmode", "require" | "verify-ca" | "verify-full") => tls = true,
                // Encrypted if the other end happens to like it protects against nobody.
                ("sslmode", _) => return None,
                ("sslrootcert", path) => roots = Some(PathBuf::from(path)),
                _ => kept.push(parameter),
            }
        }
        let mut config: Config = format!("{head}?{}", kept.join("&")).parse().ok()?;
        if config.get_hosts().is_empty() {
            return None;
        }
        let options = [config.get_options().unwrap_or_default(), SESSION].join(" ");
        config.options(options.trim()).ssl_mode(if tls { SslMode::Require } else { SslMode::Disable });
        if config.get_application_name().is_none() {
            config.application_name("grunndata");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_WITHIN);
        }
        config.keepalives_idle(Duration::from_secs(10)).keepalives_interval(Duration::from_secs(5));
        config.keepalives_retries(3).tcp_user_timeout(Duration::from_secs(15));
        Some(Self { config: Box::new(config), roots })
    }

    /// For sessions that write: the host that can be written to.
    pub(super) fn writable(&self) -> Config {
        let mut config = self.readable();
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        config
    }

    /// For sessions that read: any host, if the URL does not say otherwise.
    pub(super) fn readable(&self) -> Config {
        Config::clone(&self.config)
    }

    /// Whether TLS is asked for.
    pub(super) fn tls(&self) -> bool {
        self.config.get_ssl_mode() == SslMode::Require
    }

    /// The file of the certificates to trust, if not the machine's own are meant.
    pub(super) fn roots(&self) -> Option<&Path> {
        self.roots.as_deref()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        let ports = self.config.get_ports();
        for (at, host) in self.config.get_hosts().iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                Host::Unix(path) => write!(f, "{}", path.display())?,
            }
            if let Some(port) = ports.get(at).or(ports.first()) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.config == other.config && self.roots == other.roots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let address = Address::parse("postgres://bruker:hemmelig@db1:5433,db2:5434/register?sslmode=require");
        let address = address.unwrap();
        assert_eq!(address.to_string(), "postgres://db1:5433,db2:5434/register");
        assert!(!format!("{address:?}").contains("hemmelig"));
        assert!(address.tls() && address.roots().is_none());
        assert_eq!(address.writable().get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
    }

    #[test]
    fn tls_is_checked_or_not_at_all() {
        let tls = |mode: &str| Address::parse(&format!("postgresql://h/d{mode}")).map(|a| a.tls());
        assert_eq!(
            (tls(""), tls("?sslmode=disable"), tls("?sslmode=verify-full")),
            (Some(false), Some(false), Some(true))
        );
        assert_eq!((tls("?sslmode=prefer"), tls("?sslmode=allow"), tls("?sslmode=x")), (None, None, None));
        let rooted = Address::parse("postgres://h/d?sslmode=verify-full&sslrootcert=ca.pem").unwrap();
        assert_eq!(rooted.roots(), Some(Path::new("ca.pem")));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in
            ["", "localhost", "http://h/d", "postgres://", "postgres://h/d?unknown=1", "postgres://h:x/d"]
        {
            assert!(Address::parse(text).is_none(), "{text}");
        }
    }
}
