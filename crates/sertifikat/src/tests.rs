//! The rows of the attack list that are about certificates (fact sheet of Maskinporten, section 17.2), and what must
//! be accepted beside them.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use identifikator::Organisasjonsnummer;
use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DnType, DnValue,
    IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData, RevokedCertParams,
    RsaKeySize, SerialNumber, SignatureAlgorithm, date_time_ymd,
};
use rustls_pki_types::CertificateDer;
use tid::{SeededRandom, Timestamp};

use crate::trust::{Reason, Refusal, Revocation, Sources, TrustList};
use crate::{Certificate, NoOrganisation, Order, Profile, TestCa, certificates_from_pem};

type Der = CertificateDer<'static>;

/// 2026-06-15.
const NOW: Timestamp = Timestamp::from_millis(1_781_481_600_000);
const ORGNR: &str = "312026007";

/// Keys cost time; the tests take them from here.
static KEYS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let new = || KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap().serialize_der();
    (0..4).map(|_| new()).collect()
});
const ROOT: usize = 0;
const ISSUING: usize = 1;
const LEAF: usize = 2;
const OTHER: usize = 3;

fn key(which: usize) -> KeyPair {
    KeyPair::from_pkcs8_der_and_sign_algo(&KEYS[which].as_slice().into(), &PKCS_RSA_SHA256).unwrap()
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2028, 1, 1);
    params
}

fn authority(name: &str, constraints: BasicConstraints) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(constraints);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn attribute(params: &mut CertificateParams, oid: &[u64], value: &str) {
    params.distinguished_name.push(DnType::from_oid(oid), DnValue::Utf8String(value.to_owned()));
}

const ORGANIZATION_IDENTIFIER: &[u64] = &[2, 5, 4, 97];
const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];

/// A leaf without an organisation number.
fn nameless() -> CertificateParams {
    let mut params = params("FIKTIV 312026007 AS");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.serial_number = Some(SerialNumber::from(4711));
    params
}

fn leaf() -> CertificateParams {
    let mut params = nameless();
    attribute(&mut params, ORGANIZATION_IDENTIFIER, &format!("NTRNO-{ORGNR}"));
    params
}

fn root() -> (Der, Issuer<'static, KeyPair>) {
    let params = authority("rot", BasicConstraints::Unconstrained);
    (params.self_signed(&key(ROOT)).unwrap().der().clone(), Issuer::new(params, key(ROOT)))
}

fn issuing(params: CertificateParams) -> (Der, Issuer<'static, KeyPair>) {
    let der = params.signed_by(&key(ISSUING), &root().1).unwrap().der().clone();
    (der, Issuer::new(params, key(ISSUING)))
}

fn usual() -> (Der, Issuer<'static, KeyPair>) {
    issuing(authority("utsteder", BasicConstraints::Constrained(0)))
}

/// A leaf under the usual authority.
fn issue(params: &CertificateParams) -> Der {
    params.signed_by(&key(LEAF), &usual().1).unwrap().der().clone()
}

fn sources() -> Sources {
    Sources { anchors: vec![root().0], intermediates: vec![usual().0], ..Sources::default() }
}

fn trust() -> TrustList {
    TrustList::read(&sources()).unwrap()
}

fn verdict(chain: &[Der]) -> Result<String, Refusal> {
    trust().verify(chain, NOW).map(|found| found.orgnr.to_string())
}

fn untrusted(reason: Reason) -> Result<String, Refusal> {
    Err(Refusal::Untrusted(reason))
}

/// The certificate with some bytes replaced by as many others, signed again by the usual authority.
fn patched(der: &Der, from: &[u8], to: &[u8]) -> Der {
    let mut bytes = der.to_vec();
    let place = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[place..place + from.len()].copy_from_slice(to);
    let body = 4..8 + usize::from(u16::from_be_bytes([bytes[6], bytes[7]]));
    let pair = RsaKeyPair::from_pkcs8(&KEYS[ISSUING]).unwrap();
    let mut signature = vec![0; 256];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &bytes[body], &mut signature).unwrap();
    let end = bytes.len() - 256;
    bytes[end..].copy_from_slice(&signature);
    bytes.into()
}

