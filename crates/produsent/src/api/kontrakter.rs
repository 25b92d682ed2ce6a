//! The contracts for their users: a list, our schema of each, and a message that is valid. On our own surface, since the real
//! service has them in its documentation only.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde_json::{Value, json};
use web::base_url::{PublicUrl, public_base};
use web::fault::Fault;
use web::respond::{ETag, Validators, conditional, represent};
use web::routes::Table;

use super::dokumentasjon;
use crate::Produsent;
use crate::ressurs::{RESSURSER, Ressurs};

const JSON: &str = "application/json";
const XML: &str = "application/xml";

/// What the handlers need.
pub struct Kontraktapi {
    produsent: Arc<Produsent>,
    sted: String,
    offentlig: PublicUrl,
}

type Api = State<Arc<Kontraktapi>>;

impl Kontraktapi {
    /// Below our own prefix, such as `/folkeregisteret/utvidet`.
    pub fn new(produsent: Arc<Produsent>, utvidet: &str, offentlig: PublicUrl) -> Arc<Self> {
        let sted = format!("{}/kontrakter", utvidet.trim_end_matches('/'));
        Arc::new(Self { produsent, sted, offentlig })
    }

    /// The route table.
    pub fn ruter(self: &Arc<Self>) -> Table<Arc<Self>> {
        Table::new(&self.sted, "Folkeregisteret: kontrakter")
            .get("", liste, dokumentasjon::kontrakter::liste())
            .get("{navn}/xsd", skjema, dokumentasjon::kontrakter::skjema())
            .get("{navn}/eksempel", eksempel, dokumentasjon::kontrakter::eksempel())
    }
}

async fn liste(State(api): Api, hoder: HeaderMap) -> Response {
    let sted = format!("{}{}", public_base(&hoder, &api.offentlig), api.sted);
    let vis = |navn: &str| {
        let kontrakt = api.produsent.kontrakt(navn)?;
        let mut vist = json!({
            "navn": navn,
            "navnerom": kontrakt.navnerom,
            "rotelement": kontrakt.rot.navn,
            "xsd": format!("{sted}/{navn}/xsd"),
        });
        if let Some(ressurs) = med_navn(navn) {
            vist["eksempel"] = format!("{sted}/{navn}/eksempel").into();
            vist["tilbakemelding"] = json!(ressurs.tilbakemelding.navn());
        }
        Some(vist)
    };
    let kontrakter: Value = api.produsent.kontraktnavn().filter_map(vis).collect();
    represent(json!({ "kontrakter": kontrakter }).to_string(), JSON)
}

async fn skjema(State(api): Api, Path(navn): Path<String>, hoder: HeaderMap) -> Response {
    svar(&hoder, api.produsent.kontrakt(&navn).map(|kontrakt| kontrakt.xsd()))
}

async fn eksempel(State(_): Api, Path(navn): Path<String>, hoder: HeaderMap) -> Response {
    svar(&hoder, med_navn(&navn).map(|ressurs| ressurs.eksempel.to_owned()))
}

fn med_navn(navn: &str) -> Option<&'static Ressurs> {
    RESSURSER.iter().find(|ressurs| ressurs.navn == navn)
}

/// It is the same for as long as the program is.
fn svar(hoder: &HeaderMap, funnet: Option<String>) -> Response {
    let Some(tekst) = funnet else { return Fault::NotFound.into_response() };
    let etag = Some(ETag::weak(env!("CARGO_PKG_VERSION")));
    conditional(hoder, &Validators { etag, last_modified: None }, || represent(tekst, XML))
}
