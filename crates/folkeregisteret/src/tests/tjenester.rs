//! The matrix proof once more, through every service: what is written is full of everything, and what is answered is to the
//! byte what the sheet's tables allow, in both forms.

use std::sync::Arc;

use axum::body::Body;
use axum::{Extension, Router};
use http::{Request, header};
use journal::SharedJournal;
use journal::sqlite::{Options, SqliteJournal};
use serde_json::{Value, json};
use tempfile::TempDir;
use tid::{SeededRandom, StoppedClock, Timestamp};
use tower::ServiceExt;
use vakt::{Caller, Konsument};
use web::base_url::PublicUrl;
use web::openapi::Components;

use super::fabrikk::Fabrikk;
use super::forventet::{ett_innslag, forventet, oensket, som_xml};
use super::tabeller;
use crate::api::Api;
use crate::endring::Melding;
use crate::modell::{DokumentForHendelse, Hendelse, NAVNEROM_HENDELSE, NAVNEROM_PERSON, Persondokument};
use crate::rettighetspakke::Tjeneste;
use crate::{Folkeregister, Oppsett, Rettighetspakke};

const OMH: Rettighetspakke = Rettighetspakke::OffentligMedHjemmel;
const PERSON: &str = "15856543134";
const JSON: &str = "application/json";
const XML: &str = "application/xml";
const DEKLARASJON: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// A register that holds one person, and its surfaces, called by somebody whom the guard has let in.
struct Proeve {
    register: Arc<Folkeregister>,
    flater: Vec<Router>,
    _mappe: TempDir,
}

impl Proeve {
    async fn ny(dokument: &Value) -> Self {
        let mappe = tempfile::tempdir().unwrap();
        let journal: SharedJournal =
            SqliteJournal::open(&mappe.path().join("journal.sqlite"), Options::default()).unwrap();
        let naa = Timestamp::parse("2026-11-22T12:00:00.000Z").unwrap();
        let (klokke, tilfeldig) = (Arc::new(StoppedClock::at(naa)), Arc::new(SeededRandom::new(1)));
        let register =
            Folkeregister::open(journal.clone(), mappe.path(), Oppsett::default(), klokke, tilfeldig)
                .unwrap();
        let melding = Melding {
            person: PERSON.parse().unwrap(),
            at: naa,
            dokument: Some(Persondokument::fra_json(dokument.to_string().as_bytes()).unwrap()),
            videre: None,
            hendelser: hendelser(dokument),
        };
        register.skriver().skriv(naa, &[melding]).await.unwrap();
        register.indeks().folger(journal).catch_up().await.unwrap();
        let flater = Rettighetspakke::ALLE.map(|pakke| flate(&register, pakke)).into();
        Self { register, flater, _mappe: mappe }
    }

