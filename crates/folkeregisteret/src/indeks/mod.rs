//! What a person is found by: the document as fields of a search index.
//!
//! One person is one document of the index, under the number of the person's book. The values come out of the rights
//! filter ([`Rettighetspakke::filtrer`]), not beside it: what omh does not get of a person is in no field. Of addresses,
//! what every package gets is in fields of its own, and the rest in fields that only omh searches; what else only some
//! packages get is asked for by only those ([`crate::sporring`]). So nobody finds a person by what would not be shown to
//! them. The one exception is documented: `navn` with `identifikasjonsnummer` is for every package, those that never see
//! a number too (consumer sheet, section 9.1).

mod adresse;
mod felter;
pub mod fonetikk;
pub mod ord;
mod spor;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use journal::{SharedJournal, Version};
use sok::{Document, Field, Follower, Index, SearchError};

pub(crate) use adresse::{Adresseslag, UTEN_NUMMER, husnummer};
pub(crate) use felter::{Adressefelter, Felter, Tidsfelt};
pub(crate) use spor::{alle as alle_spor, merket};

use adresse::{Soekeadresse, adresser};
use fonetikk::noekkel;
use ord::ord;

use crate::bok::{Oppslag, les_oppslag};
use crate::endring::{HENDELSER, PERSONER};
use crate::modell::{
    Entitet, Folkeregisterpersonnavn, Persondokument, Personidentifikasjon, Personstatus, UgyldigDokument,
};
use crate::plass::Hendelsesplass;
use crate::register::leder_til;
use crate::sporring::Statusgruppe;
use crate::{Deler, Rettighetspakke, Utlevering, Vern};

/// The number of the index's form. A higher one makes running installations build their index anew.
const INDEKSVERSJON: u32 = 1;

/// Where a person lives and stays.
const ADRESSER: [Entitet; 2] = [Entitet::Bostedsadresse, Entitet::Oppholdsadresse];

/// What something is found by.
const SOEKBARE: [Entitet; 14] = [
    Entitet::Identifikasjonsnummer,
    Entitet::Legitimasjonsdokument,
    Entitet::Status,
    Entitet::UtlendingsmyndighetenesIdentifikasjonsnummer,
    Entitet::UtenlandskPersonidentifikasjon,
    Entitet::Kjoenn,
    Entitet::Foedsel,
    Entitet::Sivilstand,
    Entitet::Doedsfall,
    Entitet::Navn,
    Entitet::Statsborgerskap,
    ADRESSER[0],
    ADRESSER[1],
    // Not found by: it decides who sees the addresses.
    Entitet::Adressebeskyttelse,
];

/// The search index of the register's persons. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Personindeks {
    index: Index,
    felter: Felter,
}

impl Personindeks {
    /// Opens the index in a directory of its own. It answers when a follower has built it.
    ///
    /// # Errors
    /// When the directory cannot be made or read.
    pub fn open(mappe: &Path) -> Result<Self, SearchError> {
        let (skjema, felter) = Felter::ny()?;
        Ok(Self { index: Index::open(mappe, skjema, INDEKSVERSJON)?, felter })
    }

    /// The index itself: its position, its size, its health.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// What builds the index and keeps it in step with the feed.
    pub fn folger(&self, journal: SharedJournal) -> Follower {
        let felter = self.felter;
        let avbild = move |versjon: &Version| match felter.av_lagret(versjon.id, &versjon.body) {
            Ok(dokument) => dokument,
            Err(feil) => {
                tracing::error!(%feil, seq = %versjon.seq, "en lagret person kan ikke indekseres");
                None
            }
        };
        Follower::new(journal, HENDELSER, PERSONER, self.index.clone(), Arc::new(avbild))
            .with_route(|subjekt| Hendelsesplass::av(subjekt).nummer, |versjon| leder_til(&versjon.body))
    }

    pub(crate) fn felter(&self) -> &Felter {
        &self.felter
    }
}

