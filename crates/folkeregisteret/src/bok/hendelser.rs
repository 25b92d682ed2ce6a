//! What a version told: its events, whose entries are those of the book.

use std::fmt::Write;

use identifikator::Personidentifikator;
use serde::Deserialize;
use serde_json::value::RawValue;
use tid::Moment;

use super::Bok;
use crate::modell::{
    DokumentForHendelse, Dokumentidentifikator, Egenskapshendelse, Entitet, Entitetsendring, Hendelse,
    Hendelsestype, Tekst, UgyldigDokument,
};

/// The version of the schema of event documents (consumer sheet, section 8.3).
const SKJEMAVERSJON: &str = "1.0";

/// An event as it is written: type, number if it is not the book's own, cause in the register before, changes.
#[derive(Deserialize)]
pub(super) struct Fortalt<'a>(
    #[serde(borrow)] &'a str,
    Option<u64>,
    Option<String>,
    #[serde(borrow)] Vec<Endret<'a>>,
);

/// A change: entity, what happened, and the entry's place in the book, or the entry itself, or none.
#[derive(Deserialize)]
struct Endret<'a>(#[serde(borrow)] &'a str, u8, #[serde(borrow)] &'a RawValue);

impl Bok<'_> {
    /// Writes the events of the newest version.
    pub(super) fn fortell(&self, hendelser: &[Hendelse]) -> String {
        let mut ut = String::from("[");
        for (i, hendelse) in hendelser.iter().enumerate() {
            let nummer = hendelse.folkeregisteridentifikator.verdi();
            let nummer = if nummer == self.person { "null".to_owned() } else { nummer.to_string() };
            let dsf = serde_json::to_string(&hendelse.hendelsesaarsak_i_dsf.as_deref()).unwrap_or_default();
            let skille = if i > 0 { "," } else { "" };
            // Writing to memory does not fail.
            let _ = write!(ut, r#"{skille}["{}",{nummer},{dsf},["#, hendelse.hendelsestype.kode());
            for (j, endring) in hendelse.egenskapshendelse.iter().enumerate() {
                let skille = if j > 0 { "," } else { "" };
                let (entitet, hva) = (endring.entitet, endring.entitetsendring as u8);
                let innslag = self.innslag_av(endring);
                let _ = write!(ut, r#"{skille}["{}",{hva},{innslag}]"#, entitet.navn());
            }
            ut.push_str("]]");
        }
        ut.push(']');
        ut
    }

    /// Where the book has the entry; the entry itself if it is not there in this form.
    fn innslag_av(&self, endring: &Egenskapshendelse) -> String {
        let Some(egenskap) = &endring.egenskap else { return "null".to_owned() };
        let json = egenskap.json();
        let rekke = &self.entiteter[egenskap.entitet() as usize];
        match rekke.innslag.iter().rposition(|innslag| innslag.json == json) {
            Some(plass) => plass.to_string(),
            None => json,
        }
    }

    pub(super) fn fortalte(&self, k: u16) -> Option<Vec<Fortalt<'_>>> {
        serde_json::from_str(self.hendelser.get(usize::from(k))?).ok()
    }

    /// The event document, as it was written.
    pub(super) fn gjenfortell(
        &self,
        k: u16,
        plass: u8,
        nokkel: Dokumentidentifikator,
    ) -> Result<Option<DokumentForHendelse>, UgyldigDokument> {
        let (Some(tekst), Some(at)) = (self.hendelser.get(usize::from(k)), self.at(k)) else {
            return Ok(None);
        };
        let fortalte: Vec<Fortalt<'_>> = serde_json::from_str(tekst)?;
        let Some(Fortalt(slag, nummer, dsf, endringer)) = fortalte.into_iter().nth(usize::from(plass)) else {
            return Ok(None);
        };
        let ugyldig = || UgyldigDokument::lagret("en hendelse kan ikke leses");
        let egenskaper = endringer.iter().map(|endring| self.gjengi(endring).ok_or_else(ugyldig)?);
        let hendelse = Hendelse {
            folkeregisteridentifikator: Personidentifikator::fra_verdi(nummer.unwrap_or(self.person))
                .ok_or_else(ugyldig)?,
            hendelsestype: Hendelsestype::av_kode(slag).ok_or_else(ugyldig)?,
            ajourholdstidspunkt: Moment::oslo(at),
            egenskapshendelse: egenskaper.collect::<Result<_, _>>()?,
            hendelsesaarsak_i_dsf: dsf.map(Tekst::tilpass),
        };
        let skjemaversjon = Tekst::tilpass(SKJEMAVERSJON);
        Ok(Some(DokumentForHendelse { dokumentidentifikator: nokkel, skjemaversjon, hendelse }))
    }

    /// A change; `None` if the book does not have what it tells of.
    fn gjengi(
        &self,
        Endret(navn, hva, hvor): &Endret<'_>,
    ) -> Option<Result<Egenskapshendelse, UgyldigDokument>> {
        let entitet = *Entitet::ALLE.iter().find(|entitet| entitet.navn() == *navn)?;
        let entitetsendring = *Entitetsendring::ALLE.get(usize::from(*hva))?;
        let json = match hvor.get() {
            "null" => return Some(Ok(Egenskapshendelse { egenskap: None, entitet, entitetsendring })),
            tekst if tekst.starts_with('{') => tekst,
            plass => {
                let rekke = &self.entiteter[entitet as usize];
                &*rekke.innslag.get(plass.parse::<usize>().ok()?)?.json
            }
        };
        let tekst = format!(r#"{{"{navn}":{json}}}"#);
        let egenskap = crate::modell::Egenskap::fra_json(tekst.as_bytes());
        Some(egenskap.map(|egenskap| Egenskapshendelse {
            egenskap: Some(egenskap),
            entitet,
            entitetsendring,
        }))
    }
}
