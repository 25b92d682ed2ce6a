//! The access token (sheet section 7): its claims, from the server's own state alone, and its forms.

use aws_lc_rs::digest::{SHA256, digest};
use identifikator::Personidentifikator;
use serde::{Serialize, Serializer};
use serde_json::Value;
use tid::{Random, Timestamp};
use vakt::iso6523::Iso6523;
use vakt::jws::{KeyHint, Signer, sign};

use crate::bevis::klient::Metode;
use crate::bevis::{Krav, Parter, Rett};
use crate::endring::Opaktoken;
use crate::lager::PREFIKSER;
use crate::modell::{Klient, Scopepost};
use crate::{Feil, Maskinporten, Oppsett};

/// Scopes that begin so are for Altinn's administration of delegations; their tokens say which prefixes the
/// consumer owns (sheet 7.2).
const ALTINNS_FORVALTNING: &str = "altinn:maskinporten/";
/// What `aud` said of a token without restriction before 2020, and still says where an API asks for it.
const USPESIFISERT: &str = "unspecified";

/// The claims of a token, before it has a form.
#[derive(Debug, Clone, Serialize)]
pub struct Tokenkrav {
    scope: String,
    iss: String,
    client_amr: &'static str,
    token_type: &'static str,
    exp: i64,
    iat: i64,
    client_id: String,
    /// Its own id.
    pub jti: String,
    /// Who it is for.
    #[serde(flatten, serialize_with = "som_objekter")]
    pub parter: Parter,
    #[serde(skip_serializing_if = "Option::is_none")]
    delegation_source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<Pid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_details: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    consumer_prefix: Vec<String>,
}

/// A person's number, shown in the token and nowhere else.
#[derive(Clone)]
struct Pid(Personidentifikator);

impl std::fmt::Debug for Pid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***********")
    }
}

impl Serialize for Pid {
    fn serialize<S: Serializer>(&self, ut: S) -> Result<S::Ok, S::Error> {
        ut.collect_str(&self.0.vis())
    }
}

fn som_objekter<S: Serializer>(parter: &Parter, ut: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Objekter {
        consumer: Iso6523,
        #[serde(skip_serializing_if = "Option::is_none")]
        supplier: Option<Iso6523>,
    }
    let Parter { consumer, supplier } = *parter;
    Objekter { consumer: Iso6523::of(consumer), supplier: supplier.map(Iso6523::of) }.serialize(ut)
}

impl Tokenkrav {
    /// The claims that every token has, and those of delegation.
    pub fn ny(
        oppsett: &Oppsett,
        klient: &Klient,
        metode: Metode,
        rett: Rett,
        naa: Timestamp,
        tilfeldig: &dyn Random,
    ) -> Self {
        let iat = naa.as_millis().div_euclid(1000);
        let levetid = levetid(oppsett, klient, &rett.scopes);
        let scope: Vec<&str> = rett.scopes.iter().map(|scope| scope.name.as_str()).collect();
        Self {
            scope: scope.join(" "),
            iss: oppsett.utsteder.clone(),
            client_amr: metode.amr(),
            token_type: "Bearer",
            exp: iat + i64::try_from(levetid).unwrap_or(0),
            iat,
            client_id: klient.client_id.clone(),
            jti: tilfeldig_tekst(tilfeldig),
            parter: rett.parter,
            delegation_source: rett.delegation_source,
            aud: uten_malgruppe(oppsett, &rett.scopes),
            pid: None,
            authorization_details: Vec::new(),
            consumer_prefix: Vec::new(),
        }
    }

    /// Restricted to the audiences that the grant asks for: a text for one, a list for several.
    #[must_use]
    pub fn med_malgruppe(self, krav: &Krav) -> Self {
        match &krav.resource[..] {
            [] => self,
            [en] => Self { aud: Some(en.clone().into()), ..self },
            flere => Self { aud: Some(flere.to_vec().into()), ..self },
        }
    }

    /// Restricted to a person.
    #[must_use]
    pub fn med_person(self, pid: Option<Personidentifikator>) -> Self {
        Self { pid: pid.map(Pid), ..self }
    }

