//! The book of a person: every version of the document, kept once.
//!
//! Versions of a person differ by an entry or two, so a book keeps each entry once, with the versions in which it is
//! current and those in which it is past; a version is a cut through it. A correction or an annulment ends an entry, and
//! nothing is ever taken out. Ten million persons with all their versions are some gigabytes this way.
//!
//! In the journal a book is compact JSON (`tekst.rs`): `siste`, the number of the newest version; `videre`, the number of
//! who took over, if the person was merged away; `versjoner`, when each came to be and whether there is a document at
//! all; `hendelser`, what each one told; `innslag`, the entries of each entity, with the order in which they stand.

mod flett;
mod hendelser;
mod tekst;

use std::borrow::Cow;

use identifikator::Personidentifikator;
use tid::Timestamp;

use crate::modell::{
    DokumentForHendelse, Dokumentidentifikator, Entitet, Hendelse, Persondokument, UgyldigDokument,
};
use crate::rettighetspakke::Utvalg;
use crate::{Deler, Rettighetspakke, Utlevering, Vern};

pub(crate) use tekst::{Oppslag, les_oppslag, peker, siste_versjon};

/// A place in time that has not come yet. Versions are numbered from 0 and are fewer than this.
const EVIG: i32 = u16::MAX as i32;
/// Stands where an entry would say when it became past, if it says nothing of being current.
const SIER_IKKE: i32 = -1;

/// All versions of a person's document, and what was told of each.
#[derive(Clone)]
pub struct Bok<'a> {
    person: u64,
    videre: Option<u64>,
    versjoner: Vec<Utgave>,
    /// What each version told, as it is written.
    hendelser: Vec<Cow<'a, str>>,
    /// By entity.
    entiteter: Vec<Rekke<'a>>,
}

/// A version.
#[derive(Debug, Clone, Copy)]
struct Utgave {
    at: Timestamp,
    /// There is no document: the person was merged away.
    borte: bool,
}

/// The entries of an entity.
#[derive(Debug, Clone, Default)]
struct Rekke<'a> {
    /// The order in which they stand in documents, those that are gone among them.
    orden: Vec<u16>,
    /// In the order they came.
    innslag: Vec<Innslag<'a>>,
}

/// An entry with the versions that have it.
#[derive(Clone)]
struct Innslag<'a> {
    /// The first version that has it, the first in which it is past, and the first that does not have it.
    fra: i32,
    forbi: i32,
    til: i32,
    /// Its JSON, without `erGjeldende`.
    json: Cow<'a, str>,
}

impl std::fmt::Debug for Innslag<'_> {
    /// Without content: it is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Innslag({}, {}, {})", self.fra, self.forbi, self.til)
    }
}

impl std::fmt::Debug for Bok<'_> {
    /// Without content: it is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bok({} versions)", self.versjoner.len())
    }
}

impl Innslag<'_> {
    /// Whether a version has it.
    const fn er_i(&self, k: i32) -> bool {
        self.fra <= k && k < self.til
    }

    /// What it says of being current in a version that has it.
    fn er_gjeldende_i(&self, k: i32) -> Option<bool> {
        (self.forbi != SIER_IKKE).then_some(k < self.forbi)
    }
}

impl<'a> Bok<'a> {
    /// An empty book of the person who has this number first.
    pub fn ny(person: Personidentifikator) -> Self {
        let entiteter = vec![Rekke::default(); Entitet::ALLE.len()];
        let (versjoner, hendelser) = (Vec::new(), Vec::new());
        Self { person: person.verdi(), videre: None, versjoner, hendelser, entiteter }
    }

    /// An empty book of one who gets a number that led to somebody else. What was told under it of the other keeps its
    /// places, which hold nothing: no key leads to another person than it was made for.
    pub fn etter(person: Personidentifikator, annen: &Bok<'_>) -> Self {
        let versjoner: Vec<Utgave> = annen.versjoner.iter().map(|u| Utgave { borte: true, ..*u }).collect();
        let hendelser = vec![Cow::Borrowed("[]"); versjoner.len()];
        Self { versjoner, hendelser, ..Self::ny(person) }
    }

    /// The number that the book is kept under.
    pub const fn person(&self) -> u64 {
        self.person
    }

    /// The number of who took over, if the person was merged away.
    pub const fn videre(&self) -> Option<u64> {
        self.videre
    }

    /// Says who took over.
    pub fn viderefoer(&mut self, nummer: Personidentifikator) {
        self.videre = Some(nummer.verdi());
    }

    /// The number of the newest version; `None` before there is one.
    pub fn siste(&self) -> Option<u16> {
        self.versjoner.len().checked_sub(1).map(|k| k as u16)
    }

    /// When a version came to be.
    pub fn at(&self, k: u16) -> Option<Timestamp> {
        self.versjoner.get(usize::from(k)).map(|utgave| utgave.at)
    }

    /// Since when a version is history: when the next one came.
    pub fn historisk_siden(&self, k: u16) -> Option<Timestamp> {
        k.checked_add(1).and_then(|neste| self.at(neste))
    }

    /// Whether a version has a document.
    pub fn har_dokument(&self, k: u16) -> bool {
        self.versjoner.get(usize::from(k)).is_some_and(|utgave| !utgave.borte)
    }

