//! What family writes in the book: parents and children, marriage, parental responsibility.

use folkeregisteret::modell::{
    Familierelasjon, Familierelasjontype, Foreldreansvar, Foreldreansvarstype, Hendelsestype, Relatert,
    RelatertBiPerson, Sivilstand, Sivilstandstype, Tekst,
};
use identifikator::Personidentifikator;

use super::adresser::kommunenummer;
use super::bok::{Bok, foey_til, opphoer, registrer};
use super::borger::Borger;
use super::land::land;
use super::livdok::{alfa3, kjoenn, navn};
use super::navn::Personnavn;
use super::par::Par;
use super::saer::MIGRERT;
use super::steg::Hva;
use crate::kalender::dato;
use crate::terning::Merke;

/// Whether somebody is, or was when the register began, a child with parents who are responsible.
fn har_foreldreansvar(barn: &Borger) -> bool {
    barn.fyller(18) > MIGRERT && barn.bosatt() && barn.mor.is_some() && barn.inn + 50 < barn.fyller(18)
}

impl Bok<'_> {
    pub(super) fn farsrolle(&self) -> Familierelasjontype {
        let medmor = self.borger.far.is_some_and(|f| self.bygd.grend.en(f).kvinne);
        if medmor { Familierelasjontype::Medmor } else { Familierelasjontype::Far }
    }

    pub(super) fn farskap(&mut self) {
        self.sak("nav", "Farskap");
        let rolle = self.farsrolle();
        let Some(far) = self.borger.far.and_then(|f| self.bygd.nummer(f, self.dag)) else { return };
        self.relasjon(Relatert::RelatertPerson(far), rolle, Some(Familierelasjontype::Barn));
        self.meld(Hendelsestype::EndringIFamilierelasjon);
        if har_foreldreansvar(self.borger) {
            self.sak("folkeregistermyndigheten", "Foreldreansvar");
            opphoer!(self, foreldreansvar, Foreldreansvar, |_v| true);
            let mor = self.borger.mor.and_then(|m| self.bygd.nummer(m, self.dag));
            for ansvarlig in [mor, Some(far)].into_iter().flatten() {
                self.ansvar(Foreldreansvarstype::Felles, self.nummer(), ansvarlig);
            }
            self.meld(Hendelsestype::EndringIForeldreansvar);
        }
    }

    pub(super) fn relasjon(
        &mut self,
        relatert: Relatert,
        rolle: Familierelasjontype,
        min: Option<Familierelasjontype>,
    ) {
        let meta = self.meta();
        foey_til!(
            self,
            familierelasjon,
            Familierelasjon,
            Familierelasjon { meta, relatert, relatert_persons_rolle: rolle, min_rolle_for_person: min }
        );
    }

    /// A parent, and the parental responsibility that goes with it.
    pub(super) fn slektskap(&mut self, forelder: Option<u16>, rolle: Familierelasjontype) {
        let Some(nummer) = forelder.and_then(|f| self.bygd.nummer(f, self.dag)) else { return };
        self.relasjon(Relatert::RelatertPerson(nummer), rolle, Some(Familierelasjontype::Barn));
        if har_foreldreansvar(self.borger) {
            let felles = self.borger.far.is_some() && self.dag <= MIGRERT;
            let ansvar = if felles { Foreldreansvarstype::Felles } else { Foreldreansvarstype::Mor };
            self.ansvar(ansvar, self.nummer(), nummer);
        }
    }

    pub(super) fn ansvar(
        &mut self,
        ansvar: Foreldreansvarstype,
        barn: Option<Personidentifikator>,
        ansvarlig: Personidentifikator,
    ) {
        let ny = Foreldreansvar { ansvarlig: Some(ansvarlig), ..tomt_ansvar(self, ansvar, barn) };
        foey_til!(self, foreldreansvar, Foreldreansvar, ny);
    }

    /// One in nine from abroad has a parent of whom the register knows the name only.
    pub(super) fn foreldre_uten_nummer(&mut self) {
        let mut t = self.terning(4);
        if self.borger.mor.is_some() || !t.promille(110) {
            return;
        }
        let alder = t.mellom(20, 38) * 365;
        let navn_ = Personnavn::nytt(&mut t);
        let forelder = RelatertBiPerson {
            navn: navn(&navn_),
            foedselsdato: Some(dato(self.borger.foedt() - alder)),
            statsborgerskap: Some(alfa3(land(self.borger.land).alfa3)),
            kjoenn: Some(kjoenn(true)),
        };
        let relatert = Relatert::RelatertPersonUtenFolkeregisteridentifikator(forelder);
        self.relasjon(relatert, Familierelasjontype::Mor, Some(Familierelasjontype::Barn));
    }

    pub(super) fn sivilstand(&mut self, hva: Hva, nr: u16) {
        let par = &self.bygd.grend.par[usize::from(nr)];
        let partner = par.partner(self.i);
        let Some(nummer) = self.bygd.nummer(partner, self.dag) else { return };
        let (type_, aarsak) = sivilstandstype(hva, par);
        self.sak(if matches!(hva, Hva::Etterlatt(_)) { "Helse" } else { "folkeregistermyndigheten" }, aarsak);
        let mut t = par.terning.gren(Merke::Detalj, type_ as u32);
        let kommune = crate::sted::trekk(&mut t) as u16;
        let vigsel = matches!(hva, Hva::Gift(_));
        let myndighet = match hva {
            Hva::Gift(_) => Some(*t.velg(VIGSLERE)),
            Hva::Etterlatt(_) => None,
            _ => Some("STATSFORVALTEREN"),
        };
        let meta = self.meta();
        registrer!(
            self,
            sivilstand,
            Sivilstand,
            Sivilstand {
                sivilstandsdato: Some(dato(self.dag)),
                myndighet: myndighet.map(Tekst::tilpass),
                kommune: if vigsel { kommunenummer(kommune, self.dag) } else { None },
                sted: vigsel.then(|| Tekst::tilpass("RÅDHUSET")),
                relatert_ved_sivilstand: (!matches!(hva, Hva::Skilt(_) | Hva::Etterlatt(_)))
                    .then(|| nummer.into()),
                ..tom_sivilstand(meta, type_)
            }
        );
        self.meld(Hendelsestype::EndringISivilstand);
        match hva {
            Hva::Gift(_) => {
                let rolle = Familierelasjontype::EktefelleEllerPartner;
                self.relasjon(Relatert::RelatertPerson(nummer), rolle, Some(rolle));
            }
            Hva::Skilt(_) | Hva::Etterlatt(_) => {
                opphoer!(self, familierelasjon, Familierelasjon, |v| {
                    v.relatert_persons_rolle == Familierelasjontype::EktefelleEllerPartner
                });
            }
            _ => return,
        }
        self.meld(Hendelsestype::EndringIFamilierelasjon);
    }

    pub(super) fn barn_foedt(&mut self, c: u16) {
        let barn = self.bygd.grend.en(c);
        let Some(nummer) = self.bygd.nummer(c, self.dag) else { return };
        let mor = barn.mor == Some(self.i);
        let rolle = match (mor, self.borger.kvinne) {
            (true, _) => Familierelasjontype::Mor,
            (false, true) => Familierelasjontype::Medmor,
            (false, false) => Familierelasjontype::Far,
        };
        self.sak("folkeregistermyndigheten", if mor { "Fødsel" } else { "Farskap" });
        self.relasjon(Relatert::RelatertPerson(nummer), Familierelasjontype::Barn, Some(rolle));
        self.meld(Hendelsestype::EndringIFamilierelasjon);
        if har_foreldreansvar(barn) && barn.doed.is_none_or(|d| d > MIGRERT) && self.borger.lever(self.dag) {
            let felles = barn.far.is_some();
            let ansvar = if felles { Foreldreansvarstype::Felles } else { Foreldreansvarstype::Mor };
            if let Some(selv) = self.nummer() {
                self.ansvar(ansvar, Some(nummer), selv);
            }
            self.meld(Hendelsestype::EndringIForeldreansvar);
        }
    }

    pub(super) fn forelder_doed(&mut self, forelder: u16) {
        self.sak("FREG automatisk", "Dødsfall");
        let nummer = self.bygd.nummer(forelder, self.dag);
        if opphoer!(self, foreldreansvar, Foreldreansvar, |v| v.ansvarlig == nummer) {
            self.meld(Hendelsestype::EndringIForeldreansvar);
        }
    }

    pub(super) fn myndig(&mut self, barn: Option<u16>) {
        self.sak("FREG automatisk", "Foreldreansvar");
        let nummer = match barn {
            // Also numbers that the child had before.
            Some(c) => [self.bygd.nummer(c, i32::MIN), self.bygd.nummer(c, self.dag)],
            None => [self.bygd.nummer(self.i, i32::MIN), self.nummer()],
        };
        if opphoer!(self, foreldreansvar, Foreldreansvar, |v| nummer.contains(&v.ansvarssubjekt)) {
            self.meld(Hendelsestype::EndringIForeldreansvar);
        }
    }
}

