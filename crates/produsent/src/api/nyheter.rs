//! News and operations messages: the documentation site's pages and its RSS feed (producer sheet, chapter 13), and the same as
//! JSON on our own surface.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use web::base_url::{PublicUrl, public_base};
use web::fault::Fault;
use web::query::Query;
use web::respond::{ETag, Validators, conditional, represent};
use web::routes::Table;

use super::dokumentasjon;
use super::feilform::tilbakemeldingsfeil;
use crate::nyheter::{Nyhet, Type, forside, nyhetsside, rss, vist};
use crate::{Feil, Produsent};

/// Where the real documentation site lies on its host.
pub const NETTSTED: &str = "/folkeregisteret-api-dokumentasjon";
/// A page brings its own style and loads nothing.
const REGLER: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const HTML: &str = "text/html; charset=utf-8";
const RSS: &str = "application/rss+xml; charset=utf-8";
const JSON: &str = "application/json";

/// What the handlers need.
pub struct Nyhetsapi {
    produsent: Arc<Produsent>,
    utvidet: String,
    offentlig: PublicUrl,
}

/// One call: the state of the list, and the address of the site as this caller sees it.
struct Lest {
    validators: Validators,
    stand: crate::nyheter::Stand,
    nettsted: String,
}

impl Nyhetsapi {
    /// The pages below [`NETTSTED`], the JSON below our own prefix, such as `/folkeregisteret/utvidet`.
    pub fn new(produsent: Arc<Produsent>, utvidet: &str, offentlig: PublicUrl) -> Arc<Self> {
        Arc::new(Self { produsent, utvidet: utvidet.trim_end_matches('/').to_owned(), offentlig })
    }

    /// The tables of routes: the site's and our own.
    pub fn ruter(self: &Arc<Self>) -> [Table<Arc<Self>>; 2] {
        let nettsted = Table::new(NETTSTED, "Folkeregisteret: nyheter")
            .get("", paa_forsiden, dokumentasjon::nyheter::side("forside", "De ti nyeste av hver liste"))
            .get("rss.xml", feed, dokumentasjon::nyheter::rss())
            .get("nyheter", alle, dokumentasjon::nyheter::side("alleNyheter", "Alle nyheter"))
            .get("{adresse}", en, dokumentasjon::nyheter::en());
        let egne = Table::new(&self.utvidet, "Folkeregisteret: nyheter").get(
            "meldinger",
            som_json,
            dokumentasjon::nyheter::som_json(),
        );
        [nettsted, egne]
    }

    async fn les(&self, hoder: &HeaderMap) -> Result<Lest, Feil> {
        let stand = self.produsent.nyhetsstand().await?;
        // The program's version decides how a text is shown.
        let etag = Some(ETag::weak(&format!("{}-{}", stand.versjon, env!("CARGO_PKG_VERSION"))));
        let nettsted = format!("{}{NETTSTED}", public_base(hoder, &self.offentlig));
        let last_modified = (stand.versjon > 0).then_some(stand.endret);
        Ok(Lest { validators: Validators { etag, last_modified }, stand, nettsted })
    }
}

type Api = State<Arc<Nyhetsapi>>;

async fn feed(State(api): Api, hoder: HeaderMap) -> Response {
    svar(&api, &hoder, RSS, |lest, nyheter| rss(nyheter, lest.stand, &lest.nettsted)).await
}

async fn paa_forsiden(State(api): Api, hoder: HeaderMap) -> Response {
    svar(&api, &hoder, HTML, |lest, nyheter| forside(nyheter, &lest.nettsted)).await
}

async fn alle(State(api): Api, hoder: HeaderMap) -> Response {
    let av_type = |nyhet: &&Nyhet| nyhet.type_ == Type::Nyhet;
    svar(&api, &hoder, HTML, |lest, nyheter| {
        nyhetsside("Nyheter", &lest.nettsted, nyheter.iter().map(|(_, nyhet)| nyhet).filter(av_type))
    })
    .await
}

async fn en(State(api): Api, Path(adresse): Path<String>, hoder: HeaderMap) -> Response {
    let funnet = async { Ok((api.les(&hoder).await?, api.produsent.nyhet_med_adresse(&adresse).await?)) };
    match funnet.await {
        Ok((lest, Some(nyhet))) => conditional(&hoder, &lest.validators, || {
            ferdig(nyhetsside(&nyhet.tittel, &lest.nettsted, std::iter::once(&nyhet)), HTML)
        }),
        Ok((_, None)) => Fault::NotFound.into_response(),
        Err(feil) => feilet(&feil),
    }
}

async fn som_json(State(api): Api, OriginalUri(uri): OriginalUri, hoder: HeaderMap) -> Response {
    let type_ = match Query::parse(uri.query().unwrap_or("")).first("type") {
        None | Some("") => None,
        Some("nyhet") => Some(Type::Nyhet),
        Some("driftsvarsel") => Some(Type::Driftsvarsel),
        Some(_) => {
            let melding = "type må være nyhet eller driftsvarsel";
            return tilbakemeldingsfeil(StatusCode::BAD_REQUEST, melding, false);
        }
    };
    svar(&api, &hoder, JSON, |lest, nyheter| {
        let valgte = nyheter.iter().filter(|(_, nyhet)| type_.is_none_or(|type_| nyhet.type_ == type_));
        let meldinger: Value = valgte
            .map(|(id, nyhet)| {
                let mut vist = vist(*id, nyhet);
                vist["lenke"] = format!("{}/{}", lest.nettsted, nyhet.adresse()).into();
                vist
            })
            .collect();
        json!({ "meldinger": meldinger }).to_string()
    })
    .await
}

/// Whoever has the newest list is told so before it is read.
async fn svar(
    api: &Nyhetsapi,
    hoder: &HeaderMap,
    type_: &'static str,
    vis: impl FnOnce(&Lest, &[(u64, Nyhet)]) -> String,
) -> Response {
    let lest = match api.les(hoder).await {
        Ok(lest) => lest,
        Err(feil) => return feilet(&feil),
    };
    if lest.validators.not_modified(hoder) {
        return conditional(hoder, &lest.validators, || StatusCode::NOT_MODIFIED.into_response());
    }
    match api.produsent.nyheter().await {
        Ok(nyheter) => conditional(hoder, &lest.validators, || ferdig(vis(&lest, &nyheter), type_)),
        Err(feil) => feilet(&feil),
    }
}

fn ferdig(kropp: String, type_: &'static str) -> Response {
    let mut svar = represent(kropp, type_);
    let hoder = svar.headers_mut();
    hoder.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if type_ == HTML {
        hoder.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(REGLER));
    }
    svar
}

fn feilet(feil: &Feil) -> Response {
    tracing::error!(%feil, "nyheter ble ikke lest");
    Fault::Internal.into_response()
}
