//! Days, and the rhythm of the feeds.

use std::sync::LazyLock;

use tid::{Date, Moment, Timestamp};

use crate::plan::FEEDSTART;
use crate::terning::{Kilde, Merke, Rike, Terning};

const DOEGN: i64 = 86_400_000;
const TIME: i64 = 3_600_000;
const MINUTT: i64 = 60_000;

/// The first day whose date is kept at hand: 1870-01-01.
const FOERSTE: i32 = -36_524;

/// The date of a day counted from 1970. Those of two centuries are kept at hand: everybody has dozens of them.
pub(crate) fn dato(dag: i32) -> Date {
    static DATOER: LazyLock<Vec<Date>> =
        LazyLock::new(|| (FOERSTE..FOERSTE + 73_048).map(Date::from_days_since_epoch).collect());
    let kjent = usize::try_from(dag - FOERSTE).ok().and_then(|i| DATOER.get(i));
    kjent.copied().unwrap_or_else(|| Date::from_days_since_epoch(dag))
}

/// The moment at which a day begins in Oslo.
pub(crate) fn midnatt(dag: i32) -> Moment {
    static MIDNATT: LazyLock<Vec<Moment>> =
        LazyLock::new(|| (FOERSTE..FOERSTE + 73_048).map(|d| Moment::midnight_oslo(dato(d))).collect());
    let kjent = usize::try_from(dag - FOERSTE).ok().and_then(|i| MIDNATT.get(i));
    kjent.copied().unwrap_or_else(|| Moment::midnight_oslo(dato(dag)))
}

/// The year of a day.
pub(crate) fn aar(dag: i32) -> i32 {
    i32::from(dato(dag).year())
}

/// The day of a date that may be wrong; 1970-01-01 then.
pub(crate) fn dag(aar: i32, maaned: i8, i_maaneden: i8) -> i32 {
    Date::new(aar as i16, maaned, i_maaneden).map_or(0, Date::days_since_epoch)
}

/// How a change reaches the feed (sheet 11.1): all changes of a batch have the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parti {
    /// With the nightly batch of the next morning.
    Natt,
    /// With one of the small batches of the same day.
    Dag,
    /// With the monthly numbers of employees, a burst.
    Ansatte,
    /// Roles: a feed of its own, a little later than the nightly batch.
    Roller,
}

/// The times of the batches.
#[derive(Debug, Clone)]
pub(crate) struct Kalender(Terning);

impl Kalender {
    pub(crate) fn ny(kilde: &Kilde) -> Self {
        Self(kilde.terning(Rike::Kalender, 0))
    }

    /// The moment at which what was registered on a day is published; `valg` picks the batch of the day.
    pub(crate) fn at(&self, dag: i32, parti: Parti, valg: u32) -> Timestamp {
        let morgen = i64::from(dag + 1) * DOEGN;
        let mut t = self.0.gren(Merke::Klokke, dag.cast_unsigned() << 3 | parti as u32);
        let litt = i64::from(t.under(100_000));
        let millis = match parti {
            Parti::Natt => morgen + 5 * TIME + MINUTT + litt,
            Parti::Roller => morgen + 5 * TIME + 12 * MINUTT + litt,
            Parti::Ansatte => morgen - DOEGN + 6 * TIME + 3 * MINUTT + litt,
            Parti::Dag => {
                morgen - DOEGN + (9 + 3 * i64::from(valg % 3)) * TIME + litt * (i64::from(valg % 3) + 1) * 7
            }
        };
        Timestamp::from_millis(millis)
    }

    /// When what stands on a slot was loaded on the feeds' first day: in batches of 4096 slots.
    pub(crate) fn innlasting(slot: u32) -> Timestamp {
        let foerste = i64::from(FEEDSTART) * DOEGN + 5 * TIME + MINUTT + 31_544;
        Timestamp::from_millis(foerste + i64::from(slot / 4096) * 7000)
    }
}

/// The moment at which the feeds begin.
pub(crate) fn feedstart() -> Timestamp {
    Timestamp::start_of(dato(FEEDSTART))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_share_their_moment_and_fall_on_their_day() {
        let kalender = Kalender::ny(&Kilde::ny(1));
        let mandag = dag(2024, 1, 15);
        let natt = kalender.at(mandag, Parti::Natt, 0);
        assert_eq!(natt, kalender.at(mandag, Parti::Natt, 17));
        assert!(natt < kalender.at(mandag, Parti::Roller, 0));
        assert_eq!(natt.date_utc().to_string(), "2024-01-16");
        for valg in 0..3 {
            assert_eq!(kalender.at(mandag, Parti::Dag, valg).date_utc().to_string(), "2024-01-15");
        }
        assert_eq!(Kalender::innlasting(0).to_string(), "2018-08-14T05:01:31.544Z");
    }
}
