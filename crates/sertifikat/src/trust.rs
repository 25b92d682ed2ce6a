//! Whom we trust, and the decision (fact sheet of Maskinporten, section 4.4).

use std::time::Duration;

use identifikator::Organisasjonsnummer;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{
    CertificateDer, CertificateRevocationListDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime,
};
use tid::Timestamp;
use webpki::aws_lc_rs as algorithms;
use webpki::{
    CertRevocationList, EndEntityCert, Error, ExpirationPolicy, ExtendedKeyUsageValidator, KeyPurposeIdIter,
    OwnedCertRevocationList, RevocationCheckDepth, RevocationOptions, RevocationOptionsBuilder,
    UnknownStatusPolicy, VerifiedPath, anchor_from_trusted_cert,
};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::KeyUsage;

use crate::certificate::{Certificate, Malformed};
use crate::orgnr::NoOrganisation;

/// Most certificates that may be shown.
const CHAIN_MAX: usize = 5;
/// Bits of the modulus of an enterprise certificate's key.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
const RSA_EXPONENT: [u8; 3] = [1, 0, 1];

/// RSA from 2048 bits with SHA-256 or better. MD5 and SHA-1 are not among them, and cannot be asked for.
const SIGNATURES: &[&dyn SignatureVerificationAlgorithm] = &[
    algorithms::RSA_PKCS1_2048_8192_SHA256,
    algorithms::RSA_PKCS1_2048_8192_SHA384,
    algorithms::RSA_PKCS1_2048_8192_SHA512,
    algorithms::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    algorithms::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    algorithms::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    algorithms::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    algorithms::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    algorithms::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

/// What is believed of revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Revocation {
    /// A certificate that a list names is refused; one that no list speaks of is accepted, and so is a list that
    /// is out of date.
    #[default]
    Soft,
    /// Besides, a list that is in date must speak for the certificate's issuer, or it is refused.
    Hard,
}

/// What a trust list is made of.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Roots, or whatever shall be trusted without more ado.
    pub anchors: Vec<CertificateDer<'static>>,
    /// Authorities between those and the enterprises: most clients send their own certificate only.
    pub intermediates: Vec<CertificateDer<'static>>,
    /// The policies under which enterprise certificates are issued, as dotted numbers. Empty: any.
    pub policies: Vec<String>,
    /// Revocation lists, each in DER or PEM.
    pub revocation_lists: Vec<Vec<u8>>,
    /// What is believed of them.
    pub revocation: Revocation,
}

/// A source cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnusableTrust {
    /// The anchors are not certificates, or there are none.
    #[error("the trust anchors are not certificates, or there are none")]
    Anchors,
    /// The intermediates are not certificates.
    #[error("the intermediate certificates are not certificates")]
    Intermediates,
    /// The text is not PEM.
    #[error("the text is not PEM with certificates in it")]
    Pem,
    /// A policy is not an object identifier.
    #[error("a certificate policy is not an object identifier such as 1.2.3")]
    Policy,
    /// A revocation list is not one, or is of a kind that is not understood.
    #[error("a revocation list is not a complete list in DER or PEM")]
    RevocationList,
}

/// Why a chain is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The chain is empty, too long, or something in it is no certificate.
    #[error("the chain does not hold one to five certificates in DER")]
    Malformed,
    /// The certificate is not one that we trust for this.
    #[error("the certificate is not trusted: {0}")]
    Untrusted(Reason),
    /// The certificate is trusted and is no organisation's.
    #[error("the certificate is no organisation's: {0}")]
    Organisation(NoOrganisation),
}

impl From<Malformed> for Refusal {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// Why a certificate is not trusted; for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Reason {
    #[error("no path leads to a trust anchor")]
    UnknownIssuer,
    #[error("it, or an authority above it, has expired")]
    Expired,
    #[error("it, or an authority above it, is not valid yet")]
    NotYetValid,
    #[error("it, or an authority above it, has been revoked")]
    Revoked,
    #[error("no revocation list in date speaks for it")]
    RevocationUnknown,
    #[error("its key is not RSA of 2048 to 4096 bits with the exponent 65537")]
    WeakKey,
    #[error("it is signed with a weak algorithm")]
    WeakSignature,
    #[error("a signature on the path is wrong")]
    BadSignature,
    #[error("its key usage does not include digitalSignature, or an authority's not keyCertSign")]
    KeyUsage,
    #[error("it is not issued under an accepted policy")]
    Policy,
    #[error("an authority is used as an end entity, or the reverse, or the path is too long")]
    Constraints,
    #[error("it has a critical extension or a form that is not understood")]
    NotUnderstood,
}

/// An enterprise certificate that has been verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Virksomhetssertifikat {
    /// Whose it is.
    pub orgnr: Organisasjonsnummer,
    /// The modulus of its key, big end first.
    pub modulus: Vec<u8>,
    /// The exponent of its key, big end first.
    pub exponent: Vec<u8>,
    /// The issuer's number for it, in hexadecimal.
    pub serial: String,
}

