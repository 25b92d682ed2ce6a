//! What an identity rests on: numbers that others gave, and documents. They have no history: they are there or gone (C8).

use folkeregisteret::modell::{
    Egenskap, Entitet, Entitetsendring, Identifikasjonsdokument, Persondokument, Personidentifikasjon, Tekst,
};
use identifikator::LandkodeAlfa3;
use serde::Deserialize;
use tid::Date;

use super::felles::{alfa3, tekst};
use super::verb::Verb;
use crate::sak::{Gang, P};

/// What an identity rests on.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Identifikasjon {
    #[serde(default)]
    pub identifikasjonsdokument_mangler: bool,
    pub personidentifikasjon: Option<AnnetNummer>,
    pub dokumentgrunnlag: Option<Legitimasjon>,
    pub identitetsbekreftelse: Option<Bekreftelse>,
}

/// Somebody vouches for the identity.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bekreftelse {
    pub identitet_er_bekreftet: bool,
}

/// Enters all that is not there.
pub(super) fn papirer(gang: &mut Gang<'_, '_>, p: P, identifikasjoner: &[Identifikasjon]) {
    for i in identifikasjoner {
        if let Some(nummer) = &i.personidentifikasjon {
            nummer.utfoer(gang, p, Verb::Endre);
        }
        if let Some(dokument) = &i.dokumentgrunnlag {
            dokument.registrer(gang, p);
        }
    }
}

/// A number that others have given the person.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct AnnetNummer {
    pub identifikasjonsnummer: String,
    pub identifikasjonsnummertype: String,
    pub utstederland: String,
}

/// The type of number that is kept apart: that of the immigration authorities.
const DUF: &str = "utlendingsmyndighetenesIdentifikasjonsnummer";

/// The form in which foreign numbers are compared.
fn sammenlignet(nummer: &str) -> String {
    nummer.trim().to_uppercase()
}

/// Whether two numbers are the same.
pub(super) fn samme_nummer(a: &str, b: &str) -> bool {
    sammenlignet(a) == sammenlignet(b)
}

impl AnnetNummer {
    pub fn er_duf(&self) -> bool {
        self.identifikasjonsnummertype == DUF
    }

    pub fn land(&self) -> LandkodeAlfa3 {
        alfa3(&self.utstederland)
    }

    fn er(&self, v: &Personidentifikasjon) -> bool {
        samme_nummer(&v.identifikasjonsnummer, &self.identifikasjonsnummer)
            && (self.er_duf() || v.utstederland == self.land())
    }

    fn er_av_samme_slag(&self, v: &Personidentifikasjon) -> bool {
        *v.identifikasjonsnummertype == *self.identifikasjonsnummertype && v.utstederland == self.land()
    }

    /// Whether a person has it.
    pub fn har(&self, dok: &Persondokument) -> bool {
        let felt = if self.er_duf() {
            &dok.utlendingsmyndighetenes_identifikasjonsnummer
        } else {
            &dok.utenlandsk_personidentifikasjon
        };
        felt.iter().any(|v| self.er(v))
    }

    /// Does with it in its list what the verb says. Tells whether anything was done.
    pub fn utfoer(&self, gang: &mut Gang<'_, '_>, p: P, verb: Verb) -> bool {
        if self.har(gang.u.dok(p)) == (verb == Verb::Endre) && verb != Verb::Korrigere {
            return false;
        }
        let ny = Personidentifikasjon {
            meta: gang.u.meta(),
            identifikasjonsnummer: Tekst::tilpass(self.identifikasjonsnummer.clone()),
            identifikasjonsnummertype: Tekst::tilpass(self.identifikasjonsnummertype.clone()),
            utstederland: self.land(),
        };
        let (entitet, egenskap) = self.fortalt(ny.clone());
        let dok = gang.u.dok_mut(p);
        let felt = if self.er_duf() {
            &mut dok.utlendingsmyndighetenes_identifikasjonsnummer
        } else {
            &mut dok.utenlandsk_personidentifikasjon
        };
        let (endring, egenskap) = match verb {
            Verb::Endre => (Entitetsendring::RegistrereNy, Some(egenskap)),
            Verb::Korrigere => (Entitetsendring::Korrigere, Some(egenskap)),
            Verb::Opphoere | Verb::Annullere => (Entitetsendring::Annullere, None),
        };
        if verb.tar_bort() {
            felt.retain(|v| !self.er(v));
        } else {
            felt.retain(|v| verb != Verb::Korrigere || !self.er_av_samme_slag(v));
            felt.insert(0, ny);
        }
        gang.u.endret(p, entitet, endring, egenskap);
        true
    }

    fn fortalt(&self, mut v: Personidentifikasjon) -> (Entitet, Egenskap) {
        v.meta.er_gjeldende = None;
        if self.er_duf() {
            let entitet = Entitet::UtlendingsmyndighetenesIdentifikasjonsnummer;
            (entitet, Egenskap::UtlendingsmyndighetenesIdentifikasjonsnummer(v))
        } else {
            (Entitet::UtenlandskPersonidentifikasjon, Egenskap::UtenlandskPersonidentifikasjon(v))
        }
    }
}

/// Whether a person is registered with another number of the immigration authorities, and not with this one.
pub(super) fn har_annet_duf(gang: &Gang<'_, '_>, p: P, oppgitt: Option<&str>) -> bool {
    let numre = &gang.u.dok(p).utlendingsmyndighetenes_identifikasjonsnummer;
    let er = |oppgitt: &str| numre.iter().any(|n| samme_nummer(&n.identifikasjonsnummer, oppgitt));
    oppgitt.is_some_and(|oppgitt| !numre.is_empty() && !er(oppgitt))
}

/// An identity document.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Legitimasjon {
    pub identifikasjonsdokumentnummer: Option<String>,
    pub identifikasjonsdokumenttype: String,
    pub utstedernavn: Option<String>,
    pub utstederland: String,
    pub gyldig_fra: Option<Date>,
    pub gyldig_til: Option<Date>,
}

impl Legitimasjon {
    pub fn land(&self) -> LandkodeAlfa3 {
        alfa3(&self.utstederland)
    }

    /// Whether a person has a document with its number.
    pub fn har(&self, dok: &Persondokument) -> bool {
        let Some(nummer) = &self.identifikasjonsdokumentnummer else { return false };
        dok.legitimasjonsdokument.iter().any(|d| {
            let likt = d.identifikasjonsdokumentnummer.as_ref().is_some_and(|n| samme_nummer(n, nummer));
            likt && d.utstederland == self.land()
        })
    }

    /// Enters it, unless it is there as it is.
    fn registrer(&self, gang: &mut Gang<'_, '_>, p: P) {
        let ny = Identifikasjonsdokument {
            meta: gang.u.meta(),
            identifikasjonsdokumentnummer: tekst(self.identifikasjonsdokumentnummer.as_ref()),
            identifikasjonsdokumenttype: Tekst::tilpass(self.identifikasjonsdokumenttype.clone()),
            utstederland: self.land(),
            utstedernavn: tekst(self.utstedernavn.as_ref()),
            gyldig_fra: self.gyldig_fra,
            gyldig_til: self.gyldig_til,
            dokumentkontroll: None,
        };
        let er = |d: &Identifikasjonsdokument| {
            let (meta, dokumentkontroll) = (ny.meta.clone(), None);
            Identifikasjonsdokument { meta, dokumentkontroll, ..d.clone() } == ny
        };
        if !gang.u.dok(p).legitimasjonsdokument.iter().any(er) {
            gang.u.registrer(p, ny, |_: &Identifikasjonsdokument| false);
        }
    }
}
