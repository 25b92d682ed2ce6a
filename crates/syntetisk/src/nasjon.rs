//! The nation: how large it is, where everything stands, and the streams that come out of it.

use enhetsregisteret::modell::rolle::Personnavn;
use enhetsregisteret::modell::{Enhet, Roller, Underenhet};
use identifikator::{Organisasjonsnummer, Serie};
use tid::Date;

use crate::faste::{self, UTENLANDSKE};
use crate::folk::{Folk, Personnummer, Rolleperson, SETER, Sete};
use crate::harde::{self, Krav};
use crate::historie::Historie;
use crate::kalender::{Kalender, aar};
use crate::liv::{Liv, liv};
use crate::matrikkel::{self, Matrikkelenhet};
use crate::plan::{FEEDSTART, Plan, Ramme, Skjebne};
use crate::roller::Gruppe;
use crate::sted::{UTLAND, Utland};
use crate::terning::{Kilde, Merke, Terning};
use crate::tilstand::Tilstand;
use crate::{enhetsdok, rolledok, underdok};

/// What a nation is made from. The same figures give the same nation, byte for byte, on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Oppsett {
    /// The seed.
    pub fro: u64,
    /// How many live main units; kept within [`Nasjon::MINST`] and [`Nasjon::STOERST`]. Deleted ones (about
    /// 8 %), removed ones (0.2 %) and sub-units come on top.
    pub enheter: u32,
    /// How many persons are or were in Folkeregisteret, the dead, the moved and those with D-numbers among them; kept
    /// within [`Nasjon::MINST_PERSONER`] and [`Nasjon::STOERST_PERSONER`]. The holders of roles are some of them.
    pub personer: u32,
    /// The nation's today: nothing happens after it. Not before 2022-01-01; the feeds begin in 2018.
    pub dato: Date,
}

impl Default for Oppsett {
    /// The demo nation: 12 000 units, 20 000 persons, 30 June 2026.
    fn default() -> Self {
        Self { fro: 42, enheter: 12_000, personer: 20_000, dato: crate::kalender::dato(STANDARDDAG) }
    }
}

/// 2026-06-30, in days since 1970.
const STANDARDDAG: i32 = 20_634;
/// 2022-01-01, in days since 1970: the earliest today.
const TIDLIGST: i32 = 18_993;
/// For how many slots one running number of sub-units is kept.
const BLOKK: u32 = 16;

/// A synthetic nation: units, sub-units, roles and their history.
///
/// Nothing is stored but the size and one number for every sixteen units; every document is made when it is asked
/// for, from the seed and the unit's own slot.
#[derive(Debug)]
pub struct Nasjon {
    oppsett: Oppsett,
    ramme: Ramme,
    kalender: Kalender,
    plasser: u32,
    under_foer: Vec<u32>,
    folk: Folk,
}

impl Nasjon {
    /// The smallest nation: below this the guaranteed cases would crowd out everything else.
    pub const MINST: u32 = 1000;
    /// The largest nation that the series of synthetic organisation numbers hold.
    pub const STOERST: u32 = 4_000_000;

    /// The fewest persons: below this there would be no room for every guaranteed case.
    pub const MINST_PERSONER: u32 = 1000;
    /// The most persons: a little above ten millions the series of identity numbers of a day would be full.
    pub const STOERST_PERSONER: u32 = 10_000_000;

    /// Lays out a nation. Costs one look at the plan of every unit: well under a microsecond each.
    pub fn new(oppsett: Oppsett) -> Self {
        let enheter = oppsett.enheter.clamp(Self::MINST, Self::STOERST);
        let personer = oppsett.personer.clamp(Self::MINST_PERSONER, Self::STOERST_PERSONER);
        let idag = oppsett.dato.days_since_epoch().max(TIDLIGST);
        let oppsett = Oppsett { enheter, personer, dato: crate::kalender::dato(idag), ..oppsett };
        let kilde = Kilde::ny(oppsett.fro);
        let kalender = Kalender::ny(&kilde);
        let ramme = Ramme { kilde, idag };
        let (mut plasser, mut levende, mut under) = (0u32, 0, 0);
        let mut under_foer = Vec::new();
        while levende < enheter {
            if plasser.is_multiple_of(BLOKK) {
                under_foer.push(under);
            }
            let plan = ramme.plan(plasser);
            under += u32::from(plan.under);
            levende += u32::from(plan.skjebne == Skjebne::Levende);
            plasser += 1;
        }
        let folk = Folk::ny(&ramme.kilde, personer, plasser, idag);
        Self { oppsett, ramme, kalender, plasser, under_foer, folk }
    }

