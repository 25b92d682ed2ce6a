//! Who calls the administration: the organisation of a token of our own.

use http::{HeaderMap, header};
use vakt::claims::{self, Beliefs};
use vakt::jws::Compact;
use vakt::{Access, Denied, Konsument, Scope};

use super::svar::Nei;
use crate::Maskinporten;
use crate::admin::Aktor;
use crate::modell::{Hvem, Orgnr};

/// Longest token that is looked at.
const TOKEN_MAKS: usize = 16 * 1024;

/// A caller with a good token.
#[derive(Debug, Clone)]
pub struct Innlogget(pub Konsument);

impl Innlogget {
    /// The caller of a request.
    pub async fn av(mp: &Maskinporten, hoder: &HeaderMap) -> Result<Self, Nei> {
        let token = bearer(hoder).ok_or(Denied::NoToken)?;
        let ugyldig = Denied::Invalid("the token is not of this server");
        let jws = Compact::parse(token, TOKEN_MAKS).map_err(|_| ugyldig.clone())?;
        let naa = mp.naa();
        let nokler = mp.nokkelring().nokkelsett(naa).await?;
        let nokkel = jws.header().kid.as_deref().and_then(|kid| nokler.get(kid)).ok_or(ugyldig.clone())?;
        jws.verify(nokkel).map_err(|_| ugyldig)?;
        let tro = Beliefs {
            issuer: mp.oppsett().utsteder.as_str().into(),
            delegation_sources: vec![mp.oppsett().delegeringskilde.as_str().into()],
            supplier_without_source: true,
            leeway_s: 0,
        };
        Ok(Self(claims::read(jws.payload(), &tro, naa.as_millis().div_euclid(1000))?))
    }

    /// The organisation.
    pub fn orgnr(&self) -> Orgnr {
        self.0.consumer
    }

    /// Whether the token has one of these scopes.
    pub fn har(&self, en_av: &[&str]) -> bool {
        scopes(en_av).any(|scope| self.0.has(&scope))
    }

    /// The actor, if the token is unrestricted and has one of these scopes.
    pub fn aktor(&self, en_av: &[&str], spor: &str) -> Result<Aktor, Nei> {
        Access::any_of(scopes(en_av)).check(&self.0)?;
        let hvem = Hvem {
            orgnr: Some(self.0.consumer),
            client_id: Some(self.0.client_id.to_string()),
            vei: "api".to_owned(),
            spor: Some(spor.to_owned()),
        };
        Ok(Aktor { orgnr: Some(self.0.consumer), hvem })
    }
}

fn scopes<'a>(navn: &'a [&str]) -> impl Iterator<Item = Scope> + 'a {
    navn.iter().filter_map(|navn| Scope::parse(navn).ok())
}

fn bearer(hoder: &HeaderMap) -> Option<&str> {
    let mut linjer = hoder.get_all(header::AUTHORIZATION).iter();
    let linje = linjer.next()?.to_str().ok()?;
    let (skjema, token) = linje.split_once(' ')?;
    (linjer.next().is_none() && skjema.eq_ignore_ascii_case("Bearer")).then(|| token.trim())
}
