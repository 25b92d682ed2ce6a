//! What several messages have in common: names, addresses, identity papers, and their form in the register (producer
//! sheet, section 4.4).

use folkeregisteret::modell::{
    Adressegradering, Adressenummer, Egenskap, Entitet, Entitetsendring, Folkeregisterpersonnavn, Husbokstav,
    Husnummer, Identifikasjonsdokument, InternasjonalAdresse, Kjoenn, Liste, Matrikkeladresse,
    Matrikkelnummer, Navnedel, Personidentifikasjon, Personnavn, PostadresseIFrittFormat, Postboksadresse,
    Poststed, Tekst, Vegadresse, VegadresseForPost,
};
use identifikator::{Kommunenummer, Landkode, LandkodeAlfa3, Postnummer};
use kodeverk::landkoder;
use serde::Deserialize;
use tid::Date;

use crate::sak::{Gang, P};

/// A name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Navn {
    pub fornavn: String,
    pub mellomnavn: Option<String>,
    pub etternavn: String,
}

impl Navn {
    pub fn som_personnavn(&self) -> Personnavn {
        Personnavn {
            fornavn: Navnedel::tilpass(self.fornavn.clone()),
            mellomnavn: self.mellomnavn.clone().map(Navnedel::tilpass),
            etternavn: Navnedel::tilpass(self.etternavn.clone()),
        }
    }

    /// No part is longer than the register holds (rule R8).
    pub fn passer(&self) -> bool {
        let deler = [Some(&self.fornavn), self.mellomnavn.as_ref(), Some(&self.etternavn)];
        deler.into_iter().flatten().all(|del| del.chars().count() <= 200)
    }

    /// For comparison: capitals, blanks and hyphens as one blank.
    pub fn normalisert(&self) -> String {
        let deler = [Some(&self.fornavn), self.mellomnavn.as_ref(), Some(&self.etternavn)];
        normalisert(deler.into_iter().flatten().map(String::as_str))
    }

    /// As the register holds it.
    pub fn innslag(&self, gang: &Gang<'_, '_>) -> Folkeregisterpersonnavn {
        let navn = self.som_personnavn();
        let helt =
            format!("{} {} {}", self.etternavn, self.fornavn, self.mellomnavn.as_deref().unwrap_or(""));
        let forkortet: String = helt.trim_end().chars().take(40).collect();
        Folkeregisterpersonnavn {
            meta: gang.u.meta(),
            fornavn: navn.fornavn,
            mellomnavn: navn.mellomnavn,
            etternavn: navn.etternavn,
            forkortet_navn: Some(Tekst::tilpass(forkortet)),
            originalt_navn: None,
        }
    }
}

/// For comparison: capitals, blanks and hyphens as one blank.
pub(super) fn normalisert<'a>(deler: impl Iterator<Item = &'a str>) -> String {
    let ord = deler.flat_map(|del| del.split([' ', '-'])).filter(|ord| !ord.is_empty());
    ord.map(str::to_uppercase).collect::<Vec<_>>().join(" ")
}

/// The current name of a person, for comparison.
pub(super) fn navn_i_registeret(gang: &Gang<'_, '_>, p: P) -> Option<String> {
    let navn = crate::sak::gjeldende(&gang.u.dok(p).navn)?;
    let deler = [Some(&navn.fornavn), navn.mellomnavn.as_ref(), Some(&navn.etternavn)];
    Some(normalisert(deler.into_iter().flatten().map(|del| &**del)))
}

pub(super) fn alfa3(kode: &str) -> LandkodeAlfa3 {
    LandkodeAlfa3::parse(kode).unwrap_or(LandkodeAlfa3::UKJENT)
}

/// The two letters that addresses have: unknown is `YY`.
fn alfa2(kode: &str) -> Landkode {
    let land = landkoder::alle().iter().find(|land| land.alfa3 == kode).map_or("YY", |land| land.landkode);
    Landkode::parse(land).unwrap_or(Landkode::NORGE)
}

