//! The only writer: changes in, journal transactions out.
//!
//! A caller says how things are ([`Melding`]); the register compares with what it has, decides what kind of
//! change that is, and writes document and event together. What is as before is not written and puts nothing
//! on the feeds.

use std::collections::HashMap;

use identifikator::Organisasjonsnummer;
use journal::{AsOf, Change, Collection, DocId, Feed, Guard, JournalError, Seq, Space, Step};
use tid::{Date, Timestamp};
use tokio::sync::{Mutex, MutexGuard};

use crate::Feil;
use crate::modell::dokument::{Kanonisk, skriv_streng};
use crate::modell::{Dokument, Enhetstype};

/// Main units.
pub const ENHETER: Collection = Collection("enhetsregisteret/enhet");
/// Sub-units.
pub const UNDERENHETER: Collection = Collection("enhetsregisteret/underenhet");
/// Roles, one document for each unit that has any.
pub const ROLLER: Collection = Collection("enhetsregisteret/roller");

/// The feed of main units.
pub const OPPDATERTE_ENHETER: Feed = Feed("enhetsregisteret/oppdateringer/enheter");
/// The feed of sub-units.
pub const OPPDATERTE_UNDERENHETER: Feed = Feed("enhetsregisteret/oppdateringer/underenheter");
/// The feed of roles.
pub const OPPDATERTE_ROLLER: Feed = Feed("enhetsregisteret/oppdateringer/roller");

/// The newest removal from disclosure, a record for each collection, set in the same change. What is derived of a
/// collection and kept is wrong from then on, whatever sequence number it was made at: removal beats history.
pub(crate) const FJERNINGER: Space = Space("enhetsregisteret/fjerninger");

impl Enhetstype {
    /// Where documents of this kind are.
    pub const fn samling(self) -> Collection {
        match self {
            Self::Enhet => ENHETER,
            Self::Underenhet => UNDERENHETER,
        }
    }

    /// The feed of this kind.
    pub const fn feed(self) -> Feed {
        match self {
            Self::Enhet => OPPDATERTE_ENHETER,
            Self::Underenhet => OPPDATERTE_UNDERENHETER,
        }
    }
}

/// What an event on the unit feeds says (seed 001, "Endringstyper"; sheet section 11.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Endringstype {
    /// From before kinds were recorded.
    Ukjent = 0,
    /// The unit came.
    Ny = 1,
    /// It changed.
    Endring = 2,
    /// It was deleted; a look-up answers 200 with `slettedato`.
    Sletting = 3,
    /// It was removed from disclosure; a look-up answers 410, and copies must go too.
    Fjernet = 4,
}

impl Endringstype {
    /// The word in the feed.
    pub const fn ord(self) -> &'static str {
        match self {
            Self::Ukjent => "Ukjent",
            Self::Ny => "Ny",
            Self::Endring => "Endring",
            Self::Sletting => "Sletting",
            Self::Fjernet => "Fjernet",
        }
    }

    /// From the word in a feed; what is not known is `Ukjent`. Letter case does not matter (sheet section 18).
    pub fn fra_ord(ord: &str) -> Self {
        [Self::Ny, Self::Endring, Self::Sletting, Self::Fjernet]
            .into_iter()
            .find(|type_| type_.ord().eq_ignore_ascii_case(ord))
            .unwrap_or(Self::Ukjent)
    }

    /// From the code on the feed; what is not known is `Ukjent`.
    pub const fn fra_kode(kode: u8) -> Self {
        match kode {
            1 => Self::Ny,
            2 => Self::Endring,
            3 => Self::Sletting,
            4 => Self::Fjernet,
            _ => Self::Ukjent,
        }
    }
}

/// How something is from now on.
#[derive(Debug, Clone)]
pub enum Melding {
    /// A unit is like this, live or deleted.
    Enhet {
        /// Main unit or sub-unit.
        kind: Enhetstype,
        /// Its stored form.
        enhet: Kanonisk,
    },
    /// A unit is removed from disclosure, from all history too.
    Fjernet {
        /// Main unit or sub-unit.
        kind: Enhetstype,
        /// Its number.
        orgnr: Organisasjonsnummer,
        /// The date in the 410 body.
        slettedato: Date,
    },
    /// A unit's roles are removed from disclosure, from all history too.
    RollerFjernet {
        /// The unit.
        orgnr: Organisasjonsnummer,
        /// The date in the 410 body.
        slettedato: Date,
    },
    /// A unit's roles are like this; `None`: it has none.
    Roller {
        /// The unit.
        orgnr: Organisasjonsnummer,
        /// The stored form of its roles.
        roller: Option<Vec<u8>>,
    },
}