/// Who marries people (sivilstand_myndighet).
const VIGSLERE: &[&str] = &[
    "ANSATT_I_KOMMUNE",
    "ANSATT_I_KOMMUNE",
    "DEN_NORSKE_KIRKE",
    "DEN_NORSKE_KIRKE",
    "trosEllerLivssynssamfunnMedVigselsrett",
];

fn sivilstandstype(hva: Hva, par: &Par) -> (Sivilstandstype, &'static str) {
    match (hva, par.partnerskap) {
        (Hva::Gift(_), false) => (Sivilstandstype::Gift, "Vigsel"),
        (Hva::Gift(_), true) => (Sivilstandstype::RegistrertPartner, "Partnerskap"),
        (Hva::Separert(_), false) => (Sivilstandstype::Separert, "Separasjon"),
        (Hva::Separert(_), true) => (Sivilstandstype::SeparertPartner, "Separasjon"),
        (Hva::Skilt(_), false) => (Sivilstandstype::Skilt, "Skilsmisse"),
        (Hva::Skilt(_), true) => (Sivilstandstype::SkiltPartner, "Skilsmisse"),
        (_, false) => (Sivilstandstype::EnkeEllerEnkemann, "Dødsfall"),
        (_, true) => (Sivilstandstype::GjenlevendePartner, "Dødsfall"),
    }
}

pub(super) const fn tom_sivilstand(
    meta: folkeregisteret::modell::Registermetadata,
    sivilstand: Sivilstandstype,
) -> Sivilstand {
    Sivilstand {
        meta,
        sivilstand,
        sivilstandsdato: None,
        myndighet: None,
        kommune: None,
        sted: None,
        utland: None,
        relatert_ved_sivilstand: None,
    }
}

pub(super) fn tomt_ansvar(
    bok: &Bok<'_>,
    ansvar: Foreldreansvarstype,
    ansvarssubjekt: Option<Personidentifikator>,
) -> Foreldreansvar {
    Foreldreansvar {
        meta: bok.meta(),
        ansvar,
        ansvarssubjekt,
        ansvarlig: None,
        ansvarlig_organisasjon: None,
        ansvarlig_uten_identifikator: None,
        ansvarssubjekt_uten_identifikator: None,
    }
}