pub(super) fn kjoenn(kode: &str) -> Option<Kjoenn> {
    Kjoenn::av_kode(kode)
}

/// How protected a new address is.
pub(super) fn gradering(gang: &Gang<'_, '_>, p: P, klientadresse: bool) -> Adressegradering {
    let vern = crate::sak::gjeldende(&gang.u.dok(p).adressebeskyttelse).map(|v| v.graderingsnivaa);
    match vern {
        Some(vern) if vern >= Adressegradering::Fortrolig => vern,
        _ if klientadresse => Adressegradering::Klientadresse,
        _ => Adressegradering::Ugradert,
    }
}

fn tekst(t: Option<&String>) -> Option<Tekst> {
    t.map(|t| Tekst::tilpass(t.clone()))
}

/// A house.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Hus {
    husnummer: String,
    husbokstav: Option<String>,
}

impl Hus {
    fn innslag(&self) -> Option<Adressenummer> {
        let bokstav = self.husbokstav.as_ref().and_then(|b| b.chars().next());
        let husnummer = self.husnummer.parse().ok().and_then(Husnummer::ny)?;
        Some(Adressenummer { husnummer, husbokstav: bokstav.and_then(Husbokstav::ny) })
    }
}

/// A postal town.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Sted {
    poststedsnavn: String,
    postnummer: String,
}

impl Sted {
    fn innslag(&self) -> Poststed {
        Poststed {
            poststedsnavn: Some(Tekst::tilpass(self.poststedsnavn.clone())),
            postnummer: Postnummer::parse(&self.postnummer).ok(),
        }
    }

    /// The municipality that the postal code is in.
    fn kommune(&self) -> Option<Kommunenummer> {
        let sted = kodeverk::postnummer::finn(&self.postnummer)?;
        Kommunenummer::parse(sted.kommunenummer).ok()
    }
}

/// An address on a road, in any of the contracts.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Vei {
    co_adressenavn: Option<String>,
    adressenavn: String,
    adressenummer: Option<Hus>,
    bruksenhetsnummer: Option<String>,
    poststed: Sted,
    adressekode: Option<String>,
    adressetilleggsnavn: Option<String>,
    kommunenummer: Option<String>,
}

impl Vei {
    /// As somebody's home or place of stay; `None` if the municipality cannot be told.
    pub fn innslag(&self) -> Option<Vegadresse> {
        let oppgitt = self.kommunenummer.as_ref().and_then(|k| Kommunenummer::parse(k).ok());
        Some(Vegadresse {
            kommunenummer: oppgitt.or_else(|| self.poststed.kommune())?,
            bruksenhetsnummer: tekst(self.bruksenhetsnummer.as_ref()),
            bruksenhetstype: None,
            adressenavn: Tekst::tilpass(self.adressenavn.clone()),
            adressenummer: self.adressenummer.as_ref().and_then(Hus::innslag),
            adressekode: tekst(self.adressekode.as_ref()),
            adressetilleggsnavn: tekst(self.adressetilleggsnavn.as_ref()),
            poststed: Some(self.poststed.innslag()),
            co_adressenavn: tekst(self.co_adressenavn.as_ref()),
        })
    }

    pub fn for_post(&self) -> VegadresseForPost {
        VegadresseForPost {
            co_adressenavn: tekst(self.co_adressenavn.as_ref()),
            adressenavn: Some(Tekst::tilpass(self.adressenavn.clone())),
            adressenummer: self.adressenummer.as_ref().and_then(Hus::innslag),
            poststed: Some(self.poststed.innslag()),
            adressekode: tekst(self.adressekode.as_ref()),
            adressetilleggsnavn: tekst(self.adressetilleggsnavn.as_ref()),
            bruksenhetsnummer: tekst(self.bruksenhetsnummer.as_ref()),
        }
    }

    /// A street address must have a house number (section 4.4).
    pub const fn har_husnummer(&self) -> bool {
        self.adressenummer.is_some()
    }
}

