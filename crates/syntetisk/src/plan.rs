//! The plan of a unit: form, birth, fate. What must be known of a unit before anything else, and cheaply.

use std::sync::LazyLock;

use crate::faste::{self, Fast};
use crate::former::{FORMER, Form, form_med};
use crate::harde::{self, Krav, Tilfelle};
use crate::sted;
use crate::terning::{Kilde, Merke, Rike, Terning};

/// 2018-08-14, the first day of the feeds (sheet section 2), in days since 1970.
pub(crate) const FEEDSTART: i32 = 17_757;
/// 2019-10-01, from when the feeds tell what kind of change it was, in days since 1970.
pub(crate) const ENDRINGSTYPER_FRA: i32 = 18_170;
/// 1995-02-20, when Enhetsregisteret opened, in days since 1970.
pub(crate) const REGISTERSTART: i32 = 9181;
/// 2017-01-01, in days since 1970. Who others lean on was there by then.
const TIDLIG: i32 = 17_167;

/// How a unit ends, and on which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skjebne {
    Levende,
    Slettet(i32),
    Fjernet(i32),
    /// Deleted on the first day, removed on the second.
    SlettetSaaFjernet(i32, i32),
}

impl Skjebne {
    /// The day on which it ceased to live.
    pub(crate) const fn slutt(self) -> Option<i32> {
        match self {
            Self::Levende => None,
            Self::Slettet(dag) | Self::Fjernet(dag) | Self::SlettetSaaFjernet(dag, _) => Some(dag),
        }
    }
}

/// The plan of the unit on one slot.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub slot: u32,
    pub terning: Terning,
    pub tilfelle: Option<&'static Tilfelle>,
    pub fast: Option<Fast>,
    pub form: &'static Form,
    /// Day of registration.
    pub registrert: i32,
    pub skjebne: Skjebne,
    /// Day of bankruptcy. An estate has the day of its debtor's.
    pub konkurs: Option<i32>,
    /// How many sub-units it has in its life.
    pub under: u8,
}

impl Plan {
    /// What its case demands, if `velg` finds it among the demands.
    pub(crate) fn krav<T>(&self, velg: impl FnMut(&'static Krav) -> Option<T>) -> Option<T> {
        self.tilfelle.and_then(|t| t.krav.iter().find_map(velg))
    }

    /// Whether its case has a demand.
    pub(crate) fn har(&self, er: impl Fn(&Krav) -> bool) -> bool {
        self.tilfelle.is_some_and(|t| t.krav.iter().any(er))
    }

    /// The industry that goes with a fixed place.
    pub(crate) fn fast_naering(&self) -> Option<&'static str> {
        match self.fast? {
            Fast::Revisor => Some("69.202"),
            Fast::Regnskapsfoerer => Some("69.201"),
            Fast::Selskap => Some("64.202"),
            Fast::Kommune(_) | Fast::Fylke(_) => Some("84.110"),
            Fast::Utenlandsk => None,
        }
    }

    /// Where it is at home, as a place in [`sted::steder`].
    pub(crate) fn hjemsted(&self) -> usize {
        let nummer = self.krav(|k| if let Krav::Kommune(nr) = k { Some(*nr) } else { None });
        if let Some(nummer) = nummer {
            return sted::plass(nummer);
        }
        match self.fast {
            Some(Fast::Kommune(nr)) => sted::plass(faste::kommuner()[nr].kommunenummer),
            Some(Fast::Fylke(nr)) => sted::i_fylke(faste::FYLKER[nr].0),
            _ => sted::trekk(&mut self.terning.gren(Merke::Hjemsted, 0)),
        }
    }

    /// Whether it is a municipality or a county on its fixed place.
    pub(crate) fn er_kommune(&self) -> bool {
        matches!(self.fast, Some(Fast::Kommune(_) | Fast::Fylke(_)))
    }

    /// The institutional sector.
    pub(crate) fn sektor(&self) -> Option<&'static str> {
        let krevd = self.krav(|k| if let Krav::Sektor(kode) = k { Some(*kode) } else { None });
        let mulige = self.form.sektorer;
        krevd.or_else(|| {
            let mut t = self.terning.gren(Merke::Sektor, 0);
            (!mulige.is_empty()).then(|| t.vektet(mulige, |rad| rad.1).0)
        })
    }

    /// Whether it is the estate of the unit before it.
    pub(crate) fn er_konkursbo(&self) -> bool {
        self.form.kode == "KBO"
    }
}

/// What plans are made from: the seed and the nation's today.
#[derive(Debug, Clone)]
pub(crate) struct Ramme {
    pub kilde: Kilde,
    /// Today, in days since 1970.
    pub idag: i32,
}

