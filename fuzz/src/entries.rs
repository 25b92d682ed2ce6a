//! What is fuzzed: everything that a stranger's bytes go through before anybody is authenticated.
//!
//! Each entry takes any bytes, must not panic, and checks what must hold whatever they are.

use std::sync::LazyLock;

use maskinporten::bevis::{Krav, Skjema};
use sertifikat::{Order, Profile, TestCa, TrustList};
use tid::{SeededRandom, Timestamp};
use vakt::base64url;
use vakt::jws::{CertificateChain, Compact, RsaSigner, Signer};

/// Longest assertion, as at the token endpoint.
const BYTES_MAX: usize = 48 * 1024;
const NOW: Timestamp = Timestamp::from_millis(1_781_481_600_000);

/// A key that has signed nothing.
static KEY: LazyLock<RsaSigner> = LazyLock::new(|| RsaSigner::generate().expect("a key"));

/// A test authority, whom it trusts, and one certificate that it has issued.
pub static AUTHORITY: LazyLock<(TrustList, Vec<Vec<u8>>)> = LazyLock::new(|| {
    let random = SeededRandom::new(1);
    let authority = TestCa::create(NOW, &random).expect("an authority");
    let orgnr = "311015001".parse().expect("a number");
    let order = Order { orgnr, navn: "FIKTIV AS".to_owned(), profile: Profile::Seid2, days: 365 };
    let issued = authority.issue(&order, NOW, &random).expect("a certificate");
    let trust = TrustList::read(&authority.sources()).expect("a trust list");
    (trust, issued.chain.iter().map(|der| der.to_vec()).collect())
});

/// The body of a token request, or the grant alone: form, signature, header, claims.
pub fn grant(data: &[u8]) {
    if let Ok(Skjema { assertion: Some(assertion), .. }) = Skjema::les(data) {
        judge(&assertion);
    }
    if let Ok(text) = str::from_utf8(data) {
        judge(text);
    }
}

fn judge(text: &str) {
    let Ok(read) = Compact::parse(text, BYTES_MAX) else { return };
    assert!(text.len() <= BYTES_MAX && text.starts_with(read.signing_input()));
    for part in text.split('.') {
        let bytes = base64url::decode(part).expect("what was read is base64url");
        assert_eq!(base64url::encode(bytes), part, "and has one spelling");
    }
    assert!(read.verify(KEY.public_key()).is_err(), "nobody has signed with this key");
    if let Ok(claims) = Krav::les(read.payload()) {
        assert!(claims.iat >= 0 && claims.exp >= 0);
        assert_eq!(read.payload().get("iss").and_then(|iss| iss.as_str()), Some(&*claims.iss));
    }
}

/// The value of `x5c`, as JSON: certificates, and whether they are trusted.
pub fn x5c(data: &[u8]) {
    let Ok(value) = serde_json::from_slice(data) else { return };
    let CertificateChain::Der(chain) = CertificateChain::read(Some(&value)) else { return };
    assert!((1..=5).contains(&chain.len()));
    let (trust, genuine) = &*AUTHORITY;
    let verdict = trust.verify(&chain, NOW);
    assert!(
        verdict.is_err() || chain.first() == genuine.first(),
        "a certificate that was never issued is trusted"
    );
}