    /// What it was made from, after the bounds were applied.
    pub const fn oppsett(&self) -> Oppsett {
        self.oppsett
    }

    /// The live main units as they are today, in ascending order of organisation number.
    pub fn enheter(&self) -> impl Iterator<Item = Enhet> {
        self.levende().map(|(liv, tilstand)| enhetsdok::enhet(self, &liv.plan, &tilstand))
    }

    /// The live sub-units as they are today, in ascending order of organisation number.
    pub fn underenheter(&self) -> impl Iterator<Item = Underenhet> {
        let liv =
            (0..self.plasser).filter(|slot| self.ramme.plan(*slot).under > 0).map(|slot| liv(self, slot));
        liv.flat_map(|liv| {
            let tilstand = Tilstand::etter(&liv);
            let foerste = self.under_foer(liv.plan.slot);
            let levende = (0..liv.plan.under).filter(|nr| tilstand.under[usize::from(*nr)].lever);
            let enheter = levende.map(|nr| underdok::underenhet(self, &liv.plan, &tilstand, nr, foerste));
            enheter.collect::<Vec<_>>()
        })
    }

    /// The roles of the live main units that have some, in ascending order of organisation number.
    pub fn roller(&self) -> impl Iterator<Item = (u32, Roller)> {
        self.levende().filter(|(_, tilstand)| tilstand.har_roller).filter_map(|(liv, tilstand)| {
            let roller = rolledok::roller(self, &liv.plan, &tilstand.roller)?;
            Some((nummer(liv.plan.slot), roller))
        })
    }

    /// The properties that live units are registered on (sheet 13.4), in ascending order of organisation number.
    pub fn matrikkel(&self) -> impl Iterator<Item = Matrikkelenhet> {
        (0..self.plasser).map(|slot| self.ramme.plan(slot)).flat_map(|plan| matrikkel::enheter(&plan))
    }

    /// Everything that happened since 2018-08-14, in order of time. Applied from nothing it gives exactly
    /// [`Self::enheter`], [`Self::underenheter`] and [`Self::roller`].
    ///
    /// Keeps 16 bytes for every event; the documents are made again as they are asked for.
    pub fn historie(&self) -> Historie<'_> {
        Historie::ny(self)
    }

    fn levende(&self) -> impl Iterator<Item = (Liv, Tilstand)> {
        let slots = (0..self.plasser).filter(|slot| self.ramme.plan(*slot).skjebne == Skjebne::Levende);
        slots.map(|slot| {
            let liv = liv(self, slot);
            let tilstand = Tilstand::etter(&liv);
            (liv, tilstand)
        })
    }
}

/// What the rooms of the nation ask each other.
impl Nasjon {
    pub(crate) const fn ramme(&self) -> &Ramme {
        &self.ramme
    }

    pub(crate) const fn kalender(&self) -> &Kalender {
        &self.kalender
    }

    pub(crate) const fn folk(&self) -> &Folk {
        &self.folk
    }

    pub(crate) const fn plasser(&self) -> u32 {
        self.plasser
    }

    /// Someone who was grown up in a year, for a seat of a unit. The founder has the last seat.
    pub(crate) fn person(&self, plan: &Plan, t: &mut Terning, sete: Sete) -> Personnummer {
        // Turned by the slot, so that nobody is the third member everywhere.
        self.folk.velg(t, Sete { nr: sete.nr + plan.slot, ..sete })
    }

