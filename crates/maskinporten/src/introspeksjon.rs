//! Introspection (sheet section 10, RFC 7662): what a token means, for clients that its scopes name.

use async_trait::async_trait;
use journal::{Journal, SharedJournal};
use serde_json::{Value, json};
use tid::Timestamp;
use vakt::Scopes;
use vakt::iso6523::Iso6523;
use vakt::json::Object;
use vakt::jws::Compact;
use vakt::keys::{Introspection, Unavailable};

use crate::bevis::{Avslag, Parter, klient, rett};
use crate::endring::{OPAKE, Opaktoken};
use crate::lager::SCOPES;
use crate::modell::Klient;
use crate::utsted::opaknokkel;
use crate::{Feil, Maskinporten};

/// The scope that a client must have to ask (sheet section 10).
pub const SPORRESCOPE: &str = "idporten:token.introspection";
/// Longest token that is looked at.
const TOKEN_MAKS: usize = 16 * 1024;

impl Maskinporten {
    /// What a token means to a client. `{"active":false}` for one that is unknown, ended or not the client's to
    /// ask about; it is never said which.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn introspekter(&self, token: &str, klient: &Klient) -> Result<Value, Avslag> {
        let naa = self.naa();
        let kan = klient.scopes.iter().any(|scope| scope.as_str() == SPORRESCOPE);
        let krav = match self.krav_av(token, naa).await? {
            Some(krav) if kan && self.kan_spore(&krav, &klient.client_id).await? => krav,
            _ => return Ok(json!({ "active": false })),
        };
        let mut svar = json!({ "active": true });
        if let (Some(ut), Value::Object(krav)) = (svar.as_object_mut(), krav) {
            ut.extend(krav);
        }
        Ok(svar)
    }

    /// The claims of a token that is ours and good now.
    async fn krav_av(&self, token: &str, naa: Timestamp) -> Result<Option<Value>, Avslag> {
        let lever = |krav: &Value| krav["exp"].as_i64().is_some_and(|exp| exp * 1000 > naa.as_millis());
        if !token.contains('.') {
            return Ok(opake_krav(&**self.journal(), token).await?.filter(lever));
        }
        let Ok(jws) = Compact::parse(token, TOKEN_MAKS) else { return Ok(None) };
        let nokler = self.nokkelring().nokkelsett(naa).await?;
        let nokkel = jws.header().kid.as_deref().and_then(|kid| nokler.get(kid));
        if nokkel.is_none_or(|nokkel| jws.verify(nokkel).is_err()) {
            return Ok(None);
        }
        let krav = Value::Object(jws.into_payload());
        let var = krav["iss"] == self.oppsett().utsteder.as_str();
        Ok(Some(krav).filter(|krav| var && lever(krav)))
    }

    /// Every scope of the token names the client among those that may introspect.
    async fn kan_spore(&self, krav: &Value, client_id: &str) -> Result<bool, Avslag> {
        let scopes = Scopes::known(krav["scope"].as_str().unwrap_or_default());
        for scope in &scopes {
            let post = SCOPES.hent(&**self.journal(), scope.as_str()).await?;
            let navngitt = |post: &crate::modell::Scopepost| {
                post.enforced_aud_for_introspection.iter().any(|id| id == client_id)
            };
            if post.is_none_or(|post| !navngitt(&post.verdi)) {
                return Ok(false);
            }
        }
        Ok(!scopes.is_empty())
    }
}

/// What an opaque token stands for, whether it has ended or not; `None` too when what it was issued on is withdrawn.
async fn opake_krav(journal: &dyn Journal, token: &str) -> Result<Option<Value>, Avslag> {
    let funnet = journal.record(OPAKE, &opaknokkel(token)).await.map_err(Feil::from)?;
    let lest = funnet.map(|post| serde_json::from_slice::<Opaktoken>(&post.value)).transpose();
    let lest = lest.map_err(|arsak| Feil::Post { rom: OPAKE.0, arsak })?;
    match lest {
        Some(token) if star(journal, &token.krav).await? => Ok(Some(token.krav)),
        _ => Ok(None),
    }
}

/// Whether client, scopes, access and delegation are still there. A token that holds its claims lives until it ends
/// whatever becomes of them (sheet 7.7); one that must be looked up need not.
async fn star(journal: &dyn Journal, krav: &Value) -> Result<bool, Avslag> {
    let tekst = |navn: &str| krav[navn].as_str().unwrap_or_default();
    let part = |navn: &str| Iso6523::read(&krav[navn]).and_then(|organisasjon| organisasjon.orgnr());
    let Some(consumer) = part("consumer") else { return Ok(false) };
    let parter = Parter { consumer, supplier: part("supplier") };
    let gitt = async {
        let lagret = klient::finn(journal, tekst("client_id")).await?;
        rett::gi(journal, &lagret.klient, parter, tekst("scope")).await
    };
    match gitt.await {
        Ok(_) => Ok(true),
        Err(avslag) if avslag.status < 500 => Ok(false),
        Err(feil) => Err(feil),
    }
}

/// Opaque tokens as guards of this process ask about them.
pub(crate) struct EgneOpake(pub SharedJournal);

#[async_trait]
impl Introspection for EgneOpake {
    async fn introspect(&self, token: &str) -> Result<Option<Object>, Unavailable> {
        match opake_krav(&*self.0, token).await {
            Ok(Some(Value::Object(krav))) => Ok(Some(krav)),
            Ok(_) => Ok(None),
            Err(feil) => {
                let merknad = feil.merknad.unwrap_or_default();
                tracing::error!(target: "maskinporten", merknad, "et token kan ikke slås opp");
                Err(Unavailable)
            }
        }
    }
}
