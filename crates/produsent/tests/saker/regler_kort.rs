//! Persons and documents in short, for tables of rules.

use folkeregisteret::modell::{Persondokument, Relatert};
use identifikator::{Dato, Kjoenn, Personidentifikator, Slag};
use serde_json::{Value, json};

/// A number of nobody's, for somebody born on a date.
pub(crate) fn nr(foedt: &str, kjoenn: Kjoenn) -> String {
    let del = |fra: usize, til: usize| foedt[fra..til].parse::<u16>().expect("a number");
    let (maaned, dag) = (del(5, 7).to_le_bytes()[0], del(8, 10).to_le_bytes()[0]);
    let dato = Dato::ny(del(0, 4), maaned, dag).expect("a date");
    let mut numre = Personidentifikator::syntetiske(Slag::Foedselsnummer, dato, Some(kjoenn));
    numre.next().expect("a number").vis().to_string()
}

/// A marital status that somebody has now, and that of unmarried before it.
pub(crate) fn stand(type_: &str, dato: &str, med: Option<&str>) -> Value {
    let mut naa = json!({ "erGjeldende": true, "sivilstand": type_, "sivilstandsdato": dato });
    if let Some(med) = med {
        naa["relatertVedSivilstand"] = med.into();
    }
    json!({ "sivilstand": [naa, { "erGjeldende": false, "sivilstand": "ugift" }] })
}

/// The same for one of a couple, with the relation.
pub(crate) fn par(type_: &str, dato: &str, med: &str) -> Value {
    let mut dok = stand(type_, dato, Some(med));
    let rolle = "ektefelleEllerPartner";
    let relasjon = json!({ "erGjeldende": true, "relatertPerson": med, "relatertPersonsRolle": rolle, "minRolleForPerson": rolle });
    dok["familierelasjon"] = json!([relasjon]);
    dok
}

/// Somebody who must not be found.
pub(crate) fn fortrolig() -> Value {
    json!({ "adressebeskyttelse": [{ "erGjeldende": true, "graderingsnivaa": "fortrolig" }] })
}

/// One status, and nothing else changed.
pub(crate) fn personstatus(status: &str) -> Value {
    json!({ "status": [{ "erGjeldende": true, "status": status }] })
}

/// Both.
pub(crate) fn og(mut a: Value, b: Value) -> Value {
    if let (Some(a), Value::Object(b)) = (a.as_object_mut(), b) {
        a.extend(b);
    }
    a
}

fn hvem(relatert: &Relatert) -> String {
    match relatert {
        Relatert::RelatertPerson(nummer) => nummer.vis().to_string(),
        Relatert::RelatertPersonUtenFolkeregisteridentifikator(b) => {
            format!("{} {}", &*b.navn.fornavn, &*b.navn.etternavn)
        }
    }
}

/// Current relations, `role whom own-role`, in order.
pub(crate) fn slekt(dok: &Persondokument) -> Vec<String> {
    let naa = dok.familierelasjon.iter().filter(|f| f.meta.er_gjeldende == Some(true));
    let vis = |f: &folkeregisteret::modell::Familierelasjon| {
        let min = f.min_rolle_for_person.map_or("-", |rolle| rolle.kode());
        format!("{} {} {min}", f.relatert_persons_rolle.kode(), hvem(&f.relatert))
    };
    let mut alle: Vec<String> = naa.map(vis).collect();
    alle.sort();
    alle
}

/// Current responsibility, `kind whose`, in order.
pub(crate) fn ansvar(dok: &Persondokument) -> Vec<String> {
    let naa = dok.foreldreansvar.iter().filter(|f| f.meta.er_gjeldende == Some(true));
    let vis = |f: &folkeregisteret::modell::Foreldreansvar| {
        let nummer = f.ansvarlig.or(f.ansvarssubjekt).map(|n| n.vis().to_string());
        let navn = f.ansvarlig_uten_identifikator.as_ref().map(|b| b.navn.fornavn.to_string());
        format!("{} {}", f.ansvar.kode(), nummer.or(navn).unwrap_or_default())
    };
    let mut alle: Vec<String> = naa.map(vis).collect();
    alle.sort();
    alle
}

/// Current citizenships.
pub(crate) fn land(dok: &Persondokument) -> Vec<String> {
    let naa = dok.statsborgerskap.iter().filter(|s| s.meta.er_gjeldende == Some(true));
    naa.map(|s| s.statsborgerskap.as_str().to_owned()).collect()
}
