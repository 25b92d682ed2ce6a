//! Configuration: read once, checked once, passed down.
//!
//! Layers, weakest first: the compiled-in default file, the configuration file, the environment, flags
//! ([`Settings`]). From the merged settings one [`Config`] is made, in which every value has its own type and
//! has been checked. This module is the only place that reads the environment.

mod maskinporten;
mod print;
mod read;
mod reference;
mod settings;
mod url;
mod vakt;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::HeaderName;
use journal::postgres::Address;
pub use print::effective;
pub use reference::reference;
pub use settings::{DEFAULT_FILE, ENVIRONMENT_PREFIX, Origin, Setting, Settings, Value, variable};
pub use url::{ApiPrefix, BaseUrl};
pub use vakt::{Introspeksjon, Vakt};

pub use maskinporten::{Maskinporten, Tillit};

use ::vakt::Scope;
use tid::TimeOfDay;

use crate::failure::Failure;
use read::Reader;

/// The file that is read when `--config` is not given, if it is there.
pub const DEFAULT_PATH: &str = "grunndata.toml";

/// Everything that can be set. The meaning of each key stands in `grunndata.default.toml`.
#[derive(Debug, Clone)]
pub struct Config {
    /// `data`: the directory that holds everything.
    pub data: PathBuf,
    /// `[server]`
    pub server: Server,
    /// `[logg]`
    pub logg: Logg,
    /// `[telemetri]`
    pub telemetri: Telemetri,
    /// `[enhetsregisteret]`
    pub enhetsregisteret: Enhetsregisteret,
    /// `[maskinporten]`
    pub maskinporten: Maskinporten,
    /// `[vakt]`
    pub vakt: Vakt,
    /// `[folkeregisteret]`
    pub folkeregisteret: Folkeregisteret,
    /// `[synk]`
    pub synk: Synk,
    /// `[journal]`
    pub journal: Journal,
    /// `sok.skriveminne_mb`, in bytes for each thread.
    pub index_build_bytes: u64,
}

impl Config {
    /// Where the program answers, as far as that is known without a request at hand: the public address if one is
    /// set, else the address to listen on.
    pub fn address(&self) -> String {
        let listen = format!("http://{}", self.server.listen);
        self.server.public_url.as_ref().map_or(listen, |url| url.as_str().to_owned())
    }

    /// Where Enhetsregisteret's API lies for links that are made without a request at hand.
    pub fn api_address(&self) -> String {
        format!("{}{}", self.address(), self.enhetsregisteret.prefix.as_str())
    }
}

/// How requests are met.
#[derive(Debug, Clone)]
pub struct Server {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The base URL that clients see; `None`: from each request.
    pub public_url: Option<BaseUrl>,
    /// Whether forwarded headers are believed.
    pub trust_forwarded: bool,
    /// How long a request may take.
    pub request_timeout: Duration,
    /// The largest request body.
    pub body_bytes_max: usize,
    /// Requests worked on at the same time.
    pub in_flight_max: usize,
    /// How long requests in flight get when the program is told to stop.
    pub shutdown_grace: Duration,
    /// How long it goes on accepting after it is told to stop.
    pub drain: Duration,
    /// The listener with TLS, if there is one.
    pub tls: Option<Tls>,
}

/// A listener with TLS.
#[derive(Debug, Clone)]
pub struct Tls {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The server's certificate; without, the test authority of the data directory issues one.
    pub own: Option<CertificateFiles>,
}

