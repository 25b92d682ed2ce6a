//! An authority of our own, for everything that is not production.
//!
//! A root and an issuing authority under it, as the real ones have; the root's key is thrown away when the two have
//! been made. Everything it issues says in its name that it is a test, and is under a policy of the arc that is
//! set aside for examples (RFC 5612).

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use identifikator::Organisasjonsnummer;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DistinguishedName,
    DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, RevokedCertParams, RsaKeySize, SerialNumber, date_time_ymd,
};
use rustls_pki_types::CertificateDer;
use tid::{Random, Timestamp};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::trust::Sources;

/// The policy that test certificates are issued under.
pub const TEST_POLICY: &str = "1.3.6.1.4.1.32473.1.1";
/// The same in DER, within a list of policies.
const POLICIES_DER: [u8; 16] =
    [0x30, 0x0e, 0x30, 0x0c, 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x81, 0xfd, 0x59, 0x01, 0x01];
const CERTIFICATE_POLICIES: [u64; 4] = [2, 5, 29, 32];
const ORGANIZATION_IDENTIFIER: [u64; 4] = [2, 5, 4, 97];
const SERIAL_NUMBER: [u64; 4] = [2, 5, 4, 5];

const DAY: u64 = 24 * 60 * 60;
const YEAR: u64 = 365 * DAY;
const ROOT: &str = "rot.der";
const ISSUING: &str = "utsteder.der";
const ISSUING_KEY: &str = "utsteder.key.der";

/// Which of the documented encodings of the organisation number a certificate has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// `organizationIdentifier` with `NTRNO-` before the number.
    #[default]
    Seid2,
    /// `serialNumber` with the number alone.
    Seid1,
}

/// What is to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// To whom.
    pub orgnr: Organisasjonsnummer,
    /// The organisation's name.
    pub navn: String,
    /// How the number is written.
    pub profile: Profile,
    /// How long it is valid, in days. The real ones have three years.
    pub days: u32,
}

/// A certificate with its key.
pub struct Issued {
    /// The certificate and the issuing authority's, in DER.
    pub chain: Vec<CertificateDer<'static>>,
    /// The private key: PKCS#8 in DER.
    pub key: Zeroizing<Vec<u8>>,
}