/// Part of a name, as the letter that its words stand under in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Navneledd {
    Fornavn,
    Mellomnavn,
    Etternavn,
}

impl Navneledd {
    pub(crate) const ALLE: [Self; 3] = [Self::Fornavn, Self::Mellomnavn, Self::Etternavn];

    /// A word of this part as it stands in the index.
    pub(crate) fn merket(self, ord: &str) -> String {
        let bokstav = match self {
            Self::Fornavn => 'f',
            Self::Mellomnavn => 'm',
            Self::Etternavn => 'e',
        };
        format!("{bokstav}{ord}")
    }
}

impl Felter {
    /// What stands under a number as a document of the index; `None` when that is no person, or one who was merged away.
    fn av_lagret(&self, id: u64, tekst: &[u8]) -> Result<Option<Document>, UgyldigDokument> {
        let Oppslag::Bok(bok) = les_oppslag(id, tekst)? else { return Ok(None) };
        let Some(k) = bok.siste() else { return Ok(None) };
        let (omh, deler) = (Rettighetspakke::OffentligMedHjemmel, Deler::med_historikk(&SOEKBARE));
        let Some(synlig) = bok.utlever(k, omh, &deler, Vern::Ingen)? else { return Ok(None) };
        let synlig = synlig.dokument();
        let aapne = adresser(aapent(synlig).dokument());
        let graderte = adresser(synlig).difference(&aapne).cloned().collect();
        let mut ut = Innslag { ut: Document::new(id), sett: BTreeSet::new() };
        ut.ut.number(self.gjeldende_nummer, gjeldende_nummer(synlig).unwrap_or(id).cast_signed());
        ut.person(self, synlig);
        ut.adresser(&self.aapne, &aapne);
        ut.adresser(&self.graderte, &graderte);
        Ok(Some(ut.ut))
    }
}

/// What every package sees of the addresses: what one without authority does, all do.
fn aapent(synlig: &Persondokument) -> Utlevering {
    let bare = Persondokument {
        adressebeskyttelse: synlig.adressebeskyttelse.clone(),
        bostedsadresse: synlig.bostedsadresse.clone(),
        oppholdsadresse: synlig.oppholdsadresse.clone(),
        ..Persondokument::default()
    };
    Rettighetspakke::PrivatUtenFolkeregisteridentifikator.filtrer(bare, &Deler::med_historikk(&ADRESSER))
}

fn gjeldende_nummer(person: &Persondokument) -> Option<u64> {
    let gjeldende = person.identifikasjonsnummer.iter().find(|n| n.meta.er_gjeldende == Some(true));
    gjeldende.map(|nummer| nummer.foedsels_eller_d_nummer.verdi())
}

/// A document of the index that is being made.
struct Innslag {
    ut: Document,
    /// The words that are there, so that none is there twice.
    sett: BTreeSet<(u8, String)>,
}

impl Innslag {
    fn ord(&mut self, felt: Field, ord: impl Into<String>) {
        self.ut.keyword(felt, ord);
    }

    fn person(&mut self, felter: &Felter, person: &Persondokument) {
        for nummer in &person.identifikasjonsnummer {
            self.ord(felter.nummer, nummer.foedsels_eller_d_nummer.vis().to_string());
        }
        for navn in &person.navn {
            self.navn(felter, navn);
        }
        for foedsel in &person.foedsel {
            if let Some(dato) = foedsel.foedselsdato {
                self.ord(felter.foedselsdato, dato.to_string());
            }
            self.ut.number(felter.foedselsaar, foedsel.foedselsaar.aar());
            self.ord(felter.foedselsaar_ord, aarsord(foedsel.foedselsaar.aar()));
        }
        for kjoenn in person.kjoenn.iter().filter(|k| k.meta.er_gjeldende == Some(true)) {
            self.ord(felter.kjoenn, kjoenn.kjoenn.kode());
        }
        for borger in person.statsborgerskap.iter().filter(|s| s.meta.er_gjeldende == Some(true)) {
            self.ord(felter.statsborgerskap, borger.statsborgerskap.as_str());
        }
        for sivilstand in person.sivilstand.iter().filter(|s| s.meta.er_gjeldende == Some(true)) {
            self.ord(felter.sivilstand, sivilstand.sivilstand.kode());
        }
        self.status(felter, person);
        self.fremmede_numre(felter, person);
    }