/// A certificate in files.
#[derive(Debug, Clone)]
pub struct CertificateFiles {
    /// The certificate and those of its issuers.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What is logged and how.
#[derive(Debug, Clone)]
pub struct Logg {
    /// Filter rules, as `tracing_subscriber` reads them; checked.
    pub rules: String,
    /// One JSON object a line instead of text.
    pub json: bool,
}

/// Where traces go.
#[derive(Debug, Clone)]
pub struct Telemetri {
    /// The collector's address; `None`: no traces are made.
    pub collector: Option<BaseUrl>,
    /// Of a thousand requests without a trace of their own, how many are traced.
    pub per_mille: u32,
}

/// Enhetsregisteret's switches.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, one for each key of the file")]
pub struct Enhetsregisteret {
    /// Served at all.
    pub active: bool,
    /// Where its API lies.
    pub prefix: ApiPrefix,
    /// Where history and the search that helps lie.
    pub extended_prefix: ApiPrefix,
    /// Version 1 is served.
    pub version_1: bool,
    /// Fields and parameters beyond 1.5.0.
    pub beyond_1_5: bool,
    /// Unknown query parameters are an error.
    pub strict_parameters: bool,
    /// `svarlager_mb`, in bytes: memory for finished answers to look-ups.
    pub answer_bytes: u64,
    /// When a day's set of download files is made; `None`: files are made when they are asked for.
    pub downloads_at: Option<TimeOfDay>,
}

/// Folkeregisteret's switches.
#[derive(Debug, Clone)]
pub struct Folkeregisteret {
    /// Served at all.
    pub active: bool,
    /// Where its packages lie.
    pub prefix: ApiPrefix,
    /// Where who has looked a person up is told.
    pub extended_prefix: ApiPrefix,
    /// Months that events and past documents are delivered.
    pub kept_months: u32,
    /// Months that the log of look-ups is kept.
    pub log_months: u32,
    /// Whether messages are received.
    pub producers: bool,
    /// What a token must have to send messages.
    pub producer_scope: Scope,
    /// From when in the night D-numbers run out; `None`: never.
    pub inactivation: Option<TimeOfDay>,
    /// The header in which whoever ends TLS in front says which organisation calls; `None`: tokens say so.
    pub producer_header: Option<HeaderName>,
    /// Whether signatures of messages are verified.
    pub signatures: bool,
}

/// The upstream that a copy follows.
#[derive(Debug, Clone)]
pub struct Synk {
    /// Its API; `None`: none is followed.
    pub upstream: Option<BaseUrl>,
    /// The pause when there was nothing new.
    pub interval: Duration,
    /// Calls at the same time.
    pub concurrent: usize,
    /// Events taken at a time.
    pub batch: u64,
    /// How long a call may take.
    pub timeout: Duration,
    /// How much earlier than a total file was made its feed is followed from.
    pub margin: Duration,
}

/// Where the store is.
#[derive(Debug, Clone)]
pub struct Journal {
    /// Page cache of a store in the data directory, in bytes.
    pub cache_bytes: u64,
    /// The database that holds the store; `None`: a file in the data directory does.
    pub database: Option<Address>,
    /// A replica of it.
    pub replica: Option<Address>,
    /// Most connections for reads.
    pub connections: usize,
}

/// What the command line says about configuration.
#[derive(Debug, Clone, Default)]
pub struct FromFlags {
    /// `--config`
    pub file: Option<PathBuf>,
    /// Key, value, and the flag as written.
    pub values: Vec<(String, String, String)>,
}

/// Reads all layers.
///
/// # Errors
/// Every mistake names the key, the value and where it was given, and says what would be right.
pub fn load(flags: &FromFlags) -> Result<(Config, Settings), Failure> {
    let mut settings = Settings::defaults()?;
    if let Some((path, text)) = read_file(flags.file.as_deref())? {
        settings.lay_file(&text, &path)?;
    }
    settings.lay_environment(&environment()?)?;
    for (key, value, flag) in &flags.values {
        settings.lay_flag(key, value, flag.clone())?;
    }
    Ok((check(&settings)?, settings))
}

/// Makes the checked [`Config`] from merged settings.
///
/// # Errors
/// For the first value that is not allowed.
pub fn check(settings: &Settings) -> Result<Config, Failure> {
    let r = Reader(settings);
    let prefix = r.checked("enhetsregisteret.prefiks", ApiPrefix::EXPECTED, ApiPrefix::parse)?;
    let extended_prefix = r.checked(
        "enhetsregisteret.utvidet_prefiks",
        "a path of its own, such as /enhetsregisteret/utvidet",
        |text| ApiPrefix::parse(text).filter(|extended| *extended != prefix),
    )?;
    let listen: SocketAddr =
        r.checked("server.listen", "an address and port such as 127.0.0.1:8080", |t| t.parse().ok())?;
    Ok(Config {
        data: PathBuf::from(
            r.checked("data", "a directory", |text| (!text.is_empty()).then(|| text.to_owned()))?,
        ),
        server: Server {
            listen,
            public_url: r.optional("server.offentlig_url", BaseUrl::EXPECTED, BaseUrl::parse)?,
            trust_forwarded: trust_forwarded(&r, listen)?,
            request_timeout: Duration::from_secs(r.whole("server.tidsgrense_s", 1..=3600)?),
            body_bytes_max: r.whole("server.kropp_maks_byte", 0..=1 << 30)? as usize,
            in_flight_max: r.whole("server.samtidige_maks", 1..=100_000)? as usize,
            shutdown_grace: Duration::from_secs(r.whole("server.nedstenging_s", 0..=600)?),
            drain: Duration::from_secs(r.whole("server.nedtelling_s", 0..=600)?),
            tls: tls(&r)?,
        },
        logg: Logg {
            rules: r.checked(
                "logg.nivaa",
                "a level such as info, or rules such as info,journal=debug",
                |text| tracing_subscriber::EnvFilter::try_new(text).ok().map(|_| text.to_owned()),
            )?,
            json: r.choice("logg.format", &["tekst", "json"])? == 1,
        },
        telemetri: Telemetri {
            collector: r.optional(
                "telemetri.otlp",
                "empty or a collector's address without TLS, such as http://127.0.0.1:4318",
                |text| BaseUrl::parse(text).filter(|url| url.as_str().starts_with("http://")),
            )?,
            per_mille: r.whole("telemetri.andel_promille", 0..=1000)? as u32,
        },
        enhetsregisteret: Enhetsregisteret {
            active: r.truth("enhetsregisteret.aktiv")?,
            prefix,
            extended_prefix,
            version_1: r.truth("enhetsregisteret.versjon1")?,
            beyond_1_5: r.truth("enhetsregisteret.utvidede_felter")?,
            strict_parameters: r.choice("enhetsregisteret.ukjente_parametere", &["ignorer", "avvis"])? == 1,
            answer_bytes: r.whole("enhetsregisteret.svarlager_mb", 0..=65_536)? << 20,
            downloads_at: downloads_at(&r)?,
        },
        folkeregisteret: people(&r)?,
        maskinporten: maskinporten::check(&r)?,
        vakt: vakt::check(&r)?,
        synk: Synk {
            upstream: r.optional(
                "synk.fra",
                "empty or an API's address such as https://data.brreg.no/enhetsregisteret/api",
                BaseUrl::parse,
            )?,
            interval: Duration::from_secs(r.whole("synk.intervall_s", 1..=86_400)?),
            concurrent: r.whole("synk.samtidige", 1..=64)? as usize,
            batch: r.whole("synk.bunt", 1..=10_000)?,
            timeout: Duration::from_secs(r.whole("synk.tidsgrense_s", 1..=3600)?),
            margin: Duration::from_hours(r.whole("synk.margin_t", 1..=720)?),
        },
        journal: Journal {
            cache_bytes: r.whole("journal.hurtiglager_mb", 1..=65_536)? << 20,
            database: r.optional("journal.database", Address::EXPECTED, Address::parse)?,
            replica: r.optional("journal.database_les", Address::EXPECTED, Address::parse)?,
            connections: r.whole("journal.tilkoblinger", 1..=1000)? as usize,
        },
        index_build_bytes: r.whole("sok.skriveminne_mb", 15..=4096)? << 20,
    })
}

fn read_file(given: Option<&Path>) -> Result<Option<(PathBuf, String)>, Failure> {
    let path = given.unwrap_or(Path::new(DEFAULT_PATH));
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some((path.to_owned(), text))),
        Err(error) if given.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::usage(
            format!("the configuration file {} cannot be read: {error}", path.display()),
            "give another with --config FILE, or make one with `grunndata config --default`",
        )),
    }
}

