//! Prefixes and scopes (sheet 11.5).

use serde::{Deserialize, Serialize};
use vakt::Scope;

use super::klienter::INTEGRASJONSTYPER;
use super::{Aktor, Avvist, Utfall, kort};
use crate::Maskinporten;
use crate::endring::Arbeid;
use crate::lager::{PREFIKSER, SCOPES};
use crate::modell::{MASKINPORTEN, Orgnr, Prefiks, Scopepost, Tokentype};

/// Who may see a scope in lists.
pub const SYNLIGHETER: &[&str] = &["PUBLIC", "PRIVATE", "INTERNAL"];
/// Longest list of clients that may introspect.
const INTROSPEKSJON_MAKS: usize = 100;

/// What somebody says of a scope, new or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Scopefelt {
    /// What it gives.
    pub description: String,
    /// More about it.
    pub long_description: Option<String>,
    /// `PUBLIC`, `PRIVATE` or `INTERNAL`.
    pub visibility: Option<String>,
    /// Every organisation has access.
    pub accessible_for_all: bool,
    /// Products it may be used with.
    pub allowed_integration_types: Vec<String>,
    /// The issuer of the delegations it may be used by.
    pub delegation_source: Option<String>,
    /// The longest lifetime of a token with it.
    pub at_max_age: u64,
    /// Of other products.
    pub authorization_max_lifetime: u64,
    /// A machine cannot have it.
    pub requires_user_consent: bool,
    /// A machine cannot have it.
    pub requires_user_authentication: bool,
    /// Of other products.
    pub requires_pseudonymous_tokens: bool,
    /// The form of tokens.
    pub token_type: Tokentype,
    /// Clients that may introspect its tokens.
    pub enforced_aud_for_introspection: Vec<String>,
    /// `aud` of tokens without `resource`.
    pub unrestricted_aud: Option<String>,
    /// `true` brings a deactivated scope back.
    pub active: Option<bool>,
}

impl Maskinporten {
    /// Hands out a prefix. Only the operator does that.
    ///
    /// # Errors
    /// When it is no prefix, or somebody has it.
    pub async fn ny_prefiks(&self, aktor: &Aktor, prefix: &str, owner_orgno: Orgnr) -> Utfall<Prefiks> {
        if aktor.orgnr.is_some() {
            return Err(Avvist::Forbudt("prefikser deles ut av driften".to_owned()));
        }
        if !er_prefiks(prefix) {
            return Err(Avvist::ugyldig(
                "prefix",
                "prefix må være små bokstaver, tall, bindestrek eller punktum",
            ));
        }
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        match arbeid.hent(PREFIKSER, prefix).await? {
            Some(der) if der.owner_orgno == owner_orgno => Ok(der),
            Some(_) => Err(Avvist::Konflikt("prefikset er delt ut til en annen".to_owned())),
            None => {
                let prefiks = Prefiks { prefix: prefix.to_owned(), owner_orgno, created: arbeid.naa() };
                arbeid.sett(PREFIKSER, prefix, &prefiks)?;
                arbeid.fullfor("prefiks.ny", prefix, &prefiks).await?;
                Ok(prefiks)
            }
        }
    }

