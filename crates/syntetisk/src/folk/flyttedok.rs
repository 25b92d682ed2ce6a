//! What moving writes in the book: to the country and from it, from home to home, and when homes get other addresses.

use folkeregisteret::modell::{
    Adressegradering, Bosted, Bostedsadresse, Familierelasjontype, Folkeregisteridentifikatortype,
    Hendelsestype, InnflyttingTilNorge, KontaktadresseIUtlandet, Personstatus, Sivilstandstype, Tekst,
    UkjentBosted, UtflyttingFraNorge,
};

use super::adresser::{self, bolig, kommunenummer};
use super::bok::{Bok, korriger, opphoer, registrer};
use super::bosted::Sted;
use super::familiedok::tom_sivilstand;
use super::kommunereform;
use super::land::land;
use super::livdok::alfa3;
use crate::kalender::dato;

impl Bok<'_> {
    pub(super) fn innvandret(&mut self, sted: Sted) {
        self.sak("folkeregistermyndigheten", "Innvandring");
        let foerste = self.dok.navn.is_empty();
        let med_dnummer = self.dok.identifikasjonsnummer.first().map(|n| n.identifikatortype)
            == Some(Folkeregisteridentifikatortype::DNummer);
        if foerste {
            self.grunnbok(Personstatus::Bosatt, Folkeregisteridentifikatortype::Foedselsnummer);
            self.statsborger(self.hjemland(), self.borger.foedt());
            self.sett_navn(&self.borger.navn(self.dag));
        } else if med_dnummer {
            // First told on the old number, then the rest on the new one (sheet 8.4).
            self.identifikator(Folkeregisteridentifikatortype::Foedselsnummer);
            self.meld_om(Hendelsestype::EndringIIdentifikasjonsnummer, self.dag - 1);
            let meta = self.meta();
            registrer!(self, sivilstand, Sivilstand, tom_sivilstand(meta, Sivilstandstype::Ugift));
        }
        if !foerste {
            self.status(Personstatus::Bosatt);
        }
        if foerste || med_dnummer {
            self.slektskap(self.borger.mor, Familierelasjontype::Mor);
            self.slektskap(self.borger.far, self.farsrolle());
            self.foreldre_uten_nummer();
        }
        let (meta, fra) = (self.meta(), land(self.borger.land));
        registrer!(
            self,
            innflytting,
            Innflytting,
            InnflyttingTilNorge {
                meta,
                fraflyttingsland: Some(alfa3(fra.alfa3)),
                fraflyttingssted_i_utlandet: Some(Tekst::tilpass(fra.sted)),
            }
        );
        opphoer!(self, postadresse_i_utlandet, PostadresseIUtlandet, |_v| true);
        self.bosted(sted, true);
        self.meld(if foerste { Hendelsestype::PersonErOpprettet } else { Hendelsestype::PersonErBosatt });
    }

    /// Writes a home in the book; protected people's are graded, and those of the most protected not written.
    pub(super) fn bosted(&mut self, sted: Sted, flyttet: bool) -> bool {
        self.sted = Some(sted);
        let Sted::Norge { kommune, nr } = sted else { return false };
        if self.vern == Adressegradering::StrengtFortrolig {
            return false;
        }
        let bolig = bolig(&self.bygd.grend, (kommune, nr), self.dag);
        let naer =
            matches!(bolig.bosted, Bosted::Matrikkeladresse(_)).then(|| bolig.noekkel.clone()).flatten();
        let kretser = bolig.kretser;
        let krets = |i: usize| kretser.map(|k| k[i]);
        let ny = Bostedsadresse {
            meta: self.meta(),
            adresse_identifikator_fra_matrikkelen: if naer.is_some() { None } else { bolig.noekkel },
            bosted: bolig.bosted,
            naer_adresse_identifikator_fra_matrikkelen: naer,
            adressegradering: self.vern,
            flyttedato: flyttet.then(|| dato(self.dag)),
            grunnkrets: krets(0),
            stemmekrets: krets(1),
            skolekrets: krets(2),
            kirkekrets: krets(3),
        };
        registrer!(self, bostedsadresse, Bostedsadresse, ny);
        true
    }

    pub(super) fn ukjent_bosted(&mut self, kommune: Option<u16>) {
        let bostedskommune = kommune.and_then(|k| kommunenummer(k, self.dag));
        let ny = Bostedsadresse {
            meta: self.meta(),
            bosted: Bosted::UkjentBosted(UkjentBosted { bostedskommune }),
            adresse_identifikator_fra_matrikkelen: None,
            naer_adresse_identifikator_fra_matrikkelen: None,
            adressegradering: self.vern,
            flyttedato: None,
            grunnkrets: None,
            stemmekrets: None,
            skolekrets: None,
            kirkekrets: None,
        };
        registrer!(self, bostedsadresse, Bostedsadresse, ny);
    }

    pub(super) fn flyttet(&mut self, sted: Sted) {
        self.sak("folkeregistermyndigheten", "Flytting innenlands");
        if self.bosted(sted, true) {
            self.meld(Hendelsestype::EndringIBostedsadresse);
        }
    }

    pub(super) fn kommuneregulert(&mut self) {
        self.sak("Matrikkelen", "Kommuneregulering");
        let Some(sted @ Sted::Norge { kommune, .. }) = self.sted else { return };
        let ukjent =
            self.dok.bostedsadresse.first().is_none_or(|b| matches!(b.bosted, Bosted::UkjentBosted(_)));
        if kommunereform::ny(kommune) && !ukjent && self.bosted(sted, false) {
            self.meld(Hendelsestype::EndringIBostedsadresseVedKommuneregulering);
        }
    }

    pub(super) fn utvandret(&mut self, til: u8) {
        self.sak("folkeregistermyndigheten", "Utflytting");
        self.sted = None;
        self.status(Personstatus::Utflyttet);
        let (meta, utlandet) = (self.meta(), land(til));
        registrer!(
            self,
            utflytting,
            Utflytting,
            UtflyttingFraNorge {
                meta,
                tilflyttingsland: Some(alfa3(utlandet.alfa3)),
                tilflyttingssted_i_utlandet: Some(Tekst::tilpass(utlandet.sted)),
                utflyttingsdato: Some(dato(self.dag)),
            }
        );
        opphoer!(self, bostedsadresse, Bostedsadresse, |_v| true);
        opphoer!(self, oppholdsadresse, Oppholdsadresse, |_v| true);
        let mut t = self.terning(5);
        if t.promille(500) {
            let utenlandsk_adresse = adresser::utenlands(&mut t, til);
            let ny = KontaktadresseIUtlandet {
                meta: self.meta(),
                adressegradering: self.vern,
                utenlandsk_adresse,
                utenlandsk_adresse_i_fritt_format: None,
            };
            registrer!(self, postadresse_i_utlandet, PostadresseIUtlandet, ny);
        }
        self.meld(Hendelsestype::PersonErUtflyttet);
    }

    pub(super) fn flytting_rettet(&mut self, ut: bool) {
        self.sak("folkeregistermyndigheten", "Patch");
        let sted = Tekst::tilpass(land(self.et_land()).sted);
        if ut
            && korriger!(self, utflytting, Utflytting, |u| u.tilflyttingssted_i_utlandet = Some(sted.clone()))
        {
            self.meld(Hendelsestype::EndringIUtflytting);
        } else if !ut
            && korriger!(self, innflytting, Innflytting, |i| i.fraflyttingssted_i_utlandet = Some(sted))
        {
            self.meld(Hendelsestype::EndringIInnflytting);
        }
    }
}
