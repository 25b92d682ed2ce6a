//! Folkeregisteret in the program: opened from configuration and data directory, and put behind the guard.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use enhetsregisteret::endring::ENHETER;
use enhetsregisteret::modell::{Adresse, Dokument};
use folkeregisteret::api::{Api, Feilform, Utvidet, adgang};
use folkeregisteret::innsyn::{Virksomhet, Virksomheter};
use folkeregisteret::{Folkeregister, Oppsett, Rettighetspakke};
use identifikator::Organisasjonsnummer;
use journal::{AsOf, SharedJournal};
use tid::{Clock, Random};
use web::base_url::PublicUrl;
use web::fault::Forms;
use web::openapi::Components;
use web::routes::PathDoc;

use crate::config::{self, Config};
use crate::data_dir::DataDir;
use crate::failure::{Failure, chain};
use crate::guarding::{Guarding, Surface};

/// Opens the register on the store.
///
/// # Errors
/// When the directory of its derived files cannot be used.
pub fn open(
    config: &Config,
    journal: SharedJournal,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<Folkeregister>, Failure> {
    let setup = &config.folkeregisteret;
    let oppsett = Oppsett { oppbevaring_maaneder: setup.kept_months, logg_maaneder: setup.log_months };
    let dir = DataDir::of(config);
    let place = dir.register("folkeregisteret");
    Folkeregister::open(journal, &place, oppsett, clock, random).map_err(|error| {
        Failure::failed(
            format!("Folkeregisteret cannot use {}: {}", dir.path().display(), chain(&error)),
            "check rights and disk space with `grunndata doctor`; its index may be deleted, and is made again",
        )
    })
}

/// The routes of every package, each behind the guard with the package's own scopes, our own beside them, and their
/// documentation.
pub fn routes(
    register: &Arc<Folkeregister>,
    setup: &config::Folkeregisteret,
    public: &PublicUrl,
    guarding: &Guarding,
    components: &mut Components,
) -> (Router, Vec<PathDoc>) {
    let (mut router, mut docs) = (Router::new(), Vec::new());
    for pakke in Rettighetspakke::ALLE {
        let api = Api::new(register.clone(), pakke, setup.prefix.as_str(), public.clone());
        let (routes, documented) = api.ruter(components).into_parts();
        let guarded = guarding.before(Surface::Folkeregisteret, adgang(pakke), routes.with_state(api));
        router = router.merge(guarded);
        docs.extend(documented);
    }
    let names = Arc::new(Names(register.journal().clone()));
    let (routes, documented) = Utvidet::ruter(setup.extended_prefix.as_str()).into_parts();
    let routes = routes.with_state(Utvidet::new(register.clone(), names));
    docs.extend(documented);
    (router.merge(guarding.before(Surface::Folkeregisteret, Utvidet::adgang(), routes)), docs)
}

/// The register's error form, on its paths.
pub fn forms(forms: Forms, setup: &config::Folkeregisteret) -> Forms {
    forms.with(setup.prefix.as_str(), Feilform).with(setup.extended_prefix.as_str(), Feilform)
}

/// Names and addresses of organisations, as Enhetsregisteret has them in the same store.
pub(crate) struct Names(pub(crate) SharedJournal);

#[async_trait]
impl Virksomheter for Names {
    async fn hvem(&self, orgnr: Organisasjonsnummer) -> Option<Virksomhet> {
        let unit = self.0.get(ENHETER, orgnr.verdi().into(), AsOf::Now).await.ok()??;
        let unit = Dokument::les(&unit.body).ok()?;
        let address = unit.som::<Adresse>("forretningsadresse").or_else(|| unit.som("postadresse"));
        let address = address.unwrap_or_default();
        Some(Virksomhet {
            navn: unit.som("navn"),
            adresse: address.adresse,
            postnummer: address.postnummer,
            poststed: address.poststed,
            land: address.land,
            ..Virksomhet::default()
        })
    }
}
