//! The case engine: takes messages in the order they came, puts them before the rules, and writes what becomes of them
//! (producer sheet, chapter 5).
//!
//! A batch of cases ([`bunt`]) is one change in the journal: persons, their events, the cases, what is told back, and how far
//! the engine has come. [`Hode`] is set under a guard, so however many nodes run, and whenever one dies, every case is decided
//! once, told of once, and numbered once. What the rules leave to people lies on the desk ([`skrivebord`]).

mod bunt;
mod skrivebord;

use std::time::Duration;

use journal::{AsOf, DocId, Guard};
use serde::{Deserialize, Serialize};
use tid::{Date, TimeOfDay, Timestamp};

use crate::drift::Drift;
use crate::lager::{MELDINGER, MOTTATT, PARKERTE, SAKER, TILSTAND, VENTENDE, avtrykk, noekkel, siste_del};
use crate::mottak::LagretMelding;
use crate::ressurs::RESSURSER;
use crate::sak::Sak;
use crate::{Feil, Produsent, drift};
use bunt::{Bunt, Regelbruk, Tatt};

pub use skrivebord::{Avgjoerelse, Ugyldig};

/// Cases in one change.
const BUNT: usize = 64;
/// How long to wait for the journal to move before looking at dates and switches again.
const PAUSE: Duration = Duration::from_secs(1);
/// Milliseconds after the set time when D-numbers run out.
const NATT: i64 = 3 * 3_600_000;
/// Longest wait for the search index at the start.
const SOEK_VENT: Duration = Duration::from_mins(15);
const HODE: &[u8] = b"hode";

/// How far the engine has come, and the next numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Hode {
    /// Messages up to this place have been taken.
    posisjon: u64,
    /// The next number on the feed.
    neste_tilbakemelding: u64,
    /// The year of the last case, and its number in the year.
    sak: (i16, u64),
    /// The number of the last case about D-numbers.
    dnummersak: u64,
}

