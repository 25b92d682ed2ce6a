//! 17.8: the guard, on a closed route of the real binary. Its rows about required audiences and persons, which no
//! route of the binary asks for yet, are held in `crates/vakt` too.

use serde_json::{Value, json};
use vakt::base64url;
use vakt::jws::{KeyHint, RsaSigner, Signer, sign};

use super::tavle::{ig, ir};
use super::verden::{DELT, GRANT, KILDE, KONSUMENT, LEVERANDOR, Verden, naa};
use crate::server::Answer;

const RUTE: &str = "/maskinporten/utvidet/hvem-er-jeg";

fn kall(v: &Verden, token: &str) -> Answer {
    v.server().get_with(RUTE, &[("authorization", &format!("Bearer {token}"))])
}

fn med(v: &Verden, endringer: &Value) -> Answer {
    kall(v, &v.utsteder.token(endringer))
}

pub fn rader(v: &mut Verden) {
    nede_og_oppe(v);
    nokler(v);
    krav(v);
    eget(v);
    stort(v);
}

/// A173, first: nothing has been fetched yet.
fn nede_og_oppe(v: &mut Verden) {
    v.utsteder.nede(true);
    v.tavle.nektet("A173", "down and cold", &med(v, &json!({})), &[503]);
    v.utsteder.nede(false);
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    assert_eq!(med(v, &json!({})).status, 200);
    v.utsteder.nede(true);
    v.tavle.holder("A173", "down and warm", med(v, &json!({})).status == 200);
    v.utsteder.nede(false);
}

fn nokler(v: &mut Verden) {
    let god = v.utsteder.token(&json!({}));
    let (_, resten) = god.split_once('.').expect("three parts");
    for alg in ["none", "HS256", "PS256"] {
        let header = base64url::encode(json!({ "alg": alg, "kid": "utsteder-1" }).to_string());
        v.tavle.nektet("A160", alg, &kall(v, &format!("{header}.{resten}")), &[401]);
    }
    let krav = resten.split_once('.').expect("three parts").0;
    let header = base64url::encode(json!({ "alg": "HS256", "kid": "utsteder-1" }).to_string());
    let nokkel =
        aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, v.utsteder.nokkel.public_key().modulus());
    let mac = aws_lc_rs::hmac::sign(&nokkel, format!("{header}.{krav}").as_bytes());
    let hs256 = format!("{header}.{krav}.{}", base64url::encode(mac));
    v.tavle.nektet("A160", "HS256 with the public key", &kall(v, &hs256), &[401]);
    let hentet = v.utsteder.hentet();
    for kid in 0..20 {
        let der = v.nabo.to_pkcs8_der().expect("a key");
        let ukjent = RsaSigner::from_pkcs8_der(&der).expect("a key").named(format!("ukjent-{kid}"));
        let token = sign(&ukjent, KeyHint::Kid, &v.utsteder.krav(&json!({}))).expect("a signature");
        v.tavle.nektet("A160", "unknown kid", &kall(v, &token), &[401]);
    }
    v.tavle.holder("A160", "at most one fetch for them all", v.utsteder.hentet() <= hentet + 1);
    let der = v.nabo.to_pkcs8_der().expect("a key");
    let annen = RsaSigner::from_pkcs8_der(&der).expect("a key").named("utsteder-1");
    let token = sign(&annen, KeyHint::Kid, &v.utsteder.krav(&json!({}))).expect("a signature");
    v.tavle.nektet("A161", "another's key under the same kid", &kall(v, &token), &[401]);
}

