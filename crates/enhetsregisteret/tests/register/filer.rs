//! Downloads.

use std::io::{Cursor, Read};

use serde_json::json;

use crate::prove::*;

const V1: &str = "application/vnd.brreg.enhetsregisteret.enhet.v1+gzip;charset=UTF-8";

#[tokio::test]
async fn json_download() {
    let prove = Prove::fylt().await;
    let svar = prove.be("GET", &format!("{API}/enheter/lastned"), &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(
        svar.hode("content-type"),
        "application/vnd.brreg.enhetsregisteret.enhet.v2+gzip;charset=UTF-8"
    );
    assert_eq!(svar.hode("content-disposition"), "attachment; filename=\"enheter_alle.json.gz\"");
    assert_eq!(svar.hode("content-encoding"), "");
    let mut tekst = String::new();
    flate2::read::GzDecoder::new(&svar.kropp[..]).read_to_string(&mut tekst).unwrap();
    assert!(
        tekst.starts_with("[ {\n  \"links\" : [ ],\n  \"organisasjonsnummer\" : \"310100005\",\n"),
        "{tekst}"
    );
    assert!(tekst.contains("\n}, {\n") && tekst.ends_with("\n} ]"));
    let liste = svar.liste();
    assert_eq!(liste.len(), 2);
    assert_eq!(
        liste[0]["organisasjonsform"],
        json!({ "links": [], "kode": "AS", "beskrivelse": "Aksjeselskap" })
    );
    assert_eq!((liste[0]["respons_klasse"].as_str(), liste[0].get("_links")), (Some("Enhet"), None));
    assert!(liste[1].get("antallAnsatte").is_none());
    let v1 = prove.hent_som("/enheter/lastned", V1).await;
    assert_eq!(v1.hode("content-disposition"), "attachment; filename=enheter_alle.json.gz");
    assert_eq!(v1.liste()[1]["antallAnsatte"], 3);
    for accept in ["application/gzip", "application/json", "*/*"] {
        assert_eq!(prove.hent_som("/enheter/lastned", accept).await.liste().len(), 2, "{accept}");
    }
    assert_eq!(prove.hent_som("/enheter/lastned", "text/html").await.status, 406);
}

#[tokio::test]
async fn filtered_download() {
    let prove = Prove::fylt().await;
    let svar = prove.hent("/enheter/lastned?navn=liten").await;
    assert_eq!(svar.liste()[0]["navn"], "LITEN AS");
    assert_eq!(svar.hode("content-disposition"), "attachment; filename=\"enheter_alle.json.gz\"");
    assert_eq!(prove.hent("/enheter/lastned?size=1&page=1").await.liste().len(), 1);
    assert_eq!(prove.hent("/enheter/lastned?konkurs=tja").await.status, 400);
    assert_eq!(prove.hent("/enheter/lastned?size=10000&page=1").await.status, 400);
    assert!(prove.hent("/enheter/lastned?navn=xyzzyq").await.liste().is_empty());
}

#[tokio::test]
async fn validators_agree_ranges_work_and_a_change_makes_a_new_file() {
    let prove = Prove::fylt().await;
    let sti = format!("{API}/underenheter/lastned");
    let hel = prove.be("GET", &sti, &[]).await;
    let head = prove.be("HEAD", &sti, &[]).await;
    for hode in ["etag", "last-modified", "content-length", "content-type", "content-disposition"] {
        assert!(!hel.hode(hode).is_empty());
        assert_eq!(hel.hode(hode), head.hode(hode), "{hode}");
    }
    assert!(head.kropp.is_empty());
    let del = prove.be("GET", &sti, &[("range", "bytes=2-5")]).await;
    assert_eq!((del.status, &del.kropp[..]), (206, &hel.kropp[2..6]));
    assert_eq!(prove.be("GET", &sti, &[("if-none-match", hel.hode("etag"))]).await.status, 304);
    prove.skriv(vec![underenhet("310100080", "NY", json!({}))]).await;
    let ny = prove.be("GET", &sti, &[("if-none-match", hel.hode("etag"))]).await;
    assert_eq!((ny.status, ny.liste().len()), (200, 2));
    let filer = std::fs::read_dir(prove.mappe.path().join("lastned")).unwrap().count();
    assert_eq!(filer, 1, "the old file is gone");
}

#[tokio::test]
async fn csv_reads_back() {
    let prove = Prove::fylt().await;
    for (sti, bredde) in [("/enheter/lastned/csv", 90), ("/underenheter/lastned/csv", 44)] {
        let svar = prove.hent(sti).await;
        assert!(svar.hode("content-disposition").ends_with("_alle.csv.gz\""));
        let mut tekst = String::new();
        flate2::read::GzDecoder::new(&svar.kropp[..]).read_to_string(&mut tekst).unwrap();
        assert!(tekst.starts_with("\"organisasjonsnummer\",\"navn\","));
        let mut leser = csv::Reader::from_reader(tekst.as_bytes());
        assert_eq!(leser.headers().unwrap().len(), bredde);
        let hoder = leser.headers().unwrap().clone();
        let rader: Vec<csv::StringRecord> = leser.records().map(Result::unwrap).collect();
        let celle =
            |rad: usize, navn: &str| rader[rad][hoder.iter().position(|h| h == navn).unwrap()].to_owned();
        if bredde == 90 {
            assert_eq!(rader.len(), 2);
            assert_eq!(celle(0, "forretningsadresse.adresse"), "c/o Kai \"Kaia\" Eksempel\nVerkstedgata 4");
            assert_eq!((celle(0, "antallAnsatte"), celle(1, "antallAnsatte")), ("12".into(), String::new()));
            assert_eq!((celle(0, "konkurs"), celle(0, "paategninger")), ("false".into(), "JA".into()));
            assert_eq!(celle(1, "paategninger"), "NEI");
            assert_eq!(celle(0, "registreringsdatoenhetsregisteret"), "2011-03-09");
        } else {
            assert_eq!((rader.len(), celle(0, "oppstartsdato")), (1, "2011-02-20".into()));
        }
    }
}

#[tokio::test]
async fn spreadsheet_opens() {
    let prove = Prove::fylt().await;
    let uten_versjon =
        "application/vnd.brreg.enhetsregisteret.enhet+vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    for (accept, kolonner) in [("*/*", 90), (uten_versjon, 43)] {
        let svar = prove.hent_som("/enheter/lastned/regneark", accept).await;
        assert!(svar.hode("content-disposition").contains("enheter_alle.xlsx"));
        let mut bok = zip::ZipArchive::new(Cursor::new(svar.kropp)).unwrap();
        let mut ark = String::new();
        bok.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut ark).unwrap();
        assert_eq!(ark.matches("<row ").count(), 3, "header and two units");
        let forste_rad = ark.split("</row>").next().unwrap();
        assert_eq!(forste_rad.matches("<c ").count(), kolonner, "{accept}");
    }
}

#[tokio::test]
async fn role_download() {
    let prove = Prove::fylt().await;
    let svar = prove.hent("/roller/totalbestand").await;
    assert_eq!(svar.hode("content-disposition"), "attachment; filename=\"roller_alle.json.gz\"");
    let liste = svar.liste();
    assert_eq!(liste.len(), 1, "a deleted unit's roles are not told");
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("role_download", serde_json::to_string_pretty(&liste[0]).unwrap());
    });
}