    /// Writes a version: the document as it is from `at` on (`None`: the person was merged away), and what is told of it.
    /// What differs from the version before it is found here.
    ///
    /// # Errors
    /// [`FullBok`] after the 65 535th version, or when an entity might come to have more entries than can be counted. Then
    /// the book is as it was.
    pub fn ny_versjon(
        &mut self,
        dokument: Option<&Persondokument>,
        at: Timestamp,
        hendelser: &[Hendelse],
    ) -> Result<u16, FullBok> {
        let k = u16::try_from(self.versjoner.len()).ok().filter(|k| i32::from(*k) < EVIG).ok_or(FullBok)?;
        if let Some(dokument) = dokument {
            let mut nye: Vec<Vec<(Option<bool>, String)>> = vec![Vec::new(); self.entiteter.len()];
            dokument.hvert_innslag(&mut |entitet: Entitet, gjeldende, json| {
                nye[entitet as usize].push((gjeldende, json));
            });
            if self.entiteter.iter().zip(&nye).any(|(rekke, nye)| !rekke.har_plass_til(nye.len())) {
                return Err(FullBok);
            }
            for (rekke, nye) in self.entiteter.iter_mut().zip(nye) {
                rekke.flett(nye, i32::from(k));
            }
            // Who has a document again has not been taken over.
            self.videre = None;
        }
        self.versjoner.push(Utgave { at, borte: dokument.is_none() });
        let fortalt = self.fortell(hendelser);
        self.hendelser.push(Cow::Owned(fortalt));
        Ok(k)
    }

    /// The document as it is in a version; `None` if there is no such version or it has none.
    ///
    /// # Errors
    /// [`UgyldigDokument`] when what is stored is no document.
    pub fn versjon(&self, k: u16) -> Result<Option<Persondokument>, UgyldigDokument> {
        if !self.har_dokument(k) {
            return Ok(None);
        }
        Persondokument::fra_json(&self.kutt(k, None)).map(Some)
    }

    /// How far the person's addresses are protected in the newest version that has a document.
    ///
    /// # Errors
    /// As [`Self::versjon`].
    pub fn vern(&self) -> Result<Vern, UgyldigDokument> {
        let Some(k) = self.siste_med_dokument() else { return Ok(Vern::Ingen) };
        let bare = Utvalg::bare_gjeldende(Entitet::Adressebeskyttelse);
        Ok(Vern::av(&Persondokument::fra_json(&self.kutt(k, Some(bare)))?))
    }

    /// The newest version that has a document.
    pub fn siste_med_dokument(&self) -> Option<u16> {
        (0..self.versjoner.len()).rev().map(|k| k as u16).find(|k| self.har_dokument(*k))
    }

    /// What a consumer of a package gets of a version. `naa` is the protection as it is now.
    ///
    /// # Errors
    /// As [`Self::versjon`].
    pub fn utlever(
        &self,
        k: u16,
        pakke: Rettighetspakke,
        deler: &Deler,
        naa: Vern,
    ) -> Result<Option<Utlevering>, UgyldigDokument> {
        if !self.har_dokument(k) {
            return Ok(None);
        }
        let utvalg = deler.utvalg(pakke).med_vern();
        let dokument = Persondokument::fra_json(&self.kutt(k, Some(utvalg)))?;
        Ok(Some(pakke.filtrer_arkivert(dokument, deler, naa)))
    }

    /// How many events a version told.
    pub fn antall_hendelser(&self, k: u16) -> usize {
        self.fortalte(k).map_or(0, |fortalte| fortalte.len())
    }

    /// The event document of an event of a version; `None` if there is none.
    ///
    /// # Errors
    /// As [`Self::versjon`].
    pub fn hendelse(
        &self,
        k: u16,
        plass: u8,
        nokkel: Dokumentidentifikator,
    ) -> Result<Option<DokumentForHendelse>, UgyldigDokument> {
        self.gjenfortell(k, plass, nokkel)
    }

    /// Every number that stands in the newest document, the person's own first one not among them.
    ///
    /// # Errors
    /// As [`Self::versjon`].
    pub fn andre_numre(&self) -> Result<Vec<u64>, UgyldigDokument> {
        let Some(k) = self.siste_med_dokument() else { return Ok(Vec::new()) };
        let bare = Utvalg::alt_av(Entitet::Identifikasjonsnummer);
        let dokument = Persondokument::fra_json(&self.kutt(k, Some(bare)))?;
        let numre = dokument.identifikasjonsnummer.iter().map(|n| n.foedsels_eller_d_nummer.verdi());
        Ok(numre.filter(|nummer| *nummer != self.person).collect())
    }

    /// Makes it independent of the text it was read from.
    pub fn eid(self) -> Bok<'static> {
        let eid = |tekst: Cow<'a, str>| Cow::Owned(tekst.into_owned());
        let rekke = |rekke: Rekke<'a>| Rekke {
            orden: rekke.orden,
            innslag: rekke.innslag.into_iter().map(|i| Innslag { json: eid(i.json), ..i }).collect(),
        };
        Bok {
            person: self.person,
            videre: self.videre,
            versjoner: self.versjoner,
            hendelser: self.hendelser.into_iter().map(eid).collect(),
            entiteter: self.entiteter.into_iter().map(rekke).collect(),
        }
    }
}

/// A book holds no more versions, or no more entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("personen har flere versjoner eller opplysninger enn registeret kan holde")]
pub struct FullBok;
