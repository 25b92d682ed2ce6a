//! Addresses to try on a demo nation: real numbers of units in every state, with their names.

use std::fmt::Write;

use enhetsregisteret::endring::Endringstype;
use enhetsregisteret::modell::{Dokument, Enhet, Enhetstype};
use enhetsregisteret::{Enhetsregister, Oppslag};
use identifikator::Organisasjonsnummer;
use syntetisk::Nasjon;

/// States lie in the nation's first slots; no further is looked.
const UNITS_MAX: usize = 2_000;
/// So many of the newest events are looked through for a deleted and a removed unit.
const EVENTS_MAX: u64 = 20_000;

type Is = fn(&Enhet) -> bool;

/// States of live units, and how to tell them.
const STATES: &[(&str, Is)] = &[
    ("with roles", |unit| unit.organisasjonsform.kode == "AS" && unit.antall_ansatte.is_some_and(|n| n >= 5)),
    ("bankrupt", |unit| unit.konkurs),
    ("being wound up", |unit| unit.under_avvikling),
    ("compulsory liquidation", |unit| unit.under_tvangsavvikling_eller_tvangsopplosning),
    ("three industry codes", |unit| unit.naeringskode3.is_some()),
    ("helper unit", |unit| unit.hjelpeenhetskode.is_some()),
    ("foreign address", |unit| {
        unit.forretningsadresse.as_ref().is_some_and(|a| a.landkode.as_deref() != Some("NO"))
    }),
    ("Nynorsk", |unit| unit.maalform == "Nynorsk"),
    ("public sector", |unit| unit.overordnet_enhet.is_some()),
];

/// What to try, as text for people; the API lies at `prefix` on `host`.
pub async fn text(register: &Enhetsregister, nation: &Nasjon, host: &str, prefix: &str) -> String {
    let api = &format!("{host}{prefix}");
    let mut text = format!("\ntry:\n  curl -s '{api}/enheter?navn=fjord&size=5'\n");
    let units: Vec<Enhet> = nation.enheter().take(UNITS_MAX).collect();
    for (state, is) in STATES {
        if let Some(unit) = units.iter().find(|unit| is(unit)) {
            line(&mut text, api, &unit.organisasjonsnummer, &format!("{state}: {}", unit.navn));
        }
    }
    if let Some(unit) = units.iter().find(|unit| STATES[0].1(unit)) {
        line(&mut text, api, &format!("{}/roller", unit.organisasjonsnummer), "its roles");
    }
    for (kind, state) in [(Endringstype::Sletting, "deleted"), (Endringstype::Fjernet, "removed, 410")] {
        if let Some((number, name)) = gone(register, kind).await {
            line(&mut text, api, &number, &format!("{state}{name}"));
        }
    }
    let _ = writeln!(text, "  curl -s '{api}/oppdateringer/enheter?dato=2024-01-01T00:00:00.000Z'");
    let _ = writeln!(text, "in a browser: {host}/ and {host}/docs");
    text
}

fn line(text: &mut String, api: &str, path: &str, what: &str) {
    let _ = writeln!(text, "  curl -s {api}/enheter/{path}   # {what}");
}

/// The newest unit that this happened to and that still is so, with its name if it has one.
async fn gone(register: &Enhetsregister, kind: Endringstype) -> Option<(String, String)> {
    let feed = Enhetstype::Enhet.feed();
    let head = register.journal().feed_head(feed).await.ok()?.position;
    let from = head.saturating_sub(EVENTS_MAX) + 1;
    let events = register.journal().read(feed, from, EVENTS_MAX as usize).await.ok()?;
    for event in events.iter().rev().filter(|event| event.kind == kind as u8) {
        let number = Organisasjonsnummer::fra_verdi(u32::try_from(event.subject).ok()?)?;
        match register.hent(Enhetstype::Enhet, number).await {
            Ok(Oppslag::Fjernet(_)) if kind == Endringstype::Fjernet => {
                return Some((number.to_string(), String::new()));
            }
            Ok(Oppslag::Funnet(unit)) if kind == Endringstype::Sletting => {
                let document = Dokument::les(&unit.body).ok().filter(Dokument::er_slettet)?;
                let name = document.som::<String>("navn").unwrap_or_default();
                return Some((number.to_string(), format!(": {name}")));
            }
            _ => {}
        }
    }
    None
}
