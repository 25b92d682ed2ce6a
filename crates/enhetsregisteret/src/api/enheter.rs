//! Units: search and look-up (fact sheet sections 7, 8, 9).

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use journal::Version;
use web::hal::{Envelope, PageInfo, Paging};
use web::respond::{ETag, Validators, conditional, represent};

use super::kall::{Avslag, Kall, Svar};
use super::medietyper;
use super::svarlager::Lagret;
use crate::Oppslag;
use crate::modell::{Enhetstype, Versjon};
use crate::representasjon::{self, Form};
use crate::sporring::les::Lesemaate;
use crate::sporring::regler::orgnr_i_sti;
use crate::sporring::{self, Sortering};

/// `GET /enheter`, `GET /underenheter`.
pub async fn sok(kall: Kall, kind: Enhetstype) -> Response {
    let svar = svar_paa_sok(&kall, kind).await;
    kall.svar(svar)
}

async fn svar_paa_sok(kall: &Kall, kind: Enhetstype) -> Svar {
    let tilbud = kall.forhandle(medietyper::enhet(kind, kall.register().oppsett().versjon1))?;
    let lest = sporring::les(&kall.query, kall.lesemaate(kind, tilbud.tag))?;
    let treff = kall.register().sok(kind, &lest.sporring, lest.side.offset(), lest.side.size).await?;
    let base = kall.base();
    let mut konvolutt = Envelope::new(kind.flertall());
    let mut buffer = Vec::new();
    for enhet in &treff.enheter {
        buffer.clear();
        representasjon::enhet(&mut buffer, &enhet.body, kind, kall.form(tilbud.tag), &base)?;
        konvolutt.item(&buffer);
    }
    let kropp = kall.side(konvolutt, kind.flertall(), lest.side.of(treff.antall), &lest.sporring.sortering);
    Ok(represent(kropp, tilbud.media_type))
}

impl Kall {
    /// How this call's search parameters are read.
    pub fn lesemaate(&self, kind: Enhetstype, versjon: Versjon) -> Lesemaate {
        let oppsett = self.register().oppsett();
        Lesemaate {
            kind,
            versjon,
            utvidet: oppsett.utvidede_felter,
            streng: oppsett.avvis_ukjente_parametere,
        }
    }

    /// How units are represented.
    pub fn form(&self, versjon: Versjon) -> Form {
        Form { versjon, utvidet: self.register().oppsett().utvidede_felter }
    }

    /// Ends a page with its links. `ressurs` is the path below the prefix.
    pub fn side(
        &self,
        konvolutt: Envelope<'_>,
        ressurs: &str,
        page: PageInfo,
        sortering: &[Sortering],
    ) -> Vec<u8> {
        let address = format!("{}/{ressurs}", self.base());
        let sort: Vec<String> = sortering.iter().map(|s| format!("{},{}", s.felt, s.retning.ord())).collect();
        let lenker = Paging { address: &address, query: &self.query, page, sort: &sort }.links();
        konvolutt.finish(&lenker, Some(&page))
    }
}

/// `GET /enheter/{orgnr}`, `GET /underenheter/{orgnr}`.
pub async fn hent(kall: Kall, kind: Enhetstype) -> Response {
    let svar = svar_paa_oppslag(&kall, kind).await;
    kall.svar(svar)
}

async fn svar_paa_oppslag(kall: &Kall, kind: Enhetstype) -> Svar {
    let tilbud = kall.forhandle(medietyper::enhet(kind, kall.register().oppsett().versjon1))?;
    let orgnr = orgnr_i_sti(kall.stiverdier.get("orgnr"))?;
    let send = |svar: &Lagret| {
        let kropp = || represent(svar.kropp.clone(), tilbud.media_type);
        Ok(conditional(&kall.hoder, &svar.gyldighet, kropp))
    };
    let (nokkel, base) = ((kind, orgnr, tilbud.tag), kall.base());
    // The mark comes before the read: what is written in between makes the kept answer void, never wrong.
    let merke = kall.register().merke(kind, orgnr);
    let lager = &kall.api.svarlager;
    if let Some(svar) = merke.and_then(|merke| lager.hent(nokkel, merke, &base)) {
        return send(&svar);
    }
    match kall.register().hent(kind, orgnr).await? {
        Oppslag::Ukjent => Err(Avslag::IkkeFunnet),
        Oppslag::Fjernet(gravstein) => fjernet(kall, kind, &gravstein.body),
        Oppslag::Funnet(enhet) => {
            let kropp = kropp(&enhet, kind, kall.form(tilbud.tag), &base)?;
            let etag = ETag::weak(&format!("{}-{:?}", enhet.seq, tilbud.tag));
            let gyldighet = Validators { etag: Some(etag), last_modified: None };
            let svar = Arc::new(Lagret { merke, base, gyldighet, kropp });
            if merke.is_some() {
                lager.legg(nokkel, Arc::clone(&svar));
            }
            send(&svar)
        }
    }
}

/// A unit as it is sent.
fn kropp(enhet: &Version, kind: Enhetstype, form: Form, base: &str) -> Result<Bytes, Avslag> {
    let mut kompakt = Vec::with_capacity(enhet.body.len() + 512);
    representasjon::enhet(&mut kompakt, &enhet.body, kind, form, base)?;
    let mut kropp = Vec::with_capacity(kompakt.len() * 2);
    web::json::pretty_into(&mut kropp, &kompakt, 0);
    kropp.shrink_to_fit();
    Ok(kropp.into())
}

/// 410 with what is left of a removed unit (sheet section 8.5).
pub fn fjernet(kall: &Kall, kind: Enhetstype, gravstein: &[u8]) -> Svar {
    let mut kompakt = Vec::new();
    representasjon::fjernet(&mut kompakt, gravstein, kind, &kall.base())?;
    let mut kropp = Vec::new();
    web::json::pretty_into(&mut kropp, &kompakt, 0);
    let type_ = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((StatusCode::GONE, type_, kropp).into_response())
}