/// An address in the cadastre.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Gaard {
    #[serde(alias = "matrikkeladressenavn")]
    adressetilleggsnavn: Option<String>,
    co_adressenavn: Option<String>,
    bruksenhetsnummer: Option<String>,
    matrikkelnummer: Matrikkel,
    undernummer: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
struct Matrikkel {
    kommunenummer: String,
    gaardsnummer: i64,
    bruksnummer: i64,
    festenummer: Option<i64>,
}

impl Gaard {
    pub fn innslag(&self) -> Option<Matrikkeladresse> {
        let nummer = &self.matrikkelnummer;
        Some(Matrikkeladresse {
            bruksenhetsnummer: tekst(self.bruksenhetsnummer.as_ref()),
            bruksenhetstype: None,
            matrikkelnummer: Matrikkelnummer {
                kommunenummer: Kommunenummer::parse(&nummer.kommunenummer).ok()?,
                gaardsnummer: nummer.gaardsnummer,
                bruksnummer: nummer.bruksnummer,
                festenummer: nummer.festenummer,
            },
            undernummer: self.undernummer,
            adressetilleggsnavn: tekst(self.adressetilleggsnavn.as_ref()),
            poststed: None,
            co_adressenavn: tekst(self.co_adressenavn.as_ref()),
        })
    }

    /// As a postal address: the register's has no place for a number in the cadastre.
    pub fn i_linjer(&self) -> PostadresseIFrittFormat {
        let n = &self.matrikkelnummer;
        let nummer = format!("{}-{}/{}", n.kommunenummer, n.gaardsnummer, n.bruksnummer);
        let linjer = [self.co_adressenavn.clone(), self.adressetilleggsnavn.clone(), Some(nummer)];
        let linjer: Vec<Tekst> = linjer.into_iter().flatten().map(Tekst::tilpass).collect();
        PostadresseIFrittFormat { adresselinje: Liste::try_from(linjer).unwrap_or_default(), poststed: None }
    }
}

/// A post office box.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Boks {
    postbokseier: Option<String>,
    postboks: String,
    poststed: Sted,
}

impl Boks {
    pub fn innslag(&self) -> Postboksadresse {
        Postboksadresse {
            postbokseier: tekst(self.postbokseier.as_ref()),
            postboks: Tekst::tilpass(self.postboks.clone()),
            poststed: Some(self.poststed.innslag()),
        }
    }
}

/// An address abroad, in any of the contracts.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Utland {
    co_adressenavn: Option<String>,
    adressenavn: Option<String>,
    bygning: Option<String>,
    etasjenummer: Option<String>,
    boenhet: Option<String>,
    postboks: Option<String>,
    postkode: Option<String>,
    by_eller_stedsnavn: Option<String>,
    distriktsnavn: Option<String>,
    region: Option<String>,
    #[serde(default)]
    administrativ_enhet: Vec<String>,
    landkode: String,
}

impl Utland {
    pub fn innslag(&self) -> InternasjonalAdresse {
        let enheter = (!self.administrativ_enhet.is_empty()).then(|| self.administrativ_enhet.join(", "));
        InternasjonalAdresse {
            co_adressenavn: tekst(self.co_adressenavn.as_ref()),
            adressenavn: tekst(self.adressenavn.as_ref()),
            bygning: tekst(self.bygning.as_ref()),
            etasjenummer: tekst(self.etasjenummer.as_ref()),
            boenhet: tekst(self.boenhet.as_ref()),
            postboks: tekst(self.postboks.as_ref()),
            postkode: tekst(self.postkode.as_ref()),
            by_eller_stedsnavn: tekst(self.by_eller_stedsnavn.as_ref()),
            distriktsnavn: tekst(self.distriktsnavn.as_ref()),
            region: tekst(self.region.as_ref().or(enheter.as_ref())),
            landkode: alfa2(&self.landkode),
        }
    }
}

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

/// A number that others have given the person.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct AnnetNummer {
    pub identifikasjonsnummer: String,
    pub identifikasjonsnummertype: String,
    pub utstederland: String,
}

