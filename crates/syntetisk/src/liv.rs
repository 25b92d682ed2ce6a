//! The life of a unit: everything that happens to it, its sub-units and its roles, in order of time.

use tid::Timestamp;

use crate::harde::{INFOTYPER, Krav};
use crate::kalender::{Kalender, Parti, dag, feedstart};
use crate::nasjon::Nasjon;
use crate::plan::{FEEDSTART, Plan, Skjebne, utenom_start};
use crate::roller::{Gruppe, Rolletilstand, Velger, grupper};
use crate::terning::{Merke, Terning};
use crate::underliv;

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hva {
    /// Entered in the register.
    Registrert,
    /// Was there when the feeds began.
    Innlastet,
    Slettet,
    Fjernet,
    Navn,
    Adresse,
    Postadresse,
    Naering,
    Kontakt,
    Maalform,
    Vedtekter,
    Kapital,
    MvaInn,
    MvaUt,
    /// Accounts of a year were filed.
    Regnskap(i16),
    Fravalg,
    Konsern,
    Konkurs,
    Avvikling,
    /// Compulsory liquidation: which of the five dates.
    Tvang(Option<u8>),
    TvangOpphevet,
    Rekonstruksjon,
    Insolvens,
    Paategning(&'static str),
    /// The number of employees is summed up again.
    Ansatte,
    UnderNy(u8),
    UnderInnlastet(u8),
    UnderAnsatte(u8, u32),
    /// A sub-unit's name: follows its parent's, or a change of its own.
    UnderNavn(u8, bool),
    UnderAdresse(u8),
    UnderEierskifte(u8),
    UnderNedlagt(u8),
    UnderSlettet(u8),
    UnderFjernet(u8),
    RollerNy,
    RollerInnlastet,
    /// A group changed hands.
    Rolle(Gruppe),
    /// A holder of a role changed, or the auditor left.
    RollerOppdatert {
        uten_revisor: bool,
    },
    RollerBort,
}

/// One step of a life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steg {
    /// When the feed tells it.
    pub at: Timestamp,
    /// The day on which it was registered, in days since 1970.
    pub dag: i32,
    pub hva: Hva,
}

impl Steg {
    /// Whether the feeds have it; what came before them is silent.
    pub(crate) fn er_hendelse(&self) -> bool {
        self.at >= feedstart()
    }
}

/// A life: plan and steps.
#[derive(Debug)]
pub(crate) struct Liv {
    pub plan: Plan,
    pub steg: Vec<Steg>,
}

/// Lives a unit's life.
pub(crate) fn liv(nasjon: &Nasjon, slot: u32) -> Liv {
    let mut bygger = Bygger::ny(nasjon, nasjon.ramme().plan(slot));
    bygger.registrering();
    let navnebytter = bygger.navnebytter();
    bygger.endringer();
    bygger.regnskap();
    bygger.kriser();
    for nr in 0..bygger.plan.under {
        underliv::lev(&mut bygger, nr, &navnebytter);
    }
    bygger.roller();
    bygger.slutt();
    // Stable: what happens at one moment keeps the order in which it was told.
    bygger.steg.sort_by_key(|s| s.at);
    Liv { plan: bygger.plan, steg: bygger.steg }
}

/// Whether a unit is in the VAT register at some time of its life.
pub(crate) fn har_mva(plan: &Plan) -> bool {
    let krevd = plan.krav(|k| match k {
        Krav::Mva(i) => Some(*i),
        Krav::FrivilligMva(_) => Some(true),
        _ => None,
    });
    krevd.unwrap_or_else(|| plan.terning.gren(Merke::Mva, 0).promille(plan.form.mva))
}

/// From when to when a change can be seen in the feeds, in a life from one day to another.
pub(crate) fn vindu(fra: i32, til: i32) -> (i32, i32) {
    ((fra + 30).max(FEEDSTART + 10), til - 12)
}

/// Collects the steps of a life.
pub(crate) struct Bygger<'a> {
    pub nasjon: &'a Nasjon,
    pub plan: Plan,
    steg: Vec<Steg>,
    /// The last day of the life, or today.
    pub siste: i32,
}

impl<'a> Bygger<'a> {
    fn ny(nasjon: &'a Nasjon, plan: Plan) -> Self {
        let siste = plan.skjebne.slutt().unwrap_or(nasjon.ramme().idag - 2);
        Self { nasjon, plan, steg: Vec::with_capacity(24), siste }
    }

    pub(crate) fn legg(&mut self, dag: i32, parti: Parti, hva: Hva) {
        self.legg_i(dag, parti, 0, hva);
    }