    fn navn(&mut self, felter: &Felter, navn: &Folkeregisterpersonnavn) {
        let (naar, ord_felt, lyd_felt) = match navn.meta.er_gjeldende {
            Some(true) => (0, felter.navn.gjeldende, felter.lyd.gjeldende),
            _ => (1, felter.navn.tidligere, felter.lyd.tidligere),
        };
        let mellomnavn = navn.mellomnavn.as_deref().unwrap_or_default();
        let deler = [&*navn.fornavn, mellomnavn, &*navn.etternavn];
        for (del, tekst) in Navneledd::ALLE.into_iter().zip(deler) {
            for ord in ord(tekst) {
                let (lest, lyd) = (del.merket(&ord), del.merket(&noekkel(&ord)));
                if self.sett.insert((naar, lest.clone())) {
                    self.ord(ord_felt, lest);
                }
                if self.sett.insert((naar + 2, lyd.clone())) {
                    self.ord(lyd_felt, lyd);
                }
            }
        }
    }

    fn status(&mut self, felter: &Felter, person: &Persondokument) {
        let gjeldende = person.status.iter().filter(|s| s.meta.er_gjeldende == Some(true));
        let mut doed = person.doedsfall.is_some();
        for status in gjeldende.map(|s| s.status) {
            doed |= status == Personstatus::Doed;
            if let Some(gruppe) = Statusgruppe::av(status) {
                self.ord(felter.status, gruppe.kode());
            }
        }
        if doed {
            self.ut.flag(felter.doed, true);
        }
        if let Some(dato) = person.doedsfall.as_ref().and_then(|doedsfall| doedsfall.doedsdato) {
            self.ut.number(felter.doedsaar, dato.year());
        }
    }

    fn fremmede_numre(&mut self, felter: &Felter, person: &Persondokument) {
        for dokument in &person.legitimasjonsdokument {
            if let Some(nummer) = &dokument.identifikasjonsdokumentnummer {
                self.ord(felter.legitimasjon, landnummer(dokument.utstederland.as_str(), nummer));
            }
        }
        for nummer in &person.utenlandsk_personidentifikasjon {
            self.ord(
                felter.utenlandsk,
                landnummer(nummer.utstederland.as_str(), &nummer.identifikasjonsnummer),
            );
        }
        for Personidentifikasjon { identifikasjonsnummer, .. } in
            &person.utlendingsmyndighetenes_identifikasjonsnummer
        {
            self.ord(felter.duf, identifikasjonsnummer.trim());
        }
    }

    fn adresser(&mut self, felter: &Adressefelter, adresser: &BTreeSet<Soekeadresse>) {
        let mut tidligere = [0; 2];
        for adresse in adresser {
            let spor = if adresse.gjeldende {
                spor::gjeldende(adresse.slag)
            } else {
                let plass = &mut tidligere[adresse.slag as usize];
                *plass += 1;
                spor::tidligere(adresse.slag, *plass - 1)
            };
            for (felt, verdi) in [
                (felter.gate, &adresse.gate),
                (felter.husnummer, &adresse.husnummer),
                (felter.postnummer, &adresse.postnummer),
                (felter.kommune, &adresse.kommune),
            ] {
                if let Some(verdi) = verdi {
                    self.ord(felt, merket(&spor, verdi));
                }
            }
        }
    }
}

/// A year as a word.
pub(crate) fn aarsord(aar: u16) -> String {
    format!("{aar:04}")
}

/// A foreign number or a document's, as it is compared: `AFG-1458-4555`, in capital letters.
pub(crate) fn landnummer(land: &str, nummer: &str) -> String {
    format!("{land}-{}", nummer.trim().to_uppercase())
}
