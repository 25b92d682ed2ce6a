//! Where everybody of a hamlet lives, from when: families move together, children move out, some go abroad.

use super::borger::{Borger, Opphav};
use super::grend::Grend;
use super::par::Par;
use crate::kalender::dag;
use crate::sted;
use crate::terning::{Merke, Terning};

/// A home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sted {
    /// A dwelling: municipality, as a place in [`sted::steder`], and running number in the hamlet. Who lives together
    /// has the same.
    Norge { kommune: u16, nr: u32 },
    /// In this country.
    Utland(u8),
}

impl Sted {
    /// Whether it is in this country.
    pub(crate) const fn i_norge(self) -> bool {
        matches!(self, Self::Norge { .. })
    }
}

/// From a day on at a place.
pub(crate) type Flytting = (i32, Sted);

/// The homes of a hamlet's people.
#[derive(Debug)]
pub(crate) struct Bosteder(Vec<Vec<Flytting>>);

impl Bosteder {
    /// Finds a home for everybody.
    pub(crate) fn av(grend: &Grend) -> Self {
        let mut finner =
            Finner { grend, nr: 0, hjem: Vec::new(), ferdige: Vec::with_capacity(grend.folk.len()) };
        finner.hjem = grend.par.iter().map(|par| finner.felles(par)).collect();
        for i in 0..grend.folk.len() as u16 {
            let alle = finner.for_en(i);
            finner.ferdige.push(alle);
        }
        Self(finner.ferdige)
    }

    /// The homes of one, in order of time. Empty for who is never resident.
    pub(crate) fn alle(&self, i: u16) -> &[Flytting] {
        &self.0[usize::from(i)]
    }

    /// The home of one on a day.
    pub(crate) fn paa(&self, i: u16, dag: i32) -> Option<Sted> {
        paa(self.alle(i), dag)
    }
}

fn paa(hjem: &[Flytting], dag: i32) -> Option<Sted> {
    hjem.iter().rev().find(|h| h.0 <= dag).map(|h| h.1)
}

struct Finner<'a> {
    grend: &'a Grend,
    nr: u32,
    /// Of every couple, while they are together.
    hjem: Vec<Vec<Flytting>>,
    ferdige: Vec<Vec<Flytting>>,
}

