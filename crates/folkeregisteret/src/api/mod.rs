//! HTTP: the consumer services, one surface for each package (consumer sheet, sections 4 and 5).
//!
//! This file has the route table; each resource has a file. A handler parses, calls the register, notes the look-up in the
//! log, and represents. The routes belong behind a [`vakt::Gate`] with [`adgang`]: a handler takes the verified caller and
//! answers 500 without one. A service that the package lacks has no route.

mod arkiv;
mod bulk;
mod dokumentasjon;
mod feed;
mod feilform;
mod hendelser;
mod innsyn;
mod kall;
mod medietyper;
mod oppslag;
mod soek;
mod uttrekk;
mod xsd;

use std::sync::Arc;

use vakt::{Access, Scope};
use web::base_url::PublicUrl;
use web::openapi::Components;
use web::routes::{Table, Verb};

use crate::Folkeregister;
use crate::rettighetspakke::{Rettighetspakke, Tjeneste};
use crate::xsd::Skjema;

pub use feilform::Feilform;
pub use innsyn::Utvidet;

/// What every handler needs: the register, and the package that it answers for.
pub struct Api {
    register: Arc<Folkeregister>,
    pakke: Rettighetspakke,
    prefiks: String,
    offentlig: PublicUrl,
}

/// What opens the surface of a package: a token for its scope, or for that of industry bodies (section 2.1).
pub fn adgang(pakke: Rettighetspakke) -> Access {
    let rad = pakke.rad();
    let navn = rad.into_iter().flat_map(|rad| [Some(rad.scope), rad.scope_segmentansvarlig]).flatten();
    Access::any_of(navn.filter_map(|navn| Scope::parse(navn).ok()))
}

impl Api {
    /// The surface of a package below a path prefix such as `/folkeregisteret`.
    pub fn new(
        register: Arc<Folkeregister>,
        pakke: Rettighetspakke,
        prefiks: &str,
        offentlig: PublicUrl,
    ) -> Arc<Self> {
        let prefiks = format!("{}/{}/v1", prefiks.trim_end_matches('/'), pakke.adressedel());
        Arc::new(Self { register, pakke, prefiks, offentlig })
    }

    /// The route table, and its schemas in `skjemaer`.
    pub fn ruter(self: &Arc<Self>, skjemaer: &mut Components) -> Table<Arc<Self>> {
        let dok = dokumentasjon::Dok::ny(skjemaer, self.pakke);
        let har = |tjeneste| self.pakke.har(tjeneste);
        let mut tabell =
            Table::new(&self.prefiks, &dok.gruppe()).get("/personer", oppslag::adgang, dok.adgang());
        if har(Tjeneste::Oppslag) {
            tabell = tabell.get("/personer/{personidentifikator}", oppslag::hent, dok.oppslag());
        }
        if har(Tjeneste::Bulkoppslag) {
            tabell = tabell.route(Verb::Post, "/personer/bulkoppslag", oppslag::bulk, dok.bulk());
        }
        if har(Tjeneste::Soek) {
            tabell = tabell.get("/personer/soek", soek::liste, dok.soek());
        }
        if har(Tjeneste::Entydigsoek) {
            tabell = tabell.get("/personer/entydigsoek", soek::entydig, dok.entydigsoek());
        }
        if har(Tjeneste::Arkiv) {
            tabell = tabell.get("/personer/arkiv/{dokumentidentifikator}", arkiv::hent, dok.arkiv()).route(
                Verb::Post,
                "/personer/bulkoppslag/arkiv",
                arkiv::bulk,
                dok.arkivbulk(),
            );
        }
        if har(Tjeneste::Feed) {
            tabell = tabell.get("/hendelser/feed", feed::side, dok.feed()).get(
                "/hendelser/siste/sekvensnummer",
                feed::siste,
                dok.siste(),
            );
        }
        if har(Tjeneste::Hendelsesdokument) {
            tabell = tabell
                .get("/hendelser/{hendelsesidentifikator}", hendelser::hent, dok.hendelse())
                .route(Verb::Post, "/hendelser/bulkoppslag", hendelser::bulk, dok.hendelsesbulk());
        }
        if har(Tjeneste::Skjema) {
            for (sti, skjema) in [
                ("/personer/xsd", Skjema::Person),
                ("/hendelser/xsd", Skjema::Hendelse),
                ("/hendelser/feedxsd", Skjema::Feed),
                ("/hendelser/feed/xsd", Skjema::Feed),
            ] {
                tabell = tabell.get(sti, move |kall| xsd::hent(kall, skjema), dok.xsd(sti));
            }
        }
        if har(Tjeneste::KomplettUttrekk) {
            tabell = tabell.get("/uttrekk/komplett", uttrekk::komplett, dok.komplett());
        }
        if har(Tjeneste::TilpassetUttrekk) {
            tabell = tabell.route(Verb::Post, "/uttrekk/tilpasset", uttrekk::tilpasset, dok.tilpasset());
        }
        if har(Tjeneste::Uttrekksbatch) {
            tabell = tabell.get("/uttrekk/{jobbid}/batch/{batchnr}", uttrekk::batch, dok.batch());
        }
        tabell
    }
}
