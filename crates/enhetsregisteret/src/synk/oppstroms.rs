//! Calls to the upstream: one client for everything, patient where that helps and never otherwise.
//!
//! What may be tried again is what clients of the real service try again (sheet section 15, point 23): connection
//! errors, 429 and 5xx. Waiting grows from try to try, is spread by chance so that many copies do not come back at
//! the same moment, and is never shorter than the upstream asks for with `Retry-After`. Texts of errors name the
//! route, never the number that was asked about.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use tid::{Random, Timestamp};
use tokio::sync::Semaphore;
use tracing::Instrument;

use super::Synkoppsett;

/// The largest answer that is not a file: a feed page of 10 000 entries is about 2 MB, unpacked 5.
const MAKS_SVAR: usize = 64 << 20;
/// How many times a call is made before it counts as failed.
const FORSOK: u32 = 8;
const FORSTE_VENT: Duration = Duration::from_millis(200);
const LENGSTE_VENT: Duration = Duration::from_secs(30);
/// An upstream that asks for a longer pause than this gets this.
const LENGSTE_RETRY_AFTER: Duration = Duration::from_mins(10);
const OPPKOBLING: Duration = Duration::from_secs(10);

/// What can go wrong between us and the upstream.
#[derive(Debug, thiserror::Error)]
pub enum Oppstromsfeil {
    /// The base address is not one.
    #[error("adressen {0} kan ikke brukes; den må begynne med http:// eller https://")]
    Adresse(String),
    /// TLS cannot be set up on this machine.
    #[error("TLS kan ikke settes opp: {0}")]
    Tls(String),
    /// No answer, or one that was cut off.
    #[error("{rute} ga ikke noe helt svar: {arsak}")]
    Forbindelse {
        /// The route that was asked.
        rute: &'static str,
        /// What happened.
        arsak: String,
    },
    /// An answer that says no.
    #[error("{rute} svarte {status}")]
    Status {
        /// The route that was asked.
        rute: &'static str,
        /// The status.
        status: StatusCode,
    },
    /// An answer that is not what the API gives.
    #[error("svaret fra {rute} kan ikke leses: {arsak}")]
    Uleselig {
        /// The route that was asked.
        rute: &'static str,
        /// What is wrong with it.
        arsak: String,
    },
    /// The copy and the upstream do not fit together.
    #[error("{0}")]
    Uforenlig(String),
}

/// The answer to a look-up.
#[derive(Debug, Clone)]
pub(super) enum Svar {
    Funnet(Bytes),
    /// 404.
    Ukjent,
    /// 410, with the body.
    Fjernet(Bytes),
}

type Kropp = hyper::body::Incoming;

/// The upstream.
pub(super) struct Oppstroms {
    klient: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    base: String,
    tidsgrense: Duration,
    samtidige: Semaphore,
    tilfeldig: Arc<dyn Random>,
}

