//! What the routes are, for their callers.

pub mod kontrakter;
pub mod nyheter;

use serde_json::{Value, json};
use web::routes::{Answer, Operation, Parameter};

use crate::ressurs::Ressurs;

const XML: &str = "application/xml";

fn xml(rot: &str) -> Value {
    json!({ "type": "object", "xml": { "name": rot } })
}

/// `POST` of a resource, whose messages have this root.
pub fn post(adresse: &str, ressurs: &Ressurs, rot: &str) -> Operation {
    let type_ = ressurs.meldingstype;
    let feil =
        |status, tekst: &str| Answer::empty(status, tekst).content(XML, xml("folkeregisterFeilmelding"));
    let mut kropp = vec![(XML.to_owned(), xml(rot))];
    if ressurs.har_vedlegg {
        kropp.push(("multipart/form-data".to_owned(), json!({ "type": "object" })));
    }
    Operation {
        id: format!("sendInn_{}", adresse.replace('.', "_")),
        summary: format!("Send inn {type_}"),
        description: "Meldingen er lagret når svaret er 202. Det som blir av den, står på tilbakemeldingene."
            .to_owned(),
        parameters: Vec::new(),
        request_body: kropp,
        responses: vec![
            Answer::empty(202, "Meldingen er mottatt").content(XML, xml("meldingMottatt")),
            feil(400, "Meldingen er ikke gyldig etter kontrakten"),
            feil(401, "Autentisering mangler"),
            feil(403, "Avsenderen kan ikke sende inn denne meldingen"),
            feil(406, "Accept tillater ikke application/xml"),
            feil(429, "For mange kall"),
            feil(500, "Intern feil"),
        ],
    }
}

/// `HEAD` of a resource.
pub fn prov(adresse: &str) -> Operation {
    Operation {
        id: format!("prov_{}", adresse.replace('.', "_")),
        summary: "Prøv tilgangen med HEAD".to_owned(),
        description: "HEAD svarer 200 når avsenderen kan sende inn hit. GET svarer 404.".to_owned(),
        parameters: Vec::new(),
        request_body: Vec::new(),
        responses: vec![
            Answer::empty(200, "Avsenderen kan sende inn hit"),
            Answer::empty(401, "Autentisering mangler"),
            Answer::empty(403, "Avsenderen kan ikke sende inn hit"),
            Answer::empty(404, "Ressursen kan ikke hentes"),
        ],
    }
}

/// A page of feedback.
pub fn side() -> Operation {
    let feil = |status, tekst: &str| {
        let kropp = json!({ "type": "object", "properties": { "kode": { "type": "string" }, "melding": { "type": "string" } } });
        Answer::empty(status, tekst).content("application/json", kropp)
    };
    let poster = json!({ "type": "array", "items": { "type": "object" } });
    Operation {
        id: "tilbakemeldinger".to_owned(),
        summary: "Hent tilbakemeldinger".to_owned(),
        description: "Hendelser i avsenderens egne saker. Neste side begynner på høyeste id + 1.".to_owned(),
        parameters: vec![
            Parameter::query("seq", json!({ "type": "integer", "minimum": 0 }), "Sekvensnummer å lese fra"),
            Parameter::query(
                "direction",
                json!({ "type": "string", "enum": ["nyere", "eldre"] }),
                "Hvilken vei det leses",
            ),
            Parameter::query(
                "pageSize",
                json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
                "Antall hendelser på en side",
            ),
            Parameter::header("If-None-Match", json!({ "type": "string" }), "ETag fra forrige svar"),
        ],
        request_body: Vec::new(),
        responses: vec![
            Answer::empty(200, "En side med hendelser")
                .content("application/json", poster)
                .content("application/xml", xml("feed"))
                .content("application/atom+xml", xml("feed")),
            Answer::empty(304, "Ingenting er nytt"),
            feil(400, "En parameter er ugyldig"),
            feil(401, "Autentisering mangler"),
            feil(406, "Accept tillater ingen av formatene"),
            feil(429, "For mange kall"),
            feil(500, "Feil i tjenesten"),
        ],
    }
}

fn om_sak(id: &str, hva: &str) -> Operation {
    let feil = |status, tekst: &str| {
        Answer::empty(status, tekst).content("application/json", json!({ "type": "object" }))
    };
    Operation {
        id: id.to_owned(),
        summary: hva.to_owned(),
        description: String::new(),
        parameters: vec![Parameter::path(
            "referanse",
            json!({ "type": "string" }),
            "Meldingens folkeregisterReferanse",
        )],
        request_body: Vec::new(),
        responses: vec![
            Answer::empty(200, "Saken").content("application/json", json!({ "type": "object" })),
            feil(401, "Autentisering mangler"),
            feil(403, "Tokenet gir ikke tilgang"),
            feil(404, "Saken finnes ikke"),
        ],
    }
}

/// An attachment of a case.
pub fn vedlegg() -> Operation {
    let mut operasjon = om_sak("vedlegg", "Et vedlegg til en sak");
    operasjon.parameters.push(Parameter::path(
        "plass",
        json!({ "type": "integer", "minimum": 0 }),
        "Plassen blant vedleggene som saken lister, fra 0",
    ));
    if let Some(svar) = operasjon.responses.first_mut() {
        *svar =
            Answer::empty(200, "Vedlegget").content("application/octet-stream", json!({ "type": "string" }));
    }
    operasjon
}

/// The cases on desks.
pub fn saker() -> Operation {
    Operation {
        id: "saker".to_owned(),
        summary: "Saker til manuell behandling".to_owned(),
        description: "Eldste først, høyst 100.".to_owned(),
        parameters: vec![Parameter::query(
            "etter",
            json!({ "type": "string" }),
            "Referansen som siste side sluttet med",
        )],
        request_body: Vec::new(),
        responses: vec![
            Answer::empty(200, "Sakene")
                .content("application/json", json!({ "type": "array", "items": { "type": "object" } })),
            Answer::empty(401, "Autentisering mangler"),
            Answer::empty(403, "Tokenet gir ikke tilgang"),
        ],
    }
}

/// A case.
pub fn sak() -> Operation {
    om_sak("sak", "En sak med meldingen")
}

/// A decision.
pub fn avgjoer() -> Operation {
    let mut operasjon = om_sak("avgjoerSak", "Avgjør en sak");
    let beslutning =
        json!({ "type": "string", "enum": ["godkjent", "avvist", "avslaatt", "avbrutt", "registrert"] });
    let tekst = json!({ "type": "string" });
    let kropp = json!({
        "type": "object",
        "required": ["beslutning"],
        "properties": { "beslutning": beslutning, "kode": tekst, "merknad": tekst },
    });
    operasjon.request_body = vec![("application/json".to_owned(), kropp)];
    let umulig = Answer::empty(409, "Saken kan ikke avgjøres slik")
        .content("application/json", json!({ "type": "object" }));
    operasjon.responses.push(umulig);
    operasjon
}
