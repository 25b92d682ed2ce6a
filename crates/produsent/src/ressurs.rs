//! The resources that messages are posted to: one table (producer sheet, sections 3.1 and 5.3).

use serde_json::Value;

use crate::kontrakt::{Kontrakt, UgyldigKontrakt};

/// What is told back of a case, and in which contract (section 7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tilbakemeldingskontrakt {
    /// Nothing, ever.
    Ingen,
    /// `HendelserISakOmFolkeregistrering` 1.0.
    Folkeregistrering,
    /// `HendelserISakOmDNummerRekvisisjon` 3.0.
    Rekvisisjon,
    /// `HendelserISakOmEndringAvDNummerPerson` 1.0; what goes to somebody's desk is told as
    /// [`Self::Folkeregistrering`].
    EndringAvDNummerPerson,
}

impl Tilbakemeldingskontrakt {
    /// Those in which something is told.
    pub const ALLE: [Self; 3] = [Self::Folkeregistrering, Self::Rekvisisjon, Self::EndringAvDNummerPerson];

    /// What it is called; nothing if nothing is told in it.
    pub const fn navn(self) -> Option<&'static str> {
        match self {
            Self::Ingen => None,
            Self::Folkeregistrering => Some("hendelse_i_sak_om_folkeregistrering_v1"),
            Self::Rekvisisjon => Some("hendelse_i_sak_om_tildeling_av_dnummer_v3"),
            Self::EndringAvDNummerPerson => Some("hendelse_i_sak_om_endring_av_dnummerperson_v1"),
        }
    }

    /// The contract, read; nothing if nothing is told in it.
    ///
    /// # Errors
    /// When the contract's text cannot be understood.
    pub fn kontrakt(self) -> Result<Option<Kontrakt>, UgyldigKontrakt> {
        let tekst = match self {
            Self::Ingen => return Ok(None),
            Self::Folkeregistrering => {
                include_str!("../kontrakter/hendelse_i_sak_om_folkeregistrering_v1.txt")
            }
            Self::Rekvisisjon => include_str!("../kontrakter/hendelse_i_sak_om_tildeling_av_dnummer_v3.txt"),
            Self::EndringAvDNummerPerson => {
                include_str!("../kontrakter/hendelse_i_sak_om_endring_av_dnummerperson_v1.txt")
            }
        };
        Kontrakt::les(tekst).map(Some)
    }
}

/// What a message is about: which rules its case follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the resources' own words")]
pub enum Slag {
    Doedsfall,
    AnnulleringAvDoedsfall,
    Foedsel,
    Vigsel,
    Separasjon,
    Skilsmisse,
    Farskap,
    Innflytting,
    FlyttemeldingFraPosten,
    FnrEndring,
    EndringAvDNummerPerson,
    RekvisisjonAvDNummer,
    KontaktopplysningerDoedsbo,
}

/// A resource.
#[derive(Debug)]
pub struct Ressurs {
    /// Its name in the address.
    pub navn: &'static str,
    /// Another name that it is served under.
    pub alias: Option<&'static str>,
    /// What the 403 text calls the message type.
    pub meldingstype: &'static str,
    /// Which rules.
    pub slag: Slag,
    /// What is told back.
    pub tilbakemelding: Tilbakemeldingskontrakt,
    /// `sakstype` in the feed.
    pub sakstype: &'static str,
    /// `resultatkode` of success and refusal.
    pub resultat: (&'static str, &'static str),
    /// `resultatbeskrivelse` of success and refusal.
    pub beskrivelse: (&'static str, &'static str),
    /// `aarsak` in the register's metadata (section 10.3).
    pub aarsak: &'static str,
    /// Whether the contract has attachments.
    pub har_vedlegg: bool,
    /// A message that is valid.
    pub eksempel: &'static str,
    tekst: &'static str,
}

/// A resource for each name: the rest of its fields, and the contract and the example that have its name.
macro_rules! ressurser {
    ($( $navn:literal => { $($felt:ident: $verdi:expr,)* } )*) => {
        /// Every resource.
        pub static RESSURSER: &[Ressurs] = &[$( Ressurs {
            navn: $navn,
            $($felt: $verdi,)*
            eksempel: include_str!(concat!("../eksempler/", $navn, ".xml")),
            tekst: include_str!(concat!("../kontrakter/", $navn, ".txt")),
        } ),*];
    };
}

