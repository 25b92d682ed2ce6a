//! Bulk load: whole lives at once, into an empty register.
//!
//! Persons come in groups that know of no others ([`Gruppe`]), made on as many threads as there are; [`Innlasting`] writes the
//! books as they come, remembers sixteen bytes for every event, and puts the events on the feed in order of time at the end.

use std::collections::HashMap;

use identifikator::Personidentifikator;
use journal::{Change, JournalError, Receipt, Step};
use tid::Timestamp;
use tokio::task::JoinSet;

use crate::bok::{Bok, peker};
use crate::endring::{Fortelling, fortelling, publiser, skriv};
use crate::modell::{Hendelse, Persondokument};
use crate::plass::Hendelsesplass;
use crate::{Feil, Folkeregister};

/// Events in one change.
const BUNT: usize = 20_000;
/// Changes that may be on their way to the store at once: some are packed while one is written.
const UNDERVEIS_MAKS: usize = 3;

/// Persons who are loaded together: numbers that they have had or taken over lead to one of them.
#[derive(Default)]
pub struct Gruppe {
    boker: Vec<Bok<'static>>,
    hendelser: Vec<Pakket>,
}

/// The books of a group as they are written, and its events.
pub struct Ferdig {
    steg: Vec<Step>,
    hendelser: Vec<Pakket>,
    /// How many persons there are.
    pub personer: usize,
}

impl Gruppe {
    /// The next person, with the first number.
    pub fn person(&mut self, nummer: Personidentifikator) -> Person<'_> {
        self.boker.push(Bok::ny(nummer));
        let siste = self.boker.len() - 1;
        Person { bok: &mut self.boker[siste], hendelser: &mut self.hendelser }
    }

    /// Makes it ready to be written.
    ///
    /// # Errors
    /// When a document cannot be read back.
    pub fn ferdig(mut self) -> Result<Ferdig, Feil> {
        let mut eiere: HashMap<u64, u64> = HashMap::new();
        let egne: std::collections::HashSet<u64> = self.boker.iter().map(Bok::person).collect();
        for bok in self.boker.iter().filter(|bok| bok.siste().is_some_and(|k| bok.har_dokument(k))) {
            eiere.extend(bok.andre_numre()?.into_iter().map(|nummer| (nummer, bok.person())));
        }
        let mut steg = Vec::with_capacity(self.boker.len());
        for bok in &mut self.boker {
            let Some(k) = bok.siste() else { continue };
            if !bok.har_dokument(k)
                && let Some(videre) =
                    eiere.get(&bok.person()).copied().and_then(Personidentifikator::fra_verdi)
            {
                bok.viderefoer(videre);
            }
            steg.push(skriv(bok.person(), bok.som_json(), bok.at(k).unwrap_or_default()));
        }
        let pekere = eiere.into_iter().filter(|(nummer, _)| !egne.contains(nummer));
        let mut pekere: Vec<_> = pekere.collect();
        pekere.sort_unstable();
        steg.extend(
            pekere.into_iter().map(|(nummer, eier)| skriv(nummer, peker(eier), Timestamp::default())),
        );
        Ok(Ferdig { personer: self.boker.len(), steg, hendelser: self.hendelser })
    }
}

/// A person whose life is being told.
pub struct Person<'g> {
    bok: &'g mut Bok<'static>,
    hendelser: &'g mut Vec<Pakket>,
}

impl Person<'_> {
    /// The next version; `None`: merged away.
    ///
    /// # Errors
    /// When there are more than a book can hold.
    pub fn versjon(
        &mut self,
        at: Timestamp,
        dokument: Option<&Persondokument>,
        hendelser: &[Hendelse],
    ) -> Result<(), Feil> {
        let k = self.bok.ny_versjon(dokument, at, hendelser)?;
        let fortalt = hendelser.iter().enumerate();
        self.hendelser.extend(fortalt.map(|(i, hendelse)| Pakket::av(fortelling(hendelse, k, i, at))));
        Ok(())
    }
}

/// An event in sixteen bytes, ordered as the feed is: by time, person, version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pakket(u128);