#[test]
fn the_leaf_alone_or_with_authorities_and_a_root_is_accepted() {
    let own = issue(&leaf());
    assert_eq!(verdict(std::slice::from_ref(&own)).as_deref(), Ok(ORGNR));
    assert_eq!(verdict(&[own.clone(), usual().0, root().0]).as_deref(), Ok(ORGNR));
    // Nothing but the root is configured: then the sender must show the authority.
    let bare = TrustList::read(&Sources { intermediates: Vec::new(), ..sources() }).unwrap();
    assert!(bare.verify(&[own.clone(), usual().0], NOW).is_ok());
    assert_eq!(bare.verify(&[own], NOW), Err(Refusal::Untrusted(Reason::UnknownIssuer)));
}

#[test]
fn a30_a31_a32_an_attackers_own_authorities_do_not_count() {
    let alone = leaf().self_signed(&key(OTHER)).unwrap().der().clone();
    assert_eq!(verdict(std::slice::from_ref(&alone)), untrusted(Reason::UnknownIssuer));
    let foreign = authority("fremmed rot", BasicConstraints::Unconstrained);
    let foreign_root = foreign.self_signed(&key(OTHER)).unwrap().der().clone();
    let theirs = leaf().signed_by(&key(LEAF), &Issuer::new(foreign, key(OTHER))).unwrap().der().clone();
    assert_eq!(verdict(&[theirs.clone(), foreign_root]), untrusted(Reason::UnknownIssuer));
    // The same names as ours, another key.
    let twin = authority("utsteder", BasicConstraints::Constrained(0));
    let imitated = leaf().signed_by(&key(LEAF), &Issuer::new(twin, key(OTHER))).unwrap().der().clone();
    assert_eq!(verdict(std::slice::from_ref(&imitated)), untrusted(Reason::BadSignature));
    for first in [alone, theirs, imitated] {
        assert!(matches!(verdict(&[first, issue(&leaf())]), Err(Refusal::Untrusted(_))));
    }
}

#[test]
fn a35_validity_of_leaf_authority_and_anchor() {
    let mut late = leaf();
    late.not_after = date_time_ymd(2026, 6, 1);
    assert_eq!(verdict(&[issue(&late)]), untrusted(Reason::Expired));
    let mut early = leaf();
    early.not_before = date_time_ymd(2026, 7, 1);
    assert_eq!(verdict(&[issue(&early)]), untrusted(Reason::NotYetValid));
    let mut old = authority("gammel utsteder", BasicConstraints::Constrained(0));
    old.not_after = date_time_ymd(2026, 6, 1);
    let (der, issuer) = issuing(old);
    let own = leaf().signed_by(&key(LEAF), &issuer).unwrap().der().clone();
    assert_eq!(verdict(&[own, der]), untrusted(Reason::Expired));
    let after_the_root = Timestamp::parse("2028-01-02T00:00:00.000Z").unwrap();
    let mut long = leaf();
    long.not_after = date_time_ymd(2040, 1, 1);
    let mut lasting = authority("utsteder", BasicConstraints::Constrained(0));
    lasting.not_after = date_time_ymd(2040, 1, 1);
    let chain = [issue(&long), issuing(lasting).0];
    let bare = TrustList::read(&Sources { intermediates: Vec::new(), ..sources() }).unwrap();
    assert!(bare.verify(&chain, NOW).is_ok());
    assert_eq!(bare.verify(&chain, after_the_root), Err(Refusal::Untrusted(Reason::UnknownIssuer)));
}