impl Finner<'_> {
    /// A new dwelling, mostly in the municipality of the last one.
    fn ny(&mut self, t: &mut Terning, foer: Option<Sted>) -> Sted {
        self.nr += 1;
        let kommune = match foer {
            Some(Sted::Norge { kommune, .. }) if t.promille(600) => kommune,
            _ => sted::trekk(t) as u16,
        };
        Sted::Norge { kommune, nr: self.nr }
    }

    fn felles(&mut self, par: &Par) -> Vec<Flytting> {
        let mut t = par.terning;
        let slutt = par.slutt.min(self.grend.idag - 10);
        let mut sted = self.ny(&mut t, None);
        let mut hjem = vec![(par.fra, sted)];
        let (ut, hjemme) = par.utenlands.unwrap_or((i32::MAX, i32::MAX));
        let mut dag = par.fra;
        loop {
            let neste = dag.saturating_add(opphold(&mut t, dag, 0));
            if dag < ut && neste >= ut && ut < slutt {
                hjem.push((ut, Sted::Utland(super::land::trekk(&mut t))));
                if hjemme >= slutt {
                    return hjem;
                }
                dag = hjemme;
            } else {
                dag = neste;
            }
            if dag >= slutt {
                return hjem;
            }
            sted = self.ny(&mut t, Some(sted));
            hjem.push((dag, sted));
        }
    }

    fn for_en(&mut self, i: u16) -> Vec<Flytting> {
        let grend = self.grend;
        let borger = grend.en(i);
        if !borger.bosatt() {
            return Vec::new();
        }
        let slutt = borger.slutt(grend.idag - 10);
        let mut t = borger.terning.gren(Merke::Flytting, 0);
        let mut hjem = Vec::new();
        let mut fra = borger.inn;
        let hos_mor = |m: &u16| paa(&self.ferdige[usize::from(*m)], borger.inn).is_some_and(Sted::i_norge);
        if let Some(mor) = borger.mor.filter(hos_mor).filter(|_| borger.inn < borger.fyller(18)) {
            fra = self.barndom(i, mor, &mut t, &mut hjem);
            if fra < slutt && hjem.last().is_some_and(|h| h.1.i_norge()) {
                let flytter = borger.par.first().is_none_or(|p| grend.par[usize::from(*p)].fra > fra);
                let sted = self.ny(&mut t, hjem.last().map(|h| h.1));
                hjem.extend(flytter.then_some((fra, sted)));
            }
        }
        if hjem.is_empty() {
            let sted = self.ny(&mut t, None);
            hjem.push((fra, sted));
        }
        for nr in &borger.par {
            let par = &grend.par[usize::from(*nr)];
            self.alene(borger, &mut t, &mut hjem, (fra, par.fra.min(slutt)));
            let sammen = self.hjem[usize::from(*nr)].iter().filter(|h| h.0 < slutt);
            hjem.extend(sammen);
            fra = par.slutt.min(slutt);
            let flytter_ut =
                par.brudd(grend) && (par.a == i) == par.terning.gren(Merke::Flytting, 1).promille(500);
            if flytter_ut && fra < slutt {
                let sted = self.ny(&mut t, hjem.last().map(|h| h.1));
                hjem.push((fra, sted));
            }
        }
        self.alene(borger, &mut t, &mut hjem, (fra, slutt));
        if let Some(ut) = utvandrer(borger, grend, fra, slutt) {
            hjem.retain(|h| h.0 < ut);
            hjem.push((ut, Sted::Utland(borger.land)));
        }
        hjem
    }

    /// Lives with the mother, or after a break perhaps with the father, until moving out on the day that is answered.
    fn barndom(&self, i: u16, mor: u16, t: &mut Terning, hjem: &mut Vec<Flytting>) -> i32 {
        let grend = self.grend;
        let borger = grend.en(i);
        let slutt = borger.slutt(grend.idag - 10);
        let foerste_par = borger.par.first().map_or(i32::MAX, |p| grend.par[usize::from(*p)].fra);
        let ut = (borger.fyller(19) + t.mellom(0, 2000)).min(foerste_par).min(slutt);
        let hos_mor = &self.ferdige[usize::from(mor)];
        hjem.extend(paa(hos_mor, borger.inn).map(|sted| (borger.inn, sted)));
        let mors_slutt = grend.en(mor).slutt(ut).min(ut);
        hjem.extend(hos_mor.iter().filter(|h| borger.inn < h.0 && h.0 < mors_slutt));
        if let Some(far) = borger.far.filter(|_| t.promille(200)) {
            let brudd = grend.par_av(mor).find(|p| [p.a, p.b].contains(&far) && p.brudd(grend));
            if let Some(brudd) = brudd.map(|p| p.slutt).filter(|s| borger.inn < *s && *s < ut) {
                let hos_far = &self.ferdige[usize::from(far)];
                hjem.retain(|h| h.0 < brudd);
                hjem.extend(paa(hos_far, brudd).map(|sted| (brudd, sted)));
                let fars_slutt = grend.en(far).slutt(ut).min(ut);
                hjem.extend(hos_far.iter().filter(|h| brudd < h.0 && h.0 < fars_slutt));
                hjem.dedup_by_key(|h| h.1);
            }
        }
        ut
    }

    /// Moves of one who lives alone.
    fn alene(&mut self, borger: &Borger, t: &mut Terning, hjem: &mut Vec<Flytting>, (fra, til): (i32, i32)) {
        let mut dag = fra;
        loop {
            dag += opphold(t, dag, borger.fyller(34));
            let naa = hjem.last().map(|h| h.1);
            if dag + 90 >= til || naa.is_some_and(|s| !s.i_norge()) {
                return;
            }
            let sted = self.ny(t, naa);
            hjem.push((dag, sted));
        }
    }
}

/// How long somebody stays in one place; shorter while young, and longer in the years of which little is known. Chosen so that
/// one in eight residents moves in a year, as Statistics Norway counts (`tests/folk_fordelinger.rs`).
fn opphold(t: &mut Terning, fra: i32, ung_til: i32) -> i32 {
    if fra < dag(1995, 1, 1) {
        return t.mellom(3000, 11_000);
    }
    if fra < ung_til { t.mellom(500, 2400) } else { t.mellom(1500, 7500) }
}

/// The day on which somebody without family leaves for good: many of those who came, few others. Moves from the country come
/// out about as often as Statistics Norway counts them (`tests/folk_fordelinger.rs`).
fn utvandrer(borger: &Borger, grend: &Grend, fra: i32, slutt: i32) -> Option<i32> {
    let mut t = borger.terning.gren(Merke::Reise, 0);
    let promille = if matches!(borger.opphav, Opphav::Innvandrer(_)) { 520 } else { 60 };
    let fri = borger.barn.is_empty() && borger.saer.alle().next().is_none();
    let sammen = borger.par.last().is_some_and(|p| grend.par[usize::from(*p)].slutt == i32::MAX);
    let tidligst = fra.max(borger.fyller(19)).max(borger.inn + 250);
    (t.promille(promille) && fri && !sammen && tidligst + 30 < slutt)
        .then(|| tidligst + t.mellom(0, 5000).min(t.mellom(0, slutt - tidligst - 30)))
        .filter(|dag| *dag + 30 < slutt)
}