impl Ramme {
    /// The plan of the unit on a slot.
    pub(crate) fn plan(&self, slot: u32) -> Plan {
        match self.debitor(slot) {
            Some(debitor) => self.bo(slot, &debitor),
            None => self.vanlig(slot),
        }
    }

    /// The bankrupt unit whose estate stands on this slot. Units on even slots may go bankrupt in the ordinary
    /// way, and the odd slot after them is then their estate.
    fn debitor(&self, slot: u32) -> Option<Plan> {
        if let Some(tilfelle) = harde::tilfelle(slot) {
            return (tilfelle.form == "KBO").then(|| self.vanlig(slot - 1));
        }
        let mulig = slot % 2 == 1 && harde::tilfelle(slot - 1).is_none() && faste::fast(slot).is_none();
        mulig.then(|| self.vanlig(slot - 1)).filter(|p| p.konkurs.is_some())
    }

    fn bo(&self, slot: u32, debitor: &Plan) -> Plan {
        let registrert = debitor.konkurs.unwrap_or(debitor.registrert);
        Plan {
            slot,
            terning: self.kilde.terning(Rike::Enhet, slot),
            tilfelle: harde::tilfelle(slot),
            fast: None,
            form: form_med("KBO"),
            registrert,
            skjebne: debitor
                .skjebne
                .slutt()
                .map_or(Skjebne::Levende, |d| Skjebne::Slettet(d.max(registrert + 1))),
            konkurs: None,
            under: 0,
        }
    }

    fn vanlig(&self, slot: u32) -> Plan {
        let mut plan = Plan {
            slot,
            terning: self.kilde.terning(Rike::Enhet, slot),
            tilfelle: harde::tilfelle(slot),
            fast: faste::fast(slot),
            form: &FORMER[0],
            registrert: REGISTERSTART,
            skjebne: Skjebne::Levende,
            konkurs: None,
            under: 0,
        };
        plan.form = form(&plan);
        plan.skjebne = self.skjebne(&plan);
        plan.registrert = utenom_start(self.registrert(&plan));
        plan.konkurs = self.konkurs(&plan);
        plan.under = under(&plan);
        plan
    }

    fn skjebne(&self, plan: &Plan) -> Skjebne {
        let mut t = plan.terning.gren(Merke::Skjebne, 0);
        let dag = t.mellom(FEEDSTART + 40, self.idag - 3);
        let senere = t.mellom(dag + 1, self.idag - 2);
        if plan.fast.is_some() {
            return Skjebne::Levende;
        }
        if plan.tilfelle.is_some() {
            let midt = t.mellom(FEEDSTART + 900, self.idag - 100);
            let krevd = plan.krav(|k| match k {
                Krav::Slettet => Some(Skjebne::Slettet(midt)),
                Krav::Fjernet => Some(Skjebne::Fjernet(midt)),
                Krav::SlettetSaaFjernet => Some(Skjebne::SlettetSaaFjernet(midt, midt + 60)),
                _ => None,
            });
            return krevd.unwrap_or(Skjebne::Levende);
        }
        // Eight deleted in a hundred living, two removed in a thousand.
        match t.under(10_820) {
            0..=3 => Skjebne::SlettetSaaFjernet(dag, senere),
            4..=19 => Skjebne::Fjernet(dag),
            20..=819 => Skjebne::Slettet(dag),
            _ => Skjebne::Levende,
        }
    }

    fn registrert(&self, plan: &Plan) -> i32 {
        let mut t = plan.terning.gren(Merke::Alder, 0);
        if plan.fast.is_some() {
            return t.mellom(REGISTERSTART, TIDLIG);
        }
        let sist = plan.skjebne.slutt().unwrap_or(self.idag) - 3;
        if plan.tilfelle.is_some() {
            let ny = plan.har(|k| matches!(k, Krav::Ny));
            return if ny {
                t.mellom(ENDRINGSTYPER_FRA.min(sist - 400), sist - 300)
            } else {
                t.mellom(REGISTERSTART, TIDLIG)
            };
        }
        if t.promille(45) {
            return REGISTERSTART;
        }
        // The younger of two throws: the register holds more young units than old ones.
        let spenn = (sist - REGISTERSTART).max(0).cast_unsigned();
        let alder = t.under(spenn).min(t.under(spenn));
        sist - alder.cast_signed()
    }

