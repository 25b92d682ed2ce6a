//! The addresses that a person is found by.
//!
//! Homes (`bostedsadresse`) and places of stay (`oppholdsadresse`), current and past. Not shared homes, which would find
//! a child by its other parent; and not postal addresses: the one open address of those who are strengt fortrolig is the
//! same for many of them, so that a search for it would list them (consumer sheet, section 3.5).

use std::collections::BTreeSet;

use super::ord;
use crate::modell::{
    Adressenummer, Bosted, Bostedsadresse, Matrikkeladresse, Oppholdsadresse, Oppholdssted, Persondokument,
    Poststed, Vegadresse,
};

/// What stands for the number of a house on a road that has none.
pub(crate) const UTEN_NUMMER: &str = "-";

/// Which address of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Adresseslag {
    Bosted,
    Opphold,
}

/// An address, as it is compared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Soekeadresse {
    pub(crate) slag: Adresseslag,
    pub(crate) gjeldende: bool,
    /// The road, folded.
    pub(crate) gate: Option<String>,
    /// The number of the house with its letter (`12b`), or [`UTEN_NUMMER`].
    pub(crate) husnummer: Option<String>,
    pub(crate) postnummer: Option<String>,
    pub(crate) kommune: Option<String>,
}

/// The addresses of a document.
pub(crate) fn adresser(dokument: &Persondokument) -> BTreeSet<Soekeadresse> {
    let bosteder = dokument.bostedsadresse.iter().map(av_bosted);
    bosteder.chain(dokument.oppholdsadresse.iter().map(av_opphold)).collect()
}

fn av_bosted(adresse: &Bostedsadresse) -> Soekeadresse {
    let tom = Soekeadresse::tom(Adresseslag::Bosted, adresse.meta.er_gjeldende);
    match &adresse.bosted {
        Bosted::UkjentBosted(ukjent) => {
            Soekeadresse { kommune: ukjent.bostedskommune.map(|k| k.to_string()), ..tom }
        }
        Bosted::Vegadresse(veg) => tom.paa_veg(veg),
        Bosted::Matrikkeladresse(matrikkel) => tom.i_matrikkelen(matrikkel),
    }
}

fn av_opphold(adresse: &Oppholdsadresse) -> Soekeadresse {
    let tom = Soekeadresse::tom(Adresseslag::Opphold, adresse.meta.er_gjeldende);
    match &adresse.oppholdssted {
        Oppholdssted::Vegadresse(veg) => tom.paa_veg(veg),
        Oppholdssted::Matrikkeladresse(matrikkel) => tom.i_matrikkelen(matrikkel),
        Oppholdssted::UtenlandskAdresse(_) | Oppholdssted::AdressenErUkjent(_) => tom,
    }
}

impl Soekeadresse {
    fn tom(slag: Adresseslag, er_gjeldende: Option<bool>) -> Self {
        let gjeldende = er_gjeldende == Some(true);
        Self { slag, gjeldende, gate: None, husnummer: None, postnummer: None, kommune: None }
    }

    fn paa_veg(self, veg: &Vegadresse) -> Self {
        Self {
            gate: Some(ord::gate(&veg.adressenavn)),
            husnummer: Some(veg.adressenummer.as_ref().map_or(UTEN_NUMMER.to_owned(), av_nummer)),
            postnummer: postnummer(veg.poststed.as_ref()),
            kommune: Some(veg.kommunenummer.to_string()),
            ..self
        }
    }

    /// Roads only are searched by name, and no search is for numbers of the cadastre (section 9.1).
    fn i_matrikkelen(self, matrikkel: &Matrikkeladresse) -> Self {
        Self {
            postnummer: postnummer(matrikkel.poststed.as_ref()),
            kommune: Some(matrikkel.matrikkelnummer.kommunenummer.to_string()),
            ..self
        }
    }
}

fn av_nummer(nummer: &Adressenummer) -> String {
    husnummer(nummer.husnummer.tall(), nummer.husbokstav.map(crate::modell::Husbokstav::bokstav))
}

/// The number of a house as it is compared: letters small, leading zeros gone.
pub(crate) fn husnummer(tall: u16, bokstav: Option<char>) -> String {
    let mut ut = tall.to_string();
    ut.extend(bokstav.into_iter().flat_map(char::to_lowercase));
    ut
}

fn postnummer(poststed: Option<&Poststed>) -> Option<String> {
    poststed?.postnummer.map(|nummer| nummer.to_string())
}
