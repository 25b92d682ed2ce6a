//! Who calls the administration: the organisation of a token of our own.

use std::sync::Arc;

use http::HeaderMap;
use vakt::{Access, Konsument, Scope};

use super::svar::Nei;
use crate::Maskinporten;
use crate::admin::Aktor;
use crate::modell::{Hvem, Orgnr};

/// A caller with a good token.
#[derive(Debug, Clone)]
pub struct Innlogget(pub Arc<Konsument>);

impl Innlogget {
    /// The caller of a request.
    pub async fn av(mp: &Maskinporten, hoder: &HeaderMap) -> Result<Self, Nei> {
        mp.nokkelring().frisk(mp.naa()).await?;
        Ok(Self(mp.vakt().caller(hoder).await?))
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
