//! Bulk load.

use std::io::Write;
use std::path::{Path, PathBuf};

use enhetsregisteret::import::{Importrapport, Importvalg, Innhold, Manglende, fil, flyt};
use enhetsregisteret::modell::Enhetstype::Enhet;
use serde_json::{Value, json};

use crate::prove::*;

fn dump(sti: &Path, enheter: &[Value]) -> PathBuf {
    let tekst = serde_json::to_string_pretty(enheter).unwrap();
    let mut gz =
        flate2::write::GzEncoder::new(std::fs::File::create(sti).unwrap(), flate2::Compression::fast());
    gz.write_all(tekst.as_bytes()).unwrap();
    gz.finish().unwrap();
    sti.to_owned()
}

fn dumpenhet(nr: u32, navn: &str) -> Value {
    json!({
        "links": [], "organisasjonsnummer": format!("31{nr:07}"), "navn": navn,
        "organisasjonsform": { "links": [], "kode": "AS", "beskrivelse": "Aksjeselskap" },
        "registreringsdatoEnhetsregisteret": "2011-03-09", "registrertIMvaregisteret": true,
        "harRegistrertAntallAnsatte": false, "registrertIForetaksregisteret": true,
        "registrertIStiftelsesregisteret": false, "registrertIFrivillighetsregisteret": false, "konkurs": false,
        "underAvvikling": false, "underTvangsavviklingEllerTvangsopplosning": false, "maalform": "Bokmål",
        "respons_klasse": "Enhet",
    })
}

fn valg() -> Importvalg {
    Importvalg {
        innhold: Innhold::Enheter(Enhet),
        avvist_til: None,
        manglende: Manglende::Auto,
        stille: None,
    }
}

