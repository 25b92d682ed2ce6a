//! `/`: what runs here, how much it holds, and links to try.

use std::fmt::Write;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse};
use enhetsregisteret::modell::{Dokument, Enhetstype};
use enhetsregisteret::sporring::Sporring;
use enhetsregisteret::{Enhetsregister, Status};
use serde_json::json;
use web::base_url::{PublicUrl, public_base};
use web::routes::{Answer, Operation, Table};

const PAGE: &str = include_str!("portal.html");
const JSON: &str = "application/json";
const EXAMPLES: u64 = 3;
/// The page brings its own style and loads nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// What the portal shows.
pub(crate) struct Portal {
    pub(crate) enhetsregisteret: Option<(Arc<Enhetsregister>, String)>,
    /// Where Maskinporten lies.
    pub(crate) maskinporten: Option<String>,
    pub(crate) public: PublicUrl,
    /// The OpenAPI document.
    pub(crate) openapi: Bytes,
}

/// The routes, documented.
pub(crate) fn routes() -> Table<Arc<Portal>> {
    let operation = |id: &str, summary: &str, media_type: &str, schema| Operation {
        id: id.to_owned(),
        summary: summary.to_owned(),
        responses: vec![Answer::empty(200, "Innholdet.").content(media_type, schema)],
        ..Operation::default()
    };
    let text = json!({ "type": "string" });
    Table::new("", "Portal")
        .get("/", page, operation("portal", "Hva som kjører her.", "text/html", text))
        .get(
            "/openapi.json",
            openapi,
            operation("openapi", "Dette dokumentet.", JSON, json!({ "type": "object" })),
        )
}

async fn openapi(State(portal): State<Arc<Portal>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, JSON)], portal.openapi.clone())
}

async fn page(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> impl IntoResponse {
    let base = public_base(&headers, &portal.public);
    let mut registers = match &portal.enhetsregisteret {
        Some((register, prefix)) => enhetsregisteret(register, &format!("{base}{prefix}")).await,
        None => "<p>Ingen registre er slått på.</p>".to_owned(),
    };
    if let Some(prefix) = &portal.maskinporten {
        registers.push_str(&maskinporten(&format!("{base}{prefix}")));
    }
    let html = PAGE
        .replace("{versjon}", env!("CARGO_PKG_VERSION"))
        .replace("{base}", &escaped(&base))
        .replace("{registre}", &registers);
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-store")];
    (headers, Html(html))
}

async fn enhetsregisteret(register: &Enhetsregister, api: &str) -> String {
    let mut html = "<h2>Enhetsregisteret</h2>\n".to_owned();
    match register.status().await {
        Ok(status) => html.push_str(&figures(&status)),
        Err(error) => {
            tracing::error!(%error, "the portal cannot read the register's state");
            html.push_str("<p>Tallene er ikke tilgjengelige nå.</p>\n");
        }
    }
    let api = escaped(api);
    let _ = write!(html, "<p>API-et ligger på <code>{api}</code>. Prøv:</p>\n<ul>\n");
    for (path, text) in [
        ("/enheter?navn=as&amp;size=5", "søk på navn"),
        ("/enheter?kommunenummer=0301&amp;organisasjonsform=AS", "aksjeselskaper i Oslo"),
        ("/enheter?konkurs=true", "enheter i konkurs"),
        ("/underenheter?fraAntallAnsatte=100&amp;sort=antallAnsatte,desc", "underenheter med flest ansatte"),
        ("/oppdateringer/enheter?size=5", "oppdateringer fra begynnelsen"),
        ("/organisasjonsformer", "organisasjonsformer"),
    ] {
        let _ = writeln!(html, "<li><a href=\"{api}{path}\">{text}</a></li>");
    }
    for (number, name) in examples(register).await {
        let (number, name) = (escaped(&number), escaped(&name));
        let roles = format!("<a href=\"{api}/enheter/{number}/roller\">roller</a>");
        let _ = writeln!(html, "<li><a href=\"{api}/enheter/{number}\">{name}</a>, {roles}</li>");
    }
    html.push_str("</ul>\n");
    html
}

fn maskinporten(place: &str) -> String {
    let place = escaped(place);
    let mut html =
        format!("<h2>Maskinporten</h2>\n<p>Tokener utstedes på <code>{place}/token</code>.</p>\n<ul>\n");
    let metadata = maskinporten::api::VELKJENT;
    for (path, text) in [(metadata, "metadata"), ("/jwk", "nøklene som tokener er signert med")] {
        let _ = writeln!(html, "<li><a href=\"{place}{path}\">{text}</a></li>");
    }
    html.push_str("</ul>\n");
    html
}

fn figures(status: &Status) -> String {
    let mut html = "<table>\n".to_owned();
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(html, "<tr><th scope=\"row\">{name}</th><td class=\"n\">{value}</td></tr>");
    };
    row("Enheter", &grouped(status.enheter));
    row("Underenheter", &grouped(status.underenheter));
    let feeds = ["Oppdateringer av enheter", "Oppdateringer av underenheter", "Oppdateringer av roller"];
    for (name, count) in feeds.iter().zip(status.oppdateringer) {
        row(name, &grouped(count));
    }
    for (name, behind) in
        ["Søk i enheter", "Søk i underenheter", "Søk etter personer"].iter().zip(status.etterslep)
    {
        let state = match behind {
            None => "indeksen bygges".to_owned(),
            Some(0) => "à jour".to_owned(),
            Some(events) => format!("{} oppdateringer bak", grouped(events)),
        };
        row(name, &state);
    }
    html.push_str("</table>\n");
    html
}

/// The first units by name, if search is there to tell.
async fn examples(register: &Enhetsregister) -> Vec<(String, String)> {
    let found = register.sok(Enhetstype::Enhet, &Sporring::default(), 0, EXAMPLES).await;
    let units = found.map(|hits| hits.enheter).unwrap_or_default();
    units
        .iter()
        .filter_map(|unit| {
            let document = Dokument::les(&unit.body).ok()?;
            Some((document.som::<String>("organisasjonsnummer")?, document.som::<String>("navn")?))
        })
        .collect()
}

/// With a space between groups of three digits, as numbers are written in Norwegian.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_groups_of_three() {
        let cases = [(0, "0"), (999, "999"), (1000, "1\u{a0}000"), (1_234_567, "1\u{a0}234\u{a0}567")];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn names_cannot_become_markup() {
        assert_eq!(escaped("<b>&\"'Ø"), "&lt;b&gt;&amp;&quot;&#39;Ø");
    }

    #[test]
    fn the_page_names_its_places_and_loads_nothing() {
        for place in ["{versjon}", "{base}", "{registre}"] {
            assert!(PAGE.contains(place), "{place}");
        }
        assert!(!PAGE.contains("src=") && !PAGE.contains("http"), "nothing comes from elsewhere");
    }

    #[test]
    fn figures_tell_of_an_index_that_is_being_built() {
        let status = Status { enheter: 12_345, etterslep: [None, Some(0), Some(0)], ..Status::default() };
        let html = figures(&status);
        assert!(
            html.contains("12\u{a0}345") && html.contains("indeksen bygges") && html.contains("à jour"),
            "{html}"
        );
    }
}