fn revoking(serial: u64, next_update: i32, issuer: &Issuer<'_, KeyPair>) -> Vec<u8> {
    let revoked = RevokedCertParams {
        serial_number: SerialNumber::from(serial),
        revocation_time: date_time_ymd(2026, 1, 1),
        reason_code: None,
        invalidity_date: None,
    };
    let list = CertificateRevocationListParams {
        this_update: date_time_ymd(2025, 12, 1),
        next_update: date_time_ymd(next_update, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: vec![revoked],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    list.signed_by(issuer).unwrap().der().to_vec()
}

#[test]
fn a36_a37_revocation() {
    let own = [issue(&leaf())];
    let verdict = |lists: Vec<Vec<u8>>, revocation| {
        let sources = Sources { revocation_lists: lists, revocation, ..sources() };
        TrustList::read(&sources).unwrap().verify(&own, NOW).map(|_| ())
    };
    let no = |reason| Err(Refusal::Untrusted(reason));
    let (soft, hard) = (Revocation::Soft, Revocation::Hard);
    let issuer = usual().1;
    assert_eq!(verdict(vec![revoking(4711, 2027, &issuer)], soft), no(Reason::Revoked));
    assert_eq!(verdict(vec![revoking(4711, 2027, &issuer)], hard), no(Reason::Revoked));
    assert_eq!(
        verdict(vec![revoking(4711, 2026, &issuer)], soft),
        no(Reason::Revoked),
        "an old list still counts"
    );
    assert_eq!(verdict(vec![revoking(1, 2027, &issuer)], soft), Ok(()));
    assert_eq!(verdict(vec![revoking(1, 2027, &issuer)], hard), Ok(()));
    assert_eq!(verdict(vec![revoking(1, 2026, &issuer)], soft), Ok(()));
    assert_eq!(verdict(vec![revoking(1, 2026, &issuer)], hard), no(Reason::RevocationUnknown));
    assert_eq!(verdict(vec![revoking(1, 2027, &root().1)], hard), no(Reason::RevocationUnknown));
    assert_eq!(verdict(vec![], hard), no(Reason::RevocationUnknown));
    assert_eq!(verdict(vec![], soft), Ok(()));
    // A list that somebody else has signed in the authority's name is not believed either way.
    let forged = authority("utsteder", BasicConstraints::Constrained(0));
    let forged = revoking(4711, 2027, &Issuer::new(forged, key(OTHER)));
    assert!(verdict(vec![forged], hard).is_err());
    let mut list = revoking(1, 2027, &issuer);
    assert_eq!(verdict(vec![list.clone()], hard), Ok(()));
    list.push(0);
    assert!(TrustList::read(&Sources { revocation_lists: vec![list], ..sources() }).is_err());
}

#[test]
fn a38_test_and_production_do_not_trust_each_other() {
    let random = SeededRandom::new(1);
    let test = TestCa::create(NOW, &random).unwrap();
    let issued = test.issue(&order(Profile::Seid2), NOW, &random).unwrap();
    let tests = TrustList::read(&test.sources()).unwrap();
    assert_eq!(tests.verify(&issued.chain, NOW).unwrap().orgnr.to_string(), ORGNR);
    assert_eq!(trust().verify(&issued.chain, NOW), Err(Refusal::Untrusted(Reason::UnknownIssuer)));
    let mut real = leaf();
    real.custom_extensions = vec![policy(1)];
    assert_eq!(
        tests.verify(&[issue(&real), usual().0], NOW),
        Err(Refusal::Untrusted(Reason::Policy)),
        "the policy is another"
    );
}

#[test]
fn a39_key_usage_and_constraints() {
    let mut sealed = leaf();
    sealed.key_usages = vec![KeyUsagePurpose::ContentCommitment];
    assert_eq!(verdict(&[issue(&sealed)]), untrusted(Reason::KeyUsage));
    let mut silent = leaf();
    silent.key_usages = Vec::new();
    assert_eq!(verdict(&[issue(&silent)]), untrusted(Reason::KeyUsage));
    let mut king = leaf();
    king.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    assert_eq!(verdict(&[issue(&king)]), untrusted(Reason::Constraints));
    // An enterprise that issues for others.
    let enterprise = issue(&leaf());
    let below = leaf().signed_by(&key(OTHER), &Issuer::new(leaf(), key(LEAF))).unwrap().der().clone();
    assert_eq!(verdict(&[below, enterprise]), untrusted(Reason::Constraints));
    // The usual authority may have no authority under it.
    let sub = authority("under", BasicConstraints::Unconstrained);
    let sub_der = sub.signed_by(&key(OTHER), &usual().1).unwrap().der().clone();
    let own = leaf().signed_by(&key(LEAF), &Issuer::new(sub, key(OTHER))).unwrap().der().clone();
    assert_eq!(verdict(&[own, sub_der]), untrusted(Reason::Constraints));
    // An authority whose key is not for certificates.
    let mut lists_only = authority("bare lister", BasicConstraints::Constrained(0));
    lists_only.key_usages = vec![KeyUsagePurpose::CrlSign];
    let (der, _) = issuing(lists_only.clone());
    lists_only.key_usages = Vec::new();
    let own = leaf().signed_by(&key(LEAF), &Issuer::new(lists_only, key(ISSUING))).unwrap().der().clone();
    assert_eq!(verdict(&[own, der]), untrusted(Reason::Constraints));
}

#[test]
fn a40_organisation_numbers_only_in_documented_form() {
    let named = |values: &[(&[u64], &str)]| {
        let mut params = nameless();
        for (oid, value) in values {
            attribute(&mut params, oid, value);
        }
        verdict(&[issue(&params)])
    };
    let (identifier, serial) = (ORGANIZATION_IDENTIFIER, SERIAL_NUMBER);
    let no = |why| Err(Refusal::Organisation(why));
    assert_eq!(named(&[(identifier, "NTRNO-312026007")]).as_deref(), Ok(ORGNR));
    assert_eq!(named(&[(serial, ORGNR)]).as_deref(), Ok(ORGNR));
    assert_eq!(named(&[(identifier, "NTRNO-312026007"), (serial, "UN:NO-1")]).as_deref(), Ok(ORGNR));
    assert_eq!(
        named(&[(identifier, "NTRNO-312026007"), (serial, "311015001")]),
        no(NoOrganisation::Conflict)
    );
    assert_eq!(named(&[]), no(NoOrganisation::Absent), "the common name does not count");
    for text in [
        "NTRNO-31202600",
        "NTRNO-3120260070",
        "NTRNO-312026008",
        "NTRSE-312026007",
        "VATNO-312026007",
        "312026007",
        "ntrno-312026007",
        "NTRNO-312026007 ",
        "NTRNO312026007",
        "NTRNO-３12026007",
        "",
    ] {
        assert_eq!(named(&[(identifier, text), (serial, ORGNR)]), no(NoOrganisation::Form), "{text:?}");
    }
    for text in ["NTRNO-312026007", "31202600", "312026008", " 312026007"] {
        assert_eq!(named(&[(serial, text)]), no(NoOrganisation::Form), "{text:?}");
    }
    for oid in [&[2, 5, 4, 97], &[2, 5, 4, 5]] {
        let mut params = nameless();
        attribute(&mut params, &[2, 5, 4, 99], ORGNR);
        attribute(&mut params, oid, if oid[3] == 5 { ORGNR } else { "NTRNO-312026007" });
        let twice = patched(&issue(&params), &[0x55, 4, 99], &[0x55, 4, u8::try_from(oid[3]).unwrap()]);
        assert_eq!(verdict(&[twice]), no(NoOrganisation::Repeated));
    }
    let mut params = nameless();
    params.distinguished_name.push(
        DnType::from_oid(serial),
        DnValue::BmpString(rcgen::string::BmpString::try_from(ORGNR).unwrap()),
    );
    assert_eq!(verdict(&[issue(&params)]), no(NoOrganisation::Form));
}

#[test]
fn a41_what_is_no_chain() {
    let own = issue(&leaf());
    let trailing: Der = [&own[..], &[0]].concat().into();
    let pem: Der = b"-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n".to_vec().into();
    let huge: Der = vec![0x30; 9000].into();
    for chain in [
        vec![],
        vec![own.clone(); 6],
        vec![own.clone(); 50],
        vec![trailing.clone()],
        vec![own.clone(), trailing],
        vec![pem],
        vec![huge],
        vec![vec![].into()],
        vec![own[..own.len() - 1].to_vec().into()],
    ] {
        assert_eq!(verdict(&chain), Err(Refusal::Malformed));
    }
}

/// A public key of any size, for certificates whose key nobody has.
struct Bare(Vec<u8>);

impl PublicKeyData for Bare {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

/// PKCS#1: a sequence of two numbers.
fn bare(bits: usize, exponent: &[u8]) -> Bare {
    let mut modulus = vec![0; bits / 8 + 1];
    modulus[1] = 0x80;
    modulus[bits / 8] = 1;
    let long = |tag: u8, content: &[u8]| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82][..], &length, content].concat()
    };
    let exponent = [&[2, u8::try_from(exponent.len()).unwrap()], exponent].concat();
    Bare(long(0x30, &[long(2, &modulus), exponent].concat()))
}