/// The test authority does not work.
#[derive(Debug, thiserror::Error)]
pub enum TestCaFault {
    /// Its files cannot be read or written.
    #[error("the files of the test authority cannot be used: {0}")]
    Files(#[from] io::Error),
    /// Its files are there and are not what it wrote.
    #[error("{0} of the test authority cannot be read")]
    Content(&'static str),
    /// A key or a certificate cannot be made.
    #[error("the test authority cannot issue: {0}")]
    Issue(#[from] rcgen::Error),
}

/// The authority.
pub struct TestCa {
    root: CertificateDer<'static>,
    issuing: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl TestCa {
    /// A new authority, in memory. Its keys come from the randomness of aws-lc.
    pub fn create(now: Timestamp, random: &dyn Random) -> Result<Self, TestCaFault> {
        let root_key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        let mut params = authority("grunndata test: rot", BasicConstraints::Constrained(1));
        validity(&mut params, now, 20 * YEAR);
        params.serial_number = Some(serial(random));
        let root = params.self_signed(&root_key)?.der().clone();
        let root = (Issuer::new(params, root_key), root);
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        let mut params = issuing_params();
        validity(&mut params, now, 15 * YEAR);
        params.serial_number = Some(serial(random));
        let issuing = params.signed_by(&key, &root.0)?.der().clone();
        Ok(Self { root: root.1, issuing, issuer: Issuer::new(params, key) })
    }

    /// The authority kept in a directory; made there if there is none. Two processes that come at once get the
    /// same one.
    pub fn open_or_create(dir: &Path, now: Timestamp, random: &dyn Random) -> Result<Self, TestCaFault> {
        if dir.join(ISSUING_KEY).exists() {
            return Self::open(dir);
        }
        let parent = dir.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let aside = tempfile::Builder::new().prefix(".testca").tempdir_in(parent)?;
        let new = Self::create(now, random)?;
        write(&aside.path().join(ROOT), &new.root)?;
        write(&aside.path().join(ISSUING), &new.issuing)?;
        write(&aside.path().join(ISSUING_KEY), new.issuer.key().serialized_der())?;
        match fs::rename(aside.path(), dir) {
            Ok(()) => fs::File::open(parent)?.sync_all()?,
            // Another process was first; then theirs is the authority.
            Err(_) if dir.join(ISSUING_KEY).exists() => return Self::open(dir),
            Err(error) => return Err(error.into()),
        }
        Ok(new)
    }

    fn open(dir: &Path) -> Result<Self, TestCaFault> {
        let certificate = |name: &'static str| {
            let der = fs::read(dir.join(name))?;
            let read = Certificate::parse(&der).map_err(|_| TestCaFault::Content(name))?;
            Ok::<_, TestCaFault>(read.der().clone())
        };
        let der = Zeroizing::new(fs::read(dir.join(ISSUING_KEY))?);
        let key = KeyPair::from_pkcs8_der_and_sign_algo(&der.as_slice().into(), &PKCS_RSA_SHA256);
        let key = key.map_err(|_| TestCaFault::Content(ISSUING_KEY))?;
        let issuer = Issuer::new(issuing_params(), key);
        Ok(Self { root: certificate(ROOT)?, issuing: certificate(ISSUING)?, issuer })
    }

    /// What a trust list needs in order to accept what this authority issues, and nothing else.
    pub fn sources(&self) -> Sources {
        Sources {
            anchors: vec![self.root.clone()],
            intermediates: vec![self.issuing.clone()],
            policies: vec![TEST_POLICY.to_owned()],
            ..Sources::default()
        }
    }

    /// The root's certificate.
    pub fn root(&self) -> &CertificateDer<'static> {
        &self.root
    }

    /// A new key with an enterprise certificate, valid from a day ago.
    pub fn issue(&self, order: &Order, now: Timestamp, random: &dyn Random) -> Result<Issued, TestCaFault> {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = subject(order);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
        params.custom_extensions =
            vec![CustomExtension::from_oid_content(&CERTIFICATE_POLICIES, POLICIES_DER.to_vec())];
        params.use_authority_key_identifier_extension = true;
        params.serial_number = Some(serial(random));
        validity(&mut params, now, u64::from(order.days) * DAY);
        let own = params.signed_by(&key, &self.issuer)?.der().clone();
        let key = Zeroizing::new(key.serialize_der());
        Ok(Issued { chain: vec![own, self.issuing.clone()], key })
    }

    /// A new key with a certificate for a server, which is known by these names and addresses; valid from a day ago.
    pub fn issue_server(
        &self,
        names: &[String],
        days: u32,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Issued, TestCaFault> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "grunndata test: tjener");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.serial_number = Some(serial(random));
        validity(&mut params, now, u64::from(days) * DAY);
        let own = params.signed_by(&key, &self.issuer)?.der().clone();
        let key = Zeroizing::new(key.serialize_der());
        Ok(Issued { chain: vec![own, self.issuing.clone()], key })
    }

    /// A revocation list that names certificates of this authority, in date for a week.
    pub fn revocation_list(&self, revoked: &[Certificate], now: Timestamp) -> Result<Vec<u8>, TestCaFault> {
        let entry = |certificate: &Certificate| RevokedCertParams {
            serial_number: SerialNumber::from_slice(certificate.serial_bytes()),
            revocation_time: moment(now, 0),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: moment(now, 0),
            next_update: moment(now, 7 * DAY),
            crl_number: SerialNumber::from(u64::try_from(now.as_millis()).unwrap_or(0)),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.issuer)?.der().as_ref().to_vec())
    }
}

impl std::fmt::Debug for TestCa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TestCa(…)")
    }
}

fn issuing_params() -> CertificateParams {
    let mut params = authority("grunndata test: utsteder", BasicConstraints::Constrained(0));
    params.custom_extensions =
        vec![CustomExtension::from_oid_content(&CERTIFICATE_POLICIES, POLICIES_DER.to_vec())];
    params.use_authority_key_identifier_extension = true;
    params
}

fn authority(name: &str, constraints: BasicConstraints) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "NO");
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(constraints);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn subject(order: &Order) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "NO");
    name.push(DnType::OrganizationName, order.navn.as_str());
    name.push(DnType::CommonName, format!("{} (test)", order.navn));
    let (kind, number) = match order.profile {
        Profile::Seid2 => (ORGANIZATION_IDENTIFIER, format!("NTRNO-{}", order.orgnr)),
        Profile::Seid1 => (SERIAL_NUMBER, order.orgnr.to_string()),
    };
    name.push(DnType::from_oid(&kind), DnValue::Utf8String(number));
    name
}

fn validity(params: &mut CertificateParams, now: Timestamp, seconds: u64) {
    params.not_before = moment(now, 0) - Duration::from_secs(DAY);
    params.not_after = moment(now, seconds);
}

/// A moment in rcgen's form.
fn moment(now: Timestamp, later: u64) -> OffsetDateTime {
    let seconds = u64::try_from(now.as_millis() / 1000).unwrap_or(0) + later;
    date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds)
}

/// Sixteen random bytes; the first bit is 0, as a positive number's is, and the second 1, so that all are as long.
fn serial(random: &dyn Random) -> SerialNumber {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    bytes[0] = bytes[0] & 0x7f | 0x40;
    SerialNumber::from_slice(&bytes)
}

/// Writes a file that only its owner can read, and makes sure that it is on disk.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}