    /// With what Altinn has confirmed.
    #[must_use]
    pub fn med_detaljer(self, authorization_details: Vec<Value>) -> Self {
        Self { authorization_details, ..self }
    }

    /// With the prefixes that the consumer owns.
    #[must_use]
    pub fn med_prefikser(self, consumer_prefix: Vec<String>) -> Self {
        Self { consumer_prefix, ..self }
    }
}

/// The shortest of what client, scopes and server allow (sheet 7.7).
fn levetid(oppsett: &Oppsett, klient: &Klient, scopes: &[Scopepost]) -> u64 {
    let tak = scopes.iter().map(|scope| scope.at_max_age).filter(|tak| *tak > 0);
    let minst = tak.fold(klient.access_token_lifetime, u64::min);
    minst.min(oppsett.token_levetid_maks_s).max(1)
}

/// `aud` of a token without restriction: the server's choice, unless a scope has its own (sheet 7.5).
fn uten_malgruppe(oppsett: &Oppsett, scopes: &[Scopepost]) -> Option<Value> {
    let egen = scopes.iter().find_map(|scope| scope.unrestricted_aud.as_deref());
    match egen {
        Some("") => None,
        Some(verdi) => Some(verdi.into()),
        None => oppsett.uspesifisert_aud.then(|| USPESIFISERT.into()),
    }
}

/// 32 random bytes as 43 characters.
pub fn tilfeldig_tekst(tilfeldig: &dyn Random) -> String {
    let mut bytes = [0; 32];
    tilfeldig.fill(&mut bytes);
    vakt::base64url::encode(bytes)
}

/// A random text that stands for the claims, and what must be stored for that: never the text itself.
pub fn opakt(krav: &Tokenkrav, tilfeldig: &dyn Random) -> (String, (Vec<u8>, Opaktoken)) {
    let tekst = tilfeldig_tekst(tilfeldig);
    let token = Opaktoken {
        til: Timestamp::from_millis(krav.exp.saturating_mul(1000)),
        krav: serde_json::to_value(krav).unwrap_or_default(),
    };
    let nokkel = opaknokkel(&tekst);
    (tekst, (nokkel, token))
}

/// The key under which an opaque token's claims are stored.
pub fn opaknokkel(tekst: &str) -> Vec<u8> {
    digest(&SHA256, tekst.as_bytes()).as_ref().to_vec()
}

/// The answer to a granted request: exactly these four members (sheet section 6).
#[derive(Clone, Serialize, schemars::JsonSchema)]
pub struct Tokensvar {
    /// The token.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds that are left of it.
    pub expires_in: i64,
    /// The scopes, separated by spaces.
    pub scope: String,
}

impl Tokensvar {
    /// The answer at a moment.
    pub fn ny(access_token: String, krav: &Tokenkrav, naa: Timestamp) -> Self {
        let igjen = krav.exp - naa.as_millis().div_euclid(1000);
        Self {
            access_token,
            token_type: krav.token_type,
            expires_in: igjen.max(1),
            scope: krav.scope.clone(),
        }
    }
}

impl std::fmt::Debug for Tokensvar {
    /// Without the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokensvar").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// The claims, signed.
pub(crate) fn signer(nokkel: &dyn Signer, krav: &Tokenkrav) -> Result<String, Feil> {
    sign(nokkel, KeyHint::Kid, krav).map_err(|_| Feil::Nokkel("signeringen mislyktes"))
}

impl Maskinporten {
    /// The prefixes that go into a token for Altinn's administration of delegations; none for other tokens.
    pub(crate) async fn konsumentens_prefikser(&self, rett: &Rett) -> Result<Vec<String>, Feil> {
        if !rett.scopes.iter().any(|scope| scope.name.as_str().starts_with(ALTINNS_FORVALTNING)) {
            return Ok(Vec::new());
        }
        let alle = PREFIKSER.alle(&**self.journal(), "").await?;
        let eide = alle.into_iter().filter(|post| post.verdi.owner_orgno == rett.parter.consumer);
        Ok(eide.map(|post| post.verdi.prefix).collect())
    }
}