/// A message with the time it took place, when that is not the time of writing.
#[derive(Debug, Clone)]
pub struct Datert {
    /// When; `None`: now.
    pub at: Option<Timestamp>,
    /// The event's kind, when the source says it (a replayed history); otherwise the register decides.
    pub endringstype: Option<Endringstype>,
    /// What.
    pub melding: Melding,
}

impl From<Melding> for Datert {
    fn from(melding: Melding) -> Self {
        Self { at: None, endringstype: None, melding }
    }
}

/// An event of another register's feed, put on ours as it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gjengitt {
    /// The feed it goes on.
    pub feed: Feed,
    /// The unit it is about.
    pub orgnr: Organisasjonsnummer,
    /// What the other register says happened.
    pub endringstype: Endringstype,
    /// The other register's number of it, above all that are on our feed.
    pub nummer: u64,
    /// The other register's time of it.
    pub at: Timestamp,
}

/// What a write came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kvittering {
    /// The journal's newest change after the write.
    pub seq: Seq,
    /// Units and role sets that were new.
    pub nye: u64,
    /// Those that changed, were deleted or removed.
    pub endrede: u64,
    /// Those that were as before.
    pub uendrede: u64,
}

/// What every write of the register goes by: who finds that somebody else has written meanwhile, perhaps on another
/// node, compares anew. Without it a document could return that was removed between the comparing and the writing.
const VAKT: Space = Space("enhetsregisteret/skriver");

/// The register's writer. One change at a time: comparing and writing belong together.
pub struct Skriver {
    journal: journal::SharedJournal,
    en_om_gangen: Mutex<()>,
}

impl Skriver {
    /// A writer on the journal.
    pub fn new(journal: journal::SharedJournal) -> Self {
        Self { journal, en_om_gangen: Mutex::new(()) }
    }

    /// Writes the messages, and `med` beside them, as one transaction at time `now`.
    ///
    /// # Errors
    /// When the store fails; then nothing is written.
    pub async fn skriv(
        &self,
        now: Timestamp,
        meldinger: Vec<Datert>,
        med: Vec<Step>,
    ) -> Result<Kvittering, Feil> {
        loop {
            if let Some(kvittering) = self.tur().await?.skriv(now, meldinger.clone(), &med).await? {
                return Ok(kvittering);
            }
        }
    }

    /// Begins a write that depends on how the register is.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn tur(&self) -> Result<Tur<'_>, Feil> {
        let laas = self.en_om_gangen.lock().await;
        Ok(Tur { skriver: self, _laas: laas, vakt: self.vakt().await? })
    }

    /// Writes how things are at another register and that register's own events about them, and `med` beside
    /// them, as one transaction.
    ///
    /// The documents put nothing on the feeds themselves: what stands there is exactly `hendelser`, in order, with
    /// the other register's numbers, types and times, also when the document is as before. Roles of a unit that is
    /// removed here are not written, however they were come by.
    ///
    /// # Errors
    /// When the store fails, or a number is not above those on the feed; then nothing is written.
    pub async fn gjengi(
        &self,
        now: Timestamp,
        dokumenter: Vec<Datert>,
        hendelser: &[Gjengitt],
        med: Vec<Step>,
    ) -> Result<Kvittering, Feil> {
        let _laas = self.en_om_gangen.lock().await;
        loop {
            let vakt = self.vakt().await?;
            let mut utkast = self.utkast(dokumenter.clone(), true).await?;
            utkast.steg.extend(hendelser.iter().map(|h| Step::Publish {
                feed: h.feed,
                subject: h.orgnr.verdi().into(),
                kind: h.endringstype as u8,
                number: Some(h.nummer),
                at: Some(h.at),
            }));
            if let Some(kvittering) = self.fullfor(now, utkast, &med, vakt).await? {
                return Ok(kvittering);
            }
        }
    }

    /// What holds as long as nobody else writes to the register.
    async fn vakt(&self) -> Result<Step, Feil> {
        let sist = self.journal.record(VAKT, b"").await?;
        let guard = sist.map_or(Guard::Absent, |sist| Guard::SetAt(sist.seq));
        Ok(Step::Record { space: VAKT, key: Vec::new(), value: Some(Vec::new()), guard })
    }

    /// What the messages come to, compared with what the register has.
    async fn utkast(&self, meldinger: Vec<Datert>, stille: bool) -> Result<Utkast, Feil> {
        let naa = self.dagens(&meldinger, stille).await?;
        let steg = self.eiendommer_borte(&meldinger).await?;
        let mut utkast = Utkast { naa, steg, sum: Kvittering::default(), stille };
        for melding in meldinger {
            utkast.ta(melding);
        }
        Ok(utkast)
    }

    /// What makes the properties of units that are to be removed forgotten.
    async fn eiendommer_borte(&self, meldinger: &[Datert]) -> Result<Vec<Step>, Feil> {
        let mut steg = Vec::new();
        for melding in meldinger {
            if let Melding::Fjernet { kind: Enhetstype::Enhet, orgnr, .. } = melding.melding {
                steg.extend(crate::matrikkel::glem(&self.journal, orgnr).await?);
            }
        }
        Ok(steg)
    }

    /// `None`: somebody else has written since the comparing.
    async fn fullfor(
        &self,
        now: Timestamp,
        utkast: Utkast,
        med: &[Step],
        vakt: Step,
    ) -> Result<Option<Kvittering>, Feil> {
        let Utkast { mut steg, mut sum, .. } = utkast;
        steg.extend(fjerninger(&steg));
        steg.extend_from_slice(med);
        if steg.is_empty() {
            sum.seq = self.journal.head().await?;
            return Ok(Some(sum));
        }
        steg.push(vakt);
        match self.journal.append(Change { at: now, steps: steg }).await {
            Ok(kvittering) => sum.seq = kvittering.seq,
            Err(JournalError::Conflict { space }) if space == VAKT.0 => return Ok(None),
            Err(feil) => return Err(feil.into()),
        }
        Ok(Some(sum))
    }

    /// What the register has now of everything the messages are about; `med_enhet`: and of the units whose roles
    /// they tell.
    async fn dagens(
        &self,
        meldinger: &[Datert],
        med_enhet: bool,
    ) -> Result<HashMap<(Collection, DocId), Tilstand>, Feil> {
        let mut ider: HashMap<Collection, Vec<DocId>> = HashMap::new();
        for melding in meldinger {
            let (samling, id) = melding.melding.hvor();
            ider.entry(samling).or_default().push(id);
            match melding.melding {
                Melding::Fjernet { kind: Enhetstype::Enhet, .. } => {
                    ider.entry(ROLLER).or_default().push(id);
                }
                Melding::Roller { .. } if med_enhet => ider.entry(ENHETER).or_default().push(id),
                _ => {}
            }
        }
        let mut naa = HashMap::with_capacity(meldinger.len());
        for (samling, mut ider) in ider {
            ider.sort_unstable();
            ider.dedup();
            let versjoner = self.journal.get_many(samling, &ider, AsOf::Now).await?;
            for versjon in versjoner.into_iter().flatten() {
                let tilstand = if versjon.removed { Tilstand::Fjernet } else { Tilstand::Er(versjon.body) };
                naa.insert((samling, versjon.id), tilstand);
            }
        }
        Ok(naa)
    }
}

