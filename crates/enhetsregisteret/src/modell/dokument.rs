//! Units as stored: ordered fields with untouched values.
//!
//! [`Dokument`] reads only the top level of a unit: each key with the bytes of its value. That is enough to
//! represent the unit in any version, costs a fraction of a full parse, keeps `30000.00` as it is written and
//! loses no field that we do not know.

use std::borrow::Cow;
use std::fmt;

use identifikator::Organisasjonsnummer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::felt::Enhetstype;

/// The fields of one JSON object, in the order they stand.
#[derive(Debug, Clone, Default)]
pub struct Dokument<'a> {
    /// Keys with the bytes of their values.
    pub felter: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Dokument<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Felter;
        impl<'de> Visitor<'de> for Felter {
            type Value = Dokument<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("et JSON-objekt")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut felter = Vec::with_capacity(40);
                while let Some(Nokkel(key)) = map.next_key()? {
                    felter.push((key, map.next_value()?));
                }
                Ok(Dokument { felter })
            }
        }
        deserializer.deserialize_map(Felter)
    }
}

/// A key, borrowed unless it is written with escapes.
struct Nokkel<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Nokkel<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tekst;
        impl<'de> Visitor<'de> for Tekst {
            type Value = Nokkel<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("en nøkkel")
            }

            fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Self::Value, E> {
                Ok(Nokkel(Cow::Borrowed(v)))
            }

            fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
                Ok(Nokkel(Cow::Owned(v.to_owned())))
            }
        }
        deserializer.deserialize_str(Tekst)
    }
}

/// Why a record cannot be a unit. Texts name the field, never its content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UgyldigDokument {
    /// Not JSON, or not an object.
    #[error("ikke gyldig JSON: {0}")]
    Json(String),
    /// A field that every unit has is missing or of the wrong type.
    #[error("feltet {0} mangler eller har feil type")]
    Felt(&'static str),
    /// The organisation number is not nine digits.
    #[error("organisasjonsnummer er ikke ni siffer")]
    Organisasjonsnummer,
}

impl From<serde_json::Error> for UgyldigDokument {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error.to_string())
    }
}

/// The bytes as text: checked once as a whole, which is much faster than string by string.
///
/// # Errors
/// [`UgyldigDokument::Json`] when they are not UTF-8.
pub fn tekst(json: &[u8]) -> Result<&str, UgyldigDokument> {
    std::str::from_utf8(json).map_err(|error| UgyldigDokument::Json(error.to_string()))
}

impl<'a> Dokument<'a> {
    /// Reads the top level of a JSON object.
    ///
    /// # Errors
    /// [`UgyldigDokument::Json`] when it is not one.
    pub fn les(json: &'a [u8]) -> Result<Self, UgyldigDokument> {
        Ok(serde_json::from_str(tekst(json)?)?)
    }

    /// The bytes of a field's value.
    pub fn felt(&self, navn: &str) -> Option<&'a RawValue> {
        self.felter.iter().find(|(n, _)| n == navn).map(|(_, v)| *v)
    }

    /// A field read as a type; `None` when absent or of another type.
    pub fn som<T: Deserialize<'a>>(&self, navn: &str) -> Option<T> {
        self.felt(navn).and_then(|v| serde_json::from_str(v.get()).ok())
    }

    /// A deleted unit has only a few fields left, and the date of deletion.
    pub fn er_slettet(&self) -> bool {
        self.felt("slettedato").is_some()
    }

    /// The organisation number.
    ///
    /// # Errors
    /// When it is missing, not a string, or not nine digits.
    pub fn organisasjonsnummer(&self) -> Result<Organisasjonsnummer, UgyldigDokument> {
        let tekst: Cow<'_, str> =
            self.som("organisasjonsnummer").ok_or(UgyldigDokument::Felt("organisasjonsnummer"))?;
        tekst.parse().map_err(|_| UgyldigDokument::Organisasjonsnummer)
    }
}

/// A unit in the form it is stored in, and its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kanonisk {
    /// The organisation number.
    pub orgnr: Organisasjonsnummer,
    /// Compact JSON, keys in emitted order, no links, no `respons_klasse`, no nulls.
    pub json: Vec<u8>,
}