    async fn spoer(&self, pakke: Rettighetspakke, sti: &str, form: &str, kropp: Option<Value>) -> String {
        let metode = if kropp.is_some() { "POST" } else { "GET" };
        let sti = format!("/folkeregisteret/{}/v1{sti}", pakke.adressedel());
        let start = Request::builder().method(metode).uri(&sti).header(header::ACCEPT, form);
        let kropp = kropp.map_or_else(Body::empty, |kropp| Body::from(kropp.to_string()));
        let foresporsel = start.header(header::CONTENT_TYPE, JSON).body(kropp).unwrap();
        let svar = self.flater[pakke as usize].clone().oneshot(foresporsel).await.unwrap();
        let type_ = svar.headers()[header::CONTENT_TYPE].to_str().unwrap();
        assert_eq!((svar.status().as_u16(), type_), (200, form), "{sti}");
        let kropp = axum::body::to_bytes(svar.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(kropp.to_vec()).unwrap()
    }

    async fn json(&self, pakke: Rettighetspakke, sti: &str, kropp: Option<Value>) -> Value {
        serde_json::from_str(&self.spoer(pakke, sti, JSON, kropp).await).unwrap()
    }

    /// Orders an extract, has it made, and fetches its first batch.
    async fn uttrekk(&self, pakke: Rettighetspakke, sti: &str, kropp: Option<Value>) -> Value {
        let jobb = self.json(pakke, sti, kropp).await["jobbId"].as_str().unwrap().to_owned();
        let ferdig = async {
            while let crate::uttrekk::Batch::IkkeKlar =
                self.register.uttrekk().batch(bruker(), pakke, &jobb, 0).await.unwrap()
            {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
        };
        self.register.uttrekk().kjor(&self.register, ferdig).await;
        let batch = format!("/uttrekk/{jobb}/batch/0");
        let json = self.json(pakke, &batch, None).await;
        let lister = json.as_object().unwrap().values().filter_map(Value::as_array).flatten();
        let verdier: Vec<&str> = lister.map(|verdi| verdi.as_str().unwrap()).collect();
        assert_eq!(tekster(&self.spoer(pakke, &batch, XML, None).await), verdier, "{pakke:?}");
        json
    }
}

/// What stands in the elements of a document.
fn tekster(xml: &str) -> Vec<&str> {
    let tekster = xml.split('>').filter_map(|del| del.split_once('<')).map(|(tekst, _)| tekst.trim());
    tekster.filter(|tekst| !tekst.is_empty()).collect()
}

fn bruker() -> crate::logg::Bruker {
    crate::logg::Bruker { konsument: "310100005".parse().unwrap(), leverandoer: None }
}

fn flate(register: &Arc<Folkeregister>, pakke: Rettighetspakke) -> Router {
    let offentlig =
        PublicUrl { configured: None, trust_forwarded: false, bound: "http://127.0.0.1".to_owned() };
    let api = Api::new(register.clone(), pakke, "/folkeregisteret", offentlig);
    let (ruter, _) = api.ruter(&mut Components::new()).into_parts();
    let hvem = Konsument {
        consumer: bruker().konsument,
        supplier: None,
        delegation_source: None,
        scopes: [].into_iter().collect(),
        issuer: "".into(),
        client_id: "".into(),
        audience: Vec::new(),
        pid: None,
        authorization_details: Vec::new(),
        expires: 0,
    };
    ruter.with_state(api).layer(Extension(Caller(Arc::new(hvem))))
}

/// An event for each entity, with every entry of the document.
fn hendelser(dokument: &Value) -> Vec<Hendelse> {
    let en = |rad: &tabeller::Rad| {
        let json = json!({
            "dokumentidentifikator": "00000000000000000000000000000000",
            "skjemaversjon": "1.0",
            "hendelse": {
                "folkeregisteridentifikator": PERSON,
                "hendelsestype": "personErOppdatert",
                "ajourholdstidspunkt": "2026-11-22T13:00:00.000+01:00",
                "egenskapshendelse": endringer(rad["entitet"], dokument, |innslag| Some(innslag.clone())),
            }
        });
        DokumentForHendelse::fra_json(json.to_string().as_bytes()).unwrap().hendelse
    };
    tabeller::ENTITETER.iter().map(en).collect()
}

/// Each entry of an entity as a change, after something is done to it.
fn endringer(entitet: &str, dokument: &Value, gjoer: impl Fn(&Value) -> Option<Value>) -> Vec<Value> {
    let navn = match entitet {
        "postadresse" => "kontaktadresse",
        "postadresseIUtlandet" => "kontaktadresseIUtlandet",
        navn => navn,
    };
    let alle = match &dokument[entitet] {
        Value::Array(liste) => liste.iter().collect(),
        en => vec![en],
    };
    let som_endring = |mut innslag: Value| {
        let felter = innslag.as_object_mut().unwrap();
        felter.shift_remove("erGjeldende");
        if let Some(status) = felter.shift_remove("identitetsgrunnlagstatus") {
            felter.insert("legitimasjonskontroll".to_owned(), status);
        }
        json!({ entitet: innslag, "entitet": navn, "entitetsendring": "registrereNy" })
    };
    alle.into_iter().filter_map(gjoer).map(som_endring).collect()
}

/// What stands inside the root element, under the prefix that it has inside another document.
fn innhold(xml: &str, rot: &str) -> String {
    let start = xml[DEKLARASJON.len()..].find('>').unwrap() + DEKLARASJON.len() + 1;
    let inni = &xml[start..xml.len() - rot.len() - 3];
    inni.replace("</", "\u{0}").replace('<', "<p:").replace('\u{0}', "</p:")
}

/// Everything by name, with history; and what comes without asking.
fn spoersmaal() -> [Vec<&'static str>; 2] {
    let navn = tabeller::ENTITETER.iter().map(|rad| rad["entitet"]);
    let alt = navn.filter(|navn| *navn != "forholdTilSametingetsValgmanntall").chain(["historikk"]);
    [alt.collect(), Vec::new()]
}

fn query(part: &[&str]) -> String {
    let deler: Vec<String> = part.iter().map(|part| format!("part={part}")).collect();
    format!("?{}", deler.join("&"))
}

const VERN: [Option<&str>; 4] = [None, Some("klientadresse"), Some("fortrolig"), Some("strengtFortrolig")];

#[tokio::test]
async fn person_and_bulk_for_every_package() {
    for vern in VERN {
        let dokument = Fabrikk::full().fullt_dokument(0, vern);
        let proeve = Proeve::ny(&dokument).await;
        for pakke in Rettighetspakke::ALLE {
            for part in spoersmaal() {
                let ventet = forventet(&dokument, pakke.kortnavn(), &part);
                let xml = som_xml(&ventet, "folkeregisterperson", NAVNEROM_PERSON);
                let part = query(&part);
                if pakke.har(Tjeneste::Oppslag) {
                    let sti = format!("/personer/{PERSON}{part}");
                    assert_eq!(proeve.spoer(pakke, &sti, JSON, None).await, ventet.to_string(), "{pakke:?}");
                    assert_eq!(proeve.spoer(pakke, &sti, XML, None).await, xml, "{pakke:?}");
                }
                if pakke.har(Tjeneste::Bulkoppslag) {
                    let sti = format!("/personer/bulkoppslag{part}");
                    let bestilt = json!({ "foedselsEllerDNummer": [PERSON] });
                    let svar = proeve.spoer(pakke, &sti, JSON, Some(bestilt.clone())).await;
                    let om = json!({ "foedselsEllerDNummer": PERSON, "folkeregisterperson": ventet });
                    assert_eq!(svar, json!({ "oppslag": [om] }).to_string(), "{pakke:?}");
                    let svar = proeve.spoer(pakke, &sti, XML, Some(bestilt)).await;
                    let ventet = format!(
                        "<folkeregisterperson>{}</folkeregisterperson></oppslag>",
                        innhold(&xml, "folkeregisterperson")
                    );
                    assert!(svar.contains(&ventet) && svar.matches("<oppslag>").count() == 1, "{pakke:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn unique_search_and_hit_list_for_every_package() {
    for vern in VERN {
        let dokument = Fabrikk::full().fullt_dokument(0, vern);
        let proeve = Proeve::ny(&dokument).await;
        let numre = dokument["identifikasjonsnummer"].as_array().unwrap();
        let nummer = numre.iter().find(|n| n["erGjeldende"] == true).unwrap();
        let nummer = nummer["foedselsEllerDNummer"].as_str().unwrap();
        let navn = &dokument["navn"][0];
        let navn = ["fornavn", "etternavn"].map(|felt| navn[felt].as_str().unwrap()).join("%20");
        for pakke in Rettighetspakke::ALLE {
            if pakke.har(Tjeneste::Soek) {
                let sti = format!("/personer/soek?navn={navn}&inkluderDoede=true");
                let svar = proeve.json(pakke, &sti, None).await;
                assert_eq!(svar, json!({ "foedselsEllerDNummer": [nummer] }), "{pakke:?}");
                assert_eq!(tekster(&proeve.spoer(pakke, &sti, XML, None).await), [nummer], "{pakke:?}");
            }
            for part in spoersmaal().into_iter().filter(|_| pakke.har(Tjeneste::Entydigsoek)) {
                let ventet = forventet(&dokument, pakke.kortnavn(), &part);
                let sok = format!("&navn={navn}&identifikasjonsnummer={nummer}");
                let sti = format!("/personer/entydigsoek{}{sok}", query(&part));
                assert_eq!(proeve.spoer(pakke, &sti, JSON, None).await, ventet.to_string(), "{pakke:?}");
                let xml = som_xml(&ventet, "folkeregisterperson", NAVNEROM_PERSON);
                assert_eq!(proeve.spoer(pakke, &sti, XML, None).await, xml, "{pakke:?}");
            }
        }
    }
}

#[tokio::test]
async fn archive_and_complete_extract() {
    for vern in VERN {
        let dokument = Fabrikk::full().fullt_dokument(1, vern);
        let proeve = Proeve::ny(&dokument).await;
        let batch = proeve.uttrekk(OMH, "/uttrekk/komplett", None).await;
        let ider = batch["dokumentidentifikator"].as_array().unwrap();
        assert_eq!((ider.len(), batch.as_object().unwrap().len()), (1, 1), "keys, and nothing but keys");
        let id = ider[0].as_str().unwrap();
        for part in spoersmaal() {
            let ventet = forventet(&dokument, "omh", &part);
            let xml = som_xml(&ventet, "folkeregisterperson", NAVNEROM_PERSON);
            let part = query(&part);
            let sti = format!("/personer/arkiv/{id}{part}");
            assert_eq!(proeve.spoer(OMH, &sti, JSON, None).await, ventet.to_string());
            assert_eq!(proeve.spoer(OMH, &sti, XML, None).await, xml);
            let (sti, bestilt) =
                (format!("/personer/bulkoppslag/arkiv{part}"), json!({ "dokumentidentifikator": [id] }));
            let om = json!({
                "foedselsEllerDNummer": PERSON, "dokumentidentifikator": id, "folkeregisterperson": ventet,
            });
            let svar = proeve.spoer(OMH, &sti, JSON, Some(bestilt.clone())).await;
            assert_eq!(svar, json!({ "oppslag": [om] }).to_string());
            let svar = proeve.spoer(OMH, &sti, XML, Some(bestilt)).await;
            assert!(svar.contains(&innhold(&xml, "folkeregisterperson")));
        }
    }
}

#[tokio::test]
async fn event_documents() {
    for vern in VERN {
        let dokument = Fabrikk::full().fullt_dokument(2, vern);
        let proeve = Proeve::ny(&dokument).await;
        let feed = proeve.json(OMH, "/hendelser/feed?seq=1", None).await;
        for (rad, hendelse) in tabeller::ENTITETER.iter().zip(feed.as_array().unwrap()) {
            let entitet = rad["entitet"];
            let id = hendelse["hendelse"]["hendelsesdokument"].as_str().unwrap();
            let slipper = oensket(entitet, "omh", &[entitet]);
            let regel =
                |innslag: &Value| ett_innslag(entitet, innslag, "omh", vern.unwrap_or("ugradert"), false);
            let endret = if slipper { endringer(entitet, &dokument, regel) } else { Vec::new() };
            let mut ventet = json!({
                "dokumentidentifikator": id,
                "skjemaversjon": "1.0",
                "hendelse": {
                    "folkeregisteridentifikator": PERSON,
                    "hendelsestype": "personErOppdatert",
                    "ajourholdstidspunkt": "2026-11-22T13:00:00.000+01:00",
                    "egenskapshendelse": endret,
                }
            });
            if endret.is_empty() {
                ventet["hendelse"].as_object_mut().unwrap().shift_remove("egenskapshendelse");
            }
            let xml = som_xml(&ventet, "dokumentForHendelse", NAVNEROM_HENDELSE);
            let sti = format!("/hendelser/{id}");
            assert_eq!(proeve.json(OMH, &sti, None).await, ventet, "{entitet}");
            assert_eq!(proeve.spoer(OMH, &sti, XML, None).await, xml, "{entitet}");
            let bestilt = json!({ "dokumentidentifikator": [id] });
            let svar = proeve.json(OMH, "/hendelser/bulkoppslag", Some(bestilt.clone())).await;
            assert_eq!(svar["oppslag"][0]["hendelsedokument"], ventet, "{entitet}");
            let svar = proeve.spoer(OMH, "/hendelser/bulkoppslag", XML, Some(bestilt)).await;
            assert!(svar.contains(&innhold(&xml, "dokumentForHendelse")), "{entitet}");
        }
    }
}

/// Who is found by what the package does not get has been told it.
#[tokio::test]
async fn custom_extracts_find_nobody_by_what_is_hidden() {
    for vern in VERN {
        let dokument = Fabrikk::full().fullt_dokument(0, vern);
        let proeve = Proeve::ny(&dokument).await;
        for pakke in Rettighetspakke::ALLE.into_iter().filter(|pakke| pakke.har(Tjeneste::TilpassetUttrekk)) {
            let bosted = forventet(&dokument, pakke.kortnavn(), &["bostedsadresse"]).to_string();
            for kommune in ["0301", "4601", "5001"] {
                let kriterier = json!({
                    "personstatustyper": ["aktiv", "bosatt", "utflyttet", "doed", "inaktiv"],
                    "kommunenummer": { "bostedskommunenummer": kommune },
                });
                let batch = proeve.uttrekk(pakke, "/uttrekk/tilpasset", Some(kriterier)).await;
                let ventet = bosted.contains(&format!("\"{kommune}\""));
                let nummer = batch["foedselsEllerDNummer"].as_array().map_or(0, Vec::len);
                assert_eq!(nummer, usize::from(ventet), "{pakke:?} {kommune} {vern:?}");
                assert!(batch.as_object().unwrap().keys().all(|felt| felt == "foedselsEllerDNummer"));
            }
        }
    }
}