impl Produsent {
    /// Takes cases until it is time to stop, and lets D-numbers run out in the hours after a time of day. One node does it at a
    /// time; were there two, none would do harm.
    pub async fn kjor(&self, inaktivering: Option<TimeOfDay>, stopp: impl Future<Output = ()> + Send) {
        tokio::pin!(stopp);
        tokio::select! {
            () = &mut stopp => return,
            () = self.vent_paa_soek() => {}
        }
        let mut nytt = self.journal.watch();
        loop {
            nytt.mark_unchanged();
            let tatt = self.behandle().await.unwrap_or_else(|feil| {
                if !feil.er_konflikt() {
                    tracing::error!(%feil, "saksflyten kom ikke videre");
                }
                0
            });
            if tatt > 0 {
                // Others get a turn between batches.
                tokio::select! {
                    biased;
                    () = &mut stopp => return,
                    () = tokio::task::yield_now() => continue,
                }
            }
            if self.er_natt(inaktivering) && self.inaktiver().await.unwrap_or_else(|feil| nattfeil(&feil)) {
                continue;
            }
            tokio::select! {
                () = &mut stopp => return,
                _ = nytt.changed() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// Waits for the search for possible duplicates, which may have to be built first. Were it never ready, the cases that need
    /// it would go to the desk.
    async fn vent_paa_soek(&self) {
        let klar = self.register.indeks().index().wait_for(0);
        if tokio::time::timeout(SOEK_VENT, klar).await.is_err() {
            tracing::warn!("saksflyten begynner uten søk etter dubletter");
        }
    }

    /// Whether it is time for what is done at night.
    fn er_natt(&self, kl: Option<TimeOfDay>) -> bool {
        let naa = self.register.naa();
        kl.is_some_and(|kl| naa.as_millis() - naa.latest_in_oslo(kl).as_millis() < NATT)
    }

    /// Takes cases until there are no more that can be taken. Tells how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn toem(&self) -> Result<usize, Feil> {
        let mut alle = 0;
        loop {
            match self.behandle().await {
                Ok(0) => return Ok(alle),
                Ok(tatt) => alle += tatt,
                Err(feil) if feil.er_konflikt() => {}
                Err(feil) => return Err(feil),
            }
        }
    }

    /// Takes a batch of cases. Tells how many; none if there is nothing to take.
    ///
    /// A message that the register cannot take must not hold up the others: when a batch fails by what is in it, its first
    /// case is taken alone, and if that is the one, it goes to the desk without the rules.
    ///
    /// # Errors
    /// When the store fails; a conflict when another node was faster. Then nothing is written.
    pub async fn behandle(&self) -> Result<usize, Feil> {
        let forsoek = [(BUNT, Regelbruk::Vanlig), (1, Regelbruk::Vanlig), (1, Regelbruk::TilSkrivebord)];
        for (antall, regelbruk) in forsoek {
            match self.behandle_noen(antall, regelbruk).await {
                Err(feil) if feil.er_meldingens() => {
                    tracing::error!(%feil, antall, "meldinger kunne ikke behandles maskinelt");
                }
                svar => return svar,
            }
        }
        Err(Feil::Mangler("en sak som lar seg legge på skrivebordet"))
    }

    async fn behandle_noen(&self, antall: usize, regelbruk: Regelbruk) -> Result<usize, Feil> {
        let drift = drift::hent(&self.journal).await?;
        if drift.saksflyt_nede {
            return Ok(0);
        }
        let now = self.register.naa();
        let ventende = self.ventende(now.date_oslo(), &drift, antall).await?;
        if ventende.is_empty() {
            let posisjon = self.hode().await?.0.posisjon;
            if self.journal.feed_head(MOTTATT).await?.position <= posisjon {
                return Ok(0);
            }
        }
        let mut bunt = self.ny_bunt(now, regelbruk).await?;
        // Those who wait came first; new messages have their turn when none of them is left.
        let rest = antall - ventende.len();
        let mut videre = true;
        for id in ventende {
            if bunt.ta(id, &drift).await? != Tatt::Videre {
                videre = false;
                break;
            }
        }
        if videre && rest > 0 {
            for melding in self.journal.read(MOTTATT, bunt.posisjon() + 1, rest).await? {
                if drift.for_tidlig(melding.at, now) {
                    break;
                }
                match bunt.ta(melding.subject, &drift).await? {
                    Tatt::Utsatt => break,
                    Tatt::Videre => bunt.kommet_til(melding.position),
                    Tatt::Ferdig => {
                        bunt.kommet_til(melding.position);
                        break;
                    }
                }
            }
        }
        let tatt = bunt.antall();
        if tatt > 0 {
            bunt.ferdig().await?;
        }
        Ok(tatt)
    }

    async fn ny_bunt(&self, now: Timestamp, regelbruk: Regelbruk) -> Result<Bunt<'_, '_>, Feil> {
        let tur = self.register.skriver().tur().await?;
        let (hode, vokter) = self.hode().await?;
        Ok(Bunt::ny(self, (hode, vokter), tur, now, regelbruk))
    }

    async fn hode(&self) -> Result<(Hode, Guard), Feil> {
        Ok(match self.journal.record(TILSTAND, HODE).await? {
            Some(record) => (serde_json::from_slice(&record.value)?, Guard::SetAt(record.seq)),
            None => (Hode::default(), Guard::Absent),
        })
    }

    /// Cases whose date has come, and then those of kinds that are no longer stopped in the order they came; at most so many.
    async fn ventende(&self, i_dag: Date, drift: &Drift, antall: usize) -> Result<Vec<DocId>, Feil> {
        let til = u64::try_from(i_dag.days_since_epoch()).unwrap_or(0);
        let mut klare = Vec::new();
        for record in self.journal.records(VENTENDE, &[], None, antall).await? {
            let dag = record.key.first_chunk::<8>().map_or(u64::MAX, |b| u64::from_be_bytes(*b));
            klare.extend(siste_del(&record.key).filter(|_| dag <= til));
        }
        let mut sluppet = Vec::new();
        for sakstype in RESSURSER.iter().map(|r| r.sakstype).filter(|s| !drift.stoppet(s)) {
            let parkerte =
                self.journal.records(PARKERTE, &avtrykk(&[sakstype.as_bytes()]), None, antall).await?;
            sluppet.extend(parkerte.iter().filter_map(|record| siste_del(&record.key)));
        }
        sluppet.sort_unstable();
        sluppet.dedup();
        klare.extend(sluppet);
        klare.truncate(antall);
        Ok(klare)
    }

    /// A case and its message.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sak(&self, id: DocId) -> Result<Option<(Sak, LagretMelding)>, Feil> {
        let Some(record) = self.journal.record(SAKER, &noekkel(&[id])).await? else { return Ok(None) };
        let melding = self.journal.get(MELDINGER, id, AsOf::Now).await?;
        let melding = melding.ok_or(Feil::Mangler("en melding"))?;
        Ok(Some((serde_json::from_slice(&record.value)?, serde_json::from_slice(&melding.body)?)))
    }
}

/// Tells of a night's work that failed; it is taken up again.
fn nattfeil(feil: &Feil) -> bool {
    if !feil.er_konflikt() {
        tracing::error!(%feil, "inaktiveringen av d-numre kom ikke videre");
    }
    false
}
