//! Who calls the administration: the organisation of a token of our own.

use http::{HeaderMap, header};
use vakt::iso6523::Iso6523;
use vakt::jws::Compact;
use vakt::{Scope, Scopes};

use super::svar::Nei;
use crate::Maskinporten;
use crate::admin::Aktor;
use crate::modell::{Hvem, Orgnr};

/// Longest token that is looked at.
const TOKEN_MAKS: usize = 16 * 1024;

/// A caller with a good token.
#[derive(Debug, Clone)]
pub struct Innlogget {
    /// The token's consumer.
    pub orgnr: Orgnr,
    client_id: String,
    scopes: Scopes,
}

impl Innlogget {
    /// The caller of a request.
    pub async fn av(mp: &Maskinporten, hoder: &HeaderMap) -> Result<Self, Nei> {
        const UTEN: Nei = Nei::UtenToken("Kallet mangler et gyldig token fra Maskinporten.");
        let token = bearer(hoder).ok_or(UTEN)?;
        let jws = Compact::parse(token, TOKEN_MAKS).map_err(|_| UTEN)?;
        let naa = mp.naa();
        let nokler = mp.nokkelring().nokkelsett(naa).await?;
        let nokkel = jws.header().kid.as_deref().and_then(|kid| nokler.get(kid)).ok_or(UTEN)?;
        jws.verify(nokkel).map_err(|_| UTEN)?;
        let krav = jws.into_payload();
        let tekst = |navn: &str| krav.get(navn).and_then(serde_json::Value::as_str);
        let utlop = krav.get("exp").and_then(serde_json::Value::as_i64).unwrap_or(0);
        // A token for another audience is not for us (sheet 14.1).
        let var = tekst("iss") == Some(&mp.oppsett().utsteder)
            && tekst("aud").is_none_or(|aud| aud == "unspecified")
            && krav.get("aud").is_none_or(serde_json::Value::is_string);
        if !var || utlop * 1000 <= naa.as_millis() {
            return Err(UTEN);
        }
        let orgnr = krav.get("consumer").and_then(Iso6523::read).and_then(|o| o.orgnr()).ok_or(UTEN)?;
        Ok(Self {
            orgnr,
            client_id: tekst("client_id").unwrap_or_default().to_owned(),
            scopes: Scopes::known(tekst("scope").unwrap_or_default()),
        })
    }

    /// Whether the token has one of these scopes.
    pub fn har(&self, en_av: &[&str]) -> bool {
        en_av.iter().any(|navn| Scope::parse(navn).is_ok_and(|scope| self.scopes.contains(&scope)))
    }

    /// The actor, if the token has one of these scopes.
    pub fn aktor(&self, en_av: &[&str], spor: &str) -> Result<Aktor, Nei> {
        if !self.har(en_av) {
            return Err(Nei::UtenScope(format!("Kallet krever et av disse scopene: {}", en_av.join(", "))));
        }
        let hvem = Hvem {
            orgnr: Some(self.orgnr),
            client_id: Some(self.client_id.clone()),
            vei: "api".to_owned(),
            spor: Some(spor.to_owned()),
        };
        Ok(Aktor { orgnr: Some(self.orgnr), hvem })
    }
}

fn bearer(hoder: &HeaderMap) -> Option<&str> {
    let mut linjer = hoder.get_all(header::AUTHORIZATION).iter();
    let linje = linjer.next()?.to_str().ok()?;
    let (skjema, token) = linje.split_once(' ')?;
    (linjer.next().is_none() && skjema.eq_ignore_ascii_case("Bearer")).then(|| token.trim())
}