/// Whom we trust.
pub struct TrustList {
    anchors: Vec<Anchor>,
    trusted: Vec<TrustAnchor<'static>>,
    intermediates: Vec<CertificateDer<'static>>,
    policies: Vec<ObjectIdentifier>,
    lists: Vec<CertRevocationList<'static>>,
    revocation: Revocation,
}

/// What webpki does not keep of an anchor.
struct Anchor {
    key: Vec<u8>,
    not_after: u64,
}

impl TrustList {
    /// Reads the sources.
    pub fn read(sources: &Sources) -> Result<Self, UnusableTrust> {
        let trusted: Vec<TrustAnchor<'static>> = sources
            .anchors
            .iter()
            .map(|der| anchor_from_trusted_cert(der).map(|anchor| anchor.to_owned()))
            .collect::<Result<_, _>>()
            .map_err(|_| UnusableTrust::Anchors)?;
        let lives: Vec<u64> = sources
            .anchors
            .iter()
            .map(|der| Certificate::parse(der).map(|certificate| certificate.not_after()))
            .collect::<Result<_, _>>()
            .map_err(|_| UnusableTrust::Anchors)?;
        if trusted.is_empty() {
            return Err(UnusableTrust::Anchors);
        }
        let anchors = trusted.iter().zip(lives);
        let anchors = anchors
            .map(|(a, not_after)| Anchor { key: a.subject_public_key_info.as_ref().to_vec(), not_after })
            .collect();
        let intermediates = sources.intermediates.clone();
        if intermediates.iter().any(|der| Certificate::parse(der).is_err()) {
            return Err(UnusableTrust::Intermediates);
        }
        let policy = |text: &String| ObjectIdentifier::new(text).map_err(|_| UnusableTrust::Policy);
        let policies = sources.policies.iter().map(policy).collect::<Result<_, _>>()?;
        let lists = sources.revocation_lists.iter().map(|bytes| list(bytes)).collect::<Result<_, _>>()?;
        Ok(Self { anchors, trusted, intermediates, policies, lists, revocation: sources.revocation })
    }

    /// The whole decision on a chain, its own certificate first, at a moment. What comes
    /// after the first certificate may help to find a path, and is never trusted for being there.
    pub fn verify(
        &self,
        chain: &[impl AsRef<[u8]>],
        now: Timestamp,
    ) -> Result<Virksomhetssertifikat, Refusal> {
        self.decide(chain, now, KeyUsage::digital_signature)
    }

    /// The same of a certificate that documents are sealed with: one that is for nothing else will do too (producer sheet of
    /// Folkeregisteret, chapter 2).
    pub fn verify_seal(
        &self,
        chain: &[impl AsRef<[u8]>],
        now: Timestamp,
    ) -> Result<Virksomhetssertifikat, Refusal> {
        self.decide(chain, now, |usage| usage.digital_signature() || usage.non_repudiation())
    }

    fn decide(
        &self,
        chain: &[impl AsRef<[u8]>],
        now: Timestamp,
        usable: fn(&KeyUsage) -> bool,
    ) -> Result<Virksomhetssertifikat, Refusal> {
        if !(1..=CHAIN_MAX).contains(&chain.len()) {
            return Err(Refusal::Malformed);
        }
        let read = chain.iter().map(|der| Certificate::parse(der.as_ref()));
        let chain: Vec<Certificate> = read.collect::<Result<_, _>>()?;
        let (own, above) = chain.split_first().ok_or(Refusal::Malformed)?;
        let (modulus, exponent) = sound_key(own)?;
        if !own.key_usage().is_some_and(|usage| usable(&usage)) {
            return Err(Refusal::Untrusted(Reason::KeyUsage));
        }
        self.path(own, above, u64::try_from(now.as_millis() / 1000).unwrap_or(0))?;
        let orgnr = own.organisation().map_err(Refusal::Organisation)?;
        Ok(Virksomhetssertifikat { orgnr, modulus, exponent, serial: own.serial() })
    }

    /// Finds a path to an anchor on which everything is right.
    fn path(&self, own: &Certificate, above: &[Certificate], now: u64) -> Result<(), Refusal> {
        let entity = EndEntityCert::try_from(own.der()).map_err(|error| untrusted(&error))?;
        let above = above.iter().map(|certificate| certificate.der().clone());
        let intermediates: Vec<_> = self.intermediates.iter().cloned().chain(above).collect();
        let time = UnixTime::since_unix_epoch(Duration::from_secs(now));
        let policies = self.accepted(own)?;
        let sound = |path: &VerifiedPath<'_>| self.sound(path, &policies, now);
        let lists: Vec<&CertRevocationList<'static>> = self.lists.iter().collect();
        let verify = |revocation| {
            let found = entity.verify_for_usage(
                SIGNATURES,
                &self.trusted,
                &intermediates,
                time,
                AnyUsage,
                revocation,
                Some(&sound),
            );
            found.map(|_| ()).map_err(|error| untrusted(&error))
        };
        verify(revocation(&lists, Revocation::Soft))?;
        match self.revocation {
            Revocation::Soft => Ok(()),
            Revocation::Hard if lists.is_empty() => Err(Refusal::Untrusted(Reason::RevocationUnknown)),
            Revocation::Hard => verify(revocation(&lists, Revocation::Hard)),
        }
    }

