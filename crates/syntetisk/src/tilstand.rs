//! What a unit is at a moment: the sum of the steps until then.

use tid::Timestamp;

use crate::harde::Krav;
use crate::liv::{Hva, Liv, Steg};
use crate::plan::Plan;
use crate::roller::Rolletilstand;
use crate::underliv;

/// The state of a sub-unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Undertilstand {
    pub lever: bool,
    /// Day of registration.
    pub registrert: i32,
    /// The parent's name that its own builds on, and changes of its own.
    pub morsnavn: u8,
    pub eget_navn: u8,
    /// Names it had: parent's, own, until when.
    pub navnebytter: Vec<(u8, u8, Timestamp)>,
    pub adresse: u8,
    pub ansatte: Option<u32>,
    pub ansatte_dag: i32,
    pub eierskifte: Option<i32>,
    pub nedlagt: Option<i32>,
    pub slettet: Option<i32>,
}

/// The state of a main unit, its sub-units and its roles.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tilstand {
    pub lever: bool,
    pub slettet: Option<i32>,
    pub navn: u8,
    /// Until when each earlier name was used.
    pub navnebytter: Vec<Timestamp>,
    pub adresse: u8,
    pub postadresse: u8,
    pub naering: u8,
    pub kontakt: u8,
    pub annet_maal: bool,
    pub vedtekter: u8,
    pub vedtektsdag: Option<i32>,
    pub kapital: u8,
    pub kapitaldag: Option<i32>,
    pub konserndag: Option<i32>,
    pub mva: Option<i32>,
    pub regnskap: Option<i16>,
    pub fravalg: Option<i32>,
    pub konkurs: Option<i32>,
    pub avvikling: Option<i32>,
    pub tvang: Option<(Option<u8>, i32)>,
    pub rekonstruksjon: Option<i32>,
    pub insolvens: Option<i32>,
    pub paategninger: Vec<(&'static str, i32)>,
    /// The sum of the sub-units' when it was last told.
    pub ansatte: Option<u32>,
    pub ansatte_dag: i32,
    pub under: Vec<Undertilstand>,
    pub roller: Rolletilstand,
    pub har_roller: bool,
}

impl Tilstand {
    /// Before anything has happened.
    pub(crate) fn foer(plan: &Plan) -> Self {
        Self { under: vec![Undertilstand::default(); usize::from(plan.under)], ..Self::default() }
    }

    /// The state at the end of a life.
    pub(crate) fn etter(liv: &Liv) -> Self {
        let mut tilstand = Self::foer(&liv.plan);
        for steg in &liv.steg {
            tilstand.ta(&liv.plan, steg);
        }
        tilstand
    }

    /// Takes a step.
    pub(crate) fn ta(&mut self, plan: &Plan, steg: &Steg) {
        let dag = steg.dag;
        match steg.hva {
            Hva::Registrert => {
                self.lever = true;
                self.tell_ansatte(plan, dag);
            }
            Hva::Innlastet | Hva::Ansatte => self.tell_ansatte(plan, dag),
            Hva::Slettet => (self.lever, self.slettet) = (false, Some(dag)),
            Hva::Fjernet => self.lever = false,
            Hva::Navn => {
                self.navn += 1;
                self.navnebytter.push(steg.at);
            }
            Hva::Adresse => self.adresse += 1,
            Hva::Postadresse => self.postadresse += 1,
            Hva::Naering => self.naering += 1,
            Hva::Kontakt => self.kontakt += 1,
            Hva::Maalform => self.annet_maal = !self.annet_maal,
            Hva::Vedtekter => (self.vedtekter, self.vedtektsdag) = (self.vedtekter + 1, Some(dag)),
            Hva::Kapital => (self.kapital, self.kapitaldag) = (self.kapital + 1, Some(dag)),
            Hva::Konsern => self.konserndag = Some(dag),
            Hva::MvaInn => self.mva = Some(dag),
            Hva::MvaUt => self.mva = None,
            Hva::Regnskap(aar) => self.regnskap = Some(aar),
            Hva::Fravalg => self.fravalg = Some(dag),
            Hva::Konkurs => self.konkurs = Some(dag),
            Hva::Avvikling => self.avvikling = Some(dag),
            Hva::Tvang(hvilken) => self.tvang = Some((hvilken, dag)),
            Hva::TvangOpphevet => self.tvang = None,
            Hva::Rekonstruksjon => self.rekonstruksjon = Some(dag),
            Hva::Insolvens => self.insolvens = Some(dag),
            Hva::Paategning(infotype) => self.paategninger.push((infotype, dag)),
            _ => self.ta_annet(plan, steg),
        }
    }

    fn ta_annet(&mut self, plan: &Plan, steg: &Steg) {
        let dag = steg.dag;
        match steg.hva {
            Hva::RollerNy => (self.har_roller, self.roller.sist) = (true, dag),
            Hva::RollerBort => self.har_roller = false,
            Hva::RollerOppdatert { .. } | Hva::Rolle(_) => self.roller.ta(steg.hva, dag),
            Hva::UnderNy(nr)
            | Hva::UnderAnsatte(nr, _)
            | Hva::UnderNavn(nr, _)
            | Hva::UnderAdresse(nr)
            | Hva::UnderEierskifte(nr)
            | Hva::UnderNedlagt(nr)
            | Hva::UnderSlettet(nr)
            | Hva::UnderFjernet(nr) => {
                let morsnavn = self.navn;
                if let Some(under) = self.under.get_mut(usize::from(nr)) {
                    under.ta(plan, nr, steg, morsnavn);
                }
            }
            _ => {}
        }
    }

    fn tell_ansatte(&mut self, plan: &Plan, dag: i32) {
        let sum = if plan.under == 0 {
            plan.krav(|k| if let Krav::Ansatte(n) = k { Some(*n) } else { None })
        } else {
            let tall = self.under.iter().filter(|u| u.lever).filter_map(|u| u.ansatte);
            tall.fold(None, |sum: Option<u32>, n| Some(sum.unwrap_or(0).saturating_add(n)))
        };
        if sum != self.ansatte {
            (self.ansatte, self.ansatte_dag) = (sum, dag);
        }
    }
}

impl Undertilstand {
    fn ta(&mut self, plan: &Plan, nr: u8, steg: &Steg, morsnavn: u8) {
        let dag = steg.dag;
        match steg.hva {
            Hva::UnderNy(_) => {
                (self.lever, self.registrert, self.morsnavn) = (true, dag, morsnavn);
                (self.ansatte, self.ansatte_dag) = (underliv::ansatte(plan, nr), dag);
            }
            Hva::UnderAnsatte(_, antall) => (self.ansatte, self.ansatte_dag) = (Some(antall), dag),
            Hva::UnderNavn(_, eget) => {
                self.navnebytter.push((self.morsnavn, self.eget_navn, steg.at));
                (self.morsnavn, self.eget_navn) = (morsnavn, self.eget_navn + u8::from(eget));
            }
            Hva::UnderAdresse(_) => self.adresse += 1,
            Hva::UnderEierskifte(_) => self.eierskifte = Some(dag),
            Hva::UnderNedlagt(_) => self.nedlagt = Some(dag),
            Hva::UnderSlettet(_) => {
                (self.lever, self.slettet) = (false, Some(dag));
                self.nedlagt = self.nedlagt.or(Some(dag));
            }
            Hva::UnderFjernet(_) => self.lever = false,
            _ => {}
        }
    }
}
