//! HTTP: the token endpoint and what belongs to it, the self-service API, Altinn's API, and our own surface.
//!
//! This file has the route tables; each resource has a file. A handler parses, calls [`crate::Maskinporten`] and
//! represents. Handlers and documentation go into a table together, so the OpenAPI document tells of exactly what
//! is served.

mod adgang;
mod delegeringer;
mod dokumentasjon;
mod feilform;
mod feilsider;
mod introspeksjon;
mod kall;
mod klienter;
mod leverandorer;
mod metadata;
mod nokler;
mod onbehalfof;
mod ordninger;
mod scopes;
mod svar;
mod tilganger;
mod token;
mod utvidet;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;
use web::openapi::Components;
use web::routes::{Table, Verb};

pub use feilform::{Altinnform, Feilform, Selvbetjeningsform};
pub use feilsider::KODER;
pub use metadata::dokument as metadata;
pub use utvidet::adgang as utvidet_adgang;

use crate::Maskinporten;
use dokumentasjon::Dok;

/// Where the metadata lie below an issuer (RFC 8414).
pub const VELKJENT: &str = "/.well-known/oauth-authorization-server";
/// Where libraries for people's login look for the same.
pub const VELKJENT_OIDC: &str = "/.well-known/openid-configuration";

/// What every handler needs.
pub struct Api {
    mp: Arc<Maskinporten>,
    /// The path that the surface lies under, without a slash at the end.
    prefiks: String,
    /// Keys must say what they are for: asked for since `/api/v1`.
    use_paakrevd: bool,
}

impl Api {
    /// A surface below a path prefix.
    pub fn ny(mp: Arc<Maskinporten>, prefiks: &str) -> Arc<Self> {
        Arc::new(Self { mp, prefiks: prefiks.trim_end_matches('/').to_owned(), use_paakrevd: false })
    }

    /// The newer address of the self-service API, which is stricter (sheet 11.1).
    pub fn versjon_1(mp: Arc<Maskinporten>, prefiks: &str) -> Arc<Self> {
        let prefiks = format!("{}/api/v1", prefiks.trim_end_matches('/'));
        Arc::new(Self { mp, prefiks, use_paakrevd: true })
    }

    /// The authorization server's own routes (sheet 2.2).
    pub fn ruter(self: &Arc<Self>, skjemaer: &mut Components) -> Table<Arc<Self>> {
        let dok = Dok::ny(skjemaer);
        let mut tabell = Table::new(&self.prefiks, "Maskinporten")
            .route(Verb::Post, "/token", token::post, dok.token())
            .get("/jwk", metadata::jwk, dok.jwk())
            .get(VELKJENT, metadata::get, Dok::metadata("metadata"))
            .route(Verb::Post, "/tokenintrospect", introspeksjon::post, dok.introspeksjon())
            .get("/errors/{kode}", feilsider::get, dok.feilside());
        if self.mp.oppsett().oidc_alias {
            tabell = tabell.get(VELKJENT_OIDC, metadata::get, Dok::metadata("metadata_oidc"));
        }
        tabell
    }

    /// The token endpoint as clients call it that put a slash after a base that ends in one (sheet 15.2, C9), and its
    /// path: it stands in no OpenAPI document.
    pub fn dobbel_strek(self: &Arc<Self>) -> (Router, String) {
        let sti = format!("{}//token", self.prefiks);
        (Router::new().route(&sti, post(token::post)).with_state(self.clone()), sti)
    }

    /// The metadata where RFC 8414 puts them for an issuer with a path: between host and path.
    pub fn velkjente(self: &Arc<Self>) -> Table<Arc<Self>> {
        let tabell = Table::new("", "Maskinporten");
        if self.prefiks.is_empty() {
            return tabell;
        }
        let sti = |forst: &str| format!("{forst}{}", self.prefiks);
        let tabell = tabell.get(&sti(VELKJENT), metadata::get, Dok::metadata("metadata_rfc8414"));
        if !self.mp.oppsett().oidc_alias {
            return tabell;
        }
        tabell.get(&sti(VELKJENT_OIDC), metadata::get, Dok::metadata("metadata_oidc_rfc8414"))
    }

