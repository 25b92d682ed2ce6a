//! Look-ups, the feed, documents and extracts, as their consumers call them.

use std::collections::BTreeMap;

use super::*;

#[test]
fn the_guard_stands_before_everything() {
    let folk = Folk::hele();
    for sti in
        ["/personer/01819012365", "/hendelser/feed?seq=0", "/personer/xsd", "/hendelser/siste/sekvensnummer"]
    {
        let svar = folk.server.get(&format!("{OMH}{sti}"));
        assert_eq!(svar.status, 401, "{sti}");
        let kropp: Value = serde_json::from_slice(&svar.body).expect("JSON");
        assert_eq!((&kropp["httpStatus"], &kropp["alvorlighetsgrad"]), (&json!(401), &json!("WARNING")));
        assert_eq!((&kropp["kode"], &kropp["melding"]), (&json!("FREG-001"), &kropp["feilmelding"]));
        let svar = folk.server.get_with(&format!("{OMH}{sti}"), &[("accept", "application/xml")]);
        assert!(svar.status == 401 && svar.text().contains("<kode>FREG-001</kode><melding>"), "{sti}");
    }
    let finans = folk.konsument("finans", FINANS);
    assert_eq!(finans.get("/personer/xsd").status, 200);
    let feil_pakke = Konsument { base: OMH, ..folk.konsument("finans", FINANS) };
    assert_eq!(feil_pakke.get("/personer/xsd").status, 403);
    assert_eq!(folk.konsument("offentligmedhjemmel.segmentansvarlig", OMH).get("/personer/xsd").status, 200);
}

#[test]
fn look_ups_and_their_refusals() {
    let folk = Folk::hele();
    let omh = folk.omh();
    let hendelser = omh.feed();
    let nummer = tekst(&hendelser[0], "/hendelse/folkeregisteridentifikator").to_owned();

    let person = omh.json(&format!("/personer/{nummer}"));
    assert!(person["status"].is_array() && person["identifikasjonsnummer"].is_array(), "{person}");
    let xml = omh.get_with(&format!("/personer/{nummer}/?part=status"), &[("accept", "application/xml")]);
    assert_eq!(xml.headers["content-type"], "application/xml");
    let start = "<folkeregisterperson xmlns=\"folkeregisteret:tilgjengeliggjoering:person:v1\"><identifikasjonsnummer>";
    assert!(xml.text().contains(start), "{}", xml.text());
    let deler = omh.json(&format!("/personer/{nummer}?part=RettsligHandleevne&part=navn"));
    assert!(deler.get("status").is_none() && deler.get("identifikasjonsnummer").is_some());

    let feil = |sti: &str, status: u16, melding: &str| {
        let svar = omh.get(sti);
        assert_eq!(svar.status, status, "{sti}: {}", svar.text());
        let kropp: Value = serde_json::from_slice(&svar.body).expect("JSON");
        assert_eq!(kropp["kode"], "FREG-001");
        assert!(tekst(&kropp, "/melding").contains(melding), "{kropp}");
    };
    feil("/personer/00000000000", 404, "Ukjent person");
    feil("/personer/123", 400, "11 siffer");
    feil(&format!("/personer/{nummer}?part=forholdTilSametingetsValgmanntall"), 400, "part");
    feil("/personer/arkiv/00000000000000000000000000000000", 404, "Ukjent dokumentid");
    feil("/hendelser/00000000000000000000000000000000", 404, "Ukjent dokumentid");
    feil("/hendelser/feed?seq=-1", 400, "seq");
    feil("/hendelser/feed", 400, "seq");
    feil("/finnes/ikke", 404, "");
    let svar = omh.get_with(&format!("/personer/{nummer}"), &[("accept", "text/html")]);
    assert_eq!(svar.status, 406);
    let svar = omh.get_with("/personer/123", &[("accept", "application/xml")]);
    assert!(svar.text().contains("<feil><kode>FREG-001</kode>"), "{}", svar.text());

    let privat = folk.konsument("privat", PRIVAT);
    for sti in [format!("/personer/{nummer}"), "/hendelser/0f3c5a7e9b1d2468ace013579bdf0246".to_owned()] {
        assert_eq!(privat.get(&sti).status, 404, "{sti}: a service that the package lacks");
    }
    assert_eq!(privat.get("/hendelser/feedxsd").status, 200);
    assert_eq!(privat.get("/hendelser/feed/xsd").status, 200);
}

