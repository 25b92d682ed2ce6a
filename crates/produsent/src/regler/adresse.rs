//! Addresses in the forms of the contracts, and as the register holds them (producer sheet, section 4.4).

use folkeregisteret::modell::{
    Adressegradering, Adressenummer, Bosted, Bostedsadresse, Husbokstav, Husnummer, InternasjonalAdresse,
    Kontaktadresse, KontaktadresseIUtlandet, Liste, Matrikkeladresse, Matrikkelnummer, Oppholdsadresse,
    Oppholdssted, PostadresseIFrittFormat, Postboksadresse, Poststed, Tekst, Vegadresse, VegadresseForPost,
};
use identifikator::{Kommunenummer, Landkode, Postnummer};
use kodeverk::landkoder;
use serde::Deserialize;
use tid::Date;

use super::felles::{normalisert, tekst};
use super::verb::Verb;
use crate::sak::{Gang, P};

/// The two letters that addresses have: unknown is `YY`.
fn alfa2(kode: &str) -> Landkode {
    let land = landkoder::alle().iter().find(|land| land.alfa3 == kode).map_or("YY", |land| land.landkode);
    Landkode::parse(land).unwrap_or(Landkode::NORGE)
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
pub(super) struct Poststedet {
    poststedsnavn: String,
    postnummer: String,
}

impl Poststedet {
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
    poststed: Poststedet,
    adressekode: Option<String>,
    adressetilleggsnavn: Option<String>,
    kommunenummer: Option<String>,
}

impl Vei {
    /// As somebody's home or place of stay; `None` if the municipality cannot be told.
    pub fn innslag(&self) -> Option<Vegadresse> {
        Some(Vegadresse {
            kommunenummer: self.kommune()?,
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
    pub fn har_husnummer(&self) -> bool {
        self.adressenummer.as_ref().and_then(Hus::innslag).is_some()
    }

    /// The municipality, given or told by the postal code.
    pub fn kommune(&self) -> Option<Kommunenummer> {
        let oppgitt = self.kommunenummer.as_ref().and_then(|k| Kommunenummer::parse(k).ok());
        oppgitt.or_else(|| self.poststed.kommune())
    }
}

/// Whether two are the same place, whatever else is said of them.
pub(super) fn samme_sted(a: &Vegadresse, b: &Vegadresse) -> bool {
    let vei = |v: &Vegadresse| normalisert([&*v.adressenavn].into_iter());
    let ulik_enhet =
        a.bruksenhetsnummer.as_ref().zip(b.bruksenhetsnummer.as_ref()).is_some_and(|(a, b)| a != b);
    a.kommunenummer == b.kommunenummer
        && vei(a) == vei(b)
        && a.adressenummer == b.adressenummer
        && !ulik_enhet
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
                kommunenummer: self.kommune()?,
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

    /// The municipality.
    pub fn kommune(&self) -> Option<Kommunenummer> {
        Kommunenummer::parse(&self.matrikkelnummer.kommunenummer).ok()
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
    poststed: Poststedet,
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

/// A postal address, in Norway or abroad.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Post {
    postboksadresse: Option<Boks>,
    vegadresse: Option<Vei>,
    matrikkeladresse: Option<Gaard>,
    #[serde(alias = "postadresse")]
    utenlandsk_postadresse: Option<Utland>,
    #[serde(default)]
    er_klientadresse: bool,
}

impl Post {
    /// Whether it is abroad; `None` if it names no place.
    pub const fn er_i_utlandet(&self) -> Option<bool> {
        if self.utenlandsk_postadresse.is_some() {
            return Some(true);
        }
        let her =
            self.postboksadresse.is_some() || self.vegadresse.is_some() || self.matrikkeladresse.is_some();
        if her { Some(false) } else { None }
    }

    /// Enters it, in Norway or abroad as it is. Tells whether it names a place.
    pub fn registrer(&self, gang: &mut Gang<'_, '_>, p: P) -> bool {
        self.utfoer(gang, p, Verb::Endre, false)
    }

    /// Does with it what the verb says. One that names no place can be taken away: `i_utlandet` says which it then is. Tells
    /// whether anything was done.
    pub fn utfoer(&self, gang: &mut Gang<'_, '_>, p: P, verb: Verb, i_utlandet: bool) -> bool {
        let sted = self.er_i_utlandet();
        match (verb.tar_bort(), sted.unwrap_or(i_utlandet)) {
            (true, true) => verb.ta_bort(gang, p, |_: &KontaktadresseIUtlandet| true),
            (true, false) => verb.ta_bort(gang, p, |_: &Kontaktadresse| true),
            (false, _) if sted.is_none() => false,
            (false, true) => {
                let ny = self.i_utlandet(gang, p);
                verb.utfoer(gang, p, ny, |_| true)
            }
            (false, false) => {
                let ny = self.i_norge(gang, p);
                verb.utfoer(gang, p, ny, |_| true)
            }
        }
    }

    fn i_utlandet(&self, gang: &Gang<'_, '_>, p: P) -> KontaktadresseIUtlandet {
        KontaktadresseIUtlandet {
            meta: gang.u.meta(),
            adressegradering: gradering(gang, p, self.er_klientadresse),
            utenlandsk_adresse: self.utenlandsk_postadresse.as_ref().map(Utland::innslag),
            utenlandsk_adresse_i_fritt_format: None,
        }
    }

    fn i_norge(&self, gang: &Gang<'_, '_>, p: P) -> Kontaktadresse {
        Kontaktadresse {
            meta: gang.u.meta(),
            adressegradering: gradering(gang, p, self.er_klientadresse),
            postboksadresse: self.postboksadresse.as_ref().map(Boks::innslag),
            vegadresse: self.vegadresse.as_ref().map(Vei::for_post),
            postadresse_i_fritt_format: self.matrikkeladresse.as_ref().map(Gaard::i_linjer),
            adresse_identifikator_fra_matrikkelen: None,
        }
    }
}

/// A place of stay.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Oppholdsplass {
    vegadresse: Option<Vei>,
    matrikkeladresse: Option<Gaard>,
    er_klientadresse: bool,
    pub oppholdsadressedato: Date,
}

impl Oppholdsplass {
    /// As the register holds it: valid from when the person came there.
    pub fn innslag(&self, gang: &Gang<'_, '_>, p: P) -> Oppholdsadresse {
        let veg = self.vegadresse.as_ref().and_then(Vei::innslag).map(Oppholdssted::Vegadresse);
        let gaard =
            self.matrikkeladresse.as_ref().and_then(Gaard::innslag).map(Oppholdssted::Matrikkeladresse);
        let mut ny = ukjent_opphold(gang, p);
        ny.oppholdssted = veg.or(gaard).unwrap_or(ny.oppholdssted);
        ny.adressegradering = gradering(gang, p, self.er_klientadresse);
        ny.oppholdsadressedato = Some(self.oppholdsadressedato);
        ny.meta = gang.u.meta_fra(self.oppholdsadressedato);
        ny
    }
}

/// A place of stay that nobody knows.
pub(super) fn ukjent_opphold(gang: &Gang<'_, '_>, p: P) -> Oppholdsadresse {
    Oppholdsadresse {
        meta: gang.u.meta(),
        oppholdssted: Oppholdssted::AdressenErUkjent(true),
        adresse_identifikator_fra_matrikkelen: None,
        adressegradering: gradering(gang, p, false),
        oppholdsadressedato: None,
        opphold_annet_sted: None,
    }
}

/// A home.
pub(super) fn hjem(
    gang: &Gang<'_, '_>,
    p: P,
    bosted: Bosted,
    klientadresse: bool,
    flyttedato: Date,
) -> Bostedsadresse {
    Bostedsadresse {
        meta: gang.u.meta(),
        bosted,
        adresse_identifikator_fra_matrikkelen: None,
        naer_adresse_identifikator_fra_matrikkelen: None,
        adressegradering: gradering(gang, p, klientadresse),
        flyttedato: Some(flyttedato),
        grunnkrets: None,
        stemmekrets: None,
        skolekrets: None,
        kirkekrets: None,
    }
}
