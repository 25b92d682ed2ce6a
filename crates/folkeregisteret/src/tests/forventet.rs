//! What the sheet says that comes out, worked out on bare JSON from its tables and, where it has prose, from its
//! sentences. Slow, plain, and without a line in common with the filter.

use serde_json::{Map, Value};

use super::tabeller::{self, Rad, TYPER};

/// The column of a package. brsv has none: it gets what every package gets, which is what puh gets.
fn kolonne(pakke: &str) -> &str {
    if pakke == "brsv" { "puh" } else { pakke }
}

fn rad<'a>(tabell: &'a [Rad], kolonne: &str, verdi: &str) -> &'a Rad {
    tabell.iter().find(|rad| rad[kolonne] == verdi).unwrap_or_else(|| panic!("no row {verdi}"))
}

/// The cell of the matrix. What the sheet is not sure of, only omh gets.
fn celle(entitet: &str, pakke: &str) -> &'static str {
    if (entitet, pakke) == ("oppholdPaaSvalbard", "brsv") {
        return "ja";
    }
    match rad(&tabeller::ENTITET_PER_PAKKE, "entitet", entitet)[kolonne(pakke)] {
        "uklart" | "antatt_ja" | "tom" => "nei",
        celle => celle,
    }
}

/// The entities that a call gives.
pub(super) fn oensket(entitet: &str, pakke: &str, part: &[&str]) -> bool {
    let navngitt = part.iter().any(|p| p.eq_ignore_ascii_case(entitet));
    match celle(entitet, pakke) {
        "nei" => return false,
        "eksplisitt" => return navngitt,
        _ if entitet == "identifikasjonsnummer" => return true,
        _ => {}
    }
    let alias = |navn: &str| {
        let rad = rad(&tabeller::PART_VERDIER, "part", navn);
        let celle = rad[kolonne(pakke)];
        let gir = rad["gir"].split(';').any(|e| e == entitet);
        let ekstra =
            celle.strip_prefix("ja pluss ").is_some_and(|mer| mer.split(" og ").any(|e| e == entitet));
        match celle.strip_prefix("kun ") {
            Some(bare) => bare == entitet,
            None => celle.starts_with("ja") && gir || ekstra,
        }
    };
    let noe_annet = part.iter().any(|p| *p != "historikk");
    navngitt || part.iter().any(|p| p.contains('-') && alias(p)) || (!noe_annet && alias("person-basis"))
}

/// Whether a call gives past entries of an entity.
fn tidligere(entitet: &str, pakke: &str, part: &[&str]) -> bool {
    let gir = rad(&tabeller::PART_VERDIER, "part", "historikk")[kolonne(pakke)];
    let i_pakken = match gir {
        "alle" => rad(&tabeller::ENTITET_PER_PAKKE, "entitet", entitet)["har_historikk"] == "ja",
        // A past shared home cannot be without its dates and stays in omh.
        liste => liste.split(';').any(|del| match del {
            "adresser" => ADRESSER.contains(&entitet) && entitet != "deltBosted",
            navn => navn == entitet,
        }),
    };
    part.contains(&"historikk") && i_pakken
}

pub(super) const ADRESSER: [&str; 5] =
    ["bostedsadresse", "oppholdsadresse", "deltBosted", "postadresse", "postadresseIUtlandet"];

/// The protection in force in a document.
fn vern(dokument: &Value) -> &'static str {
    let mut nivaa = "ugradert";
    for innslag in dokument["adressebeskyttelse"].as_array().into_iter().flatten() {
        if innslag["erGjeldende"] != false {
            nivaa = strengest(nivaa, innslag["graderingsnivaa"].as_str().unwrap());
        }
    }
    nivaa
}

fn strengest(a: &str, b: &str) -> &'static str {
    let trinn = ["ugradert", "klientadresse", "fortrolig", "strengtFortrolig"];
    let plass = |nivaa| trinn.iter().position(|t| *t == nivaa).unwrap();
    trinn[plass(a).max(plass(b))]
}

/// What comes out.
pub(super) fn forventet(dokument: &Value, pakke: &str, part: &[&str]) -> Value {
    let vern = vern(dokument);
    let mut ut = Map::new();
    for rad in tabeller::ENTITETER.iter().filter(|rad| oensket(rad["entitet"], pakke, part)) {
        let entitet = rad["entitet"];
        let Some(verdi) = dokument.get(entitet) else { continue };
        let med_fortid = tidligere(entitet, pakke, part);
        let innslag = |verdi: &Value| {
            let gjelder = verdi["erGjeldende"] == true;
            (gjelder || med_fortid).then(|| ett_innslag(entitet, verdi, pakke, vern, !gjelder)).flatten()
        };
        match verdi {
            Value::Array(liste) => {
                let liste: Vec<Value> = liste.iter().filter_map(innslag).collect();
                if !liste.is_empty() {
                    ut.insert(entitet.to_owned(), liste.into());
                }
            }
            ett => drop(innslag(ett).map(|ett| ut.insert(entitet.to_owned(), ett))),
        }
    }
    Value::Object(ut)
}