#[test]
fn the_feed_in_its_forms_and_packages() {
    let folk = Folk::hele();
    let omh = folk.omh();
    let hendelser = omh.feed();
    assert!(hendelser.len() > 3000, "only {} events", hendelser.len());
    let siste = omh.json("/hendelser/siste/sekvensnummer");
    assert_eq!(siste, hendelser[hendelser.len() - 1]["sekvensnummer"]);
    let svar = omh.get_with("/hendelser/siste/sekvensnummer", &[("accept", "text/plain")]);
    assert_eq!(svar.text(), siste.to_string());

    let side = omh.get("/hendelser/feed?seq=1");
    let etag = side.headers["etag"].to_str().expect("text");
    let igjen = omh.get_with("/hendelser/feed?seq=1", &[("if-none-match", etag)]);
    assert_eq!((igjen.status, igjen.body.len()), (304, 0));
    assert_eq!(omh.get_with("/hendelser/feed?seq=2", &[("if-none-match", etag)]).status, 200);

    let atom = omh.get_with("/hendelser/feed?seq=1", &[("accept", "application/atom+xml")]).text();
    for del in [
        "<title>Offentlig hendelsesliste</title>",
        "rel=\"first\"",
        "feed?seq=1001\"/>",
        "hendelse:v1:1</id>",
        "<ns2:lagretHendelse><ns2:sekvensnummer>1</ns2:sekvensnummer><ns2:hendelse><ns2:folkeregisteridentifikator>",
    ] {
        assert!(atom.contains(del), "{del} is not in {}", &atom[..2000]);
    }
    let tom = omh.get_with("/hendelser/feed?seq=99999999", &[("accept", "application/atom+xml")]).text();
    assert!(tom.contains("</feed>") && !tom.contains("rel=\"next\""), "{tom}");
    assert_eq!(omh.json("/hendelser/feed?seq=99999999"), json!([]));

    let privat = folk.konsument("privat", PRIVAT).feed();
    assert!(
        privat.len() < hendelser.len()
            && privat.iter().all(|h| h["hendelse"]["hendelsetype"] == "endringIPerson")
    );
    assert!(privat.iter().all(|h| h["hendelse"].as_object().expect("an object").len() == 2));
    let uten = folk.konsument("privatutenfolkeregisteridentifikator", UTEN).feed();
    assert!(uten.iter().all(|h| h["hendelse"].get("folkeregisteridentifikator").is_none()));
    let finans = folk.konsument("finans", FINANS).feed();
    assert!(finans.iter().any(|h| h["hendelse"]["hendelsetype"] == "endringIFamilierelasjon"));
    assert!(finans.iter().all(|h| h["hendelse"].get("persondokument").is_none()));
}

/// Events followed from 0 and applied by look-up in the archive give what look-up gives now.
#[test]
fn events_lead_to_documents_and_documents_to_now() {
    let folk = Folk::hele();
    let omh = folk.omh();
    let (mut nyeste, mut dubletter) = (BTreeMap::new(), 0);
    let hendelser = omh.feed();
    for hendelse in &hendelser {
        let h = &hendelse["hendelse"];
        if h["hendelsetype"] == "personErOpphoertSomDublett" {
            assert!(h.get("persondokument").is_none() && h.get("hendelsesdokument").is_some());
            nyeste.remove(tekst(h, "/folkeregisteridentifikator"));
            dubletter += 1;
            continue;
        }
        nyeste.insert(
            tekst(h, "/folkeregisteridentifikator").to_owned(),
            tekst(h, "/persondokument").to_owned(),
        );
    }
    assert!(dubletter > 0 && nyeste.len() > 1000);
    let numre: Vec<&String> = nyeste.keys().collect();
    let mut like = 0;
    for numre in numre.chunks(1000) {
        let alt = "?part=person-basis&part=historikk&part=relasjon-utvidet&part=innflytting&part=opphold";
        let naa = omh.post_json(
            &format!("/personer/bulkoppslag/{alt}&somBestilt=true"),
            &json!({ "foedselsEllerDNummer": numre }),
        );
        let dokumenter: Vec<&String> = numre.iter().map(|nummer| &nyeste[*nummer]).collect();
        let da = omh.post_json(
            &format!("/personer/bulkoppslag/arkiv{alt}"),
            &json!({ "dokumentidentifikator": dokumenter }),
        );
        let (naa, da) = (&naa["oppslag"], &da["oppslag"]);
        for (i, nummer) in numre.iter().enumerate() {
            assert_eq!(naa[i]["foedselsEllerDNummer"], **nummer);
            assert_eq!(da[i]["dokumentidentifikator"], *dokumenter[i]);
            // Of a number that is past, the last event led to a document that is past as well.
            if naa[i].get("feilmelding").is_none() {
                assert_eq!(naa[i]["folkeregisterperson"], da[i]["folkeregisterperson"], "{nummer}");
                like += 1;
            }
        }
    }
    assert!(like > 1000, "only {like}");
    let ider: Vec<&str> =
        hendelser.iter().take(1000).map(|h| tekst(h, "/hendelse/hendelsesdokument")).collect();
    let dokumenter = omh.post_json("/hendelser/bulkoppslag/", &json!({ "dokumentidentifikator": ider }));
    for (i, hendelse) in hendelser.iter().take(1000).enumerate() {
        let dokument = &dokumenter["oppslag"][i]["hendelsedokument"];
        let h = &hendelse["hendelse"];
        assert_eq!(dokument["dokumentidentifikator"], ider[i]);
        for (felt, annet) in [
            ("folkeregisteridentifikator", "folkeregisteridentifikator"),
            ("hendelsestype", "hendelsetype"),
            ("ajourholdstidspunkt", "ajourholdstidspunkt"),
        ] {
            assert_eq!(dokument["hendelse"][felt], h[annet], "{felt} of event {i}");
        }
    }
    let en = omh.json(&format!("/hendelser/{}", ider[0]));
    assert_eq!(en, dokumenter["oppslag"][0]["hendelsedokument"]);
}

