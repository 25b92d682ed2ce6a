//! `/clients/{client_id}/onbehalfof`: entries of the old supplier scheme. They are kept and shown, and have no
//! effect (sheet 11.4).

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;

use super::kall::{Kall, Svar, lest, objekt};
use super::klienter::LESE;
use super::svar;
use crate::admin::{Aktor, Avvist, Utfall};
use crate::modell::{Lagretklient, Onbehalfof};

/// Scopes that let their holder change entries.
const ENDRE: &[&str] = &["idporten:dcr/onbehalfof:write", "idporten:dcr.modify", "idporten:dcr.write"];
/// Most entries of a client.
const MAKS: usize = 1_000;

pub async fn liste(kall: Kall) -> Response {
    let svar = async {
        let aktor = lese(&kall).await?;
        let lagret = kall.mp().klient(&aktor, kall.stiverdier.get("client_id")).await?;
        Ok(svar::json(StatusCode::OK, &lagret.onbehalfof))
    };
    kall.selvbetjening(svar.await)
}

pub async fn hent(kall: Kall) -> Response {
    let svar = async {
        let aktor = lese(&kall).await?;
        let lagret = kall.mp().klient(&aktor, kall.stiverdier.get("client_id")).await?;
        Ok(svar::json(StatusCode::OK, en(&lagret, kall.stiverdier.get("verdi"))?))
    };
    kall.selvbetjening(svar.await)
}

pub async fn ny(kall: Kall, kropp: Bytes) -> Response {
    let svar = async {
        let ny: Onbehalfof = lest(objekt(&kropp)?)?;
        let navn = ny.onbehalfof.clone();
        let lagret = endre_liste(&kall, |liste| {
            if liste.iter().any(|post| post.onbehalfof == ny.onbehalfof) {
                return Err(Avvist::Konflikt("onbehalfof finnes".to_owned()));
            }
            if liste.len() >= MAKS {
                return Err(Avvist::ugyldig("onbehalfof", "klienten har for mange"));
            }
            liste.push(ny);
            Ok(())
        })
        .await?;
        Ok(svar::json(StatusCode::OK, en(&lagret, &navn)?))
    };
    kall.selvbetjening(svar.await)
}

pub async fn endre(kall: Kall, kropp: Bytes) -> Response {
    let svar = async {
        let navn = kall.stiverdier.get("verdi");
        let ny = Onbehalfof { onbehalfof: navn.to_owned(), ..lest(objekt(&kropp)?)? };
        let lagret = endre_liste(&kall, |liste| {
            let plass = liste.iter_mut().find(|post| post.onbehalfof == navn);
            *plass.ok_or(Avvist::Ukjent("onbehalfof"))? = ny;
            Ok(())
        })
        .await?;
        Ok(svar::json(StatusCode::OK, en(&lagret, navn)?))
    };
    kall.selvbetjening(svar.await)
}

pub async fn slett(kall: Kall) -> Response {
    let svar: Svar = async {
        let navn = kall.stiverdier.get("verdi");
        endre_liste(&kall, |liste| {
            let antall = liste.len();
            liste.retain(|post| post.onbehalfof != navn);
            if liste.len() == antall { Err(Avvist::Ukjent("onbehalfof")) } else { Ok(()) }
        })
        .await?;
        Ok(StatusCode::OK.into_response())
    }
    .await;
    kall.selvbetjening(svar)
}

async fn lese(kall: &Kall) -> Result<Aktor, svar::Nei> {
    kall.aktor(&[LESE, ENDRE].concat()).await
}

async fn endre_liste(
    kall: &Kall,
    endre: impl FnOnce(&mut Vec<Onbehalfof>) -> Utfall<()>,
) -> Result<Lagretklient, svar::Nei> {
    let aktor = kall.aktor(ENDRE).await?;
    Ok(kall.mp().sett_onbehalfof(&aktor, kall.stiverdier.get("client_id"), endre).await?)
}

fn en<'l>(lagret: &'l Lagretklient, navn: &str) -> Utfall<&'l Onbehalfof> {
    lagret.onbehalfof.iter().find(|post| post.onbehalfof == navn).ok_or(Avvist::Ukjent("onbehalfof"))
}