/// A write under way: nobody else on this node writes until it is over, and it fails if somebody on another does.
pub(crate) struct Tur<'s> {
    skriver: &'s Skriver,
    _laas: MutexGuard<'s, ()>,
    vakt: Step,
}

impl Tur<'_> {
    /// Writes the messages, and `med` beside them, as one transaction at time `now`. `None`: somebody else has written
    /// since the turn began, and nothing is written.
    ///
    /// # Errors
    /// When the store fails; then nothing is written.
    pub(crate) async fn skriv(
        self,
        now: Timestamp,
        meldinger: Vec<Datert>,
        med: &[Step],
    ) -> Result<Option<Kvittering>, Feil> {
        let utkast = self.skriver.utkast(meldinger, false).await?;
        self.skriver.fullfor(now, utkast, med, self.vakt).await
    }
}

impl Melding {
    /// The document it is about. A change keeps one version of each, so a history must not tell of the same one
    /// twice in a write.
    pub fn hvor(&self) -> (Collection, DocId) {
        match self {
            Self::Enhet { kind, enhet } => (kind.samling(), enhet.orgnr.verdi().into()),
            Self::Fjernet { kind, orgnr, .. } => (kind.samling(), orgnr.verdi().into()),
            Self::Roller { orgnr, .. } | Self::RollerFjernet { orgnr, .. } => (ROLLER, orgnr.verdi().into()),
        }
    }
}

/// What tells, beside the removals themselves, that there are some.
fn fjerninger(steg: &[Step]) -> Vec<Step> {
    let fjernes =
        |samling| steg.iter().any(|s| matches!(s, Step::Remove { collection, .. } if *collection == samling));
    let samlinger = [ENHETER, UNDERENHETER, ROLLER].into_iter().filter(|samling| fjernes(*samling));
    let merk = |samling: Collection| Step::Record {
        space: FJERNINGER,
        key: samling.0.as_bytes().to_vec(),
        value: Some(Vec::new()),
        guard: Guard::Any,
    };
    samlinger.map(merk).collect()
}

enum Tilstand {
    Er(Vec<u8>),
    Fjernet,
}

struct Utkast {
    naa: HashMap<(Collection, DocId), Tilstand>,
    steg: Vec<Step>,
    sum: Kvittering,
    /// Documents put nothing on the feeds.
    stille: bool,
}

