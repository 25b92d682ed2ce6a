//! Whom a custom extract is about (consumer sheet, section 10).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::modell::{
    Adressegradering, Bosted, Kjoenn, Oppholdssted, Persondokument, Personstatus, Sivilstandstype,
};
use crate::rettighetspakke::Deler;

/// The criteria; all that are given must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Kriterier {
    statuser: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bosted: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opphold: Option<String>,
    #[serde(default)]
    foedt: Aar,
    #[serde(default)]
    doed: Aar,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kjoenn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    statsborgerskap: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sivilstand: Option<String>,
}

/// Years, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Aar {
    fra: Option<u16>,
    til: Option<u16>,
}

impl Aar {
    fn tar(self, aar: Option<u16>) -> bool {
        if self == Self::default() {
            return true;
        }
        aar.is_some_and(|aar| self.fra.is_none_or(|fra| fra <= aar) && self.til.is_none_or(|til| aar <= til))
    }
}

/// A criterion that cannot be used; the text is for the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UgyldigKriterium(String);

/// The statuses that can be asked for, `aktiv` for those that are confidential.
const STATUSER: [&str; 5] = ["aktiv", "bosatt", "utflyttet", "doed", "inaktiv"];

type Lest<T> = Result<T, UgyldigKriterium>;

fn ugyldig<T>(felt: &str, krav: &str) -> Lest<T> {
    Err(UgyldigKriterium(format!("{felt} er ikke gyldig: {krav}")))
}

impl Kriterier {
    /// Reads the body of an order. The municipality numbers stand in `kommunenummer`, or flat.
    ///
    /// # Errors
    /// [`UgyldigKriterium`] for the first that cannot be used.
    pub fn les(json: &[u8]) -> Lest<Self> {
        let kropp: Value = serde_json::from_slice(json)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| UgyldigKriterium("Forespørselen er ikke et gyldig JSON-objekt".to_owned()))?;
        let kommune = |navn: &str| {
            let nestet = kropp.get("kommunenummer").and_then(|k| k.get(navn));
            sifre(navn, nestet.or_else(|| kropp.get(navn)))
        };
        let (bosted, opphold) = (kommune("bostedskommunenummer")?, kommune("oppholdskommunenummer")?);
        if bosted.is_some() && opphold.is_some() {
            return ugyldig("kommunenummer", "oppgi enten bostedskommunenummer eller oppholdskommunenummer");
        }
        let aar = |navn: &str| -> Lest<Option<u16>> {
            Ok(sifre(navn, kropp.get(navn))?.and_then(|sifre| sifre.parse().ok()))
        };
        Ok(Self {
            statuser: statuser(kropp.get("personstatustyper"))?,
            bosted,
            opphold,
            foedt: Aar { fra: aar("foedselsaarFraOgMed")?, til: aar("foedselsaarTilOgMed")? },
            doed: Aar { fra: aar("doedsaarFraOgMed")?, til: aar("doedsaarTilOgMed")? },
            kjoenn: kode(&kropp, "kjoenn", |k| Kjoenn::av_kode(k).is_some())?,
            statsborgerskap: kode(&kropp, "statsborgerskap", |k| {
                k.len() == 3 && k.bytes().all(|b| b.is_ascii_uppercase())
            })?,
            sivilstand: kode(&kropp, "sivilstandstype", |k| Sivilstandstype::av_kode(k).is_some())?,
        })
    }

    /// The parts of the document that decide.
    pub(super) fn deler(&self) -> Deler {
        let deler = [
            ("status", true),
            ("bostedsadresse", self.bosted.is_some()),
            ("oppholdsadresse", self.opphold.is_some()),
            ("foedsel", self.foedt != Aar::default()),
            ("doedsfall", self.doed != Aar::default()),
            ("kjoenn", self.kjoenn.is_some()),
            ("statsborgerskap", self.statsborgerskap.is_some()),
            ("sivilstand", self.sivilstand.is_some()),
        ];
        // Names of the model: they are values of `part`.
        Deler::les(deler.into_iter().filter(|(_, trengs)| *trengs).map(|(navn, _)| navn)).unwrap_or_default()
    }

    /// Whether what is delivered of a person fits.
    pub(super) fn passer(&self, dokument: &Persondokument) -> bool {
        let status = dokument.status.first().map(|status| status.status);
        let foedt = dokument.foedsel.first().map(|foedsel| foedsel.foedselsaar.aar());
        let doed = dokument.doedsfall.as_ref().and_then(|doed| doed.doedsdato);
        status.is_some_and(|status| self.statuser.iter().any(|s| s == ordnet(status)))
            && self.foedt.tar(foedt)
            && self.doed.tar(doed.map(|dato| dato.year().unsigned_abs()))
            && self.bosted.as_ref().is_none_or(|k| bor_i(dokument, k))
            && self.opphold.as_ref().is_none_or(|k| oppholder_seg_i(dokument, k))
            && er(self.kjoenn.as_deref(), dokument.kjoenn.iter().map(|k| k.kjoenn.kode().to_owned()))
            && er(
                self.statsborgerskap.as_deref(),
                dokument.statsborgerskap.iter().map(|s| s.statsborgerskap.to_string()),
            )
            && er(
                self.sivilstand.as_deref(),
                dokument.sivilstand.iter().map(|s| s.sivilstand.kode().to_owned()),
            )
    }
}