impl Oppstroms {
    pub(super) fn ny(oppsett: &Synkoppsett, tilfeldig: Arc<dyn Random>) -> Result<Self, Oppstromsfeil> {
        let base = oppsett.fra.trim_end_matches('/').to_owned();
        let gyldig = base.parse::<http::Uri>().is_ok_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.host().is_some()
                && uri.query().is_none()
        });
        if !gyldig {
            return Err(Oppstromsfeil::Adresse(oppsett.fra.clone()));
        }
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(OPPKOBLING));
        tcp.set_nodelay(true);
        let kobling = HttpsConnectorBuilder::new()
            .with_tls_config(tls()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let klient = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(oppsett.samtidige)
            .build(kobling);
        let samtidige = Semaphore::new(oppsett.samtidige.max(1));
        Ok(Self { klient, base, tidsgrense: oppsett.tidsgrense, samtidige, tilfeldig })
    }

    /// What the upstream's links begin with.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Asks until there is an answer that means something, or the tries are used up. `rute` is the path without
    /// numbers, for people.
    pub(super) async fn hent(&self, rute: &'static str, sti: &str) -> Result<Svar, Oppstromsfeil> {
        let mut forsok = 1;
        loop {
            let plass = self.samtidige.acquire().await;
            let svar = tokio::time::timeout(self.tidsgrense, self.en_gang(rute, sti)).await;
            drop(plass);
            let (feil, minst) = match svar {
                Ok(Ok(svar)) => return Ok(svar),
                Ok(Err(Nei { feil, igjen: Some(minst) })) => (feil, minst),
                Ok(Err(Nei { feil, igjen: None })) => return Err(feil),
                Err(_) => (forbindelse(rute, "tiden gikk ut"), Duration::ZERO),
            };
            if forsok == FORSOK {
                return Err(feil);
            }
            tracing::debug!(%feil, forsok, "oppstrøms svarte ikke; prøver igjen");
            self.vent(forsok, minst).await;
            forsok += 1;
        }
    }

    /// As [`hent`](Self::hent), where only a found thing will do.
    pub(super) async fn funnet(&self, rute: &'static str, sti: &str) -> Result<Bytes, Oppstromsfeil> {
        match self.hent(rute, sti).await? {
            Svar::Funnet(kropp) => Ok(kropp),
            Svar::Ukjent => Err(Oppstromsfeil::Status { rute, status: StatusCode::NOT_FOUND }),
            Svar::Fjernet(_) => Err(Oppstromsfeil::Status { rute, status: StatusCode::GONE }),
        }
    }

    async fn en_gang(&self, rute: &'static str, sti: &str) -> Result<Svar, Nei> {
        let svar =
            self.send(rute, sti, &[("accept", "application/json"), ("accept-encoding", "gzip")]).await?;
        let (status, pakket) = (svar.status(), er_gzip(svar.headers()));
        let kropp = Limited::new(svar.into_body(), MAKS_SVAR).collect().await;
        let kropp = kropp.map_err(|feil| Nei::forbindelse(rute, &*feil))?.to_bytes();
        let kropp = if pakket { pakk_ut(rute, &kropp)? } else { kropp };
        Ok(match status {
            StatusCode::NOT_FOUND => Svar::Ukjent,
            StatusCode::GONE => Svar::Fjernet(kropp),
            _ => Svar::Funnet(kropp),
        })
    }

    /// One request; statuses that mean nothing to a copy are errors here.
    pub(super) async fn send(
        &self,
        rute: &'static str,
        sti: &str,
        hoder: &[(&'static str, &str)],
    ) -> Result<Response<Kropp>, Nei> {
        let mut foresporsel = Request::get(format!("{}{sti}", self.base)).header(
            header::USER_AGENT,
            HeaderValue::from_static(concat!("grunndata/", env!("CARGO_PKG_VERSION"))),
        );
        for (navn, verdi) in hoder {
            foresporsel = foresporsel.header(*navn, *verdi);
        }
        let mut foresporsel = foresporsel
            .body(Empty::new())
            .map_err(|feil| Nei { feil: forbindelse(rute, &feil.to_string()), igjen: None })?;
        let span = tracing::info_span!(
            target: web::trace::TARGET,
            "upstream",
            otel.name = rute,
            otel.kind = "client",
            http.request.method = "GET",
        );
        web::trace::pass_on(&span, foresporsel.headers_mut());
        let svar = self.klient.request(foresporsel).instrument(span).await;
        let svar = svar.map_err(|feil| Nei::forbindelse(rute, &feil))?;
        let status = svar.status();
        if status.is_success() || matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(svar);
        }
        let forbigaende = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        let igjen = forbigaende.then(|| retry_after(svar.headers()));
        Err(Nei { feil: Oppstromsfeil::Status { rute, status }, igjen })
    }

    /// Waits before the next try: longer each time, spread by chance, never shorter than `minst`.
    pub(super) async fn vent(&self, forsok: u32, minst: Duration) {
        let tak = LENGSTE_VENT.min(FORSTE_VENT * 2u32.saturating_pow(forsok.saturating_sub(1)));
        tokio::time::sleep(minst + self.spredt(tak)).await;
    }

    /// A random part, between half and all, of a length of time.
    pub(super) fn spredt(&self, lengde: Duration) -> Duration {
        let mut byte = [0u8; 2];
        self.tilfeldig.fill(&mut byte);
        let del = f64::from(u16::from_le_bytes(byte)) / f64::from(u16::MAX);
        lengde.mul_f64(0.5 + del / 2.0)
    }

    pub(super) const fn tidsgrense(&self) -> Duration {
        self.tidsgrense
    }
}

/// A failed request, and whether and after how long it may be made again.
pub(super) struct Nei {
    pub(super) feil: Oppstromsfeil,
    pub(super) igjen: Option<Duration>,
}

impl Nei {
    pub(super) fn forbindelse(rute: &'static str, feil: &(dyn std::error::Error + 'static)) -> Self {
        Self { feil: forbindelse(rute, &kjede(feil)), igjen: Some(Duration::ZERO) }
    }
}

pub(super) fn forbindelse(rute: &'static str, arsak: &str) -> Oppstromsfeil {
    Oppstromsfeil::Forbindelse { rute, arsak: arsak.to_owned() }
}

