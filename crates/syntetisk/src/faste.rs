//! Places that are the same in every nation: municipalities, counties, and the firms that others lean on.
//!
//! A unit that holds a role in others (auditor, accountant, corporate partner, main company abroad) must be
//! there from the first day of the feeds to the last. Such units stand at fixed intervals, live always and
//! keep their names, so whoever needs one can name it without looking at the others. The intervals make the
//! municipalities fill a nation of 12 000 and thin out to the real share in a larger one.

use std::sync::LazyLock;

use kodeverk::kommuner::Kommune;

/// The first slots belong to the guaranteed cases (`harde`).
pub(crate) const GULV: u32 = 256;

const KOMMUNE_FRA: u32 = 640;
const FYLKE_FRA: u32 = 656;
const FYLKE_STEG: u32 = 32;

/// A fixed place: from slot, interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rekke {
    fra: u32,
    steg: u32,
}

/// Auditors.
pub(crate) const REVISORER: Rekke = Rekke { fra: GULV + 37, steg: 256 };
/// Accountants.
pub(crate) const REGNSKAPSFOERERE: Rekke = Rekke { fra: GULV + 53, steg: 128 };
/// Companies that hold roles in other units.
pub(crate) const SELSKAPER: Rekke = Rekke { fra: GULV + 11, steg: 64 };
/// Main companies abroad.
pub(crate) const UTENLANDSKE: Rekke = Rekke { fra: GULV + 91, steg: 128 };

impl Rekke {
    const fn har(self, slot: u32) -> bool {
        slot >= self.fra && (slot - self.fra).is_multiple_of(self.steg)
    }

    /// One of the row in a nation of so many slots, picked by `tall`.
    pub(crate) fn velg(self, plasser: u32, tall: u64) -> u32 {
        let antall = plasser.saturating_sub(self.fra).div_ceil(self.steg).max(1);
        self.fra + self.steg * (tall % u64::from(antall)) as u32
    }
}

/// What stands on a fixed place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fast {
    /// A municipality, by its place in [`kommuner`].
    Kommune(usize),
    /// A county, by its place in [`FYLKER`].
    Fylke(usize),
    Revisor,
    Regnskapsfoerer,
    Selskap,
    Utenlandsk,
}

/// Number and name of the counties with a county council (the division of 2024; Oslo is a municipality).
pub(crate) const FYLKER: &[(&str, &str)] = &[
    ("11", "ROGALAND"),
    ("15", "MØRE OG ROMSDAL"),
    ("18", "NORDLAND"),
    ("31", "ØSTFOLD"),
    ("32", "AKERSHUS"),
    ("33", "BUSKERUD"),
    ("34", "INNLANDET"),
    ("39", "VESTFOLD"),
    ("40", "TELEMARK"),
    ("42", "AGDER"),
    ("46", "VESTLAND"),
    ("50", "TRØNDELAG"),
    ("55", "TROMS"),
    ("56", "FINNMARK"),
];

/// The municipalities, without the areas outside the division (Svalbard, Jan Mayen).
pub(crate) fn kommuner() -> &'static [Kommune] {
    static KOMMUNER: LazyLock<Vec<Kommune>> = LazyLock::new(|| {
        let utenfor = ["2100", "2211"];
        let alle = kodeverk::kommuner::alle().iter();
        alle.filter(|k| !utenfor.contains(&k.kommunenummer)).copied().collect()
    });
    &KOMMUNER
}

/// What stands on a slot, if its place is fixed.
pub(crate) fn fast(slot: u32) -> Option<Fast> {
    if slot < GULV {
        return None;
    }
    if slot >= KOMMUNE_FRA && (slot - KOMMUNE_FRA).is_multiple_of(FYLKE_STEG) {
        let nr = ((slot - KOMMUNE_FRA) / FYLKE_STEG) as usize;
        return (nr < kommuner().len()).then_some(Fast::Kommune(nr));
    }
    if slot >= FYLKE_FRA && (slot - FYLKE_FRA).is_multiple_of(FYLKE_STEG) {
        let nr = ((slot - FYLKE_FRA) / FYLKE_STEG) as usize;
        return (nr < FYLKER.len()).then_some(Fast::Fylke(nr));
    }
    [
        (REVISORER, Fast::Revisor),
        (REGNSKAPSFOERERE, Fast::Regnskapsfoerer),
        (SELSKAPER, Fast::Selskap),
        (UTENLANDSKE, Fast::Utenlandsk),
    ]
    .into_iter()
    .find_map(|(rekke, fast)| rekke.har(slot).then_some(fast))
}

/// The slot of one of the municipalities that fit into so many slots, picked by `tall`.
pub(crate) fn kommune(plasser: u32, tall: u64) -> u32 {
    let alle = kommuner().len() as u32;
    let antall = plasser.saturating_sub(KOMMUNE_FRA).div_ceil(FYLKE_STEG).clamp(1, alle);
    KOMMUNE_FRA + FYLKE_STEG * (tall % u64::from(antall)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rows_meet_and_picks_stay_inside() {
        let rekker = [REVISORER, REGNSKAPSFOERERE, SELSKAPER, UTENLANDSKE];
        for slot in GULV..20_000 {
            let treff = rekker.iter().filter(|r| r.har(slot)).count();
            assert!(treff <= 1, "{slot}");
            let offentlig = matches!(fast(slot), Some(Fast::Kommune(_) | Fast::Fylke(_)));
            assert!(!(offentlig && treff > 0), "{slot}");
        }
        for tall in 0..200 {
            for rekke in rekker {
                assert!(rekke.har(rekke.velg(1080, tall)) && rekke.velg(1080, tall) < 1080);
            }
            assert!(matches!(fast(kommune(1080, tall)), Some(Fast::Kommune(_))));
            assert!(kommune(1080, tall) < 1080);
        }
        let sett = (0..20_000).filter(|s| matches!(fast(*s), Some(Fast::Kommune(_)))).count();
        assert_eq!(sett, 357);
    }
}