#[test]
fn bulk_look_ups_in_both_forms() {
    let folk = Folk::hele();
    let omh = folk.omh();
    let side = omh.json("/hendelser/feed?seq=1");
    let nummer = tekst(&side, "/0/hendelse/folkeregisteridentifikator");
    let bestilt = json!({ "foedselsEllerDNummer": [nummer, "00000000000", nummer] });
    let svar = omh.post_json("/personer/bulkoppslag?somBestilt=true", &bestilt);
    let oppslag = svar["oppslag"].as_array().expect("a list");
    assert_eq!(oppslag.len(), 3);
    assert_eq!(oppslag[1]["feilmelding"]["feilmelding"], "Ukjent person");
    assert_eq!(oppslag[0], oppslag[2]);
    let svar = omh.post_json("/personer/bulkoppslag", &bestilt);
    assert_eq!(svar["oppslag"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        omh.post_json("/personer/bulkoppslag", &json!({ "foedselsEllerDNummer": [] })),
        json!({ "oppslag": [] })
    );

    let xml = format!(
        "<x:personBulkoppslagRequest xmlns:x=\"y\"><x:foedselsEllerDNummer>{nummer}</x:foedselsEllerDNummer></x:personBulkoppslagRequest>"
    );
    // Without a word of what is accepted, the answer has the form of what was sent.
    let hoder = [("authorization", omh.token.as_str()), ("content-type", "application/xml"), ("accept", "")];
    let sti = format!("{OMH}/personer/bulkoppslag");
    let svar = omh.server.send("POST", &sti, &hoder, xml.as_bytes());
    assert_eq!((svar.status, svar.headers["content-type"].to_str().expect("text")), (200, "application/xml"));
    let start =
        format!("<oppslag><foedselsEllerDNummer>{nummer}</foedselsEllerDNummer><folkeregisterperson><p:");
    assert!(svar.text().contains(&start), "{}", svar.text());

    let mange: Vec<String> = (0..1001).map(|i| format!("{i:011}")).collect();
    let kropp = json!({ "foedselsEllerDNummer": mange }).to_string();
    assert_eq!(omh.post("/personer/bulkoppslag", "application/json", kropp.as_bytes()).status, 400);
    assert_eq!(omh.post("/personer/bulkoppslag", "application/json", b"{").status, 400);
}

#[test]
fn what_is_old_is_not_delivered() {
    let hele = Folk::hele();
    let gammel = hele.omh().json("/hendelser/feed?seq=1");
    let (dokument, hendelse) = (
        tekst(&gammel, "/0/hendelse/persondokument").to_owned(),
        tekst(&gammel, "/0/hendelse/hendelsesdokument").to_owned(),
    );
    let data = hele.data;
    drop(hele.server);
    let folk = Folk { server: Server::start(&data.path(), &[]), data };
    let omh = folk.omh();
    let svar = omh.get("/hendelser/feed?seq=1");
    assert_eq!(svar.status, 406);
    assert!(svar.text().contains("Sekvensnummer kan ikke være mere enn 36 måneder gammelt"));
    assert_eq!(omh.get(&format!("/hendelser/{hendelse}")).status, 400);
    let arkiv = omh.get(&format!("/personer/arkiv/{dokument}")).status;
    assert!(arkiv == 400 || arkiv == 200, "{arkiv}: a document that is still current is never too old");
}

#[test]
fn extracts_are_ordered_fetched_and_survive_a_restart() {
    let folk = Folk::hele();
    let omh = folk.omh();
    let jobb = |konsument: &Konsument<'_>, svar: &Value| {
        assert_eq!(konsument.base, OMH);
        tekst(svar, "/jobbId").to_owned()
    };
    let komplett = jobb(&omh, &omh.json("/uttrekk/komplett?feedsekvensnr=999999999"));
    let ider = batcher(&omh, &komplett, "dokumentidentifikator");
    assert!(ider.len() > 1900, "{}", ider.len());
    let en = omh.post_json("/personer/bulkoppslag/arkiv", &json!({ "dokumentidentifikator": &ider[..3] }));
    assert!(en["oppslag"][2]["folkeregisterperson"].is_object(), "{en}");

    let bosatte =
        jobb(&omh, &omh.post_json("/uttrekk/tilpasset", &json!({ "personstatustyper": ["bosatt"] })));
    let alle = json!({ "personstatustyper": ["bosatt", "doed", "utflyttet", "inaktiv", "aktiv"] });
    let alle = jobb(&omh, &omh.post_json("/uttrekk/tilpasset", &alle));
    let (bosatte, alle) =
        (batcher(&omh, &bosatte, "foedselsEllerDNummer"), batcher(&omh, &alle, "foedselsEllerDNummer"));
    assert!(bosatte.len() > 500 && alle.len() > bosatte.len() && alle.len() <= ider.len());
    let funnet = omh.post_json(
        "/personer/bulkoppslag?part=status&somBestilt=true",
        &json!({ "foedselsEllerDNummer": &bosatte[..200.min(bosatte.len())] }),
    );
    for oppslag in funnet["oppslag"].as_array().expect("a list") {
        assert_eq!(
            oppslag.pointer("/folkeregisterperson/status/0/status"),
            Some(&json!("bosatt")),
            "{oppslag}"
        );
    }
    for sti in ["/uttrekk/ukjent/batch/0", "/uttrekk/3c2f3a3e-0000-4000-8000-000000000000/batch/0"] {
        assert_eq!(omh.get(sti).status, 410, "{sti}");
    }
    assert_eq!(omh.post("/uttrekk/tilpasset", "application/json", b"{}").status, 400);
    let finans = folk.konsument("finans", FINANS);
    assert_eq!(finans.get(&format!("/uttrekk/{komplett}/batch/0")).status, 410, "another package's order");

    // What is derived may be lost.
    drop((omh, finans));
    let Folk { data, server } = folk;
    drop(server);
    std::fs::remove_dir_all(data.path().join("folkeregisteret")).expect("the lists");
    let server = Server::start(&data.path(), &["--set", "folkeregisteret.oppbevaring_maaneder=1200"]);
    let folk = Folk { data, server };
    let omh = folk.omh();
    assert_eq!(batcher(&omh, &komplett, "dokumentidentifikator"), ider);
}

