//! One person, before anything is written about them: how they came into the register, and when they die.

use super::navn::Personnavn;
use super::pyramide::Plass;
use super::saer::Saer;
use crate::kalender::{aar, dag};
use crate::terning::{Merke, Terning};

/// 1964-10-01, when the register of persons began, in days since 1970. Who died before is not in it.
pub(crate) const DSF_START: i32 = -1918;
/// Days in four years.
const FIRE_AAR: i32 = 1461;

/// How somebody came into the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opphav {
    /// Born here and resident.
    Norsk,
    /// Moved here from abroad, perhaps with a D-number first (on this day).
    Innvandrer(Option<i32>),
    /// Has a D-number only.
    DNummer,
    /// Born here to someone who is not resident.
    Foedselsregistrert,
    /// Has a fødselsnummer and was never resident, or had the immigration annulled.
    IkkeBosatt,
}

/// A person of a hamlet. Other persons of it are meant by their place in it.
#[derive(Debug, Clone)]
pub(crate) struct Borger {
    pub plass: Plass,
    pub kvinne: bool,
    pub opphav: Opphav,
    /// The day on which they came into the register, resident if they ever are.
    pub inn: i32,
    pub doed: Option<i32>,
    /// A country, as a place in [`super::land::LAND`]: where they come from, or where they go.
    pub land: u8,
    pub mor: Option<u16>,
    /// Father or co-mother.
    pub far: Option<u16>,
    pub barn: Vec<u16>,
    /// Their couples, in order of time, as places in the hamlet's list.
    pub par: Vec<u16>,
    /// From when on they are free for another couple.
    pub ledig: i32,
    pub siste_barn: i32,
    /// Names with the day from which each was used; the first from birth.
    pub navn: Vec<(i32, Personnavn)>,
    /// What else sets them apart.
    pub saer: Saer,
    pub terning: Terning,
}

impl Borger {
    /// A person on a place of the pyramid.
    pub(crate) fn ny(plass: Plass, terning: Terning, idag: i32) -> Self {
        let mut t = terning.gren(Merke::Opphav, 0);
        let kvinne = plass.kvinne;
        let (opphav, inn) = opphav(&mut t, plass.foedt, idag);
        let land = super::land::trekk(&mut t);
        let foedt = plass.foedt;
        let levetid = Levetid { kvinne, foedt, fra: inn.max(DSF_START) };
        // The register seldom hears of the death of one who has a D-number only.
        let ukjent = opphav == Opphav::DNummer && t.promille(600);
        let doed = Some(levetid.doedsdag(&mut terning.gren(Merke::Doedsdag, 0)));
        let doed = doed.filter(|d| *d < idag - 12 && !ukjent);
        Self {
            plass,
            kvinne,
            opphav,
            inn,
            doed,
            land,
            mor: None,
            far: None,
            barn: Vec::new(),
            par: Vec::new(),
            ledig: foedt + 18 * FIRE_AAR / 4,
            siste_barn: i32::MIN / 2,
            navn: Vec::new(),
            saer: Saer::default(),
            terning,
        }
    }

    /// The day of birth.
    pub(crate) const fn foedt(&self) -> i32 {
        self.plass.foedt
    }

    /// The day on which they turn so many years.
    pub(crate) const fn fyller(&self, aar: i32) -> i32 {
        self.plass.foedt + aar * FIRE_AAR / 4 + 1
    }

    /// Whether they are ever resident.
    pub(crate) const fn bosatt(&self) -> bool {
        matches!(self.opphav, Opphav::Norsk | Opphav::Innvandrer(_))
    }

    /// Whether they are alive and in the register on a day.
    pub(crate) fn lever(&self, dag: i32) -> bool {
        self.inn <= dag && self.doed.is_none_or(|d| dag < d)
    }

    /// The last day that anything can happen to them.
    pub(crate) fn slutt(&self, idag: i32) -> i32 {
        self.doed.unwrap_or(idag)
    }

    /// The name on a day; the first one before birth.
    pub(crate) fn navn(&self, dag: i32) -> Personnavn {
        let paa = self.navn.iter().rev().find(|n| n.0 <= dag).or(self.navn.first());
        paa.map_or_else(Personnavn::default, |n| n.1)
    }
}

/// Of a thousand in the register who are born in a year: with D-number only, immigrants. From the sheet's 1.6
/// million D-numbers to 6 million fødselsnumre (section 14), and immigrants from Statistics Norway.
const fn andeler(aarstall: i32) -> (u32, u32) {
    match aarstall {
        ..=1939 => (40, 40),
        1940..=1954 => (90, 80),
        1955..=1999 => (180, 220),
        2000..=2011 => (80, 150),
        _ => (15, 80),
    }
}

