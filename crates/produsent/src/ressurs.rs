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

/// `kontrakt navn "TYPE" Slag Tilbakemelding sakstype (skal, skalIkke) (gjort, ikke gjort) aarsak vedlegg;`
macro_rules! ressurser {
    ($( $navn:literal $type_:literal $slag:ident $tilbake:ident $sakstype:literal
        $skal:literal $ikke:literal $gjort:literal $avslag:literal $aarsak:literal $vedlegg:literal; )*) => {
        /// Every resource.
        pub static RESSURSER: &[Ressurs] = &[$( Ressurs {
            navn: $navn,
            alias: alias($navn),
            meldingstype: $type_,
            slag: Slag::$slag,
            tilbakemelding: Tilbakemeldingskontrakt::$tilbake,
            sakstype: $sakstype,
            resultat: ($skal, $ikke),
            beskrivelse: ($gjort, $avslag),
            aarsak: $aarsak,
            har_vedlegg: $vedlegg,
            eksempel: include_str!(concat!("../eksempler/", $navn, ".xml")),
            tekst: include_str!(concat!("../kontrakter/", $navn, ".txt")),
        } ),*];
    };
}

ressurser! {
    "doedsfall_v1" "DOEDSFALL_V1" Doedsfall Folkeregistrering "doedsfall"
        "skalRegistrereDoedsfall" "skalIkkeRegistrereDoedsfall"
        "Dødsfallet er registrert" "Dødsfallet er ikke registrert" "Dødsfall" true;
    "annullering_av_doedsfall_v1" "ANNULLERING_AV_DOEDSFALL_V1" AnnulleringAvDoedsfall Folkeregistrering
        "annulleringAvDoedsfall" "skalAnnullereDoedsfall" "skalIkkeAnnullereDoedsfall"
        "Dødsfallet er annullert" "Dødsfallet er ikke annullert" "Annullering av dødsfall" false;
    "foedsel_v1" "FOEDSEL_V1" Foedsel Folkeregistrering "foedsel"
        "skalOpprettePerson" "skalIkkeOpprettePerson"
        "Barnet er registrert" "Barnet er ikke registrert" "Fødsel" true;
    "vigsel_v1" "VIGSEL_V1" Vigsel Folkeregistrering "vigsel"
        "skalRegistrereVigsel" "skalIkkeRegistrereVigsel"
        "Vigselen er registrert" "Vigselen er ikke registrert" "Vigsel" true;
    "separasjon_v1" "SEPARASJON_V1" Separasjon Folkeregistrering "separasjon"
        "skalRegistrereSeparasjon" "skalIkkeRegistrereSeparasjon"
        "Separasjonen er registrert" "Separasjonen er ikke registrert" "Separasjon" false;
    "skilsmisse_v1" "SKILSMISSE_V1" Skilsmisse Folkeregistrering "skilsmisse"
        "skalRegistrereSkilsmisse" "skalIkkeRegistrereSkilsmisse"
        "Skilsmissen er registrert" "Skilsmissen er ikke registrert" "Skilsmisse" false;
    "farskap_v1" "FARSKAP_V1" Farskap Folkeregistrering "farskap"
        "skalRegistrereFarskap" "skalIkkeRegistrereFarskap"
        "Farskapet er registrert" "Farskapet er ikke registrert" "Farskap" true;
    "innflytting_v1" "INNFLYTTING_V1" Innflytting Folkeregistrering "innflytting"
        "skalRegistrereInnflytting" "skalIkkeRegistrereInnflytting"
        "Innflyttingen er registrert" "Innflyttingen er ikke registrert" "Innflytting" true;
    "flyttemelding_fra_posten_v1" "FLYTTEMELDING_FRA_POSTEN_V1" FlyttemeldingFraPosten Ingen
        "flyttemeldingFraPosten" "skalRegistrereFlytting" "skalIkkeRegistrereFlytting"
        "Flyttingen er registrert" "Flyttingen er ikke registrert" "Flytting innenlands" false;
    "fnr_endring_v1" "FNR_ENDRING_V1" FnrEndring Folkeregistrering "endringAvPersonMedFoedselsnummer"
        "skalEndre" "skalIkkeEndre"
        "Opplysningene er endret" "Opplysningene er ikke endret" "Endring av personopplysninger" true;
    "endring_av_dnummerperson_v2" "ENDRING_AV_DNUMMERPERSON_V2" EndringAvDNummerPerson EndringAvDNummerPerson
        "endringAvPersonMedDNummer" "skalEndrePersoninformasjon" "skalIkkeEndrePersoninformasjon"
        "Opplysningene er endret" "Opplysningene er ikke endret" "Endring av personopplysninger" false;
    "endring_av_dnummerperson_v3" "ENDRING_AV_DNUMMERPERSON_V3" EndringAvDNummerPerson EndringAvDNummerPerson
        "endringAvPersonMedDNummer" "skalEndrePersoninformasjon" "skalIkkeEndrePersoninformasjon"
        "Opplysningene er endret" "Opplysningene er ikke endret" "Endring av personopplysninger" false;
    "rekvisisjon_av_dnummer_v4" "D_NUMMER_REKVISISJON_V4" RekvisisjonAvDNummer Rekvisisjon
        "rekvisisjonAvDNummer" "skalTildeleDNummer" "skalIkkeTildeleDNummer"
        "D-nummer er tildelt" "D-nummer er ikke tildelt" "Tildeling av d-nummer" true;
    "rekvisisjon_av_dnummer_v5" "D_NUMMER_REKVISISJON_V5" RekvisisjonAvDNummer Rekvisisjon
        "rekvisisjonAvDNummer" "skalTildeleDNummer" "skalIkkeTildeleDNummer"
        "D-nummer er tildelt" "D-nummer er ikke tildelt" "Tildeling av d-nummer" true;
    "kontaktopplysninger_doedsbo_v1" "KONTAKTOPPLYSNINGER_DOEDSBO_V1" KontaktopplysningerDoedsbo
        Folkeregistrering "kontaktopplysningerForDoedsbo"
        "skalRegistrereKontaktopplysninger" "skalIkkeRegistrereKontaktopplysninger"
        "Kontaktopplysningene er registrert" "Kontaktopplysningene er ikke registrert"
        "Kontaktopplysninger for dødsbo" false;
}

/// The only known client of the paternity resource posts to another name than the documented one (section 3.1).
const fn alias(navn: &str) -> Option<&'static str> {
    if matches!(navn.as_bytes(), b"farskap_v1") { Some("registrering_av_farskap_v1") } else { None }
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
