//! Making signatures.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RsaKeyPair};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use serde::Serialize;
use serde_json::json;
use zeroize::{Zeroize, Zeroizing};

use super::{Algorithm, CertificateChain};
use crate::jwk::RsaPublicKey;
use crate::{base64url, pem};

/// Something that holds a private key: in memory ([`RsaSigner`]), or in a device that never gives it out.
pub trait Signer: Send + Sync + 'static {
    /// What the key is called in headers.
    fn kid(&self) -> &str;
    /// The method it signs with.
    fn algorithm(&self) -> Algorithm;
    /// The other half.
    fn public_key(&self) -> &RsaPublicKey;
    /// The signature over a message.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningFailed>;
}

/// The holder of the key did not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature could not be made")]
pub struct SigningFailed;

/// The private key cannot be used: not PKCS#8, not RSA, or outside the bounds of [`RsaPublicKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a PKCS#8 private key for RSA of 2048 to 4096 bits with the exponent 65537")]
pub struct UnusableKey;

/// How the header tells the reader which key to use (sheet section 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyHint<'a> {
    /// By name.
    Kid,
    /// By certificates in DER, the key's own first.
    Certificates(&'a [Vec<u8>]),
}

/// A compact signature over a payload.
pub fn sign(
    signer: &dyn Signer,
    hint: KeyHint<'_>,
    payload: &impl Serialize,
) -> Result<String, SigningFailed> {
    let alg = signer.algorithm().name();
    let header = match hint {
        KeyHint::Kid => json!({"kid": signer.kid(), "alg": alg}),
        KeyHint::Certificates(chain) => json!({"alg": alg, "x5c": CertificateChain::to_json(chain)}),
    };
    let encode = |json: serde_json::Result<Vec<u8>>| json.map(base64url::encode).map_err(|_| SigningFailed);
    let mut text = encode(serde_json::to_vec(&header))?;
    text.push('.');
    text.push_str(&encode(serde_json::to_vec(payload))?);
    let signature = signer.sign(text.as_bytes())?;
    text.push('.');
    text.push_str(&base64url::encode(signature));
    Ok(text)
}

/// A private RSA key in memory. aws-lc wipes it when it goes.
pub struct RsaSigner {
    pair: RsaKeyPair,
    public: RsaPublicKey,
    algorithm: Algorithm,
    kid: String,
}

impl RsaSigner {
    /// A new key of 2048 bits, from the randomness of aws-lc; it signs with RS256 and is called by its thumbprint.
    pub fn generate() -> Result<Self, UnusableKey> {
        RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| UnusableKey).and_then(Self::of)
    }

    /// Reads PKCS#8 in DER.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, UnusableKey> {
        RsaKeyPair::from_pkcs8(der).map_err(|_| UnusableKey).and_then(Self::of)
    }

    /// Reads PKCS#8 in PEM (`BEGIN PRIVATE KEY`).
    pub fn from_pkcs8_pem(pem: &[u8]) -> Result<Self, UnusableKey> {
        let mut key = PrivatePkcs8KeyDer::from_pem_slice(pem).map_err(|_| UnusableKey)?;
        let signer = Self::from_pkcs8_der(key.secret_pkcs8_der());
        key.zeroize();
        signer
    }

    fn of(pair: RsaKeyPair) -> Result<Self, UnusableKey> {
        let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
        let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
        let public = RsaPublicKey::new(n, e).map_err(|_| UnusableKey)?;
        let kid = public.thumbprint();
        Ok(Self { pair, public, algorithm: Algorithm::RS256, kid })
    }

    /// The same key under another name.
    #[must_use]
    pub fn named(self, kid: impl Into<String>) -> Self {
        Self { kid: kid.into(), ..self }
    }

    /// The same key, signing with another method.
    #[must_use]
    pub fn with(self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// The key in PKCS#8, DER. For whoever keeps it.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, UnusableKey> {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|_| UnusableKey)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The key in PKCS#8, PEM. For whoever keeps it.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, UnusableKey> {
        Ok(pem::encode("PRIVATE KEY", &self.to_pkcs8_der()?))
    }
}

impl Signer for RsaSigner {
    fn kid(&self) -> &str {
        &self.kid
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn public_key(&self) -> &RsaPublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let made = self.pair.sign(self.algorithm.encoding(), &SystemRandom::new(), message, &mut signature);
        made.map(|()| signature).map_err(|_| SigningFailed)
    }
}

impl fmt::Debug for RsaSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaSigner({})", self.kid)
    }
}