fn opphav(t: &mut Terning, foedt: i32, idag: i32) -> (Opphav, i32) {
    let (med_dnummer, innvandrere) = andeler(aar(foedt));
    let kast = t.under(1000);
    let sist = idag - 40;
    if kast < med_dnummer {
        let fra = (foedt + 20).max(dag(1985, 1, 1));
        return (Opphav::DNummer, sen(t, fra, sist, foedt));
    }
    if kast < med_dnummer + innvandrere && foedt < sist - 300 {
        let inn = sen(t, (foedt + 90).max(dag(1967, 1, 1)), sist, foedt);
        let foerst = inn - t.mellom(40, 1100);
        let hadde = foerst > (foedt + 10).max(dag(1990, 1, 1)) && t.promille(450);
        return (Opphav::Innvandrer(hadde.then_some(foerst)), inn);
    }
    match t.under(1000) {
        0..=1 if foedt > dag(1998, 1, 1) => (Opphav::Foedselsregistrert, foedt),
        2..=4 => (Opphav::IkkeBosatt, foedt.max(DSF_START + 1)),
        _ => (Opphav::Norsk, foedt),
    }
}

/// A day of a span, rather late than early, and before the age of 66.
fn sen(t: &mut Terning, fra: i32, til: i32, foedt: i32) -> i32 {
    let til = til.min(foedt + 66 * FIRE_AAR / 4).max(fra);
    let (a, b) = (t.mellom(fra, til), t.mellom(fra, til));
    if t.promille(650) { a.max(b) } else { a.min(b) }
}

/// Survivors of 10 000 at an age: (age, women, men); Statistics Norway's table of 2020, rounded.
const LEVENDE: &[(i32, u32, u32)] = &[
    (0, 10_000, 10_000),
    (1, 9982, 9979),
    (20, 9965, 9955),
    (30, 9938, 9890),
    (40, 9888, 9795),
    (50, 9770, 9620),
    (60, 9490, 9220),
    (65, 9260, 8860),
    (70, 8890, 8350),
    (75, 8310, 7560),
    (80, 7400, 6390),
    (85, 5920, 4720),
    (90, 3830, 2700),
    (95, 1610, 960),
    (100, 360, 150),
    (105, 25, 8),
    (110, 0, 0),
];

/// What decides how long somebody lives.
struct Levetid {
    kvinne: bool,
    foedt: i32,
    /// Alive on this day.
    fra: i32,
}

impl Levetid {
    fn levende(&self, rad: &(i32, u32, u32)) -> u32 {
        if self.kvinne { rad.1 } else { rad.2 }
    }

    /// A day of death after `fra`, of a whole life's table.
    fn doedsdag(&self, t: &mut Terning) -> i32 {
        // Those who were born early did not live so long.
        let kortere = ((2000 - aar(self.foedt)) / 16).clamp(0, 5) * 365;
        let alder = (self.fra - self.foedt).max(0) + kortere;
        let alder_aar = alder / 365;
        let i = LEVENDE.partition_point(|rad| rad.0 <= alder_aar).clamp(1, LEVENDE.len() - 1);
        let levende_ved = self.mellom(i, alder);
        // Nobody has the very last place of the table, so that the end is not a day of its own.
        let igjen = t.under(levende_ved.max(1) * 100);
        let slutt = (1..LEVENDE.len())
            .find(|i| self.levende(&LEVENDE[*i]) * 100 <= igjen)
            .unwrap_or(LEVENDE.len() - 1);
        let (fra, til) = (&LEVENDE[slutt - 1], &LEVENDE[slutt]);
        let (over, under) = (self.levende(fra) * 100, self.levende(til) * 100);
        let dager = i64::from((til.0 - fra.0) * 365);
        let inn = i64::from(over.saturating_sub(igjen)) * dager / i64::from((over - under).max(1));
        let ved = fra.0 * 365 + inn as i32;
        self.fra.max(self.foedt) + 1 + (ved - alder).max(t.mellom(0, 400))
    }

    /// Survivors at an age in days that lies before row `i`.
    fn mellom(&self, i: usize, alder: i32) -> u32 {
        let (a, b) = (&LEVENDE[i - 1], &LEVENDE[i]);
        let (over, under) = (self.levende(a), self.levende(b));
        let dager = (b.0 - a.0) * 365;
        let inn = (alder - a.0 * 365).clamp(0, dager);
        let (inn, dager) = (inn.cast_unsigned(), dager.cast_unsigned());
        let borte = u64::from(over - under) * u64::from(inn) / u64::from(dager.max(1));
        over - borte as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terning::{Kilde, Rike};

    #[test]
    fn people_die_old_and_never_before_they_came() {
        let terning = Kilde::ny(3).terning(Rike::Grend, 0);
        let foedt = dag(1930, 6, 1);
        let mut aldre: Vec<i32> = (0..2000)
            .map(|nr| {
                let levetid = Levetid { kvinne: nr % 2 == 0, foedt, fra: dag(1964, 10, 1) };
                let doed = levetid.doedsdag(&mut terning.gren(Merke::Doedsdag, nr));
                assert!(doed > levetid.fra);
                (doed - foedt) / 365
            })
            .collect();
        aldre.sort_unstable();
        assert!((72..90).contains(&aldre[1000]), "{}", aldre[1000]);
        assert!(aldre[1999] <= 112, "{}", aldre[1999]);
        assert_eq!(dag(1964, 10, 1), DSF_START);
    }
}