#[test]
fn a44_weak_keys_and_algorithms() {
    let under = |key: &Bare| leaf().signed_by(key, &usual().1).unwrap().der().clone();
    for (bits, exponent) in [(1024, &[1, 0, 1][..]), (2040, &[1, 0, 1]), (4104, &[1, 0, 1]), (2048, &[3])] {
        assert_eq!(
            verdict(&[under(&bare(bits, exponent))]),
            untrusted(Reason::WeakKey),
            "{bits} {exponent:?}"
        );
    }
    let own = issue(&leaf());
    let sha256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    for weak in [4, 5, 2] {
        let mut other = sha256;
        other[8] = weak;
        let once = patched(&own, &sha256, &other);
        let both = patched(&once, &sha256, &other);
        assert_eq!(verdict(&[both]), untrusted(Reason::WeakSignature), "{weak}");
        assert!(matches!(verdict(&[once]), Err(Refusal::Untrusted(_))));
    }
    let elliptic = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let own = leaf().signed_by(&elliptic, &usual().1).unwrap().der().clone();
    assert_eq!(verdict(&[own]), untrusted(Reason::WeakKey));
    let own = patched(&issue(&leaf()), &[0x55, 4, 97], &[0x55, 4, 97]);
    assert_eq!(verdict(&[own]).as_deref(), Ok(ORGNR), "the patching itself does no harm");
}

