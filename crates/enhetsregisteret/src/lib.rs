//! Enhetsregisteret: Norway's register of units, its open-data API and its feeds.
//!
//! [`Enhetsregister`] is the register as a type. It is a client of the journal: units, sub-units and roles are
//! documents, the three update feeds are journal feeds, and everything else (search index, download files) is
//! derived. The rooms are those of every register:
//!
//! - [`modell`]: the documents, with the API's own field names.
//! - [`endring`]: the only writer.
//! - [`indeks`], [`sporring`], [`soking`]: what is searchable, what a search is, and the index.
//! - [`representasjon`]: documents as they are sent, in versions 1 and 2.
//! - [`utvidet`]: history, and a search that helps, on a surface of our own.
//! - [`lastned`], [`import`](mod@import): everything out, everything in, as streams.
//! - [`doedsfall`]: what a person's death does to roles.
//! - [`synk`]: keeping in step with another register that speaks the API.
//! - [`fjernet`]: what is removed from disclosure, and proof of it.
//! - [`mod@api`] — HTTP.
//!
//! What the real service does, and how sure that is, stands in the fact sheet; comments here name its sections.
//! Where it says that something is unknown, its recommended decision is taken.

pub mod api;
pub mod doedsfall;
pub mod endring;
mod feil;
pub mod fjernet;
mod forskjell;
pub mod import;
pub mod indeks;
pub mod lastned;
mod lenker;
pub mod matrikkel;
pub mod modell;
mod oppdateringer;
pub mod representasjon;
pub mod soking;
pub mod sporring;
pub mod synk;
pub mod utvidet;

use std::path::Path;
use std::sync::Arc;

use identifikator::Organisasjonsnummer;
use journal::{AsOf, Mark, SharedJournal, Version};
use tid::{Clock, Timestamp};
use tracing::Instrument;

pub use feil::{Feil, Valideringsfeil};
pub use oppdateringer::{Enhetsoppdatering, Oppdateringssok, Rollesok};

use endring::{ENHETER, INGEN_ROLLER, OPPDATERTE_ROLLER, ROLLER, Skriver};
use lastned::{Lastnedmaate, Nedlastinger};
use modell::{Dokument, Enhetstype};
use soking::Soking;
use sporring::Sporring;
use utvidet::personindeks::Personindeks;

/// How the register is set up.
#[derive(Debug, Clone)]
pub struct Oppsett {
    /// Version 1 is answered; otherwise asking for it is 406, as since October 2024.
    pub versjon1: bool,
    /// Fields and parameters that the real service added after 1.5.0 are there.
    pub utvidede_felter: bool,
    /// Unknown query parameters are refused with 400 instead of ignored.
    pub avvis_ukjente_parametere: bool,
    /// What links in the role download begin with: the public address of the API, without a slash at the end.
    pub fil_base: String,
    /// Most bytes of finished look-up answers that are kept in memory; 0 keeps none.
    pub svarlager: u64,
    /// When download files are made.
    pub lastned: Lastnedmaate,
}

impl Default for Oppsett {
    fn default() -> Self {
        Self {
            versjon1: true,
            utvidede_felter: true,
            avvis_ukjente_parametere: false,
            fil_base: "http://127.0.0.1:8080/enhetsregisteret/api".to_owned(),
            svarlager: 64 << 20,
            lastned: Lastnedmaate::VedEndring,
        }
    }
}

/// The answer to a look-up by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oppslag {
    /// Live or deleted.
    Funnet(Version),
    /// Removed from disclosure: only the tombstone is left.
    Fjernet(Version),
    /// Never heard of.
    Ukjent,
}

impl From<Option<Version>> for Oppslag {
    fn from(versjon: Option<Version>) -> Self {
        match versjon {
            Some(versjon) if versjon.removed => Self::Fjernet(versjon),
            Some(versjon) => Self::Funnet(versjon),
            None => Self::Ukjent,
        }
    }
}

/// One page of a search.
#[derive(Debug, Clone, Default)]
pub struct Treff {
    /// How many units match in all.
    pub antall: u64,
    /// The units of the page, in order.
    pub enheter: Vec<Version>,
}

/// What the register holds, for people who look.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Status {
    /// Live main units in the index.
    pub enheter: u64,
    /// Live sub-units in the index.
    pub underenheter: u64,
    /// Events on the three feeds: units, sub-units, roles.
    pub oppdateringer: [u64; 3],
    /// Events that the search has not taken in yet: units, sub-units, people in roles. `None`: it is being built.
    pub etterslep: [Option<u64>; 3],
}

/// The register.
pub struct Enhetsregister {
    journal: SharedJournal,
    klokke: Arc<dyn Clock>,
    oppsett: Oppsett,
    skriver: Skriver,
    soking: [Soking; 2],
    personindeks: Personindeks,
    nedlastinger: Arc<Nedlastinger>,
}