/// Brings a unit as it stands in a dump or an API answer into the stored form.
///
/// Links and `respons_klasse` are dropped (they are representation), nulls and empty lists too (the API omits
/// them, sheet section 3; `paategninger` keeps its empty list). Unknown fields are kept, after the known ones.
///
/// # Errors
/// [`UgyldigDokument`] when it cannot be a unit of this kind.
pub fn kanoniser(json: &[u8], kind: Enhetstype) -> Result<Kanonisk, UgyldigDokument> {
    let dokument = Dokument::les(json)?;
    let orgnr = dokument.organisasjonsnummer()?;
    for (navn, ok) in [
        ("navn", dokument.som::<Cow<'_, str>>("navn").is_some()),
        ("organisasjonsform", dokument.som::<HarKode>("organisasjonsform").is_some()),
    ] {
        if !ok {
            return Err(UgyldigDokument::Felt(navn));
        }
    }
    let mut felter: Vec<(usize, &str, &RawValue)> = dokument
        .felter
        .iter()
        .filter(|(navn, verdi)| sendes(navn, verdi.get()))
        .map(|(navn, verdi)| (kind.plass(navn).unwrap_or(usize::MAX), navn.as_ref(), *verdi))
        .collect();
    felter.sort_by_key(|(plass, ..)| *plass);
    felter.dedup_by(|b, a| a.1 == b.1);

    let mut ut = Vec::with_capacity(json.len());
    for (i, (_, navn, verdi)) in felter.iter().enumerate() {
        ut.push(if i == 0 { b'{' } else { b',' });
        skriv_nokkel(&mut ut, navn);
        if *navn == "organisasjonsform" {
            let form = Dokument::les(verdi.get().as_bytes())?;
            skriv_uten_lenker(&mut ut, &form);
        } else {
            skriv_verdi(&mut ut, verdi.get())?;
        }
    }
    ut.push(b'}');
    if !dokument.er_slettet() {
        kontroller_typer(&ut, kind)?;
    }
    Ok(Kanonisk { orgnr, json: ut })
}

/// A live unit must be readable as its type, so that no field of the wrong shape reaches the index or a client.
fn kontroller_typer(json: &[u8], kind: Enhetstype) -> Result<(), UgyldigDokument> {
    let json = tekst(json)?;
    match kind {
        Enhetstype::Enhet => serde_json::from_str::<super::Enhet>(json).map(drop)?,
        Enhetstype::Underenhet => serde_json::from_str::<super::Underenhet>(json).map(drop)?,
    }
    Ok(())
}

/// An object with at least a code.
#[derive(serde::Deserialize)]
struct HarKode {
    #[serde(rename = "kode")]
    _kode: serde::de::IgnoredAny,
}

fn sendes(navn: &str, verdi: &str) -> bool {
    let tom = || verdi.bytes().filter(|b| !b.is_ascii_whitespace()).eq(*b"[]");
    let tomt = verdi == "null" || verdi == "\"\"" || (navn != "paategninger" && tom());
    !matches!(navn, "links" | "_links" | "respons_klasse") && !tomt
}

fn skriv_uten_lenker(ut: &mut Vec<u8>, objekt: &Dokument<'_>) {
    ut.push(b'{');
    let mut skilletegn = false;
    for (navn, verdi) in objekt.felter.iter().filter(|(n, v)| sendes(n, v.get())) {
        if skilletegn {
            ut.push(b',');
        }
        skilletegn = true;
        skriv_nokkel(ut, navn);
        komprimer(ut, verdi.get().as_bytes());
    }
    ut.push(b'}');
}

/// Writes `"key":`.
pub fn skriv_nokkel(ut: &mut Vec<u8>, navn: &str) {
    skriv_streng(ut, navn);
    ut.push(b':');
}

/// Writes a JSON string.
pub fn skriv_streng(ut: &mut Vec<u8>, tekst: &str) {
    if tekst.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\') {
        ut.push(b'"');
        ut.extend_from_slice(tekst.as_bytes());
        ut.push(b'"');
    } else {
        ut.extend_from_slice(serde_json::Value::from(tekst).to_string().as_bytes());
    }
}

