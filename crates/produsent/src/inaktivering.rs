//! D-numbers become inactive five years after they were given or made active again (producer sheet, section 8.2).
//!
//! A job of the night: it goes through all who have a D-number once a day, in the order of the numbers. Books stand under
//! the first number of the person, and D-numbers are a range of their own, so nobody else is read. How far it has come moves
//! in the change that tells of those who became inactive, under a guard: each is told of once, on any number of nodes.

use folkeregisteret::bok::Bok;
use folkeregisteret::endring::PERSONER;
use folkeregisteret::modell::{Folkeregisterpersonstatus, Hendelsestype, Persondokument, Personstatus};
use journal::Guard;
use serde::{Deserialize, Serialize};
use tid::{Date, Moment};

use crate::lager::{TILSTAND, sett};
use crate::sak::{Utkast, gjeldende};
use crate::{Feil, Produsent, drift};

const NOEKKEL: &[u8] = b"inaktivering";
/// The numbers of persons who had a D-number first: their day is 41 to 71.
const FOERSTE: u64 = 41_000_000_000;
const SISTE: u64 = 71_999_999_999;
/// Years that a D-number is active.
const AAR: i16 = 5;
/// Books that are read at a time, and in one portion.
const SIDE: usize = 1_000;
const PORSJON: usize = 10 * SIDE;
/// Persons who become inactive in one change, and in a day.
const BUNT: usize = 500;
const PER_DAG: u32 = 50_000;

/// How far today's round has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Runde {
    /// Which day's it is.
    dag: Date,
    /// The last number that has been looked at.
    etter: u64,
    /// How many have become inactive.
    antall: u32,
}

impl Produsent {
    /// Takes a portion of today's round. Tells whether there may be more of it: then it is to be called again, when nothing
    /// else is waiting.
    ///
    /// # Errors
    /// When the store fails; a conflict when another node was faster. Then nothing is written.
    pub async fn inaktiver(&self) -> Result<bool, Feil> {
        if drift::hent(&self.journal).await?.saksflyt_nede {
            return Ok(false);
        }
        let now = self.register.naa();
        let (mut runde, guard) = self.runde(now.date_oslo()).await?;
        if runde.etter >= SISTE || runde.antall >= PER_DAG {
            return Ok(false);
        }
        let utloept = self.utloepte(&mut runde).await?;
        let mut tur = self.register.skriver().tur().await?;
        let mut u = Utkast::nytt(&mut tur, now, "Inaktivering av d-nummer");
        "folkeregisteret".clone_into(&mut u.kilde);
        for nummer in utloept {
            // As it is now: it may have been made active again while others were read.
            let Some(p) = u.hent(nummer).await?.filter(|p| er_utloept(u.dok(*p), runde.dag)) else {
                continue;
            };
            let mut meta = u.meta();
            meta.gyldighetstidspunkt = Some(Moment::oslo(now));
            u.registrer(p, Folkeregisterpersonstatus { meta, status: Personstatus::Inaktiv }, |_| true);
            u.meld(p, Hendelsestype::EndringIStatus);
            runde.antall += 1;
        }
        for melding in &u.meldinger() {
            tur.meld(melding).await?;
        }
        tur.fullfoer(now, vec![sett(TILSTAND, NOEKKEL.to_vec(), &runde, guard)?]).await?;
        Ok(runde.etter < SISTE && runde.antall < PER_DAG)
    }

    async fn runde(&self, i_dag: Date) -> Result<(Runde, Guard), Feil> {
        let ny = Runde { dag: i_dag, etter: FOERSTE - 1, antall: 0 };
        let Some(record) = self.journal.record(TILSTAND, NOEKKEL).await? else {
            return Ok((ny, Guard::Absent));
        };
        let kjent: Runde = serde_json::from_slice(&record.value)?;
        Ok((if kjent.dag == i_dag { kjent } else { ny }, Guard::SetAt(record.seq)))
    }

    /// The next whose time has come, and how far that is.
    async fn utloepte(&self, runde: &mut Runde) -> Result<Vec<u64>, Feil> {
        let at = self.journal.head().await?;
        let (mut utloept, mut lest) = (Vec::new(), 0);
        while lest < PORSJON && utloept.len() < BUNT && runde.etter < SISTE {
            let side = self.journal.scan(PERSONER, at, Some(runde.etter), SIDE).await?;
            lest += side.len();
            runde.etter =
                side.last().filter(|_| side.len() == SIDE).map_or(SISTE, |siste| siste.id.min(SISTE));
            for versjon in side.iter().take_while(|versjon| versjon.id <= SISTE) {
                // Another number of somebody stands for no book.
                let Ok(bok) = Bok::les(versjon.id, &versjon.body) else { continue };
                let Some(k) = bok.siste() else { continue };
                let dok = bok.versjon(k).map_err(folkeregisteret::Feil::from)?;
                if dok.is_some_and(|dok| er_utloept(&dok, runde.dag)) {
                    utloept.push(versjon.id);
                }
                if utloept.len() == BUNT {
                    runde.etter = versjon.id;
                    break;
                }
            }
        }
        Ok(utloept)
    }
}

/// Whether a D-number has been active for five years: since it was given, or made active again.
fn er_utloept(dok: &Persondokument, i_dag: Date) -> bool {
    let naa = gjeldende(&dok.status).filter(|s| s.status == Personstatus::Midlertidig);
    let siden = naa.and_then(|s| {
        let tildelt = || gjeldende(&dok.identifikasjonsnummer)?.meta.gyldighetstidspunkt;
        s.meta.gyldighetstidspunkt.or_else(tildelt)
    });
    siden.is_some_and(|siden| aar_etter(siden.local_date()) <= i_dag)
}

/// The same day five years on; the day after it, if that year has no such day.
fn aar_etter(dato: Date) -> Date {
    let aar = dato.year() + AAR;
    Date::new(aar, dato.month(), dato.day()).or_else(|| Date::new(aar, 3, 1)).unwrap_or(dato)
}
