//! `/`: what runs here, how much it holds, and links to try.

use std::fmt::Write;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse};
use enhetsregisteret::lastned::Nedlastingsstatus;
use enhetsregisteret::modell::{Dokument, Enhetstype};
use enhetsregisteret::sporring::Sporring;
use enhetsregisteret::{Enhetsregister, Status};
use folkeregisteret::{Folkeregister, Rettighetspakke};
use serde_json::json;
use tid::Timestamp;
use web::base_url::{PublicUrl, public_base};
use web::routes::{Answer, Operation, Table};

use crate::config;

const PAGE: &str = include_str!("portal.html");
const JSON: &str = "application/json";
const EXAMPLES: u64 = 3;
/// The page brings its own style and loads nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// What the portal shows.
pub(crate) struct Portal {
    pub(crate) enhetsregisteret: Option<Arc<Enhetsregister>>,
    /// Where its API lies, and where our own surface beside it.
    pub(crate) prefix: String,
    pub(crate) extended_prefix: String,
    /// Folkeregisteret, and where it lies.
    pub(crate) folkeregisteret: Option<(Arc<Folkeregister>, config::Folkeregisteret)>,
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
    let mut registers = String::new();
    if let Some(register) = &portal.enhetsregisteret {
        let at = |prefix: &str| escaped(&format!("{base}{prefix}"));
        registers = enhetsregisteret(register, &at(&portal.prefix), &at(&portal.extended_prefix)).await;
    }
    if let Some((register, setup)) = &portal.folkeregisteret {
        registers.push_str(&folkeregisteret(register, &base, setup).await);
    }
    if registers.is_empty() {
        registers.push_str("<p>Ingen registre er slått på.</p>");
    }
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

async fn enhetsregisteret(register: &Enhetsregister, api: &str, extended: &str) -> String {
    let mut html = "<h2>Enhetsregisteret</h2>\n".to_owned();
    match (register.status().await, register.nedlastinger().status().await) {
        (Ok(status), Ok(downloads)) => html.push_str(&figures(&status, &downloads)),
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "the portal cannot read the register's state");
            html.push_str("<p>Tallene er ikke tilgjengelige nå.</p>\n");
        }
    }
    let examples = examples(register).await;
    let _ = write!(html, "<p>API-et ligger på <code>{api}</code>. Prøv:</p>\n<ul>\n");
    links(
        &mut html,
        api,
        &[
            ("/enheter?navn=as&amp;size=5", "søk på navn"),
            ("/enheter?kommunenummer=0301&amp;organisasjonsform=AS", "aksjeselskaper i Oslo"),
            ("/enheter?konkurs=true", "enheter i konkurs"),
            (
                "/underenheter?fraAntallAnsatte=100&amp;sort=antallAnsatte,desc",
                "underenheter med flest ansatte",
            ),
            ("/oppdateringer/enheter?size=5", "oppdateringer fra begynnelsen"),
            ("/organisasjonsformer", "organisasjonsformer"),
            ("/enheter/lastned", "alle enheter som JSON"),
        ],
    );
    for (number, name) in &examples {
        let roles = format!("<a href=\"{api}/enheter/{number}/roller\">roller</a>");
        let _ = writeln!(html, "<li><a href=\"{api}/enheter/{number}\">{name}</a>, {roles}</li>");
    }
    html.push_str("</ul>\n");
    html.push_str(&beyond(extended, examples.first()));
    html
}

/// What no official API gives, with addresses to try.
fn beyond(extended: &str, example: Option<&(String, String)>) -> String {
    let mut html = format!(
        "<h2>Mer enn det offisielle API-et</h2>\n<p>På <code>{extended}</code> ligger det som ingen offisiell \
         tjeneste har: registeret slik det var, historikk, fritekst, opptelling og filer for analyse.</p>\n<ul>\n"
    );
    links(
        &mut html,
        extended,
        &[
            ("/enheter?navn=fjrod", "søk som tåler skrivefeil"),
            ("/enheter?tekst=fisk", "fritekst i formål og aktivitet"),
            (
                "/enheter?konkurs=false&amp;size=1&amp;fasetter=organisasjonsform,kommunenummer",
                "antall etter organisasjonsform og kommune",
            ),
            ("/personer?navn=hansen", "personer med roller i næringsvirksomhet"),
            ("/lastned/parquet/enheter", "alle enheter som Parquet"),
            ("/lastned/parquet/underenheter", "alle underenheter som Parquet"),
            ("/lastned/parquet/roller", "alle roller som Parquet"),
        ],
    );
    if let Some((number, name)) = example {
        links(
            &mut html,
            &format!("{extended}/enheter/{number}"),
            &[
                ("?tidspunkt=2023-06-30", &format!("{name} slik den var 30. juni 2023")),
                ("/historikk", &format!("historikken til {name}")),
            ],
        );
    }
    html.push_str("</ul>\n");
    html
}

/// List items; addresses and texts are HTML already.
fn links(html: &mut String, base: &str, links: &[(&str, &str)]) {
    for (path, text) in links {
        let _ = writeln!(html, "<li><a href=\"{base}{path}\">{text}</a></li>");
    }
}