/// Writes a value compactly; nulls inside it, which old address lists hold, are left out.
fn skriv_verdi(ut: &mut Vec<u8>, verdi: &str) -> Result<(), UgyldigDokument> {
    if verdi.contains("null") {
        let mut tre: serde_json::Value = serde_json::from_str(verdi)?;
        fjern_null(&mut tre);
        ut.extend_from_slice(tre.to_string().as_bytes());
    } else {
        komprimer(ut, verdi.as_bytes());
    }
    Ok(())
}

fn fjern_null(verdi: &mut serde_json::Value) {
    match verdi {
        serde_json::Value::Array(liste) => {
            liste.retain(|v| !v.is_null());
            liste.iter_mut().for_each(fjern_null);
        }
        serde_json::Value::Object(objekt) => {
            objekt.retain(|_, v| !v.is_null());
            objekt.values_mut().for_each(fjern_null);
        }
        _ => {}
    }
}

/// Appends valid JSON without the white space between its tokens.
fn komprimer(ut: &mut Vec<u8>, json: &[u8]) {
    let (mut i_streng, mut skjermet) = (false, false);
    for &b in json {
        if i_streng {
            ut.push(b);
            i_streng = skjermet || b != b'"';
            skjermet = b == b'\\' && !skjermet;
        } else if !b.is_ascii_whitespace() {
            ut.push(b);
            i_streng = b == b'"';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kanon(json: &str) -> String {
        String::from_utf8(kanoniser(json.as_bytes(), Enhetstype::Underenhet).unwrap().json).unwrap()
    }

    #[test]
    fn order_links_nulls_and_unknown_fields() {
        let ut = kanon(
            r#"{ "links" : [ ], "nyttFelt" : { "a" : [ 1.50, "b \" c" ] }, "navn" : "Å \"B\"",
                 "registrertIMvaregisteret" : true, "registreringsdatoEnhetsregisteret" : "2020-01-01",
                 "organisasjonsform" : { "links" : [ ], "kode" : "BEDR", "beskrivelse" : "x y" },
                 "organisasjonsnummer" : "310100048", "hjemmeside" : null, "aktivitet" : [ ],
                 "respons_klasse" : "Underenhet" }"#,
        );
        assert_eq!(
            ut,
            r#"{"organisasjonsnummer":"310100048","navn":"Å \"B\"","organisasjonsform":{"kode":"BEDR","beskrivelse":"x y"},"registreringsdatoEnhetsregisteret":"2020-01-01","registrertIMvaregisteret":true,"nyttFelt":{"a":[1.50,"b \" c"]}}"#
        );
        assert_eq!(kanon(&ut), ut, "the stored form is its own stored form");
    }

    #[test]
    fn what_cannot_be_a_unit_is_named() {
        let feil = |json: &str| kanoniser(json.as_bytes(), Enhetstype::Enhet).unwrap_err();
        assert!(matches!(feil("[1]"), UgyldigDokument::Json(_)));
        assert_eq!(feil(r#"{"navn":"X"}"#), UgyldigDokument::Felt("organisasjonsnummer"));
        assert_eq!(feil(r#"{"organisasjonsnummer":"12345678"}"#), UgyldigDokument::Organisasjonsnummer);
        assert_eq!(feil(r#"{"organisasjonsnummer":"310100005"}"#), UgyldigDokument::Felt("navn"));
        let uten_form = r#"{"organisasjonsnummer":"310100005","navn":"X","organisasjonsform":{}}"#;
        assert_eq!(feil(uten_form), UgyldigDokument::Felt("organisasjonsform"));
        let bare_navn = r#"{"organisasjonsnummer":"310100005","navn":"X","organisasjonsform":{"kode":"AS","beskrivelse":"A"}}"#;
        assert!(
            matches!(feil(bare_navn), UgyldigDokument::Json(_)),
            "a live unit has all that is always present"
        );
    }

    #[test]
    fn escaped_keys_and_duplicates() {
        let json = br#"{"nav\u006e":"X","navn":"Y"}"#;
        let dokument = Dokument::les(json).unwrap();
        assert_eq!(dokument.som::<String>("navn").as_deref(), Some("X"));
    }
}
