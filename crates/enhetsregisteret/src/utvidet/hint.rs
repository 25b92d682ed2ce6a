//! Hints: what to know about an answer that looks right and is not.
//!
//! Each is about a plausible question that gets a misleading answer with status 200. Nothing is made up: a successor
//! of an industry code is named only where the two standards have the very same text.

use std::fmt::Write as _;

use kodeverk::{Naeringskode, naeringskoder, naeringskoder_sn2025};
use serde::Serialize;
use sok::View;
use web::query::Query;

use super::sok::Navnetreff;
use crate::modell::{Enhetstype, Versjon};
use crate::sporring::les::{Lesemaate, les};
use crate::sporring::parametre::parametre;
use crate::{Enhetsregister, Feil};

/// So many filters are taken away, one at a time, to find out why there are no hits.
const MAKS_PROVER: usize = 20;

/// What a hint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Hinttype {
    /// The industry code is of the standard that went out in 2025, or means something else in the new one.
    UtgaattNaeringskode,
    /// The industry code came with the standard of 2025.
    NyNaeringskode,
    /// Neither standard has the industry code.
    UkjentNaeringskode,
    /// The filter sees numbers of employees that the answer does not show.
    SkjulteAnsatte,
    /// The filter leaves out whole trades that are exempt from value added tax.
    UnntattMva,
    /// Some hits have the name with typing errors.
    Skrivefeil,
    /// No name has all the words.
    DelvisNavn,
    /// There are no hits, and this filter alone is the reason.
    FilterUtenTreff,
    /// There are no hits, and no single filter is the reason.
    IngenTreff,
    /// Selection and order are no longer those of the first page.
    NyVisning,
}

/// A hint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Hint {
    /// What it is about.
    #[serde(rename = "type")]
    pub type_: Hinttype,
    /// For people, in bokmål.
    pub tekst: String,
    /// The parameter it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Values to try instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forslag: Vec<String>,
    /// How many hits there are then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub antall: Option<u64>,
}

impl Hint {
    fn ny(type_: Hinttype, parameter: &str, tekst: String) -> Self {
        let parameter = (!parameter.is_empty()).then(|| parameter.to_owned());
        Self { type_, tekst, parameter, forslag: Vec::new(), antall: None }
    }

    /// That the cursor's view is gone.
    pub fn ny_visning() -> Self {
        let tekst = "Visningen fra første side er ikke lenger holdt. Resten er søkt fram i registeret slik det er nå: \
            enheter som er endret i mellomtiden, kan mangle eller komme to ganger.";
        Self::ny(Hinttype::NyVisning, "markoer", tekst.to_owned())
    }
}

/// Hints that follow from the question alone.
pub fn om_sporsmaalet(query: &Query) -> Vec<Hint> {
    let mut ut: Vec<Hint> = query.list("naeringskode").into_iter().filter_map(om_naeringskode).collect();
    for parameter in ["fraAntallAnsatte", "tilAntallAnsatte"] {
        if matches!(query.first(parameter), Some("1" | "4")) {
            let tekst =
                "Filteret ser det virkelige antallet. 1 til 4 ansatte vises ikke i svaret: se _ansatte.";
            ut.push(Hint::ny(Hinttype::SkjulteAnsatte, parameter, tekst.to_owned()));
        }
    }
    let helse = query.list("naeringskode").iter().any(|kode| kode.starts_with("86") || *kode == "Q");
    if helse && query.first("registrertIMvaregisteret") == Some("true") {
        let tekst = "Helsetjenester er unntatt fra merverdiavgift, så de fleste er ikke i Mva-registeret.";
        ut.push(Hint::ny(Hinttype::UnntattMva, "registrertIMvaregisteret", tekst.to_owned()));
    }
    ut
}

/// A hint about how the name was found.
pub fn om_navnet(navnetreff: Navnetreff) -> Option<Hint> {
    match navnetreff {
        Navnetreff::Eksakt => None,
        Navnetreff::MedSkrivefeil(eksakte) => {
            let tekst =
                format!("{eksakte} treff har navnet slik det er skrevet; de øvrige er med skrivefeil.");
            Some(Hint::ny(Hinttype::Skrivefeil, "navn", tekst))
        }
        Navnetreff::Delvis => {
            let tekst = "Ingen navn har alle ordene. Treffene har noen av dem.";
            Some(Hint::ny(Hinttype::DelvisNavn, "navn", tekst.to_owned()))
        }
    }
}