impl Enhetsregister {
    /// Opens the register on a journal. Derived files go into `mappe`.
    ///
    /// # Errors
    /// When the directory cannot be used.
    pub fn open(
        journal: SharedJournal,
        mappe: &Path,
        oppsett: Oppsett,
        klokke: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, Feil> {
        let indekser = mappe.join("indeks");
        let filer = mappe.join("lastned");
        let nedlastinger = Nedlastinger::new(journal.clone(), klokke.clone(), &filer, &oppsett)?;
        nedlastinger.rydd_rester()?;
        Ok(Arc::new(Self {
            skriver: Skriver::new(journal.clone()),
            soking: [
                Soking::open(&indekser, Enhetstype::Enhet)?,
                Soking::open(&indekser, Enhetstype::Underenhet)?,
            ],
            personindeks: Personindeks::open(&indekser)?,
            nedlastinger: Arc::new(nedlastinger),
            journal,
            klokke,
            oppsett,
        }))
    }

    /// How it is set up.
    pub fn oppsett(&self) -> &Oppsett {
        &self.oppsett
    }

    /// The journal beneath.
    pub fn journal(&self) -> &SharedJournal {
        &self.journal
    }

    /// The register's writer.
    pub fn skriver(&self) -> &Skriver {
        &self.skriver
    }

    /// The register's downloads.
    pub fn nedlastinger(&self) -> &Arc<Nedlastinger> {
        &self.nedlastinger
    }

    /// The search of one kind of unit.
    pub fn soking(&self, kind: Enhetstype) -> &Soking {
        &self.soking[kind as usize]
    }

    /// The index of people in roles.
    pub fn personindeks(&self) -> &Personindeks {
        &self.personindeks
    }

    /// The present moment.
    pub fn naa(&self) -> Timestamp {
        self.klokke.now()
    }

    /// Stands for what a unit is now, without reading it: see [`journal::Journal::mark`].
    pub fn merke(&self, kind: Enhetstype, orgnr: Organisasjonsnummer) -> Option<Mark> {
        self.journal.mark(kind.samling(), orgnr.verdi().into())
    }

    /// One unit. Always fresh: it reads the journal.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hent(&self, kind: Enhetstype, orgnr: Organisasjonsnummer) -> Result<Oppslag, Feil> {
        let span =
            tracing::info_span!(target: web::trace::TARGET, "journal.get", collection = kind.samling().0);
        Ok(self.journal.get(kind.samling(), orgnr.verdi().into(), AsOf::Now).instrument(span).await?.into())
    }

    /// A unit's roles; `Ukjent` when it has none, is deleted, or does not exist (sheet section 10.3).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn roller(&self, orgnr: Organisasjonsnummer) -> Result<Oppslag, Feil> {
        let id = orgnr.verdi().into();
        let enhet = self.journal.get(ENHETER, id, AsOf::Now).await?;
        if let Some(enhet) = enhet {
            if enhet.removed {
                return Ok(Oppslag::Fjernet(enhet));
            }
            if Dokument::les(&enhet.body)?.er_slettet() {
                return Ok(Oppslag::Ukjent);
            }
        }
        let roller = self.journal.get(ROLLER, id, AsOf::Now).await?;
        Ok(match roller {
            Some(roller) if roller.removed || roller.body == INGEN_ROLLER => Oppslag::Ukjent,
            annet => annet.into(),
        })
    }

    /// One page of a search: the units as they are now.
    ///
    /// # Errors
    /// When the index is not built yet, or store or index fail.
    pub async fn sok(
        &self,
        kind: Enhetstype,
        sporring: &Sporring,
        fra: u64,
        antall: u64,
    ) -> Result<Treff, Feil> {
        let samling = kind.samling();
        let span = tracing::info_span!(target: web::trace::TARGET, "index.search", collection = samling.0);
        let treff = self.soking(kind).sok(sporring, fra, antall).instrument(span).await?;
        let span =
            tracing::info_span!(target: web::trace::TARGET, "journal.get_many", collection = samling.0);
        let versjoner = self.journal.get_many(samling, &treff.ids, AsOf::Now).instrument(span).await?;
        let mut enheter = Vec::with_capacity(versjoner.len());
        // The index may be a moment behind: what was deleted or removed meanwhile is not shown.
        for versjon in versjoner.into_iter().flatten().filter(|v| !v.removed) {
            if !Dokument::les(&versjon.body)?.er_slettet() {
                enheter.push(versjon);
            }
        }
        Ok(Treff { antall: treff.total, enheter })
    }

    /// What the register holds.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn status(&self) -> Result<Status, Feil> {
        let mut status = Status::default();
        for (plass, kind) in Enhetstype::ALLE.into_iter().enumerate() {
            let hode = self.journal.feed_head(kind.feed()).await?.position;
            let index = self.soking(kind).index();
            status.oppdateringer[plass] = hode;
            status.etterslep[plass] = index.position().map(|p| hode.saturating_sub(p));
            *[&mut status.enheter, &mut status.underenheter][plass] = index.documents().unwrap_or(0);
        }
        let hode = self.journal.feed_head(OPPDATERTE_ROLLER).await?.position;
        status.oppdateringer[2] = hode;
        status.etterslep[2] = self.personindeks.index().position().map(|p| hode.saturating_sub(p));
        Ok(status)
    }

    /// Waits until searches see everything written before the call.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn vent_paa_sok(&self) -> Result<(), Feil> {
        for kind in Enhetstype::ALLE {
            let hode = self.journal.feed_head(kind.feed()).await?.position;
            self.soking(kind).index().wait_for(hode).await;
        }
        self.vent_paa_rollesok().await
    }

    /// Waits until the search for people in roles sees everything written before the call.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn vent_paa_rollesok(&self) -> Result<(), Feil> {
        let hode = self.journal.feed_head(OPPDATERTE_ROLLER).await?.position;
        self.personindeks.index().wait_for(hode).await;
        Ok(())
    }
}
