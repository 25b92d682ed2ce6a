//! Codes with their texts, out of the code lists.

use enhetsregisteret::modell::{Kode, Kodeverdi};
use tid::Date;

/// An organisation form as documents hold it. A code that the list lacks stands for itself.
pub(crate) fn organisasjonsform(kode: &str) -> Kodeverdi {
    let rad = kodeverk::organisasjonsformer::finn(kode);
    Kodeverdi {
        kode: kode.to_owned(),
        beskrivelse: rad.map_or(kode, |r| r.beskrivelse).to_owned(),
        utgaatt: rad.and_then(|r| r.utgaatt).and_then(|dato| Date::parse(dato).ok()),
    }
}

fn med_tekst(kode: &str, beskrivelse: Option<&str>) -> Kode {
    Kode { kode: kode.to_owned(), beskrivelse: beskrivelse.unwrap_or(kode).to_owned() }
}

pub(crate) fn naeringskode(kode: &str) -> Kode {
    med_tekst(kode, kodeverk::naeringskoder::finn(kode).map(|r| r.beskrivelse))
}

pub(crate) fn sektorkode(kode: &str) -> Kode {
    med_tekst(kode, kodeverk::sektorkoder::finn(kode).map(|r| r.beskrivelse))
}

pub(crate) fn rolletype(kode: &str) -> Kode {
    med_tekst(kode, kodeverk::rolletyper::finn(kode).map(|r| r.beskrivelse))
}

pub(crate) fn rollegruppetype(kode: &str) -> Kode {
    med_tekst(kode, kodeverk::rollegruppetyper::finn(kode).map(|r| r.beskrivelse))
}

pub(crate) fn representant(kode: &str) -> Kode {
    med_tekst(kode, kodeverk::representanter::finn(kode).map(|r| r.beskrivelse))
}

/// The name of a country as the API writes it, `Norge`.
pub(crate) fn land(landkode: &str) -> String {
    kodeverk::landkoder::finn(landkode).map_or(landkode, |r| r.navn).to_owned()
}