fn om_naeringskode(kode: &str) -> Option<Hint> {
    let (gammel, ny) = (naeringskoder::finn(kode), naeringskoder_sn2025::finn(kode));
    let lik = |a: &Naeringskode, b: &Naeringskode| {
        a.nivaa == b.nivaa && a.beskrivelse.to_lowercase() == b.beskrivelse.to_lowercase()
    };
    let koder = |liste: &'static [Naeringskode], som: &Naeringskode| -> Vec<String> {
        liste.iter().filter(|rad| lik(rad, som) && rad.kode != kode).map(|rad| rad.kode.to_owned()).collect()
    };
    let (type_, tekst, forslag) = match (gammel, ny) {
        (Some(gammel), Some(ny)) if lik(gammel, ny) => return None,
        (Some(gammel), ny) => {
            let etterfolgere = koder(naeringskoder_sn2025::alle(), gammel);
            let mut tekst = format!("{kode} ({}) er etter SN2007, som gikk ut i 2025.", gammel.beskrivelse);
            if let Some(ny) = ny {
                // Writing to a String cannot fail.
                let _ = write!(tekst, " I SN2025 betyr koden noe annet: {}.", ny.beskrivelse);
            }
            tekst.push_str(if etterfolgere.is_empty() {
                " SN2025 har ingen kode med samme tekst."
            } else {
                " SN2025 har samme tekst på kodene i forslag."
            });
            (Hinttype::UtgaattNaeringskode, tekst, etterfolgere)
        }
        (None, Some(ny)) => {
            let forgjengere = koder(naeringskoder::alle(), ny);
            let tekst = format!(
                "{kode} ({}) kom med SN2025. Enheter som ennå har kode etter SN2007, er ikke med.",
                ny.beskrivelse
            );
            (Hinttype::NyNaeringskode, tekst, forgjengere)
        }
        (None, None) => {
            let tekst = format!("Verken SN2007 eller SN2025 har koden {kode}.");
            (Hinttype::UkjentNaeringskode, tekst, Vec::new())
        }
    };
    Some(Hint { forslag, ..Hint::ny(type_, "naeringskode", tekst) })
}

impl Enhetsregister {
    /// Why there are no hits: which filter, taken away alone, lets some come.
    ///
    /// # Errors
    /// When the index fails.
    pub async fn hvorfor_ingen_treff(
        &self,
        kind: Enhetstype,
        query: &Query,
        visning: &View,
    ) -> Result<Vec<Hint>, Feil> {
        let maate = Lesemaate { kind, versjon: Versjon::V2, utvidet: true, streng: false };
        let egne = ["tekst"];
        let brukte = parametre(kind, true).map(|p| p.navn).chain(egne).filter(|navn| query.has(navn));
        let brukte: Vec<&str> =
            brukte.filter(|navn| *navn != "navnMetodeForSoek").take(MAKS_PROVER).collect();
        let mut ut = Vec::new();
        for navn in brukte {
            let uten = query.without(&[navn]);
            let mut sporring = les(&uten, maate)?.sporring;
            sporring.filtre.extend(super::sok::fritekst(uten.first("tekst").unwrap_or("")));
            let antall = self.tell(kind, &sporring, visning).await?;
            if antall > 0 {
                let tekst = format!("Uten {navn} er det {antall} treff.");
                ut.push(Hint { antall: Some(antall), ..Hint::ny(Hinttype::FilterUtenTreff, navn, tekst) });
            }
        }
        if ut.is_empty() {
            let tekst = "Ingen treff, og ikke uten noe enkelt av filtrene heller.";
            ut.push(Hint::ny(Hinttype::IngenTreff, "", tekst.to_owned()));
        }
        Ok(ut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_successor_has_the_same_text() {
        let mut med_forslag = 0;
        for gammel in naeringskoder::alle() {
            let Some(hint) = om_naeringskode(gammel.kode) else {
                let ny = naeringskoder_sn2025::finn(gammel.kode).unwrap();
                assert_eq!(gammel.beskrivelse.to_lowercase(), ny.beskrivelse.to_lowercase());
                continue;
            };
            assert_eq!(hint.type_, Hinttype::UtgaattNaeringskode, "{}", gammel.kode);
            for forslag in &hint.forslag {
                let ny = naeringskoder_sn2025::finn(forslag).unwrap();
                assert_eq!(gammel.beskrivelse.to_lowercase(), ny.beskrivelse.to_lowercase());
                med_forslag += 1;
            }
        }
        assert!(med_forslag > 50, "{med_forslag}");
        assert_eq!(om_naeringskode("99.999").unwrap().type_, Hinttype::UkjentNaeringskode);
    }

    #[test]
    fn questions_that_mislead() {
        let typer = |query: &str| -> Vec<Hinttype> {
            om_sporsmaalet(&Query::parse(query)).iter().map(|hint| hint.type_).collect()
        };
        assert_eq!(typer("navn=fjord"), []);
        assert_eq!(typer("fraAntallAnsatte=1"), [Hinttype::SkjulteAnsatte]);
        assert_eq!(typer("tilAntallAnsatte=0"), []);
        assert!(typer("naeringskode=86&registrertIMvaregisteret=true").contains(&Hinttype::UnntattMva));
        assert!(!typer("naeringskode=01&registrertIMvaregisteret=true").contains(&Hinttype::UnntattMva));
    }
}
