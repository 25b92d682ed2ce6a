//! HTTP: the open-data API, all 26 endpoints of the fact sheet's section 4.
//!
//! This file has the route table; each resource has a file. A handler parses, calls the register and represents.
//! Our own surface is [`utvidet`]. Handlers and documentation go into the table together, so the OpenAPI document tells of exactly what is served.

mod dokumentasjon;
mod enheter;
mod feilform;
mod kall;
mod koder;
mod lastned;
mod matrikkel;
mod medietyper;
mod oppdateringer;
mod roller;
mod rot;
pub mod skjema;
mod svarlager;
mod utvidet;

use std::sync::Arc;

use web::base_url::PublicUrl;
use web::openapi::Components;
use web::routes::Table;

pub use feilform::Feilform;

use self::svarlager::Svarlager;
use crate::Enhetsregister;
use crate::lastned::Fil;
use crate::modell::Enhetstype::{Enhet, Underenhet};
use crate::utvidet::visning::Visninger;

/// What every handler needs.
pub struct Api {
    register: Arc<Enhetsregister>,
    prefiks: String,
    /// Where the imitated surface is: what links in documents begin with.
    lenkebase: String,
    offentlig: PublicUrl,
    visninger: Visninger,
    svarlager: Svarlager,
}

impl Api {
    /// The API of a register below a path prefix such as `/enhetsregisteret/api`.
    pub fn new(register: Arc<Enhetsregister>, prefiks: &str, offentlig: PublicUrl) -> Arc<Self> {
        Self::utvidet(register, prefiks, prefiks, offentlig)
    }

    /// Our own surface below a path prefix such as `/enhetsregisteret/utvidet`, beside the API at `lenkebase`.
    pub fn utvidet(
        register: Arc<Enhetsregister>,
        prefiks: &str,
        lenkebase: &str,
        offentlig: PublicUrl,
    ) -> Arc<Self> {
        let uten_strek = |prefiks: &str| prefiks.trim_end_matches('/').to_owned();
        let (prefiks, lenkebase) = (uten_strek(prefiks), uten_strek(lenkebase));
        let svarlager = Svarlager::new(register.oppsett().svarlager);
        Arc::new(Self { register, prefiks, lenkebase, offentlig, visninger: Visninger::default(), svarlager })
    }

    /// The Parquet files, which the real service does not have: on a prefix of their own.
    pub fn parquetruter(self: &Arc<Self>, prefiks: &str, skjemaer: &mut Components) -> Table<Arc<Self>> {
        let dok = dokumentasjon::Dok::new(skjemaer, self.register.oppsett());
        let tabell = Table::new(prefiks, "Parquet");
        let filer = [
            ("enheter", Fil::Parquet(Enhet)),
            ("underenheter", Fil::Parquet(Underenhet)),
            ("roller", Fil::ParquetRoller),
        ];
        filer.into_iter().fold(tabell, |tabell, (hva, fil)| {
            let sti = format!("/lastned/parquet/{hva}");
            tabell.get(&sti, move |kall| lastned::parquet(kall, fil), dok.lastned_parquet(hva))
        })
    }

    /// The route table, and its schemas in `skjemaer`.
    pub fn ruter(self: &Arc<Self>, skjemaer: &mut Components) -> Table<Arc<Self>> {
        let dok = dokumentasjon::Dok::new(skjemaer, self.register.oppsett());
        let mut tabell = Table::new(&self.prefiks, "Generelt").get("/", rot::vis, dok.rot());
        for kind in [Enhet, Underenhet] {
            let stier = kind.flertall();
            let sti = |resten: &str| format!("/{stier}{resten}");
            tabell = tabell
                .tag(if kind == Enhet { "Enheter" } else { "Underenheter" })
                .get(&sti(""), move |kall| enheter::sok(kall, kind), dok.sok(kind))
                .get(&sti("/lastned"), move |kall| lastned::json(kall, kind), dok.lastned_json(kind))
                .get(&sti("/lastned/csv"), move |kall| lastned::csv(kall, kind), dok.lastned_csv(kind))
                .get(
                    &sti("/lastned/regneark"),
                    move |kall| lastned::regneark(kall, kind),
                    dok.lastned_regneark(kind),
                )
                .get(&sti("/{orgnr}"), move |kall| enheter::hent(kall, kind), dok.hent(kind));
        }
        tabell
            .tag("Roller")
            .get("/enheter/{orgnr}/roller", roller::hent, dok.roller())
            .get("/roller/totalbestand", lastned::roller, dok.lastned_roller())
            .get("/roller/rolletyper", koder::rolletyper, dok.kodeliste("rolletype", "rolletyper"))
            .get("/roller/rolletyper/{kode}", koder::rolletype, dok.kode("rolletype"))
            .get(
                "/roller/rollegruppetyper",
                koder::rollegruppetyper,
                dok.kodeliste("rollegruppetype", "rollegruppetyper"),
            )
            .get("/roller/rollegruppetyper/{kode}", koder::rollegruppetype, dok.kode("rollegruppetype"))
            .get(
                "/roller/representanter",
                koder::representanter,
                dok.kodeliste("representant", "representanter"),
            )
            .get("/roller/representanter/{kode}", koder::representant, dok.kode("representant"))
            .tag("Oppdateringer")
            .get(
                "/oppdateringer/enheter",
                |kall| oppdateringer::enheter(kall, Enhet),
                dok.oppdateringer(Enhet),
            )
            .get(
                "/oppdateringer/underenheter",
                |kall| oppdateringer::enheter(kall, Underenhet),
                dok.oppdateringer(Underenhet),
            )
            .get("/oppdateringer/roller", oppdateringer::roller, dok.rolleoppdateringer())
            .tag("Organisasjonsformer")
            .get(
                "/organisasjonsformer",
                koder::organisasjonsformer,
                dok.organisasjonsformer("organisasjonsformer"),
            )
            .get(
                "/organisasjonsformer/enheter",
                koder::for_enheter,
                dok.organisasjonsformer("organisasjonsformer_enheter"),
            )
            .get(
                "/organisasjonsformer/underenheter",
                koder::for_underenheter,
                dok.organisasjonsformer("organisasjonsformer_underenheter"),
            )
            .get("/organisasjonsformer/{kode}", koder::organisasjonsform, dok.kode("organisasjonsform"))
            .tag("Kommuner")
            .get("/kommuner", koder::kommuner, dok.kommuner())
            .get("/kommuner/{kommunenr}", koder::kommune, dok.kommune())
            .tag("Matrikkelenheter")
            .get("/matrikkelenhet", matrikkel::sok, dok.matrikkel())
    }
}