/// A certificate policy of the example arc, ending in a number.
fn policy(last: u8) -> CustomExtension {
    let der = vec![0x30, 0x0e, 0x30, 0x0c, 6, 10, 0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 2, last];
    CustomExtension::from_oid_content(&[2, 5, 29, 32], der)
}

#[test]
fn policies_are_an_allow_list_for_the_leaf_and_bind_the_authorities() {
    let verdict = |leaf: &CertificateParams, above: &CertificateParams| {
        let own =
            leaf.signed_by(&key(LEAF), &Issuer::new(above.clone(), key(ISSUING))).unwrap().der().clone();
        let policies = vec!["1.3.6.1.4.1.32473.2.1".to_owned()];
        let sources = Sources { policies, intermediates: Vec::new(), ..sources() };
        TrustList::read(&sources).unwrap().verify(&[own, issuing(above.clone()).0], NOW).map(|_| ())
    };
    let with = |mut params: CertificateParams, last| {
        params.custom_extensions = vec![policy(last)];
        params
    };
    let plain = authority("utsteder", BasicConstraints::Constrained(0));
    let no = |reason| Err(Refusal::Untrusted(reason));
    assert_eq!(verdict(&with(leaf(), 1), &plain), Ok(()));
    assert_eq!(verdict(&with(leaf(), 1), &with(plain.clone(), 1)), Ok(()));
    assert_eq!(verdict(&leaf(), &plain), no(Reason::Policy));
    assert_eq!(verdict(&with(leaf(), 2), &plain), no(Reason::Policy));
    assert_eq!(verdict(&with(leaf(), 1), &with(plain.clone(), 2)), no(Reason::Constraints));
    let mut any = plain;
    any.custom_extensions = vec![CustomExtension::from_oid_content(
        &[2, 5, 29, 32],
        vec![0x30, 8, 0x30, 6, 6, 4, 0x55, 0x1d, 0x20, 0],
    )];
    assert_eq!(verdict(&with(leaf(), 1), &any), Ok(()));
}

