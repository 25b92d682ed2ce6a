//! What rare addresses write in the book: protection, other places of stay, post, shared homes, Svalbard.

use folkeregisteret::modell::{
    Adressegradering, Adressetype, DeltBosted, DeltBostedValg, Entitet, Entitetsendring, GraderingAvAdresse,
    Hendelsestype, Kontaktadresse, KontaktadresseIUtlandet, OppholdAnnetSted, OppholdPaaSvalbard,
    Oppholdsadresse, Oppholdssted, OppholdsvarighetType, PostadresseIFrittFormat, Postboksadresse,
    PreferertKontaktadresse, Tekst,
};

use super::adresser;
use super::bok::{Bok, korriger, opphoer, registrer};
use super::borger::Opphav;
use super::bosted::Sted;
use super::land::land;
use super::livdok::alfa3;
use super::saer::Trekk;
use super::steg::UTEN_PREFERERT;
use crate::kalender::dato;

impl Bok<'_> {
    /// Protection of the person: all addresses are graded, those of the most protected go.
    pub(super) fn vern(&mut self, nivaa: Adressegradering, slutt: bool) {
        self.sak("folkeregistermyndigheten", "Adressebeskyttelse");
        if slutt {
            self.vern = Adressegradering::Ugradert;
            opphoer!(self, adressebeskyttelse, Adressebeskyttelse, |_v| true);
            opphoer!(self, postadresse, Postadresse, |_v| nivaa == Adressegradering::StrengtFortrolig);
        } else {
            self.vern = nivaa;
            let ny = GraderingAvAdresse { meta: self.meta(), graderingsnivaa: nivaa };
            registrer!(self, adressebeskyttelse, Adressebeskyttelse, ny);
        }
        if nivaa == Adressegradering::StrengtFortrolig && !slutt {
            self.uten_adresser();
        } else if let Some(sted) = self.sted {
            self.bosted(sted, false);
        }
        for a in self.dok.oppholdsadresse.iter_mut().filter(|a| a.meta.er_gjeldende == Some(true)) {
            a.adressegradering = self.vern;
        }
        self.meld(Hendelsestype::EndringIAdressebeskyttelse);
    }

    /// No address data at all, but for an open postal address (sheet 3.5).
    pub(super) fn uten_adresser(&mut self) {
        self.dok.bostedsadresse.clear();
        self.dok.oppholdsadresse.clear();
        self.dok.delt_bosted.clear();
        self.dok.postadresse.clear();
        self.dok.postadresse_i_utlandet.clear();
        if self.melder {
            self.endret(Entitet::Bostedsadresse, Entitetsendring::Annullere, None);
        }
        let mut t = self.terning(20);
        let ny = Kontaktadresse {
            postboksadresse: Some(Postboksadresse {
                postbokseier: Some(Tekst::tilpass("SPERRET ADRESSE")),
                postboks: Tekst::tilpass("Postboks 2094 Vika"),
                poststed: adresser::poststed(&mut t, crate::sted::plass("0301") as u16),
            }),
            ..self.tom_postadresse(Adressegradering::Ugradert)
        };
        registrer!(self, postadresse, Postadresse, ny);
    }

    pub(super) fn tom_postadresse(&self, adressegradering: Adressegradering) -> Kontaktadresse {
        Kontaktadresse {
            meta: self.meta(),
            adressegradering,
            postboksadresse: None,
            vegadresse: None,
            postadresse_i_fritt_format: None,
            adresse_identifikator_fra_matrikkelen: None,
        }
    }

    pub(super) fn klientadresse(&mut self, slutt: bool) {
        let ny = if slutt { Adressegradering::Ugradert } else { Adressegradering::Klientadresse };
        self.sak("folkeregistermyndigheten", "Adresseoppdatering");
        if korriger!(self, bostedsadresse, Bostedsadresse, |a| a.adressegradering = ny) {
            self.meld(Hendelsestype::EndringIBostedsadresseUtenFlytting);
        }
    }

    pub(super) fn uten_bosted(&mut self, trekk: Trekk) {
        self.sak("folkeregistermyndigheten", "Flytting innenlands");
        let kommune = match self.sted {
            Some(Sted::Norge { kommune, .. }) if trekk == Trekk::UkjentBosted => Some(kommune),
            _ => None,
        };
        self.ukjent_bosted(kommune);
        self.meld(Hendelsestype::EndringIBostedsadresse);
    }

    pub(super) fn opphold_annet_sted(&mut self, trekk: Trekk, slutt: bool) {
        self.sak("folkeregistermyndigheten", "Oppholdsadresse");
        if slutt {
            if opphoer!(self, oppholdsadresse, Oppholdsadresse, |_v| true) {
                self.meld(Hendelsestype::EndringIOppholdsadresse);
            }
            return;
        }
        let mut t = self.terning(21);
        let (grunn, hvor) = match trekk {
            Trekk::Pendler => (Some(OppholdAnnetSted::Pendler), 0),
            Trekk::Militaer => (Some(OppholdAnnetSted::Militaer), 0),
            Trekk::Utenriks => (Some(OppholdAnnetSted::Utenriks), 1),
            Trekk::OppholdPaaSvalbardadresse => (Some(OppholdAnnetSted::PaaSvalbard), 2),
            Trekk::OppholdUkjent => (None, 3),
            Trekk::OppholdMatrikkel => (None, 2),
            Trekk::OppholdUtland => (None, 1),
            _ => (None, [0, 0, 1, 1, 2, 3][t.under(6) as usize]),
        };
        let ukjent = || Oppholdssted::AdressenErUkjent(true);
        let oppholdssted = match hvor {
            0 => adresser::et_sted(&mut t, self.dag).map_or_else(ukjent, Oppholdssted::Vegadresse),
            1 => adresser::utenlands(&mut t, self.borger.land)
                .map_or_else(ukjent, Oppholdssted::UtenlandskAdresse),
            2 => adresser::et_matrikkelsted(&mut t, self.dag)
                .map_or_else(ukjent, Oppholdssted::Matrikkeladresse),
            _ => ukjent(),
        };
        let ny = Oppholdsadresse {
            meta: self.meta(),
            oppholdssted,
            adresse_identifikator_fra_matrikkelen: None,
            adressegradering: self.vern,
            oppholdsadressedato: Some(dato(self.dag)),
            opphold_annet_sted: grunn,
        };
        registrer!(self, oppholdsadresse, Oppholdsadresse, ny);
        self.meld(Hendelsestype::EndringIOppholdsadresse);
    }

    pub(super) fn post(&mut self, trekk: Trekk, slutt: bool) {
        self.sak("folkeregistermyndigheten", "Postadresse");
        if slutt {
            if opphoer!(self, postadresse, Postadresse, |_v| true) {
                self.meld(Hendelsestype::EndringIKontaktinformasjon);
            }
            return;
        }
        let mut t = self.terning(22);
        let kommune = crate::sted::trekk(&mut t) as u16;
        let mut ny = self.tom_postadresse(self.vern);
        match trekk {
            Trekk::Postboks => {
                ny.postboksadresse = Some(Postboksadresse {
                    postbokseier: None,
                    postboks: Tekst::tilpass(format!("Postboks {}", 1 + t.under(2400))),
                    poststed: adresser::poststed(&mut t, kommune),
                });
            }
            Trekk::PostVeg => ny.vegadresse = Some(adresser::for_post(&mut t)),
            _ => {
                let linjer = vec![Tekst::tilpass(crate::sted::gate(&mut t)), Tekst::tilpass("2. etasje")];
                ny.postadresse_i_fritt_format = Some(PostadresseIFrittFormat {
                    adresselinje: linjer.try_into().unwrap_or_default(),
                    poststed: adresser::poststed(&mut t, kommune),
                });
            }
        }
        registrer!(self, postadresse, Postadresse, ny);
        self.meld(Hendelsestype::EndringIKontaktinformasjon);
    }

    pub(super) fn post_utland(&mut self, trekk: Trekk) {
        self.sak("folkeregistermyndigheten", "Postadresse");
        let mut t = self.terning(23);
        let hvor = if self.borger.opphav == Opphav::Norsk { self.et_land() } else { self.borger.land };
        let fritt = trekk == Trekk::PostUtlandFritt || (trekk == Trekk::PostUtlandD && t.promille(500));
        let ny = KontaktadresseIUtlandet {
            meta: self.meta(),
            adressegradering: self.vern,
            utenlandsk_adresse: if fritt { None } else { adresser::utenlands(&mut t, hvor) },
            utenlandsk_adresse_i_fritt_format: fritt.then(|| adresser::utenlands_fritt(&mut t, hvor)),
        };
        registrer!(self, postadresse_i_utlandet, PostadresseIUtlandet, ny);
        self.meld(Hendelsestype::EndringIKontaktinformasjon);
    }

    pub(super) fn svalbard(&mut self, slutt: bool) {
        self.sak("folkeregistermyndigheten", "Opphold på Svalbard");
        if slutt {
            let (at, til) = (self.meta().ajourholdstidspunkt, dato(self.dag));
            korriger!(self, opphold_paa_svalbard, OppholdPaaSvalbard, |o| {
                o.sluttdato = Some(til);
                o.meta.ajourholdstidspunkt = at;
            });
            self.dok.opphold_paa_svalbard.iter_mut().for_each(|o| o.meta.er_gjeldende = Some(false));
        } else {
            let mut t = self.terning(24);
            let fra = match self.sted {
                Some(Sted::Norge { kommune, .. }) => adresser::kommunenummer(kommune, self.dag),
                _ => None,
            };
            let fra_land = t.promille(300).then(|| alfa3(land(self.et_land()).alfa3));
            let ny = OppholdPaaSvalbard {
                meta: self.meta(),
                startdato: dato(self.dag),
                sluttdato: None,
                antatt_oppholdsvarighet: *t.velg(OppholdsvarighetType::ALLE),
                fraflyttingskommunenummer: if fra_land.is_some() { None } else { fra },
                fraflyttingsland: fra_land,
                antall_tidligere_opphold: None,
            };
            registrer!(self, opphold_paa_svalbard, OppholdPaaSvalbard, ny);
        }
        self.meld(Hendelsestype::EndringIOppholdPaaSvalbard);
    }

    pub(super) fn preferert(&mut self) {
        if self.dag >= UTEN_PREFERERT - 4 {
            return;
        }
        self.sak("folkeregistermyndigheten", "Postadresse");
        let mut t = self.terning(27);
        let valg = *t.velg(Adressetype::ALLE);
        let meta = self.meta();
        registrer!(
            self,
            preferert_kontaktadresse,
            PreferertKontaktadresse,
            PreferertKontaktadresse {
                meta,
                valg,
                adressegradering: None,
                kontaktadresse_i_fritt_format: None,
            }
        );
        self.meld(Hendelsestype::EndringIKontaktinformasjon);
    }

    /// The preferred address went out without events: whatever is written afterwards has none (sheet 16).
    pub(super) fn fas_ut(&mut self) {
        if self.dag >= UTEN_PREFERERT {
            self.dok.preferert_kontaktadresse.clear();
        }
    }

    pub(super) fn delt_bosted(&mut self, slutt: bool) {
        self.sak("folkeregistermyndigheten", "Delt bosted");
        if slutt {
            if opphoer!(self, delt_bosted, DeltBosted, |_v| true) {
                self.meld(Hendelsestype::EndringIDeltBosted);
            }
            return;
        }
        let mut t = self.terning(28);
        let bosted = match t.under(10) {
            0 => DeltBostedValg::UkjentBosted(folkeregisteret::modell::UkjentBosted::default()),
            1 | 2 => match adresser::et_matrikkelsted(&mut t, self.dag) {
                Some(sted) => DeltBostedValg::Matrikkeladresse(sted),
                None => return,
            },
            _ => match adresser::et_sted(&mut t, self.dag) {
                Some(sted) => DeltBostedValg::Vegadresse(sted),
                None => return,
            },
        };
        let ny = DeltBosted {
            meta: self.meta(),
            bosted,
            startdato_for_kontrakt: dato(self.dag),
            sluttdato_for_kontrakt: t.promille(400).then(|| dato(self.dag + 1500)),
            adresse_identifikator_fra_matrikkelen: None,
            naer_adresse_identifikator_fra_matrikkelen: None,
            adressegradering: self.vern,
        };
        registrer!(self, delt_bosted, DeltBosted, ny);
        self.meld(Hendelsestype::EndringIDeltBosted);
    }
}