    fn legg_i(&mut self, dag: i32, parti: Parti, valg: u32, hva: Hva) {
        let dag = utenom_start(dag);
        self.steg.push(Steg { at: self.nasjon.kalender().at(dag, parti, valg), dag, hva });
    }

    /// Adds a step to the loading of the first day.
    pub(crate) fn last_inn(&mut self, hva: Hva) {
        self.steg.push(Steg { at: Kalender::innlasting(self.plan.slot), dag: FEEDSTART, hva });
    }

    /// The die of one kind of step.
    fn terning(&self, nr: u32) -> Terning {
        self.plan.terning.gren(Merke::Steg, nr)
    }

    /// A change that hits so many of a thousand units in eight years. Every case that changes in every way has it.
    fn kanskje(&mut self, nr: u32, promille: u32, hva: Hva) {
        let mut t = self.terning(nr);
        let (fra, til) = vindu(self.plan.registrert, self.siste);
        if fra >= til {
            return;
        }
        let krevd = promille > 0 && self.plan.har(|k| matches!(k, Krav::AltEndres));
        if krevd || t.promille(promille * (til - fra).cast_unsigned() / 2875) {
            let dag = t.mellom(fra, til);
            let parti = if t.promille(250) { Parti::Dag } else { Parti::Natt };
            self.legg_i(dag, parti, t.under(3), hva);
        }
    }

    fn registrering(&mut self) {
        let registrert = self.plan.registrert;
        self.legg(registrert, Parti::Natt, Hva::Registrert);
        if registrert < FEEDSTART {
            self.last_inn(Hva::Innlastet);
        }
    }

    /// Changes of name, also from before the feeds: 18.7 per cent of the units have some (sheet 16.1).
    fn navnebytter(&mut self) -> Vec<i32> {
        let mut t = self.terning(1);
        let krevd = self.plan.krav(|k| if let Krav::Navnebytter(n) = k { Some(*n) } else { None });
        let fast = self.plan.tilfelle.is_some()
            || self.plan.fast.is_some()
            || self.plan.konkurs.is_some()
            || self.plan.er_konkursbo();
        let antall = match (krevd, t.under(1000)) {
            (Some(antall), _) => antall,
            (None, _) if fast => 0,
            (None, 0..=14) => 2,
            (None, 15..=196) => 1,
            (None, _) => 0,
        };
        let (fra, til) = (self.plan.registrert + 40, self.siste - 15);
        if fra >= til {
            return Vec::new();
        }
        let mut dager: Vec<i32> = (0..antall).map(|_| utenom_start(t.mellom(fra, til))).collect();
        if krevd.is_some() && fra < FEEDSTART {
            // At least one where the feeds can see it.
            dager.iter_mut().take(1).for_each(|d| *d = t.mellom(FEEDSTART + 60, til));
        }
        dager.sort_unstable();
        dager.dedup();
        for dag in &dager {
            self.legg(*dag, Parti::Natt, Hva::Navn);
        }
        dager
    }

    fn endringer(&mut self) {
        let form = self.plan.form;
        let selskap = u32::from(form.foretak >= 800);
        let aksjer = u32::from(matches!(form.kode, "AS" | "ASA"));
        let bo = self.plan.er_konkursbo();
        for (nr, promille, hva) in [
            (10, 330, Hva::Adresse),
            (11, 120, Hva::Postadresse),
            (12, if form.vekt > 0 && !bo { 80 } else { 0 }, Hva::Naering),
            (13, if bo { 0 } else { 280 }, Hva::Kontakt),
            (14, 5, Hva::Maalform),
            (15, 300 * selskap, Hva::Vedtekter),
            (16, 70 * aksjer, Hva::Kapital),
            (17, 40 * aksjer, Hva::Konsern),
        ] {
            self.kanskje(nr, promille, hva);
        }
        self.mva();
        self.fravalg();
        self.paategning();
    }

    fn mva(&mut self) {
        if !har_mva(&self.plan) {
            return;
        }
        let mut t = self.terning(6);
        let siste = self.siste - 15;
        let senere = t.promille(300) || self.plan.har(|k| matches!(k, Krav::AltEndres));
        let inn = if senere { t.mellom(self.plan.registrert, siste) } else { self.plan.registrert };
        self.legg(inn, Parti::Natt, Hva::MvaInn);
        if t.promille(20) && self.plan.tilfelle.is_none() && inn + 100 < siste {
            let ut = t.mellom(inn + 60, siste);
            self.legg(ut, Parti::Natt, Hva::MvaUt);
        }
    }

