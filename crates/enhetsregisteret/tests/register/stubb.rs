//! An upstream that misbehaves as asked: it drops connections, hangs, answers 429 and 500, repeats ids, has gaps.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, StatusCode};
use hyper::body::Frame;
use serde_json::{Value, json};
use web::query::Query;

/// What happens to a call instead of its answer.
#[derive(Debug, Clone, Copy)]
pub enum Uhell {
    Status(u16, Option<u64>),
    /// The connection breaks in the middle of the answer.
    Brudd,
    /// Nothing comes.
    Taushet,
}

#[derive(Default)]
pub struct Tilstand {
    /// Answers to look-ups: path → status and body.
    pub oppslag: BTreeMap<String, (u16, Value)>,
    /// Entries of the feeds, by the last part of their path.
    pub feeder: BTreeMap<&'static str, Vec<(u64, String, String, String)>>,
    /// The total files: path → content.
    pub filer: BTreeMap<&'static str, Vec<Value>>,
    pub filer_laget: String,
    /// What comes next over the calls, one each.
    pub uhell: VecDeque<Uhell>,
    /// Every so many calls fails, in turn in every way.
    pub hvert_uhell: Option<u64>,
    /// Pages begin with the entry before the one asked for.
    pub gjentar: bool,
    /// Every call, as it was made.
    pub kall: Vec<String>,
}

pub struct Stubb {
    tilstand: Arc<Mutex<Tilstand>>,
    pub base: String,
    tjener: tokio::task::JoinHandle<()>,
}

impl Stubb {
    pub async fn ny() -> Self {
        let tilstand = Arc::new(Mutex::new(Tilstand {
            filer_laget: "Wed Jan 17 04:30:00 CET 2024".to_owned(),
            ..Tilstand::default()
        }));
        let lytter = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/api", lytter.local_addr().unwrap());
        let ruter = Router::new().fallback(svar).with_state(tilstand.clone());
        let tjener = tokio::spawn(async move { axum::serve(lytter, ruter).await.unwrap() });
        Self { tilstand, base, tjener }
    }

    pub fn som(&self) -> MutexGuard<'_, Tilstand> {
        self.tilstand.lock().unwrap()
    }

    /// An event, `strom` being `enheter`, `underenheter` or `roller`.
    pub fn hendelse(&self, strom: &'static str, id: u64, tid: &str, orgnr: &str, type_: &str) {
        let hendelse = (id, tid.to_owned(), orgnr.to_owned(), type_.to_owned());
        self.som().feeder.entry(strom).or_default().push(hendelse);
    }

    /// What a look-up answers from now on.
    pub fn svarer(&self, sti: &str, status: u16, kropp: Value) {
        self.som().oppslag.insert(sti.to_owned(), (status, kropp));
    }
}

impl Drop for Stubb {
    fn drop(&mut self) {
        self.tjener.abort();
    }
}

type Delt = Arc<Mutex<Tilstand>>;

async fn svar(State(tilstand): State<Delt>, OriginalUri(uri): OriginalUri, hoder: HeaderMap) -> Response {
    let sti = uri.path().strip_prefix("/api").unwrap_or_default().to_owned();
    let query = Query::parse(uri.query().unwrap_or(""));
    let (uhell, rett) = {
        let mut tilstand = tilstand.lock().unwrap();
        tilstand.kall.push(uri.to_string());
        let antall = tilstand.kall.len() as u64;
        let uhell = tilstand.uhell.pop_front().or_else(|| {
            let hvert = tilstand.hvert_uhell.filter(|hvert| antall.is_multiple_of(*hvert))?;
            let valg = [
                Uhell::Brudd,
                Uhell::Status(500, None),
                Uhell::Status(429, Some(0)),
                Uhell::Status(503, None),
            ];
            Some(valg[(antall / hvert % 4) as usize])
        });
        (uhell, tilstand.rett_svar(&sti, &query, &hoder))
    };
    match uhell {
        None => rett,
        Some(Uhell::Status(status, vent)) => {
            let status = StatusCode::from_u16(status).unwrap();
            let mut svar = status.into_response();
            if let Some(vent) = vent {
                svar.headers_mut().insert("retry-after", vent.into());
            }
            svar
        }
        Some(Uhell::Taushet) => {
            tokio::time::sleep(Duration::from_mins(10)).await;
            rett
        }
        Some(Uhell::Brudd) => {
            let (deler, kropp) = rett.into_parts();
            let hele = axum::body::to_bytes(kropp, usize::MAX).await.unwrap();
            let halv = Some(hele.slice(..hele.len() / 2));
            Response::from_parts(deler, Body::new(Avbrutt(halv)))
        }
    }
}

