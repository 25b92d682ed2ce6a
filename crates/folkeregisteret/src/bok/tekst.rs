//! The book as text: how it stands in the journal, and the JSON of a version.

use std::borrow::Cow;
use std::fmt::Write;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use tid::Timestamp;

use super::{Bok, Innslag, Rekke, Utgave};
use crate::modell::{Entitet, UgyldigDokument};
use crate::rettighetspakke::Utvalg;

/// What stands under a number in the journal.
pub(crate) enum Oppslag<'a> {
    /// The book of the person.
    Bok(Bok<'a>),
    /// Another number of the person who has this one first.
    Peker(u64),
}

/// Reads what stands under a number.
pub(crate) fn les_oppslag(nummer: u64, json: &[u8]) -> Result<Oppslag<'_>, UgyldigDokument> {
    let lest: Lest<'_> = serde_json::from_slice(json)?;
    if let Some(person) = lest.person {
        return Ok(Oppslag::Peker(person));
    }
    let mut innslag = lest.innslag.0;
    innslag.resize_with(Entitet::ALLE.len(), Rekke::default);
    Ok(Oppslag::Bok(Bok {
        person: nummer,
        videre: lest.videre,
        versjoner: lest.versjoner.into_iter().map(Utgave::from).collect(),
        hendelser: lest.hendelser.into_iter().map(|tekst| Cow::Borrowed(tekst.get())).collect(),
        entiteter: innslag,
    }))
}

/// What stands under a number that is another number of a person.
pub(crate) fn peker(person: u64) -> Vec<u8> {
    format!(r#"{{"person":{person}}}"#).into_bytes()
}

/// What one who looks through all books needs to know of each: the number of its newest version. `None` for pointers, and
/// for who was merged away.
pub(crate) fn siste_versjon(json: &[u8]) -> Option<u16> {
    let resten = json.strip_prefix(b"{\"siste\":")?;
    let slutt = resten.iter().position(|b| !b.is_ascii_digit())?;
    str::from_utf8(&resten[..slutt]).ok()?.parse().ok()
}

#[derive(Deserialize)]
struct Lest<'a> {
    #[serde(default)]
    person: Option<u64>,
    #[serde(default)]
    videre: Option<u64>,
    #[serde(default)]
    versjoner: Vec<(i64, u8)>,
    #[serde(default, borrow)]
    hendelser: Vec<&'a RawValue>,
    #[serde(default, borrow)]
    innslag: Entiteter<'a>,
}

impl From<(i64, u8)> for Utgave {
    fn from((at, borte): (i64, u8)) -> Self {
        Self { at: Timestamp::from_millis(at), borte: borte != 0 }
    }
}

#[derive(Default)]
struct Entiteter<'a>(Vec<Rekke<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Entiteter<'a> {
    fn deserialize<D: Deserializer<'de>>(inn: D) -> Result<Self, D::Error> {
        struct Kart;

        impl<'de> Visitor<'de> for Kart {
            type Value = Entiteter<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("innslag etter entitet")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entiteter<'de>, A::Error> {
                let mut rekker = vec![Rekke::default(); Entitet::ALLE.len()];
                while let Some(navn) = map.next_key::<Cow<'de, str>>()? {
                    let plass = Entitet::ALLE.iter().position(|e| e.navn() == navn);
                    let rekke = plass.and_then(|plass| rekker.get_mut(plass));
                    *rekke.ok_or_else(|| A::Error::custom("ukjent entitet"))? =
                        map.next_value::<Rekketekst<'de>>()?.into();
                }
                Ok(Entiteter(rekker))
            }
        }

        inn.deserialize_map(Kart)
    }
}

/// Order, and entries with their spans.
#[derive(Deserialize)]
struct Rekketekst<'a>(Vec<u16>, #[serde(borrow)] Vec<((i32, i32, i32), &'a RawValue)>);

impl<'a> From<Rekketekst<'a>> for Rekke<'a> {
    fn from(Rekketekst(orden, innslag): Rekketekst<'a>) -> Self {
        let innslag = innslag.into_iter().map(|((fra, forbi, til), json)| Innslag {
            fra,
            forbi,
            til,
            json: Cow::Borrowed(json.get()),
        });
        let innslag: Vec<_> = innslag.collect();
        let orden = orden.into_iter().filter(|plass| usize::from(*plass) < innslag.len()).collect();
        Self { orden, innslag }
    }
}

