//! The routes of news and operations messages.

use serde_json::json;
use web::routes::{Answer, Operation, Parameter};

fn operasjon(id: &str, hva: &str, innhold: &str, skjema: serde_json::Value) -> Operation {
    Operation {
        id: id.to_owned(),
        summary: hva.to_owned(),
        description: String::new(),
        parameters: vec![Parameter::header(
            "If-None-Match",
            json!({ "type": "string" }),
            "ETag fra forrige svar",
        )],
        request_body: Vec::new(),
        responses: vec![
            Answer::empty(200, hva).content(innhold, skjema),
            Answer::empty(304, "Ingenting er nytt"),
            Answer::empty(500, "Intern feil"),
        ],
    }
}

/// A page.
pub fn side(id: &str, hva: &str) -> Operation {
    operasjon(id, hva, "text/html", json!({ "type": "string" }))
}

/// One message's page.
pub fn en() -> Operation {
    let mut en = side("nyhet", "En nyhet eller et driftsvarsel");
    en.parameters.insert(
        0,
        Parameter::path("adresse", json!({ "type": "string" }), "Tittelen med små bokstaver og bindestreker"),
    );
    en.responses.insert(2, Answer::empty(404, "Ingen melding har denne adressen"));
    en
}

/// The feed.
pub fn rss() -> Operation {
    let hva = "Nyheter og driftsvarsler som RSS 2.0, nyeste først";
    operasjon("rss", hva, "application/rss+xml", json!({ "type": "object", "xml": { "name": "rss" } }))
}

/// The same as JSON.
pub fn som_json() -> Operation {
    let tekst = json!({ "type": "string" });
    let melding = json!({
        "type": "object",
        "required": ["id", "type", "tittel", "tidspunkt", "innhold", "lenke"],
        "properties": {
            "id": { "type": "integer" },
            "type": { "type": "string", "enum": ["nyhet", "driftsvarsel"] },
            "tittel": tekst,
            "tidspunkt": { "type": "string", "format": "date-time" },
            "innhold": tekst,
            "status": { "type": "string", "enum": ["planlagt", "paagaar", "loest", "avlyst"] },
            "gjelder": { "type": "string", "enum": ["produsent", "konsument", "begge"] },
            "lenke": { "type": "string", "format": "uri" },
        },
    });
    let skjema = json!({
        "type": "object",
        "required": ["meldinger"],
        "properties": { "meldinger": { "type": "array", "items": melding } },
    });
    let mut som_json = operasjon("meldinger", "Nyheter og driftsvarsler", "application/json", skjema);
    som_json.description = "Nyeste først. Innholdet er Markdown.".to_owned();
    som_json.parameters.insert(
        0,
        Parameter::query(
            "type",
            json!({ "type": "string", "enum": ["nyhet", "driftsvarsel"] }),
            "Bare denne listen",
        ),
    );
    som_json.responses.insert(
        2,
        Answer::empty(400, "type er ukjent").content("application/json", json!({ "type": "object" })),
    );
    som_json
}