    /// Small companies may do without audit since May 2011.
    fn fravalg(&mut self) {
        const LOVLIG_FRA: i32 = 15_096;
        let mut t = self.terning(2);
        let krevd = self.plan.har(|k| matches!(k, Krav::Fravalg | Krav::AltEndres));
        let lov = self.plan.form.kode == "AS" && self.plan.fast.is_none();
        if !(lov && (krevd || (self.plan.tilfelle.is_none() && t.promille(250)))) {
            return;
        }
        let (fra, til) = ((self.plan.registrert + 15).max(LOVLIG_FRA), self.siste - 15);
        if fra >= til {
            return;
        }
        let dag = t.mellom(fra, til);
        self.legg(dag, Parti::Natt, Hva::Fravalg);
        if grupper(self.nasjon, &self.plan).contains(&Gruppe::Revi) {
            self.legg(dag, Parti::Roller, Hva::RollerOppdatert { uten_revisor: true });
        }
    }

    /// Remarks: 2747 units of 1 170 637 have one, a third of them on the address (sheet 17).
    fn paategning(&mut self) {
        let mut t = self.terning(3);
        let siste = self.siste - 15;
        let fra = (self.plan.registrert + 20).min(siste);
        let krevde: Vec<&'static str> = INFOTYPER
            .into_iter()
            .filter(|i| self.plan.har(|k| matches!(k, Krav::Paategning(p) if p == i)))
            .collect();
        for infotype in krevde {
            let dag = t.mellom(fra.max(FEEDSTART + 20), siste);
            self.legg(dag, Parti::Natt, Hva::Paategning(infotype));
        }
        if self.plan.tilfelle.is_none() && t.under(10_000) < 23 {
            let infotype = if t.promille(350) { INFOTYPER[0] } else { *t.velg(&INFOTYPER) };
            let dag = t.mellom(fra, siste);
            self.legg(dag, Parti::Natt, Hva::Paategning(infotype));
        }
    }

    /// One filing of accounts a year, in summer.
    fn regnskap(&mut self) {
        let mut t = self.terning(4);
        let endres = self.plan.har(|k| matches!(k, Krav::AltEndres));
        if !(t.promille(self.plan.form.regnskap) || (endres && self.plan.form.regnskap > 0)) {
            return;
        }
        let foerste = crate::kalender::aar(self.plan.registrert).max(2015);
        let siste = crate::kalender::aar(self.siste);
        for aar in foerste..siste {
            let innsendt = dag(aar + 1, 6, 10) + t.mellom(0, 75);
            if !t.promille(40) && innsendt > self.plan.registrert + 150 && innsendt < self.siste - 5 {
                self.legg(innsendt, Parti::Natt, Hva::Regnskap(aar as i16));
            }
        }
    }

    fn kriser(&mut self) {
        if let Some(dag) = self.plan.konkurs {
            self.legg(dag, Parti::Natt, Hva::Konkurs);
        }
        let siste = self.siste;
        let mut t = self.terning(5);
        let dag = (siste - t.mellom(40, 300)).max(self.plan.registrert + 5).min(siste - 1);
        if let Some(tilfelle) = self.plan.tilfelle {
            for krav in tilfelle.krav {
                match krav {
                    Krav::Avvikling { .. } => self.legg(dag, Parti::Natt, Hva::Avvikling),
                    Krav::Tvang(hvilken) => self.legg(dag, Parti::Natt, Hva::Tvang(*hvilken)),
                    Krav::Rekonstruksjon => self.legg(dag, Parti::Natt, Hva::Rekonstruksjon),
                    Krav::UtenlandskInsolvens => self.legg(dag, Parti::Natt, Hva::Insolvens),
                    Krav::AltEndres if self.plan.form.kode == "AS" => self.forbigaaende_tvang(&mut t),
                    _ => {}
                }
            }
            return;
        }
        let selskap = self.plan.form.kode == "AS" && self.plan.fast.is_none() && self.plan.konkurs.is_none();
        if !selskap {
            return;
        }
        let lever = self.plan.skjebne == Skjebne::Levende;
        match (lever, t.under(1000)) {
            (true, 0..=7) | (false, 0..=549) => self.legg(dag, Parti::Natt, Hva::Avvikling),
            (true, 8..=12) | (false, 550..=699) => {
                let hvilken = t.under(6);
                self.legg(dag, Parti::Natt, Hva::Tvang((hvilken < 5).then_some(hvilken as u8)));
            }
            (true, 13..=42) => self.forbigaaende_tvang(&mut t),
            (true, 43) => self.legg(dag, Parti::Natt, Hva::Rekonstruksjon),
            _ => {}
        }
    }