/// An error with its causes, since the outermost of a client only says that there was one.
fn kjede(feil: &(dyn std::error::Error + 'static)) -> String {
    let mut tekst = feil.to_string();
    let mut neste = feil.source();
    while let Some(arsak) = neste {
        tekst = format!("{tekst}: {arsak}");
        neste = arsak.source();
    }
    tekst
}

fn tls() -> Result<ClientConfig, Oppstromsfeil> {
    let mut rotter = RootCertStore::empty();
    // A machine without a list of roots can still follow an upstream over plain HTTP.
    rotter.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let leverandor = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let bygger = ClientConfig::builder_with_provider(leverandor)
        .with_safe_default_protocol_versions()
        .map_err(|feil| Oppstromsfeil::Tls(feil.to_string()))?;
    Ok(bygger.with_root_certificates(rotter).with_no_client_auth())
}

fn er_gzip(hoder: &HeaderMap) -> bool {
    hoder.get(header::CONTENT_ENCODING).is_some_and(|verdi| verdi.as_bytes().eq_ignore_ascii_case(b"gzip"))
}

fn pakk_ut(rute: &'static str, kropp: &[u8]) -> Result<Bytes, Nei> {
    use std::io::Read;
    let mut ut = Vec::with_capacity(kropp.len() * 4);
    MultiGzDecoder::new(kropp)
        .take(MAKS_SVAR as u64)
        .read_to_end(&mut ut)
        .map_err(|feil| Nei::forbindelse(rute, &feil))?;
    Ok(ut.into())
}

/// The pause that the upstream asks for, in seconds or until a date.
fn retry_after(hoder: &HeaderMap) -> Duration {
    let Some(verdi) = hoder.get(header::RETRY_AFTER).and_then(|v| v.to_str().ok()) else {
        return Duration::ZERO;
    };
    let vent = match verdi.trim().parse::<u64>() {
        Ok(sekunder) => Duration::from_secs(sekunder),
        // A date is compared with the upstream's own clock, which stands beside it.
        Err(_) => match (tidspunkt(verdi), hoder.get(header::DATE).and_then(|v| tidspunkt(v.to_str().ok()?)))
        {
            (Some(til), Some(naa)) => {
                Duration::from_millis(u64::try_from(til.as_millis() - naa.as_millis()).unwrap_or(0))
            }
            _ => Duration::ZERO,
        },
    };
    vent.min(LENGSTE_RETRY_AFTER)
}

/// When a file was made: an HTTP date, or the form that the real service has (`Wed Aug 05 04:30:57 CEST 2026`, sheet
/// section 12.1).
pub(super) fn tidspunkt(tekst: &str) -> Option<Timestamp> {
    const MANEDER: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    if let Ok(tid) = httpdate::parse_http_date(tekst) {
        let millis = tid.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis();
        return i64::try_from(millis).ok().map(Timestamp::from_millis);
    }
    let ord: Vec<&str> = tekst.split_whitespace().collect();
    let [_, maned, dag, klokke, sone, aar] = ord[..] else { return None };
    let maned = MANEDER.iter().position(|navn| *navn == maned)? + 1;
    let timer = match sone {
        "CEST" => 2,
        "CET" => 1,
        "UTC" | "GMT" => 0,
        _ => return None,
    };
    let deler: Vec<i64> = klokke.split(':').map(|del| del.parse().ok()).collect::<Option<_>>()?;
    let [time, minutt, sekund] = deler[..] else { return None };
    let dato = tid::Date::new(aar.parse().ok()?, i8::try_from(maned).ok()?, dag.parse().ok()?)?;
    let sekunder = ((time - timer) * 60 + minutt) * 60 + sekund;
    Some(Timestamp::start_of(dato).plus_millis(sekunder * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_dates() {
        let tid = |tekst| tidspunkt(tekst).map(|t| t.to_string());
        assert_eq!(tid("Wed, 05 Aug 2026 02:30:57 GMT").as_deref(), Some("2026-08-05T02:30:57.000Z"));
        assert_eq!(tid("Wed Aug 05 04:30:57 CEST 2026").as_deref(), Some("2026-08-05T02:30:57.000Z"));
        assert_eq!(tid("Thu Jan 01 00:30:00 CET 2026").as_deref(), Some("2025-12-31T23:30:00.000Z"));
        assert_eq!(tid("yesterday"), None);
    }

    #[test]
    fn retry_after_in_seconds_and_as_a_date_and_never_for_ever() {
        let hoder = |par: &[(&'static str, &str)]| {
            let mut hoder = HeaderMap::new();
            for (navn, verdi) in par {
                hoder.insert(*navn, verdi.parse().unwrap());
            }
            retry_after(&hoder)
        };
        assert_eq!(hoder(&[("retry-after", "7")]), Duration::from_secs(7));
        assert_eq!(hoder(&[("retry-after", "86400")]), LENGSTE_RETRY_AFTER);
        let dato =
            [("retry-after", "Wed, 05 Aug 2026 02:30:57 GMT"), ("date", "Wed, 05 Aug 2026 02:30:27 GMT")];
        assert_eq!(hoder(&dato), Duration::from_secs(30));
        assert_eq!(hoder(&[]), Duration::ZERO);
    }
}
