use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::jwk;

static KEY: LazyLock<RsaSigner> = LazyLock::new(|| RsaSigner::generate().unwrap().named("min"));
static OTHER: LazyLock<RsaSigner> = LazyLock::new(|| RsaSigner::generate().unwrap());

/// Base64url's letters, in the order of their values.
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const MAX: usize = 48 * 1024;

fn parts(header: &[u8], payload: &[u8], signature: &[u8]) -> String {
    [header, payload, signature].map(base64url::encode).join(".")
}

/// A well-made signature under any header.
fn signed(header: &Value, payload: &str) -> String {
    let input = [header.to_string().as_bytes(), payload.as_bytes()].map(base64url::encode).join(".");
    format!("{input}.{}", base64url::encode(KEY.sign(input.as_bytes()).unwrap()))
}

fn malformed(text: &str) -> Malformed {
    Compact::parse(text, MAX).unwrap_err()
}

fn verdict(text: &str) -> Result<(), BadSignature> {
    Compact::parse(text, MAX).unwrap().verify(KEY.public_key())
}

#[test]
fn what_is_signed_verifies_with_each_method_and_under_its_own_key_only() {
    for algorithm in Algorithm::ALL {
        let signer =
            RsaSigner::from_pkcs8_pem(KEY.to_pkcs8_pem().unwrap().as_bytes()).unwrap().with(algorithm);
        let text = sign(&signer, KeyHint::Kid, &json!({"a": 1})).unwrap();
        let read = Compact::parse(&text, MAX).unwrap();
        assert_eq!(read.algorithm(), Ok(algorithm));
        assert_eq!(read.header().kid.as_deref(), Some(signer.kid()));
        assert_eq!(read.verify(KEY.public_key()), Ok(()));
        assert_eq!(read.verify(OTHER.public_key()), Err(BadSignature));
        assert_eq!(read.into_payload()["a"], 1);
    }
}

