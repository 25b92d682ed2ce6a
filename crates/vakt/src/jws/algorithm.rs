//! The methods of signing that are taken.

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaEncoding, RsaParameters,
};

/// RSASSA-PKCS1-v1_5, the only family that is documented and advertised (sheet section 4.1). There is no variant
/// for anything else, so nothing else can be verified by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// With SHA-256.
    RS256,
    /// With SHA-384.
    RS384,
    /// With SHA-512.
    RS512,
}

impl Algorithm {
    /// All of them, weakest first.
    pub const ALL: [Self; 3] = [Self::RS256, Self::RS384, Self::RS512];

    /// As the header says it, case and all.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
        }
    }

    /// The method with exactly this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    pub(crate) fn verification(self) -> &'static RsaParameters {
        match self {
            Self::RS256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::RS384 => &RSA_PKCS1_2048_8192_SHA384,
            Self::RS512 => &RSA_PKCS1_2048_8192_SHA512,
        }
    }

    pub(crate) fn encoding(self) -> &'static dyn RsaEncoding {
        match self {
            Self::RS256 => &RSA_PKCS1_SHA256,
            Self::RS384 => &RSA_PKCS1_SHA384,
            Self::RS512 => &RSA_PKCS1_SHA512,
        }
    }
}
