//! `uttrekk/tilpasset`: who is taken out (consumer sheet, section 10).

use std::ops::ControlFlow;

use identifikator::LandkodeAlfa3;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sok::{Query, SearchError};

use super::krav::{Aarsspenn, Adressekrav, Adressevalg};
use super::parametre::{aarstall, kommunenummer, ugyldig};
use super::{Soekefeil, Treff};
use crate::indeks::{Adresseslag, Felter};
use crate::modell::{Kjoenn, Personstatus, Sivilstandstype};
use crate::{Personindeks, Rettighetspakke};

/// Statuses as an extract names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statusgruppe {
    /// `midlertidig`, `ikkeBosatt`, `forsvunnet` and `foedselsregistrert`, which are confidential one by one.
    Aktiv,
    /// Resident.
    Bosatt,
    /// Emigrated.
    Utflyttet,
    /// Dead.
    Doed,
    /// Has an inactive D-number.
    Inaktiv,
}

impl Statusgruppe {
    const ALLE: [Self; 5] = [Self::Aktiv, Self::Bosatt, Self::Utflyttet, Self::Doed, Self::Inaktiv];

    /// The group of a status. Who is terminated is in none.
    pub(crate) fn av(status: Personstatus) -> Option<Self> {
        Some(match status {
            Personstatus::Midlertidig
            | Personstatus::IkkeBosatt
            | Personstatus::Forsvunnet
            | Personstatus::Foedselsregistrert
            | Personstatus::Aktiv => Self::Aktiv,
            Personstatus::Bosatt => Self::Bosatt,
            Personstatus::Utflyttet => Self::Utflyttet,
            Personstatus::Doed => Self::Doed,
            Personstatus::Inaktiv => Self::Inaktiv,
            Personstatus::Opphoert => return None,
        })
    }

    /// The word.
    pub const fn kode(self) -> &'static str {
        match self {
            Self::Aktiv => "aktiv",
            Self::Bosatt => "bosatt",
            Self::Utflyttet => "utflyttet",
            Self::Doed => "doed",
            Self::Inaktiv => "inaktiv",
        }
    }
}

/// The criteria of an extract, read and found valid. Kept as JSON they are the body of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct Uttrekkskriterier {
    statuser: Vec<Statusgruppe>,
    kommune: Option<(Adresseslag, String)>,
    foedselsaar: Aarsspenn,
    doedsaar: Aarsspenn,
    kjoenn: Option<Kjoenn>,
    statsborgerskap: Option<LandkodeAlfa3>,
    sivilstand: Option<Sivilstandstype>,
}

const BOSTED: &str = "bostedskommunenummer";
const OPPHOLD: &str = "oppholdskommunenummer";
const FOEDSELSAAR: (&str, &str) = ("foedselsaarFraOgMed", "foedselsaarTilOgMed");
const DOEDSAAR: (&str, &str) = ("doedsaarFraOgMed", "doedsaarTilOgMed");

/// The fields of the body. The two of municipalities stand within `kommunenummer`, or beside the others.
const FELTER: [&str; 11] = [
    "personstatustyper",
    "kommunenummer",
    BOSTED,
    OPPHOLD,
    FOEDSELSAAR.0,
    FOEDSELSAAR.1,
    DOEDSAAR.0,
    DOEDSAAR.1,
    "kjoenn",
    "statsborgerskap",
    "sivilstandstype",
];

impl Uttrekkskriterier {
    /// Reads the body of an order.
    ///
    /// # Errors
    /// [`Soekefeil::Ugyldig`] when it is not JSON, lacks statuses, or has something that cannot be used.
    pub fn les(kropp: &[u8]) -> Result<Self, Soekefeil> {
        match serde_json::from_slice::<Map<String, Value>>(kropp) {
            Ok(objekt) => Self::try_from(objekt),
            Err(_) => Err(Soekefeil::Ugyldig("Innholdet må være et JSON-objekt.".to_owned())),
        }
    }