    fn konkurs(&self, plan: &Plan) -> Option<i32> {
        let mut t = plan.terning.gren(Merke::Konkurs, 0);
        let siste = plan.skjebne.slutt().unwrap_or(self.idag);
        let dag = (siste - t.mellom(30, 700)).max(plan.registrert + 20).min(siste - 2);
        if plan.tilfelle.is_some() {
            let krevd = plan.har(|k| matches!(k, Krav::Konkurs { .. }));
            return krevd.then_some(dag.max(FEEDSTART + 30));
        }
        let mulig = plan.form.kode == "AS"
            && plan.fast.is_none()
            && plan.slot.is_multiple_of(2)
            && faste::fast(plan.slot + 1).is_none();
        let promille = match plan.skjebne {
            Skjebne::Levende => 28,
            Skjebne::Slettet(_) => 450,
            // Nothing may be left that tells of who is removed, not even an estate.
            Skjebne::Fjernet(_) | Skjebne::SlettetSaaFjernet(..) => 0,
        };
        (mulig && t.promille(promille) && dag > FEEDSTART + 5).then_some(dag)
    }
}

/// No change falls on the days around the start of the feeds, when what was there before is loaded.
pub(crate) const fn utenom_start(dag: i32) -> i32 {
    if dag >= FEEDSTART - 3 && dag <= FEEDSTART + 3 { FEEDSTART + 4 } else { dag }
}

/// The running sums of the shares, so that a throw is a look-up.
static GRENSER: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let sum = FORMER.iter().scan(0, |sum, f| {
        *sum += f.vekt;
        Some(*sum)
    });
    sum.collect()
});

fn form(plan: &Plan) -> &'static Form {
    if let Some(tilfelle) = plan.tilfelle {
        return form_med(tilfelle.form);
    }
    match plan.fast {
        Some(Fast::Kommune(_)) => return form_med("KOMM"),
        Some(Fast::Fylke(_)) => return form_med("FYLK"),
        Some(Fast::Utenlandsk) => return form_med("UTLA"),
        Some(Fast::Revisor | Fast::Regnskapsfoerer | Fast::Selskap) => return form_med("AS"),
        None => {}
    }
    let kast = plan.terning.gren(Merke::Form, 0).under(GRENSER.last().copied().unwrap_or_default());
    &FORMER[GRENSER.partition_point(|g| *g <= kast)]
}

fn under(plan: &Plan) -> u8 {
    if let Some(antall) = plan.krav(|k| if let Krav::Under(n) = k { Some(*n) } else { None }) {
        return antall;
    }
    let mut t = plan.terning.gren(Merke::Under, 0);
    if !t.promille(plan.form.under) {
        return 0;
    }
    let antall = match (plan.form.kode, t.under(1000)) {
        ("KOMM" | "STAT", _) => t.mellom(4, 9),
        ("FYLK", _) => t.mellom(6, 14),
        ("ENK" | "FLI", 0..=974) | ("AS" | "NUF", 0..=889) => 1,
        ("ENK" | "FLI", _) => t.mellom(2, 3),
        ("ORGL" | "IKS" | "SF" | "SÆR" | "KIRK", 0..=949) => t.mellom(1, 4),
        ("AS" | "NUF", 890..=954) => 2,
        (_, 0..=799) => 1,
        (_, 800..=989) => t.mellom(3, 5),
        (_, 990..=997) => t.mellom(6, 15),
        _ => t.mellom(16, 60),
    };
    antall.cast_unsigned() as u8
}

#[cfg(test)]
mod tests {
    use tid::Date;

    use super::*;

    #[test]
    fn the_days_are_what_they_say() {
        let dag = |tekst: &str| Date::parse(tekst).unwrap().days_since_epoch();
        assert_eq!(FEEDSTART, dag("2018-08-14"));
        assert_eq!(ENDRINGSTYPER_FRA, dag("2019-10-01"));
        assert_eq!(REGISTERSTART, dag("1995-02-20"));
        assert_eq!(TIDLIG, dag("2017-01-01"));
    }

    #[test]
    fn plans_keep_their_days_in_order() {
        let ramme = Ramme { kilde: Kilde::ny(5), idag: 20_634 };
        for slot in 0..30_000 {
            let plan = ramme.plan(slot);
            let slutt = plan.skjebne.slutt().unwrap_or(ramme.idag);
            assert!(plan.registrert < slutt && slutt <= ramme.idag, "{plan:?}");
            if let Some(konkurs) = plan.konkurs {
                assert!(plan.registrert < konkurs && konkurs < slutt, "{plan:?}");
                assert!(ramme.plan(slot + 1).er_konkursbo(), "{plan:?}");
            }
            if plan.er_konkursbo() {
                assert!(ramme.plan(slot - 1).konkurs.is_some(), "{plan:?}");
            }
        }
    }
}
