//! Enterprise certificates: the judgement that the server needs of a chain, whoever makes it.

use tid::Timestamp;
use vakt::jwk::RsaPublicKey;

use crate::modell::Orgnr;

/// What is to be thought of a chain.
#[derive(Debug, Clone)]
pub enum Dom {
    /// It leads to a trusted root and may be used for signing.
    God {
        /// The organisation, where the certificate names exactly one.
        orgnr: Option<Orgnr>,
        /// The key of the first certificate.
        nokkel: RsaPublicKey,
    },
    /// The first is no certificate at all.
    IkkeSertifikat,
    /// It is not trusted, is expired, revoked or not meant for signing; why, for the log.
    Avvist(String),
}

/// Judges chains against a list of trusted issuers.
pub trait Sertifikatkontroll: Send + Sync + 'static {
    /// The judgement of a chain in DER, the holder's own first, at a moment.
    fn dom(&self, kjede: &[Vec<u8>], naa: Timestamp) -> Dom;
}

/// No issuer is trusted: for servers without a list.
#[derive(Debug, Clone, Copy, Default)]
pub struct IngenSertifikater;

impl Sertifikatkontroll for IngenSertifikater {
    fn dom(&self, _: &[Vec<u8>], _: Timestamp) -> Dom {
        Dom::Avvist("no issuer of certificates is trusted".to_owned())
    }
}
