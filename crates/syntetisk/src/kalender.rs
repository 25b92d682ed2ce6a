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

/// The day of a date of the Gregorian calendar. By arithmetic: it is asked for whenever somebody is picked.
pub(crate) const fn dag(aar: i32, maaned: i8, i_maaneden: i8) -> i32 {
    // Years that begin in March have their leap day last.
    let (aar, maaned) = if maaned > 2 { (aar, maaned - 3) } else { (aar - 1, maaned + 9) };
    let (aarhundre, i_hundre) = (aar.div_euclid(100), aar.rem_euclid(100));
    let i_aaret = (153 * maaned as i32 + 2) / 5 + i_maaneden as i32 - 1;
    // 146 097 days in four centuries, 1461 in four years; 719 468 from 0000-03-01 to 1970-01-01.
    (146_097 * aarhundre).div_euclid(4) + 1461 * i_hundre / 4 + i_aaret - 719_468
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
    fn days_and_dates_are_two_names_of_one_thing() {
        for d in (-60_000..60_000).step_by(17).chain([-719_528, 2_932_896]) {
            let dato = dato(d);
            assert_eq!(dato, Date::from_days_since_epoch(d));
            assert_eq!(dag(i32::from(dato.year()), dato.month(), dato.day()), d, "{dato}");
            assert_eq!(midnatt(d), Moment::midnight_oslo(dato));
        }
    }

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