/// The packages, with how far the events of each have come.
async fn folkeregisteret(register: &Folkeregister, base: &str, setup: &config::Folkeregisteret) -> String {
    let mut html = "<h2>Folkeregisteret</h2>\n<p>Hvert kall har et token for pakkens scope.</p>\n<table>\n\
                    <tr><th scope=\"col\">Pakke</th><th scope=\"col\">Adresse</th><th scope=\"col\">Siste hendelse</th></tr>\n"
        .to_owned();
    for pakke in Rettighetspakke::ALLE {
        let name = pakke.rad().map_or(pakke.kode(), |row| row.navn);
        let place = escaped(&format!("{base}{}/{}/v1", setup.prefix.as_str(), pakke.adressedel()));
        let newest = register.siste_sekvensnummer(pakke).await.map_or_else(|_| "–".to_owned(), grouped);
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td><code>{place}</code></td><td class=\"n\">{newest}</td></tr>",
            escaped(name)
        );
    }
    html.push_str("</table>\n");
    if setup.producers {
        html.push_str(&producers(base, setup));
    }
    html
}

/// Where messages come in, what is told back, and what both may consist of.
fn producers(base: &str, setup: &config::Folkeregisteret) -> String {
    let at = |path: &str| escaped(&format!("{base}{}{path}", setup.prefix.as_str()));
    let mut html = format!(
        "<p>Produsenter sender meldinger til <code>{}</code> og leser tilbakemeldinger på <code>{}</code>.</p>\n<ul>\n",
        at("/mottak/api"),
        at("/tilbakemelding/api/v2/hendelser"),
    );
    let extended = escaped(&format!("{base}{}", setup.extended_prefix.as_str()));
    links(&mut html, &extended, &[("/kontrakter", "kontrakter, skjemaer og eksempler på meldinger")]);
    let site = escaped(&format!("{base}{}", produsent::api::NETTSTED));
    links(&mut html, &site, &[("/", "nyheter og driftsvarsler"), ("/rss.xml", "de samme som RSS")]);
    html.push_str("</ul>\n");
    html
}

fn maskinporten(place: &str) -> String {
    let place = escaped(place);
    let mut html =
        format!("<h2>Maskinporten</h2>\n<p>Tokener utstedes på <code>{place}/token</code>.</p>\n<ul>\n");
    let metadata = maskinporten::api::VELKJENT;
    links(&mut html, &place, &[(metadata, "metadata"), ("/jwk", "nøklene som tokener er signert med")]);
    html.push_str("</ul>\n");
    html
}

fn figures(status: &Status, downloads: &Nedlastingsstatus) -> String {
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
    row("Nedlastingsfiler", &files(downloads));
    html.push_str("</table>\n");
    html
}

fn files(downloads: &Nedlastingsstatus) -> String {
    let state = match (&downloads.laget, downloads.bygges) {
        (_, true) => "lages nå".to_owned(),
        (Some(made), _) => {
            let local = Timestamp::parse(made).map(Timestamp::local_oslo).unwrap_or_default();
            format!("slik registeret var {}", local.get(..16).unwrap_or_default())
        }
        (None, _) => "lages ved forespørsel".to_owned(),
    };
    if downloads.siste_feil.is_some() { format!("{state}; siste forsøk feilet") } else { state }
}

/// The first units by name, if search is there to tell; as HTML.
async fn examples(register: &Enhetsregister) -> Vec<(String, String)> {
    let found = register.sok(Enhetstype::Enhet, &Sporring::default(), 0, EXAMPLES).await;
    let units = found.map(|hits| hits.enheter).unwrap_or_default();
    units
        .iter()
        .filter_map(|unit| {
            let document = Dokument::les(&unit.body).ok()?;
            let text = |field| Some(escaped(&document.som::<String>(field)?));
            Some((text("organisasjonsnummer")?, text("navn")?))
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

    fn downloads() -> Nedlastingsstatus {
        Nedlastingsstatus {
            lages: "daglig",
            sekvensnummer: None,
            laget: None,
            neste: None,
            bygges: false,
            filer: Vec::new(),
            siste_feil_tid: None,
            siste_feil: None,
        }
    }

    #[test]
    fn the_state_of_the_files_in_a_few_words() {
        let mut status = downloads();
        assert_eq!(files(&status), "lages ved forespørsel");
        status.siste_feil = Some("disken er full".to_owned());
        assert_eq!(files(&status), "lages ved forespørsel; siste forsøk feilet");
        status = Nedlastingsstatus { laget: Some("2024-01-17T03:30:00.000Z".to_owned()), ..downloads() };
        assert_eq!(files(&status), "slik registeret var 2024-01-17 04:30");
        status.bygges = true;
        assert_eq!(files(&status), "lages nå");
    }

    #[test]
    fn figures_tell_of_an_index_that_is_being_built() {
        let status = Status { enheter: 12_345, etterslep: [None, Some(0), Some(0)], ..Status::default() };
        let html = figures(&status, &downloads());
        assert!(
            html.contains("12\u{a0}345") && html.contains("indeksen bygges") && html.contains("à jour"),
            "{html}"
        );
    }
}