impl Tilstand {
    fn rett_svar(&self, sti: &str, query: &Query, hoder: &HeaderMap) -> Response {
        if let Some(strom) = sti.strip_prefix("/oppdateringer/") {
            return self.side(strom, query);
        }
        if let Some(liste) = self.filer.get(sti) {
            return self.fil(liste, hoder);
        }
        if let (Some(liste), "/enheter" | "/underenheter") = (query.first("organisasjonsnummer"), sti) {
            let funnet: Vec<&Value> = liste
                .split(',')
                .filter_map(|nr| self.oppslag.get(&format!("{sti}/{nr}")))
                .filter(|(status, enhet)| *status == 200 && enhet.get("slettedato").is_none())
                .map(|(_, enhet)| enhet)
                .collect();
            return som_json(200, &json!({ "_embedded": { &sti[1..]: funnet } }));
        }
        match self.oppslag.get(sti) {
            Some((status, kropp)) => som_json(*status, kropp),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }

    fn side(&self, strom: &str, query: &Query) -> Response {
        let tomt = Vec::new();
        let alle = self.feeder.get(strom).unwrap_or(&tomt);
        let tall = |navn: &str| query.first(navn).map(|v| v.parse::<u64>().unwrap());
        let fra = tall("oppdateringsid").or_else(|| tall("afterId").map(|id| id + 1)).unwrap_or(0);
        let fra_tid = query.first("dato").unwrap_or_default();
        let etter_tid = query.first("afterTime").unwrap_or_default();
        let om = query.first("organisasjonsnummer");
        let mut igjen: Vec<_> = alle
            .iter()
            .filter(|h| {
                h.0 >= fra && h.1.as_str() >= fra_tid && (etter_tid.is_empty() || h.1.as_str() > etter_tid)
            })
            .filter(|h| om.is_none_or(|om| om.split(',').any(|nr| nr == h.2)))
            .collect();
        let totalt = igjen.len();
        if let (true, Some(foerste)) = (self.gjentar, igjen.first())
            && let Some(foer) = alle.iter().rev().find(|h| h.0 < foerste.0)
        {
            igjen.insert(0, foer);
            igjen.insert(1, foer);
        }
        igjen.truncate(tall("size").unwrap_or(20) as usize);
        if strom == "roller" {
            let liste: Vec<Value> = igjen
                .iter()
                .map(
                    |h| json!({ "id": h.0.to_string(), "time": h.1, "data": { "organisasjonsnummer": h.2 } }),
                )
                .collect();
            return som_json(200, &liste);
        }
        let liste: Vec<Value> = igjen
            .iter()
            .map(|h| json!({ "oppdateringsid": h.0, "dato": h.1, "organisasjonsnummer": h.2, "endringstype": h.3 }))
            .collect();
        let nokkel = if strom == "enheter" { "oppdaterteEnheter" } else { "oppdaterteUnderenheter" };
        let mut side = json!({ "page": { "totalElements": totalt } });
        if !liste.is_empty() {
            side["_embedded"] = json!({ nokkel: liste });
        }
        som_json(200, &side)
    }

    fn fil(&self, liste: &[Value], hoder: &HeaderMap) -> Response {
        let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
        gz.write_all(&serde_json::to_vec(liste).unwrap()).unwrap();
        let hele = Bytes::from(gz.finish().unwrap());
        let fra: Option<usize> = hoder
            .get("range")
            .and_then(|v| v.to_str().ok()?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
        let (status, bit) = match fra {
            Some(fra) => (StatusCode::PARTIAL_CONTENT, hele.slice(fra..)),
            None => (StatusCode::OK, hele),
        };
        (status, [("etag", "\"en\""), ("last-modified", self.filer_laget.as_str())], bit).into_response()
    }
}

fn som_json(status: u16, kropp: &impl serde::Serialize) -> Response {
    let hode = [("content-type", "application/json")];
    (StatusCode::from_u16(status).unwrap(), hode, serde_json::to_vec(kropp).unwrap()).into_response()
}

/// A body that breaks.
struct Avbrutt(Option<Bytes>);

impl hyper::body::Body for Avbrutt {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(match self.0.take() {
            Some(bit) => Ok(Frame::data(bit)),
            None => Err(std::io::Error::other("brudd")),
        }))
    }
}
