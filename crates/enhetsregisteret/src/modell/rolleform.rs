//! Roles in stored form, and their links.
//!
//! Roles are nested deeper than units, so they are handled as JSON trees: every key is kept, in the API's order
//! (fact sheet section 10.2), and links are put on where the API has them.

use identifikator::Organisasjonsnummer;
use serde_json::{Map, Value, json};

use super::UgyldigDokument;

/// The order of keys in role answers, one list for all levels.
const REKKEFOLGE: &[&str] = &[
    "kode",
    "beskrivelse",
    "utgaatt",
    "type",
    "sistEndret",
    "roller",
    "fodselsdato",
    "organisasjonsnummer",
    "organisasjonsform",
    "person",
    "enhet",
    "navn",
    "fornavn",
    "mellomnavn",
    "etternavn",
    "erDoed",
    "erSlettet",
    "ansvarsandel",
    "valgtAv",
    "stadfestetFremtidsfullmakt",
    "begrensetRettsligHandleevne",
    "fratraadt",
    "avregistrert",
    "rekkefolge",
];

/// Brings one unit's roles, from the role dump or an API answer, into stored form: without links, keys in the
/// API's order. The number is the top-level `organisasjonsnummer` of the dump, or given by the caller.
///
/// # Errors
/// [`UgyldigDokument`] when it cannot be a unit's roles.
pub fn kanoniser(
    json: &[u8],
    kjent: Option<Organisasjonsnummer>,
) -> Result<(Organisasjonsnummer, Vec<u8>), UgyldigDokument> {
    let mut tre: Value = serde_json::from_slice(json)?;
    let orgnr = match (kjent, tre.get("organisasjonsnummer").and_then(Value::as_str)) {
        (Some(orgnr), _) => orgnr,
        (None, Some(tekst)) => tekst.parse().map_err(|_| UgyldigDokument::Organisasjonsnummer)?,
        (None, None) => return Err(UgyldigDokument::Felt("organisasjonsnummer")),
    };
    let grupper =
        tre.get_mut("rollegrupper").map(Value::take).ok_or(UgyldigDokument::Felt("rollegrupper"))?;
    let ordnet = ordne(grupper);
    if serde_json::from_value::<Vec<super::Rollegruppe>>(ordnet.clone()).is_err() {
        return Err(UgyldigDokument::Felt("rollegrupper"));
    }
    Ok((orgnr, json!({ "rollegrupper": ordnet }).to_string().into_bytes()))
}

fn ordne(verdi: Value) -> Value {
    match verdi {
        Value::Array(liste) => liste.into_iter().map(ordne).collect(),
        Value::Object(objekt) => {
            let mut felter: Vec<(String, Value)> =
                objekt.into_iter().filter(|(n, v)| n != "_links" && n != "links" && !v.is_null()).collect();
            felter.sort_by_key(|(n, _)| REKKEFOLGE.iter().position(|r| r == n).unwrap_or(usize::MAX));
            felter.into_iter().map(|(n, v)| (n, ordne(v))).collect::<Map<_, _>>().into()
        }
        annet => annet,
    }
}

/// Puts links on stored role groups, as the API and the role dump have them, and fills in the two flags that
/// every client may require (sheet section 2, "Recommended profile").
pub fn med_lenker(grupper: &mut Value, base: &str) {
    for gruppe in grupper.as_array_mut().into_iter().flatten() {
        lenk(gruppe.get_mut("type"), base, "roller/rollegruppetyper");
        for rolle in gruppe.get_mut("roller").and_then(Value::as_array_mut).into_iter().flatten() {
            lenk(rolle.get_mut("type"), base, "roller/rolletyper");
            lenk(rolle.get_mut("valgtAv"), base, "roller/representanter");
            if let Some(enhet) = rolle.get_mut("enhet") {
                lenk(enhet.get_mut("organisasjonsform"), base, "organisasjonsformer");
                let nummer =
                    enhet.get("organisasjonsnummer").and_then(Value::as_str).unwrap_or("").to_owned();
                sett_selv(enhet, &format!("{base}/enheter/{nummer}"));
            }
            flagg(rolle);
        }
    }
}

