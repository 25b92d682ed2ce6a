//! Pages of the upstream's feeds (fact sheet sections 11.1 and 11.2).

use identifikator::Organisasjonsnummer;
use serde::Deserialize;
use tid::Timestamp;

use super::markor::Sted;
use super::oppstroms::{Oppstroms, Oppstromsfeil};
use crate::endring::{Endringstype, Gjengitt};
use crate::import::Innhold;
use crate::modell::Enhetstype;

/// One page, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) hendelser: Vec<Gjengitt>,
    /// Entries on the page as it came. Fewer than asked for: there is no more now.
    pub(super) lest: usize,
    /// Entries at or above the place asked for, those of the page included, as far as the upstream says.
    pub(super) totalt: u64,
}

impl Oppstroms {
    /// The page after a place in a feed. What the upstream repeats of earlier pages, or within the page, is left out.
    pub(super) async fn side(&self, strom: Innhold, etter: Sted, antall: u64) -> Result<Side, Oppstromsfeil> {
        let (rute, parametere) = stedet(strom, etter);
        let kropp = self.funnet(rute, &format!("{rute}?{parametere}&size={antall}")).await?;
        let mut side = les(strom, &kropp).map_err(|arsak| Oppstromsfeil::Uleselig { rute, arsak })?;
        let mut siste = if let Sted::Id(id) = etter { id } else { 0 };
        side.hendelser.retain(|hendelse| {
            let ny = hendelse.nummer > siste;
            siste = siste.max(hendelse.nummer);
            ny
        });
        Ok(side)
    }

    /// Whether there is an event about a unit after a place.
    pub(super) async fn har_hendelse_om(
        &self,
        strom: Innhold,
        etter: Sted,
        orgnr: Organisasjonsnummer,
    ) -> Result<bool, Oppstromsfeil> {
        let (rute, parametere) = stedet(strom, etter);
        let sti = format!("{rute}?{parametere}&organisasjonsnummer={orgnr}&size=1");
        let kropp = self.funnet(rute, &sti).await?;
        let side = les(strom, &kropp).map_err(|arsak| Oppstromsfeil::Uleselig { rute, arsak })?;
        Ok(side.lest > 0)
    }
}

/// The route of a feed, and the parameter that names what comes after a place.
fn stedet(strom: Innhold, etter: Sted) -> (&'static str, String) {
    match strom {
        // Both bounds of the unit feeds are inclusive.
        Innhold::Enheter(kind) => (
            match kind {
                Enhetstype::Enhet => "/oppdateringer/enheter",
                Enhetstype::Underenhet => "/oppdateringer/underenheter",
            },
            match etter {
                Sted::Tid(tid) => format!("dato={tid}"),
                Sted::Id(id) => format!("oppdateringsid={}", id + 1),
            },
        ),
        // Both bounds of the role feed are exclusive, and an id is at least 1.
        Innhold::Roller => (
            "/oppdateringer/roller",
            match etter {
                Sted::Tid(tid) => format!("afterTime={}", tid.plus_millis(-1)),
                Sted::Id(id) => format!("afterId={}", id.max(1)),
            },
        ),
    }
}

fn les(strom: Innhold, kropp: &[u8]) -> Result<Side, String> {
    match strom {
        Innhold::Enheter(kind) => enhetsside(kropp, kind),
        Innhold::Roller => rolleside(kropp),
    }
}

#[derive(Deserialize)]
struct Enhetsside {
    #[serde(rename = "_embedded")]
    innhold: Option<Innebygd>,
    page: Option<Sidetall>,
}

#[derive(Deserialize)]
struct Innebygd {
    #[serde(rename = "oppdaterteEnheter", alias = "oppdaterteUnderenheter")]
    liste: Vec<Oppforing>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sidetall {
    total_elements: u64,
}

#[derive(Deserialize)]
struct Oppforing {
    oppdateringsid: u64,
    dato: String,
    organisasjonsnummer: String,
    endringstype: String,
}

fn enhetsside(kropp: &[u8], kind: Enhetstype) -> Result<Side, String> {
    let lest: Enhetsside = serde_json::from_slice(kropp).map_err(|feil| feil.to_string())?;
    let liste = lest.innhold.map(|innhold| innhold.liste).unwrap_or_default();
    let hendelser = liste
        .iter()
        .map(|o| {
            Ok(Gjengitt {
                feed: kind.feed(),
                orgnr: orgnr(&o.organisasjonsnummer)?,
                endringstype: Endringstype::fra_ord(&o.endringstype),
                nummer: o.oppdateringsid,
                at: tid(&o.dato)?,
            })
        })
        .collect::<Result<Vec<_>, String>>()?;
    let totalt = lest.page.map_or(0, |page| page.total_elements).max(liste.len() as u64);
    Ok(Side { hendelser, lest: liste.len(), totalt })
}

#[derive(Deserialize)]
struct Skyhendelse {
    id: String,
    time: String,
    data: Skydata,
}

#[derive(Deserialize)]
struct Skydata {
    organisasjonsnummer: String,
}

fn rolleside(kropp: &[u8]) -> Result<Side, String> {
    let liste: Vec<Skyhendelse> = serde_json::from_slice(kropp).map_err(|feil| feil.to_string())?;
    let hendelser = liste
        .iter()
        .map(|hendelse| {
            Ok(Gjengitt {
                feed: crate::endring::OPPDATERTE_ROLLER,
                orgnr: orgnr(&hendelse.data.organisasjonsnummer)?,
                endringstype: Endringstype::Endring,
                nummer: hendelse.id.parse().map_err(|_| "id er ikke et heltall".to_owned())?,
                at: tid(&hendelse.time)?,
            })
        })
        .collect::<Result<Vec<_>, String>>()?;
    Ok(Side { hendelser, lest: liste.len(), totalt: liste.len() as u64 })
}

fn orgnr(tekst: &str) -> Result<Organisasjonsnummer, String> {
    tekst.parse().map_err(|_| "et organisasjonsnummer er ikke ni siffer".to_owned())
}

fn tid(tekst: &str) -> Result<Timestamp, String> {
    Timestamp::parse(tekst).map_err(|feil| feil.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_as_the_sheet_shows_them() {
        let side = br#"{ "_embedded" : { "oppdaterteUnderenheter" : [ { "oppdateringsid" : 7, "dato" :
            "2024-01-17T05:01:31.544Z", "organisasjonsnummer" : "310100005", "endringstype" : "Fjernet",
            "ukjent" : 1 } ] }, "page" : { "size" : 1, "totalElements" : 3, "totalPages" : 3, "number" : 0 } }"#;
        let lest = enhetsside(side, Enhetstype::Underenhet).unwrap();
        assert_eq!((lest.lest, lest.totalt, lest.hendelser[0].nummer), (1, 3, 7));
        assert_eq!(lest.hendelser[0].endringstype, Endringstype::Fjernet);
        let tom = enhetsside(br#"{ "page" : { "totalElements" : 0 } }"#, Enhetstype::Enhet).unwrap();
        assert_eq!(tom, Side { hendelser: vec![], lest: 0, totalt: 0 });

        let rolle = br#"[{"specversion":"1.0","id":"4577230","source":"x","type":"y",
            "time":"2024-01-17T05:12:09.113Z","data":{"organisasjonsnummer":"310100005"}}]"#;
        assert_eq!(rolleside(rolle).unwrap().hendelser[0].nummer, 4_577_230);
        assert!(rolleside(br#"[{"id":"x","time":"2024-01-17T05:12:09.113Z","data":{"organisasjonsnummer":"310100005"}}]"#).is_err());
    }
}