#[test]
fn other_methods_and_changing_extensions_are_refused_before_any_key_is_used() {
    for alg in [
        "none", "None", "NONE", "nOnE", "HS256", "ES256", "PS256", "EdDSA", "RSA-OAEP", "rs256", "RS256 ", "",
    ] {
        let text = signed(&json!({"alg": alg}), "{}");
        assert_eq!(Compact::parse(&text, MAX).unwrap().algorithm(), Err(Refused), "{alg}");
        assert_eq!(verdict(&text), Err(BadSignature), "{alg}");
    }
    for extra in
        [json!({"crit": ["b64"]}), json!({"b64": false}), json!({"zip": "DEF"}), json!({"enc": "A128GCM"})]
    {
        let mut header = json!({"alg": "RS256"});
        header.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        assert_eq!(verdict(&signed(&header, "{}")), Err(BadSignature), "{extra}");
    }
    assert_eq!(verdict(&parts(br#"{"alg":"none"}"#, b"{}", b"")), Err(BadSignature));
}

#[test]
fn altered_signatures_do_not_verify() {
    let text = sign(&*KEY, KeyHint::Kid, &json!({"a": 1})).unwrap();
    let (input, signature) = text.rsplit_once('.').unwrap();
    let bytes = base64url::decode(signature).unwrap();
    let mut flipped = bytes.clone();
    flipped[100] ^= 1;
    let mut with_zero = bytes.clone();
    with_zero.insert(0, 0);
    for changed in [&flipped[..], &bytes[..255], &bytes[1..], b"", &with_zero] {
        assert_eq!(verdict(&format!("{input}.{}", base64url::encode(changed))), Err(BadSignature));
    }
    let (header, _) = input.split_once('.').unwrap();
    assert_eq!(
        verdict(&format!("{header}.{}.{signature}", base64url::encode(br#"{"a":2}"#))),
        Err(BadSignature)
    );
    let other = base64url::encode(br#"{"kid":"min","alg":"RS512"}"#);
    assert_eq!(
        verdict(&format!("{other}.{}.{signature}", base64url::encode(br#"{"a":1}"#))),
        Err(BadSignature)
    );
}

#[test]
fn texts_that_are_no_compact_signature() {
    let good = sign(&*KEY, KeyHint::Kid, &json!({"a": 1})).unwrap();
    let (header, rest) = good.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    for text in [
        "",
        ".",
        "..",
        "a.b",
        "...",
        "a.b.c.d.e",
        &format!("{header}.{payload}"),
        &format!("{good}.x"),
        &format!(".{payload}.{signature}"),
        &format!("{header}..{signature}"),
        "{\"payload\":\"e30\",\"signatures\":[]}",
    ] {
        assert_eq!(malformed(text), Malformed::Parts, "{text:.40}");
    }
    for text in [
        format!("{good}="),
        format!("{good}\n"),
        format!(" {good}"),
        format!("{header}=.{payload}.{signature}"),
        good.replacen('e', "+", 1),
        format!("{header}.{payload}.{}", &signature[..signature.len() - 2]),
    ] {
        // A shortened signature may by chance still be canonical; then it does not verify.
        match Compact::parse(&text, MAX) {
            Ok(read) => assert_eq!(read.verify(KEY.public_key()), Err(BadSignature)),
            Err(fault) => assert_eq!(fault, Malformed::Encoding, "{text:.40}"),
        }
    }
    assert_eq!(Compact::parse(&good, good.len() - 1).unwrap_err(), Malformed::TooLong);
}

#[test]
fn the_last_letter_of_a_signature_has_one_spelling() {
    let good = sign(&*KEY, KeyHint::Kid, &json!({"a": 1})).unwrap();
    let place = LETTERS.iter().position(|&b| b == *good.as_bytes().last().unwrap()).unwrap();
    for spare in 1..4 {
        let other = char::from(LETTERS[place ^ spare]);
        let text = format!("{}{other}", &good[..good.len() - 1]);
        let refused = match Compact::parse(&text, MAX) {
            Ok(read) => read.verify(KEY.public_key()).is_err(),
            Err(fault) => fault == Malformed::Encoding,
        };
        assert!(refused, "256 bytes leave four spare bits, which must be zero");
    }
}

#[test]
fn headers_and_payloads_that_are_not_read() {
    let deep = format!("{{\"alg\":\"RS256\",\"a\":{}{}}}", "[".repeat(100), "]".repeat(100));
    for header in [
        r#"{"alg":"RS256","alg":"RS256"}"#,
        r#"{"alg":"RS256","kid":"a","kid":"b"}"#,
        r#"{"kid":"a"}"#,
        r#"{"alg":1}"#,
        r#"{"alg":null}"#,
        r#"{"alg":"RS256","kid":1}"#,
        r#"{"alg":"RS256","kid":["a"]}"#,
        r#"{"alg":"RS256","kid":null}"#,
        r#"{"alg":"RS256","typ":1}"#,
        r#"{"alg":"RS256","cty":"JWT"}"#,
        r#"{"alg":"RS256","cty":"jwt"}"#,
        "[]",
        "RS256",
        &deep,
    ] {
        assert_eq!(malformed(&parts(header.as_bytes(), b"{}", b"x")), Malformed::Header, "{header:.60}");
    }
    for payload in
        [&b"[]"[..], b"x", br#"{"scope":1,"sc\u006fpe":2}"#, b"{\"a\":\"\xff\"}", br#"{"a":"\ud800"}"#]
    {
        assert_eq!(malformed(&parts(br#"{"alg":"RS256"}"#, payload, b"x")), Malformed::Payload);
    }
    for kid in ["", "../../etc/passwd", "' OR 1=1", "a\0b"] {
        let text = signed(&json!({"alg": "RS256", "kid": kid}), "{}");
        assert_eq!(Compact::parse(&text, MAX).unwrap().header().kid.as_deref(), Some(kid));
    }
}

#[test]
fn certificates_in_the_header() {
    let x5c = |value: Value| {
        let text = signed(&json!({"alg": "RS256", "x5c": value}), "{}");
        Compact::parse(&text, MAX).unwrap().header().x5c.clone()
    };
    let chain = vec![vec![0x30, 0xfb, 0xff], vec![1]];
    assert!(x5c(json!(["MPv/", "AQ=="])) == CertificateChain::Der(chain.clone()));
    let text = sign(&*KEY, KeyHint::Certificates(&chain), &json!({})).unwrap();
    let read = Compact::parse(&text, MAX).unwrap();
    assert!(read.header().x5c == CertificateChain::Der(chain) && read.header().kid.is_none());
    let large = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, vec![0; 8193]);
    for value in [
        json!("MPv/"),
        json!(null),
        json!([]),
        json!([1]),
        json!(["MPv_"]),
        json!(["AQ"]),
        json!([""]),
        json!(["MPv/\n"]),
        json!(["-----BEGIN CERTIFICATE-----"]),
        json!(vec!["AQ=="; 6]),
        json!(vec!["AQ=="; 50]),
        json!([large]),
        json!({"0": "AQ=="}),
    ] {
        assert!(x5c(value.clone()) == CertificateChain::Malformed, "{value:.60}");
    }
}

#[test]
fn nothing_is_told_by_debug() {
    let text = signed(&json!({"alg": "RS256", "kid": "hemmelig"}), r#"{"pid":"17912099997"}"#);
    let read = Compact::parse(&text, MAX).unwrap();
    let shown = format!("{read:?} {:?} {:?} {:?}", read.header(), *KEY, KEY.public_key());
    assert!(!shown.contains("hemmelig") && !shown.contains("17912099997"), "{shown}");
}

#[test]
fn private_keys_go_out_and_in() {
    let pem = KEY.to_pkcs8_pem().unwrap();
    assert!(pem.lines().all(|line| line.len() <= 64 || line.starts_with("-----")));
    let again = RsaSigner::from_pkcs8_pem(pem.as_bytes()).unwrap();
    assert_eq!(again.public_key(), KEY.public_key());
    assert_eq!(again.kid(), KEY.public_key().thumbprint());
    for text in ["", "x", &pem[..pem.len() / 2], &pem.replace("PRIVATE KEY", "RSA PRIVATE KEY")] {
        assert!(RsaSigner::from_pkcs8_pem(text.as_bytes()).is_err());
    }
    assert!(jwk::to_json("a", Algorithm::RS256, KEY.public_key()).get("d").is_none());
}

proptest! {
    #[test]
    fn garbage_never_panics_and_never_verifies(text in "[A-Za-z0-9_.-]{0,200}") {
        if let Ok(read) = Compact::parse(&text, MAX) {
            prop_assert!(read.verify(KEY.public_key()).is_err());
        }
    }

    #[test]
    fn one_changed_letter_never_verifies(place in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_.-]") {
        let good = sign(&*KEY, KeyHint::Kid, &json!({"a": [1, {"b": "c"}]})).unwrap();
        let mut changed = good.clone();
        let place = place.index(good.len());
        changed.replace_range(place..=place, &letter);
        let verifies = Compact::parse(&changed, MAX).is_ok_and(|read| read.verify(KEY.public_key()).is_ok());
        prop_assert_eq!(verifies, changed == good);
    }
}
