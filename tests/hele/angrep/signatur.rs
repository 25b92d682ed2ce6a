//! 17.1: signature and header.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{RSA_PSS_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use vakt::jws::{KeyHint, RsaSigner, Signer, sign};
use vakt::{base64url, jwk, pem};

use super::tavle::{UKJENT_KID, UTEN_KID, Ventet, ig, ir};
use super::verden::{ENDRE, GRANT, LESE, Verden, raa};

const MP_124: Ventet = ig("MP-124");
const MP_011: Ventet = ir("MP-011");

pub fn rader(v: &mut Verden) {
    v.godtas("a good grant", &v.be(&json!({})));
    algoritmer(v);
    signaturer(v);
    nokkelvalg(v);
    form(v);
    registrering(v);
}

/// The good claims under another header, signed with the consumer's key.
fn med_header(v: &Verden, header: &str) -> String {
    let krav = serde_json::to_vec(&v.krav(&json!({}))).expect("JSON");
    raa(header, &krav, |inn| v.nokkel.sign(inn).expect("a signature"))
}

fn hs256(v: &Verden, hemmelighet: &[u8]) -> String {
    let krav = serde_json::to_vec(&v.krav(&json!({}))).expect("JSON");
    raa(r#"{"alg":"HS256","kid":"n-1"}"#, &krav, |inn| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, hemmelighet), inn).as_ref().to_vec()
    })
}

fn algoritmer(v: &mut Verden) {
    for (rad, alg) in [("A01", "none"), ("A02", "None"), ("A02", "NONE"), ("A02", "nOnE")] {
        let krav = serde_json::to_vec(&v.krav(&json!({}))).expect("JSON");
        let bevis = raa(&json!({ "alg": alg, "kid": "n-1" }).to_string(), &krav, |_| Vec::new());
        v.tavle.avslag(rad, alg, &v.send(&bevis), MP_124);
    }
    let offentlig = v.nokkel.public_key();
    let tall = PublicKeyComponents { n: offentlig.modulus().to_vec(), e: offentlig.exponent().to_vec() };
    let der: PublicKeyX509Der<'_> = tall.as_der().expect("a key");
    let jwk = jwk::to_json("n-1", v.nokkel.algorithm(), offentlig).to_string();
    let som_pem = pem::encode("PUBLIC KEY", der.as_ref());
    for (hva, hemmelighet) in [
        ("modulus", offentlig.modulus().to_vec()),
        ("DER", der.as_ref().to_vec()),
        ("PEM", som_pem.as_bytes().to_vec()),
        ("JWK", jwk.into_bytes()),
        ("modulus as text", base64url::encode(offentlig.modulus()).into_bytes()),
    ] {
        v.tavle.avslag("A03", hva, &v.send(&hs256(v, &hemmelighet)), MP_124);
    }
    let server = v.server().get("/maskinporten/jwk").json();
    let n = server["keys"][0]["n"].as_str().expect("a modulus").to_owned();
    let modulus = base64url::decode(&n).expect("base64url");
    for hemmelighet in [modulus, n.into_bytes(), server["keys"][0].to_string().into_bytes()] {
        v.tavle.avslag("A04", "the server's key", &v.send(&hs256(v, &hemmelighet)), MP_124);
    }
    for alg in ["ES256", "PS256", "EdDSA", "RSA-OAEP"] {
        let bevis = med_header(v, &json!({ "alg": alg, "kid": "n-1" }).to_string());
        v.tavle.avslag("A05", alg, &v.send(&bevis), MP_124);
    }
    let pss = RsaKeyPair::from_pkcs8(&v.nokkel.to_pkcs8_der().expect("a key")).expect("a key");
    let krav = serde_json::to_vec(&v.krav(&json!({}))).expect("JSON");
    let bevis = raa(r#"{"alg":"PS256","kid":"n-1"}"#, &krav, |inn| {
        let mut signatur = vec![0; 256];
        pss.sign(&RSA_PSS_SHA256, &SystemRandom::new(), inn, &mut signatur).expect("a signature");
        signatur
    });
    v.tavle.avslag("A05", "PS256, genuine", &v.send(&bevis), MP_124);
}

