//! Compact JSON web signatures, read strictly.
//!
//! Reading and verifying are apart, because the checks between them have an order of their own (sheet section 5):
//! [`Compact::parse`] says whether it is a signature at all, [`Compact::algorithm`] whether it claims a method
//! that we take, [`Compact::verify`] whether this key made it. The key is always the caller's choice: what the
//! header says of keys (`jwk`, `jku`, `x5u`) is not even kept (section 4.1).

mod algorithm;
mod header;
mod sign;

pub use algorithm::Algorithm;
pub use header::{CertificateChain, Header};
pub use sign::{KeyHint, RsaSigner, Signer, SigningFailed, UnusableKey, sign};

use crate::base64url;
use crate::json::{self, Object};
use crate::jwk::RsaPublicKey;

/// The text is not a compact signature over a JSON object. Nothing of it is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Longer than the reader allows.
    #[error("the signed text is too long")]
    TooLong,
    /// Not three parts with dots between them.
    #[error("the signed text does not have three parts")]
    Parts,
    /// A part is not base64url, or not in its one spelling.
    #[error("a part is not base64url without padding")]
    Encoding,
    /// The header is not a strict JSON object, or a member has the wrong type.
    #[error("the header is not what a signature has")]
    Header,
    /// The payload is not a strict JSON object.
    #[error("the payload is not a JSON object without repeated names")]
    Payload,
}

/// The header claims a method that is not taken, or an extension that changes what the signature means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the algorithm or an extension of the header is not taken")]
pub struct Refused;

/// The signature is not this key's over this text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// A signature that has been read and not yet verified.
pub struct Compact<'a> {
    header: Header,
    payload: Object,
    signing_input: &'a str,
    signature: Vec<u8>,
}

impl<'a> Compact<'a> {
    /// Reads `header.payload.signature`, at most `bytes_max` long. An empty signature is read; it verifies under
    /// no key.
    pub fn parse(text: &'a str, bytes_max: usize) -> Result<Self, Malformed> {
        if text.len() > bytes_max {
            return Err(Malformed::TooLong);
        }
        let (signing_input, signature) = text.rsplit_once('.').ok_or(Malformed::Parts)?;
        let (header, payload) = signing_input.split_once('.').ok_or(Malformed::Parts)?;
        if payload.contains('.') || header.is_empty() || payload.is_empty() {
            return Err(Malformed::Parts);
        }
        let decode = |part| base64url::decode(part).ok_or(Malformed::Encoding);
        let (header, payload, signature) = (decode(header)?, decode(payload)?, decode(signature)?);
        let header =
            json::header(&header).ok().and_then(|members| Header::read(&members)).ok_or(Malformed::Header)?;
        let payload = json::object(&payload).map_err(|_| Malformed::Payload)?;
        Ok(Self { header, payload, signing_input, signature })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The claims. Unverified until [`Self::verify`] has said yes.
    pub fn payload(&self) -> &Object {
        &self.payload
    }

    /// The claims, to keep.
    pub fn into_payload(self) -> Object {
        self.payload
    }

    /// What is signed: header and payload as they were sent.
    pub fn signing_input(&self) -> &'a str {
        self.signing_input
    }

    /// The method, if it is one of those taken and the header asks for nothing beyond it.
    pub fn algorithm(&self) -> Result<Algorithm, Refused> {
        self.header.algorithm()
    }

    /// Verifies with exactly the header's method and this key.
    pub fn verify(&self, key: &RsaPublicKey) -> Result<(), BadSignature> {
        let algorithm = self.algorithm().map_err(|_| BadSignature)?;
        if key.verifies(algorithm, self.signing_input.as_bytes(), &self.signature) {
            Ok(())
        } else {
            Err(BadSignature)
        }
    }
}

impl std::fmt::Debug for Compact<'_> {
    /// Says nothing of what it holds: a grant or a token can be used by whoever reads it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Compact(…)")
    }
}

#[cfg(test)]
mod tests;
