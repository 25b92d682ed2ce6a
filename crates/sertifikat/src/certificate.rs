//! One certificate, read and not yet trusted.

use std::fmt::{self, Write as _};

use aws_lc_rs::rsa::PublicKey;
use identifikator::Organisasjonsnummer;
use rustls_pki_types::CertificateDer;
use x509_cert::Certificate as Parsed;
use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::{CertificatePolicies, KeyUsage};

use crate::orgnr::{self, NoOrganisation};

/// Largest certificate, in bytes (fact sheet of Maskinporten, section 4.4).
const BYTES_MAX: usize = 8 * 1024;
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// Stands for every policy, in the certificate of an authority.
const ANY_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");

/// The bytes are not one X.509 certificate in DER, or too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an X.509 certificate in DER of at most 8 KiB")]
pub struct Malformed;

/// A certificate. What it says is only what it says: see [`TrustList::verify`](crate::TrustList::verify).
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: CertificateDer<'static>,
    parsed: Parsed,
}

impl Certificate {
    /// Reads DER; nothing may follow it.
    pub fn parse(der: &[u8]) -> Result<Self, Malformed> {
        if der.len() > BYTES_MAX {
            return Err(Malformed);
        }
        let parsed = Parsed::from_der(der).map_err(|_| Malformed)?;
        Ok(Self { der: CertificateDer::from(der.to_vec()), parsed })
    }

    /// The bytes.
    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// The organisation that the subject names.
    pub fn organisation(&self) -> Result<Organisasjonsnummer, NoOrganisation> {
        orgnr::of(self.parsed.tbs_certificate().subject())
    }

    /// Modulus and exponent, big end first, if the key is an RSA key.
    pub fn rsa_numbers(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let info = self.parsed.tbs_certificate().subject_public_key_info();
        if info.algorithm.oid != RSA_ENCRYPTION {
            return None;
        }
        let key = PublicKey::from_der(info.subject_public_key.as_bytes()?).ok()?;
        let (n, e) = (key.modulus(), key.exponent());
        Some((n.big_endian_without_leading_zero().to_vec(), e.big_endian_without_leading_zero().to_vec()))
    }

    /// The issuer's number for it, in hexadecimal.
    pub fn serial(&self) -> String {
        let mut text = String::new();
        for byte in self.serial_bytes() {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    pub(crate) fn serial_bytes(&self) -> &[u8] {
        self.parsed.tbs_certificate().serial_number().as_bytes()
    }

    /// The last second it is valid, since 1970.
    pub fn not_after(&self) -> u64 {
        self.parsed.tbs_certificate().validity().not_after.to_unix_duration().as_secs()
    }

    /// What the key may be used for; `None` if the certificate does not say, or not understandably.
    pub(crate) fn key_usage(&self) -> Option<KeyUsage> {
        let found = self.parsed.tbs_certificate().get_extension::<KeyUsage>();
        found.ok().flatten().map(|(_, usage)| usage)
    }

    /// The policies it is issued under. `None` if it says nothing; nothing understandable is an empty list.
    pub(crate) fn policies(&self) -> Option<Vec<ObjectIdentifier>> {
        match self.parsed.tbs_certificate().get_extension::<CertificatePolicies>() {
            Ok(None) => None,
            Ok(Some((_, list))) => Some(list.0.iter().map(|policy| policy.policy_identifier).collect()),
            Err(_) => Some(Vec::new()),
        }
    }

    /// Whether an authority with this certificate may issue under the policy.
    pub(crate) fn permits(&self, policy: ObjectIdentifier) -> bool {
        self.policies().is_none_or(|own| own.contains(&policy) || own.contains(&ANY_POLICY))
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.serial())
    }
}
