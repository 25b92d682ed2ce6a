//! Who finds whom, for how long, and whose children are born: one sweep through the years of a hamlet.

use super::borger::{Borger, Opphav};
use super::grend::Grend;
use crate::kalender::{aar, dag};
use crate::terning::{Merke, Terning};

/// 1993-08-01, from when two of one sex could register a partnership.
const PARTNERSKAP_FRA: i32 = 8613;
/// 2009-01-01, from when they could marry.
const EKTESKAP_FOR_ALLE: i32 = 14_245;
/// The first year in which anybody of the register can have moved together.
const FOERSTE_AAR: i32 = 1915;
/// How many years somebody keeps looking.
const LETER: i32 = 9;

/// A couple.
#[derive(Debug, Clone)]
pub(crate) struct Par {
    /// The woman, if there is one.
    pub a: u16,
    pub b: u16,
    /// They live together from this day on.
    pub fra: i32,
    pub gift: Option<i32>,
    /// A registered partnership instead of a marriage.
    pub partnerskap: bool,
    pub separert: Option<i32>,
    pub skilt: Option<i32>,
    /// Parted, by quarrel or death, on this day; `i32::MAX` while they are together.
    pub slutt: i32,
    pub bytter_navn: bool,
    pub barn: Vec<u16>,
    /// The whole family is abroad: from, until.
    pub utenlands: Option<(i32, i32)>,
    oensket: u8,
    pub terning: Terning,
}

impl Par {
    /// The other one of the two.
    pub(crate) fn partner(&self, i: u16) -> u16 {
        if self.a == i { self.b } else { self.a }
    }

    /// Whether they part because they want to.
    pub(crate) fn brudd(&self, grend: &Grend) -> bool {
        let doede = [self.a, self.b].map(|i| grend.en(i).doed);
        self.slutt != i32::MAX && !doede.contains(&Some(self.slutt))
    }

    /// Whether they are married to each other on a day.
    pub(crate) fn gift(&self, dag: i32) -> bool {
        self.gift.is_some_and(|g| g <= dag)
            && self.skilt.is_none_or(|s| dag < s)
            && (self.separert.is_some() || dag < self.slutt)
    }
}

/// The sweep: who looks for somebody in which year, and which couples can have children.
struct Sveip<'a> {
    grend: &'a mut Grend,
    /// Per year from [`FOERSTE_AAR`]: who begins to look.
    leter: Vec<Vec<u16>>,
    /// Who is looking: men, women, and those who look for their own sex.
    menn: Vec<(i32, u16)>,
    lik: Vec<(i32, u16)>,
    aktive: Vec<u16>,
}

/// Lets the people of a hamlet find together and have their children.
pub(crate) fn finn_sammen(grend: &mut Grend) {
    let siste = aar(grend.idag);
    let mut sveip = Sveip {
        leter: vec![Vec::new(); (siste - FOERSTE_AAR + 1).max(1).cast_unsigned() as usize],
        grend,
        menn: Vec::new(),
        lik: Vec::new(),
        aktive: Vec::new(),
    };
    for i in 0..sveip.grend.folk.len() {
        let borger = &sveip.grend.folk[i];
        let mut t = borger.terning.gren(Merke::Pardannelse, 0);
        let alder = 19 + t.under(8) + t.under(9) + u32::from(aar(borger.foedt()) > 1960) * 2;
        // One in eight never does.
        if borger.bosatt() && !t.promille(125) {
            sveip.skal_lete(i as u16, aar(borger.foedt()) + alder.cast_signed());
        }
    }
    let mut neste = 0;
    for aarstall in FOERSTE_AAR.min(aar(sveip.grend.folk.first().map_or(0, Borger::foedt)))..=siste {
        sveip.aaret(aarstall);
        while neste < sveip.grend.folk.len() && aar(sveip.grend.folk[neste].foedt()) <= aarstall {
            sveip.foedt(neste as u16);
            neste += 1;
        }
    }
}