fn signaturer(v: &mut Verden) {
    let god = v.bevis(&json!({}));
    let (inn, signatur) = god.rsplit_once('.').expect("three parts");
    let (_, krav) = inn.split_once('.').expect("three parts");
    let byttet = base64url::encode(r#"{"alg":"RS512","kid":"n-1"}"#);
    v.tavle.avslag("A06", "RS512", &v.send(&format!("{byttet}.{krav}.{signatur}")), MP_124);
    let bytes = base64url::decode(signatur).expect("base64url");
    let mut snudd = bytes.clone();
    snudd[17] ^= 4;
    let nuller = [&[0, 0][..], &bytes].concat();
    for (hva, signatur) in [
        ("a bit", &snudd[..]),
        ("cut", &bytes[..200]),
        ("empty", &[]),
        ("zeros in front", &nuller),
        ("shorter", &bytes[1..]),
    ] {
        let bevis = format!("{inn}.{}", base64url::encode(signatur));
        v.tavle.avslag("A07", hva, &v.send(&bevis), MP_124);
    }
    let header = inn.split_once('.').expect("three parts").0;
    let annet = serde_json::to_vec(&v.krav(&json!({ "scope": "demo:delt/les" }))).expect("JSON");
    let bevis = format!("{header}.{}.{signatur}", base64url::encode(annet));
    v.tavle.avslag("A08", "another scope", &v.send(&bevis), MP_124);
}

fn nokkelvalg(v: &mut Verden) {
    let av_nabo = |v: &Verden, header: Value| {
        let krav = serde_json::to_vec(&v.krav(&json!({}))).expect("JSON");
        raa(&header.to_string(), &krav, |inn| v.nabo.sign(inn).expect("a signature"))
    };
    let rs = |kid: &str| json!({ "alg": "RS256", "kid": kid });
    v.tavle.avslag("A09", "another's key", &v.send(&av_nabo(v, rs("n-1"))), MP_124);
    v.tavle.avslag("A10", "another's kid", &v.send(&av_nabo(v, rs("nabo-1"))), UKJENT_KID);
    let lang = "k".repeat(10_000);
    for kid in [
        "../../etc/passwd",
        "..%2f",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "' OR 1=1",
        "n-1' --",
        "a\0b",
        &lang,
        "",
        "N-1",
        " n-1",
        "n-1\r\n",
    ] {
        let bevis = med_header(v, &rs(kid).to_string());
        v.tavle.avslag("A11", &format!("{kid:.20?}"), &v.send(&bevis), UKJENT_KID);
    }
    for kid in [json!(1), json!(["n-1"]), json!(null), json!({}), json!(true)] {
        let bevis = med_header(v, &json!({ "alg": "RS256", "kid": kid }).to_string());
        v.tavle.avslag("A11", &kid.to_string(), &v.send(&bevis), MP_011);
    }
    let jwk = jwk::to_json("n-1", v.nabo.algorithm(), v.nabo.public_key());
    let bevis = av_nabo(v, json!({ "alg": "RS256", "kid": "n-1", "jwk": jwk }));
    v.tavle.avslag("A12", "jwk beside kid", &v.send(&bevis), MP_124);
    let bevis = av_nabo(v, json!({ "alg": "RS256", "jwk": jwk }));
    v.tavle.avslag("A12", "jwk alone", &v.send(&bevis), UTEN_KID);
    for navn in ["jku", "x5u"] {
        let bevis =
            av_nabo(v, json!({ "alg": "RS256", "kid": "n-1", navn: format!("{}/jwks", v.felle.adresse) }));
        v.tavle.avslag("A13", navn, &v.send(&bevis), MP_124);
        let bevis = av_nabo(v, json!({ "alg": "RS256", navn: format!("{}/jwks", v.felle.adresse) }));
        v.tavle.avslag("A13", navn, &v.send(&bevis), UTEN_KID);
    }
    v.tavle.holder("A13", "nobody was called", v.felle.urort());
    for header in [
        json!({ "alg": "RS256", "kid": "n-1", "crit": ["b64"], "b64": false }),
        json!({ "alg": "RS256", "kid": "n-1", "crit": ["b64"] }),
        json!({ "alg": "RS256", "kid": "n-1", "b64": false }),
        json!({ "alg": "RS256", "kid": "n-1", "zip": "DEF" }),
    ] {
        let bevis = med_header(v, &header.to_string());
        v.tavle.avslag("A14", &header.to_string(), &v.send(&bevis), MP_124);
    }
    let bevis = med_header(v, r#"{"alg":"RS256"}"#);
    v.tavle.avslag("A21", "a client with keys", &v.send(&bevis), UTEN_KID);
    let krav = v.krav(&json!({ "iss": "sertifikat", "scope": super::verden::SERT }));
    let bevis = raa(r#"{"alg":"RS256"}"#, &serde_json::to_vec(&krav).expect("JSON"), |inn| {
        v.nokkel.sign(inn).expect("a signature")
    });
    v.tavle.avslag("A21", "a client without", &v.send(&bevis), ig("MP-123"));
}

fn form(v: &mut Verden) {
    let god = v.bevis(&json!({}));
    let (header, resten) = god.split_once('.').expect("three parts");
    let (krav, signatur) = resten.split_once('.').expect("three parts");
    for bevis in [
        format!("{header}.{krav}.{signatur}.x.y"),
        format!("{god}.x"),
        format!("{header}.{krav}"),
        format!(".{krav}"),
        "x.".to_owned(),
        ".".to_owned(),
        "x".to_owned(),
    ] {
        v.tavle.avslag("A15", &format!("{bevis:.10}…"), &v.send(&bevis), MP_011);
    }
    v.tavle.avslag("A15", "blank", &v.send(""), ir("assertion"));
    let json = json!({ "payload": krav, "signatures": [{ "protected": header, "signature": signatur }] });
    v.tavle.avslag("A16", "general", &v.send(&json.to_string()), MP_011);
    let json = json!({ "payload": krav, "protected": header, "signature": signatur });
    v.tavle.avslag("A16", "flattened", &v.send(&json.to_string()), MP_011);
    for bevis in [
        format!("{god}%3D%3D"),
        format!("{header}%3D.{krav}.{signatur}"),
        format!("{header}.%0A{krav}.{signatur}"),
        format!("+{god}"),
        format!("{god}%0D%0A"),
        god.replacen('e', "%2B", 1),
        god.replacen('e', "%2F", 1),
    ] {
        v.tavle.avslag("A17", "padding, alphabet, space", &v.send(&bevis), MP_011);
    }
    for header in [
        r#"{"alg":"RS256","alg":"none","kid":"n-1"}"#,
        r#"{"alg":"RS256","kid":"n-1","kid":"n-1"}"#,
        r#"{"alg":"RS256","kid":"n-1","\u006bid":"n-2"}"#,
    ] {
        v.tavle.avslag("A18", header, &v.send(&med_header(v, header)), MP_011);
    }
    let bevis = med_header(v, r#"{"alg":"RS256","kid":"n-1","cty":"JWT"}"#);
    v.tavle.avslag("A19", "cty", &v.send(&bevis), MP_011);
    let nostet =
        raa(r#"{"alg":"RS256","kid":"n-1"}"#, god.as_bytes(), |inn| v.nokkel.sign(inn).expect("a signature"));
    v.tavle.avslag("A19", "nested", &v.send(&nostet), MP_011);
    let dyp = format!(r#"{{"alg":"RS256","kid":"n-1","a":{}{}}}"#, "[".repeat(100), "]".repeat(100));
    for header in ["RS256", "[]", "\"alg\"", "{}", "{\"alg\":", &dyp] {
        v.tavle.avslag("A20", &format!("{header:.20}"), &v.send(&med_header(v, header)), MP_011);
    }
    let stor =
        med_header(v, &json!({ "alg": "RS256", "kid": "n-1", "a": "a".repeat(1_000_000) }).to_string());
    v.tavle.avslag("A20", "1 MB", &v.send(&stor), Ventet(413, "invalid_request", ""));
    let langt = med_header(v, &json!({ "alg": "RS256", "kid": "n-1", "a": "a".repeat(40_000) }).to_string());
    v.tavle.avslag(
        "A20",
        "40 kB",
        &v.skjema(&format!("grant_type={GRANT}&assertion={langt}")),
        ir("Invalid assertion"),
    );
}

fn registrering(v: &mut Verden) {
    const STI: &str = "/samarbeid/api/v1/clients/konsument/jwks";
    let foer = v.som(("konsument", LESE), "GET", STI, &Value::Null).json();
    let god = jwk::to_json("ny", v.nabo.algorithm(), v.nabo.public_key());
    let med = |endringer: Value| {
        let mut jwk = god.clone();
        jwk.as_object_mut().expect("an object").extend(endringer.as_object().expect("an object").clone());
        jwk
    };
    let mut partall = v.nabo.public_key().modulus().to_vec();
    partall[255] &= 0xfe;
    let mut kort = vec![0xff; 128];
    kort[127] = 0xfd;
    let seks: Vec<Value> = (0..6).map(|i| med(json!({ "kid": i.to_string() }))).collect();
    let sett: Vec<(&str, Value)> = vec![
        ("A22", json!([med(json!({ "e": "AQ" }))])),
        ("A22", json!([med(json!({ "e": "Aw" }))])),
        ("A22", json!([med(json!({ "n": base64url::encode(&kort) }))])),
        ("A22", json!([med(json!({ "n": base64url::encode(&partall) }))])),
        (
            "A23",
            json!([{ "kty": "EC", "use": "sig", "alg": "ES256", "kid": "e", "crv": "P-256", "x": "AQ", "y": "AQ" }]),
        ),
        ("A23", json!([{ "kty": "oct", "use": "sig", "alg": "HS256", "kid": "o", "k": "AQ" }])),
        ("A24", json!([med(json!({ "d": "AQAB" }))])),
        (
            "A24",
            json!([
                med(json!({ "kid": "a" })),
                med(json!({ "p": "AQ", "q": "AQ", "dp": "AQ", "dq": "AQ", "qi": "AQ" }))
            ]),
        ),
        ("A25", json!(seks)),
        ("A25", json!([god, god])),
        ("A25", json!([med(json!({ "kid": "a/b" }))])),
        ("A25", json!([med(json!({ "kid": "a b" }))])),
    ];
    for (rad, nokler) in sett {
        let svar = v.som(("konsument", ENDRE), "PUT", STI, &json!({ "keys": nokler }));
        v.tavle.nektet(rad, &format!("{nokler:.60}"), &svar, &[400]);
    }
    let etter = v.som(("konsument", LESE), "GET", STI, &Value::Null).json();
    v.tavle.holder("A24", "nothing was stored", foer == etter);
    let signer =
        RsaSigner::from_pkcs8_der(&v.nokkel.to_pkcs8_der().expect("a key")).expect("a key").named("n-1");
    v.godtas(
        "the old key goes on",
        &v.send(&sign(&signer, KeyHint::Kid, &v.krav(&json!({}))).expect("a signature")),
    );
}
