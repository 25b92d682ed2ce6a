//! What the operator can order: the acts of [`crate::admin`] as data, so that a command line can do them on the store
//! itself or hand them to the server that has it open.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tid::Timestamp;
use vakt::Scope;
use vakt::json::Object;

use crate::Maskinporten;
use crate::admin::{
    Aktor, Klientfelt, NyRessurs, NySystembruker, NyttSamtykke, NyttSystem, Scopefelt, Sokedelegering, Utfall,
};
use crate::modell::{Orgnr, Tilgangstilstand};
use crate::nokkelring::Bytte;

/// An order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the act of the same name")]
pub enum Kommando {
    Klienter { orgnr: Option<Orgnr>, alle: bool },
    Klient { client_id: String },
    NyKlient(Box<Klientfelt>),
    EndreScopes { client_id: String, legg_til: Vec<Scope>, fjern: Vec<Scope> },
    SlettKlient { client_id: String },
    SettNokler { client_id: String, jwks: Object },
    SlettNokler { client_id: String },
    NyPrefiks { prefix: String, orgnr: Orgnr },
    Prefikser,
    Scopes { orgnr: Option<Orgnr> },
    SettScope { scope: Scope, felt: Box<Scopefelt> },
    SlettScope { scope: Scope },
    SettTilgang { scope: Scope, orgnr: Orgnr, gitt: bool },
    Tilganger { scope: Option<Scope>, orgnr: Option<Orgnr> },
    SettRessurs(NyRessurs),
    Ressurser,
    SlettRessurs { resourceid: String, med_delegeringer: bool },
    Deleger { consumer: Orgnr, supplier: Orgnr, resourceid: String },
    TrekkDelegering { consumer: Orgnr, supplier: Orgnr, resourceid: String },
    Delegeringer { consumer: Option<Orgnr>, supplier: Option<Orgnr>, scope: Option<Scope> },
    SettSystem(NyttSystem),
    NySystembruker(NySystembruker),
    SlettSystembruker { id: String },
    NyttSamtykke(NyttSamtykke),
    TrekkSamtykke { id: String },
    Signeringsnokler,
    ByttSigneringsnokkel { straks: bool },
    Spor { fra: Timestamp, antall: usize },
    Utstedelser { fra: Timestamp, antall: usize },
}

impl Maskinporten {
    /// Does what the operator orders, and answers what came of it.
    ///
    /// # Errors
    /// As the act itself.
    pub async fn utfor(&self, aktor: &Aktor, kommando: Kommando) -> Utfall<Value> {
        match kommando {
            Kommando::Klienter { .. }
            | Kommando::Klient { .. }
            | Kommando::NyKlient(_)
            | Kommando::EndreScopes { .. }
            | Kommando::SlettKlient { .. }
            | Kommando::SettNokler { .. }
            | Kommando::SlettNokler { .. } => self.om_klienter(aktor, kommando).await,
            Kommando::NyPrefiks { .. }
            | Kommando::Prefikser
            | Kommando::Scopes { .. }
            | Kommando::SettScope { .. }
            | Kommando::SlettScope { .. }
            | Kommando::SettTilgang { .. }
            | Kommando::Tilganger { .. } => self.om_scopes(aktor, kommando).await,
            Kommando::SettRessurs(_)
            | Kommando::Ressurser
            | Kommando::SlettRessurs { .. }
            | Kommando::Deleger { .. }
            | Kommando::TrekkDelegering { .. }
            | Kommando::Delegeringer { .. } => self.om_delegering(aktor, kommando).await,
            annen => self.om_annet(aktor, annen).await,
        }
    }

    async fn om_klienter(&self, aktor: &Aktor, kommando: Kommando) -> Utfall<Value> {
        Ok(match kommando {
            Kommando::Klienter { orgnr, alle } => {
                let aktor = Aktor { orgnr, ..aktor.clone() };
                json!(self.klienter(&aktor, alle).await?)
            }
            Kommando::Klient { client_id } => json!(self.klient(aktor, &client_id).await?),
            Kommando::NyKlient(felt) => json!(self.ny_klient(aktor, *felt).await?),
            Kommando::EndreScopes { client_id, legg_til, fjern } => {
                let lagret = self.klient(aktor, &client_id).await?;
                json!(self.endre_klient(aktor, &client_id, endret(lagret, legg_til, &fjern)).await?)
            }
            Kommando::SlettKlient { client_id } => json!(self.slett_klient(aktor, &client_id).await?),
            Kommando::SettNokler { client_id, jwks } => {
                json!(self.sett_nokler(aktor, &client_id, &jwks, true).await?)
            }
            Kommando::SlettNokler { client_id } => json!(self.slett_nokler(aktor, &client_id).await?),
            _ => Value::Null,
        })
    }