impl Sveip<'_> {
    fn skal_lete(&mut self, i: u16, aarstall: i32) {
        if let Ok(nr) = usize::try_from(aarstall - FOERSTE_AAR)
            && let Some(liste) = self.leter.get_mut(nr)
        {
            liste.push(i);
        }
    }

    fn aaret(&mut self, aarstall: i32) {
        let Ok(nr) = usize::try_from(aarstall - FOERSTE_AAR) else {
            return;
        };
        let nyttaar = dag(aarstall, 1, 1);
        self.menn.retain(|m| m.0 + LETER >= aarstall);
        self.lik.retain(|m| m.0 + LETER >= aarstall);
        let grend = &*self.grend;
        self.aktive.retain(|p| grend.par[usize::from(*p)].slutt > nyttaar - 280);
        let nye = std::mem::take(&mut self.leter[nr]);
        let mut kvinner = Vec::new();
        for i in nye {
            let borger = self.grend.en(i);
            let lik = nyttaar > PARTNERSKAP_FRA && borger.terning.gren(Merke::Pardannelse, 1).promille(14);
            if lik {
                self.moetes(i, aarstall, true);
            } else if borger.kvinne {
                kvinner.push(i);
            } else {
                self.menn.push((aarstall, i));
            }
        }
        for i in kvinner {
            self.moetes(i, aarstall, false);
        }
    }

    /// Looks for somebody for one who begins to look.
    fn moetes(&mut self, i: u16, aarstall: i32, lik: bool) {
        let liste = if lik { &self.lik } else { &self.menn };
        let passer = |(nr, (_, j)): (usize, &(i32, u16))| {
            let (en, annen) = (self.grend.en(i), self.grend.en(*j));
            let forskjell = en.foedt() - annen.foedt();
            let rett = if lik { en.kvinne == annen.kvinne } else { en.kvinne != annen.kvinne };
            let slekt = (en.mor.is_some() && en.mor == annen.mor)
                || (en.far.is_some() && en.far == annen.far)
                || [en.mor, en.far].contains(&Some(*j))
                || [annen.mor, annen.far].contains(&Some(i));
            (rett && !slekt && (-1500..=4200).contains(&forskjell)).then_some(nr)
        };
        let Some(funnet) = liste.iter().enumerate().find_map(passer) else {
            if lik {
                self.lik.push((aarstall, i));
            }
            return;
        };
        let (_, j) = if lik { self.lik.remove(funnet) } else { self.menn.remove(funnet) };
        self.flytter_sammen(i, j, aarstall);
    }

    fn flytter_sammen(&mut self, i: u16, j: u16, aarstall: i32) {
        let grend = &mut *self.grend;
        let (en, annen) = (grend.en(i), grend.en(j));
        let mut t = en.terning.gren(Merke::Pardannelse, 100 + en.par.len() as u32);
        let tidligst = en.ledig.max(annen.ledig).max(en.inn).max(annen.inn) + 30;
        let fra = dag(aarstall, 1, 1).max(tidligst) + t.mellom(0, 360);
        let slutt = en.slutt(i32::MAX).min(annen.slutt(i32::MAX));
        if fra + 30 >= slutt.min(grend.idag - 30) {
            return;
        }
        let par = nytt_par(grend, (i, j), fra, slutt, &mut t);
        let (brudd, slutt, frigjort) = (par.brudd(grend), par.slutt, par.skilt.unwrap_or(par.slutt));
        let nr = grend.par.len() as u16;
        grend.par.push(par);
        for k in [i, j] {
            let borger = &mut grend.folk[usize::from(k)];
            borger.par.push(nr);
            borger.ledig = if slutt == i32::MAX { i32::MAX - 1000 } else { frigjort.saturating_add(10) };
        }
        self.aktive.push(nr);
        if slutt == i32::MAX {
            return;
        }
        for k in [i, j] {
            let borger = self.grend.en(k);
            let igjen = t.promille(if brudd { 520 } else { 120 });
            if igjen && borger.lever(slutt) && slutt < borger.fyller(70) {
                let naar = aar(frigjort) + 1 + t.under(5).cast_signed();
                self.skal_lete(k, naar);
            }
        }
    }

    /// Finds the parents of one who is born, or who comes as a child.
    fn foedt(&mut self, c: u16) {
        let barn = self.grend.en(c);
        let mut t = barn.terning.gren(Merke::Foreldre, 0);
        let (foedt, aarstall) = (barn.foedt(), aar(barn.foedt()));
        match barn.opphav {
            // The register knows few of the parents of the eldest.
            Opphav::Norsk if aarstall < 1930 || (aarstall < 1950 && t.promille(450)) => {}
            Opphav::Norsk => {
                // About one in twenty has a mother alone.
                if aarstall > 1970 && t.promille(50) {
                    self.enslig(c, &mut t);
                } else if let Some(nr) = self.foreldre(foedt, &mut t) {
                    self.barn_av_par(c, nr, &mut t);
                } else {
                    self.enslig(c, &mut t);
                }
            }
            Opphav::Innvandrer(None) if barn.inn < barn.fyller(17) => self.kommer_som_barn(c, &mut t),
            Opphav::Foedselsregistrert => self.mor_med_dnummer(c, &mut t),
            _ => {}
        }
    }

    fn foreldre(&self, foedt: i32, t: &mut Terning) -> Option<u16> {
        let antall = self.aktive.len();
        let fra = t.under(antall as u32) as usize;
        let kan = |nr: &u16| {
            let par = &self.grend.par[usize::from(*nr)];
            let (mor, far) = (self.grend.en(par.a), self.grend.en(par.b));
            mor.kvinne
                && par.fra + 150 <= foedt
                && foedt < par.slutt.saturating_add(250)
                && mor.lever(foedt + 1)
                && far.doed.is_none_or(|d| foedt < d.saturating_add(250))
                && (mor.fyller(18)..mor.fyller(45)).contains(&foedt)
                && mor.siste_barn + 330 <= foedt
                && par.barn.len() < usize::from(par.oensket)
                && par.utenlands.is_none_or(|(ut, hjem)| foedt < ut || foedt > hjem.saturating_add(30))
        };
        (0..antall).map(|i| self.aktive[(fra + i) % antall]).find(kan)
    }

    fn barn_av_par(&mut self, c: u16, nr: u16, t: &mut Terning) {
        let (a, b) = (self.grend.par[usize::from(nr)].a, self.grend.par[usize::from(nr)].b);
        self.grend.par[usize::from(nr)].barn.push(c);
        self.knytt(c, Some(a), (!t.promille(12)).then_some(b));
    }

    fn knytt(&mut self, c: u16, mor: Option<u16>, far: Option<u16>) {
        let folk = &mut self.grend.folk;
        let foedt = folk[usize::from(c)].foedt();
        (folk[usize::from(c)].mor, folk[usize::from(c)].far) = (mor, far);
        for i in [mor, far].into_iter().flatten() {
            let forelder = &mut folk[usize::from(i)];
            forelder.barn.push(c);
            forelder.siste_barn = forelder.siste_barn.max(foedt);
        }
    }

    /// Somebody among the women of an age, if one passes.
    fn kvinne(&self, foedt: i32, t: &mut Terning, passer: impl Fn(&Borger) -> bool) -> Option<u16> {
        let folk = &self.grend.folk;
        let (eldst, yngst) = (foedt - 40 * 365, foedt - 19 * 366);
        let fra = folk.partition_point(|b| b.foedt() < eldst);
        let antall = folk.partition_point(|b| b.foedt() < yngst) - fra;
        let start = t.under(antall as u32) as usize;
        let kan = |i: &usize| {
            let b = &folk[*i];
            b.kvinne && b.siste_barn + 330 <= foedt && passer(b)
        };
        (0..antall).map(|i| fra + (start + i) % antall).find(kan).map(|i| i as u16)
    }

    /// A child whose father nobody knows.
    fn enslig(&mut self, c: u16, t: &mut Terning) {
        let foedt = self.grend.en(c).foedt();
        let utenlands = |b: &Borger| {
            let par = b.par.iter().map(|p| &self.grend.par[usize::from(*p)]);
            par.filter_map(|p| p.utenlands).any(|(ut, hjem)| ut <= foedt && foedt <= hjem.saturating_add(30))
        };
        let mor = self.kvinne(foedt, t, |b| {
            b.bosatt() && b.lever(foedt + 1) && b.inn < foedt && b.barn.len() < 4 && !utenlands(b)
        });
        if mor.is_some() {
            self.knytt(c, mor, None);
        }
    }

    /// A child that comes with, or after, a mother from abroad.
    fn kommer_som_barn(&mut self, c: u16, t: &mut Terning) {
        let barn = self.grend.en(c);
        let (foedt, sist) = (barn.foedt(), barn.fyller(16).min(barn.slutt(self.grend.idag - 40)) - 60);
        let mor = self.kvinne(foedt, t, |b| {
            let fri = b.par.iter().all(|p| self.grend.par[usize::from(*p)].utenlands.is_none());
            matches!(b.opphav, Opphav::Innvandrer(_)) && fri && foedt < b.inn && b.inn < sist && b.lever(sist)
        });
        let Some(mor) = mor else { return };
        let (inn, land) = (self.grend.en(mor).inn, self.grend.en(mor).land);
        let barn = &mut self.grend.folk[usize::from(c)];
        barn.inn = barn.inn.max(inn).min(sist);
        barn.land = land;
        self.knytt(c, Some(mor), None);
    }

    fn mor_med_dnummer(&mut self, c: u16, t: &mut Terning) {
        let foedt = self.grend.en(c).foedt();
        let mor = self.kvinne(foedt, t, |b| b.opphav == Opphav::DNummer && b.lever(foedt + 1));
        if mor.is_some() {
            self.knytt(c, mor, None);
        }
    }
}