async fn importer(prove: &Prove, sti: &Path, valg: &Importvalg) -> Importrapport {
    fil(&prove.register, sti, valg, &|_, _| {}).await.unwrap()
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_a_newer_dump_only_what_differs() {
    let prove = Prove::ny().await;
    let mut enheter: Vec<Value> = (0..5000).map(|nr| dumpenhet(nr, "A")).collect();
    let sti = dump(&prove.mappe.path().join("a.json.gz"), &enheter);
    let forste = importer(&prove, &sti, &valg()).await;
    assert_eq!((forste.lest, forste.nye, forste.avviste), (5000, 5000, 0));
    assert_eq!(prove.hent("/enheter/lastned").await.liste(), enheter);
    let igjen = importer(&prove, &sti, &valg()).await;
    assert_eq!((igjen.lest, igjen.nye, igjen.endrede, igjen.uendrede), (5000, 0, 0, 5000));
    enheter[7]["navn"] = json!("B");
    enheter.remove(9);
    let nyere = importer(&prove, &dump(&sti, &enheter), &valg()).await;
    assert_eq!((nyere.endrede, nyere.manglende, nyere.slettet_manglende), (2, 1, true));
    let feed = prove.hent("/oppdateringer/enheter?oppdateringsid=5001").await.json();
    let hva: Vec<_> = feed["_embedded"]["oppdaterteEnheter"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| h["endringstype"].clone())
        .collect();
    assert_eq!(hva, ["Endring", "Sletting"]);
    assert_eq!(prove.hent("/enheter/310000009").await.json()["slettedato"], "2024-01-17");
}

#[tokio::test]
async fn a_part_of_a_dump_does_not_empty_the_register() {
    let prove = Prove::ny().await;
    let alle: Vec<Value> = (0..500).map(|nr| dumpenhet(nr, "A")).collect();
    let sti = dump(&prove.mappe.path().join("a.json.gz"), &alle);
    importer(&prove, &sti, &valg()).await;
    let rapport = importer(&prove, &dump(&sti, &alle[..100]), &valg()).await;
    assert_eq!((rapport.manglende, rapport.slettet_manglende), (400, false));
    assert_eq!(prove.hent("/enheter/310000499").await.json()["navn"], "A");
    let slett = Importvalg { manglende: Manglende::Slett, ..valg() };
    assert!(importer(&prove, &sti, &slett).await.slettet_manglende);
    assert_eq!(prove.hent("/enheter/310000499").await.json()["respons_klasse"], "SlettetEnhet");
}

#[tokio::test]
async fn bad_records_are_set_aside_with_their_place() {
    let prove = Prove::ny().await;
    let sti = prove.mappe.path().join("a.json");
    let god = |nr| serde_json::to_string(&dumpenhet(nr, "A")).unwrap();
    let tekst = format!(
        "[ {}, {{\n  \"organisasjonsnummer\" : \"310000001\",\n  \"navn\" : \"uten slutt\n}}, {{\n  \"organisasjonsnummer\" : \"31000000\"\n}}, {} ]",
        god(0),
        god(3)
    );
    std::fs::write(&sti, tekst).unwrap();
    let avvist = prove.mappe.path().join("avvist.ndjson");
    let valg = Importvalg { avvist_til: Some(avvist.clone()), ..valg() };
    let rapport = importer(&prove, &sti, &valg).await;
    assert_eq!((rapport.lest, rapport.nye, rapport.avviste), (4, 2, 2));
    let steder: Vec<_> =
        rapport.eksempler.iter().map(|a| (a.nummer, a.linje, a.organisasjonsnummer.as_deref())).collect();
    assert_eq!(steder, [(2, 1, Some("310000001")), (3, 4, None)]);
    let linjer: Vec<Value> =
        std::fs::read_to_string(avvist).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(linjer[0]["innhold"].as_str().unwrap().contains("uten slutt"));
    assert_eq!(linjer[1]["feil"], "organisasjonsnummer er ikke ni siffer");
}

#[tokio::test]
async fn a_cut_off_file_loads_what_it_has_and_says_so() {
    let prove = Prove::ny().await;
    let alle: Vec<Value> = (0..3000).map(|nr| dumpenhet(nr, "A")).collect();
    let sti = dump(&prove.mappe.path().join("a.json.gz"), &alle);
    let hel = std::fs::read(&sti).unwrap();
    std::fs::write(&sti, &hel[..hel.len() * 3 / 4]).unwrap();
    assert!(fil(&prove.register, &sti, &valg(), &|_, _| {}).await.is_err());
    let lastet = prove.register.journal().feed_head(Enhet.feed()).await.unwrap().position;
    assert!((2000..3000).contains(&lastet), "whole batches are there: {lastet}");
    std::fs::write(&sti, &hel).unwrap();
    let rapport = importer(&prove, &sti, &valg()).await;
    assert_eq!(rapport.nye + lastet, 3000);
}

#[tokio::test]
async fn csv_and_roles_and_streams() {
    let prove = Prove::ny().await;
    prove.skriv(vec![enhet("310100005", "A, \"B\" AS", json!({ "antallAnsatte": 7, "harRegistrertAntallAnsatte": true, "vedtektsfestetFormaal": ["x", "y"] }))]).await;
    prove.skriv(vec![roller("310100005", &styre_og_revisor())]).await;
    let csv = prove.hent("/enheter/lastned/csv").await.kropp;
    let roller = prove.hent("/roller/totalbestand").await.kropp;
    let annen = Prove::ny().await;
    let rapport = flyt(&annen.register, std::io::Cursor::new(csv), None, &valg(), &|_, _| {}).await.unwrap();
    assert_eq!((rapport.nye, rapport.avviste), (1, 0), "{:?}", rapport.eksempler);
    let rollevalg = Importvalg { innhold: Innhold::Roller, ..valg() };
    flyt(&annen.register, std::io::Cursor::new(roller), None, &rollevalg, &|_, _| {}).await.unwrap();
    for sti in ["/enheter/310100005", "/enheter/310100005/roller"] {
        assert_eq!(annen.hent(sti).await.json(), prove.hent(sti).await.json());
    }
}