#[test]
fn every_look_up_is_in_the_log() {
    let folk = Folk::hele();
    let (omh, eid) = (folk.omh(), folk.konsument("utstedereid", "/folkeregisteret/api/eid/v1"));
    let side = omh.json("/hendelser/feed?seq=1");
    let nummer = tekst(&side, "/0/hendelse/folkeregisteridentifikator").to_owned();
    let dokument = tekst(&side, "/0/hendelse/persondokument");
    omh.json(&format!("/personer/{nummer}"));
    omh.json(&format!("/personer/arkiv/{dokument}"));
    omh.post_json("/personer/bulkoppslag", &json!({ "foedselsEllerDNummer": [nummer] }));
    eid.json(&format!("/personer/{nummer}"));
    let data = &folk.data.path();
    let innsyn = |flagg: &[&str]| {
        let logg = innsyn(data, &nummer, flagg);
        let par = |foert: &Value| (tekst(foert, "/tjeneste").to_owned(), tekst(foert, "/pakke").to_owned());
        logg.iter().map(par).collect::<Vec<_>>()
    };
    let par = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let omh_kode = "offentlig-med-hjemmel";
    assert_eq!(
        innsyn(&["--alle"]),
        [
            par("personer", omh_kode),
            par("personer/arkiv", omh_kode),
            par("personer/bulkoppslag", omh_kode),
            par("personer", "eid")
        ]
    );
    assert_eq!(innsyn(&[]), [par("personer", "eid")], "what the person may be told");
}
