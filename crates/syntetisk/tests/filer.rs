//! The files are those of the official downloads.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;

use flate2::read::GzDecoder;
use serde_json::Value;
use syntetisk::{Nasjon, Oppsett, skriv};

fn pakk_ut(sti: &Path) -> String {
    let mut tekst = String::new();
    GzDecoder::new(File::open(sti).unwrap()).read_to_string(&mut tekst).unwrap();
    tekst
}

#[test]
fn all_files_are_whole_and_hold_the_nation() {
    let nasjon = Nasjon::new(Oppsett { enheter: 1000, personer: 1000, ..Oppsett::default() });
    let mappe = tempfile::tempdir().unwrap();
    let ut = mappe.path().join("ut");
    let meldinger = Mutex::new(Vec::new());
    let fremdrift = |fil, antall| meldinger.lock().unwrap().push((fil, antall));
    skriv::skriv_alt(&nasjon, &ut, "https://host/enhetsregisteret/api", &fremdrift).unwrap();
    let mut filer: Vec<String> =
        std::fs::read_dir(&ut).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    filer.sort();
    let mut ventet = skriv::FILER.to_vec();
    ventet.sort_unstable();
    assert_eq!(filer, ventet);

    let tekst = pakk_ut(&ut.join("enheter_alle.json.gz"));
    assert!(
        tekst.starts_with("[ {\n  \"links\" : [ ],\n  \"organisasjonsnummer\" : \"300000002\","),
        "{}",
        &tekst[..90]
    );
    let enheter: Vec<Value> = serde_json::from_str(&tekst).unwrap();
    assert_eq!(enheter.len(), 1000);
    assert!(enheter.iter().all(|e| e["respons_klasse"] == "Enhet" && e.get("_links").is_none()));
    // Version 2 hides what is below five.
    assert!(enheter.iter().all(|e| e.get("antallAnsatte").is_none_or(|n| n.as_u64() >= Some(5))));

    let underenheter: Vec<Value> =
        serde_json::from_str(&pakk_ut(&ut.join("underenheter_alle.json.gz"))).unwrap();
    assert_eq!(underenheter.len(), nasjon.underenheter().count());

    let roller = pakk_ut(&ut.join("roller_alle.json.gz"));
    assert!(roller.starts_with("[ {\n  \"_links\" : {"), "{}", &roller[..40]);
    let roller: Vec<Value> = serde_json::from_str(&roller).unwrap();
    assert_eq!(roller.len(), nasjon.roller().count());
    assert_eq!(
        roller[0]["_links"]["self"]["href"],
        "https://host/enhetsregisteret/api/enheter/300000002/roller"
    );

    let csv = pakk_ut(&ut.join("enheter_alle.csv.gz"));
    assert!(csv.starts_with("\"organisasjonsnummer\",\"navn\",\"organisasjonsform.kode\","));
    assert!(pakk_ut(&ut.join("underenheter_alle.csv.gz")).starts_with("\"organisasjonsnummer\",\"navn\","));
    let matrikkel = std::fs::read_to_string(ut.join("matrikkelenheter.csv")).unwrap();
    assert_eq!(matrikkel.lines().count(), nasjon.matrikkel().count() + 1);

    let personer = pakk_ut(&ut.join("personer_alle.jsonl.gz"));
    let personer: Vec<Value> = personer.lines().map(|linje| serde_json::from_str(linje).unwrap()).collect();
    // Who was merged away is part of another one.
    assert!((990..1000).contains(&personer.len()), "{}", personer.len());
    assert!(personer.iter().all(|p| p["identifikasjonsnummer"][0]["foedselsEllerDNummer"].is_string()));

    let meldinger = meldinger.into_inner().unwrap();
    assert!(meldinger.contains(&("enheter_alle.json.gz", 1000)));
    assert!(meldinger.contains(&("roller_alle.json.gz", roller.len() as u64)));
}