/// A couple that moves together on a day, of which the first dies on `doed`.
fn nytt_par(grend: &Grend, (i, j): (u16, u16), fra: i32, doed: i32, t: &mut Terning) -> Par {
    let lik = grend.en(i).kvinne == grend.en(j).kvinne;
    let aarstall = aar(fra);
    // Of a thousand couples: who marry, who part. Once nearly all married; chosen so that marriages and divorces of today come
    // out about as often as Statistics Norway counts them (`tests/folk_fordelinger.rs`).
    let (gifter_seg, brudd) = match aarstall {
        ..=1969 => (985, 130),
        1970..=1989 => (800, 380),
        1990..=2009 => (620, 470),
        _ => (430, 430),
    };
    let samboere = t.mellom(0, if aarstall < 1972 { 2 } else { 1900 });
    let idag = grend.idag;
    let mut slutt = doed;
    if t.promille(brudd) {
        let brudd = fra + 400 + t.mellom(0, 7500).min(t.mellom(0, 9500));
        if brudd + 20 < doed.min(idag - 20) {
            slutt = brudd;
        }
    }
    let skilles = slutt != doed;
    let partnerskap = lik && fra + samboere < EKTESKAP_FOR_ALLE;
    let bryllup = fra + samboere;
    let gift = (t.promille(gifter_seg) && bryllup + 60 < slutt.min(idag - 10)).then_some(bryllup);
    let separert = (skilles && gift.is_some() && !t.promille(60)).then_some(slutt);
    let dom = slutt.saturating_add(t.mellom(370, 560));
    let skilt = (skilles && gift.is_some() && dom < doed.min(idag - 14)).then_some(dom);
    // Married to the end of their days, those who parted without papers are not.
    let gift = gift.filter(|_| !skilles || separert.is_some() || skilt.is_some());
    let varer_til = slutt.min(idag - 40);
    let reise = t.promille(60) && varer_til - fra > 900;
    let utenlands = reise.then(|| {
        let ut = t.mellom(fra + 300, varer_til - 400);
        let hjem = ut + t.mellom(200, 2200);
        if hjem + 60 < varer_til { (ut, hjem) } else { (ut, i32::MAX) }
    });
    let utenlands = utenlands.filter(|(_, hjem)| *hjem != i32::MAX || slutt == i32::MAX);
    Par {
        a: i,
        b: j,
        fra,
        gift,
        partnerskap,
        separert,
        skilt,
        slutt,
        bytter_navn: t.promille(if aarstall < 1980 { 940 } else { 620 }),
        barn: Vec::new(),
        utenlands,
        // On average two and a bit: the women of the last decades had 1.5 to 2 children each, those in couples more.
        oensket: [0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5][t.under(12) as usize],
        terning: grend.en(i).terning.gren(Merke::Flytting, 1000 + grend.par.len() as u32),
    }
}
