//! Registered public keys (sheet 4.4 and 11.3). What may be registered is for [`vakt::jwk::read_registered`] to say.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tid::Timestamp;
use vakt::jwk::{RegisteredKey, RsaPublicKey};
use vakt::jws::CertificateChain;

/// A registered RSA public key, as JSON web keys are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nokkel {
    /// `RSA`.
    pub kty: String,
    /// `sig`.
    #[serde(rename = "use")]
    pub bruk: String,
    /// `RS256`, `RS384` or `RS512`.
    pub alg: String,
    /// Its identifier, unique within the client.
    pub kid: String,
    /// The modulus, base64url.
    pub n: String,
    /// The exponent, base64url.
    pub e: String,
    /// A certificate chain that locks the client to it; leaf first, standard base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x5c: Option<Value>,
    /// When it ends, in seconds since 1970: at most a year after it was posted.
    pub exp: i64,
}

/// The registered keys of a client, replaced as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nokkelsett {
    /// The keys.
    pub keys: Vec<Nokkel>,
    /// When the first set was posted.
    pub created: Timestamp,
    /// When this set was posted.
    pub last_updated: Timestamp,
}

impl Nokkelsett {
    /// The key with this identifier.
    pub fn finn(&self, kid: &str) -> Option<&Nokkel> {
        self.keys.iter().find(|nokkel| nokkel.kid == kid)
    }
}

impl Nokkel {
    /// A key as it was posted; it ends at `senest` (seconds since 1970) if it says nothing earlier.
    pub fn av(postet: &RegisteredKey, senest: i64) -> Self {
        Self {
            kty: "RSA".to_owned(),
            bruk: "sig".to_owned(),
            alg: postet.algorithm.name().to_owned(),
            kid: postet.kid.clone(),
            n: vakt::base64url::encode(postet.key.modulus()),
            e: vakt::base64url::encode(postet.key.exponent()),
            x5c: postet.x5c.as_deref().map(CertificateChain::to_json),
            exp: postet.exp.map_or(senest, |exp| exp.min(senest)),
        }
    }

    /// The key; `None` only if the stored numbers are damaged.
    pub fn offentlig(&self) -> Option<RsaPublicKey> {
        let tall = |tekst: &str| vakt::base64url::decode(tekst);
        RsaPublicKey::new(&tall(&self.n)?, &tall(&self.e)?).ok()
    }

    /// The certificates that the key is locked to.
    pub fn sertifikater(&self) -> CertificateChain {
        CertificateChain::read(self.x5c.as_ref())
    }
}
