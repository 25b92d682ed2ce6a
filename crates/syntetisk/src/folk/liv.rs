//! A life in the register: everything that happens to one person, in order of time.

use super::borger::{Borger, DSF_START, Opphav};
use super::bosted::{Bosteder, Sted};
use super::grend::Grend;
use super::kommunereform;
use super::land::{Avtale, land};
use super::par::Par;
use super::saer::{MIGRERT, Trekk};
use super::steg::{
    Hva, NYE_VERGEMAAL, Steg, UTEN_PREFERERT, VALGMANNTALL_TRUKKET, feedstart, tidligst, tidspunkt,
};
use crate::terning::{Merke, Terning};

/// 2024-01-01, 2022-02-01, 2027-02-01 (sheet sections 16 and 7.4), in days since 1970.
const KOMMUNEREFORM: i32 = 19_723;
const INAKTIVERING: i32 = 19_024;
const BIOMETRI: i32 = 20_850;
/// 2012-01-01 and 2017-01-15: D-numbers of before the first became inactive on the second.
const GAMLE_DNUMMER: (i32, i32) = (15_340, 17_181);
/// Five years.
const FEM_AAR: i32 = 1826;

/// Lives a person's life.
pub(crate) fn liv(grend: &Grend, bosteder: &Bosteder, i: u16) -> Vec<Steg> {
    let borger = grend.en(i);
    let mut bygger =
        Bygger { grend, bosteder, i, borger, slutt: borger.slutt(grend.idag), steg: Vec::with_capacity(24) };
    bygger.ankomst();
    bygger.flyttinger();
    for nr in &borger.par {
        bygger.par(*nr, &grend.par[usize::from(*nr)]);
    }
    bygger.navn();
    bygger.barn();
    bygger.statsborgerskap();
    for (trekk, dag) in borger.saer.alle() {
        bygger.saer(trekk, dag);
    }
    bygger.myndighetenes();
    bygger.doed();
    bygger.ferdig()
}

/// How many days after the birth the father is established: soon when the parents are married.
fn farskapsdager(grend: &Grend, barn: &Borger) -> i32 {
    let foreldre =
        barn.mor.zip(barn.far).and_then(|(m, f)| grend.par_av(m).find(|p| [p.a, p.b].contains(&f)));
    let gift = foreldre.is_some_and(|p| p.gift(barn.foedt()));
    if gift { 3 } else { barn.terning.gren(Merke::Foreldre, 9).mellom(4, 40) }
}

struct Bygger<'a> {
    grend: &'a Grend,
    bosteder: &'a Bosteder,
    i: u16,
    borger: &'a Borger,
    /// Death, or today.
    slutt: i32,
    steg: Vec<Steg>,
}

