//! `/errors/MP-nnn`: where `error_uri` leads, for people (sheet 2.2).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use web::fault::Fault;

use super::kall::Kall;

/// Code, what it means, what to do.
pub const KODER: &[(&str, &str, &str)] = &[
    (
        "MP-011",
        "Beviset er ikke riktig bygd opp.",
        "Se etter linjeskift, manglende eller ukjente krav, og krav med feil type. iss, aud, iat, exp og scope må være med.",
    ),
    (
        "MP-012",
        "Beviset er brukt før.",
        "Lag et nytt bevis med ny jti for hvert kall. Bruk tokenet om igjen til det utløper.",
    ),
    (
        "MP-100",
        "Klienten er ukjent eller deaktivert.",
        "Kontroller iss, og at klienten er registrert i dette miljøet.",
    ),
    (
        "MP-110",
        "aud er feil.",
        "aud skal være utstederen nøyaktig slik den står i metadata, med skråstrek til slutt, og bare den.",
    ),
    (
        "MP-120",
        "Sertifikatet kan ikke brukes.",
        "Kontroller at det er et virksomhetssertifikat for dette miljøet, og at det ikke er utløpt eller trukket tilbake.",
    ),
    (
        "MP-121",
        "Den registrerte nøkkelen er utløpt.",
        "Registrer nøkkelen på nytt, eller en ny. En nøkkel varer i høyst ett år.",
    ),
    (
        "MP-122",
        "Sertifikatet er utstedt til en annen virksomhet enn klientens.",
        "Bruk virksomhetens eget sertifikat.",
    ),
    (
        "MP-123",
        "x5c er ikke riktig.",
        "x5c er en liste av sertifikater i vanlig base64 (DER), ditt eget først.",
    ),
    (
        "MP-124",
        "Signaturen stemmer ikke.",
        "Kontroller at nøkkelen hører til kid, og at alg er RS256, RS384 eller RS512.",
    ),
    (
        "MP-130",
        "Beviset er utløpt.",
        "Kontroller klokken. iat skal være innenfor 10 sekunder, exp høyst 120 sekunder etter iat.",
    ),
    ("MP-200", "Klienten har ikke scopet.", "Kontroller stavemåten, og at scopet er registrert på klienten."),
    ("MP-201", "Scopet kan ikke brukes med Maskinporten.", "Scopet er for innlogging av personer."),
    (
        "MP-250",
        "Konsumenten har ikke fått tilgang til scopet.",
        "Be eieren av API-et om tilgang for organisasjonsnummeret.",
    ),
    (
        "MP-251",
        "Konsumenten har ikke delegert tilgangen til leverandøren.",
        "Konsumenten delegerer API-tilgangen i Altinn.",
    ),
    ("MP-301", "authorization_details har en ukjent type.", "Typene står i metadata."),
    ("MP-302", "authorization_details har ukjente felter.", "Send bare de dokumenterte feltene."),
    (
        "MP-303",
        "authorization_details har verdier som ikke kan brukes.",
        "Kontroller organisasjonsnummeret, externalRef, og at systemet har denne klienten.",
    ),
];

/// `GET /errors/{kode}`
pub async fn get(kall: Kall) -> Response {
    let kode = kall.stiverdier.get("kode");
    let Some((kode, hva, raad)) = KODER.iter().find(|(navn, ..)| *navn == kode) else {
        return Fault::NotFound.into_response();
    };
    let side = format!(
        "<!doctype html><html lang=\"nb\"><meta charset=\"utf-8\"><title>{kode}</title>\
         <h1>{kode}</h1><p>{hva}</p><p>{raad}</p></html>\n"
    );
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    (StatusCode::OK, [(header::CONTENT_TYPE, html)], side).into_response()
}