// The only known client of the paternity resource posts to another name than the documented one (section 3.1).
ressurser! {
    "doedsfall_v1" => {
        alias: None,
        meldingstype: "DOEDSFALL_V1",
        slag: Slag::Doedsfall,
        tilbakemelding: Tilbakemeldingskontrakt::Folkeregistrering,
        sakstype: "doedsfall",
        resultat: ("skalRegistrereDoedsfall", "skalIkkeRegistrereDoedsfall"),
        beskrivelse: ("Dødsfallet er registrert", "Dødsfallet er ikke registrert"),
        aarsak: "Dødsfall",
        har_vedlegg: true,
    }
    "annullering_av_doedsfall_v1" => {
        alias: None,
        meldingstype: "ANNULLERING_AV_DOEDSFALL_V1",
        slag: Slag::AnnulleringAvDoedsfall,
        tilbakemelding: Tilbakemeldingskontrakt::Folkeregistrering,
        sakstype: "annulleringAvDoedsfall",
        resultat: ("skalAnnullereDoedsfall", "skalIkkeAnnullereDoedsfall"),
        beskrivelse: ("Dødsfallet er annullert", "Dødsfallet er ikke annullert"),
        aarsak: "Annullering av dødsfall",
        har_vedlegg: false,
    }
    "foedsel_v1" => {
        alias: None,
        meldingstype: "FOEDSEL_V1",
        slag: Slag::Foedsel,
        tilbakemelding: Tilbakemeldingskontrakt::Folkeregistrering,
        sakstype: "foedsel",
        resultat: ("skalOpprettePerson", "skalIkkeOpprettePerson"),
        beskrivelse: ("Barnet er registrert", "Barnet er ikke registrert"),
        aarsak: "Fødsel",
        har_vedlegg: true,
    }
    "vigsel_v1" => {
        alias: None,
        meldingstype: "VIGSEL_V1",
        slag: Slag::Vigsel,
        tilbakemelding: Tilbakemeldingskontrakt::Folkeregistrering,
        sakstype: "vigsel",
        resultat: ("skalRegistrereVigsel", "skalIkkeRegistrereVigsel"),
        beskrivelse: ("Vigselen er registrert", "Vigselen er ikke registrert"),
        aarsak: "Vigsel",
        har_vedlegg: true,
    }
    "separasjon_v1" => {
        alias: None,
        meldingstype: "SEPARASJON_V1",
        slag: Slag::Separasjon,
        tilbakemelding: Tilbakemeldingskontrakt::Folkeregistrering,
        sakstype: "separasjon",
        resultat: ("skalRegistrereSeparasjon", "skalIkkeRegistrereSeparasjon"),
        beskrivelse: ("Separasjonen er registrert", "Separasjonen er ikke registrert"),
        aarsak: "Separasjon",
        har_vedlegg: false,
    }
    "skilsmisse_v1" => {
        alias: None,
        meldingstype: "SKILSMISSE_V1",
        slag: Slag::Skilsmisse,
        tilbakemelding: Tilbakemeldingskontrakt::Folkeregistrering,
        sakstype: "skilsmisse",
        resultat: ("skalRegistrereSkilsmisse", "skalIkkeRegistrereSkilsmisse"),
        beskrivelse: ("Skilsmissen er registrert", "Skilsmissen er ikke registrert"),
        aarsak: "Skilsmisse",
        har_vedlegg: false,
    }
    "farskap_v1" => {
        alias: Some("registrering_av_farskap_v1"),
        meldingstype: "FARSKAP_V1",
        slag: Slag::Farskap,
        tilbakemelding: Tilbakemeldingskontrakt::Folkeregistrering,
        sakstype: "farskap",
        resultat: ("skalRegistrereFarskap", "skalIkkeRegistrereFarskap"),
        beskrivelse: ("Farskapet er registrert", "Farskapet er ikke registrert"),
        aarsak: "Farskap",
        har_vedlegg: true,
    }
    "innflytting_v1" => {
        alias: None,
        meldingstype: "INNFLYTTING_V1",
        slag: Slag::Innflytting,
        tilbakemelding: Tilbakemeldingskontrakt::Folkeregistrering,
        sakstype: "innflytting",
        resultat: ("skalRegistrereInnflytting", "skalIkkeRegistrereInnflytting"),
        beskrivelse: ("Innflyttingen er registrert", "Innflyttingen er ikke registrert"),
        aarsak: "Innflytting",
        har_vedlegg: true,
    }
    "flyttemelding_fra_posten_v1" => {
        alias: None,
        meldingstype: "FLYTTEMELDING_FRA_POSTEN_V1",
        slag: Slag::FlyttemeldingFraPosten,
        tilbakemelding: Tilbakemeldingskontrakt::Ingen,
        sakstype: "flyttemeldingFraPosten",
        resultat: ("skalRegistrereFlytting", "skalIkkeRegistrereFlytting"),
        beskrivelse: ("Flyttingen er registrert", "Flyttingen er ikke registrert"),
        aarsak: "Flytting innenlands",
        har_vedlegg: false,
    }
    "fnr_endring_v1" => {
        alias: None,
        meldingstype: "FNR_ENDRING_V1",
        slag: Slag::FnrEndring,
        tilbakemelding: Tilbakemeldingskontrakt::Folkeregistrering,
        sakstype: "endringAvPersonMedFoedselsnummer",
        resultat: ("skalEndre", "skalIkkeEndre"),
        beskrivelse: ("Opplysningene er endret", "Opplysningene er ikke endret"),
        aarsak: "Endring av personopplysninger",
        har_vedlegg: true,
    }
    "endring_av_dnummerperson_v2" => {
        alias: None,
        meldingstype: "ENDRING_AV_DNUMMERPERSON_V2",
        slag: Slag::EndringAvDNummerPerson,
        tilbakemelding: Tilbakemeldingskontrakt::EndringAvDNummerPerson,
        sakstype: "endringAvPersonMedDNummer",
        resultat: ("skalEndrePersoninformasjon", "skalIkkeEndrePersoninformasjon"),
        beskrivelse: ("Opplysningene er endret", "Opplysningene er ikke endret"),
        aarsak: "Endring av personopplysninger",
        har_vedlegg: false,
    }
    "endring_av_dnummerperson_v3" => {
        alias: None,
        meldingstype: "ENDRING_AV_DNUMMERPERSON_V3",
        slag: Slag::EndringAvDNummerPerson,
        tilbakemelding: Tilbakemeldingskontrakt::EndringAvDNummerPerson,
        sakstype: "endringAvPersonMedDNummer",
        resultat: ("skalEndrePersoninformasjon", "skalIkkeEndrePersoninformasjon"),
        beskrivelse: ("Opplysningene er endret", "Opplysningene er ikke endret"),
        aarsak: "Endring av personopplysninger",
        har_vedlegg: false,
    }
    "rekvisisjon_av_dnummer_v4" => {
        alias: None,
        meldingstype: "D_NUMMER_REKVISISJON_V4",
        slag: Slag::RekvisisjonAvDNummer,
        tilbakemelding: Tilbakemeldingskontrakt::Rekvisisjon,
        sakstype: "rekvisisjonAvDNummer",
        resultat: ("skalTildeleDNummer", "skalIkkeTildeleDNummer"),
        beskrivelse: ("D-nummer er tildelt", "D-nummer er ikke tildelt"),
        aarsak: "Tildeling av d-nummer",
        har_vedlegg: true,
    }
    "rekvisisjon_av_dnummer_v5" => {
        alias: None,
        meldingstype: "D_NUMMER_REKVISISJON_V5",
        slag: Slag::RekvisisjonAvDNummer,
        tilbakemelding: Tilbakemeldingskontrakt::Rekvisisjon,
        sakstype: "rekvisisjonAvDNummer",
        resultat: ("skalTildeleDNummer", "skalIkkeTildeleDNummer"),
        beskrivelse: ("D-nummer er tildelt", "D-nummer er ikke tildelt"),
        aarsak: "Tildeling av d-nummer",
        har_vedlegg: true,
    }
    "kontaktopplysninger_doedsbo_v1" => {
        alias: None,
        meldingstype: "KONTAKTOPPLYSNINGER_DOEDSBO_V1",
        slag: Slag::KontaktopplysningerDoedsbo,
        tilbakemelding: Tilbakemeldingskontrakt::Folkeregistrering,
        sakstype: "kontaktopplysningerForDoedsbo",
        resultat: ("skalRegistrereKontaktopplysninger", "skalIkkeRegistrereKontaktopplysninger"),
        beskrivelse: ("Kontaktopplysningene er registrert", "Kontaktopplysningene er ikke registrert"),
        aarsak: "Kontaktopplysninger for dødsbo",
        har_vedlegg: false,
    }
}