impl Bok<'_> {
    /// The book as it stands in the journal.
    pub fn som_json(&self) -> Vec<u8> {
        let mut ut = String::with_capacity(4096);
        // Writing to memory does not fail.
        let _ = match (self.videre, self.siste()) {
            (Some(videre), _) => write!(ut, r#"{{"videre":{videre}"#),
            (None, siste) => write!(ut, r#"{{"siste":{}"#, siste.unwrap_or(0)),
        };
        let versjon = |ut: &mut String, u: &Utgave| {
            let _ = write!(ut, "[{},{}]", u.at.as_millis(), u8::from(u.borte));
        };
        ut.push_str(r#","versjoner":"#);
        liste(&mut ut, &self.versjoner, versjon);
        ut.push_str(r#","hendelser":"#);
        liste(&mut ut, &self.hendelser, |ut, tekst| ut.push_str(tekst));
        ut.push_str(r#","innslag":{"#);
        let mut skille = "";
        for (entitet, rekke) in Entitet::ALLE.iter().zip(&self.entiteter) {
            if rekke.innslag.is_empty() {
                continue;
            }
            let _ = write!(ut, r#"{skille}"{}":["#, entitet.navn());
            skille = ",";
            liste(&mut ut, &rekke.orden, |ut, plass| ut.push_str(&plass.to_string()));
            ut.push(',');
            liste(&mut ut, &rekke.innslag, |ut, i| {
                let _ = write!(ut, "[[{},{},{}],{}]", i.fra, i.forbi, i.til, i.json);
            });
            ut.push(']');
        }
        ut.push_str("}}");
        ut.into_bytes()
    }

    /// The JSON of a version; of the entries that are chosen only, if some are.
    pub(super) fn kutt(&self, k: u16, utvalg: Option<Utvalg>) -> Vec<u8> {
        let k = i32::from(k);
        let mut ut = Vec::with_capacity(2048);
        ut.push(b'{');
        for (entitet, rekke) in Entitet::ALLE.iter().zip(&self.entiteter) {
            let i_orden = rekke.orden.iter().filter_map(|plass| rekke.innslag.get(usize::from(*plass)));
            let med = i_orden.filter(|innslag| innslag.er_i(k)).filter_map(|innslag| {
                let gjeldende = innslag.er_gjeldende_i(k);
                utvalg.is_none_or(|u| u.tar(*entitet, gjeldende)).then_some((innslag, gjeldende))
            });
            let mut noe = false;
            for (innslag, gjeldende) in med {
                if noe {
                    ut.push(b',');
                } else {
                    if ut.len() > 1 {
                        ut.push(b',');
                    }
                    ut.extend_from_slice(format!("\"{}\":", entitet.navn()).as_bytes());
                    if entitet.er_liste() {
                        ut.push(b'[');
                    }
                    noe = true;
                }
                skriv(&mut ut, &innslag.json, gjeldende);
            }
            if noe && entitet.er_liste() {
                ut.push(b']');
            }
        }
        ut.push(b'}');
        ut
    }
}

/// An entry with what it says of being current. The place of a field does not matter to who reads it.
fn skriv(ut: &mut Vec<u8>, json: &str, gjeldende: Option<bool>) {
    let (foerst, resten) = match (gjeldende, json.strip_prefix('{')) {
        (Some(true), Some(resten)) => (&br#"{"erGjeldende":true"#[..], resten),
        (Some(false), Some(resten)) => (&br#"{"erGjeldende":false"#[..], resten),
        _ => (&b""[..], json),
    };
    ut.extend_from_slice(foerst);
    if !foerst.is_empty() && resten != "}" {
        ut.push(b',');
    }
    ut.extend_from_slice(resten.as_bytes());
}

fn liste<T>(ut: &mut String, verdier: &[T], skriv: impl Fn(&mut String, &T)) {
    ut.push('[');
    for (i, verdi) in verdier.iter().enumerate() {
        if i > 0 {
            ut.push(',');
        }
        skriv(ut, verdi);
    }
    ut.push(']');
}

impl<'a> Bok<'a> {
    /// Reads a book from the journal's text.
    ///
    /// # Errors
    /// [`UgyldigDokument`] when it is none.
    pub fn les(person: u64, json: &'a [u8]) -> Result<Self, UgyldigDokument> {
        match les_oppslag(person, json)? {
            Oppslag::Bok(bok) => Ok(bok),
            Oppslag::Peker(_) => Err(UgyldigDokument::lagret("nummeret har ingen egen bok")),
        }
    }
}