    async fn om_scopes(&self, aktor: &Aktor, kommando: Kommando) -> Utfall<Value> {
        Ok(match kommando {
            Kommando::NyPrefiks { prefix, orgnr } => json!(self.ny_prefiks(aktor, &prefix, orgnr).await?),
            Kommando::Prefikser => json!(self.prefikser().await?),
            Kommando::Scopes { orgnr } => json!(self.scopes(orgnr).await?),
            Kommando::SettScope { scope, felt } => match self.scope(&scope).await {
                Ok(_) => json!(self.endre_scope(aktor, &scope, *felt).await?),
                Err(crate::admin::Avvist::Ukjent(_)) => json!(self.ny_scope(aktor, &scope, *felt).await?),
                Err(feil) => return Err(feil),
            },
            Kommando::SlettScope { scope } => json!(self.slett_scope(aktor, &scope).await?),
            Kommando::SettTilgang { scope, orgnr, gitt } => {
                let state = if gitt { Tilgangstilstand::Approved } else { Tilgangstilstand::Denied };
                json!(self.sett_tilgang(aktor, &scope, orgnr, state).await?)
            }
            Kommando::Tilganger { scope: Some(scope), .. } => {
                json!(self.tilganger_til(aktor, &scope).await?)
            }
            Kommando::Tilganger { orgnr: Some(orgnr), .. } => json!(self.tilganger_av(orgnr).await?),
            _ => Value::Null,
        })
    }

    async fn om_delegering(&self, aktor: &Aktor, kommando: Kommando) -> Utfall<Value> {
        Ok(match kommando {
            Kommando::SettRessurs(ny) => json!(self.sett_ressurs(aktor, ny).await?),
            Kommando::Ressurser => json!(self.ressurser(None).await?),
            Kommando::SlettRessurs { resourceid, med_delegeringer } => {
                json!(self.slett_ressurs(aktor, &resourceid, med_delegeringer).await?)
            }
            Kommando::Deleger { consumer, supplier, resourceid } => {
                json!(self.deleger(aktor, consumer, supplier, &resourceid).await?)
            }
            Kommando::TrekkDelegering { consumer, supplier, resourceid } => {
                json!(self.trekk_delegering(aktor, consumer, supplier, &resourceid).await?)
            }
            Kommando::Delegeringer { consumer, supplier, scope } => {
                json!(self.sok_delegeringer(&Sokedelegering { supplier, consumer, scope }).await?)
            }
            _ => Value::Null,
        })
    }

    async fn om_annet(&self, aktor: &Aktor, kommando: Kommando) -> Utfall<Value> {
        Ok(match kommando {
            Kommando::SettSystem(nytt) => json!(self.sett_system(aktor, nytt).await?),
            Kommando::NySystembruker(ny) => json!(self.ny_systembruker(aktor, ny).await?),
            Kommando::SlettSystembruker { id } => json!(self.slett_systembruker(aktor, &id).await?),
            Kommando::NyttSamtykke(nytt) => json!(self.nytt_samtykke(aktor, nytt).await?),
            Kommando::TrekkSamtykke { id } => json!(self.trekk_samtykke(aktor, &id).await?),
            Kommando::Signeringsnokler => json!(self.nokkelring().status(self.naa()).await?),
            Kommando::ByttSigneringsnokkel { straks } => {
                let bytte = if straks { Bytte::Straks } else { Bytte::Varslet };
                json!(self.bytt_nokkel(bytte, aktor.hvem.clone()).await?)
            }
            Kommando::Spor { fra, antall } => json!(self.spor(fra, antall).await?),
            Kommando::Utstedelser { fra, antall } => json!(self.utstedelser(fra, antall).await?),
            _ => Value::Null,
        })
    }
}

/// A client as it is, with some scopes more and some fewer.
fn endret(lagret: crate::modell::Lagretklient, legg_til: Vec<Scope>, fjern: &[Scope]) -> Klientfelt {
    let klient = lagret.klient;
    let scopes = klient.scopes.into_iter().chain(legg_til).filter(|scope| !fjern.contains(scope)).collect();
    Klientfelt {
        client_name: klient.client_name,
        description: klient.description,
        client_uri: klient.client_uri,
        scopes,
        access_token_lifetime: Some(klient.access_token_lifetime),
        ovrige: klient.ovrige,
        ..Klientfelt::default()
    }
}