    /// The policies of the certificate that are accepted; any if none has been chosen.
    fn accepted(&self, own: &Certificate) -> Result<Vec<ObjectIdentifier>, Refusal> {
        if self.policies.is_empty() {
            return Ok(Vec::new());
        }
        let mut policies = own.policies().unwrap_or_default();
        policies.retain(|policy| self.policies.contains(policy));
        if policies.is_empty() { Err(Refusal::Untrusted(Reason::Policy)) } else { Ok(policies) }
    }

    /// What webpki leaves to its caller: the authorities' key usage and policies, and that the anchor has not
    /// expired. The error only makes the search go on to another path.
    fn sound(&self, path: &VerifiedPath<'_>, policies: &[ObjectIdentifier], now: u64) -> Result<(), Error> {
        let key = path.anchor().subject_public_key_info.as_ref();
        if !self.anchors.iter().any(|anchor| anchor.key == key && now <= anchor.not_after) {
            return Err(Error::UnknownIssuer);
        }
        for authority in path.intermediate_certificates() {
            let authority = Certificate::parse(&authority.der()).map_err(|_| Error::BadDer)?;
            let may_issue = authority.key_usage().is_some_and(|usage| usage.key_cert_sign());
            let permits = policies.is_empty() || policies.iter().any(|policy| authority.permits(*policy));
            if !may_issue || !permits {
                return Err(Error::EndEntityUsedAsCa);
            }
        }
        Ok(())
    }
}

/// The certificates in a text in PEM, in order; other blocks are passed over.
pub fn certificates_from_pem(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, UnusableTrust> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    read.ok().filter(|found| !found.is_empty()).ok_or(UnusableTrust::Pem)
}

fn list(bytes: &[u8]) -> Result<CertRevocationList<'static>, UnusableTrust> {
    let der = match CertificateRevocationListDer::from_pem_slice(bytes) {
        Ok(der) => der.as_ref().to_vec(),
        Err(_) => bytes.to_vec(),
    };
    let list = OwnedCertRevocationList::from_der(&der).map_err(|_| UnusableTrust::RevocationList)?;
    Ok(CertRevocationList::from(list))
}

/// How revocation lists are used. What is known is always believed, for authorities too; what must be known in the
/// hard way is the certificate's own status.
fn revocation<'a>(lists: &'a [&'a CertRevocationList<'a>], how: Revocation) -> Option<RevocationOptions<'a>> {
    let options = RevocationOptionsBuilder::new(lists).ok()?;
    let options = match how {
        Revocation::Soft => options
            .with_depth(RevocationCheckDepth::Chain)
            .with_status_policy(UnknownStatusPolicy::Allow)
            .with_expiration_policy(ExpirationPolicy::Ignore),
        Revocation::Hard => options
            .with_depth(RevocationCheckDepth::EndEntity)
            .with_status_policy(UnknownStatusPolicy::Deny)
            .with_expiration_policy(ExpirationPolicy::Enforce),
    };
    Some(options.build())
}

/// The numbers of the certificate's key, if it is strong enough.
fn sound_key(own: &Certificate) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    let weak = Refusal::Untrusted(Reason::WeakKey);
    let (modulus, exponent) = own.rsa_numbers().ok_or(weak)?;
    let bits = modulus.first().map_or(0, |first| modulus.len() * 8 - first.leading_zeros() as usize);
    if RSA_BITS.contains(&bits) && exponent == RSA_EXPONENT { Ok((modulus, exponent)) } else { Err(weak) }
}

/// Enterprise certificates are not made for TLS servers; what they are made for is said by key usage and policy.
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

fn untrusted(error: &Error) -> Refusal {
    Refusal::Untrusted(match error {
        Error::UnknownIssuer | Error::CertDistrusted => Reason::UnknownIssuer,
        Error::CertExpired { .. } => Reason::Expired,
        Error::CertNotValidYet { .. } => Reason::NotYetValid,
        Error::CertRevoked => Reason::Revoked,
        Error::UnknownRevocationStatus | Error::CrlExpired { .. } => Reason::RevocationUnknown,
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => Reason::WeakSignature,
        Error::InvalidSignatureForPublicKey | Error::SignatureAlgorithmMismatch => Reason::BadSignature,
        Error::CaUsedAsEndEntity
        | Error::EndEntityUsedAsCa
        | Error::PathLenConstraintViolated
        | Error::MaximumPathDepthExceeded
        | Error::NameConstraintViolation => Reason::Constraints,
        _ => Reason::NotUnderstood,
    })
}

impl std::fmt::Debug for TrustList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (anchors, lists) = (self.anchors.len(), self.lists.len());
        f.debug_struct("TrustList").field("anchors", &anchors).field("lists", &lists).finish_non_exhaustive()
    }
}
