use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde_json::json;

use super::*;
use crate::routes::{Table, Verb};

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Enhet {
    organisasjonsnummer: String,
    forretningsadresse: Option<Adresse>,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Adresse {
    adresse: Vec<String>,
}

fn sample() -> Value {
    let mut components = Components::new();
    let enhet = components.add::<Enhet>();
    let feil = components.add_schema("Feil", json!({"type": "object"}));
    let hent = Operation {
        id: "hentEnhet".into(),
        summary: "Hent en enhet".into(),
        parameters: vec![
            Parameter::path("orgnr", json!({"type": "string"}), "Organisasjonsnummer"),
            Parameter::query("kode", json!({"type": "array", "items": {"type": "string"}}), ""),
        ],
        responses: vec![
            Answer::empty(200, "Enheten")
                .content("application/json", enhet.clone())
                .content("application/hal+json", enhet.clone())
                .header("ETag", json!({"type": "string"}), "Versjonen"),
            Answer::empty(404, "Finnes ikke"),
        ],
        ..Operation::default()
    };
    let ny = Operation {
        id: "nyEnhet".into(),
        parameters: vec![Parameter::path("orgnr", json!({"type": "string"}), "")],
        request_body: vec![("application/json".into(), enhet)],
        responses: vec![Answer::empty(400, "Feil").content("application/json", feil)],
        ..Operation::default()
    };
    let (_, docs) = Table::<()>::new("/api", "Enheter")
        .get("/enheter/{orgnr}", || async {}, hent)
        .route(Verb::Post, "/enheter/{orgnr}", || async {}, ny)
        .into_parts();
    let info = Info { title: "Enhetsregisteret".into(), version: "1.5.0".into(), ..Info::default() };
    document(&info, &["https://host".to_owned()], &docs, components)
}

#[test]
fn a_document_is_whole() {
    let document = sample();
    assert_eq!(problems(&document), Vec::<String>::new());
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"], json!({"title": "Enhetsregisteret", "version": "1.5.0"}));
    let get = &document["paths"]["/api/enheter/{orgnr}"]["get"];
    let reference = json!({"schema": {"$ref": "#/components/schemas/Enhet"}});
    assert_eq!(get["responses"]["200"]["content"]["application/hal+json"], reference);
    assert_eq!(get["responses"]["404"], json!({"description": "Finnes ikke"}));
    let kode = &get["parameters"][1];
    assert_eq!(
        (&kode["style"], &kode["explode"], &kode["in"]),
        (&json!("form"), &json!(false), &json!("query"))
    );
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let names: BTreeSet<_> = schemas.keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["Adresse", "Enhet", "Feil"]));
    let body = &document["paths"]["/api/enheter/{orgnr}"]["post"]["requestBody"];
    assert_eq!(body["content"]["application/json"], reference);
}

type Change<'a> = &'a dyn Fn(&mut Value);

#[test]
fn what_is_wrong_is_found() {
    let broken = |change: Change<'_>| {
        let mut document = sample();
        change(&mut document);
        problems(&document).join("; ")
    };
    let get = |document: &mut Value, change: Change<'_>| {
        change(&mut document["paths"]["/api/enheter/{orgnr}"]["get"]);
    };
    let checks: [(Change<'_>, &str); 6] = [
        (&|d| get(d, &|o| o["operationId"] = json!("nyEnhet")), "taken"),
        (&|d| get(d, &|o| o["responses"] = json!({})), "no responses"),
        (&|d| get(d, &|o| o["responses"]["200"]["description"] = json!("")), "no description"),
        (&|d| get(d, &|o| o["parameters"][0]["name"] = json!("annet")), "not in both"),
        (&|d| get(d, &|o| o["parameters"][0]["required"] = json!(false)), "must be required"),
        (&|d| d["components"]["schemas"]["Adresse"] = json!({"$ref": "#/nowhere"}), "leads nowhere"),
    ];
    for (change, expected) in checks {
        let said = broken(change);
        assert!(said.contains(expected), "{expected}: {said}");
    }
}
