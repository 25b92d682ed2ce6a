//! The routes of the contracts.

use serde_json::json;
use web::routes::{Answer, Operation, Parameter};

fn operasjon(id: &str, hva: &str) -> Operation {
    Operation {
        id: id.to_owned(),
        summary: hva.to_owned(),
        description: String::new(),
        parameters: Vec::new(),
        request_body: Vec::new(),
        responses: Vec::new(),
    }
}

/// All of them.
pub fn liste() -> Operation {
    let tekst = json!({ "type": "string" });
    let lenke = json!({ "type": "string", "format": "uri" });
    let kontrakt = json!({
        "type": "object",
        "required": ["navn", "navnerom", "rotelement", "xsd"],
        "properties": {
            "navn": tekst,
            "navnerom": tekst,
            "rotelement": tekst,
            "xsd": lenke,
            "eksempel": lenke,
            "tilbakemelding": { "type": ["string", "null"] },
        },
    });
    let skjema = json!({
        "type": "object",
        "required": ["kontrakter"],
        "properties": { "kontrakter": { "type": "array", "items": kontrakt } },
    });
    Operation {
        responses: vec![Answer::empty(200, "Kontraktene").content("application/json", skjema)],
        ..operasjon("kontrakter", "Kontraktene for meldinger og tilbakemeldinger")
    }
}

fn en(id: &str, hva: &str, rot: &str) -> Operation {
    Operation {
        parameters: vec![
            Parameter::path("navn", json!({ "type": "string" }), "Kontraktens navn"),
            Parameter::header("If-None-Match", json!({ "type": "string" }), "ETag fra forrige svar"),
        ],
        responses: vec![
            Answer::empty(200, hva)
                .content("application/xml", json!({ "type": "object", "xml": { "name": rot } })),
            Answer::empty(304, "Ingenting er nytt"),
            Answer::empty(404, "Det finnes ikke"),
        ],
        ..operasjon(id, hva)
    }
}

/// A schema.
pub fn skjema() -> Operation {
    en("kontraktSkjema", "Kontraktens skjema i XML Schema", "schema")
}

/// A message.
pub fn eksempel() -> Operation {
    en("kontraktEksempel", "En gyldig melding", "melding")
}