    fn query(&self, felter: &Felter, pakke: Rettighetspakke) -> Query {
        let koder = self.statuser.iter().map(|status| status.kode().to_owned()).collect();
        let mut krav = vec![Query::OneOf(felter.status, koder)];
        if let Some((slag, nummer)) = &self.kommune {
            let adresse = Adressekrav { kommunenummer: Some(nummer.clone()), ..Adressekrav::default() };
            let slag: &[Adresseslag] = match slag {
                Adresseslag::Bosted => &[Adresseslag::Bosted],
                Adresseslag::Opphold => &[Adresseslag::Opphold],
            };
            krav.extend(adresse.query(felter, Adressevalg { pakke, slag, historisk: false }));
        }
        krav.extend(self.foedselsaar.foedt(felter));
        krav.extend(self.doedsaar.query(felter.doedsaar));
        krav.extend(self.kjoenn.map(|kjoenn| Query::Equals(felter.kjoenn, kjoenn.kode().to_owned())));
        let land = self.statsborgerskap.map(|land| land.as_str().to_owned());
        krav.extend(land.map(|land| Query::Equals(felter.statsborgerskap, land)));
        krav.extend(self.sivilstand.map(|s| Query::Equals(felter.sivilstand, s.kode().to_owned())));
        Query::And(krav)
    }
}

impl TryFrom<Map<String, Value>> for Uttrekkskriterier {
    type Error = Soekefeil;

    fn try_from(objekt: Map<String, Value>) -> Result<Self, Soekefeil> {
        let k = Kriterier(&objekt);
        k.bare(&FELTER)?;
        let land = |verdi: &str| LandkodeAlfa3::parse(verdi).ok();
        Ok(Self {
            statuser: k.statuser()?,
            kommune: k.kommune()?,
            foedselsaar: k.aar(FOEDSELSAAR)?,
            doedsaar: k.aar(DOEDSAAR)?,
            kjoenn: k.tolket("kjoenn", Kjoenn::av_kode, "må være kvinne eller mann")?,
            statsborgerskap: k.tolket("statsborgerskap", land, "må være en landkode med tre bokstaver")?,
            sivilstand: k.tolket(
                "sivilstandstype",
                Sivilstandstype::av_kode,
                "er ikke en kjent sivilstand",
            )?,
        })
    }
}

impl From<Uttrekkskriterier> for Map<String, Value> {
    fn from(k: Uttrekkskriterier) -> Self {
        let statuser = k.statuser.iter().map(|status| status.kode().into()).collect();
        let aar = |aar: Option<u16>| aar.map(|aar| format!("{aar:04}"));
        let kommune = k.kommune.map(|(slag, nummer)| match slag {
            Adresseslag::Bosted => (BOSTED, nummer),
            Adresseslag::Opphold => (OPPHOLD, nummer),
        });
        let resten = [
            (FOEDSELSAAR.0, aar(k.foedselsaar.fra)),
            (FOEDSELSAAR.1, aar(k.foedselsaar.til)),
            (DOEDSAAR.0, aar(k.doedsaar.fra)),
            (DOEDSAAR.1, aar(k.doedsaar.til)),
            ("kjoenn", k.kjoenn.map(|kjoenn| kjoenn.kode().to_owned())),
            ("statsborgerskap", k.statsborgerskap.map(|land| land.to_string())),
            ("sivilstandstype", k.sivilstand.map(|sivilstand| sivilstand.kode().to_owned())),
        ];
        let gitt = resten.into_iter().filter_map(|(navn, verdi)| Some((navn, verdi?))).chain(kommune);
        let gitt = gitt.map(|(navn, verdi)| (navn.to_owned(), Value::String(verdi)));
        std::iter::once(("personstatustyper".to_owned(), Value::Array(statuser))).chain(gitt).collect()
    }
}

/// The fields of a JSON object.
struct Kriterier<'a>(&'a Map<String, Value>);

