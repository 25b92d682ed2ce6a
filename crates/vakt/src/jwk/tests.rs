use std::sync::LazyLock;

use serde_json::json;

use super::*;
use crate::jws::{RsaSigner, Signer};

static KEY: LazyLock<RsaPublicKey> = LazyLock::new(|| RsaSigner::generate().unwrap().public_key().clone());

fn document(keys: &Value) -> crate::json::Object {
    json!({"keys": keys}).as_object().unwrap().clone()
}

fn key(changes: &Value) -> Value {
    let mut key = to_json("a", Algorithm::RS256, &KEY);
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(key.as_object_mut().unwrap().remove(name)),
            _ => key[name] = value.clone(),
        }
    }
    key
}

#[test]
fn the_thumbprint_is_the_one_of_the_standard() {
    // The example of RFC 7638, section 3.1.
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiF\
             V4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb\
             9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0L\
             s1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let key = RsaPublicKey::new(&base64url::decode(n).unwrap(), &EXPONENT).unwrap();
    assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

const EXPONENT: [u8; 3] = [1, 0, 1];

#[test]
fn weak_keys_are_unfit() {
    let odd = |bytes: usize| {
        let mut n = vec![0xff; bytes];
        n[bytes - 1] = 0xfd;
        n
    };
    assert!(
        RsaPublicKey::new(&odd(256), &EXPONENT).is_ok() && RsaPublicKey::new(&odd(512), &EXPONENT).is_ok()
    );
    let padded = [&[0][..], KEY.modulus()].concat();
    assert_eq!(RsaPublicKey::new(&padded, &[0, 1, 0, 1]).as_ref(), Ok(&*KEY));
    let mut short = odd(256);
    short[0] = 0x7f;
    for n in [&odd(128)[..], &short, &odd(513), &[], &[0; 300]] {
        assert_eq!(RsaPublicKey::new(n, &EXPONENT), Err(UnfitKey::Size));
    }
    assert_eq!(RsaPublicKey::new(&[0xfe; 256], &EXPONENT), Err(UnfitKey::Modulus));
    for e in [&[1][..], &[3], &[], &[0], &[1, 0, 0, 1]] {
        assert_eq!(RsaPublicKey::new(&odd(256), e), Err(UnfitKey::Exponent));
    }
}

#[test]
fn registered_sets_are_good_as_a_whole_or_not_at_all() {
    let good =
        read_registered(&document(&json!([key(&json!({})), key(&json!({"kid": "b.c_d-1"}))])), true).unwrap();
    assert_eq!((good[0].kid.as_str(), &good[1].key, good[0].exp), ("a", &*KEY, None));
    let fault = |keys: Value| read_registered(&document(&keys), true).unwrap_err();
    let member = |changes: Value| fault(json!([key(&json!({"kid": "b"})), key(&changes)]));
    let many: Vec<_> = (0..6).map(|i| key(&json!({"kid": i.to_string()}))).collect();
    assert_eq!(fault(json!(many)), UnfitKeySet::Count);
    assert_eq!(fault(json!([])), UnfitKeySet::Count);
    assert_eq!(fault(json!({})), UnfitKeySet::Count);
    assert_eq!(fault(json!([key(&json!({})), key(&json!({}))])), UnfitKeySet::Repeated);
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        assert_eq!(member(json!({name: "AQAB"})), UnfitKeySet::Private);
    }
    for (name, bad) in [
        ("kty", vec![json!("EC"), json!("oct"), json!(null), json!(1)]),
        ("use", vec![json!("enc"), json!(null), json!(1)]),
        ("alg", vec![json!("ES256"), json!("PS256"), json!("HS256"), json!(null)]),
        (
            "kid",
            vec![
                json!("a/b"),
                json!("a b"),
                json!(""),
                json!("ø"),
                json!(null),
                json!(1),
                json!("x".repeat(129)),
            ],
        ),
        ("n", vec![json!("AQ=="), json!(null), json!(1)]),
        ("e", vec![json!("+"), json!(null)]),
        ("x5c", vec![json!([]), json!("AQ==")]),
        ("exp", vec![json!("1"), json!(-1)]),
    ] {
        for value in bad {
            assert_eq!(member(json!({name: value})), UnfitKeySet::Member(name), "{value}");
        }
    }
    assert_eq!(member(json!({"e": "Aw"})), UnfitKeySet::Unfit(UnfitKey::Exponent));
    assert!(read_registered(&document(&json!([key(&json!({"use": null}))])), false).is_ok());
}

#[test]
fn published_sets_keep_what_can_be_used() {
    let keys = json!({"keys": [
        key(&json!({})), key(&json!({"kid": "b", "use": null, "alg": null})), key(&json!({"kid": "enc", "use": "enc"})),
        key(&json!({"kid": "twice"})), key(&json!({"kid": "twice"})), key(&json!({"kid": null})),
        {"kty": "EC", "kid": "ec", "crv": "P-256"}, key(&json!({"kid": "ps", "alg": "PS256"})), 17,
    ], "more": 1});
    let set = KeySet::parse(keys.to_string().as_bytes()).unwrap();
    for (kid, there) in [
        ("a", true),
        ("b", true),
        ("enc", false),
        ("twice", false),
        ("ec", false),
        ("ps", false),
        ("", false),
    ] {
        assert_eq!(set.get(kid).is_some(), there, "{kid}");
    }
    for text in ["", "{}", "[]", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#] {
        assert_eq!(KeySet::parse(text.as_bytes()), Err(NotAKeySet));
    }
    assert!(KeySet::parse(br#"{"keys":[]}"#).unwrap().is_empty());
    let less: KeySet = [("a".to_owned(), KEY.clone())].into_iter().collect();
    assert!(set.covers(&less) && !less.covers(&set));
}