    /// Every prefix and its owner.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn prefikser(&self) -> Utfall<Vec<Prefiks>> {
        let alle = PREFIKSER.alle(&**self.journal(), "").await?;
        Ok(alle.into_iter().map(|post| post.verdi).collect())
    }

    /// The scopes of an organisation, or all of them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn scopes(&self, eier: Option<Orgnr>) -> Utfall<Vec<Scopepost>> {
        let journal = &**self.journal();
        let mut scopes = Vec::new();
        for prefiks in self.prefikser().await? {
            if eier.is_none_or(|eier| eier == prefiks.owner_orgno) {
                let under = SCOPES.alle(journal, &format!("{}:", prefiks.prefix)).await?;
                scopes.extend(under.into_iter().map(|post| post.verdi));
            }
        }
        Ok(scopes)
    }

    /// One scope.
    ///
    /// # Errors
    /// [`Avvist::Ukjent`] when there is none.
    pub async fn scope(&self, navn: &Scope) -> Utfall<Scopepost> {
        let funnet = SCOPES.hent(&**self.journal(), navn.as_str()).await?;
        funnet.map(|post| post.verdi).ok_or(Avvist::Ukjent("scopet"))
    }

    /// Makes a scope under a prefix of the actor's.
    ///
    /// # Errors
    /// When the prefix is another's, the scope is there already, or a value is not allowed.
    pub async fn ny_scope(&self, aktor: &Aktor, navn: &Scope, felt: Scopefelt) -> Utfall<Scopepost> {
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let prefiks = arbeid.hent(PREFIKSER, navn.prefix()).await?;
        let prefiks = prefiks.filter(|prefiks| aktor.eier(prefiks.owner_orgno));
        let prefiks = prefiks.ok_or_else(|| Avvist::Forbudt("prefikset er ikke ditt".to_owned()))?;
        if let Some(der) = arbeid.hent(SCOPES, navn.as_str()).await? {
            let hvorfor = if der.active { "scopet finnes" } else { "scopet finnes og er deaktivert" };
            return Err(Avvist::Konflikt(hvorfor.to_owned()));
        }
        let naa = arbeid.naa();
        let mut post = tom(navn.clone(), prefiks.owner_orgno, naa);
        self.sett_scopefelt(&mut post, felt)?;
        self.lagre_scope(arbeid, "scope.ny", post).await
    }

    /// Replaces what is said of a scope. Its name and owner stay.
    ///
    /// # Errors
    /// When it is unknown or another's, or a value is not allowed.
    pub async fn endre_scope(&self, aktor: &Aktor, navn: &Scope, felt: Scopefelt) -> Utfall<Scopepost> {
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let mut post = eget(&mut arbeid, aktor, navn).await?;
        post.active = felt.active.unwrap_or(post.active);
        self.sett_scopefelt(&mut post, felt)?;
        self.lagre_scope(arbeid, "scope.endret", post).await
    }

    /// Deactivates a scope. Those who had access have it still when it comes back.
    ///
    /// # Errors
    /// When it is unknown or another's.
    pub async fn slett_scope(&self, aktor: &Aktor, navn: &Scope) -> Utfall<Scopepost> {
        let mut arbeid = self.skriver().begynn(self.naa(), aktor.hvem.clone()).await;
        let mut post = eget(&mut arbeid, aktor, navn).await?;
        post.active = false;
        self.lagre_scope(arbeid, "scope.deaktivert", post).await
    }

    async fn lagre_scope(
        &self,
        mut arbeid: Arbeid<'_>,
        handling: &str,
        mut post: Scopepost,
    ) -> Utfall<Scopepost> {
        post.last_updated = arbeid.naa();
        arbeid.sett(SCOPES, post.name.as_str(), &post)?;
        arbeid.fullfor(handling, post.name.as_str(), &post).await?;
        Ok(post)
    }

    fn sett_scopefelt(&self, post: &mut Scopepost, felt: Scopefelt) -> Utfall<()> {
        kort("description", &felt.description)?;
        kort("long_description", felt.long_description.as_deref().unwrap_or_default())?;
        let synlighet = felt.visibility.unwrap_or_else(|| post.visibility.clone());
        if !SYNLIGHETER.contains(&synlighet.as_str()) {
            return Err(Avvist::ugyldig("visibility", "visibility må være PUBLIC, PRIVATE eller INTERNAL"));
        }
        let typer = felt.allowed_integration_types;
        if typer.iter().any(|type_| !INTEGRASJONSTYPER.contains(&type_.as_str())) {
            return Err(Avvist::ugyldig("allowed_integration_types", "integrasjonstypen er ukjent"));
        }
        if !typer.is_empty() && felt.delegation_source.is_some() && !typer.iter().any(|t| t == MASKINPORTEN) {
            return Err(Avvist::ugyldig("allowed_integration_types", "maskinporten må være med"));
        }
        if felt.delegation_source.as_ref().is_some_and(|kilde| *kilde != self.oppsett().delegeringskilde) {
            return Err(Avvist::ugyldig("delegation_source", "delegation_source er ukjent"));
        }
        if felt.enforced_aud_for_introspection.len() > INTROSPEKSJON_MAKS {
            return Err(Avvist::ugyldig("enforced_aud_for_introspection", "listen er for lang"));
        }
        kort("unrestricted_aud", felt.unrestricted_aud.as_deref().unwrap_or_default())?;
        post.description = felt.description;
        post.long_description = felt.long_description;
        post.visibility = synlighet;
        post.accessible_for_all = felt.accessible_for_all;
        post.allowed_integration_types = typer;
        post.delegation_source = felt.delegation_source;
        post.at_max_age = felt.at_max_age;
        post.authorization_max_lifetime = felt.authorization_max_lifetime;
        post.requires_user_consent = felt.requires_user_consent;
        post.requires_user_authentication = felt.requires_user_authentication;
        post.requires_pseudonymous_tokens = felt.requires_pseudonymous_tokens;
        post.token_type = felt.token_type;
        post.enforced_aud_for_introspection = felt.enforced_aud_for_introspection;
        post.unrestricted_aud = felt.unrestricted_aud;
        Ok(())
    }
}

/// A scope of the actor's, to be changed.
pub(super) async fn eget(arbeid: &mut Arbeid<'_>, aktor: &Aktor, navn: &Scope) -> Utfall<Scopepost> {
    let funnet = arbeid.hent(SCOPES, navn.as_str()).await?;
    funnet.filter(|post| aktor.eier(post.owner_orgno)).ok_or(Avvist::Ukjent("scopet"))
}

fn tom(name: Scope, owner_orgno: Orgnr, naa: tid::Timestamp) -> Scopepost {
    Scopepost {
        name,
        description: String::new(),
        long_description: None,
        visibility: SYNLIGHETER[0].to_owned(),
        accessible_for_all: false,
        allowed_integration_types: Vec::new(),
        delegation_source: None,
        at_max_age: 0,
        authorization_max_lifetime: 0,
        requires_user_consent: false,
        requires_user_authentication: false,
        requires_pseudonymous_tokens: false,
        token_type: Tokentype::SelfContained,
        enforced_aud_for_introspection: Vec::new(),
        unrestricted_aud: None,
        active: true,
        owner_orgno,
        created: naa,
        last_updated: naa,
    }
}

/// Lower case, without colon; an organisation number is one too.
fn er_prefiks(tekst: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    (1..=100).contains(&tekst.len()) && tekst.bytes().all(plain)
}