/// Times before 1970 become positive.
const FORSKYVNING: i64 = 1 << 46;

impl Pakket {
    fn av((at, plass, kind): Fortelling) -> Self {
        let tid = u128::from((at.as_millis() + FORSKYVNING).unsigned_abs());
        Self(tid << 72 | u128::from(plass.subjekt()) << 8 | u128::from(kind))
    }

    fn ut(self) -> Fortelling {
        let tid = i64::try_from(self.0 >> 72).unwrap_or(i64::MAX);
        let plass = Hendelsesplass::av((self.0 >> 8) as u64);
        (Timestamp::from_millis(tid - FORSKYVNING), plass, self.0 as u8)
    }
}

/// A load that is under way.
pub struct Innlasting<'r> {
    register: &'r Folkeregister,
    hendelser: Vec<Pakket>,
    underveis: JoinSet<Result<Receipt, JournalError>>,
}

impl<'r> Innlasting<'r> {
    /// Begins to load a register that holds nobody.
    pub fn ny(register: &'r Folkeregister) -> Self {
        Self { register, hendelser: Vec::new(), underveis: JoinSet::new() }
    }

    /// Takes the books of some groups, and writes them as one change while the next are made.
    ///
    /// # Errors
    /// When the store has failed, with these or with earlier ones.
    pub async fn ta(&mut self, grupper: Vec<Ferdig>) -> Result<(), Feil> {
        let mut steg = Vec::with_capacity(grupper.iter().map(|gruppe| gruppe.steg.len()).sum());
        for gruppe in grupper {
            steg.extend(gruppe.steg);
            self.hendelser.extend(gruppe.hendelser);
        }
        self.skriv(steg).await
    }

    /// Sends a change on its way, when there is room for it.
    async fn skriv(&mut self, steps: Vec<Step>) -> Result<(), Feil> {
        while self.underveis.len() >= UNDERVEIS_MAKS {
            self.en_skrevet().await?;
        }
        let (journal, at) = (self.register.journal().clone(), self.register.naa());
        self.underveis.spawn(async move { journal.append(Change { at, steps }).await });
        Ok(())
    }

    /// Waits until one of the changes is written; answers whether there was any.
    async fn en_skrevet(&mut self) -> Result<bool, Feil> {
        let Some(skrevet) = self.underveis.join_next().await else { return Ok(false) };
        skrevet.map_err(|_| Feil::Avbrutt)??;
        Ok(true)
    }

    /// Puts the events on the feed, and tells now and then how many of how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn ferdig(mut self, fremdrift: impl Fn(u64, u64)) -> Result<(), Feil> {
        while self.en_skrevet().await? {}
        let mut hendelser = std::mem::take(&mut self.hendelser);
        hendelser = tokio::task::spawn_blocking(move || {
            hendelser.sort_unstable();
            hendelser
        })
        .await
        .map_err(|_| Feil::Avbrutt)?;
        let journal = self.register.journal();
        for (i, bunt) in hendelser.chunks(BUNT).enumerate() {
            let steps = bunt.iter().map(|pakket| publiser(pakket.ut())).collect();
            journal.append(Change { at: self.register.naa(), steps }).await?;
            fremdrift((i * BUNT + bunt.len()) as u64, hendelser.len() as u64);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_keep_their_place_and_stand_in_order_of_time() {
        let her = |nummer, k, plass| Hendelsesplass { nummer, k, plass };
        let fortalt = [
            (Timestamp::from_millis(-5), her(99_999_999_999, u16::MAX, 255), 47),
            (Timestamp::from_millis(0), her(1, 0, 0), 1),
            (Timestamp::from_millis(0), her(1, 0, 1), 1),
            (Timestamp::from_millis(4_102_444_800_000), her(0, 0, 0), 1),
        ];
        let pakket: Vec<Pakket> = fortalt.iter().map(|f| Pakket::av(*f)).collect();
        assert!(pakket.is_sorted());
        for (pakket, fortalt) in pakket.iter().zip(fortalt) {
            assert_eq!(pakket.ut(), fortalt);
        }
    }
}