fn er(krav: Option<&str>, mut verdier: impl Iterator<Item = String>) -> bool {
    krav.is_none_or(|krav| verdier.any(|verdi| verdi == krav))
}

/// The status as it is asked for.
fn ordnet(status: Personstatus) -> &'static str {
    use Personstatus::{Aktiv, Foedselsregistrert, Forsvunnet, IkkeBosatt, Midlertidig};
    match status {
        Midlertidig | IkkeBosatt | Forsvunnet | Foedselsregistrert | Aktiv => Aktiv.kode(),
        status => status.kode(),
    }
}

/// A home of unknown place in a municipality is in it too.
fn bor_i(dokument: &Persondokument, kommune: &str) -> bool {
    dokument.bostedsadresse.iter().filter(|a| a.adressegradering < Adressegradering::StrengtFortrolig).any(
        |a| match &a.bosted {
            Bosted::Vegadresse(v) => v.kommunenummer.to_string() == kommune,
            Bosted::Matrikkeladresse(m) => m.matrikkelnummer.kommunenummer.to_string() == kommune,
            Bosted::UkjentBosted(u) => u.bostedskommune.is_some_and(|k| k.to_string() == kommune),
        },
    )
}

fn oppholder_seg_i(dokument: &Persondokument, kommune: &str) -> bool {
    dokument.oppholdsadresse.iter().any(|a| match &a.oppholdssted {
        Oppholdssted::Vegadresse(v) => v.kommunenummer.to_string() == kommune,
        Oppholdssted::Matrikkeladresse(m) => m.matrikkelnummer.kommunenummer.to_string() == kommune,
        _ => false,
    })
}

fn statuser(verdi: Option<&Value>) -> Lest<Vec<String>> {
    let krav = "oppgi minst én av aktiv, bosatt, utflyttet, doed og inaktiv";
    let liste = verdi.and_then(Value::as_array).filter(|liste| !liste.is_empty());
    let Some(liste) = liste else { return ugyldig("personstatustyper", krav) };
    let kjent = |verdi: &Value| verdi.as_str().filter(|v| STATUSER.contains(v)).map(str::to_owned);
    liste.iter().map(kjent).collect::<Option<_>>().map_or_else(|| ugyldig("personstatustyper", krav), Ok)
}

fn sifre(navn: &str, verdi: Option<&Value>) -> Lest<Option<String>> {
    let Some(verdi) = verdi.filter(|verdi| !verdi.is_null()) else { return Ok(None) };
    let tekst = verdi.as_str().filter(|t| t.len() == 4 && t.bytes().all(|b| b.is_ascii_digit()));
    tekst.map_or_else(|| ugyldig(navn, "oppgi fire siffer"), |tekst| Ok(Some(tekst.to_owned())))
}

fn kode(kropp: &Value, navn: &str, gyldig: impl Fn(&str) -> bool) -> Lest<Option<String>> {
    let Some(verdi) = kropp.get(navn).filter(|verdi| !verdi.is_null()) else { return Ok(None) };
    let tekst = verdi.as_str().filter(|tekst| gyldig(tekst));
    tekst.map_or_else(|| ugyldig(navn, "koden finnes ikke"), |tekst| Ok(Some(tekst.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_asked_for() {
        let les = |tekst: &str| Kriterier::les(tekst.as_bytes());
        let bosatt = les(r#"{"personstatustyper":["bosatt"]}"#).unwrap();
        assert!(bosatt.deler() == Deler::les(["status"]).unwrap());
        let nestet =
            les(r#"{"personstatustyper":["aktiv"],"kommunenummer":{"bostedskommunenummer":"0301"}}"#);
        let flatt = les(r#"{"personstatustyper":["aktiv"],"bostedskommunenummer":"0301"}"#);
        assert!(nestet.is_ok() && nestet == flatt);
        for feil in [
            "",
            "[]",
            "{}",
            r#"{"personstatustyper":[]}"#,
            r#"{"personstatustyper":["opphoert"]}"#,
            r#"{"personstatustyper":["bosatt"],"kjoenn":"x"}"#,
            r#"{"personstatustyper":["bosatt"],"foedselsaarFraOgMed":"19"}"#,
            r#"{"personstatustyper":["bosatt"],"bostedskommunenummer":"0301","oppholdskommunenummer":"0301"}"#,
        ] {
            assert!(les(feil).is_err(), "{feil}");
        }
    }
}
