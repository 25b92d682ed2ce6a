//! Names of people: adjective and noun, so that nobody takes them for someone. Family names are inherited, and taken
//! in marriage.

use std::sync::LazyLock;

use super::grend::Grend;
use super::saer::Trekk;
use crate::navn::{ADJEKTIVER, SUBSTANTIVER, stor_forbokstav};
use crate::terning::{Merke, Terning};

/// A name, as places in the word lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Personnavn {
    fornavn: u16,
    /// A second first name, and whether a hyphen joins them.
    andre: Option<(u16, bool)>,
    mellomnavn: Option<u16>,
    etternavn: Etternavn,
}

/// A family name: a noun, or two with a hyphen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Etternavn(u16, Option<u16>);

/// How words are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skrift {
    /// `Rask`, as Enhetsregisteret has it.
    Vanlig,
    /// `RASK`, as the test population of Folkeregisteret has it (sheet section 17).
    Stor,
}

struct Ord {
    adjektiver: [Vec<String>; 2],
    substantiver: [Vec<String>; 2],
}

static ORD: LazyLock<Ord> = LazyLock::new(|| {
    let former = |ord: &[&str]| {
        let stor = ord.iter().map(|o| o.to_uppercase()).collect();
        [ord.iter().map(|o| stor_forbokstav(o)).collect(), stor]
    };
    Ord { adjektiver: former(&ADJEKTIVER), substantiver: former(&SUBSTANTIVER) }
});

fn adjektiv(nr: u16, skrift: Skrift) -> &'static str {
    ORD.adjektiver[skrift as usize].get(usize::from(nr)).map_or("", String::as_str)
}

fn substantiv(nr: u16, skrift: Skrift) -> &'static str {
    ORD.substantiver[skrift as usize].get(usize::from(nr)).map_or("", String::as_str)
}

impl Personnavn {
    /// A name out of nothing.
    pub(crate) fn nytt(t: &mut Terning) -> Self {
        let mellomnavn = t.promille(120).then(|| t.under(SUBSTANTIVER.len() as u32) as u16);
        Self { mellomnavn, etternavn: etternavn(t), ..fornavn(t) }
    }

    pub(crate) fn fornavn(&self, skrift: Skrift) -> String {
        let foerste = adjektiv(self.fornavn, skrift);
        match self.andre {
            Some((andre, bindestrek)) => {
                format!("{foerste}{}{}", if bindestrek { '-' } else { ' ' }, adjektiv(andre, skrift))
            }
            None => foerste.to_owned(),
        }
    }

    pub(crate) fn mellomnavn(&self, skrift: Skrift) -> Option<String> {
        self.mellomnavn.map(|nr| substantiv(nr, skrift).to_owned())
    }

    pub(crate) fn etternavn(&self, skrift: Skrift) -> String {
        let foerste = substantiv(self.etternavn.0, skrift);
        match self.etternavn.1 {
            Some(andre) => format!("{foerste}-{}", substantiv(andre, skrift)),
            None => foerste.to_owned(),
        }
    }

    /// Another first name.
    pub(crate) fn med_nytt_fornavn(self, t: &mut Terning) -> Self {
        let ny = fornavn(t);
        Self { fornavn: ny.fornavn, andre: ny.andre, ..self }
    }
}

fn fornavn(t: &mut Terning) -> Personnavn {
    let mut ett = || t.under(ADJEKTIVER.len() as u32) as u16;
    let (foerste, annet) = (ett(), ett());
    let andre = t.promille(60).then(|| (annet, t.promille(400)));
    Personnavn { fornavn: foerste, andre, ..Personnavn::default() }
}

fn etternavn(t: &mut Terning) -> Etternavn {
    let mut ett = || t.under(SUBSTANTIVER.len() as u32) as u16;
    let (foerste, annet) = (ett(), ett());
    Etternavn(foerste, t.promille(20).then_some(annet))
}

/// What gives somebody a name.
enum Navnehendelse {
    Foedt,
    Gift { med: u16 },
    Skilt,
    Eget,
}

/// Gives everybody in a hamlet their names, in order of time, since one name comes from another.
pub(crate) fn gi(grend: &mut Grend) {
    let mut hendelser: Vec<(i32, u16, Navnehendelse)> = Vec::with_capacity(grend.folk.len() * 3 / 2);
    for i in 0..grend.folk.len() as u16 {
        let borger = grend.en(i);
        hendelser.push((borger.foedt(), i, Navnehendelse::Foedt));
        for trekk in [Trekk::Navneendring, Trekk::Navneendringer] {
            if let Some(dag) = borger.saer.dag(trekk) {
                hendelser.push((dag, i, Navnehendelse::Eget));
            }
        }
    }
    for par in grend.par.iter().filter(|p| p.bytter_navn) {
        let Some(gift) = par.gift.filter(|g| *g < grend.idag) else { continue };
        hendelser.push((gift, par.a, Navnehendelse::Gift { med: par.b }));
        if let Some(skilt) = par.skilt.filter(|_| par.terning.gren(Merke::Navnevalg, 0).promille(250)) {
            hendelser.push((skilt + 20, par.a, Navnehendelse::Skilt));
        }
    }
    hendelser.sort_by_key(|h| (h.0, h.1));
    for (dag, i, hendelse) in hendelser {
        let ny = navn_etter(grend, dag, i, &hendelse);
        let borger = &mut grend.folk[usize::from(i)];
        let lever = borger.navn.is_empty() || borger.doed.is_none_or(|d| dag < d);
        if lever && borger.navn.last().is_none_or(|n| n.1 != ny) {
            borger.navn.push((dag, ny));
        }
    }
}

fn navn_etter(grend: &Grend, dag: i32, i: u16, hendelse: &Navnehendelse) -> Personnavn {
    let borger = grend.en(i);
    let naa = borger.navn.last().map(|n| n.1).unwrap_or_default();
    let mut t = borger.terning.gren(Merke::Navnevalg, borger.navn.len() as u32);
    match hendelse {
        Navnehendelse::Foedt => {
            let [mor, far] = [borger.mor, borger.far].map(|f| f.map(|f| grend.en(f).navn(dag).etternavn));
            let fars = t.promille(700);
            let (gitt, annet) = if fars { (far.or(mor), mor) } else { (mor.or(far), far) };
            let navn = Personnavn::nytt(&mut t);
            let Some(etternavn) = gitt else { return navn };
            let mellom = annet.filter(|m| *m != etternavn && t.promille(350)).map(|m| m.0);
            Personnavn { etternavn, mellomnavn: mellom, ..navn }
        }
        Navnehendelse::Gift { med } => {
            let etternavn = grend.en(*med).navn(dag).etternavn;
            let mellomnavn = if t.promille(450) { Some(naa.etternavn.0) } else { naa.mellomnavn };
            Personnavn { mellomnavn, etternavn, ..naa }
        }
        Navnehendelse::Skilt => {
            let pike = borger.navn.first().map(|n| n.1).unwrap_or_default();
            Personnavn { etternavn: pike.etternavn, mellomnavn: pike.mellomnavn, ..naa }
        }
        Navnehendelse::Eget if t.promille(400) => naa.med_nytt_fornavn(&mut t),
        Navnehendelse::Eget => Personnavn { etternavn: etternavn(&mut t), ..naa },
    }
}