    /// A compulsory dissolution that was called off when the company mended its ways.
    fn forbigaaende_tvang(&mut self, t: &mut Terning) {
        let (fra, til) = vindu(self.plan.registrert, self.siste - 130);
        if fra < til {
            let dag = t.mellom(fra, til);
            self.legg(dag, Parti::Natt, Hva::Tvang(Some(1 + t.under(4) as u8)));
            self.legg(dag + t.mellom(20, 120), Parti::Natt, Hva::TvangOpphevet);
        }
    }

    fn roller(&mut self) {
        let grupper = grupper(self.nasjon, &self.plan);
        if grupper.is_empty() {
            return;
        }
        let registrert = self.plan.registrert;
        self.legg(registrert, Parti::Roller, Hva::RollerNy);
        if registrert < FEEDSTART {
            self.last_inn(Hva::RollerInnlastet);
        }
        for g in &grupper {
            self.skifter(*g);
        }
        let mor = self.nasjon.overordnet(&self.plan).map(|slot| self.nasjon.ramme().plan(slot));
        if let Some(dag) = mor.and_then(|m| m.skjebne.slutt()).filter(|d| *d < self.siste && *d > registrert)
        {
            self.legg(dag, Parti::Roller, Hva::RollerOppdatert { uten_revisor: false });
        }
        self.innehavere(&grupper);
    }

    /// What happens to those who hold the roles: they die, are followed by others, change name.
    fn innehavere(&mut self, grupper: &[Gruppe]) {
        let mut skifter: Vec<(i32, Hva)> = self.steg.iter().map(|s| (s.dag, s.hva)).collect();
        skifter.retain(|s| matches!(s.1, Hva::Rolle(_) | Hva::RollerOppdatert { .. }));
        skifter.sort_by_key(|s| s.0);
        let mut skifter = skifter.into_iter().peekable();
        let mut tilstand = Rolletilstand { sist: self.plan.registrert, ..Rolletilstand::default() };
        loop {
            let velger = Velger { nasjon: self.nasjon, plan: &self.plan, tilstand: &tilstand };
            let neste = velger.neste_endring(grupper, tilstand.sist).map(utenom_start);
            let neste = neste.filter(|d| *d > tilstand.sist && *d < self.siste - 2);
            match (neste, skifter.peek().copied()) {
                (Some(dag), skifte) if skifte.is_none_or(|s| dag < s.0) => {
                    self.legg(dag, Parti::Roller, Hva::RollerOppdatert { uten_revisor: false });
                    tilstand.sist = dag;
                }
                (_, Some((dag, hva))) => {
                    skifter.next();
                    tilstand.ta(hva, dag);
                }
                (_, None) => return,
            }
        }
    }

    fn skifter(&mut self, g: Gruppe) {
        let promille = match (g, self.plan.form.kode) {
            (Gruppe::Styr, "FLI" | "BRL" | "ESEK" | "SA") => 1900,
            (Gruppe::Styr, _) => 450,
            (Gruppe::Dagl | Gruppe::Regn, _) => 190,
            (Gruppe::Revi, _) => 120,
            _ => return,
        };
        let mut t = self.plan.terning.gren(Merke::Gruppe, 200 + g as u32);
        let (fra, til) = vindu(self.plan.registrert, self.siste);
        if fra >= til {
            return;
        }
        let ventet = promille * (til - fra).cast_unsigned() / 2875;
        let krevd = self.plan.har(|k| matches!(k, Krav::AltEndres));
        let antall = ventet / 1000 + u32::from(t.promille(ventet % 1000));
        for _ in 0..antall.max(u32::from(krevd)) {
            let dag = t.mellom(fra, til);
            self.legg(dag, Parti::Roller, Hva::Rolle(g));
        }
    }

    fn slutt(&mut self) {
        let har_roller = self.steg.iter().any(|s| s.hva == Hva::RollerNy);
        let Some(dag) = self.plan.skjebne.slutt() else {
            return;
        };
        let fjernet = matches!(self.plan.skjebne, Skjebne::Fjernet(_));
        self.legg(dag, Parti::Natt, if fjernet { Hva::Fjernet } else { Hva::Slettet });
        // The roles of who is removed go with it.
        if har_roller && !fjernet {
            self.legg(dag, Parti::Roller, Hva::RollerBort);
        }
        if let Skjebne::SlettetSaaFjernet(_, senere) = self.plan.skjebne {
            self.legg(senere, Parti::Natt, Hva::Fjernet);
        }
    }
}
