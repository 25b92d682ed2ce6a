//! Folkeregisteret's side for producers in the program: opened on the register, and put behind the guard.

use std::sync::Arc;

use axum::Router;
use folkeregisteret::Folkeregister;
use produsent::Produsent;
use produsent::api::{
    Api, FORESPOERSEL_MAKS, Kontraktapi, Mottaksfeilform, Nyhetsapi, Tilbakemeldingsfeilform,
};
use produsent::mottak::Signaturkontroll;
use tid::Random;
use vakt::{Access, Scope};
use web::base_url::PublicUrl;
use web::fault::Forms;
use web::layers::Roomy;
use web::routes::PathDoc;

use crate::config::Config;
use crate::failure::{Failure, chain};
use crate::guarding::{Guarding, Surface};
use crate::trusted::Trusted;

/// The scope of case workers' tools.
const DESK_SCOPE: &str = "folkeregister:saksbehandling";

/// Opens it on the register; `signatures` decides on those of messages, if they are looked at.
///
/// # Errors
/// When a contract cannot be read, which is a fault of the program.
pub fn open(
    register: &Arc<Folkeregister>,
    random: Arc<dyn Random>,
    signatures: Option<Arc<Trusted>>,
) -> Result<Arc<Produsent>, Failure> {
    let signatures = signatures.map(|trusted| trusted as Arc<dyn Signaturkontroll>);
    Produsent::open_med(register.clone(), random, signatures).map_err(|error| {
        Failure::failed(chain(&error), "report this; until then set folkeregisteret.produsent_aktiv = false")
    })
}

/// The routes, behind the guard unless whoever stands in front says who calls, and their documentation.
pub fn routes(producers: &Arc<Produsent>, config: &Config, guarding: &Guarding) -> (Router, Vec<PathDoc>) {
    let setup = &config.folkeregisteret;
    let api = Api::new(producers.clone(), setup.prefix.as_str(), setup.producer_header.clone());
    let (routes, mut docs) = api.ruter().into_parts();
    let routes = routes.with_state(api.clone());
    let access = Access::any_of([setup.producer_scope.clone()]).or_certificate();
    let router = match &setup.producer_header {
        Some(_) => guarding.limited(routes),
        None => guarding.before(Surface::Producers, access, routes),
    };
    let desk = Api::new(producers.clone(), setup.prefix.as_str(), None);
    let (routes, documented) = desk.saksbehandling().into_parts();
    docs.extend(documented);
    let access = Access::any_of(Scope::parse(DESK_SCOPE).ok());
    (router.merge(guarding.before(Surface::Producers, access, routes.with_state(desk))), docs)
}

/// What everybody may read: news and operations messages, and the contracts with their schemas.
pub fn open_routes(
    producers: &Arc<Produsent>,
    config: &Config,
    guarding: &Guarding,
    public: &PublicUrl,
) -> (Router, Vec<PathDoc>) {
    let extended = config.folkeregisteret.extended_prefix.as_str();
    let news = Nyhetsapi::new(producers.clone(), extended, public.clone());
    let (mut router, mut docs) = (Router::new(), Vec::new());
    for table in news.ruter() {
        let (routes, documented) = table.into_parts();
        router = router.merge(routes);
        docs.extend(documented);
    }
    let contracts = Kontraktapi::new(producers.clone(), extended, public.clone());
    let (routes, documented) = contracts.ruter().into_parts();
    docs.extend(documented);
    (guarding.limited(router.with_state(news).merge(routes.with_state(contracts))), docs)
}

/// Where messages come in, with attachments.
pub fn roomy(config: &Config) -> Roomy {
    let below = Api::mottak(config.folkeregisteret.prefix.as_str());
    Roomy { below, max_body: FORESPOERSEL_MAKS.max(config.server.body_bytes_max) }
}

/// Its error forms, on its paths.
pub fn forms(forms: Forms, prefix: &str) -> Forms {
    forms
        .with(&Api::mottak(prefix), Mottaksfeilform)
        .with(&Api::tilbakemelding(prefix), Tilbakemeldingsfeilform)
}