    /// What others see of somebody.
    pub(crate) fn rolleperson(&self, nummer: Personnummer) -> Option<&Rolleperson> {
        self.folk.rolleperson(nummer)
    }

    /// The running number of the first sub-unit of the unit on a slot.
    pub(crate) fn under_foer(&self, slot: u32) -> u32 {
        let blokk = slot / BLOKK;
        let foer = self.under_foer.get(blokk as usize).copied().unwrap_or_default();
        (blokk * BLOKK..slot).fold(foer, |sum, s| sum + u32::from(self.ramme.plan(s).under))
    }

    /// Who founded the unit; the owner of a sole trader.
    pub(crate) fn eier(&self, plan: &Plan) -> Personnummer {
        let mut t = plan.terning.gren(Merke::Person, 0);
        let doer = plan.har(|k| matches!(k, Krav::Doed(Gruppe::Innh))).then(|| self.doedsvindu());
        self.person(plan, &mut t, Sete { aar: aar(plan.registrert), nr: SETER - 1, fast_navn: true, doer })
    }

    /// When they die of whom a case says that they are dead, so that the feeds tell it.
    pub(crate) const fn doedsvindu(&self) -> (i32, i32) {
        (FEEDSTART + 60, self.ramme.idag - 60)
    }

    /// The founder's name, as documents of roles write it.
    pub(crate) fn eiernavn(&self, plan: &Plan) -> Personnavn {
        let eier = self.rolleperson(self.eier(plan));
        let ingen = || Personnavn { fornavn: String::new(), mellomnavn: None, etternavn: String::new() };
        eier.map_or_else(ingen, |p| p.navn(plan.registrert))
    }

    /// The main company abroad of a foreign unit.
    pub(crate) fn hovedforetak(&self, plan: &Plan) -> u32 {
        UTENLANDSKE.velg(self.plasser, plan.terning.gren(Merke::Utland, 1).tall() >> 16)
    }

    /// Where abroad a foreign unit is at home: a branch where its main company is.
    pub(crate) fn hjemland(&self, plan: &Plan) -> &'static Utland {
        let terning = if plan.form.kode == "NUF" {
            self.ramme.plan(self.hovedforetak(plan)).terning
        } else {
            plan.terning
        };
        terning.gren(Merke::Utland, 0).velg(UTLAND)
    }

    /// The slot of the parent in the public hierarchy.
    pub(crate) fn overordnet(&self, plan: &Plan) -> Option<u32> {
        if let Some(hva) = plan.krav(|k| if let Krav::Overordnet(hva) = k { Some(*hva) } else { None }) {
            return Some(harde::plass(hva));
        }
        let mut t = plan.terning.gren(Merke::Overordnet, 0);
        match plan.form.kode {
            "ORGL" if plan.sektor() == Some("6500") => Some(self.kommune(&mut t)),
            "ORGL" => Some(harde::plass(if t.promille(400) { "a ministry" } else { "an agency" })),
            "ADOS" => Some(harde::plass("a ministry")),
            "KF" | "IKS" => Some(self.kommune(&mut t)),
            "FKF" => Some(harde::plass("a county")),
            _ => None,
        }
    }

    fn kommune(&self, t: &mut Terning) -> u32 {
        faste::kommune(self.plasser, t.tall() >> 16)
    }
}

/// The organisation number of the main unit on a slot.
pub(crate) fn nummer(slot: u32) -> u32 {
    nummer_i(Serie::Tre, slot)
}

/// The organisation number of a sub-unit, given the running number of its parent's first.
pub(crate) fn undernummer(foerste: u32, nr: u8) -> u32 {
    nummer_i(Serie::To, foerste + u32::from(nr))
}

/// The number of a slot in a series. The bounds on the size keep every slot inside its series.
fn nummer_i(serie: Serie, plass: u32) -> u32 {
    Organisasjonsnummer::syntetisk(serie, plass).map_or(0, Organisasjonsnummer::verdi)
}
