//! Stored documents as the API sends them.
//!
//! Two families: with links, for the API's answers ([`enhet`], [`roller`]), and without, for the downloads
//! ([`enhet_i_fil`], [`roller_i_fil`]; sheet sections 12.2, 12.5). Everything here writes compact JSON; the
//! layout of the real service is put on by `web::json` when an answer leaves.

use std::borrow::Cow;

use identifikator::Organisasjonsnummer;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::Feil;
use crate::modell::dokument::{skriv_nokkel, skriv_streng};
use crate::modell::felt::Profil;
use crate::modell::{Dokument, Enhetstype, Versjon, rolleform};

/// Which representation is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// The version asked for.
    pub versjon: Versjon,
    /// Whether fields from after 1.5.0 are sent.
    pub utvidet: bool,
}

/// From how many employees on version 2 tells the number (sheet section 5.3).
pub const MINSTE_SYNLIGE_ANTALL: u32 = 5;

/// A unit, live or deleted, with links.
///
/// # Errors
/// When the stored document is not one.
pub fn enhet(ut: &mut Vec<u8>, lagret: &[u8], kind: Enhetstype, form: Form, base: &str) -> Result<(), Feil> {
    let dokument = Dokument::les(lagret)?;
    felter(ut, &dokument, kind, form, Some(base))?;
    let orgnr: Cow<'_, str> = dokument.som("organisasjonsnummer").unwrap_or_default();
    ut.extend_from_slice(br#","_links":{"self":"#);
    lenke(ut, base, kind.flertall(), &orgnr);
    if let Some(forelder) = dokument.som::<Cow<'_, str>>("overordnetEnhet") {
        ut.extend_from_slice(br#","overordnetEnhet":"#);
        lenke(ut, base, "enheter", &forelder);
    }
    ut.extend_from_slice(br#"},"respons_klasse":"#);
    skriv_streng(ut, responsklasse(&dokument, kind));
    ut.push(b'}');
    Ok(())
}

/// A unit as an element of a JSON download.
///
/// # Errors
/// When the stored document is not one.
pub fn enhet_i_fil(ut: &mut Vec<u8>, lagret: &[u8], kind: Enhetstype, form: Form) -> Result<(), Feil> {
    let dokument = Dokument::les(lagret)?;
    felter(ut, &dokument, kind, form, None)?;
    ut.extend_from_slice(br#","respons_klasse":"#);
    skriv_streng(ut, responsklasse(&dokument, kind));
    ut.push(b'}');
    Ok(())
}

/// A removed unit: its tombstone with a link (sheet section 8.5).
///
/// # Errors
/// When the stored tombstone is not one.
pub fn fjernet(ut: &mut Vec<u8>, gravstein: &[u8], kind: Enhetstype, base: &str) -> Result<(), Feil> {
    let dokument = Dokument::les(gravstein)?;
    let orgnr: Cow<'_, str> = dokument.som("organisasjonsnummer").unwrap_or_default();
    ut.extend_from_slice(gravstein.strip_suffix(b"}").unwrap_or(gravstein));
    ut.extend_from_slice(br#","_links":{"self":"#);
    lenke(ut, base, kind.flertall(), &orgnr);
    ut.extend_from_slice(b"}}");
    Ok(())
}

/// A unit's roles with links (sheet section 10.1).
///
/// # Errors
/// When the stored document is not one.
pub fn roller(lagret: &[u8], orgnr: Organisasjonsnummer, base: &str) -> Result<Value, Feil> {
    let mut tre: Value = serde_json::from_slice(lagret)?;
    if let Some(grupper) = tre.get_mut("rollegrupper") {
        rolleform::med_lenker(grupper, base);
    }
    tre["_links"] = rollelenker(orgnr, base);
    Ok(tre)
}

/// A unit's roles as an element of the role download: alphabetical, with the number at the top.
///
/// # Errors
/// When the stored document is not one.
pub fn roller_i_fil(lagret: &[u8], orgnr: Organisasjonsnummer, base: &str) -> Result<Value, Feil> {
    let mut tre = roller(lagret, orgnr, base)?;
    rolleform::alfabetisk(&mut tre["rollegrupper"]);
    let grupper = tre["rollegrupper"].take();
    Ok(serde_json::json!({
        "_links": rollelenker(orgnr, base),
        "organisasjonsnummer": orgnr.to_string(),
        "rollegrupper": grupper,
    }))
}

fn rollelenker(orgnr: Organisasjonsnummer, base: &str) -> Value {
    serde_json::json!({
        "self": { "href": format!("{base}/enheter/{orgnr}/roller") },
        "enhet": { "href": format!("{base}/enheter/{orgnr}") },
    })
}

fn responsklasse(dokument: &Dokument<'_>, kind: Enhetstype) -> &'static str {
    if dokument.er_slettet() { "SlettetEnhet" } else { kind.responsklasse() }
}

/// Opens the object and writes its fields. With a base: links in `organisasjonsform`; without: the empty
/// `links` lists of the downloads.
fn felter(
    ut: &mut Vec<u8>,
    dokument: &Dokument<'_>,
    kind: Enhetstype,
    form: Form,
    base: Option<&str>,
) -> Result<(), Feil> {
    ut.push(b'{');
    if base.is_none() {
        ut.extend_from_slice(br#""links":[],"#);
    }
    let hjelpeenhet = dokument.felt("hjelpeenhetskode").is_some();
    let mut forste = true;
    let mut neste = 0;
    for (navn, verdi) in &dokument.felter {
        // Stored fields stand in the table's order, so the place of one is near the place of the one before.
        let plass = kind.plass_fra(navn, neste);
        neste = plass.map_or(neste, |plass| plass + 1);
        let profil = plass.map_or(Profil::Utvidet, |plass| kind.felter()[plass].profil);
        if !sendes(dokument, navn, verdi, profil, form) {
            continue;
        }
        if !forste {
            ut.push(b',');
        }
        forste = false;
        match navn.as_ref() {
            "harRegistrertAntallAnsatte" if form.versjon == Versjon::V1 => {
                // Reached only when the number is not stored: version 1 always has one (sheet 5.3). A hidden
                // number is between 1 and 4; 1 is what is known for certain.
                skriv_nokkel(ut, "antallAnsatte");
                ut.push(if verdi.get() == "true" { b'1' } else { b'0' });
            }
            "organisasjonsform" => organisasjonsform(ut, navn, verdi, base)?,
            "naeringskode1" | "naeringskode2" | "naeringskode3" if form.versjon == Versjon::V1 => {
                naeringskode_v1(ut, navn, verdi, hjelpeenhet && navn == "naeringskode1")?;
            }
            _ => {
                skriv_nokkel(ut, navn);
                ut.extend_from_slice(verdi.get().as_bytes());
            }
        }
    }
    Ok(())
}

fn sendes(dokument: &Dokument<'_>, navn: &str, verdi: &RawValue, profil: Profil, form: Form) -> bool {
    match (form.versjon, profil) {
        (_, Profil::Utvidet) => form.utvidet,
        (Versjon::V1, Profil::V2) => {
            navn == "harRegistrertAntallAnsatte" && dokument.felt("antallAnsatte").is_none()
        }
        (Versjon::V2, Profil::V1) if navn == "antallAnsatte" => {
            verdi.get().parse::<u32>().is_ok_and(|antall| antall >= MINSTE_SYNLIGE_ANTALL)
        }
        _ => true,
    }
}

fn organisasjonsform(ut: &mut Vec<u8>, navn: &str, verdi: &RawValue, base: Option<&str>) -> Result<(), Feil> {
    skriv_nokkel(ut, navn);
    let raa = verdi.get();
    match base {
        None => {
            ut.extend_from_slice(br#"{"links":[],"#);
            ut.extend_from_slice(raa.trim_start_matches('{').as_bytes());
        }
        Some(base) => {
            let form = Dokument::les(raa.as_bytes())?;
            let kode: Cow<'_, str> = form.som("kode").unwrap_or_default();
            ut.extend_from_slice(raa.strip_suffix('}').unwrap_or(raa).as_bytes());
            ut.extend_from_slice(br#","_links":{"self":"#);
            lenke(ut, base, "organisasjonsformer", &crate::lenker::i_sti(&kode));
            ut.extend_from_slice(b"}}");
        }
    }
    Ok(())
}

/// Version 1 has the text before the code, and the helper unit as a flag (sheet sections 5.3, 8.3).
fn naeringskode_v1(ut: &mut Vec<u8>, navn: &str, verdi: &RawValue, hjelpeenhet: bool) -> Result<(), Feil> {
    let kode = Dokument::les(verdi.get().as_bytes())?;
    skriv_nokkel(ut, navn);
    ut.push(b'{');
    for (i, del) in ["beskrivelse", "kode"].into_iter().enumerate() {
        if i > 0 {
            ut.push(b',');
        }
        skriv_nokkel(ut, del);
        ut.extend_from_slice(kode.felt(del).map_or("\"\"", |v| v.get()).as_bytes());
    }
    if hjelpeenhet {
        ut.extend_from_slice(br#","hjelpeenhetskode":true"#);
    }
    ut.push(b'}');
    Ok(())
}

/// Writes `{"href":"BASE/LISTE/ID"}`.
fn lenke(ut: &mut Vec<u8>, base: &str, liste: &str, id: &str) {
    ut.extend_from_slice(br#"{"href":"#);
    skriv_streng(ut, &format!("{base}/{liste}/{id}"));
    ut.push(b'}');
}
