//! The look-up of delegations, for API owners (sheet 12.5).

use axum::response::Response;
use http::StatusCode;
use vakt::Scope;

use super::kall::{Kall, Svar};
use super::svar::{self, Nei};
use crate::admin::{Avvist, Sokedelegering};
use crate::lager::PREFIKSER;
use crate::modell::Orgnr;

/// The scope for asking about everything.
const ALT: &str = "altinn:maskinporten/delegations.admin";
/// The scope for asking about one's own scopes.
const EGNE: &str = "altinn:maskinporten/delegations";

pub async fn sok(kall: Kall) -> Response {
    let svar = finn(&kall).await;
    kall.altinn(svar)
}

/// Rights come before parameters: who may ask about own scopes only and names none gets 403.
async fn finn(kall: &Kall) -> Svar {
    let innlogget = kall.innlogget().await?;
    innlogget.aktor(&[ALT, EGNE], &kall.spor)?;
    let gitt = |navn: &str| kall.query.first(navn).filter(|tekst| !tekst.is_empty());
    let scope = gitt("scope");
    if !innlogget.har(&[ALT]) {
        let Some(navn) = scope else {
            let tekst = "Not authorized for lookup of delegations without specifying parameter: scope";
            return Err(Nei::IkkeTil(tekst.to_owned()));
        };
        if !eier(kall, innlogget.orgnr(), navn).await? {
            let tekst = format!("Not authorized for lookup of delegations for the scope: {navn:.200}");
            return Err(Nei::IkkeTil(tekst));
        }
    }
    let (supplier, consumer) = (gitt("supplierOrg"), gitt("consumerOrg"));
    if scope.is_none() && supplier.is_none() && consumer.is_none() {
        let tekst = "Missing query parameters; provide at least one of: scope, supplierOrg, consumerOrg";
        return Err(Avvist::ugyldig("", tekst).into());
    }
    let sok = Sokedelegering {
        supplier: supplier.map(|tekst| orgnr("supplierOrg", tekst)).transpose()?,
        consumer: consumer.map(|tekst| orgnr("consumerOrg", tekst)).transpose()?,
        scope: match scope.map(Scope::parse) {
            None => None,
            Some(Ok(scope)) => Some(scope),
            // What is no scope is an unknown one.
            Some(Err(_)) => return Ok(svar::json(StatusCode::OK, &[(); 0])),
        },
    };
    let rader = kall.mp().sok_delegeringer(&sok).await?;
    Ok(svar::json(StatusCode::OK, &rader))
}

/// Whether the scope lies under a prefix of the organisation's; the colon is part of the comparison.
async fn eier(kall: &Kall, orgnr: Orgnr, navn: &str) -> Result<bool, Nei> {
    let Some((prefiks, _)) = navn.split_once(':') else { return Ok(false) };
    let funnet = PREFIKSER.hent(&**kall.mp().journal(), prefiks).await?;
    Ok(funnet.is_some_and(|post| post.verdi.owner_orgno == orgnr))
}

fn orgnr(navn: &'static str, tekst: &str) -> Result<Orgnr, Nei> {
    let feil = |_| Avvist::ugyldig(navn, format!("{navn} is not a valid organization number"));
    Ok(Orgnr::parse_strengt(tekst).map_err(feil)?)
}