impl Ressurs {
    /// The resource of a name in an address; with whether it is the one for messages with attachments.
    pub fn av_navn(navn: &str) -> Option<(&'static Self, bool)> {
        let (navn, med_vedlegg) = match navn.strip_suffix(".vedlegg") {
            Some(navn) => (navn, true),
            None => (navn, false),
        };
        let ressurs = RESSURSER.iter().find(|r| r.navn == navn || r.alias == Some(navn))?;
        (!med_vedlegg || ressurs.har_vedlegg).then_some((ressurs, med_vedlegg))
    }

    /// `resultatkode` and `resultatbeskrivelse` of a refusal: those of changes tell what was asked for (section 5.3).
    pub fn avslag(&self, melding: &Value) -> (&'static str, &'static str) {
        let korrigere = melding["forespoersel"]["person"]["endringstype"] == "korrigere";
        if self.slag == Slag::FnrEndring && korrigere {
            return ("skalIkkeKorrigere", "Opplysningene er ikke korrigert");
        }
        (self.resultat.1, self.beskrivelse.1)
    }

    /// Every name that it is served under.
    pub fn adresser(&self) -> Vec<String> {
        let navn = [Some(self.navn), self.alias].into_iter().flatten();
        let alle = navn.flat_map(|navn| {
            let vedlegg = self.har_vedlegg.then(|| format!("{navn}.vedlegg"));
            [Some(navn.to_owned()), vedlegg].into_iter().flatten()
        });
        alle.collect()
    }

    /// Its contract, read.
    ///
    /// # Errors
    /// When the contract's text cannot be understood.
    pub fn kontrakt(&self) -> Result<Kontrakt, UgyldigKontrakt> {
        Kontrakt::les(self.tekst)
    }
}
