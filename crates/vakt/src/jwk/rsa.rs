//! Public RSA keys.

use std::fmt;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::ParsedPublicKey;

use crate::base64url;
use crate::jws::Algorithm;

/// Smallest and largest modulus, in bits (sheet section 4.4).
const BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
/// 65537.
const EXPONENT: [u8; 3] = [1, 0, 1];

/// A public key with a modulus of 2048 to 4096 bits and the exponent 65537 (sheet section 4.4). Cheap to clone.
#[derive(Clone)]
pub struct RsaPublicKey(Arc<Inner>);

struct Inner {
    modulus: Box<[u8]>,
    /// Made ready the first time it is used, one for each method.
    ready: [OnceLock<Option<ParsedPublicKey>>; 3],
}

/// The key is not one that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitKey {
    /// The modulus has too few or too many bits.
    #[error("the modulus must have 2048 to 4096 bits")]
    Size,
    /// The modulus is even, or the library will not have it.
    #[error("the modulus is not that of an RSA key")]
    Modulus,
    /// The exponent is another than 65537.
    #[error("the exponent must be 65537")]
    Exponent,
}

impl RsaPublicKey {
    /// A key from its numbers, big end first. A zero byte in front, which some libraries write, does no harm.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, UnfitKey> {
        let (modulus, exponent) = (without_zeros(modulus), without_zeros(exponent));
        let bits = modulus.first().map_or(0, |first| modulus.len() * 8 - first.leading_zeros() as usize);
        if !BITS.contains(&bits) {
            return Err(UnfitKey::Size);
        }
        if modulus.last().is_none_or(|last| last % 2 == 0) {
            return Err(UnfitKey::Modulus);
        }
        if exponent != EXPONENT {
            return Err(UnfitKey::Exponent);
        }
        let key = Self(Arc::new(Inner { modulus: modulus.into(), ready: Default::default() }));
        key.ready(Algorithm::RS256).ok_or(UnfitKey::Modulus)?;
        Ok(key)
    }

    /// The modulus, big end first, without zeros in front.
    pub fn modulus(&self) -> &[u8] {
        &self.0.modulus
    }

    /// The exponent, big end first.
    pub fn exponent(&self) -> &[u8] {
        &EXPONENT
    }

    /// The key's own name, RFC 7638: SHA-256 of its members in canonical form.
    pub fn thumbprint(&self) -> String {
        let (e, n) = (base64url::encode(EXPONENT), base64url::encode(&self.0.modulus));
        let canonical = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
        base64url::encode(digest(&SHA256, canonical.as_bytes()))
    }

    pub(crate) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.ready(algorithm).is_some_and(|key| key.verify_sig(message, signature).is_ok())
    }

    fn ready(&self, algorithm: Algorithm) -> Option<&ParsedPublicKey> {
        let make = || {
            let numbers = PublicKeyComponents { n: &*self.0.modulus, e: &EXPONENT[..] };
            numbers.to_parsed_public_key(algorithm.verification()).ok()
        };
        self.0.ready.get(algorithm as usize)?.get_or_init(make).as_ref()
    }
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|&&b| b == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

impl PartialEq for RsaPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.modulus == other.0.modulus
    }
}

impl Eq for RsaPublicKey {}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({} bytes)", self.0.modulus.len())
    }
}