/// One entry, after fields and rules.
pub(super) fn ett_innslag(
    entitet: &str,
    innslag: &Value,
    pakke: &str,
    vern: &str,
    forbi: bool,
) -> Option<Value> {
    let mut ut = innslag.clone();
    felter(tabeller::entitetstype(entitet), &mut ut, pakke);
    let hjemmel = pakke == "omh";
    match entitet {
        "status" if !hjemmel => status(&mut ut),
        "kontaktinformasjonForDoedsbo" => kontakt(&mut ut)?,
        "innflytting" | "utflytting" | "oppholdPaaSvalbard" => flytting(entitet, &mut ut, pakke, vern)?,
        _ if ADRESSER.contains(&entitet) => adresse(entitet, &mut ut, hjemmel, vern, forbi)?,
        _ => {}
    }
    Some(ut)
}

/// Fields that only some packages get, at any depth.
fn felter(type_: &str, objekt: &mut Value, pakke: &str) {
    let Value::Object(objekt) = objekt else { return };
    for felt in TYPER.get(type_).into_iter().flatten() {
        let regel = tabeller::FELT_PER_PAKKE.iter().find(|r| r["type"] == type_ && r["felt"] == felt.navn);
        if regel.is_some_and(|regel| !regel["pakker"].split(' ').any(|p| p == pakke)) {
            objekt.shift_remove(felt.navn);
        }
        match objekt.get_mut(felt.navn) {
            Some(Value::Array(liste)) => {
                for verdi in liste {
                    felter(felt.datatype, verdi, pakke);
                }
            }
            Some(verdi) => felter(felt.datatype, verdi, pakke),
            None => {}
        }
    }
}

/// Rule 1 of section 3.4, and nothing beside that tells the true status.
fn status(ut: &mut Value) {
    if ["forsvunnet", "foedselsregistrert", "midlertidig", "ikkeBosatt"]
        .contains(&ut["status"].as_str().unwrap())
    {
        ut["status"] = "aktiv".into();
        uten(ut, &["kilde", "aarsak"]);
    }
}

/// Rule 4: by number, or by facts.
fn kontakt(ut: &mut Value) -> Option<()> {
    let Some(person) = ut.get_mut("person") else { return Some(()) };
    if person.get("foedselsEllerDNummer").is_some() {
        uten(person, &["foedselsdato", "personnavn"]);
    }
    (person.get("foedselsEllerDNummer").or(person.get("personnavn"))).map(|_| ())
}

/// Rule 5, and what tells that there is protection.
fn flytting(entitet: &str, ut: &mut Value, pakke: &str, vern: &str) -> Option<()> {
    if vern == "strengtFortrolig" {
        return None;
    }
    if vern != "ugradert" && entitet != "oppholdPaaSvalbard" && pakke != "omh" {
        uten(ut, &["kilde", "aarsak"]);
    }
    if vern != "ugradert" && !["omh", "ouh"].contains(&pakke) {
        uten(ut, &["fraflyttingsland", "fraflyttingskommunenummer"]);
        if entitet != "oppholdPaaSvalbard" {
            let resten = ["fraflyttingsstedIUtlandet", "tilflyttingsland", "tilflyttingsstedIUtlandet"];
            uten(ut, &resten);
            uten(ut, &["utflyttingsdato", "ajourholdstidspunkt", "gyldighetstidspunkt", "opphoerstidspunkt"]);
        }
    }
    Some(())
}

/// Section 3.5.
fn adresse(entitet: &str, ut: &mut Value, hjemmel: bool, vern: &str, forbi: bool) -> Option<()> {
    let gradering = ut["adressegradering"].as_str().unwrap().to_owned();
    let aapen_post = entitet == "postadresse" && gradering == "ugradert";
    let samlet = if aapen_post { "ugradert" } else { strengest(&gradering, vern) };
    if samlet == "strengtFortrolig" || forbi && vern == "strengtFortrolig" {
        return None;
    }
    if !hjemmel {
        if samlet != "ugradert" {
            return None;
        }
        if vern != "ugradert" {
            uten(ut, &["kilde", "aarsak"]);
        }
        if forbi {
            uten(ut, &["ajourholdstidspunkt", "gyldighetstidspunkt", "opphoerstidspunkt"]);
            uten(ut, &["flyttedato", "oppholdsadressedato", "sluttdatoForKontrakt"]);
        }
    }
    Some(())
}

fn uten(objekt: &mut Value, felter: &[&str]) {
    for felt in felter {
        objekt.as_object_mut().unwrap().shift_remove(*felt);
    }
}

/// The same content in XML (section 7.5), for a root element and its namespace.
pub(super) fn som_xml(verdi: &Value, rot: &str, navnerom: &str) -> String {
    let mut ut =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><{rot} xmlns=\"{navnerom}\">");
    innhold(verdi, &mut ut);
    ut + &format!("</{rot}>")
}

fn innhold(verdi: &Value, ut: &mut String) {
    match verdi {
        Value::Object(objekt) => objekt.iter().for_each(|(navn, verdi)| element(navn, verdi, ut)),
        Value::String(tekst) => ut.push_str(
            &tekst.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;"),
        ),
        annet => ut.push_str(&annet.to_string()),
    }
}

fn element(navn: &str, verdi: &Value, ut: &mut String) {
    if let Value::Array(liste) = verdi {
        return liste.iter().for_each(|verdi| element(navn, verdi, ut));
    }
    ut.extend(["<", navn, ">"]);
    innhold(verdi, ut);
    ut.extend(["</", navn, ">"]);
}