fn krav(v: &mut Verden) {
    for iss in [
        v.utsteder.navn.trim_end_matches('/').to_owned(),
        "https://test.maskinporten.no/".into(),
        String::new(),
    ] {
        v.tavle.nektet("A162", &iss, &med(v, &json!({ "iss": iss })), &[401]);
    }
    v.tavle.nektet("A163", "31 s", &med(v, &json!({ "iat": naa() - 151, "exp": naa() - 31 })), &[401]);
    v.tavle.nektet("A163", "an hour", &med(v, &json!({ "iat": naa() - 3720, "exp": naa() - 3600 })), &[401]);
    v.tavle.nektet("A163", "no end", &med(v, &json!({ "exp": null })), &[401]);
    for scope in ["grunndata:demo", "grunndata:demo.les.mer", "grunndata:demo.le", "GRUNNDATA:demo.les", ""] {
        v.tavle.nektet("A164", scope, &med(v, &json!({ "scope": scope })), &[403]);
    }
    v.tavle.nektet("A165", "a list", &med(v, &json!({ "scope": ["grunndata:demo.les"] })), &[401]);
    for aud in [json!("https://annen.example.no/"), json!(["a", "b"]), json!(1), json!([])] {
        v.tavle.nektet("A166", &aud.to_string(), &med(v, &json!({ "aud": aud })), &[401]);
    }
    assert_eq!(med(v, &json!({ "aud": "unspecified" })).status, 200);
    for consumer in [
        json!("0192:311015001"),
        json!({ "authority": "iso6523-actorid-upis", "ID": KONSUMENT }),
        json!({ "authority": "iso6523-actorid-upis", "ID": "0192:311015001:ER//312026007:1" }),
        json!({ "authority": "iso6523-actorid-upis", "id": "0192:311015001" }),
        json!(null),
        json!([]),
    ] {
        v.tavle.nektet("A167", &consumer.to_string(), &med(v, &json!({ "consumer": consumer })), &[401, 403]);
    }
    let supplier = json!({ "authority": "iso6523-actorid-upis", "ID": format!("0192:{LEVERANDOR}") });
    let fremmed = json!({ "supplier": supplier, "delegation_source": "https://ond.example.no/" });
    v.tavle.nektet("A168", "a source that is not believed", &med(v, &fremmed), &[403]);
    v.tavle.nektet("A168", "no source", &med(v, &json!({ "supplier": supplier })), &[403]);
    for pid in [json!("17912099998"), json!(1), json!("")] {
        v.tavle.nektet("A169", &pid.to_string(), &med(v, &json!({ "pid": pid })), &[401, 403]);
    }
    let system = json!([{ "type": "urn:altinn:systemuser", "systemuser_id": ["x"] }]);
    v.tavle.nektet("A170", "a system user", &med(v, &json!({ "authorization_details": system })), &[403]);
}

/// Tokens and grants of our own issuer.
fn eget(v: &mut Verden) {
    let krav = json!({ "iss": "leverandor", "scope": DELT, "consumer_org": KONSUMENT });
    let token = v.godtas("a delegated token", &v.be(&krav));
    v.tavle.nektet("A164", "another scope, our own token", &kall(v, &token), &[403]);
    v.ok(&["scope", "sett", "grunndata:demo.les", "--delegeringskilde", KILDE]);
    v.ok(&[
        "delegering",
        "ordning",
        "demo",
        "--eier",
        super::verden::EIER,
        "--scope",
        "grunndata:demo.les",
        "--tittel",
        "d",
    ]);
    v.ok(&["delegering", "gi", KONSUMENT, LEVERANDOR, "demo"]);
    let krav = json!({ "iss": "leverandor", "scope": "grunndata:demo.les", "consumer_org": KONSUMENT });
    let token = v.godtas("delegated", &v.be(&krav));
    let svar = kall(v, &token).json();
    let hvem = (svar["konsument"].as_str(), svar["leverandor"].as_str());
    v.tavle.holder("A168", "the consumer decides", hvem == (Some(KONSUMENT), Some(LEVERANDOR)));
    let bevis = v.bevis(&json!({ "scope": "grunndata:demo.les" }));
    v.tavle.nektet("A171", "a grant as a token", &kall(v, &bevis), &[401]);
    v.tavle.avslag("A171", "a token as a grant", &v.send(&token), ir("Invalid assertion"));
    let som_bevis = v.krav(&json!({ "iss": "https://as.example.no/" }));
    let som_bevis = sign(&v.nokkel, KeyHint::Kid, &som_bevis).expect("a signature");
    let svar = v.skjema(&format!("grant_type={GRANT}&assertion={som_bevis}"));
    v.tavle.avslag("A171", "the issuer as a client", &svar, ig("MP-100"));
}

fn stort(v: &mut Verden) {
    for token in
        [".", "..", "a.b.c", "e30.e30.", "x", &"a".repeat(30_000), &format!("{}.a.b", "a".repeat(30_000))]
    {
        v.tavle.nektet("A172", &format!("{token:.20}"), &kall(v, token), &[401]);
    }
    // The HTTP machinery does not read a head of this size.
    let hode = format!("authorization: Bearer {}\r\n", "a".repeat(1 << 20));
    v.tavle.nektet("A172", "1 MB", &v.raatt("GET", RUTE, &hode, b""), &[401, 431]);
}