fn lenk(kode: Option<&mut Value>, base: &str, liste: &str) {
    if let Some(kode) = kode {
        let verdi = kode.get("kode").and_then(Value::as_str).unwrap_or("").to_owned();
        sett_selv(kode, &format!("{base}/{liste}/{}", crate::lenker::i_sti(&verdi)));
    }
}

fn sett_selv(objekt: &mut Value, href: &str) {
    if let Some(objekt) = objekt.as_object_mut() {
        objekt.insert("_links".to_owned(), json!({ "self": { "href": href } }));
    }
}

fn flagg(rolle: &mut Value) {
    if let Some(rolle) = rolle.as_object_mut() {
        let plass = rolle.shift_remove("rekkefolge");
        for navn in ["fratraadt", "avregistrert"] {
            rolle.entry(navn).or_insert(Value::Bool(false));
        }
        if let Some(plass) = plass {
            rolle.insert("rekkefolge".to_owned(), plass);
        }
    }
}

/// Keys in alphabetical order at every level, as the role dump has them (sheet section 12.5).
pub fn alfabetisk(verdi: &mut Value) {
    match verdi {
        Value::Array(liste) => liste.iter_mut().for_each(alfabetisk),
        Value::Object(objekt) => {
            objekt.sort_keys();
            objekt.values_mut().for_each(alfabetisk);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = r#"{ "_links" : { "self" : { "href" : "x" } }, "organisasjonsnummer" : "310100005",
      "rollegrupper" : [ { "roller" : [ { "avregistrert" : false, "fratraadt" : true, "nytt" : 1,
        "person" : { "erDoed" : false, "fodselsdato" : "1975-10-12", "navn" : { "etternavn" : "Bæ", "fornavn" : "Åse" } },
        "rekkefolge" : 0, "type" : { "_links" : {}, "beskrivelse" : "Forretningsfører", "kode" : "FFØR" } } ],
        "sistEndret" : "2020-11-02", "type" : { "beskrivelse" : "Forretningsfører", "kode" : "FFØR" } } ] }"#;

    #[test]
    fn dump_to_stored_to_api_and_back() {
        let (orgnr, lagret) = kanoniser(DUMP.as_bytes(), None).unwrap();
        assert_eq!(orgnr.to_string(), "310100005");
        let tekst = String::from_utf8(lagret.clone()).unwrap();
        assert_eq!(
            tekst,
            r#"{"rollegrupper":[{"type":{"kode":"FFØR","beskrivelse":"Forretningsfører"},"sistEndret":"2020-11-02","roller":[{"type":{"kode":"FFØR","beskrivelse":"Forretningsfører"},"person":{"fodselsdato":"1975-10-12","navn":{"fornavn":"Åse","etternavn":"Bæ"},"erDoed":false},"fratraadt":true,"avregistrert":false,"rekkefolge":0,"nytt":1}]}]}"#
        );
        let mut tre: Value = serde_json::from_slice(&lagret).unwrap();
        med_lenker(&mut tre["rollegrupper"], "http://h/api");
        let lenke = &tre["rollegrupper"][0]["roller"][0]["type"]["_links"]["self"]["href"];
        assert_eq!(lenke, "http://h/api/roller/rolletyper/FF%C3%98R");
        assert_eq!(kanoniser(tre.to_string().as_bytes(), Some(orgnr)).unwrap().1.len(), lagret.len());
    }

    #[test]
    fn what_cannot_be_roles_is_refused() {
        for feil in [
            r#"{"rollegrupper":[]}"#,
            r#"{"organisasjonsnummer":"310100005"}"#,
            "[]",
            r#"{"organisasjonsnummer":"310100005","rollegrupper":[{"roller":3}]}"#,
        ] {
            assert!(kanoniser(feil.as_bytes(), None).is_err(), "{feil}");
        }
    }
}
