//! The roles document of a unit.

use enhetsregisteret::modell::rolle::{Rolle, Rolleenhet, Rollegruppe, Roller};

use crate::folk::Rolleperson;
use crate::harde::Krav;
use crate::kalender::dato;
use crate::koder;
use crate::nasjon::{self, Nasjon};
use crate::navn;
use crate::plan::Plan;
use crate::roller::{FRATREDELSE, Gruppe, Innehaver, Plass, Rolletilstand, Velger, foerste_dag, grupper};
use crate::terning::Merke;

/// The roles of a unit in a state; none when it has no groups.
pub(crate) fn roller(nasjon: &Nasjon, plan: &Plan, tilstand: &Rolletilstand) -> Option<Roller> {
    let velger = Velger { nasjon, plan, tilstand };
    let med = |g: &Gruppe| !(*g == Gruppe::Revi && tilstand.uten_revisor);
    let rollegrupper: Vec<_> =
        grupper(nasjon, plan).into_iter().filter(med).map(|g| gruppe(&velger, g)).collect();
    (!rollegrupper.is_empty()).then_some(Roller { rollegrupper })
}

fn gruppe(velger: &Velger<'_>, g: Gruppe) -> Rollegruppe {
    let plan = velger.plan;
    let endret = match g.skiftende() {
        Some(i) if velger.tilstand.versjon[i] > 0 => velger.tilstand.dag[i],
        _ => foerste_dag(plan, g),
    };
    let plasser = velger.medlemmer(g);
    let siden = |p: &Plass| if let Innehaver::Person(_, siden) = p.innehaver { siden } else { None };
    let endret = plasser.iter().filter_map(siden).fold(endret, i32::max);
    let roller = plasser.into_iter().enumerate().map(|(nr, plass)| rolle(velger, g, nr as u32, plass));
    Rollegruppe {
        type_: koder::rollegruppetype(g.kode()),
        sist_endret: dato(endret),
        roller: roller.collect(),
    }
}

fn rolle(velger: &Velger<'_>, g: Gruppe, nr: u32, plass: Plass) -> Rolle {
    let plan = velger.plan;
    let krevd = |er: fn(&Krav) -> Option<Gruppe>| nr == 0 && plan.har(|k| er(k) == Some(g));
    let mut t = plan.terning.gren(Merke::Person, (g as u32) << 8 | nr);
    let (sjelden, svaert_sjelden) = (t.promille(7), t.promille(4));
    let mut fratraadt = krevd(|k| if let Krav::Fratraadt(g) = k { Some(*g) } else { None });
    let avregistrert = krevd(|k| if let Krav::Avregistrert(g) = k { Some(*g) } else { None });
    let (mut rolleperson, mut rolleenhet) = (None, None);
    match plass.innehaver {
        Innehaver::Person(nummer, _) => {
            let person = velger.nasjon.rolleperson(nummer);
            let doed = person.and_then(Rolleperson::doed).filter(|_| g == Gruppe::Innh);
            fratraadt |= doed.is_some_and(|d| d + FRATREDELSE <= velger.tilstand.sist);
            rolleperson = person.map(|p| p.dokument(velger.tilstand.sist));
        }
        Innehaver::Enhet(slot) => rolleenhet = Some(enhet(velger, slot)),
    }
    Rolle {
        type_: koder::rolletype(plass.type_),
        person: rolleperson,
        enhet: rolleenhet,
        ansvarsandel: plass.andel,
        valgt_av: plass.valgt_av.map(koder::representant),
        fratraadt: fratraadt || (matches!(g, Gruppe::Dagl | Gruppe::Styr | Gruppe::Kont) && sjelden),
        avregistrert: avregistrert || (matches!(g, Gruppe::Revi | Gruppe::Regn) && svaert_sjelden),
        rekkefolge: nr,
    }
}

fn enhet(velger: &Velger<'_>, slot: u32) -> Rolleenhet {
    let nasjon = velger.nasjon;
    let plan = nasjon.ramme().plan(slot);
    Rolleenhet {
        organisasjonsnummer: nasjon::nummer(slot).to_string(),
        organisasjonsform: koder::organisasjonsform(plan.form.kode),
        // Long names stand on two lines, as the register keeps them.
        navn: navnelinjer(&navn::enhet(nasjon, &plan, 0)),
        er_slettet: plan.skjebne.slutt().is_some_and(|dag| dag <= velger.tilstand.sist),
    }
}

/// A name in lines of at most 35 characters where blanks allow it.
fn navnelinjer(navn: &str) -> Vec<String> {
    crate::tekst::linjer(navn, 35)
}