/// The stored form of "no roles": roles are never absent again once they have been there.
pub(crate) const INGEN_ROLLER: &[u8] = br#"{"rollegrupper":[]}"#;

impl Utkast {
    fn ta(&mut self, Datert { at, endringstype, melding }: Datert) {
        let (samling, id) = melding.hvor();
        match melding {
            Melding::Enhet { kind, enhet } => {
                let Some(funnet) = self.endringstype(samling, id, &enhet.json) else {
                    self.sum.uendrede += 1;
                    return;
                };
                let feed = kind.feed();
                self.put(samling, id, enhet.json, at);
                self.publiser(feed, id, endringstype.unwrap_or(funnet), at);
            }
            Melding::Fjernet { kind, orgnr, slettedato } => {
                if matches!(self.naa.get(&(samling, id)), Some(Tilstand::Fjernet)) {
                    self.sum.uendrede += 1;
                    return;
                }
                self.fjern(samling, id, gravstein(orgnr, slettedato), at);
                self.publiser(kind.feed(), id, Endringstype::Fjernet, at);
                if kind == Enhetstype::Enhet && self.naa.contains_key(&(ROLLER, id)) {
                    self.fjern(ROLLER, id, gravstein(orgnr, slettedato), at);
                    self.publiser(OPPDATERTE_ROLLER, id, Endringstype::Fjernet, at);
                }
            }
            Melding::RollerFjernet { orgnr, slettedato } => match self.naa.get(&(samling, id)) {
                Some(Tilstand::Er(_)) => {
                    self.fjern(samling, id, gravstein(orgnr, slettedato), at);
                    self.publiser(OPPDATERTE_ROLLER, id, Endringstype::Fjernet, at);
                }
                Some(Tilstand::Fjernet) | None => self.sum.uendrede += 1,
            },
            Melding::Roller { roller, .. } => {
                if matches!(self.naa.get(&(ENHETER, id)), Some(Tilstand::Fjernet)) {
                    self.sum.uendrede += 1;
                    return;
                }
                let finnes = self.naa.contains_key(&(samling, id));
                let ny = match roller {
                    Some(roller) => roller,
                    None if finnes => INGEN_ROLLER.to_vec(),
                    None => return,
                };
                if matches!(self.naa.get(&(samling, id)), Some(Tilstand::Er(gammel)) if *gammel == ny) {
                    self.sum.uendrede += 1;
                    return;
                }
                let funnet = if finnes { Endringstype::Endring } else { Endringstype::Ny };
                self.put(samling, id, ny, at);
                self.publiser(OPPDATERTE_ROLLER, id, funnet, at);
            }
        }
    }

    /// What kind of change it is that the unit is like this from now on; `None`: none.
    fn endringstype(&self, samling: Collection, id: DocId, ny: &[u8]) -> Option<Endringstype> {
        let slettet = |json: &[u8]| Dokument::les(json).is_ok_and(|d| d.er_slettet());
        match self.naa.get(&(samling, id)) {
            Some(Tilstand::Er(gammel)) if gammel == ny => None,
            Some(Tilstand::Er(gammel)) if slettet(ny) && !slettet(gammel) => Some(Endringstype::Sletting),
            Some(Tilstand::Er(_)) => Some(Endringstype::Endring),
            Some(Tilstand::Fjernet) | None if slettet(ny) => Some(Endringstype::Sletting),
            Some(Tilstand::Fjernet) | None => Some(Endringstype::Ny),
        }
    }

    fn put(&mut self, collection: Collection, id: DocId, body: Vec<u8>, at: Option<Timestamp>) {
        self.naa.insert((collection, id), Tilstand::Er(body.clone()));
        self.steg.push(Step::Put { collection, id, body, at });
    }

    fn fjern(&mut self, collection: Collection, id: DocId, tombstone: Vec<u8>, at: Option<Timestamp>) {
        self.naa.insert((collection, id), Tilstand::Fjernet);
        self.steg.push(Step::Remove { collection, id, tombstone, at });
    }

    fn publiser(&mut self, feed: Feed, subject: DocId, hva: Endringstype, at: Option<Timestamp>) {
        match hva {
            Endringstype::Ny => self.sum.nye += 1,
            _ => self.sum.endrede += 1,
        }
        if !self.stille {
            self.steg.push(Step::Publish { feed, subject, kind: hva as u8, number: None, at });
        }
    }
}

/// What stays of a removed unit: the fields of the 410 body (sheet section 8.5).
pub fn gravstein(orgnr: Organisasjonsnummer, slettedato: Date) -> Vec<u8> {
    let mut ut = br#"{"organisasjonsnummer":"#.to_vec();
    skriv_streng(&mut ut, &orgnr.to_string());
    ut.extend_from_slice(br#","slettedato":"#);
    skriv_streng(&mut ut, &slettedato.to_string());
    ut.push(b'}');
    ut
}
