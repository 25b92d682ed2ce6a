//! Messages and persons with something other than usual.

use folkeregisteret::modell::Persondokument;
use identifikator::{Dato, Kjoenn, Personidentifikator, Slag};
use produsent::sak::{Innslag, gjeldende_alle};
use serde_json::{Value, json};

use crate::meldinger::e;

/// A message with something else in it.
pub(crate) fn bytt(xml: &str, bytter: &[(&str, &str)]) -> String {
    bytter.iter().fold(xml.to_owned(), |xml, (fra, til)| {
        assert!(xml.contains(fra), "{fra} is not in {xml}");
        xml.replacen(fra, til, 1)
    })
}

/// How many entries there are, how many are current, and how many have ended.
pub(crate) fn rader<T: Innslag>(verdier: &[T]) -> (usize, usize, usize) {
    let sluttet = verdier.iter().filter(|v| v.meta().opphoerstidspunkt.is_some()).count();
    (verdier.len(), gjeldende_alle(verdier).count(), sluttet)
}

/// From which day a value holds.
pub(crate) fn fra<T: Innslag>(v: &T) -> String {
    v.meta().gyldighetstidspunkt.expect("a time").local_date().to_string()
}

/// All numbers of a date and a sex, in the order in which they are given.
pub(crate) fn numre(
    slag: Slag,
    (aar, maaned, dag): (u16, u8, u8),
    kjoenn: Kjoenn,
) -> Vec<Personidentifikator> {
    let dato = Dato::ny(aar, maaned, dag).expect("a date");
    Personidentifikator::syntetiske(slag, dato, Some(kjoenn)).collect()
}

pub(crate) fn vis(nummer: Personidentifikator) -> String {
    nummer.vis().to_string()
}

/// Somebody with a D-number and no home.
pub(crate) fn med_dnummer() -> Value {
    json!({ "status": [{ "erGjeldende": true, "status": "midlertidig" }], "bostedsadresse": [] })
}

pub(crate) fn har_status(status: &str) -> Value {
    json!({ "status": [{ "erGjeldende": true, "status": status }] })
}

/// Both.
pub(crate) fn samlet(mut a: Value, b: Value) -> Value {
    if let (Some(a), Value::Object(b)) = (a.as_object_mut(), b) {
        a.extend(b);
    }
    a
}

/// A number of the immigration authorities that somebody has.
pub(crate) fn har_duf(duf: &str) -> Value {
    let type_ = "utlendingsmyndighetenesIdentifikasjonsnummer";
    let nummer = json!({ "erGjeldende": true, "identifikasjonsnummer": duf, "identifikasjonsnummertype": type_, "utstederland": "NOR" });
    json!({ type_: [nummer] })
}

/// Somebody who must not be found.
pub(crate) fn beskyttet() -> Value {
    json!({ "adressebeskyttelse": [{ "erGjeldende": true, "graderingsnivaa": "fortrolig" }] })
}

pub(crate) fn navnet(fornavn: &str, etternavn: &str) -> String {
    e("navn", &(e("fornavn", fornavn) + &e("etternavn", etternavn)))
}

/// An address on a road in Oslo.
pub(crate) fn vei(adressenavn: &str, husnummer: &str) -> String {
    let hus =
        if husnummer.is_empty() { String::new() } else { e("adressenummer", &e("husnummer", husnummer)) };
    let sted = e("poststed", &(e("poststedsnavn", "OSLO") + &e("postnummer", "0150")));
    e("adressenavn", adressenavn) + &hus + &sted
}

/// The same with its municipality.
pub(crate) fn vei_i_kommune(adressenavn: &str, husnummer: &str) -> String {
    vei(adressenavn, husnummer) + &e("kommunenummer", "0301")
}

pub(crate) fn utland(by: &str) -> String {
    e("adressenavn", "Storgatan 1") + &e("byEllerStedsnavn", by) + &e("landkode", "SWE")
}

pub(crate) fn kjoenn(dok: &Persondokument) -> Option<&'static str> {
    gjeldende_alle(&dok.kjoenn).next().map(|k| k.kjoenn.kode())
}

pub(crate) fn land(dok: &Persondokument) -> Vec<String> {
    let mut alle: Vec<String> =
        gjeldende_alle(&dok.statsborgerskap).map(|s| s.statsborgerskap.as_str().to_owned()).collect();
    alle.sort();
    alle
}