/// The program's own variables. The one place where the environment is read; the tidy test holds it so.
fn environment() -> Result<Vec<(String, String)>, Failure> {
    let ours = std::env::vars_os().filter_map(|(name, value)| match name.into_string() {
        Ok(name) if name.starts_with(ENVIRONMENT_PREFIX) => Some((name, value)),
        _ => None,
    });
    ours.map(|(name, value)| match value.into_string() {
        Ok(value) => Ok((name, value)),
        Err(_) => Err(Failure::usage(
            format!("the environment variable {name} is not UTF-8 text"),
            "set it again, or unset it and use the configuration file",
        )),
    })
    .collect()
}

#[cfg(test)]
mod tests;

fn people(r: &Reader<'_>) -> Result<Folkeregisteret, Failure> {
    let own_tls = tls(r)?.is_some();
    Ok(Folkeregisteret {
        active: r.truth("folkeregisteret.aktiv")?,
        prefix: r.checked("folkeregisteret.prefiks", ApiPrefix::EXPECTED, ApiPrefix::parse)?,
        extended_prefix: r.checked(
            "folkeregisteret.utvidet_prefiks",
            ApiPrefix::EXPECTED,
            ApiPrefix::parse,
        )?,
        kept_months: r.whole("folkeregisteret.oppbevaring_maaneder", 1..=1200)? as u32,
        log_months: r.whole("folkeregisteret.logg_maaneder", 1..=1200)? as u32,
        producers: r.truth("folkeregisteret.produsent_aktiv")?,
        producer_scope: r
            .checked("folkeregisteret.produsent_scope", "a scope", |text| Scope::parse(text).ok())?,
        signatures: r.choice("folkeregisteret.produsent_signaturer", &["lagre", "bekreft"])? == 1,
        inactivation: r.optional(
            "folkeregisteret.inaktivering_kl",
            "empty or a time of day such as 02:00",
            TimeOfDay::parse,
        )?,
        producer_header: r.optional(
            "folkeregisteret.produsent_orgnr_hode",
            "empty or the name of a header, and empty with server.tls_listen: there anybody could send the header",
            |text| text.parse().ok().filter(|_| !own_tls),
        )?,
    })
}