impl Bygger<'_> {
    /// Adds a step that is registered some days after it happened.
    fn legg(&mut self, dag: i32, forsinkelse: i32, hva: Hva) {
        self.sak(dag, forsinkelse, (self.borger.terning, 0), hva);
    }

    /// The same as part of a case that others have part in.
    fn sak(&mut self, dag: i32, forsinkelse: i32, (sak, nr): (Terning, u32), hva: Hva) {
        self.steg.push(Steg { at: tidspunkt(dag, forsinkelse, sak, nr), dag, hva });
    }

    fn terning(&self, nr: u32) -> Terning {
        self.borger.terning.gren(Merke::Detalj, nr)
    }

    fn ankomst(&mut self) {
        let (foedt, inn) = (self.borger.foedt(), self.borger.inn);
        let mut t = self.terning(0);
        match self.borger.opphav {
            Opphav::Norsk | Opphav::Foedselsregistrert if foedt <= MIGRERT => {
                self.legg(foedt, 1, Hva::Foedt { uten_navn: false });
            }
            Opphav::Norsk | Opphav::Foedselsregistrert => {
                self.legg(foedt, t.mellom(0, 2), Hva::Foedt { uten_navn: true });
                if self.borger.far.is_some() {
                    self.legg(foedt, farskapsdager(self.grend, self.borger), Hva::Farskap);
                }
                let valgt = foedt + t.mellom(8, 120);
                self.legg(valgt, 0, Hva::NavnValgt);
            }
            Opphav::Innvandrer(foerst) => {
                if let Some(dag) = foerst {
                    self.legg(dag, 1, Hva::DNummer);
                    self.blir_inaktiv(dag, Some(inn));
                }
            }
            Opphav::DNummer => {
                self.legg(inn, 1, Hva::DNummer);
                self.blir_inaktiv(inn, None);
            }
            Opphav::IkkeBosatt => self.legg(inn, 3, Hva::IkkeBosatt),
        }
    }

    /// A D-number becomes inactive after five years; those of before the rule in bulk (sheet section 14).
    fn blir_inaktiv(&mut self, tildelt: i32, bosatt: Option<i32>) {
        let mut t = self.terning(1);
        let dag = if tildelt < GAMLE_DNUMMER.0 {
            GAMLE_DNUMMER.1
        } else {
            (tildelt + FEM_AAR).max(INAKTIVERING + t.mellom(0, 12))
        };
        let meldt = self.borger.saer.dag(Trekk::InaktivMeldt).is_some();
        if bosatt.is_none_or(|b| dag < b - 60) && dag < self.slutt - 5 {
            self.legg(dag, 0, Hva::Inaktiv(meldt));
        }
    }

    fn flyttinger(&mut self) {
        let mut foer: Option<Sted> = None;
        let foedt_her = self.borger.opphav == Opphav::Norsk;
        let utvandret = |f: Option<Sted>| f.is_some_and(|s| !s.i_norge());
        for (dag, sted) in self.bosteder.alle(self.i) {
            if *dag < DSF_START {
                foer = Some(*sted);
                continue;
            }
            let nr = match sted {
                Sted::Norge { nr, .. } => *nr,
                Sted::Utland(land) => u32::from(*land),
            };
            let sak = (self.grend.terning.gren(Merke::Bosted, nr), u32::from(self.i));
            let forsinkelse = (nr % 9).cast_signed();
            let hva = match (foer, sted) {
                (None, Sted::Norge { .. }) if foedt_her => None,
                (f, Sted::Norge { .. }) if f.is_none() || utvandret(f) => Some(Hva::Innvandret(*sted)),
                (_, Sted::Norge { .. }) => Some(Hva::Flyttet(*sted)),
                (f, Sted::Utland(_)) if f.is_none() || utvandret(f) => None,
                (_, Sted::Utland(land)) => Some(Hva::Utvandret(*land)),
            };
            if let Some(hva) = hva {
                self.sak(*dag, forsinkelse, sak, hva);
            }
            let over_grensen = matches!(hva, Some(Hva::Innvandret(_) | Hva::Utvandret(_)));
            let rettes = self.terning(dag.cast_unsigned()).promille(40) && dag + 50 < self.slutt;
            if over_grensen && rettes && !self.borger.saer.alene() {
                self.legg(dag + 25, 0, Hva::FlyttingRettet(!sted.i_norge()));
            }
            foer = Some(*sted);
        }
        let bor = self.bosteder.paa(self.i, KOMMUNEREFORM - 12);
        if let Some(Sted::Norge { kommune, .. }) = bor
            && kommunereform::ny(kommune)
            && KOMMUNEREFORM < self.slutt - 10
        {
            self.legg(KOMMUNEREFORM, 0, Hva::Kommuneregulert);
        }
    }

    fn par(&mut self, nr: u16, par: &Par) {
        let sak = |n| (par.terning, n + u32::from(self.i == par.b));
        let er_her = |dag: i32| dag < self.slutt - 2;
        let Some(gift) = par.gift.filter(|g| er_her(*g)) else { return };
        let (ved_vielse, ved_brudd) = (sak(0), sak(10));
        self.sak(gift, 6, ved_vielse, Hva::Gift(nr));
        if let Some(separert) = par.separert.filter(|d| *d < self.slutt - 2) {
            self.sak(separert, 9, ved_brudd, Hva::Separert(nr));
        }
        if let Some(skilt) = par.skilt.filter(|d| *d < self.slutt - 2) {
            self.sak(skilt, 12, ved_brudd, Hva::Skilt(nr));
            return;
        }
        // Whoever is not divorced yet is bereaved.
        let andre = self.grend.en(par.partner(self.i));
        if let Some(doed) = andre.doed.filter(|d| *d + 8 < self.slutt) {
            let sak = (andre.terning.gren(Merke::Doedsdag, 9), 1);
            self.sak(doed, 5, sak, Hva::Etterlatt(nr));
        }
    }

    fn navn(&mut self) {
        for nr in 1..self.borger.navn.len() {
            let dag = self.borger.navn[nr].0;
            if dag > self.borger.inn && dag < self.slutt - 3 {
                self.legg(dag, 9, Hva::Navn(nr as u8));
            }
        }
    }

    fn barn(&mut self) {
        for c in &self.borger.barn {
            let barn = self.grend.en(*c);
            let dag = barn.inn.max(self.borger.inn);
            let sak = (barn.terning, 2);
            let far = barn.far == Some(self.i);
            let forsinkelse = match barn.opphav {
                Opphav::Innvandrer(_) => 12,
                _ if far && barn.inn > MIGRERT => farskapsdager(self.grend, barn),
                _ => 3,
            };
            self.sak(dag, forsinkelse, sak, Hva::BarnFoedt(*c));
            let myndig = barn.fyller(18);
            if myndig > MIGRERT && myndig < self.slutt - 2 && barn.lever(myndig + 2) && dag + 50 < myndig {
                self.sak(myndig, 0, (barn.terning, 1), Hva::Myndig(Some(*c)));
            }
        }
        let myndig = self.borger.fyller(18);
        let har = self.borger.mor.is_some() && self.borger.bosatt() && self.borger.inn + 50 < myndig;
        if har && myndig > MIGRERT && myndig < self.slutt - 2 {
            self.sak(myndig, 0, (self.borger.terning, 0), Hva::Myndig(None));
        }
        for f in [self.borger.mor, self.borger.far].into_iter().flatten().filter(|_| har) {
            let forelder = self.grend.en(f);
            if let Some(doed) =
                forelder.doed.filter(|d| self.borger.inn + 50 < *d && *d < myndig.min(self.slutt - 10))
            {
                let sak = (forelder.terning.gren(Merke::Doedsdag, 9), 2 + u32::from(self.i));
                self.sak(doed, 5, sak, Hva::ForelderDoed(f));
            }
        }
    }

    fn statsborgerskap(&mut self) {
        let Opphav::Innvandrer(_) = self.borger.opphav else { return };
        let mut t = self.terning(2);
        let (inn, avtale) = (self.borger.inn, land(self.borger.land).avtale);
        let norsk = inn + t.mellom(2400, 4200);
        if matches!(avtale, Avtale::Tillatelse | Avtale::Flukt) {
            self.legg(inn, 12, Hva::Tillatelse(false));
            let permanent = inn + t.mellom(1100, 1900);
            if t.promille(800) && self.er_hjemme(permanent) {
                self.legg(permanent, 15, Hva::Tillatelse(true));
            }
        }
        let promille = if avtale == Avtale::Flukt { 700 } else { 300 };
        if t.promille(promille) && self.er_hjemme(norsk) && !self.borger.saer.alene() {
            self.legg(norsk, 6, Hva::NorskStatsborger);
        }
    }

    /// Whether the person lives here on a day, and for some time afterwards.
    fn er_hjemme(&self, dag: i32) -> bool {
        let bor = |d| self.bosteder.paa(self.i, d).is_some_and(Sted::i_norge);
        dag + 20 < self.slutt && bor(dag) && bor(dag + 20)
    }

    fn saer(&mut self, trekk: Trekk, dag: i32) {
        let med_dnummer = self.borger.opphav == Opphav::DNummer;
        let avdoed = matches!(trekk, Trekk::DoedKorrigert | Trekk::ForsvunnetDoed);
        if !med_dnummer && !avdoed && !self.er_hjemme(dag) {
            return;
        }
        let mut t = self.terning(100 + trekk as u32);
        let varer = match trekk {
            Trekk::Navneendring | Trekk::Navneendringer | Trekk::InaktivMeldt => return,
            Trekk::DoedAnnullert => t.mellom(15, 50),
            Trekk::FortroligOpphevet | Trekk::StrengtOpphevet | Trekk::BibeholdSlutt => {
                t.mellom(20, self.slutt - dag - 25)
            }
            Trekk::Svalbard | Trekk::Pendler | Trekk::Militaer | Trekk::Postboks | Trekk::PostFritt => {
                t.mellom(60, 2500)
            }
            Trekk::VergeVoksen | Trekk::VergeMidlertidig | Trekk::VergeMidlertidigMindreaarig => {
                t.mellom(300, 6000)
            }
            Trekk::Valgmanntall | Trekk::Handleevne | Trekk::PostVeg | Trekk::OppholdsadresseD => {
                t.mellom(200, 4000)
            }
            Trekk::DeltBosted | Trekk::Partnerskap | Trekk::Klientadresse => t.mellom(300, 1500),
            Trekk::PartnerskapSeparert | Trekk::PartnerskapSkilt | Trekk::PartnerskapGjenlevende => 30,
            _ => i32::MAX,
        };
        if trekk == Trekk::DoedKorrigert {
            // Told some time after the death it corrects.
            let doed = self.slutt;
            self.legg(doed, 70 + t.mellom(0, 60), Hva::Saer(trekk, false));
            return;
        }
        if trekk == Trekk::ForsvunnetDoed {
            let savnet = self.slutt - t.mellom(60, 100);
            self.legg(savnet, 2, Hva::Saer(trekk, false));
            return;
        }
        self.legg(dag, 3, Hva::Saer(trekk, false));
        let slutt = dag.saturating_add(varer);
        if slutt < self.slutt - 8 && (med_dnummer || self.er_hjemme(slutt)) {
            self.legg(slutt, 2, Hva::Saer(trekk, true));
            self.ny_form(trekk, dag, slutt);
        } else {
            self.ny_form(trekk, dag, i32::MAX);
        }
    }

    /// Guardianships that last over 2023-11-01 get another form then.
    fn ny_form(&mut self, trekk: Trekk, fra: i32, til: i32) {
        let vergemaal = matches!(
            trekk,
            Trekk::VergeVoksen
                | Trekk::VergeMidlertidig
                | Trekk::Fremtidsfullmakt
                | Trekk::Forvaltning
                | Trekk::VergeMindreaarig
                | Trekk::VergeMidlertidigMindreaarig
                | Trekk::EnsligAsylsoeker
                | Trekk::EnsligFlyktning
        );
        let over = fra + 6 < NYE_VERGEMAAL && NYE_VERGEMAAL + 20 < til.min(self.slutt);
        if vergemaal && over && self.er_hjemme(NYE_VERGEMAAL) {
            self.legg(NYE_VERGEMAAL, 0, Hva::VergeNyForm(trekk));
        }
    }

    /// What the authorities do to all at once.
    fn myndighetenes(&mut self) {
        let valgmanntall = self.borger.saer.dag(Trekk::Valgmanntall);
        if valgmanntall.is_some_and(|d| d + 60 < VALGMANNTALL_TRUKKET) && self.er_hjemme(VALGMANNTALL_TRUKKET)
        {
            self.legg(VALGMANNTALL_TRUKKET, 0, Hva::ValgmanntallTrukket);
        }
        let biometri = BIOMETRI + self.terning(3).mellom(0, 700);
        if biometri < self.slutt - 20 && self.borger.fyller(12) < biometri && self.er_hjemme(biometri) {
            self.legg(biometri, 0, Hva::Unik);
        }
    }

    fn doed(&mut self) {
        let Some(doed) = self.borger.doed else { return };
        let mut t = self.terning(4);
        let sak = (self.borger.terning.gren(Merke::Doedsdag, 9), 0);
        self.sak(doed, 5, sak, Hva::Doed);
        let attest = doed + t.mellom(15, 60);
        if doed > MIGRERT - 300 && t.promille(620) && self.borger.bosatt() && attest + 10 < self.grend.idag {
            self.legg(attest, 4, Hva::Doedsbo);
            let andre = attest + t.mellom(60, 200);
            if t.promille(90) && andre + 10 < self.grend.idag {
                self.legg(andre, 4, Hva::Doedsbo);
            }
        }
    }

    /// What happened first is told first, whatever the delays.
    fn i_rekke(&mut self) {
        self.steg.sort_by_key(|s| (s.dag, s.at));
        for i in 1..self.steg.len() {
            self.steg[i].at = self.steg[i].at.max(self.steg[i - 1].at.plus_millis(17));
        }
    }

    /// Puts the steps in order; whoever is gone for good has no more.
    fn ferdig(mut self) -> Vec<Steg> {
        let idag = i64::from(self.grend.idag) * 86_400_000;
        let foer_alt = tidligst(DSF_START);
        for steg in &mut self.steg {
            // What is older than the register was entered when it began, in its own order.
            if steg.dag < DSF_START {
                let siden = i64::from(steg.dag - DSF_START + 40_000);
                steg.at = foer_alt.plus_millis(2 * 86_400_000 + siden);
            }
            // What was known before the first day is told with it, not one by one while it comes over.
            if steg.dag <= MIGRERT {
                steg.at = steg.at.min(feedstart().plus_millis(-84_600_000));
            }
        }
        let kommer = |s: &&Steg| {
            matches!(s.hva, Hva::Foedt { .. } | Hva::DNummer | Hva::IkkeBosatt | Hva::Innvandret(_))
        };
        let inn = self.steg.iter().filter(kommer).map(|s| s.at).min();
        let sist = self.steg.iter().map(|s| s.dag).max();
        self.steg.retain(|s| {
            // Who has no later step keeps no preferred address, for nothing would take it out again.
            let fases_ut = s.hva != Hva::Saer(Trekk::Preferert, false) || sist > Some(UTEN_PREFERERT);
            s.at.as_millis() < idag && inn.is_some_and(|i| s.at >= i) && fases_ut
        });
        self.i_rekke();
        let siste = self.steg.iter().position(|s| {
            let slutter = |t: Trekk| {
                matches!(
                    t,
                    Trekk::OpphoertNummer
                        | Trekk::OpphoertFoedsel
                        | Trekk::FalskUkjent
                        | Trekk::FalskOpplysninger
                        | Trekk::FalskNummer
                        | Trekk::DublettBort
                        | Trekk::Forsvunnet
                )
            };
            matches!(s.hva, Hva::Saer(t, false) if slutter(t))
        });
        if let Some(siste) = siste {
            self.steg.truncate(siste + 1);
        }
        let doed = self.steg.iter().position(|s| s.hva == Hva::Doed);
        if let Some(doed) = doed {
            let mut nr = 0;
            self.steg.retain(|s| {
                nr += 1;
                let etter =
                    matches!(s.hva, Hva::Doedsbo | Hva::BarnFoedt(_) | Hva::Saer(Trekk::DoedKorrigert, _));
                nr <= doed + 1 || etter
            });
        }
        self.steg
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kalender::dag;

    #[test]
    fn the_days_are_what_they_say() {
        assert_eq!(KOMMUNEREFORM, dag(2024, 1, 1));
        assert_eq!(INAKTIVERING, dag(2022, 2, 1));
        assert_eq!(BIOMETRI, dag(2027, 2, 1));
        assert_eq!(GAMLE_DNUMMER, (dag(2012, 1, 1), dag(2017, 1, 15)));
    }
}