    /// The self-service API (sheet section 11). `navn` keeps the ids of its operations apart from those of the same
    /// routes on another address.
    pub fn selvbetjening(self: &Arc<Self>, navn: &str, skjemaer: &mut Components) -> Table<Arc<Self>> {
        let dok = Dok::ny(skjemaer).med_navn(navn);
        let tabell = Table::new(&self.prefiks, "Selvbetjening")
            .get("/clients", klienter::liste, dok.klienter())
            .route(Verb::Post, "/clients", klienter::ny, dok.ny_klient())
            .get("/clients/{client_id}", klienter::hent, dok.klient())
            .route(Verb::Put, "/clients/{client_id}", klienter::endre, dok.endre_klient())
            .route(Verb::Delete, "/clients/{client_id}", klienter::slett, dok.slett_klient())
            .get("/clients/{client_id}/jwks", nokler::hent, dok.nokler())
            .route(Verb::Post, "/clients/{client_id}/jwks", nokler::sett, dok.sett_nokler("post"))
            .route(Verb::Put, "/clients/{client_id}/jwks", nokler::sett, dok.sett_nokler("put"))
            .route(Verb::Delete, "/clients/{client_id}/jwks", nokler::slett, dok.slett_nokler())
            .get("/scopes/all", scopes::alle, dok.alle_scopes())
            .get("/scopes", scopes::mine, dok.scopes())
            .route(Verb::Post, "/scopes", scopes::ny, dok.ny_scope())
            .route(Verb::Put, "/scopes", scopes::endre, dok.endre_scope())
            .route(Verb::Delete, "/scopes", scopes::slett, dok.slett_scope())
            .get("/scopes/access", tilganger::liste, dok.tilganger())
            .route(Verb::Post, "/scopes/access", tilganger::gi_med_kropp, dok.gi_tilgang_med_kropp())
            .get("/scopes/access/all", tilganger::mine, dok.mine_tilganger())
            .route(Verb::Put, "/scopes/access/{consumer_orgno}", tilganger::gi, dok.gi_tilgang())
            .route(Verb::Delete, "/scopes/access/{consumer_orgno}", tilganger::trekk, dok.trekk_tilgang())
            .get("/delegationsources", scopes::kilder, dok.kilder())
            .get("/prefix/all", scopes::prefikser, dok.prefikser());
        // The documentation misspells the segment, and clients follow it.
        ["onbehalfof", "onbehalof"].into_iter().fold(tabell, |tabell, ord| {
            let (alle, en) =
                (format!("/clients/{{client_id}}/{ord}"), format!("/clients/{{client_id}}/{ord}/{{verdi}}"));
            tabell
                .get(&alle, onbehalfof::liste, dok.onbehalfof("liste", ord))
                .route(Verb::Post, &alle, onbehalfof::ny, dok.onbehalfof("ny", ord))
                .get(&en, onbehalfof::hent, dok.onbehalfof("hent", ord))
                .route(Verb::Put, &en, onbehalfof::endre, dok.onbehalfof("endre", ord))
                .route(Verb::Delete, &en, onbehalfof::slett, dok.onbehalfof("slett", ord))
        })
    }

    /// Altinn's API for delegation of API access (sheet section 12).
    pub fn altinn(self: &Arc<Self>, skjemaer: &mut Components) -> Table<Arc<Self>> {
        const SLUTTBRUKER: &str = "/accessmanagement/api/v1/enduser";
        let dok = Dok::ny(skjemaer).med_navn("altinn_");
        let sti = |resten: &str| format!("{SLUTTBRUKER}{resten}");
        Table::new(&self.prefiks, "Altinn delegering")
            .get("/accessmanagement/api/v1/maskinporten/delegations", delegeringer::sok, dok.oppslag())
            .get("/maskinporten-api/delegationSchemes", ordninger::liste, dok.ordninger())
            .route(Verb::Post, "/maskinporten-api/delegationSchemes", ordninger::ny, dok.ny_ordning())
            .get("/maskinporten-api/delegationSchemes/{id}", ordninger::hent, dok.ordning())
            .route(
                Verb::Put,
                "/maskinporten-api/delegationSchemes/{id}",
                ordninger::endre,
                dok.endre_ordning(),
            )
            .route(
                Verb::Delete,
                "/maskinporten-api/delegationSchemes/{id}",
                ordninger::slett,
                dok.slett_ordning(),
            )
            .get(&sti("/maskinportensuppliers"), leverandorer::liste, dok.leverandorer())
            .route(Verb::Post, &sti("/maskinportensuppliers"), leverandorer::ny, dok.ny_leverandor())
            .route(Verb::Delete, &sti("/maskinportensuppliers"), leverandorer::slett, dok.slett_leverandor())
            .get(&sti("/maskinportensuppliers/resources"), leverandorer::ressurser, dok.delegerte())
            .route(Verb::Post, &sti("/maskinportensuppliers/resources"), leverandorer::deleger, dok.deleger())
            .route(Verb::Delete, &sti("/maskinportensuppliers/resources"), leverandorer::trekk, dok.trekk())
            .get(
                &sti("/maskinportensuppliers/resources/delegationcheck"),
                leverandorer::kan_delegeres,
                dok.kan_delegeres(),
            )
            .get(&sti("/maskinportenconsumers"), leverandorer::konsumenter, dok.konsumenter())
            .route(Verb::Delete, &sti("/maskinportenconsumers"), leverandorer::forlat, dok.forlat())
            .get(&sti("/maskinportenconsumers/resources"), leverandorer::mottatte, dok.mottatte())
            .route(
                Verb::Delete,
                &sti("/maskinportenconsumers/resources"),
                leverandorer::si_fra_seg,
                dok.si_fra_seg(),
            )
    }

    /// Our own surface: what no real service has. Its routes belong behind a [`vakt::Gate`] with [`utvidet_adgang`].
    pub fn utvidede_ruter(self: &Arc<Self>, skjemaer: &mut Components) -> Table<Arc<Self>> {
        let dok = Dok::ny(skjemaer);
        Table::new(&self.prefiks, "Maskinporten utvidet").get(
            "/hvem-er-jeg",
            utvidet::hvem_er_jeg,
            dok.hvem_er_jeg(),
        )
    }
}