#[test]
fn unusable_sources_are_named() {
    use crate::UnusableTrust as Fault;
    let fault = |change: fn(&mut Sources)| {
        let mut changed = sources();
        change(&mut changed);
        TrustList::read(&changed).unwrap_err()
    };
    assert_eq!(fault(|s| s.anchors = Vec::new()), Fault::Anchors);
    assert_eq!(fault(|s| s.anchors = vec![vec![1].into()]), Fault::Anchors);
    assert_eq!(fault(|s| s.intermediates = vec![vec![1].into()]), Fault::Intermediates);
    assert_eq!(certificates_from_pem(b"-----BEGIN CERTIFICATE-----\n"), Err(Fault::Pem));
    assert_eq!(certificates_from_pem(b""), Err(Fault::Pem));
    assert_eq!(fault(|s| s.policies = vec!["1.2.x".into()]), Fault::Policy);
    assert_eq!(fault(|s| s.revocation_lists = vec![b"x".to_vec()]), Fault::RevocationList);
}

fn order(profile: Profile) -> Order {
    let orgnr = Organisasjonsnummer::parse(ORGNR).unwrap();
    Order { orgnr, navn: "FIKTIV LEVERANDØR AS".into(), profile, days: 3 * 365 }
}

#[test]
fn the_test_authority_is_the_same_when_opened_again_and_revokes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data/testca");
    let random = SeededRandom::new(2);
    let first = TestCa::open_or_create(&path, NOW, &random).unwrap();
    let again = TestCa::open_or_create(&path, NOW, &random).unwrap();
    assert_eq!(first.sources().anchors, again.sources().anchors);
    for profile in [Profile::Seid1, Profile::Seid2] {
        let issued = again.issue(&order(profile), NOW, &random).unwrap();
        let trust = TrustList::read(&first.sources()).unwrap();
        let found = trust.verify(&issued.chain, NOW).unwrap();
        assert_eq!((found.orgnr.to_string().as_str(), found.modulus.len()), (ORGNR, 256));
        assert!(trust.verify(&issued.chain[..1], NOW).is_ok());
        let pair = KeyPair::from_pkcs8_der_and_sign_algo(&issued.key.as_slice().into(), &PKCS_RSA_SHA256);
        assert!(pair.unwrap().public_key_raw().windows(256).any(|w| w == found.modulus));
        let own = Certificate::parse(&issued.chain[0]).unwrap();
        let revocation_lists = vec![first.revocation_list(&[own], NOW).unwrap()];
        let hard = Sources { revocation_lists, revocation: Revocation::Hard, ..first.sources() };
        let verdict = TrustList::read(&hard).unwrap().verify(&issued.chain, NOW);
        assert_eq!(verdict, Err(Refusal::Untrusted(Reason::Revoked)));
    }
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(path.join("utsteder.key.der")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o077, 0);
    assert_eq!(std::fs::read_dir(dir.path().join("data")).unwrap().count(), 1, "nothing is left aside");
}

proptest! {
    #[test]
    fn garbage_is_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(verdict(&[bytes.into()]).is_err());
    }

    #[test]
    fn one_changed_byte_is_refused(place in any::<prop::sample::Index>(), bit in 0u8..8) {
        static OWN: LazyLock<Der> = LazyLock::new(|| issue(&leaf()));
        static TRUST: LazyLock<TrustList> = LazyLock::new(trust);
        let mut bytes = OWN.to_vec();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        prop_assert!(TRUST.verify(&[bytes], NOW).is_err());
    }
}