/// The time of day is checked also when it is not used.
fn downloads_at(r: &Reader<'_>) -> Result<Option<TimeOfDay>, Failure> {
    let at = r.checked("enhetsregisteret.lastned_kl", "a time of day such as 04:30", TimeOfDay::parse)?;
    let daily = r.choice("enhetsregisteret.lastned", &["ved_endring", "daglig"])? == 1;
    Ok(daily.then_some(at))
}

/// Who listens on loopback only is reached by others through a proxy of the same machine, and by nobody else.
fn trust_forwarded(r: &Reader<'_>, listen: SocketAddr) -> Result<bool, Failure> {
    Ok(match r.choice("server.stol_paa_videresendte", &["lokalt", "alltid", "aldri"])? {
        0 => listen.ip().is_loopback(),
        chosen => chosen == 1,
    })
}

/// The listener with TLS: an address, and both files or neither.
fn tls(r: &Reader<'_>) -> Result<Option<Tls>, Failure> {
    const FILES: [&str; 2] = ["server.tls_sertifikat_fil", "server.tls_nokkel_fil"];
    let file = |text: &str| (!text.is_empty()).then(|| PathBuf::from(text));
    let address = |text: &str| text.parse().ok();
    let [certificate, key] = FILES.map(|key| r.optional(key, "a file in PEM", file));
    if certificate?.or(key?).is_none() {
        let listen =
            r.optional("server.tls_listen", "empty or an address and port, as 0.0.0.0:8443", address);
        return Ok(listen?.map(|listen| Tls { listen, own: None }));
    }
    let [certificate, key] =
        FILES.map(|key| r.checked(key, "a file in PEM: certificate and key go together", file));
    let own = Some(CertificateFiles { certificate: certificate?, key: key? });
    let listen =
        r.checked("server.tls_listen", "an address and port, since a certificate is given", address)?;
    Ok(Some(Tls { listen, own }))
}
