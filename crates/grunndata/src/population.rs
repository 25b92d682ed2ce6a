//! Folkeregisteret in the program: opened from configuration and data directory, and put behind the guard.

use std::sync::Arc;

use axum::Router;
use folkeregisteret::api::{Api, Feilform, adgang};
use folkeregisteret::{Folkeregister, Oppsett, Rettighetspakke};
use journal::SharedJournal;
use tid::{Clock, Random};
use web::base_url::PublicUrl;
use web::fault::Forms;
use web::openapi::Components;
use web::routes::PathDoc;

use crate::config::Config;
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

/// The routes of every package, each behind the guard with the package's own scopes, and their documentation.
pub fn routes(
    register: &Arc<Folkeregister>,
    prefix: &str,
    public: &PublicUrl,
    guarding: &Guarding,
    components: &mut Components,
) -> (Router, Vec<PathDoc>) {
    let (mut router, mut docs) = (Router::new(), Vec::new());
    for pakke in Rettighetspakke::ALLE {
        let api = Api::new(register.clone(), pakke, prefix, public.clone());
        let (routes, documented) = api.ruter(components).into_parts();
        let guarded = guarding.before(Surface::Folkeregisteret, adgang(pakke), routes.with_state(api));
        router = router.merge(guarded);
        docs.extend(documented);
    }
    (router, docs)
}

/// The register's error form, on its paths.
pub fn forms(forms: Forms, prefix: &str) -> Forms {
    forms.with(prefix, Feilform)
}