impl<'a> Kriterier<'a> {
    /// A criterion that is not known would be one that does not narrow: more persons than were meant.
    fn bare(&self, kjente: &[&str]) -> Result<(), Soekefeil> {
        match self.0.keys().find(|navn| !kjente.contains(&navn.as_str())) {
            Some(_) => Err(Soekefeil::Ugyldig(format!("Gyldige kriterier er {}.", kjente.join(", ")))),
            None => Ok(()),
        }
    }

    fn verdi(&self, navn: &str) -> Option<&'a Value> {
        self.0.get(navn).filter(|verdi| !verdi.is_null())
    }

    /// A text as `tolk` reads it.
    fn tolket<T>(
        &self,
        navn: &str,
        tolk: impl Fn(&str) -> Option<T>,
        riktig: &str,
    ) -> Result<Option<T>, Soekefeil> {
        let lest = self.verdi(navn).map(|verdi| verdi.as_str().and_then(&tolk));
        lest.map(|lest| lest.ok_or_else(|| ugyldig(navn, riktig))).transpose()
    }

    fn statuser(&self) -> Result<Vec<Statusgruppe>, Soekefeil> {
        let finn = |verdi: &Value| Statusgruppe::ALLE.into_iter().find(|s| verdi.as_str() == Some(s.kode()));
        let lest = self.verdi("personstatustyper").and_then(Value::as_array);
        let lest = lest.and_then(|liste| liste.iter().map(finn).collect::<Option<Vec<_>>>());
        let lest = lest.map(|mut statuser| {
            statuser.sort_unstable();
            statuser.dedup();
            statuser
        });
        lest.filter(|statuser| !statuser.is_empty()).ok_or_else(|| {
            let koder = Statusgruppe::ALLE.map(Statusgruppe::kode).join(", ");
            ugyldig("personstatustyper", &format!("må være en liste med minst én av {koder}"))
        })
    }

    fn kommune(&self) -> Result<Option<(Adresseslag, String)>, Soekefeil> {
        let inni = match self.verdi("kommunenummer") {
            None => None,
            Some(Value::Object(objekt)) => Some(Kriterier(objekt)),
            Some(_) => return Err(ugyldig("kommunenummer", &format!("må ha {BOSTED} eller {OPPHOLD}"))),
        };
        if let Some(inni) = &inni {
            inni.bare(&[BOSTED, OPPHOLD])?;
        }
        let mut funnet = None;
        for sted in inni.iter().chain([self]) {
            for (slag, navn) in [(Adresseslag::Bosted, BOSTED), (Adresseslag::Opphold, OPPHOLD)] {
                let Some(nummer) = sted.tolket(navn, kommunenummer, "må ha fire siffer")? else { continue };
                if funnet.replace((slag, nummer)).is_some() {
                    return Err(ugyldig(BOSTED, &format!("og {OPPHOLD} kan ikke kombineres")));
                }
            }
        }
        Ok(funnet)
    }

    fn aar(&self, (fra, til): (&str, &str)) -> Result<Aarsspenn, Soekefeil> {
        let aar = |navn| self.tolket(navn, aarstall, "må være et årstall med fire siffer");
        Aarsspenn::ny(aar(fra)?, aar(til)?).ok_or_else(|| ugyldig(fra, &format!("kan ikke være etter {til}")))
    }
}

impl Personindeks {
    /// Shows everybody that an extract takes out, some at a time and in no particular order, until told to stop. All of it is
    /// as of one moment.
    ///
    /// # Errors
    /// When the index is not ready, or failed.
    pub fn uttrekk(
        &self,
        kriterier: &Uttrekkskriterier,
        pakke: Rettighetspakke,
        vis: &mut dyn FnMut(&[Treff]) -> ControlFlow<()>,
    ) -> Result<(), SearchError> {
        self.hver(&kriterier.query(self.felter(), pakke), vis)
    }
}
