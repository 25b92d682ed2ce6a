//! Access: the owner of a scope lets an organisation use it (sheet 11.6).

use vakt::Scope;

use super::scopes::eget;
use super::{Aktor, Utfall};
use crate::Maskinporten;
use crate::lager::{TILGANGER, TILGANGER_AV, par, siste, under};
use crate::modell::{Orgnr, Tilgang, Tilgangstilstand};

impl Maskinporten {
    /// Gives or withdraws an organisation's access to a scope of the actor's. Again: no effect.
    ///
    /// # Errors
    /// When the scope is unknown or another's.
    pub async fn sett_tilgang(
        &self,
        aktor: &Aktor,
        scope: &Scope,
        consumer_orgno: Orgnr,
        state: Tilgangstilstand,
    ) -> Utfall<Tilgang> {
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let post = eget(&mut arbeid, aktor, scope).await?;
        let naa = arbeid.naa();
        let nokkel = par(scope, consumer_orgno);
        let der = arbeid.hent(TILGANGER, &nokkel).await?;
        if let Some(der) = der.as_ref().filter(|der| der.state == state) {
            return Ok(der.clone());
        }
        let tilgang = Tilgang {
            scope: scope.clone(),
            state,
            consumer_orgno,
            owner_orgno: post.owner_orgno,
            created: der.map_or(naa, |der| der.created),
            last_updated: naa,
        };
        arbeid.sett(TILGANGER, &nokkel, &tilgang)?;
        arbeid.sett(TILGANGER_AV, &par(consumer_orgno, scope), &())?;
        let handling = match state {
            Tilgangstilstand::Approved => "tilgang.gitt",
            Tilgangstilstand::Requested => "tilgang.bedt",
            Tilgangstilstand::Denied => "tilgang.trukket",
        };
        arbeid.fullfor(handling, &format!("{scope} {consumer_orgno}"), &tilgang).await?;
        Ok(tilgang)
    }

    /// Who may use a scope of the actor's.
    ///
    /// # Errors
    /// When the scope is unknown or another's.
    pub async fn tilganger_til(&self, aktor: &Aktor, scope: &Scope) -> Utfall<Vec<Tilgang>> {
        let post = self.scope(scope).await?;
        if !aktor.eier(post.owner_orgno) {
            return Err(super::Avvist::Ukjent("scopet"));
        }
        let alle = TILGANGER.alle(&**self.journal(), &under(scope)).await?;
        Ok(alle.into_iter().map(|post| post.verdi).collect())
    }

    /// The scopes an organisation may use.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tilganger_av(&self, orgnr: Orgnr) -> Utfall<Vec<Tilgang>> {
        let mut tilganger = Vec::new();
        for post in TILGANGER_AV.alle(&**self.journal(), &under(orgnr)).await? {
            let nokkel = par(siste(&post.nokkel), orgnr);
            tilganger.extend(TILGANGER.hent(&**self.journal(), &nokkel).await?.map(|post| post.verdi));
        }
        Ok(tilganger)
    }
}