/// The type of number that is kept apart: that of the immigration authorities.
pub(super) const DUF: &str = "utlendingsmyndighetenesIdentifikasjonsnummer";

impl AnnetNummer {
    pub fn er_duf(&self) -> bool {
        self.identifikasjonsnummertype == DUF
    }

    fn innslag(&self, gang: &Gang<'_, '_>) -> Personidentifikasjon {
        Personidentifikasjon {
            meta: gang.u.meta(),
            identifikasjonsnummer: Tekst::tilpass(self.identifikasjonsnummer.clone()),
            identifikasjonsnummertype: Tekst::tilpass(self.identifikasjonsnummertype.clone()),
            utstederland: alfa3(&self.utstederland),
        }
    }

    /// Enters it in its list. These have no history: they are there or gone (C8).
    pub fn registrer(&self, gang: &mut Gang<'_, '_>, p: P, endring: Entitetsendring) {
        let ny = self.innslag(gang);
        let mut fortalt = ny.clone();
        fortalt.meta.er_gjeldende = None;
        let dok = gang.u.dok_mut(p);
        let (felt, entitet, egenskap) = if self.er_duf() {
            let felt = &mut dok.utlendingsmyndighetenes_identifikasjonsnummer;
            let egenskap = Egenskap::UtlendingsmyndighetenesIdentifikasjonsnummer(fortalt);
            (felt, Entitet::UtlendingsmyndighetenesIdentifikasjonsnummer, egenskap)
        } else {
            let felt = &mut dok.utenlandsk_personidentifikasjon;
            let egenskap = Egenskap::UtenlandskPersonidentifikasjon(fortalt);
            (felt, Entitet::UtenlandskPersonidentifikasjon, egenskap)
        };
        if endring == Entitetsendring::Korrigere {
            felt.retain(|v| {
                v.identifikasjonsnummertype != ny.identifikasjonsnummertype
                    || v.utstederland != ny.utstederland
            });
        }
        felt.insert(0, ny);
        gang.u.endret(p, entitet, endring, Some(egenskap));
    }

    /// Takes it out of its list. Tells whether it was there.
    pub fn fjern(&self, gang: &mut Gang<'_, '_>, p: P) -> bool {
        let dok = gang.u.dok_mut(p);
        let (felt, entitet) = if self.er_duf() {
            let felt = &mut dok.utlendingsmyndighetenes_identifikasjonsnummer;
            (felt, Entitet::UtlendingsmyndighetenesIdentifikasjonsnummer)
        } else {
            (&mut dok.utenlandsk_personidentifikasjon, Entitet::UtenlandskPersonidentifikasjon)
        };
        let foer = felt.len();
        felt.retain(|v| {
            *v.identifikasjonsnummer != *self.identifikasjonsnummer
                || *v.utstederland.as_str() != *self.utstederland
        });
        let fjernet = felt.len() < foer;
        if fjernet {
            gang.u.endret(p, entitet, Entitetsendring::Annullere, None);
        }
        fjernet
    }
}

/// The number of the immigration authorities that a person has.
pub(super) fn duf_av(gang: &Gang<'_, '_>, p: P) -> Option<String> {
    let numre = &gang.u.dok(p).utlendingsmyndighetenes_identifikasjonsnummer;
    numre.first().map(|n| n.identifikasjonsnummer.to_string())
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
    pub fn registrer(&self, gang: &mut Gang<'_, '_>, p: P) {
        let ny = Identifikasjonsdokument {
            meta: gang.u.meta(),
            identifikasjonsdokumentnummer: tekst(self.identifikasjonsdokumentnummer.as_ref()),
            identifikasjonsdokumenttype: Tekst::tilpass(self.identifikasjonsdokumenttype.clone()),
            utstederland: alfa3(&self.utstederland),
            utstedernavn: tekst(self.utstedernavn.as_ref()),
            gyldig_fra: self.gyldig_fra,
            gyldig_til: self.gyldig_til,
            dokumentkontroll: None,
        };
        gang.u.registrer(p, ny, |_: &Identifikasjonsdokument| false);
    }
}
